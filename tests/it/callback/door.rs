//! Who gets in: what the account's key has signed, in any of the provider's forms, and nothing else.

use serde_json::{Value, json};

use super::{CUSTOMER, kept, plain_text, post, signature, signed_headers, texts_of, traces};
use crate::support::{API_KEY, CUSTOMER_ID, SUPPORT_NUMBER, TestApp};

/// Base64 like a real key, and nobody's.
const OTHER_KEY: &str = "b3RoZXIta2V5LTAxMjM0NTY3ODkwMTIzNDU2Nzg5";
const OTHER_CUSTOMER_ID: &str = "22222222-EEEE-DDDD-1234-AB1234567890";
const BODY_BYTES_MAX: usize = 64 * 1024;

/// A text in as a customer, with a callback of this shape; answers the HTTP statuses.
async fn text_in_with(app: &TestApp, shape: Value) -> Value {
    let body = json!({ "from": CUSTOMER, "to": SUPPORT_NUMBER, "text": "hello", "shape": shape });
    app.control("inbound", body).await["answers"].clone()
}

/// A second account of the same organization; answers its callback URL.
async fn second_account(app: &TestApp) -> String {
    let input = json!({
        "name": "Second", "customerId": OTHER_CUSTOMER_ID, "apiKey": OTHER_KEY,
        "validate": false, "idempotencyKey": "second",
    });
    let made = app.admin.mutate("channelAccountCreate", input, "channelAccount { callbackUrl }");
    made.await["channelAccount"]["callbackUrl"].as_str().unwrap().to_owned()
}

