//! Tells subscribers what was committed, in memory and in order.
//!
//! **Invariant:** nothing here is a fact. Whatever is lost (a slow reader, another process's
//! commit) is read back from the database by position; see `follower`.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{alert::Alert, conversation::Conversation, ids::OrganizationId, message::Message},
    store::{
        Store,
        commit::{Actor, Change, FeedEventKind},
        event,
    },
};

/// Commits that a slow follower may be behind before it has to read them back.
const CHANNEL_COMMITS_MAX: usize = 1_024;
/// How often other processes' commits are looked for.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// One event, with what it is about.
#[derive(Debug, Clone)]
pub struct FeedItem {
    pub position: i64,
    pub kind: FeedEventKind,
    /// As it stands after the event, or later.
    pub conversation: Option<Arc<Conversation>>,
    pub message: Option<Arc<Message>>,
    pub changed: Vec<String>,
    /// As it stands after the event, or later; none where the event is about something else.
    pub alert: Option<Arc<Alert>>,
    /// For a change of settings: the id of what changed.
    pub subject_id: Option<String>,
    pub actor: Actor,
    pub at: DateTime<Utc>,
}

/// What a follower hears.
#[derive(Debug, Clone)]
pub(super) enum Heard {
    /// The events of one commit, at consecutive positions.
    Commit(Arc<Vec<FeedItem>>),
    /// There are events up to this position to be read.
    Reached(i64),
}

/// The feeds of all organizations that somebody follows.
pub struct Feed {
    channels: Mutex<HashMap<OrganizationId, broadcast::Sender<Heard>>>,
}

impl Feed {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { channels: Mutex::new(HashMap::new()) })
    }

    pub(super) fn listen(&self, organization: OrganizationId) -> broadcast::Receiver<Heard> {
        let mut channels = self.channels.lock();
        // A channel that nobody hears any more makes room for those that come.
        channels.retain(|_, sender| sender.receiver_count() > 0);
        channels
            .entry(organization)
            .or_insert_with(|| broadcast::channel(CHANNEL_COMMITS_MAX).0)
            .subscribe()
    }

    /// Tells what a change made, from its first position on.
    pub(super) fn publish(&self, change: &Change, first_position: i64) {
        let organization = change.conversation.pair.organization_id;
        let Some(sender) = self.channels.lock().get(&organization).cloned() else { return };
        let items = items_of(change, first_position);
        if !items.is_empty() {
            // An error says that the last follower has just gone.
            drop(sender.send(Heard::Commit(Arc::new(items))));
        }
    }

    /// Looks for commits of others until it is cancelled.
    pub(super) async fn poll(self: Arc<Self>, store: Store, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(POLL_INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            if self.channels.lock().is_empty() {
                continue;
            }
            if let Err(error) = self.tell_positions(&store).await {
                tracing::warn!(%error, "could not look for new events");
            }
        }
    }

    /// Tells every follower how far the feeds have come.
    pub(super) async fn tell_positions(
        &self,
        store: &Store,
    ) -> Result<(), crate::store::StoreError> {
        let positions = event::positions(&mut store.system().await?).await?;
        let channels = self.channels.lock();
        for (organization, position) in positions {
            if let Some(sender) = channels.get(&organization) {
                drop(sender.send(Heard::Reached(position)));
            }
        }
        Ok(())
    }
}

fn items_of(change: &Change, first_position: i64) -> Vec<FeedItem> {
    let conversation = Arc::new(change.conversation.clone());
    let messages: HashMap<_, Arc<Message>> = change
        .added
        .iter()
        .chain(&change.changed)
        .map(|message| (message.id, Arc::new(message.clone())))
        .collect();
    (first_position..)
        .zip(&change.events)
        .map(|(position, event)| FeedItem {
            position,
            kind: event.kind,
            conversation: Some(Arc::clone(&conversation)),
            message: event.message_id.and_then(|id| messages.get(&id).cloned()),
            changed: event.changed.iter().map(|&field| field.to_owned()).collect(),
            alert: None,
            subject_id: None,
            actor: change.actor,
            at: change.at,
        })
        .collect()
}
