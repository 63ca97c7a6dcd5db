//! What a message must look like: the reasons to refuse it, in their order.

use std::net::IpAddr;

use super::form::Form;
use crate::simulator::input::check_url;

const MESSAGE_LETTERS_MAX: usize = 1_600;
const SENDER_ID_LETTERS_MAX: usize = 20;
const EXTERNAL_ID_LETTERS_MAX: usize = 100;
const DLT_LETTERS_MAX: usize = 40;
const PHONE_DIGITS_MIN: usize = 7;
const PHONE_DIGITS_MAX: usize = 15;
const MESSAGE_TYPES: &[&str] = &["OTP", "ARN", "MKT"];
const LIFECYCLE_EVENTS: &[&str] = &["create", "sign-in", "transact", "update", "delete"];

/// The code of the first thing that is wrong with a message.
pub(super) fn first_fault(form: &Form, sender_ids: &[String]) -> Option<u32> {
    let missing = [("phone_number", 12_000), ("message", 12_009), ("message_type", 12_017)];
    if let Some((_, code)) = missing.into_iter().find(|(name, _)| form.filled(name).is_none()) {
        return Some(code);
    }
    let phone_number = form.get("phone_number").unwrap_or_default();
    let message = form.get("message").unwrap_or_default();
    let is_type = |name: &str| MESSAGE_TYPES.contains(&name);
    let sender = |id: &str| is_sender(id, sender_ids);
    let checks = [
        (11_000, is_number(phone_number)),
        // No country code begins with 0.
        (11_001, !phone_number.starts_with('0')),
        (11_017, form.get("message_type").is_some_and(is_type)),
        (11_009, !form.is_garbled && message.chars().count() <= MESSAGE_LETTERS_MAX),
        (11_013, holds(form, "sender_id", sender)),
        (
            11_016,
            holds(form, "external_id", |id| id.is_ascii() && id.len() <= EXTERNAL_ID_LETTERS_MAX),
        ),
        (11_004, holds(form, "callback_url", |url| check_url(url).is_ok())),
        (11_003, holds(form, "account_lifecycle_event", |event| LIFECYCLE_EVENTS.contains(&event))),
        (11_010, holds(form, "originating_ip", |ip| ip.parse::<IpAddr>().is_ok())),
        (11_034, holds(form, "dlt_template_id", |id| id.chars().count() <= DLT_LETTERS_MAX)),
        (11_035, holds(form, "dlt_entity_id", |id| id.chars().count() <= DLT_LETTERS_MAX)),
    ];
    checks.into_iter().find_map(|(code, is_right)| (!is_right).then_some(code))
}

/// Whether a field is missing or right.
fn holds(form: &Form, name: &str, is_right: impl Fn(&str) -> bool) -> bool {
    form.get(name).is_none_or(is_right)
}

fn is_number(text: &str) -> bool {
    (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Stricter than the provider, who may also ignore a wrong one: no `+`, nothing but 0-9 A-Z a-z.
fn is_sender(id: &str, allowed: &[String]) -> bool {
    let has_form = !id.is_empty()
        && id.len() <= SENDER_ID_LETTERS_MAX
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    has_form && (allowed.is_empty() || allowed.iter().any(|known| known == id))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line breaks one thing more than the line below it, so that the first reason is told.
    #[test]
    fn the_first_reason_in_the_order_is_told() {
        let long = "a".repeat(1_601);
        let broken = [
            ("phone_number", "", 12_000, "+15550001111"),
            ("message", "", 12_009, long.as_str()),
            ("message_type", "", 12_017, "CHAT"),
            ("phone_number", "+15550001111", 11_000, "05550001111"),
            ("phone_number", "05550001111", 11_001, "15550001111"),
            ("message_type", "CHAT", 11_017, "ARN"),
            ("message", long.as_str(), 11_009, "Hello"),
            ("sender_id", "+15550002222", 11_013, "15550002222"),
            ("external_id", "é", 11_016, "1.1"),
            ("callback_url", "", 11_004, "https://example.com/"),
            ("account_lifecycle_event", "party", 11_003, "update"),
            ("originating_ip", "1.2.3", 11_010, "::1"),
            ("dlt_template_id", &long, 11_034, "1"),
            ("dlt_entity_id", &long, 11_035, "1"),
        ];
        let mut fields: std::collections::BTreeMap<&str, &str> =
            broken.iter().rev().map(|(name, value, ..)| (*name, *value)).collect();
        for (name, _, code, mended) in broken {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            let body = form.extend_pairs(&fields).finish();
            let form = Form::parse(Some("application/x-www-form-urlencoded"), body.as_bytes());
            assert_eq!(first_fault(&form, &[]), Some(code), "{name}");
            fields.insert(name, mended);
        }
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let form = Form::parse(Some("application/x-www-form-urlencoded"), body.as_bytes());
        assert_eq!(first_fault(&form, &[]), None);
        assert_eq!(first_fault(&form, &["4442".to_owned()]), Some(11_013));
    }

    #[test]
    fn the_edges_of_lengths_are_exact() {
        let check = |number: &str, letters: usize| {
            let text = "я".repeat(letters);
            let body = format!("phone_number={number}&message={text}&message_type=ARN");
            let form = Form::parse(Some("application/x-www-form-urlencoded"), body.as_bytes());
            first_fault(&form, &[])
        };
        assert_eq!(check("1234567", 1_600), None);
        assert_eq!(check("123456789012345", 1), None);
        assert_eq!(check("123456", 1), Some(11_000));
        assert_eq!(check("1234567890123456", 1), Some(11_000));
        assert_eq!(check("1234567", 1_601), Some(11_009));
    }
}
