//! Agents and the queues that they work.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, PgExpressionMethods, QueryDsl, Queryable, Selectable,
    SelectableHelper, define_sql_function,
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, SystemConnection, WriteConnection,
    event::{ConfigChange, record_config_change},
    page::{Page, Slice, keyset},
    schema::{agents, organizations, queue_agents},
};
use crate::domain::{
    audit::AuditChanges,
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

/// Whose e-mail address it is, whatever the organization and the case.
pub async fn locate_email(
    connection: &mut SystemConnection,
    email: &str,
) -> Result<Option<(OrganizationId, AgentId)>, StoreError> {
    let found: Option<(Uuid, Uuid)> = agents::table
        .filter(lower(agents::email).eq(email.to_lowercase()))
        .select((agents::organization_id, agents::id))
        .first(connection.raw())
        .await
        .optional()?;
    Ok(found.map(|(organization, id)| (OrganizationId(organization), AgentId(id))))
}

/// An agent with what proves it.
pub async fn find_for_sign_in(
    connection: &mut impl Reads,
    organization: OrganizationId,
    id: AgentId,
) -> Result<Option<SignIn>, StoreError> {
    let found: Option<(Option<String>, Row)> = agents::table
        .find((organization.0, id.0))
        .select((agents::password_hash, Row::as_select()))
        .first(connection.raw())
        .await
        .optional()?;
    found
        .map(|(password_hash, row)| {
            Ok(SignIn { organization, agent: row.into_domain()?, password_hash })
        })
        .transpose()
}

/// Whether an agent is still what was proved; it stays so until the transaction ends.
///
/// Proving takes a while. Whoever changes the password, or takes the agent out, waits for the
/// session that is about to begin, and then ends it with the others.
pub async fn keep_as_proved(
    connection: &mut WriteConnection,
    proved: &SignIn,
) -> Result<bool, StoreError> {
    let kept: Option<Uuid> = agents::table
        .find((proved.organization.0, proved.agent.id.0))
        .filter(agents::active.eq(true))
        .filter(agents::password_hash.is_not_distinct_from(&proved.password_hash))
        .select(agents::id)
        .for_share()
        .first(connection.raw())
        .await
        .optional()?;
    Ok(kept.is_some())
}

/// The organization's agent of an e-mail address, whatever the case.
pub async fn find_by_email(
    connection: &mut impl Reads,
    organization: OrganizationId,
    email: &str,
) -> Result<Option<Agent>, StoreError> {
    let row: Option<Row> = agents::table
        .filter(agents::organization_id.eq(organization.0))
        .filter(lower(agents::email).eq(email.to_lowercase()))
        .select(Row::as_select())
        .first(connection.raw())
        .await
        .optional()?;
    row.map(Row::into_domain).transpose()
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

/// A page of the agents that work a queue, in the order in which they were made.
pub async fn list_of_queue(
    connection: &mut impl Reads,
    organization: OrganizationId,
    queue: QueueId,
    page: Page,
) -> Result<Slice<Agent>, StoreError> {
    let members = queue_agents::table
        .filter(queue_agents::organization_id.eq(organization.0))
        .filter(queue_agents::queue_id.eq(queue.0))
        .select(queue_agents::agent_id);
    let query = agents::table
        .filter(agents::organization_id.eq(organization.0))
        .filter(agents::id.eq_any(members))
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
            insert_row(transaction, organization, agent, new.password_hash).await?;
            insert_memberships(transaction, organization, (agent.id, new.queues)).await?;
            record_config_change(transaction, change).await
        })
        .await?;
    Ok(())
}

/// Puts an agent into queues inside a transaction.
pub(super) async fn insert_memberships(
    connection: &mut AsyncPgConnection,
    organization: Uuid,
    (agent, queues): (AgentId, &[QueueId]),
) -> Result<(), diesel::result::Error> {
    let membership = |queue: &QueueId| {
        (
            queue_agents::organization_id.eq(organization),
            queue_agents::queue_id.eq(queue.0),
            queue_agents::agent_id.eq(agent.0),
        )
    };
    let memberships: Vec<_> = queues.iter().map(membership).collect();
    diesel::insert_into(queue_agents::table)
        .values(memberships)
        .on_conflict_do_nothing()
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert_row(
    connection: &mut AsyncPgConnection,
    organization: Uuid,
    agent: &Agent,
    password_hash: Option<&str>,
) -> Result<(), diesel::result::Error> {
    diesel::insert_into(agents::table)
        .values((
            agents::organization_id.eq(organization),
            agents::id.eq(agent.id.0),
            agents::email.eq(&agent.email),
            agents::display_name.eq(&agent.display_name),
            agents::role.eq(agent.role.as_str()),
            agents::active.eq(agent.active),
            agents::password_hash.eq(password_hash),
            agents::version.eq(agent.stamp.version),
            agents::created_at.eq(agent.stamp.created_at),
            agents::updated_at.eq(agent.stamp.updated_at),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// The active service agent of this name and role inside a transaction; stored where there is none.
pub(super) async fn find_or_insert_service(
    connection: &mut AsyncPgConnection,
    agent: &Agent,
    change: &ConfigChange,
) -> Result<AgentId, diesel::result::Error> {
    // No constraint keeps two of a name apart, so that whoever looks for one looks alone.
    let _alone: Uuid = organizations::table
        .find(change.organization.0)
        .select(organizations::id)
        .for_no_key_update()
        .first(connection)
        .await?;
    let found: Option<Uuid> = agents::table
        .filter(agents::organization_id.eq(change.organization.0))
        .filter(agents::email.is_null())
        .filter(agents::display_name.eq(&agent.display_name))
        .filter(agents::role.eq(agent.role.as_str()))
        .filter(agents::active.eq(true))
        .order(agents::id)
        .select(agents::id)
        .first(connection)
        .await
        .optional()?;
    if let Some(id) = found {
        return Ok(AgentId(id));
    }
    insert_row(connection, change.organization.0, agent, None).await?;
    let changes = AuditChanges::default().set("role", agent.role.as_str());
    let made = ConfigChange { subject_id: agent.id.to_string(), ..change.clone() };
    let made = made.noting(changes);
    record_config_change(connection, &made).await?;
    Ok(agent.id)
}
