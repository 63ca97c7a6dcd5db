//! The segmenter: every text has one count, and more text never costs less.

use centralino::domain::segment::{MessageEncoding, estimate};

pub fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let whole = estimate(&text);
    assert_eq!(whole.characters, text.chars().count());
    assert_eq!(whole.segments == 0, text.is_empty());
    let (single, part) = match whole.encoding {
        MessageEncoding::Gsm7 => (160, 153),
        MessageEncoding::Ucs2 => (70, 67),
    };
    let room = if whole.segments <= 1 { single } else { part };
    assert!(whole.units_left_in_segment <= room, "more is left than there is");
    let is_gsm = whole.encoding == MessageEncoding::Gsm7;
    assert_eq!(is_gsm, whole.non_gsm_characters.is_empty());
    if let Some(alternative) = &whole.gsm_alternative {
        let other = estimate(alternative);
        assert!(other.encoding == MessageEncoding::Gsm7, "the alternative is no GSM text");
        assert!(other.segments <= whole.segments, "the alternative costs more");
    }
    let middle = text.char_indices().nth(whole.characters / 2).map_or(0, |(at, _)| at);
    let half = estimate(&text[..middle]);
    assert!(half.segments <= whole.segments, "half of a text costs more than the whole");
}
