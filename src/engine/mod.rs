//! What happens: one actor per conversation, the supervisors that find them, the outbox, the feed.
//!
//! **Invariant:** nothing outside this folder can name a mailbox; ask [`Engine`]. **Invariant:** no
//! fact lives here: kill any part at any time, and the database tells what to go on with. A command
//! is decided by `domain`, committed by a lane together with others, and only then remembered,
//! answered and told to subscribers. Start at `conversation_actor`; `receive` is the way in from
//! the provider, `outbox_pump` the way out.

mod conversation_actor;
mod error;
mod feed;
mod follower;
mod lane;
mod outbox_pump;
mod receive;
mod settings_cache;
mod shared;
mod supervisor;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix::Addr;
use tokio::sync::{Notify, Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

pub use conversation_actor::Done;
pub use error::EngineError;
pub use feed::FeedItem;
pub use follower::{BEHIND_EVENTS_MAX, FollowError, Follower};
pub use receive::{Received, input_hash};
pub use settings_cache::CallbackAccount;
pub use shared::{EngineOptions, Faults, NoFaults};

use crate::{
    domain::{
        address::SmsAddress,
        clock::Clock,
        conversation::{
            Conversation, Pair,
            command::{AgentAct, Command, OutgoingText, Refusal},
        },
        ids::{AgentId, ApiTokenId, ConversationId, MessageId, OrganizationId, SupportNumberId},
    },
    store::{
        Store,
        commit::{Actor, Entry, NewKey},
        conversation, idempotency, message,
        seal::Sealer,
    },
    telesign::TelesignClient,
};
use conversation_actor::{Answer, Ask};
use feed::Feed;
use lane::{Lane, place_of};
use settings_cache::SettingsCache;
use shared::Shared;
use supervisor::{Route, Supervisor, Target};

/// Committers; two keep one PostgreSQL busy.
const LANES: usize = 2;
/// Commands under way in the whole process.
const COMMANDS_MAX: usize = 16_384;
/// How often a command is sent after its conversation or its settings have moved.
const DETOURS_MAX: usize = 4;
/// How long a stop waits for what is under way.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(20);

/// What the engine is made of.
pub struct EngineParts {
    pub store: Store,
    pub sealer: Sealer,
    pub clock: Clock,
    pub telesign: TelesignClient,
    pub options: EngineOptions,
    pub faults: Arc<dyn Faults>,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub organization: OrganizationId,
    pub agent: AgentId,
    pub token: Option<ApiTokenId>,
}

impl Caller {
    pub fn actor(&self) -> Actor {
        self.token.map_or(Actor::Agent(self.agent), Actor::ApiToken)
    }
}

/// The engine as everyone else sees it; clones are handles.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
    supervisors: Arc<Vec<Addr<Supervisor>>>,
    permits: Arc<Semaphore>,
    is_stopping: Arc<AtomicBool>,
    stop: CancellationToken,
    system: actix::System,
}

/// A command without its way back.
struct Asking {
    command: Command,
    entry: Entry,
    actor: Actor,
    opening: Option<(crate::domain::conversation::Opening, i64)>,
}

enum Asked {
    Done(Done),
    StaleSettings,
}

/// What an agent wants to send.
#[derive(Clone)]
pub struct Sending {
    pub text: String,
    pub idempotency_key: String,
}

/// A conversation that an agent begins.
#[derive(Clone)]
pub struct Starting {
    pub support_number: SupportNumberId,
    pub to: SmsAddress,
    pub sending: Sending,
    pub assign_to_me: bool,
}

impl Engine {
    /// Starts the engine on the runtime of the caller and on threads of its own.
    pub fn start(parts: EngineParts) -> std::io::Result<Self> {
        let feed = Feed::new();
        let outbox_wake = Arc::new(Notify::new());
        let start_lane =
            |_| Lane::start(parts.store.clone(), Arc::clone(&feed), Arc::clone(&outbox_wake));
        let settings = SettingsCache::new(parts.store.clone(), parts.sealer, parts.clock.clone());
        let shared = Arc::new(Shared {
            lanes: (0..LANES).map(start_lane).collect(),
            store: parts.store,
            clock: parts.clock,
            options: parts.options,
            faults: parts.faults,
            settings,
            feed,
        });
        let (supervisors, system) = start_supervisors(&shared)?;
        let engine = Self {
            shared: Arc::clone(&shared),
            supervisors: Arc::new(supervisors),
            permits: Arc::new(Semaphore::new(COMMANDS_MAX)),
            is_stopping: Arc::new(AtomicBool::new(false)),
            stop: CancellationToken::new(),
            system,
        };
        let feed = Arc::clone(&shared.feed);
        tokio::spawn(feed.poll(shared.store.clone(), engine.stop.clone()));
        tokio::spawn(outbox_pump::run(engine.clone(), parts.telesign, outbox_wake));
        Ok(engine)
    }

