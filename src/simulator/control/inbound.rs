//! `POST /control/inbound`: texts in as a customer.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use actix_web::{
    HttpResponse,
    web::{Bytes, Data},
};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    Outcome, account_of,
    fields::{Fields, Invalid},
    respond, shape,
};
use crate::simulator::{
    account::{Account, Settings},
    callback::{Inbound, Shape},
    clock,
    outbox::{Attempt, Kind},
    state::{Post, State},
    word::Word,
};

const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Callbacks that one request can ask for: texts times repetitions.
const CALLBACKS_MAX: u64 = 100_000;
const REPEAT_MAX: u64 = 1_000;
const SENDERS_MAX: u64 = 1_000_000;
const CONCURRENCY_MAX: u64 = 512;
const CONCURRENCY_DEFAULT: u64 = 64;
/// References and attempts that an answer shows.
const SHOWN_MAX: usize = 100;
/// How long an answer waits for first attempts; the texts go on after it.
const WAIT_MAX: Duration = Duration::from_mins(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    AtOnce,
    InARow,
}

impl Word for Order {
    const WORDS: &'static [(&'static str, Self)] =
        &[("at_once", Self::AtOnce), ("in_a_row", Self::InARow)];
}

/// What is asked for.
struct Texts {
    account: Arc<Account>,
    settings: Arc<Settings>,
    url: Arc<str>,
    from: u64,
    to: String,
    text: String,
    reference: Option<String>,
    country: Option<String>,
    shape: Shape,
    count: u64,
    senders: u64,
    repeat: u64,
    concurrency: usize,
    waits: bool,
}

/// What became of them so far.
#[derive(Default)]
struct Summary {
    answers: BTreeMap<String, u64>,
    references: Vec<String>,
    attempts: Vec<Value>,
}

pub(super) async fn inject(state: Data<State>, body: Bytes) -> HttpResponse {
    let texts = read(&state, &body);
    respond(carry_out(&state.into_inner(), texts).await)
}

/// The same for whoever holds the simulator; a sentence says what is wrong.
pub(in crate::simulator) async fn text_in(
    state: &Arc<State>,
    body: &[u8],
) -> Result<Value, String> {
    let texts = read(state, body);
    carry_out(state, texts).await.map_err(|Invalid(sentence)| sentence)
}

fn read(state: &State, body: &[u8]) -> Result<Texts, Invalid> {
    let mut fields = Fields::parse(body)?;
    let account = account_of(state, &mut fields)?;
    let settings = account.settings();
    let from = fields.needed_digits("from")?;
    let from = from.parse().map_err(|_too_large| fields.invalid("from", "must be a number"))?;
    let count = fields.number("count", 1..=CALLBACKS_MAX)?.unwrap_or(1);
    let repeat = fields.number("repeat", 1..=REPEAT_MAX)?.unwrap_or(1);
    if count.saturating_mul(repeat) > CALLBACKS_MAX {
        return Err(Invalid::of("repeat", "times count must not be more than 100000"));
    }
    let concurrency = fields.number("concurrency", 1..=CONCURRENCY_MAX)?;
    let concurrency = match fields.word("order")?.unwrap_or(Order::AtOnce) {
        Order::AtOnce => concurrency.unwrap_or(CONCURRENCY_DEFAULT),
        Order::InARow => 1,
    };
    let url = settings.callback_url.clone();
    let texts = Texts {
        from,
        to: fields.needed_digits("to")?,
        text: fields.needed_text("text", TEXT_BYTES_MAX)?,
        reference: fields.text("reference_id", 64)?,
        country: fields.text("country", 8)?,
        shape: shape::read(&mut fields)?.unwrap_or_else(|| settings.shape.clone()),
        senders: fields.number("senders", 1..=SENDERS_MAX)?.unwrap_or(1),
        waits: fields.boolean("wait")?.unwrap_or(true),
        concurrency: usize::try_from(concurrency).unwrap_or(1),
        url: url.ok_or_else(|| {
            Invalid::of("callback_url", "of the account is needed: POST /control/accounts")
        })?,
        count,
        repeat,
        account,
        settings,
    };
    if texts.reference.is_some() && count > 1 {
        return Err(Invalid::of("reference_id", "cannot be given for several texts"));
    }
    fields.finish()?;
    Ok(texts)
}

async fn carry_out(state: &Arc<State>, texts: Result<Texts, Invalid>) -> Outcome {
    let texts = texts?;
    let (count, callbacks, waits) = (texts.count, texts.count * texts.repeat, texts.waits);
    let begun = Instant::now();
    // A task of its own: a caller that hangs up does not cut the texts off.
    let task = state.spawn(post_all(Arc::clone(state), texts));
    if !waits {
        return Ok(json!({"texts": count, "callbacks": callbacks, "state": "under_way"}));
    }
    let Ok(ended) = tokio::time::timeout(WAIT_MAX, task).await else {
        return Ok(json!({"texts": count, "callbacks": callbacks, "state": "under_way"}));
    };
    let Some(summary) = ended.ok().flatten() else {
        return Ok(json!({"texts": count, "callbacks": callbacks, "state": "cut_off"}));
    };
    Ok(json!({
        "texts": count,
        "callbacks": callbacks,
        "state": "tried",
        "answers": summary.answers,
        "reference_ids": summary.references,
        "attempts": summary.attempts,
        "milliseconds": u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    }))
}

/// Posts every text so often, so many at once, and notes the first attempts.
async fn post_all(state: Arc<State>, texts: Texts) -> Summary {
    let texts = &texts;
    let mut summary = Summary::default();
    let mut tried = stream::iter(0..texts.count)
        .flat_map(|place| {
            let (reference, body) = write(texts, place);
            stream::iter(0..texts.repeat).map(move |_| (reference.clone(), body.clone()))
        })
        .map(|(reference, body)| {
            let state = &state;
            async move {
                let url = Arc::clone(&texts.url);
                let post = Post { kind: Kind::Inbound, reference: reference.clone(), url, body };
                let postings = state.postings(&texts.account, &texts.shape, post, 1);
                let attempt = match postings.into_iter().next() {
                    Some(posting) => Some(state.post(posting).await),
                    None => None,
                };
                (reference, attempt)
            }
        })
        .buffer_unordered(texts.concurrency);
    while let Some((reference, attempt)) = tried.next().await {
        summary.add(reference, attempt.as_ref());
    }
    summary
}

impl Summary {
    fn add(&mut self, reference: String, attempt: Option<&Attempt>) {
        let Some(attempt) = attempt else { return };
        *self.answers.entry(attempt.answer.word()).or_default() += 1;
        if self.attempts.len() < SHOWN_MAX {
            self.attempts.push(attempt.to_json());
        }
        if self.references.len() < SHOWN_MAX && !self.references.contains(&reference) {
            self.references.push(reference);
        }
    }
}

/// One text: its reference and its callback.
fn write(texts: &Texts, place: u64) -> (String, Vec<u8>) {
    let reference = texts.reference.clone().unwrap_or_else(clock::new_reference);
    let from = texts.from.saturating_add(place % texts.senders).to_string();
    let text = texts.text.replace("{n}", &(place + 1).to_string());
    let body = Inbound {
        reference: &reference,
        from: &from,
        to: &texts.to,
        text: &text,
        country: texts.country.as_deref(),
        keywords: texts.settings.keywords,
    }
    .write(&texts.shape, clock::now());
    (reference, body)
}
