//! What goes wrong on purpose, and for which requests.
//!
//! A request takes the first of: the next counted fault of its number, the next counted fault of
//! its account, the standing fault of its number, that of a magic number, that of its account.

use std::collections::{HashMap, VecDeque};

use super::word::Word;

/// Counted faults that wait at one place (account or number).
pub(super) const COUNTED_MAX: usize = 1_000;
/// Numbers with a fault or a plan of their own, per account.
pub(super) const NUMBERS_MAX: usize = 10_000;
/// Longest delay of an answer; also how long a connection hangs at the most.
pub(super) const DELAY_MS_MAX: u64 = 10 * 60 * 1000;

/// Recipients `1998` + seven digits bring a fault with them.
const MAGIC_PREFIX: &str = "1998";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// As if nothing was wrong; with a delay, late.
    Delay,
    /// No answer; the connection stays open.
    Hang,
    /// The connection is reset.
    Reset,
    /// The connection ends without an answer.
    Close,
    Unavailable500,
    Unavailable503,
    /// HTTP 502 with a page of HTML, as a proxy in between would send it.
    BadGateway,
    /// HTTP 200 with a body that is no JSON.
    Garbage,
    /// HTTP 429, code 10019.
    RateLimited,
    /// HTTP 429, code 10020.
    HardCap,
    /// Any HTTP status with any code.
    Answer {
        http_status: u16,
        code: u32,
    },
}

impl Word for FaultKind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("delay", Self::Delay),
        ("hang", Self::Hang),
        ("reset", Self::Reset),
        ("close", Self::Close),
        ("unavailable_500", Self::Unavailable500),
        ("unavailable_503", Self::Unavailable503),
        ("bad_gateway", Self::BadGateway),
        ("garbage", Self::Garbage),
        ("rate_limited", Self::RateLimited),
        ("hard_cap", Self::HardCap),
        ("answer", Self::Answer { http_status: 0, code: 0 }),
    ];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    /// The message is accepted all the same, before anything goes wrong.
    pub(super) accepts: bool,
    /// In real milliseconds: the time limits of the one who waits are not scaled either.
    pub(super) delay_ms: u64,
}

impl Fault {
    fn plain(kind: FaultKind) -> Self {
        Self { kind, accepts: kind == FaultKind::Delay, delay_ms: 0 }
    }

    fn of_magic_number(phone_number: &str) -> Option<Self> {
        let fault = Self::plain;
        Some(match phone_number.strip_prefix(MAGIC_PREFIX)? {
            "0000001" => fault(FaultKind::Hang),
            "0000002" => fault(FaultKind::Reset),
            "0000003" => Self { accepts: true, ..fault(FaultKind::Reset) },
            "0000004" => fault(FaultKind::Unavailable500),
            "0000005" => fault(FaultKind::Unavailable503),
            "0000006" => fault(FaultKind::BadGateway),
            "0000007" => fault(FaultKind::Garbage),
            "0000008" => fault(FaultKind::RateLimited),
            "0000009" => fault(FaultKind::HardCap),
            "0000010" => Self { accepts: true, ..fault(FaultKind::Close) },
            "0000011" => Self { delay_ms: 3_000, ..fault(FaultKind::Delay) },
            "0000012" => Self { accepts: true, ..fault(FaultKind::Hang) },
            _ => return None,
        })
    }
}

/// The faults of one place.
#[derive(Debug, Default)]
struct Faults {
    counted: VecDeque<(Fault, u32)>,
    standing: Option<Fault>,
}

impl Faults {
    fn take_counted(&mut self) -> Option<Fault> {
        let (fault, left) = self.counted.front_mut()?;
        let fault = *fault;
        *left = left.saturating_sub(1);
        if *left == 0 {
            self.counted.pop_front();
        }
        Some(fault)
    }

    fn is_empty(&self) -> bool {
        self.counted.is_empty() && self.standing.is_none()
    }
}

