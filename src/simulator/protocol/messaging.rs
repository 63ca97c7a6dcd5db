//! The two requests of the SMS API.

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Bytes, Data, Path},
};

use super::{
    answer::{self, Refusal},
    authorization::authorize,
    digest::{Signed, header},
    form::Form,
    validation,
};
use crate::simulator::{
    account::{Account, Settings},
    clock, connection,
    fault::{DELAY_MS_MAX, Fault, FaultKind},
    ledger::{Entry, Found, Status},
    state::State,
};

const REFERENCE_DIGITS: usize = 32;

/// `POST /v1/messaging`
pub(super) async fn send(request: HttpRequest, body: Bytes, state: Data<State>) -> HttpResponse {
    let (account, settings) = match authorize(&state, &signed(&request, &body), clock::now()) {
        Ok(known) => known,
        Err(refusal) => return refusal.answer(None, None),
    };
    let form = Form::parse(header(request.headers(), "content-type"), &body);
    let external_id = form.filled("external_id");
    if let Some(external_id) = external_id {
        state.ledger.lock().sight(external_id);
    }
    let fault = account.behaviour.lock().sends.take(form.filled("phone_number"));
    if let Some(fault) = fault.filter(|fault| !fault.accepts) {
        return go_wrong(fault, &request, (None, external_id)).await;
    }
    if let Err(refusal) = check(&account, &settings, &form) {
        return refusal.answer(None, external_id);
    }
    let (answer, reference) = accept(&state.into_inner(), &account, &form);
    match fault {
        None => answer,
        Some(Fault { kind: FaultKind::Delay, delay_ms, .. }) => {
            tokio::time::sleep(Duration::from_millis(delay_ms)).await;
            answer
        }
        Some(fault) => go_wrong(fault, &request, (Some(&reference), external_id)).await,
    }
}

/// `GET /v1/messaging/{reference}`
pub(super) async fn status(
    request: HttpRequest,
    reference: Path<String>,
    body: Bytes,
    state: Data<State>,
) -> HttpResponse {
    let (account, settings) = match authorize(&state, &signed(&request, &body), clock::now()) {
        Ok(known) => known,
        Err(refusal) => return refusal.answer(Some(&reference), None),
    };
    let fault = account.behaviour.lock().status_questions.take(None);
    match fault {
        None => {}
        Some(Fault { kind: FaultKind::Delay, delay_ms, .. }) => {
            tokio::time::sleep(Duration::from_millis(delay_ms)).await;
        }
        Some(fault) => return go_wrong(fault, &request, (None, None)).await,
    }
    let refuse = |http, code| Refusal::new(http, code).answer(Some(&reference), None);
    let is_digit = |byte: u8| byte.is_ascii_hexdigit();
    if reference.len() != REFERENCE_DIGITS || !reference.bytes().all(is_digit) {
        return refuse(400, 11_011);
    }
    if !is_within_rate(&account, &settings) {
        return refuse(429, 10_019);
    }
    let found = state.ledger.lock().status(&account.customer_id, &reference, clock::now());
    match found {
        Found::Status(status) => answer::found(&reference, status),
        Found::Expired => refuse(404, 10_036),
        Found::Unknown => refuse(404, 10_017),
    }
}

fn signed<'a>(request: &'a HttpRequest, body: &'a [u8]) -> Signed<'a> {
    Signed {
        method: request.method().as_str(),
        path: request.uri().path(),
        headers: request.headers(),
        body,
    }
}

fn check(account: &Account, settings: &Settings, form: &Form) -> Result<(), Refusal> {
    if let Some(code) = validation::first_fault(form, &settings.sender_ids) {
        return Err(Refusal::new(400, code));
    }
    if is_within_rate(account, settings) { Ok(()) } else { Err(Refusal::new(429, 10_019)) }
}

fn is_within_rate(account: &Account, settings: &Settings) -> bool {
    settings
        .requests_per_second
        .is_none_or(|rate| account.limiter.lock().allows(rate, std::time::Instant::now()))
}

/// The answer, and the reference that is in it.
fn accept(state: &Arc<State>, account: &Arc<Account>, form: &Form) -> (HttpResponse, String) {
    let (at, reference) = (clock::now(), clock::new_reference());
    let text = |name| form.get(name).unwrap_or_default();
    let external_id = form.filled("external_id");
    let plan = account.behaviour.lock().plan_for(text("phone_number"));
    let answer = answer::accepted(&reference, external_id, at);
    let entry = Entry {
        reference: reference.clone(),
        customer_id: Arc::clone(&account.customer_id),
        external_id: external_id.map(Into::into),
        sender_id: form.get("sender_id").map(Into::into),
        phone_number: text("phone_number").into(),
        message: text("message").into(),
        message_type: text("message_type").into(),
        callback_url: form.get("callback_url").map(Into::into),
        at,
        status: Status { code: 290, updated_on: at },
        is_expired: false,
    };
    state.accept(account, entry, plan);
    (answer, reference)
}

/// Answers as the fault says, or not at all; a message that was accepted keeps its reference.
async fn go_wrong(
    fault: Fault,
    request: &HttpRequest,
    (reference, external_id): (Option<&str>, Option<&str>),
) -> HttpResponse {
    if fault.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
    }
    let refuse = |http, code| Refusal::new(http, code).answer(reference, external_id);
    match fault.kind {
        FaultKind::Hang => {
            tokio::time::sleep(Duration::from_millis(DELAY_MS_MAX)).await;
            connection::close()
        }
        FaultKind::Reset => connection::reset(request),
        FaultKind::Close | FaultKind::Delay => connection::close(),
        FaultKind::Unavailable500 => refuse(500, 10_000),
        FaultKind::Unavailable503 => refuse(503, 10_000),
        FaultKind::BadGateway => answer::bad_gateway(),
        FaultKind::Garbage => answer::garbage(),
        FaultKind::RateLimited => refuse(429, 10_019),
        FaultKind::HardCap => refuse(429, 10_020),
        FaultKind::Answer { http_status, code } => refuse(http_status, code),
    }
}
