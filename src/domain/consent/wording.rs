//! What a customer is answered to a keyword: our own words, or the organization's.

use std::collections::{BTreeMap, HashMap};

use crate::domain::{language, message::TEXT_CHARACTERS_MAX, word_enum};

word_enum! {
    /// When a text goes out by itself.
    pub enum AutomatedTrigger {
        OptOutConfirmation = "OPT_OUT_CONFIRMATION",
        OptInConfirmation = "OPT_IN_CONFIRMATION",
        Help = "HELP",
    }
}

/// Languages of one automated message.
pub const TEXTS_MAX: usize = 50;
/// Longest name of an organization that stands in for its placeholder.
const ORGANIZATION_CHARACTERS_MAX: usize = 200;
/// What stands for the organization's name in a text.
const ORGANIZATION: &str = "{{organization}}";
/// What is said where nothing was written in the language.
const COMMON: &str = "en";

/// Our own words: trigger, language, text.
const BUILT_IN: [(AutomatedTrigger, &str, &str); 6] = [
    (
        AutomatedTrigger::OptOutConfirmation,
        "en",
        "{{organization}}: you have opted out and will get no more texts from us. Reply START to get them again.",
    ),
    (
        AutomatedTrigger::OptOutConfirmation,
        "it",
        "{{organization}}: richiesta ricevuta, non ti invieremo altri SMS. Rispondi START per riceverli di nuovo.",
    ),
    (
        AutomatedTrigger::OptInConfirmation,
        "en",
        "{{organization}}: you will get our texts again. Reply STOP to end them, HELP for help.",
    ),
    (
        AutomatedTrigger::OptInConfirmation,
        "it",
        "{{organization}}: riceverai di nuovo i nostri SMS. Rispondi STOP per non riceverli, AIUTO per assistenza.",
    ),
    (
        AutomatedTrigger::Help,
        "en",
        "{{organization}}: text us here and our team will answer. Reply STOP to get no more texts.",
    ),
    (
        AutomatedTrigger::Help,
        "it",
        "{{organization}}: scrivici qui e il nostro team ti risponderà. Rispondi STOP per non ricevere altri SMS.",
    ),
];

/// Why a text cannot go out by itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWording {
    #[error("the text is empty; switch the message off instead")]
    Empty,
    #[error(
        "with the longest name of an organization the text has {0} characters; the most is {TEXT_CHARACTERS_MAX}"
    )]
    TooLong(usize),
    #[error("`{0}` stands for nothing; there is `{ORGANIZATION}`")]
    Placeholder(String),
    #[error("a text has no control characters but line breaks")]
    Control,
}

/// Whether a text can go out by itself.
pub fn check(text: &str) -> Result<(), InvalidWording> {
    if text.trim().is_empty() {
        return Err(InvalidWording::Empty);
    }
    if text.chars().any(|letter| letter.is_control() && letter != '\n') {
        return Err(InvalidWording::Control);
    }
    let rest = text.replace(ORGANIZATION, "");
    if let Some(start) = rest.find("{{") {
        let shown = rest.chars().skip(rest[..start].chars().count()).take(40).collect();
        return Err(InvalidWording::Placeholder(shown));
    }
    let names = text.matches(ORGANIZATION).count();
    let characters = rest.chars().count() + names * ORGANIZATION_CHARACTERS_MAX;
    if characters > TEXT_CHARACTERS_MAX { Err(InvalidWording::TooLong(characters)) } else { Ok(()) }
}

/// An organization's own words for one trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutomatedMessage {
    pub trigger: AutomatedTrigger,
    /// False: nothing is said.
    pub active: bool,
    /// By language; where one is missing, our own words stand in.
    pub texts: BTreeMap<String, String>,
}

/// What an organization says by itself.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    organization: String,
    default_language: String,
    own: HashMap<AutomatedTrigger, AutomatedMessage>,
}

impl Wording {
    pub fn new(organization: String, default_language: String, own: Vec<AutomatedMessage>) -> Self {
        let own = own.into_iter().map(|message| (message.trigger, message)).collect();
        Self { organization, default_language, own }
    }

