//! Follows an organization's feed from a position on: every event once, in order.
//!
//! It listens before it reads, so nothing falls between the two; a position that is missing in
//! memory is read from the database, where it must be, since positions are taken in the order of
//! commits.

use std::{collections::HashMap, sync::Arc};

use tokio::sync::broadcast::{self, error::RecvError};

use super::feed::{Feed, FeedItem, Heard};
use crate::{
    domain::{
        alert::Alert,
        clock::Clock,
        ids::{AlertId, ConversationId, MessageId, OrganizationId},
    },
    store::{
        Store, StoreError, alert,
        commit::FeedEventKind,
        conversation,
        event::{self, StoredEvent},
        message,
    },
};

/// Events that are read back at a time.
const READ_EVENTS_MAX: i64 = 200;
/// A follower further behind than this starts anew.
pub const BEHIND_EVENTS_MAX: i64 = 10_000;

/// Why following ended.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The follower is too far behind to be brought up event by event.
    #[error("too far behind the feed")]
    TooFarBehind,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the feed has ended")]
    Ended,
}

/// One follower of one organization's feed.
pub struct Follower {
    store: Store,
    organization: OrganizationId,
    clock: Clock,
    /// Asked for once: a busy floor has thousands of followers, and each hears of every commit.
    lag: metrics::Histogram,
    receiver: broadcast::Receiver<Heard>,
    /// The newest position that was handed out.
    position: i64,
    is_behind: bool,
}

impl Follower {
    /// Begins to listen; call [`Follower::start_after`] before the first [`Follower::next`].
    pub(super) fn new(
        (store, clock): (Store, Clock),
        feed: &Feed,
        organization: OrganizationId,
    ) -> Self {
        let receiver = feed.listen(organization);
        let lag = metrics::histogram!("centralino_feed_lag_seconds");
        Self { store, organization, clock, lag, receiver, position: 0, is_behind: true }
    }

    /// Hands out what comes after this position.
    pub fn start_after(&mut self, position: i64) {
        self.position = position;
        self.is_behind = true;
    }

    /// The position of the newest event that was handed out.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// The next events, at consecutive positions; never empty. Waits until there are some.
    pub async fn next(&mut self) -> Result<Arc<Vec<FeedItem>>, FollowError> {
        loop {
            if self.is_behind {
                let items = self.read_back().await?;
                if !items.is_empty() {
                    return Ok(Arc::new(items));
                }
            }
            match self.receiver.recv().await {
                Ok(Heard::Commit(items)) => {
                    if let Some(items) = self.take(items) {
                        return Ok(items);
                    }
                }
                Ok(Heard::Reached(position)) => self.is_behind |= position > self.position,
                Err(RecvError::Lagged(_)) => self.is_behind = true,
                Err(RecvError::Closed) => return Err(FollowError::Ended),
            }
        }
    }

    /// Takes a commit that follows on what was handed out; otherwise notes the gap.
    fn take(&mut self, items: Arc<Vec<FeedItem>>) -> Option<Arc<Vec<FeedItem>>> {
        let (first, last) = (items.first()?.position, items.last()?.position);
        if last <= self.position {
            return None;
        }
        if first != self.position + 1 {
            self.is_behind = true;
            return None;
        }
        self.position = last;
        let at = items.last()?.at;
        self.lag.record((self.clock.now() - at).to_std().unwrap_or_default());
        Some(items)
    }

    async fn read_back(&mut self) -> Result<Vec<FeedItem>, FollowError> {
        let mut connection = self.store.read(self.organization).await?;
        let newest = event::position(&mut connection, self.organization).await?;
        if newest - self.position > BEHIND_EVENTS_MAX {
            return Err(FollowError::TooFarBehind);
        }
        if newest <= self.position {
            self.is_behind = false;
            return Ok(Vec::new());
        }
        let stored =
            event::read_after(&mut connection, self.organization, self.position, READ_EVENTS_MAX)
                .await?;
        let items = hydrate(&mut connection, self.organization, stored).await?;
        // Positions are dense: the very next one is there, or it has been forgotten.
        if items.first().is_none_or(|first| first.position != self.position + 1) {
            return Err(FollowError::TooFarBehind);
        }
        if let Some(last) = items.last() {
            self.position = last.position;
        }
        self.is_behind = self.position < newest;
        Ok(items)
    }
}

/// Puts the conversations, texts and alerts that events speak of beside them.
async fn hydrate(
    connection: &mut crate::store::ReadConnection,
    organization: OrganizationId,
    stored: Vec<StoredEvent>,
) -> Result<Vec<FeedItem>, StoreError> {
    let mut conversation_ids: Vec<ConversationId> =
        stored.iter().filter_map(|event| event.conversation).collect();
    conversation_ids.sort_unstable();
    conversation_ids.dedup();
    let message_ids: Vec<MessageId> = stored.iter().filter_map(|event| event.message).collect();
    let conversations: HashMap<_, _> =
        conversation::find_many(connection, organization, &conversation_ids)
            .await?
            .into_iter()
            .map(|found| (found.id, Arc::new(found)))
            .collect();
    let messages: HashMap<_, _> = message::find_many(connection, organization, &message_ids)
        .await?
        .into_iter()
        .map(|found| (found.message.id, Arc::new(found.message)))
        .collect();
    let alerts = alerts_of(connection, organization, &stored).await?;
    let items = stored.into_iter().map(|event| FeedItem {
        position: event.position,
        kind: event.kind,
        conversation: event.conversation.and_then(|id| conversations.get(&id).cloned()),
        message: event.message.and_then(|id| messages.get(&id).cloned()),
        alert: event.subject_id.as_ref().and_then(|id| alerts.get(id).cloned()),
        changed: event.changed,
        subject_id: event.subject_id,
        actor: event.actor,
        at: event.at,
    });
    Ok(items.collect())
}

/// The alerts that events speak of, by their ids as the events have them.
async fn alerts_of(
    connection: &mut crate::store::ReadConnection,
    organization: OrganizationId,
    stored: &[StoredEvent],
) -> Result<HashMap<String, Arc<Alert>>, StoreError> {
    let is_alert = |event: &&StoredEvent| event.kind == FeedEventKind::AlertMoved;
    let subjects = stored.iter().filter(is_alert).filter_map(|event| event.subject_id.as_deref());
    let ids: Vec<AlertId> = subjects.filter_map(|id| id.parse().ok()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = alert::find_many(connection, organization, &ids).await?;
    Ok(found.into_iter().map(|alert| (alert.id.to_string(), Arc::new(alert))).collect())
}
