//! One question: who is the actor for this conversation?
//!
//! **Invariant:** only a supervisor holds addresses. Each pair of numbers belongs to one supervisor
//! (one for each thread), which reads a pair once however many texts arrive at once. It awaits
//! nothing itself, so that a slow conversation never delays another. A dead actor is replaced by a
//! fresh one that reads the database; an idle one is let go of.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use actix::{
    Actor as ActixActor, ActorFutureExt, Addr, AsyncContext, Context, Handler,
    Message as ActixMessage, WrapFuture, prelude::SendError,
};
use tokio::sync::Semaphore;

use super::{
    conversation_actor::{Answer, Ask, ConversationActor, Handle},
    error::EngineError,
    shared::Shared,
};
use crate::{
    domain::{
        conversation::{Conversation, ConversationStatus, Pair, State},
        ids::ConversationId,
    },
    store::{StoreError, conversation, message},
};

/// Commands of one conversation that may wait at a time.
const WAITING_COMMANDS_MAX: usize = 256;
/// Commands on their way to actors; the engine's own permits end before it does.
const MAILBOX_MESSAGES_MAX: usize = 16_384;
/// How often idle actors are looked for, at the longest.
const RETIRE_INTERVAL_MAX: Duration = Duration::from_secs(30);

/// Whom a command is for.
pub(super) enum Target {
    /// The unresolved conversation of a pair; `stale` is one that has proved not to be it.
    Pair {
        pair: Pair,
        stale: Option<ConversationId>,
    },
    Conversation {
        id: ConversationId,
        pair: Pair,
    },
}

impl Target {
    /// The pair that decides on which thread a conversation lives.
    pub(super) fn pair(&self) -> &Pair {
        match self {
            Self::Pair { pair, .. } | Self::Conversation { pair, .. } => pair,
        }
    }
}

#[derive(ActixMessage)]
#[rtype(result = "()")]
pub(super) struct Route {
    pub(super) target: Target,
    pub(super) ask: Ask,
}

struct Entry {
    address: Addr<ConversationActor>,
    permits: Arc<Semaphore>,
    pair: Pair,
    used_at: Instant,
}

enum PairEntry {
    /// Being read; these wait for it.
    Loading(Vec<Ask>),
    Open(ConversationId),
}

pub(super) struct Supervisor {
    shared: Arc<Shared>,
    conversations: HashMap<ConversationId, Entry>,
    pairs: HashMap<Pair, PairEntry>,
    actors_max: usize,
}

impl Supervisor {
    /// One of so many supervisors, which share what the process may hold.
    pub(super) fn new(shared: Arc<Shared>, supervisors: usize) -> Self {
        let actors_max = (shared.options.actors_max / supervisors.max(1)).max(1);
        Self { shared, conversations: HashMap::new(), pairs: HashMap::new(), actors_max }
    }

    fn route_pair(
        &mut self,
        pair: Pair,
        stale: Option<ConversationId>,
        ask: Ask,
        context: &mut Context<Self>,
    ) {
        match self.pairs.get_mut(&pair) {
            Some(PairEntry::Open(id)) if stale != Some(*id) => {
                let id = *id;
                self.deliver(id, &pair, ask, Seed::default());
            }
            Some(PairEntry::Loading(waiting)) => {
                if waiting.len() < WAITING_COMMANDS_MAX {
                    waiting.push(ask);
                } else {
                    refuse(ask, EngineError::Busy);
                }
            }
            _ => {
                self.pairs.insert(pair.clone(), PairEntry::Loading(vec![ask]));
                let loading = load(Arc::clone(&self.shared), pair.clone());
                let then_deliver = loading
                    .into_actor(self)
                    .map(move |loaded, supervisor, _| supervisor.loaded(&pair, loaded));
                context.spawn(then_deliver);
            }
        }
    }

    fn loaded(&mut self, pair: &Pair, loaded: Result<(ConversationId, Seed), StoreError>) {
        let Some(PairEntry::Loading(waiting)) = self.pairs.remove(pair) else { return };
        match loaded {
            Ok((id, seed)) => {
                self.pairs.insert(pair.clone(), PairEntry::Open(id));
                let mut seed = Some(seed);
                for ask in waiting {
                    self.deliver(id, pair, ask, seed.take().unwrap_or_default());
                }
            }
            Err(error) => {
                let text = error.to_string();
                for ask in waiting {
                    let error = StoreError::Unavailable(text.clone().into());
                    refuse(ask, EngineError::Store(error));
                }
            }
        }
    }

