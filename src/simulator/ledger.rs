//! What was accepted, and how often each `external_id` was seen.
//!
//! At [`ENTRIES_MAX`] entries or [`TEXT_BYTES_MAX`] bytes the oldest makes room, and its reference
//! is unknown from then on.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};

use super::ring::{Index, Ring};

/// Accepted messages that are remembered.
const ENTRIES_MAX: usize = 1_000_000;
/// Texts that are remembered, in bytes; longer texts leave room for fewer messages.
const TEXT_BYTES_MAX: usize = 512 * 1024 * 1024;
/// External ids whose sightings are counted; the oldest is forgotten first.
const EXTERNAL_IDS_MAX: usize = 1_000_000;
/// A status can be asked for so long.
const STATUS_HOURS: i64 = 12;

/// An accepted message.
pub(super) struct Entry {
    pub(super) reference: String,
    pub(super) customer_id: Arc<str>,
    pub(super) external_id: Option<Box<str>>,
    pub(super) sender_id: Option<Box<str>>,
    pub(super) phone_number: Box<str>,
    pub(super) message: Box<str>,
    pub(super) message_type: Box<str>,
    /// Where its reports go.
    pub(super) callback_url: Option<Arc<str>>,
    pub(super) at: DateTime<Utc>,
    pub(super) status: Status,
    /// Its status can be asked for no longer.
    pub(super) is_expired: bool,
}

/// The last thing that is known of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) code: u32,
    pub(super) updated_on: DateTime<Utc>,
}

