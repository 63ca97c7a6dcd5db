//! The words of the channel.

use async_graphql::Enum;

use crate::domain::{address, channel};

/// Who carries the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ChannelProvider {
    /// Telesign, through its SMS API.
    #[graphql(name = "TELESIGN")]
    Telesign,
}

/// What is known of an account's credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "channel::ChannelAccountStatus")]
pub enum ChannelAccountStatus {
    /// The provider has not been asked yet, or gave no clear answer.
    #[graphql(name = "UNVALIDATED")]
    Unvalidated,
    /// The provider accepts them.
    #[graphql(name = "VALID")]
    Valid,
    /// The provider refuses them.
    #[graphql(name = "INVALID")]
    Invalid,
    /// The account is switched off.
    #[graphql(name = "DISABLED")]
    Disabled,
}

/// What a live check of Customer ID and API key found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "channel::ChannelVerdict")]
pub enum ChannelVerdict {
    /// Both are accepted.
    #[graphql(name = "OK")]
    Ok,
    /// The provider does not know the Customer ID.
    #[graphql(name = "BAD_CUSTOMER_ID")]
    BadCustomerId,
    /// The provider knows the Customer ID and refuses the key.
    #[graphql(name = "BAD_API_KEY")]
    BadApiKey,
    /// The account may use neither of the provider's hosts.
    #[graphql(name = "WRONG_HOST")]
    WrongHost,
    /// SMS is not enabled for the account.
    #[graphql(name = "PRODUCT_NOT_ENABLED")]
    ProductNotEnabled,
    /// The provider has suspended the account.
    #[graphql(name = "ACCOUNT_SUSPENDED")]
    AccountSuspended,
    /// The account does not allow this server's address.
    #[graphql(name = "ADDRESS_NOT_ALLOWED")]
    AddressNotAllowed,
    /// Too many requests at a time; says nothing of the credentials.
    #[graphql(name = "RATE_LIMITED")]
    RateLimited,
    /// The provider refuses this server's clock.
    #[graphql(name = "CLOCK_SKEW")]
    ClockSkew,
    /// The provider could not be reached.
    #[graphql(name = "UNREACHABLE")]
    Unreachable,
    /// The answer says neither yes nor no.
    #[graphql(name = "UNKNOWN")]
    Unknown,
}

/// What kind of number a support number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "address::SupportNumberKind")]
pub enum SupportNumberKind {
    /// An ordinary number of a place or a mobile network.
    #[graphql(name = "GEO")]
    Geo,
    /// A short code, good in one country.
    #[graphql(name = "SHORT_CODE")]
    ShortCode,
    /// A number that costs the customer nothing.
    #[graphql(name = "TOLL_FREE")]
    TollFree,
}
