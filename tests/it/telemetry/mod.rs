//! What operators see: metrics, the rules and the dashboard that stand on them, logs, traces.
//!
//! **Invariant:** the documents in `docs/operate` name nothing that the server does not have.
//! **Invariant:** no number, text, key or token is in any of it. Start at `document`.

mod document;
mod level;
mod metric;
mod query;
