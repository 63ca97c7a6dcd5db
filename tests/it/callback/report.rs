//! Delivery reports: any order, any number, any time; a text only moves forward.

use serde_json::{Value, json};

use crate::support::{TestApp, eventually};

const CUSTOMER: &str = "14155550123";

/// A text of Anna's that the provider has taken and says nothing more of.
async fn sent(app: &TestApp) -> (String, Value) {
    app.control("plans", json!({ "plan": "never" })).await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let message = app.reply(&conversation, "k1", "hello").await;
    app.message_becomes(&message, "SENT").await;
    let reference = app.ledger().await[0]["reference_id"].clone();
    (message, reference)
}

async fn report(app: &TestApp, reference: &Value, code: i32) {
    let answer = app.control("reports", json!({ "reference_id": reference, "code": code })).await;
    assert_eq!(answer["attempts"][0]["http_status"], 200, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_out_of_order_and_repeated_move_a_text_forward_only() {
    let app = TestApp::start().await;
    let (message, reference) = sent(&app).await;
    report(&app, &reference, 200).await;
    app.message_becomes(&message, "DELIVERED").await;
    for late in [203, 200, 207, 292] {
        report(&app, &reference, late).await;
        assert_eq!(app.message(&message).await["status"], "DELIVERED", "after {late}");
    }
    let moves = "select count(*) from events where kind = 'MESSAGE_MOVED'";
    assert_eq!(app.database.count(moves).await, 3, "SENDING, SENT, DELIVERED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_told_with_the_providers_code_and_a_reason() {
    let app = TestApp::start().await;
    let (message, reference) = sent(&app).await;
    report(&app, &reference, 211).await;
    let failed = app.message_becomes(&message, "UNDELIVERABLE").await;
    assert_eq!(failed["failure"]["providerCode"], "211", "{failed}");
    assert!(!failed["failure"]["description"].as_str().unwrap().is_empty());
    report(&app, &reference, 200).await;
    let delivered = app.message_becomes(&message, "DELIVERED").await;
    assert_eq!(delivered["failure"], Value::Null, "a delivery wins");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_comes_before_the_answer_counts() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let plan = json!({ "steps": [{ "code": 200, "after_ms": 0 }] });
    app.control("plans", plan).await;
    let late = json!({ "kind": "delay", "delay_ms": 800, "count": 1 });
    app.control("faults", late).await;
    let message = app.reply(&conversation, "k1", "hello").await;
    let delivered = app.message_becomes(&message, "DELIVERED").await;
    assert_eq!(app.ledger().await.len(), 1);
    let settled = eventually("the answer is recorded too", || async {
        let message = app.message(&message).await;
        (message["providerReference"] != Value::Null).then_some(message)
    })
    .await;
    assert_eq!(settled["status"], "DELIVERED", "{delivered}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_finds_its_text_by_the_providers_reference_alone() {
    let app = TestApp::start().await;
    let (message, reference) = sent(&app).await;
    let nameless = json!({ "reference_id": reference, "code": 200, "external_id": null });
    app.control("reports", nameless).await;
    app.message_becomes(&message, "DELIVERED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_nothing_that_we_know_waits_and_harms_nobody() {
    let app = TestApp::start().await;
    let (message, _) = sent(&app).await;
    let unknown = json!({ "reference_id": "0".repeat(32), "code": 207, "external_id": "not ours" });
    app.control("reports", unknown).await;
    let kept = "select count(*) from receipts where outcome = 'UNMATCHED'";
    assert_eq!(app.database.count(kept).await, 1);
    assert_eq!(app.message(&message).await["status"], "SENT");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organizations_report_changes_nothing() {
    let app = TestApp::start().await;
    let (message, reference) = sent(&app).await;
    let (_, account) = app.other_organization().await;
    let other = "11111111-EEEE-DDDD-1234-AB1234567890";
    let at_the_provider = json!({
        "customer_id": other, "api_key": "b3RoZXIta2V5LTAxMjM0NTY3ODkwMTIzNDU2Nzg5",
        "callback_url": account["callbackUrl"],
    });
    app.control("accounts", at_the_provider).await;
    let external_id = format!("{message}.1");
    let body = json!({
        "reference_id": reference, "external_id": external_id, "sub_resource": "sms",
        "status": { "code": 211, "description": "x", "updated_on": "2026-11-24T10:00:00.000000Z" },
    });
    let report = json!({ "customer_id": other, "body": body.to_string() });
    let answer = app.control("callbacks", report).await;
    assert_eq!(answer["attempts"][0]["http_status"], 200, "{answer}");
    assert_eq!(app.message(&message).await["status"], "SENT");
}
