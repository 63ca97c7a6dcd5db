//! Processes beside this one: what they use, and how they end.

use std::{
    fs,
    net::SocketAddr,
    process::{Child, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use super::world::Database;

/// The one that was built with this; `--binary=PATH` takes another, to compare before and after.
static BINARY: OnceLock<String> = OnceLock::new();
/// 32 bytes that seal the benchmark's keys.
const SECRET_KEY: &str = "YmVuY2htYXJrcyBzZWFsIHdpdGggdGhpcyBrZXkhISE=";
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// A child that ends with this value.
pub struct Running {
    child: Child,
    pub address: SocketAddr,
}

impl Running {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and waits.
    pub fn stop(mut self) {
        signal(self.pid(), "TERM");
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn signal(pid: u32, name: &str) {
    let arguments = [format!("-{name}"), pid.to_string()];
    std::process::Command::new("kill").args(arguments).status().unwrap();
}

/// Measures another binary than the one that was built with this.
pub fn set_binary(path: &str) {
    BINARY.set(path.to_owned()).expect("nothing has been started yet");
}

/// Our binary with the settings of a database.
pub fn centralino(database: &Database) -> std::process::Command {
    let built = || env!("CARGO_BIN_EXE_centralino").to_owned();
    let mut command = std::process::Command::new(BINARY.get_or_init(built));
    command
        .env("DATABASE_URL", database.url())
        .env("CENTRALINO_MIGRATE_URL", database.owner_url())
        .env("CENTRALINO_SECRET_KEY", SECRET_KEY)
        .env("CENTRALINO_DATA_DIR", database.folder())
        .env("CENTRALINO_LISTEN", "127.0.0.1:0")
        .env("CENTRALINO_LOG", "warn")
        .stdin(Stdio::null());
    command
}

/// Runs a command of ours to its end; answers what it printed.
pub fn run(database: &Database, arguments: &[&str]) -> String {
    let output = centralino(database).args(arguments).output().unwrap();
    let (printed, said) = (output.stdout, String::from_utf8_lossy(&output.stderr).into_owned());
    assert!(output.status.success(), "centralino {arguments:?}: {said}");
    String::from_utf8(printed).unwrap().trim().to_owned()
}

/// Starts the server; its provider is the one at `provider`.
pub fn serve(database: &Database, provider: Option<SocketAddr>) -> Running {
    let mut command = centralino(database);
    command.arg("serve");
    if let Some(provider) = provider {
        command.env("CENTRALINO_TELESIGN_URL", format!("http://{provider}"));
    }
    start(command, database, "serve")
}

/// Starts a program whose first line ends with the address that it listens on.
pub fn start(mut command: std::process::Command, database: &Database, name: &str) -> Running {
    let log = fs::File::create(database.folder().join(format!("{name}.log"))).unwrap();
    let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
    let begun = Instant::now();
    let mut line = String::new();
    while !line.contains("http://") {
        line.clear();
        let length = std::io::BufRead::read_line(&mut output, &mut line).unwrap();
        assert!(length > 0, "{name} ended; see {}", database.folder().display());
        assert!(begun.elapsed() < START_TIMEOUT, "{name} does not answer");
    }
    let address = line.split("http://").nth(1).unwrap().trim().parse().unwrap();
    // Whatever it still prints must not make it wait.
    std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    Running { child, address }
}

/// Seconds of processor that a process, and its children, have used.
pub fn cpu_seconds(pid: u32) -> f64 {
    let children = fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|child| stat(*child).is_some_and(|fields| fields[1] == pid.to_string()));
    let own = stat(pid).map_or(0.0, |fields| ticks(&fields, 11..15));
    own + children.filter_map(stat).map(|fields| ticks(&fields, 11..13)).sum::<f64>()
}

/// The fields of `/proc/PID/stat` behind the name, the state first.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

/// Linux counts in hundredths of a second.
fn ticks(fields: &[String], range: std::ops::Range<usize>) -> f64 {
    fields[range].iter().filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Resident memory in MiB.
pub fn resident_mib(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1_024.0
}
