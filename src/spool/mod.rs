//! The journal on disk: makes inbound callbacks durable while PostgreSQL is slow or away.
//!
//! **Invariant:** [`Spool::append`] answers after the bytes are on the disk, and a crash at any byte
//! loses nothing that was answered. **Invariant:** records of one key leave in the order in which
//! they came; one that is not acknowledged comes again, so that whoever takes it must know
//! repetitions. Payloads are sealed with the server's key; how many there are, and how large, is
//! not hidden. One thread does all the writing: start at `writer`; `segment` is the layout.

mod index;
mod record;
mod sealed_file;
mod segment;
mod writer;

#[cfg(test)]
mod tests;

use std::{path::PathBuf, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc, oneshot};

pub use record::{OrderKey, Record};
pub use sealed_file::SealedFile;

use index::{Index, Position};
use record::Seal;
use writer::{Job, Writer};

/// Pause before a record is handed out again that could not be applied.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// How large the spool may grow, and where it lies.
#[derive(Debug, Clone)]
pub struct SpoolOptions {
    pub folder: PathBuf,
    pub segment_bytes_max: u64,
    pub total_bytes_max: u64,
    /// Space that is left to others on the disk.
    pub free_bytes_min: u64,
    /// Appends that may wait for the disk.
    pub waiting_max: usize,
}

impl SpoolOptions {
    /// As the product runs it: 16 MiB a segment, 1 GiB in all, 256 MiB of the disk left alone.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            segment_bytes_max: 16 * 1024 * 1024,
            total_bytes_max: 1024 * 1024 * 1024,
            free_bytes_min: 256 * 1024 * 1024,
            waiting_max: 8_192,
        }
    }
}

/// Why the spool does not take, or does not open.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    #[error("the spool folder {folder} cannot be written to: {source}", folder = folder.display())]
    Unwritable { folder: PathBuf, source: std::io::Error },
    #[error("the spool folder {folder} is in use by another process", folder = folder.display())]
    InUse { folder: PathBuf },
    #[error("the spool is full, or the disk nearly is")]
    Full,
    #[error("the spool's disk failed")]
    Disk(#[source] std::io::Error),
    #[error("too much waits for the spool's disk")]
    Busy,
    #[error("the machine gives no random numbers")]
    NoRandomness,
}

/// What was found when the spool was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Records that wait to be taken.
    pub records: u64,
    /// What could not be read, by segment and offset; the bytes are kept in `aside`.
    pub damaged: Vec<String>,
}

/// What waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    pub records: u64,
    pub bytes: u64,
    pub oldest_at: Option<DateTime<Utc>>,
}

struct Shared {
    index: Mutex<Index>,
    /// Told when there may be something to take.
    ready: Notify,
    seal: Seal,
    folder: PathBuf,
    total_bytes_max: u64,
}

/// The spool; clones are handles.
#[derive(Clone)]
pub struct Spool {
    shared: Arc<Shared>,
    jobs: mpsc::Sender<Job>,
}

impl Spool {
    /// Opens the folder, makes it where it is missing, finds what waits in it.
    ///
    /// Blocks; call it from a thread that may.
    pub fn open(options: &SpoolOptions, key: [u8; 32]) -> Result<(Self, Recovered), SpoolError> {
        let folder = options.folder.clone();
        let seal = Seal::new(key);
        let (writer, index, recovered) = Writer::open(options, &seal)?;
        let shared = Arc::new(Shared {
            index: Mutex::new(index),
            ready: Notify::new(),
            seal,
            folder: folder.clone(),
            total_bytes_max: options.total_bytes_max,
        });
        let (jobs, receiver) = mpsc::channel(options.waiting_max);
        let for_writer = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("spool".into())
            .spawn(move || writer.run(receiver, &for_writer))
            .map_err(|source| SpoolError::Unwritable { folder, source })?;
        Ok((Self { shared, jobs }, recovered))
    }

    /// Keeps a record; it is on the disk when this answers.
    pub async fn append(&self, record: Record) -> Result<(), SpoolError> {
        // Held from now on, so that nothing of the same key overtakes it on its way to the disk.
        let _coming = Coming::new(Arc::clone(&self.shared), record.order);
        let (reply, answer) = oneshot::channel();
        let job = Job::Append { record: Box::new(record), reply };
        self.jobs.try_send(job).ok().ok_or(SpoolError::Busy)?;
        answer.await.unwrap_or(Err(SpoolError::Busy))
    }

    /// Finishes what was asked before and lets go of the folder; nothing is taken afterwards.
    pub async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        if self.jobs.send(Job::Close(reply)).await.is_ok() {
            // An error says that it was closed before.
            closed.await.ok();
        }
    }

    /// Whether something of this key waits: what comes after it must wait behind it.
    pub fn holds(&self, key: &OrderKey) -> bool {
        self.shared.index.lock().holds(key)
    }

    /// Whether there is room for more, as far as is known without asking the disk.
    pub fn has_room(&self) -> bool {
        self.waiting().bytes < self.shared.total_bytes_max
    }

    /// How much waits.
    pub fn waiting(&self) -> Waiting {
        self.shared.index.lock().waiting()
    }

    /// The next record that may go: the first of its key, one of a key at a time. Waits for one.
    pub async fn next(&self) -> Taken {
        loop {
            let told = self.shared.ready.notified();
            let taken = self.shared.index.lock().take();
            if let Some((key, position)) = taken {
                // Others may be waiting for the rest.
                self.shared.ready.notify_one();
                return Taken { spool: self.clone(), key, position };
            }
            told.await;
        }
    }
}

/// A record on its way to the disk.
struct Coming {
    shared: Arc<Shared>,
    key: OrderKey,
}

impl Coming {
    fn new(shared: Arc<Shared>, key: OrderKey) -> Self {
        shared.index.lock().announce(key);
        Self { shared, key }
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        self.shared.index.lock().arrived(&self.key);
    }
}

/// A record that was handed out and is still in the spool.
pub struct Taken {
    spool: Spool,
    key: OrderKey,
    position: Position,
}

impl Taken {
    /// Reads the record from the disk.
    pub async fn read(&self) -> Result<Record, SpoolError> {
        let shared = Arc::clone(&self.spool.shared);
        let position = self.position;
        let reading = tokio::task::spawn_blocking(move || {
            segment::read(&shared.folder, position, &shared.seal)
        });
        reading.await.unwrap_or_else(|gone| Err(SpoolError::Disk(gone.into())))
    }

    /// Its effect is committed: the record goes, and the next of its key may come.
    pub async fn done(self) {
        let position = self.position;
        // The acknowledgement is not awaited on the disk: without it the record comes again.
        self.spool.jobs.send(Job::Done(position)).await.ok();
        self.spool.shared.index.lock().finish(&self.key);
        self.spool.shared.ready.notify_one();
    }

    /// It could not be applied now: it stays the first of its key and comes again after a pause.
    pub fn again(self) {
        let Self { spool, key, .. } = self;
        tokio::spawn(async move {
            tokio::time::sleep(AGAIN_AFTER).await;
            spool.shared.index.lock().put_back(&key);
            spool.shared.ready.notify_one();
        });
    }

    /// It can never be applied: its bytes are kept in `aside`, and the next of its key may come.
    pub async fn set_aside(self) {
        let position = self.position;
        self.spool.jobs.send(Job::SetAside(position)).await.ok();
        self.spool.shared.index.lock().finish(&self.key);
        self.spool.shared.ready.notify_one();
    }
}
