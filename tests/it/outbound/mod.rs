//! What goes out: once, in order, within the rate, or visibly not at all.
//!
//! `sending` is about what the provider makes of a text, `writing` about what agents ask for. The
//! ledger of the simulated provider says what arrived there and how often.

mod sending;
mod writing;
