//! Cursors come from clients: read without a fault, never as something of another kind.

use centralino::api::graphql::cursor::{
    decode_id, decode_line, decode_position, decode_sequence, encode_id, encode_line,
    encode_position, encode_sequence,
};

pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let (position, id) = (decode_position(text), decode_id(text));
    let (sequence, line) = (decode_sequence(text), decode_line(text));
    let kinds = [position.is_some(), id.is_some(), sequence.is_some(), line.is_some()];
    assert!(kinds.iter().filter(|is_it| **is_it).count() <= 1, "a cursor is of two kinds");
    assert_eq!(position, position.and_then(|it| decode_position(&encode_position(it))));
    assert_eq!(id, id.and_then(|it| decode_id(&encode_id(it))));
    assert_eq!(sequence, sequence.and_then(|it| decode_sequence(&encode_sequence(it))));
    assert_eq!(line, line.and_then(|it| decode_line(&encode_line(it))));
}
