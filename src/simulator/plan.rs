//! Which delivery reports a message gets, and when.
//!
//! A plan is looked up by recipient: one that was set for the number, else that of a magic number,
//! else the account's, else "delivered".

use std::sync::Arc;

/// Reports of one plan.
pub(super) const STEPS_MAX: usize = 32;
/// Copies of one report.
pub(super) const COPIES_MAX: u32 = 50;
/// The latest moment of a report, in milliseconds after acceptance.
pub(super) const AFTER_MS_MAX: u64 = 24 * 60 * 60 * 1000;

/// Recipients `1999` + seven digits choose a plan, whatever was set for the account.
const MAGIC_PREFIX: &str = "1999";
const MAGIC_DIGITS: usize = 7;

/// One report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) code: u32,
    /// Since acceptance, before scaling.
    pub(super) after_ms: u64,
    /// The same bytes so many times, all at once.
    pub(super) copies: u32,
    /// Said instead of the moment when the report is made.
    pub(super) updated_on: Option<String>,
}

impl Step {
    fn new(code: u32, after_ms: u64, copies: u32) -> Self {
        Self { code, after_ms, copies, updated_on: None }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan(pub(super) Arc<[Step]>);

impl Plan {
    /// What a message gets where nothing else was asked for.
    pub(super) fn delivered() -> Self {
        Self::of([Step::new(203, 500, 1), Step::new(200, 2_000, 1)])
    }

    /// A plan by its name: a word, or a status code that is the only report.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "delivered" => Self::delivered(),
            "never" => Self::of([]),
            "duplicated" => Self::of([Step::new(203, 500, 2), Step::new(200, 2_000, 2)]),
            "reordered" => Self::of([Step::new(200, 500, 1), Step::new(203, 2_000, 1)]),
            "delayed" => Self::of([Step::new(203, 500, 1), Step::new(200, 60_000, 1)]),
            code => Self::only(code.parse().ok()?)?,
        })
    }

    /// The plan that comes with a magic number.
    pub(super) fn of_magic_number(phone_number: &str) -> Option<Self> {
        let digits = phone_number.strip_prefix(MAGIC_PREFIX)?;
        if digits.len() != MAGIC_DIGITS {
            return None;
        }
        match digits.parse().ok()? {
            0 => Self::named("never"),
            1 => Self::named("duplicated"),
            2 => Self::named("reordered"),
            3 => Self::named("delayed"),
            code => Self::only(code),
        }
    }

    fn only(code: u32) -> Option<Self> {
        is_report_code(code).then(|| Self::of([Step::new(code, 2_000, 1)]))
    }

    fn of<const COUNT: usize>(steps: [Step; COUNT]) -> Self {
        Self(Arc::new(steps))
    }
}

/// Whether it has the form of a status code.
pub(super) fn is_report_code(code: u32) -> bool {
    (100..=99_999).contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(plan: &Plan) -> Vec<u32> {
        plan.0.iter().map(|step| step.code).collect()
    }

    #[test]
    fn magic_numbers_choose_their_plan() {
        let of = |number| Plan::of_magic_number(number).map(|plan| codes(&plan));
        assert_eq!(of("19990000510"), Some(vec![510]));
        assert_eq!(of("19990010032"), Some(vec![10_032]));
        assert_eq!(of("19990000000"), Some(vec![]));
        assert_eq!(of("19990000002"), Some(vec![200, 203]));
        for number in ["19990000004", "14155550123", "1999000051", "1999000051x"] {
            assert_eq!(of(number), None, "{number}");
        }
    }

    #[test]
    fn every_code_of_the_list_is_a_plan() {
        let known = [207, 210, 211, 220, 221, 251, 503, 505, 507, 510, 515, 521];
        for code in known.into_iter().chain([10_030, 10_031, 10_032]) {
            let plan = Plan::named(&code.to_string()).unwrap();
            assert_eq!(codes(&plan), [code]);
        }
        assert_eq!(Plan::named("tomorrow"), None);
    }
}
