//! Every refusal is told apart from every other, with Basic and with Digest.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{CUSTOMER, FORM, KEY, Stage, answer, code};
use crate::simulator::clock;

const BODY: &str = "phone_number=14155550123&message=Hi+%26+hello&message_type=ARN";
const PATH: &str = "/v1/messaging";

/// A digest request; each part can be spoilt.
#[derive(Clone)]
struct Digest {
    customer_id: &'static str,
    key: &'static str,
    method: Option<&'static str>,
    date: Option<String>,
    in_own_header: bool,
    nonce: Option<String>,
    signed_body: &'static str,
}

impl Digest {
    fn right() -> Self {
        Self {
            customer_id: CUSTOMER,
            key: KEY,
            method: Some("HMAC-SHA256"),
            date: Some(date(0)),
            in_own_header: false,
            nonce: Some(clock::new_reference()),
            signed_body: BODY,
        }
    }

    /// The string is built here by hand, as the vendor describes it.
    fn request(&self, stage: &Stage) -> RequestBuilder {
        let date = self.date.clone().unwrap_or_default();
        let own = if self.in_own_header { format!("x-ts-date:{date}\n") } else { String::new() };
        let plain = if self.in_own_header { "" } else { &date };
        let method = self.method.map_or(String::new(), |m| format!("x-ts-auth-method:{m}\n"));
        let nonce = self.nonce.as_ref().map_or(String::new(), |n| format!("x-ts-nonce:{n}\n"));
        let lines =
            format!("POST\n{FORM}\n{plain}\n{method}{own}{nonce}{}\n{PATH}", self.signed_body);
        let mut hash = Hmac::<Sha256>::new_from_slice(&STANDARD.decode(self.key).unwrap()).unwrap();
        hash.update(lines.as_bytes());
        let signature = STANDARD.encode(hash.finalize().into_bytes());
        let headers = [
            ("authorization", Some(format!("TSA {}:{signature}", self.customer_id))),
            (if self.in_own_header { "x-ts-date" } else { "date" }, self.date.clone()),
            ("x-ts-auth-method", self.method.map(ToOwned::to_owned)),
            ("x-ts-nonce", self.nonce.clone()),
        ];
        let request = stage.http.post(stage.url(PATH)).header("content-type", FORM).body(BODY);
        headers.into_iter().fold(request, |request, (name, value)| match value {
            Some(value) => request.header(name, value),
            None => request,
        })
    }
}

fn date(minutes: i64) -> String {
    (clock::now() + chrono::TimeDelta::minutes(minutes)).to_rfc2822()
}

#[tokio::test]
async fn a_digest_request_is_accepted_with_either_date_header() {
    let stage = Stage::new().await;
    for digest in [
        Digest::right(),
        Digest { in_own_header: true, ..Digest::right() },
        Digest { date: Some(date(14)), ..Digest::right() },
        Digest { nonce: None, ..Digest::right() },
        Digest { method: Some("hmac-sha256"), ..Digest::right() },
    ] {
        assert_eq!(code(digest.request(&stage)).await, (200, 290));
    }
    stage.simulator.stop().await;
}

#[tokio::test]
async fn every_digest_refusal_has_its_code() {
    let stage = Stage::new().await;
    let right = Digest::right;
    let refused = [
        (Digest { customer_id: "nobody", method: None, ..right() }, 10_015),
        (Digest { method: None, date: None, ..right() }, 10_006),
        (Digest { method: Some("HMAC-MD5"), ..right() }, 10_006),
        (Digest { date: None, ..right() }, 10_007),
        (Digest { date: Some("2026-11-23T10:15:30Z".to_owned()), ..right() }, 10_005),
        (Digest { date: Some(date(-16)), nonce: Some("x".to_owned()), ..right() }, 10_004),
        (Digest { date: Some(date(16)), ..right() }, 10_004),
        (Digest { nonce: Some("x".repeat(7)), ..right() }, 10_003),
        (Digest { nonce: Some("x".repeat(65)), signed_body: "other", ..right() }, 10_003),
        (Digest { signed_body: "other", ..right() }, 10_008),
        (Digest { key: "bm90IHRoZSBrZXk=", ..right() }, 10_008),
    ];
    for (digest, expected) in refused {
        assert_eq!(code(digest.request(&stage)).await, (401, expected));
    }
}