/// When the account's URL was last known to work.
async fn last_callback_at(app: &TestApp) -> Value {
    let query = "query ($id: ID!) { channelAccount(id: $id) { lastCallbackAt } }";
    let account = app.admin.data(query, json!({ "id": app.account })).await;
    account["channelAccount"]["lastCallbackAt"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_callback_leaves_nothing_and_is_answered_401() {
    let app = TestApp::start().await;
    let before = traces(&app).await;
    let shapes = [
        json!({ "signature": "wrong_key" }),
        json!({ "signature": "changed_byte" }),
        json!({ "signature": "garbage" }),
        json!({ "authorization": "missing", "x_ts_authorization": "missing" }),
        json!({ "customer_id": OTHER_CUSTOMER_ID }),
        json!({ "signature": "wrong_key", "authorization": "bare", "x_ts_authorization": "bare" }),
        json!({ "signature": "wrong_key", "customer_id": OTHER_CUSTOMER_ID }),
    ];
    for shape in shapes {
        let answers = text_in_with(&app, shape.clone()).await;
        assert_eq!(answers, json!({ "401": 1 }), "{shape}");
        let report = json!({ "reference_id": "A1", "code": 200, "shape": shape });
        let answer = app.control("reports", report).await;
        assert_eq!(answer["attempts"][0]["http_status"], 401, "{shape}: {answer}");
    }
    assert_eq!(traces(&app).await, before);
    assert_eq!(last_callback_at(&app).await, Value::Null);

    // The same text rightly signed gets in: it was the signature that kept it out.
    assert_eq!(text_in_with(&app, json!({})).await, json!({ "200": 1 }));
    assert!(last_callback_at(&app).await.is_string());
    assert_eq!(texts_of(&app, CUSTOMER).await, ["hello"]);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_that_prove_nothing_are_answered_401() {
    let app = TestApp::start().await;
    let before = traces(&app).await;
    let body = plain_text("hello", "A1");
    let good = signature(API_KEY, &body);
    let values = [
        String::new(),
        " ".into(),
        "TSA".into(),
        format!("TSA {CUSTOMER_ID}:"),
        format!("TSA {CUSTOMER_ID}"),
        format!("TSA :{good}"),
        format!("TSA {CUSTOMER_ID}:{}", &good[..40]),
        format!("TSA {CUSTOMER_ID}:{good}{good}"),
        format!("Bearer {good}"),
        format!("Basic {good}"),
        signature(OTHER_KEY, &body),
        signature(API_KEY, b""),
        signature(API_KEY, &body[1..]),
        "A".repeat(6_000),
    ];
    for value in values {
        for name in ["authorization", "x-ts-authorization"] {
            let status = post(&app.callback_url, vec![(name, value.clone())], &body).await;
            assert_eq!(status, 401, "{name}: {value:?}");
        }
    }
    // The signature of one body does not carry another, not even one that reads the same.
    let mut spaced = body.clone();
    spaced.push(b'\n');
    for other in [&spaced[..], &body[..body.len() - 1], b"", &plain_text("bye", "A1")] {
        let headers = signed_headers(CUSTOMER_ID, API_KEY, &body);
        assert_eq!(post(&app.callback_url, headers, other).await, 401, "{other:?}");
    }
    assert_eq!(traces(&app).await, before);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_the_url_of_its_own_account_only() {
    let app = TestApp::start().await;
    let (_, others) = app.other_organization().await;
    let others = others["callbackUrl"].as_str().unwrap().to_owned();
    let second = second_account(&app).await;
    assert!(second != app.callback_url && others != app.callback_url);
    let before = traces(&app).await;
    let body = plain_text("hello", "A1");
    let theirs = "11111111-EEEE-DDDD-1234-AB1234567890";
    let table = [
        // Right key, another account's URL.
        (&second, CUSTOMER_ID, API_KEY),
        (&second, OTHER_CUSTOMER_ID, API_KEY),
        (&others, CUSTOMER_ID, API_KEY),
        (&others, theirs, API_KEY),
        // Another account's key, our URL. (`OTHER_KEY` is also that of the other organization.)
        (&app.callback_url, OTHER_CUSTOMER_ID, OTHER_KEY),
        (&app.callback_url, CUSTOMER_ID, OTHER_KEY),
        (&app.callback_url, theirs, OTHER_KEY),
    ];
    for (url, customer_id, key) in table {
        let headers = signed_headers(customer_id, key, &body);
        assert_eq!(post(url, headers, &body).await, 401, "{customer_id}");
    }
    assert_eq!(traces(&app).await, before);
    for (url, customer_id, key) in
        [(&second, OTHER_CUSTOMER_ID, OTHER_KEY), (&others, theirs, OTHER_KEY)]
    {
        let headers = signed_headers(customer_id, key, &body);
        assert_eq!(post(url, headers, &body).await, 200, "its own key opens it");
    }
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn either_header_in_either_form_is_enough() {
    let app = TestApp::start().await;
    let shapes = [
        json!({}),
        json!({ "authorization": "missing" }),
        json!({ "x_ts_authorization": "missing" }),
        json!({ "authorization": "bare", "x_ts_authorization": "missing" }),
        json!({ "authorization": "missing", "x_ts_authorization": "bare" }),
        json!({ "customer_id": CUSTOMER_ID.to_lowercase() }),
    ];
    for shape in &shapes {
        let answers = text_in_with(&app, shape.clone()).await;
        assert_eq!(answers, json!({ "200": 1 }), "{shape}");
    }
    // A proxy on the way has put its own credentials into the first header.
    let body = plain_text("hello", "A1");
    let mut headers = signed_headers(CUSTOMER_ID, API_KEY, &body);
    headers[0].1 = "Basic dXNlcjpwYXNz".into();
    assert_eq!(post(&app.callback_url, headers, &body).await, 200);
    assert_eq!(texts_of(&app, CUSTOMER).await.len(), shapes.len() + 1);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_token_is_answered_404_and_leaves_nothing() {
    let app = TestApp::start().await;
    let before = traces(&app).await;
    let (start, token) = app.callback_url.rsplit_once('/').unwrap();
    let (upper, long) = (token.to_uppercase(), "a".repeat(10_000));
    let swapped: String = token.chars().rev().collect();
    let body = plain_text("hello", "A1");
    let tokens = [
        "unknown",
        swapped.as_str(),
        upper.as_str(),
        &token[1..],
        &format!("{token}a"),
        "%00",
        "%ff%fe",
        "a%2Fb",
        "' or 1=1 --",
        long.as_str(),
    ];
    for unknown in tokens.into_iter().filter(|unknown| *unknown != token) {
        let headers = signed_headers(CUSTOMER_ID, API_KEY, &body);
        let status = post(&format!("{start}/{unknown}"), headers, &body).await;
        assert_eq!(status, 404, "{unknown:?}");
    }
    assert_eq!(traces(&app).await, before);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_above_64_kib_is_answered_413_and_one_of_64_kib_is_kept_whole() {
    let app = TestApp::start().await;
    let before = traces(&app).await;
    let rest = BODY_BYTES_MAX - plain_text("", "A1").len();
    for surplus in [1, 1_000_000] {
        let body = plain_text(&"x".repeat(rest + surplus), "A1");
        let headers = signed_headers(CUSTOMER_ID, API_KEY, &body);
        assert_eq!(post(&app.callback_url, headers, &body).await, 413, "{}", body.len());
    }
    assert_eq!(traces(&app).await, before);
    let text = "x".repeat(rest);
    let body = plain_text(&text, "A1");
    assert_eq!(body.len(), BODY_BYTES_MAX);
    assert_eq!(super::post_signed(&app, &body).await, 200);
    assert_eq!(texts_of(&app, CUSTOMER).await, [text]);
    assert_eq!(kept(&app, &[]).await[0]["body"].as_str().unwrap().as_bytes(), body);
    app.server.stop().await;
}
