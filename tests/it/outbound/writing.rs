//! What agents ask for: texts, and moves of a conversation.

use serde_json::{Value, json};

use crate::support::{TestApp, eventually};

const CUSTOMER: &str = "14155550123";

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_is_one_text_however_often_it_is_used() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let calls = (0..20).map(|_| app.reply(&conversation, "the key", "once"));
    let ids = futures_util::future::join_all(calls).await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    app.message_becomes(&ids[0], "DELIVERED").await;
    assert_eq!(app.ledger().await.len(), 1);
    let other =
        json!({ "conversationId": conversation, "idempotencyKey": "the key", "text": "another" });
    let refused = app.anna.refused("messageSend", other).await;
    assert_eq!(refused["code"], "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(refused["field"], json!(["input", "idempotencyKey"]));
    let again = app.reply(&conversation, "the key", "once").await;
    assert_eq!(again, ids[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_too_long_is_refused_with_its_count() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let send = |text: String| json!({ "conversationId": conversation, "idempotencyKey": text.len().to_string(), "text": text });
    let refused = app.anna.refused("messageSend", send("😀".repeat(1_601))).await;
    assert_eq!(refused["code"], "MESSAGE_TOO_LONG");
    assert!(refused["message"].as_str().unwrap().contains("1601"), "{refused}");
    assert_eq!(refused["field"], json!(["input", "text"]));
    let refused = app.anna.refused("messageSend", send("  ".into())).await;
    assert_eq!(refused["code"], "REQUIRED");
    app.anna.mutate("messageSend", send("😀".repeat(1_600)), "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_quick_texts_arrive_in_their_order() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    for number in 0..20 {
        app.reply(&conversation, &format!("k{number}"), &number.to_string()).await;
    }
    let ledger = eventually("all have arrived", || async {
        let ledger = app.ledger().await;
        (ledger.len() == 20).then_some(ledger)
    })
    .await;
    let words: Vec<&str> = ledger.iter().map(|entry| entry["message"].as_str().unwrap()).collect();
    let in_order: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    assert_eq!(words, in_order);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_agents_that_pick_at_once_one_wins() {
    let app = TestApp::start().await;
    for round in 0..5 {
        let customer = format!("1415555040{round}");
        app.text_in(&customer, "hello").await;
        let id = app.conversation_with(&customer).await["id"].clone();
        let pick = json!({ "conversationId": id });
        let fields = "conversation { status assignment { agent { displayName } } }";
        let (anna, bert) = tokio::join!(
            app.anna.payload("conversationPick", pick.clone(), fields),
            app.bert.payload("conversationPick", pick.clone(), fields),
        );
        let errors = [&anna["userErrors"], &bert["userErrors"]];
        let winners = errors.iter().filter(|errors| **errors == &json!([])).count();
        assert_eq!(winners, 1, "{anna} {bert}");
        let loser = errors.iter().find(|errors| **errors != &json!([])).unwrap();
        // The loser no longer sees it, or is told who was first.
        let code = loser[0]["code"].as_str().unwrap();
        assert!(["ALREADY_ASSIGNED", "NOT_FOUND"].contains(&code), "{loser}");
    }
}

async fn act(app: &TestApp, name: &str, id: &str, more: Value) -> Value {
    let mut input = json!({ "conversationId": id });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let fields = "conversation { status version viewerCan waitingOn resolutionReason }";
    app.anna.mutate(name, input, fields).await["conversation"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_goes_through_its_life() {
    let app = TestApp::start().await;
    let id = app.annas_conversation(CUSTOMER).await;
    let waiting = act(&app, "conversationWait", &id, json!({ "waitingOn": "THIRD_PARTY" })).await;
    assert_eq!(
        (&waiting["status"], &waiting["waitingOn"]),
        (&json!("WAITING"), &json!("THIRD_PARTY"))
    );
    let active = act(&app, "conversationResume", &id, json!({})).await;
    assert_eq!(active["status"], "ACTIVE");
    assert_eq!(active["viewerCan"], json!(["REPLY", "WAIT", "WRAP_UP", "RESOLVE"]));
    let refused = app.anna.refused("conversationResume", json!({ "conversationId": id })).await;
    assert_eq!(refused["code"], "INVALID_TRANSITION");
    act(&app, "conversationWrapUp", &id, json!({})).await;
    app.text_in(CUSTOMER, "one more thing").await;
    eventually("it is active again", || async {
        (app.conversation_with(CUSTOMER).await["status"] == "ACTIVE").then_some(())
    })
    .await;
    let stale = json!({ "conversationId": id, "reason": "SOLVED", "expectedVersion": 1 });
    let refused = app.anna.refused("conversationResolve", stale).await;
    assert_eq!(refused["code"], "VERSION_CONFLICT");
    assert!(refused["currentVersion"].as_i64().unwrap() > 1, "{refused}");
    let resolved = act(&app, "conversationResolve", &id, json!({ "reason": "SOLVED" })).await;
    assert_eq!((&resolved["status"], &resolved["viewerCan"]), (&json!("RESOLVED"), &json!([])));
    app.text_in(CUSTOMER, "a new matter").await;
    let next = app.conversation_with(CUSTOMER).await;
    assert_ne!(next["id"], id.as_str());
    let query = "query ($id: ID!) { conversation(id: $id) { previousConversation { id } } }";
    let data = app.admin.data(query, json!({ "id": next["id"] })).await;
    assert_eq!(data["conversation"]["previousConversation"]["id"], id.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_that_returns_to_a_waiting_conversation_opens_it() {
    let app = TestApp::start().await;
    let id = app.annas_conversation(CUSTOMER).await;
    act(&app, "conversationWait", &id, json!({ "waitingOn": "CUSTOMER" })).await;
    app.text_in(CUSTOMER, "back").await;
    let conversation = app.conversation_with(CUSTOMER).await;
    assert_eq!(
        (conversation["id"].as_str(), conversation["status"].as_str()),
        (Some(&*id), Some("OPEN"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_may_text_first_and_the_answer_joins() {
    let app = TestApp::start().await;
    let start = |key: &str| {
        json!({
            "idempotencyKey": key, "workstreamId": app.workstream, "supportNumberId": app.number,
            "to": format!("+{CUSTOMER}"), "text": "Your parcel is here",
        })
    };
    let fields = "conversation { id status } message { id }";
    let payload = app.anna.mutate("conversationStart", start("k1"), fields).await;
    let message = payload["message"]["id"].as_str().unwrap();
    app.message_becomes(message, "DELIVERED").await;
    app.text_in(CUSTOMER, "thank you").await;
    let id = payload["conversation"]["id"].as_str().unwrap();
    let texts = app.texts(id).await;
    assert_eq!(texts.len(), 2, "{texts:?}");
    let refused = app.anna.refused("conversationStart", start("k2")).await;
    assert_eq!(refused["code"], "CONVERSATION_EXISTS");
    let again = app.anna.mutate("conversationStart", start("k1"), fields).await;
    assert_eq!(again["conversation"]["id"], id, "the same key, the same answer");
}
