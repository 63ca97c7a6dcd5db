//! The main job: a customer's text in, an agent's answer out.

use serde_json::json;

use crate::support::TestApp;

const CUSTOMER: &str = "14155550123";

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_texts_and_an_agent_answers() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let message = app.reply(&conversation, "k1", "Good morning").await;
    app.message_becomes(&message, "DELIVERED").await;
    let ledger = app.ledger().await;
    assert_eq!(ledger.len(), 1, "the provider sees it once: {ledger:?}");
    assert_eq!(ledger[0]["sender_id"], "15550001111");
    assert_eq!(ledger[0]["phone_number"], CUSTOMER);
    assert_eq!(ledger[0]["message"], "Good morning");
    assert_eq!(ledger[0]["external_id"], json!(format!("{message}.1")));
    let texts = app.texts(&conversation).await;
    assert_eq!(texts.len(), 2);
    assert_eq!(texts[0].1, "hello");
    app.server.stop().await;
}
