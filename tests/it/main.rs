//! One binary for every test that needs more than a function: one link, one database cluster.

mod callback;
mod command;
mod conversation;
mod outbound;
mod rule;
mod spool;
mod store;
mod support;
mod tidy;
