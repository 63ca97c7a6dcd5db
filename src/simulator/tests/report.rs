//! Delivery reports: plans, their order, their copies, and reports outside of any plan.

use serde_json::{Value, json};

use super::{CUSTOMER, MESSAGE, Stage, answer};

fn codes(stage: &Stage) -> Vec<Value> {
    let arrived = stage.receiver.arrived();
    arrived.iter().map(|callback| callback.json()["status"]["code"].clone()).collect()
}

#[tokio::test]
async fn a_message_is_reported_at_the_gateway_and_then_delivered() {
    let stage = Stage::new().await;
    let (_, sent) = answer(stage.send(&MESSAGE)).await;
    let arrived = stage.receiver.wait_for(2).await;
    assert_eq!(codes(&stage), [203, 200]);
    for callback in arrived {
        let report = callback.json();
        assert_eq!(callback.path, "/callbacks");
        assert_eq!(callback.content_type.as_deref(), Some("application/json"));
        assert_eq!(report["reference_id"], sent["reference_id"]);
        assert_eq!(
            (&report["external_id"], &report["sub_resource"]),
            (&json!("msg.1"), &json!("sms"))
        );
        assert!(!report.to_string().contains("14155550123"), "a report names no recipient");
    }
}

#[tokio::test]
async fn magic_recipients_choose_their_reports() {
    let stage = Stage::new().await;
    let plans: [(&str, &[u64]); 3] = [
        ("19990000510", &[510]),
        ("19990000001", &[203, 203, 200, 200]),
        ("19990000002", &[200, 203]),
    ];
    let mut expected = Vec::new();
    for (number, reports) in plans {
        answer(stage.send_to(number)).await;
        expected.extend_from_slice(reports);
        stage.receiver.wait_for(expected.len()).await;
        assert_eq!(codes(&stage), expected, "{number}");
    }
    let copies = stage.receiver.arrived();
    assert_eq!(copies[1].body, copies[2].body);
}

#[tokio::test]
async fn a_number_that_never_reports_stays_in_progress() {
    let stage = Stage::new().await;
    let (_, sent) = answer(stage.send_to("19990000000")).await;
    answer(stage.send_to("19990000510")).await;
    stage.receiver.wait_for(1).await;
    assert_eq!(codes(&stage), [510]);
    let (_, status) = stage.ask(sent["reference_id"].as_str().unwrap()).await;
    assert_eq!(status["status"]["code"], 290);
}

#[tokio::test]
async fn a_plan_of_steps_is_followed_in_its_times() {
    let stage = Stage::new().await;
    let steps = json!([
        {"code": 221, "after_ms": 5_000},
        {"code": 203, "after_ms": 10, "copies": 2, "updated_on": "2022-31-03T14:51:28.709526Z"},
    ]);
    let plan = json!({"steps": steps, "phone_number": "14155550123"});
    assert_eq!(stage.control("plans", plan).await["reports"], 2);
    answer(stage.send(&MESSAGE)).await;
    let arrived = stage.receiver.wait_for(3).await;
    assert_eq!(codes(&stage), [203, 203, 221]);
    assert_eq!(arrived[0].json()["status"]["updated_on"], "2022-31-03T14:51:28.709526Z");
    assert!(arrived[2].at - arrived[0].at >= std::time::Duration::from_millis(50));
    stage.control("plans", json!({"plan": "never"})).await;
    stage.control("plans", json!({"plan": "default", "phone_number": "14155550123"})).await;
    let (_, sent) = answer(stage.send(&MESSAGE)).await;
    let path = format!("callbacks?reference_id={}", sent["reference_id"].as_str().unwrap());
    assert_eq!(stage.read(&path).await["callbacks"], json!([]));
}

#[tokio::test]
async fn the_url_of_a_message_wins_over_that_of_its_account() {
    let stage = Stage::new().await;
    let url = format!("{}/own", stage.receiver.url());
    let mut fields = MESSAGE.to_vec();
    fields.push(("callback_url", &url));
    answer(stage.send(&fields)).await;
    assert_eq!(stage.receiver.wait_for(1).await[0].path, "/callbacks/own");
}

#[tokio::test]
async fn any_report_can_be_sent_at_any_time_in_any_shape() {
    let stage = Stage::new().await;
    stage.control("plans", json!({"plan": "never"})).await;
    let (_, sent) = answer(stage.send(&MESSAGE)).await;
    let order = json!({
        "reference_id": sent["reference_id"], "code": 10_031, "copies": 3,
        "updated_on": "yesterday", "shape": {"counts": "string", "errors": "object"},
    });
    let done = stage.control("reports", order).await;
    assert_eq!(done["attempts"].as_array().unwrap().len(), 3);
    assert_eq!(done["attempts"][0]["http_status"], 200);
    let report = stage.receiver.wait_for(3).await[2].json();
    assert_eq!(report["status"]["code"], "10031");
    assert_eq!(report["status"]["updated_on"], "yesterday");
    assert_eq!((&report["external_id"], &report["errors"]), (&json!("msg.1"), &json!({})));
    let (_, status) = stage.ask(sent["reference_id"].as_str().unwrap()).await;
    assert_eq!(status["status"]["code"], 10_031);
}

#[tokio::test]
async fn a_report_about_a_message_that_was_never_sent_can_be_made() {
    let stage = Stage::new().await;
    let order = json!({"reference_id": "0".repeat(32), "code": 200, "external_id": "made.up"});
    stage.control("reports", order).await;
    assert_eq!(stage.receiver.wait_for(1).await[0].json()["external_id"], "made.up");
}

#[tokio::test]
async fn a_raw_body_is_signed_as_it_is() {
    let stage = Stage::new().await;
    stage.control("callbacks", json!({"body": "no json at all"})).await;
    let arrived = stage.receiver.wait_for(1).await;
    let signature =
        crate::simulator::account::Key::new(super::KEY).unwrap().signature(b"no json at all");
    assert_eq!(arrived[0].body, b"no json at all");
    assert_eq!(arrived[0].authorization, Some(format!("TSA {CUSTOMER}:{signature}")));
}

#[tokio::test]
async fn a_reset_forgets_what_was_to_come() {
    let stage = Stage::with(super::Profile::FullService, 1.0).await;
    answer(stage.send(&MESSAGE)).await;
    stage.control("reset", json!({})).await;
    assert_eq!(stage.read("ledger").await["entries"], json!([]));
    let (_, sent) = answer(stage.send_to("19990000510")).await;
    let arrived = stage.receiver.wait_for(1).await;
    assert_eq!(arrived[0].json()["reference_id"], sent["reference_id"]);
    assert_eq!(arrived.len(), 1);
    stage.simulator.stop().await;
}
