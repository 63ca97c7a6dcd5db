//! The words of consent.

use async_graphql::Enum;

use crate::domain::consent as domain;

/// Whether an address may be texted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ConsentStatus {
    /// They have said that they want to get texts.
    #[graphql(name = "OPTED_IN")]
    OptedIn,
    /// They want to get no texts: nothing may be sent.
    #[graphql(name = "OPTED_OUT")]
    OptedOut,
    /// Nobody ever said anything.
    #[graphql(name = "UNKNOWN")]
    Unknown,
}

impl From<domain::ConsentStatus> for ConsentStatus {
    fn from(status: domain::ConsentStatus) -> Self {
        match status {
            domain::ConsentStatus::OptedIn => Self::OptedIn,
            domain::ConsentStatus::OptedOut => Self::OptedOut,
        }
    }
}

impl ConsentStatus {
    /// What a line of the ledger can say; none of them is `UNKNOWN`.
    pub fn of_a_line(self) -> Option<domain::ConsentStatus> {
        match self {
            Self::OptedIn => Some(domain::ConsentStatus::OptedIn),
            Self::OptedOut => Some(domain::ConsentStatus::OptedOut),
            Self::Unknown => None,
        }
    }
}

/// Where a line of the ledger came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ConsentSource")]
pub enum ConsentSource {
    /// The customer texted a word such as STOP.
    #[graphql(name = "KEYWORD")]
    Keyword,
    /// An agent or a supervisor said so.
    #[graphql(name = "AGENT")]
    Agent,
    /// An admin said so.
    #[graphql(name = "ADMIN")]
    Admin,
    /// The provider refuses texts to the address.
    #[graphql(name = "PROVIDER")]
    Provider,
    /// It was on a list that an admin brought along.
    #[graphql(name = "IMPORT")]
    Import,
}
