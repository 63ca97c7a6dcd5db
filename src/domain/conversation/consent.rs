//! How a conversation obeys: the words of its customer, and the provider's blocks.
//!
//! **Invariant:** once the customer has opted out, nothing that waits goes out any more, except the
//! one text that tells them so. What is on the wire already cannot be called back.

use chrono::{DateTime, Utc};

use super::{
    ResolutionReason, State,
    command::{AutomatedText, IncomingText},
    decide::resolved,
    event::{Event, MessageMove},
};
use crate::domain::{
    consent::{
        ConsentChange, ConsentSource, ConsentStatus, evidence_of,
        keyword::{Keyword, KeywordKind},
    },
    ids::MessageId,
    message::{
        Message, MessageDirection, MessageFailure, MessageFailureCode, MessageOrigin, MessageStatus,
    },
};

/// What is said of a text that waited when its recipient opted out.
const WITHHELD: &str = "not sent: the recipient has opted out";

impl State {
    /// What follows from a text that is one of the words; it goes before nothing else.
    pub(super) fn obey(&self, text: &IncomingText, now: DateTime<Utc>, events: &mut Vec<Event>) {
        let Some(spoken) = &text.keyword else { return };
        let is_out = self.conversation.opted_out;
        let change = |status| {
            Event::ConsentChanged(ConsentChange {
                status,
                source: ConsentSource::Keyword,
                keyword: Some(spoken.keyword.word.clone()),
                evidence: Some(evidence_of(&text.text)),
                message_id: Some(text.message_id),
            })
        };
        let kind = spoken.keyword.kind;
        let is_answered = match kind {
            KeywordKind::OptOut if !is_out => {
                events.push(change(ConsentStatus::OptedOut));
                events.extend(self.withhold_queued());
                true
            }
            // They were told when they opted out.
            KeywordKind::OptOut => false,
            KeywordKind::OptIn => {
                if is_out {
                    events.push(change(ConsentStatus::OptedIn));
                }
                true
            }
            KeywordKind::Help => !is_out,
        };
        if let Some(answer) = spoken.answer.as_ref().filter(|_| is_answered) {
            events.push(self.answer_to_keyword(answer, now));
        }
        if self.is_unborn() {
            // Nobody is asked anything: it waits for no agent.
            events.push(resolved(None, reason_of(&spoken.keyword)));
        }
    }

    /// The provider takes nothing to this customer any more: they have opted out with it.
    pub(super) fn obey_block(
        &self,
        message_id: MessageId,
        code: Option<i32>,
        description: &str,
        events: &mut Vec<Event>,
    ) {
        if self.conversation.opted_out {
            return;
        }
        let code = code.map(|code| format!("{code}: ")).unwrap_or_default();
        events.push(Event::ConsentChanged(ConsentChange {
            status: ConsentStatus::OptedOut,
            source: ConsentSource::Provider,
            keyword: None,
            evidence: Some(evidence_of(&format!("{code}{description}"))),
            message_id: Some(message_id),
        }));
        events.extend(self.withhold_queued());
    }

    /// Whatever waits to be sent has come to its end.
    pub(super) fn withhold_queued(&self) -> Vec<Event> {
        let is_withheld = |message: &&Message| {
            message.status == MessageStatus::Queued && !message.is_exempt_from_consent()
        };
        let waiting = self.messages.iter().filter(is_withheld);
        let moves = waiting.map(|message| {
            Event::MessageMoved(MessageMove {
                message_id: message.id,
                // The attempt that is not made: what is known of those before stays known.
                attempt: message.attempt + 1,
                status: MessageStatus::Failed,
                provider_reference: None,
                provider_code: None,
                description: Some(WITHHELD.to_owned()),
                failure: Some(MessageFailure {
                    code: MessageFailureCode::OptedOut,
                    provider_code: None,
                    description: WITHHELD.to_owned(),
                }),
            })
        });
        moves.collect()
    }

    /// The text that follows at once on the one that carried the word.
    fn answer_to_keyword(&self, answer: &AutomatedText, now: DateTime<Utc>) -> Event {
        let message = self.next_message(answer.message_id, &answer.text, now);
        Event::MessageAdded(Box::new(Message {
            sequence: message.sequence + 1,
            direction: MessageDirection::Outbound,
            origin: MessageOrigin::Automated,
            trigger: Some(answer.trigger),
            ..message
        }))
    }
}

fn reason_of(keyword: &Keyword) -> ResolutionReason {
    match keyword.kind {
        KeywordKind::OptOut => ResolutionReason::OptedOut,
        KeywordKind::OptIn | KeywordKind::Help => ResolutionReason::Keyword,
    }
}
