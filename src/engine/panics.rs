//! Panics, counted: of one callback until it is parked, of the process until it is no longer ready.
//!
//! **Invariant:** no more is remembered than the bounds say; what is forgotten is tried once more.

use std::{
    any::Any,
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use parking_lot::Mutex;

use crate::domain::ids::ReceiptId;

/// A callback that panics this often is parked, so that its conversation goes on.
const OF_CALLBACK_MAX: u32 = 3;
/// Callbacks that have panicked and are not parked yet.
const CALLBACKS_MAX: usize = 10_000;
/// So many panics within the window say that this release, or this machine, is not well.
const OF_PROCESS_MAX: usize = 50;
const PROCESS_WINDOW: Duration = Duration::from_mins(1);
/// Longest text that is kept of a panic.
const TEXT_CHARACTERS_MAX: usize = 500;

/// What has panicked lately.
#[derive(Default)]
pub(super) struct Panics {
    callbacks: Mutex<HashMap<ReceiptId, u32>>,
    recent: Mutex<VecDeque<Instant>>,
}

impl Panics {
    /// Notes a panic of any command.
    pub(super) fn note(&self) {
        let mut recent = self.recent.lock();
        if recent.len() >= OF_PROCESS_MAX {
            recent.pop_front();
        }
        recent.push_back(Instant::now());
    }

    /// Whether the process panics so often that it should take no more work.
    pub(super) fn is_stormy(&self) -> bool {
        let recent = self.recent.lock();
        let oldest = recent.front().filter(|_| recent.len() >= OF_PROCESS_MAX);
        oldest.is_some_and(|oldest| oldest.elapsed() < PROCESS_WINDOW)
    }

    /// Notes that carrying out a callback has panicked; `true`: often enough to be parked.
    pub(super) fn is_poison(&self, callback: ReceiptId) -> bool {
        let mut callbacks = self.callbacks.lock();
        if callbacks.len() >= CALLBACKS_MAX && !callbacks.contains_key(&callback) {
            callbacks.clear();
        }
        let count = callbacks.entry(callback).or_default();
        *count += 1;
        *count >= OF_CALLBACK_MAX
    }

    /// It is parked, or has had its effect.
    pub(super) fn forget(&self, callback: ReceiptId) {
        self.callbacks.lock().remove(&callback);
    }
}

/// What a panic said, cut, without what no database can hold.
pub(super) fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "a panic without a text".to_owned());
    text.chars()
        .take(TEXT_CHARACTERS_MAX)
        .map(|it| if it == '\0' { '\u{FFFD}' } else { it })
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_callback_is_poison_at_its_third_panic() {
        let panics = Panics::default();
        let (one, other) = (ReceiptId(Uuid::from_u128(1)), ReceiptId(Uuid::from_u128(2)));
        assert_eq!(
            [one, one, other, one].map(|id| panics.is_poison(id)),
            [false, false, false, true]
        );
        panics.forget(one);
        assert!(!panics.is_poison(one));
    }

    #[test]
    fn fifty_panics_within_a_minute_are_a_storm() {
        let panics = Panics::default();
        for _ in 1..OF_PROCESS_MAX {
            panics.note();
        }
        assert!(!panics.is_stormy());
        panics.note();
        assert!(panics.is_stormy());
        let long_ago = Instant::now().checked_sub(PROCESS_WINDOW).unwrap();
        panics.recent.lock()[0] = long_ago;
        assert!(!panics.is_stormy());
    }

    #[test]
    fn what_a_panic_said_is_cut_and_can_be_stored() {
        let said: Box<dyn Any + Send> = Box::new("a\0b");
        assert_eq!(text_of(said.as_ref()), "a\u{FFFD}b");
        let said: Box<dyn Any + Send> = Box::new("é".repeat(600));
        assert_eq!(text_of(said.as_ref()).chars().count(), TEXT_CHARACTERS_MAX);
        let said: Box<dyn Any + Send> = Box::new(7);
        assert_eq!(text_of(said.as_ref()), "a panic without a text");
    }
}
