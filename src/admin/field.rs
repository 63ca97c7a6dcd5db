//! The bounds of every input, and what is said when one is passed.
//!
//! They are those of the tables' checks, so that the database never has to refuse.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::error::{Refusal, RefusalCode};
use crate::{
    domain::{
        consent::EVIDENCE_CHARACTERS_MAX, language, organization::CALLBACK_RETENTION_DAYS_MAX,
        secret::ApiKey,
    },
    telesign::SigningKey,
};

const NAME_CHARACTERS_MAX: usize = 200;
const DESCRIPTION_CHARACTERS_MAX: usize = 2_000;
const EMAIL_CHARACTERS_MAX: usize = 254;
const PASSWORD_CHARACTERS_MIN: usize = 10;
const PASSWORD_CHARACTERS_MAX: usize = 200;
const CUSTOMER_ID_CHARACTERS_MAX: usize = 100;
/// The provider's keys have 88 characters.
const API_KEY_CHARACTERS_MAX: usize = 1_000;
const IDEMPOTENCY_KEY_CHARACTERS_MAX: usize = 200;
const SLUG_CHARACTERS_MAX: usize = 63;
/// Queues of one agent, agents of one queue, in one input.
const IDS_MAX: usize = 1_000;

/// A name that people read: one line, without blanks around it.
pub(super) fn name(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    required(field, text)?;
    at_most(field, text, NAME_CHARACTERS_MAX)?;
    if text.chars().any(char::is_control) {
        return Err(invalid(field, "a name has one line and no control characters"));
    }
    Ok(text.to_owned())
}

/// Free text; nothing but blanks counts as none.
pub(super) fn description(text: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    at_most("description", text, DESCRIPTION_CHARACTERS_MAX)?;
    let is_text = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
    if !text.chars().all(is_text) {
        return Err(invalid("description", "a description has no control characters"));
    }
    Ok(Some(text.to_owned()))
}

/// What somebody said, and where; nothing but blanks counts as none.
pub(super) fn evidence(text: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    at_most("evidence", text, EVIDENCE_CHARACTERS_MAX)?;
    Ok(Some(text.to_owned()))
}

/// An e-mail address as it is compared: without blanks around it, in small letters.
pub(super) fn canonical_email(text: &str) -> String {
    text.trim().to_lowercase()
}

/// An address that could be one; whether it is, only a letter would show.
pub(super) fn email(text: &str) -> Result<String, Refusal> {
    let text = canonical_email(text);
    required("email", &text)?;
    at_most("email", &text, EMAIL_CHARACTERS_MAX)?;
    let is_plausible = text.split_once('@').is_some_and(|(local, domain)| {
        let labels_fit = domain.split('.').all(|label| !label.is_empty());
        !local.is_empty() && labels_fit && !domain.contains('@')
    });
    if !is_plausible || text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        return Err(invalid("email", "expected an e-mail address such as ada@example.com"));
    }
    Ok(text)
}

/// Whether a text can be anybody's password at all.
pub(super) fn is_password(text: &SecretString) -> bool {
    let length = text.expose_secret().chars().take(PASSWORD_CHARACTERS_MAX + 1).count();
    (PASSWORD_CHARACTERS_MIN..=PASSWORD_CHARACTERS_MAX).contains(&length)
}

/// A password that is to be set.
pub(super) fn password(field: &'static str, text: &SecretString) -> Result<(), Refusal> {
    if is_password(text) {
        return Ok(());
    }
    let message =
        format!("a password has {PASSWORD_CHARACTERS_MIN} to {PASSWORD_CHARACTERS_MAX} characters");
    Err(Refusal::at(field, RefusalCode::OutOfRange, message))
}

/// The provider's Customer ID, as a Basic header can carry it.
pub(super) fn customer_id(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    required("customerId", text)?;
    at_most("customerId", text, CUSTOMER_ID_CHARACTERS_MAX)?;
    if !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':') {
        let message =
            "a Customer ID has letters, digits and hyphens; copy it again from the portal";
        return Err(invalid("customerId", message));
    }
    Ok(text.to_owned())
}

/// The provider's API key, without what a clipboard adds around it.
pub(super) fn api_key(key: &ApiKey) -> Result<ApiKey, Refusal> {
    let text = key.expose().trim();
    required("apiKey", text)?;
    at_most("apiKey", text, API_KEY_CHARACTERS_MAX)?;
    let key = ApiKey::new(text);
    // Such a key could never prove a callback, however well it sends.
    let is_usable =
        text.bytes().all(|byte| byte.is_ascii_graphic()) && SigningKey::new(&key).is_ok();
    if is_usable {
        Ok(key)
    } else {
        Err(invalid("apiKey", "this is not an API key; copy it again from the portal"))
    }
}

