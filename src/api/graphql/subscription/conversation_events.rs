//! One conversation, for the open thread; also for supervisors who watch.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, SimpleObject, Subscription, Union};
use futures_util::stream::BoxStream;

use super::{
    Subscriber, admit,
    event::{ConversationUpserted, MessageUpserted, Said, said},
    frame::{FramePosition, ResyncReason, ResyncRequired},
    stream::{Content, Screen, Taken, frames},
};
use crate::{
    api::graphql::{
        conversation::ConversationObject,
        error::{bad_input, fault},
        message::MessageObject,
        scalar::EventCursor,
        viewer::Change,
    },
    domain::{conversation::Conversation, ids::ConversationId},
    engine::FeedItem,
    store::{
        ReadConnection, conversation, message,
        page::{Page, PageEnd},
    },
};

/// Texts in a snapshot.
const SNAPSHOT_MESSAGES_MAX: i64 = 50;

/// One push on a conversation.
#[derive(Union)]
pub enum ConversationFrame {
    Snapshot(ConversationSnapshot),
    Delta(ConversationDelta),
    Resync(ResyncRequired),
}

/// Full state; replaces what the client holds.
#[derive(SimpleObject)]
pub struct ConversationSnapshot {
    /// Its place in the stream.
    position: FramePosition,
    /// As it stands.
    conversation: ConversationObject,
    /// Newest 50, oldest first.
    messages: Vec<MessageObject>,
}

/// Changes since the frame before, to be applied in order.
#[derive(SimpleObject)]
pub struct ConversationDelta {
    /// Its place in the stream.
    position: FramePosition,
    /// What happened; may be empty, when much has happened elsewhere.
    events: Vec<ConversationEvent>,
}

/// What can happen in a conversation.
#[derive(Union)]
pub enum ConversationEvent {
    Upserted(ConversationUpserted),
    Message(MessageUpserted),
}

/// Pushes to open threads.
#[derive(Default)]
pub struct ConversationEventsSubscription;

#[Subscription]
impl ConversationEventsSubscription {
    /// One conversation, for the open thread; also for supervisors watching.
    ///
    /// Ends with `ResyncRequired(PERMISSIONS_CHANGED)` when the viewer may see it no longer.
    async fn conversation_events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which conversation.")] conversation_id: ID,
        #[graphql(desc = "Cursor of the last frame that the client holds.")] after: Option<
            EventCursor,
        >,
    ) -> Result<BoxStream<'static, Result<ConversationFrame, Error>>, Error> {
        let subscriber = admit(context, "Subscription.conversationEvents")?;
        let id = conversation_id.parse::<ConversationId>().map_err(|_malformed| unknown())?;
        let mut thread = Thread { subscriber: subscriber.clone(), id, newest: None };
        // Refused before it begins, as an id that is none: nobody can tell the two apart.
        thread.find(&mut subscriber.connect().await?).await?;
        Ok(frames(subscriber, thread, after))
    }
}

/// An unknown conversation and an invisible one are told apart by nobody.
fn unknown() -> Error {
    bad_input("no such conversation")
}

/// One open thread.
struct Thread {
    subscriber: Subscriber,
    id: ConversationId,
    /// The conversation as it was last heard of.
    newest: Option<Arc<Conversation>>,
}

impl Thread {
    /// The conversation as it stands, if the viewer may see it.
    async fn find(&mut self, connection: &mut ReadConnection) -> Result<Arc<Conversation>, Error> {
        let organization = self.subscriber.principal.organization;
        let found = conversation::find(connection, organization, self.id).await;
        let found = found.map_err(|error| fault(&error))?.map(Arc::new);
        let viewer = self.subscriber.viewer.get();
        let visible = found.filter(|conversation| viewer.may_see(conversation));
        self.newest.clone_from(&visible);
        visible.ok_or_else(unknown)
    }

    fn may_see_it(&self) -> bool {
        let viewer = self.subscriber.viewer.get();
        self.newest.as_ref().is_some_and(|conversation| viewer.may_see(conversation))
    }
}

impl Screen for Thread {
    type Snapshot = (ConversationObject, Vec<MessageObject>);
    type Event = ConversationEvent;
    type Frame = ConversationFrame;

    async fn read(
        &mut self,
        connection: &mut ReadConnection,
        position: i64,
    ) -> Result<Self::Snapshot, Error> {
        let conversation = self.find(connection).await?;
        let organization = self.subscriber.principal.organization;
        let page =
            Page { after: None, before: None, size: SNAPSHOT_MESSAGES_MAX, end: PageEnd::Last };
        let read = message::list(connection, organization, self.id, page).await;
        let conversation = ConversationObject { conversation, as_of: position };
        let object = |message| MessageObject {
            message: Arc::new(message),
            conversation: conversation.clone(),
        };
        let messages = read.map_err(|error| fault(&error))?.rows.into_iter().map(object).collect();
        Ok((conversation, messages))
    }

    async fn resume(
        &mut self,
        connection: &mut ReadConnection,
        _newest: i64,
    ) -> Result<Option<ResyncReason>, Error> {
        self.find(connection).await?;
        Ok(None)
    }

    async fn take(&mut self, items: &[FeedItem]) -> Result<Taken<ConversationEvent>, Error> {
        let mut events = Vec::new();
        for item in items {
            let change = self.subscriber.follow_viewer(item).await?;
            let of_it = item.conversation.as_ref().filter(|found| found.id == self.id);
            if let Some(conversation) = of_it {
                self.newest = Some(Arc::clone(conversation));
            }
            if change == Change::Gone || !self.may_see_it() {
                return Ok(Taken::Ended(events));
            }
            if of_it.is_none() {
                continue;
            }
            events.extend(said(item).map(|said| match said {
                Said::Conversation(upserted) => ConversationEvent::Upserted(upserted),
                Said::Message(upserted) => ConversationEvent::Message(upserted),
            }));
        }
        Ok(Taken::Events(events))
    }

    fn frame(
        position: FramePosition,
        content: Content<Self::Snapshot, ConversationEvent>,
    ) -> ConversationFrame {
        match content {
            Content::Snapshot((conversation, messages)) => {
                let snapshot = ConversationSnapshot { position, conversation, messages };
                ConversationFrame::Snapshot(snapshot)
            }
            Content::Delta(events) => {
                ConversationFrame::Delta(ConversationDelta { position, events })
            }
            Content::Resync(reason) => {
                ConversationFrame::Resync(ResyncRequired { position, reason })
            }
        }
    }
}
