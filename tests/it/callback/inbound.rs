//! Texts of customers.

use serde_json::{Value, json};

use crate::support::{SUPPORT_NUMBER, TestApp};

const CUSTOMER: &str = "14155550123";

fn text(from: &str, text: &str, more: &Value) -> Value {
    let mut body = json!({ "from": from, "to": SUPPORT_NUMBER, "text": text });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn counts(app: &TestApp) -> (i64, i64, i64) {
    (
        app.database.count("select count(*) from receipts").await,
        app.database.count("select count(*) from messages").await,
        app.database.count("select count(*) from events where kind = 'MESSAGE_ADDED'").await,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_callback_four_times_in_a_row_is_one_message() {
    let app = TestApp::start().await;
    let body = text(CUSTOMER, "hi", &json!({ "repeat": 4, "order": "in_a_row" }));
    assert_eq!(app.control("inbound", body).await["answers"], json!({ "200": 4 }));
    assert_eq!(counts(&app).await, (1, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_callback_fifty_times_at_once_is_one_message() {
    let app = TestApp::start().await;
    let body = text(CUSTOMER, "hi", &json!({ "repeat": 50, "concurrency": 50 }));
    assert_eq!(app.control("inbound", body).await["answers"], json!({ "200": 50 }));
    assert_eq!(counts(&app).await, (1, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_customer_has_one_conversation_however_many_text_at_once() {
    let app = TestApp::start().await;
    let body = text("14155550100", "number {n}", &json!({ "count": 300, "senders": 60 }));
    assert_eq!(app.control("inbound", body).await["answers"], json!({ "200": 300 }));
    assert_eq!(app.database.count("select count(*) from conversations").await, 60);
    assert_eq!(counts(&app).await, (300, 300, 300));
    let holes = "select count(*) from (select conversation_id from messages group by 1
        having count(*) <> 5 or max(sequence) <> 5 or min(sequence) <> 1) as holes";
    assert_eq!(app.database.count(holes).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_of_one_customer_keep_the_order_in_which_they_were_answered() {
    let app = TestApp::start().await;
    let body =
        text(CUSTOMER, "{n}", &json!({ "count": 30, "order": "in_a_row", "concurrency": 1 }));
    app.control("inbound", body).await;
    let id = app.conversation_with(CUSTOMER).await["id"].as_str().unwrap().to_owned();
    let words: Vec<String> = app.texts(&id).await.into_iter().map(|(_, text, _)| text).collect();
    let sorted: Vec<String> = {
        let mut numbers: Vec<u32> = words.iter().map(|word| word.parse().unwrap()).collect();
        numbers.sort_unstable();
        numbers.iter().map(ToString::to_string).collect()
    };
    assert_eq!(words, sorted);
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_texts_are_kept_whole() {
    let app = TestApp::start().await;
    let long = "long ".repeat(500);
    let odd =
        ["😀👩‍👩‍👧", "مرحبا بالعالم", "a\tb\r\nc", "<script>alert(1)</script>", "'; drop table", &long];
    for text in odd {
        app.text_in(CUSTOMER, text).await;
    }
    let id = app.conversation_with(CUSTOMER).await["id"].as_str().unwrap().to_owned();
    let words: Vec<String> = app.texts(&id).await.into_iter().map(|(_, text, _)| text).collect();
    assert_eq!(words, odd);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zero_character_never_loses_a_text() {
    let app = TestApp::start().await;
    app.text_in(CUSTOMER, "before\u{0}after").await;
    let id = app.conversation_with(CUSTOMER).await["id"].as_str().unwrap().to_owned();
    let texts = app.texts(&id).await;
    assert_eq!(texts.len(), 1);
    assert!(texts[0].1.starts_with("before") && texts[0].1.ends_with("after"), "{:?}", texts[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_settings_holds_for_the_very_next_callback() {
    let app = TestApp::start().await;
    app.text_in(CUSTOMER, "one").await;
    for active in [false, true] {
        let query = "query ($id: ID!) { supportNumber(id: $id) { version } }";
        let data = app.admin.data(query, json!({ "id": app.number })).await;
        let input = json!({
            "supportNumberId": app.number, "active": active,
            "expectedVersion": data["supportNumber"]["version"],
        });
        app.admin.mutate("supportNumberUpdate", input, "").await;
        app.text_in(CUSTOMER, &format!("active {active}")).await;
    }
    let unrouted = "select count(*) from receipts where outcome = 'UNROUTED'";
    assert_eq!(app.database.count(unrouted).await, 1);
    let texts = app.database.column("select text from messages order by sequence").await;
    assert_eq!(texts, ["one", "active true"]);
}
