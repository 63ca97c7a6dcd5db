//! Reads callbacks leniently: nothing odd in them may get in the way of what can be understood.
//!
//! **Invariant:** an inbound text can never be fetched again, so it is refused only when nobody
//! could tell who sent it, or to which number of ours. Fields that we do not act on are not looked
//! at. Start at `parse`.

#[cfg(test)]
mod tests;

use std::fmt;

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{json, status_code, timestamp};
use crate::domain::{address::SmsAddress, message::DeliveryReport, word_enum};

/// Longest word that is kept of what the provider calls something (action, keyword, kind).
const WORD_CHARACTERS_MAX: usize = 40;
/// More digits than any number of ours can have.
const RECIPIENT_DIGITS_MAX: usize = 20;
/// A longer dedup key is replaced by its hash; an index entry has a bound.
const DEDUP_KEY_BYTES_MAX: usize = 200;
/// What `status.code` of every inbound message is.
const INBOUND_CODE: i32 = 1_500;

/// What the provider calls us for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Callback {
    InboundText(InboundText),
    DeliveryReport(ReceivedReport),
    /// Genuine JSON of a kind that we do not handle (`mo_mms`, `mo_rcs`, …): kept raw.
    Unknown {
        kind: String,
    },
}

word_enum! {
    /// What sort of callback a dedup key is of.
    pub enum CallbackKind {
        InboundText = "INBOUND_TEXT",
        DeliveryReport = "DELIVERY_REPORT",
        Unknown = "UNKNOWN",
    }
}

/// A text that a customer sent to a number of ours.
#[derive(Clone, PartialEq, Eq)]
pub struct InboundText {
    /// The provider's; where it gave none that is usable, `sha256-` and the hash of the body.
    pub provider_reference: String,
    pub from: SmsAddress,
    /// Digits of our number, country code first, without `+`.
    pub to: String,
    /// As the customer wrote it, except that U+0000, which PostgreSQL refuses, became U+FFFD.
    pub text: String,
    /// When the provider received it; `None` for a date that cannot be read.
    pub sent_at: Option<DateTime<Utc>>,
    /// Two capital letters: the country of the customer's number.
    pub country: Option<String>,
    /// What the provider's keyword feature made of it: `start`, `stop`, `help` or `generic`.
    pub action: Option<String>,
    pub keyword: Option<String>,
}

impl fmt::Debug for InboundText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No text and no numbers: they are personal data.
        formatter
            .debug_struct("InboundText")
            .field("provider_reference", &self.provider_reference)
            .finish_non_exhaustive()
    }
}

/// A delivery report with what is needed to find its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedReport {
    /// The same as in `report`; `None` for an absent or absurd one.
    pub provider_reference: Option<String>,
    /// The name that we gave the attempt, echoed.
    pub external_id: Option<String>,
    /// As written: the provider sends invalid dates too, and the dedup key needs every character.
    pub updated_on_raw: String,
    pub report: DeliveryReport,
}

/// Why a genuine callback cannot be understood; its raw body is kept all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallbackParseError {
    #[error("the callback is not a JSON object")]
    NotAnObject,
    #[error("the inbound text names no sender that texts can come from")]
    NoSender,
    #[error("the inbound text names no number of ours")]
    NoRecipient,
}

/// Reads the body of a callback whose signature is genuine.
pub fn parse(raw_body: &[u8]) -> Result<Callback, CallbackParseError> {
    let value = json::read(raw_body).ok_or(CallbackParseError::NotAnObject)?;
    let root = value.as_object().ok_or(CallbackParseError::NotAnObject)?;
    let kind = json::short_text(root, "sub_resource", WORD_CHARACTERS_MAX)
        .map(|kind| kind.to_ascii_lowercase());
    let is_other_inbound =
        kind.as_deref().is_some_and(|kind| kind.starts_with("mo_") && kind != "mo_sms");
    let is_inbound_text =
        kind.as_deref() == Some("mo_sms") || json::object(root, "user_response").is_some();
    if is_inbound_text && !is_other_inbound {
        return inbound_text(root, raw_body).map(Callback::InboundText);
    }
    let is_omnichannel = root.contains_key("channel_status");
    if !is_other_inbound
        && !is_omnichannel
        && let Some(report) = delivery_report(root)
    {
        return Ok(Callback::DeliveryReport(report));
    }
    let fallback = if is_omnichannel { "omnichannel" } else { "unrecognized" };
    Ok(Callback::Unknown { kind: kind.unwrap_or_else(|| fallback.to_owned()) })
}

