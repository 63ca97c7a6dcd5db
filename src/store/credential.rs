//! Who holds which secret, by its hash; and sessions, which are nothing else.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, sql_types};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, SystemConnection, WriteConnection,
    schema::{agents, api_tokens, queue_agents, sessions},
    statement::static_statement,
};
use crate::domain::{
    conversation::access::Role,
    ids::{AgentId, ApiTokenId, OrganizationId, QueueId, SessionId},
};

/// Sessions of one agent; signing in once more ends the oldest.
const SESSIONS_PER_AGENT_MAX: i64 = 50;

/// A session or token that is good for signing in, and whom it signs in.
#[derive(Debug, Clone)]
pub struct Holder {
    pub organization: OrganizationId,
    pub agent: AgentId,
    pub role: Role,
    pub credential: Credential,
    pub expires_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    Session(SessionId),
    ApiToken(ApiTokenId),
}

const UNREADABLE: StoreError = StoreError::Unreadable("credential");

/// Organization, session, agent, begin, end, the agent's role.
type SessionHolder = (Uuid, Uuid, Uuid, DateTime<Utc>, DateTime<Utc>, String);
/// Organization, token, agent, end, last use, the token's role and the agent's.
type TokenHolder = (Uuid, Uuid, Uuid, Option<DateTime<Utc>>, Option<DateTime<Utc>>, String, String);

/// A session that is good, and since when it runs.
#[derive(Debug, Clone)]
pub struct LiveSession {
    pub holder: Holder,
    pub created_at: DateTime<Utc>,
}

/// An API token that is good, and when its use was last written down.
#[derive(Debug, Clone)]
pub struct LiveToken {
    pub holder: Holder,
    pub last_used_at: Option<DateTime<Utc>>,
}

