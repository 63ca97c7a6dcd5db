//! `/control/reports` and `POST /control/callbacks`: callbacks outside of any plan.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    web::{Bytes, Data},
};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{
    Outcome, account_of,
    fields::{Fields, Invalid},
    respond, shape,
};
use crate::simulator::{
    account::Account,
    callback::{Report, Shape},
    clock,
    input::check_url,
    ledger::Status,
    outbox::{Attempt, Kind},
    plan::COPIES_MAX,
    state::{Post, Posting, State},
};

const RAW_BYTES_MAX: usize = 256 * 1024;
const NO_URL: &str = "is needed, since neither the message nor the account has one";

/// What is posted, and how.
struct Order {
    account: Arc<Account>,
    shape: Shape,
    post: Post,
    copies: u32,
}

pub(super) async fn report(state: Data<State>, body: Bytes) -> HttpResponse {
    let order = read_report(&state, &body);
    respond(carry_out(&state.into_inner(), order).await)
}

pub(super) async fn raw(state: Data<State>, body: Bytes) -> HttpResponse {
    let order = read_raw(&state, &body);
    respond(carry_out(&state.into_inner(), order).await)
}

fn read_report(state: &State, body: &[u8]) -> Result<Order, Invalid> {
    let mut fields = Fields::parse(body)?;
    let reference = fields.needed_text("reference_id", 64)?;
    let code = fields.small_number("code", 100..=99_999)?;
    let code = code.ok_or_else(|| Invalid::of("code", "is needed"))?;
    let description = fields.text("description", 1_024)?;
    let updated_on = fields.text("updated_on", 64)?;
    let external_id = fields.text("external_id", 1_024)?;
    let copies = fields.small_number("copies", 1..=COPIES_MAX)?.unwrap_or(1);
    let given_shape = shape::read(&mut fields)?;
    let given_url = read_url(&mut fields)?;
    let now = clock::now();
    let ledger = state.ledger.lock();
    let known = ledger.find(&reference);
    let account = match known {
        Some((_, entry)) => state.account(&entry.customer_id),
        None => None,
    };
    let account = match account {
        Some(account) => account,
        // A report about a message that was never sent can be wanted too.
        None => account_of(state, &mut fields)?,
    };
    fields.finish()?;
    let settings = account.settings();
    let shape = given_shape.unwrap_or_else(|| settings.shape.clone());
    let url = given_url
        .or_else(|| known.and_then(|(_, entry)| entry.callback_url.clone()))
        .or_else(|| settings.callback_url.clone())
        .ok_or_else(|| Invalid::of("callback_url", NO_URL))?;
    let known_external_id = known.and_then(|(_, entry)| entry.external_id.as_deref());
    let body = Report {
        reference: &reference,
        external_id: external_id.as_deref().or(known_external_id),
        message: known.map_or("", |(_, entry)| &entry.message),
        submitted_at: known.map_or(now, |(_, entry)| entry.at),
        code,
        description: description.as_deref(),
        updated_on: updated_on.as_deref(),
    }
    .write(&shape, now);
    let number = known.map(|(number, _)| number);
    drop(ledger);
    if let Some(number) = number {
        state.ledger.lock().set_status(number, Status { code, updated_on: now });
    }
    Ok(Order { account, shape, post: Post { kind: Kind::Report, reference, url, body }, copies })
}

fn read_raw(state: &State, body: &[u8]) -> Result<Order, Invalid> {
    let mut fields = Fields::parse(body)?;
    let account = account_of(state, &mut fields)?;
    let settings = account.settings();
    let body = fields.needed_text("body", RAW_BYTES_MAX)?.into_bytes();
    let copies = fields.small_number("copies", 1..=COPIES_MAX)?.unwrap_or(1);
    let shape = shape::read(&mut fields)?.unwrap_or_else(|| settings.shape.clone());
    let url = read_url(&mut fields)?
        .or_else(|| settings.callback_url.clone())
        .ok_or_else(|| Invalid::of("callback_url", NO_URL))?;
    fields.finish()?;
    let post = Post { kind: Kind::Raw, reference: clock::new_reference(), url, body };
    Ok(Order { account, shape, post, copies })
}

fn read_url(fields: &mut Fields) -> Result<Option<Arc<str>>, Invalid> {
    let Some(url) = fields.text("callback_url", 4_096)? else { return Ok(None) };
    check_url(&url).map_err(|sentence| Invalid(sentence.to_owned()))?;
    Ok(Some(url.into()))
}

/// Posts all copies at once and waits for the first attempt of each.
async fn carry_out(state: &Arc<State>, order: Result<Order, Invalid>) -> Outcome {
    let Order { account, shape, post, copies } = order?;
    let postings = state.postings(&account, &shape, post, copies);
    let first = postings.iter().map(|posting| posting.number).collect::<Vec<_>>();
    let attempts: Vec<Value> =
        join_all(postings.into_iter().map(|posting| first_of(state, posting)))
            .await
            .iter()
            .map(|attempt| attempt.map_or(Value::Null, Attempt::to_json))
            .collect();
    Ok(json!({"callbacks": first, "attempts": attempts}))
}

/// In a task of its own: a caller that hangs up does not cut the callback off.
async fn first_of(state: &Arc<State>, posting: Posting) -> Option<Attempt> {
    let task = {
        let state = Arc::clone(state);
        async move { state.post(posting).await }
    };
    state.spawn(task).await.ok().flatten()
}
