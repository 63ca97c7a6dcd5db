//! Moves a conversation along, through the engine.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

use super::{
    ConversationObject,
    word::{ResolutionReason, WaitingOn},
};
use crate::{
    api::graphql::{
        context::{caller, principal, services},
        error::{UserError, UserErrorCode, refused},
        viewer::viewer,
    },
    domain::{
        conversation::{
            Conversation,
            command::{self, AgentAct, Refusal},
        },
        ids::ConversationId,
    },
    engine::EngineError,
    store::{StoreError, conversation, event},
};

/// Longest idempotency key.
const KEY_CHARACTERS_MAX: usize = 200;

/// Why a mutation goes no further: something to tell the caller, or a fault of ours.
pub enum Stop {
    Refused(Box<UserError>),
    Fault(Error),
}

impl Stop {
    /// The engine answers each text command with its text; anything else is a bug.
    pub fn lost() -> Self {
        Self::Fault(Error::new("the engine answered without the text"))
    }
}

impl From<UserError> for Stop {
    fn from(error: UserError) -> Self {
        Self::Refused(Box::new(error))
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Fault(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        engine_stop(EngineError::Store(error))
    }
}

/// What the engine says, in the caller's terms.
pub fn engine_stop(error: EngineError) -> Stop {
    match refused(error, field_of) {
        Ok(refusal) => refusal.into(),
        Err(fault) => Stop::Fault(fault),
    }
}

/// Which part of the input a rule is about; none where it is about the conversation as it stands.
fn field_of(refusal: &Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::TextEmpty | Refusal::TextTooLong { .. } => Some("text"),
        Refusal::VersionConflict { .. } => Some("expectedVersion"),
        Refusal::NotAnAgentsReason { .. } => Some("reason"),
        Refusal::ConversationExists => Some("to"),
        Refusal::RecipientOptedOut
        | Refusal::Resolved
        | Refusal::AlreadyAssigned
        | Refusal::NotAssignee
        | Refusal::InvalidTransition { .. }
        | Refusal::TooManyQueued
        | Refusal::MessageNotFound
        | Refusal::NotSendable
        | Refusal::NotRetryable { .. }
        | Refusal::EarlierTextUnsettled
        | Refusal::NothingToDo => None,
    }
}

/// A refusal is an answer; only a fault is an error.
pub fn answer<Payload: From<UserError>>(
    result: Result<Payload, Stop>,
) -> Result<Option<Payload>, Error> {
    match result {
        Ok(payload) => Ok(Some(payload)),
        Err(Stop::Refused(refusal)) => Ok(Some(Payload::from(*refusal))),
        Err(Stop::Fault(error)) => Err(error),
    }
}

pub fn check_key(key: &str) -> Result<(), Stop> {
    let refuse = |code, message: &str| Err(UserError::at("idempotencyKey", code, message).into());
    if key.is_empty() {
        return refuse(
            UserErrorCode::Required,
            "make a new key, such as a UUID, for each new text",
        );
    }
    if key.chars().count() > KEY_CHARACTERS_MAX {
        let message = format!("a key has at most {KEY_CHARACTERS_MAX} characters");
        return refuse(UserErrorCode::TooLong, &message);
    }
    if key.contains('\0') {
        return refuse(UserErrorCode::Invalid, "a key must not contain U+0000");
    }
    Ok(())
}

/// What no database and no phone can hold is refused here; the rest is the domain's to judge.
pub fn check_text(text: &str) -> Result<(), Stop> {
    if text.contains('\0') {
        let message = "the text must not contain U+0000";
        return Err(UserError::at("text", UserErrorCode::Invalid, message).into());
    }
    // Refused again by the engine; asked here so that a bad text is told before a missing
    // conversation costs a query.
    command::check_text(text).map_err(|refusal| engine_stop(EngineError::Refused(refusal)))
}

/// The conversation, if the viewer may see it, with a position from before it was read.
///
/// Another organization's, an invisible and an unknown one are told apart by nobody.
pub async fn find_visible(context: &Context<'_>, id: &ID) -> Result<(Conversation, i64), Stop> {
    let unknown = || engine_stop(EngineError::NotFound);
    let id = id.parse::<ConversationId>().map_err(|_malformed| unknown())?;
    let (viewer, organization) = (viewer(context)?, principal(context)?.organization);
    let mut connection = services(context)?.reader.connect(organization).await?;
    let as_of = event::position(&mut connection, organization).await?;
    let found = conversation::find(&mut connection, organization, id).await?;
    let visible = found.filter(|conversation| viewer.may_see(conversation));
    Ok((visible.ok_or_else(unknown)?, as_of))
}

