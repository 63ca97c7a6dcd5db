//! The key that seals what is stored: 32 bytes, from the environment, a file, or made once.

use std::{
    fmt,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use zeroize::{Zeroize, Zeroizing};

/// Length of the key.
pub const SECRET_KEY_BYTES: usize = 32;

/// A key file holds 44 characters; a larger file is something else.
const FILE_BYTES_MAX: u64 = 1_024;
/// Only the owner reads it.
const FILE_MODE: u32 = 0o600;

/// The key; `Debug` shows nothing of it, and memory is wiped when it is dropped.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; SECRET_KEY_BYTES]>);

/// Why there is no key; reads on after the name of the setting.
#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    #[error("must be 32 bytes in base64; `openssl rand -base64 32` makes one")]
    Malformed,
    #[error("names a file that cannot be read or written: {0}")]
    File(#[from] io::Error),
    #[error("could not be made: the machine gives no random numbers")]
    NoRandomness,
}

impl SecretKey {
    pub fn from_base64(text: &str) -> Result<Self, SecretKeyError> {
        let bytes = Zeroizing::new(BASE64_STANDARD.decode(text.trim()).unwrap_or_default());
        let key = <[u8; SECRET_KEY_BYTES]>::try_from(bytes.as_slice());
        key.map(|key| Self(Zeroizing::new(key))).ok().ok_or(SecretKeyError::Malformed)
    }

    pub fn read(path: &Path) -> Result<Self, SecretKeyError> {
        if std::fs::metadata(path)?.len() > FILE_BYTES_MAX {
            return Err(SecretKeyError::Malformed);
        }
        Self::from_base64(&Zeroizing::new(std::fs::read_to_string(path)?))
    }

    /// Reads the key of a data folder, or makes it there once.
    pub fn read_or_make(path: &Path) -> Result<Self, SecretKeyError> {
        match Self::read(path) {
            Err(SecretKeyError::File(error)) if error.kind() == io::ErrorKind::NotFound => {}
            outcome => return outcome,
        }
        let mut bytes = [0; SECRET_KEY_BYTES];
        getrandom::fill(&mut bytes).ok().ok_or(SecretKeyError::NoRandomness)?;
        let text = Zeroizing::new(BASE64_STANDARD.encode(bytes));
        bytes.zeroize();
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(FILE_MODE).open(path)?;
        writeln!(file, "{}", *text)?;
        file.sync_all()?;
        Self::read(path)
    }

    /// The bytes; whoever seals with them lets go of them.
    pub fn expose(&self) -> [u8; SECRET_KEY_BYTES] {
        *self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey([redacted])")
    }
}
