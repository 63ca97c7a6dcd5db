//! What a command makes happen to a conversation as it stands.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    ConversationStatus, ResolutionReason, State,
    access::{check_act, check_action},
    command::{
        AgentAct, Command, ConversationAction, IncomingText, OutgoingText, QUEUED_TEXTS_MAX,
        Refusal, check_text,
    },
    event::{Event, MessageMove, Move},
};
use crate::domain::{
    address::SmsAddress,
    ids::{AgentId, MessageId},
    message::{
        DeliveryReport, Message, MessageDirection, MessageFailure, MessageFailureCode,
        MessageOrigin, MessageStatus, NotTaken, SEND_ATTEMPTS_MAX, SendOutcome,
    },
};

impl State {
    /// What happens, or the rule that forbids it. Nothing changes here.
    pub fn decide(&self, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::ReceiveText(text) => self.receive_text(text, now),
            Command::StartConversation { text, assign_to } => self.start(text, *assign_to, now),
            Command::SendText(text) => self.send_text(text, now),
            Command::Act { agent, act, expected_version } => {
                self.act(*agent, *act, *expected_version)
            }
            Command::AutoResolve { status, after, .. } => self.auto_resolve(*status, *after, now),
            Command::TakeBack { agent } => self.take_back(*agent),
            Command::BeginSend { message_id } => self.begin_send(*message_id),
            Command::FinishSend { message_id, attempt, outcome } => {
                self.finish_send(*message_id, *attempt, outcome)
            }
            Command::RecordReport { message_id, attempt, report } => {
                self.record_report(*message_id, *attempt, report)
            }
            Command::RetryText { message_id, agent } => self.retry_text(*message_id, *agent),
            Command::CheckAgain { message_id, attempt, policy, .. } => {
                self.check_again(*message_id, *attempt, *policy, now)
            }
        }
    }

    fn receive_text(&self, text: &IncomingText, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        let conversation = &self.conversation;
        let mut events = Vec::with_capacity(2);
        if self.is_unborn() {
            events.push(Event::ConversationStarted);
        }
        let place = match conversation.status {
            ConversationStatus::Resolved => return Err(Refusal::Resolved),
            ConversationStatus::Open | ConversationStatus::Active => None,
            // Nobody may be there to read it: it is open work again, and the same agent comes first.
            ConversationStatus::Waiting => Some((ConversationStatus::Open, None)),
            // The agent is still at it.
            ConversationStatus::WrapUp => Some((ConversationStatus::Active, conversation.assignee)),
        };
        if let Some((status, assignee)) = place {
            events.push(moved(status, assignee));
        }
        events.push(Event::MessageAdded(Box::new(Message {
            direction: MessageDirection::Inbound,
            origin: MessageOrigin::Customer,
            status: MessageStatus::Received,
            author: None,
            from: conversation.pair.customer.clone(),
            to: self.our_address(),
            provider_reference: Some(text.provider_reference.clone()),
            idempotency_key: None,
            ..self.next_message(text.message_id, &text.text, now)
        })));
        self.obey(text, now, &mut events);
        Ok(events)
    }

    fn start(
        &self,
        text: &OutgoingText,
        assign_to: Option<AgentId>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.is_unborn() {
            return Err(Refusal::ConversationExists);
        }
        check_text(&text.text)?;
        if self.conversation.opted_out {
            return Err(Refusal::RecipientOptedOut);
        }
        let mut events = vec![Event::ConversationStarted];
        if assign_to.is_some() {
            events.push(moved(ConversationStatus::Active, assign_to));
        }
        events.push(self.queue_text(text, now));
        Ok(events)
    }

    fn send_text(&self, text: &OutgoingText, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        check_text(&text.text)?;
        check_action(&self.conversation, text.author, ConversationAction::Reply)?;
        if self.unsent().count() >= QUEUED_TEXTS_MAX {
            return Err(Refusal::TooManyQueued);
        }
        Ok(vec![self.queue_text(text, now)])
    }

    fn queue_text(&self, text: &OutgoingText, now: DateTime<Utc>) -> Event {
        Event::MessageAdded(Box::new(Message {
            direction: MessageDirection::Outbound,
            origin: MessageOrigin::Agent,
            status: MessageStatus::Queued,
            author: Some(text.author),
            from: self.our_address(),
            to: self.conversation.pair.customer.clone(),
            provider_reference: None,
            idempotency_key: Some(text.idempotency_key.clone()),
            ..self.next_message(text.message_id, &text.text, now)
        }))
    }

    fn act(
        &self,
        agent: AgentId,
        act: AgentAct,
        expected_version: Option<i32>,
    ) -> Result<Vec<Event>, Refusal> {
        let conversation = &self.conversation;
        check_act(conversation, agent, act)?;
        let current = conversation.version;
        if let Some(expected) = expected_version.filter(|expected| *expected != current) {
            return Err(Refusal::VersionConflict { expected, current });
        }
        if let AgentAct::Resolve(reason) = act
            && !reason.is_agents()
        {
            return Err(Refusal::NotAnAgentsReason { reason });
        }
        let assignee = Some(agent);
        Ok(vec![match act {
            AgentAct::Pick | AgentAct::Resume => moved(ConversationStatus::Active, assignee),
            AgentAct::WrapUp => moved(ConversationStatus::WrapUp, assignee),
            AgentAct::Wait(waiting_on) => Event::Moved(Move {
                status: ConversationStatus::Waiting,
                assignee,
                waiting_on: Some(waiting_on),
                resolution_reason: None,
            }),
            AgentAct::Resolve(reason) => resolved(assignee, reason),
        }])
    }

    fn auto_resolve(
        &self,
        status: ConversationStatus,
        after: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let conversation = &self.conversation;
        if conversation.status != status || conversation.idle_since() + after > now {
            return Err(Refusal::NothingToDo);
        }
        let reason = match status {
            ConversationStatus::Waiting => ResolutionReason::Inactivity,
            ConversationStatus::Open | ConversationStatus::Active | ConversationStatus::WrapUp => {
                ResolutionReason::Stale
            }
            ConversationStatus::Resolved => return Err(Refusal::NothingToDo),
        };
        Ok(vec![resolved(conversation.assignee, reason)])
    }

    /// What an agent had finished with stays finished, and resolves by itself.
    fn take_back(&self, agent: AgentId) -> Result<Vec<Event>, Refusal> {
        let conversation = &self.conversation;
        match conversation.status {
            ConversationStatus::Active | ConversationStatus::Waiting
                if conversation.assignee == Some(agent) =>
            {
                Ok(vec![moved(ConversationStatus::Open, None)])
            }
            ConversationStatus::Open
            | ConversationStatus::Active
            | ConversationStatus::Waiting
            | ConversationStatus::WrapUp
            | ConversationStatus::Resolved => Err(Refusal::NothingToDo),
        }
    }

    fn begin_send(&self, message_id: MessageId) -> Result<Vec<Event>, Refusal> {
        let message = self.message(message_id).ok_or(Refusal::MessageNotFound)?;
        if message.status != MessageStatus::Queued {
            return Err(Refusal::NotSendable);
        }
        if self.conversation.opted_out && !message.is_exempt_from_consent() {
            return Ok(self.withhold_queued());
        }
        if self.unsent().any(|earlier| earlier.sequence < message.sequence) {
            return Err(Refusal::EarlierTextUnsettled);
        }
        Ok(vec![Event::SendBegun { message_id, attempt: message.attempt + 1 }])
    }

    fn finish_send(
        &self,
        message_id: MessageId,
        attempt: i32,
        outcome: &SendOutcome,
    ) -> Result<Vec<Event>, Refusal> {
        let message = self.message(message_id).ok_or(Refusal::MessageNotFound)?;
        let result = MessageMove { attempt, ..finished(message, outcome) };
        if message.is_past(attempt) {
            // Somebody did not wait for this answer; it still says what became of that attempt.
            let is_known = result.status != MessageStatus::Unconfirmed;
            let heard = is_known.then(|| message.heard(result)).flatten();
            return Ok(vec![heard.ok_or(Refusal::NothingToDo)?]);
        }
        // A report may have overtaken the provider's own answer: what it said holds, and only the
        // reference is news.
        let is_news = result.provider_reference.is_some() && message.provider_reference.is_none();
        let status = match message.status {
            MessageStatus::Sending => result.status,
            status => status.advance(result.status),
        };
        if status == message.status && !is_news {
            return Err(Refusal::NothingToDo);
        }
        let failure =
            if status == result.status { result.failure } else { message.failure.clone() };
        let mut events = vec![Event::MessageMoved(MessageMove { status, failure, ..result })];
        if let SendOutcome::RecipientBlocked(failure) = outcome {
            self.obey_block(message_id, failure.provider_code, &failure.description, &mut events);
        }
        Ok(events)
    }

    fn record_report(
        &self,
        message_id: MessageId,
        attempt: i32,
        report: &DeliveryReport,
    ) -> Result<Vec<Event>, Refusal> {
        let message = self.message(message_id).ok_or(Refusal::MessageNotFound)?;
        let mut events = Vec::with_capacity(1);
        if report.blocks_recipient {
            let code = Some(report.provider_code);
            self.obey_block(message_id, code, &report.description, &mut events);
        }
        let failure = report.failure.map(|code| MessageFailure {
            code,
            provider_code: Some(report.provider_code),
            description: report.description.clone(),
        });
        events.extend(message.heard(MessageMove {
            message_id,
            attempt,
            status: report.status,
            provider_reference: report.provider_reference.clone(),
            provider_code: Some(report.provider_code),
            description: Some(report.description.clone()),
            failure,
        }));
        if events.is_empty() { Err(Refusal::NothingToDo) } else { Ok(events) }
    }

    fn our_address(&self) -> SmsAddress {
        SmsAddress::of_support_number(&self.conversation.opening.support_number)
    }

    pub(super) fn next_message(&self, id: MessageId, text: &str, now: DateTime<Utc>) -> Message {
        Message {
            id,
            sequence: self.conversation.last_sequence + 1,
            direction: MessageDirection::Outbound,
            origin: MessageOrigin::Agent,
            status: MessageStatus::Queued,
            status_changed_at: now,
            author: None,
            text: text.to_owned(),
            from: self.our_address(),
            to: self.conversation.pair.customer.clone(),
            created_at: now,
            sent_at: None,
            delivered_at: None,
            attempt: 0,
            resends: 0,
            provider_reference: None,
            failure: None,
            idempotency_key: None,
            trigger: None,
        }
    }
}

