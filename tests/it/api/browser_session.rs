//! Sessions that a browser carries as a cookie, and what other sites' pages may make of it.

use serde_json::{Value, json};

use crate::support::{Caller, Socket, TestApp, http};

const EMAIL: &str = "carla@acme.example";
const PASSWORD: &str = "a password of hers";
const SIGN_IN: &str = "mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) {
    token viewer { agent { displayName } } userErrors { code message field } } }";
const WHO: &str = "{ viewer { agent { displayName } } }";

fn credentials() -> Value {
    json!({ "input": { "email": EMAIL, "password": PASSWORD, "delivery": "COOKIE" } })
}

async fn with_password(app: &TestApp) {
    let input = json!({
        "email": EMAIL, "displayName": "Carla", "role": "SUPERVISOR", "password": PASSWORD,
    });
    app.admin.mutate("agentCreate", input, "").await;
}

/// Posts as a page of the origin does; answers the body and the cookie that was set.
async fn post(
    app: &TestApp,
    (query, variables): (&str, Value),
    headers: &[(&str, &str)],
) -> (Value, Option<String>) {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let mut request = http().post(format!("{}/graphql", app.url())).body(body);
    request = request.header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    let cookie = answer.headers().get("set-cookie").map(|value| value.to_str().unwrap().to_owned());
    (serde_json::from_str(&answer.text().await.unwrap()).unwrap(), cookie)
}

/// Signs in from the server's own page; answers the `Cookie` header that the browser then sends.
async fn signed_in(app: &TestApp) -> String {
    let (answer, cookie) = post(app, (SIGN_IN, credentials()), &[("origin", &app.url())]).await;
    let payload = &answer["data"]["sessionCreate"];
    assert_eq!(payload["userErrors"], json!([]), "{answer}");
    assert_eq!(payload["token"], Value::Null, "no script may have it: {answer}");
    assert_eq!(payload["viewer"]["agent"]["displayName"], "Carla");
    let cookie = cookie.unwrap();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_signs_in_asks_and_signs_out_with_a_cookie_that_no_script_reads() {
    let app = TestApp::start().await;
    with_password(&app).await;
    let cookie = signed_in(&app).await;
    let (origin, headers) = (app.url(), cookie.as_str());
    let headers = [("origin", origin.as_str()), ("cookie", headers)];
    let (answer, _) = post(&app, (WHO, json!({})), &headers).await;
    assert_eq!(answer["data"]["viewer"]["agent"]["displayName"], "Carla", "{answer}");
    let revoke = "mutation { sessionRevoke(input: {}) { revokedIds userErrors { code } } }";
    let (answer, cleared) = post(&app, (revoke, json!({})), &headers).await;
    assert_eq!(answer["data"]["sessionRevoke"]["userErrors"], json!([]), "{answer}");
    assert!(cleared.unwrap().contains("Max-Age=0"), "the browser forgets it");
    let (answer, _) = post(&app, (WHO, json!({})), &headers).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer}");
    let (again, cookie) = post(&app, (SIGN_IN, credentials()), &headers).await;
    assert_eq!(again["data"]["sessionCreate"]["userErrors"], json!([]), "an old cookie: {again}");
    assert!(cookie.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_gets_nothing_out_of_the_cookie() {
    let app = TestApp::start().await;
    with_password(&app).await;
    let cookie = signed_in(&app).await;
    let foreign = [("origin", "http://evil.example"), ("cookie", cookie.as_str())];
    let (answer, _) = post(&app, (WHO, json!({})), &foreign).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer}");
    let url = format!("{}/graphql?query=%7Bviewer%7Bagent%7Bid%7D%7D%7D", app.url());
    let got = http().get(url).header("cookie", &cookie).send().await.unwrap().text().await.unwrap();
    assert!(got.contains("UNAUTHENTICATED"), "a GET is a link that anybody may write: {got}");
    let form = http().post(format!("{}/graphql", app.url())).header("cookie", &cookie);
    let form = form.header("content-type", "text/plain").body(r#"{"query":"{viewer{actor{id}}}"}"#);
    assert_eq!(form.send().await.unwrap().status().as_u16(), 415, "a form of another page");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_of_our_own_page_is_known_by_the_cookie_and_closed_with_the_session() {
    let app = TestApp::start().await;
    with_password(&app).await;
    let cookie = signed_in(&app).await;
    let mut socket = Socket::connect_with(
        &app.url(),
        &[("origin", app.url().as_str()), ("cookie", cookie.as_str())],
    )
    .await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    socket.subscribe("subscription { agentFeed { __typename } }", json!({})).await;
    assert_eq!(socket.event().await["agentFeed"]["__typename"], "AgentSnapshot");
    let secret = cookie.split_once('=').unwrap().1.to_owned();
    Caller::new(&app.url(), Some(secret)).mutate("sessionRevoke", json!({}), "revokedIds").await;
    assert_eq!(socket.close_code().await, 4403);
    let mut bare = Socket::connect_with(&app.url(), &[("cookie", cookie.as_str())]).await;
    bare.say(json!({ "type": "connection_init" })).await;
    assert_eq!(bare.hear().await["type"], "connection_ack");
    bare.subscribe("subscription { agentFeed { __typename } }", json!({})).await;
    assert_eq!(bare.hear().await["type"], "error", "a cookie without an origin is nobody's");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_cannot_set_a_cookie_and_says_so_before_anybody_signs_in() {
    let app = TestApp::start().await;
    with_password(&app).await;
    let mut socket = app.stranger().socket().await;
    socket.subscribe(SIGN_IN, credentials()).await;
    let answer = socket.event().await;
    assert_eq!(answer["sessionCreate"]["userErrors"][0]["field"], json!(["input", "delivery"]));
    assert_eq!(app.database.count("select count(*) from sessions").await, 0);
}
