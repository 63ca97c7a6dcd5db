//! Conversations, as clients see them.
//!
//! **Invariant:** whoever makes a [`ConversationObject`] has asked `Viewer::may_see`, or answers
//! the agent that has just made the conversation. **Invariant:** its `as_of` is a position that was
//! read before the row, so that `eventCursor` never skips an event. `query` reads, `change` moves
//! a conversation along through the engine, `start` begins one.

pub mod change;
pub mod participant;
pub mod query;
pub mod reading;
mod start;
pub mod word;

use std::sync::Arc;

use async_graphql::{
    Context, Error, ID, MergedObject, Object, SimpleObject, connection::Connection,
};

use super::{
    channel::{ChannelAccountObject, SupportNumberObject},
    connection::{PageArguments, connect_rows},
    context::{connect, principal},
    cursor::encode_sequence,
    error::fault,
    loader::{NewestMessageOf, load},
    message::MessageObject,
    organization::{AgentObject, QueueObject, WorkstreamObject},
    scalar::{DateTime, EventCursor, LanguageTag},
    viewer::viewer,
};
use crate::{
    domain::{
        conversation::{Conversation, ConversationStatus as Status, access::Role},
        ids::AgentId,
    },
    store::message,
};
use participant::ParticipantObject;
use word::{ConversationAction, ConversationStatus, ResolutionReason, WaitingOn};

/// Reads conversations.
pub use query::ConversationQuery;

/// Moves conversations along.
#[derive(MergedObject, Default)]
pub struct ConversationMutation(start::StartMutation, change::ChangeMutation);

/// A conversation that the viewer may see.
#[derive(Clone)]
pub struct ConversationObject {
    pub conversation: Arc<Conversation>,
    /// Position of the feed before the conversation was read.
    pub as_of: i64,
}

impl ConversationObject {
    pub fn customer_participant(&self) -> ParticipantObject {
        ParticipantObject::Customer(self.conversation.pair.customer.clone())
    }

    fn message(&self, message: crate::domain::message::Message) -> MessageObject {
        MessageObject { message: Arc::new(message), conversation: self.clone() }
    }
}

/// An SMS exchange between one of our numbers and one customer, within one workstream.
#[Object(name = "Conversation")]
impl ConversationObject {
    /// Opaque and stable.
    pub async fn id(&self) -> ID {
        ID(self.conversation.id.to_string())
    }

    /// Grows when status, assignee, queue or resolution reason change; not with each text.
    pub async fn version(&self) -> i32 {
        self.conversation.version
    }

    /// When it began.
    pub async fn created_at(&self) -> DateTime {
        self.conversation.created_at.into()
    }

    /// When anything last happened to it.
    pub async fn updated_at(&self) -> DateTime {
        self.conversation.updated_at.into()
    }

    /// Where it stands.
    async fn status(&self) -> ConversationStatus {
        self.conversation.status.into()
    }

    /// Since when it stands there.
    async fn status_changed_at(&self) -> DateTime {
        self.conversation.status_changed_at.into()
    }

    /// Set only when status is RESOLVED.
    async fn resolution_reason(&self) -> Option<ResolutionReason> {
        self.conversation.resolution_reason.map(ResolutionReason::from)
    }

    /// Set only when status is RESOLVED.
    async fn resolved_at(&self) -> Option<DateTime> {
        let is_resolved = self.conversation.status == Status::Resolved;
        is_resolved.then(|| self.conversation.status_changed_at.into())
    }

    /// Who is expected to act, while it waits.
    async fn waiting_on(&self) -> Option<WaitingOn> {
        self.conversation.waiting_on.map(WaitingOn::from)
    }

    /// The language it is held in.
    async fn language(&self) -> LanguageTag {
        LanguageTag(self.conversation.opening.language.to_string())
    }

    /// The stream of work it belongs to.
    async fn workstream(&self, context: &Context<'_>) -> Result<WorkstreamObject, Error> {
        let found = load(context, self.conversation.opening.workstream_id).await?;
        found.map(WorkstreamObject::from).ok_or_else(|| broken("workstream"))
    }

