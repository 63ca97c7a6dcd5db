//! Actors die, retire and crowd; conversations notice nothing of it.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use centralino::{
    domain::ids::ConversationId,
    engine::{EngineOptions, Faults, LOADS_MAX},
};
use serde_json::json;

use crate::support::{Options, SUPPORT_NUMBER, TestApp, eventually, http, quick_engine};

/// Panics once in every so-many-th command of one conversation.
#[derive(Default)]
struct Accident {
    victim: Mutex<Option<ConversationId>>,
    left: AtomicU32,
}

impl Faults for Accident {
    fn before_command(&self, conversation: ConversationId) {
        let is_victim = *self.victim.lock().unwrap() == Some(conversation);
        let take = |left: u32| left.checked_sub(1);
        let is_hit =
            is_victim && self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok();
        assert!(!is_hit, "planted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_one_actor_harms_nobody_and_loses_nothing() {
    let accident = Arc::new(Accident::default());
    let options =
        Options { faults: Arc::clone(&accident) as Arc<dyn Faults>, ..Options::default() };
    let app = TestApp::start_with(options).await;
    let victim = app.annas_conversation("14155550100").await;
    let other = app.annas_conversation("14155550101").await;
    *accident.victim.lock().unwrap() = Some(victim.parse().unwrap());
    accident.left.store(1, Ordering::SeqCst);
    app.text_in("14155550100", "meets the panic").await;
    app.text_in("14155550101", "meets nothing").await;
    app.text_in("14155550100", "comes after it").await;
    let texts = eventually("both texts are there", || async {
        let texts = app.texts(&victim).await;
        (texts.len() == 3).then_some(texts)
    })
    .await;
    assert_eq!((texts[1].1.as_str(), texts[2].1.as_str()), ("meets the panic", "comes after it"));
    assert_eq!(app.texts(&other).await.len(), 2);
    accident.left.store(1, Ordering::SeqCst);
    let input = json!({ "conversationId": victim, "idempotencyKey": "k1", "text": "answer" });
    let answer = app
        .anna
        .ask(
            "mutation ($input: MessageSendInput!) { messageSend(input: $input) { message { id } } }",
            json!({ "input": input }),
        )
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR", "{answer}");
    assert!(!answer.to_string().contains("planted"), "{answer}");
    let message = app.reply(&victim, "k1", "answer").await;
    app.message_becomes(&message, "DELIVERED").await;
    assert_eq!(app.ledger().await.len(), 1);
}

/// Watches what is read.
#[derive(Default)]
struct Loads {
    count: AtomicUsize,
    most: AtomicUsize,
}

impl Faults for Loads {
    fn before_command(&self, _: ConversationId) {}

    fn before_load(&self, under_way: usize) {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.most.fetch_max(under_way, Ordering::SeqCst);
    }
}

/// Says texts of so many customers all at once, below HTTP; answers what was read for them.
async fn herd(customers: usize, texts: usize) -> (Arc<Loads>, TestApp) {
    let loads = Arc::new(Loads::default());
    let options = Options { faults: Arc::clone(&loads) as Arc<dyn Faults>, ..Options::default() };
    let app = TestApp::start_with(options).await;
    let token = app.callback_url.rsplit('/').next().unwrap();
    let account = app.server.engine().callback_account(token).await.unwrap().unwrap();
    let says = (0..texts).map(|number| {
        let body = json!({
            "reference_id": format!("H{number}"), "sub_resource": "mo_sms",
            "user_response": {
                "phone_number": format!("1415{:07}", 5_550_000 + number % customers),
                "sender_id": SUPPORT_NUMBER, "mo_message": "hello",
            },
        });
        let (engine, account) = (app.server.engine().clone(), Arc::clone(&account));
        tokio::spawn(async move { engine.receive(&account, body.to_string().into_bytes()).await })
    });
    for said in futures_util::future::join_all(says).await {
        said.unwrap().unwrap();
    }
    (loads, app)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_callers_of_one_cold_conversation_make_one_load() {
    let (loads, app) = herd(1, 1_000).await;
    assert_eq!(loads.count.load(Ordering::SeqCst), 1);
    assert_eq!(app.database.count("select count(*) from conversations").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_cold_conversations_are_read_a_few_at_a_time() {
    let (loads, app) = herd(2_000, 2_000).await;
    eventually("all of them are stored", || async {
        let stored = app.database.count("select count(*) from conversations").await;
        (stored == 2_000).then_some(())
    })
    .await;
    assert_eq!(loads.count.load(Ordering::SeqCst), 2_000, "each once");
    let most = loads.most.load(Ordering::SeqCst);
    assert!((2..=LOADS_MAX).contains(&most), "{most} at once");
}

async fn metric(app: &TestApp, name: &str) -> f64 {
    let text = http().get(format!("{}/metrics", app.url())).send().await.unwrap();
    let text = text.text().await.unwrap();
    let line = text.lines().find(|line| line.starts_with(&format!("{name} ")));
    line.and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_actors_retire_under_traffic_without_losing_a_text() {
    let engine = EngineOptions { idle_after: Duration::from_millis(5), ..quick_engine() };
    let app = TestApp::start_with(Options { engine, ..Options::default() }).await;
    let before = metric(&app, "centralino_actors_retired_total").await;
    let body = json!({
        "from": "14155550100", "to": SUPPORT_NUMBER, "text": "{n}", "count": 300, "senders": 3,
        "concurrency": 4,
    });
    let answer = app.control("inbound", body).await;
    assert_eq!(answer["answers"], json!({ "200": 300 }), "{answer}");
    eventually("actors have retired", || async {
        (metric(&app, "centralino_actors_retired_total").await > before).then_some(())
    })
    .await;
    assert_eq!(app.database.count("select count(*) from messages").await, 300);
    assert_eq!(app.database.count("select count(*) from conversations").await, 3);
    let holes = "select count(*) from (select conversation_id from messages group by 1
        having max(sequence) <> count(*)) as holes";
    assert_eq!(app.database.count(holes).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn far_more_conversations_than_actors_are_served() {
    let engine = EngineOptions { actors_max: 8, ..quick_engine() };
    let app = TestApp::start_with(Options { engine, ..Options::default() }).await;
    let body = json!({
        "from": "14155550100", "to": SUPPORT_NUMBER, "text": "{n}", "count": 400, "senders": 100,
        "concurrency": 3,
    });
    let answer = app.control("inbound", body).await;
    assert_eq!(answer["answers"], json!({ "200": 400 }), "{answer}");
    eventually("all of them are stored", || async {
        (app.database.count("select count(*) from messages").await == 400).then_some(())
    })
    .await;
    assert_eq!(app.database.count("select count(*) from conversations").await, 100);
}
