//! Reads JSON objects field by field, so that every refusal can name the field.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::simulator::{input, word::Word};

/// A sentence that says what is wrong with which field.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Invalid(pub(super) String);

impl Invalid {
    pub(super) fn of(field: &str, what: &str) -> Self {
        Self(format!("{field} {what}"))
    }
}

/// The fields that were not read yet.
pub(super) struct Fields {
    map: Map<String, Value>,
    /// What the names of fields are told with, for example `shape.`.
    prefix: &'static str,
}

impl Fields {
    /// Reads a body; an empty one has no fields.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Invalid> {
        if body.trim_ascii().is_empty() {
            return Ok(Self { map: Map::new(), prefix: "" });
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(map)) => Ok(Self { map, prefix: "" }),
            Ok(_) => Err(Invalid("the body must be a JSON object".to_owned())),
            Err(error) => Err(Invalid(format!("the body must be JSON: {error}"))),
        }
    }

    /// Reads a query; what looks like a number is one.
    pub(super) fn parse_query(query: &str) -> Self {
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        let value = |text: &str| Value::String(text.to_owned());
        let map = pairs.map(|(name, text)| (name.into_owned(), value(&text))).collect();
        Self { map, prefix: "" }
    }

    /// A text of at most so many bytes.
    pub(super) fn text(&mut self, name: &str, bytes_max: usize) -> Result<Option<String>, Invalid> {
        match self.map.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.len() <= bytes_max => Ok(Some(text)),
            Some(Value::String(_)) => {
                Err(self.invalid(name, &format!("must have at most {bytes_max} bytes")))
            }
            Some(_) => Err(self.invalid(name, "must be a text in quotes")),
        }
    }

    pub(super) fn needed_text(&mut self, name: &str, bytes_max: usize) -> Result<String, Invalid> {
        self.text(name, bytes_max)?.ok_or_else(|| self.invalid(name, "is needed"))
    }

    /// A number or short code, without its `+`.
    pub(super) fn digits(&mut self, name: &str) -> Result<Option<String>, Invalid> {
        let Some(text) = self.text(name, 16)? else { return Ok(None) };
        let digits = input::digits(&text).map(ToOwned::to_owned);
        digits.map(Some).ok_or_else(|| self.invalid(name, "must be a number of 1 to 15 digits"))
    }

    pub(super) fn needed_digits(&mut self, name: &str) -> Result<String, Invalid> {
        self.digits(name)?.ok_or_else(|| self.invalid(name, "is needed"))
    }

    pub(super) fn number(
        &mut self,
        name: &str,
        range: RangeInclusive<u64>,
    ) -> Result<Option<u64>, Invalid> {
        let value = match self.map.remove(name) {
            None | Some(Value::Null) => return Ok(None),
            // In a query every value is a text.
            Some(Value::String(text)) => text.parse().ok(),
            Some(value) => value.as_u64(),
        };
        let wrong = || {
            let what = format!("must be a whole number from {} to {}", range.start(), range.end());
            self.invalid(name, &what)
        };
        value.filter(|value| range.contains(value)).map(Some).ok_or_else(wrong)
    }

    /// A number that fits into 32 bits, as its range must.
    pub(super) fn small_number(
        &mut self,
        name: &str,
        range: RangeInclusive<u32>,
    ) -> Result<Option<u32>, Invalid> {
        let wide = u64::from(*range.start())..=u64::from(*range.end());
        Ok(self.number(name, wide)?.and_then(|number| u32::try_from(number).ok()))
    }

    pub(super) fn boolean(&mut self, name: &str) -> Result<Option<bool>, Invalid> {
        match self.map.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(value)),
            Some(_) => Err(self.invalid(name, "must be true or false")),
        }
    }

    pub(super) fn word<W: Word>(&mut self, name: &str) -> Result<Option<W>, Invalid> {
        let Some(word) = self.text(name, 64)? else { return Ok(None) };
        let choice = W::from_word(&word);
        choice.map(Some).ok_or_else(|| {
            let words: Vec<&str> = W::WORDS.iter().map(|(word, _)| *word).collect();
            self.invalid(name, &format!("must be one of {}", words.join(", ")))
        })
    }

    /// A list of at most so many values.
    pub(super) fn list(
        &mut self,
        name: &str,
        count_max: usize,
    ) -> Result<Option<Vec<Value>>, Invalid> {
        match self.map.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(values)) if values.len() <= count_max => Ok(Some(values)),
            Some(Value::Array(_)) => {
                Err(self.invalid(name, &format!("must have at most {count_max} values")))
            }
            Some(_) => Err(self.invalid(name, "must be a list")),
        }
    }

    /// An object whose fields are told with a prefix.
    pub(super) fn object(
        &mut self,
        name: &str,
        prefix: &'static str,
    ) -> Result<Option<Self>, Invalid> {
        match self.map.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => Self::of(value, prefix)
                .map(Some)
                .ok_or_else(|| self.invalid(name, "must be an object")),
        }
    }

    /// The fields of a value, where it is an object.
    pub(super) fn of(value: Value, prefix: &'static str) -> Option<Self> {
        let Value::Object(map) = value else { return None };
        Some(Self { map, prefix })
    }

    /// Whether a field is there and says `null`: take back what was set.
    pub(super) fn is_null(&self, name: &str) -> bool {
        self.map.get(name) == Some(&Value::Null)
    }

    pub(super) fn invalid(&self, name: &str, what: &str) -> Invalid {
        Invalid(format!("{}{name} {what}", self.prefix))
    }

    /// Refuses fields that nobody has read: most are misspelt.
    pub(super) fn finish(self) -> Result<(), Invalid> {
        match self.map.keys().next() {
            None => Ok(()),
            Some(name) => Err(self.invalid(name, "is not a field of this request")),
        }
    }
}
