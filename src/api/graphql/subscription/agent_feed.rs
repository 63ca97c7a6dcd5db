//! All that an agent's desktop needs: what is theirs, and the open work of their queues.

use std::collections::HashSet;

use async_graphql::{ComplexObject, Context, Error, SimpleObject, Subscription, Union};
use futures_util::{future::try_join_all, stream::BoxStream};

use super::{
    Subscriber, admit,
    event::{
        AlertRaised, ConversationLeft, ConversationUpserted, MessageUpserted, Said, introduced,
        said,
    },
    frame::{FramePosition, ResyncReason, ResyncRequired},
    stream::{Content, Screen, Taken, frames},
};
use crate::{
    api::graphql::{
        context::principal,
        conversation::{ConversationObject, query::inbox_of},
        error::fault,
        loader::load,
        organization::{AgentObject, QueueObject},
        scalar::EventCursor,
        viewer::{Change, viewer},
    },
    domain::{
        conversation::{Conversation, ConversationStatus, access::Viewer},
        ids::ConversationId,
    },
    engine::FeedItem,
    store::{
        ReadConnection,
        conversation::{self, Filter},
        page::{PAGE_SIZE_MAX, Page, PageEnd},
    },
};

/// Conversations of each list in a snapshot.
const SNAPSHOT_CONVERSATIONS_MAX: usize = 200;
/// Conversations that a client may hold; beyond it, it starts anew with a snapshot.
const HELD_CONVERSATIONS_MAX: usize = 2_000;

/// One push on the agent feed.
#[derive(Union)]
pub enum AgentFeedFrame {
    Snapshot(AgentSnapshot),
    Delta(AgentDelta),
    Resync(ResyncRequired),
}

/// Full state; replaces what the client holds.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct AgentSnapshot {
    /// Its place in the stream.
    position: FramePosition,
    /// Mine, WAITING included; the oldest 200.
    inbox: Vec<ConversationObject>,
    /// Open work of my queues, oldest first, at most 200.
    open_work: Vec<ConversationObject>,
    /// More than 200 in the inbox; page with `Query.inbox`.
    truncated: bool,
}

#[ComplexObject]
impl AgentSnapshot {
    /// Who looks.
    async fn agent(&self, context: &Context<'_>) -> Result<AgentObject, Error> {
        let found = load(context, principal(context)?.agent).await?;
        found.map(AgentObject::from).ok_or_else(|| Error::new("the viewer is not there"))
    }

    /// The queues that I work.
    async fn queues(&self, context: &Context<'_>) -> Result<Vec<QueueObject>, Error> {
        let ids = viewer(context)?.queues.clone();
        let found = try_join_all(ids.into_iter().map(|id| load(context, id))).await?;
        Ok(found.into_iter().flatten().map(QueueObject::from).collect())
    }
}

/// Changes since the frame before, to be applied in order.
#[derive(SimpleObject)]
pub struct AgentDelta {
    /// Its place in the stream.
    position: FramePosition,
    /// What happened; may be empty, when much has happened that is none of the viewer's business.
    events: Vec<AgentEvent>,
}

/// What can happen on an agent feed.
#[derive(Union)]
pub enum AgentEvent {
    Upserted(ConversationUpserted),
    Left(ConversationLeft),
    Message(MessageUpserted),
    Alert(AlertRaised),
}

/// Pushes to agents' desktops.
#[derive(Default)]
pub struct AgentFeedSubscription;

#[Subscription]
impl AgentFeedSubscription {
    /// All an agent desktop needs: own inbox and the open work of their queues.
    #[expect(clippy::unused_async, reason = "the macro takes async functions only")]
    async fn agent_feed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Cursor of the last frame that the client holds.")] after: Option<
            EventCursor,
        >,
    ) -> Result<BoxStream<'static, Result<AgentFeedFrame, Error>>, Error> {
        let subscriber = admit(context, "Subscription.agentFeed")?;
        Ok(frames(subscriber.clone(), Desktop::new(subscriber), after))
    }
}

/// What a snapshot is made of.
struct Lists {
    inbox: Vec<ConversationObject>,
    open_work: Vec<ConversationObject>,
    truncated: bool,
}

/// An agent's desktop.
struct Desktop {
    subscriber: Subscriber,
    /// What the client holds: whatever leaves the feed is told of only if it is in here.
    held: HashSet<ConversationId>,
    /// Up to here a client that came back may hold what it was told before; see `was_shown`.
    catch_up_until: i64,
    /// What such a client has been told to remove.
    removed: HashSet<ConversationId>,
}

impl Desktop {
    fn new(subscriber: Subscriber) -> Self {
        let (held, removed) = (HashSet::new(), HashSet::new());
        Self { subscriber, held, catch_up_until: 0, removed }
    }

    /// One of the lists, up to a number, and whether it goes on.
    async fn list(
        &self,
        connection: &mut ReadConnection,
        filter: &Filter,
        count_max: usize,
    ) -> Result<(Vec<Conversation>, bool), Error> {
        let viewer = self.subscriber.viewer.get();
        let organization = self.subscriber.principal.organization;
        let mut page = Page { after: None, before: None, size: PAGE_SIZE_MAX, end: PageEnd::First };
        let mut found = Vec::new();
        loop {
            let read = conversation::list(connection, organization, &viewer, filter, page).await;
            let slice = read.map_err(|error| fault(&error))?;
            page.after = slice.rows.last().map(|row| row.id.0);
            found.extend(slice.rows);
            if !slice.has_next || found.len() >= count_max {
                let goes_on = slice.has_next || found.len() > count_max;
                found.truncate(count_max);
                return Ok((found, goes_on));
            }
        }
    }

