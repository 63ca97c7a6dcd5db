//! API tokens, as admins see them.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection, agent,
    event::{ConfigChange, record_config_change},
    page::{Page, Slice, keyset},
    schema::api_tokens,
};
use crate::domain::{
    conversation::access::Role,
    ids::{AgentId, ApiTokenId, OrganizationId},
    organization::Agent,
};

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
    pub last_used_at: Option<DateTime<Utc>>,
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
    last_used_at: Option<DateTime<Utc>>,
}

impl TokenRow {
    fn into_domain(self) -> Result<ApiToken, StoreError> {
        Ok(ApiToken {
            id: ApiTokenId(self.id),
            name: self.name,
            role: Role::from_word(&self.role).ok_or(StoreError::Unreadable("API token"))?,
            agent: AgentId(self.agent_id),
            prefix: self.prefix,
            created_at: self.created_at,
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
            last_used_at: self.last_used_at,
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
pub async fn insert(
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
pub async fn find_many(
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
pub async fn list(
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
pub async fn revoke(
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
