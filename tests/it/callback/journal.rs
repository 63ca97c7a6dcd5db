//! What is genuine and has no effect is kept, shown, and can be replayed.

use serde_json::{Value, json};

use crate::support::{SUPPORT_NUMBER, TestApp};

const CUSTOMER: &str = "14155550123";
const JOURNAL: &str = "{ callbacks(last: 50) { nodes { id outcome detail body kind } } }";

async fn journal(app: &TestApp) -> Vec<Value> {
    let data = app.admin.data(JOURNAL, json!({})).await;
    data["callbacks"]["nodes"].as_array().unwrap().clone()
}

async fn replay(app: &TestApp, id: &Value) -> Value {
    app.admin.mutate("callbackReplay", json!({ "ids": [id] }), "replayed refused").await
}

async fn set_number(app: &TestApp, changes: Value) {
    let query = "query ($id: ID!) { supportNumber(id: $id) { version } }";
    let data = app.admin.data(query, json!({ "id": app.number })).await;
    let mut input = changes;
    input["supportNumberId"] = app.number.clone().into();
    input["expectedVersion"] = data["supportNumber"]["version"].clone();
    app.admin.mutate("supportNumberUpdate", input, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_nonsense_is_kept_as_it_came() {
    let app = TestApp::start().await;
    for body in ["no json at all", "[]", "{}", "\"", "{\"a\":\"\\u0000\"}"] {
        let answer = app.control("callbacks", json!({ "body": body })).await;
        assert_eq!(answer["attempts"][0]["http_status"], 200, "{body}: {answer}");
    }
    let kept = journal(&app).await;
    assert_eq!(kept.len(), 5);
    assert_eq!(kept[0]["outcome"], "UNPARSED");
    assert_eq!(kept[0]["body"], "no json at all");
    assert!(!kept[0]["detail"].as_str().unwrap().is_empty());
    assert_eq!(app.database.count("select count(*) from messages").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_to_a_number_that_takes_none_is_replayed_after_set_up() {
    let app = TestApp::start().await;
    let unknown = json!({ "from": CUSTOMER, "to": "15550009999", "text": "unknown" });
    assert_eq!(app.control("inbound", unknown).await["answers"], json!({ "200": 1 }));
    set_number(&app, json!({ "active": false })).await;
    app.text_in(CUSTOMER, "disabled").await;
    set_number(&app, json!({ "active": true, "workstreamId": null })).await;
    app.text_in(CUSTOMER, "unassigned").await;
    let kept = journal(&app).await;
    let outcomes: Vec<&Value> = kept.iter().map(|row| &row["outcome"]).collect();
    assert_eq!(outcomes, ["UNROUTED", "UNROUTED", "UNROUTED"]);
    let still = replay(&app, &kept[1]["id"]).await;
    assert_eq!(still["replayed"], 0, "nothing has changed for it: {still}");
    set_number(&app, json!({ "workstreamId": app.workstream })).await;
    let input = json!({
        "channelAccountId": app.account, "kind": "GEO", "number": "15550009999",
        "workstreamId": app.workstream,
    });
    app.admin.mutate("supportNumberAdd", input, "").await;
    for row in &kept {
        for time in [1, 2] {
            let payload = replay(&app, &row["id"]).await;
            assert_eq!(payload["replayed"], 1, "time {time}: {payload}");
        }
    }
    let mut texts = app.database.column("select text from messages").await;
    texts.sort();
    assert_eq!(texts, ["disabled", "unassigned", "unknown"], "each is there once");
    assert_eq!(app.database.count("select count(*) from conversations").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_admins_see_the_journal() {
    let app = TestApp::start().await;
    let to = json!({ "from": CUSTOMER, "to": "15550009999", "text": "x" });
    app.control("inbound", to).await;
    assert_eq!(app.anna.error_code(JOURNAL, json!({})).await, "FORBIDDEN");
    let id = journal(&app).await[0]["id"].clone();
    let (other, _) = app.other_organization().await;
    let data = other.data(JOURNAL, json!({})).await;
    assert_eq!(data["callbacks"]["nodes"], json!([]));
    let payload = other.payload("callbackReplay", json!({ "ids": [id] }), "replayed").await;
    assert_ne!(payload["replayed"], 1, "{payload}");
    let waits = "select count(*) from receipts where outcome = 'UNROUTED'";
    assert_eq!(app.database.count(waits).await, 1, "{SUPPORT_NUMBER} is not theirs");
}
