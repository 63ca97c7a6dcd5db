//! Keys, and the two ways in which a request of ours proves who sends it.
//!
//! "Digest" is the provider's own scheme (`TSA`), not RFC 7616. Its signature covers method, date,
//! nonce, body and path, byte for byte as sent; the query string is never signed.

use std::fmt;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::domain::secret::ApiKey;

/// Bytes of a signature.
pub(super) const SIGNATURE_BYTES: usize = 32;

/// What `x-ts-auth-method` says; without the header the provider once assumed SHA-1.
const DIGEST_METHOD: &str = "HMAC-SHA256";

/// Decodes what is left after stray characters were dropped, whatever its last bits say.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// An API key of which nothing is left once it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the API key holds no base64; copy it again from the provider's portal")]
pub struct UnusableKey;

/// An API key made ready to sign: decode once, then use it for every request and callback.
///
/// It keeps the hash state and not the key, so that signing costs no base64 and no key schedule.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    /// Decodes leniently: the provider hands out keys with surplus padding and stray characters.
    pub fn new(key: &ApiKey) -> Result<Self, UnusableKey> {
        let bytes = decode(key.expose()).ok_or(UnusableKey)?;
        Hmac::new_from_slice(&bytes).ok().map(Self).ok_or(UnusableKey)
    }

    /// HMAC-SHA256 of the bytes; compare it in constant time only.
    pub(super) fn sign(&self, bytes: &[u8]) -> [u8; SIGNATURE_BYTES] {
        let mut state = self.0.clone();
        state.update(bytes);
        state.finalize().into_bytes().into()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey([redacted])")
    }
}

/// Bytes of a key: characters outside of the alphabet are dropped, padding is taken as read.
///
/// Dropping `-` rather than reading it as `+` is what three of the provider's five libraries do.
fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut kept: Zeroizing<Vec<u8>> = Zeroizing::new(Vec::with_capacity(text.len()));
    kept.extend(text.bytes().filter(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte)));
    if kept.len() % 4 == 1 {
        // Six bits over make no byte.
        kept.pop();
    }
    let bytes = Zeroizing::new(LENIENT.decode(kept.as_slice()).ok()?);
    (!bytes.is_empty()).then_some(bytes)
}

/// `Authorization` of a request with Basic: here the key is a password, used as it was written.
pub fn basic_authorization(customer_id: &str, key: &ApiKey) -> Zeroizing<String> {
    let pair = Zeroizing::new(format!("{}:{}", customer_id.trim(), key.expose().trim()));
    Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())))
}

/// One request, as the digest scheme signs it.
#[derive(Clone, Copy)]
pub struct DigestRequest<'a> {
    /// In capitals.
    pub method: &'a str,
    /// Empty for GET and DELETE.
    pub content_type: &'a str,
    /// `Date` of the request, from [`digest_date`].
    pub date: &'a str,
    /// Used once: the provider refuses one that it saw in the last quarter of an hour.
    pub nonce: &'a str,
    /// Byte for byte as sent; signed only with a content type.
    pub body: &'a str,
    /// Path without host and query.
    pub path: &'a str,
}

/// Headers to send with a signed request; `Date` and nonce are those of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestHeaders {
    pub authorization: String,
    /// For `x-ts-auth-method`.
    pub method: &'static str,
}

impl DigestRequest<'_> {
    /// The lines that are signed.
    fn string_to_sign(&self) -> String {
        let Self { method, content_type, date, nonce, body, path } = self;
        let mut lines = format!(
            "{method}\n{content_type}\n{date}\nx-ts-auth-method:{DIGEST_METHOD}\nx-ts-nonce:{nonce}\n"
        );
        if !content_type.is_empty() && !body.is_empty() {
            lines.push_str(body);
            lines.push('\n');
        }
        lines.push_str(path);
        lines
    }

    pub fn headers(&self, customer_id: &str, key: &SigningKey) -> DigestHeaders {
        let signature = STANDARD.encode(key.sign(self.string_to_sign().as_bytes()));
        let authorization = format!("TSA {}:{signature}", customer_id.trim());
        DigestHeaders { authorization, method: DIGEST_METHOD }
    }
}

