//! Bounded memory: the oldest entry makes room for the newest, and numbers are never given twice.

use std::collections::{HashMap, VecDeque};

/// Numbered entries; the numbers go on after entries were dropped or cleared.
#[derive(Debug)]
pub(super) struct Ring<T> {
    entries: VecDeque<T>,
    /// The number of the oldest entry, or of the next one while there is none.
    first: u64,
    entries_max: usize,
}

impl<T> Ring<T> {
    /// An empty ring; the first entry has number 1.
    pub(super) fn new(entries_max: usize) -> Self {
        Self { entries: VecDeque::new(), first: 1, entries_max: entries_max.max(1) }
    }

    /// The number that the next entry will have.
    pub(super) fn next(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    /// How many entries had to make room so far, or were cleared.
    pub(super) fn gone(&self) -> u64 {
        self.first - 1
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the next entry needs room.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= self.entries_max
    }

    /// Adds an entry; where the ring is full, the oldest is gone without a word.
    pub(super) fn push(&mut self, entry: T) {
        if self.is_full() {
            self.pop_oldest();
        }
        self.entries.push_back(entry);
    }

    /// Takes the oldest entry out.
    pub(super) fn pop_oldest(&mut self) -> Option<T> {
        let oldest = self.entries.pop_front()?;
        self.first += 1;
        Some(oldest)
    }

    pub(super) fn get(&self, number: u64) -> Option<&T> {
        self.entries.get(self.place(number)?)
    }

    pub(super) fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let place = self.place(number)?;
        self.entries.get_mut(place)
    }

    /// Numbers of entries after this one, oldest first.
    pub(super) fn numbers_after(&self, after: u64) -> std::ops::Range<u64> {
        after.saturating_add(1).clamp(self.first, self.next())..self.next()
    }

    pub(super) fn clear(&mut self) {
        self.first = self.next();
        self.entries = VecDeque::new();
    }

    fn place(&self, number: u64) -> Option<usize> {
        usize::try_from(number.checked_sub(self.first)?).ok()
    }
}

/// Which entries of a ring have a key; entries leave it in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Index(HashMap<Box<str>, VecDeque<u64>>);

impl Index {
    pub(super) fn add(&mut self, key: &str, number: u64) {
        if let Some(numbers) = self.0.get_mut(key) {
            numbers.push_back(number);
        } else {
            self.0.insert(key.into(), VecDeque::from([number]));
        }
    }

    /// Takes the oldest entry with this key out.
    pub(super) fn remove_oldest(&mut self, key: &str) {
        if let Some(numbers) = self.0.get_mut(key) {
            numbers.pop_front();
            if numbers.is_empty() {
                self.0.remove(key);
            }
        }
    }

    /// Up to so many entries with this key after a number, oldest first.
    pub(super) fn numbers_after(&self, key: &str, after: u64, limit: usize) -> Vec<u64> {
        let Some(numbers) = self.0.get(key) else { return Vec::new() };
        let begin = numbers.partition_point(|number| *number <= after);
        numbers.range(begin..).take(limit).copied().collect()
    }

    pub(super) fn clear(&mut self) {
        self.0 = HashMap::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entry_makes_room_and_numbers_go_on() {
        let mut ring = Ring::new(2);
        for entry in ['a', 'b', 'c'] {
            ring.push(entry);
        }
        assert_eq!((ring.get(1), ring.get(2), ring.get(3)), (None, Some(&'b'), Some(&'c')));
        assert_eq!(ring.numbers_after(0), 2..4);
        assert_eq!(ring.numbers_after(9), 4..4);
        ring.clear();
        ring.push('d');
        assert_eq!((ring.get(3), ring.get(4), ring.gone()), (None, Some(&'d'), 3));
    }

    #[test]
    fn an_index_finds_entries_after_a_number() {
        let mut index = Index::default();
        for number in [1, 4, 7] {
            index.add("key", number);
        }
        assert_eq!(index.numbers_after("key", 1, 9), [4, 7]);
        assert_eq!(index.numbers_after("key", 0, 1), [1]);
        index.remove_oldest("key");
        assert_eq!(index.numbers_after("key", 0, 9), [4, 7]);
        assert!(index.numbers_after("other", 0, 9).is_empty());
    }
}
