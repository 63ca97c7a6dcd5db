//! What an admin sets about consent: how far it reaches, the words, what is answered.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Admin, AdminError, By,
    error::{Refusal, RefusalCode},
};
use crate::{
    domain::{
        consent::{
            ConsentScope,
            keyword::{InvalidKeywords, KeywordSet, LANGUAGES_MAX},
            wording::{self, AutomatedMessage, AutomatedTrigger, TEXTS_MAX},
        },
        organization::Organization,
    },
    store::{
        consent_setting::{self, Changes},
        organization,
    },
};

/// What changes of an organization; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct OrganizationChanges {
    pub consent_scope: Option<ConsentScope>,
    pub keywords: Option<Vec<KeywordSet>>,
}

impl Admin {
    pub async fn organization_update(
        &self,
        by: By,
        expected_version: i32,
        changes: OrganizationChanges,
    ) -> Result<Organization, AdminError> {
        let keywords = changes.keywords.map(check_keywords).transpose()?;
        let changes = Changes { scope: changes.consent_scope, keywords };
        let mut connection = self.store.write().await?;
        let change = self.updated(by, by.organization);
        let is_stored =
            consent_setting::update(&mut connection, expected_version, &changes, &change).await?;
        let found = organization::find(&mut connection, by.organization).await?;
        let Some(found) = found else {
            return Err(Refusal::new(RefusalCode::NotFound, "no such organization").into());
        };
        if !is_stored {
            return Err(Refusal::stale(found.stamp.version).into());
        }
        Ok(found)
    }

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
        let mut connection = self.store.write().await?;
        let change = self.updated(by, by.organization);
        consent_setting::set_automated_message(&mut connection, &message, &change).await?;
        Ok(message)
    }
}

fn check_keywords(sets: Vec<KeywordSet>) -> Result<Vec<KeywordSet>, Refusal> {
    if sets.len() > LANGUAGES_MAX {
        return Err(refusal_of(&InvalidKeywords::TooManyLanguages));
    }
    let mut languages = BTreeSet::new();
    for set in &sets {
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
