//! `make bench`: what the server does in a second, as ratios taken in one run.
//!
//! The server is the release binary in a process of its own, on a real PostgreSQL with fsync; this
//! process makes the load. Machines differ and move, so that a figure alone says little: each goal
//! is a ratio to something that ran on the same machine a moment before or after. Start at `goal`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::pedantic,
    clippy::large_futures,
    reason = "a measurement that cannot be taken ends the run; what it prints is its purpose"
)]

mod callback;
mod committer;
mod desk;
mod goal;
mod http;
mod load;
mod measure;
mod node;
mod pgbench;
mod process;
mod report;
mod socket;
mod world;

use std::time::Duration;

use report::Report;
use world::World;

/// How much time a measurement gets.
#[derive(Clone, Copy)]
pub struct Pace {
    /// Interleaved repetitions of each comparison.
    pub repetitions: usize,
    /// One measurement of one of the things compared.
    pub window: Duration,
    /// The large stores, and more of everything.
    pub is_long: bool,
}

impl Pace {
    const SHORT: Self = Self { repetitions: 3, window: Duration::from_secs(4), is_long: false };
    const LONG: Self = Self { repetitions: 5, window: Duration::from_secs(10), is_long: true };
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // cargo adds --bench; all else is ours: names of goals, --long, --binary=PATH.
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let is_long = arguments.iter().any(|argument| argument == "--long");
    let pace = if is_long { Pace::LONG } else { Pace::SHORT };
    let wanted: Vec<String> = arguments
        .iter()
        .filter(|argument| !argument.starts_with("--"))
        .map(|argument| argument.to_uppercase())
        .collect();
    if let Some(unknown) = wanted.iter().find(|name| !goal::NAMES.contains(&name.as_str())) {
        println!("there is no goal {unknown}; there are {}", goal::NAMES.join(" "));
        std::process::exit(2);
    }
    if let Some(path) = arguments.iter().find_map(|argument| argument.strip_prefix("--binary=")) {
        process::set_binary(path);
    }
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|it| it == name);
    let world = World::start().await;
    let mut report = Report::default();
    goal::run_all(&world, pace, &is_wanted, &mut report).await;
    report.print(&world);
    world.stop();
}
