//! Scalars of the schema; each refuses what it cannot be, in words that help.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime as ChronoDateTime, SecondsFormat, Utc};

use crate::domain;

/// The library's own words would quote what was found, which may be somebody's number.
const NO_TEXT: &str = "expected a text, in quotation marks";

/// RFC 3339 timestamp, always UTC with `Z`, millisecond precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub ChronoDateTime<Utc>);

/// RFC 3339 timestamp, always UTC with `Z`, millisecond precision.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/date-time.html")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::custom(NO_TEXT)) };
        let parsed = ChronoDateTime::parse_from_rfc3339(text);
        parsed.map(|time| Self(time.to_utc())).map_err(|_bad| {
            InputValueError::custom("expected an RFC 3339 time such as 2026-01-31T09:30:00Z")
        })
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl From<ChronoDateTime<Utc>> for DateTime {
    fn from(time: ChronoDateTime<Utc>) -> Self {
        Self(time)
    }
}

macro_rules! text_scalar {
    ($(#[$doc:meta])* $name:ident($inner:ty) as $word:literal, $parse:expr, $show:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub $inner);

        // The schema takes its description from here.
        $(#[$doc])*
        #[Scalar(name = $word)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                let Value::String(text) = &value else {
                    return Err(InputValueError::custom(NO_TEXT));
                };
                let parse: fn(&str) -> Result<$inner, String> = $parse;
                parse(text).map(Self).map_err(InputValueError::custom)
            }

            fn to_value(&self) -> Value {
                let show: fn(&$inner) -> String = $show;
                Value::String(show(&self.0))
            }
        }
    };
}

text_scalar!(
    /// E.164 number: `+` and 7 to 15 digits. Never a short code.
    PhoneNumber(domain::address::SmsAddress) as "PhoneNumber",
    |text| domain::address::SmsAddress::from_e164(text).map_err(|error| error.to_string()),
    |address| address.as_str().to_owned()
);

text_scalar!(
    /// Address a message can come from or go to: E.164, a short code (3 to 8 digits) or an
    /// alphanumeric sender (up to 11 characters).
    SmsAddress(domain::address::SmsAddress) as "SmsAddress",
    |text| text.parse::<domain::address::SmsAddress>().map_err(|error| error.to_string()),
    |address| address.as_str().to_owned()
);

text_scalar!(
    /// BCP 47 language tag, canonical case, e.g. `en-US`.
    ///
    /// A mutation that is given another text says so in `userErrors`, with the field.
    LanguageTag(String) as "LanguageTag",
    |text| Ok(text.to_owned()),
    String::clone
);

text_scalar!(
    /// IANA time zone name, e.g. `Europe/Lisbon`.
    TimeZone(String) as "TimeZone",
    |text| Ok(text.to_owned()),
    String::clone
);

text_scalar!(
    /// Absolute https URL; http only to this machine itself.
    Url(String) as "URL",
    |text| Ok(text.to_owned()),
    String::clone
);

text_scalar!(
    /// Opaque position in an event stream. Compare only for equality.
    EventCursor(i64) as "EventCursor",
    |text| super::cursor::decode_position(text)
        .ok_or_else(|| "not a cursor of this server".to_owned()),
    |position| super::cursor::encode_position(*position)
);
