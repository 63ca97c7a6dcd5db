//! What changes about agents: who they are, what they may do, their passwords; and what ends with it.

use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection,
    agent::insert_memberships,
    event::{ConfigChange, record_config_change},
    schema::{agents, password_links, queue_agents, sessions},
};
use crate::domain::{
    conversation::access::Role,
    ids::{AgentId, QueueId, SessionId},
};

/// What an admin changes about an agent; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub display_name: Option<String>,
    pub role: Option<Role>,
    pub active: Option<bool>,
    /// All the queues that it is to work.
    pub queues: Option<Vec<QueueId>>,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    Stored,
    /// The agent has moved since, or is not there.
    Stale,
    /// Nobody would be left who can sign in and set everything up.
    LastAdmin,
}

/// Stores the change, unless nobody would be left to administer; who may no longer come in is out.
pub async fn update(
    connection: &mut WriteConnection,
    id: AgentId,
    expected_version: i32,
    changes: &Changes,
    change: &ConfigChange,
) -> Result<Changed, StoreError> {
    let organization = change.organization.0;
    let changed = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            let takes_away = changes.active == Some(false)
                || changes.role.is_some_and(|role| role != Role::Admin);
            if takes_away && is_last_admin(transaction, organization, id).await? {
                return Ok(Changed::LastAdmin);
            }
            let target = agents::table
                .find((organization, id.0))
                .filter(agents::version.eq(expected_version));
            let moved = diesel::update(target)
                .set((
                    changes.display_name.as_ref().map(|name| agents::display_name.eq(name)),
                    changes.role.map(|role| agents::role.eq(role.as_str())),
                    changes.active.map(|active| agents::active.eq(active)),
                    agents::version.eq(agents::version + 1),
                    agents::updated_at.eq(change.at),
                ))
                .execute(transaction)
                .await?;
            if moved == 0 {
                return Ok(Changed::Stale);
            }
            if let Some(queues) = &changes.queues {
                delete_memberships(transaction, organization, id).await?;
                insert_memberships(transaction, organization, (id, queues)).await?;
            }
            if changes.active == Some(false) {
                revoke_sessions(transaction, (id, None), change).await?;
                delete_link(transaction, organization, id).await?;
            }
            record_config_change(transaction, change).await?;
            Ok(Changed::Stored)
        })
        .await?;
    Ok(changed)
}

/// Whether an agent is an admin who can sign in, and the only one.
///
/// Locks all of them: of two that would take the last two away, one waits, and then finds one left.
async fn is_last_admin(
    connection: &mut AsyncPgConnection,
    organization: Uuid,
    id: AgentId,
) -> Result<bool, diesel::result::Error> {
    let admins: Vec<Uuid> = agents::table
        .filter(agents::organization_id.eq(organization))
        .filter(agents::role.eq(Role::Admin.as_str()))
        .filter(agents::active.eq(true))
        .filter(agents::password_hash.is_not_null())
        .order(agents::id)
        .select(agents::id)
        .for_update()
        .load(connection)
        .await?;
    Ok(admins == [id.0])
}

async fn delete_memberships(
    connection: &mut AsyncPgConnection,
    organization: Uuid,
    id: AgentId,
) -> Result<(), diesel::result::Error> {
    let all = queue_agents::table
        .filter(queue_agents::organization_id.eq(organization))
        .filter(queue_agents::agent_id.eq(id.0));
    diesel::delete(all).execute(connection).await?;
    Ok(())
}

async fn delete_link(
    connection: &mut AsyncPgConnection,
    organization: Uuid,
    id: AgentId,
) -> Result<(), diesel::result::Error> {
    diesel::delete(password_links::table.find((organization, id.0))).execute(connection).await?;
    Ok(())
}

/// A password to set.
pub struct NewPassword<'a> {
    pub agent: AgentId,
    pub hash: &'a str,
    /// The session in which it is set goes on.
    pub spared: Option<SessionId>,
}

/// Replaces an active agent's password and ends its other sessions and its link; the sessions that
/// have ended, or none where there is no such agent.
pub async fn set_password(
    connection: &mut WriteConnection,
    new: NewPassword<'_>,
    change: &ConfigChange,
) -> Result<Option<Vec<SessionId>>, StoreError> {
    let organization = change.organization.0;
    let ended = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            let target =
                agents::table.find((organization, new.agent.0)).filter(agents::active.eq(true));
            let set = diesel::update(target)
                .set((
                    agents::password_hash.eq(new.hash),
                    agents::version.eq(agents::version + 1),
                    agents::updated_at.eq(change.at),
                ))
                .execute(transaction)
                .await?;
            if set == 0 {
                return Ok(None);
            }
            delete_link(transaction, organization, new.agent).await?;
            let ended = revoke_sessions(transaction, (new.agent, new.spared), change).await?;
            record_config_change(transaction, change).await?;
            Ok(Some(ended))
        })
        .await?;
    Ok(ended)
}

/// Ends an agent's sessions, but for one; who changes a password may do so because somebody else
/// has it.
async fn revoke_sessions(
    connection: &mut AsyncPgConnection,
    (agent, spared): (AgentId, Option<SessionId>),
    change: &ConfigChange,
) -> Result<Vec<SessionId>, diesel::result::Error> {
    let spared: Vec<Uuid> = spared.into_iter().map(|session| session.0).collect();
    let live = sessions::table
        .filter(sessions::organization_id.eq(change.organization.0))
        .filter(sessions::agent_id.eq(agent.0))
        .filter(sessions::id.ne_all(spared))
        .filter(sessions::revoked_at.is_null());
    let ended: Vec<Uuid> = diesel::update(live)
        .set(sessions::revoked_at.eq(change.at))
        .returning(sessions::id)
        .load(connection)
        .await?;
    Ok(ended.into_iter().map(SessionId).collect())
}
