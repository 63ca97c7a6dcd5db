//! Callbacks as the provider writes and signs them.

use std::{fmt::Write, net::SocketAddr};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The account of the benchmarks; no real account has such an ID or such a key.
pub const CUSTOMER_ID: &str = "BE7C0000-C0DE-C0DE-C0DE-000000000000";
pub const API_KEY: &str = "YmVuY2gta2V5LW9mLXRoZS1zaW11bGF0ZWQtdGVsZXNpZ24tbm90LWEtcmVhbC1vbmU=";
/// The first of the customers' numbers.
const CUSTOMERS_FROM: u64 = 12_000_000_000;

/// Where callbacks go, and what they are signed with.
#[derive(Clone)]
pub struct Signer {
    key: Hmac<Sha256>,
    address: SocketAddr,
    path: String,
    number: String,
    /// Tells the references of one run, and of one part of it, from another's.
    series: u64,
}

/// A customer by their place.
pub fn customer(place: u64) -> String {
    (CUSTOMERS_FROM + place).to_string()
}

impl Signer {
    pub fn new(address: SocketAddr, path: &str, number: &str, series: u64) -> Self {
        let key = STANDARD.decode(API_KEY).unwrap();
        let key = Hmac::new_from_slice(&key).unwrap();
        Self { key, address, path: path.to_owned(), number: number.to_owned(), series }
    }

    /// Writes the request for a text of a customer over what was in `request`.
    pub fn write(&self, request: &mut Vec<u8>, from: u64, count: u64, text: &str) {
        let mut body = String::with_capacity(512);
        write!(
            body,
            r#"{{"reference_id":"{:016X}{count:016X}","sub_resource":"mo_sms","status":{{"code":1500,"description":"Message received","updated_on":"2026-11-25T10:00:00.000000Z"}},"submit_timestamp":"2026-11-25T10:00:00.000000Z","user_response":{{"phone_number":"{}","sender_id":"{}","mo_message":"{text}","iso_country_code":"US"}},"errors":[]}}"#,
            self.series,
            CUSTOMERS_FROM + from,
            self.number,
        )
        .unwrap();
        self.sign(request, &body);
    }

    fn sign(&self, request: &mut Vec<u8>, body: &str) {
        let mut state = self.key.clone();
        state.update(body.as_bytes());
        let signature = STANDARD.encode(state.finalize().into_bytes());
        request.clear();
        request.extend_from_slice(
            format!(
                "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
                 authorization: TSA {CUSTOMER_ID}:{signature}\r\n\
                 x-ts-authorization: TSA {CUSTOMER_ID}:{signature}\r\n\
                 content-length: {}\r\n\r\n{body}",
                self.path,
                self.address,
                body.len()
            )
            .as_bytes(),
        );
    }
}
