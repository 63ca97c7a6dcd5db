//! Signature headers: only who has the key can sign, in whatever form a header comes.

use base64::{Engine, prelude::BASE64_STANDARD};
use centralino::{
    domain::secret::ApiKey,
    telesign::{CallbackHeaders, SigningKey, verify_callback},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const CUSTOMER: &str = "FFFFFFFF-EEEE-DDDD-1234-AB1234567890";
const KEY: &[u8] = b"a key of the provider's";
/// Stands between the parts of an input; no text has it.
const BETWEEN: u8 = 0xff;
/// A header that is not there.
const ABSENT: &[u8] = b"-";

/// `authorization`, `x-ts-authorization` and the body.
pub fn run(input: &[u8]) {
    let mut parts = input.splitn(3, |byte| *byte == BETWEEN);
    let mut next = || parts.next().unwrap_or_default();
    let (first, second, body) = (next(), next(), next());
    let header = |value| (value != ABSENT).then_some(value);
    let signature = sign(body);
    let is_genuine = |value: &[u8]| {
        let unpadded = signature.trim_end_matches('=').as_bytes();
        value.windows(unpadded.len()).any(|window| window == unpadded)
    };
    let headers =
        CallbackHeaders { authorization: header(first), x_ts_authorization: header(second) };
    if verify(headers, body) {
        assert!(is_genuine(first) || is_genuine(second), "a forgery was taken");
    }
    // Whatever the other header is, the genuine one counts.
    let genuine = format!("TSA {CUSTOMER}:{signature}");
    let headers = CallbackHeaders {
        authorization: header(first),
        x_ts_authorization: Some(genuine.as_bytes()),
    };
    assert!(verify(headers, body), "a genuine callback was refused");
}

fn sign(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).expect("any length is a key");
    mac.update(body);
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

fn verify(headers: CallbackHeaders<'_>, body: &[u8]) -> bool {
    let key = SigningKey::new(&ApiKey::new(BASE64_STANDARD.encode(KEY)));
    let key = key.unwrap_or_else(|_| panic!("the key is usable"));
    verify_callback(&[&key], CUSTOMER, headers, body).is_ok()
}
