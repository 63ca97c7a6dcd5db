//! The organization and what it is divided into: its people, queues and streams of work.
//!
//! **Invariant:** whoever makes one of these objects has read it as a row of the caller's
//! organization, or of the one that somebody has just signed in to (`Lookup`). All staff may see
//! them; only admins change them, through `admin`.

mod agent;
mod consent_setting;
mod queue;
mod workstream;

use async_graphql::{Context, Error, ID, MergedObject, Object};

pub use agent::{AgentObject, QUEUES_COST, Role};
use consent_setting::{ConsentScope, KeywordSet};
pub use queue::QueueObject;
pub use workstream::WorkstreamObject;

use super::{
    context::{connect, principal},
    error::fault,
    scalar::{DateTime, LanguageTag, TimeZone},
};
use crate::{domain::organization::Organization, store::organization};

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

/// Makes the parts of the organization.
#[derive(MergedObject, Default)]
pub struct OrganizationMutation(
    agent::AgentMutation,
    consent_setting::ConsentSettingMutation,
    queue::QueueMutation,
    workstream::WorkstreamMutation,
);