fn inbound_text(
    root: &Map<String, Value>,
    raw_body: &[u8],
) -> Result<InboundText, CallbackParseError> {
    let response = json::object(root, "user_response").unwrap_or(root);
    let sender = json::text(response, "phone_number").ok_or(CallbackParseError::NoSender)?;
    let from = SmsAddress::from_provider(&sender)
        .or_else(|_| SmsAddress::from_provider(&without_punctuation(&sender)))
        .ok()
        .ok_or(CallbackParseError::NoSender)?;
    let to = json::text(response, "sender_id")
        .map(|number| without_punctuation(&number))
        .filter(|number| {
            (1..=RECIPIENT_DIGITS_MAX).contains(&number.len())
                && number.bytes().all(|byte| byte.is_ascii_digit())
        })
        .ok_or(CallbackParseError::NoRecipient)?;
    let word = |name| json::short_text(response, name, WORD_CHARACTERS_MAX);
    Ok(InboundText {
        provider_reference: json::reference(root, "reference_id")
            .unwrap_or_else(|| format!("sha256-{}", sha256_hex(raw_body))),
        from,
        to,
        // A text may be empty; one that is absent is taken as that rather than lost.
        text: json::text(response, "mo_message").unwrap_or_default(),
        sent_at: received_at(root),
        country: word("iso_country_code")
            .filter(|code| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic()))
            .map(|code| code.to_ascii_uppercase()),
        action: word("action").map(|action| action.to_ascii_lowercase()),
        keyword: word("keyword"),
    })
}

/// Reads `status` of a delivery report or of a status answer; `None` without a numeric code.
pub(super) fn delivery_report(root: &Map<String, Value>) -> Option<ReceivedReport> {
    let status = json::object(root, "status")?;
    let code = json::integer(status, "code").filter(|code| *code != INBOUND_CODE)?;
    let meaning = status_code::meaning(code);
    let description = match status_code::known_meaning(code) {
        Some(known) => known.reason.to_owned(),
        None => json::provider_description(root).unwrap_or_else(|| meaning.reason.to_owned()),
    };
    let provider_reference = json::reference(root, "reference_id");
    Some(ReceivedReport {
        provider_reference: provider_reference.clone(),
        external_id: json::reference(root, "external_id"),
        updated_on_raw: json::text(status, "updated_on").unwrap_or_default(),
        report: DeliveryReport {
            status: meaning.status,
            provider_code: code,
            provider_reference,
            description,
            failure: meaning.failure,
            blocks_recipient: meaning.blocks_recipient,
        },
    })
}

/// When the provider received an inbound text.
fn received_at(root: &Map<String, Value>) -> Option<DateTime<Utc>> {
    let submitted = json::text(root, "submit_timestamp").and_then(|text| timestamp::read(&text));
    submitted.or_else(|| timestamp::read(&json::text(json::object(root, "status")?, "updated_on")?))
}

/// A number without the signs that people write between its digits.
fn without_punctuation(number: &str) -> String {
    number.chars().filter(|letter| !letter.is_whitespace() && !"+-.()".contains(*letter)).collect()
}

/// What makes a callback the same as an earlier one, within one account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DedupKey {
    pub kind: CallbackKind,
    pub key: String,
}

/// The dedup key of a callback; `None` stands for one that could not be understood.
///
/// A report needs code and date beside its reference: "handed over" and "delivered" share that.
pub fn dedup_key(callback: Option<&Callback>, raw_body: &[u8]) -> DedupKey {
    match callback {
        Some(Callback::InboundText(text)) => {
            DedupKey { kind: CallbackKind::InboundText, key: text.provider_reference.clone() }
        }
        Some(Callback::DeliveryReport(received)) => DedupKey {
            kind: CallbackKind::DeliveryReport,
            key: match &received.provider_reference {
                // Neither reference nor code holds a space, so that no two reports share a key.
                Some(reference) => bounded(format!(
                    "{reference} {} {}",
                    received.report.provider_code, received.updated_on_raw
                )),
                None => sha256_hex(raw_body),
            },
        },
        Some(Callback::Unknown { .. }) | None => {
            DedupKey { kind: CallbackKind::Unknown, key: sha256_hex(raw_body) }
        }
    }
}

fn bounded(key: String) -> String {
    if key.len() <= DEDUP_KEY_BYTES_MAX { key } else { sha256_hex(key.as_bytes()) }
}

fn sha256_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}
