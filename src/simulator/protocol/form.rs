//! Form bodies, decoded strictly: what is no UTF-8 is noticed rather than mended.

use std::collections::HashMap;

/// Fields of a form; further ones are left out.
const FIELDS_MAX: usize = 64;

/// A form; of a field that is said twice the first counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    fields: HashMap<String, String>,
    /// Some value was no UTF-8.
    pub(super) is_garbled: bool,
}

impl Form {
    /// Reads a body; one of another content type has no fields.
    pub(super) fn parse(content_type: Option<&str>, body: &[u8]) -> Self {
        let essence = content_type.and_then(|text| text.split(';').next()).unwrap_or_default();
        let mut form = Self::default();
        if !essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return form;
        }
        for pair in body.split(|byte| *byte == b'&').take(FIELDS_MAX) {
            let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let (name, value) = pair.split_at(end);
            let value = decode(value.strip_prefix(b"=").unwrap_or(value));
            match (decode(name), value) {
                (Ok(name), Ok(value)) => drop(form.fields.entry(name).or_insert(value)),
                (Ok(name), Err(value)) => {
                    form.is_garbled = true;
                    form.fields.entry(name).or_insert(value);
                }
                (Err(_), _) => form.is_garbled = true,
            }
        }
        form
    }

    /// A field, even an empty one.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// A field that says something.
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }
}

/// The text, or what can be made of it where it is no UTF-8.
fn decode(encoded: &[u8]) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.iter().copied();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                let digits = (ahead.next().and_then(hex), ahead.next().and_then(hex));
                if let (Some(high), Some(low)) = digits {
                    bytes.push(high << 4 | low);
                    rest = ahead;
                } else {
                    bytes.push(b'%');
                }
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map_err(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: Option<&str> = Some("application/x-www-form-urlencoded; charset=UTF-8");

    #[test]
    fn percent_and_plus_are_decoded_and_broken_escapes_stay() {
        let form = Form::parse(FORM, b"a=%CF%BF+%2B&b=100%&c&d==&a=second&e=%zz");
        let values = ["a", "b", "c", "d", "e", "f"].map(|name| form.get(name));
        assert_eq!(
            values,
            [Some("\u{3ff} +"), Some("100%"), Some(""), Some("="), Some("%zz"), None]
        );
        assert!(!form.is_garbled && form.filled("c").is_none());
    }

    #[test]
    fn what_is_no_utf8_is_noticed() {
        assert!(Form::parse(FORM, b"a=%FF").is_garbled);
        assert_eq!(Form::parse(Some("application/json"), b"a=b"), Form::default());
        assert_eq!(Form::parse(None, b"a=b"), Form::default());
    }
}