/// There are as many as can be remembered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooMany;

/// The faults of an account for one kind of request.
#[derive(Debug, Default)]
pub(super) struct FaultBook {
    account: Faults,
    numbers: HashMap<Box<str>, Faults>,
}

impl FaultBook {
    /// Sets a fault for the next `count` requests, or until it is cleared.
    pub(super) fn set(
        &mut self,
        phone_number: Option<&str>,
        fault: Fault,
        count: Option<u32>,
    ) -> Result<(), TooMany> {
        let faults = match phone_number {
            None => &mut self.account,
            Some(number) => {
                if self.numbers.len() >= NUMBERS_MAX && !self.numbers.contains_key(number) {
                    return Err(TooMany);
                }
                self.numbers.entry(number.into()).or_default()
            }
        };
        match count {
            None => faults.standing = Some(fault),
            Some(_) if faults.counted.len() >= COUNTED_MAX => return Err(TooMany),
            Some(count) => faults.counted.push_back((fault, count)),
        }
        Ok(())
    }

    /// Takes back what was set for this place.
    pub(super) fn clear(&mut self, phone_number: Option<&str>) {
        match phone_number {
            None => self.account = Faults::default(),
            Some(number) => drop(self.numbers.remove(number)),
        }
    }

    /// The fault of this request.
    pub(super) fn take(&mut self, phone_number: Option<&str>) -> Option<Fault> {
        let number = phone_number.unwrap_or_default();
        let (counted, standing) = match self.numbers.get_mut(number) {
            Some(faults) => (faults.take_counted(), faults.standing),
            None => (None, None),
        };
        if counted.is_some() && self.numbers.get(number).is_some_and(Faults::is_empty) {
            self.numbers.remove(number);
        }
        counted
            .or_else(|| self.account.take_counted())
            .or(standing)
            .or_else(|| Fault::of_magic_number(number))
            .or(self.account.standing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(kind: FaultKind) -> Fault {
        Fault::plain(kind)
    }

    #[test]
    fn counted_faults_are_used_up_before_standing_ones() {
        let mut book = FaultBook::default();
        book.set(None, fault(FaultKind::Hang), None).unwrap();
        book.set(None, fault(FaultKind::Garbage), Some(2)).unwrap();
        book.set(Some("1"), fault(FaultKind::Reset), Some(1)).unwrap();
        let taken: Vec<FaultKind> =
            (0..4).filter_map(|_| book.take(Some("1"))).map(|fault| fault.kind).collect();
        assert_eq!(
            taken,
            [FaultKind::Reset, FaultKind::Garbage, FaultKind::Garbage, FaultKind::Hang]
        );
        book.clear(None);
        assert_eq!(book.take(Some("1")), None);
    }

    #[test]
    fn a_number_keeps_its_fault_while_others_go_through() {
        let mut book = FaultBook::default();
        book.set(Some("1"), fault(FaultKind::Hang), None).unwrap();
        assert!(book.take(Some("1")).is_some() && book.take(Some("1")).is_some());
        assert_eq!(book.take(Some("2")), None);
        assert_eq!(book.take(Some("19980000003")).map(|fault| fault.accepts), Some(true));
    }

    #[test]
    fn the_book_refuses_more_than_it_can_hold() {
        let mut book = FaultBook::default();
        for _ in 0..COUNTED_MAX {
            book.set(None, fault(FaultKind::Hang), Some(1)).unwrap();
        }
        assert_eq!(book.set(None, fault(FaultKind::Hang), Some(1)), Err(TooMany));
        for number in 0..NUMBERS_MAX {
            book.set(Some(&number.to_string()), fault(FaultKind::Hang), None).unwrap();
        }
        assert_eq!(book.set(Some("x"), fault(FaultKind::Hang), None), Err(TooMany));
        assert_eq!(book.set(Some("0"), fault(FaultKind::Reset), None), Ok(()));
    }
}
