//! An agent texts first.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

use super::{
    ConversationObject,
    change::{Stop, answer, check_key, check_text, engine_stop},
};
use crate::{
    api::graphql::{
        context::{caller, principal, services},
        error::{UserError, UserErrorCode},
        message::MessageObject,
        scalar::PhoneNumber,
        viewer::viewer,
    },
    domain::{
        channel::SupportNumber,
        conversation::{Pair, command::Refusal},
        ids::{SupportNumberId, WorkstreamId},
    },
    engine::{EngineError, Sending, Starting},
    store::{event, support_number},
};

/// A conversation to begin, with its first text.
#[derive(InputObject)]
pub struct ConversationStartInput {
    /// Client-made UUID; the same key gives the same conversation for 24 hours.
    idempotency_key: String,
    /// Our number that the text comes from.
    support_number_id: ID,
    /// Refuse if the number belongs to another workstream.
    workstream_id: Option<ID>,
    /// The customer.
    to: PhoneNumber,
    /// 1 to 1600 characters.
    text: String,
    /// Take the conversation at once; otherwise it waits in its queue.
    #[graphql(default = true)]
    assign_to_me: bool,
}

/// The conversation that began.
#[derive(SimpleObject, Default)]
pub struct ConversationStartPayload {
    /// As it stands now.
    conversation: Option<ConversationObject>,
    /// Its first text, durable and queued.
    message: Option<MessageObject>,
    /// Why it did not begin.
    user_errors: Vec<UserError>,
}

impl From<UserError> for ConversationStartPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Begins conversations.
#[derive(Default)]
pub struct StartMutation;

#[Object]
impl StartMutation {
    /// Text a customer first; with an unresolved conversation there is `CONVERSATION_EXISTS`.
    async fn conversation_start(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whom to text, from which number, and what.")]
        input: ConversationStartInput,
    ) -> Result<Option<ConversationStartPayload>, Error> {
        answer(Box::pin(start(context, input)).await)
    }
}

async fn start(
    context: &Context<'_>,
    input: ConversationStartInput,
) -> Result<ConversationStartPayload, Stop> {
    check_key(&input.idempotency_key)?;
    check_text(&input.text)?;
    let (number, as_of) = find_number(context, &input.support_number_id).await?;
    check_workstream(&number, input.workstream_id.as_ref())?;
    let caller = caller(context)?;
    let starting = Starting {
        support_number: number.id,
        to: input.to.0.clone(),
        sending: Sending { text: input.text, idempotency_key: input.idempotency_key },
        assign_to_me: input.assign_to_me,
    };
    let done = match services(context)?.engine.start_conversation(caller, starting).await {
        Ok(done) => done,
        Err(EngineError::Refused(Refusal::ConversationExists)) => {
            let pair = Pair {
                organization_id: caller.organization,
                support_number_id: number.id,
                customer: input.to.0,
            };
            return Err(exists(context, &pair).await?);
        }
        Err(error) => return Err(engine_stop(error)),
    };
    let conversation = ConversationObject { conversation: done.conversation, as_of };
    let message = done.message.ok_or_else(Stop::lost)?;
    Ok(ConversationStartPayload {
        message: Some(MessageObject { message, conversation: conversation.clone() }),
        conversation: Some(conversation),
        user_errors: Vec::new(),
    })
}

/// The number, if it is the organization's, with a position from before anything happened.
async fn find_number(context: &Context<'_>, id: &ID) -> Result<(SupportNumber, i64), Stop> {
    let unknown =
        || UserError::at("supportNumberId", UserErrorCode::NotFound, "no such support number");
    let id = id.parse::<SupportNumberId>().map_err(|_malformed| unknown())?;
    let organization = principal(context)?.organization;
    let mut connection = services(context)?.reader.connect(organization).await?;
    let as_of = event::position(&mut connection, organization).await?;
    let found = support_number::find_many(&mut connection, organization, &[id]).await?;
    Ok((found.into_iter().next().ok_or_else(unknown)?, as_of))
}

fn check_workstream(number: &SupportNumber, asked: Option<&ID>) -> Result<(), Stop> {
    let Some(asked) = asked else { return Ok(()) };
    if asked.parse::<WorkstreamId>().ok() == number.workstream {
        return Ok(());
    }
    let message = "the support number does not belong to this workstream";
    Err(UserError::at("workstreamId", UserErrorCode::Invalid, message).into())
}

/// Names the conversation that is in the way, to whoever may see it.
async fn exists(context: &Context<'_>, pair: &Pair) -> Result<Stop, Stop> {
    let engine = &services(context)?.engine;
    let open = engine.open_conversation_of(pair).await.map_err(engine_stop)?;
    let viewer = viewer(context)?;
    let mut message = Refusal::ConversationExists.to_string();
    if let Some(visible) = open.filter(|conversation| viewer.may_see(conversation)) {
        message = format!("{message}: {}", visible.id);
    }
    Ok(UserError::at("to", UserErrorCode::ConversationExists, message).into())
}
