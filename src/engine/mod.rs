//! What happens: one actor per conversation, the supervisors that find them, the outbox, the feed.
//!
//! **Invariant:** nothing outside this folder can name a mailbox; ask [`Engine`]. **Invariant:** no
//! fact lives here: kill any part at any time, and the database tells what to go on with. A command
//! is decided by `domain`, committed by a lane together with others, and only then remembered,
//! answered and told to subscribers. Start at `conversation_actor`; `receive` is the way in from
//! the provider, `outbox_pump` the way out.

mod agent_work;
mod alerts;
mod caller;
mod consent;
mod conversation_actor;
mod error;
mod feed;
mod follower;
mod intake;
mod janitor;
mod keyring;
mod lane;
mod level;
mod outbox_pump;
mod panics;
mod quarantine;
mod receive;
mod recording;
mod replay;
mod settings_cache;
mod shared;
mod supervisor;
mod taking_back;
mod timer_pump;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use actix::Addr;
use tokio::sync::{Notify, Semaphore, SetOnce, oneshot};
use tokio_util::sync::CancellationToken;

pub use caller::Caller;
pub use conversation_actor::Done;
pub use error::EngineError;
pub use feed::FeedItem;
pub use follower::{BEHIND_EVENTS_MAX, FollowError, Follower};
pub use intake::{IntakeError, Taking};
pub use quarantine::{Forgery, Released, Suspects};
pub use receive::{Received, input_hash};
pub use replay::{ReplayRange, Replayed};
pub use settings_cache::CallbackAccount;
pub use shared::{EngineOptions, Faults, LOADS_MAX, NoFaults};

use crate::{
    domain::{
        address::SmsAddress,
        clock::Clock,
        conversation::{
            Opening,
            command::{Command, Refusal},
        },
        ids::{ConversationId, OrganizationId, SupportNumberId},
    },
    spool::{SealedFile, Spool},
    store::{Store, commit::Entry, conversation, seal::Sealer},
    telesign::{BaseUrl, TelesignClient},
};
use alerts::Alerts;
use caller::Doer;
use conversation_actor::{Answer, Ask};
use feed::Feed;
use keyring::Keyring;
use lane::{Lane, place_of};
use panics::Panics;
use quarantine::Quarantine;
use settings_cache::SettingsCache;
use shared::Shared;
use supervisor::{Route, Supervisor, Target};

/// Committers; two keep one PostgreSQL busy.
const LANES: usize = 2;
/// Commands under way in the whole process.
const COMMANDS_MAX: usize = 16_384;
/// How often a command is sent after its conversation or its settings have moved.
const DETOURS_MAX: usize = 4;
/// Texts on the wire at a time, and so at most ambiguous after a crash.
const SENDS_MAX: usize = 64;
/// How long a stop waits for the provider's answers to what is on the wire.
const SENDS_DRAIN_TIMEOUT: Duration = Duration::from_secs(17);
/// How long a stop waits for commands that are under way.
const COMMANDS_DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// What the engine is made of.
pub struct EngineParts {
    pub store: Store,
    pub sealer: Sealer,
    pub clock: Clock,
    pub telesign: TelesignClient,
    /// Where all texts go, instead of each account's own host.
    pub provider: Option<BaseUrl>,
    /// Where callbacks wait that the database does not take.
    pub spool: Spool,
    /// Where the keys are kept that callbacks are verified with while the database is away.
    pub keyring: SealedFile,
    pub options: EngineOptions,
    pub faults: Arc<dyn Faults>,
}

/// The engine as everyone else sees it; clones are handles.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
    supervisors: Arc<Vec<Addr<Supervisor>>>,
    permits: Arc<Semaphore>,
    /// One permit for each text that may be on the wire.
    sends: Arc<Semaphore>,
    is_stopping: Arc<AtomicBool>,
    stop: CancellationToken,
    is_met: Arc<SetOnce<()>>,
    system: actix::System,
}

