//! Another attempt at a text, and what becomes known of the attempts before.
//!
//! **Invariant:** nothing but a person makes a text go again that may have been taken, except once
//! where its workstream says so.
//! **Invariant:** an attempt that still waits is not made once the one before turns out to have been
//! taken, or the text to have arrived.

use chrono::{DateTime, Utc};

use super::{
    ConversationStatus, State,
    access::check_retry,
    command::{QUEUED_TEXTS_MAX, Refusal},
    event::{Event, MessageMove},
};
use crate::domain::{
    ids::{AgentId, MessageId},
    message::{
        AUTOMATIC_RESENDS_MAX, Message, MessageStatus, UnconfirmedPolicy, next_status_check,
    },
};

/// What is said of a text that the provider took and never reported the end of.
const NO_FINAL_REPORT: &str = "sent; the provider never said how it ended";

impl State {
    pub(super) fn retry_text(
        &self,
        message_id: MessageId,
        agent: AgentId,
    ) -> Result<Vec<Event>, Refusal> {
        let message = self.message(message_id).ok_or(Refusal::MessageNotFound)?;
        check_retry(&self.conversation, message, agent)?;
        if self.unsent().count() >= QUEUED_TEXTS_MAX {
            return Err(Refusal::TooManyQueued);
        }
        Ok(vec![Event::TextRetried { message_id, automatic: false }])
    }

    /// Looks at a text whose end is not known.
    pub(super) fn check_again(
        &self,
        message_id: MessageId,
        attempt: i32,
        policy: UnconfirmedPolicy,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let message = self.message(message_id).ok_or(Refusal::MessageNotFound)?;
        if message.attempt != attempt {
            return Err(Refusal::NothingToDo);
        }
        match message.status {
            MessageStatus::Unconfirmed => Ok(vec![match policy {
                UnconfirmedPolicy::AtLeastOnce if self.may_be_resent(message) => {
                    Event::TextRetried { message_id, automatic: true }
                }
                UnconfirmedPolicy::AtLeastOnce | UnconfirmedPolicy::AtMostOnce => {
                    Event::CheckSet { message_id, at: None }
                }
            }]),
            MessageStatus::Sent => {
                let sent_at = message.sent_at.unwrap_or(message.status_changed_at);
                Ok(vec![match next_status_check(sent_at, now) {
                    Some(at) => Event::CheckSet { message_id, at: Some(at) },
                    None => Event::MessageMoved(left_as_it_is(message)),
                }])
            }
            MessageStatus::Received
            | MessageStatus::Queued
            | MessageStatus::Sending
            | MessageStatus::Failed
            | MessageStatus::Expired
            | MessageStatus::Undeliverable
            | MessageStatus::Delivered => Err(Refusal::NothingToDo),
        }
    }

    /// Nobody is there to see it in a conversation that is over, or wants it after a STOP.
    fn may_be_resent(&self, message: &Message) -> bool {
        let is_over = self.conversation.status == ConversationStatus::Resolved;
        message.resends < AUTOMATIC_RESENDS_MAX && !is_over && !self.conversation.opted_out
    }
}

fn left_as_it_is(message: &Message) -> MessageMove {
    MessageMove {
        message_id: message.id,
        attempt: message.attempt,
        status: MessageStatus::Sent,
        provider_reference: None,
        provider_code: None,
        description: Some(NO_FINAL_REPORT.to_owned()),
        failure: None,
    }
}

impl Message {
    /// Whether the text has left this attempt behind: a later one has begun, or waits to begin.
    pub(super) fn is_past(&self, attempt: i32) -> bool {
        self.attempt != attempt || self.status == MessageStatus::Queued
    }

    /// What the provider's word on an attempt amounts to; `None`: nothing new.
    pub(super) fn heard(&self, word: MessageMove) -> Option<Event> {
        if word.attempt > self.attempt {
            return None;
        }
        if !self.is_past(word.attempt) {
            let status = self.status.advance(word.status);
            let moved = Event::MessageMoved(MessageMove { status, ..word });
            return (status != self.status).then_some(moved);
        }
        // On the wire it is its own answer that frees the conversation for the next text.
        let may_move = !matches!(self.status, MessageStatus::Sending | MessageStatus::Delivered);
        let has_arrived = word.status == MessageStatus::Delivered;
        if may_move && (has_arrived || self.turns_out_taken(&word)) {
            return Some(Event::MessageMoved(word));
        }
        Some(Event::AttemptMoved(word))
    }

    /// Whether an attempt waits because nobody knew that the one before had been taken.
    ///
    /// One that had been taken as far as anybody knew has left its reference here: it was given up
    /// for what came of it, and a late word from before that end changes nothing.
    fn turns_out_taken(&self, word: &MessageMove) -> bool {
        let waits = self.status == MessageStatus::Queued && word.attempt == self.attempt;
        waits && word.status == MessageStatus::Sent && self.provider_reference.is_none()
    }
}
