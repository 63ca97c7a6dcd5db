//! What an admin is told when something is not done.

use crate::store::StoreError;

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// A rule said no; the caller sees it.
    #[error("{}", .0.message)]
    Refused(Refusal),
    #[error(transparent)]
    Store(StoreError),
    /// Too much is under way; the same call may succeed in a moment.
    #[error("too many passwords or keys are being checked; try again in a moment")]
    Busy,
}

impl AdminError {
    /// Whether the same call may succeed later, unchanged.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.is_retryable(),
            Self::Store(error) => error.is_retryable(),
            Self::Busy => true,
        }
    }

    /// This machine could not do its part: no randomness, or no thread to hash on.
    pub(super) fn unavailable(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Store(StoreError::Unavailable(Box::new(cause)))
    }
}

/// What an admin is told, ready to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: RefusalCode,
    /// Name of the input field as the API spells it, e.g. `fallbackQueueId`, or
    /// `autoResolve.openSeconds` for one within another; `None`: all of it.
    pub field: Option<&'static str>,
    pub message: String,
    /// Version now stored, with `VersionConflict` only.
    pub current_version: Option<i32>,
}

/// What kind of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalCode {
    Invalid,
    Required,
    TooLong,
    TooMany,
    OutOfRange,
    Duplicate,
    NotFound,
    VersionConflict,
    NumberInUse,
    CredentialsRejected,
    ProviderUnreachable,
    RateLimited,
    IdempotencyKeyReused,
}

impl Refusal {
    /// A refusal of the whole input.
    pub(super) fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self { code, field: None, message: message.into(), current_version: None }
    }

    /// A refusal of one field.
    pub(super) fn at(field: &'static str, code: RefusalCode, message: impl Into<String>) -> Self {
        Self { field: Some(field), ..Self::new(code, message) }
    }

    /// The field names an object that the organization does not have.
    pub(super) fn not_found(field: &'static str, what: &str) -> Self {
        Self::at(field, RefusalCode::NotFound, format!("no such {what}"))
    }

    /// Somebody else has changed the object since the version that the caller expects.
    pub(super) fn stale(current_version: i32) -> Self {
        Self {
            current_version: Some(current_version),
            ..Self::at(
                "expectedVersion",
                RefusalCode::VersionConflict,
                format!("somebody has changed this; read version {current_version} and try again"),
            )
        }
    }

    /// Whether the same call may succeed later, unchanged.
    pub fn is_retryable(&self) -> bool {
        match self.code {
            RefusalCode::ProviderUnreachable | RefusalCode::RateLimited => true,
            RefusalCode::Invalid
            | RefusalCode::Required
            | RefusalCode::TooLong
            | RefusalCode::TooMany
            | RefusalCode::OutOfRange
            | RefusalCode::Duplicate
            | RefusalCode::NotFound
            | RefusalCode::VersionConflict
            | RefusalCode::NumberInUse
            | RefusalCode::CredentialsRejected
            | RefusalCode::IdempotencyKeyReused => false,
        }
    }
}

impl From<Refusal> for AdminError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for AdminError {
    /// A name that is taken is for the admin to change; everything else is a failure of ours.
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Duplicate { constraint } => match taken(constraint) {
                Some(refusal) => Self::Refused(refusal),
                None => Self::Store(error),
            },
            StoreError::Unavailable(_)
            | StoreError::Rejected(_)
            | StoreError::Unreadable(_)
            | StoreError::Sealed
            | StoreError::Statement(_) => Self::Store(error),
        }
    }
}

/// Which field a unique constraint speaks of.
fn taken(constraint: &str) -> Option<Refusal> {
    let refusal = match constraint {
        "agents_email" => Refusal::at(
            "email",
            RefusalCode::Duplicate,
            "an agent with this e-mail address exists; use another address",
        ),
        "queues_organization_id_name_key"
        | "workstreams_organization_id_name_key"
        | "channel_accounts_organization_id_name_key" => {
            Refusal::at("name", RefusalCode::Duplicate, "this name is taken; choose another")
        }
        "support_numbers_number"
        | "support_numbers_organization_id_channel_account_id_number_key" => Refusal::at(
            "number",
            RefusalCode::NumberInUse,
            "this number has been added before; change the one that is there",
        ),
        _ => return None,
    };
    Some(refusal)
}
