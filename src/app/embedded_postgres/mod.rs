//! A PostgreSQL of our own, from the binaries that the machine has.
//!
//! **Invariant:** it never outlives this process, however this process ends: the kernel interrupts
//! it when the thread that started it is gone. **Invariant:** only this process and root can sign
//! in: it listens on the loopback address alone and asks for passwords that are kept in the data
//! folder, readable by its owner. Start at [`EmbeddedPostgres::start`].

mod cluster;
mod program;

use std::{
    fs::File,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use secrecy::{ExposeSecret, SecretString};

use cluster::{Cluster, Passwords};
use program::Programs;

/// A first start, or one after a crash, has a log to replay.
const START_TIMEOUT: Duration = Duration::from_mins(1);
/// A fast shutdown waits for nothing but a last checkpoint.
const STOP_TIMEOUT: Duration = Duration::from_secs(20);
const POLL_INTERVAL: Duration = Duration::from_millis(25);
/// The database that the server works in.
const DATABASE: &str = "centralino";
/// Whom the server signs in as: nobody's owner, bound by row-level security.
const SERVER: &str = "centralino_login";

/// Why there is no PostgreSQL.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    #[error(
        "PostgreSQL 15 or newer is not on this machine; install it (on Debian: apt-get install postgresql) or set DATABASE_URL"
    )]
    NotInstalled,
    #[error("{program} is not on this machine; install it (on Debian: apt-get install {package})")]
    MissingProgram { program: &'static str, package: &'static str },
    #[error(
        "the data folder {folder} holds a database of PostgreSQL {found}; this machine has {installed}: install that version, or move the data with pg_dump",
        folder = folder.display()
    )]
    OtherVersion { folder: PathBuf, found: String, installed: String },
    #[error("the data folder {folder} cannot be used: {source}", folder = folder.display())]
    Folder { folder: PathBuf, source: std::io::Error },
    #[error(
        "the user {user}, which runs PostgreSQL, cannot reach {folder}; choose another data folder (CENTRALINO_DATA_DIR), or let others pass through the folders above it",
        folder = folder.display()
    )]
    Unreachable { folder: PathBuf, user: &'static str },
    #[error("{program} failed: {detail}")]
    Failed { program: &'static str, detail: String },
    #[error("PostgreSQL did not answer within {seconds} s; its log is {log}", log = log.display())]
    Silent { seconds: u64, log: PathBuf },
    #[error("PostgreSQL stopped while it started; its log is {log}", log = log.display())]
    Stopped { log: PathBuf },
    #[error("the embedded database in {folder} is in use by another process", folder = folder.display())]
    InUse { folder: PathBuf },
    #[error("no random numbers for a password")]
    NoRandomness,
}

/// What the database is to be like.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// Made where it is missing; holds the cluster, the password and the log.
    pub folder: PathBuf,
    /// Off only for tests: a power cut then loses data.
    pub is_durable: bool,
    pub connections_max: u16,
}

impl PostgresOptions {
    /// As the product runs it.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, is_durable: true, connections_max: 100 }
    }
}

/// A PostgreSQL that runs for as long as this value, or this process, lives.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    port: u16,
    passwords: Passwords,
    folder: PathBuf,
    /// Told to stop; answers by ending. The thread holds the child, whose life hangs on it.
    stop: Option<mpsc::Sender<()>>,
    keeper: Option<std::thread::JoinHandle<()>>,
    /// Nobody else starts it, or takes it for a leftover, while this is held.
    _lock: File,
}

impl EmbeddedPostgres {
    /// Starts it, makes the cluster and the database where they are missing, waits until it answers.
    ///
    /// Blocks; call it from a thread that may.
    pub fn start(options: &PostgresOptions) -> Result<Self, PostgresError> {
        let mut programs = Programs::find()?;
        let lock = cluster::lock(&options.folder)?;
        let lock = lock.ok_or_else(|| PostgresError::InUse { folder: options.folder.clone() })?;
        let cluster = Cluster::prepare(&mut programs, options)?;
        let port = free_port(&options.folder)?;
        let command = server_command(&programs, &cluster, options, port);
        let (stop, keeper) = keep(command, &cluster)?;
        let started = Self {
            port,
            passwords: cluster.passwords().clone(),
            folder: options.folder.clone(),
            stop: Some(stop),
            keeper: Some(keeper),
            _lock: lock,
        };
        started.wait_until_it_answers(&programs)?;
        started.create_database(&programs)?;
        Ok(started)
    }

    /// The URL of the one that another process runs in this folder, if one does.
    pub fn running(folder: &Path) -> Result<Option<SecretString>, PostgresError> {
        if !folder.is_dir() || cluster::lock(folder)?.is_some() {
            return Ok(None);
        }
        let (port, passwords) = cluster::read_running(folder)?;
        Ok(Some(url_of(port, (SERVER, &passwords.server), DATABASE)))
    }

    /// The server's URL of a database in it; of the product's own where none is named.
    pub fn url(&self, database: Option<&str>) -> SecretString {
        url_of(self.port, (SERVER, &self.passwords.server), database.unwrap_or(DATABASE))
    }

    /// The same database's URL for its owner, who makes the tables and may do everything.
    pub fn owner_url(&self, database: Option<&str>) -> SecretString {
        let owner = (cluster::SUPERUSER, &self.passwords.owner);
        url_of(self.port, owner, database.unwrap_or(DATABASE))
    }

