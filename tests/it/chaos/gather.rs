//! Asks every side what it has seen.

use std::collections::BTreeSet;

use centralino::domain::ids::{ConversationId, MessageId};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    client::Client,
    company::Company,
    ledger::{Accepted, Event, Ledger, Report, Said, Sighting, Stored, Told, Try},
    load::Seen,
};
use crate::support::TestDatabase;

/// Entries of one page of the provider's.
const PAGE: u64 = 1_000;

/// Callbacks among which a copy of one is looked for.
const COPIES_MAX: usize = 200;

const STORED: &str = "select json_build_object('id', m.id, 'conversation', c.id,
    'conversation_at', (extract(epoch from c.created_at) * 1000)::bigint, 'customer', c.customer,
    'sequence', m.sequence, 'direction', m.direction, 'text', m.text, 'status', m.status,
    'reference', m.provider_reference, 'key', m.idempotency_key)::text
    from messages m join conversations c on c.id = m.conversation_id";
const TRIES: &str = "select json_build_object('message', message_id, 'number', number,
    'status', status)::text from send_attempts";
const EVENTS: &str = "select json_build_object('position', position, 'kind', kind,
    'conversation', conversation_id, 'message', message_id)::text from events order by position";
const WITHOUT_EFFECT: &str = "select kind || ' ' || coalesce(reference, '?') || ' ' || outcome
    || ': ' || coalesce(detail, '') from receipts where outcome <> 'APPLIED'";

/// The whole ledger of a run.
pub async fn gather(company: &Company, seen: &Seen) -> Ledger {
    let provider = company.provider();
    let database = &company.database;
    let (said, reports) = callbacks(&provider).await;
    let tries: Vec<Try> = rows(database, TRIES).await.iter().map(try_of).collect();
    let accepted = accepted(&provider).await;
    // Whatever has been begun, and whatever the provider knows besides.
    let ids: BTreeSet<String> = tries
        .iter()
        .map(Try::external_id)
        .chain(accepted.iter().map(|accepted| accepted.external_id.clone()))
        .collect();
    let (asked, subscribers) = (seen.asked.lock().clone(), seen.subscribers.lock().clone());
    Ledger {
        said,
        reports,
        accepted,
        sightings: sightings(&provider, ids).await,
        asked,
        stored: rows(database, STORED).await.iter().map(stored_of).collect(),
        tries,
        events: rows(database, EVENTS).await.iter().map(event_of).collect(),
        without_effect: database.column(WITHOUT_EFFECT).await,
        subscribers,
    }
}