/// The conversation as it stands after the change.
#[derive(SimpleObject, Default)]
pub struct ConversationPayload {
    /// As it stands now.
    conversation: Option<ConversationObject>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

impl From<UserError> for ConversationPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// An open conversation to take.
#[derive(InputObject)]
pub struct ConversationPickInput {
    /// Which one.
    conversation_id: ID,
    /// Refuse if it has changed since this version.
    expected_version: Option<i32>,
}

/// A conversation to leave for a while.
#[derive(InputObject)]
pub struct ConversationWaitInput {
    /// Which one.
    conversation_id: ID,
    /// Refuse if it has changed since this version.
    expected_version: Option<i32>,
    /// Who is expected to act.
    waiting_on: WaitingOn,
}

/// A waiting conversation to come back to.
#[derive(InputObject)]
pub struct ConversationResumeInput {
    /// Which one.
    conversation_id: ID,
    /// Refuse if it has changed since this version.
    expected_version: Option<i32>,
}

/// A conversation whose exchange is over.
#[derive(InputObject)]
pub struct ConversationWrapUpInput {
    /// Which one.
    conversation_id: ID,
    /// Refuse if it has changed since this version.
    expected_version: Option<i32>,
}

/// A conversation to end.
#[derive(InputObject)]
pub struct ConversationResolveInput {
    /// Which one.
    conversation_id: ID,
    /// Refuse if it has changed since this version.
    expected_version: Option<i32>,
    /// Why it ends: SOLVED, UNSOLVED, SPAM or DUPLICATE; the others are the system's to say.
    reason: ResolutionReason,
}

type Answer = Result<Option<ConversationPayload>, Error>;

/// Moves conversations along.
#[derive(Default)]
pub struct ChangeMutation;

#[Object]
impl ChangeMutation {
    /// Take an open conversation yourself; two at once: one wins, the other gets `ALREADY_ASSIGNED`.
    async fn conversation_pick(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which conversation.")] input: ConversationPickInput,
    ) -> Answer {
        act(context, &input.conversation_id, AgentAct::Pick, input.expected_version).await
    }

    /// Leave the conversation without ending it: it comes back when the customer texts.
    async fn conversation_wait(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which conversation, and what it waits for.")]
        input: ConversationWaitInput,
    ) -> Answer {
        let wait = AgentAct::Wait(input.waiting_on.into());
        act(context, &input.conversation_id, wait, input.expected_version).await
    }

    /// Go on with a conversation that waits.
    async fn conversation_resume(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which conversation.")] input: ConversationResumeInput,
    ) -> Answer {
        act(context, &input.conversation_id, AgentAct::Resume, input.expected_version).await
    }

    /// The exchange is over; finish what is left to do, then resolve.
    async fn conversation_wrap_up(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which conversation.")] input: ConversationWrapUpInput,
    ) -> Answer {
        act(context, &input.conversation_id, AgentAct::WrapUp, input.expected_version).await
    }

    /// End a conversation; the customer's next text begins a new one.
    async fn conversation_resolve(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which conversation, and why it ends.")] input: ConversationResolveInput,
    ) -> Answer {
        let resolve = AgentAct::Resolve(input.reason.into());
        act(context, &input.conversation_id, resolve, input.expected_version).await
    }
}

async fn act(
    context: &Context<'_>,
    id: &ID,
    act: AgentAct,
    expected_version: Option<i32>,
) -> Answer {
    let changed = async {
        let (conversation, as_of) = find_visible(context, id).await?;
        let (engine, caller) = (&services(context)?.engine, caller(context)?);
        let asked = engine.act(caller, conversation.id, act, expected_version).await;
        let conversation = asked.map_err(engine_stop)?.conversation;
        Ok(ConversationPayload {
            conversation: Some(ConversationObject { conversation, as_of }),
            user_errors: Vec::new(),
        })
    };
    answer(Box::pin(changed).await)
}