    /// The folder that it keeps its files in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Shuts it down and waits for the end.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(keeper) = self.keeper.take()
            && keeper.join().is_err()
        {
            tracing::error!("the thread that keeps PostgreSQL panicked");
        }
    }

    fn wait_until_it_answers(&self, programs: &Programs) -> Result<(), PostgresError> {
        let deadline = Instant::now() + START_TIMEOUT;
        let log = cluster::log_path(&self.folder);
        loop {
            if self.keeper.as_ref().is_none_or(std::thread::JoinHandle::is_finished) {
                return Err(PostgresError::Stopped { log });
            }
            let ready = Command::new(programs.path("pg_isready"))
                .args(["--quiet", "--host=127.0.0.1", "--timeout=1"])
                .arg(format!("--port={}", self.port))
                .stdin(Stdio::null())
                .status();
            if ready.is_ok_and(|status| status.success()) {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(PostgresError::Silent { seconds: START_TIMEOUT.as_secs(), log });
            }
            std::thread::sleep(POLL_INTERVAL);
        }
    }

    fn create_database(&self, programs: &Programs) -> Result<(), PostgresError> {
        let made = Command::new(programs.path("createdb"))
            .args(["--host=127.0.0.1", "--no-password", "--template=template0"])
            .arg(format!("--port={}", self.port))
            .arg(format!("--username={}", cluster::SUPERUSER))
            .arg(DATABASE)
            .env("PGPASSWORD", self.passwords.owner.expose_secret())
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output();
        let output =
            made.map_err(|source| PostgresError::Folder { folder: self.folder.clone(), source })?;
        let detail = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() || detail.contains("already exists") {
            return Ok(());
        }
        Err(PostgresError::Failed { program: "createdb", detail: detail.trim().to_owned() })
    }
}

impl Drop for EmbeddedPostgres {
    fn drop(&mut self) {
        self.end();
    }
}

fn url_of(port: u16, (user, password): (&str, &SecretString), database: &str) -> SecretString {
    let password = password.expose_secret();
    format!("postgres://{user}:{password}@127.0.0.1:{port}/{database}").into()
}

/// A port that nobody has; PostgreSQL takes it a moment later.
fn free_port(folder: &Path) -> Result<u16, PostgresError> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port());
    port.map_err(|source| PostgresError::Folder { folder: folder.to_owned(), source })
}

fn server_command(
    programs: &Programs,
    cluster: &Cluster,
    options: &PostgresOptions,
    port: u16,
) -> Command {
    let mut command = programs.as_owner("postgres");
    command.arg("-D").arg(cluster.folder());
    let on = |flag: bool| if flag { "on" } else { "off" };
    let settings = [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        // No socket file: a path in a data folder is easily too long for one.
        "unix_socket_directories=".to_owned(),
        format!("max_connections={}", options.connections_max),
        "shared_buffers=128MB".to_owned(),
        "max_wal_size=1GB".to_owned(),
        "password_encryption=scram-sha-256".to_owned(),
        format!("fsync={}", on(options.is_durable)),
        format!("synchronous_commit={}", on(options.is_durable)),
        format!("full_page_writes={}", on(options.is_durable)),
        "timezone=UTC".to_owned(),
        "log_timezone=UTC".to_owned(),
        // A failed statement is told to the server, which logs it without its parameters; the
        // statement and its detail hold numbers, addresses and texts.
        "log_min_error_statement=panic".to_owned(),
        "log_error_verbosity=terse".to_owned(),
    ];
    for setting in settings {
        command.arg("-c").arg(setting);
    }
    command
}

/// Starts the server from a thread of its own, which lives until the server is told to stop.
///
/// The kernel's parent-death signal is tied to the thread that forked, not to the process: a
/// thread of a runtime may end at any time and would take the database with it.
fn keep(
    mut command: Command,
    cluster: &Cluster,
) -> Result<(mpsc::Sender<()>, std::thread::JoinHandle<()>), PostgresError> {
    let log = cluster.open_log()?;
    let (stop, stopped) = mpsc::channel::<()>();
    let (started, outcome) = mpsc::channel();
    let keeper = std::thread::Builder::new().name("postgres".into()).spawn(move || {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        match child {
            Ok(child) => {
                drop(started.send(Ok(())));
                watch(child, &stopped);
            }
            Err(error) => drop(started.send(Err(error))),
        }
    });
    let folder = || cluster.folder().to_owned();
    let keeper = keeper.map_err(|source| PostgresError::Folder { folder: folder(), source })?;
    let outcome = outcome.recv().unwrap_or_else(|gone| Err(std::io::Error::other(gone)));
    outcome.map_err(|source| PostgresError::Folder { folder: folder(), source })?;
    Ok((stop, keeper))
}

/// Waits for the child's end, or for the word to end it.
fn watch(mut child: Child, stopped: &mpsc::Receiver<()>) {
    loop {
        match child.try_wait() {
            Ok(None) => {}
            Ok(Some(status)) => {
                tracing::error!(%status, "the embedded PostgreSQL has ended");
                return;
            }
            Err(error) => {
                tracing::error!(%error, "the embedded PostgreSQL cannot be watched");
                return;
            }
        }
        if let Err(mpsc::RecvTimeoutError::Disconnected) = stopped.recv_timeout(POLL_INTERVAL) {
            break;
        }
    }
    // SIGINT is a fast shutdown: sessions end, nothing is lost.
    if let Err(error) = program::interrupt(child.id()) {
        tracing::warn!(%error, "the embedded PostgreSQL could not be asked to stop");
    }
    let deadline = Instant::now() + STOP_TIMEOUT;
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(POLL_INTERVAL);
    }
    tracing::warn!("the embedded PostgreSQL did not stop in time; it recovers at the next start");
    child.kill().and_then(|()| child.wait()).ok();
}
