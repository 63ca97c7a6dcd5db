//! What follows from a live check of the keys; rules only.

use chrono::{DateTime, Utc};

use crate::{
    admin::error::{Refusal, RefusalCode},
    domain::channel::{ChannelAccount, ChannelAccountStatus, ChannelVerdict, KeyCheck, Validation},
    telesign::BaseUrl,
};

/// Texts a second on the host of self-service accounts.
const SELF_SERVICE_RATE: i32 = 1;
/// Texts a second on any other host: full-service accounts, and servers that stand in for it.
const FULL_SERVICE_RATE: i32 = 50;

/// How many texts a second an account on a host may send.
pub(super) fn send_rate(base_url: &str) -> i32 {
    if base_url == BaseUrl::SELF_SERVICE.as_str() { SELF_SERVICE_RATE } else { FULL_SERVICE_RATE }
}

/// Where to ask about an account: first where it worked last, for the other host may be away.
pub(super) fn hosts_for(hosts: &[BaseUrl], last: &str) -> Vec<BaseUrl> {
    let (mut ordered, others): (Vec<_>, Vec<_>) =
        hosts.iter().cloned().partition(|host| host.as_str() == last);
    ordered.extend(others);
    ordered
}

/// Writes a check into the account: what is known of it, and where and how fast it sends.
///
/// Only a clear answer moves the status; "could not tell" leaves what is known. A disabled account
/// stays disabled, and a rate stays as it is while the account stays on its host.
pub(super) fn apply(account: &mut ChannelAccount, check: &KeyCheck, at: DateTime<Utc>) {
    account.validation = Some(Validation {
        verdict: check.verdict,
        provider_code: check.provider_code,
        latency_ms: Some(check.latency_ms),
        checked_at: at,
    });
    let known = if check.verdict == ChannelVerdict::Ok {
        if account.provider_base_url != check.base_url {
            account.provider_base_url.clone_from(&check.base_url);
            account.max_send_per_second = send_rate(&check.base_url);
        }
        ChannelAccountStatus::Valid
    } else if check.verdict.is_refusal() {
        ChannelAccountStatus::Invalid
    } else {
        return;
    };
    set_status(account, known);
}

/// Nothing is known of the account's present key.
pub(super) fn forget(account: &mut ChannelAccount) {
    account.validation = None;
    set_status(account, ChannelAccountStatus::Unvalidated);
}

fn set_status(account: &mut ChannelAccount, status: ChannelAccountStatus) {
    if account.status != ChannelAccountStatus::Disabled {
        account.status = status;
    }
}

/// What is told to an admin who wants only keys that work to be stored; `None` for such a key.
pub(super) fn refusal(verdict: ChannelVerdict) -> Option<Refusal> {
    let (code, field) = match verdict {
        ChannelVerdict::Ok => return None,
        ChannelVerdict::BadCustomerId => (RefusalCode::CredentialsRejected, Some("customerId")),
        ChannelVerdict::BadApiKey => (RefusalCode::CredentialsRejected, Some("apiKey")),
        ChannelVerdict::WrongHost
        | ChannelVerdict::ProductNotEnabled
        | ChannelVerdict::AccountSuspended
        | ChannelVerdict::AddressNotAllowed => (RefusalCode::CredentialsRejected, None),
        ChannelVerdict::RateLimited => (RefusalCode::RateLimited, None),
        ChannelVerdict::ClockSkew | ChannelVerdict::Unreachable | ChannelVerdict::Unknown => {
            (RefusalCode::ProviderUnreachable, None)
        }
    };
    Some(Refusal { field, ..Refusal::new(code, verdict.explanation()) })
}

