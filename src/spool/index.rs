//! What waits, in memory: places and order only, no bodies, at most 200 bytes a record.
//!
//! Records of a pair are a chain, and the index knows its ends; a record is handed out when it is
//! the first of its chain, or has none.

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::{
    Waiting,
    record::{PairKey, Record},
};

/// Records that are handed out at a time.
pub(super) const TAKEN_MAX: usize = 128;

/// Where a record lies on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) segment: u32,
    pub(super) offset: u32,
    /// Of the whole frame.
    pub(super) length: u32,
}

/// Where a record lies in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    segment: u32,
    number: u32,
}

/// Whose turn a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Pair(PairKey),
    /// Of a record that belongs to no pair.
    Single(Place),
}

/// A record that is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Handed {
    turn: Turn,
    place: Place,
    pub(super) position: Position,
}

struct Entry {
    received_at_us: i64,
    offset: u32,
    length: u32,
    /// The next of its pair.
    next: Option<Place>,
    suppresses: bool,
    is_finished: bool,
}

/// A million of these, a million chains and their turns have to fit into about 200 MB.
const _: () = assert!(size_of::<Entry>() <= 32 && size_of::<(PairKey, Chain)>() <= 40);
const _: () = assert!(size_of::<Turn>() <= 20 && size_of::<(Instant, Turn)>() <= 40);

/// The records of one pair that wait.
struct Chain {
    first: Place,
    last: Place,
}

#[derive(Default)]
struct Segment {
    entries: Vec<Entry>,
    /// Every entry before it is finished.
    first_left: usize,
    /// Entries whose end is not on the disk yet.
    unacknowledged: usize,
}

/// What a finished record leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Done,
    /// A STOP that was set aside goes on to suppress: nobody has carried it out.
    SetAside,
}

#[derive(Default)]
pub(super) struct Index {
    segments: BTreeMap<u32, Segment>,
    chains: HashMap<PairKey, Chain>,
    /// Whose first record may be taken.
    ready: VecDeque<Turn>,
    /// Whose first record may be taken later; all pauses are of one length, so that it is sorted.
    paused: VecDeque<(Instant, Turn)>,
    /// Records that are handed out.
    taken: usize,
    /// Records of a pair that are on their way to the disk.
    coming: HashMap<PairKey, u32>,
    /// All records that are on their way to the disk.
    coming_count: usize,
    /// Pairs that said STOP, and in how many records.
    suppressed: HashMap<PairKey, u32>,
    records: u64,
    bytes: u64,
}

impl Index {
    /// A record is on its way to the disk: it is held, and suppresses, from now on.
    pub(super) fn announce(&mut self, pair: Option<PairKey>, suppresses: bool) {
        self.coming_count += 1;
        if let Some(pair) = pair {
            *self.coming.entry(pair).or_default() += 1;
            if suppresses {
                self.suppress(pair);
            }
        }
    }

    /// A record that was announced is on the disk.
    pub(super) fn arrive(&mut self, record: &Record, position: Position) {
        self.uncome(record.pair);
        self.insert(record, position);
    }

    /// A record that was announced was refused.
    pub(super) fn withdraw(&mut self, pair: Option<PairKey>, suppresses: bool) {
        self.uncome(pair);
        if let Some(pair) = pair.filter(|_| suppresses) {
            decrement(&mut self.suppressed, pair);
        }
    }

    /// A record was found on the disk when the spool was opened.
    pub(super) fn recover(&mut self, record: &Record, position: Position) {
        if let Some(pair) = record.pair.filter(|_| record.suppresses) {
            self.suppress(pair);
        }
        self.insert(record, position);
    }

    /// Whatever is sent to this pair has to wait.
    pub(super) fn suppress(&mut self, pair: PairKey) {
        *self.suppressed.entry(pair).or_default() += 1;
    }

    fn uncome(&mut self, pair: Option<PairKey>) {
        self.coming_count = self.coming_count.saturating_sub(1);
        if let Some(pair) = pair {
            decrement(&mut self.coming, pair);
        }
    }

    fn insert(&mut self, record: &Record, position: Position) {
        let segment = self.segments.entry(position.segment).or_default();
        let Ok(number) = u32::try_from(segment.entries.len()) else { return };
        segment.entries.push(Entry {
            received_at_us: record.received_at.timestamp_micros(),
            offset: position.offset,
            length: position.length,
            next: None,
            suppresses: record.suppresses,
            is_finished: false,
        });
        segment.unacknowledged += 1;
        self.records += 1;
        self.bytes += u64::from(position.length);
        let place = Place { segment: position.segment, number };
        let Some(pair) = record.pair else {
            self.ready.push_back(Turn::Single(place));
            return;
        };
        let last =
            self.chains.get_mut(&pair).map(|chain| std::mem::replace(&mut chain.last, place));
        if let Some(last) = last {
            if let Some(entry) = self.entry(last) {
                entry.next = Some(place);
            }
        } else {
            self.chains.insert(pair, Chain { first: place, last: place });
            self.ready.push_back(Turn::Pair(pair));
        }
    }

