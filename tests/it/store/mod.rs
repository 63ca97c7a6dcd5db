//! What PostgreSQL itself holds, and the one commit on it.
//!
//! **Invariant:** whatever the code above gets wrong, a constraint refuses; these tests write past
//! the code to see that. `schema` looks at the tables, `commit` at batches.

mod commit;
mod schema;