/// The caller's own name for one try of a mutation.
pub(super) fn idempotency_key(text: &str) -> Result<String, Refusal> {
    required("idempotencyKey", text)?;
    at_most("idempotencyKey", text, IDEMPOTENCY_KEY_CHARACTERS_MAX)?;
    if text.contains('\0') {
        return Err(invalid("idempotencyKey", "a key has no control characters"));
    }
    Ok(text.to_owned())
}

/// ISO 3166-1 alpha-2, as it is written there.
pub(super) fn country(text: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(Some(text.to_owned()));
    }
    Err(invalid("country", "expected a country code of two capital letters, for example US"))
}

/// A language tag in canonical case.
pub(super) fn language(text: &str) -> Result<String, Refusal> {
    language_in("language", text)
}

/// The same, in a field that holds it among other things.
pub(super) fn language_in(field: &'static str, text: &str) -> Result<String, Refusal> {
    language::canonical(text).map_err(|error| invalid(field, error.to_string()))
}

/// What names an organization on the command line.
pub(super) fn slug(text: &str) -> Result<(), Refusal> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let length_fits = (1..=SLUG_CHARACTERS_MAX).contains(&text.len());
    if length_fits && text.bytes().all(fits) && !text.starts_with('-') {
        return Ok(());
    }
    let message = format!(
        "an organization's short name has 1 to {SLUG_CHARACTERS_MAX} small letters, digits and hyphens, no hyphen first"
    );
    Err(invalid("organization", message))
}

