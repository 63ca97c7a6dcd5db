//! What an organization sets about consent.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::{Context, Enum, Error, InputObject, Object, SimpleObject};

use crate::{
    api::graphql::{
        administration::{announced, by, check_storable},
        context::{connect, principal, services},
        conversation::change::{Stop, answer},
        error::{UserError, fault},
        scalar::LanguageTag,
    },
    domain::consent::{
        self,
        keyword::{self, LOCKED},
        wording,
    },
    store::consent_setting,
};

/// How far an opt-out reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "consent::ConsentScope")]
pub enum ConsentScope {
    /// To all numbers of the organization.
    #[graphql(name = "ORGANIZATION")]
    Organization,
    /// To the number that it was texted to.
    #[graphql(name = "NUMBER")]
    Number,
}

/// Words that opt out, opt in or ask for help, in one language.
///
/// A text is a keyword when the whole of it is the word. English words hold in every conversation.
#[derive(SimpleObject)]
pub struct KeywordSet {
    /// The language of the conversations that they hold in.
    language: LanguageTag,
    /// What opts out.
    opt_out: Vec<String>,
    /// What opts in again.
    opt_in: Vec<String>,
    /// What asks for help.
    help: Vec<String>,
    /// What opts out in every language and cannot be taken away.
    locked: Vec<String>,
    /// True when the organization has set them; false when they are the built-in ones.
    own: bool,
}

impl KeywordSet {
    fn of(set: keyword::KeywordSet, own: bool) -> Self {
        Self {
            own,
            language: LanguageTag(set.language),
            opt_out: set.opt_out,
            opt_in: set.opt_in,
            help: set.help,
            locked: LOCKED.map(str::to_owned).to_vec(),
        }
    }
}

/// An organization's own words of one language, which replace the built-in ones.
#[derive(InputObject)]
pub struct KeywordSetInput {
    /// The language of the conversations that they hold in.
    language: LanguageTag,
    /// What opts out; the locked words always do. At most 50, of at most 40 characters.
    opt_out: Vec<String>,
    /// What opts in again. At most 50.
    opt_in: Vec<String>,
    /// What asks for help. At most 50.
    help: Vec<String>,
}

impl From<KeywordSetInput> for keyword::KeywordSet {
    fn from(set: KeywordSetInput) -> Self {
        Self { language: set.language.0, opt_out: set.opt_out, opt_in: set.opt_in, help: set.help }
    }
}

/// When a text goes out by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "wording::AutomatedTrigger")]
pub enum AutomatedMessageTrigger {
    /// A customer has opted out; it is sent once although they have.
    #[graphql(name = "OPT_OUT_CONFIRMATION")]
    OptOutConfirmation,
    /// A customer has texted START.
    #[graphql(name = "OPT_IN_CONFIRMATION")]
    OptInConfirmation,
    /// A customer has asked for help.
    #[graphql(name = "HELP")]
    Help,
}

/// A text in one language.
#[derive(SimpleObject)]
pub struct LocalizedText {
    /// Its language.
    language: LanguageTag,
    /// The text; `{{organization}}` stands for the organization's name.
    text: String,
    /// True when the organization has set it; false when it is the built-in one.
    own: bool,
}

/// A text in one language.
#[derive(InputObject)]
pub struct LocalizedTextInput {
    /// Its language.
    language: LanguageTag,
    /// The text, at most 1600 characters; `{{organization}}` stands for the organization's name.
    text: String,
}

/// What is said by itself.
#[derive(SimpleObject)]
pub struct AutomatedMessage {
    /// When it goes out.
    trigger: AutomatedMessageTrigger,
    /// False: nothing is said.
    active: bool,
    /// One text for each language; the nearest to the conversation's language is said.
    texts: Vec<LocalizedText>,
}

