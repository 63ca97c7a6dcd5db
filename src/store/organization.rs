//! Organizations.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection,
    schema::{organization_feeds, organizations},
};
use crate::domain::{
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

pub async fn find_by_slug(
    connection: &mut impl Reads,
    slug: &str,
) -> Result<Option<Organization>, StoreError> {
    let row: Option<Row> = organizations::table
        .filter(organizations::slug.eq(slug))
        .select(Row::as_select())
        .first(connection.raw())
        .await
        .optional()?;
    Ok(row.map(Organization::from))
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

/// Every organization.
pub async fn all_ids(connection: &mut impl Reads) -> Result<Vec<OrganizationId>, StoreError> {
    let ids: Vec<uuid::Uuid> = organizations::table
        .order(organizations::id)
        .select(organizations::id)
        .load(connection.raw())
        .await?;
    Ok(ids.into_iter().map(OrganizationId).collect())
}