    fn entry(&mut self, place: Place) -> Option<&mut Entry> {
        self.segments.get_mut(&place.segment)?.entries.get_mut(place.number as usize)
    }

    pub(super) fn holds(&self, pair: &PairKey) -> bool {
        self.chains.contains_key(pair) || self.coming.contains_key(pair)
    }

    pub(super) fn is_suppressed(&self, pair: &PairKey) -> bool {
        self.suppressed.contains_key(pair)
    }

    pub(super) fn suppressed_pairs(&self) -> Vec<PairKey> {
        self.suppressed.keys().copied().collect()
    }

    #[cfg(test)]
    pub(super) fn coming_count(&self) -> usize {
        self.coming_count
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records == 0 && self.coming_count == 0
    }

    pub(super) fn waiting(&self) -> Waiting {
        let left = |segment: &Segment| {
            segment.entries.get(segment.first_left).map(|entry| entry.received_at_us)
        };
        let oldest_at_us = self.segments.values().find_map(left);
        let oldest_at = oldest_at_us.and_then(DateTime::<Utc>::from_timestamp_micros);
        Waiting { records: self.records, bytes: self.bytes, oldest_at }
    }

    /// Hands out the record whose turn it is.
    pub(super) fn take(&mut self, now: Instant) -> Option<Handed> {
        while let Some((_, turn)) = self.paused.pop_front_if(|(until, _)| *until <= now) {
            self.ready.push_back(turn);
        }
        if self.taken >= TAKEN_MAX {
            return None;
        }
        let turn = self.ready.pop_front()?;
        let place = match turn {
            Turn::Pair(pair) => self.chains.get(&pair)?.first,
            Turn::Single(place) => place,
        };
        let entry = self.entry(place)?;
        let (offset, length) = (entry.offset, entry.length);
        self.taken += 1;
        Some(Handed { turn, place, position: Position { segment: place.segment, offset, length } })
    }

    /// When a pause ends that may be waited for.
    pub(super) fn next_at(&self) -> Option<Instant> {
        self.paused.front().filter(|_| self.taken < TAKEN_MAX).map(|(until, _)| *until)
    }

    /// A record that was handed out could not be applied: it comes again, as the first of its pair.
    pub(super) fn put_back(&mut self, handed: &Handed, until: Instant) {
        self.taken = self.taken.saturating_sub(1);
        self.paused.push_back((until, handed.turn));
    }

    /// A record that was handed out is done with, and the next of its pair may come.
    pub(super) fn finish(&mut self, handed: &Handed, end: End) {
        self.taken = self.taken.saturating_sub(1);
        let Some(entry) = self.entry(handed.place) else { return };
        entry.is_finished = true;
        let (next, suppresses) = (entry.next, entry.suppresses);
        self.records = self.records.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(u64::from(handed.position.length));
        if let Some(segment) = self.segments.get_mut(&handed.place.segment) {
            let rest = segment.entries.iter().skip(segment.first_left);
            segment.first_left += rest.take_while(|entry| entry.is_finished).count();
        }
        let Turn::Pair(pair) = handed.turn else { return };
        if suppresses && end == End::Done {
            decrement(&mut self.suppressed, pair);
        }
        let Some(next) = next else {
            self.chains.remove(&pair);
            return;
        };
        if let Some(chain) = self.chains.get_mut(&pair) {
            chain.first = next;
            self.ready.push_back(Turn::Pair(pair));
        }
    }

    /// How many records of a segment have no end on the disk.
    pub(super) fn unacknowledged(&self, segment: u32) -> usize {
        self.segments.get(&segment).map_or(0, |segment| segment.unacknowledged)
    }

    /// The ends of so many records are on the disk; a segment without any others is forgotten.
    pub(super) fn acknowledge(&mut self, segment: u32, count: usize) {
        let Some(found) = self.segments.get_mut(&segment) else { return };
        found.unacknowledged = found.unacknowledged.saturating_sub(count);
        if found.unacknowledged == 0 {
            self.segments.remove(&segment);
        }
    }
}

fn decrement(counts: &mut HashMap<PairKey, u32>, pair: PairKey) {
    let Some(count) = counts.get_mut(&pair) else { return };
    *count = count.saturating_sub(1);
    if *count == 0 {
        counts.remove(&pair);
    }
}
