//! What the codes of an immediate answer amount to: the provider did not take the request, and why.
//!
//! Not for delivery reports, where some of the same numbers mean something else (`status_code`).

use crate::domain::message::{MessageFailure, MessageFailureCode as Failure};

/// What is to be done about a request that was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Slower: the same request may be made again after a while.
    Slower,
    /// Later: the provider's system is not available.
    Later,
    /// Again at once with a new date; nothing else is wrong.
    Again,
    /// A person must see to the account; until then no request will be taken.
    StopAccount,
    /// None: this message will never be taken.
    GiveUp,
    /// None: nothing to this recipient will ever be taken.
    LeaveAlone,
    /// Not known: an earlier copy of the request may have been taken.
    LookFirst,
}

/// One code that the provider answers at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    pub code: i32,
    pub remedy: Remedy,
    pub failure: Failure,
    pub reason: &'static str,
}

impl Refusal {
    pub(super) fn to_failure(self) -> MessageFailure {
        MessageFailure {
            code: self.failure,
            provider_code: Some(self.code),
            description: self.reason.to_owned(),
        }
    }
}

const fn stop(code: i32, failure: Failure, reason: &'static str) -> Refusal {
    Refusal { code, remedy: Remedy::StopAccount, failure, reason }
}

const fn give_up(code: i32, failure: Failure, reason: &'static str) -> Refusal {
    Refusal { code, remedy: Remedy::GiveUp, failure, reason }
}

const fn busy(code: i32, remedy: Remedy, failure: Failure, reason: &'static str) -> Refusal {
    Refusal { code, remedy, failure, reason }
}

/// Every code of the texting API, among them those that related products put in their place.
const REFUSALS: [Refusal; 50] = [
    busy(-90_001, Remedy::Later, Failure::ProviderError, UNAVAILABLE),
    stop(-40_008, Failure::RateLimited, CAPPED),
    busy(-40_007, Remedy::Slower, Failure::RateLimited, TOO_FAST),
    busy(3_041, Remedy::Later, Failure::ProviderError, UNAVAILABLE),
    stop(3_203, Failure::ProviderError, "callback URLs are not enabled for this account"),
    busy(3_204, Remedy::Slower, Failure::RateLimited, TOO_FAST),
    busy(3_205, Remedy::Slower, Failure::RateLimited, TOO_FAST),
    stop(3_206, Failure::Credentials, NOT_ENABLED),
    stop(3_207, Failure::RateLimited, CAPPED),
    busy(3_500, Remedy::Later, Failure::ProviderError, UNAVAILABLE),
    busy(10_000, Remedy::Later, Failure::ProviderError, UNAVAILABLE),
    // Each nonce is used once: when the provider has seen it, something on the way repeated it.
    busy(10_002, Remedy::LookFirst, Failure::Unknown, "something repeated the request on its way"),
    stop(10_003, Failure::Credentials, "the provider refuses the length of the nonce"),
    busy(
        10_004,
        Remedy::Again,
        Failure::Credentials,
        "the provider refuses the date: check the clock",
    ),
    stop(10_005, Failure::Credentials, "the provider cannot read the date"),
    stop(10_006, Failure::Credentials, "the provider refuses the signature's method"),
    stop(10_007, Failure::Credentials, "the provider misses the date"),
    stop(10_008, Failure::Credentials, "the signature is wrong: check the API key"),
    stop(10_009, Failure::Credentials, "the provider misses the credentials"),
    stop(10_010, Failure::Credentials, "the account is suspended"),
    stop(10_011, Failure::Credentials, NOT_ENABLED),
    stop(10_012, Failure::Credentials, NOT_ENABLED),
    stop(10_013, Failure::Credentials, "the Customer ID is not known"),
    stop(10_014, Failure::Credentials, "the account does not allow this server's address"),
    stop(10_015, Failure::Credentials, "the Customer ID is not known"),
    busy(10_019, Remedy::Slower, Failure::RateLimited, TOO_FAST),
    stop(10_020, Failure::RateLimited, CAPPED),
    stop(10_022, Failure::Credentials, "the API key is wrong"),
    stop(10_028, Failure::Credentials, "the provider cannot read the credentials"),
    stop(10_030, Failure::ProviderError, "the account has no credit left"),
    stop(10_031, Failure::Credentials, WRONG_HOST),
    busy(
        10_032,
        Remedy::LeaveAlone,
        Failure::Blocked,
        "the number is on the provider's block list",
    ),
    give_up(10_033, Failure::Blocked, "a trial account may only text numbers that it verified"),
    give_up(10_034, Failure::Blocked, "this kind of message is blocked in the country"),
    stop(10_035, Failure::Credentials, WRONG_HOST),
    give_up(11_000, Failure::InvalidNumber, "the number is not valid"),
    give_up(11_001, Failure::InvalidNumber, "the country code is not valid"),
    give_up(11_003, Failure::ProviderError, "the account lifecycle event is not valid"),
    give_up(11_004, Failure::ProviderError, "the callback URL is not valid"),
    give_up(11_009, Failure::ProviderError, "the text is not valid, for example too long"),
    give_up(11_010, Failure::ProviderError, "the originating address is not valid"),
    give_up(11_013, Failure::ProviderError, "the sender id is not valid for this account"),
    give_up(11_016, Failure::ProviderError, "the external id is not valid"),
    give_up(11_017, Failure::ProviderError, "the message type is not valid"),
    give_up(11_027, Failure::ProviderError, "the integration name is not valid"),
    give_up(11_034, Failure::ProviderError, "the ids for traffic in India are not valid"),
    give_up(11_035, Failure::ProviderError, "the ids for traffic in India are not valid"),
    give_up(12_000, Failure::ProviderError, "the number is missing"),
    give_up(12_009, Failure::ProviderError, "the text is missing"),
    give_up(12_017, Failure::ProviderError, "the message type is missing"),
];

const UNAVAILABLE: &str = "the provider's system is not available";
const TOO_FAST: &str = "the provider takes no more messages this second";
const CAPPED: &str = "the account has used up its allowance";
const NOT_ENABLED: &str = "SMS is not enabled for this account";
const WRONG_HOST: &str = "the account belongs to another host of the provider";

/// What a code of an immediate answer says; `None` for one that is not a refusal, or not known.
pub(super) fn find(code: i32) -> Option<Refusal> {
    let place = REFUSALS.binary_search_by_key(&code, |refusal| refusal.code).ok()?;
    REFUSALS.get(place).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_without_repetition() {
        assert!(REFUSALS.is_sorted_by(|one, next| one.code < next.code));
    }

    #[test]
    fn codes_of_accepted_messages_are_no_refusals() {
        for code in [200, 203, 290, 291, 292, 3_001, 0, -1] {
            assert_eq!(find(code), None, "{code}");
        }
    }
}
