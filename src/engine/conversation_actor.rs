//! One actor per conversation: decide, record, apply.
//!
//! **Invariant:** memory equals what was committed, or is `None`; a conflict, a failure or a panic
//! empties it, and the next command reads the database. Commands are taken one after the other:
//! the handler is atomic, so nothing is decided on a state that is being written.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use actix::fut::ActorFutureExt;
use actix::{
    Actor as ActixActor, AtomicResponse, Context, Handler, Message as ActixMessage, WrapFuture,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::{consent, error::EngineError, lane::Lane, shared::Shared};
use crate::{
    domain::{
        conversation::{
            Conversation, Opening, Pair, State,
            command::{Command, Refusal},
            event::Event,
        },
        ids::{ConsentEntryId, ConversationId},
        message::Message,
    },
    store::{
        StoreError,
        commit::{Actor, Change, Entry, FeedEvent, FeedEventKind, Verdict, consent_event},
        conversation, message,
    },
};

/// How often a command is decided again after another writer was first.
const CONFLICTS_MAX: usize = 12;
/// First wait before a text that was not taken is tried again; it doubles with each try.
const RETRY_WAIT_SECONDS: i64 = 1;
const RETRY_WAIT_SECONDS_MAX: i64 = 60;

/// A command on its way to an actor, with all that a change needs besides.
pub(super) struct Ask {
    pub(super) command: Command,
    pub(super) entry: Entry,
    pub(super) actor: Actor,
    /// Where the conversation belongs if it has to be opened, and the settings that say so.
    pub(super) opening: Option<(Opening, i64)>,
    pub(super) reply: oneshot::Sender<Answer>,
}

/// What an actor answers.
pub(super) enum Answer {
    Done(Done),
    /// The conversation of the pair is another one by now: find it and ask that.
    NotOpen {
        ask: Box<Ask>,
        stale: ConversationId,
    },
    /// The settings have changed: decide on the new ones.
    StaleSettings,
    Failed(EngineError),
}

/// What was done.
#[derive(Debug, Clone)]
pub struct Done {
    pub conversation: Arc<Conversation>,
    /// The text that the command was about.
    pub message: Option<Arc<Message>>,
    /// The same had been done before; this time nothing changed.
    pub is_repeated: bool,
}

/// The envelope in an actor's mailbox.
#[derive(ActixMessage)]
#[rtype(result = "()")]
pub(super) struct Handle {
    pub(super) ask: Ask,
    /// Given back when the command is done; our bound, since a mailbox's is none.
    pub(super) permit: OwnedSemaphorePermit,
}

pub(super) struct ConversationActor {
    pub(super) id: ConversationId,
    pub(super) pair: Pair,
    pub(super) previous_id: Option<ConversationId>,
    pub(super) shared: Arc<Shared>,
    pub(super) memory: Option<State>,
}

impl ActixActor for ConversationActor {
    type Context = Context<Self>;
}

impl Handler<Handle> for ConversationActor {
    // Atomic: the next command waits, so that memory is never read between decide and apply.
    type Result = AtomicResponse<Self, ()>;

    fn handle(&mut self, handle: Handle, _: &mut Self::Context) -> Self::Result {
        let Handle { ask, permit } = handle;
        let home = Home {
            id: self.id,
            pair: self.pair.clone(),
            previous_id: self.previous_id,
            shared: Arc::clone(&self.shared),
        };
        let memory = self.memory.take();
        let work = async move {
            let worked = AssertUnwindSafe(home.work(memory, &ask)).catch_unwind().await;
            let (memory, outcome) = worked.unwrap_or_else(|_| {
                tracing::error!(conversation.id = %home.id, "a command made its actor panic");
                metrics::counter!("centralino_actor_panics_total").increment(1);
                (None, Outcome::Failed(EngineError::Panicked))
            });
            outcome.answer(ask, home.id);
            drop(permit);
            memory
        };
        let then_apply = work.into_actor(self).map(|memory, actor: &mut Self, _| {
            actor.memory = memory;
        });
        AtomicResponse::new(Box::pin(then_apply))
    }
}

enum Outcome {
    Done(Done),
    NotOpen,
    StaleSettings,
    Failed(EngineError),
}

impl Outcome {
    /// Memory may be older than what was said to another number: whoever refuses for that looks once.
    fn is_for_want_of_consent(&self) -> bool {
        matches!(self, Self::Failed(EngineError::Refused(Refusal::RecipientOptedOut)))
    }

    fn answer(self, ask: Ask, id: ConversationId) {
        // The reply channel has to leave the ask that may go back whole.
        let (unused, _) = oneshot::channel();
        let Ask { command, entry, actor, opening, reply } = ask;

        let answer = match self {
            Self::Done(done) => Answer::Done(done),
            Self::Failed(error) => Answer::Failed(error),
            Self::NotOpen => {
                let ask = Box::new(Ask { command, entry, actor, opening, reply: unused });
                Answer::NotOpen { ask, stale: id }
            }
            Self::StaleSettings => Answer::StaleSettings,
        };
        // Whoever asked may have gone; what was done stays done.
        drop(reply.send(answer));
    }
}

/// What an actor works with while its handler runs.
struct Home {
    id: ConversationId,
    pair: Pair,
    previous_id: Option<ConversationId>,
    shared: Arc<Shared>,
}

impl Home {
    fn lane(&self) -> &Lane {
        self.shared.lane_of(&self.pair)
    }

    async fn work(&self, memory: Option<State>, ask: &Ask) -> (Option<State>, Outcome) {
        let mut memory = memory;
        let mut opted_out = None;
        for _ in 0..CONFLICTS_MAX {
            let is_fresh = memory.is_none();
            let state = match self.remember(memory.take(), ask).await {
                Ok(Some(state)) => consent::corrected(state, opted_out),
                Ok(None) => return (None, Outcome::Failed(EngineError::NotFound)),
                Err(error) => return (None, Outcome::Failed(error.into())),
            };
            self.shared.faults.before_command(self.id);
            let decided_on = state.conversation.opted_out;
            match self.decide_and_record(state, ask).await {
                Step::Ended(_, outcome) if !is_fresh && outcome.is_for_want_of_consent() => {}
                Step::Ended(memory, outcome) => return (memory.map(|state| *state), outcome),
                Step::Again => {}
                Step::OtherConsent => opted_out = Some(!decided_on),
            }
        }
        (None, Outcome::Failed(EngineError::Busy))
    }

    /// The state to decide on, with the text that the command is about.
    async fn remember(
        &self,
        memory: Option<State>,
        ask: &Ask,
    ) -> Result<Option<State>, StoreError> {
        let organization = self.pair.organization_id;
        let wanted = ask.command.stored_message();
        if let Some(state) = &memory
            && wanted.is_none_or(|id| state.message(id).is_some())
        {
            return Ok(memory);
        }
        let (mut connection, _permit) = self.shared.connect_to_load().await?;
        let mut state = match memory {
            Some(state) => state,
            None => match conversation::find(&mut connection, organization, self.id).await? {
                Some(conversation) => {
                    let messages =
                        message::unsettled(&mut connection, organization, self.id).await?;
                    State { conversation, messages }
                }
                None => match &ask.opening {
                    Some((opening, _)) => State::unborn(
                        self.id,
                        self.pair.clone(),
                        opening.clone(),
                        self.previous_id,
                        self.shared.clock.now(),
                    ),
                    None => return Ok(None),
                },
            },
        };
        if let Some(id) = wanted.filter(|id| state.message(*id).is_none()) {
            let found = message::find(&mut connection, organization, id).await?;
            state.messages.extend(
                found.filter(|found| found.conversation_id == self.id).map(|found| found.message),
            );
        }
        Ok(Some(state))
    }

    async fn decide_and_record(&self, mut state: State, ask: &Ask) -> Step {
        let now = self.shared.clock.now();
        if let (true, Some((opening, _))) = (state.is_unborn(), &ask.opening) {
            state.conversation.opening = opening.clone();
        }
        let events = match state.decide(&ask.command, now) {
            Ok(events) => events,
            // The callback is kept all the same, so that its repetitions are known as such.
            Err(Refusal::NothingToDo) if !matches!(ask.entry, Entry::None) => Vec::new(),
            Err(refusal) => return Self::refused(state, ask, refusal),
        };
        let mut next = state.clone();
        for event in &events {
            next.apply(event, now);
        }
        next.conversation.revision += 1;
        let was_opted_out = state.conversation.opted_out;
        let change = Change { was_opted_out, ..self.change(&next, &events, ask, now) };
        match self.lane().commit(change).await {
            Ok(Verdict::Committed { .. }) => {
                let done = done(&next, &ask.command, false);
                next.forget_settled();
                Step::ended(Some(next), Outcome::Done(done))
            }
            Ok(Verdict::Repeated) => {
                let done = done(&state, &ask.command, true);
                let memory = (!state.is_unborn()).then_some(state);
                Step::ended(memory, Outcome::Done(done))
            }
            Ok(Verdict::Conflict) if state.is_unborn() => Step::ended(None, Outcome::NotOpen),
            Ok(Verdict::Conflict) => Step::Again,
            Ok(Verdict::ConsentDiffers) => Step::OtherConsent,
            Ok(Verdict::StaleSettings) => {
                let memory = (!state.is_unborn()).then_some(state);
                Step::ended(memory, Outcome::StaleSettings)
            }
            Err(error) => Step::ended(None, Outcome::Failed(error.into())),
        }
    }

    fn refused(state: State, ask: &Ask, refusal: Refusal) -> Step {
        let outcome = match (&ask.command, refusal) {
            (Command::ReceiveText(_), Refusal::Resolved) => Outcome::NotOpen,
            (Command::StartConversation { .. }, Refusal::ConversationExists)
                if state.conversation.status
                    == crate::domain::conversation::ConversationStatus::Resolved =>
            {
                Outcome::NotOpen
            }
            (_, refusal) => Outcome::Failed(refusal.into()),
        };
        let memory = (!state.is_unborn()).then_some(state);
        Step::ended(memory, outcome)
    }

    fn change(&self, next: &State, events: &[Event], ask: &Ask, now: DateTime<Utc>) -> Change {
        let options = &self.shared.options;
        let mut change = Change {
            entry: ask.entry.clone(),
            conversation: next.conversation.clone(),
            was_opted_out: next.conversation.opted_out,
            consent: None,
            settings_version: ask.opening.as_ref().map(|(_, version)| *version),
            added: Vec::new(),
            changed: Vec::new(),
            begun: Vec::new(),
            moves: Vec::new(),
            due_at: now,
            claim_until: now + delta(options.send_claim),
            events: Vec::with_capacity(events.len()),
            actor: ask.actor,
            at: now,
        };
        for event in events {
            change.events.push(feed_event(event));
            match event {
                Event::ConversationStarted | Event::Moved(_) => {}
                Event::ConsentChanged(consent) => {
                    let id = ConsentEntryId(self.shared.clock.new_uuid());
                    change.consent = Some((id, consent.clone()));
                }
                Event::MessageAdded(message) => change.added.push(Message::clone(message)),
                Event::SendBegun { message_id, .. } => {
                    change.begun.push(*message_id);
                    change.changed.extend(next.message(*message_id).cloned());
                }
                Event::MessageMoved(to) => {
                    use crate::domain::message::MessageStatus::{Queued, Unconfirmed};
                    match to.status {
                        Queued => change.due_at = now + retry_wait(to.attempt),
                        Unconfirmed => change.due_at = now + delta(options.unconfirmed_hold),
                        _ => {}
                    }
                    change.moves.push(to.clone());
                    change.changed.extend(next.message(to.message_id).cloned());
                }
            }
        }
        change
    }
}

enum Step {
    Ended(Option<Box<State>>, Outcome),
    Again,
    /// The customer's consent is not what this was decided on.
    OtherConsent,
}

impl Step {
    fn ended(memory: Option<State>, outcome: Outcome) -> Self {
        Self::Ended(memory.map(Box::new), outcome)
    }
}

fn done(state: &State, command: &Command, is_repeated: bool) -> Done {
    let message =
        command.stored_message().or_else(|| command.new_message()).and_then(|id| state.message(id));
    Done {
        conversation: Arc::new(state.conversation.clone()),
        message: message.cloned().map(Arc::new),
        is_repeated,
    }
}

fn feed_event(event: &Event) -> FeedEvent {
    let of = |kind, message_id, changed| FeedEvent { kind, message_id, changed };
    match event {
        Event::ConversationStarted => of(FeedEventKind::ConversationStarted, None, Vec::new()),
        Event::Moved(_) => {
            of(FeedEventKind::ConversationMoved, None, vec!["status", "assignment", "viewerCan"])
        }
        Event::ConsentChanged(_) => consent_event(),
        Event::MessageAdded(message) => {
            of(FeedEventKind::MessageAdded, Some(message.id), Vec::new())
        }
        Event::SendBegun { message_id, .. } => {
            of(FeedEventKind::MessageMoved, Some(*message_id), Vec::new())
        }
        Event::MessageMoved(to) => of(FeedEventKind::MessageMoved, Some(to.message_id), Vec::new()),
    }
}

fn retry_wait(attempt: i32) -> TimeDelta {
    let doublings = u32::try_from(attempt.clamp(1, 7) - 1).unwrap_or(0);
    TimeDelta::seconds((RETRY_WAIT_SECONDS << doublings).min(RETRY_WAIT_SECONDS_MAX))
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
