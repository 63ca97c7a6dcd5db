//! What can go wrong between us and the database.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// The database said no, or could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It is away, or too slow. What was asked may or may not have happened.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A constraint that callers count on: somebody else was first, or a name is taken.
    #[error("a row with the same key exists")]
    Duplicate { constraint: String },
    /// A row that is referred to is gone, or a check refused the values.
    #[error("the database refuses these values")]
    Rejected(#[source] DieselError),
    /// A row holds what this release cannot read.
    #[error("a stored {0} cannot be read by this release")]
    Unreadable(&'static str),
    /// A stored secret does not open with the secret key.
    #[error("a stored secret does not open with this secret key")]
    Sealed,
    /// A bug in a statement.
    #[error("a statement failed")]
    Statement(#[source] DieselError),
}

impl StoreError {
    /// Whether the same call may succeed later, unchanged.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unavailable(_) => true,
            Self::Duplicate { .. }
            | Self::Rejected(_)
            | Self::Unreadable(_)
            | Self::Sealed
            | Self::Statement(_) => false,
        }
    }

    pub(super) fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(cause.into())
    }
}

/// SQLSTATEs that say "not now": locks, cancelled statements, shutdown, read-only after a failover.
const TRANSIENT_MESSAGES: [&str; 6] = [
    "lock timeout",
    "statement timeout",
    "terminating connection",
    "the database system is",
    "read-only transaction",
    "too many clients",
];

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(kind, information) => match kind {
                DatabaseErrorKind::UniqueViolation => Self::Duplicate {
                    constraint: information.constraint_name().unwrap_or_default().to_owned(),
                },
                DatabaseErrorKind::ForeignKeyViolation
                | DatabaseErrorKind::NotNullViolation
                | DatabaseErrorKind::CheckViolation
                | DatabaseErrorKind::RestrictViolation
                | DatabaseErrorKind::ExclusionViolation => Self::Rejected(error),
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::SerializationFailure
                | DatabaseErrorKind::ReadOnlyTransaction => Self::unavailable(error),
                _ => {
                    let text = information.message();
                    let is_transient = TRANSIENT_MESSAGES.iter().any(|part| text.contains(part))
                        || text.contains("canceling statement")
                        || text.contains("connection closed");
                    if is_transient { Self::unavailable(error) } else { Self::Statement(error) }
                }
            },
            DieselError::BrokenTransactionManager => Self::unavailable(error),
            _ => Self::Statement(error),
        }
    }
}