    /// Where it waits, or waited, for an agent.
    async fn queue(&self, context: &Context<'_>) -> Result<Option<QueueObject>, Error> {
        Ok(load(context, self.conversation.opening.queue_id).await?.map(QueueObject::from))
    }

    /// The account at the provider; null unless the viewer is an admin.
    async fn channel_account(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<ChannelAccountObject>, Error> {
        if viewer(context)?.role != Role::Admin {
            return Ok(None);
        }
        let found = load(context, self.conversation.opening.channel_account_id).await?;
        Ok(found.map(ChannelAccountObject::from))
    }

    /// Our number.
    async fn support_number(&self, context: &Context<'_>) -> Result<SupportNumberObject, Error> {
        let found = load(context, self.conversation.pair.support_number_id).await?;
        found.map(SupportNumberObject::from).ok_or_else(|| broken("support number"))
    }

    /// Who texts us.
    async fn customer(&self) -> ParticipantObject {
        self.customer_participant()
    }

    /// Who has it; null while nobody does.
    async fn assignment(&self) -> Option<Assignment> {
        let conversation = &self.conversation;
        let (agent, assigned_at) = (conversation.assignee?, conversation.assigned_at?);
        Some(Assignment { agent_id: agent, assigned_at: assigned_at.into() })
    }

    /// The newest text.
    async fn last_message(&self, context: &Context<'_>) -> Result<Option<MessageObject>, Error> {
        let newest = load(context, NewestMessageOf(self.conversation.id)).await?;
        Ok(newest.map(|message| self.message(message)))
    }

    /// When the customer last texted.
    async fn last_inbound_at(&self) -> Option<DateTime> {
        self.conversation.last_inbound_at.map(DateTime::from)
    }

    /// When we last texted.
    async fn last_outbound_at(&self) -> Option<DateTime> {
        self.conversation.last_outbound_at.map(DateTime::from)
    }

    /// The customer has opted out of texts from this number: replies are refused.
    async fn opted_out(&self) -> bool {
        self.conversation.opted_out
    }

    /// What the viewer may do now; drives buttons without guessing the rules.
    #[expect(clippy::unused_async, reason = "the macro takes async functions only")]
    async fn viewer_can(&self, context: &Context<'_>) -> Result<Vec<ConversationAction>, Error> {
        let actions = viewer(context)?.actions(&self.conversation);
        Ok(actions.into_iter().map(ConversationAction::from).collect())
    }

    /// Position from which no event is missed; pass it to `conversationEvents(after:)`.
    async fn event_cursor(&self) -> EventCursor {
        EventCursor(self.as_of)
    }

    /// Texts by sequence; the newest with `last`.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn messages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, MessageObject>, Error> {
        let page = PageArguments { first, after, last, before }.by_sequence()?;
        let organization = principal(context)?.organization;
        let mut connection = connect(context).await?;
        let read = message::list(&mut connection, organization, self.conversation.id, page).await;
        let slice = read.map_err(|error| fault(&error))?;
        let cursor_of =
            |message: &crate::domain::message::Message| encode_sequence(message.sequence);
        Ok(connect_rows(slice, cursor_of, |message| self.message(message)))
    }

    /// The conversation before this one with the same customer on the same number.
    async fn previous_conversation(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<ConversationObject>, Error> {
        let Some(id) = self.conversation.previous_id else { return Ok(None) };
        let viewer = viewer(context)?;
        let found = load(context, id).await?.filter(|previous| viewer.may_see(previous));
        let as_of = self.as_of;
        Ok(found.map(|previous| Self { conversation: Arc::new(previous), as_of }))
    }
}

/// A spell of responsibility for a conversation.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Assignment {
    #[graphql(skip)]
    agent_id: AgentId,
    /// Since when.
    assigned_at: DateTime,
}

#[async_graphql::ComplexObject]
impl Assignment {
    /// Who is responsible.
    async fn agent(&self, context: &Context<'_>) -> Result<Option<AgentObject>, Error> {
        Ok(load(context, self.agent_id).await?.map(AgentObject::from))
    }
}

/// A foreign key leads nowhere: a bug, which the transport logs and hides.
fn broken(what: &str) -> Error {
    Error::new(format!("a conversation's {what} is not there"))
}
