//! Texts, as clients see them.
//!
//! **Invariant:** whoever makes a [`MessageObject`] has asked whether the viewer may see its
//! conversation. Sending is the engine's: an answer says that the text is durable and queued, never
//! that it has arrived.

mod estimate;
pub mod retry;
mod word;

use std::sync::Arc;

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

pub use estimate::MessageEstimate;
pub use word::{
    MessageDirection, MessageFailure, MessageFailureCode, MessageOrigin, MessageStatus, SendAttempt,
};

use super::{
    context::{caller, principal, services},
    conversation::{
        ConversationObject,
        change::{Stop, answer, check_key, check_text, engine_stop, find_visible},
        participant::ParticipantObject,
        reading::Reading,
    },
    error::{UserError, fault},
    loader::{AttemptsOf, load},
    scalar::{DateTime, SmsAddress},
    viewer::viewer,
};
use crate::{
    domain::{
        ids::{ConversationId, MessageId},
        message::{Message, MessageOrigin as Origin},
    },
    engine::Sending,
    store,
};
use estimate::count;
use word::{MessageAction, MessageEncoding};

/// A text of a conversation that the viewer may see.
#[derive(Clone)]
pub struct MessageObject {
    pub message: Arc<Message>,
    pub conversation: ConversationObject,
}

/// One text message.
#[Object(name = "Message")]
impl MessageObject {
    /// Opaque and stable.
    pub async fn id(&self) -> ID {
        ID(self.message.id.to_string())
    }

    /// What it belongs to.
    async fn conversation(&self) -> &ConversationObject {
        &self.conversation
    }

    /// 1, 2, 3 … within the conversation, with no holes; use it for order and gap detection.
    async fn sequence(&self) -> i32 {
        self.message.sequence
    }

    /// From the customer or to the customer.
    async fn direction(&self) -> MessageDirection {
        self.message.direction.into()
    }

    /// What made it.
    async fn origin(&self) -> MessageOrigin {
        self.message.origin.into()
    }

    /// Where it stands; it only moves forward.
    async fn status(&self) -> MessageStatus {
        self.message.status.into()
    }

    /// Since when it stands there.
    async fn status_changed_at(&self) -> DateTime {
        self.message.status_changed_at.into()
    }

    /// Why it did not arrive.
    async fn failure(&self) -> Option<MessageFailure> {
        self.message.failure.as_ref().map(MessageFailure::from)
    }

    /// Who wrote it.
    async fn author(&self) -> ParticipantObject {
        match (self.message.origin, self.message.author) {
            (Origin::Agent, Some(agent)) => ParticipantObject::Agent(agent),
            (Origin::Automated, _) => ParticipantObject::System,
            (Origin::Customer | Origin::Agent, _) => self.conversation.customer_participant(),
        }
    }

    /// What was written.
    async fn text(&self) -> &str {
        &self.message.text
    }

    /// The alphabet that the whole text is sent in.
    async fn encoding(&self) -> MessageEncoding {
        crate::domain::segment::estimate(&self.message.text).encoding.into()
    }

    /// Parts that are sent and billed, as we count them; carriers have the last word.
    async fn segments(&self) -> i32 {
        count(crate::domain::segment::estimate(&self.message.text).segments)
    }

    /// Where it came from.
    async fn from(&self) -> SmsAddress {
        SmsAddress(self.message.from.clone())
    }

    /// Where it went.
    async fn to(&self) -> SmsAddress {
        SmsAddress(self.message.to.clone())
    }

    /// When it was received or queued.
    async fn created_at(&self) -> DateTime {
        self.message.created_at.into()
    }

    /// When the provider took it.
    async fn sent_at(&self) -> Option<DateTime> {
        self.message.sent_at.map(DateTime::from)
    }

    /// When it reached the customer.
    async fn delivered_at(&self) -> Option<DateTime> {
        self.message.delivered_at.map(DateTime::from)
    }

    /// Reference id at the provider.
    async fn provider_reference(&self) -> Option<&str> {
        self.message.provider_reference.as_deref()
    }

    /// Every try, oldest first; the provider saw each external id at most once.
    async fn attempts(&self, context: &Context<'_>) -> Result<Vec<SendAttempt>, Error> {
        if self.message.attempt == 0 {
            return Ok(Vec::new());
        }
        let attempts = load(context, AttemptsOf(self.message.id)).await?.unwrap_or_default();
        Ok(attempts.into_iter().map(SendAttempt::from).collect())
    }

