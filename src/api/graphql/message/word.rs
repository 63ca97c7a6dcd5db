//! The words and small parts of a text: status, failure, tries.

use async_graphql::{Enum, SimpleObject};

use crate::{
    api::graphql::scalar::DateTime,
    domain::{message as domain, segment},
    store,
};

/// Who sent a text to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::MessageDirection")]
pub enum MessageDirection {
    /// From the customer.
    #[graphql(name = "INBOUND")]
    Inbound,
    /// To the customer.
    #[graphql(name = "OUTBOUND")]
    Outbound,
}

/// What made a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::MessageOrigin")]
pub enum MessageOrigin {
    /// The customer wrote it.
    #[graphql(name = "CUSTOMER")]
    Customer,
    /// An agent wrote it.
    #[graphql(name = "AGENT")]
    Agent,
    /// It went out by itself.
    #[graphql(name = "AUTOMATED")]
    Automated,
}

/// Where a text stands. It only moves forward.
///
/// UNCONFIRMED: the provider may or may not have taken it (its answer was lost); a delivery report,
/// the policy or a person settles it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::MessageStatus")]
pub enum MessageStatus {
    /// It came from the customer.
    #[graphql(name = "RECEIVED")]
    Received,
    /// It waits for its turn to be sent.
    #[graphql(name = "QUEUED")]
    Queued,
    /// It is being handed to the provider.
    #[graphql(name = "SENDING")]
    Sending,
    /// The provider's answer was lost.
    #[graphql(name = "UNCONFIRMED")]
    Unconfirmed,
    /// The provider has taken it.
    #[graphql(name = "SENT")]
    Sent,
    /// The provider has refused it.
    #[graphql(name = "FAILED")]
    Failed,
    /// It could not be delivered in time.
    #[graphql(name = "EXPIRED")]
    Expired,
    /// It cannot be delivered.
    #[graphql(name = "UNDELIVERABLE")]
    Undeliverable,
    /// It has reached the customer.
    #[graphql(name = "DELIVERED")]
    Delivered,
}

/// What the viewer may do with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::MessageAction")]
pub enum MessageAction {
    /// Have another attempt made: `messageRetry`.
    #[graphql(name = "RETRY")]
    Retry,
}

/// Why a text did not arrive, in terms that a client can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::MessageFailureCode")]
pub enum MessageFailureCode {
    /// Nobody can be reached under this number.
    #[graphql(name = "INVALID_NUMBER")]
    InvalidNumber,
    /// The phone was off or out of reach.
    #[graphql(name = "UNREACHABLE")]
    Unreachable,
    /// The number, or its owner, takes no texts from us.
    #[graphql(name = "BLOCKED")]
    Blocked,
    /// A carrier on the way refused it.
    #[graphql(name = "CARRIER_REJECTED")]
    CarrierRejected,
    /// It was taken for spam.
    #[graphql(name = "SPAM_FILTERED")]
    SpamFiltered,
    /// The customer has opted out.
    #[graphql(name = "OPTED_OUT")]
    OptedOut,
    /// Too many texts at a time.
    #[graphql(name = "RATE_LIMITED")]
    RateLimited,
    /// The provider refuses the account's credentials.
    #[graphql(name = "CREDENTIALS")]
    Credentials,
    /// The provider failed.
    #[graphql(name = "PROVIDER_ERROR")]
    ProviderError,
    /// No answer came in time.
    #[graphql(name = "TIMEOUT")]
    Timeout,
    /// The provider gave a reason that says nothing of the above.
    #[graphql(name = "UNKNOWN")]
    Unknown,
}

/// The alphabet that a whole text is sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "segment::MessageEncoding")]
pub enum MessageEncoding {
    /// The GSM alphabet: 160 characters in one part.
    #[graphql(name = "GSM_7")]
    Gsm7,
    /// UTF-16: 70 units in one part.
    #[graphql(name = "UCS_2")]
    Ucs2,
}

/// Why a text did not arrive.
#[derive(SimpleObject)]
pub struct MessageFailure {
    /// What to act on.
    code: MessageFailureCode,
    /// Provider's own code.
    provider_code: Option<String>,
    /// In the provider's or our words.
    description: String,
    /// True when the same text may arrive at another time.
    retryable: bool,
}

/// No `_` arm: a new code does not compile until somebody decides.
fn is_retryable(code: domain::MessageFailureCode) -> bool {
    use domain::MessageFailureCode as Code;
    match code {
        Code::Unreachable
        | Code::RateLimited
        | Code::Credentials
        | Code::ProviderError
        | Code::Timeout
        | Code::Unknown => true,
        Code::InvalidNumber
        | Code::Blocked
        | Code::CarrierRejected
        | Code::SpamFiltered
        | Code::OptedOut => false,
    }
}

impl From<&domain::MessageFailure> for MessageFailure {
    fn from(failure: &domain::MessageFailure) -> Self {
        Self {
            code: failure.code.into(),
            provider_code: failure.provider_code.map(|code| code.to_string()),
            description: failure.description.clone(),
            retryable: is_retryable(failure.code),
        }
    }
}

/// One try at sending.
#[derive(SimpleObject)]
pub struct SendAttempt {
    /// 1, 2, 3 …
    number: i32,
    /// What the provider knows it by; it saw each at most once.
    external_id: String,
    /// When it began.
    started_at: DateTime,
    /// What became of it.
    status: MessageStatus,
    /// Reference id at the provider.
    provider_reference: Option<String>,
    /// Provider's own code.
    provider_code: Option<String>,
    /// In the provider's or our words.
    description: Option<String>,
    /// When that became known.
    settled_at: Option<DateTime>,
}

impl From<store::message::SendAttempt> for SendAttempt {
    fn from(attempt: store::message::SendAttempt) -> Self {
        Self {
            number: attempt.number,
            external_id: domain::external_id(attempt.message_id, attempt.number),
            started_at: attempt.started_at.into(),
            status: attempt.status.into(),
            provider_reference: attempt.provider_reference,
            provider_code: attempt.provider_code.map(|code| code.to_string()),
            description: attempt.description,
            settled_at: attempt.settled_at.map(DateTime::from),
        }
    }
}
