//! A segment file: a head, then frames. What is whole is found again after any crash.
//!
//! ```text
//! head    "centralino spool 1\n"
//! frame   magic (4) | length of what follows (4, little endian) | nonce (24) | sealed record
//! ```
//! The seal covers the frame's place, so that it is a checksum that no moved or stale bytes pass.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::{
    SpoolError,
    index::Position,
    record::{OVERHEAD_BYTES, Record, Seal},
};

pub(super) const HEAD: &[u8] = b"centralino spool 1\n";
const MAGIC: [u8; 4] = *b"\xc5SP\x01";
/// Magic and length.
pub(super) const FRAME_HEAD_BYTES: usize = 8;
/// A body is at most 64 KiB; a length beyond this is damage.
const SEALED_BYTES_MAX: usize = 128 * 1024;

pub(super) fn path_of(folder: &Path, segment: u64) -> PathBuf {
    folder.join(format!("spool-{segment:012}.log"))
}

/// Acknowledged offsets of a segment.
pub(super) fn done_path_of(folder: &Path, segment: u64) -> PathBuf {
    folder.join(format!("spool-{segment:012}.done"))
}

/// The number of a segment file; `None` for any other file.
pub(super) fn number_of(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    name.strip_prefix("spool-")?.strip_suffix(".log")?.parse().ok()
}

/// A frame for its place.
pub(super) fn frame(record: &Record, segment: u64, offset: u64, seal: &Seal) -> Option<Vec<u8>> {
    // The length is known before sealing, and the place does not contain it.
    let length = u32::try_from(OVERHEAD_BYTES + record.body.len()).ok()?;
    let sealed = seal.seal(record, Position { segment, offset, length })?;
    let mut bytes = Vec::with_capacity(FRAME_HEAD_BYTES + sealed.len());
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&sealed);
    Some(bytes)
}

/// What a segment holds.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) records: Vec<(Position, Record)>,
    /// Bytes that are no whole record: from, to.
    pub(super) damaged: Vec<(u64, u64)>,
    /// Where the last whole record ends.
    pub(super) good_bytes: u64,
}

/// Reads everything that is whole.
pub(super) fn scan(bytes: &[u8], segment: u64, seal: &Seal) -> Contents {
    let mut contents = Contents::default();
    let mut at = 0;
    if bytes.starts_with(HEAD) {
        at = HEAD.len();
        contents.good_bytes = as_u64(at);
    }
    let mut bad_from: Option<usize> = None;
    while at < bytes.len() {
        if let Some((position, record)) = whole_frame(bytes, at, segment, seal) {
            if let Some(from) = bad_from.take() {
                contents.damaged.push((as_u64(from), as_u64(at)));
            }
            at += FRAME_HEAD_BYTES + position.length as usize;
            contents.good_bytes = as_u64(at);
            contents.records.push((position, record));
        } else {
            bad_from.get_or_insert(at);
            at = next_magic(bytes, at + 1);
        }
    }
    if let Some(from) = bad_from {
        contents.damaged.push((as_u64(from), as_u64(bytes.len())));
    }
    contents
}

fn whole_frame(bytes: &[u8], at: usize, segment: u64, seal: &Seal) -> Option<(Position, Record)> {
    let head = bytes.get(at..at + FRAME_HEAD_BYTES)?;
    if head[..4] != MAGIC {
        return None;
    }
    let length = u32::from_le_bytes(<[u8; 4]>::try_from(&head[4..]).ok()?);
    let start = at + FRAME_HEAD_BYTES;
    let sealed = bytes.get(start..start.checked_add(length as usize)?)?;
    if sealed.len() > SEALED_BYTES_MAX {
        return None;
    }
    let position = Position { segment, offset: as_u64(at), length };
    Some((position, seal.open(sealed, position)?))
}

fn next_magic(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let found = rest.windows(MAGIC.len()).position(|window| window == MAGIC);
    found.map_or(bytes.len(), |place| from + place)
}

fn as_u64(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

/// The sealed bytes of a frame, with its head.
pub(super) fn read_raw(folder: &Path, position: Position) -> io::Result<Vec<u8>> {
    let mut file = File::open(path_of(folder, position.segment))?;
    file.seek(SeekFrom::Start(position.offset))?;
    let mut bytes = vec![0; FRAME_HEAD_BYTES + position.length as usize];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The record at a place.
pub(super) fn read(folder: &Path, position: Position, seal: &Seal) -> Result<Record, SpoolError> {
    let bytes = read_raw(folder, position).map_err(SpoolError::Disk)?;
    let damaged = || SpoolError::Disk(io::ErrorKind::InvalidData.into());
    let sealed = bytes.get(FRAME_HEAD_BYTES..).ok_or_else(damaged)?;
    seal.open(sealed, position).ok_or_else(damaged)
}
