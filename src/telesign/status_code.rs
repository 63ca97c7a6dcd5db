//! What the codes of delivery reports and of status answers amount to.
//!
//! Not for the answer to a send: there 10031 is a wrong host, here it is a blocked number (see
//! `refusal`). A code that we do not know is never final, since nothing may be lost by guessing.

use crate::domain::message::{MessageFailureCode as Failure, MessageStatus as Status};

/// What one code says of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusMeaning {
    pub code: i32,
    pub status: Status,
    /// Set exactly when the message did not arrive.
    pub failure: Option<Failure>,
    /// The recipient, and not this message, is refused: it is as good as an opt-out.
    pub blocks_recipient: bool,
    /// In plain words.
    pub reason: &'static str,
}

const fn on_its_way(code: i32, reason: &'static str) -> StatusMeaning {
    StatusMeaning { code, status: Status::Sent, failure: None, blocks_recipient: false, reason }
}

const fn delivered(code: i32, reason: &'static str) -> StatusMeaning {
    StatusMeaning {
        code,
        status: Status::Delivered,
        failure: None,
        blocks_recipient: false,
        reason,
    }
}

/// It was tried, and did not arrive.
const fn undeliverable(code: i32, failure: Failure, reason: &'static str) -> StatusMeaning {
    let (status, failure) = (Status::Undeliverable, Some(failure));
    StatusMeaning { code, status, failure, blocks_recipient: false, reason }
}

/// It did not arrive, and neither will the next.
const fn blocked(code: i32, failure: Failure, reason: &'static str) -> StatusMeaning {
    StatusMeaning { blocks_recipient: true, ..undeliverable(code, failure, reason) }
}

/// It was never tried.
const fn failed(code: i32, failure: Failure, reason: &'static str) -> StatusMeaning {
    let (status, failure) = (Status::Failed, Some(failure));
    StatusMeaning { code, status, failure, blocks_recipient: false, reason }
}

/// Every code that the provider documents for texts, in order.
const MEANINGS: [StatusMeaning; 65] = [
    delivered(200, "delivered to the phone"),
    delivered(201, "delivered; the provider noticed suspicious activity"),
    on_its_way(203, "handed to the carrier's gateway"),
    undeliverable(207, Failure::Unknown, "could not be delivered, for a reason that is not known"),
    undeliverable(210, Failure::Unreachable, "the phone is off, full or out of reach for now"),
    undeliverable(211, Failure::Unreachable, "the phone cannot take texts"),
    undeliverable(220, Failure::Unreachable, "no network leads to this number"),
    StatusMeaning {
        code: 221,
        status: Status::Expired,
        failure: Some(Failure::Timeout),
        blocks_recipient: false,
        reason: "expired before it could be delivered",
    },
    undeliverable(222, Failure::Unreachable, "the phone, its plan or its carrier takes no texts"),
    blocked(229, Failure::Blocked, "the number is on this account's block list"),
    blocked(230, Failure::Blocked, "the number is on the provider's block list"),
    undeliverable(231, Failure::CarrierRejected, "the content is invalid or not supported"),
    undeliverable(233, Failure::Blocked, "blocked because the number's risk score is high"),
    undeliverable(237, Failure::Blocked, "this kind of message is blocked in the country"),
    undeliverable(238, Failure::Blocked, "numbers that begin like this one are blocked"),
    on_its_way(250, "sent; how it ended is not known"),
    on_its_way(251, "sent; no confirmation came within 12 hours"),
    failed(286, Failure::Unreachable, "not tried: this type of phone takes no texts"),
    on_its_way(290, "in progress"),
    on_its_way(291, "queued at the provider"),
    on_its_way(292, "queued at the carrier's gateway"),
    on_its_way(293, "accepted as part of a bulk request"),
    on_its_way(295, "the status is delayed"),
    failed(500, Failure::ProviderError, "the provider did not try to send it"),
    failed(501, Failure::Credentials, "the account may not send this"),
    undeliverable(502, Failure::CarrierRejected, "the short code's campaign is not in order"),
    undeliverable(503, Failure::CarrierRejected, "the carrier rejected it for now"),
    undeliverable(504, Failure::CarrierRejected, "the carrier rejected it for good"),
    undeliverable(505, Failure::ProviderError, "the gateway failed for now"),
    undeliverable(506, Failure::ProviderError, "the gateway failed for good"),
    undeliverable(507, Failure::InvalidNumber, "the recipient's number is not valid"),
    undeliverable(508, Failure::CarrierRejected, "the carrier does not take our number as sender"),
    undeliverable(509, Failure::ProviderError, "the carrier did not understand the message"),
    blocked(510, Failure::OptedOut, "the recipient has opted out of texts from our number"),
    undeliverable(511, Failure::Unreachable, "the recipient is low on credit"),
    undeliverable(512, Failure::Unreachable, "the recipient is roaming where texts do not reach"),
    undeliverable(513, Failure::Unreachable, "the number changed carrier and was not found"),
    undeliverable(514, Failure::Unreachable, "the recipient is not reachable for now"),
    undeliverable(515, Failure::SpamFiltered, "filtered as suspected spam"),
    undeliverable(516, Failure::Unreachable, "the phone does not support this channel"),
    undeliverable(
        517,
        Failure::CarrierRejected,
        "the registration for traffic in India is missing",
    ),
    undeliverable(518, Failure::Blocked, "blocked because the SIM card was changed recently"),
    undeliverable(519, Failure::Unknown, "whether the SIM card was changed could not be checked"),
    undeliverable(520, Failure::CarrierRejected, "the content is not allowed there"),
    undeliverable(521, Failure::CarrierRejected, "our sender id is not allowed there"),
    on_its_way(599, "the status is not available"),
    failed(10_000, Failure::ProviderError, "the provider's system was not available"),
    failed(10_030, Failure::ProviderError, "the account has no credit left"),
    blocked(10_031, Failure::Blocked, "the number is on this account's block list"),
    blocked(10_032, Failure::Blocked, "the number is on the provider's block list"),
    failed(11_000, Failure::InvalidNumber, "the number is not valid or belongs to no carrier"),
    failed(11_001, Failure::InvalidNumber, "the country code is not valid"),
    failed(11_003, Failure::ProviderError, "the account lifecycle event is not valid"),
    failed(11_004, Failure::ProviderError, "the callback URL is not valid"),
    failed(11_009, Failure::ProviderError, "the text is not valid, for example too long"),
    failed(11_010, Failure::ProviderError, "the originating address is not valid"),
    failed(11_013, Failure::ProviderError, "the sender id is not valid for this account"),
    failed(11_016, Failure::ProviderError, "the external id is not valid"),
    failed(11_017, Failure::ProviderError, "the message type is not valid"),
    failed(11_027, Failure::ProviderError, "the integration name is not valid"),
    failed(11_034, Failure::ProviderError, "the template id for India is not valid"),
    failed(11_035, Failure::ProviderError, "the entity id for India is not valid"),
    failed(12_000, Failure::ProviderError, "the number is missing"),
    failed(12_009, Failure::ProviderError, "the text is missing"),
    failed(12_017, Failure::ProviderError, "the message type is missing"),
];

