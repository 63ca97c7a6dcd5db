//! The one thread that writes: one sync for all that waits.

use std::{
    collections::{BTreeMap, HashSet},
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use tokio::sync::{mpsc, oneshot};

use super::{
    Recovered, Shared, SpoolError, SpoolOptions,
    index::{Index, Position},
    record::{Record, Seal},
    segment::{self, FRAME_HEAD_BYTES, HEAD, done_path_of, number_of, path_of},
};

/// Appends that share one sync.
const BATCH_MAX: usize = 1_024;
const ASIDE: &str = "aside";

type Reply = oneshot::Sender<Result<(), SpoolError>>;

/// What the thread is asked for.
pub(super) enum Job {
    Append {
        record: Box<Record>,
        reply: Reply,
    },
    Done(Position),
    SetAside(Position),
    /// What was asked before is done; the folder is free for another process.
    Close(oneshot::Sender<()>),
}

/// A segment that is not empty.
#[derive(Default)]
struct Segment {
    bytes: u64,
    /// Records that were not acknowledged.
    left: u64,
}

struct Current {
    number: u64,
    file: File,
}

pub(super) struct Writer {
    options: SpoolOptions,
    segments: BTreeMap<u64, Segment>,
    current: Option<Current>,
    next_number: u64,
    /// Held for as long as the process uses the folder.
    _lock: File,
}

impl Writer {
    /// Opens the folder and reads what waits in it.
    pub(super) fn open(
        options: &SpoolOptions,
        seal: &Seal,
    ) -> Result<(Self, Index, Recovered), SpoolError> {
        let lock = prepare(&options.folder)?;
        let mut writer = Self {
            options: options.clone(),
            segments: BTreeMap::new(),
            current: None,
            next_number: 1,
            _lock: lock,
        };
        let (mut index, mut recovered) = (Index::default(), Recovered::default());
        let folder = writer.options.folder.clone();
        let failed = |source| SpoolError::Unwritable { folder: folder.clone(), source };
        let entries = fs::read_dir(&folder).map_err(failed)?;
        let mut numbers: Vec<u64> =
            entries.flatten().filter_map(|entry| number_of(&entry.path())).collect();
        numbers.sort_unstable();
        for number in numbers {
            writer.next_number = number + 1;
            writer.recover(number, seal, (&mut index, &mut recovered)).map_err(failed)?;
        }
        recovered.records = index.waiting().records;
        Ok((writer, index, recovered))
    }

    fn recover(
        &mut self,
        number: u64,
        seal: &Seal,
        (index, recovered): (&mut Index, &mut Recovered),
    ) -> io::Result<()> {
        let folder = &self.options.folder;
        let path = path_of(folder, number);
        let bytes = fs::read(&path)?;
        let contents = segment::scan(&bytes, number, seal);
        for (from, to) in &contents.damaged {
            let place = format!("spool-{number:012}.log at {from}");
            let (start, end) = (as_usize(*from), as_usize(*to));
            keep_aside(folder, number, *from, &bytes[start..end])?;
            tracing::error!(place, bytes = to - from, "a damaged spool record was set aside");
            recovered.damaged.push(place);
        }
        let is_done = read_done(folder, number)?;
        let waiting = contents
            .records
            .into_iter()
            .filter(|(position, _)| !is_done.contains(&position.offset));
        let mut left = 0;
        for (position, record) in waiting {
            index.push(record.order, position, record.received_at);
            left += 1;
        }
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if contents.good_bytes < length {
            // What was torn is in `aside`; nothing may be taken for a record that is none.
            OpenOptions::new().write(true).open(&path)?.set_len(contents.good_bytes)?;
        }
        self.segments.insert(number, Segment { bytes: contents.good_bytes, left });
        if left == 0 {
            self.remove(number);
        }
        Ok(())
    }

    /// Works until every handle is gone.
    pub(super) fn run(mut self, mut jobs: mpsc::Receiver<Job>, shared: &Shared) {
        let mut batch = Vec::new();
        while jobs.blocking_recv_many(&mut batch, BATCH_MAX) > 0 {
            let mut appends = Vec::new();
            let mut closing = None;
            for job in batch.drain(..) {
                match job {
                    Job::Append { record, reply } => appends.push((record, reply)),
                    Job::Done(position) => self.acknowledge(position),
                    Job::SetAside(position) => self.set_aside(position),
                    Job::Close(reply) => closing = Some(reply),
                }
            }
            if !appends.is_empty() {
                self.append(appends, shared);
                let bytes = self.total_bytes();
                metrics::gauge!("centralino_spool_bytes").set(as_f64(bytes));
            }
            if let Some(reply) = closing {
                drop(self);
                // Whoever closed it may not have waited.
                reply.send(()).ok();
                return;
            }
        }
    }

    fn append(&mut self, appends: Vec<(Box<Record>, Reply)>, shared: &Shared) {
        match self.write(&appends, &shared.seal) {
            Ok(positions) => {
                let mut index = shared.index.lock();
                for ((record, _), position) in appends.iter().zip(&positions) {
                    index.push(record.order, *position, record.received_at);
                }
                drop(index);
                shared.ready.notify_one();
                for (_, reply) in appends {
                    // Whoever asked may have gone; the record is kept.
                    reply.send(Ok(())).ok();
                }
            }
            Err(error) => {
                tracing::error!(%error, "the spool could not keep what it was given");
                for (_, reply) in appends {
                    reply.send(Err(copy_of(&error))).ok();
                }
            }
        }
    }

    /// Writes and syncs all of it, or leaves nothing that could be taken for a record.
    fn write(
        &mut self,
        appends: &[(Box<Record>, Reply)],
        seal: &Seal,
    ) -> Result<Vec<Position>, SpoolError> {
        let number = self.current_number()?;
        let begin = self.segments.entry(number).or_default().bytes;
        let mut bytes = Vec::new();
        let mut positions = Vec::with_capacity(appends.len());
        for (record, _) in appends {
            let offset = begin + u64::try_from(bytes.len()).unwrap_or(0);
            let frame = segment::frame(record, number, offset, seal);
            let frame = frame.ok_or(SpoolError::NoRandomness)?;
            let length = u32::try_from(frame.len() - FRAME_HEAD_BYTES).unwrap_or(u32::MAX);
            positions.push(Position { segment: number, offset, length });
            bytes.extend_from_slice(&frame);
        }
        let added = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.check_room(added)?;
        let Some(current) = &mut self.current else { return Err(SpoolError::Busy) };
        let written = current.file.write_all(&bytes).and_then(|()| current.file.sync_data());
        if let Err(error) = written {
            // After a failed sync nobody knows what is on the disk: never write behind it again.
            let cut = current.file.set_len(begin).and_then(|()| current.file.sync_data());
            self.current = None;
            if let Err(error) = cut {
                tracing::error!(%error, segment = number, "a failed segment could not be cut");
            }
            return Err(disk_error(error));
        }
        if let Some(segment) = self.segments.get_mut(&number) {
            segment.bytes += added;
            segment.left += u64::try_from(appends.len()).unwrap_or(0);
        }
        Ok(positions)
    }

    /// The segment that is written to; a new one when the present one is large enough.
    fn current_number(&mut self) -> Result<u64, SpoolError> {
        if let Some(current) = &self.current {
            let bytes = self.segments.get(&current.number).map_or(0, |segment| segment.bytes);
            if bytes < self.options.segment_bytes_max {
                return Ok(current.number);
            }
        }
        let number = self.next_number;
        let folder = &self.options.folder;
        let make = || {
            let mut options = OpenOptions::new();
            let options = options.append(true).create_new(true).mode(0o600);
            let mut file = options.open(path_of(folder, number))?;
            file.write_all(HEAD)?;
            file.sync_data()?;
            // The file's name is on the disk only when its folder is.
            File::open(folder)?.sync_all()?;
            Ok(file)
        };
        self.next_number += 1;
        let file = make().map_err(disk_error)?;
        let bytes = u64::try_from(HEAD.len()).unwrap_or(0);
        self.segments.insert(number, Segment { bytes, left: 0 });
        self.current = Some(Current { number, file });
        Ok(number)
    }

    fn check_room(&self, added: u64) -> Result<(), SpoolError> {
        if self.total_bytes().saturating_add(added) > self.options.total_bytes_max {
            return Err(SpoolError::Full);
        }
        let disk = rustix::fs::statvfs(&self.options.folder);
        let disk = disk.map_err(|error| SpoolError::Disk(error.into()))?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        if free.saturating_sub(added) < self.options.free_bytes_min {
            return Err(SpoolError::Full);
        }
        Ok(())
    }

    fn total_bytes(&self) -> u64 {
        self.segments.values().map(|segment| segment.bytes).sum()
    }

    fn acknowledge(&mut self, position: Position) {
        if let Err(error) = note_done(&self.options.folder, position) {
            tracing::warn!(%error, "a spool record could not be acknowledged; it comes again");
        }
        let Some(segment) = self.segments.get_mut(&position.segment) else { return };
        segment.left = segment.left.saturating_sub(1);
        if segment.left == 0 {
            if self.current.as_ref().is_some_and(|current| current.number == position.segment) {
                self.current = None;
            }
            self.remove(position.segment);
        }
    }

    fn set_aside(&mut self, position: Position) {
        let folder = &self.options.folder;
        let kept = segment::read_raw(folder, position)
            .and_then(|bytes| keep_aside(folder, position.segment, position.offset, &bytes));
        match kept {
            Ok(()) => self.acknowledge(position),
            Err(error) => tracing::error!(%error, "a spool record could not be set aside"),
        }
    }

    fn remove(&mut self, number: u64) {
        self.segments.remove(&number);
        for path in
            [path_of(&self.options.folder, number), done_path_of(&self.options.folder, number)]
        {
            match fs::remove_file(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => tracing::warn!(%error, "a spool file could not be removed"),
            }
        }
    }
}

/// Makes the folder, sees that it can be written to, and takes it for this process.
fn prepare(folder: &Path) -> Result<File, SpoolError> {
    let failed = |source| SpoolError::Unwritable { folder: folder.to_owned(), source };
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(false).mode(0o600);
    let lock = options.open(folder.join("lock")).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(SpoolError::InUse { folder: folder.to_owned() });
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    // A file that opens may still lie on a disk that takes nothing.
    lock.set_len(0).and_then(|()| (&lock).write_all(b"centralino\n")).map_err(failed)?;
    lock.sync_data().map_err(failed)?;
    Ok(lock)
}

fn note_done(folder: &Path, position: Position) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let options = options.append(true).create(true).mode(0o600);
    let mut file = options.open(done_path_of(folder, position.segment))?;
    file.write_all(&position.offset.to_le_bytes())
}

