//! Every event once, in order, or the word that something was missed.

use serde_json::{Value, json};

use crate::support::{Caller, Options, Socket, TestApp, eventually, start_server};

const AGENT_FEED: &str =
    "subscription ($after: EventCursor) { agentFeed(after: $after) { __typename
    ... on AgentSnapshot { position { cursor previous } inbox { id } openWork { id } }
    ... on AgentDelta { position { cursor previous } events { __typename
        ... on ConversationUpserted { conversation { id status } }
        ... on ConversationLeft { conversationId reason }
        ... on MessageUpserted { isNew message { id text status } } } }
    ... on ResyncRequired { position { cursor } reason } } }";
const THREAD: &str = "subscription ($id: ID!, $after: EventCursor) {
    conversationEvents(conversationId: $id, after: $after) { __typename
    ... on ConversationSnapshot { position { cursor previous } messages { text } }
    ... on ConversationDelta { position { cursor previous } events { __typename
        ... on MessageUpserted { isNew message { text sequence status } } } }
    ... on ResyncRequired { reason } } }";

/// Reads one feed and checks that its frames chain.
struct Reader {
    socket: Socket,
    field: &'static str,
    cursor: Value,
}

impl Reader {
    async fn open(caller: &Caller, query: &str, variables: Value) -> (Self, Value) {
        let mut socket = caller.socket().await;
        socket.subscribe(query, variables.clone()).await;
        let field = if query.contains("agentFeed") { "agentFeed" } else { "conversationEvents" };
        let mut reader = Self { socket, field, cursor: variables["after"].clone() };
        let first = reader.frame().await;
        (reader, first)
    }

    async fn frame(&mut self) -> Value {
        let frame = self.socket.event().await[self.field].clone();
        if frame["__typename"] != "ResyncRequired" {
            assert_eq!(frame["position"]["previous"], self.cursor, "the chain is broken: {frame}");
            self.cursor = frame["position"]["cursor"].clone();
        }
        frame
    }

