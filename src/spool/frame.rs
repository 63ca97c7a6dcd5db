//! The layout of segments: what is whole in one is found again, whatever happened to the rest.
//!
//! ```text
//! header  magic (8) | version (4) | segment (4) | key check (16) | CRC-32C of these (4)
//! frame   magic (4) | length of the payload (4) | CRC-32C of kind and payload (4) | kind (1) | payload
//! ```
//! Numbers are little endian; the payload is sealed for its kind, segment and offset. The checksum
//! tells damage, the seal tells who wrote it. A length that may be damaged leads nowhere: after
//! damage the next frame is looked for by its magic, so that one bad byte costs one record.

use std::ops::Range;

use crc::{CRC_32_ISCSI, Crc, Table};

use super::{
    SpoolError,
    index::Position,
    record::{BODY_BYTES_MAX, HEAD_BYTES, Record},
    seal::{KEY_CHECK_BYTES, SEAL_BYTES, Seal},
};

const SEGMENT_MAGIC: [u8; 8] = *b"CTLSPOOL";
const VERSION: u32 = 1;
const FRAME_MAGIC: [u8; 4] = [0xc5, b'S', b'P', 0x01];
pub(super) const HEADER_BYTES: usize = 8 + 4 + 4 + KEY_CHECK_BYTES + 4;
/// Magic, length, checksum, kind.
const FRAME_HEAD_BYTES: usize = 4 + 4 + 4 + 1;
/// The longest payload of any kind; a longer one is damage.
const PAYLOAD_BYTES_MAX: usize = SEAL_BYTES + HEAD_BYTES + BODY_BYTES_MAX + 1_024;

static CRC_32C: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A record that waits.
    Record,
    /// A record that was set aside, after the reason.
    Aside,
}

impl Kind {
    fn as_byte(self) -> u8 {
        match self {
            Self::Record => 1,
            Self::Aside => 2,
        }
    }
}

pub(super) fn checksum(bytes: &[u8]) -> u32 {
    CRC_32C.checksum(bytes)
}

pub(super) fn header(segment: u32, seal: &Seal) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES);
    bytes.extend_from_slice(&SEGMENT_MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&segment.to_le_bytes());
    bytes.extend_from_slice(&seal.key_check());
    let sum = checksum(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

/// What the beginning of a segment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    Good,
    Damaged,
    OtherKey,
    LaterRelease,
}

pub(super) fn read_header(bytes: &[u8], segment: u32, seal: &Seal) -> Header {
    let Some((head, _)) = bytes.split_first_chunk::<HEADER_BYTES>() else { return Header::Damaged };
    let Some((said, sum)) = head.split_last_chunk::<4>() else { return Header::Damaged };
    if checksum(said) != u32::from_le_bytes(*sum) || !said.starts_with(&SEGMENT_MAGIC) {
        return Header::Damaged;
    }
    if said.get(8..12) != Some(&VERSION.to_le_bytes()) {
        return Header::LaterRelease;
    }
    if said.get(12..16) != Some(&segment.to_le_bytes()) {
        return Header::Damaged;
    }
    if said.get(16..) == Some(&seal.key_check()) { Header::Good } else { Header::OtherKey }
}

/// How long the frame of a record is.
pub(super) fn record_frame_bytes(record: &Record) -> usize {
    FRAME_HEAD_BYTES + SEAL_BYTES + HEAD_BYTES + record.body.len()
}

/// A frame for its place.
pub(super) fn frame(
    kind: Kind,
    plain: &[u8],
    (segment, offset): (u32, u32),
    seal: &Seal,
) -> Result<Vec<u8>, SpoolError> {
    let sealed = seal.seal(plain, &place(kind, segment, offset))?;
    let length = u32::try_from(sealed.len()).ok().ok_or(SpoolError::TooLarge)?;
    let mut bytes = Vec::with_capacity(FRAME_HEAD_BYTES + sealed.len());
    bytes.extend_from_slice(&FRAME_MAGIC);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&frame_checksum(kind.as_byte(), &sealed).to_le_bytes());
    bytes.push(kind.as_byte());
    bytes.extend_from_slice(&sealed);
    Ok(bytes)
}

/// What was sealed in the frame that the bytes begin with, and how long that frame is.
pub(super) fn open(
    kind: Kind,
    bytes: &[u8],
    (segment, offset): (u32, u32),
    seal: &Seal,
) -> Option<(zeroize::Zeroizing<Vec<u8>>, usize)> {
    let (magic, rest) = bytes.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (sum, rest) = rest.split_first_chunk::<4>()?;
    let (&found, rest) = rest.split_first()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    if *magic != FRAME_MAGIC || found != kind.as_byte() || length > PAYLOAD_BYTES_MAX {
        return None;
    }
    let sealed = rest.get(..length)?;
    if frame_checksum(found, sealed) != u32::from_le_bytes(*sum) {
        return None;
    }
    let plain = seal.open(sealed, &place(kind, segment, offset))?;
    Some((plain, FRAME_HEAD_BYTES + length))
}

/// The record in the frame that the bytes begin with, and how long that frame is.
pub(super) fn open_record(bytes: &[u8], at: (u32, u32), seal: &Seal) -> Option<(Record, usize)> {
    let (plain, length) = open(Kind::Record, bytes, at, seal)?;
    Some((Record::from_bytes(&plain)?, length))
}

fn frame_checksum(kind: u8, sealed: &[u8]) -> u32 {
    let mut digest = CRC_32C.digest();
    digest.update(&[kind]);
    digest.update(sealed);
    digest.finalize()
}

fn place(kind: Kind, segment: u32, offset: u32) -> [u8; 9] {
    let mut bytes = [kind.as_byte(); 9];
    bytes[1..5].copy_from_slice(&segment.to_le_bytes());
    bytes[5..].copy_from_slice(&offset.to_le_bytes());
    bytes
}

/// What a segment holds.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) records: Vec<(Position, Record)>,
    /// Bytes in the midst of it that are no whole record.
    pub(super) damaged: Vec<Range<usize>>,
    /// Where the last whole record ends; what follows was torn off, or is damaged too.
    pub(super) good_bytes: usize,
}

/// Reads everything that is whole. The header has been looked at before.
pub(super) fn scan(bytes: &[u8], segment: u32, seal: &Seal) -> Contents {
    let mut contents = Contents { good_bytes: HEADER_BYTES.min(bytes.len()), ..Default::default() };
    let mut at = contents.good_bytes;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let Ok(offset) = u32::try_from(at) else { break };
        let Some((record, frame_bytes)) = open_record(rest, (segment, offset), seal) else {
            at = next_magic(bytes, at + 1);
            continue;
        };
        let Ok(length) = u32::try_from(frame_bytes) else { break };
        if at > contents.good_bytes {
            contents.damaged.push(contents.good_bytes..at);
        }
        contents.records.push((Position { segment, offset, length }, record));
        at += frame_bytes;
        contents.good_bytes = at;
    }
    contents
}

fn next_magic(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let found = rest.windows(FRAME_MAGIC.len()).position(|window| window == FRAME_MAGIC);
    found.map_or(bytes.len(), |ahead| from + ahead)
}
