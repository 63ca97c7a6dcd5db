//! Sessions and API tokens: who holds which secret, by its hash.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, Queryable, Selectable,
    SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection,
    page::{Page, Slice, keyset},
    schema::{agents, api_tokens, sessions},
};
use crate::domain::{
    conversation::access::Role,
    ids::{AgentId, ApiTokenId, OrganizationId, SessionId},
};

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

/// Organization, token, agent, end, the token's role and the agent's.
type TokenHolder = (Uuid, Uuid, Uuid, Option<DateTime<Utc>>, String, String);

const UNREADABLE: StoreError = StoreError::Unreadable("credential");

/// The agent whose session this token's hash belongs to, while it is good.
pub async fn find_session(
    connection: &mut impl Reads,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Holder>, StoreError> {
    let is_agent = agents::organization_id.eq(sessions::organization_id);
    let found: Option<(Uuid, Uuid, Uuid, DateTime<Utc>, String)> =
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
                sessions::expires_at,
                agents::role,
            ))
            .first(connection.raw())
            .await
            .optional()?;
    found
        .map(|(organization, id, agent, expires_at, role)| {
            Ok(Holder {
                organization: OrganizationId(organization),
                agent: AgentId(agent),
                role: Role::from_word(&role).ok_or(UNREADABLE)?,
                credential: Credential::Session(SessionId(id)),
                expires_at: Some(expires_at),
            })
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

pub async fn insert_session(
    connection: &mut WriteConnection,
    session: &NewSession,
) -> Result<(), StoreError> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::organization_id.eq(session.organization.0),
            sessions::id.eq(session.id.0),
            sessions::agent_id.eq(session.agent.0),
            sessions::token_hash.eq(session.token_hash.as_slice()),
            sessions::created_at.eq(session.created_at),
            sessions::expires_at.eq(session.expires_at),
        ))
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

pub async fn insert_api_token(
    connection: &mut WriteConnection,
    organization: OrganizationId,
    token: &ApiToken,
    secret_hash: [u8; 32],
) -> Result<(), StoreError> {
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::organization_id.eq(organization.0),
            api_tokens::id.eq(token.id.0),
            api_tokens::name.eq(&token.name),
            api_tokens::role.eq(token.role.as_str()),
            api_tokens::agent_id.eq(token.agent.0),
            api_tokens::prefix.eq(&token.prefix),
            api_tokens::secret_hash.eq(secret_hash.as_slice()),
            api_tokens::created_at.eq(token.created_at),
            api_tokens::expires_at.eq(token.expires_at),
        ))
        .execute(connection.raw())
        .await?;
    Ok(())
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
    organization: OrganizationId,
    id: ApiTokenId,
    at: DateTime<Utc>,
) -> Result<Option<ApiToken>, StoreError> {
    let target = api_tokens::table.find((organization.0, id.0));
    diesel::update(target.filter(api_tokens::revoked_at.is_null()))
        .set(api_tokens::revoked_at.eq(at))
        .execute(connection.raw())
        .await?;
    let row: Option<TokenRow> =
        target.select(TokenRow::as_select()).first(connection.raw()).await.optional()?;
    row.map(TokenRow::into_domain).transpose()
}