async fn rows(database: &TestDatabase, query: &str) -> Vec<Value> {
    let rows = database.column(query).await;
    rows.iter().map(|row| serde_json::from_str(row).unwrap()).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn message_id(value: &Value) -> String {
    MessageId(value.as_str().unwrap().parse().unwrap()).to_string()
}

fn conversation_id(value: &Value) -> String {
    ConversationId(value.as_str().unwrap().parse().unwrap()).to_string()
}

fn stored_of(row: &Value) -> Stored {
    Stored {
        id: message_id(&row["id"]),
        conversation: conversation_id(&row["conversation"]),
        conversation_at: row["conversation_at"].as_i64().unwrap(),
        customer: text(&row["customer"]),
        sequence: row["sequence"].as_i64().unwrap(),
        is_inbound: row["direction"] == "INBOUND",
        text: text(&row["text"]),
        status: text(&row["status"]),
        provider_reference: row["reference"].as_str().map(str::to_owned),
        key: row["key"].as_str().map(str::to_owned),
    }
}

fn try_of(row: &Value) -> Try {
    Try {
        message: message_id(&row["message"]),
        number: row["number"].as_i64().unwrap(),
        status: text(&row["status"]),
    }
}

fn event_of(row: &Value) -> Event {
    let told = match row["kind"].as_str().unwrap() {
        "MESSAGE_ADDED" => Told::Added(message_id(&row["message"])),
        "MESSAGE_MOVED" => Told::Moved(message_id(&row["message"])),
        kind if kind.starts_with("CONVERSATION_") => Told::Conversation,
        _ => Told::Setting,
    };
    let conversation = &row["conversation"];
    Event {
        position: row["position"].as_i64().unwrap(),
        conversation: (!conversation.is_null()).then(|| conversation_id(conversation)),
        told,
    }
}

/// Every entry of one of the provider's lists.
async fn all(provider: &Client, list: &str, entries: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut after = 0;
    loop {
        let page = provider.get(&format!("control/{list}?after={after}&limit={PAGE}")).await;
        let page = page.expect("the provider does not answer");
        assert_eq!(page["gone"], 0, "the provider has forgotten something");
        let page = page[entries].as_array().unwrap().clone();
        let Some(last) = page.last() else { return found };
        after = last["sequence"].as_u64().unwrap();
        found.extend(page);
    }
}

/// Whether the provider has something coming.
pub async fn pending(provider: &Client) -> (usize, usize) {
    let callbacks = all(provider, "callbacks", "callbacks").await;
    let pending = callbacks.iter().filter(|callback| callback["state"] == "pending").count();
    (pending, callbacks.len())
}

async fn callbacks(provider: &Client) -> (Vec<Said>, Vec<Report>) {
    let (mut said, mut reports) = (Vec::new(), Vec::new());
    for callback in all(provider, "callbacks", "callbacks").await {
        let body: Value = serde_json::from_str(callback["body"].as_str().unwrap()).unwrap();
        let attempts = callback["attempts"].as_array().unwrap();
        let answered = attempts.iter().find(|attempt| attempt["http_status"] == 200);
        if callback["kind"] == "inbound" {
            note(
                &mut said,
                Said {
                    reference: text(&callback["reference_id"]),
                    customer: format!("+{}", digits_of(&body)),
                    text: text(&body["user_response"]["mo_message"]),
                    first_tried_at: attempts.first().map_or(i64::MAX, moment),
                    answered_at: answered
                        .map(|attempt| moment(attempt) + attempt["milliseconds"].as_i64().unwrap()),
                    is_put_off: attempts.iter().any(|attempt| attempt["http_status"] == 503),
                },
            );
        } else {
            reports.push(Report {
                external_id: text(&body["external_id"]),
                code: u32::try_from(body["status"]["code"].as_u64().unwrap()).unwrap(),
                is_answered: answered.is_some(),
            });
        }
    }
    (said, reports)
}

/// The same text may be told more than once; it is one text.
fn note(said: &mut Vec<Said>, again: Said) {
    // The provider tells copies one right after the other.
    let known = said.iter_mut().rev().take(COPIES_MAX).find(|one| one.reference == again.reference);
    match known {
        None => said.push(again),
        Some(known) => {
            known.first_tried_at = known.first_tried_at.min(again.first_tried_at);
            let answers = known.answered_at.into_iter().chain(again.answered_at);
            known.answered_at = answers.min();
            known.is_put_off |= again.is_put_off;
        }
    }
}

fn digits_of(body: &Value) -> String {
    let number = text(&body["user_response"]["phone_number"]);
    number.chars().filter(char::is_ascii_digit).collect()
}

fn moment(attempt: &Value) -> i64 {
    attempt["at"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap().timestamp_millis()
}

async fn accepted(provider: &Client) -> Vec<Accepted> {
    let entries = all(provider, "ledger", "entries").await;
    let of = |entry: &Value| Accepted {
        external_id: text(&entry["external_id"]),
        to: format!("+{}", text(&entry["phone_number"])),
        text: text(&entry["message"]),
    };
    entries.iter().map(of).collect()
}

async fn sightings(provider: &Client, ids: BTreeSet<String>) -> Vec<Sighting> {
    let mut sightings = Vec::new();
    for external_id in ids {
        let path = format!("control/ledger?external_id={external_id}");
        let found = provider.get(&path).await.expect("the provider does not answer");
        let count = found["external_id_seen"].as_u64().unwrap_or_default();
        sightings.push(Sighting { external_id, count });
    }
    sightings
}