/// A date as the provider wants it, for example `Mon, 23 Nov 2026 10:15:30 GMT`.
pub(super) fn digest_date(now: DateTime<Utc>) -> String {
    now.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
    use serde::Deserialize;

    use super::*;
    use crate::telesign::verification::{CallbackHeaders, verify_callback};

    /// The test vectors that the provider publishes with its libraries, and GitLab's.
    const VECTORS: &str = include_str!("../../tests/it/vectors/telesign_vectors.json");
    const VECTOR_COUNT: usize = 18;

    #[derive(Deserialize)]
    struct VectorFile {
        vectors: Vec<Vector>,
    }

    #[derive(Deserialize)]
    struct Vector {
        name: String,
        kind: String,
        #[serde(default)]
        auth: String,
        customer_id: String,
        api_key: String,
        api_key_decoded_hex: Option<String>,
        string_to_sign: Option<String>,
        expected_authorization: String,
        #[serde(flatten)]
        rest: serde_json::Map<String, serde_json::Value>,
    }

    impl Vector {
        fn field(&self, name: &str) -> &str {
            self.rest.get(name).and_then(|value| value.as_str()).unwrap_or_default()
        }

        fn check_digest(&self, key: &SigningKey) {
            let request = DigestRequest {
                method: self.field("method"),
                content_type: self.field("content_type"),
                date: self.field("date"),
                nonce: self.field("nonce"),
                body: self.field("body"),
                path: self.field("resource"),
            };
            if let Some(expected) = &self.string_to_sign {
                assert_eq!(&request.string_to_sign(), expected, "{}", self.name);
            }
            let headers = request.headers(&self.customer_id, key);
            assert_eq!(headers.authorization, self.expected_authorization, "{}", self.name);
        }

        fn check_callback(&self, key: &SigningKey) {
            let body = HEXLOWER_PERMISSIVE.decode(self.field("raw_body_hex").as_bytes()).unwrap();
            let signature = self.field("expected_signature");
            assert_eq!(STANDARD.encode(key.sign(&body)), signature, "{}", self.name);
            let mut forms: Vec<&str> = self.rest["x_ts_authorization_forms"]
                .as_array()
                .unwrap()
                .iter()
                .map(|form| form.as_str().unwrap())
                .collect();
            forms.push(&self.expected_authorization);
            assert_eq!(forms.len(), 3, "{}", self.name);
            for form in forms {
                let form = Some(form.as_bytes());
                for headers in [
                    CallbackHeaders { authorization: form, x_ts_authorization: None },
                    CallbackHeaders { authorization: None, x_ts_authorization: form },
                ] {
                    let verdict = verify_callback(&[key], &self.customer_id, headers, &body);
                    assert_eq!(verdict, Ok(()), "{}", self.name);
                }
            }
        }
    }

    #[test]
    fn every_published_vector_holds() {
        let file: VectorFile = serde_json::from_str(VECTORS).unwrap();
        let mut checked = 0;
        for vector in &file.vectors {
            let api_key = ApiKey::new(vector.api_key.as_str());
            let key = SigningKey::new(&api_key).unwrap();
            if let Some(expected) = &vector.api_key_decoded_hex {
                let decoded = decode(api_key.expose()).unwrap();
                assert_eq!(&HEXLOWER.encode(&decoded), expected, "{}", vector.name);
            }
            match (vector.kind.as_str(), vector.auth.as_str()) {
                ("request", "basic") => {
                    let authorization = basic_authorization(&vector.customer_id, &api_key);
                    assert_eq!(*authorization, vector.expected_authorization, "{}", vector.name);
                }
                ("request", "digest") => vector.check_digest(&key),
                ("callback", _) => vector.check_callback(&key),
                other => panic!("{}: unknown kind {other:?}", vector.name),
            }
            checked += 1;
        }
        assert_eq!(checked, VECTOR_COUNT);
    }

    #[test]
    fn keys_are_decoded_as_the_provider_means_them() {
        let table: [(&str, Option<&[u8]>); 10] = [
            ("VGVzdCBLZXk=", Some(b"Test Key")),
            ("VGVzdCBLZXk", Some(b"Test Key")),
            ("  VGVzdCBLZXk=\r\n", Some(b"Test Key")),
            ("VGVzdCBLZXk===", Some(b"Test Key")),
            ("VGVz-dCBL_ZXk=", Some(b"Test Key")),
            ("VGVz\u{200b}dCBLZXk=", Some(b"Test Key")),
            ("VGVzdCBLZXlB", Some(b"Test KeyA")),
            ("VGVzdCBLZXlBC", Some(b"Test KeyA")),
            ("", None),
            (" =-\n", None),
        ];
        for (text, expected) in table {
            let decoded = decode(text);
            assert_eq!(decoded.as_ref().map(|bytes| bytes.as_slice()), expected, "{text:?}");
        }
        assert_eq!(SigningKey::new(&ApiKey::new("====")).err(), Some(UnusableKey));
    }

    #[test]
    fn a_form_is_signed_as_the_worked_example_shows() {
        let request = DigestRequest {
            method: "POST",
            content_type: "application/x-www-form-urlencoded",
            date: &digest_date("2026-11-23T10:15:30Z".parse().unwrap()),
            nonce: "0b9f6b1e-5a0c-4d7e-9c11-000000000001",
            body: "phone_number=15558675309&message=Your+appointment",
            path: "/v1/messaging",
        };
        let expected = "POST\napplication/x-www-form-urlencoded\nMon, 23 Nov 2026 10:15:30 GMT\n\
            x-ts-auth-method:HMAC-SHA256\nx-ts-nonce:0b9f6b1e-5a0c-4d7e-9c11-000000000001\n\
            phone_number=15558675309&message=Your+appointment\n/v1/messaging";
        assert_eq!(request.string_to_sign(), expected);
    }

    #[test]
    fn debug_output_shows_nothing_of_a_key() {
        let key = SigningKey::new(&ApiKey::new("VGVzdCBLZXk=")).unwrap();
        assert_eq!(format!("{key:?}"), "SigningKey([redacted])");
    }
}
