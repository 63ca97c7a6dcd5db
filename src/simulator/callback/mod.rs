//! Callbacks: what they say, how they are signed, and how often they are tried.
//!
//! **Invariant:** only HTTP 200 within the time limit is success; anything else is tried again
//! after the account's waits, and then given up. Start at `delivery`; `body` and `shape` are what
//! is sent.

mod body;
mod country;
mod delivery;
mod keyword;
mod parts;
mod shape;
mod sign;

pub(super) use body::{Inbound, Report};
pub(super) use delivery::{Delivery, Postman};
pub(super) use keyword::KeywordMatch;
pub(super) use shape::Shape;
pub(super) use sign::{Proof, sign};