/// Each id once, in order.
pub(super) fn ids<Id: Ord>(field: &'static str, mut ids: Vec<Id>) -> Result<Vec<Id>, Refusal> {
    if ids.len() > IDS_MAX {
        let message = format!("at most {IDS_MAX} ids at a time");
        return Err(Refusal::at(field, RefusalCode::TooMany, message));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// A moment that is still to come.
pub(super) fn expiry(at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), Refusal> {
    if at.is_some_and(|at| at <= now) {
        let message = "the expiry lies in the past; choose a later one, or none";
        return Err(Refusal::at("expiresAt", RefusalCode::OutOfRange, message));
    }
    Ok(())
}

/// A time of so many seconds; none is left as it is.
pub(super) fn seconds(
    field: &'static str,
    seconds: Option<i32>,
    range: &RangeInclusive<i32>,
) -> Result<(), Refusal> {
    let Some(seconds) = seconds.filter(|seconds| !range.contains(seconds)) else { return Ok(()) };
    let (least, most) = (range.start(), range.end());
    let message = format!("from {least} to {most} seconds; this is {seconds}");
    Err(Refusal::at(field, RefusalCode::OutOfRange, message))
}

/// How long raw callbacks are kept.
pub(super) fn callback_retention_days(days: i32) -> Result<(), Refusal> {
    if (1..=CALLBACK_RETENTION_DAYS_MAX).contains(&days) {
        return Ok(());
    }
    let message = format!("raw callbacks are kept 1 to {CALLBACK_RETENTION_DAYS_MAX} days");
    Err(Refusal::at("callbackRetentionDays", RefusalCode::OutOfRange, message))
}

fn required(field: &'static str, text: &str) -> Result<(), Refusal> {
    if text.is_empty() {
        return Err(Refusal::at(field, RefusalCode::Required, "this is empty; enter a value"));
    }
    Ok(())
}

fn at_most(field: &'static str, text: &str, characters_max: usize) -> Result<(), Refusal> {
    let length = text.chars().count();
    if length > characters_max {
        let message = format!("at most {characters_max} characters; this has {length}");
        return Err(Refusal::at(field, RefusalCode::TooLong, message));
    }
    Ok(())
}

fn invalid(field: &'static str, message: impl Into<String>) -> Refusal {
    Refusal::at(field, RefusalCode::Invalid, message)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::clock::Clock;
    use RefusalCode::{Invalid, OutOfRange, Required, TooLong, TooMany};

    fn code<T>(result: Result<T, Refusal>) -> Option<RefusalCode> {
        result.err().map(|refusal| refusal.code)
    }

    #[test]
    fn names_are_trimmed_counted_in_characters_and_of_one_line() {
        assert_eq!(name("name", "  Téléphone \n"), Ok("Téléphone".to_owned()));
        assert_eq!(code(name("name", &"é".repeat(200))), None);
        assert_eq!(code(name("name", &"é".repeat(201))), Some(TooLong));
        assert_eq!(code(name("name", " \t ")), Some(Required));
        for wrong in ["two\nlines", "nul\0", "bell\u{7}"] {
            assert_eq!(code(name("name", wrong)), Some(Invalid), "{wrong:?}");
        }
    }

    #[test]
    fn an_empty_description_is_none() {
        assert_eq!(description(None), Ok(None));
        assert_eq!(description(Some("  \n")), Ok(None));
        assert_eq!(description(Some(" a\n\tb ")), Ok(Some("a\n\tb".to_owned())));
        assert_eq!(code(description(Some("nul\0"))), Some(Invalid));
        assert_eq!(code(description(Some(&"a".repeat(2_001)))), Some(TooLong));
    }

    #[test]
    fn email_addresses_are_plausible_and_kept_in_small_letters() {
        assert_eq!(email(" Ada@Example.COM "), Ok("ada@example.com".to_owned()));
        assert_eq!(code(email("ada@localhost")), None);
        for wrong in ["ada", "@example.com", "ada@", "a@b@c", "a da@example.com", "a@b..c", "a\0@b"]
        {
            assert_eq!(code(email(wrong)), Some(Invalid), "{wrong:?}");
        }
        assert_eq!(code(email("  ")), Some(Required));
        assert_eq!(code(email(&format!("{}@example.com", "a".repeat(243)))), Some(TooLong));
    }

    #[test]
    fn passwords_have_ten_to_two_hundred_characters() {
        for (length, refused) in
            [(9, Some(OutOfRange)), (10, None), (200, None), (201, Some(OutOfRange))]
        {
            let text = SecretString::from("ü".repeat(length));
            assert_eq!(code(password("password", &text)), refused, "{length}");
        }
    }

    #[test]
    fn credentials_that_no_header_can_carry_are_refused() {
        assert_eq!(customer_id(" FFFF-0001 "), Ok("FFFF-0001".to_owned()));
        for wrong in ["a:b", "a b", "é", "a\nb"] {
            assert_eq!(code(customer_id(wrong)), Some(Invalid), "{wrong:?}");
        }
        assert_eq!(code(customer_id("")), Some(Required));
        assert_eq!(code(customer_id(&"1".repeat(101))), Some(TooLong));

        let key = |text: &str| api_key(&ApiKey::new(text));
        assert_eq!(
            key(" VGVzdCBLZXk=\n").map(|key| key.expose().to_owned()),
            Ok("VGVzdCBLZXk=".into())
        );
        for wrong in ["***", "a", "VGVz dCBL", "ключ"] {
            assert_eq!(code(key(wrong)), Some(Invalid), "{wrong:?}");
        }
        assert_eq!(code(key(" ")), Some(Required));
        assert_eq!(code(key(&"A".repeat(1_001))), Some(TooLong));
    }

    #[test]
    fn codes_of_countries_languages_and_organizations_are_checked() {
        assert_eq!(country(Some("IT")), Ok(Some("IT".to_owned())));
        assert_eq!(country(None), Ok(None));
        for wrong in ["it", "ITA", "I", "", "É"] {
            assert_eq!(code(country(Some(wrong))), Some(Invalid), "{wrong:?}");
        }
        assert_eq!(language("EN-us"), Ok("en-US".to_owned()));
        assert_eq!(code(language("english")), Some(Invalid));
        for right in ["default", "a", "4-ever"] {
            assert_eq!(code(slug(right)), None, "{right:?}");
        }
        for wrong in ["", "-a", "A", "a_b", &"a".repeat(64)] {
            assert_eq!(code(slug(wrong)), Some(Invalid), "{wrong:?}");
        }
    }

    #[test]
    fn ids_are_counted_and_each_is_kept_once() {
        assert_eq!(ids("queueIds", vec![3, 1, 3]), Ok(vec![1, 3]));
        assert_eq!(code(ids("queueIds", (0..1_001).collect())), Some(TooMany));
    }

    #[test]
    fn an_expiry_lies_ahead() {
        let now = Clock::default().now();
        assert_eq!(code(expiry(None, now)), None);
        assert_eq!(code(expiry(Some(now + TimeDelta::seconds(1)), now)), None);
        assert_eq!(code(expiry(Some(now), now)), Some(OutOfRange));
    }

    #[test]
    fn seconds_lie_within_their_range_ends_included() {
        let range = 60..=90;
        for (value, refused) in [
            (None, None),
            (Some(59), Some(OutOfRange)),
            (Some(60), None),
            (Some(90), None),
            (Some(91), Some(OutOfRange)),
            (Some(-1), Some(OutOfRange)),
        ] {
            assert_eq!(code(seconds("seconds", value, &range)), refused, "{value:?}");
        }
    }

    #[test]
    fn idempotency_keys_are_taken_as_they_are() {
        assert_eq!(idempotency_key(" a "), Ok(" a ".to_owned()));
        assert_eq!(code(idempotency_key("")), Some(Required));
        assert_eq!(code(idempotency_key("a\0")), Some(Invalid));
        assert_eq!(code(idempotency_key(&"a".repeat(201))), Some(TooLong));
    }
}
