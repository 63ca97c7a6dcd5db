//! A conversation: what it is, what may be asked of it, and what then happens.
//!
//! **Invariant:** `decide` reads and never writes, `apply` never fails; whatever `decide` answers,
//! `apply` can take. Nothing here does input or output, so every rule is tested without a server.
//! Start at `decide`; `command` lists what can be asked, `event` what can happen.

pub mod access;
pub mod command;
mod consent;
pub mod decide;
pub mod event;
mod retry;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    address::{SmsAddress, SupportNumberDigits},
    ids::{
        AgentId, ChannelAccountId, ConversationId, MessageId, OrganizationId, QueueId,
        SupportNumberId, WorkstreamId,
    },
    message::{Message, MessageStatus},
    word_enum,
};

word_enum! {
    /// Lifecycle of a conversation; `RESOLVED` is final.
    pub enum ConversationStatus {
        Open = "OPEN",
        Active = "ACTIVE",
        Waiting = "WAITING",
        WrapUp = "WRAP_UP",
        Resolved = "RESOLVED",
    }
}

word_enum! {
    /// Whose move it is while a conversation waits.
    pub enum WaitingOn { Customer = "CUSTOMER", Agent = "AGENT", ThirdParty = "THIRD_PARTY" }
}

word_enum! {
    /// Why a conversation ended.
    pub enum ResolutionReason {
        Solved = "SOLVED",
        Unsolved = "UNSOLVED",
        Spam = "SPAM",
        Duplicate = "DUPLICATE",
        /// It was nothing but an opt-out.
        OptedOut = "OPTED_OUT",
        /// It was nothing but another keyword.
        Keyword = "KEYWORD",
        Inactivity = "INACTIVITY",
        Stale = "STALE",
    }
}

impl ResolutionReason {
    /// Whether it is for an agent to say; the others are what the system found.
    pub fn is_agents(self) -> bool {
        match self {
            Self::Solved | Self::Unsolved | Self::Spam | Self::Duplicate => true,
            Self::OptedOut | Self::Keyword | Self::Inactivity | Self::Stale => false,
        }
    }
}

/// One of our numbers and one customer: at most one conversation of a pair is unresolved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    pub organization_id: OrganizationId,
    pub support_number_id: SupportNumberId,
    pub customer: SmsAddress,
}

/// Where a new conversation of a pair belongs, by the settings of the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    pub channel_account_id: ChannelAccountId,
    pub support_number: SupportNumberDigits,
    pub workstream_id: WorkstreamId,
    pub queue_id: QueueId,
    pub language: Arc<str>,
}

/// A conversation as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    pub id: ConversationId,
    pub pair: Pair,
    pub opening: Opening,
    pub status: ConversationStatus,
    pub status_changed_at: DateTime<Utc>,
    pub waiting_on: Option<WaitingOn>,
    pub resolution_reason: Option<ResolutionReason>,
    pub assignee: Option<AgentId>,
    pub assigned_at: Option<DateTime<Utc>>,
    /// The agent that had it before; preferred when it comes back.
    pub affinity: Option<AgentId>,
    pub previous_id: Option<ConversationId>,
    /// The customer has opted out of texts from this number: nothing may be sent.
    pub opted_out: bool,
    pub last_sequence: i32,
    pub last_inbound_at: Option<DateTime<Utc>>,
    pub last_outbound_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Moves with every commit; 0 before the first.
    pub revision: i64,
    /// Moves when status, assignee, queue or reason change; what clients call `expectedVersion`.
    pub version: i32,
}

impl Conversation {
    /// The last text of either side, or the entry into the state, whichever is later.
    pub fn idle_since(&self) -> DateTime<Utc> {
        let texts = [self.last_inbound_at, self.last_outbound_at].into_iter().flatten();
        texts.fold(self.status_changed_at, DateTime::max)
    }
}

/// A conversation with those of its texts that a decision may need.
///
/// Texts that are settled leave it again, so that a live conversation costs little memory; whoever
/// asks about an older text puts it back first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub conversation: Conversation,
    pub messages: Vec<Message>,
}

impl State {
    /// A conversation that nothing has happened to yet.
    pub fn unborn(
        id: ConversationId,
        pair: Pair,
        opening: Opening,
        previous_id: Option<ConversationId>,
        now: DateTime<Utc>,
    ) -> Self {
        let conversation = Conversation {
            id,
            pair,
            opening,
            status: ConversationStatus::Open,
            status_changed_at: now,
            waiting_on: None,
            resolution_reason: None,
            assignee: None,
            assigned_at: None,
            affinity: None,
            previous_id,
            opted_out: false,
            last_sequence: 0,
            last_inbound_at: None,
            last_outbound_at: None,
            created_at: now,
            updated_at: now,
            revision: 0,
            version: 0,
        };
        Self { conversation, messages: Vec::new() }
    }

    /// Whether it was never committed.
    pub fn is_unborn(&self) -> bool {
        self.conversation.revision == 0
    }

    pub fn message(&self, id: MessageId) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == id)
    }

    /// Texts on their way to the provider, oldest first.
    pub fn unsent(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| {
            matches!(message.status, MessageStatus::Queued | MessageStatus::Sending)
        })
    }

    /// Forgets the texts that no next decision needs, and gives back the room that they took: a
    /// vector's first element makes room for four.
    pub fn forget_settled(&mut self) {
        self.messages.retain(|message| {
            matches!(
                message.status,
                MessageStatus::Queued | MessageStatus::Sending | MessageStatus::Unconfirmed
            )
        });
        self.messages.shrink_to_fit();
    }
}
