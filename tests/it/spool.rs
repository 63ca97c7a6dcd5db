//! The database is away: callbacks are safe all the same, and nobody notices afterwards.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use centralino::{domain::ids::ConversationId, engine::Faults};
use serde_json::{Value, json};

use crate::support::{
    CUSTOMER_ID, Caller, Options, SUPPORT_NUMBER, TestApp, eventually, http, start_server,
};

const CUSTOMER: &str = "14155550123";

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_come_while_the_database_is_away_are_there_in_order_and_once() {
    let app = TestApp::start().await;
    app.text_in(CUSTOMER, "before").await;
    app.database.close().await;
    for number in 1..=5 {
        app.text_in(CUSTOMER, &format!("away {number}")).await;
    }
    let body = json!({ "from": CUSTOMER, "to": SUPPORT_NUMBER, "text": "twice", "repeat": 3 });
    let answer = app.control("inbound", body).await;
    assert_eq!(answer["answers"], json!({ "200": 3 }), "{answer}");
    app.database.open().await;
    app.text_in(CUSTOMER, "after").await;
    let id = app.conversation_with(CUSTOMER).await["id"].as_str().unwrap().to_owned();
    let all = eventually("all of them are there", || async {
        let texts = app.texts(&id).await;
        (texts.len() >= 8).then_some(texts)
    })
    .await;
    let words: Vec<&str> = all.iter().map(|(_, text, _)| text.as_str()).collect();
    let expected = ["before", "away 1", "away 2", "away 3", "away 4", "away 5", "twice", "after"];
    assert_eq!(words, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_starts_without_its_database_knows_a_forgery_and_keeps_the_rest() {
    let app = TestApp::start().await;
    app.text_in(CUSTOMER, "before").await;
    let path = app.callback_url.trim_start_matches(&app.url()).to_owned();
    let token = app.admin.token().unwrap().to_owned();
    let TestApp { server, simulator, database, .. } = app;
    server.stop().await;
    database.close().await;
    let server = start_server(&database, &simulator, Options::default()).await;
    simulator.set_callback_url(CUSTOMER_ID, &format!("{}{path}", server.url())).unwrap();
    let inbound = |body: Value| {
        let url = format!("http://{}/control/inbound", simulator.address());
        async move {
            let answer = http().post(url).body(body.to_string()).send().await.unwrap();
            serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap()
        }
    };
    let text = json!({ "from": CUSTOMER, "to": SUPPORT_NUMBER, "text": "while you were away" });
    assert_eq!(inbound(text).await["answers"], json!({ "200": 1 }));
    let forged = json!({
        "from": CUSTOMER, "to": SUPPORT_NUMBER, "text": "forged",
        "shape": { "signature": "wrong_key" },
    });
    let answers = inbound(forged).await["answers"].clone();
    assert_eq!(answers.get("200"), None, "{answers}");
    let admin = Caller::new(&server.url(), Some(token));
    let query =
        "{ conversations(first: 9) { nodes { id messages(first: 9) { nodes { text } } } } }";
    let code = admin.ask(query, json!({})).await["errors"][0]["extensions"]["code"].clone();
    assert_eq!(code, "UNAVAILABLE");
    database.open().await;
    eventually("both texts are there", || async {
        let answer = admin.ask(query, json!({})).await;
        let texts = &answer["data"]["conversations"]["nodes"][0]["messages"]["nodes"];
        (*texts == json!([{ "text": "before" }, { "text": "while you were away" }])).then_some(())
    })
    .await;
    assert_eq!(database.count("select count(*) from messages where text = 'forged'").await, 0);
    server.stop().await;
}

/// Panics in every command while it is switched on.
#[derive(Default)]
struct Poison {
    is_on: AtomicBool,
    panics: AtomicU32,
}

impl Faults for Poison {
    fn before_command(&self, _: ConversationId) {
        if self.is_on.load(Ordering::SeqCst) {
            self.panics.fetch_add(1, Ordering::SeqCst);
            panic!("planted");
        }
    }
}

async fn with_poison() -> (Arc<Poison>, TestApp) {
    let poison = Arc::new(Poison::default());
    let options = Options { faults: Arc::clone(&poison) as Arc<dyn Faults>, ..Options::default() };
    let app = TestApp::start_with(options).await;
    poison.is_on.store(true, Ordering::SeqCst);
    (poison, app)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_whose_command_panics_three_times_is_parked_and_the_conversation_goes_on() {
    let (poison, app) = with_poison().await;
    app.text_in(CUSTOMER, "poison").await;
    let query = "{ callbacks(first: 9, filter: { outcome: [PARKED] }) { nodes { id detail body } }
        alerts(first: 9) { nodes { kind } } }";
    let data = eventually("it is parked, and somebody is told", || async {
        let data = app.admin.data(query, json!({})).await;
        let is_told = data["alerts"]["nodes"][0]["kind"] == "CALLBACK_PARKED";
        (is_told && data["callbacks"]["nodes"][0]["id"].is_string()).then_some(data)
    })
    .await;
    assert_eq!(poison.panics.load(Ordering::SeqCst), 3);
    let parked = &data["callbacks"]["nodes"][0];
    let detail = parked["detail"].as_str().unwrap();
    assert!(detail.contains("planted") && detail.contains(env!("CARGO_PKG_VERSION")), "{detail}");
    assert!(parked["body"].as_str().unwrap().contains("poison"), "{parked}");
    let replay = json!({ "ids": [parked["id"]] });
    let again = app.admin.mutate("callbackReplay", replay.clone(), "replayed refused").await;
    assert_eq!((&again["replayed"], &again["refused"]), (&json!(0), &json!(1)), "it panics still");
    poison.is_on.store(false, Ordering::SeqCst);
    app.text_in(CUSTOMER, "good").await;
    let id = app.conversation_with(CUSTOMER).await["id"].as_str().unwrap().to_owned();
    eventually("the conversation goes on", || async {
        (app.texts(&id).await.len() == 1).then_some(())
    })
    .await;
    for _ in 0..2 {
        let again = app.admin.mutate("callbackReplay", replay.clone(), "replayed").await;
        assert_eq!(again["replayed"], 1);
    }
    let texts: Vec<String> = app.texts(&id).await.into_iter().map(|(_, text, _)| text).collect();
    assert_eq!(texts, ["good", "poison"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_where_everything_panics_says_that_it_is_not_ready() {
    let (poison, app) = with_poison().await;
    let ready = format!("{}/readyz", app.url());
    let status = async || http().get(&ready).send().await.unwrap().status().as_u16();
    assert_eq!(status().await, 200);
    let body = json!({
        "from": CUSTOMER, "to": SUPPORT_NUMBER, "text": "{n}", "count": 20, "senders": 20,
    });
    let answer = app.control("inbound", body).await;
    assert_eq!(answer["answers"], json!({ "200": 20 }), "they are durable all the same: {answer}");
    eventually("it is not ready", || async { (status().await == 503).then_some(()) }).await;
    assert!(poison.panics.load(Ordering::SeqCst) >= 50);
    eventually("all are parked", || async {
        let parked = "select count(*) from receipts where outcome = 'PARKED'";
        (app.database.count(parked).await == 20).then_some(())
    })
    .await;
}
