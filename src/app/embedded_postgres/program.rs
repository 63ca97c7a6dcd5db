//! The machine's programs: where PostgreSQL's are, and how to run them as somebody but root.

use std::{
    ffi::OsStr,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::PostgresError;
use crate::config::{self, Setting};

/// The oldest version that the migrations are written for.
const MAJOR_MIN: u32 = 15;
/// Where Debian keeps its versions.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";
/// Whom PostgreSQL runs as when we are root, which it refuses: the first that exists.
const USERS: [&str; 2] = ["postgres", "nobody"];
/// What may be lent to the user so that it passes through folders that are closed to it: nothing,
/// else reading and passing, else, where a container lacks that, everything about files.
const CAPABILITIES: [Option<&str>; 3] = [None, Some("dac_read_search"), Some("dac_override")];

/// PostgreSQL's programs of one version.
#[derive(Debug)]
pub(super) struct Programs {
    folder: PathBuf,
    pub(super) major: u32,
    /// Set when we are root.
    pub(super) user: Option<&'static str>,
    /// What the user needs besides to reach the data folder, where a folder above is closed to it.
    capability: Option<&'static str>,
}

impl Programs {
    /// The newest version on the machine: on the path, or where Debian keeps it.
    pub(super) fn find() -> Result<Self, PostgresError> {
        let debian = std::fs::read_dir(DEBIAN_FOLDER).into_iter().flatten().flatten();
        let folders = config::program_folders()
            .into_iter()
            .chain(debian.map(|entry| entry.path().join("bin")));
        let newest = folders
            .filter_map(|folder| Some((major_of(&folder)?, folder)))
            .filter(|(major, folder)| *major >= MAJOR_MIN && folder.join("initdb").is_file())
            .max_by_key(|(major, _)| *major);
        let (major, folder) = newest.ok_or(PostgresError::NotInstalled)?;
        let user = if is_root() { Some(owner()?) } else { None };
        Ok(Self { folder, major, user, capability: None })
    }

    pub(super) fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }

    /// Sees to it that the owner of the cluster reaches a folder, as it must below the home of root
    /// or in a temporary folder that is closed to others.
    pub(super) fn reach(&mut self, folder: &Path) -> Result<(), PostgresError> {
        let Some(user) = self.user else { return Ok(()) };
        for capability in CAPABILITIES {
            self.capability = capability;
            let mut test = self.owners_command();
            // Not `test`, which asks the kernel what the user might do without the capability.
            test.arg("stat").arg(folder.join(".")).stdin(Stdio::null());
            test.stdout(Stdio::null()).stderr(Stdio::null());
            if test.status().is_ok_and(|status| status.success()) {
                return Ok(());
            }
        }
        Err(PostgresError::Unreachable { folder: folder.to_owned(), user })
    }

    /// A program that runs as the owner of the cluster, and is interrupted when its thread ends.
    pub(super) fn as_owner(&self, program: &str) -> Command {
        let mut command = self.owners_command();
        command.arg(self.path(program)).env("LC_ALL", "C");
        // The folder that we stand in may be closed to that user.
        command.current_dir("/");
        command
    }
}

impl Programs {
    fn owners_command(&self) -> Command {
        let mut command = Command::new("setpriv");
        // Ctrl+C in a terminal interrupts a whole group: the database has to outlive our draining.
        command.process_group(0);
        // What we are set by is no business of that user's: it may hold the secret key.
        for setting in Setting::ALL {
            command.env_remove(setting.variable());
        }
        command.arg("--pdeathsig=INT");
        if let Some(user) = self.user {
            command.arg(format!("--reuid={user}")).arg("--init-groups");
            command.arg(format!("--regid={}", group_of(user)));
        }
        if let Some(capability) = self.capability {
            command.arg(format!("--inh-caps=+{capability}"));
            command.arg(format!("--ambient-caps=+{capability}"));
        }
        command.arg("--");
        command
    }
}

/// Debian's `nobody` has a group of another name.
fn group_of(user: &str) -> &str {
    if user == "nobody" { "nogroup" } else { user }
}

/// The version of the `postgres` in a folder.
fn major_of(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres"))
        .arg("--version")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    // "postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)"
    let version = text.split_once("(PostgreSQL) ")?.1;
    version.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

fn is_root() -> bool {
    say("id", ["-u"]).is_some_and(|text| text.trim() == "0")
}

fn owner() -> Result<&'static str, PostgresError> {
    if say("setpriv", ["--version"]).is_none() {
        return Err(PostgresError::MissingProgram { program: "setpriv", package: "util-linux" });
    }
    let found = USERS.into_iter().find(|user| say("id", ["-u", user]).is_some());
    found.ok_or(PostgresError::NotInstalled)
}

/// What a program prints when it succeeds.
fn say<Argument: AsRef<OsStr>>(
    program: &str,
    arguments: impl IntoIterator<Item = Argument>,
) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Asks a process to end.
pub(super) fn interrupt(process: u32) -> std::io::Result<()> {
    let status = Command::new("kill").arg("-INT").arg(process.to_string()).status()?;
    if status.success() { Ok(()) } else { Err(std::io::Error::other("kill failed")) }
}

/// Gives a folder and all that is in it to the owner of the cluster.
pub(super) fn hand_over(folder: &Path, user: &str) -> Result<(), PostgresError> {
    let owner = format!("{user}:{}", group_of(user));
    let output = Command::new("chown").arg("-R").arg(owner).arg(folder).output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(PostgresError::Failed {
            program: "chown",
            detail: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        }),
        Err(source) => Err(PostgresError::Folder { folder: folder.to_owned(), source }),
    }
}
