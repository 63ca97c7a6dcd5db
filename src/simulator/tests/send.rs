//! Sending and asking: what is accepted, refused, remembered and forgotten.

use serde_json::json;

use super::{CUSTOMER, KEY, MESSAGE, Profile, Stage, answer, code};

#[tokio::test]
async fn an_accepted_message_is_answered_and_entered_into_the_ledger() {
    let stage = Stage::new().await;
    let (status, body) = answer(stage.send(&MESSAGE)).await;
    let reference = body["reference_id"].as_str().unwrap();
    assert_eq!((status, &body["status"]["code"]), (200, &json!(290)));
    assert_eq!(body["status"]["description"], "Message in progress");
    assert_eq!(body["external_id"], "msg.1");
    assert!(reference.len() == 32 && reference.bytes().all(|b| b"0123456789ABCDEF".contains(&b)));
    let ledger = stage.read(&format!("ledger?reference_id={reference}")).await;
    let entry = &ledger["entries"][0];
    assert_eq!(entry["sender_id"], "15550001111");
    assert_eq!(entry["phone_number"], "14155550123");
    assert_eq!(entry["message"], "Your table is ready");
    assert_eq!((&entry["external_id"], &entry["external_id_seen"]), (&json!("msg.1"), &json!(1)));
    stage.simulator.stop().await;
}

#[tokio::test]
async fn a_message_without_external_id_is_answered_with_null() {
    let stage = Stage::new().await;
    let (_, body) = answer(stage.send(&MESSAGE[..3])).await;
    assert!(body["external_id"].is_null() && body.get("external_id").is_some(), "{body}");
}

#[tokio::test]
async fn a_refused_message_leaves_no_entry_but_its_external_id_was_seen() {
    let stage = Stage::new().await;
    stage.control("faults", json!({"kind": "unavailable_503", "count": 1})).await;
    assert_eq!(code(stage.send(&MESSAGE)).await, (503, 10_000));
    assert_eq!(code(stage.send_to("+14155550123")).await, (400, 11_000));
    assert_eq!(code(stage.send(&MESSAGE)).await, (200, 290));
    let ledger = stage.read("ledger?external_id=msg.1").await;
    assert_eq!(ledger["entries"].as_array().unwrap().len(), 1);
    assert_eq!(ledger["external_id_seen"], 3);
}

#[tokio::test]
async fn who_asks_is_checked_before_what_is_asked() {
    let stage = Stage::new().await;
    let request = stage.http.post(stage.url("/v1/messaging")).basic_auth(CUSTOMER, Some("wrong"));
    assert_eq!(code(request).await, (401, 10_022));
    let empty = stage.http.post(stage.url("/v1/messaging")).basic_auth(CUSTOMER, Some(KEY));
    assert_eq!(code(empty).await, (400, 12_000));
}

#[tokio::test]
async fn the_rate_is_checked_last_and_per_profile() {
    let stage = Stage::with(Profile::SelfService, 0.02).await;
    for _ in 0..3 {
        assert_eq!(code(stage.send_to("1")).await, (400, 11_000));
    }
    assert_eq!(code(stage.send(&MESSAGE)).await, (200, 290));
    assert_eq!(code(stage.send(&MESSAGE)).await, (429, 10_019));
    assert_eq!(code(stage.send_to("1")).await, (400, 11_000));
    stage.control("accounts", json!({"customer_id": CUSTOMER, "requests_per_second": 0})).await;
    for _ in 0..60 {
        assert_eq!(code(stage.send(&MESSAGE)).await, (200, 290));
    }
}

#[tokio::test]
async fn the_status_of_a_message_follows_its_reports() {
    let stage = Stage::new().await;
    let (_, body) = answer(stage.send(&MESSAGE)).await;
    let reference = body["reference_id"].as_str().unwrap().to_owned();
    let path = format!("ledger?reference_id={reference}");
    stage.eventually(&path, |ledger| ledger["entries"][0]["status"]["code"] == 200).await;
    let (status, body) = stage.ask(&reference).await;
    assert_eq!((status, &body["status"]["code"]), (200, &json!(200)));
    assert_eq!(body["reference_id"], reference.as_str());
    stage.control("expire", json!({"reference_id": reference})).await;
    let (status, body) = stage.ask(&reference).await;
    assert_eq!((status, &body["status"]["code"]), (404, &json!(10_036)));
}

#[tokio::test]
async fn unknown_malformed_and_foreign_references_are_told_apart() {
    let stage = Stage::new().await;
    let (_, body) = answer(stage.send(&MESSAGE)).await;
    let reference = body["reference_id"].as_str().unwrap();
    assert_eq!(stage.ask(&"A".repeat(32)).await.1["status"]["code"], 10_017);
    for malformed in ["x", &"g".repeat(32), &"A".repeat(33)] {
        let (status, body) = stage.ask(malformed).await;
        assert_eq!((status, &body["status"]["code"]), (400, &json!(11_011)), "{malformed}");
    }
    stage.control("accounts", json!({"customer_id": "other", "api_key": KEY})).await;
    let url = stage.url(&format!("/v1/messaging/{reference}"));
    assert_eq!(code(stage.http.get(url).basic_auth("other", Some(KEY))).await, (404, 10_017));
}

#[tokio::test]
async fn other_methods_and_paths_do_not_exist() {
    let stage = Stage::new().await;
    let statuses = [
        (stage.http.get(stage.url("/v1/messaging")), 405),
        (stage.http.put(stage.url("/v1/messaging")), 405),
        (stage.http.post(stage.url("/v1/messaging/x")), 405),
        (stage.http.get(stage.url("/v1/omnichannel")), 404),
        (stage.http.get(stage.url("/")), 404),
    ];
    for (request, expected) in statuses {
        assert_eq!(request.send().await.unwrap().status().as_u16(), expected);
    }
}

#[tokio::test]
async fn a_sender_that_is_not_allowed_is_refused() {
    let stage = Stage::new().await;
    stage.control("accounts", json!({"customer_id": CUSTOMER, "sender_ids": ["4442"]})).await;
    assert_eq!(code(stage.send(&MESSAGE)).await, (400, 11_013));
    let mut fields = MESSAGE;
    fields[3].1 = "4442";
    assert_eq!(code(stage.send(&fields)).await, (200, 290));
}
