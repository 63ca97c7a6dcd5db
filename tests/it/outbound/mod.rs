//! What goes out: once, in order, within the rate, or visibly not at all.
//!
//! `sending` is about what the provider makes of a text, `stop` about accounts that it takes nothing
//! from, `writing` about what agents ask for. The ledger of the simulated provider says what arrived
//! there and how often.

mod sending;
mod stop;
mod writing;
