//! An API key, ready to check requests and to sign callbacks.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Deliberately without `Debug`: it is a secret, even if a simulated one.
#[derive(Clone)]
pub(in crate::simulator) struct Key {
    /// As it was handed out: Basic takes it literally.
    text: String,
    hash: Hmac<Sha256>,
}

impl Key {
    /// `None` where no byte is left after decoding.
    pub(in crate::simulator) fn new(text: &str) -> Option<Self> {
        let bytes = decode(text)?;
        let hash = Hmac::new_from_slice(&bytes).ok()?;
        Some(Self { text: text.to_owned(), hash })
    }

    pub(in crate::simulator) fn is_password(&self, password: &[u8]) -> bool {
        subtle::ConstantTimeEq::ct_eq(self.text.as_bytes(), password).into()
    }

    pub(in crate::simulator) fn signature(&self, bytes: &[u8]) -> String {
        STANDARD.encode(self.hash(bytes).finalize().into_bytes())
    }

    /// Compares decoded bytes, so that padding does not matter.
    pub(in crate::simulator) fn has_signed(&self, signature: &str, bytes: &[u8]) -> bool {
        let Ok(signature) = LENIENT.decode(signature) else { return false };
        self.hash(bytes).verify_slice(&signature).is_ok()
    }

    fn hash(&self, bytes: &[u8]) -> Hmac<Sha256> {
        let mut hash = self.hash.clone();
        hash.update(bytes);
        hash
    }
}

/// Characters outside of the alphabet are dropped, as most of the provider's own libraries do.
fn decode(text: &str) -> Option<Vec<u8>> {
    let is_kept = |byte: &u8| matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/');
    let mut kept: Vec<u8> = text.bytes().filter(is_kept).collect();
    // One character over carries six bits, which are no byte.
    kept.truncate(kept.len() - usize::from(kept.len() % 4 == 1));
    LENIENT.decode(kept).ok().filter(|bytes| !bytes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stray_characters_and_padding_do_not_matter() {
        let plain = Key::new("VGVzdCBLZXk=").unwrap().signature(b"body");
        for text in ["VGVzdCBLZXk", "VGVz-dCBLZXk==\n", " VGVzdCBLZXk==="] {
            assert_eq!(Key::new(text).unwrap().signature(b"body"), plain, "{text}");
        }
        assert!(Key::new("").is_none() && Key::new("--==").is_none() && Key::new("A").is_none());
    }
}
