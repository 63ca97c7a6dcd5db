//! Accounts: keys, what they may do, how often, and what happens to their messages.
//!
//! **Invariant:** settings are replaced as a whole, so that no request sees half of a change; locks
//! are held for a look-up, never across an await. Start at [`Account`].

mod key;
mod limiter;
mod nonces;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use parking_lot::{Mutex, RwLock};

pub(super) use key::Key;
use limiter::Limiter;
use nonces::Nonces;

use super::{
    callback::{KeywordMatch, Shape},
    fault::{FaultBook, NUMBERS_MAX, TooMany},
    plan::Plan,
    word::Word,
};

/// Accounts of one simulator.
pub(super) const ACCOUNTS_MAX: usize = 1_000;
/// The provider allows as many keys.
pub(super) const KEYS_MAX: usize = 10;

/// What an account was sold as; decides how many requests it may make in a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// 50 requests a second.
    FullService,
    /// One request a second.
    SelfService,
}

impl Profile {
    pub(super) fn requests_per_second(self) -> u32 {
        match self {
            Self::FullService => 50,
            Self::SelfService => 1,
        }
    }
}

impl Word for Profile {
    const WORDS: &'static [(&'static str, Self)] =
        &[("full_service", Self::FullService), ("self_service", Self::SelfService)];
}

/// What the control surface can change about an account.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) profile: Profile,
    /// Any of them opens; the first signs callbacks. Never empty.
    pub(super) keys: Vec<Key>,
    /// Where inbound texts go, and reports of messages that named no URL.
    pub(super) callback_url: Option<Arc<str>>,
    /// `None` switches the limit off.
    pub(super) requests_per_second: Option<u32>,
    /// Why every request is refused; the first in order is told.
    pub(super) obstacles: BTreeSet<Obstacle>,
    /// Senders that may be used; empty allows all.
    pub(super) sender_ids: Vec<String>,
    pub(super) keywords: KeywordMatch,
    pub(super) shape: Shape,
    /// Waits between the attempts of a callback, before scaling.
    pub(super) callback_waits_ms: Arc<[u64]>,
    pub(super) callback_timeout_ms: u64,
    pub(super) digest: DigestRules,
}

/// A reason to refuse an account whose id is known; they are looked at in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Obstacle {
    Suspended,
    ProductOff,
    HostNotAllowed,
    IpNotAllowed,
}

impl Obstacle {
    pub(super) fn code(self) -> u32 {
        match self {
            Self::Suspended => 10_010,
            Self::ProductOff => 10_011,
            Self::HostNotAllowed => 10_035,
            Self::IpNotAllowed => 10_014,
        }
    }
}

/// What the provider does not publish, and what is assumed in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DigestRules {
    pub(super) clock_skew_seconds_max: i64,
    pub(super) replay_window_seconds: i64,
    pub(super) nonce_bytes_min: usize,
    pub(super) nonce_bytes_max: usize,
}

impl Default for DigestRules {
    fn default() -> Self {
        Self {
            clock_skew_seconds_max: 900,
            replay_window_seconds: 900,
            nonce_bytes_min: 8,
            nonce_bytes_max: 64,
        }
    }
}

impl Settings {
    pub(super) fn new(profile: Profile, keys: Vec<Key>) -> Self {
        Self {
            profile,
            keys,
            callback_url: None,
            requests_per_second: Some(profile.requests_per_second()),
            obstacles: BTreeSet::new(),
            sender_ids: Vec::new(),
            keywords: KeywordMatch::default(),
            shape: Shape::default(),
            callback_waits_ms: Arc::new([5_000, 10_000, 15_000]),
            callback_timeout_ms: 5_000,
            digest: DigestRules::default(),
        }
    }
}

/// Plans and faults, for the account and for single numbers.
#[derive(Debug, Default)]
pub(super) struct Behaviour {
    plan: Option<Plan>,
    plans: HashMap<Box<str>, Plan>,
    pub(super) sends: FaultBook,
    pub(super) status_questions: FaultBook,
}

impl Behaviour {
    /// Sets the plan of a number or of the account; `None` takes it back.
    pub(super) fn set_plan(
        &mut self,
        phone_number: Option<&str>,
        plan: Option<Plan>,
    ) -> Result<(), TooMany> {
        match (phone_number, plan) {
            (None, plan) => self.plan = plan,
            (Some(number), None) => drop(self.plans.remove(number)),
            (Some(number), Some(plan)) => {
                if self.plans.len() >= NUMBERS_MAX && !self.plans.contains_key(number) {
                    return Err(TooMany);
                }
                self.plans.insert(number.into(), plan);
            }
        }
        Ok(())
    }

    /// The plan of a message to this number.
    pub(super) fn plan_for(&self, phone_number: &str) -> Plan {
        let own = self.plans.get(phone_number).cloned();
        own.or_else(|| Plan::of_magic_number(phone_number))
            .or_else(|| self.plan.clone())
            .unwrap_or_else(Plan::delivered)
    }
}

pub(super) struct Account {
    pub(super) customer_id: Arc<str>,
    settings: RwLock<Arc<Settings>>,
    pub(super) limiter: Mutex<Limiter>,
    pub(super) nonces: Mutex<Nonces>,
    pub(super) behaviour: Mutex<Behaviour>,
}

impl Account {
    pub(super) fn new(customer_id: &str, settings: Settings) -> Self {
        Self {
            customer_id: customer_id.into(),
            settings: RwLock::new(Arc::new(settings)),
            limiter: Mutex::default(),
            nonces: Mutex::default(),
            behaviour: Mutex::default(),
        }
    }

    pub(super) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read())
    }

    pub(super) fn set_settings(&self, settings: Settings) {
        *self.settings.write() = Arc::new(settings);
    }

    /// Forgets plans, faults, nonces and requests; the settings stay.
    pub(super) fn reset(&self) {
        *self.limiter.lock() = Limiter::default();
        self.nonces.lock().clear();
        *self.behaviour.lock() = Behaviour::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_of_a_number_wins_over_magic_and_the_accounts_own() {
        let mut behaviour = Behaviour::default();
        let plan = |name| Plan::named(name).unwrap();
        behaviour.set_plan(None, Some(plan("207"))).unwrap();
        assert_eq!(behaviour.plan_for("14155550123"), plan("207"));
        assert_eq!(behaviour.plan_for("19990000510"), plan("510"));
        behaviour.set_plan(Some("19990000510"), Some(plan("never"))).unwrap();
        assert_eq!(behaviour.plan_for("19990000510"), plan("never"));
        behaviour.set_plan(Some("19990000510"), None).unwrap();
        behaviour.set_plan(None, None).unwrap();
        assert_eq!(behaviour.plan_for("19990000510"), plan("510"));
        assert_eq!(behaviour.plan_for("14155550123"), Plan::delivered());
    }
}
