//! The journal on disk: makes inbound callbacks durable while PostgreSQL is slow or away.
//!
//! **Invariant:** [`Spool::append`] answers after the sync, and a crash at any byte loses nothing
//! that was answered. **Invariant:** records of a pair are handed out one at a time, in their order;
//! one whose end is not on the disk comes again, so that whoever takes it must know repetitions.
//! Payloads are sealed with the server's key; how many there are, how long and when is not hidden,
//! and whoever may write to the folder can remove them. Start at `writer`; `frame` is the layout.

mod acknowledgement;
mod aside;
mod disk;
mod error;
mod frame;
mod index;
mod journal;
mod record;
mod recovery;
mod seal;
mod sealed_file;
mod writer;

#[cfg(test)]
mod tests;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use tokio::{
    sync::{Notify, Semaphore, mpsc, oneshot},
    time::Instant,
};

pub use aside::Aside;
pub use error::SpoolError;
pub use record::{BODY_BYTES_MAX, PairKey, Record};
pub use recovery::{Damage, Recovered};
pub use sealed_file::SealedFile;

use disk::{Disk, Faults, NoFaults};
use index::{End, Handed, Index};
use journal::{Journal, as_u64};
use seal::Seal;
use writer::{Append, Job};

/// Bodies that may wait for the disk at a time.
const WAITING_BYTES_MAX: u32 = 64 * 1024 * 1024;
/// Offsets have 32 bits, and a segment is read as a whole when the spool is opened.
const SEGMENT_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Where the spool lies and how large it may grow.
#[derive(Debug, Clone)]
pub struct SpoolOptions {
    pub folder: PathBuf,
    pub segment_bytes_max: u64,
    /// Of everything in the folder, what was set aside included.
    pub total_bytes_max: u64,
    /// Space on the disk that is left to others.
    pub free_bytes_min: u64,
    /// Appends that may wait for the disk.
    pub waiting_max: usize,
    /// Before a record is handed out again that could not be applied.
    pub again_after: Duration,
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
            again_after: Duration::from_secs(1),
        }
    }
}

/// How much waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    pub records: u64,
    pub bytes: u64,
    /// When the one came that waits in the first place.
    pub oldest_at: Option<DateTime<Utc>>,
}

struct Shared {
    index: Mutex<Index>,
    /// Told when there may be something to take.
    ready: Notify,
    seal: Seal,
    folder: PathBuf,
    again_after: Duration,
    total_bytes_max: u64,
    used_bytes: AtomicU64,
    /// One permit for each append that may wait, and one for each byte of them.
    waiting: Arc<Semaphore>,
    waiting_bytes: Arc<Semaphore>,
}

impl Shared {
    fn note_used(&self, bytes: u64) {
        self.used_bytes.store(bytes, Ordering::Relaxed);
        #[expect(clippy::cast_precision_loss, reason = "a gauge needs no exact bytes")]
        metrics::gauge!("centralino_spool_bytes").set(bytes as f64);
    }
}

/// The spool; clones are handles.
#[derive(Clone)]
pub struct Spool {
    shared: Arc<Shared>,
    jobs: mpsc::UnboundedSender<Job>,
}

impl Spool {
    /// Opens the folder, makes it where it is missing, finds what waits in it.
    ///
    /// Blocks while it reads all segments; call it from a thread that may.
    pub fn open(
        options: &SpoolOptions,
        secret_key: [u8; 32],
    ) -> Result<(Self, Recovered), SpoolError> {
        Self::open_on(options, secret_key, Arc::new(NoFaults))
    }

    fn open_on(
        options: &SpoolOptions,
        secret_key: [u8; 32],
        faults: Arc<dyn Faults>,
    ) -> Result<(Self, Recovered), SpoolError> {
        let mut options = options.clone();
        options.segment_bytes_max = options.segment_bytes_max.min(SEGMENT_BYTES_MAX);
        let seal = Seal::new(&secret_key);
        let disk = Disk::open(&options.folder, faults)?;
        let mut journal = Journal::new(options.clone(), disk, seal.clone());
        let mut index = Index::default();
        let recovered = recovery::recover(&mut journal, &mut index)?;
        let shared = Arc::new(Shared {
            index: Mutex::new(index),
            ready: Notify::new(),
            seal,
            folder: options.folder,
            again_after: options.again_after,
            total_bytes_max: options.total_bytes_max,
            used_bytes: AtomicU64::new(0),
            waiting: Arc::new(Semaphore::new(options.waiting_max.min(Semaphore::MAX_PERMITS))),
            waiting_bytes: Arc::new(Semaphore::new(WAITING_BYTES_MAX as usize)),
        });
        // Bounded all the same: appends by their permits, the rest by what may be handed out.
        let (jobs, receiver) = mpsc::unbounded_channel();
        let for_writer = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("spool".into())
            .spawn(move || writer::run(journal, receiver, &for_writer))?;
        Ok((Self { shared, jobs }, recovered))
    }

    /// Keeps a record; it is on the disk when this answers `Ok`.
    ///
    /// Whoever stops waiting for the answer does not take the record back.
    pub async fn append(&self, record: Record) -> Result<(), SpoolError> {
        record.check()?;
        let shared = &self.shared;
        let bytes = u32::try_from(record.body.len()).unwrap_or(u32::MAX).max(1);
        let waiting = Arc::clone(&shared.waiting).try_acquire_owned();
        let waiting = waiting.ok().ok_or(SpoolError::Busy)?;
        let waiting_bytes = Arc::clone(&shared.waiting_bytes).try_acquire_many_owned(bytes);
        let waiting_bytes = waiting_bytes.ok().ok_or(SpoolError::Busy)?;
        let (pair, suppresses) = (record.pair, record.suppresses);
        // Held from now on, so that nothing of the same pair overtakes it on its way to the disk.
        shared.index.lock().announce(pair, suppresses);
        let (reply, answer) = oneshot::channel();
        let append = Append { record, reply, _permits: (waiting, waiting_bytes) };
        if self.jobs.send(Job::Append(Box::new(append))).is_err() {
            shared.index.lock().withdraw(pair, suppresses);
            return Err(SpoolError::Closed);
        }
        answer.await.unwrap_or(Err(SpoolError::Closed))
    }

