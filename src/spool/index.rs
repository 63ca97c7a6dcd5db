//! What waits, in memory: places only, no bodies.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, Utc};

use super::{Waiting, record::OrderKey};

/// Where a record lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Position {
    pub(super) segment: u64,
    pub(super) offset: u64,
    /// Of the sealed bytes, without the frame's head.
    pub(super) length: u32,
}

impl Position {
    pub(super) fn associated_data(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.segment.to_le_bytes());
        bytes[8..].copy_from_slice(&self.offset.to_le_bytes());
        bytes
    }
}

/// Records of one key.
#[derive(Default)]
struct Queue {
    places: VecDeque<(Position, DateTime<Utc>)>,
    /// The first was handed out.
    is_taken: bool,
}

#[derive(Default)]
pub(super) struct Index {
    queues: HashMap<OrderKey, Queue>,
    /// Keys whose first record may be taken.
    ready: VecDeque<OrderKey>,
    /// Records of a key that are on their way to the disk.
    coming: HashMap<OrderKey, u32>,
    records: u64,
    bytes: u64,
}

impl Index {
    /// A record of this key is on its way to the disk.
    pub(super) fn announce(&mut self, key: OrderKey) {
        *self.coming.entry(key).or_default() += 1;
    }

    /// One that was announced is on the disk, or was refused.
    pub(super) fn arrived(&mut self, key: &OrderKey) {
        if let Some(count) = self.coming.get_mut(key) {
            *count -= 1;
            if *count == 0 {
                self.coming.remove(key);
            }
        }
    }

    /// Adds a record behind the others of its key.
    pub(super) fn push(&mut self, key: OrderKey, position: Position, at: DateTime<Utc>) {
        let queue = self.queues.entry(key).or_default();
        if queue.places.is_empty() {
            self.ready.push_back(key);
        }
        queue.places.push_back((position, at));
        self.records += 1;
        self.bytes += u64::from(position.length);
    }

    pub(super) fn holds(&self, key: &OrderKey) -> bool {
        self.queues.contains_key(key) || self.coming.contains_key(key)
    }

    pub(super) fn waiting(&self) -> Waiting {
        // The oldest is the first of its key; the first that became ready is a good guess at it.
        let oldest = self.ready.front().and_then(|key| self.queues.get(key));
        let oldest = oldest.and_then(|queue| queue.places.front());
        Waiting { records: self.records, bytes: self.bytes, oldest_at: oldest.map(|(_, at)| *at) }
    }

    /// Hands out the first record of a key that has none handed out.
    pub(super) fn take(&mut self) -> Option<(OrderKey, Position)> {
        let key = self.ready.pop_front()?;
        let queue = self.queues.get_mut(&key)?;
        queue.is_taken = true;
        queue.places.front().map(|(position, _)| (key, *position))
    }

    /// The record that was handed out is done with.
    pub(super) fn finish(&mut self, key: &OrderKey) {
        let Some(queue) = self.queues.get_mut(key).filter(|queue| queue.is_taken) else { return };
        queue.is_taken = false;
        if let Some((position, _)) = queue.places.pop_front() {
            self.records -= 1;
            self.bytes -= u64::from(position.length);
        }
        if queue.places.is_empty() {
            self.queues.remove(key);
        } else {
            self.ready.push_back(*key);
        }
    }

    /// The record that was handed out may be taken again.
    pub(super) fn put_back(&mut self, key: &OrderKey) {
        if let Some(queue) = self.queues.get_mut(key).filter(|queue| queue.is_taken) {
            queue.is_taken = false;
            self.ready.push_back(*key);
        }
    }
}
