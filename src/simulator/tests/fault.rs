//! Every fault over a real connection, and what was accepted in spite of it.

use std::time::Duration;

use reqwest::Error;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{CUSTOMER, MESSAGE, Stage, answer, code};

async fn accepted(stage: &Stage) -> usize {
    stage.read("ledger").await["entries"].as_array().unwrap().len()
}

/// The deepest cause: what the socket said.
fn socket_error(error: &Error) -> Option<std::io::ErrorKind> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    let mut kind = None;
    while let Some(error) = cause {
        kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind).or(kind);
        cause = error.source();
    }
    kind
}

#[tokio::test]
async fn answers_that_refuse_have_their_status_and_code() {
    let stage = Stage::new().await;
    let answers = [
        (json!({"kind": "unavailable_500"}), (500, 10_000)),
        (json!({"kind": "unavailable_503"}), (503, 10_000)),
        (json!({"kind": "rate_limited"}), (429, 10_019)),
        (json!({"kind": "hard_cap"}), (429, 10_020)),
        (json!({"kind": "answer", "http_status": 401, "code": 10_033}), (401, 10_033)),
    ];
    for (mut fault, expected) in answers {
        fault["count"] = 1.into();
        stage.control("faults", fault).await;
        assert_eq!(code(stage.send(&MESSAGE)).await, expected);
    }
    assert_eq!(accepted(&stage).await, 0);
    assert_eq!(code(stage.send(&MESSAGE)).await, (200, 290));
}

#[tokio::test]
async fn a_proxys_page_and_a_broken_body_are_no_answers() {
    let stage = Stage::new().await;
    let (status, page) = answer(stage.send_to("19980000006")).await;
    assert!(status == 502 && page.as_str().unwrap().starts_with("<html>"), "{page}");
    let (status, body) = answer(stage.send_to("19980000007")).await;
    assert!(status == 200 && body.is_string(), "{body}");
}

#[tokio::test]
async fn a_reset_comes_before_or_after_the_message_was_accepted() {
    let stage = Stage::new().await;
    for (fault, expected) in [(json!({}), 0), (json!({"accepts": true}), 1)] {
        let mut fault: Value = fault;
        fault["kind"] = "reset".into();
        fault["count"] = 1.into();
        stage.control("faults", fault).await;
        let error = stage.send(&MESSAGE).send().await.unwrap_err();
        assert_eq!(socket_error(&error), Some(std::io::ErrorKind::ConnectionReset), "{error:?}");
        assert_eq!(accepted(&stage).await, expected);
    }
}

#[tokio::test]
async fn a_connection_ends_without_an_answer_to_an_accepted_message() {
    let stage = Stage::new().await;
    let error = stage.send_to("19980000010").send().await.unwrap_err();
    assert!(!error.is_timeout() && !error.is_connect(), "{error:?}");
    assert_ne!(socket_error(&error), Some(std::io::ErrorKind::ConnectionReset), "{error:?}");
    assert_eq!(accepted(&stage).await, 1);
    assert_eq!(code(stage.send(&MESSAGE)).await, (200, 290));
}

#[tokio::test]
async fn a_hanging_request_is_never_answered() {
    let stage = Stage::new().await;
    for (number, expected) in [("19980000001", 0), ("19980000012", 1)] {
        let request = stage.send_to(number).timeout(Duration::from_millis(200));
        assert!(request.send().await.unwrap_err().is_timeout());
        assert_eq!(accepted(&stage).await, expected);
    }
    stage.simulator.stop().await;
}

#[tokio::test]
async fn a_late_answer_is_a_whole_answer() {
    let stage = Stage::new().await;
    stage.control("faults", json!({"kind": "delay", "delay_ms": 150, "count": 1})).await;
    let begun = Instant::now();
    assert_eq!(code(stage.send(&MESSAGE)).await, (200, 290));
    assert!(begun.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn a_fault_of_one_number_harms_no_other() {
    let stage = Stage::new().await;
    stage.control("faults", json!({"kind": "hard_cap", "phone_number": "+14155550199"})).await;
    assert_eq!(code(stage.send_to("14155550199")).await, (429, 10_020));
    assert_eq!(code(stage.send(&MESSAGE)).await, (200, 290));
    stage.control("faults", json!({"clear": true, "phone_number": "14155550199"})).await;
    assert_eq!(code(stage.send_to("14155550199")).await, (200, 290));
}

#[tokio::test]
async fn questions_about_a_status_have_faults_of_their_own() {
    let stage = Stage::new().await;
    stage.control("faults", json!({"kind": "unavailable_503", "on": "status"})).await;
    assert_eq!(code(stage.send(&MESSAGE)).await, (200, 290));
    assert_eq!(stage.ask(&"0".repeat(32)).await.0, 503);
    stage.control("faults", json!({"clear": true, "on": "status", "customer_id": CUSTOMER})).await;
    assert_eq!(stage.ask(&"0".repeat(32)).await.0, 404);
}