fn moved(status: ConversationStatus, assignee: Option<AgentId>) -> Event {
    Event::Moved(Move { status, assignee, waiting_on: None, resolution_reason: None })
}

pub(super) fn resolved(assignee: Option<AgentId>, reason: ResolutionReason) -> Event {
    Event::Moved(Move {
        status: ConversationStatus::Resolved,
        assignee,
        waiting_on: None,
        resolution_reason: Some(reason),
    })
}

fn finished(message: &Message, outcome: &SendOutcome) -> MessageMove {
    let base = MessageMove {
        message_id: message.id,
        attempt: message.attempt,
        status: MessageStatus::Sending,
        provider_reference: None,
        provider_code: None,
        description: None,
        failure: None,
    };
    match outcome {
        SendOutcome::Accepted { provider_reference, provider_code } => MessageMove {
            status: MessageStatus::Sent,
            provider_reference: Some(provider_reference.clone()),
            provider_code: Some(*provider_code),
            ..base
        },
        SendOutcome::NotAccepted { reason: NotTaken::Other, provider_code, description }
            if message.attempt >= SEND_ATTEMPTS_MAX =>
        {
            MessageMove {
                status: MessageStatus::Failed,
                provider_code: *provider_code,
                description: Some(description.clone()),
                failure: Some(MessageFailure {
                    code: MessageFailureCode::Timeout,
                    provider_code: *provider_code,
                    description: format!("given up after {SEND_ATTEMPTS_MAX} tries: {description}"),
                }),
                ..base
            }
        }
        SendOutcome::NotAccepted { provider_code, description, .. } => MessageMove {
            status: MessageStatus::Queued,
            provider_code: *provider_code,
            description: Some(description.clone()),
            ..base
        },
        // Not taken, like `NotAccepted`; the outbox also lets the account rest.
        SendOutcome::AccountStopped(failure) => MessageMove {
            status: MessageStatus::Queued,
            provider_code: failure.provider_code,
            description: Some(failure.description.clone()),
            ..base
        },
        SendOutcome::Refused(failure) | SendOutcome::RecipientBlocked(failure) => MessageMove {
            status: MessageStatus::Failed,
            provider_code: failure.provider_code,
            description: Some(failure.description.clone()),
            failure: Some(failure.clone()),
            ..base
        },
        SendOutcome::Unconfirmed { provider_reference, description } => MessageMove {
            status: MessageStatus::Unconfirmed,
            provider_reference: provider_reference.clone(),
            description: Some(description.clone()),
            ..base
        },
    }
}
