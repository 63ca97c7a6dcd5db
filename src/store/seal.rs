//! Secrets at rest: sealed with XChaCha20-Poly1305 and bound to the row that they belong to.
//!
//! A sealed secret opens only with the server's secret key and only for the organization, row and
//! purpose it was sealed for, so that swapping two rows in the database gains nothing.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::StoreError;
use crate::domain::{ids::OrganizationId, secret::ApiKey};

/// Names the layout: version, nonce, ciphertext with tag.
const LAYOUT_VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
/// Sets keys for hashing apart from everything else that the secret key is used for.
const KEYED_HASH_LABEL: &str = "centralino keyed hash 1";
/// Length of the server's secret key.
pub const SECRET_KEY_BYTES: usize = 32;

/// Seals and opens; its key is wiped when it is dropped.
#[derive(Clone)]
pub struct Sealer {
    key: Zeroizing<[u8; SECRET_KEY_BYTES]>,
}

/// Which row, and which of its columns, a secret belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub organization: OrganizationId,
    pub row: Uuid,
    pub purpose: &'static str,
}

impl Place {
    fn associated_data(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend_from_slice(self.organization.0.as_bytes());
        bytes.extend_from_slice(self.row.as_bytes());
        bytes.extend_from_slice(self.purpose.as_bytes());
        bytes
    }
}

impl Sealer {
    pub fn new(key: [u8; SECRET_KEY_BYTES]) -> Self {
        Self { key: Zeroizing::new(key) }
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.key).into())
    }

    /// A hash of texts that may hold a secret; without the secret key nobody can try guesses on it.
    ///
    /// Equal texts have equal hashes, for one purpose and one secret key only.
    pub fn keyed_hash(&self, purpose: &str, parts: &[&str]) -> Result<[u8; 32], StoreError> {
        // A key of its own, derived: the cipher's key serves the cipher alone.
        let derived = authenticate(&*self.key, &[KEYED_HASH_LABEL, purpose])?;
        authenticate(&derived, parts)
    }

    /// Seals a key for a place.
    pub fn seal(&self, place: Place, secret: &ApiKey) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(StoreError::unavailable)?;
        let associated = place.associated_data();
        let payload = Payload { msg: secret.expose().as_bytes(), aad: &associated };
        let sealed =
            self.cipher().encrypt(&XNonce::from(nonce), payload).ok().ok_or(StoreError::Sealed)?;
        let mut bytes = Vec::with_capacity(1 + NONCE_BYTES + sealed.len());
        bytes.push(LAYOUT_VERSION);
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Ok(bytes)
    }

    /// Opens what was sealed for the same place with the same key.
    pub fn open(&self, place: Place, bytes: &[u8]) -> Result<ApiKey, StoreError> {
        let (version, rest) = bytes.split_first().ok_or(StoreError::Sealed)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(StoreError::Sealed)?;
        if *version != LAYOUT_VERSION {
            return Err(StoreError::Sealed);
        }
        let associated = place.associated_data();
        let payload = Payload { msg: sealed, aad: &associated };
        let plain = self
            .cipher()
            .decrypt(&XNonce::from(*nonce), payload)
            .ok()
            .map(Zeroizing::new)
            .ok_or(StoreError::Sealed)?;
        let text = std::str::from_utf8(&plain).ok().ok_or(StoreError::Sealed)?;
        Ok(ApiKey::new(text))
    }
}

/// HMAC-SHA256 of the parts, each behind its length, so that no two lists read the same.
fn authenticate(key: &[u8], parts: &[&str]) -> Result<[u8; 32], StoreError> {
    let mut state: Hmac<Sha256> = KeyInit::new_from_slice(key).ok().ok_or(StoreError::Sealed)?;
    for part in parts {
        state.update(&part.len().to_be_bytes());
        state.update(part.as_bytes());
    }
    Ok(state.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(row: u128) -> Place {
        Place {
            organization: OrganizationId(Uuid::from_u128(1)),
            row: Uuid::from_u128(row),
            purpose: "api_key",
        }
    }

    #[test]
    fn a_secret_opens_only_in_its_place_and_with_its_key() {
        let sealer = Sealer::new([7; 32]);
        let sealed = sealer.seal(place(1), &ApiKey::new("secret")).unwrap();
        assert_eq!(sealer.open(place(1), &sealed).unwrap().expose(), "secret");
        assert!(sealer.open(place(2), &sealed).is_err(), "another row");
        let other = Place { purpose: "previous_api_key", ..place(1) };
        assert!(sealer.open(other, &sealed).is_err(), "another purpose");
        assert!(Sealer::new([8; 32]).open(place(1), &sealed).is_err(), "another key");
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
    }

    #[test]
    fn a_changed_byte_is_noticed_and_never_panics() {
        let sealer = Sealer::new([7; 32]);
        let sealed = sealer.seal(place(1), &ApiKey::new("secret")).unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(sealer.open(place(1), &changed).is_err(), "byte {at}");
            assert!(sealer.open(place(1), &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_keyed_hash_depends_on_key_purpose_and_every_part() {
        let hash = |key: u8, purpose: &str, parts: &[&str]| {
            Sealer::new([key; 32]).keyed_hash(purpose, parts).unwrap()
        };
        let first = hash(7, "create", &["ab", "c"]);
        assert_eq!(first, hash(7, "create", &["ab", "c"]));
        assert_ne!(first, hash(8, "create", &["ab", "c"]), "another key");
        assert_ne!(first, hash(7, "rotate", &["ab", "c"]), "another purpose");
        assert_ne!(first, hash(7, "create", &["a", "bc"]), "other borders");
        assert_ne!(first, hash(7, "create", &["ab"]), "a part less");
    }
}
