//! What the provider posts: taken once, never lost, and from nobody else.
//!
//! **Invariant:** every callback here goes over real HTTP to the account's own URL; where the
//! simulator does not write it, it is signed here, by code that shares nothing with the product.
//! Start at `inbound` for texts and at `report` for delivery reports.

mod door;
mod inbound;
mod journal;
mod kept;
mod odd;
mod quarantine;
mod report;
mod settings;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{API_KEY, CUSTOMER_ID, SUPPORT_NUMBER, TestApp, http};

const CUSTOMER: &str = "14155550123";

/// The signature of a body, in base64.
fn signature(key: &str, body: &[u8]) -> String {
    let mut state = Hmac::<Sha256>::new_from_slice(&STANDARD.decode(key).unwrap()).unwrap();
    state.update(body);
    STANDARD.encode(state.finalize().into_bytes())
}

/// Both headers in their full form.
fn signed_headers(customer_id: &str, key: &str, body: &[u8]) -> Vec<(&'static str, String)> {
    let value = format!("TSA {customer_id}:{}", signature(key, body));
    vec![("authorization", value.clone()), ("x-ts-authorization", value)]
}

/// Posts a callback; answers the HTTP status.
async fn post(url: &str, headers: Vec<(&'static str, String)>, body: &[u8]) -> u16 {
    let mut request = http().post(url).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(body.to_vec()).send().await.unwrap().status().as_u16()
}

/// Posts a rightly signed callback of the account; answers the HTTP status.
async fn post_signed(app: &TestApp, body: &[u8]) -> u16 {
    post(&app.callback_url, signed_headers(CUSTOMER_ID, API_KEY, body), body).await
}

/// The callback of a customer's text.
fn text_of(from: &str, to: &str, text: &str, reference: &str) -> Value {
    json!({
        "reference_id": reference,
        "sub_resource": "mo_sms",
        "status": { "code": 1500, "description": "MO", "updated_on": "2026-01-02T03:04:05.678901Z" },
        "submit_timestamp": "2026-01-02T03:04:05.678901Z",
        "user_response": {
            "phone_number": from, "sender_id": to, "mo_message": text, "iso_country_code": "US",
        },
        "errors": {},
    })
}

/// A delivery report that names its text by the provider's reference only.
fn report_of(reference: &str, code: i32) -> Value {
    json!({
        "reference_id": reference,
        "sub_resource": "sms",
        "status": { "code": code, "description": "said", "updated_on": "2026-01-02T03:04:05.678901Z" },
        "submit_timestamp": "2026-01-02T03:04:05.678901Z",
        "errors": [],
    })
}

/// The callbacks that were kept, oldest first, as an admin is shown them.
async fn kept(app: &TestApp, outcomes: &[&str]) -> Vec<Value> {
    let query = "query ($outcome: [CallbackOutcome!]) {
        callbacks(first: 100, filter: { outcome: $outcome }) { nodes { id kind outcome detail
            reference body replayedAt conversation { id } channelAccount { id } } } }";
    let outcomes = if outcomes.is_empty() { Value::Null } else { json!(outcomes) };
    let data = app.admin.data(query, json!({ "outcome": outcomes })).await;
    data["callbacks"]["nodes"].as_array().unwrap().clone()
}

/// Tries callbacks again; answers how many have their effect, and how many have none.
async fn replay(app: &TestApp, ids: &[&str]) -> (i64, i64) {
    let answer =
        app.admin.mutate("callbackReplay", json!({ "ids": ids }), "replayed refused").await;
    (answer["replayed"].as_i64().unwrap(), answer["refused"].as_i64().unwrap())
}

/// Rows of everything that a callback can leave behind, of all organizations.
async fn traces(app: &TestApp) -> [i64; 5] {
    let mut counts = [0; 5];
    // An alert about forgeries is none of them.
    let events = "events where kind <> 'ALERT_MOVED'";
    let tables = ["receipts", "messages", events, "conversations", "send_attempts"];
    for (count, table) in counts.iter_mut().zip(tables) {
        *count = app.database.count(&format!("select count(*) from {table}")).await;
    }
    counts
}

/// Texts of a customer to our number, oldest first.
async fn texts_of(app: &TestApp, customer: &str) -> Vec<String> {
    let conversation = app.conversation_with(customer).await["id"].as_str().unwrap().to_owned();
    app.texts(&conversation).await.into_iter().map(|(_, text, _)| text).collect()
}

/// How many conversations there are.
async fn conversations(app: &TestApp) -> i64 {
    app.database.count("select count(*) from conversations").await
}

/// A callback of a text to the support number that is set up.
fn plain_text(text: &str, reference: &str) -> Vec<u8> {
    text_of(CUSTOMER, SUPPORT_NUMBER, text, reference).to_string().into_bytes()
}
