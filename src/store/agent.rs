//! Agents and the queues that they work.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper,
    define_sql_function,
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection,
    event::{ConfigChange, record_config_change},
    page::{Page, Slice, keyset},
    schema::{agents, queue_agents},
};
use crate::domain::{
    conversation::access::Role,
    ids::{AgentId, OrganizationId, QueueId},
    organization::{Agent, Stamp},
};

define_sql_function! { fn lower(text: diesel::sql_types::Nullable<diesel::sql_types::Text>) -> diesel::sql_types::Nullable<diesel::sql_types::Text>; }

#[derive(Queryable, Selectable)]
#[diesel(table_name = agents, check_for_backend(diesel::pg::Pg))]
struct Row {
    id: Uuid,
    email: Option<String>,
    display_name: String,
    role: String,
    active: bool,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl Row {
    fn into_domain(self) -> Result<Agent, StoreError> {
        Ok(Agent {
            id: AgentId(self.id),
            email: self.email,
            display_name: self.display_name,
            role: Role::from_word(&self.role).ok_or(StoreError::Unreadable("agent"))?,
            active: self.active,
            stamp: Stamp {
                version: self.version,
                created_at: self.created_at,
                updated_at: self.updated_at,
            },
        })
    }
}

/// An agent that signs in, with what proves it.
pub struct SignIn {
    pub organization: OrganizationId,
    pub agent: Agent,
    pub password_hash: Option<String>,
}

/// The agent of an e-mail address, whatever the organization and the case.
pub async fn find_for_sign_in(
    connection: &mut impl Reads,
    email: &str,
) -> Result<Option<SignIn>, StoreError> {
    let found: Option<(Uuid, Option<String>, Row)> = agents::table
        .filter(lower(agents::email).eq(email.to_lowercase()))
        .select((agents::organization_id, agents::password_hash, Row::as_select()))
        .first(connection.raw())
        .await
        .optional()?;
    found
        .map(|(organization, password_hash, row)| {
            Ok(SignIn {
                organization: OrganizationId(organization),
                agent: row.into_domain()?,
                password_hash,
            })
        })
        .transpose()
}

/// Those of the ids that exist, in no order.
pub async fn find_many(
    connection: &mut impl Reads,
    organization: OrganizationId,
    ids: &[AgentId],
) -> Result<Vec<Agent>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = agents::table
        .filter(agents::organization_id.eq(organization.0))
        .filter(agents::id.eq_any(ids))
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// A page of the organization's agents, in the order in which they were made.
pub async fn list(
    connection: &mut impl Reads,
    organization: OrganizationId,
    page: Page,
) -> Result<Slice<Agent>, StoreError> {
    let query = agents::table
        .filter(agents::organization_id.eq(organization.0))
        .select(Row::as_select())
        .into_boxed();
    let rows: Vec<Row> = keyset!(query, agents::id, page).load(connection.raw()).await?;
    page.cut(rows).try_map(Row::into_domain)
}

/// The queues that each of the agents works.
pub async fn queues_of(
    connection: &mut impl Reads,
    organization: OrganizationId,
    agents: &[AgentId],
) -> Result<Vec<(AgentId, QueueId)>, StoreError> {
    let ids: Vec<Uuid> = agents.iter().map(|id| id.0).collect();
    let rows: Vec<(Uuid, Uuid)> = queue_agents::table
        .filter(queue_agents::organization_id.eq(organization.0))
        .filter(queue_agents::agent_id.eq_any(ids))
        .order((queue_agents::agent_id, queue_agents::queue_id))
        .select((queue_agents::agent_id, queue_agents::queue_id))
        .load(connection.raw())
        .await?;
    Ok(rows.into_iter().map(|(agent, queue)| (AgentId(agent), QueueId(queue))).collect())
}

/// A new agent with the queues it is to work.
pub struct NewAgent<'a> {
    pub agent: &'a Agent,
    pub password_hash: Option<&'a str>,
    pub queues: &'a [QueueId],
}

/// Stores an agent and puts it into its queues.
pub async fn insert(
    connection: &mut WriteConnection,
    new: NewAgent<'_>,
    change: &ConfigChange,
) -> Result<(), StoreError> {
    let organization = change.organization.0;
    let agent = new.agent;
    connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            diesel::insert_into(agents::table)
                .values((
                    agents::organization_id.eq(organization),
                    agents::id.eq(agent.id.0),
                    agents::email.eq(&agent.email),
                    agents::display_name.eq(&agent.display_name),
                    agents::role.eq(agent.role.as_str()),
                    agents::active.eq(agent.active),
                    agents::password_hash.eq(new.password_hash),
                    agents::version.eq(agent.stamp.version),
                    agents::created_at.eq(agent.stamp.created_at),
                    agents::updated_at.eq(agent.stamp.updated_at),
                ))
                .execute(transaction)
                .await?;
            let memberships: Vec<_> = new
                .queues
                .iter()
                .map(|queue| {
                    (
                        queue_agents::organization_id.eq(organization),
                        queue_agents::queue_id.eq(queue.0),
                        queue_agents::agent_id.eq(agent.id.0),
                    )
                })
                .collect();
            diesel::insert_into(queue_agents::table)
                .values(memberships)
                .on_conflict_do_nothing()
                .execute(transaction)
                .await?;
            record_config_change(transaction, change).await
        })
        .await?;
    Ok(())
}
