//! What the library does not do as the specification says, done around it.
//!
//! **Invariant:** a field that fails becomes null where its type allows it, and its neighbours stay;
//! the error says where. **Invariant:** what a document names twice runs once. **Invariant:** what a
//! document costs is known before it runs, and told. The library's versions and what each does wrong
//! are compared in `docs/decisions/0022`; `tests` holds all of it. Start at `merge`.

mod cost;
mod merge;
mod null;
mod page_size;

pub use cost::Cost;
pub use merge::MergedSelections;
pub use null::NullableFields;
pub use page_size::OmittedPageSizes;

#[cfg(test)]
mod tests;
