//! What every part of the engine holds.

use std::{sync::Arc, time::Duration};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    alerts::Alerts,
    feed::Feed,
    lane::{Lane, place_of},
    panics::Panics,
    quarantine::Quarantine,
    settings_cache::SettingsCache,
};
use crate::{
    domain::{
        clock::Clock,
        conversation::Pair,
        ids::{ConversationId, OrganizationId},
    },
    spool::Spool,
    store::{ReadConnection, Store, StoreError},
};

/// The engine's time limits; tests scale them down.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// When a sender that says nothing counts as dead.
    pub send_claim: Duration,
    /// How long an unconfirmed text holds back the next of its conversation.
    pub unconfirmed_hold: Duration,
    /// When an actor that nobody asks anything is retired.
    pub idle_after: Duration,
    /// Actors in the whole process; above it the least recently used are retired first.
    pub actors_max: usize,
    /// How often due texts are looked for when nobody says that there are some.
    pub outbox_poll: Duration,
    /// How often due timers are looked for.
    pub timer_poll: Duration,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            send_claim: Duration::from_mins(1),
            unconfirmed_hold: Duration::from_mins(3),
            idle_after: Duration::from_mins(10),
            actors_max: 50_000,
            outbox_poll: Duration::from_millis(500),
            timer_poll: Duration::from_millis(500),
        }
    }
}

/// Where fault tests reach in: a command may be made to panic, loads are watched. The product passes
/// [`NoFaults`].
pub trait Faults: Send + Sync {
    fn before_command(&self, conversation: ConversationId);

    /// A conversation is about to be read; so many are being read, this one included.
    fn before_load(&self, _under_way: usize) {}
}

/// Nothing is broken on purpose.
pub struct NoFaults;

impl Faults for NoFaults {
    fn before_command(&self, _: ConversationId) {}
}

/// Handed to every actor and task.
pub(super) struct Shared {
    pub(super) store: Store,
    pub(super) spool: Spool,
    pub(super) clock: Clock,
    pub(super) options: EngineOptions,
    pub(super) faults: Arc<dyn Faults>,
    pub(super) settings: SettingsCache,
    pub(super) feed: Arc<Feed>,
    pub(super) alerts: Alerts,
    pub(super) quarantine: Quarantine,
    pub(super) panics: Panics,
    pub(super) lanes: Vec<Lane>,
    /// Conversations that are read at a time.
    pub(super) loads: Semaphore,
}

/// Conversations that are read at a time: after a restart all customers may text at once, and agents
/// who look at something must still find a connection.
pub const LOADS_MAX: usize = 8;

impl Shared {
    /// A connection to read a conversation with. Whoever comes when too many are being read waits.
    pub(super) async fn connect_to_load(
        &self,
        organization: OrganizationId,
    ) -> Result<(ReadConnection, SemaphorePermit<'_>), StoreError> {
        let closed = |_| StoreError::Unavailable("the engine has stopped".into());
        let permit = self.loads.acquire().await.map_err(closed)?;
        self.faults.before_load(LOADS_MAX - self.loads.available_permits());
        Ok((self.store.read(organization).await?, permit))
    }

    pub(super) fn lane_of(&self, pair: &Pair) -> &Lane {
        // There is always at least one lane, and `place_of` stays below their number.
        &self.lanes[place_of(pair, self.lanes.len())]
    }
}