    /// Whether something of this pair waits: newer callbacks of it must follow through the spool.
    pub fn holds(&self, pair: &PairKey) -> bool {
        self.shared.index.lock().holds(pair)
    }

    /// Whether a STOP of this pair waits, or was set aside: nothing may be sent to it.
    pub fn is_suppressed(&self, pair: &PairKey) -> bool {
        self.shared.index.lock().is_suppressed(pair)
    }

    /// All pairs that nothing may be sent to, in no order.
    pub fn suppressed_pairs(&self) -> Vec<PairKey> {
        self.shared.index.lock().suppressed_pairs()
    }

    /// Whether nothing waits and nothing is suppressed.
    pub fn is_quiet(&self) -> bool {
        let index = self.shared.index.lock();
        index.is_empty() && index.suppressed_pairs().is_empty()
    }

    /// Whether nothing waits, nor is on its way to the disk.
    pub fn is_empty(&self) -> bool {
        self.shared.index.lock().is_empty()
    }

    pub fn waiting(&self) -> Waiting {
        self.shared.index.lock().waiting()
    }

    /// What all files of the spool take.
    pub fn used_bytes(&self) -> u64 {
        self.shared.used_bytes.load(Ordering::Relaxed)
    }

    /// How large it may grow.
    pub fn bytes_max(&self) -> u64 {
        self.shared.total_bytes_max
    }

    /// Whether the longest callback would fit, as far as is known without asking the disk.
    pub fn has_room(&self) -> bool {
        let longest = as_u64(2 * BODY_BYTES_MAX);
        self.used_bytes().saturating_add(longest) <= self.shared.total_bytes_max
    }

    /// The next record that may go: the first of its pair, one of a pair at a time.
    ///
    /// Waits while there is none, or while very many are handed out.
    pub async fn next(&self) -> Taken {
        loop {
            let told = self.shared.ready.notified();
            let (handed, until) = {
                let mut index = self.shared.index.lock();
                (index.take(Instant::now()), index.next_at())
            };
            if let Some(handed) = handed {
                // Others may be waiting for the rest.
                self.shared.ready.notify_one();
                return Taken { spool: self.clone(), handed, is_settled: false };
            }
            match until {
                None => told.await,
                Some(until) => {
                    tokio::select! {
                        () = told => {}
                        () = tokio::time::sleep_until(until) => {}
                    }
                }
            }
        }
    }

    /// What was set aside and not dealt with, oldest first, at most so many.
    pub async fn aside(&self, count_max: usize) -> Result<Vec<Aside>, SpoolError> {
        let shared = Arc::clone(&self.shared);
        let reading = tokio::task::spawn_blocking(move || {
            let found = aside::find(&aside::folder_of(&shared.folder), aside::Unfinished::Stays)?;
            aside::read_records(&found.files, &shared.seal).take(count_max).collect()
        });
        reading.await.unwrap_or_else(|gone| Err(std::io::Error::other(gone).into()))
    }

    /// Finishes what was asked before and lets go of the folder; nothing is taken afterwards.
    pub async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        if self.jobs.send(Job::Close(reply)).is_ok() {
            // An error says that it was closed before.
            closed.await.ok();
        }
    }
}

/// A record that is handed out and still in the spool. Dropped, it comes again after a pause.
pub struct Taken {
    spool: Spool,
    handed: Handed,
    /// Its end was handed to the writer.
    is_settled: bool,
}

impl Taken {
    /// Reads the record from the disk.
    pub async fn read(&self) -> Result<Record, SpoolError> {
        let shared = Arc::clone(&self.spool.shared);
        let position = self.handed.position;
        let reading = tokio::task::spawn_blocking(move || {
            journal::read(&shared.folder, position, &shared.seal)
        });
        reading.await.unwrap_or_else(|gone| Err(std::io::Error::other(gone).into()))
    }

    /// Its effect is committed: the next of its pair may come. Answers when this is on the disk.
    ///
    /// Where the disk refuses, it counts as done until a restart, and then comes again.
    pub async fn done(mut self) {
        let shared = &self.spool.shared;
        self.is_settled = true;
        shared.index.lock().finish(&self.handed, End::Done);
        shared.ready.notify_one();
        let (reply, answer) = oneshot::channel();
        let job = Job::Done { position: self.handed.position, reply };
        if self.spool.jobs.send(job).is_ok() {
            // An error says that the spool was closed.
            answer.await.ok();
        }
    }

    /// It could not be applied now: it stays the first of its pair and comes again after a pause.
    pub fn again(self) {
        drop(self);
    }

    /// It can never be applied: it is kept aside, and then the next of its pair may come.
    ///
    /// The reason is kept with it and holds no personal data. After an error it comes again.
    pub async fn set_aside(mut self, reason: &str) -> Result<(), SpoolError> {
        let (reply, answer) = oneshot::channel();
        let job = Job::SetAside { handed: self.handed, reason: reason.to_owned(), reply };
        self.spool.jobs.send(job).ok().ok_or(SpoolError::Closed)?;
        self.is_settled = true;
        answer.await.unwrap_or(Err(SpoolError::Closed))
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if !self.is_settled {
            let shared = &self.spool.shared;
            shared.index.lock().put_back(&self.handed, Instant::now() + shared.again_after);
            shared.ready.notify_one();
        }
    }
}
