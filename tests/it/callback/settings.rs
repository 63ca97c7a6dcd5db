//! A change of settings holds for the very next callback.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{CUSTOMER, conversations, kept, plain_text, post, signed_headers, texts_of};
use crate::support::{API_KEY, CUSTOMER_ID, Caller, SUPPORT_NUMBER, TestApp, eventually, http};

const SECOND_KEY: &str = "c2Vjb25kLWtleS0wMTIzNDU2Nzg5MDEyMzQ1Njc4OTAx";
const THIRD_KEY: &str = "dGhpcmQta2V5LTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEy";

/// Gives the account another key, which the provider knows.
async fn rotate(app: &TestApp, key: &str) {
    app.control("accounts", json!({ "customer_id": CUSTOMER_ID, "api_key": key })).await;
    let query = "query ($id: ID!) { channelAccount(id: $id) { version } }";
    let account = app.admin.data(query, json!({ "id": app.account })).await;
    let input = json!({
        "channelAccountId": app.account, "apiKey": key,
        "expectedVersion": account["channelAccount"]["version"],
    });
    app.admin.mutate("channelAccountRotateKey", input, "").await;
}

/// A text that this key has signed; answers the HTTP status.
async fn signed_with(app: &TestApp, key: &str, reference: &str) -> u16 {
    let body = plain_text(reference, reference);
    post(&app.callback_url, signed_headers(CUSTOMER_ID, key, &body), &body).await
}

async fn update_number(app: &TestApp, expected_version: i32, changes: Value) {
    let mut input = json!({ "supportNumberId": app.number, "expectedVersion": expected_version });
    for (name, value) in changes.as_object().unwrap() {
        input[name] = value.clone();
    }
    app.admin.mutate("supportNumberUpdate", input, "").await;
}

/// A workstream with a queue of its own; answers their ids.
async fn other_workstream(app: &TestApp) -> (String, String) {
    let queue = app.admin.mutate("queueCreate", json!({ "name": "Sales" }), "queue { id }").await;
    let queue = queue["queue"]["id"].as_str().unwrap().to_owned();
    let input = json!({ "name": "Vendite", "language": "it", "fallbackQueueId": queue });
    let made = app.admin.mutate("workstreamCreate", input, "workstream { id }").await;
    (made["workstream"]["id"].as_str().unwrap().to_owned(), queue)
}

