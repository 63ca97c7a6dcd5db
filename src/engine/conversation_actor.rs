//! One actor per conversation: decide, record, apply.
//!
//! **Invariant:** memory equals what was committed, or is `None`; a conflict, a failure or a panic
//! empties it, and the next command reads the database. Commands are taken one after the other:
//! the handler is atomic, so nothing is decided on a state that is being written.

use std::{panic::AssertUnwindSafe, sync::Arc};

use actix::fut::ActorFutureExt;
use actix::{
    Actor as ActixActor, AtomicResponse, Context, Handler, Message as ActixMessage, WrapFuture,
};
use futures_util::FutureExt;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::{
    Doer, consent,
    error::EngineError,
    lane::Lane,
    panics,
    recording::{self, Decision},
    shared::Shared,
};
use crate::{
    domain::{
        conversation::{
            Conversation, Opening, Pair, State,
            command::{Command, Refusal},
        },
        ids::ConversationId,
        message::Message,
    },
    store::{
        StoreError,
        commit::{Entry, Verdict},
        conversation, message,
    },
};

/// How often a command is decided again after another writer was first.
const CONFLICTS_MAX: usize = 12;
/// A command on its way to an actor, with all that a change needs besides.
pub(super) struct Ask {
    pub(super) command: Command,
    pub(super) entry: Entry,
    pub(super) actor: Doer,
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
    /// Its id has just been made: nothing is stored under it that would have to be read.
    pub(super) is_new: bool,
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
        let is_new = std::mem::take(&mut self.is_new);
        let memory = self.memory.take().or_else(|| home.unborn(&ask).filter(|_| is_new));
        let work = async move {
            let worked = AssertUnwindSafe(home.work(memory, &ask)).catch_unwind().await;
            let (memory, outcome) = worked.unwrap_or_else(|panic| {
                tracing::error!(conversation.id = %home.id, "a command made its actor panic");
                metrics::counter!("centralino_actor_panics_total").increment(1);
                home.shared.panics.note();
                let said = panics::text_of(panic.as_ref());
                (None, Outcome::Failed(EngineError::Panicked { said }))
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
            match self.decide_and_record(state, is_fresh, ask).await {
                Step::Ended(memory, outcome) => return (memory.map(|state| *state), outcome),
                Step::Again => {}
                Step::OtherConsent => opted_out = Some(!decided_on),
            }
        }
        (None, Outcome::Failed(EngineError::Busy))
    }

    /// The conversation before its first command, where that may open it.
    fn unborn(&self, ask: &Ask) -> Option<State> {
        let (opening, _) = ask.opening.as_ref()?;
        let (pair, now) = (self.pair.clone(), self.shared.clock.now());
        Some(State::unborn(self.id, pair, opening.clone(), self.previous_id, now))
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
        let (mut connection, _permit) = self.shared.connect_to_load(organization).await?;
        let mut state = match memory {
            Some(state) => state,
            None => match conversation::find(&mut connection, organization, self.id).await? {
                Some(conversation) => {
                    let messages =
                        message::unsettled(&mut connection, organization, self.id).await?;
                    State { conversation, messages }
                }
                None => match self.unborn(ask) {
                    Some(unborn) => unborn,
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

    async fn decide_and_record(&self, mut state: State, is_fresh: bool, ask: &Ask) -> Step {
        let now = self.shared.clock.now();
        if let (true, Some((opening, _))) = (state.is_unborn(), &ask.opening) {
            state.conversation.opening = opening.clone();
        }
        let events = match state.decide(&ask.command, now) {
            Ok(events) => events,
            // The callback is kept all the same, so that its repetitions are known as such.
            Err(Refusal::NothingToDo) if !matches!(ask.entry, Entry::None) => Vec::new(),
            // Another process may have moved it since: no is said on what is stored, not on memory.
            Err(_) if !is_fresh => return Step::Again,
            Err(refusal) => return Self::refused(state, ask, refusal),
        };
        let mut next = state.clone();
        for event in &events {
            next.apply(event, now);
        }
        next.conversation.revision += 1;
        let decision = Decision { before: &state, events: &events, after: &next, at: now };
        let change = recording::change(&self.shared, ask, &decision);
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
