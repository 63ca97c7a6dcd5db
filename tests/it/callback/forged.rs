//! Whatever the provider did not sign leaves no trace that anybody acts on.

use serde_json::{Value, json};

use crate::support::{API_KEY, CUSTOMER_ID, SUPPORT_NUMBER, TestApp, http};

async fn nothing_happened(app: &TestApp) {
    for table in ["receipts", "messages", "conversations"] {
        let count = app.database.count(&format!("select count(*) from {table}")).await;
        assert_eq!(count, 0, "{table}");
    }
    let events = "select count(*) from events where conversation_id is not null";
    assert_eq!(app.database.count(events).await, 0);
}

fn inbound(shape: &Value) -> Value {
    json!({ "from": "14155550123", "to": SUPPORT_NUMBER, "text": "x", "shape": shape })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_callback_is_answered_401_and_leaves_nothing() {
    let app = TestApp::start().await;
    for shape in [
        json!({ "signature": "wrong_key" }),
        json!({ "signature": "changed_byte" }),
        json!({ "signature": "garbage" }),
        json!({ "authorization": "missing", "x_ts_authorization": "missing" }),
        json!({ "customer_id": "00000000-0000-0000-0000-000000000000" }),
    ] {
        let answer = app.control("inbound", inbound(&shape)).await;
        assert_eq!(answer["answers"], json!({ "401": 1 }), "{shape}: {answer}");
    }
    nothing_happened(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn either_header_in_either_form_is_enough() {
    let app = TestApp::start().await;
    for shape in [
        json!({ "authorization": "missing", "x_ts_authorization": "bare" }),
        json!({ "authorization": "missing", "x_ts_authorization": "full" }),
        json!({ "authorization": "bare", "x_ts_authorization": "missing" }),
        json!({ "authorization": "full", "x_ts_authorization": "missing" }),
    ] {
        let answer = app.control("inbound", inbound(&shape)).await;
        assert_eq!(answer["answers"], json!({ "200": 1 }), "{shape}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_accounts_key_does_not_open_this_accounts_door() {
    let app = TestApp::start().await;
    let (_, account) = app.other_organization().await;
    // Rightly signed by our account, posted to the other's address.
    let mut body = inbound(&json!({}));
    body["text"] = "x".into();
    let other = account["callbackUrl"].as_str().unwrap();
    app.simulator.set_callback_url(CUSTOMER_ID, other).unwrap();
    let answer = app.control("inbound", body).await;
    assert_eq!(answer["answers"], json!({ "401": 1 }), "{answer}");
    nothing_happened(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_address_and_a_body_too_large_are_refused() {
    let app = TestApp::start().await;
    let post = |url: String, body: String| async move {
        http().post(url).body(body).send().await.unwrap().status().as_u16()
    };
    let unknown = format!("{}/callbacks/telesign/{}", app.url(), "a".repeat(32));
    assert_eq!(post(unknown, "{}".into()).await, 404);
    let odd = format!("{}/callbacks/telesign/%00%ff", app.url());
    assert_eq!(post(odd, "{}".into()).await, 404);
    assert_eq!(post(app.callback_url.clone(), "x".repeat(64 * 1024 + 1)).await, 413);
    assert_eq!(post(app.callback_url.clone(), "x".repeat(64 * 1024)).await, 401);
    nothing_happened(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_key_verifies_during_its_grace_and_the_new_one_at_once() {
    let app = TestApp::start().await;
    let new_key = "bmV3LWtleS1vZi10aGUtYWNjb3VudC1hdC10ZWxlc2lnbi0wMTIzNDU2Nzg5";
    let keys = json!({ "customer_id": CUSTOMER_ID, "api_keys": [new_key, API_KEY] });
    app.control("accounts", keys).await;
    let query = "query ($id: ID!) { channelAccount(id: $id) { version } }";
    let version = app.admin.data(query, json!({ "id": app.account })).await;
    let input = json!({
        "channelAccountId": app.account, "apiKey": new_key,
        "expectedVersion": version["channelAccount"]["version"],
    });
    let fields = "channelAccount { status credential { fingerprint } }";
    let payload = app.admin.mutate("channelAccountRotateKey", input, fields).await;
    assert_eq!(payload["channelAccount"]["status"], "VALID");
    for key_index in [0, 1] {
        let answer = app.control("inbound", inbound(&json!({ "key_index": key_index }))).await;
        assert_eq!(answer["answers"], json!({ "200": 1 }), "key {key_index}: {answer}");
    }
    let grace = "update channel_accounts set previous_key_until = now() - interval '1 s'";
    app.database.execute(grace).await;
    app.database.execute("update organizations set settings_version = settings_version + 1").await;
    app.server.engine().announce().await;
    let answer = app.control("inbound", inbound(&json!({ "key_index": 1 }))).await;
    assert_eq!(answer["answers"].get("200"), None, "its grace is over: {answer}");
}
