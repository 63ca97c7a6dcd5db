//! How a text is cut into the parts that a phone network carries (3GPP TS 23.038 and 23.040).
//!
//! One part carries 140 octets: 160 septets of the GSM alphabet or 70 UTF-16 units. A longer text
//! gives up 6 octets of each part for the header that joins them again. Nothing that belongs
//! together is torn apart: not an escaped character (two septets), not a surrogate pair (two
//! units), so a part may end one unit early. This is an estimate: carriers have the last word.

use std::fmt;

use super::{message::TEXT_CHARACTERS_MAX, word_enum};

const GSM_SINGLE_SEPTETS: usize = 160;
const GSM_PART_SEPTETS: usize = 153;
const UCS_2_SINGLE_UNITS: usize = 70;
const UCS_2_PART_UNITS: usize = 67;

/// The default alphabet's characters outside ASCII; small `ç` is not among them.
const GSM_BEYOND_ASCII: &str = "£¥§¡¿¤èéùìòàÇÉØøÅåÆæßÄÖÑÜäöñüΔΦΓΛΩΠΨΣΘΞ";

/// More than these would not help anybody find what to change.
const NON_GSM_CHARACTERS_MAX: usize = 20;

word_enum! {
    /// The alphabet that a whole text is sent in.
    pub enum MessageEncoding { Gsm7 = "GSM_7", Ucs2 = "UCS_2" }
}

impl MessageEncoding {
    /// The most economical alphabet that holds every character of the text.
    fn of(text: &str) -> Self {
        if text.chars().all(|letter| gsm_septets(letter).is_some()) {
            Self::Gsm7
        } else {
            Self::Ucs2
        }
    }

    /// Units that a character of such a text takes: septets, or UTF-16 units.
    fn units(self, letter: char) -> usize {
        match self {
            // A text is in this alphabet only if each of its characters is.
            Self::Gsm7 => gsm_septets(letter).unwrap_or(1),
            Self::Ucs2 => letter.len_utf16(),
        }
    }

    fn single_units(self) -> usize {
        match self {
            Self::Gsm7 => GSM_SINGLE_SEPTETS,
            Self::Ucs2 => UCS_2_SINGLE_UNITS,
        }
    }

    fn part_units(self) -> usize {
        match self {
            Self::Gsm7 => GSM_PART_SEPTETS,
            Self::Ucs2 => UCS_2_PART_UNITS,
        }
    }
}

/// What a text would take to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Estimate {
    pub encoding: MessageEncoding,
    /// Unicode code points; `TEXT_CHARACTERS_MAX` is a limit on these.
    pub characters: usize,
    /// Parts that are sent and billed. An empty text is never sent: it has none.
    pub segments: usize,
    /// Septets or UTF-16 units that still fit in the last part (an empty text: in a first one).
    pub units_left_in_segment: usize,
    /// Characters outside the GSM alphabet, each once, in order, 20 at most.
    pub non_gsm_characters: Vec<char>,
    /// The text in the GSM alphabet, where typography is all that keeps it out of it.
    pub gsm_alternative: Option<String>,
}

impl fmt::Debug for Estimate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No part of the text: it is personal data.
        formatter
            .debug_struct("Estimate")
            .field("encoding", &self.encoding)
            .field("characters", &self.characters)
            .field("segments", &self.segments)
            .field("units_left_in_segment", &self.units_left_in_segment)
            .finish_non_exhaustive()
    }
}

/// Counts without sending: no side effect, one pass over the text for each question.
pub fn estimate(text: &str) -> Estimate {
    let encoding = MessageEncoding::of(text);
    let (segments, units_left_in_segment) = measure(text, encoding);
    Estimate {
        encoding,
        characters: text.chars().count(),
        segments,
        units_left_in_segment,
        non_gsm_characters: non_gsm_characters(text),
        gsm_alternative: match encoding {
            MessageEncoding::Gsm7 => None,
            MessageEncoding::Ucs2 => gsm_alternative(text, segments),
        },
    }
}

/// Parts, and the units left in the last one.
fn measure(text: &str, encoding: MessageEncoding) -> (usize, usize) {
    let units: usize = text.chars().map(|letter| encoding.units(letter)).sum();
    if units <= encoding.single_units() {
        return (usize::from(units > 0), encoding.single_units() - units);
    }
    let mut parts = 1;
    let mut left = encoding.part_units();
    for letter in text.chars() {
        let needed = encoding.units(letter);
        if needed > left {
            parts += 1;
            left = encoding.part_units();
        }
        left -= needed;
    }
    (parts, left)
}

/// Septets of a character: 1 in the default alphabet, 2 with the escape; `None` outside both.
fn gsm_septets(letter: char) -> Option<usize> {
    match letter {
        '\n' | '\r' | ' '..='Z' | '_' | 'a'..='z' => Some(1),
        '\u{c}' | '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' => Some(2),
        _ => GSM_BEYOND_ASCII.contains(letter).then_some(1),
    }
}

