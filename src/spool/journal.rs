//! The segments on the disk: what is written, cut and removed.
//!
//! **Invariant:** a segment whose write or sync has failed is never written to again: after a
//! failed sync nobody knows what is on the disk. Its end is cut off, so that nothing that was
//! refused is later taken for a record; where even that fails, it is tried again.

use std::{
    collections::BTreeMap,
    fs::File,
    io,
    path::{Path, PathBuf},
};

use super::{
    SpoolError, SpoolOptions, acknowledgement, aside,
    disk::{Disk, remove},
    frame::{self, HEADER_BYTES, Kind},
    index::Position,
    record::Record,
    seal::Seal,
};

/// Segments whose end could not be cut off; with more of them, nothing is taken.
const UNCUT_MAX: usize = 16;

/// A segment file and the file of its acknowledgements.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SegmentFile {
    pub(super) bytes: u64,
    pub(super) acknowledged_bytes: u64,
}

/// The segment that is written to.
struct Current {
    number: u32,
    file: File,
}

pub(super) struct Journal {
    pub(super) options: SpoolOptions,
    pub(super) disk: Disk,
    pub(super) seal: Seal,
    pub(super) segments: BTreeMap<u32, SegmentFile>,
    pub(super) aside_bytes: u64,
    pub(super) next_number: u32,
    current: Option<Current>,
    /// Segments with something behind their good end, and that end.
    uncut: BTreeMap<u32, u64>,
}

impl Journal {
    pub(super) fn new(options: SpoolOptions, disk: Disk, seal: Seal) -> Self {
        Self {
            options,
            disk,
            seal,
            segments: BTreeMap::new(),
            aside_bytes: 0,
            next_number: 1,
            current: None,
            uncut: BTreeMap::new(),
        }
    }

    /// Writes as many records as go into one segment, and syncs them; answers where they lie.
    ///
    /// At least one, or an error; after an error none of them is there.
    pub(super) fn append(&mut self, records: &[&Record]) -> Result<Vec<Position>, SpoolError> {
        let Some(first) = records.first() else { return Ok(Vec::new()) };
        self.cut_again()?;
        // Before a segment is begun, so that a full disk does not collect empty ones.
        let room = self.room()?;
        if room < bytes_of(first) {
            return Err(SpoolError::Full);
        }
        let (number, begin) = self.writable_segment(bytes_of(first))?;
        let mut bytes = Vec::new();
        let mut positions = Vec::new();
        for record in records {
            let added = as_u64(bytes.len()).saturating_add(bytes_of(record));
            let is_over = begin.saturating_add(added) > self.options.segment_bytes_max;
            if !positions.is_empty() && (is_over || added > room) {
                break;
            }
            let offset = u32::try_from(begin.saturating_add(as_u64(bytes.len())));
            let offset = offset.ok().ok_or(SpoolError::Full)?;
            let frame =
                frame::frame(Kind::Record, &record.to_bytes(), (number, offset), &self.seal)?;
            let length = u32::try_from(frame.len()).ok().ok_or(SpoolError::TooLarge)?;
            positions.push(Position { segment: number, offset, length });
            bytes.extend_from_slice(&frame);
        }
        self.write(number, begin, &bytes)?;
        Ok(positions)
    }

    fn write(&mut self, number: u32, begin: u64, bytes: &[u8]) -> Result<(), SpoolError> {
        let Some(current) = &self.current else { return Err(SpoolError::Closed) };
        let file = &current.file;
        if let Err(error) = self.disk.append(file, bytes).and_then(|()| self.disk.sync(file)) {
            tracing::error!(%error, segment = number, "a spool segment failed and is given up");
            self.current = None;
            self.uncut.insert(number, begin);
            self.cut_again().ok();
            return Err(error.into());
        }
        if let Some(segment) = self.segments.get_mut(&number) {
            segment.bytes = begin.saturating_add(as_u64(bytes.len()));
        }
        Ok(())
    }

    /// Cuts off what failed writes may have left; refuses more of them than can be kept in mind.
    fn cut_again(&mut self) -> Result<(), SpoolError> {
        let mut failed: io::Result<()> = Ok(());
        for (number, bytes) in std::mem::take(&mut self.uncut) {
            // Nothing in it was ever answered.
            let outcome = if bytes <= as_u64(HEADER_BYTES) {
                remove(&path_of(self.disk.folder(), number))
            } else {
                self.disk.cut(&path_of(self.disk.folder(), number), bytes)
            };
            match outcome {
                Ok(()) if bytes <= as_u64(HEADER_BYTES) => {
                    self.segments.remove(&number);
                }
                Ok(()) => {}
                Err(error) => {
                    self.uncut.insert(number, bytes);
                    failed = Err(error);
                }
            }
        }
        if self.uncut.len() < UNCUT_MAX { Ok(()) } else { failed.map_err(SpoolError::from) }
    }

