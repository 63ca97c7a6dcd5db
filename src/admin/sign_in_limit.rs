//! How often a secret may be guessed: passwords by e-mail address, whether or not it is anybody's;
//! the set-up code by everybody together.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use super::{
    AdminError,
    error::{Refusal, RefusalCode},
};
use crate::domain::clock::Clock;

/// Wrong passwords within the window; after them even the right one has to wait.
const FAILURES_MAX: usize = 5;
const WINDOW: TimeDelta = TimeDelta::seconds(60);
/// Addresses that are watched at a time; one more is told to come again.
const ADDRESSES_MAX: usize = 10_000;

/// An address is known by its hash here, whatever its length.
type Key = [u8; 32];

#[derive(Default)]
struct Tally {
    failed_at: Vec<DateTime<Utc>>,
    under_way: usize,
}

impl Tally {
    fn forget_before(&mut self, moment: DateTime<Utc>) {
        self.failed_at.retain(|at| *at > moment);
    }

    fn is_empty(&self) -> bool {
        self.failed_at.is_empty() && self.under_way == 0
    }
}

/// Counts wrong passwords; clones count together.
#[derive(Clone)]
pub(super) struct SignInLimit {
    clock: Clock,
    tallies: Arc<Mutex<HashMap<Key, Tally>>>,
}

/// One try. It counts as a wrong password unless it is forgiven, also when its caller is gone.
pub(super) struct Attempt {
    limit: SignInLimit,
    key: Key,
    is_forgiven: bool,
}

impl SignInLimit {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, tallies: Arc::default() }
    }

    /// Begins a try, or says that there were too many.
    pub(super) fn begin(&self, email: &str) -> Result<Attempt, AdminError> {
        let key: Key = Sha256::digest(email.as_bytes()).into();
        let window_start = self.clock.now() - WINDOW;
        let mut tallies = self.tallies.lock();
        if tallies.len() >= ADDRESSES_MAX && !tallies.contains_key(&key) {
            tallies.retain(|_, tally| {
                tally.forget_before(window_start);
                !tally.is_empty()
            });
            if tallies.len() >= ADDRESSES_MAX {
                return Err(AdminError::Busy);
            }
        }
        let tally = tallies.entry(key).or_default();
        tally.forget_before(window_start);
        if tally.failed_at.len() >= FAILURES_MAX {
            let message = "too many wrong tries; try again in a minute";
            return Err(Refusal::new(RefusalCode::RateLimited, message).into());
        }
        // Each of those under way may turn out wrong: together they get no more tries than one by one.
        if tally.failed_at.len() + tally.under_way >= FAILURES_MAX {
            return Err(AdminError::Busy);
        }
        tally.under_way += 1;
        Ok(Attempt { limit: self.clone(), key, is_forgiven: false })
    }
}

impl Attempt {
    /// It was the right password, or nobody could tell.
    pub(super) fn forgive(mut self) {
        self.is_forgiven = true;
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let now = self.limit.clock.now();
        let mut tallies = self.limit.tallies.lock();
        let Some(tally) = tallies.get_mut(&self.key) else { return };
        tally.under_way = tally.under_way.saturating_sub(1);
        if !self.is_forgiven {
            tally.failed_at.push(now);
        }
        if tally.is_empty() {
            tallies.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_limited(result: &Result<Attempt, AdminError>) -> bool {
        matches!(result, Err(AdminError::Refused(Refusal { code: RefusalCode::RateLimited, .. })))
    }

    #[test]
    fn the_sixth_try_within_a_minute_waits_and_other_addresses_do_not() {
        let clock = Clock::default();
        let limit = SignInLimit::new(clock.clone());
        for _ in 0..FAILURES_MAX {
            drop(limit.begin("ada@example.com").unwrap());
        }
        assert!(is_limited(&limit.begin("ada@example.com")));
        assert!(limit.begin("bob@example.com").is_ok());
        clock.set_offset(TimeDelta::seconds(61));
        assert!(limit.begin("ada@example.com").is_ok());
    }

    #[test]
    fn right_passwords_do_not_count() {
        let limit = SignInLimit::new(Clock::default());
        for _ in 0..20 {
            limit.begin("ada@example.com").unwrap().forgive();
        }
        assert!(limit.tallies.lock().is_empty(), "nothing is remembered of them");
    }

    #[test]
    fn tries_at_once_get_no_more_guesses_than_tries_in_turn() {
        let limit = SignInLimit::new(Clock::default());
        let mut tries: Vec<Attempt> =
            (0..FAILURES_MAX).map(|_| limit.begin("ada@example.com").unwrap()).collect();
        assert!(matches!(limit.begin("ada@example.com"), Err(AdminError::Busy)));
        tries.pop().unwrap().forgive();
        tries.push(limit.begin("ada@example.com").unwrap());
        drop(tries);
        assert!(is_limited(&limit.begin("ada@example.com")));
    }

    #[test]
    fn addresses_beyond_the_bound_wait_until_others_are_forgotten() {
        let clock = Clock::default();
        let limit = SignInLimit::new(clock.clone());
        for number in 0..ADDRESSES_MAX {
            drop(limit.begin(&number.to_string()).unwrap());
        }
        assert!(matches!(limit.begin("one more"), Err(AdminError::Busy)));
        assert!(limit.begin("0").is_ok(), "who is watched already is not in the way");
        clock.set_offset(TimeDelta::seconds(61));
        assert!(limit.begin("one more").is_ok());
    }
}
