//! What the provider posts: one effect each, whatever is posted, however often, in whatever order.
//!
//! The simulated provider posts everything, as it comes over the wire; what it answers 200 is what
//! these tests count. `inbound` is about texts, `forged` about signatures, `journal` about what is
//! kept without an effect, `report` about delivery reports.

mod forged;
mod inbound;
mod journal;
mod report;
