//! `/control/plans` and `/control/faults`: what becomes of messages and requests.

use actix_web::{
    HttpResponse,
    web::{Bytes, Data},
};
use serde_json::{Value, json};

use super::{
    Outcome, account_of,
    fields::{Fields, Invalid},
    respond,
};
use crate::simulator::{
    account::Behaviour,
    fault::{DELAY_MS_MAX, Fault, FaultKind},
    plan::{AFTER_MS_MAX, COPIES_MAX, Plan, STEPS_MAX, Step, is_report_code},
    state::State,
    word::Word,
};

const COUNT_MAX: u32 = 1_000_000;
const TOO_MANY: &str = "is one more than can be remembered; POST /control/reset clears them";

/// Which requests a fault is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Requests {
    Sends,
    StatusQuestions,
}

impl Word for Requests {
    const WORDS: &'static [(&'static str, Self)] =
        &[("send", Self::Sends), ("status", Self::StatusQuestions)];
}

pub(super) async fn set_plan(state: Data<State>, body: Bytes) -> HttpResponse {
    respond(plan(&state, &body))
}

pub(super) async fn set_fault(state: Data<State>, body: Bytes) -> HttpResponse {
    respond(fault(&state, &body))
}

fn plan(state: &State, body: &[u8]) -> Outcome {
    let mut fields = Fields::parse(body)?;
    let account = account_of(state, &mut fields)?;
    let phone_number = fields.digits("phone_number")?;
    let plan = match (fields.text("plan", 64)?, fields.list("steps", STEPS_MAX)?) {
        (Some(name), None) if name == "default" => None,
        (Some(name), None) => Some(Plan::named(&name).ok_or_else(|| {
            let known =
                "must be default, delivered, never, duplicated, reordered, delayed or a code";
            Invalid::of("plan", known)
        })?),
        (None, Some(steps)) => {
            Some(Plan(steps.into_iter().map(read_step).collect::<Result<_, _>>()?))
        }
        (Some(_), Some(_)) => return Err(Invalid::of("steps", "cannot be given beside plan")),
        (None, None) => return Err(Invalid::of("plan", "is needed, or steps")),
    };
    fields.finish()?;
    let reports = plan.as_ref().map(|plan| plan.0.len());
    account
        .behaviour
        .lock()
        .set_plan(phone_number.as_deref(), plan)
        .map_err(|_too_many| Invalid::of("phone_number", TOO_MANY))?;
    Ok(json!({
        "customer_id": &*account.customer_id,
        "phone_number": phone_number,
        "reports": reports,
    }))
}

fn read_step(step: Value) -> Result<Step, Invalid> {
    let mut fields = Fields::of(step, "steps[].")
        .ok_or_else(|| Invalid::of("steps", "must be a list of objects"))?;
    let code = fields.small_number("code", 100..=99_999)?;
    let step = Step {
        code: code.ok_or_else(|| fields.invalid("code", "is needed"))?,
        after_ms: fields.number("after_ms", 0..=AFTER_MS_MAX)?.unwrap_or(0),
        copies: fields.small_number("copies", 1..=COPIES_MAX)?.unwrap_or(1),
        updated_on: fields.text("updated_on", 64)?,
    };
    fields.finish()?;
    Ok(step)
}

fn fault(state: &State, body: &[u8]) -> Outcome {
    let mut fields = Fields::parse(body)?;
    let account = account_of(state, &mut fields)?;
    let phone_number = fields.digits("phone_number")?;
    let requests = fields.word("on")?.unwrap_or(Requests::Sends);
    if requests == Requests::StatusQuestions && phone_number.is_some() {
        return Err(Invalid::of("phone_number", "cannot be given for questions about a status"));
    }
    let count = fields.small_number("count", 1..=COUNT_MAX)?;
    let is_cleared = fields.boolean("clear")?.unwrap_or(false);
    let fault = if is_cleared { None } else { Some(read_fault(&mut fields, requests)?) };
    fields.finish()?;
    let number = phone_number.as_deref();
    let mut behaviour = account.behaviour.lock();
    let Behaviour { sends, status_questions, .. } = &mut *behaviour;
    let book = if requests == Requests::Sends { sends } else { status_questions };
    match fault {
        None => book.clear(number),
        Some(fault) => {
            let field = if number.is_some() { "phone_number" } else { "count" };
            book.set(number, fault, count).map_err(|_too_many| Invalid::of(field, TOO_MANY))?;
        }
    }
    Ok(json!({
        "customer_id": &*account.customer_id,
        "phone_number": phone_number,
        "on": requests.word(),
        "count": count,
    }))
}

fn read_fault(fields: &mut Fields, requests: Requests) -> Result<Fault, Invalid> {
    let kind: FaultKind =
        fields.word("kind")?.ok_or_else(|| Invalid::of("kind", "is needed, or clear"))?;
    let http_status = fields.small_number("http_status", 200..=599)?;
    let code = fields.small_number("code", 0..=99_999)?;
    let kind = match (kind, http_status, code) {
        (FaultKind::Answer { .. }, Some(http_status), Some(code)) if is_report_code(code) => {
            let http_status = u16::try_from(http_status).unwrap_or(500);
            FaultKind::Answer { http_status, code }
        }
        (FaultKind::Answer { .. }, None, _) => {
            return Err(Invalid::of("http_status", "is needed for an answer"));
        }
        (FaultKind::Answer { .. }, Some(_), _) => {
            return Err(Invalid::of("code", "is needed for an answer, from 100 to 99999"));
        }
        (kind, None, None) => kind,
        (_, Some(_), _) => return Err(Invalid::of("http_status", "goes with kind answer only")),
        (_, None, Some(_)) => return Err(Invalid::of("code", "goes with kind answer only")),
    };
    let accepts = fields.boolean("accepts")?;
    if accepts == Some(false) && kind == FaultKind::Delay {
        return Err(Invalid::of("accepts", "cannot be false for a delay"));
    }
    if accepts == Some(true) && requests == Requests::StatusQuestions {
        return Err(Invalid::of("accepts", "cannot be true for questions about a status"));
    }
    Ok(Fault {
        kind,
        accepts: accepts.unwrap_or(kind == FaultKind::Delay),
        delay_ms: fields.number("delay_ms", 0..=DELAY_MS_MAX)?.unwrap_or(0),
    })
}
