//! Is a callback really the provider's? The only proof is an HMAC over the raw bytes of the body.
//!
//! No time and no nonce are signed, so that an old callback stays valid for ever: replays are held
//! off by the dedup key, not here.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use subtle::ConstantTimeEq;

use super::signature::{SIGNATURE_BYTES, SigningKey};

/// Base64 of a signature, padding included; anything longer is not one.
const ENCODED_SIGNATURE_MAX: usize = 44;

/// Takes a signature with or without its padding, and refuses stray bits at its end.
const SIGNATURE_ENCODING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The headers of a callback that can carry its signature.
///
/// The provider sends both; gateways on the way are known to eat or replace the first.
#[derive(Debug, Clone, Copy, Default)]
pub struct CallbackHeaders<'a> {
    pub authorization: Option<&'a [u8]>,
    pub x_ts_authorization: Option<&'a [u8]>,
}

/// Why a callback is not taken for the provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureRefusal {
    #[error("neither Authorization nor X-TS-Authorization is there")]
    Missing,
    #[error("no header holds a signature in a form that the provider uses")]
    Malformed,
    #[error("the signature names another Customer ID")]
    OtherCustomer,
    #[error("the signature does not fit the body and any of the keys")]
    Mismatch,
}

struct Claim<'a> {
    customer_id: Option<&'a str>,
    signature: [u8; SIGNATURE_BYTES],
}

/// Checks a callback against any of the keys (the current one first, then the previous one).
///
/// Either header may carry the signature, as `TSA <customer>:<signature>` or bare. The Customer ID
/// is not secret and is compared as text, in any case; signatures are compared in constant time.
#[must_use = "a callback whose signature was not looked at may be anyone's"]
pub fn verify_callback(
    keys: &[&SigningKey],
    customer_id: &str,
    headers: CallbackHeaders<'_>,
    raw_body: &[u8],
) -> Result<(), SignatureRefusal> {
    let values = [headers.authorization, headers.x_ts_authorization];
    if values.iter().all(Option::is_none) {
        return Err(SignatureRefusal::Missing);
    }
    let claims = values.map(|value| value.and_then(read_claim));
    if claims.iter().all(Option::is_none) {
        return Err(SignatureRefusal::Malformed);
    }
    let is_of_customer = |claim: &&Claim<'_>| {
        claim.customer_id.is_none_or(|named| named.eq_ignore_ascii_case(customer_id.trim()))
    };
    if !claims.iter().flatten().any(|claim| is_of_customer(&claim)) {
        return Err(SignatureRefusal::OtherCustomer);
    }
    for key in keys {
        let expected = key.sign(raw_body);
        for claim in claims.iter().flatten().filter(is_of_customer) {
            if bool::from(expected.ct_eq(&claim.signature)) {
                return Ok(());
            }
        }
    }
    Err(SignatureRefusal::Mismatch)
}