/// Which entries are wanted.
pub(super) enum Wanted<'a> {
    All,
    Reference(&'a str),
    ExternalId(&'a str),
    PhoneNumber(&'a str),
}

/// What a question for a status finds.
pub(super) enum Found {
    Status(Status),
    Expired,
    Unknown,
}

pub(super) struct Ledger {
    entries: Ring<Entry>,
    text_bytes: usize,
    by_reference: HashMap<Box<str>, u64>,
    by_external_id: Index,
    by_phone_number: Index,
    sightings: HashMap<Arc<str>, u32>,
    sightings_order: VecDeque<Arc<str>>,
    external_ids_max: usize,
}

impl Ledger {
    pub(super) fn new() -> Self {
        Self::bounded(ENTRIES_MAX, EXTERNAL_IDS_MAX)
    }

    fn bounded(entries_max: usize, external_ids_max: usize) -> Self {
        Self {
            entries: Ring::new(entries_max),
            text_bytes: 0,
            by_reference: HashMap::new(),
            by_external_id: Index::default(),
            by_phone_number: Index::default(),
            sightings: HashMap::new(),
            sightings_order: VecDeque::new(),
            external_ids_max,
        }
    }

    /// Counts a request that carried this id, whatever it will be answered.
    pub(super) fn sight(&mut self, external_id: &str) {
        if let Some(count) = self.sightings.get_mut(external_id) {
            *count = count.saturating_add(1);
            return;
        }
        if self.sightings_order.len() >= self.external_ids_max
            && let Some(oldest) = self.sightings_order.pop_front()
        {
            self.sightings.remove(&oldest);
        }
        let key: Arc<str> = external_id.into();
        self.sightings_order.push_back(Arc::clone(&key));
        self.sightings.insert(key, 1);
    }

    pub(super) fn sightings(&self, external_id: &str) -> u32 {
        self.sightings.get(external_id).copied().unwrap_or(0)
    }

    /// Adds an accepted message; its number is returned.
    pub(super) fn accept(&mut self, entry: Entry) -> u64 {
        self.text_bytes += entry.message.len();
        while self.entries.is_full() || self.text_bytes > TEXT_BYTES_MAX {
            if !self.forget_oldest() {
                break;
            }
        }
        let number = self.entries.next();
        self.by_reference.insert(entry.reference.as_str().into(), number);
        self.by_phone_number.add(&entry.phone_number, number);
        if let Some(external_id) = &entry.external_id {
            self.by_external_id.add(external_id, number);
        }
        self.entries.push(entry);
        number
    }

    fn forget_oldest(&mut self) -> bool {
        let Some(oldest) = self.entries.pop_oldest() else { return false };
        self.text_bytes = self.text_bytes.saturating_sub(oldest.message.len());
        self.by_reference.remove(oldest.reference.as_str());
        self.by_phone_number.remove_oldest(&oldest.phone_number);
        if let Some(external_id) = &oldest.external_id {
            self.by_external_id.remove_oldest(external_id);
        }
        true
    }

    pub(super) fn get(&self, number: u64) -> Option<&Entry> {
        self.entries.get(number)
    }

    pub(super) fn find(&self, reference: &str) -> Option<(u64, &Entry)> {
        let number = *self.by_reference.get(reference)?;
        Some((number, self.entries.get(number)?))
    }

    pub(super) fn set_status(&mut self, number: u64, status: Status) {
        if let Some(entry) = self.entries.get_mut(number) {
            entry.status = status;
        }
    }

    /// Makes the status of a message unavailable; `false` where there is no such message.
    pub(super) fn expire(&mut self, reference: &str) -> bool {
        let number = self.by_reference.get(reference).copied();
        let entry = number.and_then(|number| self.entries.get_mut(number));
        entry.map(|entry| entry.is_expired = true).is_some()
    }

    /// The status as its owner may ask for it.
    pub(super) fn status(&self, customer_id: &str, reference: &str, now: DateTime<Utc>) -> Found {
        match self.find(reference) {
            Some((_, entry)) if &*entry.customer_id == customer_id => {
                let is_late = now - entry.at > TimeDelta::hours(STATUS_HOURS);
                if entry.is_expired || is_late {
                    Found::Expired
                } else {
                    Found::Status(entry.status)
                }
            }
            _ => Found::Unknown,
        }
    }

    /// Up to so many entries after a number, oldest first.
    pub(super) fn page(&self, wanted: &Wanted<'_>, after: u64, limit: usize) -> Vec<(u64, &Entry)> {
        let numbers: Vec<u64> = match wanted {
            Wanted::All => self.entries.numbers_after(after).take(limit).collect(),
            Wanted::Reference(reference) => {
                self.find(reference).map(|(number, _)| number).into_iter().collect()
            }
            Wanted::ExternalId(id) => self.by_external_id.numbers_after(id, after, limit),
            Wanted::PhoneNumber(digits) => self.by_phone_number.numbers_after(digits, after, limit),
        };
        let entry = |number| self.entries.get(number).map(|entry| (number, entry));
        numbers.into_iter().filter_map(entry).filter(|(number, _)| *number > after).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How many entries made room, or were cleared by a reset.
    pub(super) fn gone(&self) -> u64 {
        self.entries.gone()
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.text_bytes = 0;
        self.by_reference = HashMap::new();
        self.by_external_id.clear();
        self.by_phone_number.clear();
        self.sightings = HashMap::new();
        self.sightings_order = VecDeque::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::clock;

    fn entry(reference: &str, external_id: &str, at: DateTime<Utc>) -> Entry {
        Entry {
            reference: reference.to_owned(),
            customer_id: "customer".into(),
            external_id: Some(external_id.into()),
            sender_id: None,
            phone_number: "14155550123".into(),
            message: "text".into(),
            message_type: "ARN".into(),
            callback_url: None,
            at,
            status: Status { code: 290, updated_on: at },
            is_expired: false,
        }
    }

    #[test]
    fn a_full_ledger_forgets_its_oldest_entry_everywhere() {
        let mut ledger = Ledger::bounded(2, 2);
        for (reference, external_id) in [("A", "x"), ("B", "x"), ("C", "y")] {
            ledger.accept(entry(reference, external_id, clock::now()));
        }
        assert!(ledger.find("A").is_none() && ledger.find("C").is_some());
        assert_eq!(ledger.page(&Wanted::ExternalId("x"), 0, 9).len(), 1);
        assert_eq!(ledger.page(&Wanted::PhoneNumber("14155550123"), 2, 9).len(), 1);
        assert_eq!((ledger.len(), ledger.gone()), (2, 1));
    }

    #[test]
    fn only_so_many_external_ids_are_counted() {
        let mut ledger = Ledger::bounded(2, 2);
        for id in ["a", "a", "b", "c"] {
            ledger.sight(id);
        }
        assert_eq!(["a", "b", "c"].map(|id| ledger.sightings(id)), [0, 1, 1]);
    }

    #[test]
    fn a_status_is_told_for_twelve_hours_to_its_owner_only() {
        let mut ledger = Ledger::bounded(2, 2);
        let now = clock::now();
        ledger.accept(entry("A", "x", now - TimeDelta::hours(11)));
        ledger.accept(entry("B", "x", now - TimeDelta::hours(13)));
        assert!(matches!(ledger.status("customer", "A", now), Found::Status(_)));
        assert!(matches!(ledger.status("customer", "B", now), Found::Expired));
        assert!(matches!(ledger.status("someone", "A", now), Found::Unknown));
    }
}
