//! The API as its clients meet it: who may ask, what is refused and why, what is pushed.
//!
//! Every test speaks HTTP or WebSocket to the real server. `access` walks the authorization table
//! whole and a second organization past everything; `feed` is about what subscribers see; `client`
//! drives the usual libraries; `hostile` and `limit` are attacks.

mod access;
mod alert;
mod browser_session;
mod client;
mod feed;
mod hostile;
mod limit;
mod people;
mod protocol;
mod reading;
mod setup;
mod sign_in;
mod socket;

pub use alert::alerts;
