//! The journal over time: looked through, replayed by ranges, and forgotten when it is time.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{CUSTOMER, conversations, post_signed, report_of, text_of, texts_of};
use crate::support::{SUPPORT_NUMBER, TestApp, eventually};

const OTHER_CUSTOMER: &str = "14155550124";
const UNKNOWN_NUMBER: &str = "15550002222";

/// References of the callbacks that a filter finds, oldest first.
async fn found(app: &TestApp, filter: Value) -> Vec<String> {
    let query = "query ($filter: CallbackFilter) { callbacks(first: 100, filter: $filter) {
        nodes { reference } } }";
    let data = app.admin.data(query, json!({ "filter": filter })).await;
    let nodes = data["callbacks"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["reference"].as_str().unwrap_or("none").to_owned()).collect()
}

async fn text(app: &TestApp, from: &str, to: &str, reference: &str) {
    let body = text_of(from, to, reference, reference).to_string();
    assert_eq!(post_signed(app, body.as_bytes()).await, 200);
}

/// Tries a range again; answers the payload.
async fn replay_range(app: &TestApp, filter: Value, dry_run: bool) -> (i64, i64) {
    let input = json!({ "filter": filter, "dryRun": dry_run });
    let payload = app.admin.mutate("callbackReplay", input, "replayed refused hasMore last").await;
    assert_eq!(payload["hasMore"], false);
    (payload["replayed"].as_i64().unwrap(), payload["refused"].as_i64().unwrap())
}

async fn open_number(app: &TestApp) {
    let input = json!({
        "channelAccountId": app.account, "kind": "GEO", "number": UNKNOWN_NUMBER,
        "workstreamId": app.workstream,
    });
    app.admin.mutate("supportNumberAdd", input, "").await;
}

