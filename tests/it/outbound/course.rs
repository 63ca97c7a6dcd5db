//! How an account's sends go: slower when the provider says so, by trials while it is away, and
//! asking about what it never reported the end of.

use centralino::simulator::{self, AccountOptions, Profile, SimulatorOptions};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::seen;
use crate::support::{API_KEY, CUSTOMER_ID, TestApp, eventually};

/// Conversations of Anna's, each with one text; answers the texts.
async fn texts(app: &TestApp, count: u32) -> Vec<String> {
    let mut messages = Vec::new();
    for number in 0..count {
        let conversation = app.annas_conversation(&format!("141555507{number:02}")).await;
        let key = format!("k{number}");
        messages.push(app.reply(&conversation, &key, "hello").await);
    }
    messages
}

async fn make_checks_due(app: &TestApp) {
    app.database
        .execute("update outbox set check_at = '2026-01-01' where check_at is not null")
        .await;
}

async fn a_simulator_at(address: std::net::SocketAddr) -> simulator::Simulator {
    let account = AccountOptions {
        customer_id: CUSTOMER_ID.into(),
        api_key: API_KEY.into(),
        profile: Profile::FullService,
        callback_url: None,
    };
    let options = SimulatorOptions { listen: address, accounts: vec![account], time_scale: 0.02 };
    simulator::start(options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_too_fast_goes_slower() {
    let app = TestApp::start().await;
    app.control("faults", json!({ "kind": "rate_limited", "count": 1 })).await;
    let messages = texts(&app, 1).await;
    let settled =
        "select to_char(settled_at at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')
        from send_attempts where status = 'QUEUED'";
    let refused = eventually("the provider said that it was too fast", || async {
        app.database.column(settled).await.pop()
    })
    .await;
    let refused: DateTime<Utc> = refused.parse().unwrap();
    // Another customer's text waits too: it is the account that is too fast.
    let conversation = app.annas_conversation("14155550800").await;
    let next = app.reply(&conversation, "next", "hello").await;
    app.message_becomes(&next, "DELIVERED").await;
    app.message_becomes(&messages[0], "DELIVERED").await;
    for entry in app.ledger().await {
        let at: DateTime<Utc> = entry["at"].as_str().unwrap().parse().unwrap();
        let after = at - refused;
        assert!(after > TimeDelta::milliseconds(700), "{after} after the provider said so");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_lets_only_trials_through_and_everything_goes_when_it_is_over() {
    let app = TestApp::start().await;
    app.control("faults", json!({ "kind": "unavailable_503" })).await;
    let messages = texts(&app, 8).await;
    // Each text would have been tried three times by then.
    let later = "select count(*) from send_attempts where started_at >
        (select min(started_at) from send_attempts) + interval '4 seconds'";
    eventually("the outage has lasted", || async {
        (app.database.count(later).await > 0).then_some(())
    })
    .await;
    let tried = app.database.count("select count(*) from send_attempts").await;
    assert!(tried <= 8 + 4, "{tried} attempts at 8 texts");
    app.control("faults", json!({ "clear": true })).await;
    for message in &messages {
        app.message_becomes(message, "DELIVERED").await;
    }
    assert_eq!(app.ledger().await.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_proves_that_nothing_was_taken() {
    let mut app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550123").await;
    let address = app.simulator.address();
    let elsewhere = a_simulator_at(([127, 0, 0, 1], 0).into()).await;
    std::mem::replace(&mut app.simulator, elsewhere).stop().await;
    let message = app.reply(&conversation, "k1", "waits").await;
    eventually("it was tried", || async {
        let message = app.message(&message).await;
        let attempts = message["attempts"].as_array().unwrap();
        (attempts.len() > 1 && attempts[0]["status"] == "QUEUED").then_some(())
    })
    .await;
    let back = a_simulator_at(address).await;
    back.set_callback_url(CUSTOMER_ID, &app.callback_url).unwrap();
    app.simulator = back;
    app.message_becomes(&message, "DELIVERED").await;
    assert_eq!(app.ledger().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_without_a_final_report_is_asked_about_until_its_end_is_known() {
    let app = TestApp::start().await;
    app.control("plans", json!({ "plan": "never" })).await;
    let messages = texts(&app, 2).await;
    for message in &messages {
        app.message_becomes(message, "SENT").await;
    }
    let in_ten_minutes = "select count(*) from outbox o join messages m on m.id = o.message_id
        where o.state = 'SENT' and o.check_at = m.sent_at + interval '10 minutes'";
    assert_eq!(app.database.count(in_ten_minutes).await, 2);
    // The provider knows the end of the first, and its report went astray.
    let path = format!("ledger?external_id={}.1", messages[0]);
    let reference = app.look(&path).await["entries"][0]["reference_id"].clone();
    let astray = json!({ "reference_id": reference, "code": 200,
        "callback_url": "http://127.0.0.1:9/gone" });
    app.control("reports", astray).await;
    make_checks_due(&app).await;
    app.message_becomes(&messages[0], "DELIVERED").await;
    let next = "select count(*) from outbox o join messages m on m.id = o.message_id
        where o.state = 'SENT' and o.check_at = m.sent_at + interval '10 minutes'";
    eventually("the other is asked about later", || async {
        (app.database.count(next).await == 1).then_some(())
    })
    .await;
    // After twelve hours it is left as it is, and says so.
    app.database.execute("update messages set sent_at = sent_at - interval '12 hours'").await;
    make_checks_due(&app).await;
    eventually("nobody asks any more", || async {
        (app.database.count("select count(*) from outbox").await == 0).then_some(())
    })
    .await;
    let left = app.message(&messages[1]).await;
    assert_eq!(left["status"], "SENT");
    let said = "select description from send_attempts where status = 'SENT'";
    let said = app.database.column(said).await;
    assert!(said[0].contains("never said how it ended"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unconfirmed_text_with_a_reference_is_asked_about() {
    let app = TestApp::start().await;
    app.control("plans", json!({ "plan": "never" })).await;
    let conversation = app.annas_conversation("14155550123").await;
    let contradiction = json!({ "kind": "answer", "http_status": 200, "code": 10000,
        "accepts": true, "count": 1 });
    app.control("faults", contradiction).await;
    let message = app.reply(&conversation, "k1", "taken and not taken").await;
    let unconfirmed = app.message_becomes(&message, "UNCONFIRMED").await;
    assert_ne!(unconfirmed["providerReference"], Value::Null, "{unconfirmed}");
    app.message_becomes(&message, "SENT").await;
    assert_eq!((seen(&app, &message, 1).await, seen(&app, &message, 2).await), (1, 0));
}
