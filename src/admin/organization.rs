//! Organizations: found by their short name, or made.

use super::{Admin, AdminError, field};
use crate::{
    domain::{
        ids::OrganizationId,
        organization::{Organization, Stamp},
    },
    store::{StoreError, organization},
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
        let mut connection = self.store.write().await?;
        if let Some(found) = organization::find_by_slug(&mut connection, slug).await? {
            return Ok(found);
        }
        let made = Organization {
            id: OrganizationId(self.clock.new_uuid()),
            slug: slug.to_owned(),
            name,
            time_zone: TIME_ZONE.to_owned(),
            default_language: LANGUAGE.to_owned(),
            stamp: Stamp::new(self.clock.now()),
        };
        match organization::insert(&mut connection, &made).await {
            Ok(()) => Ok(made),
            // Somebody else was first: theirs is as good.
            Err(duplicate @ StoreError::Duplicate { .. }) => {
                let found = organization::find_by_slug(&mut connection, slug).await?;
                found.ok_or(AdminError::Store(duplicate))
            }
            Err(error) => Err(error.into()),
        }
    }
}
