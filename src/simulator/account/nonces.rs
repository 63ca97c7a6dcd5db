//! Nonces of the last quarter of an hour: each signature counts once.

use std::collections::{HashSet, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

/// Nonces that are remembered per account; the oldest is forgotten first.
const NONCES_MAX: usize = 1_000_000;

#[derive(Debug, Default)]
pub(in crate::simulator) struct Nonces {
    seen: HashSet<Box<str>>,
    order: VecDeque<(DateTime<Utc>, Box<str>)>,
}

impl Nonces {
    /// Whether it was used within the window.
    pub(in crate::simulator) fn is_used(
        &mut self,
        nonce: &str,
        now: DateTime<Utc>,
        window_seconds: i64,
    ) -> bool {
        let begin = now - TimeDelta::seconds(window_seconds);
        while self.order.front().is_some_and(|(at, _)| *at <= begin) {
            self.forget_oldest();
        }
        self.seen.contains(nonce)
    }

    /// Notes that it is used; `false` where it was already.
    pub(in crate::simulator) fn spend(&mut self, nonce: &str, now: DateTime<Utc>) -> bool {
        if self.order.len() >= NONCES_MAX {
            self.forget_oldest();
        }
        let is_new = self.seen.insert(nonce.into());
        if is_new {
            self.order.push_back((now, nonce.into()));
        }
        is_new
    }

    pub(in crate::simulator) fn clear(&mut self) {
        *self = Self::default();
    }

    fn forget_oldest(&mut self) {
        if let Some((_, nonce)) = self.order.pop_front() {
            self.seen.remove(&nonce);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::clock;

    #[test]
    fn a_nonce_can_be_used_again_after_the_window() {
        let mut nonces = Nonces::default();
        let now = clock::now();
        assert!(!nonces.is_used("n", now, 900) && nonces.spend("n", now));
        assert!(nonces.is_used("n", now + TimeDelta::seconds(899), 900));
        assert!(!nonces.spend("n", now));
        assert!(!nonces.is_used("n", now + TimeDelta::seconds(901), 900));
    }
}
