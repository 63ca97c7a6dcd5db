//! Headers that prove a callback, or fail to.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::shape::{HeaderForm, Shape, SignatureKind};
use crate::simulator::account::Key;

/// Decodes to bytes that are no account's key.
const NOBODYS_KEY: &str = "bm8gYWNjb3VudCBoYXMgdGhpcyBrZXk=";

/// Values of `Authorization` and `X-TS-Authorization`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::simulator) struct Proof {
    pub(in crate::simulator) authorization: Option<String>,
    pub(in crate::simulator) x_ts_authorization: Option<String>,
}

/// Signs a body and, where the shape asks for it, spoils it afterwards.
pub(in crate::simulator) fn sign(
    shape: &Shape,
    customer_id: &str,
    keys: &[Key],
    body: &mut Vec<u8>,
) -> Proof {
    let key = keys.get(shape.key_index).or(keys.first());
    let signature = match shape.signature {
        SignatureKind::Right => key.map(|key| key.signature(body)),
        SignatureKind::WrongKey => Key::new(NOBODYS_KEY).map(|key| key.signature(body)),
        SignatureKind::ChangedByte => {
            let signature = key.map(|key| key.signature(body));
            change_byte(body);
            signature
        }
        SignatureKind::Garbage => Some("not*base64".to_owned()),
    };
    let signature = signature.unwrap_or_else(|| STANDARD.encode([0; 32]));
    let customer_id = shape.customer_id.as_deref().unwrap_or(customer_id);
    let header = |form| match form {
        HeaderForm::Full => Some(format!("TSA {customer_id}:{signature}")),
        HeaderForm::Bare => Some(signature.clone()),
        HeaderForm::Missing => None,
    };
    Proof {
        authorization: header(shape.authorization),
        x_ts_authorization: header(shape.x_ts_authorization),
    }
}

/// Changes the last digit into another, so that JSON stays JSON.
fn change_byte(body: &mut Vec<u8>) {
    match body.iter_mut().rev().find(|byte| byte.is_ascii_digit()) {
        Some(digit) => *digit = if *digit == b'9' { b'0' } else { *digit + 1 },
        None => body.push(b' '),
    }
}
