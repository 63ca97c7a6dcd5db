//! `action` and `keyword` of an inbound text, from the provider's table.

use crate::simulator::word::Word;

/// Whether and how keywords are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::simulator) enum KeywordMatch {
    /// The feature is not enabled: both fields are missing.
    Off,
    /// The text is the keyword, but for case and spaces around it.
    #[default]
    Whole,
    /// One of its words is the keyword.
    Contains,
}

impl Word for KeywordMatch {
    const WORDS: &'static [(&'static str, Self)] =
        &[("off", Self::Off), ("whole", Self::Whole), ("contains", Self::Contains)];
}

const KEYWORDS: &[(&str, &[&str])] = &[
    ("stop", &["arrêt", "arret", "cancel", "end", "quit", "stop", "unsubscribe"]),
    ("help", &["aide", "contact", "help", "info"]),
    ("start", &["start"]),
];

/// Action and keyword; `None` while the feature is off.
pub(in crate::simulator) fn find(
    matching: KeywordMatch,
    text: &str,
) -> Option<(&'static str, &'static str)> {
    let text = text.to_lowercase();
    let is_match = |keyword: &str| match matching {
        KeywordMatch::Off => false,
        KeywordMatch::Whole => text.trim() == keyword,
        KeywordMatch::Contains => {
            text.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == keyword)
        }
    };
    if matching == KeywordMatch::Off {
        return None;
    }
    for (action, keywords) in KEYWORDS {
        if let Some(keyword) = keywords.iter().find(|keyword| is_match(keyword)) {
            return Some((action, keyword));
        }
    }
    Some(("generic", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_has_its_action() {
        for (action, keywords) in KEYWORDS {
            for keyword in *keywords {
                let shouted = format!("  {} \n", keyword.to_uppercase());
                assert_eq!(find(KeywordMatch::Whole, &shouted), Some((*action, *keyword)));
            }
        }
    }

    #[test]
    fn how_much_of_the_text_must_match_can_be_chosen() {
        let text = "Please stop!";
        assert_eq!(find(KeywordMatch::Whole, text), Some(("generic", "")));
        assert_eq!(find(KeywordMatch::Contains, text), Some(("stop", "stop")));
        assert_eq!(find(KeywordMatch::Contains, "nonstop"), Some(("generic", "")));
        assert_eq!(find(KeywordMatch::Off, "stop"), None);
    }
}
