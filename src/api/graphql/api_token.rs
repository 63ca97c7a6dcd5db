//! API tokens: what programs sign in with. The secret is shown once, by the mutation that makes it.

use async_graphql::{
    Context, Error, ID, InputObject, Object, SimpleObject, connection::Connection,
};
use secrecy::ExposeSecret;

use super::{
    administration::{announced, by, check_storable, read_id},
    connection::{PageArguments, connect_rows},
    context::{connect, principal, services},
    conversation::change::{Stop, answer},
    cursor::encode_id,
    error::{UserError, fault},
    loader::load,
    organization::{AgentObject, Role},
    scalar::DateTime,
};
use crate::{
    admin::NewApiToken,
    store::api_token::{self, ApiToken},
};

/// A machine credential; only admins are shown one.
pub struct ApiTokenObject(ApiToken);

impl From<ApiToken> for ApiTokenObject {
    fn from(token: ApiToken) -> Self {
        Self(token)
    }
}

/// A machine credential. The secret is shown once, at creation.
#[Object(name = "ApiToken")]
impl ApiTokenObject {
    /// Opaque and stable.
    pub async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// What it is for.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it may do at most; never more than its agent.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// Acts as this agent.
    async fn agent(&self, context: &Context<'_>) -> Result<AgentObject, Error> {
        let found = load(context, self.0.agent).await?;
        found.map(AgentObject::from).ok_or_else(|| Error::new("an API token's agent is not there"))
    }

    /// Enough of the secret to recognise it.
    async fn prefix(&self) -> &str {
        &self.0.prefix
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it ends by itself; null for never.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(DateTime::from)
    }

    /// When it was last used, give or take a minute; null for never.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime::from)
    }

    /// When an admin ended it.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime::from)
    }
}

/// Reads API tokens.
#[derive(Default)]
pub struct ApiTokenQuery;

#[Object]
impl ApiTokenQuery {
    /// All API tokens, revoked ones too, in the order in which they were made.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn api_tokens(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<String, ApiTokenObject>>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        let organization = principal(context)?.organization;
        let mut connection = connect(context).await?;
        let read = api_token::list(&mut connection, organization, page).await;
        let slice = read.map_err(|error| fault(&error))?;
        Ok(Some(connect_rows(slice, |row| encode_id(row.id.0), ApiTokenObject)))
    }
}

/// A token to make.
#[derive(InputObject)]
pub struct ApiTokenCreateInput {
    /// What it is for; 1 to 200 characters.
    name: String,
    /// What it may do at most.
    role: Role,
    /// Whom it acts as; without it, a service agent of the token's name and role.
    agent_id: Option<ID>,
    /// When it ends by itself; without it, never.
    expires_at: Option<DateTime>,
}

/// The token that was made.
#[derive(SimpleObject, Default)]
pub struct ApiTokenCreatePayload {
    /// The token.
    api_token: Option<ApiTokenObject>,
    /// What to send as `authorization: Bearer …`. Shown once.
    secret: Option<String>,
    /// Why it was not made.
    user_errors: Vec<UserError>,
}

impl From<UserError> for ApiTokenCreatePayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// A token to end.
#[derive(InputObject)]
pub struct ApiTokenRevokeInput {
    /// Which one.
    api_token_id: ID,
}

/// The token as it stands after the change.
#[derive(SimpleObject, Default)]
pub struct ApiTokenPayload {
    /// As it stands now.
    api_token: Option<ApiTokenObject>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

impl From<UserError> for ApiTokenPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Makes and ends API tokens.
#[derive(Default)]
pub struct ApiTokenMutation;

#[Object]
impl ApiTokenMutation {
    /// Make a token. The secret is in this answer and nowhere else.
    async fn api_token_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it is for, and what it may do.")] input: ApiTokenCreateInput,
    ) -> Result<Option<ApiTokenCreatePayload>, Error> {
        answer(Box::pin(create(context, input)).await)
    }

    /// End a token; ending it again changes nothing.
    async fn api_token_revoke(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which token.")] input: ApiTokenRevokeInput,
    ) -> Result<Option<ApiTokenPayload>, Error> {
        answer(Box::pin(revoke(context, input)).await)
    }
}

async fn create(
    context: &Context<'_>,
    input: ApiTokenCreateInput,
) -> Result<ApiTokenCreatePayload, Stop> {
    check_storable(&[("name", Some(&input.name))])?;
    let agent = input.agent_id.as_ref().map(|id| read_id("agentId", "agent", id)).transpose()?;
    let new = NewApiToken {
        name: input.name,
        role: input.role.into(),
        agent,
        expires_at: input.expires_at.map(|at| at.0),
    };
    let asked = services(context)?.admin.api_token_create(by(context)?, new).await;
    let issued = announced(context, asked).await?;
    Ok(ApiTokenCreatePayload {
        api_token: Some(issued.token.into()),
        secret: Some(issued.secret.expose_secret().to_owned()),
        user_errors: Vec::new(),
    })
}

async fn revoke(
    context: &Context<'_>,
    input: ApiTokenRevokeInput,
) -> Result<ApiTokenPayload, Stop> {
    let id = read_id("apiTokenId", "API token", &input.api_token_id)?;
    let asked = services(context)?.admin.api_token_revoke(by(context)?, id).await;
    let token = announced(context, asked).await?;
    Ok(ApiTokenPayload { api_token: Some(token.into()), user_errors: Vec::new() })
}
