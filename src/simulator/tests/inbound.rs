//! Texts in as a customer.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{CUSTOMER, Stage, answer};

#[tokio::test]
async fn the_line_from_the_manual_texts_in() {
    let stage = Stage::new().await;
    // What curl -d sends: a form's content type over a JSON body.
    let request = stage
        .http
        .post(stage.url("/control/inbound"))
        .header("content-type", super::FORM)
        .body(r#"{"from":"14155550123","to":"15550001111","text":"Hello"}"#);
    let (status, body) = answer(request).await;
    assert_eq!((status, &body["state"]), (200, &json!("tried")));
    assert_eq!(body["answers"], json!({"200": 1}));
    assert_eq!(body["attempts"][0]["http_status"], 200);
    let text = stage.receiver.wait_for(1).await[0].json();
    assert_eq!(text["reference_id"], body["reference_ids"][0]);
    assert_eq!((&text["sub_resource"], &text["status"]["code"]), (&json!("mo_sms"), &json!(1_500)));
    assert_eq!(
        text["user_response"],
        json!({"phone_number": "14155550123", "sender_id": "15550001111", "mo_message": "Hello",
            "iso_country_code": "US", "action": "generic", "keyword": ""})
    );
}

#[tokio::test]
async fn keywords_come_with_their_action_unless_the_feature_is_off() {
    let stage = Stage::new().await;
    let text_in = |text: &str| json!({"from": "14155550123", "to": "4442", "text": text});
    stage.control("inbound", text_in("STOP")).await;
    let whole = json!({"customer_id": CUSTOMER, "keywords": "contains"});
    stage.control("accounts", whole).await;
    stage.control("inbound", text_in("please help me")).await;
    stage.control("accounts", json!({"customer_id": CUSTOMER, "keywords": "off"})).await;
    stage.control("inbound", text_in("STOP")).await;
    let arrived = stage.receiver.wait_for(3).await;
    let response = |place: usize| arrived[place].json()["user_response"].clone();
    assert_eq!((&response(0)["action"], &response(0)["keyword"]), (&json!("stop"), &json!("stop")));
    assert_eq!((&response(1)["action"], &response(1)["keyword"]), (&json!("help"), &json!("help")));
    assert_eq!(response(2).get("action"), None);
}

#[tokio::test]
async fn the_same_text_can_come_fifty_times_at_once() {
    let stage = Stage::new().await;
    let order = json!({"from": "14155550123", "to": "4442", "text": "Hello", "repeat": 50});
    let body = stage.control("inbound", order).await;
    assert_eq!((&body["texts"], &body["callbacks"]), (&json!(1), &json!(50)));
    assert_eq!(body["answers"], json!({"200": 50}));
    let arrived = stage.receiver.wait_for(50).await;
    assert!(arrived.iter().all(|callback| callback.body == arrived[0].body));
}

#[tokio::test]
async fn texts_in_a_row_wait_for_each_other() {
    let stage = Stage::new().await;
    let order = json!({"from": "14155550123", "to": "4442", "text": "{n}", "count": 20, "order": "in_a_row"});
    stage.control("inbound", order).await;
    let arrived = stage.receiver.wait_for(20).await;
    let texts: Vec<Value> = arrived
        .iter()
        .map(|callback| callback.json()["user_response"]["mo_message"].clone())
        .collect();
    let expected: Vec<String> = (1..=20).map(|number| number.to_string()).collect();
    assert_eq!(texts, expected);
}

#[tokio::test]
async fn many_texts_come_from_many_senders_with_references_of_their_own() {
    let stage = Stage::new().await;
    let order =
        json!({"from": "14155550100", "to": "4442", "text": "{n}", "count": 300, "senders": 7});
    let body = stage.control("inbound", order).await;
    assert_eq!(body["answers"], json!({"200": 300}));
    assert_eq!(body["reference_ids"].as_array().unwrap().len(), 100);
    let arrived = stage.receiver.wait_for(300).await;
    let distinct = |pointer: &str| -> usize {
        let values =
            arrived.iter().map(|callback| callback.json().pointer(pointer).unwrap().to_string());
        values.collect::<BTreeSet<_>>().len()
    };
    assert_eq!(distinct("/reference_id"), 300);
    assert_eq!(distinct("/user_response/mo_message"), 300);
    assert_eq!(distinct("/user_response/phone_number"), 7);
}

#[tokio::test]
async fn an_order_that_does_not_wait_is_carried_out_all_the_same() {
    let stage = Stage::new().await;
    let order =
        json!({"from": "14155550100", "to": "4442", "text": "x", "count": 30, "wait": false});
    assert_eq!(stage.control("inbound", order).await["state"], "under_way");
    stage.receiver.wait_for(30).await;
}
