//! The provider takes a text, refuses it, or does not say.

use std::time::{Duration, Instant};

use centralino::engine::EngineOptions;
use serde_json::{Value, json};

use super::seen;
use crate::support::{Options, TestApp, eventually, quick_engine};

const CUSTOMER: &str = "14155550123";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_provably_not_taken_is_tried_again_and_sent_once() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    for (at, kind) in ["rate_limited", "unavailable_503", "unavailable_500"].iter().enumerate() {
        app.control("faults", json!({ "kind": kind, "count": 1 })).await;
        let message = app.reply(&conversation, &format!("k{at}"), kind).await;
        let delivered = app.message_becomes(&message, "DELIVERED").await;
        let attempts = delivered["attempts"].as_array().unwrap();
        assert_eq!(attempts.len(), 2, "{kind}: {delivered}");
        assert_eq!(attempts[0]["status"], "QUEUED", "{kind}: the first was not taken");
        assert_ne!(attempts[0]["externalId"], attempts[1]["externalId"]);
    }
    assert_eq!(app.ledger().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_unconfirmed_and_never_sent_again_by_itself() {
    let faults = [
        json!({ "kind": "reset", "accepts": true }),
        json!({ "kind": "close", "accepts": true }),
        json!({ "kind": "hang", "accepts": true }),
        json!({ "kind": "bad_gateway", "accepts": true }),
        json!({ "kind": "garbage", "accepts": true }),
    ];
    let app = TestApp::start().await;
    app.control("plans", json!({ "plan": "never" })).await;
    for (at, mut fault) in faults.into_iter().enumerate() {
        let conversation = app.annas_conversation(&format!("1415555020{at}")).await;
        fault["count"] = 1.into();
        app.control("faults", fault.clone()).await;
        let message = app.reply(&conversation, &format!("k{at}"), "once").await;
        app.message_becomes(&message, "UNCONFIRMED").await;
        // The next text of the conversation is held back for a while, and then goes.
        let next = app.reply(&conversation, &format!("n{at}"), "next").await;
        app.message_becomes(&next, "SENT").await;
        assert_eq!(app.message(&message).await["status"], "UNCONFIRMED", "{fault}");
        assert_eq!(seen(&app, &message, 1).await, 1, "{fault}");
        assert_eq!(seen(&app, &message, 2).await, 0, "{fault}");
        let path = format!("ledger?external_id={message}.1");
        let reference = app.look(&path).await["entries"][0]["reference_id"].clone();
        app.control("reports", json!({ "reference_id": reference, "code": 200 })).await;
        app.message_becomes(&message, "DELIVERED").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_text_waits_while_an_earlier_one_is_unconfirmed() {
    let hold = Duration::from_secs(2);
    let engine = EngineOptions { unconfirmed_hold: hold, ..quick_engine() };
    let app = TestApp::start_with(Options { engine, ..Options::default() }).await;
    app.control("plans", json!({ "plan": "never" })).await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    app.control("faults", json!({ "kind": "reset", "accepts": true, "count": 1 })).await;
    let first = app.reply(&conversation, "k1", "first").await;
    app.message_becomes(&first, "UNCONFIRMED").await;
    let since = Instant::now();
    let second = app.reply(&conversation, "k2", "second").await;
    app.message_becomes(&second, "SENT").await;
    assert!(since.elapsed() > hold / 2, "it went after {:?}", since.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_definite_refusal_is_told_and_holds_up_nobody() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let refusal = json!({ "kind": "answer", "http_status": 400, "code": 11000, "count": 1 });
    app.control("faults", refusal).await;
    let refused = app.reply(&conversation, "k1", "to nobody").await;
    let next = app.reply(&conversation, "k2", "goes on").await;
    let failed = app.message_becomes(&refused, "FAILED").await;
    assert_eq!(failed["failure"]["providerCode"], "11000", "{failed}");
    app.message_becomes(&next, "DELIVERED").await;
    assert_eq!(app.ledger().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_conversations_silence_does_not_hold_up_another() {
    let app = TestApp::start().await;
    let slow = app.annas_conversation("14155550301").await;
    let quick = app.annas_conversation("14155550302").await;
    let hang = json!({ "kind": "hang", "phone_number": "14155550301", "count": 1 });
    app.control("faults", hang).await;
    let hanging = app.reply(&slow, "k1", "hangs").await;
    let message = app.reply(&quick, "k2", "passes").await;
    app.message_becomes(&message, "DELIVERED").await;
    assert_eq!(app.message(&hanging).await["status"], "SENDING");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_accounts_rate_is_kept() {
    let app = TestApp::start().await;
    let slow = "update channel_accounts set max_send_per_second = 4";
    app.database.execute(slow).await;
    app.database.execute("update organizations set settings_version = settings_version + 1").await;
    app.server.engine().announce().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let since = Instant::now();
    let mut messages = Vec::new();
    for number in 0..9 {
        let text = number.to_string();
        messages.push(app.reply(&conversation, &format!("k{number}"), &text).await);
    }
    for message in &messages {
        let sent = eventually("it was sent", || async {
            let message = app.message(message).await;
            ["SENT", "DELIVERED"].contains(&message["status"].as_str().unwrap()).then_some(message)
        })
        .await;
        assert_eq!(sent["attempts"].as_array().unwrap().len(), 1, "no 429: {sent}");
    }
    assert!(since.elapsed() > Duration::from_millis(1_900), "{:?}", since.elapsed());
    let words: Vec<Value> =
        app.ledger().await.iter().map(|entry| entry["message"].clone()).collect();
    let in_order: Vec<Value> = (0..9).map(|number| number.to_string().into()).collect();
    assert_eq!(words, in_order);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_cannot_finish_within_its_claim_sends_nothing() {
    // Whatever is begun is already too late: a send may take two seconds.
    let engine = EngineOptions { send_claim: Duration::from_secs(1), ..quick_engine() };
    let app = TestApp::start_with(Options { engine, ..Options::default() }).await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let message = app.reply(&conversation, "k1", "too late").await;
    eventually("it was let go", || async {
        let message = app.message(&message).await;
        // It waits for a sender that is awake; the text is read before its attempts are.
        let stands = [&message["status"], &message["attempts"][0]["status"]];
        stands.iter().all(|status| *status == "QUEUED").then_some(())
    })
    .await;
    assert_eq!(seen(&app, &message, 1).await, 0);
    assert!(app.ledger().await.is_empty());
}
