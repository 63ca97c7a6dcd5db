//! Delivery reports: early, late, twice and out of order, a text only moves forward.

use std::time::Duration;

use centralino::{engine::EngineOptions, telesign::ClientOptions};
use serde_json::{Value, json};

use super::{CUSTOMER, kept, post, post_signed, replay, report_of, signed_headers};
use crate::support::{Options, TestApp, eventually, quick_engine};

/// How long the provider takes to answer where a report is to overtake it.
const SLOW_ANSWER_MS: u64 = 1_500;

/// A server that waits long for the provider's answers.
async fn patient_app() -> TestApp {
    let client =
        ClientOptions { total_timeout: Duration::from_secs(15), ..Options::default().client };
    // A claim is longer than a send.
    let engine = EngineOptions { send_claim: Duration::from_mins(1), ..quick_engine() };
    TestApp::start_with(Options { engine, client, ..Options::default() }).await
}

/// A text that Anna has written; the provider reports nothing of it by itself.
async fn text_without_reports(app: &TestApp) -> String {
    app.control("plans", json!({ "phone_number": CUSTOMER, "plan": "never" })).await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    app.reply(&conversation, "k1", "hi").await
}

/// The same, once the provider's answer is recorded; answers its id and its reference.
async fn sent_text(app: &TestApp) -> (String, String) {
    let message = text_without_reports(app).await;
    let sent = app.message_becomes(&message, "SENT").await;
    (message, sent["providerReference"].as_str().unwrap().to_owned())
}

/// The reference of the only text that the provider has accepted, whoever knows of it.
async fn accepted(app: &TestApp) -> String {
    eventually("the provider has accepted the text", || async {
        let entry = app.ledger().await.pop()?;
        Some(entry["reference_id"].as_str().unwrap().to_owned())
    })
    .await
}

/// The provider reports a code, taken at once.
async fn report(app: &TestApp, reference: &str, code: i32) {
    let answer = app.control("reports", json!({ "reference_id": reference, "code": code })).await;
    assert_eq!(answer["attempts"][0]["http_status"], 200, "{answer}");
}