fn non_gsm_characters(text: &str) -> Vec<char> {
    let mut found = Vec::new();
    for letter in text.chars().filter(|letter| gsm_septets(*letter).is_none()) {
        if found.len() == NON_GSM_CHARACTERS_MAX {
            break;
        }
        if !found.contains(&letter) {
            found.push(letter);
        }
    }
    found
}

/// The text without its typography, if that brings it into the GSM alphabet at no cost.
///
/// One character that stays outside keeps the whole text outside, and three dots for an ellipsis
/// can make a text longer than it may be: then there is nothing to gain.
fn gsm_alternative(text: &str, segments: usize) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if gsm_septets(letter).is_some() {
            plain.push(letter);
        } else {
            plain.push_str(plain_form(letter)?);
        }
    }
    let fits = plain.chars().count() <= TEXT_CHARACTERS_MAX;
    (fits && measure(&plain, MessageEncoding::Gsm7).0 <= segments).then_some(plain)
}

/// Plain writing of a typographic character, where no reader would miss the difference.
fn plain_form(letter: char) -> Option<&'static str> {
    match letter {
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | '´' => Some("'"),
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => Some("\""),
        // Hyphens and dashes of all lengths, and the minus sign.
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some("-"),
        '…' => Some("..."),
        // Tab, no-break space, the spaces of typesetting and the narrow no-break space.
        '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => Some(" "),
        // Invisible: soft hyphen, zero-width space, word joiner, byte order mark. The joiners
        // U+200C and U+200D change how letters and emoji look, so they stay.
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => Some(""),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The default alphabet, row by row as TS 23.038 prints it; 0x1B is the escape.
    const DEFAULT_ALPHABET: [u32; 128] = [
        0x40, 0xA3, 0x24, 0xA5, 0xE8, 0xE9, 0xF9, 0xEC, 0xF2, 0xC7, 0x0A, 0xD8, 0xF8, 0x0D, 0xC5,
        0xE5, 0x394, 0x5F, 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, 0x1B,
        0xC6, 0xE6, 0xDF, 0xC9, 0x20, 0x21, 0x22, 0x23, 0xA4, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A,
        0x2B, 0x2C, 0x2D, 0x2E, 0x2F, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39,
        0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F, 0xA1, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48,
        0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E, 0x4F, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57,
        0x58, 0x59, 0x5A, 0xC4, 0xD6, 0xD1, 0xDC, 0xA7, 0xBF, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66,
        0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75,
        0x76, 0x77, 0x78, 0x79, 0x7A, 0xE4, 0xF6, 0xF1, 0xFC, 0xE0,
    ];
    const ESCAPE: u32 = 0x1B;
    /// Form feed, `^ { } \ [ ~ ] |` and the euro sign.
    const EXTENSION: [u32; 10] = [0x0C, 0x5E, 0x7B, 0x7D, 0x5C, 0x5B, 0x7E, 0x5D, 0x7C, 0x20AC];

    #[test]
    fn the_alphabet_is_that_of_the_standard_and_nothing_else() {
        for letter in '\0'..=char::MAX {
            let code = u32::from(letter);
            let expected = if code != ESCAPE && DEFAULT_ALPHABET.contains(&code) {
                Some(1)
            } else if EXTENSION.contains(&code) {
                Some(2)
            } else {
                None
            };
            assert_eq!(gsm_septets(letter), expected, "U+{code:04X}");
        }
    }

    #[test]
    fn a_text_is_cut_where_the_standard_cuts_it() {
        use MessageEncoding::{Gsm7, Ucs2};
        let table = [
            (String::new(), Gsm7, 0, 160),
            ("a".repeat(160), Gsm7, 1, 0),
            ("a".repeat(161), Gsm7, 2, 145),
            ("a".repeat(306), Gsm7, 2, 0),
            ("a".repeat(307), Gsm7, 3, 152),
            ("a".repeat(1_600), Gsm7, 11, 83),
            ("€".repeat(80), Gsm7, 1, 0),
            ("€".repeat(81), Gsm7, 2, 143),
            // 76 escaped characters fill 152 of 153 septets: the 77th starts the second part.
            ("€".repeat(153), Gsm7, 3, 151),
            (format!("{}€{}", "a".repeat(152), "a".repeat(10)), Gsm7, 2, 141),
            ("я".repeat(70), Ucs2, 1, 0),
            ("я".repeat(71), Ucs2, 2, 63),
            ("я".repeat(134), Ucs2, 2, 0),
            ("я".repeat(135), Ucs2, 3, 66),
            ("я".repeat(1_600), Ucs2, 24, 8),
            ("😀".repeat(35), Ucs2, 1, 0),
            // 33 pairs fill 66 of 67 units.
            ("😀".repeat(36), Ucs2, 2, 61),
            ("😀".repeat(67), Ucs2, 3, 65),
            (format!("{}я", "a".repeat(69)), Ucs2, 1, 0),
            ("ç".to_owned(), Ucs2, 1, 69),
            ("Ç\u{c}".to_owned(), Gsm7, 1, 157),
        ];
        for (text, encoding, segments, units_left) in table {
            let found = estimate(&text);
            let expected = (encoding, text.chars().count(), segments, units_left);
            let found =
                (found.encoding, found.characters, found.segments, found.units_left_in_segment);
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn offending_characters_are_named_once_in_order_and_not_without_end() {
        assert_eq!(estimate("“Grüße” – “я”`").non_gsm_characters, ['“', '”', '–', 'я', '`']);
        assert!(estimate("Grüße, {}[]~€").non_gsm_characters.is_empty());
        let many: String = ('а'..='я').collect();
        assert_eq!(estimate(&many).non_gsm_characters, ('а'..='у').collect::<Vec<_>>());
    }

    #[test]
    fn an_alternative_is_offered_only_where_it_gains_something() {
        let table = [
            ("plain", None),
            ("It’s “fine” – really…", Some("It's \"fine\" - really...")),
            ("10\u{a0}000\u{202f}€\u{200b}", Some("10 000 €")),
            // One letter outside keeps the text outside.
            ("It’s я", None),
            ("👩\u{200d}👩", None),
        ];
        for (text, alternative) in table {
            assert_eq!(estimate(text).gsm_alternative.as_deref(), alternative, "{text}");
        }
        assert_eq!(estimate(&"…".repeat(70)).gsm_alternative, None, "210 septets are two parts");
        let longest = format!("{}…", "a".repeat(TEXT_CHARACTERS_MAX - 1));
        assert_eq!(estimate(&longest).gsm_alternative, None, "it would be too long to send");
    }

    #[test]
    fn debug_output_shows_nothing_of_the_text() {
        let shown = format!("{:?}", estimate("Anna’s"));
        assert!(!shown.contains("Anna") && !shown.contains('’'), "{shown}");
    }

    /// Cuts a text by encoding each character in full; shares nothing with the code above.
    fn split(text: &str) -> Vec<String> {
        let septets = |letter: char| {
            let code = u32::from(letter);
            match code {
                _ if EXTENSION.contains(&code) => Some(vec![ESCAPE, code]),
                _ if code != ESCAPE && DEFAULT_ALPHABET.contains(&code) => Some(vec![code]),
                _ => None,
            }
        };
        let gsm = text.chars().all(|letter| septets(letter).is_some());
        let width = |part: &str| {
            if gsm {
                part.chars().filter_map(septets).flatten().count()
            } else {
                part.encode_utf16().count()
            }
        };
        let (single, each) = if gsm { (160, 153) } else { (70, 67) };
        if width(text) <= single {
            return if text.is_empty() { vec![] } else { vec![text.to_owned()] };
        }
        let mut parts = vec![String::new()];
        for letter in text.chars() {
            let longer = parts.last().map(|part| format!("{part}{letter}")).unwrap_or_default();
            if width(&longer) <= each {
                parts.pop();
                parts.push(longer);
            } else {
                parts.push(letter.to_string());
            }
        }
        assert!(parts.iter().all(|part| width(part) <= each), "a part overflows");
        parts
    }

    proptest! {
        #[test]
        fn a_splitter_of_another_make_agrees(
            pieces in proptest::collection::vec(
                prop_oneof![
                    4 => "[a-z]{1,40}",
                    3 => "[\\[\\]{}€~^|]{1,40}",
                    1 => "[а-я]{1,30}",
                    1 => "[😀-😃]{1,30}",
                ],
                0..12,
            ),
        ) {
            let text = pieces.concat();
            let parts = split(&text);
            let found = estimate(&text);
            prop_assert_eq!(parts.len(), found.segments);
            prop_assert_eq!(parts.concat(), text);
        }

        #[test]
        fn any_text_at_all_is_measured_alike(text in "\\PC{0,300}") {
            let parts = split(&text);
            prop_assert_eq!(parts.len(), estimate(&text).segments);
            prop_assert_eq!(parts.concat(), text);
        }

        #[test]
        fn an_alternative_never_costs_more(text in "[a-z’“–… €]{0,400}") {
            let before = estimate(&text);
            if let Some(alternative) = &before.gsm_alternative {
                let after = estimate(alternative);
                prop_assert_eq!(after.encoding, MessageEncoding::Gsm7);
                prop_assert!(after.segments <= before.segments);
            }
        }
    }
}