/// Reads one header; `None` for another scheme, such as one that a proxy put there.
fn read_claim(value: &[u8]) -> Option<Claim<'_>> {
    let text = std::str::from_utf8(value).ok()?.trim();
    let text = match text.split_once(' ') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("TSA") => rest.trim_start(),
        Some(_) => return None,
        None => text,
    };
    let (customer_id, encoded) = match text.rsplit_once(':') {
        Some((customer_id, encoded)) => (Some(customer_id.trim()), encoded.trim_start()),
        None => (None, text),
    };
    if encoded.len() > ENCODED_SIGNATURE_MAX {
        return None;
    }
    let mut decoded = [0; ENCODED_SIGNATURE_MAX];
    let length = SIGNATURE_ENCODING.decode_slice(encoded, &mut decoded).ok()?;
    let signature = decoded.get(..length)?.try_into().ok()?;
    Some(Claim { customer_id, signature })
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::secret::ApiKey;

    const CUSTOMER: &str = "FFFFFFFF-EEEE-DDDD-1234-AB1234567890";
    const BODY: &[u8] = br#"{"sub_resource":"mo_sms"}"#;

    fn key(text: &str) -> SigningKey {
        SigningKey::new(&ApiKey::new(text)).unwrap()
    }

    fn verify(
        authorization: Option<&str>,
        x_ts_authorization: Option<&str>,
    ) -> Result<(), SignatureRefusal> {
        let headers = CallbackHeaders {
            authorization: authorization.map(str::as_bytes),
            x_ts_authorization: x_ts_authorization.map(str::as_bytes),
        };
        verify_callback(&[&key("Y3VycmVudA=="), &key("cHJldmlvdXM=")], CUSTOMER, headers, BODY)
    }

    fn signature(key_text: &str) -> String {
        STANDARD.encode(key(key_text).sign(BODY))
    }

    #[test]
    fn either_header_in_either_form_with_either_key_is_enough() {
        for key_text in ["Y3VycmVudA==", "cHJldmlvdXM="] {
            let bare = signature(key_text);
            let forms = [
                bare.clone(),
                bare.trim_end_matches('=').to_owned(),
                format!("TSA {bare}"),
                format!("TSA {CUSTOMER}:{bare}"),
                format!("tsa  {}:{bare} ", CUSTOMER.to_lowercase()),
            ];
            for form in &forms {
                assert_eq!(verify(Some(form), None), Ok(()), "{form:?}");
                assert_eq!(verify(None, Some(form)), Ok(()), "{form:?}");
                assert_eq!(verify(Some("Bearer abc.def"), Some(form)), Ok(()), "{form:?}");
                assert_eq!(verify(Some("Basic dXNlcjpwYXNz"), Some(form)), Ok(()), "{form:?}");
                assert_eq!(verify(Some(&signature("b3RoZXI=")), Some(form)), Ok(()), "{form:?}");
            }
        }
    }

    #[test]
    fn each_refusal_says_why() {
        let good = signature("Y3VycmVudA==");
        let other_customer = format!("TSA AAAAAAAA-EEEE-DDDD-1234-AB1234567890:{good}");
        let no_customer = format!("TSA :{good}");
        let other_key = format!("TSA {CUSTOMER}:{}", signature("b3RoZXI="));
        let too_long = format!("{good}{good}");
        let table = [
            (None, SignatureRefusal::Missing),
            (Some(""), SignatureRefusal::Malformed),
            (Some("TSA"), SignatureRefusal::Malformed),
            (Some("TSA customer:"), SignatureRefusal::Malformed),
            (Some("Bearer abc"), SignatureRefusal::Malformed),
            (Some(&good[..40]), SignatureRefusal::Malformed),
            (Some(too_long.as_str()), SignatureRefusal::Malformed),
            (Some(other_customer.as_str()), SignatureRefusal::OtherCustomer),
            (Some(no_customer.as_str()), SignatureRefusal::OtherCustomer),
            (Some(other_key.as_str()), SignatureRefusal::Mismatch),
        ];
        for (value, refusal) in table {
            assert_eq!(verify(value, None), Err(refusal), "{value:?}");
            assert_eq!(verify(None, value), Err(refusal), "{value:?}");
        }
        let headers = CallbackHeaders { authorization: Some(&[0xFF]), ..Default::default() };
        assert_eq!(
            verify_callback(&[&key("Y3VycmVudA==")], CUSTOMER, headers, BODY),
            Err(SignatureRefusal::Malformed)
        );
    }

    #[test]
    fn without_a_key_nothing_is_genuine() {
        let good = signature("Y3VycmVudA==");
        let headers =
            CallbackHeaders { authorization: Some(good.as_bytes()), x_ts_authorization: None };
        let verdict = verify_callback(&[], CUSTOMER, headers, BODY);
        assert_eq!(verdict, Err(SignatureRefusal::Mismatch));
    }

    proptest! {
        #[test]
        fn any_changed_byte_of_body_or_signature_is_refused(
            body in proptest::collection::vec(any::<u8>(), 1..300),
            place: proptest::sample::Index,
            change in 1_u8..=255,
        ) {
            let key = key("VGVzdCBLZXk=");
            let is_genuine = |body: &[u8], signature: &[u8]| {
                let headers =
                    CallbackHeaders { authorization: Some(signature), ..Default::default() };
                verify_callback(&[&key], CUSTOMER, headers, body).is_ok()
            };
            let signature = STANDARD.encode(key.sign(&body)).into_bytes();
            prop_assert!(is_genuine(&body, &signature));

            let mut changed = body.clone();
            changed[place.index(body.len())] ^= change;
            prop_assert!(!is_genuine(&changed, &signature));
            prop_assert!(!is_genuine(&body[..body.len() - 1], &signature));

            // The last character is padding, which says nothing.
            let mut changed = signature.clone();
            changed[place.index(signature.len() - 1)] ^= change;
            prop_assert!(!is_genuine(&body, &changed));
        }
    }
}