/// Offsets that were acknowledged; a torn last one counts as not there.
fn read_done(folder: &Path, number: u64) -> io::Result<HashSet<u64>> {
    let bytes = match fs::read(done_path_of(folder, number)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashSet::new()),
        outcome => outcome?,
    };
    let (whole, _torn) = bytes.as_chunks::<8>();
    Ok(whole.iter().map(|offset| u64::from_le_bytes(*offset)).collect())
}

fn keep_aside(folder: &Path, number: u64, offset: u64, bytes: &[u8]) -> io::Result<()> {
    let aside = folder.join(ASIDE);
    DirBuilder::new().recursive(true).mode(0o700).create(&aside)?;
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(aside.join(format!("spool-{number:012}-{offset}.bin")))?;
    file.write_all(bytes)?;
    file.sync_data()
}

fn disk_error(error: io::Error) -> SpoolError {
    if error.kind() == io::ErrorKind::StorageFull {
        SpoolError::Full
    } else {
        SpoolError::Disk(error)
    }
}

/// Each of those that waited is told.
fn copy_of(error: &SpoolError) -> SpoolError {
    match error {
        SpoolError::Full => SpoolError::Full,
        SpoolError::NoRandomness => SpoolError::NoRandomness,
        SpoolError::Disk(error) => SpoolError::Disk(error.kind().into()),
        SpoolError::Busy | SpoolError::Unwritable { .. } | SpoolError::InUse { .. } => {
            SpoolError::Busy
        }
    }
}

fn as_usize(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "a gauge needs no exact bytes")]
fn as_f64(bytes: u64) -> f64 {
    bytes as f64
}
