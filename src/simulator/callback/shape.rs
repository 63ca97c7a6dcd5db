//! The forms that callbacks take: documents and field reports disagree, so all of them exist here.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::simulator::word::Word;

/// How a callback is written and signed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::simulator) struct Shape {
    pub(in crate::simulator) authorization: HeaderForm,
    pub(in crate::simulator) x_ts_authorization: HeaderForm,
    pub(in crate::simulator) signature: SignatureKind,
    /// Which of the account's keys signs; the first is 0.
    pub(in crate::simulator) key_index: usize,
    /// Said in the headers instead of the account's own.
    pub(in crate::simulator) customer_id: Option<String>,
    pub(in crate::simulator) text: TextForm,
    pub(in crate::simulator) dates: DateForm,
    /// Status code and part count.
    pub(in crate::simulator) counts: CountForm,
    /// `errors`.
    pub(in crate::simulator) errors: EmptyForm,
    pub(in crate::simulator) additional_info: AdditionalInfo,
    /// Leaves `external_id` out where it would be null.
    pub(in crate::simulator) omits_external_id: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::simulator) enum HeaderForm {
    /// `TSA <customer id>:<signature>`
    #[default]
    Full,
    /// The signature alone.
    Bare,
    Missing,
}

impl Word for HeaderForm {
    const WORDS: &'static [(&'static str, Self)] =
        &[("full", Self::Full), ("bare", Self::Bare), ("missing", Self::Missing)];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::simulator) enum SignatureKind {
    #[default]
    Right,
    /// Made with a key that nobody has.
    WrongKey,
    /// Made before one digit of the body was changed.
    ChangedByte,
    /// No base64 at all.
    Garbage,
}

impl Word for SignatureKind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("right", Self::Right),
        ("wrong_key", Self::WrongKey),
        ("changed_byte", Self::ChangedByte),
        ("garbage", Self::Garbage),
    ];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::simulator) enum TextForm {
    #[default]
    Raw,
    /// Everything outside of ASCII as `\u` escapes.
    Escaped,
}

impl Word for TextForm {
    const WORDS: &'static [(&'static str, Self)] =
        &[("raw", Self::Raw), ("escaped", Self::Escaped)];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::simulator) enum DateForm {
    /// `2016-10-21T14:05:36.181346Z`
    #[default]
    Rfc3339,
    /// `Thu, 23 Jun 2022 19:03:44 GMT`
    Rfc1123,
    /// `2020-05-04 22:07:01:226`
    Spaced,
    /// `2022-31-03T14:51:28.709526Z`, which is no date.
    DayFirst,
}

impl Word for DateForm {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("rfc3339", Self::Rfc3339),
        ("rfc1123", Self::Rfc1123),
        ("spaced", Self::Spaced),
        ("day_first", Self::DayFirst),
    ];
}

impl DateForm {
    pub(in crate::simulator) fn write(self, at: DateTime<Utc>) -> String {
        match self {
            Self::Rfc3339 => at.to_rfc3339_opts(SecondsFormat::Micros, true),
            Self::Rfc1123 => at.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
            Self::Spaced => at.format("%Y-%m-%d %H:%M:%S:%3f").to_string(),
            Self::DayFirst => at.format("%Y-%d-%mT%H:%M:%S%.6fZ").to_string(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::simulator) enum CountForm {
    #[default]
    Number,
    String,
}

impl Word for CountForm {
    const WORDS: &'static [(&'static str, Self)] =
        &[("number", Self::Number), ("string", Self::String)];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::simulator) enum EmptyForm {
    /// `{}` in inbound texts and `[]` in reports, as documented.
    #[default]
    AsDocumented,
    Object,
    Array,
    Missing,
}

impl Word for EmptyForm {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("as_documented", Self::AsDocumented),
        ("object", Self::Object),
        ("array", Self::Array),
        ("missing", Self::Missing),
    ];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::simulator) enum AdditionalInfo {
    /// With country, network, price and parts.
    #[default]
    Full,
    /// `{}`
    Object,
    /// `[]`
    Array,
    Missing,
}

impl Word for AdditionalInfo {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("full", Self::Full),
        ("object", Self::Object),
        ("array", Self::Array),
        ("missing", Self::Missing),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_in_every_form_that_was_seen() {
        let at = DateTime::parse_from_rfc3339("2022-03-31T14:51:28.709526Z").unwrap().to_utc();
        let forms = DateForm::WORDS.iter().map(|(_, form)| form.write(at));
        let expected = [
            "2022-03-31T14:51:28.709526Z",
            "Thu, 31 Mar 2022 14:51:28 GMT",
            "2022-03-31 14:51:28:709",
            "2022-31-03T14:51:28.709526Z",
        ];
        assert!(forms.eq(expected));
    }
}
