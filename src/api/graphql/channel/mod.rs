//! The SMS channel as admins set it up: accounts at the provider, and our numbers.
//!
//! **Invariant:** only admins are shown an account, whichever way leads to it. **Invariant:** a key
//! comes in through an input and never goes out. `account` shows, `account_change` changes,
//! `number` does both for numbers, `callback_request` writes the letter to the provider.

mod account;
mod account_change;
mod callback_request;
mod number;
mod word;

use async_graphql::MergedObject;

pub use account::ChannelAccountObject;
pub use number::{SupportNumberObject, list_numbers};

/// Reads accounts and numbers.
#[derive(MergedObject, Default)]
pub struct ChannelQuery(account::AccountQuery, number::NumberQuery);

/// Sets accounts and numbers up.
#[derive(MergedObject, Default)]
pub struct ChannelMutation(account_change::AccountMutation, number::NumberMutation);
