//! How people come by a password: an invitation, a reset, or the one that they have.
//!
//! **Invariant:** a link is good once, for one agent, and only its newest one; a password that is
//! set ends it, and every other session of the agent.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::{
    Admin, AdminError, By,
    error::{Refusal, RefusalCode},
    field,
    secret_token::{self, TokenKind},
    session::Proof,
};
use crate::{
    domain::{
        audit::{AuditChanges, Origin},
        ids::{AgentId, SessionId},
        organization::{Agent, Stamp},
    },
    store::{
        agent,
        agent_change::{self, NewPassword},
        commit::Actor,
        event::ConfigChange,
        password_link::{self, NewPasswordLink},
    },
};

/// How long an invitation is good: it is sent to somebody who does not wait for it.
const INVITATION_AGE_MAX: TimeDelta = TimeDelta::days(7);
/// How long a reset is good: somebody waits for it.
const RESET_AGE_MAX: TimeDelta = TimeDelta::hours(24);

const PASSWORD_SET: &str = "passwordSet";

/// A link that was just made.
#[derive(Debug, Clone)]
pub struct PasswordLink {
    pub agent: Agent,
    /// Shown once.
    pub token: SecretString,
    pub expires_at: DateTime<Utc>,
}

impl Admin {
    /// Makes the one link by which an agent sets a password; an earlier one ends.
    pub async fn agent_invite(&self, by: By, id: AgentId) -> Result<PasswordLink, AdminError> {
        let agent = self.person(by, id).await?;
        let mut connection = self.store.write(by.organization).await?;
        let known = agent::find_for_sign_in(&mut connection, by.organization, id).await?;
        let has_password = known.is_some_and(|signer| signer.password_hash.is_some());
        let age_max = if has_password { RESET_AGE_MAX } else { INVITATION_AGE_MAX };
        let made = secret_token::make(TokenKind::PasswordLink)?;
        let change = self
            .updated(by, "agentInvite", id)
            .noting(AuditChanges::default().secret("token", false));
        let expires_at = change.at + age_max;
        let link = NewPasswordLink { agent: id, token_hash: made.hash, expires_at };
        password_link::replace(&mut connection, &link, &change).await?;
        connection.commit().await?;
        Ok(PasswordLink { agent, token: made.secret, expires_at })
    }

    /// Sets the password of whoever holds a link; the sessions that have ended.
    ///
    /// Every link that is not good gets the same refusal.
    pub async fn password_set_by_link(
        &self,
        token: &SecretString,
        password: SecretString,
        origin: Origin,
    ) -> Result<Vec<SessionId>, AdminError> {
        field::password("newPassword", &password)?;
        let is_link = TokenKind::of(token.expose_secret()) == Some(TokenKind::PasswordLink);
        let hash = secret_token::hash(token.expose_secret());
        let mut connection = self.store.system().await?;
        let located = password_link::locate(&mut connection, &hash, self.clock.now())
            .await?
            .filter(|_| is_link);
        drop(connection);
        let (organization, agent) = located.ok_or_else(not_good)?;
        let password_hash = self.passwords.hash(password).await?;
        let by = By { organization, agent, actor: Actor::Agent(agent), origin };
        let change = self.password_set_change(by, agent);
        let mut connection = self.store.write(organization).await?;
        if !password_link::take(&mut connection, organization, &hash, change.at).await? {
            return Err(not_good());
        }
        let new = NewPassword { agent, hash: &password_hash, spared: None };
        let ended = agent_change::set_password(&mut connection, new, &change).await?;
        let ended = ended.ok_or_else(not_good)?;
        connection.commit().await?;
        Ok(ended)
    }

    /// Replaces the caller's own password; the sessions that have ended, which are all others.
    pub async fn password_set(
        &self,
        by: By,
        session: SessionId,
        current: &SecretString,
        password: SecretString,
    ) -> Result<Vec<SessionId>, AdminError> {
        field::password("newPassword", &password)?;
        let agent = self.person(by, by.agent).await?;
        // A stolen session guesses no faster than a stranger.
        let proof = self.tried(agent.email.as_deref().unwrap_or_default(), current).await?;
        let is_callers = matches!(&proof, Proof::Good(signer) if signer.agent.id == by.agent);
        if !is_callers {
            self.note_failure(PASSWORD_SET, Some((by.organization, by.agent)), by.origin);
            let message = "this is not your password";
            let code = RefusalCode::CredentialsRejected;
            return Err(Refusal::at("currentPassword", code, message).into());
        }
        let password_hash = self.passwords.hash(password).await?;
        let mut connection = self.store.write(by.organization).await?;
        let new = NewPassword { agent: by.agent, hash: &password_hash, spared: Some(session) };
        let change = self.password_set_change(by, by.agent);
        let ended = agent_change::set_password(&mut connection, new, &change).await?;
        let ended =
            ended.ok_or_else(|| AdminError::from(Refusal::not_found("agentId", "agent")))?;
        connection.commit().await?;
        Ok(ended)
    }

    /// Replaces an agent's password; whoever was signed in as that agent is signed out.
    pub async fn agent_set_password(
        &self,
        by: By,
        id: AgentId,
        password: SecretString,
    ) -> Result<Agent, AdminError> {
        let mut agent = self.person(by, id).await?;
        let password_hash = self.hashed(password).await?;
        let change = self.password_set_change(by, id);
        let mut connection = self.store.write(by.organization).await?;
        let new = NewPassword { agent: id, hash: &password_hash, spared: None };
        if agent_change::set_password(&mut connection, new, &change).await?.is_none() {
            return Err(Refusal::not_found("agentId", "agent").into());
        }
        connection.commit().await?;
        agent.stamp =
            Stamp { version: agent.stamp.version + 1, updated_at: change.at, ..agent.stamp };
        Ok(agent)
    }

    fn password_set_change(&self, by: By, agent: AgentId) -> ConfigChange {
        let changes = AuditChanges::default().secret("password", true);
        self.updated(by, PASSWORD_SET, agent).noting(changes)
    }
}

fn not_good() -> AdminError {
    let message = "this link is not good, or no longer; ask an admin for another";
    Refusal::at("token", RefusalCode::CredentialsRejected, message).into()
}
