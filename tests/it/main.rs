//! One binary for every test that needs more than a function: one link, one database cluster.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on says where; clippy knows only test functions, not what they share"
)]

mod api;
mod audit;
mod callback;
mod chaos;
mod command;
mod consent;
mod console;
mod conversation;
mod engine;
mod isolation;
mod lifecycle;
mod model;
mod outbound;
mod rule;
mod simulation;
mod spool;
mod store;
mod support;
mod telemetry;
mod tidy;
