//! The one-time code that claims a system nobody has claimed yet: printed, typed in, dead.

use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{AdminError, secret_token::random_bytes};

/// 80 bits: nobody guesses it, at whatever rate, and somebody can type it.
const CODE_BYTES: usize = 10;
const GROUP_CHARACTERS: usize = 4;
/// Far more than a code has with all its hyphens; nothing longer is looked at.
const TYPED_BYTES_MAX: usize = 100;

/// Crockford's alphabet, read leniently: small letters, I and L for 1, O for 0, any hyphens.
static ALPHABET: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification.translate.from.push_str("abcdefghjkmnpqrstvwxyzILOilo");
    specification.translate.to.push_str("ABCDEFGHJKMNPQRSTVWXYZ110110");
    specification.ignore.push_str("- ");
    specification.encoding().unwrap_or(data_encoding::BASE32_NOPAD)
});

/// A code that was just made.
pub(super) struct MadeCode {
    pub code: SecretString,
    pub hash: [u8; 32],
}

/// Makes a code.
pub(super) fn make() -> Result<MadeCode, AdminError> {
    let bytes = random_bytes::<CODE_BYTES>()?;
    let text = Zeroizing::new(ALPHABET.encode(&*bytes));
    let mut code = Zeroizing::new(String::with_capacity(2 * text.len()));
    for (at, letter) in text.chars().enumerate() {
        if at > 0 && at % GROUP_CHARACTERS == 0 {
            code.push('-');
        }
        code.push(letter);
    }
    Ok(MadeCode { code: SecretString::from(code.as_str()), hash: hash(&*bytes) })
}

/// What is kept of a code that was typed in; `None`: it cannot be one.
pub(super) fn hash_of(typed: &str) -> Option<[u8; 32]> {
    if typed.len() > TYPED_BYTES_MAX {
        return None;
    }
    let bytes = Zeroizing::new(ALPHABET.decode(typed.trim().as_bytes()).ok()?);
    (bytes.len() == CODE_BYTES).then(|| hash(&bytes))
}

/// A fast hash is right for it, as for every secret that a machine has made.
fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        let made = make().ok().unwrap();
        let code = made.code.expose_secret();
        assert_eq!(code.len(), 19, "sixteen letters in fours: {code}");
        let spaced = format!("  {} ", code.replace('-', " "));
        for typed in [code, &code.to_lowercase(), &code.replace('-', ""), &spaced] {
            assert_eq!(hash_of(typed), Some(made.hash), "{typed:?}");
        }
        assert_eq!(hash_of("0001-1111-1111-1111"), hash_of("oO0i-IlL1-1111-1111"));
        assert_ne!(made.hash, make().ok().unwrap().hash);
    }

    #[test]
    fn what_cannot_be_a_code_is_not_looked_for() {
        let long = "1".repeat(TYPED_BYTES_MAX + 1);
        for wrong in
            ["", "-", "1111-1111-1111-111", "1111-1111-1111-11111", "UUUU-1111-1111-1111", &long]
        {
            assert_eq!(hash_of(wrong), None, "{wrong:?}");
        }
    }
}
