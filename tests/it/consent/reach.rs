//! How far an opt-out reaches: to all of our numbers, or to the one that was texted.

use serde_json::{Value, json};

use super::{CUSTOMER, conversation, got, is_refused, text};
use crate::support::{SUPPORT_NUMBER, TestApp, eventually};

const OTHER_NUMBER: &str = "15550002222";

/// A second number of the same workstream; answers its id.
async fn second_number(app: &TestApp) -> String {
    let input = json!({
        "channelAccountId": app.account, "kind": "GEO", "number": OTHER_NUMBER,
        "workstreamId": app.workstream,
    });
    let added = app.admin.mutate("supportNumberAdd", input, "supportNumber { id }").await;
    added["supportNumber"]["id"].as_str().unwrap().to_owned()
}

async fn reach(app: &TestApp, scope: &str) {
    let query = "{ organization { version consentScope } }";
    let version = app.admin.data(query, json!({})).await["organization"]["version"].clone();
    let input = json!({ "expectedVersion": version, "consentScope": scope });
    app.admin.mutate("organizationUpdate", input, "organization { version }").await;
    let now = app.admin.data(query, json!({})).await["organization"]["consentScope"].clone();
    assert_eq!(now, scope);
}

/// A conversation on a number of ours that Anna has picked; answers its id.
async fn picked(app: &TestApp, number: &str) -> String {
    text(app, CUSTOMER, number, "hello").await;
    let id = conversation(app, CUSTOMER, number).await["id"].as_str().unwrap().to_owned();
    app.anna.mutate("conversationPick", json!({ "conversationId": id }), "").await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_to_one_number_reaches_all_of_them_at_once() {
    let app = TestApp::start().await;
    second_number(&app).await;
    let (one, other) = (picked(&app, SUPPORT_NUMBER).await, picked(&app, OTHER_NUMBER).await);
    let mut socket = app.anna.socket().await;
    let feed = "subscription { agentFeed { __typename ... on AgentDelta { events { __typename
        ... on ConversationUpserted { changed conversation { id optedOut viewerCan } } } } } }";
    socket.subscribe(feed, json!({})).await;
    assert_eq!(socket.event().await["agentFeed"]["__typename"], "AgentSnapshot");
    text(&app, CUSTOMER, OTHER_NUMBER, "STOP").await;
    let mut told: Vec<Value> = Vec::new();
    while told.len() < 2 {
        let frame = socket.event().await["agentFeed"].clone();
        let events = frame["events"].as_array().unwrap().clone();
        told.extend(events.into_iter().filter(|event| {
            event["changed"].as_array().is_some_and(|it| it.contains(&json!("optedOut")))
        }));
    }
    for event in &told {
        let conversation = &event["conversation"];
        assert_eq!(conversation["optedOut"], true, "{event}");
        assert!(!conversation["viewerCan"].as_array().unwrap().contains(&json!("REPLY")));
        assert!(event["changed"].as_array().unwrap().contains(&json!("viewerCan")));
    }
    let ids: Vec<&Value> = told.iter().map(|event| &event["conversation"]["id"]).collect();
    assert!(ids.contains(&&json!(one)) && ids.contains(&&json!(other)), "{told:?}");
    is_refused(&app, &one, "k1").await;
    is_refused(&app, &other, "k2").await;
    // Said again to the other number, it restores both.
    text(&app, CUSTOMER, SUPPORT_NUMBER, "START").await;
    let replies = [app.reply(&one, "k3", "one").await, app.reply(&other, "k4", "other").await];
    for reply in replies {
        app.message_becomes(&reply, "DELIVERED").await;
    }
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_waits_on_another_number_never_leaves_either() {
    let app = TestApp::start().await;
    second_number(&app).await;
    let (one, other) = (picked(&app, SUPPORT_NUMBER).await, picked(&app, OTHER_NUMBER).await);
    app.control("faults", json!({ "kind": "hang", "phone_number": CUSTOMER, "count": 1 })).await;
    let on_the_wire = app.reply(&one, "k1", "on the wire").await;
    app.message_becomes(&on_the_wire, "SENDING").await;
    let waits = app.reply(&one, "k2", "must not leave").await;
    text(&app, CUSTOMER, OTHER_NUMBER, "STOP").await;
    let failed = app.message_becomes(&waits, "FAILED").await;
    assert_eq!(failed["failure"]["code"], "OPTED_OUT", "{failed}");
    is_refused(&app, &other, "k3").await;
    let texts = got(&app, CUSTOMER).await;
    assert!(!texts.contains(&"must not leave".to_owned()), "{texts:?}");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_may_reach_one_number_only() {
    let app = TestApp::start().await;
    let other_id = second_number(&app).await;
    reach(&app, "NUMBER").await;
    let one = picked(&app, SUPPORT_NUMBER).await;
    text(&app, CUSTOMER, OTHER_NUMBER, "STOP").await;
    let reply = app.reply(&one, "k1", "still welcome").await;
    app.message_becomes(&reply, "DELIVERED").await;
    let start = json!({
        "supportNumberId": other_id, "to": format!("+{CUSTOMER}"), "text": "no",
        "idempotencyKey": "k2",
    });
    let refusal = app.anna.refused("conversationStart", start).await;
    assert_eq!(refusal["code"], "RECIPIENT_OPTED_OUT", "{refusal}");
    text(&app, CUSTOMER, SUPPORT_NUMBER, "STOP").await;
    is_refused(&app, &one, "k3").await;
    text(&app, CUSTOMER, OTHER_NUMBER, "START").await;
    is_refused(&app, &one, "k4").await;
    let numbers = "select count(distinct support_number_id) from consent_entries";
    assert_eq!(app.database.count(numbers).await, 2);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opted_out_by_one_number_is_known_when_first_heard_of_on_another() {
    let app = TestApp::start().await;
    let other_id = second_number(&app).await;
    text(&app, CUSTOMER, SUPPORT_NUMBER, "STOP").await;
    let start = json!({
        "supportNumberId": other_id, "to": format!("+{CUSTOMER}"), "text": "no",
        "idempotencyKey": "k1",
    });
    let refusal = app.anna.refused("conversationStart", start).await;
    assert_eq!(refusal["code"], "RECIPIENT_OPTED_OUT", "{refusal}");
    text(&app, CUSTOMER, OTHER_NUMBER, "I have a question").await;
    let seen = conversation(&app, CUSTOMER, OTHER_NUMBER).await;
    assert_eq!((&seen["status"], &seen["optedOut"]), (&json!("OPEN"), &json!(true)));
    // Both numbers say START at once: one line, and both conversations are free.
    tokio::join!(
        text(&app, CUSTOMER, SUPPORT_NUMBER, "START"),
        text(&app, CUSTOMER, OTHER_NUMBER, "START")
    );
    eventually("both are free", || async {
        let one = conversation(&app, CUSTOMER, SUPPORT_NUMBER).await["optedOut"].clone();
        let other = conversation(&app, CUSTOMER, OTHER_NUMBER).await["optedOut"].clone();
        (one == false && other == false).then_some(())
    })
    .await;
    let lines = "select count(*) from consent_entries where status = 'OPTED_IN'";
    assert_eq!(app.database.count(lines).await, 1);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_reach_is_followed_by_every_conversation_at_once() {
    let app = TestApp::start().await;
    second_number(&app).await;
    reach(&app, "NUMBER").await;
    let one = picked(&app, SUPPORT_NUMBER).await;
    text(&app, CUSTOMER, OTHER_NUMBER, "STOP").await;
    let reply = app.reply(&one, "k1", "welcome").await;
    app.message_becomes(&reply, "DELIVERED").await;
    reach(&app, "ORGANIZATION").await;
    assert_eq!(conversation(&app, CUSTOMER, SUPPORT_NUMBER).await["optedOut"], true);
    is_refused(&app, &one, "k2").await;
    reach(&app, "NUMBER").await;
    let reply = app.reply(&one, "k3", "welcome again").await;
    app.message_becomes(&reply, "DELIVERED").await;
    assert_eq!(conversation(&app, CUSTOMER, OTHER_NUMBER).await["optedOut"], true);
    app.server.stop().await;
}
