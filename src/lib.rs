//! Centralino: a self-hosted SMS switchboard for customer service.
//!
//! The floors, from the ground up; a file uses lower floors and its own folder, and
//! `tests/it/tidy.rs` holds it to that. `docs/ARCHITECTURE.md` is the map.

pub mod admin;
pub mod api;
pub mod app;
pub mod config;
pub mod domain;
pub mod engine;
pub mod simulator;
pub mod spool;
pub mod store;
pub mod telemetry;
pub mod telesign;