    /// The segment for the next record and where that segment ends; a new one when it is full.
    fn writable_segment(&mut self, added: u64) -> Result<(u32, u64), SpoolError> {
        if let Some(current) = &self.current {
            let end = self.segments.get(&current.number).map_or(0, |segment| segment.bytes);
            let is_fresh = end <= as_u64(HEADER_BYTES);
            if is_fresh || end.saturating_add(added) <= self.options.segment_bytes_max {
                return Ok((current.number, end));
            }
        }
        self.current = None;
        let number = self.next_number;
        self.next_number = number.checked_add(1).ok_or(SpoolError::Full)?;
        let path = path_of(self.disk.folder(), number);
        let begun = Disk::create(&path).and_then(|file| {
            self.disk.append(&file, &frame::header(number, &self.seal))?;
            self.disk.sync(&file)?;
            // The file's name is on the disk only when its folder is.
            self.disk.sync_folder(self.disk.folder())?;
            Ok(file)
        });
        let bytes = as_u64(HEADER_BYTES);
        match begun {
            Ok(file) => {
                self.segments.insert(number, SegmentFile { bytes, acknowledged_bytes: 0 });
                self.current = Some(Current { number, file });
                Ok((number, bytes))
            }
            Err(error) => {
                tracing::error!(%error, segment = number, "a spool segment could not be begun");
                self.uncut.insert(number, 0);
                self.cut_again().ok();
                Err(error.into())
            }
        }
    }

    /// How many bytes of records may be added, by our bound and by what is left to others.
    fn room(&self) -> Result<u64, SpoolError> {
        let ours = self.options.total_bytes_max.saturating_sub(self.used_bytes());
        let free = self.disk.free_bytes()?.saturating_sub(self.options.free_bytes_min);
        Ok(ours.min(free).saturating_sub(as_u64(HEADER_BYTES)))
    }

    /// Everything that the folder holds.
    pub(super) fn used_bytes(&self) -> u64 {
        let segments = self.segments.values();
        let bytes =
            segments.map(|segment| segment.bytes.saturating_add(segment.acknowledged_bytes));
        bytes.fold(self.aside_bytes, u64::saturating_add)
    }

    /// Makes it durable that records are done.
    pub(super) fn acknowledge(&mut self, number: u32, offsets: &[u32]) -> Result<(), SpoolError> {
        let Some(segment) = self.segments.get_mut(&number) else { return Ok(()) };
        let path = acknowledgement::path_of(self.disk.folder(), number);
        let from = segment.acknowledged_bytes;
        acknowledgement::add(&self.disk, &path, from, (number, offsets))?;
        segment.acknowledged_bytes =
            from.saturating_add(as_u64(offsets.len() * acknowledgement::ENTRY_BYTES));
        Ok(())
    }

    /// Removes a segment whose records are all done.
    pub(super) fn remove(&mut self, number: u32) -> Result<(), SpoolError> {
        if self.current.as_ref().is_some_and(|current| current.number == number) {
            self.current = None;
        }
        self.segments.remove(&number);
        self.uncut.remove(&number);
        let folder = self.disk.folder();
        // In this order: without its acknowledgements a segment would come again.
        remove(&path_of(folder, number))?;
        remove(&acknowledgement::path_of(folder, number))?;
        self.disk.sync_folder(folder)?;
        Ok(())
    }

    /// Keeps a record apart for good; the bytes as they are where they cannot be read.
    pub(super) fn set_aside(&mut self, position: Position, reason: &str) -> Result<(), SpoolError> {
        let bytes = read_frame(self.disk.folder(), position)?;
        let at = (position.segment, position.offset);
        let kept = match frame::open_record(&bytes, at, &self.seal) {
            Some((record, _)) => aside::keep_record(&self.disk, at, (&record, reason), &self.seal)?,
            None => self.keep_damaged(position.segment, position.offset as usize, &bytes)?,
        };
        self.aside_bytes = self.aside_bytes.saturating_add(kept);
        Ok(())
    }

    fn keep_damaged(&self, segment: u32, at: usize, bytes: &[u8]) -> Result<u64, SpoolError> {
        tracing::error!(segment, offset = at, "a damaged spool record is set aside");
        aside::keep_damaged(&self.disk, segment, at, bytes)
    }
}

pub(super) fn path_of(folder: &Path, segment: u32) -> PathBuf {
    folder.join(format!("spool-{segment:010}.log"))
}

/// The frame at a place.
fn read_frame(folder: &Path, position: Position) -> Result<Vec<u8>, SpoolError> {
    use std::os::unix::fs::FileExt;

    let file = File::open(path_of(folder, position.segment))?;
    let mut bytes = vec![0; position.length as usize];
    file.read_exact_at(&mut bytes, u64::from(position.offset))?;
    Ok(bytes)
}

/// The record at a place.
pub(super) fn read(folder: &Path, position: Position, seal: &Seal) -> Result<Record, SpoolError> {
    let bytes = read_frame(folder, position)?;
    let found = frame::open_record(&bytes, (position.segment, position.offset), seal);
    found.map(|(record, _)| record).ok_or(SpoolError::Damaged)
}

fn bytes_of(record: &Record) -> u64 {
    as_u64(frame::record_frame_bytes(record))
}

pub(super) fn as_u64(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}
