//! Consent: whether somebody may be texted, who said so, and in which words.
//!
//! **Invariant:** only a keyword, a person of ours with evidence, an import or the provider's block
//! changes consent; no other text does. **Invariant:** every change is a line of the ledger, which
//! nobody can change unseen. `keyword` reads what customers write, `wording` is what they are
//! answered, `ledger` how lines are chained; how a conversation obeys is in
//! `conversation::consent`.

pub mod keyword;
pub mod ledger;
pub mod wording;

use std::fmt;

use super::{
    ids::{MessageId, SupportNumberId},
    word_enum,
};

word_enum! {
    /// Whether somebody may be texted. Who never said anything has none.
    pub enum ConsentStatus { OptedIn = "OPTED_IN", OptedOut = "OPTED_OUT" }
}

word_enum! {
    /// How far a word reaches: to all numbers of ours, or to the one that it was texted to.
    pub enum ConsentScope { Organization = "ORGANIZATION", Number = "NUMBER" }
}

word_enum! {
    /// Where a change of consent came from.
    pub enum ConsentSource {
        /// The customer texted one of the words.
        Keyword = "KEYWORD",
        Agent = "AGENT",
        Admin = "ADMIN",
        /// The provider refuses texts to them.
        Provider = "PROVIDER",
        /// An admin brought a list along.
        Import = "IMPORT",
    }
}

/// A change of somebody's consent, as a conversation learns it.
#[derive(Clone, PartialEq, Eq)]
pub struct ConsentChange {
    pub status: ConsentStatus,
    pub source: ConsentSource,
    /// The word, as the tables have it.
    pub keyword: Option<String>,
    /// What was written or said, in the words of whoever did.
    pub evidence: Option<String>,
    /// The text that carried it, or that the provider refused.
    pub message_id: Option<MessageId>,
}

impl fmt::Debug for ConsentChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No evidence: it may be what a customer wrote.
        formatter
            .debug_struct("ConsentChange")
            .field("status", &self.status)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

/// Longest evidence that is kept.
pub const EVIDENCE_CHARACTERS_MAX: usize = 1_000;

/// As much of a text as the ledger keeps.
pub fn evidence_of(text: &str) -> String {
    text.trim().chars().take(EVIDENCE_CHARACTERS_MAX).collect()
}

/// What was said of a customer's texts from a number, or from all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// None: of all numbers.
    pub number: Option<SupportNumberId>,
    pub status: ConsentStatus,
    /// The line of the ledger that says so.
    pub sequence: i64,
}

/// What decides whether a customer may be texted from a number, or, without one, from all.
///
/// Where an opt-out reaches all numbers, one from any of them does. Else what was said of the number
/// goes before what was said of all; the ledger keeps no older one beside that.
pub fn standing(
    scope: ConsentScope,
    number: Option<SupportNumberId>,
    said: &[Said],
) -> Option<Said> {
    let of = |number| said.iter().copied().find(|said| said.number == number);
    match scope {
        ConsentScope::Organization => said
            .iter()
            .copied()
            .max_by_key(|said| (said.status == ConsentStatus::OptedOut, said.sequence)),
        ConsentScope::Number => number.and_then(|id| of(Some(id))).or_else(|| of(None)),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{ConsentStatus::*, *};

    #[test]
    fn what_decides_follows_the_reach() {
        let number = |id| SupportNumberId(Uuid::from_u128(id));
        let said = |number, status, sequence| Said { number, status, sequence };
        let (one, two) = (Some(number(1)), Some(number(2)));
        let all_out = said(None, OptedOut, 1);
        let one_in = said(one, OptedIn, 2);
        let one_out = said(one, OptedOut, 3);
        let organization = ConsentScope::Organization;
        let table = [
            (ConsentScope::Number, one, vec![], None),
            (ConsentScope::Number, one, vec![all_out], Some(all_out)),
            (ConsentScope::Number, one, vec![all_out, one_in], Some(one_in)),
            (ConsentScope::Number, two, vec![all_out, one_in], Some(all_out)),
            (ConsentScope::Number, two, vec![one_out], None),
            (ConsentScope::Number, None, vec![all_out, one_in], Some(all_out)),
            (organization, two, vec![one_out], Some(one_out)),
            (organization, one, vec![all_out, one_in], Some(all_out)),
            (organization, None, vec![one_in], Some(one_in)),
            (organization, None, vec![], None),
        ];
        for (scope, number, rows, decides) in table {
            assert_eq!(standing(scope, number, &rows), decides, "{scope:?} {number:?} {rows:?}");
        }
    }

    #[test]
    fn evidence_has_a_bound() {
        assert_eq!(evidence_of(" STOP \n"), "STOP");
        assert_eq!(evidence_of(&"ü".repeat(2_000)).chars().count(), EVIDENCE_CHARACTERS_MAX);
    }
}