    /// What the viewer may do with it now.
    #[expect(clippy::unused_async, reason = "the macro takes async functions only")]
    async fn viewer_can(&self, context: &Context<'_>) -> Result<Vec<MessageAction>, Error> {
        let actions =
            viewer(context)?.message_actions(&self.conversation.conversation, &self.message);
        Ok(actions.into_iter().map(MessageAction::from).collect())
    }

    /// The key the sender gave; lets a client match its optimistic copy.
    async fn idempotency_key(&self) -> Option<&str> {
        self.message.idempotency_key.as_deref()
    }
}

/// Reads texts.
#[derive(Default)]
pub struct MessageQuery;

#[Object]
impl MessageQuery {
    /// One text; null when the viewer may not see its conversation.
    async fn message(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Id of the text.")] id: ID,
    ) -> Result<Option<MessageObject>, Error> {
        let Ok(id) = id.parse::<MessageId>() else { return Ok(None) };
        let mut found = find_messages(context, Reading::begin(context).await?, &[id]).await?;
        Ok(found.pop())
    }

    /// What a text would cost. No side effects; safe to call on each keystroke (debounce).
    async fn message_estimate(
        &self,
        #[graphql(desc = "The text as it would be sent.")] text: String,
    ) -> Option<MessageEstimate> {
        Some(MessageEstimate::of(&text))
    }
}

/// Those of the texts that the viewer may see, in no order.
pub async fn find_messages(
    context: &Context<'_>,
    mut reading: Reading,
    ids: &[MessageId],
) -> Result<Vec<MessageObject>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let viewer = viewer(context)?;
    let organization = principal(context)?.organization;
    let connection = &mut reading.connection;
    let located = store::message::find_many(connection, organization, ids).await;
    let located = located.map_err(|error| fault(&error))?;
    let mut conversation_ids: Vec<ConversationId> =
        located.iter().map(|located| located.conversation_id).collect();
    conversation_ids.sort_unstable();
    conversation_ids.dedup();
    let conversations =
        store::conversation::find_many(connection, organization, &conversation_ids).await;
    let visible: std::collections::HashMap<ConversationId, ConversationObject> = conversations
        .map_err(|error| fault(&error))?
        .into_iter()
        .filter(|conversation| viewer.may_see(conversation))
        .map(|conversation| (conversation.id, reading.object(conversation)))
        .collect();
    let objects = located.into_iter().filter_map(|located| {
        let conversation = visible.get(&located.conversation_id)?.clone();
        Some(MessageObject { message: Arc::new(located.message), conversation })
    });
    Ok(objects.collect())
}

/// A text to send.
#[derive(InputObject)]
pub struct MessageSendInput {
    /// Client-made UUID; the same key gives the same message for 24 hours.
    idempotency_key: String,
    /// Where it goes.
    conversation_id: ID,
    /// 1 to 1600 characters.
    text: String,
}

/// The text that was queued.
#[derive(SimpleObject, Default)]
pub struct MessageSendPayload {
    /// The text, durable and queued. A repeated call shows it as it stands by then.
    message: Option<MessageObject>,
    /// The conversation with it.
    conversation: Option<ConversationObject>,
    /// What it costs.
    estimate: Option<MessageEstimate>,
    /// Why it was not queued.
    user_errors: Vec<UserError>,
}

impl From<UserError> for MessageSendPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Sends texts.
#[derive(Default)]
pub struct MessageMutation;

#[Object]
impl MessageMutation {
    /// Queues a text to the customer; it is durable when this answers.
    async fn message_send(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The text, and where it goes.")] input: MessageSendInput,
    ) -> Result<Option<MessageSendPayload>, Error> {
        answer(Box::pin(send(context, input)).await)
    }
}

async fn send(context: &Context<'_>, input: MessageSendInput) -> Result<MessageSendPayload, Stop> {
    check_key(&input.idempotency_key)?;
    check_text(&input.text)?;
    let (conversation, as_of) = find_visible(context, &input.conversation_id).await?;
    let engine = &services(context)?.engine;
    let estimate = MessageEstimate::of(&input.text);
    let sending = Sending { text: input.text, idempotency_key: input.idempotency_key };
    let caller = caller(context)?;
    let done = engine.send_message(caller, conversation.id, sending).await.map_err(engine_stop)?;
    let conversation = ConversationObject { conversation: done.conversation, as_of };
    let message = done.message.ok_or_else(Stop::lost)?;
    Ok(MessageSendPayload {
        message: Some(MessageObject { message, conversation: conversation.clone() }),
        conversation: Some(conversation),
        estimate: Some(estimate),
        user_errors: Vec::new(),
    })
}
