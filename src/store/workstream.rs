//! Workstreams.

use chrono::{DateTime, Utc};
use diesel::{AsChangeset, ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
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
    message::UnconfirmedPolicy,
    organization::{AutoResolve, Stamp, Workstream},
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
    auto_resolve_open_seconds: i32,
    auto_resolve_active_seconds: i32,
    auto_resolve_waiting_seconds: i32,
    auto_resolve_wrap_up_seconds: i32,
    unconfirmed_policy: String,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl Row {
    fn into_domain(self) -> Result<Workstream, StoreError> {
        let row = self;
        let policy = UnconfirmedPolicy::from_word(&row.unconfirmed_policy);
        Ok(Workstream {
            unconfirmed_policy: policy.ok_or(StoreError::Unreadable("workstream"))?,
            id: WorkstreamId(row.id),
            name: row.name,
            description: row.description,
            active: row.active,
            language: row.language,
            fallback_queue: QueueId(row.fallback_queue_id),
            auto_resolve: AutoResolve {
                open_seconds: row.auto_resolve_open_seconds,
                active_seconds: row.auto_resolve_active_seconds,
                waiting_seconds: row.auto_resolve_waiting_seconds,
                wrap_up_seconds: row.auto_resolve_wrap_up_seconds,
            },
            stamp: Stamp {
                version: row.version,
                created_at: row.created_at,
                updated_at: row.updated_at,
            },
        })
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
    rows.into_iter().map(Row::into_domain).collect()
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
    page.cut(rows).try_map(Row::into_domain)
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
                    workstreams::auto_resolve_open_seconds.eq(workstream.auto_resolve.open_seconds),
                    workstreams::auto_resolve_active_seconds
                        .eq(workstream.auto_resolve.active_seconds),
                    workstreams::auto_resolve_waiting_seconds
                        .eq(workstream.auto_resolve.waiting_seconds),
                    workstreams::auto_resolve_wrap_up_seconds
                        .eq(workstream.auto_resolve.wrap_up_seconds),
                    workstreams::unconfirmed_policy.eq(workstream.unconfirmed_policy.as_str()),
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

/// What an admin changes about a workstream; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub name: Option<String>,
    pub description: Option<Option<String>>,
    pub active: Option<bool>,
    pub language: Option<String>,
    pub fallback_queue: Option<QueueId>,
    pub auto_resolve: AutoResolveChanges,
    pub unconfirmed_policy: Option<UnconfirmedPolicy>,
}

/// Seconds that an admin changes; `None` leaves them as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, AsChangeset)]
#[diesel(table_name = workstreams)]
pub struct AutoResolveChanges {
    #[diesel(column_name = auto_resolve_open_seconds)]
    pub open_seconds: Option<i32>,
    #[diesel(column_name = auto_resolve_active_seconds)]
    pub active_seconds: Option<i32>,
    #[diesel(column_name = auto_resolve_waiting_seconds)]
    pub waiting_seconds: Option<i32>,
    #[diesel(column_name = auto_resolve_wrap_up_seconds)]
    pub wrap_up_seconds: Option<i32>,
}

/// Stores the change; `false`: the workstream has moved since, or is not there.
pub async fn update(
    connection: &mut WriteConnection,
    id: WorkstreamId,
    expected_version: i32,
    changes: &Changes,
    change: &ConfigChange,
) -> Result<bool, StoreError> {
    let moved = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            let target = workstreams::table
                .find((change.organization.0, id.0))
                .filter(workstreams::version.eq(expected_version));
            let moved = diesel::update(target)
                .set((
                    changes.name.as_ref().map(|name| workstreams::name.eq(name)),
                    changes
                        .description
                        .as_ref()
                        .map(|description| workstreams::description.eq(description)),
                    changes.active.map(|active| workstreams::active.eq(active)),
                    changes.language.as_ref().map(|language| workstreams::language.eq(language)),
                    changes.fallback_queue.map(|queue| workstreams::fallback_queue_id.eq(queue.0)),
                    &changes.auto_resolve,
                    changes
                        .unconfirmed_policy
                        .map(|policy| workstreams::unconfirmed_policy.eq(policy.as_str())),
                    workstreams::version.eq(workstreams::version + 1),
                    workstreams::updated_at.eq(change.at),
                ))
                .execute(transaction)
                .await?;
            if moved > 0 {
                record_config_change(transaction, change).await?;
            }
            Ok(moved > 0)
        })
        .await?;
    Ok(moved)
}
