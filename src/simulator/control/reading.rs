//! `/control/ledger`, `GET /control/callbacks` and `/control/expire`.

use std::sync::atomic::Ordering;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Bytes, Data},
};
use serde_json::{Value, json};

use super::{
    Outcome,
    fields::{Fields, Invalid},
    respond,
};
use crate::simulator::{
    ledger::{Entry, Ledger, Wanted},
    outbox::Callback,
    state::State,
    status,
};

const LIMIT_MAX: u64 = 1_000;
const LIMIT_DEFAULT: u64 = 100;
const KEY_BYTES_MAX: usize = 1_024;

pub(super) async fn ledger(state: Data<State>, request: HttpRequest) -> HttpResponse {
    respond(read_ledger(&state, request.query_string()))
}

pub(super) async fn callbacks(state: Data<State>, request: HttpRequest) -> HttpResponse {
    respond(read_callbacks(&state, request.query_string()))
}

pub(super) async fn expire(state: Data<State>, body: Bytes) -> HttpResponse {
    respond(expire_message(&state, &body))
}

fn read_ledger(state: &State, query: &str) -> Outcome {
    let mut fields = Fields::parse_query(query);
    let (after, limit) = page_of(&mut fields)?;
    let reference = fields.text("reference_id", KEY_BYTES_MAX)?;
    let external_id = fields.text("external_id", KEY_BYTES_MAX)?;
    let phone_number = fields.digits("phone_number")?;
    fields.finish()?;
    let wanted = match (&reference, &external_id, &phone_number) {
        (None, None, None) => Wanted::All,
        (Some(reference), None, None) => Wanted::Reference(reference),
        (None, Some(id), None) => Wanted::ExternalId(id),
        (None, None, Some(digits)) => Wanted::PhoneNumber(digits),
        _ => {
            let what = "cannot be given beside external_id or phone_number: one of them at a time";
            return Err(Invalid::of("reference_id", what));
        }
    };
    let ledger = state.ledger.lock();
    let entries: Vec<Value> = ledger
        .page(&wanted, after, limit)
        .into_iter()
        .map(|(number, entry)| entry_to_json(&ledger, number, entry))
        .collect();
    let seen = external_id.as_deref().map(|id| ledger.sightings(id));
    Ok(json!({
        "entries": entries,
        "kept": ledger.len(),
        "gone": ledger.gone(),
        "external_id_seen": seen,
        "reports_dropped": state.reports_dropped.load(Ordering::Relaxed),
    }))
}

fn entry_to_json(ledger: &Ledger, number: u64, entry: &Entry) -> Value {
    json!({
        "sequence": number,
        "reference_id": entry.reference,
        "customer_id": &*entry.customer_id,
        "external_id": entry.external_id,
        "external_id_seen": entry.external_id.as_deref().map_or(0, |id| ledger.sightings(id)),
        "sender_id": entry.sender_id,
        "phone_number": entry.phone_number,
        "message": entry.message,
        "message_type": entry.message_type,
        "callback_url": entry.callback_url.as_deref(),
        "at": entry.at,
        "status": {
            "code": entry.status.code,
            "updated_on": entry.status.updated_on,
            "final": status::is_final(entry.status.code),
        },
    })
}

fn read_callbacks(state: &State, query: &str) -> Outcome {
    let mut fields = Fields::parse_query(query);
    let (after, limit) = page_of(&mut fields)?;
    let reference = fields.text("reference_id", KEY_BYTES_MAX)?;
    fields.finish()?;
    let (page, kept, gone) = {
        let outbox = state.outbox.lock();
        (outbox.page(reference.as_deref(), after, limit), outbox.len(), outbox.gone())
    };
    let to_json = |(number, callback): &(u64, std::sync::Arc<Callback>)| callback.to_json(*number);
    let callbacks: Vec<Value> = page.iter().map(to_json).collect();
    Ok(json!({"callbacks": callbacks, "kept": kept, "gone": gone}))
}

fn expire_message(state: &State, body: &[u8]) -> Outcome {
    let mut fields = Fields::parse(body)?;
    let reference = fields.needed_text("reference_id", KEY_BYTES_MAX)?;
    fields.finish()?;
    if state.ledger.lock().expire(&reference) {
        Ok(json!({}))
    } else {
        Err(Invalid::of("reference_id", "names no message of the ledger"))
    }
}

fn page_of(fields: &mut Fields) -> Result<(u64, usize), Invalid> {
    let after = fields.number("after", 0..=u64::MAX)?.unwrap_or(0);
    let limit = fields.number("limit", 1..=LIMIT_MAX)?.unwrap_or(LIMIT_DEFAULT);
    Ok((after, usize::try_from(limit).unwrap_or(0)))
}
