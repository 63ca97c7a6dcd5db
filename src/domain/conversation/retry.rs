//! Another attempt at a text, and what becomes known of the attempts before.
//!
//! **Invariant:** a text that may have been taken goes again only because somebody wants it to.
//! **Invariant:** an attempt that still waits is not made once the one before turns out to have been
//! taken, or the text to have arrived.

use super::{
    State,
    access::check_retry,
    command::{QUEUED_TEXTS_MAX, Refusal},
    event::{Event, MessageMove},
};
use crate::domain::{
    ids::{AgentId, MessageId},
    message::{Message, MessageStatus},
};

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
        Ok(vec![Event::TextRetried { message_id }])
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