impl AutomatedMessage {
    /// Own words, and ours where there are none of theirs.
    fn of(message: wording::AutomatedMessage) -> Self {
        let trigger = message.trigger;
        let own = message.texts.into_iter().map(|(tag, text)| (tag, (text, true)));
        let mut texts: BTreeMap<_, _> = own.collect();
        for language in wording::built_in_languages(trigger) {
            if let Some(text) = wording::built_in(trigger, language) {
                texts.entry(language.to_owned()).or_insert_with(|| (text.to_owned(), false));
            }
        }
        let text = |(tag, (text, own))| LocalizedText { language: LanguageTag(tag), text, own };
        let texts = texts.into_iter().map(text).collect();
        Self { trigger: trigger.into(), active: message.active, texts }
    }
}

/// The words of each language, an organization's own before the built-in ones.
pub async fn keywords(context: &Context<'_>) -> Result<Vec<KeywordSet>, Error> {
    let mut connection = connect(context).await?;
    let organization = principal(context)?.organization;
    let own = consent_setting::keyword_sets(&mut connection, organization).await;
    let own = own.map_err(|error| fault(&error))?;
    let languages: BTreeSet<_> = own.iter().map(|set| set.language.clone()).collect();
    let all = keyword::Keywords::new(own);
    let set =
        |set: &keyword::KeywordSet| KeywordSet::of(set.clone(), languages.contains(&set.language));
    Ok(all.sets().map(set).collect())
}

/// How far an opt-out reaches in the caller's organization.
pub async fn scope(context: &Context<'_>) -> Result<ConsentScope, Error> {
    let mut connection = connect(context).await?;
    let organization = principal(context)?.organization;
    let scope = crate::store::consent::scope(&mut connection, organization).await;
    Ok(scope.map_err(|error| fault(&error))?.into())
}

/// Reads what is said by itself.
#[derive(Default)]
pub struct AutomatedMessageQuery;

#[Object]
impl AutomatedMessageQuery {
    /// What is said by itself: an organization's own words, and ours where it has none.
    async fn automated_messages(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<Vec<AutomatedMessage>>, Error> {
        let mut connection = connect(context).await?;
        let organization = principal(context)?.organization;
        let own = consent_setting::automated_messages(&mut connection, organization).await;
        let own = own.map_err(|error| fault(&error))?;
        let message = |&trigger: &wording::AutomatedTrigger| {
            let own = own.iter().find(|own| own.trigger == trigger).cloned();
            AutomatedMessage::of(own.unwrap_or_else(|| wording::AutomatedMessage {
                trigger,
                active: true,
                texts: BTreeMap::new(),
            }))
        };
        Ok(Some(wording::AutomatedTrigger::ALL.iter().map(message).collect()))
    }
}

/// What is to be said by itself.
#[derive(InputObject)]
pub struct AutomatedMessageSetInput {
    /// When it goes out.
    trigger: AutomatedMessageTrigger,
    /// False: nothing is said.
    active: bool,
    /// One text for each language; where one is missing, our own words stand in.
    texts: Vec<LocalizedTextInput>,
}

/// What is said by itself after the change.
#[derive(SimpleObject, Default)]
pub struct AutomatedMessagePayload {
    /// As it stands now.
    automated_message: Option<AutomatedMessage>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

impl From<UserError> for AutomatedMessagePayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Sets what the organization wants of consent.
#[derive(Default)]
pub struct ConsentSettingMutation;

#[Object]
impl ConsentSettingMutation {
    /// Set what is said by itself to one trigger.
    async fn automated_message_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "When, and what.")] input: AutomatedMessageSetInput,
    ) -> Result<Option<AutomatedMessagePayload>, Error> {
        answer(Box::pin(set(context, input)).await)
    }
}

async fn set(
    context: &Context<'_>,
    input: AutomatedMessageSetInput,
) -> Result<AutomatedMessagePayload, Stop> {
    for text in &input.texts {
        check_storable(&[("texts", Some(&text.text))])?;
    }
    let texts = input.texts.into_iter().map(|text| (text.language.0, text.text)).collect();
    let (trigger, active) = (input.trigger.into(), input.active);
    let admin = &services(context)?.admin;
    let asked = admin.automated_message_set(by(context)?, trigger, active, texts).await;
    let message = announced(context, asked).await?;
    let automated_message = Some(AutomatedMessage::of(message));
    Ok(AutomatedMessagePayload { automated_message, user_errors: Vec::new() })
}
