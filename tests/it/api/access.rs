//! Roles and organizations.

use std::time::Duration;

use centralino::{
    api::graphql::{ACCESS, Access},
    domain::conversation::access::Role,
};
use serde_json::{Value, json};

use crate::support::{Caller, TestApp, document};

/// Well-formed, and names nothing.
fn no_id(_field: &str) -> Value {
    json!("cnv_00000000000000000000000000")
}

async fn code_of(caller: &Caller, coordinate: &str) -> Option<String> {
    let (query, variables) = document(coordinate, &no_id).expect(coordinate);
    let answer = if coordinate.starts_with("Subscription") {
        let mut socket = caller.socket().await;
        socket.subscribe(&query, variables).await;
        // A stream that lets the caller in may have nothing to say yet.
        let message = socket.hear_within(Duration::from_secs(1)).await.unwrap_or_default();
        match message["type"].as_str() {
            Some("error") => json!({ "errors": message["payload"] }),
            _ => message["payload"].clone(),
        }
    } else {
        caller.ask(&query, variables).await
    };
    answer["errors"][0]["extensions"]["code"].as_str().map(ToOwned::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_root_field_lets_in_whom_the_table_says_and_nobody_else() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let refusals = ["UNAUTHENTICATED", "FORBIDDEN"];
    for (coordinate, access) in ACCESS {
        let admin = code_of(&app.admin, coordinate).await;
        assert!(
            !refusals.contains(&admin.as_deref().unwrap_or_default()),
            "{coordinate}: {admin:?}"
        );
        let agent = code_of(&app.anna, coordinate).await;
        let is_refused = agent.as_deref() == Some("FORBIDDEN");
        let is_beyond = matches!(access, Access::Staff(role) if *role > Role::Agent);
        assert_eq!(is_refused, is_beyond, "{coordinate}: {agent:?}");
        let nobody = code_of(&stranger, coordinate).await;
        let is_refused = nobody.as_deref() == Some("UNAUTHENTICATED");
        assert_eq!(is_refused, *access != Access::Anyone, "{coordinate}: {nobody:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organization_finds_nothing_of_ours() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550123").await;
    let message = app.reply(&conversation, "k1", "planted words").await;
    let anna = app.anna.data("{ viewer { agent { id } } }", json!({})).await;
    let anna = anna["viewer"]["agent"]["id"].as_str().unwrap().to_owned();
    let (other, _) = app.other_organization().await;
    let ids =
        [&conversation, &message, &app.queue, &app.workstream, &app.account, &app.number, &anna];
    let nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let mine = app.admin.data(nodes, json!({ "ids": ids })).await;
    assert!(mine["nodes"].as_array().unwrap().iter().all(|node| !node.is_null()), "{mine}");
    let theirs = other.data(nodes, json!({ "ids": ids })).await;
    assert!(theirs["nodes"].as_array().unwrap().iter().all(Value::is_null), "{theirs}");
    for field in [
        "conversation",
        "message",
        "queue",
        "workstream",
        "channelAccount",
        "supportNumber",
        "agent",
    ] {
        for id in ids {
            let query = format!("query ($id: ID!) {{ {field}(id: $id) {{ id }} }}");
            let data = other.data(&query, json!({ "id": id })).await;
            assert_eq!(data[field], Value::Null, "{field} {id}");
        }
    }
    let lists = "{ conversations(first: 9) { nodes { id } } callbacks(first: 9) { nodes { id } }
        agents(first: 9) { nodes { displayName } } supportNumbers(first: 9) { nodes { id } } }";
    let text = other.data(lists, json!({})).await.to_string();
    assert!(!text.contains("Anna") && !text.contains(&app.number), "{text}");
    let act = |name: &'static str, input: Value| {
        let other = &other;
        async move { other.refused(name, input).await["code"].clone() }
    };
    let id = json!({ "conversationId": conversation });
    assert_eq!(act("conversationPick", id).await, "NOT_FOUND");
    let send = json!({ "conversationId": conversation, "idempotencyKey": "x", "text": "x" });
    assert_eq!(act("messageSend", send).await, "NOT_FOUND");
    let validate = json!({ "channelAccountId": app.account });
    assert_eq!(act("channelAccountValidate", validate).await, "NOT_FOUND");
    let update = json!({ "supportNumberId": app.number, "expectedVersion": 1, "active": false });
    assert_eq!(act("supportNumberUpdate", update).await, "NOT_FOUND");
    let events =
        "subscription ($id: ID!) { conversationEvents(conversationId: $id) { __typename } }";
    let mut socket = other.socket().await;
    socket.subscribe(events, json!({ "id": conversation })).await;
    let message = socket.hear().await.to_string();
    assert!(message.contains("BAD_USER_INPUT") && !message.contains("planted"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_sees_open_work_of_its_queues_and_its_own_and_no_more() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550123").await;
    let query = "query ($id: ID!) { conversation(id: $id) { id } }";
    let id = json!({ "id": conversation });
    assert_ne!(app.anna.data(query, id.clone()).await["conversation"], Value::Null);
    assert_eq!(app.bert.data(query, id.clone()).await["conversation"], Value::Null);
    let wait = json!({ "conversationId": conversation, "waitingOn": "CUSTOMER" });
    app.anna.mutate("conversationWait", wait, "").await;
    app.text_in("14155550123", "back again").await;
    assert_ne!(app.bert.data(query, id).await["conversation"], Value::Null, "it is open work");
}
