//! A small file that is sealed with the server's key and replaced as a whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
};

use zeroize::Zeroizing;

use super::seal::Seal;

/// No such file comes near; a larger one is something else.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What has to be known while the database is away, for example who may sign callbacks.
#[derive(Clone)]
pub struct SealedFile {
    path: PathBuf,
    purpose: &'static str,
    seal: Seal,
}

impl SealedFile {
    /// A file for one purpose; what was sealed for another does not open.
    pub fn new(path: PathBuf, purpose: &'static str, key: [u8; 32]) -> Self {
        Self { path, purpose, seal: Seal::new(&key) }
    }

    /// What was written last; `None`: nothing, or nothing that opens with this key.
    pub fn read(&self) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
            Ok(found) if found.len() > FILE_BYTES_MAX => return Ok(None),
            Ok(_) => {}
        }
        let bytes = fs::read(&self.path)?;
        Ok(self.seal.open(&bytes, self.purpose.as_bytes()))
    }

    /// Replaces the file; a crash leaves the old one or the new one.
    pub fn write(&self, plain: &[u8]) -> io::Result<()> {
        let sealed = self.seal.seal(plain, self.purpose.as_bytes()).map_err(io::Error::other)?;
        let new = self.path.with_extension("new");
        let mut options = OpenOptions::new();
        let options = options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(&new)?;
        file.write_all(&sealed)?;
        file.sync_data()?;
        fs::rename(&new, &self.path)?;
        match self.path.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }
}