/// A command without its way back.
struct Asking {
    command: Command,
    entry: Entry,
    actor: Doer,
    /// Where a conversation belongs if it has to be opened, and the settings that say so.
    opening: Option<(Opening, i64)>,
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
        let alerts = Alerts::new(parts.store.clone(), Arc::clone(&feed), parts.clock.clone());
        let keyring = Keyring::open(parts.keyring);
        let settings = SettingsCache::new(parts.store.clone(), parts.sealer, keyring);
        let shared = Arc::new(Shared {
            lanes: (0..LANES).map(start_lane).collect(),
            loads: Semaphore::new(LOADS_MAX),
            store: parts.store,
            spool: parts.spool,
            clock: parts.clock,
            options: parts.options,
            faults: parts.faults,
            settings,
            alerts,
            feed,
            quarantine: Quarantine::new(),
            panics: Panics::default(),
        });
        let (supervisors, system) = start_supervisors(&shared)?;
        let engine = Self {
            shared: Arc::clone(&shared),
            supervisors: Arc::new(supervisors),
            permits: Arc::new(Semaphore::new(COMMANDS_MAX)),
            sends: Arc::new(Semaphore::new(SENDS_MAX)),
            is_stopping: Arc::new(AtomicBool::new(false)),
            stop: CancellationToken::new(),
            is_met: Arc::default(),
            system,
        };
        tokio::spawn(level::watch(engine.clone()));
        let feed = Arc::clone(&shared.feed);
        tokio::spawn(feed.poll(shared.store.clone(), engine.stop.clone()));
        engine.once_met(intake::drain(engine.clone()));
        engine.once_met(janitor::run(Arc::clone(&shared), engine.stop.clone()));
        engine.once_met(timer_pump::run(engine.clone()));
        engine.once_met(taking_back::run(engine.clone()));
        engine.once_met(quarantine::run(Arc::clone(&shared), engine.stop.clone()));
        let pump = outbox_pump::run(engine.clone(), parts.telesign, parts.provider, outbox_wake);
        engine.once_met(pump);
        Ok(engine)
    }

    /// Says that the database is there and that its schema is this release's.
    pub fn database_met(&self) {
        // It has been said before: nothing is new.
        self.is_met.set(()).ok();
    }

    /// Begins work that goes into the database by itself, as soon as the database is known to be
    /// ours: what a strange schema refuses would look like a fault of the work.
    fn once_met(&self, work: impl Future<Output = ()> + Send + 'static) {
        let (is_met, stop) = (Arc::clone(&self.is_met), self.stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                &() = is_met.wait() => work.await,
            }
        });
    }

    /// Puts no more texts on the wire; those that are on it go on.
    pub fn stop_sending(&self) {
        self.stop.cancel();
    }

    /// Refuses new work, waits for what is under way, ends the threads.
    ///
    /// Texts on the wire come first: what the provider answers is still recorded, so that a restart
    /// leaves none of them unconfirmed. Nothing is waited for once `patience` is used up.
    pub async fn stop(&self, patience: Duration) {
        let begun = Instant::now();
        self.is_stopping.store(true, Ordering::SeqCst);
        self.stop_sending();
        let left = |most: Duration| most.min(patience.saturating_sub(begun.elapsed()));
        let what = "texts were still on the wire";
        all_back(&self.sends, SENDS_MAX, left(SENDS_DRAIN_TIMEOUT), what).await;
        let what = "commands were still under way";
        all_back(&self.permits, COMMANDS_MAX, left(COMMANDS_DRAIN_TIMEOUT), what).await;
        self.shared.spool.close().await;
        self.system.stop();
    }

    /// Begins to follow an organization's events.
    pub fn follow(&self, organization: OrganizationId) -> Follower {
        let shared = &self.shared;
        Follower::new((shared.store.clone(), shared.clock.clone()), &shared.feed, organization)
    }

    /// Looks for events that others committed now, instead of within a second.
    pub async fn announce(&self) {
        if let Err(error) = self.shared.feed.tell_positions(&self.shared.store).await {
            tracing::warn!(%error, "could not look for new events");
        }
        if let Err(error) = self.shared.settings.refresh().await {
            tracing::warn!(%error, "could not look for new settings");
        }
    }

    /// Forgets what has been kept long enough, now instead of within a minute.
    pub async fn tidy(&self) -> Result<(), EngineError> {
        Ok(janitor::forget(&self.shared).await?)
    }

    /// Callbacks that wait on the disk.
    pub fn spooled_records(&self) -> u64 {
        self.shared.spool.waiting().records
    }

    /// Whether commands panic so often that this process should be given no more work.
    pub fn is_panicking(&self) -> bool {
        self.shared.panics.is_stormy()
    }

    /// Whether callbacks can be taken while the database is away.
    pub fn can_spool(&self) -> bool {
        self.shared.spool.has_room()
    }

    async fn target(
        &self,
        organization: OrganizationId,
        id: ConversationId,
    ) -> Result<Target, EngineError> {
        let mut connection = self.shared.store.read(organization).await?;
        let found = conversation::find(&mut connection, organization, id).await?;
        let pair = found.ok_or(EngineError::NotFound)?.pair;
        Ok(Target::Conversation { id, pair })
    }

    /// Carries out what somebody outside asks for, unless the server is stopping.
    async fn ask(&self, target: Target, asking: Asking) -> Result<Asked, EngineError> {
        if self.is_stopping.load(Ordering::SeqCst) {
            return Err(EngineError::Stopping);
        }
        self.carry_out(target, asking).await
    }

    /// Sends a command to the actor it is for, wherever that leads.
    async fn carry_out(&self, target: Target, asking: Asking) -> Result<Asked, EngineError> {
        let answered = self.send_command(target, asking).await;
        if let Err(EngineError::Busy) = &answered {
            metrics::counter!("centralino_busy_total").increment(1);
        }
        answered
    }

    async fn send_command(&self, mut target: Target, asking: Asking) -> Result<Asked, EngineError> {
        let _permit = self.permits.try_acquire().ok().ok_or(EngineError::Busy)?;
        let Asking { mut command, mut entry, actor, mut opening } = asking;
        for _ in 0..DETOURS_MAX {
            let (reply, answer) = oneshot::channel();
            let pair = target.pair().clone();
            let ask = Ask { command, entry, actor, opening, reply };
            let supervisor = &self.supervisors[place_of(&pair, self.supervisors.len())];
            supervisor.try_send(Route { target, ask }).ok().ok_or(EngineError::Busy)?;
            match answer.await.ok().ok_or_else(lost)? {
                Answer::Done(done) => return Ok(Asked::Done(done)),
                Answer::Failed(error) => return Err(error),
                Answer::StaleSettings => return Ok(Asked::StaleSettings),
                Answer::NotOpen { ask, stale } => {
                    target = Target::Pair { pair, stale: Some(stale) };
                    Ask { command, entry, opening, .. } = *ask;
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

/// The actor has gone with the command: something outside of the command's own bounds panicked.
fn lost() -> EngineError {
    EngineError::Panicked { said: "the actor is gone".to_owned() }
}

/// Waits until every permit is back.
async fn all_back(permits: &Semaphore, count: usize, timeout: Duration, what: &'static str) {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if tokio::time::timeout(timeout, permits.acquire_many(count)).await.is_err() {
        tracing::warn!("{what} when the engine stopped");
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
                actix::Actor::start_in_arbiter(&arbiter.handle(), move |_| {
                    Supervisor::new(shared, count)
                })
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
