//! Attempts of a callback: what is success, how often it is tried, how it is signed.

use std::time::Duration;

use serde_json::{Value, json};

use super::{CUSTOMER, KEY, Stage};
use crate::simulator::account::Key;

fn text_in() -> Value {
    json!({"from": "14155550123", "to": "15550001111", "text": "Hello"})
}

fn text_in_with(shape: Value) -> Value {
    let mut order = text_in();
    order["shape"] = shape;
    order
}

#[tokio::test]
async fn only_200_is_success_and_the_fourth_attempt_is_the_last() {
    let stage = Stage::new().await;
    stage.receiver.answer_next([503, 201, 204, 500]);
    let answer = stage.control("inbound", text_in()).await;
    assert_eq!(answer["answers"], json!({"503": 1}));
    let arrived = stage.receiver.wait_for(4).await;
    let outbox =
        stage.eventually("callbacks", |outbox| outbox["callbacks"][0]["state"] == "given_up").await;
    let attempts = outbox["callbacks"][0]["attempts"].as_array().unwrap();
    let statuses: Vec<&Value> = attempts.iter().map(|attempt| &attempt["http_status"]).collect();
    assert_eq!(statuses, [503, 201, 204, 500]);
    // 5, 10 and 15 seconds, times 0.02.
    for (pair, wait_ms) in arrived.windows(2).zip([100, 200, 300]) {
        assert!(pair[1].at - pair[0].at >= Duration::from_millis(wait_ms));
    }
    assert!(arrived.windows(2).all(|pair| pair[0].body == pair[1].body));
    assert_eq!(stage.receiver.arrived().len(), 4);
}

#[tokio::test]
async fn a_callback_is_delivered_at_a_later_attempt() {
    let stage = Stage::new().await;
    stage.receiver.answer_next([500]);
    stage.control("inbound", text_in()).await;
    let outbox = stage
        .eventually("callbacks", |outbox| outbox["callbacks"][0]["state"] == "delivered")
        .await;
    assert_eq!(outbox["callbacks"][0]["attempts"].as_array().unwrap().len(), 2);
    assert_eq!(outbox["callbacks"][0]["kind"], "inbound");
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_in_time_is_tried_again() {
    let stage = Stage::new().await;
    let change =
        json!({"customer_id": CUSTOMER, "callback_timeout_ms": 100, "callback_waits_ms": [0]});
    stage.control("accounts", change).await;
    stage.receiver.answer_next([0]);
    let answer = stage.control("inbound", text_in()).await;
    assert_eq!(answer["answers"], json!({"timeout": 1}));
    stage.eventually("callbacks", |outbox| outbox["callbacks"][0]["state"] == "delivered").await;
}

#[tokio::test]
async fn a_receiver_that_is_away_is_told_apart() {
    let stage = Stage::new().await;
    let url = "http://127.0.0.1:1/";
    let change = json!({"customer_id": CUSTOMER, "callback_url": url, "callback_waits_ms": []});
    stage.control("accounts", change).await;
    let answer = stage.control("inbound", text_in()).await;
    assert_eq!(answer["answers"], json!({"no_connection": 1}));
    let outbox = stage.read("callbacks").await;
    assert_eq!(outbox["callbacks"][0]["state"], "given_up");
}

#[tokio::test]
async fn both_headers_carry_the_signature_of_the_bytes() {
    let stage = Stage::new().await;
    stage.control("inbound", text_in()).await;
    let arrived = stage.receiver.wait_for(1).await.remove(0);
    let signature = Key::new(KEY).unwrap().signature(&arrived.body);
    let expected = Some(format!("TSA {CUSTOMER}:{signature}"));
    assert_eq!((&arrived.authorization, &arrived.x_ts_authorization), (&expected, &expected));
}

#[tokio::test]
async fn every_variant_of_the_headers_can_be_asked_for() {
    let stage = Stage::new().await;
    let keys = json!({"customer_id": CUSTOMER, "api_keys": [KEY, "b2xkIGtleQ=="]});
    stage.control("accounts", keys).await;
    for shape in [
        json!({"authorization": "missing", "x_ts_authorization": "bare"}),
        json!({"authorization": "bare", "x_ts_authorization": "missing"}),
        json!({"authorization": "missing", "x_ts_authorization": "missing"}),
        json!({"customer_id": "someone.else"}),
        json!({"key_index": 1}),
        json!({"signature": "wrong_key"}),
        json!({"signature": "changed_byte"}),
        json!({"signature": "garbage"}),
    ] {
        stage.control("inbound", text_in_with(shape)).await;
    }
    let arrived = stage.receiver.wait_for(8).await;
    let right: Vec<String> =
        arrived.iter().map(|callback| Key::new(KEY).unwrap().signature(&callback.body)).collect();
    let full = |id: &str, place: usize| Some(format!("TSA {id}:{}", right[place]));
    let headers: Vec<_> = arrived
        .iter()
        .map(|callback| (callback.authorization.clone(), callback.x_ts_authorization.clone()))
        .collect();
    assert_eq!(headers[0], (None, Some(right[0].clone())));
    assert_eq!(headers[1], (Some(right[1].clone()), None));
    assert_eq!(headers[2], (None, None));
    assert_eq!(headers[3].0, full("someone.else", 3));
    let old = Key::new("b2xkIGtleQ==").unwrap().signature(&arrived[4].body);
    assert_eq!(headers[4].0, Some(format!("TSA {CUSTOMER}:{old}")));
    for place in [5, 6, 7] {
        assert!(headers[place].0.is_some() && headers[place].0 != full(CUSTOMER, place), "{place}");
    }
    // A changed byte leaves JSON behind: only the signature can tell.
    assert_eq!(arrived[6].json()["user_response"]["mo_message"], "Hello");
}
