//! Chains of lines: each line's hash covers the hash of the one before.
//!
//! Whoever changes a line, takes one out or swaps two breaks the chain there; whoever cuts off its
//! end leaves a head that names a line which is not there. The ledger of consent and the audit log
//! are such chains.

use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// What the first line of a chain follows on.
pub const BEGINNING: Hash = [0; 32];

/// Why a chain is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("line {0} is missing")]
    Missing(i64),
    #[error("line {0} has been changed, or one before it was taken out")]
    Changed(i64),
    #[error("lines after {0} are missing")]
    CutOff(i64),
}

/// Walks along a chain and tells where it is broken.
#[derive(Debug, Clone)]
pub struct Walk {
    sequence: i64,
    hash: Hash,
}

impl Default for Walk {
    fn default() -> Self {
        Self { sequence: 0, hash: BEGINNING }
    }
}

impl Walk {
    /// The line that was last found to be right; 0 before the first.
    pub fn sequence(&self) -> i64 {
        self.sequence
    }

    /// Goes one line on, to the one with this number, which must have the stored hash.
    pub fn step(
        &mut self,
        sequence: i64,
        stored: &Hash,
        hash_behind: impl FnOnce(&Hash) -> Hash,
    ) -> Result<(), Broken> {
        let expected = self.sequence + 1;
        if sequence != expected {
            return Err(Broken::Missing(expected));
        }
        if hash_behind(&self.hash) != *stored {
            return Err(Broken::Changed(sequence));
        }
        self.sequence = sequence;
        self.hash = *stored;
        Ok(())
    }

    /// Whether the last line is the one that the chain's head names.
    pub fn end(&self, head: (i64, &Hash)) -> Result<(), Broken> {
        if head == (self.sequence, &self.hash) {
            Ok(())
        } else {
            Err(Broken::CutOff(self.sequence))
        }
    }
}

/// Hashes parts so that no two lists of parts look alike.
pub struct Hasher(Sha256);

impl Hasher {
    pub fn new() -> Self {
        Self(Sha256::new())
    }

    /// Begins a line that follows on another; each layout of lines has a word of its own.
    pub fn line(layout: &[u8], previous: &Hash) -> Self {
        let mut hasher = Self::new();
        hasher.part(layout);
        hasher.part(previous);
        hasher
    }

    pub fn part(&mut self, bytes: &[u8]) {
        self.0.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(bytes);
    }

    pub fn optional(&mut self, bytes: Option<&[u8]>) {
        match bytes {
            Some(bytes) => {
                self.0.update([1]);
                self.part(bytes);
            }
            None => self.0.update([0]),
        }
    }

    pub fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}