    /// Refuses new work, waits for what is under way, ends the threads.
    pub async fn stop(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        self.stop.cancel();
        let all = u32::try_from(COMMANDS_MAX).unwrap_or(u32::MAX);
        if tokio::time::timeout(DRAIN_TIMEOUT, self.permits.acquire_many(all)).await.is_err() {
            tracing::warn!("commands were still under way when the engine stopped");
        }
        self.system.stop();
    }

    /// Begins to follow an organization's events.
    pub fn follow(&self, organization: OrganizationId) -> Follower {
        Follower::new(self.shared.store.clone(), &self.shared.feed, organization)
    }

    /// Looks for events that others committed now, instead of within a second.
    pub async fn announce(&self) {
        if let Err(error) = self.shared.feed.tell_positions(&self.shared.store).await {
            tracing::warn!(%error, "could not look for new events");
        }
    }

    /// Carries out what an agent does to a conversation.
    pub async fn act(
        &self,
        caller: Caller,
        id: ConversationId,
        act: AgentAct,
        expected_version: Option<i32>,
    ) -> Result<Done, EngineError> {
        let command = Command::Act { agent: caller.agent, act, expected_version };
        let asking = Asking { command, entry: Entry::None, actor: caller.actor(), opening: None };
        let target = self.target(caller.organization, id).await?;
        self.ask(target, asking).await?.done()
    }

    /// Queues an agent's text; it is durable when this answers.
    pub async fn send_message(
        &self,
        caller: Caller,
        id: ConversationId,
        sending: Sending,
    ) -> Result<Done, EngineError> {
        let (text, key) = self.outgoing(
            caller,
            "messageSend",
            &sending,
            input_hash(&[&id.to_string(), &sending.text]),
        );
        if let Some(done) = self.answered_before(caller.organization, &key).await? {
            return Ok(done);
        }
        let asking = Asking {
            command: Command::SendText(text),
            entry: Entry::Key(key.clone()),
            actor: caller.actor(),
            opening: None,
        };
        let target = self.target(caller.organization, id).await?;
        let done = self.ask(target, asking).await?.done()?;
        self.settle_repetition(caller.organization, &key, done).await
    }

    /// Opens a conversation with an agent's text.
    pub async fn start_conversation(
        &self,
        caller: Caller,
        starting: Starting,
    ) -> Result<Done, EngineError> {
        let hash = input_hash(&[
            &starting.support_number.to_string(),
            starting.to.as_str(),
            &starting.sending.text,
            if starting.assign_to_me { "mine" } else { "open" },
        ]);
        let (text, key) = self.outgoing(caller, "conversationStart", &starting.sending, hash);
        if let Some(done) = self.answered_before(caller.organization, &key).await? {
            return Ok(done);
        }
        let settings = &self.shared.settings;
        let mut known = settings.newer_than(caller.organization, 0).await?;
        for _ in 0..DETOURS_MAX {
            let present = known.ok_or(EngineError::NotFound)?;
            let opening = match present.opening(starting.support_number) {
                Ok(opening) => opening,
                Err(reason) => {
                    let newer = settings.newer_than(caller.organization, present.version).await?;
                    known = newer.filter(|newer| newer.version > present.version);
                    if known.is_none() {
                        return Err(reason.into());
                    }
                    continue;
                }
            };
            let asking = Asking {
                command: Command::StartConversation {
                    text: text.clone(),
                    assign_to: starting.assign_to_me.then_some(caller.agent),
                },
                entry: Entry::Key(key.clone()),
                actor: caller.actor(),
                opening: Some((opening, present.version)),
            };
            let pair = Pair {
                organization_id: caller.organization,
                support_number_id: starting.support_number,
                customer: starting.to.clone(),
            };
            match self.ask(Target::Pair { pair, stale: None }, asking).await? {
                Asked::Done(done) => {
                    return self.settle_repetition(caller.organization, &key, done).await;
                }
                Asked::StaleSettings => {
                    known = settings.newer_than(caller.organization, present.version).await?;
                }
            }
        }
        Err(EngineError::Busy)
    }

    /// The unresolved conversation of a pair, for whoever is refused because there is one.
    pub async fn open_conversation_of(
        &self,
        pair: &Pair,
    ) -> Result<Option<Conversation>, EngineError> {
        let mut connection = self.shared.store.read().await?;
        let newest = conversation::newest_of_pair(&mut connection, pair).await?;
        let resolved = crate::domain::conversation::ConversationStatus::Resolved;
        Ok(newest.filter(|conversation| conversation.status != resolved))
    }

