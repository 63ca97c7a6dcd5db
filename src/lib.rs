//! Centralino: a self-hosted SMS switchboard for customer service.
//!
//! The floors, from the ground up; a file uses lower floors and its own folder, and
//! `tests/it/tidy.rs` holds it to that. `docs/ARCHITECTURE.md` is the map.

pub mod domain;
pub mod engine;
pub mod store;
pub mod telesign;