/// The kinds of the alerts that are not over.
async fn open_alerts(app: &TestApp) -> Vec<Value> {
    let query = "{ alerts(first: 10) { nodes { kind clearedAt text } } }";
    let data = app.admin.data(query, json!({})).await;
    let nodes = data["alerts"]["nodes"].as_array().unwrap();
    let open = nodes.iter().filter(|node| node["clearedAt"].is_null());
    open.map(|node| node["kind"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_is_looked_through_by_kind_time_customer_and_reference() {
    let app = TestApp::start().await;
    let clock = app.server.clock();
    text(&app, CUSTOMER, SUPPORT_NUMBER, "A1").await;
    text(&app, OTHER_CUSTOMER, SUPPORT_NUMBER, "A2").await;
    clock.set_offset(clock.offset() + TimeDelta::hours(1));
    let noon = clock.now().to_rfc3339();
    text(&app, CUSTOMER, UNKNOWN_NUMBER, "A3").await;
    assert_eq!(post_signed(&app, report_of("A4", 200).to_string().as_bytes()).await, 200);
    for (filter, expected) in [
        (json!({}), &["A1", "A2", "A3", "A4"][..]),
        (json!({ "kind": ["DELIVERY_REPORT"] }), &["A4"]),
        (json!({ "kind": ["INBOUND_TEXT"], "outcome": ["UNROUTED"] }), &["A3"]),
        (json!({ "kind": ["NO_SUCH_KIND"] }), &[]),
        (json!({ "receivedAt": { "to": noon } }), &["A1", "A2"]),
        (json!({ "receivedAt": { "from": noon } }), &["A3", "A4"]),
        (json!({ "customer": format!("+{CUSTOMER}") }), &["A1", "A3"]),
        (json!({ "customer": format!("+{OTHER_CUSTOMER}") }), &["A2"]),
        (json!({ "customer": "+14155550199" }), &[]),
        (json!({ "reference": "A2", "channelAccountId": app.account }), &["A2"]),
    ] {
        assert_eq!(found(&app, filter.clone()).await, expected, "{filter}");
    }
    for filter in [json!({ "kind": ["a\0b"] }), json!({ "reference": "a\0b" })] {
        let query =
            "query ($filter: CallbackFilter) { callbacks(filter: $filter) { nodes { id } } }";
        let code = app.admin.error_code(query, json!({ "filter": filter })).await;
        assert_eq!(code, "BAD_USER_INPUT", "no text has U+0000");
    }
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_is_replayed_in_its_order_and_a_second_time_changes_nothing() {
    let app = TestApp::start().await;
    let clock = app.server.clock();
    text(&app, CUSTOMER, UNKNOWN_NUMBER, "early").await;
    clock.set_offset(clock.offset() + TimeDelta::hours(1));
    let noon = clock.now().to_rfc3339();
    for reference in ["one", "two", "three"] {
        text(&app, CUSTOMER, UNKNOWN_NUMBER, reference).await;
    }
    assert_eq!(post_signed(&app, b"no json at all").await, 200);
    eventually("somebody is told", || async {
        (open_alerts(&app).await == ["CALLBACK_UNROUTED"]).then_some(())
    })
    .await;
    let range = json!({ "receivedAt": { "from": noon }, "channelAccountId": app.account });
    assert_eq!(replay_range(&app, range.clone(), true).await, (0, 4));
    open_number(&app).await;
    assert_eq!(replay_range(&app, range.clone(), true).await, (3, 1));
    assert_eq!(conversations(&app).await, 0, "a dry run changes nothing");
    let both = json!({ "ids": [], "filter": range });
    assert_eq!(app.admin.refused("callbackReplay", both).await["code"], "REQUIRED");
    let replays = (0..4).map(|_| replay_range(&app, range.clone(), false));
    for (_, refused) in futures_util::future::join_all(replays).await {
        assert_eq!(refused, 1);
    }
    assert_eq!(texts_of(&app, CUSTOMER).await, ["one", "two", "three"]);
    assert_eq!(open_alerts(&app).await, ["CALLBACK_UNROUTED"], "the early one still waits");
    assert_eq!(replay_range(&app, json!({ "outcome": ["UNROUTED"] }), false).await, (1, 0));
    assert!(open_alerts(&app).await.is_empty());
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_callback_said_is_forgotten_in_time_and_that_it_came_never() {
    let app = TestApp::start().await;
    text(&app, CUSTOMER, SUPPORT_NUMBER, "old").await;
    text(&app, CUSTOMER, UNKNOWN_NUMBER, "unrouted").await;
    let query = "{ organization { version callbackRetentionDays } }";
    let organization = app.admin.data(query, json!({})).await["organization"].clone();
    assert_eq!(organization["callbackRetentionDays"], 30);
    let version = organization["version"].as_i64().unwrap();
    let update = |version: i64, days: i64| json!({ "expectedVersion": version, "callbackRetentionDays": days });
    let refused = app.admin.refused("organizationUpdate", update(version, 0)).await;
    assert_eq!(refused["code"], "OUT_OF_RANGE", "{refused}");
    let stale = app.admin.refused("organizationUpdate", update(version + 1, 7)).await;
    assert_eq!(stale["code"], "VERSION_CONFLICT", "{stale}");
    let fields = "organization { callbackRetentionDays }";
    let updated = app.admin.mutate("organizationUpdate", update(version, 7), fields).await;
    assert_eq!(updated["organization"]["callbackRetentionDays"], 7);

    let clock = app.server.clock();
    clock.set_offset(clock.offset() + TimeDelta::days(6));
    text(&app, CUSTOMER, SUPPORT_NUMBER, "new").await;
    app.server.engine().tidy().await.unwrap();
    assert_eq!(found(&app, json!({})).await, ["old", "unrouted", "new"], "not yet");
    clock.set_offset(clock.offset() + TimeDelta::days(2));
    for _ in 0..2 {
        app.server.engine().tidy().await.unwrap();
    }
    let query = "{ callbacks(first: 10) { nodes { reference body } } }";
    let data = app.admin.data(query, json!({})).await;
    let nodes = data["callbacks"]["nodes"].as_array().unwrap();
    assert_eq!((&nodes[0]["reference"], &nodes[0]["body"]), (&json!("old"), &Value::Null));
    assert!(nodes[1]["body"].as_str().unwrap().contains("new"), "{data}");
    assert_eq!(nodes.len(), 2, "one that had no effect is gone: {data}");
    // A signature holds for ever; whoever repeats the old one now changes nothing.
    text(&app, CUSTOMER, SUPPORT_NUMBER, "old").await;
    assert_eq!(texts_of(&app, CUSTOMER).await, ["old", "new"]);
    app.server.stop().await;
}
