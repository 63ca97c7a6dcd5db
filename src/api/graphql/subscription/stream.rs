//! One stream of frames: opens, follows the feed, starts anew where it must.

use std::{future::Future, sync::Arc, time::Duration};

use async_graphql::Error;
use async_stream::try_stream;
use chrono::TimeDelta;
use futures_util::{StreamExt, stream::BoxStream};

use super::{
    Subscriber,
    frame::{Chain, FramePosition, ResyncReason},
};
use crate::{
    api::graphql::{error::fault, scalar::EventCursor, viewer::Change},
    domain::ids::{AgentId, QueueId},
    engine::{BEHIND_EVENTS_MAX, FeedItem, FollowError, Follower},
    store::{ReadConnection, StoreError, commit::FeedEventKind, event},
};

/// How long events are kept for clients that come back.
const AFTER_AGE_MAX: TimeDelta = TimeDelta::hours(24);
/// Pause before a feed is asked again that could not be read.
const RETRY_PAUSE: Duration = Duration::from_secs(1);
/// A client that sees little of a busy feed is told its place at least this often, with a delta
/// that may be empty, so that coming back does not cost a snapshot.
const SILENT_EVENTS_MAX: i64 = BEHIND_EVENTS_MAX / 10;

/// What a screen makes of a batch.
pub enum Taken<Event> {
    /// What of it this viewer is told; may be nothing.
    Events(Vec<Event>),
    /// The client must start anew; a snapshot follows.
    Resync(ResyncReason),
    /// What was still to be told before the permission ended, and the stream with it.
    Ended(Vec<Event>),
}

/// What a frame carries.
pub enum Content<Snapshot, Event> {
    Snapshot(Snapshot),
    Delta(Vec<Event>),
    Resync(ResyncReason),
}

/// One screen of a client: what it opens with, and what it makes of events.
pub trait Screen: Send + 'static {
    type Snapshot: Send + 'static;
    type Event: Send + 'static;
    type Frame: Send + 'static;

    /// Reads what the screen shows; `position` was read before.
    fn read(
        &mut self,
        connection: &mut ReadConnection,
        position: i64,
    ) -> impl Future<Output = Result<Self::Snapshot, Error>> + Send;

    /// Learns what a client holds that comes back, or why it has to start anew.
    fn resume(
        &mut self,
        connection: &mut ReadConnection,
        newest: i64,
    ) -> impl Future<Output = Result<Option<ResyncReason>, Error>> + Send;

    /// Judges each item with the viewer of the moment.
    fn take(
        &mut self,
        items: &[FeedItem],
    ) -> impl Future<Output = Result<Taken<Self::Event>, Error>> + Send;

    fn frame(position: FramePosition, content: Content<Self::Snapshot, Self::Event>)
    -> Self::Frame;
}

/// What comes next in a stream.
enum Due {
    Snapshot,
    Resync(ResyncReason),
    Deltas { after: i64 },
}

/// The frames of a screen, until the reader goes away or may see it no longer.
pub fn frames<S: Screen>(
    subscriber: Subscriber,
    mut screen: S,
    after: Option<EventCursor>,
) -> BoxStream<'static, Result<S::Frame, Error>> {
    // Listens before anything is read.
    let mut follower = subscriber.services.engine.follow(subscriber.principal.organization);
    let clock = subscriber.services.clock.clone();
    let after = after.map(|cursor| cursor.0);
    let mut chain = Chain::holding(after);
    let frames = try_stream! {
        let mut due = match after {
            None => Due::Snapshot,
            Some(after) => come_back(&subscriber, &mut screen, after).await?,
        };
        'stream: loop {
            if let Due::Resync(reason) = due {
                let word = reason.word();
                metrics::counter!("centralino_resyncs_total", "reason" => word).increment(1);
                yield S::frame(chain.resync(clock.now()), Content::Resync(reason));
            }
            if let Due::Deltas { after } = due {
                follower.start_after(after);
            } else {
                let (position, snapshot) = open(&subscriber, &mut screen).await?;
                follower.start_after(position);
                let place = chain.link(position, clock.now());
                yield S::frame(place, Content::Snapshot(snapshot));
            }
            let reason = loop {
                let items = match next(&mut follower).await {
                    Ok(items) => items,
                    Err(FollowError::TooFarBehind) => break ResyncReason::SlowConsumer,
                    Err(FollowError::Ended) => break 'stream,
                    Err(FollowError::Store(error)) => Err(fault(&error))?,
                };
                let at = items.last().map_or_else(|| clock.now(), |item| item.at);
                let (events, is_ended) = match screen.take(&items).await? {
                    Taken::Events(events) => (events, false),
                    Taken::Ended(events) => (events, true),
                    Taken::Resync(reason) => break reason,
                };
                if !events.is_empty() || chain.is_silent(follower.position()) {
                    let place = chain.link(follower.position(), at);
                    yield S::frame(place, Content::Delta(events));
                }
                if is_ended {
                    let reason = ResyncReason::PermissionsChanged;
                    yield S::frame(chain.resync(at), Content::Resync(reason));
                    break 'stream;
                }
            };
            due = Due::Resync(reason);
        }
    };
    frames.boxed()
}

