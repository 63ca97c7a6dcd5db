//! Chance that can be repeated: the same seed, the same throws.

use std::{ops::Range, time::Duration};

/// A `SplitMix64` generator: a few lines, and the same on every machine and in every release.
#[derive(Debug, Clone)]
pub struct Dice {
    state: u64,
}

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Dice of their own for a part of a run, so that one part does not disturb the other.
    pub fn split(&mut self) -> Self {
        Self::new(self.next())
    }

    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of a range.
    pub fn of(&mut self, range: Range<u64>) -> u64 {
        range.start + self.next() % (range.end - range.start)
    }

    /// A place in a list; the list is not empty.
    pub fn place(&mut self, length: usize) -> usize {
        let length = u64::try_from(length).unwrap();
        usize::try_from(self.of(0..length)).unwrap()
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, share: u64) -> bool {
        self.of(0..100) < share
    }

    pub fn milliseconds(&mut self, range: Range<u64>) -> Duration {
        Duration::from_millis(self.of(range))
    }
}

#[test]
fn the_same_seed_gives_the_same_throws() {
    let throws = |seed| {
        let mut dice = Dice::new(seed);
        (0..100).map(|_| dice.of(3..9)).collect::<Vec<_>>()
    };
    assert_eq!(throws(1), throws(1));
    assert_ne!(throws(1), throws(2));
    assert!((3..9).all(|number| throws(1).contains(&number)));
}
