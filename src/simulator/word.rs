//! Choices that JSON names with a word.

/// A choice and the words for it.
pub(super) trait Word: Copy + PartialEq + 'static {
    /// Every choice, by its word.
    const WORDS: &'static [(&'static str, Self)];

    fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find_map(|(known, choice)| (*known == word).then_some(*choice))
    }

    fn word(self) -> &'static str {
        Self::WORDS
            .iter()
            .find_map(|(word, choice)| (*choice == self).then_some(*word))
            .unwrap_or("")
    }
}
