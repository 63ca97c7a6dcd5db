//! What can happen on a feed.

use std::sync::Arc;

use async_graphql::{ComplexObject, ID, SimpleObject};

use crate::{
    api::graphql::{
        actor::ActorObject, alert::AlertObject, conversation::ConversationObject,
        message::MessageObject,
    },
    domain::conversation::{
        Conversation,
        access::{Role, Viewer},
    },
    engine::FeedItem,
    store::commit::{Actor, FeedEventKind},
};

/// A conversation that was created or changed.
///
/// Carries the whole conversation, so that caches can normalise by id and version.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ConversationUpserted {
    /// As it stands after the event, or later.
    conversation: ConversationObject,
    /// Fields that changed; none when it comes into the feed unchanged.
    changed: Vec<String>,
    #[graphql(skip)]
    by: Actor,
}

#[ComplexObject]
impl ConversationUpserted {
    /// Who did it.
    async fn actor(&self) -> ActorObject {
        self.by.into()
    }
}

/// A text that was added, or that moved on.
#[derive(SimpleObject)]
pub struct MessageUpserted {
    /// As it stands after the event, or later.
    message: MessageObject,
    /// True when it was added; false when its status moved.
    is_new: bool,
}

/// Why a conversation has left a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
pub enum FeedLeaveReason {
    /// It has ended.
    #[graphql(name = "RESOLVED")]
    Resolved,
    /// Another agent has it.
    #[graphql(name = "TRANSFERRED")]
    Transferred,
    /// Nobody has it, and it waits in a queue of others.
    #[graphql(name = "UNASSIGNED")]
    Unassigned,
}

/// No longer in this feed. Remove it.
#[derive(SimpleObject)]
pub struct ConversationLeft {
    /// Which one.
    conversation_id: ID,
    /// Why.
    reason: FeedLeaveReason,
}

impl ConversationLeft {
    /// How a conversation that is no longer in a feed has left it.
    pub fn of(conversation: &Conversation) -> Self {
        use crate::domain::conversation::ConversationStatus as Status;
        let reason = match (conversation.status, conversation.assignee) {
            (Status::Resolved, _) => FeedLeaveReason::Resolved,
            (Status::Open | Status::Active | Status::Waiting | Status::WrapUp, Some(_)) => {
                FeedLeaveReason::Transferred
            }
            (Status::Open | Status::Active | Status::Waiting | Status::WrapUp, None) => {
                FeedLeaveReason::Unassigned
            }
        };
        Self { conversation_id: ID(conversation.id.to_string()), reason }
    }
}

/// Something that a person should look at was raised, seen or cleared. Supervisors and admins only.
#[derive(SimpleObject)]
pub struct AlertRaised {
    /// As it stands after the event, or later.
    alert: AlertObject,
}

impl AlertRaised {
    /// What an item says of an alert, if it is about one that the viewer may see.
    pub fn of(item: &FeedItem, viewer: &Viewer) -> Option<Self> {
        let alert = item.alert.as_ref().filter(|_| viewer.role >= Role::Supervisor)?;
        Some(Self { alert: AlertObject { alert: Arc::clone(alert), as_of: item.position } })
    }
}

/// What an item says of its conversation.
pub enum Said {
    Conversation(ConversationUpserted),
    Message(MessageUpserted),
}

/// An item of the feed as an event; none where it is about something else.
pub fn said(item: &FeedItem) -> Option<Said> {
    let conversation = shown(item)?;
    let is_new = match item.kind {
        FeedEventKind::ConversationStarted | FeedEventKind::ConversationMoved => {
            let (changed, by) = (item.changed.clone(), item.actor);
            return Some(Said::Conversation(ConversationUpserted { conversation, changed, by }));
        }
        FeedEventKind::MessageAdded => true,
        FeedEventKind::MessageMoved => false,
        FeedEventKind::ConfigCreated | FeedEventKind::ConfigUpdated | FeedEventKind::AlertMoved => {
            return None;
        }
    };
    let message = Arc::clone(item.message.as_ref()?);
    Some(Said::Message(MessageUpserted {
        message: MessageObject { message, conversation },
        is_new,
    }))
}

/// The conversation of an item, for a client that has not held it before.
pub fn introduced(item: &FeedItem) -> Option<ConversationUpserted> {
    let (changed, by) = (Vec::new(), item.actor);
    Some(ConversationUpserted { conversation: shown(item)?, changed, by })
}

fn shown(item: &FeedItem) -> Option<ConversationObject> {
    let conversation = Arc::clone(item.conversation.as_ref()?);
    Some(ConversationObject { conversation, as_of: item.position })
}