    /// Texts that are added until one says this.
    async fn words_until(&mut self, last: &str) -> Vec<String> {
        let mut words = Vec::new();
        loop {
            let frame = self.frame().await;
            for event in frame["events"].as_array().into_iter().flatten() {
                if event["isNew"] == true {
                    words.push(event["message"]["text"].as_str().unwrap().to_owned());
                }
            }
            if words.last().is_some_and(|word| word == last) {
                return words;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_opens_with_what_is_and_goes_on_with_what_happens() {
    let app = TestApp::start().await;
    app.text_in("14155550100", "before").await;
    let (mut feed, snapshot) = Reader::open(&app.anna, AGENT_FEED, json!({})).await;
    assert_eq!(snapshot["__typename"], "AgentSnapshot");
    assert_eq!(snapshot["openWork"].as_array().unwrap().len(), 1);
    app.text_in("14155550101", "new").await;
    let delta = feed.frame().await;
    assert_eq!(delta["events"][0]["__typename"], "ConversationUpserted");
    assert_eq!(delta["events"][1]["message"]["text"], "new");
    let id = app.conversation_with("14155550101").await["id"].clone();
    let pick = json!({ "conversationId": id });
    app.bert.mutate("conversationPick", pick, "").await;
    let delta = feed.frame().await;
    let left =
        json!({ "__typename": "ConversationLeft", "conversationId": id, "reason": "TRANSFERRED" });
    assert_eq!(delta["events"], json!([left]), "what Bert has is no longer open work");
    app.text_in("14155550101", "to Bert alone").await;
    app.text_in("14155550100", "to all").await;
    assert_eq!(feed.words_until("to all").await, ["to all"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_with_a_cursor_sees_everything_once() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550100").await;
    let id = json!({ "id": conversation });
    let (mut thread, _) = Reader::open(&app.anna, THREAD, id).await;
    app.text_in("14155550100", "seen 1").await;
    app.text_in("14155550100", "seen 2").await;
    thread.words_until("seen 2").await;
    let after = thread.cursor.clone();
    drop(thread);
    let missed = json!({
        "from": "14155550100", "to": "15550001111", "text": "missed {n}", "count": 150,
        "order": "in_a_row", "concurrency": 1,
    });
    app.control("inbound", missed).await;
    app.text_in("14155550100", "last").await;
    let again = json!({ "id": conversation, "after": after });
    let (mut thread, first) = Reader::open(&app.anna, THREAD, again).await;
    assert_eq!(first["__typename"], "ConversationDelta", "no snapshot is needed: {first}");
    let mut words: Vec<String> = first["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["isNew"] == true)
        .map(|event| event["message"]["text"].as_str().unwrap().to_owned())
        .collect();
    if words.last().is_none_or(|word| word != "last") {
        words.extend(thread.words_until("last").await);
    }
    let stored = "select text from messages where sequence > 3 order by sequence";
    assert_eq!(words, app.database.column(stored).await);
    assert_eq!(words.len(), 151);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_outlives_the_server() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550100").await;
    let (thread, _) = Reader::open(&app.anna, THREAD, json!({ "id": conversation })).await;
    let after = thread.cursor.clone();
    app.text_in("14155550100", "before the restart").await;
    let token = app.anna.token().unwrap().to_owned();
    let TestApp { server, simulator, database, .. } = app;
    server.stop().await;
    let server = start_server(&database, &simulator, Options::default()).await;
    let anna = Caller::new(&server.url(), Some(token));
    let again = json!({ "id": conversation, "after": after });
    let (_, first) = Reader::open(&anna, THREAD, again).await;
    assert_eq!(first["events"][0]["message"]["text"], "before the restart", "{first}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_cannot_be_gone_on_from_brings_a_snapshot() {
    let app = TestApp::start().await;
    let (feed, _) = Reader::open(&app.anna, AGENT_FEED, json!({})).await;
    let old = feed.cursor.clone();
    app.text_in("14155550100", "one").await;
    app.text_in("14155550101", "two").await;
    app.database.execute("delete from events").await;
    let (mut feed, first) = Reader::open(&app.anna, AGENT_FEED, json!({ "after": old })).await;
    assert_eq!(
        (&first["__typename"], &first["reason"]),
        (&json!("ResyncRequired"), &json!("CURSOR_EXPIRED"))
    );
    let snapshot = feed.socket.event().await["agentFeed"].clone();
    assert_eq!(snapshot["__typename"], "AgentSnapshot");
    assert_eq!(snapshot["openWork"].as_array().unwrap().len(), 2);
    let future = "djE6ZmVlZDo5OTk5OTk"; // v1:feed:999999
    let (_, first) = Reader::open(&app.anna, AGENT_FEED, json!({ "after": future })).await;
    assert_eq!(first["reason"], "CURSOR_UNKNOWN", "{first}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_tell_the_same_story() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550100").await;
    // Its own spool: it stands for a second machine.
    let second = app.second_server().await;
    let anna_there = Caller::new(&second.url(), app.anna.token().map(ToOwned::to_owned));
    let id = json!({ "id": conversation });
    let (mut here, _) = Reader::open(&app.anna, THREAD, id.clone()).await;
    let (mut there, _) = Reader::open(&anna_there, THREAD, id).await;
    for number in 0..10 {
        app.text_in("14155550100", &format!("text {number}")).await;
        let input = json!({
            "conversationId": conversation, "idempotencyKey": format!("k{number}"),
            "text": format!("answer {number}"),
        });
        anna_there.mutate("messageSend", input, "").await;
    }
    app.text_in("14155550100", "the end").await;
    let (one, two) = tokio::join!(here.words_until("the end"), there.words_until("the end"));
    assert_eq!(one.len(), 21, "{one:?}");
    assert_eq!(one, two);
    let ledger = eventually("all answers arrived", || async {
        let ledger = app.ledger().await;
        (ledger.len() == 10).then_some(ledger)
    })
    .await;
    assert!(ledger.iter().all(|entry| entry["external_id_seen"] == 1), "{ledger:?}");
    app.texts(&conversation).await;
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_hear_of_changes_of_the_configuration() {
    let app = TestApp::start().await;
    let query = "subscription { configChanges { change subjectId position { cursor }
        subject { __typename ... on Queue { name } } } }";
    let mut socket = app.admin.socket().await;
    socket.subscribe(query, json!({})).await;
    let made = eventually("the stream has begun", || async {
        let name = format!("Queue {}", app.database.count("select count(*) from queues").await);
        app.admin.mutate("queueCreate", json!({ "name": name }), "").await;
        Some(name)
    })
    .await;
    let event = tokio::time::timeout(crate::support::DEADLINE, socket.event()).await;
    let event = event.map_or(Value::Null, |event| event["configChanges"].clone());
    assert_eq!(event["change"], "CREATED", "{event} {made}");
    assert_eq!(event["subject"]["__typename"], "Queue");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heart_beats_and_ends() {
    let app = TestApp::start().await;
    let mut socket = app.anna.socket().await;
    let query = "subscription { heartbeat(intervalMs: 10, limit: 3) { seq } }";
    socket.subscribe(query, json!({})).await;
    for beat in 1..=3 {
        assert_eq!(socket.event().await["heartbeat"]["seq"], beat);
    }
    assert_eq!(socket.hear().await["type"], "complete");
}