/// Where the conversation with a customer belongs.
async fn place_of(app: &TestApp, customer: &str) -> (Value, Value, Value) {
    let id = app.conversation_with(customer).await["id"].clone();
    let query = "query ($id: ID!) { conversation(id: $id) {
        workstream { id } queue { id } language } }";
    let found = app.admin.data(query, json!({ "id": id })).await["conversation"].clone();
    (found["workstream"]["id"].clone(), found["queue"]["id"].clone(), found["language"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn both_keys_are_taken_after_a_rotation_and_no_third() {
    let app = TestApp::start().await;
    assert_eq!(signed_with(&app, API_KEY, "A1").await, 200);
    assert_eq!(signed_with(&app, SECOND_KEY, "A2").await, 401);
    rotate(&app, SECOND_KEY).await;
    assert_eq!(signed_with(&app, SECOND_KEY, "B1").await, 200, "the new key at once");
    assert_eq!(signed_with(&app, API_KEY, "B2").await, 200, "the old one has its grace");
    assert_eq!(signed_with(&app, THIRD_KEY, "B3").await, 401);
    assert_eq!(texts_of(&app, CUSTOMER).await, ["A1", "B1", "B2"]);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_key_is_refused_when_its_grace_is_over() {
    let app = TestApp::start().await;
    rotate(&app, SECOND_KEY).await;
    assert_eq!(signed_with(&app, API_KEY, "A1").await, 200);
    let clock = app.server.clock();
    clock.set_offset(clock.offset() + TimeDelta::hours(23));
    assert_eq!(signed_with(&app, API_KEY, "A2").await, 200);
    clock.set_offset(clock.offset() + TimeDelta::hours(2));
    let before = super::traces(&app).await;
    assert_eq!(signed_with(&app, API_KEY, "A3").await, 401);
    assert_eq!(super::traces(&app).await, before);
    assert_eq!(signed_with(&app, SECOND_KEY, "A4").await, 200);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_from_before_the_last_rotation_but_one_is_refused_at_once() {
    let app = TestApp::start().await;
    assert_eq!(signed_with(&app, API_KEY, "A1").await, 200);
    rotate(&app, SECOND_KEY).await;
    rotate(&app, THIRD_KEY).await;
    let before = super::traces(&app).await;
    // The very next callback, before one with a newer key has told of the change.
    assert_eq!(signed_with(&app, API_KEY, "A2").await, 401);
    assert_eq!(super::traces(&app).await, before);
    assert_eq!(signed_with(&app, SECOND_KEY, "A3").await, 200);
    assert_eq!(signed_with(&app, THIRD_KEY, "A4").await, 200);
    assert_eq!(texts_of(&app, CUSTOMER).await, ["A1", "A3", "A4"]);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_disabled_takes_not_even_the_next_text() {
    let app = TestApp::start().await;
    app.text_in(CUSTOMER, "before").await;
    update_number(&app, 1, json!({ "active": false })).await;
    app.text_in(CUSTOMER, "to an open conversation").await;
    app.text_in("14155550124", "to a new one").await;
    assert_eq!(kept(&app, &["UNROUTED"]).await.len(), 2);
    assert_eq!(texts_of(&app, CUSTOMER).await, ["before"]);
    assert_eq!(conversations(&app).await, 1);
    update_number(&app, 2, json!({ "active": true })).await;
    app.text_in(CUSTOMER, "after").await;
    assert_eq!(texts_of(&app, CUSTOMER).await, ["before", "after"]);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_gets_another_workstream_for_the_very_next_conversation() {
    let app = TestApp::start().await;
    app.text_in(CUSTOMER, "before").await;
    let (workstream, queue) = other_workstream(&app).await;
    let before = place_of(&app, CUSTOMER).await;
    assert_eq!(before, (json!(app.workstream), json!(app.queue), json!("en")));
    update_number(&app, 1, json!({ "workstreamId": workstream })).await;
    app.text_in("14155550124", "after").await;
    let after = place_of(&app, "14155550124").await;
    assert_eq!(after, (json!(workstream), json!(queue), json!("it")));
    // One that is under way stays where it is.
    app.text_in(CUSTOMER, "after").await;
    assert_eq!(place_of(&app, CUSTOMER).await, before);
    assert_eq!(texts_of(&app, CUSTOMER).await, ["before", "after"]);

    update_number(&app, 2, json!({ "workstreamId": null })).await;
    app.text_in("14155550125", "nowhere").await;
    assert_eq!(kept(&app, &["UNROUTED"]).await.len(), 1);
    assert_eq!(conversations(&app).await, 2);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_takes_texts_as_soon_as_it_is_added() {
    const ADDED: &str = "15550009999";
    let app = TestApp::start().await;
    let text = |text: &str| json!({ "from": CUSTOMER, "to": ADDED, "text": text });
    app.text_in(CUSTOMER, "hello").await;
    app.control("inbound", text("too early")).await;
    assert_eq!(kept(&app, &["UNROUTED"]).await.len(), 1);
    let input = json!({
        "channelAccountId": app.account, "kind": "GEO", "number": ADDED,
        "workstreamId": app.workstream,
    });
    app.admin.mutate("supportNumberAdd", input, "").await;
    let answer = app.control("inbound", text("in time")).await;
    assert_eq!(answer["answers"], json!({ "200": 1 }));
    let texts = "select text from messages order by created_at";
    assert_eq!(app.database.column(texts).await, ["hello", "in time"]);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_is_lost_while_settings_change() {
    const TEXTS: i64 = 120;
    let app = TestApp::start().await;
    let body = json!({
        "from": CUSTOMER, "to": SUPPORT_NUMBER, "text": "{n}", "count": TEXTS, "senders": 30,
        "concurrency": 8,
    });
    let changes = async {
        for version in 1..=12 {
            update_number(&app, version, json!({ "active": version % 2 == 0 })).await;
        }
    };
    let (answer, ()) = tokio::join!(app.control("inbound", body), changes);
    assert_eq!(answer["answers"], json!({ "200": TEXTS }), "{answer}");
    let had = "select count(*) from messages";
    let waiting = "select count(*) from receipts where outcome = 'UNROUTED'";
    // A text that the database was too slow for is in the spool a moment longer.
    eventually("each is a message or waits to be one", || async {
        let (had, waiting) = (app.database.count(had).await, app.database.count(waiting).await);
        assert!(had + waiting <= TEXTS, "no text counts twice");
        (had + waiting == TEXTS).then_some(())
    })
    .await;
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_another_server_has_made_is_known_by_its_first_callback() {
    let app = TestApp::start().await;
    let elsewhere = app.second_server().await;
    // This server has read the organization's settings before the account was made elsewhere.
    app.server.engine().announce().await;
    let admin = Caller::new(&elsewhere.url(), app.admin.token().map(ToOwned::to_owned));
    let input = json!({
        "name": "Second", "customerId": "11111111-EEEE-DDDD-1234-AB1234567890",
        "apiKey": "b3RoZXIta2V5LTAxMjM0NTY3ODkwMTIzNDU2Nzg5", "validate": false,
        "idempotencyKey": "second",
    });
    let made = admin.mutate("channelAccountCreate", input, "channelAccount { callbackUrl }").await;
    let url = made["channelAccount"]["callbackUrl"].as_str().unwrap();
    let here = url.replace(&elsewhere.url(), &app.url());
    let answer = http().post(here).body("{}").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 401, "its address is known, its signature is missing");
    elsewhere.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_workstream_holds_for_the_next_callback() {
    let app = TestApp::start().await;
    let (_, sales) = other_workstream(&app).await;
    let update = |version: i32, more: Value| {
        let mut input = json!({ "workstreamId": app.workstream, "expectedVersion": version });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    app.text_in("14155550101", "before").await;
    let change = json!({ "language": "it", "fallbackQueueId": sales });
    app.admin.mutate("workstreamUpdate", update(1, change), "").await;
    app.text_in("14155550102", "after").await;
    assert_eq!(place_of(&app, "14155550101").await.2, "en", "what has begun stays as it is");
    let (_, queue, language) = place_of(&app, "14155550102").await;
    assert_eq!((queue, language), (json!(sales), json!("it")));
    app.admin.mutate("workstreamUpdate", update(2, json!({ "active": false })), "").await;
    app.text_in("14155550103", "nobody takes it").await;
    let unrouted = "select count(*) from receipts where outcome = 'UNROUTED'";
    assert_eq!(app.database.count(unrouted).await, 1);
}
