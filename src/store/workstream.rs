//! Workstreams.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::{AsyncConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection,
    event::{ConfigChange, record_config_change},
    page::{Page, Slice, keyset},
    schema::workstreams,
};
use crate::domain::{
    ids::{OrganizationId, QueueId, WorkstreamId},
    organization::{Stamp, Workstream},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = workstreams, check_for_backend(diesel::pg::Pg))]
struct Row {
    id: Uuid,
    name: String,
    description: Option<String>,
    active: bool,
    language: String,
    fallback_queue_id: Uuid,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for Workstream {
    fn from(row: Row) -> Self {
        Self {
            id: WorkstreamId(row.id),
            name: row.name,
            description: row.description,
            active: row.active,
            language: row.language,
            fallback_queue: QueueId(row.fallback_queue_id),
            stamp: Stamp {
                version: row.version,
                created_at: row.created_at,
                updated_at: row.updated_at,
            },
        }
    }
}

/// Those of the ids that exist, in no order.
pub async fn find_many(
    connection: &mut impl Reads,
    organization: OrganizationId,
    ids: &[WorkstreamId],
) -> Result<Vec<Workstream>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = workstreams::table
        .filter(workstreams::organization_id.eq(organization.0))
        .filter(workstreams::id.eq_any(ids))
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    Ok(rows.into_iter().map(Workstream::from).collect())
}

/// A page of the organization's workstreams, in the order in which they were made.
pub async fn list(
    connection: &mut impl Reads,
    organization: OrganizationId,
    page: Page,
) -> Result<Slice<Workstream>, StoreError> {
    let query = workstreams::table
        .filter(workstreams::organization_id.eq(organization.0))
        .select(Row::as_select())
        .into_boxed();
    let rows: Vec<Row> = keyset!(query, workstreams::id, page).load(connection.raw()).await?;
    Ok(page.cut(rows).map(Workstream::from))
}

/// Stores a workstream.
pub async fn insert(
    connection: &mut WriteConnection,
    workstream: &Workstream,
    change: &ConfigChange,
) -> Result<(), StoreError> {
    connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            diesel::insert_into(workstreams::table)
                .values((
                    workstreams::organization_id.eq(change.organization.0),
                    workstreams::id.eq(workstream.id.0),
                    workstreams::name.eq(&workstream.name),
                    workstreams::description.eq(&workstream.description),
                    workstreams::active.eq(workstream.active),
                    workstreams::language.eq(&workstream.language),
                    workstreams::fallback_queue_id.eq(workstream.fallback_queue.0),
                    workstreams::version.eq(workstream.stamp.version),
                    workstreams::created_at.eq(workstream.stamp.created_at),
                    workstreams::updated_at.eq(workstream.stamp.updated_at),
                ))
                .execute(transaction)
                .await?;
            record_config_change(transaction, change).await
        })
        .await?;
    Ok(())
}
