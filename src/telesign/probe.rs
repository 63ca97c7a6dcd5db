//! Are Customer ID and API key right? Asked without sending a text.
//!
//! The provider has no call for that. Asking for the status of a message that never existed is
//! answered "not found" where the credentials are good, and says what is wrong with them where not.

use std::time::Instant;

use super::{
    answer::Answer,
    base_url::BaseUrl,
    callback::delivery_report,
    client::{AuthMethod, Credentials, NoAnswer, TelesignClient},
};
use crate::domain::{
    channel::{ChannelVerdict, KeyCheck},
    secret::ApiKey,
};

/// Checks the credentials at the hosts in turn, until one does not send us on to another.
///
/// Uses Basic, whatever the account will use later: only there is a wrong id told from a wrong key.
pub async fn check_key(
    client: &TelesignClient,
    hosts: &[BaseUrl],
    customer_id: &str,
    api_key: &ApiKey,
) -> KeyCheck {
    let mut latest = KeyCheck {
        verdict: ChannelVerdict::Unreachable,
        provider_code: None,
        base_url: String::new(),
        latency_ms: 0,
    };
    for host in hosts {
        let credentials = Credentials {
            base_url: host.clone(),
            customer_id: customer_id.to_owned(),
            api_key: api_key.clone(),
            auth: AuthMethod::Basic,
        };
        latest = check_at(client, &credentials).await;
        if latest.verdict != ChannelVerdict::WrongHost {
            break;
        }
    }
    latest
}

async fn check_at(client: &TelesignClient, credentials: &Credentials) -> KeyCheck {
    let asked_at = Instant::now();
    let (verdict, provider_code) = match client.ask(credentials, &client.made_up_reference()).await
    {
        Ok(answer) => (verdict_on(&answer), answer.code()),
        Err(NoAnswer::NotSent(_) | NoAnswer::Lost(_)) => (ChannelVerdict::Unreachable, None),
        Err(NoAnswer::UnusableCredentials(_)) => (ChannelVerdict::BadCustomerId, None),
    };
    KeyCheck {
        verdict,
        provider_code,
        base_url: credentials.base_url.to_string(),
        latency_ms: i32::try_from(asked_at.elapsed().as_millis()).unwrap_or(i32::MAX),
    }
}

/// By the provider's code, never by the HTTP status: a proxy in between writes those as well.
fn verdict_on(answer: &Answer) -> ChannelVerdict {
    let Some(code) = answer.code() else {
        return ChannelVerdict::Unknown;
    };
    match code {
        10_017 | 10_036 | 11_011 | 12_000 => ChannelVerdict::Ok,
        10_013 | 10_015 => ChannelVerdict::BadCustomerId,
        10_008 | 10_022 => ChannelVerdict::BadApiKey,
        10_010 => ChannelVerdict::AccountSuspended,
        10_011 | 10_012 => ChannelVerdict::ProductNotEnabled,
        10_014 => ChannelVerdict::AddressNotAllowed,
        10_031 | 10_035 => ChannelVerdict::WrongHost,
        10_019 | 10_020 => ChannelVerdict::RateLimited,
        10_004 => ChannelVerdict::ClockSkew,
        // An actual status: only an account in good standing is told one.
        _ if matches!(answer.http_status, 200..=299) && is_status(answer) => ChannelVerdict::Ok,
        _ => ChannelVerdict::Unknown,
    }
}

