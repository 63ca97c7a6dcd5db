//! What an admin sets about consent: the words, and what is answered.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Admin, AdminError, By,
    error::{Refusal, RefusalCode},
    field,
};
use crate::{
    domain::{
        audit::AuditChanges,
        consent::{
            keyword::{InvalidKeywords, KeywordSet, LANGUAGES_MAX},
            wording::{self, AutomatedMessage, AutomatedTrigger, TEXTS_MAX},
        },
    },
    store::consent_setting,
};

impl Admin {
    /// Sets what is said to one trigger: an empty list of texts leaves our own words.
    pub async fn automated_message_set(
        &self,
        by: By,
        trigger: AutomatedTrigger,
        active: bool,
        texts: Vec<(String, String)>,
    ) -> Result<AutomatedMessage, AdminError> {
        if texts.len() > TEXTS_MAX {
            let message = format!("at most {TEXTS_MAX} languages");
            return Err(Refusal::at("texts", RefusalCode::TooMany, message).into());
        }
        let mut by_language = BTreeMap::new();
        for (language, text) in texts {
            let language = field::language_in("texts", &language)?;
            if let Err(error) = wording::check(&text) {
                let message = format!("{language}: {error}");
                return Err(Refusal::at("texts", RefusalCode::Invalid, message).into());
            }
            if by_language.insert(language.clone(), text).is_some() {
                let message = format!("{language} stands there twice");
                return Err(Refusal::at("texts", RefusalCode::Duplicate, message).into());
            }
        }
        let message = AutomatedMessage { trigger, active, texts: by_language };
        let mut connection = self.store.write(by.organization).await?;
        let stored = consent_setting::automated_messages(&mut connection, by.organization).await?;
        let before = stored.into_iter().find(|stored| stored.trigger == trigger);
        let change = self
            .updated(by, "automatedMessageSet", by.organization)
            .noting(moved(before.as_ref(), &message));
        consent_setting::set_automated_message(&mut connection, &message, &change).await?;
        connection.commit().await?;
        Ok(message)
    }
}

/// What becomes of what is said to a trigger; nothing of one's own may have been there.
fn moved(before: Option<&AutomatedMessage>, after: &AutomatedMessage) -> AuditChanges {
    let nothing = BTreeMap::new();
    let texts = before.map_or(&nothing, |before| &before.texts);
    let languages: BTreeSet<&String> = texts.keys().chain(after.texts.keys()).collect();
    let mut noted = AuditChanges::default().set("trigger", after.trigger.as_str()).moved(
        "active",
        before.map(|before| before.active),
        Some(after.active),
    );
    for language in languages {
        let field = format!("texts.{language}");
        noted = noted.moved(&field, texts.get(language), after.texts.get(language));
    }
    noted
}

/// The words as they are stored, or what is wrong with them.
pub(super) fn check_keywords(sets: Vec<KeywordSet>) -> Result<Vec<KeywordSet>, Refusal> {
    if sets.len() > LANGUAGES_MAX {
        return Err(refusal_of(&InvalidKeywords::TooManyLanguages));
    }
    let mut sets = sets;
    let mut languages = BTreeSet::new();
    for set in &mut sets {
        set.language = field::language_in("keywords", &set.language)?;
        if !languages.insert(set.language.clone()) {
            return Err(refusal_of(&InvalidKeywords::LanguageTwice(set.language.clone())));
        }
    }
    let checked = sets.into_iter().map(KeywordSet::checked);
    checked.collect::<Result<_, _>>().map_err(|error| refusal_of(&error))
}

fn refusal_of(error: &InvalidKeywords) -> Refusal {
    let code = match error {
        InvalidKeywords::Word(_) | InvalidKeywords::Locked(_) => RefusalCode::Invalid,
        InvalidKeywords::Twice(_) | InvalidKeywords::LanguageTwice(_) => RefusalCode::Duplicate,
        InvalidKeywords::TooMany | InvalidKeywords::TooManyLanguages => RefusalCode::TooMany,
    };
    Refusal::at("keywords", code, error.to_string())
}
