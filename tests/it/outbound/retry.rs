//! A text that did not arrive, or may not have: another attempt, by a person or by the workstream.

use serde_json::{Value, json};

use super::seen;
use crate::support::{CUSTOMER_ID, TestApp, eventually};

const CUSTOMER: &str = "14155550123";
const FIELDS: &str = "message { id status viewerCan attempts { number externalId status } }";

async fn retry(app: &TestApp, message: &str, key: &str) -> Value {
    let input = json!({ "messageId": message, "idempotencyKey": key });
    app.anna.mutate("messageRetry", input, FIELDS).await["message"].clone()
}

async fn refused(app: &TestApp, message: &str, key: &str) -> Value {
    let input = json!({ "messageId": message, "idempotencyKey": key });
    app.anna.refused("messageRetry", input).await["code"].clone()
}

/// What the sender may do with a text.
async fn may(app: &TestApp, message: &str) -> Value {
    let query = "query ($id: ID!) { message(id: $id) { viewerCan } }";
    app.anna.data(query, json!({ "id": message })).await["message"]["viewerCan"].clone()
}

async fn loses_answers(app: &TestApp, count: u32) {
    let fault = json!({ "kind": "reset", "accepts": true, "count": count });
    app.control("faults", fault).await;
}

async fn reference_of(app: &TestApp, message: &str, attempt: u32) -> Value {
    let path = format!("ledger?external_id={message}.{attempt}");
    app.look(&path).await["entries"][0]["reference_id"].clone()
}

