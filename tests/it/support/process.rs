//! The binary as a process of its own, for what only a process can show: signals, exit codes, death.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    os::fd::OwnedFd,
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use super::DEADLINE;

/// The binary that was built with these tests.
fn command(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_centralino"));
    command.args(arguments).env_clear().env("PATH", env!("PATH"));
    command.envs(environment.iter().copied());
    command
}

/// Runs a command to its end.
pub fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    run_with_input(arguments, environment, "")
}

/// Runs a command to its end, with this on its stdin.
pub fn run_with_input(arguments: &[&str], environment: &[(&str, &str)], input: &str) -> Output {
    let mut command = command(arguments, environment);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// A running server; it is killed when this is dropped.
pub struct Process {
    child: Child,
    lines: mpsc::Receiver<String>,
    pub url: String,
    log: std::thread::JoinHandle<String>,
}

impl Process {
    /// Starts it and waits for the first line on its stdout.
    pub fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = command(arguments, environment);
        command.stdin(Stdio::null());
        Self::spawn(command)
    }

    /// Starts it on a socket that stays open here, as systemd hands one over.
    pub fn start_on(
        listener: &TcpListener,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        // The socket comes as the shell's stdin, goes to the first of the places where it is
        // looked for, and belongs to the process that the shell becomes.
        let launcher = "exec 3<&0 0</dev/null; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$@\"";
        let mut command = Command::new("sh");
        command.args(["-c", launcher, "sh", env!("CARGO_BIN_EXE_centralino")]).args(arguments);
        command.env_clear().env("PATH", env!("PATH")).envs(environment.iter().copied());
        command.stdin(OwnedFd::from(listener.try_clone().unwrap()));
        Self::spawn(command)
    }

    fn spawn(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = Vec::new();
            stderr.read_to_end(&mut text).ok();
            String::from_utf8_lossy(&text).into_owned()
        });
        if let Ok(first) = lines.recv_timeout(DEADLINE) {
            let url = first.strip_prefix("listening on ").expect(&first).to_owned();
            return Self { child, lines, url, log };
        }
        child.kill().ok();
        child.wait().ok();
        panic!("it did not start: {}", log.join().unwrap());
    }

    /// The next line on its stdout.
    pub fn line(&self) -> String {
        self.lines.recv_timeout(DEADLINE).expect("no line in time")
    }

    /// SIGKILL: it can do nothing about it.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGKILL; answers what it had logged.
    pub fn killed(mut self) -> String {
        self.kill();
        self.end().2
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// SIGTERM; answers its exit code, how long it took, and its log.
    pub fn terminate(self) -> (Option<i32>, Duration, String) {
        self.signal("TERM");
        self.end()
    }

    /// SIGTERM; answers what it has printed that nobody has read.
    pub fn rest(self) -> Vec<String> {
        self.signal("TERM");
        self.lines.iter().collect()
    }

    /// Waits until it ends; answers its exit code, how long it took, and its log.
    pub fn end(mut self) -> (Option<i32>, Duration, String) {
        let asked = Instant::now();
        while asked.elapsed() < 2 * DEADLINE {
            if let Some(status) = self.child.try_wait().unwrap() {
                let log = std::mem::replace(&mut self.log, std::thread::spawn(String::new));
                return (status.code(), asked.elapsed(), log.join().unwrap());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it did not stop within {:?}", 2 * DEADLINE);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
