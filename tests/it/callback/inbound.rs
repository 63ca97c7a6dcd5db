//! Customers' texts: one message each, whoever repeats them, in their order.

use serde_json::json;

use super::{CUSTOMER, conversations, kept, post_signed, texts_of, traces};
use crate::support::{SUPPORT_NUMBER, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_four_times_in_a_row_creates_one_message() {
    let app = TestApp::start().await;
    let body = json!({
        "from": CUSTOMER, "to": SUPPORT_NUMBER, "text": "hello", "repeat": 4, "order": "in_a_row",
    });
    let answer = app.control("inbound", body).await;
    assert_eq!(answer["answers"], json!({ "200": 4 }), "{answer}");
    assert_eq!(texts_of(&app, CUSTOMER).await, ["hello"]);
    let kept = kept(&app, &[]).await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(kept[0]["outcome"], "APPLIED");
    assert_eq!(kept[0]["reference"], answer["reference_ids"][0]);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_fifty_times_at_once_creates_one_message() {
    let app = TestApp::start().await;
    let body = json!({
        "from": CUSTOMER, "to": SUPPORT_NUMBER, "text": "hello", "repeat": 50, "concurrency": 50,
    });
    let answer = app.control("inbound", body.clone()).await;
    assert_eq!(answer["answers"], json!({ "200": 50 }), "{answer}");
    assert_eq!(texts_of(&app, CUSTOMER).await, ["hello"]);
    let before = traces(&app).await;
    assert_eq!((before[0], before[1], before[3]), (1, 1, 1), "one receipt, text, conversation");

    // Repeated much later, to a conversation that is known: still nothing.
    let again = json!({
        "from": CUSTOMER, "to": SUPPORT_NUMBER, "text": "hello", "repeat": 50, "concurrency": 50,
        "reference_id": answer["reference_ids"][0],
    });
    let answer = app.control("inbound", again).await;
    assert_eq!(answer["answers"], json!({ "200": 50 }), "{answer}");
    assert_eq!(traces(&app).await, before);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_repeated_after_its_conversation_is_resolved_opens_nothing() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let reference = kept(&app, &[]).await[0]["reference"].clone();
    let input = json!({ "conversationId": conversation, "reason": "SOLVED" });
    app.anna.mutate("conversationResolve", input, "").await;
    let before = traces(&app).await;
    let again = json!({
        "from": CUSTOMER, "to": SUPPORT_NUMBER, "text": "hello", "repeat": 8,
        "reference_id": reference,
    });
    let answer = app.control("inbound", again).await;
    assert_eq!(answer["answers"], json!({ "200": 8 }), "{answer}");
    assert_eq!(traces(&app).await, before);

    // A new text opens a new conversation.
    app.text_in(CUSTOMER, "hello").await;
    assert_eq!(conversations(&app).await, 2);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_customers_at_once_get_one_conversation_each() {
    const CUSTOMERS: i64 = 60;
    let app = TestApp::start().await;
    let wave = |count: i64, text: &str| {
        json!({
            "from": CUSTOMER, "to": SUPPORT_NUMBER, "text": text, "count": count,
            "senders": CUSTOMERS, "concurrency": CUSTOMERS,
        })
    };
    let answer = app.control("inbound", wave(CUSTOMERS * 2, "first {n}")).await;
    assert_eq!(answer["answers"], json!({ "200": CUSTOMERS * 2 }), "{answer}");
    assert_eq!(conversations(&app).await, CUSTOMERS);
    let answer = app.control("inbound", wave(CUSTOMERS, "second {n}")).await;
    assert_eq!(answer["answers"], json!({ "200": CUSTOMERS }), "{answer}");
    assert_eq!(conversations(&app).await, CUSTOMERS);
    let uneven = "select count(*) from (select 1 from messages group by conversation_id
        having count(*) <> 3 or count(distinct sender) <> 1 or max(sequence) <> 3
            or max(text) filter (where sequence = 3) not like 'second %') as uneven";
    assert_eq!(app.database.count(uneven).await, 0, "three texts of one customer in each");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_of_one_customer_keep_their_order() {
    let app = TestApp::start().await;
    let texts = |from: &str| {
        json!({
            "from": from, "to": SUPPORT_NUMBER, "text": "text {n}", "count": 25,
            "order": "in_a_row",
        })
    };
    let others = ["14155550201", "14155550202", "14155550203"];
    let answers = futures_util::future::join_all(
        others.iter().chain([&CUSTOMER]).map(|from| app.control("inbound", texts(from))),
    )
    .await;
    for answer in answers {
        assert_eq!(answer["answers"], json!({ "200": 25 }), "{answer}");
    }
    let expected: Vec<String> = (1..=25).map(|place| format!("text {place}")).collect();
    for from in others.iter().chain([&CUSTOMER]) {
        assert_eq!(texts_of(&app, from).await, expected, "{from}");
    }
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_text_twice_is_two_messages() {
    let app = TestApp::start().await;
    for reference in ["A1", "A2"] {
        let status = post_signed(&app, &super::plain_text("yes", reference)).await;
        assert_eq!(status, 200);
    }
    assert_eq!(texts_of(&app, CUSTOMER).await, ["yes", "yes"]);
    app.server.stop().await;
}
