//! The spool on a real disk, in folders that go when a test ends.
//!
//! A crash is a copy of the folder, opened; a disk that fails is [`Planted`]. `model` compares the
//! whole with what it ought to hold; the others keep one promise each.

mod crash;
mod damage;
mod limit;
mod model;
mod order;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU32, AtomicU64},
};

use parking_lot::Condvar;
use uuid::Uuid;

use super::*;
use crate::domain::{
    address::SmsAddress,
    ids::{ChannelAccountId, OrganizationId, ReceiptId},
};

const KEY: [u8; 32] = [7; 32];
/// Longer than anything here takes, unless it hangs.
const DEADLINE: Duration = Duration::from_secs(20);

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/scratch");
        let folder = base.join(format!("spool-{}-{number}", std::process::id()));
        fs::remove_dir_all(&folder).ok();
        Self(folder)
    }

    /// What a crash at this moment would leave behind.
    fn crashed(&self) -> Self {
        let copy = Self::new();
        copy_folder(&self.0, &copy.0);
        copy
    }

    fn options(&self) -> SpoolOptions {
        SpoolOptions {
            free_bytes_min: 0,
            again_after: Duration::from_millis(20),
            ..SpoolOptions::new(self.0.clone())
        }
    }

    fn open(&self) -> (Spool, Recovered) {
        Spool::open(&self.options(), KEY).unwrap()
    }

    fn open_with(&self, faults: &Arc<Planted>) -> Spool {
        let faults = Arc::clone(faults) as Arc<dyn Faults>;
        Spool::open_on(&self.options(), KEY, faults).unwrap().0
    }

    fn refusal(&self, key: [u8; 32]) -> SpoolError {
        Spool::open(&self.options(), key).err().expect("it opens")
    }

    fn files(&self, ending: &str) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.0) else { return Vec::new() };
        let paths = entries.flatten().map(|entry| entry.path());
        let mut files: Vec<PathBuf> =
            paths.filter(|path| path.extension().is_some_and(|it| it == ending)).collect();
        files.sort();
        files
    }

    fn segments(&self) -> Vec<PathBuf> {
        self.files("log")
    }

    /// Every file and its bytes.
    fn everything(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let read = |path: PathBuf| fs::read(&path).map(|bytes| (path, bytes)).unwrap();
        ["log", "done"].iter().flat_map(|ending| self.files(ending)).map(read).collect()
    }

    fn aside_files(&self) -> Vec<PathBuf> {
        aside::find(&self.0.join("aside"), aside::Unfinished::Stays).unwrap().files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A disk that fails, or holds its syncs up, as told.
#[derive(Default)]
struct Planted {
    syncs: AtomicU64,
    fails_sync: AtomicBool,
    fails_cut: AtomicBool,
    /// So many more bytes fit on the disk.
    fits: Mutex<Option<usize>>,
    is_held: Mutex<bool>,
    released: Condvar,
}

impl Planted {
    fn hold(&self) {
        *self.is_held.lock() = true;
    }

    fn release(&self) {
        *self.is_held.lock() = false;
        self.released.notify_all();
    }

    fn syncs(&self) -> u64 {
        self.syncs.load(Ordering::SeqCst)
    }
}

impl Faults for Planted {
    fn before_write(&self, bytes: usize) -> Result<(), (usize, io::Error)> {
        let mut fits = self.fits.lock();
        match *fits {
            Some(room) if bytes > room => {
                *fits = Some(0);
                Err((room, io::ErrorKind::StorageFull.into()))
            }
            room => {
                *fits = room.map(|room| room - bytes);
                Ok(())
            }
        }
    }

    fn before_sync(&self) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::SeqCst);
        let mut is_held = self.is_held.lock();
        while *is_held {
            self.released.wait(&mut is_held);
        }
        drop(is_held);
        if self.fails_sync.load(Ordering::SeqCst) {
            return Err(io::Error::other("planted"));
        }
        Ok(())
    }

    fn before_cut(&self) -> io::Result<()> {
        if self.fails_cut.load(Ordering::SeqCst) {
            return Err(io::Error::other("planted"));
        }
        Ok(())
    }
}

fn pair(customer: u8) -> PairKey {
    let customer = SmsAddress::from_provider(&format!("1415555{customer:04}")).unwrap();
    PairKey::new(OrganizationId(Uuid::from_u128(1)), "14255550100", &customer)
}

fn record(number: u128, customer: u8) -> Record {
    Record { pair: Some(pair(customer)), ..single(number) }
}

/// A record whose order does not matter.
fn single(number: u128) -> Record {
    Record {
        id: ReceiptId(Uuid::from_u128(number)),
        organization: OrganizationId(Uuid::from_u128(1)),
        account: ChannelAccountId(Uuid::from_u128(2)),
        pair: None,
        suppresses: false,
        received_at: at(number),
        body: format!("{{\"number\":{number}}}").into_bytes(),
    }
}

fn at(number: u128) -> DateTime<Utc> {
    let offset_us = i64::try_from(number).unwrap();
    DateTime::from_timestamp_micros(1_800_000_000_000_000 + offset_us).unwrap()
}

fn stop(number: u128, customer: u8) -> Record {
    Record { suppresses: true, ..record(number, customer) }
}

fn id(number: u128) -> ReceiptId {
    ReceiptId(Uuid::from_u128(number))
}

async fn next(spool: &Spool) -> Taken {
    tokio::time::timeout(DEADLINE, spool.next()).await.expect("nothing may be taken")
}

/// Whether nothing may be taken at this moment.
fn is_idle(spool: &Spool) -> bool {
    spool.shared.index.lock().take(Instant::now()).is_none()
}

async fn next_id(spool: &Spool) -> (Taken, ReceiptId) {
    let taken = next(spool).await;
    let id = taken.read().await.unwrap().id;
    (taken, id)
}

/// Everything that waits, as it is handed out.
async fn drain(spool: &Spool) -> Vec<Record> {
    let mut found = Vec::new();
    while spool.waiting().records > 0 {
        let taken = next(spool).await;
        found.push(taken.read().await.unwrap());
        taken.done().await;
    }
    found
}

async fn drained_ids(spool: &Spool) -> Vec<ReceiptId> {
    drain(spool).await.iter().map(|record| record.id).collect()
}

/// What a crash at this moment would bring again.
async fn after_a_crash(folder: &Folder) -> Vec<ReceiptId> {
    let crashed = folder.crashed();
    let (spool, _) = crashed.open();
    drained_ids(&spool).await
}

/// Waits until so many appends have come in.
async fn until_waiting(spool: &Spool, count: usize) {
    let begun = Instant::now();
    while spool.shared.index.lock().coming_count() < count {
        assert!(begun.elapsed() < DEADLINE, "the appends do not come");
        tokio::task::yield_now().await;
    }
}
