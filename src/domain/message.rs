//! A text message and where it stands.
//!
//! **Invariant:** within one attempt the status only moves forward, whatever order, number or age
//! of the reports; a delivery wins over a failure that was reported before it. The provider's codes
//! are translated in `telesign`; here is only what they amount to.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    address::SmsAddress,
    consent::wording::AutomatedTrigger,
    ids::{AgentId, MessageId},
    word_enum,
};

/// Longest text that is sent; the limit is on Unicode code points.
pub const TEXT_CHARACTERS_MAX: usize = 1_600;
/// Tries at sending one text that is not taken for a reason of its own; with growing waits between
/// them this is about a quarter of an hour.
pub const SEND_ATTEMPTS_MAX: i32 = 20;
/// New attempts that are made by itself at a text whose fate is unknown, where the workstream says so.
pub const AUTOMATIC_RESENDS_MAX: i32 = 1;
/// When the provider is asked about a text that it took and never reported the end of; it knows for
/// 12 hours.
const STATUS_CHECKS: [TimeDelta; 4] =
    [TimeDelta::minutes(10), TimeDelta::hours(1), TimeDelta::hours(6), TimeDelta::minutes(690)];

word_enum! {
    /// Who sent it to whom.
    pub enum MessageDirection { Inbound = "INBOUND", Outbound = "OUTBOUND" }
}

word_enum! {
    /// What made a message.
    pub enum MessageOrigin { Customer = "CUSTOMER", Agent = "AGENT", Automated = "AUTOMATED" }
}

word_enum! {
    /// Where a message stands. It only moves forward, except that a new attempt starts again.
    pub enum MessageStatus {
        Received = "RECEIVED",
        Queued = "QUEUED",
        Sending = "SENDING",
        Unconfirmed = "UNCONFIRMED",
        Sent = "SENT",
        Failed = "FAILED",
        Expired = "EXPIRED",
        Undeliverable = "UNDELIVERABLE",
        Delivered = "DELIVERED",
    }
}

impl MessageStatus {
    /// How far along an attempt is; a report never lowers it.
    fn rank(self) -> u8 {
        match self {
            Self::Queued => 0,
            Self::Sending => 1,
            Self::Unconfirmed => 2,
            Self::Sent => 3,
            Self::Failed | Self::Expired | Self::Undeliverable => 4,
            Self::Delivered | Self::Received => 5,
        }
    }

    /// Whether the provider can still change it.
    pub fn is_settled(self) -> bool {
        self.rank() >= Self::Failed.rank()
    }

    /// Whether somebody may ask for another attempt.
    pub fn may_be_retried(self) -> bool {
        match self {
            Self::Failed | Self::Undeliverable | Self::Expired | Self::Unconfirmed => true,
            Self::Received | Self::Queued | Self::Sending | Self::Sent | Self::Delivered => false,
        }
    }

    /// Takes a report in: forward only.
    #[must_use]
    pub fn advance(self, reported: Self) -> Self {
        // The provider's word on an attempt that it never got is about something else.
        if matches!(self, Self::Received | Self::Queued) {
            return self;
        }
        if reported.rank() > self.rank() { reported } else { self }
    }
}

word_enum! {
    /// What happens to a text whose fate is still unknown after the wait.
    pub enum UnconfirmedPolicy {
        /// A person decides; the customer never gets it twice by itself.
        AtMostOnce = "AT_MOST_ONCE",
        /// One new attempt is made; the customer may get it twice.
        AtLeastOnce = "AT_LEAST_ONCE",
    }
}

/// When the provider is asked next about a text that it took at a moment; `None`: no more.
pub fn next_status_check(sent_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    STATUS_CHECKS.iter().map(|after| sent_at + *after).find(|at| *at > now)
}

word_enum! {
    /// What somebody may do with a text; drives a client's buttons.
    pub enum MessageAction { Retry = "RETRY" }
}

word_enum! {
    /// Why a message did not arrive, in terms that a client can act on.
    pub enum MessageFailureCode {
        InvalidNumber = "INVALID_NUMBER",
        Unreachable = "UNREACHABLE",
        Blocked = "BLOCKED",
        CarrierRejected = "CARRIER_REJECTED",
        SpamFiltered = "SPAM_FILTERED",
        OptedOut = "OPTED_OUT",
        RateLimited = "RATE_LIMITED",
        Credentials = "CREDENTIALS",
        ProviderError = "PROVIDER_ERROR",
        Timeout = "TIMEOUT",
        Unknown = "UNKNOWN",
    }
}

/// Why a message did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageFailure {
    pub code: MessageFailureCode,
    /// The provider's own code.
    pub provider_code: Option<i32>,
    pub description: String,
}

/// What a delivery report says of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryReport {
    /// `SENT`, `DELIVERED`, `UNDELIVERABLE`, `EXPIRED` or `FAILED`.
    pub status: MessageStatus,
    pub provider_code: i32,
    pub provider_reference: Option<String>,
    pub description: String,
    pub failure: Option<MessageFailureCode>,
    /// The recipient takes no texts from us any more: whoever says so has opted out.
    pub blocks_recipient: bool,
}

