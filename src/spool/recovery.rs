//! What the folder holds when the spool is opened, whatever happened when it was last used.

use std::{
    fmt, fs, io,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    SpoolError, acknowledgement, aside,
    disk::{is_unfinished, remove},
    frame::{self, HEADER_BYTES, Header},
    index::Index,
    journal::{Journal, SegmentFile, as_u64, path_of},
};

/// What was found when the spool was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Records that wait to be taken.
    pub records: u64,
    /// Records that were set aside and that nobody has dealt with.
    pub aside: u64,
    /// Damaged bytes between whole records; a copy of them lies aside.
    pub damaged: Vec<Damage>,
    /// Ends of segments that held no whole record and were cut off: nobody was told that they were
    /// kept, unless the disk has lost it. A copy of all but zeros lies aside.
    pub torn: Vec<Damage>,
}

/// Bytes of a segment that are no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    pub segment: u32,
    pub offset: u64,
    pub bytes: u64,
}

impl fmt::Display for Damage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { segment, offset, bytes } = self;
        write!(formatter, "{bytes} bytes of spool-{segment:010}.log from {offset}")
    }
}

/// The files of the folder, by what they are.
#[derive(Default)]
struct Files {
    segments: Vec<u32>,
    acknowledgements: Vec<u32>,
    unfinished: Vec<PathBuf>,
}

/// Reads all segments, keeps what is whole and names what is not.
pub(super) fn recover(journal: &mut Journal, index: &mut Index) -> Result<Recovered, SpoolError> {
    let folder = journal.disk.folder().to_owned();
    let files = list(&folder).map_err(|error| unreadable(&folder, error))?;
    let mut recovered = Recovered::default();
    recover_aside(journal, index, &mut recovered)?;
    // Numbers are never used again: names and seals of what lies aside depend on them.
    let used = files.segments.iter().chain(&files.acknowledgements).copied().max().unwrap_or(0);
    let next = used.max(journal.next_number.saturating_sub(1)).checked_add(1);
    journal.next_number = next.ok_or(SpoolError::Full)?;
    for path in &files.unfinished {
        remove(path)?;
    }
    for number in &files.acknowledgements {
        if files.segments.binary_search(number).is_err() {
            remove(&acknowledgement::path_of(&folder, *number))?;
        }
    }
    for number in files.segments {
        recover_segment(journal, number, (index, &mut recovered))?;
    }
    recovered.records = index.waiting().records;
    Ok(recovered)
}

fn list(folder: &Path) -> io::Result<Files> {
    let mut files = Files::default();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if is_unfinished(&path) {
            files.unfinished.push(path);
            continue;
        }
        let Some((number, ending)) = number_of(&path) else { continue };
        match ending {
            "log" => files.segments.push(number),
            "done" => files.acknowledgements.push(number),
            _ => {}
        }
    }
    files.segments.sort_unstable();
    Ok(files)
}

fn number_of(path: &Path) -> Option<(u32, &str)> {
    let (number, ending) = path.file_name()?.to_str()?.strip_prefix("spool-")?.split_once('.')?;
    Some((number.parse().ok()?, ending))
}

fn recover_aside(
    journal: &mut Journal,
    index: &mut Index,
    recovered: &mut Recovered,
) -> Result<(), SpoolError> {
    let found = aside::find(&aside::folder_of(journal.disk.folder()), aside::Unfinished::Goes)?;
    journal.aside_bytes = found.bytes;
    journal.next_number = journal.next_number.max(found.segment_max.saturating_add(1));
    for kept in aside::read_records(&found.files, &journal.seal) {
        let record = kept?.record;
        recovered.aside += 1;
        if let Some(pair) = record.pair.filter(|_| record.suppresses) {
            index.suppress(pair);
        }
    }
    Ok(())
}

fn recover_segment(
    journal: &mut Journal,
    number: u32,
    (index, recovered): (&mut Index, &mut Recovered),
) -> Result<(), SpoolError> {
    let folder = journal.disk.folder().to_owned();
    let bytes = fs::read(path_of(&folder, number))?;
    match frame::read_header(&bytes, number, &journal.seal) {
        Header::OtherKey => return Err(SpoolError::OtherKey { folder }),
        Header::LaterRelease => return Err(SpoolError::LaterRelease { folder }),
        // The process, or the machine, died before a record was written.
        Header::Damaged if bytes.len() <= HEADER_BYTES || bytes.iter().all(|byte| *byte == 0) => {
            return journal.remove(number);
        }
        Header::Damaged => set_aside(journal, (number, &bytes), 0..HEADER_BYTES, recovered)?,
        Header::Good => {}
    }
    let contents = frame::scan(&bytes, number, &journal.seal);
    for range in contents.damaged {
        set_aside(journal, (number, &bytes), range, recovered)?;
    }
    if contents.good_bytes < bytes.len() {
        cut(journal, (number, &bytes), contents.good_bytes, recovered)?;
    }
    let done = acknowledgement::path_of(&folder, number);
    let (done, acknowledged_bytes) = acknowledgement::read(&done, number)?;
    let segment = SegmentFile { bytes: as_u64(contents.good_bytes), acknowledged_bytes };
    journal.segments.insert(number, segment);
    for (position, record) in &contents.records {
        if !done.contains(&position.offset) {
            index.recover(record, *position);
        }
    }
    if index.unacknowledged(number) == 0 { journal.remove(number) } else { Ok(()) }
}

fn set_aside(
    journal: &mut Journal,
    (segment, bytes): (u32, &[u8]),
    range: Range<usize>,
    recovered: &mut Recovered,
) -> Result<(), SpoolError> {
    let damage = damage(segment, &range);
    tracing::error!(place = %damage, "a damaged part of the spool is set aside");
    let kept = bytes.get(range.clone()).unwrap_or_default();
    let kept = aside::keep_damaged(&journal.disk, segment, range.start, kept)?;
    journal.aside_bytes = journal.aside_bytes.saturating_add(kept);
    recovered.damaged.push(damage);
    Ok(())
}

/// Takes off the end of a segment, so that nothing in it is ever taken for a record.
fn cut(
    journal: &mut Journal,
    (segment, bytes): (u32, &[u8]),
    at: usize,
    recovered: &mut Recovered,
) -> Result<(), SpoolError> {
    let damage = damage(segment, &(at..bytes.len()));
    tracing::warn!(place = %damage, "the torn end of a spool segment is cut off");
    let end = bytes.get(at..).unwrap_or_default();
    if end.iter().any(|byte| *byte != 0) {
        let kept = aside::keep_damaged(&journal.disk, segment, at, end)?;
        journal.aside_bytes = journal.aside_bytes.saturating_add(kept);
    }
    journal.disk.cut(&path_of(journal.disk.folder(), segment), as_u64(at))?;
    recovered.torn.push(damage);
    Ok(())
}

fn damage(segment: u32, range: &Range<usize>) -> Damage {
    Damage { segment, offset: as_u64(range.start), bytes: as_u64(range.len()) }
}

fn unreadable(folder: &Path, error: io::Error) -> SpoolError {
    SpoolError::Unwritable { folder: folder.to_owned(), source: Arc::new(error) }
}
