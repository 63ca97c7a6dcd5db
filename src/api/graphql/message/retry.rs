//! Another attempt at a text that did not arrive, or may not have.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

use super::{MessageObject, find_messages};
use crate::{
    api::graphql::{
        administration::{no_such, read_id},
        context::{caller, services},
        conversation::{
            ConversationObject,
            change::{Stop, answer, check_key, engine_stop},
            reading::Reading,
        },
        error::UserError,
    },
    domain::ids::MessageId,
};

/// A text to send again.
#[derive(InputObject)]
pub struct MessageRetryInput {
    /// Client-made UUID; the same key is one more attempt for 24 hours, however often it is used.
    idempotency_key: String,
    /// Which text.
    message_id: ID,
}

/// The text as it stands after the change.
#[derive(SimpleObject, Default)]
pub struct MessagePayload {
    /// As it stands now.
    message: Option<MessageObject>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

impl From<UserError> for MessagePayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Sends texts again.
#[derive(Default)]
pub struct RetryMutation;

#[Object]
impl RetryMutation {
    /// Send a text again that is FAILED, UNDELIVERABLE, EXPIRED or UNCONFIRMED.
    ///
    /// The new attempt has an `externalId` of its own. An UNCONFIRMED text may have been taken: the
    /// customer may then get it twice.
    async fn message_retry(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which text.")] input: MessageRetryInput,
    ) -> Result<Option<MessagePayload>, Error> {
        answer(Box::pin(retry(context, input)).await)
    }
}

async fn retry(context: &Context<'_>, input: MessageRetryInput) -> Result<MessagePayload, Stop> {
    check_key(&input.idempotency_key)?;
    let id: MessageId = read_id("messageId", "message", &input.message_id)?;
    let reading = Reading::begin(context).await?;
    let as_of = reading.as_of;
    // Another organization's, an invisible and an unknown one are told apart by nobody.
    let visible = find_messages(context, reading, &[id]).await?.pop();
    let conversation = visible.ok_or_else(|| no_such("messageId", "message"))?.conversation;
    let (engine, caller) = (&services(context)?.engine, caller(context)?);
    let conversation = conversation.conversation.id;
    let asked = engine.retry_message(caller, conversation, id, &input.idempotency_key).await;
    let done = asked.map_err(engine_stop)?;
    let conversation = ConversationObject { conversation: done.conversation, as_of };
    let message = done.message.ok_or_else(Stop::lost)?;
    let message = Some(MessageObject { message, conversation });
    Ok(MessagePayload { message, user_errors: Vec::new() })
}