    /// Puts a command into the mailbox of its actor; starts one where none lives.
    fn deliver(&mut self, id: ConversationId, pair: &Pair, ask: Ask, seed: Seed) {
        let is_crowded = self.conversations.len() >= self.actors_max;
        if is_crowded && !self.conversations.contains_key(&id) {
            self.retire_least_used();
            if self.conversations.len() >= self.actors_max {
                // All of them are at work.
                refuse(ask, EngineError::Busy);
                return;
            }
        }
        let entry = self.entry(id, pair, seed);
        let Ok(permit) = Arc::clone(&entry.permits).try_acquire_owned() else {
            refuse(ask, EngineError::Busy);
            return;
        };
        entry.used_at = Instant::now();
        match entry.address.try_send(Handle { ask, permit }) {
            Ok(()) => {}
            Err(SendError::Full(handle)) => refuse(handle.ask, EngineError::Busy),
            Err(SendError::Closed(handle)) => {
                // It died; a fresh one reads the database.
                self.conversations.remove(&id);
                metrics::gauge!("centralino_actors").decrement(1);
                let entry = self.entry(id, pair, Seed::default());
                if let Err(SendError::Full(handle) | SendError::Closed(handle)) =
                    entry.address.try_send(handle)
                {
                    refuse(handle.ask, EngineError::Busy);
                }
            }
        }
    }

    fn entry(&mut self, id: ConversationId, pair: &Pair, seed: Seed) -> &mut Entry {
        let shared = &self.shared;
        self.conversations.entry(id).or_insert_with(|| {
            metrics::counter!("centralino_actors_started_total").increment(1);
            metrics::gauge!("centralino_actors").increment(1);
            let actor = ConversationActor {
                id,
                pair: pair.clone(),
                previous_id: seed.previous_id,
                shared: Arc::clone(shared),
                memory: seed.state,
                is_new: seed.is_new,
            };
            let address = ConversationActor::create(|context| {
                context.set_mailbox_capacity(WAITING_COMMANDS_MAX);
                actor
            });
            Entry {
                address,
                permits: Arc::new(Semaphore::new(WAITING_COMMANDS_MAX)),
                pair: pair.clone(),
                used_at: Instant::now(),
            }
        })
    }

    /// Lets go of actors that nobody has asked anything for a while.
    fn retire_idle(&mut self) {
        let idle_after = self.shared.options.idle_after;
        self.retire(|entry| entry.used_at.elapsed() >= idle_after);
    }

    /// Makes room when there are too many actors: the least recently used quarter of them goes.
    fn retire_least_used(&mut self) {
        let mut used: Vec<Instant> =
            self.conversations.values().map(|entry| entry.used_at).collect();
        let quarter = used.len() / 4;
        let (_, youngest_to_go, _) = used.select_nth_unstable(quarter);
        let youngest_to_go = *youngest_to_go;
        self.retire(|entry| entry.used_at <= youngest_to_go);
    }

    /// Dropping the only address ends an actor; with every permit back, its mailbox is empty.
    fn retire(&mut self, is_to_go: impl Fn(&Entry) -> bool) {
        let pairs = &mut self.pairs;
        let before = self.conversations.len();
        self.conversations.retain(|id, entry| {
            let is_busy = entry.permits.available_permits() < WAITING_COMMANDS_MAX;
            if is_busy || !is_to_go(entry) {
                return true;
            }
            if matches!(pairs.get(&entry.pair), Some(PairEntry::Open(open)) if open == id) {
                pairs.remove(&entry.pair);
            }
            false
        });
        let retired = u32::try_from(before - self.conversations.len()).unwrap_or(u32::MAX);
        metrics::counter!("centralino_actors_retired_total").increment(retired.into());
        metrics::gauge!("centralino_actors").decrement(retired);
    }
}

impl ActixActor for Supervisor {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        context.set_mailbox_capacity(MAILBOX_MESSAGES_MAX);
        let interval = self.shared.options.idle_after.min(RETIRE_INTERVAL_MAX);
        context.run_interval(interval, |supervisor, _| supervisor.retire_idle());
    }
}

impl Handler<Route> for Supervisor {
    type Result = ();

    fn handle(&mut self, route: Route, context: &mut Self::Context) {
        match route.target {
            Target::Pair { pair, stale } => self.route_pair(pair, stale, route.ask, context),
            Target::Conversation { id, pair } => {
                self.deliver(id, &pair, route.ask, Seed::default());
            }
        }
    }
}

/// What a new actor knows from the start.
#[derive(Default)]
struct Seed {
    state: Option<State>,
    previous_id: Option<ConversationId>,
    /// Nothing is stored yet under its id.
    is_new: bool,
}

/// The unresolved conversation of a pair, or a new id for the one that is to come.
async fn load(shared: Arc<Shared>, pair: Pair) -> Result<(ConversationId, Seed), StoreError> {
    let (mut connection, _permit) = shared.connect_to_load(pair.organization_id).await?;
    let newest = conversation::newest_of_pair(&mut connection, &pair).await?;
    let is_open = |found: &Conversation| found.status != ConversationStatus::Resolved;
    match newest {
        Some(conversation) if is_open(&conversation) => {
            let messages =
                message::unsettled(&mut connection, pair.organization_id, conversation.id).await?;
            let id = conversation.id;
            let state = Some(State { conversation, messages });
            Ok((id, Seed { state, ..Seed::default() }))
        }
        resolved => {
            let previous_id = resolved.map(|conversation| conversation.id);
            let id = ConversationId(shared.clock.new_uuid());
            Ok((id, Seed { state: None, previous_id, is_new: true }))
        }
    }
}

fn refuse(ask: Ask, error: EngineError) {
    // Whoever asked may have gone.
    drop(ask.reply.send(Answer::Failed(error)));
}