/// The last check of a stored account, for who repeats the call that made it.
pub(super) fn last_check(account: &ChannelAccount) -> Option<KeyCheck> {
    let validation = account.validation.as_ref()?;
    Some(KeyCheck {
        verdict: validation.verdict,
        provider_code: validation.provider_code,
        base_url: account.provider_base_url.clone(),
        latency_ms: validation.latency_ms.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{clock::Clock, ids::ChannelAccountId, organization::Stamp};
    use ChannelAccountStatus::{Disabled, Invalid, Unvalidated, Valid};

    fn account(status: ChannelAccountStatus) -> ChannelAccount {
        let now = Clock::default().now();
        ChannelAccount {
            id: ChannelAccountId(Uuid::from_u128(1)),
            name: "Main".into(),
            customer_id: "CUSTOMER".into(),
            status,
            key_fingerprint: "00000000".into(),
            key_set_at: now,
            callback_token: "token".into(),
            provider_base_url: BaseUrl::FULL_SERVICE.to_string(),
            max_send_per_second: 7,
            validation: None,
            stamp: Stamp::new(now),
        }
    }

    fn check(verdict: ChannelVerdict, base_url: &str) -> KeyCheck {
        let base_url = base_url.to_owned();
        KeyCheck { verdict, provider_code: Some(10_017), base_url, latency_ms: 12 }
    }

    #[test]
    fn only_a_clear_answer_moves_the_status_and_a_disabled_account_stays_so() {
        let host = BaseUrl::FULL_SERVICE;
        let now = Clock::default().now();
        for verdict in ChannelVerdict::ALL.iter().copied() {
            for before in ChannelAccountStatus::ALL.iter().copied() {
                let mut checked = account(before);
                apply(&mut checked, &check(verdict, host.as_str()), now);
                let expected = match (before, verdict) {
                    (Disabled, _) => Disabled,
                    (_, ChannelVerdict::Ok) => Valid,
                    (_, verdict) if verdict.is_refusal() => Invalid,
                    (before, _) => before,
                };
                assert_eq!(checked.status, expected, "{before:?} {verdict:?}");
                let validation = checked.validation.unwrap();
                assert_eq!((validation.verdict, validation.checked_at), (verdict, now));
            }
        }
    }

    #[test]
    fn the_host_that_answers_is_kept_with_its_rate() {
        let now = Clock::default().now();
        let (full, own, other) =
            (BaseUrl::FULL_SERVICE, BaseUrl::SELF_SERVICE, "http://127.0.0.1:9");
        let table = [
            (ChannelVerdict::Ok, own.as_str(), own.as_str(), 1),
            (ChannelVerdict::Ok, other, other, 50),
            (ChannelVerdict::Ok, full.as_str(), full.as_str(), 7),
            (ChannelVerdict::WrongHost, own.as_str(), full.as_str(), 7),
            (ChannelVerdict::Unreachable, own.as_str(), full.as_str(), 7),
        ];
        for (verdict, asked, kept, rate) in table {
            let mut checked = account(Valid);
            apply(&mut checked, &check(verdict, asked), now);
            assert_eq!(
                (checked.provider_base_url.as_str(), checked.max_send_per_second),
                (kept, rate),
                "{verdict:?} at {asked}"
            );
        }
    }

    #[test]
    fn a_new_key_is_not_vouched_for_by_the_check_of_the_old_one() {
        let mut rotated = account(Invalid);
        apply(&mut rotated, &check(ChannelVerdict::BadApiKey, ""), Clock::default().now());
        forget(&mut rotated);
        assert_eq!((rotated.status, rotated.validation), (Unvalidated, None));
    }

    #[test]
    fn every_verdict_but_ok_is_refused_in_plain_words() {
        use RefusalCode::{CredentialsRejected, ProviderUnreachable, RateLimited};
        for verdict in ChannelVerdict::ALL.iter().copied() {
            let expected = match verdict {
                ChannelVerdict::Ok => None,
                ChannelVerdict::RateLimited => Some(RateLimited),
                verdict if verdict.is_refusal() => Some(CredentialsRejected),
                _ => Some(ProviderUnreachable),
            };
            let refusal = refusal(verdict);
            assert_eq!(refusal.as_ref().map(|refusal| refusal.code), expected, "{verdict:?}");
            if let Some(refusal) = refusal {
                assert_eq!(refusal.message, verdict.explanation());
            }
        }
    }

    #[test]
    fn the_host_that_worked_last_is_asked_first() {
        let hosts = BaseUrl::PUBLIC_HOSTS;
        let [full, own] = hosts.clone();
        assert_eq!(hosts_for(&hosts, own.as_str()), [own.clone(), full.clone()]);
        assert_eq!(hosts_for(&hosts, full.as_str()), [full.clone(), own.clone()]);
        assert_eq!(hosts_for(&hosts, "http://127.0.0.1:9"), [full, own], "no host that is not set");
    }
}