/// The agent whose session this token's hash belongs to, while it is good.
pub async fn find_session(
    connection: &mut SystemConnection,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<LiveSession>, StoreError> {
    let is_agent = agents::organization_id.eq(sessions::organization_id);
    let found: Option<SessionHolder> =
        sessions::table
            .inner_join(agents::table.on(diesel::BoolExpressionMethods::and(
                is_agent,
                agents::id.eq(sessions::agent_id),
            )))
            .filter(sessions::token_hash.eq(token_hash))
            .filter(sessions::revoked_at.is_null())
            .filter(sessions::expires_at.gt(now))
            .filter(agents::active.eq(true))
            .select((
                sessions::organization_id,
                sessions::id,
                sessions::agent_id,
                sessions::created_at,
                sessions::expires_at,
                agents::role,
            ))
            .first(connection.raw())
            .await
            .optional()?;
    found
        .map(|(organization, id, agent, created_at, expires_at, role)| {
            let holder = Holder {
                organization: OrganizationId(organization),
                agent: AgentId(agent),
                role: Role::from_word(&role).ok_or(UNREADABLE)?,
                credential: Credential::Session(SessionId(id)),
                expires_at: Some(expires_at),
            };
            Ok(LiveSession { holder, created_at })
        })
        .transpose()
}

/// The agent that a token acts as, while it is good; its role is the lesser of the two.
pub async fn find_api_token(
    connection: &mut SystemConnection,
    secret_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<LiveToken>, StoreError> {
    let is_agent = agents::organization_id.eq(api_tokens::organization_id);
    let found: Option<TokenHolder> =
        api_tokens::table
            .inner_join(agents::table.on(diesel::BoolExpressionMethods::and(
                is_agent,
                agents::id.eq(api_tokens::agent_id),
            )))
            .filter(api_tokens::secret_hash.eq(secret_hash))
            .filter(api_tokens::revoked_at.is_null())
            .filter(agents::active.eq(true))
            .select((
                api_tokens::organization_id,
                api_tokens::id,
                api_tokens::agent_id,
                api_tokens::expires_at,
                api_tokens::last_used_at,
                api_tokens::role,
                agents::role,
            ))
            .first(connection.raw())
            .await
            .optional()?;
    let Some((organization, id, agent, expires_at, last_used_at, token_role, agent_role)) = found
    else {
        return Ok(None);
    };
    if expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Ok(None);
    }
    let token_role = Role::from_word(&token_role).ok_or(UNREADABLE)?;
    let agent_role = Role::from_word(&agent_role).ok_or(UNREADABLE)?;
    let holder = Holder {
        organization: OrganizationId(organization),
        agent: AgentId(agent),
        role: token_role.min(agent_role),
        credential: Credential::ApiToken(ApiTokenId(id)),
        expires_at,
    };
    Ok(Some(LiveToken { holder, last_used_at }))
}

/// The queues that whoever holds a credential works.
pub async fn queues_of(
    connection: &mut SystemConnection,
    holder: &Holder,
) -> Result<Vec<QueueId>, StoreError> {
    let queues: Vec<Uuid> = queue_agents::table
        .filter(queue_agents::organization_id.eq(holder.organization.0))
        .filter(queue_agents::agent_id.eq(holder.agent.0))
        .order(queue_agents::queue_id)
        .select(queue_agents::queue_id)
        .load(connection.raw())
        .await?;
    Ok(queues.into_iter().map(QueueId).collect())
}

static_statement! {
    /// Of these sessions and tokens, those that are good; both by organization and id.
    FindGood {
        session_organizations: Vec<Uuid> => sql_types::Array<sql_types::Uuid>,
        sessions: Vec<Uuid> => sql_types::Array<sql_types::Uuid>,
        token_organizations: Vec<Uuid> => sql_types::Array<sql_types::Uuid>,
        tokens: Vec<Uuid> => sql_types::Array<sql_types::Uuid>,
        session_now: DateTime<Utc> => sql_types::Timestamptz,
        token_now: DateTime<Utc> => sql_types::Timestamptz,
    } -> (sql_types::Uuid, sql_types::Uuid, sql_types::Bool),
    "with asked_session as (
        select * from unnest(?, ?) as asked (organization_id, id)
    ), asked_token as (
        select * from unnest(?, ?) as asked (organization_id, id)
    )
    select session.organization_id, session.id, true
      from asked_session
      join sessions session using (organization_id, id)
      join agents agent
        on agent.organization_id = session.organization_id and agent.id = session.agent_id
     where session.revoked_at is null and session.expires_at > ? and agent.active
    union all
    select token.organization_id, token.id, false
      from asked_token
      join api_tokens token using (organization_id, id)
      join agents agent
        on agent.organization_id = token.organization_id and agent.id = token.agent_id
     where token.revoked_at is null and agent.active
       and (token.expires_at is null or token.expires_at > ?)"
}

/// Those of the credentials that are good; one question for those of all organizations.
pub async fn find_good(
    connection: &mut SystemConnection,
    credentials: &[(OrganizationId, Credential)],
    now: DateTime<Utc>,
) -> Result<HashSet<(OrganizationId, Credential)>, StoreError> {
    let mut asked = FindGood { session_now: now, token_now: now, ..FindGood::default() };
    for (organization, credential) in credentials {
        match credential {
            Credential::Session(id) => {
                asked.session_organizations.push(organization.0);
                asked.sessions.push(id.0);
            }
            Credential::ApiToken(id) => {
                asked.token_organizations.push(organization.0);
                asked.tokens.push(id.0);
            }
        }
    }
    let rows: Vec<(Uuid, Uuid, bool)> = asked.load(connection.raw()).await?;
    let credential = |(organization, id, is_session)| {
        let credential = if is_session {
            Credential::Session(SessionId(id))
        } else {
            Credential::ApiToken(ApiTokenId(id))
        };
        (OrganizationId(organization), credential)
    };
    Ok(rows.into_iter().map(credential).collect())
}

static_statement! {
    /// Of many requests at once one writes, and none waits for it.
    Touch {
        at: DateTime<Utc> => sql_types::Timestamptz,
        organization: Uuid => sql_types::Uuid,
        id: Uuid => sql_types::Uuid,
        before: DateTime<Utc> => sql_types::Timestamptz,
    } -> sql_types::Uuid,
    "update api_tokens set last_used_at = ? where (organization_id, id) in ( \
        select organization_id, id from api_tokens where organization_id = ? and id = ? \
            and (last_used_at is null or last_used_at <= ?) for update skip locked)"
}

