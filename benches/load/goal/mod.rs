//! The goals, each with what it is compared to, its floor and where it is going.
//!
//! **Invariant:** things that are compared run in turn, on the same database server, within the same
//! repetition; a goal is judged on the median of the repetitions, and the worst is shown beside it.
//! Start at `inbound`, which is the main one.

mod fanout;
mod floor;
mod history;
mod inbound;
mod memory;
mod replies;

use super::{Pace, Report, World};

pub const NAMES: [&str; 11] = ["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11"];

/// Runs those that are wanted.
pub async fn run_all(
    world: &World,
    pace: Pace,
    is_wanted: &dyn Fn(&str) -> bool,
    report: &mut Report,
) {
    let any = |names: &[&str]| names.iter().any(|name| is_wanted(name));
    if any(&["G1", "G2", "G3", "G4", "G5"]) {
        inbound::run(world, pace, is_wanted, report).await;
    }
    if any(&["G6"]) {
        fanout::run(world, pace, report).await;
    }
    if any(&["G7", "G8"]) {
        memory::run(world, pace, is_wanted, report).await;
    }
    if any(&["G9"]) {
        history::run(world, pace, report).await;
    }
    if any(&["G10"]) {
        replies::run(world, pace, report).await;
    }
    if any(&["G11"]) {
        floor::run(world, pace, report).await;
    }
}