fn is_status(answer: &Answer) -> bool {
    let report = answer.json().and_then(delivery_report);
    report.is_some_and(|report| report.provider_reference.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::clock::Clock,
        telesign::{
            client::ClientOptions,
            scripted_server::{Reply, ScriptedServer},
        },
    };

    async fn check(hosts: &[BaseUrl]) -> KeyCheck {
        let client = TelesignClient::new(ClientOptions::default(), Clock::default()).unwrap();
        check_key(&client, hosts, "CUSTOMER", &ApiKey::new("VGVzdCBLZXk=")).await
    }

    fn coded(http_status: u16, code: i32) -> Reply {
        Reply::answer(http_status, &format!(r#"{{"status":{{"code":{code},"description":"x"}}}}"#))
    }

    #[tokio::test]
    async fn every_answer_of_the_decision_table_is_told_apart() {
        use ChannelVerdict::*;
        let table = [
            (404, 10_017, Ok),
            (404, 10_036, Ok),
            (400, 11_011, Ok),
            (400, 12_000, Ok),
            (401, 10_015, BadCustomerId),
            (401, 10_013, BadCustomerId),
            (401, 10_022, BadApiKey),
            (401, 10_008, BadApiKey),
            (401, 10_010, AccountSuspended),
            (401, 10_011, ProductNotEnabled),
            (400, 10_012, ProductNotEnabled),
            (401, 10_014, AddressNotAllowed),
            (401, 10_031, WrongHost),
            (400, 10_035, WrongHost),
            (429, 10_019, RateLimited),
            (429, 10_020, RateLimited),
            (401, 10_004, ClockSkew),
            (401, 10_002, Unknown),
            (401, 10_009, Unknown),
            (401, 10_028, Unknown),
            (503, 10_000, Unknown),
            (401, 77_777, Unknown),
        ];
        for (http_status, code, verdict) in table {
            let server = ScriptedServer::start([coded(http_status, code)]).await;
            let found = check(&[server.base_url()]).await;
            assert_eq!((found.verdict, found.provider_code), (verdict, Some(code)), "{code}");
            assert_eq!(found.base_url, server.base_url().as_str());
            let request = &server.requests()[0];
            assert!(request.starts_with("GET /v1/messaging/"), "{request}");
            assert!(
                request.contains("authorization: Basic Q1VTVE9NRVI6VkdWemRDQkxaWGs9"),
                "{request}"
            );
        }
    }

    #[tokio::test]
    async fn answers_of_others_say_neither_yes_nor_no() {
        for (http_status, page) in [(404, "<html>"), (401, ""), (200, "<html>"), (200, "{}")] {
            let server = ScriptedServer::start([Reply::answer(http_status, page)]).await;
            let found = check(&[server.base_url()]).await;
            assert_eq!((found.verdict, found.provider_code), (ChannelVerdict::Unknown, None));
        }
    }

    #[tokio::test]
    async fn the_host_that_works_is_found_by_itself() {
        let wrong = ScriptedServer::start([coded(401, 10_035)]).await;
        let right = ScriptedServer::start([coded(404, 10_017)]).await;
        let found = check(&[wrong.base_url(), right.base_url()]).await;
        assert_eq!(found.verdict, ChannelVerdict::Ok);
        assert_eq!(found.base_url, right.base_url().as_str());
    }

    #[tokio::test]
    async fn only_a_wrong_host_leads_to_the_other_one() {
        let first = ScriptedServer::start([coded(401, 10_022)]).await;
        let second = ScriptedServer::start([coded(404, 10_017)]).await;
        let found = check(&[first.base_url(), second.base_url()]).await;
        assert_eq!(found.verdict, ChannelVerdict::BadApiKey);
        assert!(second.requests().is_empty());
    }

    #[tokio::test]
    async fn an_account_of_neither_host_is_told_so() {
        let first = ScriptedServer::start([coded(401, 10_031)]).await;
        let second = ScriptedServer::start([coded(401, 10_035)]).await;
        let found = check(&[first.base_url(), second.base_url()]).await;
        assert_eq!((found.verdict, found.provider_code), (ChannelVerdict::WrongHost, Some(10_035)));
    }

    #[tokio::test]
    async fn a_provider_that_does_not_answer_is_unreachable() {
        let server = ScriptedServer::start([Reply::Reset]).await;
        assert_eq!(check(&[server.base_url()]).await.verdict, ChannelVerdict::Unreachable);
        assert_eq!(check(&[]).await.verdict, ChannelVerdict::Unreachable);
    }
}
