//! Which records of a segment are done: a file beside it that goes when the segment goes.
//!
//! An entry is an offset and a checksum over segment and offset, so that neither a torn entry nor
//! stale bytes can end a record that nobody has carried out. A lost entry costs a repetition.

use std::{
    collections::HashSet,
    fs::{self, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::{disk::Disk, frame::checksum};

pub(super) const ENTRY_BYTES: usize = 8;

/// Adds entries and syncs them; `from` is how much of the file is good.
pub(super) fn add(
    disk: &Disk,
    path: &Path,
    from: u64,
    (segment, offsets): (u32, &[u32]),
) -> io::Result<()> {
    let is_new = from == 0;
    let mut options = OpenOptions::new();
    let file = options.append(true).create(true).mode(0o600).open(path)?;
    if file.metadata()?.len() != from {
        // A failed write has left its beginning: entries behind it would be out of step.
        file.set_len(from)?;
    }
    let bytes: Vec<u8> = offsets.iter().flat_map(|offset| entry(segment, *offset)).collect();
    disk.append(&file, &bytes).and_then(|()| disk.sync(&file))?;
    if is_new { path.parent().map_or(Ok(()), |folder| disk.sync_folder(folder)) } else { Ok(()) }
}

/// The offsets that are done, and how much of the file is good.
pub(super) fn read(path: &Path, segment: u32) -> io::Result<(HashSet<u32>, u64)> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((HashSet::new(), 0)),
        bytes => bytes?,
    };
    let (entries, _torn) = bytes.as_chunks::<ENTRY_BYTES>();
    let good = entries.iter().filter_map(|bytes| {
        let (offset, _) = bytes.split_first_chunk::<4>()?;
        let offset = u32::from_le_bytes(*offset);
        (*bytes == entry(segment, offset)).then_some(offset)
    });
    Ok((good.collect(), u64::try_from(entries.as_flattened().len()).unwrap_or(0)))
}

fn entry(segment: u32, offset: u32) -> [u8; ENTRY_BYTES] {
    let mut bytes = [0; ENTRY_BYTES];
    bytes[..4].copy_from_slice(&segment.to_le_bytes());
    bytes[4..].copy_from_slice(&offset.to_le_bytes());
    let sum = checksum(&bytes);
    bytes[..4].copy_from_slice(&offset.to_le_bytes());
    bytes[4..].copy_from_slice(&sum.to_le_bytes());
    bytes
}

pub(super) fn path_of(folder: &Path, segment: u32) -> PathBuf {
    folder.join(format!("spool-{segment:010}.done"))
}
