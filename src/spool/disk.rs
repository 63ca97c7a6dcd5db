//! The few things that are asked of the disk, each in one place, so that tests can make it fail.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::SpoolError;

const LOCK: &str = "lock";
/// Written into the lock file at each start, to see that the disk takes bytes.
const LOCK_CONTENT: &[u8] = b"held while a server uses this folder\n";
const PROBE: &str = "probe.new";
/// What was being written when the process died; nothing refers to it.
const UNFINISHED: &str = "new";

/// What a test may make of the disk.
pub(super) trait Faults: Send + Sync {
    /// `Err`: so many bytes still reach the file, then the write fails.
    fn before_write(&self, _bytes: usize) -> Result<(), (usize, io::Error)> {
        Ok(())
    }

    fn before_sync(&self) -> io::Result<()> {
        Ok(())
    }

    fn before_cut(&self) -> io::Result<()> {
        Ok(())
    }

    fn free_bytes(&self, actual: u64) -> u64 {
        actual
    }
}

/// The disk as it is.
pub(super) struct NoFaults;

impl Faults for NoFaults {}

/// A folder that belongs to this process.
pub(super) struct Disk {
    folder: PathBuf,
    faults: Arc<dyn Faults>,
    /// Held for as long as the process uses the folder.
    _lock: File,
}

impl Disk {
    /// Makes the folder, sees that it can be written to, and takes it for this process.
    pub(super) fn open(folder: &Path, faults: Arc<dyn Faults>) -> Result<Self, SpoolError> {
        let failed =
            |error| SpoolError::Unwritable { folder: folder.to_owned(), source: Arc::new(error) };
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        let mut options = OpenOptions::new();
        let options = options.write(true).create(true).truncate(false).mode(0o600);
        let lock = options.open(folder.join(LOCK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(SpoolError::InUse { folder: folder.to_owned() });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        probe(folder, &lock).map_err(failed)?;
        Ok(Self { folder: folder.to_owned(), faults, _lock: lock })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file that must not exist yet; its name is on the disk when the folder is synced.
    pub(super) fn create(path: &Path) -> io::Result<File> {
        OpenOptions::new().append(true).create_new(true).mode(0o600).open(path)
    }

    pub(super) fn append(&self, mut file: &File, bytes: &[u8]) -> io::Result<()> {
        match self.faults.before_write(bytes.len()) {
            Ok(()) => file.write_all(bytes),
            Err((reaching, error)) => {
                file.write_all(bytes.get(..reaching).unwrap_or(bytes))?;
                Err(error)
            }
        }
    }

    pub(super) fn sync(&self, file: &File) -> io::Result<()> {
        self.faults.before_sync()?;
        file.sync_data()
    }

    pub(super) fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.faults.before_sync()?;
        File::open(folder)?.sync_all()
    }

    /// Takes the end off a file.
    pub(super) fn cut(&self, path: &Path, bytes: u64) -> io::Result<()> {
        self.faults.before_cut()?;
        let file = OpenOptions::new().write(true).open(path)?;
        file.set_len(bytes)?;
        file.sync_data()
    }

    /// Replaces a small file as a whole: a crash leaves the old one or the new one.
    pub(super) fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let unfinished = path.with_added_extension(UNFINISHED);
        remove(&unfinished)?;
        let file = Self::create(&unfinished)?;
        let written = self.append(&file, bytes).and_then(|()| self.sync(&file));
        if let Err(error) = written.and_then(|()| fs::rename(&unfinished, path)) {
            // What is left of it is removed at the next start at the latest.
            remove(&unfinished).ok();
            return Err(error);
        }
        path.parent().map_or(Ok(()), |folder| self.sync_folder(folder))
    }

    /// What is free for us, without what only the superuser may use.
    pub(super) fn free_bytes(&self) -> io::Result<u64> {
        let disk = rustix::fs::statvfs(&self.folder)?;
        Ok(self.faults.free_bytes(disk.f_bavail.saturating_mul(disk.f_frsize)))
    }
}

/// Removes a file; one that is gone is as good.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

/// Whether a file was not finished when the process died.
pub(super) fn is_unfinished(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == UNFINISHED)
}

/// A folder that opens may still be read-only, or lie on a disk that takes nothing.
fn probe(folder: &Path, mut lock: &File) -> io::Result<()> {
    lock.write_all(LOCK_CONTENT)?;
    lock.sync_data()?;
    let path = folder.join(PROBE);
    remove(&path)?;
    match Disk::create(&path) {
        // What waits has to drain from a full disk, too.
        Err(error) if error.kind() == io::ErrorKind::StorageFull => Ok(()),
        created => created.and_then(|_| remove(&path)),
    }
}
