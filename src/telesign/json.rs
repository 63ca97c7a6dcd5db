//! Reads JSON as the provider really writes it: loosely typed, and sometimes not quite JSON.
//!
//! An inbound text that is refused here is lost for good, so that what a strict reader refuses
//! (half an emoji, a raw line break in a text, bytes that are not UTF-8) is mended and read again.

use std::fmt::Write;

use serde_json::{Map, Value};

/// Longest description of the provider's that is kept.
const DESCRIPTION_CHARACTERS_MAX: usize = 200;
/// The provider's own references have 32; anything far longer is not a reference.
pub(super) const REFERENCE_CHARACTERS_MAX: usize = 100;

/// Reads one JSON value; `None` when even mending does not make it JSON.
pub(super) fn read(raw: &[u8]) -> Option<Value> {
    serde_json::from_slice(raw).ok().or_else(|| serde_json::from_str(&mend(raw)).ok())
}

/// A text, or a number or truth value written as one. U+0000 becomes U+FFFD.
pub(super) fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    match object.get(name)? {
        // PostgreSQL keeps no U+0000, and one bad character must not cost the message.
        Value::String(text) => Some(text.replace('\0', "\u{FFFD}")),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The same, cut to a number of characters, without control characters around or inside.
pub(super) fn short_text(
    object: &Map<String, Value>,
    name: &str,
    characters_max: usize,
) -> Option<String> {
    let text = text(object, name)?;
    let plain = text.trim().chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    Some(plain.take(characters_max).collect()).filter(|text: &String| !text.is_empty())
}

/// A whole number, or a text that holds one.
pub(super) fn integer(object: &Map<String, Value>, name: &str) -> Option<i32> {
    match object.get(name)? {
        Value::Number(number) => i32::try_from(number.as_i64()?).ok(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The object of a name; `None` where it is absent or something else.
pub(super) fn object<'a>(
    parent: &'a Map<String, Value>,
    name: &str,
) -> Option<&'a Map<String, Value>> {
    parent.get(name).and_then(Value::as_object)
}

/// A reference that can be a key and part of a path; an absurd one counts as absent.
pub(super) fn reference(object: &Map<String, Value>, name: &str) -> Option<String> {
    text(object, name).map(|text| text.trim().to_owned()).filter(|text| is_reference(text))
}

/// Printable ASCII without spaces, within the bound.
pub(super) fn is_reference(text: &str) -> bool {
    (1..=REFERENCE_CHARACTERS_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// `status.code`, or the first of `errors[]` where the status only says that there are errors.
pub(super) fn provider_code(answer: &Map<String, Value>) -> Option<i32> {
    let status = object(answer, "status").and_then(|status| integer(status, "code"));
    let error = answer
        .get("errors")
        .and_then(Value::as_array)
        .and_then(|errors| errors.first()?.as_object())
        .and_then(|error| integer(error, "code"));
    match status {
        // "Not attempted" and "not authorized": the reason is beside it.
        None | Some(500 | 501) => error.or(status),
        Some(_) => status,
    }
}

/// The provider's own words, bounded; shown only where we have none for the code.
pub(super) fn provider_description(answer: &Map<String, Value>) -> Option<String> {
    short_text(object(answer, "status")?, "description", DESCRIPTION_CHARACTERS_MAX)
}

/// Makes JSON of what is nearly JSON; text outside of strings is left as it is.
fn mend(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let text = text.trim_start_matches('\u{FEFF}');
    let mut mended = String::with_capacity(text.len());
    let mut is_in_string = false;
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '\\' if is_in_string => mend_escape(rest, &mut mended),
            letter if is_in_string && letter < ' ' => {
                // Writing to a `String` cannot fail.
                write!(mended, "\\u{:04x}", u32::from(letter)).ok();
                letter.len_utf8()
            }
            letter => {
                is_in_string ^= letter == '"';
                mended.push(letter);
                letter.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    mended
}

/// Writes the escape that `rest` begins with, half a surrogate pair as U+FFFD; returns its length.
fn mend_escape(rest: &str, mended: &mut String) -> usize {
    let (kept, length) = match escaped_unit(rest) {
        Some(0xD800..=0xDBFF) => match rest.get(6..).and_then(escaped_unit) {
            Some(0xDC00..=0xDFFF) => (&rest[..12], 12),
            _ => ("\\ufffd", 6),
        },
        Some(0xDC00..=0xDFFF) => ("\\ufffd", 6),
        Some(_) => (&rest[..6], 6),
        None => {
            let length = rest.chars().take(2).map(char::len_utf8).sum();
            (&rest[..length], length)
        }
    };
    mended.push_str(kept);
    length
}

/// The UTF-16 unit of an escape such as `\ud83d` at the beginning of a text.
fn escaped_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        u16::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_nearly_json_is_mended() {
        let table: [(&[u8], &str); 9] = [
            (br#"{"a":"plain"}"#, "plain"),
            (b"\xEF\xBB\xBF{\"a\":\"mark\"}", "mark"),
            (br#"{"a":"half \ud83d of it"}"#, "half \u{FFFD} of it"),
            (br#"{"a":"end \udc00"}"#, "end \u{FFFD}"),
            (br#"{"a":"\ud83d\ud83d\ude00 \\ud83d \" \n"}"#, "\u{FFFD}😀 \\ud83d \" \n"),
            (b"{\"a\":\"two\nlines\"}", "two\nlines"),
            (b"{\"a\":\"caf\xE9\"}", "caf\u{FFFD}"),
            (br#"{"a":"\u0000 and \ud800"}"#, "\u{FFFD} and \u{FFFD}"),
            (b"{\"a\":\"\0raw\"}", "\u{FFFD}raw"),
        ];
        for (raw, expected) in table {
            let value = read(raw).unwrap_or_else(|| panic!("{raw:?} is not read"));
            assert_eq!(text(value.as_object().unwrap(), "a").as_deref(), Some(expected), "{raw:?}");
        }
        for wrong in ["", "{", "{'a': 1}", "\\", "\"\\", "\"\\u12", "{\"a\":\"\\ud83d"] {
            assert_eq!(read(wrong.as_bytes()), None, "{wrong:?}");
        }
    }

    #[test]
    fn numbers_and_texts_stand_in_for_each_other() {
        let value = json!({"n": 7, "t": " 8 ", "f": 1.5, "big": 99_999_999_999_i64, "o": {}});
        let object = value.as_object().unwrap();
        assert_eq!(integer(object, "n"), Some(7));
        assert_eq!(integer(object, "t"), Some(8));
        assert_eq!(text(object, "n").as_deref(), Some("7"));
        for wrong in ["f", "big", "o", "absent"] {
            assert_eq!(integer(object, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_code_is_found_in_the_status_or_in_the_errors() {
        let table = [
            (json!({"status": {"code": 290}, "errors": [{"code": 1}]}), Some(290)),
            (json!({"status": {"code": "500"}, "errors": [{"code": -40007}]}), Some(-40007)),
            (json!({"status": {"code": 501}, "errors": {}}), Some(501)),
            (json!({"errors": [{"code": "-90001"}]}), Some(-90001)),
            (json!({"status": "odd"}), None),
        ];
        for (answer, expected) in table {
            assert_eq!(provider_code(answer.as_object().unwrap()), expected, "{answer}");
        }
    }

    proptest! {
        #[test]
        fn mending_never_panics_and_leaves_json_alone(raw in ".*", bytes: Vec<u8>) {
            let _ = read(&bytes);
            let _ = mend(raw.as_bytes());
            let written = serde_json::to_string(&raw).unwrap();
            prop_assert_eq!(mend(written.as_bytes()), written);
        }
    }
}
