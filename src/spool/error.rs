//! What can go wrong between us and the spool's disk.

use std::{io, path::PathBuf, sync::Arc};

/// The spool does not open, or does not take or give a record.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SpoolError {
    #[error(
        "the spool folder {} cannot be written to ({source}): make it writable, or set \
         CENTRALINO_SPOOL_DIR",
        folder.display()
    )]
    Unwritable { folder: PathBuf, source: Arc<io::Error> },
    #[error(
        "the spool folder {} is in use by another process: stop it, or set CENTRALINO_SPOOL_DIR",
        folder.display()
    )]
    InUse { folder: PathBuf },
    #[error(
        "the spool folder {} was written with another secret key: start with that key, or move the \
         folder away",
        folder.display()
    )]
    OtherKey { folder: PathBuf },
    #[error(
        "the spool folder {} was written by a later release: start that release, or move the \
         folder away",
        folder.display()
    )]
    LaterRelease { folder: PathBuf },
    #[error("the spool is full, or its disk nearly is: free space or let it drain")]
    Full,
    #[error("the spool's disk failed")]
    Disk(#[source] Arc<io::Error>),
    #[error("too much waits for the spool's disk: try again")]
    Busy,
    #[error("the spool takes bodies of at most {max} bytes", max = super::BODY_BYTES_MAX)]
    TooLarge,
    #[error("a record of the spool is damaged: set it aside")]
    Damaged,
    #[error("the spool is closed")]
    Closed,
    /// A bug: the cipher refused what it always takes.
    #[error("a record could not be sealed")]
    Unsealable,
}

impl SpoolError {
    /// Whether the same call may succeed later, unchanged.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Full | Self::Disk(_) | Self::Busy => true,
            Self::Unwritable { .. }
            | Self::InUse { .. }
            | Self::OtherKey { .. }
            | Self::LaterRelease { .. }
            | Self::TooLarge
            | Self::Damaged
            | Self::Closed
            | Self::Unsealable => false,
        }
    }
}

impl From<io::Error> for SpoolError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Disk(Arc::new(error)),
        }
    }
}
