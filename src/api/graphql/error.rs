//! The three layers of saying no: a refusal to act on, a fault of ours, a bad request.
//!
//! A refusal is data (`userErrors`), typed and with the path of its field. A fault is a top-level
//! error with a code; its cause goes to the log. Bad requests never reach a resolver.

use async_graphql::{Enum, Error, ErrorExtensions, SimpleObject};

use super::transport::ErrorCode;
use crate::{domain::conversation::command::Refusal, engine::EngineError, store::StoreError};

/// Machine-readable refusal codes. New values may be added; treat unknown ones as INVALID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(rename_items = "SCREAMING_SNAKE_CASE")]
pub enum UserErrorCode {
    /// It is not what the field takes; the message says what would be.
    Invalid,
    /// The field must not be empty.
    Required,
    /// More characters than the field takes.
    TooLong,
    /// More items than the field takes, or more at a time than there is room for.
    TooMany,
    /// A number or a time outside what the field takes.
    OutOfRange,
    /// There is one like it already.
    Duplicate,
    /// No such object, or none that the caller may see.
    NotFound,
    /// The caller may not do this to this object.
    Forbidden,
    /// It has changed since `expectedVersion`; read it again.
    VersionConflict,
    /// The conversation does not stand where this is possible.
    InvalidTransition,
    /// Another agent was first.
    AlreadyAssigned,
    /// More than 1600 characters.
    MessageTooLong,
    /// The number is there already.
    NumberInUse,
    /// The provider refuses Customer ID or API key; nothing was stored.
    CredentialsRejected,
    /// The provider could not be asked; nothing was stored.
    ProviderUnreachable,
    /// Too often; wait a minute.
    RateLimited,
    /// The key was used with another input.
    IdempotencyKeyReused,
    /// The recipient has opted out of texts.
    RecipientOptedOut,
    /// There is an unresolved conversation with this customer already.
    ConversationExists,
    /// Not now; the same call is safe to repeat.
    Unavailable,
}

/// A refusal the caller can act on.
///
/// Faults (internal, unauthenticated, malformed) are top-level `errors` with `extensions.code`
/// instead.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub struct UserError {
    /// What kind of refusal it is.
    pub code: UserErrorCode,
    /// Plain English, safe to show.
    pub message: String,
    /// Path into the arguments, e.g. `["input", "text"]`; null when the whole input is meant.
    pub field: Option<Vec<String>>,
    /// True when the same request may succeed later without change.
    pub retryable: bool,
    /// Version now stored, with `VERSION_CONFLICT` only.
    pub current_version: Option<i32>,
}

impl UserError {
    /// A refusal of the whole input.
    pub fn new(code: UserErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, retryable: false, current_version: None }
    }

    /// A refusal of one field of the input.
    pub fn at(field: &str, code: UserErrorCode, message: impl Into<String>) -> Self {
        Self { field: Some(vec!["input".to_owned(), field.to_owned()]), ..Self::new(code, message) }
    }
}

/// A failure of ours, without its cause: that goes to the log.
pub fn fault(error: &StoreError) -> Error {
    tracing::error!(error = ?error, "a request failed");
    let code =
        if error.is_retryable() { ErrorCode::Unavailable } else { ErrorCode::InternalServerError };
    let text = if error.is_retryable() {
        "the database is away; try again"
    } else {
        "something went wrong on our side"
    };
    Error::new(text).extend_with(|_, values| values.set("code", code.as_str()))
}

/// A request that cannot be right, whatever the state of things.
pub fn bad_input(message: impl Into<String>) -> Error {
    Error::new(message)
        .extend_with(|_, values| values.set("code", ErrorCode::BadUserInput.as_str()))
}

/// What the engine refused as data; what failed as a fault.
pub fn refused(
    error: EngineError,
    field_of: fn(&Refusal) -> Option<&'static str>,
) -> Result<UserError, Error> {
    match error {
        EngineError::Refused(refusal) => {
            let mut shown = UserError::new(code_of(&refusal), refusal.to_string());
            if let Some(field) = field_of(&refusal) {
                shown.field = Some(vec!["input".into(), field.into()]);
            }
            if let Refusal::VersionConflict { current, .. } = refusal {
                shown.current_version = Some(current);
            }
            shown.retryable = refusal == Refusal::TooManyQueued;
            Ok(shown)
        }
        EngineError::NotFound => {
            Ok(UserError::at("conversationId", UserErrorCode::NotFound, "no such conversation"))
        }
        EngineError::NumberNotOpen(reason) => {
            Ok(UserError::at("supportNumberId", UserErrorCode::Invalid, reason.to_string()))
        }
        EngineError::KeyReused => Ok(UserError::at(
            "idempotencyKey",
            UserErrorCode::IdempotencyKeyReused,
            "this key was used with another input; make a new one for each new text",
        )),
        EngineError::Busy | EngineError::Stopping => Ok(unavailable(&error.to_string())),
        EngineError::Store(store) if store.is_retryable() => {
            tracing::warn!(error = ?store, "a mutation found no database");
            Ok(unavailable("the database is away"))
        }
        EngineError::Store(store) => Err(fault(&store)),
        EngineError::Panicked { .. } => Err(Error::new("something went wrong on our side")
            .extend_with(|_, values| values.set("code", ErrorCode::InternalServerError.as_str()))),
    }
}

/// "Not now": the same call with the same idempotency key is safe.
pub fn unavailable(reason: &str) -> UserError {
    let message = format!("{reason}; try again");
    UserError { retryable: true, ..UserError::new(UserErrorCode::Unavailable, message) }
}

/// No `_` arm: a new refusal does not compile until the schema names it.
fn code_of(refusal: &Refusal) -> UserErrorCode {
    match refusal {
        Refusal::Resolved | Refusal::InvalidTransition { .. } | Refusal::NotRetryable { .. } => {
            UserErrorCode::InvalidTransition
        }
        Refusal::AlreadyAssigned => UserErrorCode::AlreadyAssigned,
        Refusal::NotAssignee => UserErrorCode::Forbidden,
        Refusal::RecipientOptedOut => UserErrorCode::RecipientOptedOut,
        Refusal::NotAnAgentsReason { .. } => UserErrorCode::Invalid,
        Refusal::VersionConflict { .. } => UserErrorCode::VersionConflict,
        Refusal::TextEmpty => UserErrorCode::Required,
        Refusal::TextTooLong { .. } => UserErrorCode::MessageTooLong,
        Refusal::TooManyQueued => UserErrorCode::TooMany,
        Refusal::ConversationExists => UserErrorCode::ConversationExists,
        Refusal::MessageNotFound => UserErrorCode::NotFound,
        Refusal::NotSendable | Refusal::EarlierTextUnsettled | Refusal::NothingToDo => {
            UserErrorCode::Invalid
        }
    }
}
