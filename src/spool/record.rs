//! What is kept of a callback, and its bytes before they are sealed.

use std::fmt;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::SpoolError;
use crate::domain::{
    address::SmsAddress,
    ids::{ChannelAccountId, OrganizationId, ReceiptId},
};

/// The door takes no longer callbacks either.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
const PAIR_BYTES: usize = 16;
/// Receipt, organization, account, time, flags, pair.
pub(super) const HEAD_BYTES: usize = 16 + 16 + 16 + 8 + 1 + PAIR_BYTES;

const HAS_PAIR: u8 = 1;
const SUPPRESSES: u8 = 2;

/// Stands for one of our numbers and one customer, in 128 bits.
///
/// Memory holds one for each record that waits, so that it is short. It can be guessed from the
/// numbers: it is shown nowhere, and on the disk it lies under the seal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PairKey([u8; PAIR_BYTES]);

impl PairKey {
    /// Takes our number with or without `+`: the provider and our settings write it differently.
    pub fn new(organization: OrganizationId, our_number: &str, customer: &SmsAddress) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(organization.0.as_bytes());
        hasher.update(our_number.trim().trim_start_matches('+').as_bytes());
        hasher.update([0]);
        hasher.update(customer.provider_form().as_bytes());
        let mut key = [0; PAIR_BYTES];
        for (byte, hashed) in key.iter_mut().zip(hasher.finalize()) {
            *byte = hashed;
        }
        Self(key)
    }
}

impl fmt::Debug for PairKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PairKey(…)")
    }
}

/// A callback that was found genuine and is not in the database yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    pub id: ReceiptId,
    pub organization: OrganizationId,
    pub account: ChannelAccountId,
    /// Whose order it belongs to; `None` where order does not matter.
    pub pair: Option<PairKey>,
    /// It says STOP: nothing may be sent to its pair while it waits.
    pub suppresses: bool,
    pub received_at: DateTime<Utc>,
    /// The raw bytes that were signed, whatever they are.
    pub body: Vec<u8>,
}

impl fmt::Debug for Record {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No body and no pair: they are personal data.
        formatter.debug_struct("Record").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Record {
    pub(super) fn check(&self) -> Result<(), SpoolError> {
        if self.body.len() > BODY_BYTES_MAX { Err(SpoolError::TooLarge) } else { Ok(()) }
    }

    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut flags = 0;
        if self.pair.is_some() {
            flags |= HAS_PAIR;
        }
        if self.suppresses {
            flags |= SUPPRESSES;
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(HEAD_BYTES + self.body.len()));
        bytes.extend_from_slice(self.id.0.as_bytes());
        bytes.extend_from_slice(self.organization.0.as_bytes());
        bytes.extend_from_slice(self.account.0.as_bytes());
        bytes.extend_from_slice(&self.received_at.timestamp_micros().to_le_bytes());
        bytes.push(flags);
        bytes.extend_from_slice(&self.pair.map_or([0; PAIR_BYTES], |pair| pair.0));
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// `None`: no release has ever written these bytes.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk::<16>()?;
        let (organization, rest) = rest.split_first_chunk::<16>()?;
        let (account, rest) = rest.split_first_chunk::<16>()?;
        let (received_at, rest) = rest.split_first_chunk::<8>()?;
        let (&flags, rest) = rest.split_first()?;
        let (pair, body) = rest.split_first_chunk::<PAIR_BYTES>()?;
        if flags & !(HAS_PAIR | SUPPRESSES) != 0 {
            return None;
        }
        Some(Self {
            id: ReceiptId(Uuid::from_bytes(*id)),
            organization: OrganizationId(Uuid::from_bytes(*organization)),
            account: ChannelAccountId(Uuid::from_bytes(*account)),
            pair: (flags & HAS_PAIR != 0).then_some(PairKey(*pair)),
            suppresses: flags & SUPPRESSES != 0,
            received_at: DateTime::from_timestamp_micros(i64::from_le_bytes(*received_at))?,
            body: body.to_vec(),
        })
    }
}
