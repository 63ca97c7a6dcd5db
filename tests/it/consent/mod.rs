//! STOP is STOP: on every path, at the moment of sending, whatever else happens.
//!
//! Start at `keyword` for what customers write, at `sending` for what must never leave, at `reach`
//! for the numbers that an opt-out is about.

mod keyword;
mod ledger;
mod reach;
mod sending;
mod setting;

use serde_json::{Value, json};

use crate::support::{SUPPORT_NUMBER, TestApp, eventually};

const CUSTOMER: &str = "14155550123";
const CONFIRMED: &str =
    "acme: you have opted out and will get no more texts from us. Reply START to get them again.";

/// A conversation as its agent sees it, the newest with the customer on a number of ours.
async fn conversation(app: &TestApp, customer: &str, number: &str) -> Value {
    let (customer, number) = (format!("+{customer}"), number.to_owned());
    let query = "query ($customer: SmsAddress!) {
        conversations(last: 100, filter: { customerAddress: $customer }) { nodes { id status
            resolutionReason optedOut viewerCan supportNumber { number } } } }";
    let data = app.admin.data(query, json!({ "customer": customer })).await;
    let nodes = data["conversations"]["nodes"].as_array().unwrap().clone();
    let is_it = |node: &Value| node["supportNumber"]["number"] == number.as_str();
    nodes.into_iter().rfind(is_it).unwrap_or(Value::Null)
}

async fn is_opted_out(app: &TestApp, customer: &str) -> bool {
    conversation(app, customer, SUPPORT_NUMBER).await["optedOut"].as_bool().unwrap()
}

/// What the customer's phone has got from us, oldest first.
async fn got(app: &TestApp, customer: &str) -> Vec<String> {
    let ledger = app.ledger().await;
    let to_them = ledger.iter().filter(|entry| entry["phone_number"] == customer);
    to_them.map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
}

/// Waits until the phone has got so many texts from us.
async fn gets(app: &TestApp, customer: &str, count: usize) -> Vec<String> {
    eventually("the phone gets the texts", || async {
        let got = got(app, customer).await;
        (got.len() >= count).then_some(got)
    })
    .await
}

/// Lines of the ledger of consent, oldest first: status, source and word.
async fn lines(app: &TestApp) -> Vec<String> {
    let query = "select concat_ws(' ', customer, status, source, keyword) from consent_entries
        order by sequence";
    app.database.column(query).await
}

/// Texts a number of ours.
async fn text(app: &TestApp, from: &str, to: &str, text: &str) {
    let answer = app.control("inbound", json!({ "from": from, "to": to, "text": text })).await;
    assert_eq!(answer["answers"], json!({ "200": 1 }), "{answer}");
}

/// A reply of Anna's is refused for want of consent.
async fn is_refused(app: &TestApp, conversation: &str, key: &str) {
    let input = json!({ "conversationId": conversation, "idempotencyKey": key, "text": "no" });
    let refusal = app.anna.refused("messageSend", input).await;
    assert_eq!(refusal["code"], "RECIPIENT_OPTED_OUT", "{refusal}");
    assert_eq!(refusal["retryable"], false);
}
