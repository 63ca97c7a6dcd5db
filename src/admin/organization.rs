//! Organizations: found by their short name, or made.

use super::{Admin, AdminError, By, Refusal, consent_setting::check_keywords, field};
use crate::{
    domain::{
        audit::AuditChanges,
        consent::{ConsentScope, keyword::KeywordSet},
        ids::OrganizationId,
        organization::{CALLBACK_RETENTION_DAYS, Organization, Stamp},
    },
    store::{
        StoreError, consent, consent_setting,
        organization::{self, Changes},
    },
};

/// What a new organization begins with; its admin changes it.
const TIME_ZONE: &str = "UTC";
const LANGUAGE: &str = "en";

impl Admin {
    /// The organization of a short name, made where there is none.
    pub async fn organization_ensure(
        &self,
        slug: &str,
        name: &str,
    ) -> Result<Organization, AdminError> {
        field::slug(slug)?;
        let name = field::name("name", name)?;
        if let Some(found) = self.organization_of_slug(slug).await? {
            return Ok(found);
        }
        let made = self.new_organization(slug, name);
        let mut connection = self.store.write(made.id).await?;
        match organization::insert(&mut connection, &made).await {
            Ok(()) => {
                connection.commit().await?;
                Ok(made)
            }
            // Somebody else was first: theirs is as good.
            Err(duplicate @ StoreError::Duplicate { .. }) => {
                let found = self.organization_of_slug(slug).await?;
                found.ok_or(AdminError::Store(duplicate))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// An organization that is to be stored.
    pub(super) fn new_organization(&self, slug: &str, name: String) -> Organization {
        Organization {
            id: OrganizationId(self.clock.new_uuid()),
            slug: slug.to_owned(),
            name,
            time_zone: TIME_ZONE.to_owned(),
            default_language: LANGUAGE.to_owned(),
            callback_retention_days: CALLBACK_RETENTION_DAYS,
            stamp: Stamp::new(self.clock.now()),
        }
    }

    /// Changes the caller's organization.
    pub async fn organization_update(
        &self,
        by: By,
        expected_version: i32,
        mut changes: Changes,
    ) -> Result<Organization, AdminError> {
        if let Some(days) = changes.callback_retention_days {
            field::callback_retention_days(days)?;
        }
        changes.keywords = changes.keywords.map(check_keywords).transpose()?;
        let mut connection = self.store.write(by.organization).await?;
        let Some(before) = organization::find(&mut connection, by.organization).await? else {
            return Err(Refusal::not_found("expectedVersion", "organization").into());
        };
        let words = consent_setting::keyword_sets(&mut connection, by.organization).await?;
        let scope = consent::scope(&mut connection, by.organization).await?;
        let noted = AuditChanges::default()
            .moved_if(
                "callbackRetentionDays",
                before.callback_retention_days,
                changes.callback_retention_days,
            )
            .moved_if(
                "consentScope",
                scope.as_str(),
                changes.consent_scope.map(ConsentScope::as_str),
            )
            .moved_if("keywords", listed(&words), changes.keywords.as_deref().map(listed));
        let change = self.updated(by, "organizationUpdate", by.organization).noting(noted);
        let is_stored =
            organization::update(&mut connection, expected_version, &changes, &change).await?;
        let Some(found) = organization::find(&mut connection, by.organization).await? else {
            return Err(Refusal::not_found("expectedVersion", "organization").into());
        };
        if !is_stored {
            return Err(Refusal::stale(found.stamp.version).into());
        }
        connection.commit().await?;
        Ok(found)
    }

    pub(super) async fn organization_of_slug(
        &self,
        slug: &str,
    ) -> Result<Option<Organization>, AdminError> {
        let mut connection = self.store.system().await?;
        let id = organization::id_of_slug(&mut connection, slug).await?;
        drop(connection);
        let Some(id) = id else { return Ok(None) };
        let mut connection = self.store.read(id).await?;
        Ok(organization::find(&mut connection, id).await?)
    }
}

/// Words as one text, for the audit log.
fn listed(sets: &[KeywordSet]) -> String {
    let mut sets: Vec<&KeywordSet> = sets.iter().collect();
    sets.sort_unstable_by(|one, other| one.language.cmp(&other.language));
    let shown = sets.into_iter().map(|KeywordSet { language, opt_out, opt_in, help }| {
        let words = |words: &[String]| words.join(", ");
        format!(
            "{language}: optOut {}; optIn {}; help {}",
            words(opt_out),
            words(opt_in),
            words(help)
        )
    });
    shown.collect::<Vec<_>>().join("\n")
}
