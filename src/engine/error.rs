//! What the engine answers when it does not do what was asked.

use crate::{domain::conversation::command::Refusal, store::StoreError};

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A rule said no; the caller sees it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("no such conversation")]
    NotFound,
    /// The number cannot start a conversation as it is set up.
    #[error("{0}")]
    NumberNotOpen(#[from] crate::store::settings::NotOpen),
    /// The caller's idempotency key was used with another input.
    #[error("this idempotency key was used with another input")]
    KeyReused,
    /// Too much is under way; the same call may succeed in a moment.
    #[error("too many requests are under way")]
    Busy,
    /// The server is about to stop.
    #[error("the server is stopping")]
    Stopping,
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A bug: the command made its actor panic. The conversation goes on without it.
    #[error("the command could not be carried out")]
    Panicked {
        /// What the panic said: for those who mend it, never for the caller.
        said: String,
    },
}

impl EngineError {
    /// Whether the same call may succeed later, unchanged.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Busy | Self::Stopping => true,
            Self::Store(error) => error.is_retryable(),
            Self::Refused(_)
            | Self::NotFound
            | Self::NumberNotOpen(_)
            | Self::KeyReused
            | Self::Panicked { .. } => false,
        }
    }
}