/// A report as it stands in the test; it is rightly signed and taken.
async fn post_report(app: &TestApp, report: &Value) {
    assert_eq!(post_signed(app, report.to_string().as_bytes()).await, 200, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_before_the_providers_answer_holds() {
    let app = patient_app().await;
    app.control("faults", json!({ "kind": "delay", "delay_ms": SLOW_ANSWER_MS, "count": 1 })).await;
    let message = text_without_reports(&app).await;
    let reference = accepted(&app).await;
    assert_eq!(app.message(&message).await["status"], "SENDING", "no answer has come yet");
    report(&app, &reference, 200).await;
    let early = app.message(&message).await;
    assert_eq!(early["status"], "DELIVERED", "{early}");
    // The provider's own answer comes after it and takes nothing back.
    let conversation = app.conversation_with(CUSTOMER).await["id"].as_str().unwrap().to_owned();
    // The next one goes only when the first is off the wire.
    let next = app.reply(&conversation, "k2", "next").await;
    app.message_becomes(&next, "SENT").await;
    let late = app.message(&message).await;
    assert_eq!(late["status"], "DELIVERED", "{late}");
    assert_eq!(late["providerReference"], reference.as_str());
    assert_eq!(late["attempts"].as_array().unwrap().len(), 1);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_by_reference_before_the_providers_answer_waits_for_it() {
    let app = patient_app().await;
    app.control("faults", json!({ "kind": "delay", "delay_ms": SLOW_ANSWER_MS, "count": 1 })).await;
    let message = text_without_reports(&app).await;
    let reference = accepted(&app).await;
    post_report(&app, &report_of(&reference, 200)).await;
    let waiting = kept(&app, &["UNMATCHED"]).await;
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    assert_eq!(waiting[0]["reference"], reference.as_str());
    assert!(!waiting[0]["detail"].as_str().unwrap().is_empty());
    assert_eq!(app.message(&message).await["status"], "SENDING");

    let delivered = app.message_becomes(&message, "DELIVERED").await;
    assert_eq!(delivered["providerReference"], reference.as_str());
    let applied = kept(&app, &["APPLIED"]).await;
    let applied = applied.iter().find(|kept| kept["id"] == waiting[0]["id"]).unwrap();
    assert!(applied["replayedAt"].is_string(), "{applied}");
    assert_eq!(applied["detail"], Value::Null);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_waits_is_applied_when_another_makes_its_text_known() {
    let app = TestApp::start().await;
    // Accepted, and the answer is lost: nobody here knows the reference.
    app.control("faults", json!({ "kind": "reset", "accepts": true, "count": 1 })).await;
    let message = text_without_reports(&app).await;
    app.message_becomes(&message, "UNCONFIRMED").await;
    let reference = accepted(&app).await;
    post_report(&app, &report_of(&reference, 510)).await;
    let ids = kept(&app, &["UNMATCHED"]).await;
    assert_eq!(ids.len(), 1);
    let id = ids[0]["id"].as_str().unwrap();
    assert_eq!(replay(&app, &[id]).await, (0, 1), "trying again does not help yet");
    assert_eq!(app.message(&message).await["status"], "UNCONFIRMED");

    report(&app, &reference, 203).await;
    let known = app.message_becomes(&message, "UNDELIVERABLE").await;
    assert_eq!(known["providerReference"], reference.as_str());
    assert_eq!(known["failure"]["code"], "OPTED_OUT");
    assert_eq!(kept(&app, &["UNMATCHED"]).await.len(), 0);
    assert_eq!(replay(&app, &[id]).await, (1, 0));
    assert_eq!(app.ledger().await.len(), 1, "it went out once");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_twice_and_fifty_times_at_once_counts_once() {
    let app = TestApp::start().await;
    let (message, reference) = sent_text(&app).await;
    let mut report = report_of(&reference, 200);
    report["external_id"] = format!("{message}.1").into();
    post_report(&app, &report).await;
    let events = "select count(*) from events";
    let before = app.database.count(events).await;
    post_report(&app, &report).await;
    let body = json!({ "body": report.to_string(), "copies": 50 });
    let answer = app.control("callbacks", body).await;
    let attempts = answer["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 50);
    assert!(attempts.iter().all(|attempt| attempt["http_status"] == 200), "{answer}");
    assert_eq!(app.message(&message).await["status"], "DELIVERED");
    assert_eq!(app.database.count(events).await, before, "nothing happens twice");
    let reports = "select count(*) from receipts where kind = 'DELIVERY_REPORT'";
    assert_eq!(app.database.count(reports).await, 1);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_out_of_order_never_move_a_text_back() {
    let app = TestApp::start().await;
    let (message, reference) = sent_text(&app).await;
    report(&app, &reference, 200).await;
    assert_eq!(app.message(&message).await["status"], "DELIVERED");
    // On its way, failed for now, failed for good, expired, not known: all too late.
    for code in [203, 210, 510, 221, 11_000, 99_999] {
        report(&app, &reference, code).await;
        let late = app.message(&message).await;
        assert_eq!(late["status"], "DELIVERED", "{code}");
        assert_eq!(late["failure"], Value::Null, "{code}");
    }
    let reports = "select count(*) from receipts where kind = 'DELIVERY_REPORT'
        and outcome = 'APPLIED'";
    assert_eq!(app.database.count(reports).await, 7, "each is kept, and waits for nothing");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_finds_its_text_by_reference_alone() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let ids = [
        Value::Null,
        json!("CustomExternalID7349"),
        // Of the right form, and of no text of ours.
        json!("msg_00000000000000000000000000.1"),
        json!({}),
    ];
    app.control("plans", json!({ "phone_number": CUSTOMER, "plan": "never" })).await;
    for (place, external_id) in ids.iter().enumerate() {
        let message = app.reply(&conversation, &format!("k{place}"), "hi").await;
        let sent = app.message_becomes(&message, "SENT").await;
        let mut report = report_of(sent["providerReference"].as_str().unwrap(), 200);
        report["external_id"] = external_id.clone();
        post_report(&app, &report).await;
        assert_eq!(app.message(&message).await["status"], "DELIVERED", "{external_id}");
    }
    assert_eq!(kept(&app, &["UNMATCHED"]).await.len(), 0);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_says_why_and_a_later_delivery_wins() {
    let app = TestApp::start().await;
    let (message, reference) = sent_text(&app).await;
    report(&app, &reference, 510).await;
    let failed = app.message(&message).await;
    assert_eq!(failed["status"], "UNDELIVERABLE");
    assert_eq!(failed["failure"]["code"], "OPTED_OUT");
    assert_eq!(failed["failure"]["providerCode"], "510");
    let reason = failed["failure"]["description"].as_str().unwrap();
    assert!(reason.contains("opted out"), "{reason}");
    assert_eq!(failed["attempts"][0]["providerCode"], "510");
    // Another failure does not replace the first.
    report(&app, &reference, 504).await;
    assert_eq!(app.message(&message).await["failure"], failed["failure"]);

    report(&app, &reference, 200).await;
    let delivered = app.message(&message).await;
    assert_eq!(delivered["status"], "DELIVERED");
    assert_eq!(delivered["failure"], Value::Null);
    assert_eq!(delivered["attempts"][0]["status"], "DELIVERED");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_fail_is_told_apart() {
    let app = TestApp::start().await;
    let table = [
        (207, "UNDELIVERABLE", "UNKNOWN"),
        (210, "UNDELIVERABLE", "UNREACHABLE"),
        (221, "EXPIRED", "TIMEOUT"),
        (229, "UNDELIVERABLE", "BLOCKED"),
        (504, "UNDELIVERABLE", "CARRIER_REJECTED"),
        (507, "UNDELIVERABLE", "INVALID_NUMBER"),
        (515, "UNDELIVERABLE", "SPAM_FILTERED"),
        (501, "FAILED", "CREDENTIALS"),
        (10_000, "FAILED", "PROVIDER_ERROR"),
    ];
    for (code, status, failure) in table {
        // The next text of a customer who is blocked would be refused.
        let customer = format!("141555{code:05}");
        let conversation = app.annas_conversation(&customer).await;
        let plan = json!({ "phone_number": customer, "plan": code.to_string() });
        app.control("plans", plan).await;
        let message = app.reply(&conversation, &code.to_string(), "hi").await;
        let failed = app.message_becomes(&message, status).await;
        assert_eq!(failed["failure"]["code"], failure, "{code}");
        assert_eq!(failed["failure"]["providerCode"], code.to_string());
        assert!(!failed["failure"]["description"].as_str().unwrap().is_empty());
    }
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_in_every_form_are_read() {
    let app = TestApp::start().await;
    let (message, reference) = sent_text(&app).await;
    for (place, shape) in [
        json!({ "counts": "string", "dates": "rfc1123" }),
        json!({ "dates": "spaced", "errors": "object", "additional_info": "array" }),
        json!({ "dates": "day_first", "errors": "missing", "additional_info": "missing" }),
        json!({ "authorization": "missing", "additional_info": "object" }),
    ]
    .into_iter()
    .enumerate()
    {
        let code = if place == 3 { 200 } else { 203 };
        let report = json!({ "reference_id": reference, "code": code, "shape": shape });
        let answer = app.control("reports", report).await;
        assert_eq!(answer["attempts"][0]["http_status"], 200, "{shape}: {answer}");
    }
    assert_eq!(app.message(&message).await["status"], "DELIVERED");
    let kinds = kept(&app, &["APPLIED"]).await;
    let reports = kinds.iter().filter(|kept| kept["kind"] == "DELIVERY_REPORT");
    assert_eq!(reports.count(), 4);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_another_organizations_text_changes_nothing() {
    let app = TestApp::start().await;
    let (message, reference) = sent_text(&app).await;
    let (other, account) = app.other_organization().await;
    let url = account["callbackUrl"].as_str().unwrap();
    let before = app.message(&message).await;
    let mut by_id = report_of(&reference, 510);
    by_id["external_id"] = format!("{message}.1").into();
    for report in [report_of(&reference, 504), by_id] {
        let body = report.to_string().into_bytes();
        let headers = signed_headers(
            "11111111-EEEE-DDDD-1234-AB1234567890",
            "b3RoZXIta2V5LTAxMjM0NTY3ODkwMTIzNDU2Nzg5",
            &body,
        );
        assert_eq!(post(url, headers, &body).await, 200, "it is rightly signed");
    }
    let query = "{ callbacks(first: 10) { nodes { id outcome conversation { id } } } }";
    let theirs = other.data(query, json!({})).await["callbacks"]["nodes"].clone();
    let ids: Vec<&Value> = theirs.as_array().unwrap().iter().map(|kept| &kept["id"]).collect();
    assert_eq!(ids.len(), 2);
    let again = other.mutate("callbackReplay", json!({ "ids": ids }), "replayed refused").await;
    assert_eq!((&again["replayed"], &again["refused"]), (&json!(0), &json!(2)));
    let theirs = other.data(query, json!({})).await["callbacks"]["nodes"].clone();
    for kept in theirs.as_array().unwrap() {
        assert_eq!(kept["outcome"], "UNMATCHED");
        assert_eq!(kept["conversation"], Value::Null);
    }
    assert_eq!(app.message(&message).await, before);
    report(&app, &reference, 200).await;
    assert_eq!(app.message(&message).await["status"], "DELIVERED");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_what_nobody_sent_is_kept_and_shown() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let query =
        "query ($id: ID!) { conversation(id: $id) { messages(first: 1) { nodes { id } } } }";
    let data = app.admin.data(query, json!({ "id": conversation })).await;
    let inbound = data["conversation"]["messages"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    post_report(&app, &report_of("0123456789ABCDEF0123456789ABCDEF", 200)).await;
    let mut unknown = report_of("1123456789ABCDEF0123456789ABCDEF", 200);
    unknown["external_id"] = "msg_00000000000000000000000000.1".into();
    post_report(&app, &unknown).await;
    let kept = kept(&app, &["UNMATCHED"]).await;
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(kept.iter().all(|kept| kept["kind"] == "DELIVERY_REPORT"));

    // A customer's own text is not sent, so that no report can say where it stands.
    let mut absurd = report_of("2123456789ABCDEF0123456789ABCDEF", 510);
    absurd["external_id"] = format!("{inbound}.1").into();
    post_report(&app, &absurd).await;
    assert_eq!(app.message(&inbound).await["status"], "RECEIVED");
    app.server.stop().await;
}