    /// An item about one alert or one conversation, whose state is the one that is told.
    fn judge(&mut self, item: &FeedItem, events: &mut Vec<AgentEvent>) {
        let viewer = self.subscriber.viewer.get();
        events.extend(AlertRaised::of(item, &viewer).map(AgentEvent::Alert));
        let Some(conversation) = &item.conversation else { return };
        let id = conversation.id;
        if shows(&viewer, conversation) {
            let is_held = !self.held.insert(id);
            match said(item) {
                Some(Said::Conversation(upserted)) => events.push(AgentEvent::Upserted(upserted)),
                Some(Said::Message(upserted)) => {
                    if !is_held {
                        events.extend(introduced(item).map(AgentEvent::Upserted));
                    }
                    events.push(AgentEvent::Message(upserted));
                }
                None => {}
            }
            return;
        }
        let may_be_held = item.position <= self.catch_up_until
            && was_shown(&viewer, conversation)
            && !self.removed.contains(&id);
        if self.held.remove(&id) || may_be_held {
            if item.position <= self.catch_up_until {
                self.removed.insert(id);
            }
            events.push(AgentEvent::Left(ConversationLeft::of(conversation)));
        }
    }
}

impl Screen for Desktop {
    type Snapshot = Lists;
    type Event = AgentEvent;
    type Frame = AgentFeedFrame;

    async fn read(
        &mut self,
        connection: &mut ReadConnection,
        position: i64,
    ) -> Result<Lists, Error> {
        let viewer = self.subscriber.viewer.get();
        let count_max = SNAPSHOT_CONVERSATIONS_MAX;
        let (inbox, truncated) = self.list(connection, &inbox_of(viewer.agent), count_max).await?;
        let (open_work, _) = self.list(connection, &open_work_of(&viewer), count_max).await?;
        // Whatever the client held before is replaced.
        self.held = inbox.iter().chain(&open_work).map(|conversation| conversation.id).collect();
        self.catch_up_until = 0;
        self.removed = HashSet::new();
        let show = |conversations: Vec<Conversation>| {
            let object = |conversation| ConversationObject {
                conversation: std::sync::Arc::new(conversation),
                as_of: position,
            };
            conversations.into_iter().map(object).collect()
        };
        Ok(Lists { inbox: show(inbox), open_work: show(open_work), truncated })
    }

    async fn resume(
        &mut self,
        connection: &mut ReadConnection,
        newest: i64,
    ) -> Result<Option<ResyncReason>, Error> {
        let viewer = self.subscriber.viewer.get();
        let count_max = HELD_CONVERSATIONS_MAX;
        for filter in [inbox_of(viewer.agent), open_work_of(&viewer)] {
            let (found, goes_on) = self.list(connection, &filter, count_max).await?;
            self.held.extend(found.into_iter().map(|conversation| conversation.id));
            if goes_on || self.held.len() > count_max {
                return Ok(Some(ResyncReason::SlowConsumer));
            }
        }
        self.catch_up_until = newest;
        Ok(None)
    }

    async fn take(&mut self, items: &[FeedItem]) -> Result<Taken<AgentEvent>, Error> {
        let mut events = Vec::new();
        for item in items {
            match self.subscriber.follow_viewer(item).await? {
                Change::Same => self.judge(item, &mut events),
                Change::Other => return Ok(Taken::Resync(ResyncReason::PermissionsChanged)),
                Change::Gone => return Ok(Taken::Ended(events)),
            }
        }
        if items.last().is_some_and(|last| last.position >= self.catch_up_until) {
            self.removed = HashSet::new();
        }
        if self.held.len() > HELD_CONVERSATIONS_MAX {
            return Ok(Taken::Resync(ResyncReason::SlowConsumer));
        }
        Ok(Taken::Events(events))
    }

    fn frame(position: FramePosition, content: Content<Lists, AgentEvent>) -> AgentFeedFrame {
        match content {
            Content::Snapshot(Lists { inbox, open_work, truncated }) => {
                AgentFeedFrame::Snapshot(AgentSnapshot { position, inbox, open_work, truncated })
            }
            Content::Delta(events) => AgentFeedFrame::Delta(AgentDelta { position, events }),
            Content::Resync(reason) => AgentFeedFrame::Resync(ResyncRequired { position, reason }),
        }
    }
}

/// The open work of the queues that the viewer works.
fn open_work_of(viewer: &Viewer) -> Filter {
    Filter {
        statuses: Some(vec![ConversationStatus::Open]),
        queues: Some(viewer.queues.clone()),
        ..Filter::default()
    }
}

/// Whether a conversation is on the viewer's desktop. What is, the viewer may see.
fn shows(viewer: &Viewer, conversation: &Conversation) -> bool {
    let is_mine = conversation.assignee == Some(viewer.agent)
        && conversation.status != ConversationStatus::Resolved;
    let is_open_work = conversation.status == ConversationStatus::Open
        && viewer.queues.contains(&conversation.opening.queue_id);
    (is_mine || is_open_work) && viewer.may_see(conversation)
}

/// Whether a conversation has ever been on the viewer's desktop, so that its id is no news.
///
/// Each conversation begins as open work of its queue.
fn was_shown(viewer: &Viewer, conversation: &Conversation) -> bool {
    viewer.queues.contains(&conversation.opening.queue_id)
        || conversation.assignee == Some(viewer.agent)
        || conversation.affinity == Some(viewer.agent)
}
