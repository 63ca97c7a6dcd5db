//! What one actor asks to be written, and what it is told.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::audit::NewAuditEntry;
use crate::domain::{
    address::SmsAddress,
    consent::ConsentChange,
    conversation::{Conversation, event::MessageMove},
    ids::{AgentId, ApiTokenId, ChannelAccountId, ConsentEntryId, MessageId, ReceiptId},
    message::{Message, MessageDirection, MessageStatus},
    word_enum,
};

word_enum! {
    /// What a subscriber is told of.
    pub enum FeedEventKind {
        ConversationStarted = "CONVERSATION_STARTED",
        ConversationMoved = "CONVERSATION_MOVED",
        MessageAdded = "MESSAGE_ADDED",
        MessageMoved = "MESSAGE_MOVED",
        ConfigCreated = "CONFIG_CREATED",
        ConfigUpdated = "CONFIG_UPDATED",
        AlertMoved = "ALERT_MOVED",
    }
}

/// Who made something happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    Agent(AgentId),
    ApiToken(ApiTokenId),
    Customer,
    System,
}

impl Actor {
    pub(in crate::store) fn words(self) -> (&'static str, Option<Uuid>) {
        match self {
            Self::Agent(agent) => ("AGENT", Some(agent.0)),
            Self::ApiToken(token) => ("API_TOKEN", Some(token.0)),
            Self::Customer => ("CUSTOMER", None),
            Self::System => ("SYSTEM", None),
        }
    }

    pub(in crate::store) fn from_words(kind: &str, id: Option<Uuid>) -> Self {
        match (kind, id) {
            ("AGENT", Some(id)) => Self::Agent(AgentId(id)),
            ("API_TOKEN", Some(id)) => Self::ApiToken(ApiTokenId(id)),
            ("CUSTOMER", _) => Self::Customer,
            _ => Self::System,
        }
    }
}

/// A line of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEvent {
    pub kind: FeedEventKind,
    pub message_id: Option<MessageId>,
    /// Names of the fields that changed, as the API shows them.
    pub changed: Vec<&'static str>,
}

/// A callback that is kept with its effect.
#[derive(Debug, Clone)]
pub struct NewReceipt {
    pub id: ReceiptId,
    pub account: ChannelAccountId,
    pub kind: &'static str,
    pub dedup_key: String,
    pub reference: Option<String>,
    /// Who wrote a text; kept only while it has had no effect.
    pub customer: Option<SmsAddress>,
    pub body: Vec<u8>,
    pub received_at: DateTime<Utc>,
}

/// A caller's key, stored with what it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    pub agent: AgentId,
    pub mutation: &'static str,
    pub key: String,
    pub input_hash: [u8; 32],
    pub result_id: String,
}

/// What makes a repetition harmless: the first wins, the others learn that they are repetitions.
#[derive(Debug, Clone)]
pub enum Entry {
    /// Only the row version guards it.
    None,
    Receipt(NewReceipt),
    /// A receipt that waited (unrouted, unmatched) is applied now.
    Replay {
        receipt: ReceiptId,
        at: DateTime<Utc>,
    },
    Key(NewKey),
}

/// What a change does to the timer that resolves a conversation by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerChange {
    RunsOn,
    /// Anew, in the state that the conversation has come to.
    Starts,
    Stops,
}

/// One conversation's part of a batch.
#[derive(Debug, Clone)]
pub struct Change {
    pub entry: Entry,
    /// The conversation as it is to be stored, its `revision` already moved.
    pub conversation: Conversation,
    /// What was known of the customer's consent when this was decided.
    pub was_opted_out: bool,
    /// What the customer, or the provider, now says of it.
    pub consent: Option<(ConsentEntryId, ConsentChange)>,
    /// Settings version that this was decided on; `None` where settings do not matter.
    pub settings_version: Option<i64>,
    pub added: Vec<Message>,
    pub changed: Vec<Message>,
    /// Texts whose sending begins with this commit.
    pub begun: Vec<MessageId>,
    pub moves: Vec<MessageMove>,
    /// When a text that is queued again may go; when the next may follow an unconfirmed one.
    pub due_at: DateTime<Utc>,
    /// When a sender that says nothing counts as dead.
    pub claim_until: DateTime<Utc>,
    /// What becomes of the timer that resolves it by itself.
    pub timer: TimerChange,
    /// When a text whose end is not known is looked at; `None`: nobody looks.
    pub check_at: Option<DateTime<Utc>>,
    pub events: Vec<FeedEvent>,
    pub actor: Actor,
    pub at: DateTime<Utc>,
    /// What the audit log is to say; nothing of customers and of the server itself.
    pub audit: Option<NewAuditEntry>,
}

impl Change {
    pub(super) fn organization(&self) -> Uuid {
        self.conversation.pair.organization_id.0
    }

    /// Whether a text may now go that could not before.
    pub fn may_free_the_outbox(&self) -> bool {
        let is_outbound = |message: &Message| message.direction == MessageDirection::Outbound;
        let waits = |message: &Message| message.status == MessageStatus::Queued;
        let has_new = self.added.iter().any(is_outbound) || self.changed.iter().any(waits);
        has_new || !self.moves.is_empty() || self.consent.is_some()
    }

    pub(super) fn account(&self) -> Uuid {
        self.conversation.opening.channel_account_id.0
    }
}

/// What a change is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is durable; its events have positions from this one on.
    Committed { first_position: i64 },
    /// The callback, or the caller's key, was here before: nothing was written.
    Repeated,
    /// Another writer was first: read again and decide again.
    Conflict,
    /// The customer's consent is not what this was decided on: decide on the other.
    ConsentDiffers,
    /// The settings have changed: decide again on the new ones.
    StaleSettings,
}
