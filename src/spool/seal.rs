//! Seals what goes to the disk, under a key of the spool's own.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::SpoolError;

/// Sets the spool's keys apart from everything else that the secret key is used for.
const SEAL_LABEL: &[u8] = b"centralino spool 1";
const CHECK_LABEL: &[u8] = b"centralino spool key check 1";
const SECRET_KEY_BYTES: usize = 32;
/// HMAC fills shorter keys up to this with zeros, whoever does it.
const HMAC_BLOCK_BYTES: usize = 64;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
/// What sealing adds to the bytes that are sealed.
pub(super) const SEAL_BYTES: usize = NONCE_BYTES + TAG_BYTES;
/// Enough to tell keys apart, and nothing that helps to find one.
pub(super) const KEY_CHECK_BYTES: usize = 16;

/// Seals and opens; its keys are wiped when it is dropped.
#[derive(Clone)]
pub(super) struct Seal {
    key: Zeroizing<[u8; SECRET_KEY_BYTES]>,
    check: [u8; KEY_CHECK_BYTES],
}

impl Seal {
    pub(super) fn new(secret_key: &[u8; SECRET_KEY_BYTES]) -> Self {
        let whole = derive(secret_key, CHECK_LABEL);
        let mut check = [0; KEY_CHECK_BYTES];
        for (byte, derived) in check.iter_mut().zip(whole.iter()) {
            *byte = *derived;
        }
        Self { key: derive(secret_key, SEAL_LABEL), check }
    }

    /// Stands in each segment, so that a wrong key is not taken for damage.
    pub(super) fn key_check(&self) -> [u8; KEY_CHECK_BYTES] {
        self.check
    }

    /// Seals bytes for a place; they open nowhere else.
    pub(super) fn seal(&self, plain: &[u8], place: &[u8]) -> Result<Vec<u8>, SpoolError> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(std::io::Error::other)?;
        let payload = Payload { msg: plain, aad: place };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).ok();
        Ok([nonce.as_slice(), &sealed.ok_or(SpoolError::Unsealable)?].concat())
    }

    /// `None`: the bytes were changed, moved, or sealed with another key.
    pub(super) fn open(&self, bytes: &[u8], place: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: sealed, aad: place };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.key).into())
    }
}

fn derive(secret_key: &[u8; SECRET_KEY_BYTES], label: &[u8]) -> Zeroizing<[u8; SECRET_KEY_BYTES]> {
    let mut block = Zeroizing::new([0; HMAC_BLOCK_BYTES]);
    for (byte, secret) in block.iter_mut().zip(secret_key) {
        *byte = *secret;
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&(*block).into());
    mac.update(label);
    Zeroizing::new(mac.finalize().into_bytes().into())
}
