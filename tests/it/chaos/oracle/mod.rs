//! Judges a ledger: which of the promises were kept, whatever went wrong on the way.
//!
//! **Invariant:** it knows the promises and nothing of how they are kept. It is asked when
//! everything has been healed and has come to rest; what is still under way then counts as lost.
//! Its own tests break a sound ledger in every way that it is to notice. Start at [`judge`].

mod feed;
mod inbound;
mod outbound;
mod tests;

use super::ledger::Ledger;

/// A promise that was broken, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub promise: Promise,
    pub detail: String,
}

/// What is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Promise {
    /// A text that was answered 200 is stored.
    AnsweredIsStored,
    /// A text is stored once, and only if somebody sent it.
    StoredOnce,
    /// A customer's texts are stored in the order in which they were sent.
    StoredInOrder,
    /// A conversation's sequence has no holes.
    DenseSequence,
    /// A callback that was answered 200 has had its effect.
    EveryCallbackHasItsEffect,
    /// The provider sees an `external_id` at most once.
    SeenOnce,
    /// The provider takes a text at most once, whatever its tries.
    TakenOnce,
    /// A try is stored before the provider hears of it, with what it hears.
    BegunBeforeSent,
    /// The provider gets a conversation's texts in their order.
    SentInOrder,
    /// A text that an agent was promised is there once.
    AskedOnce,
    /// No text is left where nobody knows what becomes of it.
    Settled,
    /// Where a text stands agrees with what the provider did and said.
    StatusIsTrue,
    /// The feed has a line for each text, at dense positions.
    DenseFeed,
    /// A subscriber's frames chain.
    FramesChain,
    /// A subscriber was told everything, once and in order.
    ToldEverything,
}

impl Promise {
    pub const ALL: [Self; 15] = [
        Self::AnsweredIsStored,
        Self::StoredOnce,
        Self::StoredInOrder,
        Self::DenseSequence,
        Self::EveryCallbackHasItsEffect,
        Self::SeenOnce,
        Self::TakenOnce,
        Self::BegunBeforeSent,
        Self::SentInOrder,
        Self::AskedOnce,
        Self::Settled,
        Self::StatusIsTrue,
        Self::DenseFeed,
        Self::FramesChain,
        Self::ToldEverything,
    ];
}

/// Everything that is wrong with a run; empty where all promises were kept.
pub fn judge(ledger: &Ledger) -> Vec<Finding> {
    let mut found = inbound::judge(ledger);
    found.extend(outbound::judge(ledger));
    found.extend(feed::judge(ledger));
    found
}

fn finding(promise: Promise, detail: impl Into<String>) -> Finding {
    Finding { promise, detail: detail.into() }
}
