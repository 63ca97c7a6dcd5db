//! The words that opt out, opt in or ask for help: one text, one word.
//!
//! **Invariant:** the whole text is the word, but for case, width, accents written apart, signs and
//! what cannot be seen. "STOP." is one, "stop it" is not: whoever means more writes to a person.
//! **Invariant:** what law makes an opt-out (`LOCKED`) is one in every language, whatever an
//! organization sets. English words hold everywhere, the others in conversations of their language.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::domain::{language, word_enum};

mod table;

pub use table::{BUILT_IN, BuiltIn, LOCKED};

/// Longest word of a table, once it is in its plain form.
pub const WORD_CHARACTERS_MAX: usize = 40;
/// Words of one kind in one language.
pub const WORDS_MAX: usize = 50;
/// Languages that an organization can have tables of its own for.
pub const LANGUAGES_MAX: usize = 50;
/// A text longer than this between its blanks is no keyword, whatever surrounds the word.
const TEXT_BYTES_MAX: usize = 400;
/// What holds where the conversation's language says nothing.
const COMMON: &str = "en";

word_enum! {
    /// What a word asks for.
    pub enum KeywordKind { OptOut = "OPT_OUT", OptIn = "OPT_IN", Help = "HELP" }
}

/// The words of one language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeywordSet {
    pub language: String,
    pub opt_out: Vec<String>,
    pub opt_in: Vec<String>,
    pub help: Vec<String>,
}

/// Why words cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKeywords {
    #[error("`{0}` is no word: it has no letters or digits, or more than {WORD_CHARACTERS_MAX}")]
    Word(String),
    #[error("at most {WORDS_MAX} words of one kind in one language")]
    TooMany,
    #[error("`{0}` always opts out, and can mean nothing else")]
    Locked(String),
    #[error("`{0}` stands in two lists of one language")]
    Twice(String),
    #[error("{0} stands there twice")]
    LanguageTwice(String),
    #[error("at most {LANGUAGES_MAX} languages")]
    TooManyLanguages,
}

impl KeywordSet {
    /// The set with its words in their plain form, each once, the locked ones among them.
    pub fn checked(self) -> Result<Self, InvalidKeywords> {
        let mut kinds: HashMap<String, KeywordKind> = HashMap::new();
        let mut plain_words = |words: Vec<String>, kind| {
            let mut kept: Vec<String> = Vec::with_capacity(words.len());
            for word in words {
                let plain = plain(&word);
                if plain.is_empty() || plain.chars().count() > WORD_CHARACTERS_MAX {
                    return Err(InvalidKeywords::Word(word));
                }
                if kind != KeywordKind::OptOut && is_locked(&plain) {
                    return Err(InvalidKeywords::Locked(plain));
                }
                match kinds.insert(plain.clone(), kind) {
                    Some(other) if other != kind => return Err(InvalidKeywords::Twice(plain)),
                    Some(_) => {}
                    None => kept.push(plain),
                }
            }
            if kept.len() > WORDS_MAX { Err(InvalidKeywords::TooMany) } else { Ok(kept) }
        };
        Ok(Self {
            opt_out: plain_words(self.opt_out, KeywordKind::OptOut)?,
            opt_in: plain_words(self.opt_in, KeywordKind::OptIn)?,
            help: plain_words(self.help, KeywordKind::Help)?,
            language: self.language,
        })
    }
}

impl From<&BuiltIn> for KeywordSet {
    fn from(table: &BuiltIn) -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self {
            language: table.language.to_owned(),
            opt_out: words(table.opt_out),
            opt_in: words(table.opt_in),
            help: words(table.help),
        }
    }
}

/// A word that a customer texted, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyword {
    pub kind: KeywordKind,
    /// In its plain form.
    pub word: String,
}

/// All words of an organization, by language.
#[derive(Debug, Clone)]
pub struct Keywords {
    sets: BTreeMap<String, KeywordSet>,
    kinds: HashMap<String, HashMap<String, KeywordKind>>,
}

impl Default for Keywords {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Keywords {
    /// The built-in words, those of the given languages replaced.
    pub fn new(own: Vec<KeywordSet>) -> Self {
        let mut sets: BTreeMap<String, KeywordSet> =
            BUILT_IN.iter().map(|table| (table.language.to_owned(), table.into())).collect();
        sets.extend(own.into_iter().map(|set| (set.language.clone(), set)));
        let kinds = sets.iter().map(|(language, set)| (language.clone(), kinds_of(set))).collect();
        Self { sets, kinds }
    }

    /// The words of each language, sorted by it.
    pub fn sets(&self) -> impl Iterator<Item = &KeywordSet> {
        self.sets.values()
    }

    /// The keyword that a text is, in a conversation of a language.
    pub fn find(&self, language: &str, text: &str) -> Option<Keyword> {
        let word = plain_if_short(text)?;
        if is_locked(&word) {
            return Some(Keyword { kind: KeywordKind::OptOut, word });
        }
        let mut languages = language::fallbacks(language).chain([COMMON]);
        let kind = languages.find_map(|tag| self.kinds.get(tag)?.get(&word).copied())?;
        Some(Keyword { kind, word })
    }

    /// Whether a text opts out in any language: for those who must stop before they can be sure.
    pub fn may_opt_out(&self, text: &str) -> bool {
        let Some(word) = plain_if_short(text) else { return false };
        let is_opt_out =
            |kinds: &HashMap<String, KeywordKind>| kinds.get(&word) == Some(&KeywordKind::OptOut);
        is_locked(&word) || self.kinds.values().any(is_opt_out)
    }
}

fn kinds_of(set: &KeywordSet) -> HashMap<String, KeywordKind> {
    let lists = [
        (&set.help, KeywordKind::Help),
        (&set.opt_in, KeywordKind::OptIn),
        // Last: should a word stand in two lists, it opts out.
        (&set.opt_out, KeywordKind::OptOut),
    ];
    let kinds = lists.into_iter().flat_map(|(words, kind)| words.iter().map(move |it| (it, kind)));
    kinds.map(|(word, kind)| (plain(word), kind)).collect()
}

fn is_locked(plain: &str) -> bool {
    LOCKED.contains(&plain)
}

fn plain_if_short(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > TEXT_BYTES_MAX {
        return None;
    }
    let word = plain(text);
    (!word.is_empty() && word.chars().count() <= WORD_CHARACTERS_MAX).then_some(word)
}

/// The plain form: one width, small letters, no signs, single blanks.
///
/// Compatibility forms fold (full width, mathematical letters); letters of another script that only
/// look alike do not, since nobody's keyboard writes them by mistake.
pub fn plain(text: &str) -> String {
    let composed: Cow<'_, str> = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    let mut plain = String::with_capacity(composed.len());
    for letter in composed.chars().flat_map(char::to_lowercase) {
        if is_unseen(letter) {
            continue;
        }
        if letter.is_alphanumeric() {
            plain.push(letter);
        } else if !plain.is_empty() && !plain.ends_with(' ') {
            plain.push(' ');
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// What is written and not seen, or may as well be left out.
fn is_unseen(letter: char) -> bool {
    matches!(letter,
        // Joiners, direction marks, soft hyphen, byte order mark, variation selectors.
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        // Arabic vowel signs, and the line that stretches a word.
        | '\u{0610}'..='\u{061A}' | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}'
        // What a Turkish capital İ leaves of its dot.
        | '\u{0307}')
}

#[cfg(test)]
mod tests;
