//! Organizations.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, SystemConnection, WriteConnection, consent_setting,
    event::{ConfigChange, record_config_change},
    schema::{organization_feeds, organizations},
};
use crate::domain::{
    consent::{ConsentScope, keyword::KeywordSet},
    ids::OrganizationId,
    organization::{Organization, Stamp},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = organizations, check_for_backend(diesel::pg::Pg))]
struct Row {
    id: Uuid,
    slug: String,
    name: String,
    time_zone: String,
    default_language: String,
    callback_retention_days: i32,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for Organization {
    fn from(row: Row) -> Self {
        Self {
            id: OrganizationId(row.id),
            slug: row.slug,
            name: row.name,
            time_zone: row.time_zone,
            default_language: row.default_language,
            callback_retention_days: row.callback_retention_days,
            stamp: Stamp {
                version: row.version,
                created_at: row.created_at,
                updated_at: row.updated_at,
            },
        }
    }
}

pub async fn find(
    connection: &mut impl Reads,
    id: OrganizationId,
) -> Result<Option<Organization>, StoreError> {
    let row: Option<Row> = organizations::table
        .find(id.0)
        .select(Row::as_select())
        .first(connection.raw())
        .await
        .optional()?;
    Ok(row.map(Organization::from))
}

/// The organization of a short name.
pub async fn id_of_slug(
    connection: &mut SystemConnection,
    slug: &str,
) -> Result<Option<OrganizationId>, StoreError> {
    let id: Option<Uuid> = organizations::table
        .filter(organizations::slug.eq(slug))
        .select(organizations::id)
        .first(connection.raw())
        .await
        .optional()?;
    Ok(id.map(OrganizationId))
}

/// Stores an organization with its empty feed.
pub async fn insert(
    connection: &mut WriteConnection,
    organization: &Organization,
) -> Result<(), StoreError> {
    let stamp = organization.stamp;
    connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            diesel::insert_into(organizations::table)
                .values((
                    organizations::id.eq(organization.id.0),
                    organizations::slug.eq(&organization.slug),
                    organizations::name.eq(&organization.name),
                    organizations::time_zone.eq(&organization.time_zone),
                    organizations::default_language.eq(&organization.default_language),
                    organizations::callback_retention_days.eq(organization.callback_retention_days),
                    organizations::created_at.eq(stamp.created_at),
                    organizations::updated_at.eq(stamp.updated_at),
                ))
                .execute(transaction)
                .await?;
            diesel::insert_into(organization_feeds::table)
                .values((
                    organization_feeds::organization_id.eq(organization.id.0),
                    organization_feeds::position.eq(0_i64),
                ))
                .execute(transaction)
                .await?;
            Ok(())
        })
        .await?;
    Ok(())
}

/// What may be changed of an organization; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub callback_retention_days: Option<i32>,
    pub consent_scope: Option<ConsentScope>,
    /// All of its own words; those of a language that is not among them are the built-in ones again.
    pub keywords: Option<Vec<KeywordSet>>,
}

/// Changes an organization; `false`: it is not at the expected version.
pub async fn update(
    connection: &mut WriteConnection,
    expected_version: i32,
    changes: &Changes,
    change: &ConfigChange,
) -> Result<bool, StoreError> {
    connection
        .raw()
        .transaction::<_, StoreError, _>(async |transaction| {
            let target = organizations::table
                .find(change.organization.0)
                .filter(organizations::version.eq(expected_version));
            let moved = diesel::update(target)
                .set((
                    changes
                        .callback_retention_days
                        .map(|days| organizations::callback_retention_days.eq(days)),
                    changes
                        .consent_scope
                        .map(|scope| organizations::consent_scope.eq(scope.as_str())),
                    organizations::version.eq(organizations::version + 1),
                    organizations::updated_at.eq(change.at),
                ))
                .execute(transaction)
                .await?;
            if moved == 0 {
                return Ok(false);
            }
            if let Some(sets) = &changes.keywords {
                consent_setting::replace_keywords(transaction, change.organization.0, sets).await?;
            }
            if changes.consent_scope.is_some() {
                consent_setting::follow_scope(transaction, change).await?;
            }
            record_config_change(transaction, change).await?;
            Ok(true)
        })
        .await
}

/// Gives an organization its name.
pub async fn rename(
    connection: &mut WriteConnection,
    id: OrganizationId,
    name: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(organizations::table.find(id.0))
        .set((
            organizations::name.eq(name),
            organizations::version.eq(organizations::version + 1),
            organizations::updated_at.eq(at),
        ))
        .execute(connection.raw())
        .await?;
    Ok(())
}

/// Every organization.
pub async fn all_ids(connection: &mut SystemConnection) -> Result<Vec<OrganizationId>, StoreError> {
    let ids: Vec<uuid::Uuid> = organizations::table
        .order(organizations::id)
        .select(organizations::id)
        .load(connection.raw())
        .await?;
    Ok(ids.into_iter().map(OrganizationId).collect())
}
