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
fn a_second_server_on_one_data_folder_is_refused_with_a_sentence() {
    let data_dir = scratch("embedded-twice");
    let first = serve(&data_dir);
    let spool_dir = scratch("embedded-twice-spool");
    let environment = [
        ("CENTRALINO_DATA_DIR", data_dir.to_str().unwrap()),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_SPOOL_DIR", spool_dir.to_str().unwrap()),
    ];
    for command in ["serve", "demo"] {
        let second = run_with_input(&[command, "--listen", "127.0.0.1:0"], &environment, "");
        assert_eq!(second.status.code(), Some(1), "{second:?}");
        let text = String::from_utf8(second.stderr).unwrap();
        assert!(text.contains("in use by another server"), "{text}");
        assert!(text.contains(data_dir.to_str().unwrap()), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    assert_eq!(first.terminate().0, Some(0));
    let next = serve(&data_dir);
    assert_eq!(next.terminate().0, Some(0), "the folder is free again");
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
