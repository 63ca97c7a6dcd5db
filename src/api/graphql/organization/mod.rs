//! The organization and what it is divided into: its people, queues and streams of work.
//!
//! **Invariant:** whoever makes one of these objects has read it as a row of the caller's
//! organization, or of the one that somebody has just signed in to (`Lookup`). All staff may see
//! them; only admins change them, through `admin`.

mod agent;
mod consent_setting;
mod queue;
mod workstream;

use async_graphql::{Context, Error, ID, InputObject, MergedObject, Object, SimpleObject};

pub use agent::{AgentObject, QUEUES_COST, Role};
use consent_setting::{ConsentScope, KeywordSet, KeywordSetInput};
pub use queue::QueueObject;
pub use workstream::WorkstreamObject;

use super::{
    administration::{announced, by},
    context::{connect, principal, services},
    conversation::change::{Stop, answer},
    error::{UserError, fault},
    scalar::{DateTime, LanguageTag, TimeZone},
};
use crate::{
    domain::organization::Organization,
    store::organization::{self, Changes},
};

/// The caller's own organization.
pub struct OrganizationObject(Organization);

impl From<Organization> for OrganizationObject {
    fn from(organization: Organization) -> Self {
        Self(organization)
    }
}

/// A company whose customers text it.
#[Object(name = "Organization")]
impl OrganizationObject {
    /// Opaque and stable.
    pub async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Grows by one with each accepted change.
    pub async fn version(&self) -> i32 {
        self.0.stamp.version
    }

    /// When it was made.
    pub async fn created_at(&self) -> DateTime {
        self.0.stamp.created_at.into()
    }

    /// When it last changed.
    pub async fn updated_at(&self) -> DateTime {
        self.0.stamp.updated_at.into()
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Where it is, for days and hours.
    async fn time_zone(&self) -> TimeZone {
        TimeZone(self.0.time_zone.clone())
    }

    /// How long the raw text of a callback is kept, in days; that it came is never forgotten.
    async fn callback_retention_days(&self) -> i32 {
        self.0.callback_retention_days
    }

    /// The language of those that say nothing else.
    async fn default_language(&self) -> LanguageTag {
        LanguageTag(self.0.default_language.clone())
    }

    /// How far an opt-out reaches.
    async fn consent_scope(&self, context: &Context<'_>) -> Result<ConsentScope, Error> {
        consent_setting::scope(context).await
    }

    /// The words that opt out, opt in or ask for help, by language.
    async fn keywords(&self, context: &Context<'_>) -> Result<Vec<KeywordSet>, Error> {
        consent_setting::keywords(context).await
    }
}

/// The caller's organization.
pub async fn own(context: &Context<'_>) -> Result<Option<OrganizationObject>, Error> {
    let mut connection = connect(context).await?;
    let found = organization::find(&mut connection, principal(context)?.organization).await;
    Ok(found.map_err(|error| fault(&error))?.map(OrganizationObject))
}

/// Reads the organization.
#[derive(Default)]
pub struct OwnOrganizationQuery;

#[Object]
impl OwnOrganizationQuery {
    /// The caller's organization.
    async fn organization(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<OrganizationObject>, Error> {
        own(context).await
    }
}

/// Reads the organization and its parts.
#[derive(MergedObject, Default)]
pub struct OrganizationQuery(
    OwnOrganizationQuery,
    consent_setting::AutomatedMessageQuery,
    agent::AgentQuery,
    queue::QueueQuery,
    workstream::WorkstreamQuery,
);

/// What to change of the organization; what is left out stays as it is.
#[derive(InputObject)]
pub struct OrganizationUpdateInput {
    /// The version that the change was made on.
    expected_version: i32,
    /// How long the raw text of a callback is kept, 1 to 3,650 days.
    callback_retention_days: Option<i32>,
    /// How far an opt-out reaches; every conversation follows at once.
    consent_scope: Option<ConsentScope>,
    /// All of its own words. A language that is not in here has the built-in ones again.
    keywords: Option<Vec<KeywordSetInput>>,
}

/// The changed organization.
#[derive(SimpleObject, Default)]
pub struct OrganizationPayload {
    /// As it stands now.
    organization: Option<OrganizationObject>,
    /// Why nothing has changed.
    user_errors: Vec<UserError>,
}

impl From<UserError> for OrganizationPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Changes the organization.
#[derive(Default)]
pub struct OwnOrganizationMutation;

#[Object]
impl OwnOrganizationMutation {
    /// Change the caller's organization.
    async fn organization_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to change.")] input: OrganizationUpdateInput,
    ) -> Result<Option<OrganizationPayload>, Error> {
        answer(Box::pin(update(context, input)).await)
    }
}

async fn update(
    context: &Context<'_>,
    input: OrganizationUpdateInput,
) -> Result<OrganizationPayload, Stop> {
    let words = |sets: Vec<KeywordSetInput>| sets.into_iter().map(Into::into).collect();
    let changes = Changes {
        callback_retention_days: input.callback_retention_days,
        consent_scope: input.consent_scope.map(Into::into),
        keywords: input.keywords.map(words),
    };
    let admin = &services(context)?.admin;
    let asked = admin.organization_update(by(context)?, input.expected_version, changes).await;
    let organization = announced(context, asked).await?;
    Ok(OrganizationPayload { organization: Some(organization.into()), user_errors: Vec::new() })
}

/// Makes the parts of the organization.
#[derive(MergedObject, Default)]
pub struct OrganizationMutation(
    OwnOrganizationMutation,
    agent::AgentMutation,
    consent_setting::ConsentSettingMutation,
    queue::QueueMutation,
    workstream::WorkstreamMutation,
);
