//! The control surface: whom it answers, and what it says to wrong input.

use serde_json::json;
use tokio::{net::TcpStream, time::Instant};

use super::{CUSTOMER, KEY, MESSAGE, Stage, answer};
use crate::simulator::{SimulatorOptions, start};

/// Route, body, and how the refusal begins.
const REFUSED: &[(&str, &str, &str)] = &[
    ("inbound", "{", "the body must be JSON"),
    ("inbound", "[]", "the body must be a JSON object"),
    ("inbound", "", "from is needed"),
    ("inbound", r#"{"from":14155550123}"#, "from must be a text in quotes"),
    ("inbound", r#"{"from":"Bob","to":"1","text":"x"}"#, "from must be a number"),
    ("inbound", r#"{"from":"1","to":"1","text":"x","txt":1}"#, "txt is not a field"),
    (
        "inbound",
        r#"{"from":"1","to":"1","text":"x","count":0}"#,
        "count must be a whole number from 1",
    ),
    (
        "inbound",
        r#"{"from":"1","to":"1","text":"x","count":1000,"repeat":101}"#,
        "repeat times count",
    ),
    (
        "inbound",
        r#"{"from":"1","to":"1","text":"x","order":"later"}"#,
        "order must be one of at_once",
    ),
    (
        "inbound",
        r#"{"from":"1","to":"1","text":"x","shape":{"dates":"soon"}}"#,
        "shape.dates must be one of",
    ),
    (
        "inbound",
        r#"{"from":"1","to":"1","text":"x","customer_id":"none"}"#,
        "customer_id names no account",
    ),
    ("plans", "{}", "plan is needed"),
    ("plans", r#"{"plan":"soon"}"#, "plan must be"),
    ("plans", r#"{"steps":[{"after_ms":1}]}"#, "steps[].code is needed"),
    ("plans", r#"{"steps":[{"code":200,"copies":51}]}"#, "steps[].copies must be"),
    ("faults", "{}", "kind is needed"),
    ("faults", r#"{"kind":"answer","http_status":500}"#, "code is needed"),
    ("faults", r#"{"kind":"hang","delay_ms":600001}"#, "delay_ms must be"),
    ("faults", r#"{"kind":"delay","accepts":false}"#, "accepts cannot be false"),
    ("faults", r#"{"kind":"hang","on":"status","phone_number":"1"}"#, "phone_number cannot"),
    ("reports", r#"{"code":200}"#, "reference_id is needed"),
    ("reports", r#"{"reference_id":"x","code":99}"#, "code must be a whole number from 100"),
    ("callbacks", "{}", "body is needed"),
    ("expire", r#"{"reference_id":"x"}"#, "reference_id names no message"),
    ("reset", r#"{"all":true}"#, "all is not a field"),
    ("accounts", r#"{"customer_id":"new"}"#, "api_key is needed"),
    ("accounts", r#"{"customer_id":"new","api_key":"--"}"#, "api_key must hold base64"),
    ("accounts", r#"{"customer_id":"a:b","api_key":"AAAA"}"#, "customer_id must have"),
];

#[tokio::test]
async fn wrong_input_is_answered_with_a_sentence_that_names_the_field() {
    let stage = Stage::new().await;
    for (path, body, beginning) in REFUSED.iter().copied() {
        let (status, answer) = stage.try_control(path, body).await;
        let sentence = answer["error"].as_str().unwrap_or_default();
        assert!(
            status == 400 && sentence.starts_with(beginning),
            "{path} {body}: {status} {answer}"
        );
    }
    let change = json!({"customer_id": CUSTOMER, "callback_url": "http://example.com/"});
    let (status, answer) = stage.try_control("accounts", &change.to_string()).await;
    assert!(status == 400 && answer["error"].as_str().unwrap().starts_with("callback_url must"));
    for query in ["ledger?limit=1001", "ledger?after=x", "callbacks?where=x"] {
        assert_eq!(
            super::answer(stage.http.get(stage.url(&format!("/control/{query}")))).await.0,
            400
        );
    }
}

#[tokio::test]
async fn a_text_in_without_an_address_to_call_says_what_to_do() {
    let stage = Stage::new().await;
    stage.control("accounts", json!({"customer_id": CUSTOMER, "callback_url": null})).await;
    let text = r#"{"from":"1","to":"1","text":"x"}"#;
    let (status, answer) = stage.try_control("inbound", text).await;
    assert_eq!(status, 400);
    assert_eq!(answer["error"], "callback_url of the account is needed: POST /control/accounts");
}

#[tokio::test]
async fn accounts_can_be_added_and_changed_but_their_keys_not_read() {
    let stage = Stage::new().await;
    let new = json!({"customer_id": "new", "api_key": "bmV3IGtleQ==", "profile": "self_service"});
    assert_eq!(stage.control("accounts", new).await["requests_per_second"], 1);
    let changed = stage.control("accounts", json!({"customer_id": "new", "suspended": true})).await;
    assert_eq!(
        (&changed["suspended"], &changed["profile"]),
        (&json!(true), &json!("self_service"))
    );
    let accounts = stage.read("accounts").await;
    assert_eq!(accounts["accounts"].as_array().unwrap().len(), 2);
    assert!(!accounts.to_string().contains("bmV3") && !accounts.to_string().contains(KEY));
    let (status, answer) =
        stage.try_control("inbound", r#"{"from":"1","to":"1","text":"x"}"#).await;
    assert!(
        status == 400 && answer["error"].as_str().unwrap().starts_with("customer_id is needed")
    );
}

#[tokio::test]
async fn the_ledger_is_read_page_by_page() {
    let stage = Stage::new().await;
    for number in ["14155550101", "14155550102", "14155550101"] {
        answer(stage.send_to(number)).await;
    }
    let first = stage.read("ledger?limit=2").await;
    assert_eq!(first["entries"].as_array().unwrap().len(), 2);
    let after = &first["entries"][1]["sequence"];
    let second = stage.read(&format!("ledger?after={after}")).await;
    assert_eq!(second["entries"].as_array().unwrap().len(), 1);
    let of_one = stage.read("ledger?phone_number=14155550101").await;
    assert_eq!(of_one["entries"].as_array().unwrap().len(), 2);
    let both = stage.http.get(stage.url("/control/ledger?phone_number=1&external_id=x"));
    assert_eq!(answer(both).await.0, 400);
}

#[tokio::test]
async fn the_control_surface_answers_only_this_machine_and_no_web_page() {
    let stage = Stage::new().await;
    let page = stage.http.get(stage.url("/control/ledger")).header("origin", "https://example.com");
    assert_eq!(answer(page).await.0, 403);
    let rebound = stage.http.get(stage.url("/control/ledger")).header("host", "example.com:8080");
    assert_eq!(answer(rebound).await.0, 403);
    let name = stage.http.get(stage.url("/control/ledger")).header("host", "localhost:8080");
    assert_eq!(answer(name).await.0, 200);
    assert_eq!(answer(stage.http.get(stage.url("/control/nothing"))).await.0, 404);

    let listen = "0.0.0.0:0".parse().unwrap();
    let open =
        start(SimulatorOptions { listen, accounts: Vec::new(), time_scale: 1.0 }).await.unwrap();
    let port = open.address().port();
    let (status, refusal) =
        answer(stage.http.get(format!("http://127.0.0.1:{port}/control/ledger"))).await;
    assert!(status == 403 && refusal["error"].as_str().unwrap().contains("loopback"), "{refusal}");
    let protocol = stage.http.post(format!("http://127.0.0.1:{port}/v1/messaging"));
    assert_eq!(answer(protocol).await.0, 401);
    open.stop().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let stage = Stage::new().await;
    let (status, _) = stage.try_control("inbound", &" ".repeat(1024 * 1024 + 1)).await;
    assert_eq!(status, 413);
    let mut fields = MESSAGE;
    let long = "x".repeat(65 * 1024);
    fields[1].1 = &long;
    assert_eq!(answer(stage.send(&fields)).await.0, 413);
}

#[tokio::test]
async fn a_wrong_option_stops_the_start_with_a_sentence() {
    let listen = "127.0.0.1:0".parse().unwrap();
    let options = SimulatorOptions { listen, accounts: Vec::new(), time_scale: f64::NAN };
    let error = start(options).await.err().unwrap();
    assert!(error.to_string().starts_with("time_scale must"), "{error}");
}

#[tokio::test]
async fn a_simulator_that_was_stopped_or_dropped_no_longer_listens() {
    let Stage { simulator, .. } = Stage::new().await;
    let address = simulator.address();
    assert!(TcpStream::connect(address).await.is_ok());
    simulator.stop().await;
    assert!(TcpStream::connect(address).await.is_err());

    let Stage { simulator, .. } = Stage::new().await;
    let address = simulator.address();
    drop(simulator);
    let begun = Instant::now();
    while TcpStream::connect(address).await.is_ok() {
        assert!(begun.elapsed() < super::DEADLINE);
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_settings_that_were_made_are_the_settings_that_are_shown() {
    let stage = Stage::new().await;
    let settings = json!({
        "customer_id": CUSTOMER, "requests_per_second": 7, "suspended": false,
        "product_enabled": false, "host_allowed": true, "ip_allowed": false,
        "sender_ids": ["4442"], "keywords": "off", "callback_waits_ms": [1, 2],
        "callback_timeout_ms": 3,
        "shape": {"authorization": "bare", "x_ts_authorization": "missing",
            "signature": "wrong_key", "key_index": 1, "customer_id": "x", "text": "escaped",
            "dates": "spaced", "counts": "string", "errors": "array",
            "additional_info": "object", "omits_external_id": true},
        "digest": {"clock_skew_seconds_max": 1, "replay_window_seconds": 2,
            "nonce_bytes_min": 3, "nonce_bytes_max": 4},
    });
    let shown = stage.control("accounts", settings.clone()).await;
    for (name, value) in settings.as_object().unwrap() {
        assert_eq!(&shown[name], value, "{name}");
    }
}
