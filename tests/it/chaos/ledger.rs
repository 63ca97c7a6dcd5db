//! What a run has seen, from all sides, and nothing of what it means.
//!
//! Ids are the ones that the API shows; times are milliseconds since 1970, all from one machine.

use serde::Serialize;

/// One run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Ledger {
    /// Texts that customers sent, as the provider tells of them.
    pub said: Vec<Said>,
    /// Delivery reports that the provider made.
    pub reports: Vec<Report>,
    /// Texts that the provider accepted, in the order in which it did.
    pub accepted: Vec<Accepted>,
    /// How often the provider saw each try, whatever it answered.
    pub sightings: Vec<Sighting>,
    /// Texts that agents asked to send.
    pub asked: Vec<Asked>,
    /// Texts as they are stored.
    pub stored: Vec<Stored>,
    /// Tries as they are stored.
    pub tries: Vec<Try>,
    /// The organization's feed as it is stored, in its order.
    pub events: Vec<Event>,
    /// Callbacks that are stored without having had an effect, and why.
    pub without_effect: Vec<String>,
    /// What each subscriber was told.
    pub subscribers: Vec<Subscriber>,
}

/// A customer's text and what became of its callback.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    pub reference: String,
    pub customer: String,
    pub text: String,
    pub first_tried_at: i64,
    /// When it was answered 200, if ever.
    pub answered_at: Option<i64>,
    /// Whether it was answered 503 at least once.
    pub is_put_off: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub external_id: String,
    pub code: u32,
    pub is_answered: bool,
}

/// A text that the provider took.
#[derive(Debug, Clone, Serialize)]
pub struct Accepted {
    pub external_id: String,
    pub to: String,
    pub text: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Sighting {
    pub external_id: String,
    pub count: u64,
}

/// What an agent asked for, and each answer that named a text.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    pub key: String,
    pub conversation: String,
    pub text: String,
    pub answers: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Stored {
    pub id: String,
    pub conversation: String,
    pub conversation_at: i64,
    pub customer: String,
    pub sequence: i64,
    pub is_inbound: bool,
    pub text: String,
    pub status: String,
    pub provider_reference: Option<String>,
    pub key: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Try {
    pub message: String,
    pub number: i64,
    pub status: String,
}

impl Try {
    /// What the provider knows it by.
    pub fn external_id(&self) -> String {
        format!("{}.{}", self.message, self.number)
    }
}

/// A line of the feed.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    pub position: i64,
    pub conversation: Option<String>,
    pub told: Told,
}

/// What a line of the feed says of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Told {
    Conversation,
    Added(String),
    Moved(String),
    /// Settings, which a thread does not tell of.
    Setting,
}

/// Somebody who follows one conversation.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Subscriber {
    pub conversation: String,
    pub frames: Vec<Frame>,
}

/// One push.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    pub previous: Option<String>,
    pub cursor: String,
    pub content: Content,
}

#[derive(Debug, Clone, Serialize)]
pub enum Content {
    /// The ids of the texts in it.
    Snapshot(Vec<String>),
    Delta(Vec<Told>),
    /// The word that the client must start anew.
    Resync,
}