async fn report(app: &TestApp, reference: &Value, code: i32) {
    app.control("reports", json!({ "reference_id": reference, "code": code })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_sent_again_with_an_id_of_its_own_and_every_attempt_is_seen() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let refusal = json!({ "kind": "answer", "http_status": 400, "code": 11000, "count": 1 });
    app.control("faults", refusal).await;
    let message = app.reply(&conversation, "k1", "once more").await;
    assert_eq!(may(&app, &message).await, json!([]));
    app.message_becomes(&message, "FAILED").await;
    assert_eq!(may(&app, &message).await, json!(["RETRY"]));
    // Bert does not see the conversation, and an admin does not hold it.
    let input = json!({ "messageId": message, "idempotencyKey": "x" });
    assert_eq!(app.bert.refused("messageRetry", input.clone()).await["code"], "NOT_FOUND");
    assert_eq!(app.admin.refused("messageRetry", input).await["code"], "FORBIDDEN");
    assert_eq!(retry(&app, &message, "r1").await["attempts"].as_array().unwrap().len(), 1);
    let delivered = app.message_becomes(&message, "DELIVERED").await;
    assert_eq!(delivered["failure"], Value::Null);
    let attempts: Vec<(&Value, &Value)> = delivered["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| (&attempt["externalId"], &attempt["status"]))
        .collect();
    let ids = [json!(format!("{message}.1")), json!(format!("{message}.2"))];
    assert_eq!(attempts, [(&ids[0], &json!("FAILED")), (&ids[1], &json!("DELIVERED"))]);
    assert_eq!(refused(&app, &message, "r2").await, "INVALID_TRANSITION");
    assert_eq!(app.ledger().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_is_one_more_attempt_however_often_it_is_used() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let refusal = json!({ "kind": "answer", "http_status": 400, "code": 12009, "count": 2 });
    app.control("faults", refusal).await;
    let message = app.reply(&conversation, "k1", "first").await;
    let other = app.reply(&conversation, "k2", "other").await;
    app.message_becomes(&message, "FAILED").await;
    app.message_becomes(&other, "FAILED").await;
    let calls = (0..12).map(|_| retry(&app, &message, "the key"));
    let answers = futures_util::future::join_all(calls).await;
    assert!(answers.iter().all(|answer| answer["id"] == message.as_str()), "{answers:?}");
    let delivered = app.message_becomes(&message, "DELIVERED").await;
    assert_eq!(delivered["attempts"].as_array().unwrap().len(), 2);
    assert_eq!(retry(&app, &message, "the key").await["status"], "DELIVERED");
    assert_eq!(refused(&app, &other, "the key").await, "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(app.ledger().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_whose_fate_is_unknown_waits_for_a_person() {
    let app = TestApp::start().await;
    app.control("plans", json!({ "plan": "never" })).await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    loses_answers(&app, 1).await;
    let message = app.reply(&conversation, "k1", "once").await;
    app.message_becomes(&message, "UNCONFIRMED").await;
    let left = "select count(*) from outbox where state = 'UNCONFIRMED' and check_at is null";
    eventually("the wait is over", || async {
        (app.database.count(left).await == 1).then_some(())
    })
    .await;
    assert_eq!(may(&app, &message).await, json!(["RETRY"]));
    assert_eq!(seen(&app, &message, 2).await, 0, "it is not sent again by itself");
    retry(&app, &message, "r1").await;
    let sent = app.message_becomes(&message, "SENT").await;
    assert_eq!(sent["attempts"][0]["status"], "UNCONFIRMED");
    // What becomes known of the first attempt is shown, in whatever order it comes.
    let first = reference_of(&app, &message, 1).await;
    report(&app, &first, 207).await;
    report(&app, &first, 203).await;
    let known = eventually("the first attempt is settled", || async {
        let message = app.message(&message).await;
        (message["attempts"][0]["status"] == "UNDELIVERABLE").then_some(message)
    })
    .await;
    assert_eq!(known["status"], "SENT");
    report(&app, &first, 200).await;
    let delivered = app.message_becomes(&message, "DELIVERED").await;
    assert_eq!(delivered["attempts"][0]["status"], "DELIVERED");
    assert_eq!(delivered["attempts"][1]["status"], "SENT");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_workstream_says_so_it_is_tried_once_more_and_no_more() {
    let app = TestApp::start().await;
    app.control("plans", json!({ "plan": "never" })).await;
    let version = "query ($id: ID!) { workstream(id: $id) { version unconfirmedPolicy } }";
    let before = app.admin.data(version, json!({ "id": app.workstream })).await;
    assert_eq!(before["workstream"]["unconfirmedPolicy"], "AT_MOST_ONCE");
    let update = json!({ "workstreamId": app.workstream, "unconfirmedPolicy": "AT_LEAST_ONCE",
        "expectedVersion": before["workstream"]["version"] });
    app.admin.mutate("workstreamUpdate", update, "workstream { unconfirmedPolicy }").await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    loses_answers(&app, 1).await;
    let message = app.reply(&conversation, "k1", "at least once").await;
    let sent = app.message_becomes(&message, "SENT").await;
    assert_eq!(sent["attempts"].as_array().unwrap().len(), 2);
    assert_eq!((seen(&app, &message, 1).await, seen(&app, &message, 2).await), (1, 1));

    let conversation = app.annas_conversation("14155550124").await;
    loses_answers(&app, 2).await;
    let message = app.reply(&conversation, "k2", "twice at most").await;
    let left = "select count(*) from outbox where state = 'UNCONFIRMED' and check_at is null";
    eventually("both waits are over", || async {
        (app.database.count(left).await == 1).then_some(())
    })
    .await;
    assert_eq!(app.message(&message).await["status"], "UNCONFIRMED");
    assert_eq!((seen(&app, &message, 2).await, seen(&app, &message, 3).await), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_of_the_first_attempt_calls_off_a_second_one_that_waits() {
    let app = TestApp::start().await;
    app.control("plans", json!({ "plan": "never" })).await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    loses_answers(&app, 1).await;
    let message = app.reply(&conversation, "k1", "once").await;
    app.message_becomes(&message, "UNCONFIRMED").await;
    let suspended = json!({ "customer_id": CUSTOMER_ID, "suspended": true });
    app.control("accounts", suspended).await;
    let other = app.annas_conversation("14155550124").await;
    let stopping = app.reply(&other, "k2", "stops the account").await;
    eventually("the account is stopped", || async {
        let stopped = "select count(*) from channel_account_flows where stopped_at is not null";
        (app.database.count(stopped).await == 1).then_some(())
    })
    .await;
    assert_eq!(retry(&app, &message, "r1").await["status"], "QUEUED");
    report(&app, &reference_of(&app, &message, 1).await, 200).await;
    app.message_becomes(&message, "DELIVERED").await;
    let well = json!({ "customer_id": CUSTOMER_ID, "suspended": false });
    app.control("accounts", well).await;
    let resume = json!({ "channelAccountId": app.account });
    app.admin.mutate("channelAccountResume", resume, "channelAccount { id }").await;
    app.message_becomes(&stopping, "SENT").await;
    assert_eq!(seen(&app, &message, 2).await, 0, "it has arrived already");
}
