//! The audit log: what mutations leave in it, and that no line of it can be touched unnoticed.
//!
//! `everything` calls each mutation once and looks for its line and for secrets, `chain` attacks the
//! lines as the server's role and as the owner.

mod chain;
mod everything;

use serde_json::{Value, json};

use crate::support::{API_KEY, CUSTOMER_ID, Caller, TestApp, eventually};

const LOG: &str = "query ($filter: AuditFilter) { auditEntries(last: 100, filter: $filter) {
    nodes { id at action outcome subjectId ip requestId changes { field before after }
        actor { kind label } } } }";
const PASSWORD: &str = "correct horse battery";

async fn entries(caller: &Caller, filter: Value) -> Vec<Value> {
    let data = caller.data(LOG, json!({ "filter": filter })).await;
    data["auditEntries"]["nodes"].as_array().unwrap().clone()
}

async fn of_action(app: &TestApp, action: &str) -> Vec<Value> {
    entries(&app.admin, json!({ "actions": [action] })).await
}

/// An agent that can sign in.
async fn add_carla(app: &TestApp) {
    let input = json!({
        "email": "carla@acme.example", "displayName": "Carla", "role": "AGENT",
        "password": PASSWORD,
    });
    app.admin.mutate("agentCreate", input, "").await;
}

async fn sign_in(app: &TestApp, password: &str) -> Value {
    let query = "mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) {
        token userErrors { code } } }";
    let input = json!({ "email": "carla@acme.example", "password": password });
    app.stranger().data(query, json!({ "input": input })).await["sessionCreate"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_says_who_what_where_from_and_what_was_before() {
    let app = TestApp::start().await;
    // A customer's text is no entry; what an agent makes of it is.
    let conversation = app.annas_conversation("14155550123").await;
    let of_it = entries(&app.admin, json!({ "subjectId": conversation })).await;
    let [picked] = of_it.as_slice() else { panic!("{of_it:?}") };
    assert_eq!(picked["action"], "conversationPick");
    let status = json!({ "field": "status", "before": "OPEN", "after": "ACTIVE" });
    assert!(picked["changes"].as_array().unwrap().contains(&status), "{picked}");
    let update = json!({ "supportNumberId": app.number, "expectedVersion": 1, "active": false });
    app.admin.mutate("supportNumberUpdate", update, "").await;
    let found = of_action(&app, "supportNumberUpdate").await;
    let [entry] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(entry["subjectId"], app.number.as_str());
    assert_eq!(entry["outcome"], "DONE");
    assert_eq!(entry["ip"], "127.0.0.1");
    assert!(entry["requestId"].as_str().unwrap().starts_with("req_"), "{entry}");
    assert_eq!(entry["actor"], json!({ "kind": "API_TOKEN", "label": "first" }));
    let change = json!([{ "field": "active", "before": "true", "after": "false" }]);
    assert_eq!(entry["changes"], change);
    let node = "query ($id: ID!) { node(id: $id) { id ... on AuditEntry { action } } }";
    let found = app.admin.data(node, json!({ "id": entry["id"] })).await;
    assert_eq!(found["node"]["action"], "supportNumberUpdate");
    assert_eq!(app.anna.data(node, json!({ "id": entry["id"] })).await["node"], Value::Null);
    assert_eq!(app.anna.error_code(LOG, json!({})).await, "FORBIDDEN");
    let before = entries(&app.admin, json!({ "at": { "to": entry["at"] } })).await;
    assert!(before.iter().all(|other| other["action"] != "supportNumberUpdate"), "{before:?}");
    let since = entries(&app.admin, json!({ "at": { "from": entry["at"] } })).await;
    assert_eq!(since.len(), 1, "{since:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_or_repeated_leaves_no_entry_but_a_failed_sign_in_does() {
    let app = TestApp::start().await;
    add_carla(&app).await;
    let count = "select count(*) from audit_entries";
    let before = app.database.count(count).await;
    app.admin.refused("queueCreate", json!({ "name": "Support" })).await;
    let repeated = json!({
        "name": "Telesign", "customerId": CUSTOMER_ID, "apiKey": API_KEY,
        "idempotencyKey": "account",
    });
    app.admin.mutate("channelAccountCreate", repeated, "").await;
    let forbidden = "mutation { queueCreate(input: { name: \"x\" }) { userErrors { code } } }";
    assert_eq!(app.anna.error_code(forbidden, json!({})).await, "FORBIDDEN");
    assert_eq!(app.database.count(count).await, before);
    assert_eq!(sign_in(&app, "wrong").await["token"], Value::Null);
    let refused = eventually("the failed sign-in is noted", || async {
        of_action(&app, "sessionCreate").await.into_iter().next()
    })
    .await;
    assert_eq!((&refused["outcome"], &refused["ip"]), (&json!("REFUSED"), &json!("127.0.0.1")));
    assert_eq!(refused["actor"]["kind"], "SYSTEM", "whoever failed may have been anybody");
    assert!(refused["subjectId"].as_str().unwrap().starts_with("agt_"), "{refused}");
    sign_in(&app, PASSWORD).await;
    let found = of_action(&app, "sessionCreate").await;
    let done = found.last().unwrap();
    assert_eq!((&done["outcome"], &done["actor"]["label"]), (&json!("DONE"), &json!("Carla")));
}
