//! Secrets that we hand out: random, shown once, kept as a hash.
//!
//! A fast hash is right for them: 256 random bits cannot be guessed, however cheap a guess is.

use data_encoding::BASE64URL_NOPAD;
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::AdminError;

/// 256 bits.
const SECRET_BYTES: usize = 32;
const ENCODED_CHARACTERS: usize = 43;
/// Characters of a secret that are kept and shown, its kind included: 36 of its 256 bits.
const SHOWN_CHARACTERS: usize = 9;

/// What a secret is for, as its first characters say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Session,
    ApiToken,
    /// An invitation, or a reset: sets a password, once.
    PasswordLink,
}

impl TokenKind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Session => "cs_",
            Self::ApiToken => "ct_",
            Self::PasswordLink => "cp_",
        }
    }

    /// The kind of a secret that could be one of ours; only those are looked for.
    pub(super) fn of(secret: &str) -> Option<Self> {
        let kind = [Self::Session, Self::ApiToken, Self::PasswordLink]
            .into_iter()
            .find(|kind| secret.starts_with(kind.prefix()))?;
        let encoded = secret.strip_prefix(kind.prefix())?;
        let is_ours = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (encoded.len() == ENCODED_CHARACTERS && encoded.bytes().all(is_ours)).then_some(kind)
    }
}

/// A secret that was just made.
pub(super) struct MadeToken {
    pub secret: SecretString,
    pub hash: [u8; 32],
    /// Enough to recognise it and not to use it.
    pub shown: String,
}

/// Makes a secret.
pub(super) fn make(kind: TokenKind) -> Result<MadeToken, AdminError> {
    let mut text = Zeroizing::new(String::with_capacity(ENCODED_CHARACTERS + SHOWN_CHARACTERS));
    text.push_str(kind.prefix());
    BASE64URL_NOPAD.encode_append(&*random_bytes::<SECRET_BYTES>()?, &mut text);
    Ok(MadeToken {
        hash: hash(&text),
        shown: text.chars().take(SHOWN_CHARACTERS).collect(),
        secret: SecretString::from(text.as_str()),
    })
}

/// What is kept of a secret.
pub(super) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The unguessable part of a callback URL.
///
/// Like the others 256 bits; unlike them it is shown to admins, since the provider has to know it.
pub(super) fn callback_token() -> Result<String, AdminError> {
    Ok(BASE64URL_NOPAD.encode(&*random_bytes::<SECRET_BYTES>()?))
}

pub(super) fn random_bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, AdminError> {
    let mut bytes = Zeroizing::new([0_u8; N]);
    getrandom::fill(&mut *bytes).map_err(AdminError::unavailable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_secret_says_what_it_is_for_and_is_never_made_twice() {
        for kind in [TokenKind::Session, TokenKind::ApiToken, TokenKind::PasswordLink] {
            let (one, other) = (make(kind).ok().unwrap(), make(kind).ok().unwrap());
            assert_eq!(TokenKind::of(one.secret.expose_secret()), Some(kind));
            assert_ne!(one.secret.expose_secret(), other.secret.expose_secret());
            assert_eq!(one.hash, hash(one.secret.expose_secret()));
            assert!(one.secret.expose_secret().starts_with(&one.shown));
            assert_eq!(one.shown.len(), SHOWN_CHARACTERS);
        }
    }

    #[test]
    fn what_cannot_be_a_secret_of_ours_is_not_looked_for() {
        let right = format!("ct_{}", "a".repeat(43));
        assert_eq!(TokenKind::of(&right), Some(TokenKind::ApiToken));
        let long = format!("{right}a");
        let other_kind = right.replace("ct_", "cx_");
        let other_letter = format!("ct_{}é", "a".repeat(41));
        for wrong in ["", "ct_", "cs_short", &right[..45], &long, &other_kind, &other_letter] {
            assert_eq!(TokenKind::of(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_callback_token_fits_a_path_and_is_long_enough_to_be_unguessable() {
        let token = callback_token().ok().unwrap();
        assert_eq!(token.len(), ENCODED_CHARACTERS);
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        assert!(token.bytes().all(fits));
    }
}
