//! What is kept of a callback, and how it is sealed.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::index::Position;
use crate::domain::ids::{ChannelAccountId, OrganizationId, ReceiptId};

/// Sets the spool's key apart from everything else that the secret key is used for.
const KEY_LABEL: &[u8] = b"centralino spool 1";
pub(super) const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
/// Id, organization, account, order key, time.
const HEAD_BYTES: usize = 16 + 16 + 16 + 32 + 8;

/// What sealing adds to a body.
pub(super) const OVERHEAD_BYTES: usize = NONCE_BYTES + TAG_BYTES + HEAD_BYTES;

/// Records with the same key keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrderKey(pub [u8; 32]);

/// A callback that was found genuine and could not be stored yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    pub id: ReceiptId,
    pub organization: OrganizationId,
    pub account: ChannelAccountId,
    pub order: OrderKey,
    pub received_at: DateTime<Utc>,
    /// The raw bytes that were signed.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Record {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // No body: it is personal data.
        write!(formatter, "Record({})", self.id)
    }
}

impl Record {
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(HEAD_BYTES + self.body.len()));
        bytes.extend_from_slice(self.id.0.as_bytes());
        bytes.extend_from_slice(self.organization.0.as_bytes());
        bytes.extend_from_slice(self.account.0.as_bytes());
        bytes.extend_from_slice(&self.order.0);
        bytes.extend_from_slice(&self.received_at.timestamp_micros().to_le_bytes());
        bytes.extend_from_slice(&self.body);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, body) = bytes.split_at_checked(HEAD_BYTES)?;
        let uuid = |at: usize| Uuid::from_slice(&head[at..at + 16]).ok();
        let order = <[u8; 32]>::try_from(&head[48..80]).ok()?;
        let time = i64::from_le_bytes(<[u8; 8]>::try_from(&head[80..88]).ok()?);
        Some(Self {
            id: ReceiptId(uuid(0)?),
            organization: OrganizationId(uuid(16)?),
            account: ChannelAccountId(uuid(32)?),
            order: OrderKey(order),
            received_at: DateTime::from_timestamp_micros(time)?,
            body: body.to_vec(),
        })
    }
}

/// Seals and opens records; the seal is their checksum as well.
#[derive(Clone)]
pub(super) struct Seal(XChaCha20Poly1305);

impl Seal {
    pub(super) fn new(secret_key: [u8; 32]) -> Self {
        let secret_key = Zeroizing::new(secret_key);
        // HMAC takes keys of any length: it cannot fail, and if it did the cipher would still have
        // a key of the right strength.
        let derived = Hmac::<Sha256>::new_from_slice(&*secret_key).map(|mut mac| {
            mac.update(KEY_LABEL);
            mac.finalize().into_bytes().into()
        });
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(derived.unwrap_or(*secret_key));
        Self(XChaCha20Poly1305::new(&(*key).into()))
    }

    /// Seals a record for its place, so that it cannot be moved to another.
    pub(super) fn seal(&self, record: &Record, place: Position) -> Option<Vec<u8>> {
        self.seal_bytes(&record.to_bytes(), &place.associated_data())
    }

    /// Opens a record at its place; `None`: it is damaged, or sealed with another key.
    pub(super) fn open(&self, bytes: &[u8], place: Position) -> Option<Record> {
        Record::from_bytes(&self.open_bytes(bytes, &place.associated_data())?)
    }

    pub(super) fn seal_bytes(&self, plain: &[u8], associated: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).ok()?;
        let payload = Payload { msg: plain, aad: associated };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    pub(super) fn open_bytes(&self, bytes: &[u8], associated: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: sealed, aad: associated };
        self.0.decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
    }
}
