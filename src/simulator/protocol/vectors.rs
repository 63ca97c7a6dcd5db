//! The vendor's published vectors, request and callback, against the simulator's own code.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::digest::Signed;
use crate::simulator::{
    account::Key,
    callback::{Proof, Shape, sign},
};

const VECTORS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/vectors/telesign_vectors.json"));

fn vectors(kind: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    let vectors = file["vectors"].as_array().unwrap().clone();
    vectors.into_iter().filter(|vector| vector["kind"] == kind).collect()
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap()
}

#[test]
fn every_digest_vector_gives_its_string_and_its_signature() {
    let mut checked = 0;
    for vector in vectors("request").iter().filter(|vector| vector["auth"] == "digest") {
        let mut headers = HeaderMap::new();
        let method = vector["auth_method"].as_str().unwrap_or("HMAC-SHA256");
        for (name, value) in [
            ("content-type", text(vector, "content_type")),
            ("date", text(vector, "date")),
            ("x-ts-auth-method", method),
            ("x-ts-nonce", text(vector, "nonce")),
        ] {
            let name = HeaderName::from_static(name);
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        let path = text(vector, "resource").split('?').next().unwrap();
        let body = text(vector, "body").as_bytes();
        let method = text(vector, "method");
        let lines = Signed { method, path, headers: &headers, body }.string_to_sign();
        assert_eq!(lines, text(vector, "string_to_sign").as_bytes(), "{}", vector["name"]);
        let signature = Key::new(text(vector, "api_key")).unwrap().signature(&lines);
        let expected = format!("TSA {}:{signature}", text(vector, "customer_id"));
        assert_eq!(expected, text(vector, "expected_authorization"), "{}", vector["name"]);
        checked += 1;
    }
    assert!(checked == 14, "{checked}");
}

#[test]
fn every_callback_vector_gives_its_signature() {
    let mut checked = 0;
    for vector in vectors("callback") {
        let key = Key::new(text(&vector, "api_key")).unwrap();
        let mut body = text(&vector, "raw_body_utf8").as_bytes().to_vec();
        let proof = sign(&Shape::default(), text(&vector, "customer_id"), &[key], &mut body);
        let expected = Some(text(&vector, "expected_authorization").to_owned());
        assert_eq!(proof, Proof { authorization: expected.clone(), x_ts_authorization: expected });
        checked += 1;
    }
    assert!(checked >= 2, "{checked}");
}
