//! Everything goes wrong, and the promises hold.
//!
//! A scenario puts a set-up company under load, breaks something again and again, heals it, waits
//! until all has come to rest, and hands a ledger of what every side has seen to the oracle.
//! **Invariant:** the faults are real ones: processes die, connections are cut, disks are full.
//! Start at `oracle` for the promises.

mod actors;
mod client;
mod company;
mod database;
pub mod dice;
mod disk;
mod gather;
mod kill;
pub mod ledger;
mod load;
pub mod oracle;
mod pace;
mod pause;
mod postgres;
mod provider;
mod proxy;
mod verdict;
