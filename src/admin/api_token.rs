//! API tokens: made, shown once, ended.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::{
    Admin, AdminError, By,
    error::{Refusal, RefusalCode},
    field,
    secret_token::{self, TokenKind},
};
use crate::{
    domain::{
        audit::AuditChanges,
        conversation::access::Role,
        ids::{AgentId, ApiTokenId},
        organization::{Agent, Stamp},
    },
    store::{
        Reads, agent,
        api_token::{self, ApiToken},
    },
};

/// A token to make.
#[derive(Debug, Clone)]
pub struct NewApiToken {
    pub name: String,
    pub role: Role,
    /// Whom it acts as; `None`: the service agent of that name and role, made where there is none.
    pub agent: Option<AgentId>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// A token that was just made.
#[derive(Debug, Clone)]
pub struct IssuedToken {
    pub token: ApiToken,
    /// Shown once.
    pub secret: SecretString,
}

impl Admin {
    pub async fn api_token_create(
        &self,
        by: By,
        new: NewApiToken,
    ) -> Result<IssuedToken, AdminError> {
        let name = field::name("name", &new.name)?;
        let now = self.clock.now();
        field::expiry(new.expires_at, now)?;
        let mut connection = self.store.write(by.organization).await?;
        if let Some(id) = new.agent {
            check_agent(&mut connection, by, id, new.role).await?;
        }
        let service = Agent {
            id: AgentId(self.clock.new_uuid()),
            email: None,
            display_name: name.clone(),
            role: new.role,
            active: true,
            stamp: Stamp::new(now),
        };
        let made = secret_token::make(TokenKind::ApiToken)?;
        let mut token = ApiToken {
            id: ApiTokenId(self.clock.new_uuid()),
            name,
            role: new.role,
            agent: new.agent.unwrap_or(service.id),
            prefix: made.shown,
            created_at: now,
            expires_at: new.expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        let row = api_token::NewApiToken {
            token: &token,
            secret_hash: made.hash,
            service: new.agent.is_none().then_some(&service),
        };
        let change = self.created(by, "apiTokenCreate", token.id).noting(
            AuditChanges::default()
                .set("role", token.role.as_str())
                .set("agentId", token.agent)
                .set_if("expiresAt", token.expires_at.map(|at| at.to_rfc3339()))
                .secret("secret", false),
        );
        token.agent = api_token::insert(&mut connection, row, &change).await?;
        connection.commit().await?;
        Ok(IssuedToken { token, secret: made.secret })
    }

    /// Ends a token at once; one that has ended stays as it is.
    pub async fn api_token_revoke(&self, by: By, id: ApiTokenId) -> Result<ApiToken, AdminError> {
        let change = self.updated(by, "apiTokenRevoke", id);
        let mut connection = self.store.write(by.organization).await?;
        let token = api_token::revoke(&mut connection, id, &change).await?;
        connection.commit().await?;
        token.ok_or_else(|| Refusal::not_found("apiTokenId", "API token").into())
    }
}

async fn check_agent(
    connection: &mut impl Reads,
    by: By,
    id: AgentId,
    role: Role,
) -> Result<(), AdminError> {
    let found = agent::find_many(connection, by.organization, &[id]).await?;
    let Some(agent) = found.into_iter().next() else {
        return Err(Refusal::not_found("agentId", "agent").into());
    };
    if !agent.active {
        let message = "this agent is not active; choose another, or none";
        return Err(Refusal::at("agentId", RefusalCode::Invalid, message).into());
    }
    // It would not get more anyway; an admin that asks for more should hear of it now.
    if role > agent.role {
        let message =
            format!("the agent is {}; a token has no more than that", agent.role.as_str());
        return Err(Refusal::at("role", RefusalCode::Invalid, message).into());
    }
    Ok(())
}