    /// What is said in a language; none where the organization has switched it off.
    pub fn text(&self, trigger: AutomatedTrigger, language: &str) -> Option<String> {
        let own = self.own.get(&trigger);
        if own.is_some_and(|own| !own.active) {
            return None;
        }
        let mut languages = language::fallbacks(language)
            .chain(language::fallbacks(&self.default_language))
            .chain([COMMON]);
        let text = languages.find_map(|tag| {
            let written = own.and_then(|own| own.texts.get(tag)).map(String::as_str);
            written.or_else(|| built_in(trigger, tag))
        })?;
        Some(text.replace(ORGANIZATION, &self.organization))
    }
}

/// Our own words, where we have some in that very language.
pub fn built_in(trigger: AutomatedTrigger, language: &str) -> Option<&'static str> {
    let found = BUILT_IN.iter().find(|(of, tag, _)| *of == trigger && *tag == language);
    found.map(|(_, _, text)| *text)
}

/// The languages that we have words of our own in.
pub fn built_in_languages(trigger: AutomatedTrigger) -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().filter(move |(of, _, _)| *of == trigger).map(|(_, tag, _)| *tag)
}

#[cfg(test)]
mod tests {
    use super::{AutomatedTrigger::*, *};
    use crate::domain::segment;

    fn wording(own: Vec<AutomatedMessage>) -> Wording {
        Wording::new("Acme".into(), "it".into(), own)
    }

    fn own(active: bool, texts: &[(&str, &str)]) -> AutomatedMessage {
        let texts = texts.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned()));
        AutomatedMessage { trigger: Help, active, texts: texts.collect() }
    }

    #[test]
    fn our_own_words_can_go_out_and_fit_into_one_part() {
        for (trigger, tag, text) in BUILT_IN {
            assert_eq!(check(text), Ok(()), "{trigger:?} {tag}");
            let said = Wording::new("Acme Telephony".into(), "en".into(), Vec::new());
            let said = said.text(trigger, tag).unwrap();
            assert!(said.starts_with("Acme Telephony: "), "{said}");
            assert_eq!(segment::estimate(&said).segments, 1, "{said}");
        }
        for &trigger in AutomatedTrigger::ALL {
            assert!(built_in(trigger, COMMON).is_some());
        }
    }

    #[test]
    fn the_nearest_language_is_spoken() {
        let own = own(true, &[("en-GB", "tea"), ("de", "kaffee {{organization}}")]);
        let wording = wording(vec![own]);
        let said = |tag| wording.text(Help, tag).unwrap();
        assert_eq!(said("en-GB"), "tea");
        assert_eq!(said("de-AT"), "kaffee Acme");
        assert!(said("en-US").contains("our team will answer"));
        assert!(said("fr").contains("il nostro team"), "the organization's language");
        assert!(said("it-CH").contains("il nostro team"));
    }

    #[test]
    fn what_is_switched_off_is_not_said() {
        let wording = wording(vec![own(false, &[])]);
        assert_eq!(wording.text(Help, "en"), None);
        assert!(wording.text(OptOutConfirmation, "en").is_some());
    }

    #[test]
    fn texts_that_cannot_go_out_are_refused() {
        assert_eq!(check(" \n"), Err(InvalidWording::Empty));
        assert_eq!(check("a\u{7}"), Err(InvalidWording::Control));
        assert_eq!(check("Hi {{name}}!"), Err(InvalidWording::Placeholder("{{name}}!".into())));
        assert_eq!(check(&"ü".repeat(TEXT_CHARACTERS_MAX)), Ok(()));
        let long = "ü".repeat(TEXT_CHARACTERS_MAX + 1);
        assert_eq!(check(&long), Err(InvalidWording::TooLong(TEXT_CHARACTERS_MAX + 1)));
        let named = format!("{ORGANIZATION}{}", "a".repeat(1_401));
        assert_eq!(check(&named), Err(InvalidWording::TooLong(1_601)));
    }
}