/// What became of one try at handing a message to the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// The provider took it.
    Accepted { provider_reference: String, provider_code: i32 },
    /// It provably did not take it, and the same message may be tried again after a while.
    NotAccepted { reason: NotTaken, provider_code: Option<i32>, description: String },
    /// It refused it for good.
    Refused(MessageFailure),
    /// It refused it, as it will refuse everything to this recipient.
    RecipientBlocked(MessageFailure),
    /// It did not take it, and takes nothing from this account until a person sees to it.
    AccountStopped(MessageFailure),
    /// The answer was lost: it may or may not have been taken. A reference that could be read all
    /// the same is what the provider can be asked by.
    Unconfirmed { provider_reference: Option<String>, description: String },
}

/// Why a message was not taken this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// Too many at a time: the account goes slower.
    TooFast,
    /// The provider says that it is out of order.
    Unavailable,
    /// There was no connection to it.
    Unreachable,
    /// Something about this request; it is not tried for ever.
    Other,
}

impl SendOutcome {
    /// What logs and metrics call it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::NotAccepted { .. } => "not_accepted",
            Self::AccountStopped(_) => "account_stopped",
            Self::Refused(_) => "refused",
            Self::RecipientBlocked(_) => "recipient_blocked",
            Self::Unconfirmed { .. } => "unconfirmed",
        }
    }
}

/// Names one attempt at the provider: `<message>.<attempt>`, echoed in its reports.
pub fn external_id(message_id: MessageId, attempt: i32) -> String {
    format!("{message_id}.{attempt}")
}

/// Reads an external id back; `None` for one that is not ours.
pub fn parse_external_id(text: &str) -> Option<(MessageId, i32)> {
    let (message_id, attempt) = text.split_once('.')?;
    let attempt: i32 = attempt.parse().ok().filter(|attempt| *attempt > 0)?;
    Some((message_id.parse().ok()?, attempt))
}

/// One text, as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub sequence: i32,
    pub direction: MessageDirection,
    pub origin: MessageOrigin,
    pub status: MessageStatus,
    pub status_changed_at: DateTime<Utc>,
    /// The agent that wrote it; none for the customer.
    pub author: Option<AgentId>,
    pub text: String,
    pub from: SmsAddress,
    pub to: SmsAddress,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    pub delivered_at: Option<DateTime<Utc>>,
    /// Tries so far; 0 for inbound texts and for those not tried yet.
    pub attempt: i32,
    /// New attempts that were made by itself although the one before may have been taken.
    pub resends: i32,
    pub provider_reference: Option<String>,
    pub failure: Option<MessageFailure>,
    pub idempotency_key: Option<String>,
    /// What made it go out by itself.
    pub trigger: Option<AutomatedTrigger>,
}

impl Message {
    /// Whether it may go to somebody who has opted out: what tells them that they have, and no other.
    pub fn is_exempt_from_consent(&self) -> bool {
        self.trigger == Some(AutomatedTrigger::OptOutConfirmation)
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // No text and no numbers: they are personal data.
        formatter
            .debug_struct("Message")
            .field("id", &self.id)
            .field("sequence", &self.sequence)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_report_moves_a_status_forward_only() {
        use MessageStatus::*;
        let table = [
            (Sending, Sent, Sent),
            (Sending, Delivered, Delivered),
            (Unconfirmed, Sent, Sent),
            (Unconfirmed, Failed, Failed),
            (Sent, Sent, Sent),
            (Delivered, Sent, Delivered),
            (Delivered, Undeliverable, Delivered),
            (Undeliverable, Sent, Undeliverable),
            (Undeliverable, Delivered, Delivered),
            (Expired, Undeliverable, Expired),
            (Queued, Delivered, Queued),
            (Received, Delivered, Received),
        ];
        for (before, reported, after) in table {
            assert_eq!(before.advance(reported), after, "{before:?} + {reported:?}");
        }
    }

    #[test]
    fn the_provider_is_asked_four_times_and_no_more() {
        let sent = DateTime::UNIX_EPOCH;
        let mut asked = Vec::new();
        let mut now = sent;
        while let Some(next) = next_status_check(sent, now) {
            asked.push((next - sent).num_minutes());
            now = next;
        }
        assert_eq!(asked, [10, 60, 360, 690]);
        // A server that was away does not make up for what it has missed.
        let late = sent + TimeDelta::hours(5);
        assert_eq!(next_status_check(sent, late), Some(sent + TimeDelta::hours(6)));
    }

    proptest! {
        #[test]
        fn a_delivery_is_the_end_whatever_comes_before_or_after(
            reports in proptest::collection::vec(0_usize..5, 0..8),
            place in 0_usize..8,
        ) {
            use MessageStatus::*;
            let kinds = [Sent, Delivered, Undeliverable, Expired, Failed];
            let mut reports: Vec<MessageStatus> = reports.into_iter().map(|at| kinds[at]).collect();
            reports.insert(place.min(reports.len()), Delivered);
            let end = reports.into_iter().fold(Sending, MessageStatus::advance);
            prop_assert_eq!(end, Delivered);
        }
    }

    #[test]
    fn an_external_id_reads_back() {
        let id = MessageId(Uuid::from_u128(42));
        let text = external_id(id, 3);
        assert!(text.len() <= 100, "the provider takes 100 characters");
        assert_eq!(parse_external_id(&text), Some((id, 3)));
        for wrong in [
            "",
            "msg_",
            "CustomExternalID7349",
            &format!("{id}"),
            &format!("{id}.0"),
            &format!("{id}.x"),
        ] {
            assert_eq!(parse_external_id(wrong), None, "{wrong:?}");
        }
    }
}
