//! Opaque cursors: what they hold is ours alone, and a foreign one is told apart.

use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

/// Leads every cursor, so that a later form can be told from this one.
const VERSION: &str = "v1";

fn encode(kind: &str, content: &str) -> String {
    BASE64URL_NOPAD.encode(format!("{VERSION}:{kind}:{content}").as_bytes())
}

fn decode(kind: &str, text: &str) -> Option<String> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    let plain = String::from_utf8(bytes).ok()?;
    let content = plain.strip_prefix(VERSION)?.strip_prefix(':')?.strip_prefix(kind)?;
    content.strip_prefix(':').map(str::to_owned)
}

/// A place in an organization's feed.
pub fn encode_position(position: i64) -> String {
    encode("feed", &position.to_string())
}

pub fn decode_position(text: &str) -> Option<i64> {
    decode("feed", text)?.parse().ok().filter(|position| *position >= 0)
}

/// A place in a list that is ordered by id.
pub fn encode_id(id: Uuid) -> String {
    encode("id", &id.simple().to_string())
}

pub fn decode_id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(&decode("id", text)?).ok()
}

/// A place in a conversation's texts.
pub fn encode_sequence(sequence: i32) -> String {
    encode("seq", &sequence.to_string())
}

pub fn decode_sequence(text: &str) -> Option<i32> {
    decode("seq", text)?.parse().ok()
}

/// A place in a ledger.
pub fn encode_line(sequence: i64) -> String {
    encode("line", &sequence.to_string())
}

pub fn decode_line(text: &str) -> Option<i64> {
    decode("line", text)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_read_back_and_are_not_mixed_up() {
        assert_eq!(decode_position(&encode_position(42)), Some(42));
        assert_eq!(decode_id(&encode_id(Uuid::from_u128(7))), Some(Uuid::from_u128(7)));
        assert_eq!(decode_sequence(&encode_sequence(3)), Some(3));
        assert_eq!(decode_position(&encode_sequence(3)), None);
        for wrong in ["", "42", "v1:feed:42", "djE6ZmVlZDotMQ"] {
            assert_eq!(decode_position(wrong), None, "{wrong:?}");
        }
    }
}