/// Writes down that a token is used, unless that was done after `before`.
pub async fn touch_token(
    connection: &mut WriteConnection,
    (organization, id): (OrganizationId, ApiTokenId),
    at: DateTime<Utc>,
    before: DateTime<Utc>,
) -> Result<(), StoreError> {
    let touch = Touch { at, organization: organization.0, id: id.0, before };
    touch.execute(connection.raw()).await?;
    Ok(())
}

/// A session to store.
pub struct NewSession {
    pub organization: OrganizationId,
    pub id: SessionId,
    pub agent: AgentId,
    pub token_hash: [u8; 32],
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Stores a session; those of the same agent that are over, or too many, go.
pub async fn insert_session(
    connection: &mut WriteConnection,
    session: &NewSession,
) -> Result<(), StoreError> {
    connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            diesel::insert_into(sessions::table)
                .values((
                    sessions::organization_id.eq(session.organization.0),
                    sessions::id.eq(session.id.0),
                    sessions::agent_id.eq(session.agent.0),
                    sessions::token_hash.eq(session.token_hash.as_slice()),
                    sessions::created_at.eq(session.created_at),
                    sessions::expires_at.eq(session.expires_at),
                ))
                .execute(transaction)
                .await?;
            delete_surplus_sessions(transaction, session).await
        })
        .await?;
    Ok(())
}

/// Keeps the newest of the agent's good sessions.
async fn delete_surplus_sessions(
    connection: &mut AsyncPgConnection,
    newest: &NewSession,
) -> Result<(), diesel::result::Error> {
    let of_agent = sessions::table
        .filter(sessions::organization_id.eq(newest.organization.0))
        .filter(sessions::agent_id.eq(newest.agent.0));
    let kept: Vec<Uuid> = of_agent
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(newest.created_at))
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .limit(SESSIONS_PER_AGENT_MAX)
        .select(sessions::id)
        .load(connection)
        .await?;
    diesel::delete(of_agent.filter(sessions::id.ne_all(kept))).execute(connection).await?;
    Ok(())
}

/// Lets a session that is used run on.
pub async fn extend_session(
    connection: &mut WriteConnection,
    organization: OrganizationId,
    id: SessionId,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let target = sessions::table
        .find((organization.0, id.0))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.lt(expires_at));
    diesel::update(target)
        .set(sessions::expires_at.eq(expires_at))
        .execute(connection.raw())
        .await?;
    Ok(())
}

/// A session that is good, as it is shown.
#[derive(Debug, Clone)]
pub struct GoodSession {
    pub id: SessionId,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// An agent's good sessions, newest first; there are never more than may be shown at a time.
pub async fn list_sessions(
    connection: &mut impl Reads,
    organization: OrganizationId,
    agent: AgentId,
    now: DateTime<Utc>,
) -> Result<Vec<GoodSession>, StoreError> {
    let rows: Vec<(Uuid, DateTime<Utc>, DateTime<Utc>)> = sessions::table
        .filter(sessions::organization_id.eq(organization.0))
        .filter(sessions::agent_id.eq(agent.0))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .limit(SESSIONS_PER_AGENT_MAX)
        .select((sessions::id, sessions::created_at, sessions::expires_at))
        .load(connection.raw())
        .await?;
    let session =
        |(id, created_at, expires_at)| GoodSession { id: SessionId(id), created_at, expires_at };
    Ok(rows.into_iter().map(session).collect())
}

/// Ends a session, of this agent or of anybody; `false`: it is not theirs, or has ended.
pub async fn revoke_session(
    connection: &mut WriteConnection,
    (organization, owner): (OrganizationId, Option<AgentId>),
    id: SessionId,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let owners: Vec<Uuid> = if let Some(agent) = owner {
        vec![agent.0]
    } else {
        let found = sessions::table.find((organization.0, id.0)).select(sessions::agent_id);
        found.load(connection.raw()).await?
    };
    let target = sessions::table
        .find((organization.0, id.0))
        .filter(sessions::agent_id.eq_any(owners))
        .filter(sessions::revoked_at.is_null());
    let revoked =
        diesel::update(target).set(sessions::revoked_at.eq(at)).execute(connection.raw()).await?;
    Ok(revoked > 0)
}
