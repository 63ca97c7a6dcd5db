//! Sessions and API tokens: who holds which secret, by its hash.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, Queryable, Selectable,
    SelectableHelper,
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection, agent,
    event::{ConfigChange, record_config_change},
    page::{Page, Slice, keyset},
    schema::{agents, api_tokens, sessions},
};
use crate::domain::{
    conversation::access::Role,
    ids::{AgentId, ApiTokenId, OrganizationId, SessionId},
    organization::Agent,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    Session(SessionId),
    ApiToken(ApiTokenId),
}

const UNREADABLE: StoreError = StoreError::Unreadable("credential");

/// Organization, session, agent, begin, end, the agent's role.
type SessionHolder = (Uuid, Uuid, Uuid, DateTime<Utc>, DateTime<Utc>, String);
/// Organization, token, agent, end, the token's role and the agent's.
type TokenHolder = (Uuid, Uuid, Uuid, Option<DateTime<Utc>>, String, String);

/// A session that is good, and since when it runs.
#[derive(Debug, Clone)]
pub struct LiveSession {
    pub holder: Holder,
    pub created_at: DateTime<Utc>,
}

/// The agent whose session this token's hash belongs to, while it is good.
pub async fn find_session(
    connection: &mut impl Reads,
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
    connection: &mut impl Reads,
    secret_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Holder>, StoreError> {
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
                api_tokens::role,
                agents::role,
            ))
            .first(connection.raw())
            .await
            .optional()?;
    let Some((organization, id, agent, expires_at, token_role, agent_role)) = found else {
        return Ok(None);
    };
    if expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Ok(None);
    }
    let token_role = Role::from_word(&token_role).ok_or(UNREADABLE)?;
    let agent_role = Role::from_word(&agent_role).ok_or(UNREADABLE)?;
    Ok(Some(Holder {
        organization: OrganizationId(organization),
        agent: AgentId(agent),
        role: token_role.min(agent_role),
        credential: Credential::ApiToken(ApiTokenId(id)),
        expires_at,
    }))
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

/// Ends an agent's session; `false`: it is not theirs, or has ended.
pub async fn revoke_session(
    connection: &mut WriteConnection,
    organization: OrganizationId,
    agent: AgentId,
    id: SessionId,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let target = sessions::table
        .find((organization.0, id.0))
        .filter(sessions::agent_id.eq(agent.0))
        .filter(sessions::revoked_at.is_null());
    let revoked =
        diesel::update(target).set(sessions::revoked_at.eq(at)).execute(connection.raw()).await?;
    Ok(revoked > 0)
}

/// An API token as it is shown; its secret is not in here.
#[derive(Debug, Clone)]
pub struct ApiToken {
    pub id: ApiTokenId,
    pub name: String,
    pub role: Role,
    pub agent: AgentId,
    pub prefix: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_tokens, check_for_backend(diesel::pg::Pg))]
struct TokenRow {
    id: Uuid,
    name: String,
    role: String,
    agent_id: Uuid,
    prefix: String,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

impl TokenRow {
    fn into_domain(self) -> Result<ApiToken, StoreError> {
        Ok(ApiToken {
            id: ApiTokenId(self.id),
            name: self.name,
            role: Role::from_word(&self.role).ok_or(UNREADABLE)?,
            agent: AgentId(self.agent_id),
            prefix: self.prefix,
            created_at: self.created_at,
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
        })
    }
}

/// A token to store.
pub struct NewApiToken<'a> {
    pub token: &'a ApiToken,
    pub secret_hash: [u8; 32],
    /// A service agent that the token acts as, made where there is none of its name and role.
    pub service: Option<&'a Agent>,
}

/// Stores a token, and its service agent where there is none; whom the token acts as.
pub async fn insert_api_token(
    connection: &mut WriteConnection,
    new: NewApiToken<'_>,
    change: &ConfigChange,
) -> Result<AgentId, StoreError> {
    let token = new.token;
    let agent = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            let agent = match new.service {
                Some(service) => {
                    agent::find_or_insert_service(transaction, service, change).await?
                }
                None => token.agent,
            };
            diesel::insert_into(api_tokens::table)
                .values((
                    api_tokens::organization_id.eq(change.organization.0),
                    api_tokens::id.eq(token.id.0),
                    api_tokens::name.eq(&token.name),
                    api_tokens::role.eq(token.role.as_str()),
                    api_tokens::agent_id.eq(agent.0),
                    api_tokens::prefix.eq(&token.prefix),
                    api_tokens::secret_hash.eq(new.secret_hash.as_slice()),
                    api_tokens::created_at.eq(token.created_at),
                    api_tokens::expires_at.eq(token.expires_at),
                ))
                .execute(transaction)
                .await?;
            record_config_change(transaction, change).await?;
            Ok(agent)
        })
        .await?;
    Ok(agent)
}

/// Those of the ids that exist, in no order.
pub async fn find_api_tokens(
    connection: &mut impl Reads,
    organization: OrganizationId,
    ids: &[ApiTokenId],
) -> Result<Vec<ApiToken>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<TokenRow> = api_tokens::table
        .filter(api_tokens::organization_id.eq(organization.0))
        .filter(api_tokens::id.eq_any(ids))
        .select(TokenRow::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(TokenRow::into_domain).collect()
}

/// A page of the organization's tokens, in the order in which they were made.
pub async fn list_api_tokens(
    connection: &mut impl Reads,
    organization: OrganizationId,
    page: Page,
) -> Result<Slice<ApiToken>, StoreError> {
    let query = api_tokens::table
        .filter(api_tokens::organization_id.eq(organization.0))
        .select(TokenRow::as_select())
        .into_boxed();
    let rows: Vec<TokenRow> = keyset!(query, api_tokens::id, page).load(connection.raw()).await?;
    page.cut(rows).try_map(TokenRow::into_domain)
}

/// Ends a token; the token as it then is, or none where there is none.
pub async fn revoke_api_token(
    connection: &mut WriteConnection,
    id: ApiTokenId,
    change: &ConfigChange,
) -> Result<Option<ApiToken>, StoreError> {
    let row = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            let target = api_tokens::table.find((change.organization.0, id.0));
            let revoked = diesel::update(target.filter(api_tokens::revoked_at.is_null()))
                .set(api_tokens::revoked_at.eq(change.at))
                .execute(transaction)
                .await?;
            if revoked > 0 {
                record_config_change(transaction, change).await?;
            }
            let row: Option<TokenRow> =
                target.select(TokenRow::as_select()).first(transaction).await.optional()?;
            Ok(row)
        })
        .await?;
    row.map(TokenRow::into_domain).transpose()
}