    fn outgoing(
        &self,
        caller: Caller,
        mutation: &'static str,
        sending: &Sending,
        input_hash: [u8; 32],
    ) -> (OutgoingText, NewKey) {
        let message_id = MessageId(self.shared.clock.new_uuid());
        let text = OutgoingText {
            message_id,
            author: caller.agent,
            text: sending.text.clone(),
            idempotency_key: sending.idempotency_key.clone(),
        };
        let key = NewKey {
            agent: caller.agent,
            mutation,
            key: sending.idempotency_key.clone(),
            input_hash,
            result_id: message_id.to_string(),
        };
        (text, key)
    }

    /// What the first call with a key made, if there was one.
    ///
    /// Looked up before anything is decided: the repetition of a call that was carried out gets
    /// its answer even when the same call would be refused by now.
    async fn answered_before(
        &self,
        organization: OrganizationId,
        key: &NewKey,
    ) -> Result<Option<Done>, EngineError> {
        let mut connection = self.shared.store.read().await?;
        let Some(used) = idempotency::find(&mut connection, organization, key).await? else {
            return Ok(None);
        };
        if used.input_hash != key.input_hash {
            return Err(EngineError::KeyReused);
        }
        let id = used.result_id.parse().ok().ok_or(EngineError::NotFound)?;
        let located =
            message::find(&mut connection, organization, id).await?.ok_or(EngineError::NotFound)?;
        let conversation =
            conversation::find(&mut connection, organization, located.conversation_id)
                .await?
                .ok_or(EngineError::NotFound)?;
        Ok(Some(Done {
            conversation: Arc::new(conversation),
            message: Some(Arc::new(located.message)),
            is_repeated: true,
        }))
    }

    /// Two calls with one key at once: the loser answers with what the winner made.
    async fn settle_repetition(
        &self,
        organization: OrganizationId,
        key: &NewKey,
        done: Done,
    ) -> Result<Done, EngineError> {
        if !done.is_repeated {
            return Ok(done);
        }
        self.answered_before(organization, key).await?.ok_or(EngineError::Busy)
    }

    async fn target(
        &self,
        organization: OrganizationId,
        id: ConversationId,
    ) -> Result<Target, EngineError> {
        let mut connection = self.shared.store.read().await?;
        let found = conversation::find(&mut connection, organization, id).await?;
        let pair = found.ok_or(EngineError::NotFound)?.pair;
        Ok(Target::Conversation { id, pair })
    }

    /// Sends a command to the actor it is for, wherever that leads.
    async fn ask(&self, mut target: Target, asking: Asking) -> Result<Asked, EngineError> {
        if self.is_stopping.load(Ordering::SeqCst) {
            return Err(EngineError::Stopping);
        }
        let _permit = self.permits.try_acquire().ok().ok_or(EngineError::Busy)?;
        let Asking { mut command, mut entry, actor, mut opening } = asking;
        for _ in 0..DETOURS_MAX {
            let (reply, answer) = oneshot::channel();
            let pair = target.pair().clone();
            let ask = Ask { command, entry, actor, opening, reply };
            let supervisor = &self.supervisors[place_of(&pair, self.supervisors.len())];
            supervisor.try_send(Route { target, ask }).ok().ok_or(EngineError::Busy)?;
            match answer.await.ok().ok_or(EngineError::Panicked)? {
                Answer::Done(done) => return Ok(Asked::Done(done)),
                Answer::Failed(error) => return Err(error),
                Answer::StaleSettings => return Ok(Asked::StaleSettings),
                Answer::NotOpen { ask, stale } => {
                    target = Target::Pair { pair, stale: Some(stale) };
                    Ask { command, entry, opening, .. } = ask;
                }
            }
        }
        Err(EngineError::Busy)
    }
}

impl Asked {
    fn done(self) -> Result<Done, EngineError> {
        match self {
            Self::Done(done) => Ok(done),
            Self::StaleSettings => Err(EngineError::Refused(Refusal::NothingToDo)),
        }
    }
}

/// Starts one supervisor on each of as many threads as there are processors.
fn start_supervisors(
    shared: &Arc<Shared>,
) -> std::io::Result<(Vec<Addr<Supervisor>>, actix::System)> {
    let count = std::thread::available_parallelism().map_or(2, usize::from);
    let (sender, receiver) = std::sync::mpsc::channel();
    let shared = Arc::clone(shared);
    std::thread::Builder::new().name("engine".into()).spawn(move || {
        let system = actix::System::new();
        let supervisors: Vec<Addr<Supervisor>> = (0..count)
            .map(|_| {
                let arbiter = actix::Arbiter::new();
                let shared = Arc::clone(&shared);
                actix::Actor::start_in_arbiter(&arbiter.handle(), |_| Supervisor::new(shared))
            })
            .collect();
        let running = system.block_on(async { actix::System::current() });
        let is_wanted = sender.send((supervisors, running)).is_ok();
        if is_wanted && let Err(error) = system.run() {
            tracing::error!(%error, "the engine's threads have ended");
        }
    })?;
    receiver.recv().map_err(std::io::Error::other)
}
