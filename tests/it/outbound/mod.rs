//! What goes out: once, in order, within the rate, or visibly not at all.
//!
//! `sending` is about what the provider makes of a text, `retry` about another attempt, `course` about
//! how an account's sends go, `stop` about accounts that the provider takes nothing from, `writing`
//! about what agents ask for. The ledger of the simulated provider says what arrived
//! there and how often.

mod course;
mod retry;
mod sending;
mod stop;
mod writing;

use crate::support::TestApp;

/// Requests that carried the external id of an attempt to the provider.
async fn seen(app: &TestApp, message: &str, attempt: u32) -> u64 {
    let path = format!("ledger?external_id={message}.{attempt}");
    app.look(&path).await["external_id_seen"].as_u64().unwrap()
}
