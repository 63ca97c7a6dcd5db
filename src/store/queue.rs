//! Queues.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection,
    event::{ConfigChange, record_config_change},
    page::{Page, Slice, keyset},
    schema::{queue_agents, queues},
};
use crate::domain::{
    ids::{AgentId, OrganizationId, QueueId},
    organization::{Queue, Stamp},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = queues, check_for_backend(diesel::pg::Pg))]
struct Row {
    id: Uuid,
    name: String,
    description: Option<String>,
    active: bool,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for Queue {
    fn from(row: Row) -> Self {
        Self {
            id: QueueId(row.id),
            name: row.name,
            description: row.description,
            active: row.active,
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
    ids: &[QueueId],
) -> Result<Vec<Queue>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = queues::table
        .filter(queues::organization_id.eq(organization.0))
        .filter(queues::id.eq_any(ids))
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    Ok(rows.into_iter().map(Queue::from).collect())
}

/// A page of the organization's queues, in the order in which they were made.
pub async fn list(
    connection: &mut impl Reads,
    organization: OrganizationId,
    page: Page,
) -> Result<Slice<Queue>, StoreError> {
    let query = queues::table
        .filter(queues::organization_id.eq(organization.0))
        .select(Row::as_select())
        .into_boxed();
    let rows: Vec<Row> = keyset!(query, queues::id, page).load(connection.raw()).await?;
    Ok(page.cut(rows).map(Queue::from))
}

/// Stores a queue with its agents.
pub async fn insert(
    connection: &mut WriteConnection,
    queue: &Queue,
    agents: &[AgentId],
    change: &ConfigChange,
) -> Result<(), StoreError> {
    let organization = change.organization.0;
    connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            diesel::insert_into(queues::table)
                .values((
                    queues::organization_id.eq(organization),
                    queues::id.eq(queue.id.0),
                    queues::name.eq(&queue.name),
                    queues::description.eq(&queue.description),
                    queues::active.eq(queue.active),
                    queues::version.eq(queue.stamp.version),
                    queues::created_at.eq(queue.stamp.created_at),
                    queues::updated_at.eq(queue.stamp.updated_at),
                ))
                .execute(transaction)
                .await?;
            insert_memberships(transaction, organization, (queue.id, agents)).await?;
            record_config_change(transaction, change).await
        })
        .await?;
    Ok(())
}

async fn insert_memberships(
    connection: &mut AsyncPgConnection,
    organization: Uuid,
    (queue, agents): (QueueId, &[AgentId]),
) -> Result<(), diesel::result::Error> {
    let membership = |agent: &AgentId| {
        (
            queue_agents::organization_id.eq(organization),
            queue_agents::queue_id.eq(queue.0),
            queue_agents::agent_id.eq(agent.0),
        )
    };
    let memberships: Vec<_> = agents.iter().map(membership).collect();
    diesel::insert_into(queue_agents::table)
        .values(memberships)
        .on_conflict_do_nothing()
        .execute(connection)
        .await?;
    Ok(())
}

/// What an admin changes about a queue; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub name: Option<String>,
    pub description: Option<Option<String>>,
    /// All who are to work it.
    pub agents: Option<Vec<AgentId>>,
}

/// Stores the change; `false`: the queue has moved since, or is not there.
pub async fn update(
    connection: &mut WriteConnection,
    id: QueueId,
    expected_version: i32,
    changes: &Changes,
    change: &ConfigChange,
) -> Result<bool, StoreError> {
    let organization = change.organization.0;
    let is_stored = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            let target = queues::table
                .find((organization, id.0))
                .filter(queues::version.eq(expected_version));
            let moved = diesel::update(target)
                .set((
                    changes.name.as_ref().map(|name| queues::name.eq(name)),
                    changes
                        .description
                        .as_ref()
                        .map(|description| queues::description.eq(description)),
                    queues::version.eq(queues::version + 1),
                    queues::updated_at.eq(change.at),
                ))
                .execute(transaction)
                .await?;
            if moved == 0 {
                return Ok(false);
            }
            if let Some(agents) = &changes.agents {
                let all = queue_agents::table
                    .filter(queue_agents::organization_id.eq(organization))
                    .filter(queue_agents::queue_id.eq(id.0));
                diesel::delete(all).execute(transaction).await?;
                insert_memberships(transaction, organization, (id, agents)).await?;
            }
            record_config_change(transaction, change).await?;
            Ok(true)
        })
        .await?;
    Ok(is_stored)
}
