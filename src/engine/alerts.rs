//! Alerts: the one way to say that a person should look at something.
//!
//! [`Alerts::raise`] never fails its caller and costs nothing when the same trouble is noticed
//! again at once. What must be known exactly (an account's stop) is written by the store in the
//! transaction that finds it, and only announced here.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;

use super::{Caller, Engine, EngineError, feed::Feed};
use crate::{
    domain::{
        alert::{Alert, AlertKind, Trouble},
        audit::AuditChanges,
        clock::Clock,
        ids::{AlertId, OrganizationId},
    },
    store::{
        Store, StoreError,
        alert::{self, Raise},
        commit::FeedEventKind,
        event::{ConfigChange, Note},
    },
};

/// The same trouble is written again after this pause; what comes between is one.
const RENEW_PAUSE: Duration = Duration::from_secs(10);
/// Troubles that are remembered so; beyond it they are written each time.
const RECENT_MAX: usize = 10_000;

type Key = (OrganizationId, AlertKind, String);

/// Raises and clears alerts, for every part of the engine.
pub(super) struct Alerts {
    store: Store,
    feed: Arc<Feed>,
    clock: Clock,
    /// What this process has raised or renewed, and when.
    recent: Mutex<HashMap<Key, Instant>>,
}

impl Alerts {
    pub(super) fn new(store: Store, feed: Arc<Feed>, clock: Clock) -> Self {
        Self { store, feed, clock, recent: Mutex::default() }
    }

    /// Raises an alert, or renews the one that is open. A failure is logged: the trouble goes on,
    /// and is noticed again.
    pub(super) async fn raise(&self, trouble: &Trouble) {
        let key = (trouble.organization, trouble.kind, trouble.dedup_key.clone());
        if self.is_recent(&key) {
            return;
        }
        match self.write(trouble).await {
            Ok(Raise::Raised(_)) => self.announce().await,
            Ok(Raise::Renewed) => {}
            Ok(Raise::TooMany) => {
                let (kind, organization) = (trouble.kind.as_str(), trouble.organization);
                tracing::error!(kind, organization.id = %organization, "too many alerts are open");
            }
            Err(error) => {
                self.recent.lock().remove(&key);
                tracing::warn!(%error, kind = trouble.kind.as_str(), "could not raise an alert");
            }
        }
    }

    /// Ends an alert: its trouble is over.
    pub(super) async fn clear(&self, organization: OrganizationId, kind: AlertKind, key: &str) {
        self.recent.lock().remove(&(organization, kind, key.to_owned()));
        let now = self.clock.now();
        let cleared = async {
            let mut connection = self.store.write(organization).await?;
            let is_cleared = alert::clear(&mut connection, organization, (kind, key), now).await?;
            connection.commit().await?;
            Ok::<bool, StoreError>(is_cleared)
        };
        match cleared.await {
            Ok(true) => self.announce().await,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, kind = kind.as_str(), "could not clear an alert"),
        }
    }

    /// Tells followers that alerts have moved, and counts them anew.
    pub(super) async fn announce(&self) {
        if let Err(error) = self.feed.tell_positions(&self.store).await {
            tracing::warn!(%error, "could not tell of an alert");
        }
        self.count().await;
    }

    /// Sets the metric to what is open.
    pub(super) async fn count(&self) {
        let counted = async { alert::open_by_kind(&mut self.store.system().await?).await };
        match counted.await {
            Ok(open) => show(&open.into_iter().collect()),
            Err(error) => tracing::warn!(%error, "could not count the open alerts"),
        }
    }

    async fn write(&self, trouble: &Trouble) -> Result<Raise, StoreError> {
        let (id, now) = (AlertId(self.clock.new_uuid()), self.clock.now());
        let mut connection = self.store.write(trouble.organization).await?;
        let raise = alert::raise(&mut connection, id, trouble, now).await?;
        connection.commit().await?;
        Ok(raise)
    }

    /// Whether this process has just said so; if not, it is noted as said now.
    fn is_recent(&self, key: &Key) -> bool {
        let mut recent = self.recent.lock();
        if recent.get(key).is_some_and(|said| said.elapsed() < RENEW_PAUSE) {
            return true;
        }
        if recent.len() >= RECENT_MAX {
            recent.retain(|_, said| said.elapsed() < RENEW_PAUSE);
        }
        if recent.len() < RECENT_MAX {
            recent.insert(key.clone(), Instant::now());
        }
        false
    }
}

fn show(open: &HashMap<AlertKind, i64>) {
    for kind in AlertKind::ALL {
        let count = open.get(kind).copied().unwrap_or(0);
        let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        metrics::gauge!("centralino_alerts_open", "kind" => kind.as_str()).set(count);
    }
}

impl Engine {
    /// Says that a person should look at something; see [`Trouble`].
    pub async fn raise_alert(&self, trouble: &Trouble) {
        self.shared.alerts.raise(trouble).await;
    }

    /// Says that the trouble of this kind and key is over.
    pub async fn clear_alert(&self, organization: OrganizationId, kind: AlertKind, key: &str) {
        self.shared.alerts.clear(organization, kind, key).await;
    }

    /// Notes that the caller has seen an alert; a second time changes nothing.
    pub async fn acknowledge_alert(
        &self,
        caller: Caller,
        id: AlertId,
    ) -> Result<Alert, EngineError> {
        let (shared, organization) = (&self.shared, caller.organization);
        let mut connection = shared.store.write(organization).await?;
        let note = Note {
            action: "alertAcknowledge",
            changes: AuditChanges::default(),
            origin: caller.origin,
        };
        let change = ConfigChange {
            organization,
            kind: FeedEventKind::AlertMoved,
            subject_id: id.to_string(),
            actor: caller.actor(),
            at: shared.clock.now(),
            audit: Some(note),
        };
        let is_news = alert::acknowledge(&mut connection, id, caller.agent, &change).await?;
        let found = alert::find_many(&mut connection, organization, &[id]).await?;
        connection.commit().await?;
        if is_news {
            shared.alerts.announce().await;
        }
        found.into_iter().next().ok_or(EngineError::NotFound)
    }
}
