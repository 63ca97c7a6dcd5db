//! What can never be applied, and what is damaged: kept in a folder of its own, file by file.
//!
//! A file's name says where its bytes lay. Whoever has dealt with one removes it; until then it
//! counts as used space, and a STOP among them goes on to suppress.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use super::{
    SpoolError,
    disk::{Disk, is_unfinished, remove},
    frame::{self, HEADER_BYTES, Header, Kind},
    record::Record,
    seal::Seal,
};

const FOLDER: &str = "aside";
const RECORD: &str = "record";
const DAMAGED: &str = "damaged";
/// Longer reasons are cut.
const REASON_BYTES_MAX: usize = 200;

/// A record that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// The file that keeps it; whoever has dealt with it removes the file.
    pub path: PathBuf,
    pub reason: String,
    pub record: Record,
}

/// What the folder holds, as far as everybody needs to know.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) files: Vec<PathBuf>,
    pub(super) bytes: u64,
    /// The highest segment that a file came from.
    pub(super) segment_max: u32,
}

pub(super) fn folder_of(folder: &Path) -> PathBuf {
    folder.join(FOLDER)
}

/// What becomes of files that are not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfinished {
    /// Nobody writes: they were left behind.
    Goes,
    /// Somebody may be writing them.
    Stays,
}

/// Looks the folder through.
pub(super) fn find(folder: &Path, unfinished: Unfinished) -> io::Result<Found> {
    let mut found = Found::default();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if is_unfinished(&path) {
            if unfinished == Unfinished::Goes {
                remove(&path)?;
            }
            continue;
        }
        let Some((segment, _)) = place_of(&path) else { continue };
        found.segment_max = found.segment_max.max(segment);
        // One that is gone by now was dealt with.
        let bytes = fs::metadata(&path).map_or(0, |found| found.len());
        found.bytes = found.bytes.saturating_add(bytes);
        found.files.push(path);
    }
    found.files.sort();
    Ok(found)
}

/// Keeps a record; answers how much space that takes.
pub(super) fn keep_record(
    disk: &Disk,
    (segment, offset): (u32, u32),
    (record, reason): (&Record, &str),
    seal: &Seal,
) -> Result<u64, SpoolError> {
    let reason = reason.get(..reason.floor_char_boundary(REASON_BYTES_MAX)).unwrap_or_default();
    let length = u16::try_from(reason.len()).unwrap_or(0);
    let plain = [length.to_le_bytes().as_slice(), reason.as_bytes(), &record.to_bytes()].concat();
    let plain = zeroize::Zeroizing::new(plain);
    let mut bytes = frame::header(segment, seal);
    bytes.extend_from_slice(&frame::frame(Kind::Aside, &plain, (segment, offset), seal)?);
    keep(disk, &name_of(segment, u64::from(offset), RECORD), &bytes)
}

/// Keeps bytes as they are; answers how much more space that takes.
pub(super) fn keep_damaged(
    disk: &Disk,
    segment: u32,
    offset: usize,
    bytes: &[u8],
) -> Result<u64, SpoolError> {
    keep(disk, &name_of(segment, u64::try_from(offset).unwrap_or(u64::MAX), DAMAGED), bytes)
}

fn keep(disk: &Disk, name: &str, bytes: &[u8]) -> Result<u64, SpoolError> {
    let folder = folder_of(disk.folder());
    let path = folder.join(name);
    if !folder.exists() {
        DirBuilder::new().mode(0o700).create(&folder)?;
        disk.sync_folder(disk.folder())?;
    }
    // The same damage is found at each start, and a crash may come before the record's end.
    let before = fs::metadata(&path).map_or(0, |found| found.len());
    disk.replace(&path, bytes)?;
    Ok(u64::try_from(bytes.len()).unwrap_or(u64::MAX).saturating_sub(before))
}

fn name_of(segment: u32, offset: u64, ending: &str) -> String {
    format!("spool-{segment:010}-{offset:010}.{ending}")
}

fn place_of(path: &Path) -> Option<(u32, u32)> {
    let (segment, offset) = path.file_stem()?.to_str()?.strip_prefix("spool-")?.split_once('-')?;
    Some((segment.parse().ok()?, offset.parse().ok()?))
}

/// The records among the files; what is damaged is passed over.
pub(super) fn read_records<'a>(
    files: &'a [PathBuf],
    seal: &'a Seal,
) -> impl Iterator<Item = Result<Aside, SpoolError>> + 'a {
    let is_record = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == RECORD);
    files.iter().filter(is_record).filter_map(|path| read_record(path, seal).transpose())
}

fn read_record(path: &Path, seal: &Seal) -> Result<Option<Aside>, SpoolError> {
    let bytes = match fs::read(path) {
        // Somebody has just dealt with it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        bytes => bytes?,
    };
    let Some(place) = place_of(path) else { return Ok(None) };
    let folder = || path.parent().unwrap_or(path).to_owned();
    match frame::read_header(&bytes, place.0, seal) {
        Header::OtherKey => return Err(SpoolError::OtherKey { folder: folder() }),
        Header::LaterRelease => return Err(SpoolError::LaterRelease { folder: folder() }),
        Header::Good | Header::Damaged => {}
    }
    let sealed = bytes.get(HEADER_BYTES..).unwrap_or_default();
    let plain = frame::open(Kind::Aside, sealed, place, seal);
    let record = plain.and_then(|(plain, _)| {
        let (length, rest) = plain.split_first_chunk::<2>()?;
        let (reason, record) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        let reason = String::from_utf8_lossy(reason).into_owned();
        Some(Aside { path: path.to_owned(), reason, record: Record::from_bytes(record)? })
    });
    if record.is_none() {
        tracing::error!(path = %path.display(), "a record that was set aside is damaged");
    }
    Ok(record)
}
