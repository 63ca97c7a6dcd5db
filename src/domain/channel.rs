//! The SMS channel: accounts at the provider, what it says of their credentials, our numbers.

use chrono::{DateTime, Utc};

use super::{
    address::{SupportNumberDigits, SupportNumberKind},
    ids::{ChannelAccountId, SupportNumberId, WorkstreamId},
    message::MessageFailureCode,
    organization::Stamp,
    word_enum,
};

word_enum! {
    /// What a live check of Customer ID and API key found.
    pub enum ChannelVerdict {
        Ok = "OK",
        BadCustomerId = "BAD_CUSTOMER_ID",
        BadApiKey = "BAD_API_KEY",
        WrongHost = "WRONG_HOST",
        ProductNotEnabled = "PRODUCT_NOT_ENABLED",
        AccountSuspended = "ACCOUNT_SUSPENDED",
        AddressNotAllowed = "ADDRESS_NOT_ALLOWED",
        RateLimited = "RATE_LIMITED",
        ClockSkew = "CLOCK_SKEW",
        Unreachable = "UNREACHABLE",
        Unknown = "UNKNOWN",
    }
}

impl ChannelVerdict {
    /// The credentials are wrong for good, as opposed to "could not tell".
    pub fn is_refusal(self) -> bool {
        match self {
            Self::BadCustomerId
            | Self::BadApiKey
            | Self::WrongHost
            | Self::ProductNotEnabled
            | Self::AccountSuspended
            | Self::AddressNotAllowed => true,
            Self::Ok | Self::RateLimited | Self::ClockSkew | Self::Unreachable | Self::Unknown => {
                false
            }
        }
    }

    /// What it means and what to do, as an admin reads it.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Ok => "Telesign accepts the Customer ID and the API key",
            Self::BadCustomerId => {
                "Telesign does not know this Customer ID; copy it again from the portal"
            }
            Self::BadApiKey => {
                "Telesign knows the Customer ID and refuses the API key; copy the key again, or make a new one"
            }
            Self::WrongHost => {
                "this account may use neither of Telesign's two hosts; ask Telesign support which one it belongs to"
            }
            Self::ProductNotEnabled => {
                "the account is known, but SMS is not enabled for it; ask Telesign support to enable it"
            }
            Self::AccountSuspended => {
                "Telesign has suspended this account; ask Telesign support why"
            }
            Self::AddressNotAllowed => {
                "the account only allows certain addresses; add this server's public address at Telesign"
            }
            Self::RateLimited => {
                "Telesign answered that too many requests were made; try again in a minute"
            }
            Self::ClockSkew => "Telesign refuses this server's clock; set the clock and try again",
            Self::Unreachable => "Telesign could not be reached; check the network and try again",
            Self::Unknown => {
                "Telesign gave an answer that says neither yes nor no; try again, and look at the log"
            }
        }
    }
}

/// One live check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyCheck {
    pub verdict: ChannelVerdict,
    /// The provider's own code behind the verdict.
    pub provider_code: Option<i32>,
    /// Base URL that answered; where the account works, when the verdict is `Ok`.
    pub base_url: String,
    pub latency_ms: i32,
}

word_enum! {
    /// What is known of an account's credentials.
    pub enum ChannelAccountStatus {
        Unvalidated = "UNVALIDATED",
        Valid = "VALID",
        Invalid = "INVALID",
        Disabled = "DISABLED",
    }
}

/// Credentials and endpoints at the provider; the key itself is not in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelAccount {
    pub id: ChannelAccountId,
    pub name: String,
    pub customer_id: String,
    pub status: ChannelAccountStatus,
    /// SHA-256 of the key, first 8 hex digits.
    pub key_fingerprint: String,
    pub key_set_at: DateTime<Utc>,
    /// The unguessable part of the callback URL.
    pub callback_token: String,
    pub provider_base_url: String,
    pub max_send_per_second: i32,
    pub validation: Option<Validation>,
    pub stamp: Stamp,
}

/// Why the provider takes nothing from an account, until a person has seen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountStop {
    pub since: DateTime<Utc>,
    pub code: MessageFailureCode,
    /// The provider's own code.
    pub provider_code: Option<i32>,
    pub description: String,
}

/// The last live check of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validation {
    pub verdict: ChannelVerdict,
    pub provider_code: Option<i32>,
    pub latency_ms: Option<i32>,
    pub checked_at: DateTime<Utc>,
}

/// A number of ours that customers text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportNumber {
    pub id: SupportNumberId,
    pub channel_account: ChannelAccountId,
    pub workstream: Option<WorkstreamId>,
    pub kind: SupportNumberKind,
    pub number: SupportNumberDigits,
    pub country: Option<String>,
    pub description: Option<String>,
    pub active: bool,
    pub stamp: Stamp,
}
