//! A text that comes in and is never shown: a `String` of the schema that keeps to itself.

use std::{borrow::Cow, fmt};

use async_graphql::{InputType, InputValueError, InputValueResult, OutputType, Value, registry};
use secrecy::{ExposeSecret, SecretString};

use crate::domain::secret::ApiKey;

/// A password or a key in an input. Neither `Debug` nor a refusal shows it; it is wiped when it is
/// dropped.
pub struct SecretText(SecretString);

impl SecretText {
    pub fn into_secret(self) -> SecretString {
        self.0
    }

    pub fn into_api_key(self) -> ApiKey {
        ApiKey::new(self.0.expose_secret())
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretText([redacted])")
    }
}

impl InputType for SecretText {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <String as InputType>::type_name()
    }

    fn create_type_info(registry: &mut registry::Registry) -> String {
        <String as OutputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value {
            Some(Value::String(text)) => Ok(Self(SecretString::from(text))),
            // The usual refusal would quote what was found.
            _ => Err(InputValueError::custom("expected a text")),
        }
    }

    fn to_value(&self) -> Value {
        Value::Null
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_secret_is_shown() {
        let secret = SecretText::parse(Some(Value::from("abc123"))).ok().unwrap();
        assert_eq!(format!("{secret:?}"), "SecretText([redacted])");
        assert_eq!(secret.to_value(), Value::Null);
        assert_eq!(secret.into_api_key().expose(), "abc123");
    }

    #[test]
    fn a_refused_secret_is_not_quoted() {
        let refusal = SecretText::parse(Some(Value::from(123_456))).err().unwrap();
        let shown = format!("{refusal:?}");
        assert!(!shown.contains("123456"), "{shown}");
        assert!(SecretText::parse(None).is_err());
    }
}
