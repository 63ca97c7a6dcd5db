//! Signals: whoever knows that the process is up can stop it in order.

use std::{
    io::{Read, Write},
    process::{Command, Stdio},
};

use crate::support::eventually;

/// As much as a pipe of Linux holds.
const PIPE_BYTES: usize = 64 * 1024;
const SIGTERM: u32 = 15;

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_is_heard_before_anybody_is_told_that_the_process_is_up() {
    let (mut reader, mut writer) = std::io::pipe().unwrap();
    // Nothing more fits: the process cannot say yet where it listens.
    writer.write_all(&vec![b'.'; PIPE_BYTES]).unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_centralino"))
        .args(["simulator", "--simulator-listen", "127.0.0.1:0"])
        .stdin(Stdio::null())
        .stdout(writer)
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", process.id());
    eventually("SIGTERM is caught", || async {
        let text = std::fs::read_to_string(&status).unwrap();
        let caught = text.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        let caught = u64::from_str_radix(caught.trim(), 16).unwrap();
        (caught >> (SIGTERM - 1) & 1 == 1).then_some(())
    })
    .await;
    let killed = Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let mut said = String::new();
    reader.read_to_string(&mut said).unwrap();
    assert!(said.contains("listening on"), "it came up and was stopped in order");
    assert_eq!(process.wait().unwrap().code(), Some(0));
}
