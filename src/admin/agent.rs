//! Agents: people that sign in, and services that come with a token.

use secrecy::SecretString;

use super::{
    Admin, AdminError, By,
    error::{Refusal, RefusalCode},
    field,
    queue::check_queues,
};
use crate::{
    domain::{
        conversation::access::Role,
        ids::{AgentId, OrganizationId, QueueId},
        organization::{Agent, Stamp},
    },
    store::agent,
};

/// An agent to make; without `Debug`, since an address does not belong in a log.
#[derive(Clone)]
pub struct NewAgent {
    /// `None`: a service agent, which never signs in.
    pub email: Option<String>,
    pub display_name: String,
    pub role: Role,
    /// The queues it is to work.
    pub queues: Vec<QueueId>,
    /// `None`: cannot sign in until a password is set.
    pub password: Option<SecretString>,
}

impl Admin {
    pub async fn agent_create(&self, by: By, new: NewAgent) -> Result<Agent, AdminError> {
        let email = new.email.as_deref().map(field::email).transpose()?;
        let display_name = field::name("displayName", &new.display_name)?;
        let queues = field::ids("queueIds", new.queues)?;
        if email.is_none() && new.password.is_some() {
            let message = "a service agent does not sign in; give it an e-mail address or a token";
            return Err(Refusal::at("password", RefusalCode::Invalid, message).into());
        }
        let password_hash = match new.password {
            Some(password) => Some(self.hashed(password).await?),
            None => None,
        };
        let mut connection = self.store.write(by.organization).await?;
        check_queues(&mut connection, by, "queueIds", &queues).await?;
        let agent = Agent {
            id: AgentId(self.clock.new_uuid()),
            email,
            display_name,
            role: new.role,
            active: true,
            stamp: Stamp::new(self.clock.now()),
        };
        let row = agent::NewAgent {
            agent: &agent,
            password_hash: password_hash.as_deref(),
            queues: &queues,
        };
        let change = self.created(by, agent.id);
        agent::insert(&mut connection, row, &change).await?;
        connection.commit().await?;
        Ok(agent)
    }

    /// The organization's agent of an e-mail address, whatever the case.
    pub async fn agent_find_by_email(
        &self,
        organization: OrganizationId,
        email: &str,
    ) -> Result<Option<Agent>, AdminError> {
        let mut connection = self.store.read(organization).await?;
        let email = field::canonical_email(email);
        Ok(agent::find_by_email(&mut connection, organization, &email).await?)
    }

    /// Replaces an agent's password; whoever was signed in as that agent is signed out.
    pub async fn agent_set_password(
        &self,
        by: By,
        id: AgentId,
        password: SecretString,
    ) -> Result<Agent, AdminError> {
        let mut connection = self.store.read(by.organization).await?;
        let found = agent::find_many(&mut connection, by.organization, &[id]).await?;
        drop(connection);
        let no_agent = || AdminError::from(Refusal::not_found("agentId", "agent"));
        let mut agent = found.into_iter().next().ok_or_else(no_agent)?;
        if agent.email.is_none() {
            let message = "a service agent does not sign in; make a token for it";
            return Err(Refusal::at("agentId", RefusalCode::Invalid, message).into());
        }
        let password_hash = self.hashed(password).await?;
        let change = self.updated(by, id);
        let mut connection = self.store.write(by.organization).await?;
        if !agent::set_password(&mut connection, id, &password_hash, &change).await? {
            return Err(no_agent());
        }
        connection.commit().await?;
        agent.stamp =
            Stamp { version: agent.stamp.version + 1, updated_at: change.at, ..agent.stamp };
        Ok(agent)
    }

    async fn hashed(&self, password: SecretString) -> Result<String, AdminError> {
        field::password(&password)?;
        self.passwords.hash(password).await
    }
}
