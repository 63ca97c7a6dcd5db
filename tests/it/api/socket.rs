//! graphql-transport-ws: how a socket begins and ends.

use std::time::Duration;

use centralino::api::graphql::transport::GatewayOptions;
use serde_json::json;
use tokio_tungstenite::tungstenite::{Error, client::IntoClientRequest};

use crate::support::{Options, Socket, TestApp};

const BEATS: &str = "subscription { heartbeat(intervalMs: 20) { seq } }";

async fn refused_handshake(app: &TestApp, headers: &[(&'static str, &str)]) -> u16 {
    let url = format!("{}/graphql", app.url().replacen("http", "ws", 1));
    let mut request = url.into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    match tokio_tungstenite::connect_async(request).await {
        Err(Error::Http(answer)) => answer.status().as_u16(),
        other => panic!("it was not refused: {:?}", other.map(|_| ())),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_needs_the_protocol_and_an_origin_that_is_ours() {
    let app = TestApp::start().await;
    assert_eq!(refused_handshake(&app, &[]).await, 400);
    let old = ("sec-websocket-protocol", "graphql-ws");
    assert_eq!(refused_handshake(&app, &[old]).await, 400);
    let new = ("sec-websocket-protocol", "graphql-transport-ws");
    let foreign = ("origin", "https://evil.example");
    assert_eq!(refused_handshake(&app, &[new, foreign]).await, 403);
    let own = app.url();
    let mut request =
        format!("{}/graphql", own.replacen("http", "ws", 1)).into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", new.1.parse().unwrap());
    request.headers_mut().insert("origin", own.parse().unwrap());
    let (_, answer) = tokio_tungstenite::connect_async(request).await.unwrap();
    assert_eq!(answer.headers()["sec-websocket-protocol"], "graphql-transport-ws");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_ends_with_the_code_that_says_why() {
    let app = TestApp::start().await;
    let init = json!({ "type": "connection_init" });
    let subscribe =
        |id: &str| json!({ "id": id, "type": "subscribe", "payload": { "query": BEATS } });
    let mut socket = Socket::connect(&app.url()).await;
    socket.say(subscribe("1")).await;
    assert_eq!(socket.close_code().await, 4401, "an operation before the acknowledgement");
    let mut socket = Socket::connect(&app.url()).await;
    socket.say(json!({ "type": "start" })).await;
    assert_eq!(socket.close_code().await, 4400, "an unknown message");
    let mut socket = Socket::connect(&app.url()).await;
    socket.say(init.clone()).await;
    socket.say(init).await;
    assert_eq!(socket.close_code().await, 4429, "a second init");
    let mut socket = Socket::connect(&app.url()).await;
    let payload = json!({ "authorization": "Bearer ct_nonsense" });
    socket.say(json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(socket.close_code().await, 4403, "a credential that is not good");
    let mut socket = app.anna.socket().await;
    socket.say(subscribe("same")).await;
    socket.say(subscribe("same")).await;
    assert_eq!(socket.close_code().await, 4409, "an id that is in use");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_says_nothing_is_ended() {
    let gateway =
        GatewayOptions { init_timeout: Duration::from_millis(200), ..GatewayOptions::default() };
    let app = TestApp::start_with(Options { gateway, ..Options::default() }).await;
    let mut socket = Socket::connect(&app.url()).await;
    assert_eq!(socket.close_code().await, 4408);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_operation_is_an_error_and_the_socket_lives() {
    let app = TestApp::start().await;
    let mut socket = app.anna.socket().await;
    for query in ["{", "{ nothing }", "subscription { a: heartbeat { seq } b: heartbeat { seq } }"]
    {
        let id = socket.subscribe(query, json!({})).await;
        let answer = socket.hear().await;
        assert_eq!((&answer["type"], &answer["id"]), (&json!("error"), &json!(id)), "{answer}");
    }
    socket.say(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong", "payload": { "n": 1 } }));
    let id = socket.subscribe("{ viewer { agent { displayName } } }", json!({})).await;
    assert_eq!(socket.event().await["viewer"]["agent"]["displayName"], "Anna");
    assert_eq!(socket.hear().await, json!({ "type": "complete", "id": id }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_completed_operation_says_nothing_more() {
    let app = TestApp::start().await;
    let mut socket = app.anna.socket().await;
    let id = socket.subscribe(BEATS, json!({})).await;
    socket.event().await;
    socket.say(json!({ "type": "complete", "id": id })).await;
    let query = socket.subscribe("{ __typename }", json!({})).await;
    // Whatever was on the way before comes before; nothing of the first comes after.
    loop {
        let message = socket.hear().await;
        if message["id"] == query.as_str() {
            break;
        }
    }
    assert_eq!(socket.hear().await, json!({ "type": "complete", "id": query }));
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_asks_its_sockets_to_come_back() {
    let app = TestApp::start().await;
    let mut socket = app.anna.socket().await;
    socket.subscribe(BEATS, json!({})).await;
    socket.event().await;
    let ((), code) = tokio::join!(app.server.stop(), socket.close_code());
    assert_eq!(code, 1012);
}
