//! The provider takes nothing from an account: its texts wait, visibly, for a person.

use serde_json::{Value, json};

use crate::{
    api::alerts,
    support::{CUSTOMER_ID, TestApp, eventually},
};

/// Why the account's texts wait, as an admin sees it.
async fn stop_of(app: &TestApp) -> Value {
    let query = "query ($id: ID!) { channelAccount(id: $id) { stop {
        since code providerCode description } } }";
    app.admin.data(query, json!({ "id": app.account })).await["channelAccount"]["stop"].clone()
}

async fn is_stopped(app: &TestApp) -> Value {
    eventually("the account is stopped", || async {
        let stop = stop_of(app).await;
        (!stop.is_null()).then_some(stop)
    })
    .await
}

async fn suspend(app: &TestApp, suspended: bool) {
    let change = json!({ "customer_id": CUSTOMER_ID, "suspended": suspended });
    app.control("accounts", change).await;
}

/// Requests that the provider has had for this text.
async fn tries(app: &TestApp, message: &str) -> usize {
    app.message(message).await["attempts"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_account_waits_for_a_person_in_every_process() {
    let app = TestApp::start().await;
    let first = app.annas_conversation("14155550701").await;
    let second = app.annas_conversation("14155550702").await;
    suspend(&app, true).await;
    let tried = app.reply(&first, "k1", "first").await;
    let stop = is_stopped(&app).await;
    assert_eq!((&stop["code"], &stop["providerCode"]), (&json!("CREDENTIALS"), &json!("10010")));
    let open = alerts(&app.admin, Some(true)).await;
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!(open[0]["subject"], json!({ "__typename": "ChannelAccount", "id": app.account }));
    assert!(open[0]["text"].as_str().unwrap().contains("10010"), "{open:?}");
    suspend(&app, false).await;
    let waiting = app.reply(&second, "k2", "second").await;

    // A process that starts now knows of the stop from the database alone.
    let another = app.second_server().await;
    let elsewhere = app.annas_conversation("14155550703").await;
    let also = app.reply(&elsewhere, "k3", "third").await;
    // Each process looks at the outbox twenty times a second.
    let looked = "select count(*) from outbox where state = 'QUEUED'";
    for _ in 0..20 {
        assert_eq!(app.database.count(looked).await, 3, "nothing leaves a stopped account");
        app.message(&also).await;
    }
    assert_eq!((tries(&app, &tried).await, tries(&app, &waiting).await), (1, 0));
    let validate = json!({ "channelAccountId": app.account });
    app.admin.mutate("channelAccountValidate", validate, "validation { ok }").await;
    for message in [&tried, &waiting, &also] {
        app.message_becomes(message, "DELIVERED").await;
    }
    assert_eq!(stop_of(&app).await, Value::Null);
    assert_eq!(alerts(&app.admin, Some(true)).await, Vec::<Value>::new());
    assert_eq!(app.ledger().await.len(), 3);
    drop(another);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_resumed_too_early_is_stopped_again() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550701").await;
    suspend(&app, true).await;
    let message = app.reply(&conversation, "k1", "later").await;
    let first = is_stopped(&app).await;
    let resume = json!({ "channelAccountId": app.account });
    app.admin.mutate("channelAccountResume", resume.clone(), "channelAccount { id }").await;
    eventually("it was stopped again", || async {
        let stop = stop_of(&app).await;
        (!stop.is_null() && stop["since"] != first["since"]).then_some(())
    })
    .await;
    let (open, over) =
        (alerts(&app.admin, Some(true)).await, alerts(&app.admin, Some(false)).await);
    assert_eq!((open.len(), over.len()), (1, 1), "each stop is an alert of its own");
    suspend(&app, false).await;
    app.admin.mutate("channelAccountResume", resume.clone(), "channelAccount { id }").await;
    app.message_becomes(&message, "DELIVERED").await;
    // One that is not stopped stays as it is.
    app.admin.mutate("channelAccountResume", resume, "channelAccount { id }").await;
    let unknown = json!({ "channelAccountId": "cha_00000000000000000000000000" });
    assert_eq!(app.admin.refused("channelAccountResume", unknown).await["code"], "NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_to_a_send_of_before_does_not_stop_an_account_that_was_resumed() {
    let app = TestApp::start().await;
    let slow = app.annas_conversation("14155550701").await;
    let quick = app.annas_conversation("14155550702").await;
    let refusal = json!({ "kind": "answer", "http_status": 401, "code": 10022,
        "phone_number": "14155550701", "delay_ms": 1_500, "count": 1 });
    app.control("faults", refusal).await;
    let late = app.reply(&slow, "k1", "late").await;
    app.message_becomes(&late, "SENDING").await;
    suspend(&app, true).await;
    let stopping = app.reply(&quick, "k2", "stops").await;
    is_stopped(&app).await;
    suspend(&app, false).await;
    let resume = json!({ "channelAccountId": app.account });
    app.admin.mutate("channelAccountResume", resume, "channelAccount { id }").await;
    app.message_becomes(&stopping, "DELIVERED").await;
    let delivered = app.message_becomes(&late, "DELIVERED").await;
    assert_eq!(delivered["attempts"].as_array().unwrap().len(), 2, "it was refused once");
    assert_eq!(alerts(&app.admin, None).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_allowance_that_is_used_up_stops_the_account_too_and_another_key_lets_it_go_on() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550701").await;
    for (at, fault) in [
        json!({ "kind": "hard_cap", "count": 1 }),
        json!({ "kind": "answer", "http_status": 429, "code": 3203, "count": 1 }),
        json!({ "kind": "answer", "http_status": 429, "code": 3206, "count": 1 }),
    ]
    .into_iter()
    .enumerate()
    {
        app.control("faults", fault.clone()).await;
        let message = app.reply(&conversation, &format!("k{at}"), "waits").await;
        is_stopped(&app).await;
        app.message_becomes(&message, "QUEUED").await;
        let query = "query ($id: ID!) { channelAccount(id: $id) { version } }";
        let data = app.admin.data(query, json!({ "id": app.account })).await;
        let rotate = json!({ "channelAccountId": app.account, "apiKey": crate::support::API_KEY,
            "expectedVersion": data["channelAccount"]["version"] });
        app.admin.mutate("channelAccountRotateKey", rotate, "channelAccount { id }").await;
        app.message_becomes(&message, "DELIVERED").await;
    }
    assert_eq!(app.ledger().await.len(), 3);
}
