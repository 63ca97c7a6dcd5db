//! What can happen to a conversation, and what it then amounts to.

use chrono::{DateTime, Utc};

use super::{Conversation, ConversationStatus, ResolutionReason, State, WaitingOn};
use crate::domain::{
    consent::{ConsentChange, ConsentStatus},
    ids::{AgentId, MessageId},
    message::{Message, MessageDirection, MessageFailure, MessageStatus},
};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The first of every conversation.
    ConversationStarted,
    MessageAdded(Box<Message>),
    /// Where it stands changed, or who has it.
    Moved(Move),
    /// A try at sending began; it is committed before the provider hears of it.
    SendBegun {
        message_id: MessageId,
        attempt: i32,
    },
    MessageMoved(MessageMove),
    /// Something became known of an attempt that the text is past; the text stays where it is.
    AttemptMoved(MessageMove),
    /// The text waits for another attempt.
    TextRetried {
        message_id: MessageId,
        /// Nobody asked for it.
        automatic: bool,
    },
    /// When a text whose end is not known is looked at next; `None`: by nobody but a person.
    CheckSet {
        message_id: MessageId,
        at: Option<DateTime<Utc>>,
    },
    /// The customer may be texted again, or no more.
    ConsentChanged(ConsentChange),
}

/// The conversation's place after a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    pub status: ConversationStatus,
    pub assignee: Option<AgentId>,
    pub waiting_on: Option<WaitingOn>,
    pub resolution_reason: Option<ResolutionReason>,
}

/// The text's place after a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageMove {
    pub message_id: MessageId,
    pub attempt: i32,
    pub status: MessageStatus,
    pub provider_reference: Option<String>,
    pub provider_code: Option<i32>,
    pub description: Option<String>,
    pub failure: Option<MessageFailure>,
}

impl State {
    /// Takes an event in. It cannot fail: `decide` has made sure that the event is possible.
    pub fn apply(&mut self, event: &Event, now: DateTime<Utc>) {
        let conversation = &mut self.conversation;
        conversation.updated_at = now;
        match event {
            Event::ConversationStarted => conversation.version += 1,
            Event::MessageAdded(message) => {
                conversation.last_sequence = message.sequence;
                match message.direction {
                    MessageDirection::Inbound => conversation.last_inbound_at = Some(now),
                    MessageDirection::Outbound => conversation.last_outbound_at = Some(now),
                }
                self.messages.push(Message::clone(message));
            }
            Event::Moved(to) => conversation.move_to(*to, now),
            Event::ConsentChanged(change) => {
                conversation.opted_out = change.status == ConsentStatus::OptedOut;
            }
            Event::SendBegun { message_id, attempt } => {
                if let Some(message) = self.message_mut(*message_id) {
                    message.attempt = *attempt;
                    message.provider_reference = None;
                    message.status = MessageStatus::Sending;
                    message.status_changed_at = now;
                }
            }
            Event::TextRetried { message_id, automatic } => {
                if let Some(message) = self.message_mut(*message_id) {
                    if message.status == MessageStatus::Unconfirmed {
                        // A reference is left only where the text is known to have been taken.
                        message.provider_reference = None;
                    }
                    message.status = MessageStatus::Queued;
                    message.status_changed_at = now;
                    message.sent_at = None;
                    message.failure = None;
                    message.resends += i32::from(*automatic);
                }
            }
            Event::AttemptMoved(_) | Event::CheckSet { .. } => {}
            Event::MessageMoved(to) => {
                if let Some(message) = self.message_mut(to.message_id) {
                    message.move_to(to, now);
                }
            }
        }
    }

    fn message_mut(&mut self, id: MessageId) -> Option<&mut Message> {
        self.messages.iter_mut().find(|message| message.id == id)
    }
}

impl Conversation {
    fn move_to(&mut self, to: Move, now: DateTime<Utc>) {
        if self.status != to.status {
            self.status = to.status;
            self.status_changed_at = now;
        }
        if self.assignee != to.assignee {
            // Whoever had it last is asked first when it comes back.
            self.affinity = self.assignee.or(self.affinity);
            self.assignee = to.assignee;
            self.assigned_at = to.assignee.map(|_| now);
        }
        self.waiting_on = to.waiting_on;
        self.resolution_reason = to.resolution_reason;
        self.version += 1;
    }
}

impl Message {
    fn move_to(&mut self, to: &MessageMove, now: DateTime<Utc>) {
        if self.status != to.status {
            self.status = to.status;
            self.status_changed_at = now;
        }
        match to.status {
            MessageStatus::Sent => self.sent_at = self.sent_at.or(Some(now)),
            MessageStatus::Delivered => {
                self.sent_at = self.sent_at.or(Some(now));
                self.delivered_at = self.delivered_at.or(Some(now));
            }
            _ => {}
        }
        if to.provider_reference.is_some() {
            self.provider_reference.clone_from(&to.provider_reference);
        }
        self.failure.clone_from(&to.failure);
    }
}
