//! The cluster's folder: made once, checked at each start.
//!
//! ```text
//! <folder>/cluster          PostgreSQL's own, given to the user that it runs as
//! <folder>/password         of its superuser, readable by its owner
//! <folder>/server.password  of the server, which is a lesser user
//! <folder>/postgres.log
//! ```

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use data_encoding::BASE32_NOPAD;
use secrecy::SecretString;

use super::{
    PostgresError, PostgresOptions,
    program::{Programs, hand_over, interrupt},
};

/// Who owns the database.
pub(super) const SUPERUSER: &str = "centralino";
/// 160 bits.
const PASSWORD_BYTES: usize = 20;
/// How long a leftover of a killed process may take to notice.
const LEFTOVER_TIMEOUT: Duration = Duration::from_secs(20);
/// A log larger than this begins anew at the next start.
const LOG_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Where PostgreSQL writes what happens to it.
pub(super) fn log_path(folder: &Path) -> PathBuf {
    folder.join("postgres.log")
}

/// Takes the folder for this process; `None`: another process has it.
pub(super) fn lock(base: &Path) -> Result<Option<File>, PostgresError> {
    let failed = |source| PostgresError::Folder { folder: base.to_owned(), source };
    fs::create_dir_all(base).map_err(failed)?;
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(false).mode(0o600);
    let file = options.open(base.join("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Port and passwords of the one that another process runs.
pub(super) fn read_running(base: &Path) -> Result<(u16, Passwords), PostgresError> {
    let failed = |source| PostgresError::Folder { folder: base.to_owned(), source };
    let state = fs::read_to_string(base.join("cluster/postmaster.pid")).map_err(failed)?;
    // The fourth line is the port.
    let port = state.lines().nth(3).and_then(|line| line.trim().parse().ok());
    let port = port.ok_or_else(|| PostgresError::InUse { folder: base.to_owned() })?;
    Ok((port, Passwords::read_or_make(base)?))
}

/// Who may sign in.
#[derive(Debug, Clone)]
pub(super) struct Passwords {
    pub(super) owner: SecretString,
    pub(super) server: SecretString,
}

impl Passwords {
    fn read_or_make(base: &Path) -> Result<Self, PostgresError> {
        Ok(Self {
            owner: read_or_make_password(&base.join("password"))?,
            server: read_or_make_password(&base.join("server.password"))?,
        })
    }
}

#[derive(Debug)]
pub(super) struct Cluster {
    base: PathBuf,
    folder: PathBuf,
    passwords: Passwords,
}

impl Cluster {
    /// Finds the cluster, or makes it.
    pub(super) fn prepare(
        programs: &mut Programs,
        options: &PostgresOptions,
    ) -> Result<Self, PostgresError> {
        let base = &options.folder;
        let failed =
            |source: std::io::Error| PostgresError::Folder { folder: base.clone(), source };
        fs::create_dir_all(base).map_err(failed)?;
        // `setpriv` runs elsewhere, so that the path must not depend on where we stand.
        let base = fs::canonicalize(base).map_err(failed)?;
        // The other user has to pass through; it sees nothing of what lies here but its own.
        fs::set_permissions(&base, fs::Permissions::from_mode(0o711)).map_err(failed)?;
        programs.reach(&base)?;
        let folder = base.join("cluster");
        let passwords = Passwords::read_or_make(&base)?;
        let cluster = Self { base, folder, passwords };
        // Before anything is touched: it may still be removing files of its own.
        cluster.stop_leftover();
        let version = fs::read_to_string(cluster.folder.join("PG_VERSION")).ok();
        match version.map(|text| text.trim().to_owned()) {
            None => cluster.make(programs, options.is_durable)?,
            Some(found) if found == programs.major.to_string() => cluster.hand_over(programs)?,
            Some(found) => {
                let installed = programs.major.to_string();
                let folder = cluster.folder;
                return Err(PostgresError::OtherVersion { folder, found, installed });
            }
        }
        Ok(cluster)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    pub(super) fn open_log(&self) -> Result<File, PostgresError> {
        let path = log_path(&self.base);
        let is_large = fs::metadata(&path).is_ok_and(|found| found.len() > LOG_BYTES_MAX);
        let mut options = OpenOptions::new();
        options.create(true).mode(0o600);
        let options =
            if is_large { options.write(true).truncate(true) } else { options.append(true) };
        options.open(&path).map_err(|source| PostgresError::Folder { folder: path, source })
    }

    /// A killed process leaves a PostgreSQL that is about to end: waits for it.
    fn stop_leftover(&self) {
        let lock = self.folder.join("postmaster.pid");
        let process = || -> Option<u32> {
            fs::read_to_string(&lock).ok()?.lines().next()?.trim().parse().ok()
        };
        let runs_here = |process: u32| {
            let command_line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
            let folder = self.folder.as_os_str().as_encoded_bytes();
            command_line.split(|byte| *byte == 0).any(|argument| argument == folder)
        };
        let Some(leftover) = process().filter(|process| runs_here(*process)) else { return };
        tracing::info!("waits for a PostgreSQL that an earlier start has left");
        interrupt(leftover).ok();
        let deadline = Instant::now() + LEFTOVER_TIMEOUT;
        while runs_here(leftover) && Instant::now() < deadline {
            std::thread::sleep(super::POLL_INTERVAL);
        }
    }

    /// An earlier initdb may have been cut off: only a finished cluster gets the real name.
    fn make(&self, programs: &Programs, is_durable: bool) -> Result<(), PostgresError> {
        let failed =
            |source: std::io::Error| PostgresError::Folder { folder: self.folder.clone(), source };
        let unfinished = self.base.join("cluster.unfinished");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(failed)?;
        }
        fs::create_dir(&unfinished).map_err(failed)?;
        let password_file = self.base.join("password");
        let own_copy = unfinished.with_extension("password");
        fs::copy(&password_file, &own_copy).map_err(failed)?;
        if let Some(user) = programs.user {
            hand_over(&unfinished, user)?;
            hand_over(&own_copy, user)?;
        }
        let output = programs
            .as_owner("initdb")
            .arg("-D")
            .arg(&unfinished)
            .args(["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256"])
            .args((!is_durable).then_some("--no-sync"))
            .arg(format!("--username={SUPERUSER}"))
            .arg(format!("--pwfile={}", own_copy.display()))
            .output();
        fs::remove_file(&own_copy).map_err(failed)?;
        let output = output.map_err(failed)?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            let detail = text.trim().lines().last().unwrap_or("it said nothing").to_owned();
            return Err(PostgresError::Failed { program: "initdb", detail });
        }
        fs::rename(&unfinished, &self.folder).map_err(failed)
    }

    /// A data folder that was copied or restored belongs to whoever did that.
    fn hand_over(&self, programs: &Programs) -> Result<(), PostgresError> {
        programs.user.map_or(Ok(()), |user| hand_over(&self.folder, user))
    }
}

fn read_or_make_password(path: &Path) -> Result<SecretString, PostgresError> {
    let failed = |source| PostgresError::Folder { folder: path.to_owned(), source };
    if let Ok(text) = fs::read_to_string(path) {
        return Ok(text.trim().to_owned().into());
    }
    let mut bytes = [0; PASSWORD_BYTES];
    getrandom::fill(&mut bytes).ok().ok_or(PostgresError::NoRandomness)?;
    let password = BASE32_NOPAD.encode(&bytes).to_lowercase();
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    writeln!(file, "{password}").map_err(failed)?;
    file.sync_all().map_err(failed)?;
    Ok(password.into())
}