impl Chain {
    /// Whether the client has not been told its place for long.
    fn is_silent(&self, position: i64) -> bool {
        self.sent().is_some_and(|sent| position - sent >= SILENT_EVENTS_MAX)
    }
}

/// The position, then the rows: newer rows than the position are told again, never missed.
async fn open<S: Screen>(
    subscriber: &Subscriber,
    screen: &mut S,
) -> Result<(i64, S::Snapshot), Error> {
    let mut connection = subscriber.connect().await?;
    let position = event::position(&mut connection, subscriber.principal.organization).await;
    let position = position.map_err(|error| fault(&error))?;
    Ok((position, screen.read(&mut connection, position).await?))
}

async fn come_back<S: Screen>(
    subscriber: &Subscriber,
    screen: &mut S,
    after: i64,
) -> Result<Due, Error> {
    let mut connection = subscriber.connect().await?;
    let newest = match check_after(&mut connection, subscriber, after).await {
        Ok(Ok(newest)) => newest,
        Ok(Err(reason)) => return Ok(Due::Resync(reason)),
        Err(error) => return Err(fault(&error)),
    };
    let reason = screen.resume(&mut connection, newest).await?;
    Ok(reason.map_or(Due::Deltas { after }, Due::Resync))
}

/// The newest position, if a client may go on from the one that it holds.
pub async fn check_after(
    connection: &mut ReadConnection,
    subscriber: &Subscriber,
    after: i64,
) -> Result<Result<i64, ResyncReason>, StoreError> {
    let organization = subscriber.principal.organization;
    let newest = event::position(connection, organization).await?;
    if after < 0 || after > newest {
        return Ok(Err(ResyncReason::CursorUnknown));
    }
    if newest - after > BEHIND_EVENTS_MAX {
        return Ok(Err(ResyncReason::CursorExpired));
    }
    if newest == after {
        return Ok(Ok(newest));
    }
    let kept_since = subscriber.services.clock.now() - AFTER_AGE_MAX;
    let first = event::first_after(connection, organization, after).await?;
    match first {
        // Positions are dense: the very next one is there, or it has been forgotten.
        Some((position, at)) if position == after + 1 && at >= kept_since => Ok(Ok(newest)),
        Some(_) | None => Ok(Err(ResyncReason::CursorExpired)),
    }
}

/// The next batch. A database that is away is waited for: the place in the feed is not lost.
pub async fn next(follower: &mut Follower) -> Result<Arc<Vec<FeedItem>>, FollowError> {
    loop {
        match follower.next().await {
            Err(FollowError::Store(error)) if error.is_retryable() => {
                tracing::warn!(error = ?error, "a subscription waits for the database");
                tokio::time::sleep(RETRY_PAUSE).await;
            }
            answer => return answer,
        }
    }
}

impl Subscriber {
    pub async fn connect(&self) -> Result<ReadConnection, Error> {
        let organization = self.principal.organization;
        self.services.reader.connect(organization).await.map_err(|error| fault(&error))
    }

    /// Reads the viewer again when an item may be about its role or its queues.
    pub async fn follow_viewer(&self, item: &FeedItem) -> Result<Change, Error> {
        match item.kind {
            FeedEventKind::ConfigCreated | FeedEventKind::ConfigUpdated => {}
            FeedEventKind::ConversationStarted
            | FeedEventKind::ConversationMoved
            | FeedEventKind::MessageAdded
            | FeedEventKind::MessageMoved
            | FeedEventKind::AlertMoved => return Ok(Change::Same),
        }
        let subject = item.subject_id.as_deref().unwrap_or_default();
        let is_queue = subject.parse::<QueueId>().is_ok();
        if !is_queue && subject.parse::<AgentId>() != Ok(self.principal.agent) {
            return Ok(Change::Same);
        }
        let mut connection = self.connect().await?;
        let change = self.viewer.refresh(&mut connection, &self.principal).await;
        change.map_err(|error| fault(&error))
    }
}
