//! What one client may take of the server, and for how long.

use std::time::{Duration, Instant};

use centralino::api::graphql::transport::GatewayOptions;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use crate::support::{Caller, Options, Socket, TestApp, eventually, http};

const BEATS: &str = "subscription { heartbeat(intervalMs: 20) { seq } }";
/// What the promised second may take on a machine that does other things beside.
const REVOCATION_MAX: Duration = Duration::from_millis(1_500);

async fn app_with(gateway: GatewayOptions) -> TestApp {
    TestApp::start_with(Options { gateway, ..Options::default() }).await
}

async fn stream_of(caller: &Caller, url: &str, query: &str) -> reqwest::Response {
    let token = format!("Bearer {}", caller.token().unwrap());
    let body = json!({ "query": query }).to_string();
    let request = http().post(format!("{url}/graphql")).body(body);
    let request = request.header("authorization", token).header("accept", "text/event-stream");
    request.header("content-type", "application/json").send().await.unwrap()
}

/// A request as bytes, for what no client library does.
fn raw_request(caller: &Caller, accept: &str, query: &str) -> String {
    let body = json!({ "query": query }).to_string();
    let (token, length) = (caller.token().unwrap(), body.len());
    format!(
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         accept: {accept}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

async fn token_id(app: &TestApp, name: &str) -> String {
    let query = "{ apiTokens(first: 100) { nodes { id name } } }";
    let data = app.admin.data(query, json!({})).await;
    let nodes = data["apiTokens"]["nodes"].as_array().unwrap().clone();
    let found = nodes.into_iter().find(|node| node["name"] == name).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_that_is_revoked_ends_sockets_and_streams_on_every_server_within_a_second() {
    let app = TestApp::start().await;
    let second = app.second_server().await;
    let anna_there = Caller::new(&second.url(), app.anna.token().map(ToOwned::to_owned));
    let mut here = app.anna.socket().await;
    here.subscribe(BEATS, json!({})).await;
    here.event().await;
    let mut there = anna_there.socket().await;
    let mut others = app.bert.socket().await;
    let stream = stream_of(&app.anna, &app.url(), BEATS).await;
    let token = json!({ "apiTokenId": token_id(&app, "Anna").await });
    app.admin.mutate("apiTokenRevoke", token, "").await;
    let revoked_at = Instant::now();
    let ends = async {
        let (here, there) = tokio::join!(here.close_code(), there.close_code());
        (here, there, revoked_at.elapsed())
    };
    let streamed = async {
        let text = stream.text().await.unwrap();
        (text, revoked_at.elapsed())
    };
    let ((here, there, sockets_after), (text, stream_after)) = tokio::join!(ends, streamed);
    assert_eq!((here, there), (4403, 4403));
    assert!(sockets_after < REVOCATION_MAX, "{sockets_after:?}");
    assert!(text.contains("event: next") && !text.contains("event: complete"), "{text}");
    assert!(stream_after < REVOCATION_MAX, "{stream_after:?}");
    others.say(json!({ "type": "ping" })).await;
    assert_eq!(others.hear().await, json!({ "type": "pong" }), "nobody else is ended");
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_has_so_many_connections_and_strangers_share_theirs() {
    let gateway = GatewayOptions {
        connections_per_caller_max: 2,
        connections_of_strangers_max: 1,
        ..GatewayOptions::default()
    };
    let app = app_with(gateway).await;
    let one = app.anna.socket().await;
    let _two = app.anna.socket().await;
    let init = |caller: &Caller| {
        let payload = json!({ "authorization": format!("Bearer {}", caller.token().unwrap()) });
        json!({ "type": "connection_init", "payload": payload })
    };
    let mut third = Socket::connect(&app.url()).await;
    third.say(init(&app.anna)).await;
    assert_eq!(third.close_code().await, 1013);
    let refused = stream_of(&app.anna, &app.url(), BEATS).await;
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (429, &"1".parse().unwrap())
    );
    assert!(refused.text().await.unwrap().contains("RATE_LIMITED"));
    let _bert = app.bert.socket().await;
    let _stranger = Socket::open(&app.url(), None).await;
    let mut stranger = Socket::connect(&app.url()).await;
    stranger.say(json!({ "type": "connection_init" })).await;
    assert_eq!(stranger.close_code().await, 1013);
    drop(one);
    eventually("a place is free again", || async {
        (stream_of(&app.anna, &app.url(), BEATS).await.status() == 200).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_full_says_so_and_takes_requests_again() {
    let app = app_with(GatewayOptions { requests_max: 1, ..GatewayOptions::default() }).await;
    let address = app.url().replacen("http://", "", 1);
    let mut slow = TcpStream::connect(&address).await.unwrap();
    let request = raw_request(&app.anna, "application/json", "{ __typename }");
    let (head, tail) = request.as_bytes().split_at(request.len() - 1);
    slow.write_all(head).await.unwrap();
    let answer = eventually("the one place is taken", || async {
        let answer = app.bert.ask("{ __typename }", json!({})).await;
        answer.get("errors").is_some().then_some(answer)
    })
    .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    slow.write_all(tail).await.unwrap();
    let mut text = [0; 15];
    slow.read_exact(&mut text).await.unwrap();
    assert_eq!(&text, b"HTTP/1.1 200 OK");
    app.bert.data("{ __typename }", json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_over_a_socket_count_as_requests_of_the_caller() {
    let gateway = GatewayOptions { requests_per_caller_max: 0, ..GatewayOptions::default() };
    let app = TestApp::start().await;
    let full = app.second_server_with(gateway).await;
    let anna = Caller::new(&full.url(), app.anna.token().map(ToOwned::to_owned));
    let mut socket = anna.socket().await;
    socket.subscribe("{ viewer { agent { id } } }", json!({})).await;
    let answer = socket.hear().await;
    assert_eq!(answer["payload"][0]["extensions"]["code"], "RATE_LIMITED", "{answer}");
    socket.subscribe(BEATS, json!({})).await;
    assert_eq!(socket.event().await["heartbeat"]["seq"], 1, "a stream is not a request");
    assert_eq!(anna.error_code("{ __typename }", json!({})).await, "RATE_LIMITED");
    full.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_takes_nothing_loses_its_place_and_its_connection() {
    let gateway = GatewayOptions {
        connections_per_caller_max: 1,
        write_timeout: Duration::from_millis(300),
        stalled_timeout: Duration::from_millis(600),
        ..GatewayOptions::default()
    };
    let app = app_with(gateway).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let address = app.url().replacen("http://", "", 1).parse().unwrap();
    let mut stalled = socket.connect(address).await.unwrap();
    // Each text of the customer makes an event that holds the newest hundred.
    let feed = "subscription { agentFeed { ... on AgentDelta { events { ... on MessageUpserted {
        message { conversation { messages(last: 100) { nodes { text } } } } } } } } }";
    let request = raw_request(&app.anna, "text/event-stream", feed);
    stalled.write_all(request.as_bytes()).await.unwrap();
    eventually("the stream has begun", || async {
        (stream_of(&app.anna, &app.url(), BEATS).await.status() == 429).then_some(())
    })
    .await;
    let flood = json!({
        "from": "14155550100", "to": "15550001111", "text": "x".repeat(1_500), "count": 150,
        "order": "in_a_row", "concurrency": 1,
    });
    app.control("inbound", flood).await;
    eventually("its place is free", || async {
        (stream_of(&app.anna, &app.url(), BEATS).await.status() == 200).then_some(())
    })
    .await;
    // The kernel has given the connection up by then, or does so now.
    eventually("its connection has ended", || async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let ended = stalled.try_write(b"x").is_err();
        ended.then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_announces_too_much_ends_the_socket_before_it_comes() {
    let app = TestApp::start().await;
    let mut socket = app.anna.socket().await;
    let mut head = vec![0x81, 0xff];
    head.extend((1_u64 << 40).to_be_bytes());
    head.extend([1, 2, 3, 4]);
    socket.say_raw(&head).await;
    assert_eq!(socket.close_code().await, 1009);
    let mut socket = app.anna.socket().await;
    let long = json!({ "type": "ping", "payload": { "x": "x".repeat(255 * 1024) } });
    socket.say(long.clone()).await;
    let answer: Value = socket.hear().await;
    assert_eq!(answer["payload"], long["payload"], "what is allowed passes");
}
