//! Values that are used and never shown.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// The provider's API key: it signs callbacks and can send texts, so it is the most valued secret.
///
/// It has no `Display`; `Debug` shows nothing of it, and memory is wiped when it is dropped.
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The key itself; callers sign or seal with it and let go of it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_nothing_of_a_key() {
        assert_eq!(format!("{:?}", ApiKey::new("abc123")), "ApiKey([redacted])");
    }
}