#[tokio::test]
async fn a_nonce_counts_once_and_a_forged_request_does_not_use_it_up() {
    let stage = Stage::new().await;
    let digest = Digest::right();
    let forged = Digest { signed_body: "other", ..digest.clone() };
    assert_eq!(code(forged.request(&stage)).await, (401, 10_008));
    assert_eq!(code(digest.request(&stage)).await, (200, 290));
    assert_eq!(code(digest.request(&stage)).await, (401, 10_002));
    stage.control("reset", json!({})).await;
    assert_eq!(code(digest.request(&stage)).await, (200, 290));
}

#[tokio::test]
async fn a_wrong_signature_shows_the_string_that_should_have_been_signed() {
    let stage = Stage::new().await;
    let digest = Digest { signed_body: "other", ..Digest::right() };
    let (_, body) = answer(digest.request(&stage)).await;
    let shown = body["signature_string"].as_str().unwrap();
    assert!(shown.starts_with(&format!("POST\n{FORM}\n")), "{shown}");
    assert!(shown.ends_with(&format!("{BODY}\n{PATH}")), "{shown}");
}

#[tokio::test]
async fn every_basic_refusal_has_its_code() {
    let stage = Stage::new().await;
    let with = |header: &str| {
        let request = stage.http.post(stage.url(PATH)).header("content-type", FORM).body(BODY);
        request.header("authorization", header)
    };
    let basic = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
    let missing = stage.http.post(stage.url(PATH)).body(BODY);
    assert_eq!(code(missing).await, (401, 10_009));
    for malformed in
        ["Bearer x", "Basic", "Basic ***", &basic("nocolon"), "TSA x", "TSA x:", "TSA :x"]
    {
        assert_eq!(code(with(malformed)).await, (401, 10_028), "{malformed}");
    }
    assert_eq!(code(with(&basic(&format!("nobody:{KEY}")))).await, (401, 10_015));
    assert_eq!(code(with(&basic(&format!("{CUSTOMER}:wrong")))).await, (401, 10_022));
    assert_eq!(code(with(&basic(&format!("{CUSTOMER}:{KEY}")))).await, (200, 290));
}

#[tokio::test]
async fn an_account_is_refused_for_the_first_reason_in_order() {
    let stage = Stage::new().await;
    let steps = [
        (
            json!({"suspended": true, "product_enabled": false, "host_allowed": false, "ip_allowed": false}),
            10_010,
        ),
        (json!({"suspended": false}), 10_011),
        (json!({"product_enabled": true}), 10_035),
        (json!({"host_allowed": true}), 10_014),
    ];
    for (mut change, expected) in steps {
        change["customer_id"] = CUSTOMER.into();
        stage.control("accounts", change).await;
        let wrong_key = stage.http.post(stage.url(PATH)).basic_auth(CUSTOMER, Some("wrong"));
        assert_eq!(code(wrong_key).await, (401, expected));
        assert_eq!(stage.ask(&"0".repeat(32)).await.1["status"]["code"], expected);
    }
    stage.control("accounts", json!({"customer_id": CUSTOMER, "ip_allowed": true})).await;
    assert_eq!(code(stage.send(&super::MESSAGE)).await, (200, 290));
}

#[tokio::test]
async fn the_vendors_basic_vectors_open_the_account() {
    let stage = Stage::new().await;
    let file = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/it/vectors/telesign_vectors.json"
    ));
    let file: Value = serde_json::from_str(file).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    let basic: Vec<&Value> = vectors.iter().filter(|vector| vector["auth"] == "basic").collect();
    assert_eq!(basic.len(), 2);
    for vector in basic {
        let account = json!({"customer_id": vector["customer_id"], "api_key": vector["api_key"]});
        stage.control("accounts", account).await;
        let header = vector["expected_authorization"].as_str().unwrap();
        let url = stage.url(&format!("{PATH}/{}", "0".repeat(32)));
        assert_eq!(code(stage.http.get(url).header("authorization", header)).await, (404, 10_017));
    }
}

#[tokio::test]
async fn each_of_several_keys_opens_the_account() {
    let stage = Stage::new().await;
    let keys = json!({"customer_id": CUSTOMER, "api_keys": ["bmV3IGtleQ==", KEY]});
    assert_eq!(stage.control("accounts", keys).await["keys"], 2);
    assert_eq!(code(Digest::right().request(&stage)).await, (200, 290));
    let newer = Digest { key: "bmV3IGtleQ==", ..Digest::right() };
    assert_eq!(code(newer.request(&stage)).await, (200, 290));
}