/// What a code says; `None` for a code of a later release of the provider's.
pub(super) fn known_meaning(code: i32) -> Option<StatusMeaning> {
    let place = MEANINGS.binary_search_by_key(&code, |meaning| meaning.code).ok()?;
    MEANINGS.get(place).copied()
}

/// What a code says; a code that we do not know leaves the message on its way.
pub fn meaning(code: i32) -> StatusMeaning {
    known_meaning(code).unwrap_or(on_its_way(code, "the provider gave a code that is not known"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The provider's table, typed in a second time by what it says of each code.
    const TABLE: [(Status, Option<Failure>, &[i32]); 17] = [
        (Status::Delivered, None, &[200, 201]),
        (Status::Sent, None, &[203, 250, 251, 290, 291, 292, 293, 295, 599]),
        (Status::Expired, Some(Failure::Timeout), &[221]),
        (Status::Undeliverable, Some(Failure::Unknown), &[207, 519]),
        (
            Status::Undeliverable,
            Some(Failure::Unreachable),
            &[210, 211, 220, 222, 511, 512, 513, 514, 516],
        ),
        (
            Status::Undeliverable,
            Some(Failure::Blocked),
            &[229, 230, 233, 237, 238, 518, 10_031, 10_032],
        ),
        (
            Status::Undeliverable,
            Some(Failure::CarrierRejected),
            &[231, 502, 503, 504, 508, 517, 520, 521],
        ),
        (Status::Undeliverable, Some(Failure::ProviderError), &[505, 506, 509]),
        (Status::Undeliverable, Some(Failure::InvalidNumber), &[507]),
        (Status::Undeliverable, Some(Failure::OptedOut), &[510]),
        (Status::Undeliverable, Some(Failure::SpamFiltered), &[515]),
        (Status::Failed, Some(Failure::Unreachable), &[286]),
        (Status::Failed, Some(Failure::Credentials), &[501]),
        (Status::Failed, Some(Failure::ProviderError), &[500, 10_000, 10_030]),
        (Status::Failed, Some(Failure::InvalidNumber), &[11_000, 11_001]),
        (
            Status::Failed,
            Some(Failure::ProviderError),
            &[11_003, 11_004, 11_009, 11_010, 11_013, 11_016, 11_017, 11_027, 11_034, 11_035],
        ),
        (Status::Failed, Some(Failure::ProviderError), &[12_000, 12_009, 12_017]),
    ];

    #[test]
    fn every_code_of_the_providers_table_has_its_meaning() {
        let mut checked = 0;
        for (status, failure, codes) in TABLE {
            for &code in codes {
                let known = known_meaning(code).unwrap_or_else(|| panic!("{code} is not known"));
                assert_eq!((known.status, known.failure), (status, failure), "{code}");
                assert!(!known.reason.is_empty(), "{code}");
                checked += 1;
            }
        }
        assert_eq!(checked, MEANINGS.len());
    }

    #[test]
    fn the_table_is_in_order_and_a_failure_is_named_exactly_where_it_did_not_arrive() {
        assert!(MEANINGS.is_sorted_by(|one, next| one.code < next.code));
        for known in MEANINGS {
            let has_arrived_or_may = matches!(known.status, Status::Sent | Status::Delivered);
            assert_eq!(known.failure.is_none(), has_arrived_or_may, "{}", known.code);
        }
    }

    #[test]
    fn what_refuses_the_recipient_and_not_the_message_is_known() {
        let blocking: Vec<i32> =
            MEANINGS.iter().filter(|it| it.blocks_recipient).map(|it| it.code).collect();
        assert_eq!(blocking, [229, 230, 510, 10_031, 10_032]);
    }

    #[test]
    fn an_unknown_code_is_never_final() {
        for code in [-1, 0, 1, 202, 299, 522, 1_500, 3_000, 10_010, 99_999, i32::MAX, i32::MIN] {
            let meaning = meaning(code);
            assert_eq!((meaning.code, meaning.status), (code, Status::Sent));
            assert!(!meaning.status.is_settled() && meaning.failure.is_none());
        }
    }
}
