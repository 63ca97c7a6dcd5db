//! Sessions and tokens.

use std::time::Duration;

use centralino::api::graphql::transport::GatewayOptions;
use serde_json::{Value, json};

use crate::support::{Caller, Options, TestApp};

const SIGN_IN: &str = "mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) {
    token expiresAt viewer { agent { displayName email } } userErrors { code message field } } }";

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Value {
    let input = json!({ "input": { "email": email, "password": password } });
    app.stranger().data(SIGN_IN, input).await["sessionCreate"].clone()
}

async fn with_password(app: &TestApp) {
    let input = json!({
        "email": "carla@acme.example", "displayName": "Carla", "role": "SUPERVISOR",
        "password": "a password of hers",
    });
    app.admin.mutate("agentCreate", input, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_opens_a_session_and_revoking_ends_it() {
    let app = TestApp::start().await;
    with_password(&app).await;
    let session = sign_in(&app, "Carla@ACME.example", "a password of hers").await;
    assert_eq!(session["viewer"]["agent"]["displayName"], "Carla", "{session}");
    let carla = Caller::new(&app.url(), session["token"].as_str().map(ToOwned::to_owned));
    let viewer = carla.data("{ viewer { agent { displayName role } } }", json!({})).await;
    assert_eq!(viewer["viewer"]["agent"]["role"], "SUPERVISOR");
    carla.mutate("sessionRevoke", json!({}), "revokedIds").await;
    let answer = carla.ask("{ viewer { agent { id } } }", json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_sign_in_is_refused_in_the_same_words() {
    let app = TestApp::start().await;
    with_password(&app).await;
    let wrong = sign_in(&app, "carla@acme.example", "not her password").await;
    let unknown = sign_in(&app, "nobody@acme.example", "not her password").await;
    let without = sign_in(&app, "anna@acme.example", "not her password").await;
    assert_eq!(wrong["token"], Value::Null);
    assert!(!wrong["userErrors"][0]["message"].as_str().unwrap().is_empty());
    assert_eq!(wrong, unknown);
    assert_eq!(wrong, without);
    let stored =
        app.database.column("select password_hash from agents where password_hash is not null");
    assert!(stored.await.iter().all(|hash| hash.starts_with("$argon2id$")));
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down_and_then_the_right_password_waits_too() {
    let app = TestApp::start().await;
    with_password(&app).await;
    for _ in 0..5 {
        sign_in(&app, "carla@acme.example", "not her password").await;
    }
    let limited = sign_in(&app, "carla@acme.example", "a password of hers").await;
    assert_eq!(limited["userErrors"][0]["code"], "RATE_LIMITED", "{limited}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_ends_its_requests_at_once_and_its_sockets_soon() {
    let gateway = GatewayOptions {
        revalidate_every: Duration::from_millis(200),
        ..GatewayOptions::default()
    };
    let app = TestApp::start_with(Options { gateway, ..Options::default() }).await;
    let input = json!({ "name": "short-lived", "role": "AGENT" });
    let token = app.admin.mutate("apiTokenCreate", input, "apiToken { id } secret").await;
    let secret = token["secret"].as_str().unwrap().to_owned();
    let caller = Caller::new(&app.url(), Some(secret.clone()));
    let mut socket = caller.socket().await;
    socket.subscribe("subscription { agentFeed { __typename } }", json!({})).await;
    assert_eq!(socket.event().await["agentFeed"]["__typename"], "AgentSnapshot");
    let input = json!({ "apiTokenId": token["apiToken"]["id"] });
    app.admin.mutate("apiTokenRevoke", input, "").await;
    let code = caller.error_code("{ viewer { agent { id } } }", json!({})).await;
    assert_eq!(code, "UNAUTHENTICATED");
    assert_eq!(socket.close_code().await, 4403);
    let stored = app.database.column("select t::text from api_tokens t").await.join("\n");
    assert!(!stored.contains(&secret), "only its hash is stored");
}
