//! The embedded PostgreSQL beside the server: what reaches it, and what it writes down.

use std::{fs, path::Path};

use crate::support::{KEY, Process, run_with_input, scratch};

fn serve(data_dir: &Path) -> Process {
    let environment =
        [("CENTRALINO_DATA_DIR", data_dir.to_str().unwrap()), ("CENTRALINO_SECRET_KEY", KEY)];
    Process::start(&["serve", "--listen", "127.0.0.1:0"], &environment)
}

/// A field of `/proc/<id>/stat`, counted after the name, which may hold anything.
fn group_of(process: &str) -> String {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, fields) = text.rsplit_once(')').unwrap();
    fields.split_whitespace().nth(2).unwrap().to_owned()
}

#[test]
fn neither_ctrl_c_nor_the_secret_key_reaches_the_database() {
    let data_dir = scratch("embedded-apart");
    let server = serve(&data_dir);
    let lock = fs::read_to_string(data_dir.join("postgres/cluster/postmaster.pid")).unwrap();
    let database = lock.lines().next().unwrap();
    // A terminal interrupts a group; the database has to be there while the server drains.
    assert_eq!(group_of(database), database, "it leads a group of its own");
    assert_ne!(group_of(database), group_of("self"));
    let told = fs::read(format!("/proc/{database}/environ")).unwrap();
    assert!(!String::from_utf8_lossy(&told).contains(KEY));
    assert_eq!(server.terminate().0, Some(0));
}

#[test]
fn what_the_database_writes_down_names_nobody() {
    let data_dir = scratch("embedded-log");
    let server = serve(&data_dir);
    let environment =
        [("CENTRALINO_DATA_DIR", data_dir.to_str().unwrap()), ("CENTRALINO_SECRET_KEY", KEY)];
    let arguments =
        ["user", "create", "--email", "planted@acme.example", "--name", "A", "--role", "agent"];
    for code in [0, 1] {
        let output = run_with_input(&arguments, &environment, "a password of mine");
        assert_eq!(output.status.code(), Some(code), "{output:?}");
    }
    let log = fs::read_to_string(data_dir.join("postgres/postgres.log")).unwrap();
    assert!(log.contains("agents_email"), "it says what was refused: {log}");
    assert!(!log.contains("planted"), "{log}");
    assert_eq!(server.terminate().0, Some(0));
}
