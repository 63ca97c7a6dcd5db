//! Agents: people that sign in, and services that come with a token.

use secrecy::SecretString;

use super::{
    Admin, AdminError, By,
    error::{Refusal, RefusalCode},
    field,
    queue::{check_queues, listed},
};
use crate::{
    domain::{
        audit::AuditChanges,
        conversation::access::Role,
        ids::{AgentId, OrganizationId, QueueId},
        organization::{Agent, Stamp},
    },
    store::{
        Reads, agent,
        agent_change::{self, Changed, Changes},
    },
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
        let noted = AuditChanges::default().set("role", agent.role.as_str());
        let noted = listed(noted, "queueIds", &queues);
        let noted = if password_hash.is_some() { noted.secret("password", false) } else { noted };
        let change = self.created(by, "agentCreate", agent.id).noting(noted);
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

    /// The agent of an e-mail address in the organization of a short name.
    pub async fn agent_locate(
        &self,
        slug: &str,
        email: &str,
    ) -> Result<Option<(OrganizationId, AgentId)>, AdminError> {
        let Some(organization) = self.organization_of_slug(slug).await? else { return Ok(None) };
        let found = self.agent_find_by_email(organization.id, email).await?;
        Ok(found.map(|agent| (organization.id, agent.id)))
    }

    /// Changes an agent. One that is no longer active is signed out everywhere.
    pub async fn agent_update(
        &self,
        by: By,
        id: AgentId,
        expected_version: i32,
        mut changes: Changes,
    ) -> Result<Agent, AdminError> {
        if let Some(name) = changes.display_name.as_mut() {
            *name = field::name("displayName", name)?;
        }
        if let Some(queues) = changes.queues.take() {
            changes.queues = Some(field::ids("queueIds", queues)?);
        }
        let mut connection = self.store.write(by.organization).await?;
        let queues = changes.queues.as_deref().unwrap_or_default();
        check_queues(&mut connection, by, "queueIds", queues).await?;
        let before = found(&mut connection, by, id).await?;
        let change = self.updated(by, "agentUpdate", id).noting(moved(&before, &changes));
        let changed =
            agent_change::update(&mut connection, id, expected_version, &changes, &change).await?;
        let agent = found(&mut connection, by, id).await?;
        match changed {
            Changed::Stored => {
                connection.commit().await?;
                Ok(agent)
            }
            Changed::Stale => Err(Refusal::stale(agent.stamp.version).into()),
            Changed::LastAdmin => {
                let field = if changes.active == Some(false) { "active" } else { "role" };
                let message = "nobody would be left who can sign in as an admin; make another \
                               admin first, and let them set a password";
                Err(Refusal::at(field, RefusalCode::Invalid, message).into())
            }
        }
    }

    /// The agent of an id, that signs in.
    pub(super) async fn person(&self, by: By, id: AgentId) -> Result<Agent, AdminError> {
        let mut connection = self.store.read(by.organization).await?;
        let agent = found(&mut connection, by, id).await?;
        if agent.email.is_none() {
            let message = "a service agent does not sign in; make a token for it";
            return Err(Refusal::at("agentId", RefusalCode::Invalid, message).into());
        }
        if !agent.active {
            let message = "this agent is not active; activate it first";
            return Err(Refusal::at("agentId", RefusalCode::Invalid, message).into());
        }
        Ok(agent)
    }

    pub(super) async fn hashed(&self, password: SecretString) -> Result<String, AdminError> {
        field::password("password", &password)?;
        self.passwords.hash(password).await
    }
}

async fn found(connection: &mut impl Reads, by: By, id: AgentId) -> Result<Agent, AdminError> {
    let found = agent::find_many(connection, by.organization, &[id]).await?;
    found.into_iter().next().ok_or_else(|| Refusal::not_found("agentId", "agent").into())
}

/// What the changes do to an agent; its name is not noted.
fn moved(before: &Agent, changes: &Changes) -> AuditChanges {
    let noted = AuditChanges::default()
        .moved_if("role", before.role.as_str(), changes.role.map(Role::as_str))
        .moved_if("active", before.active, changes.active);
    listed(noted, "queueIds", changes.queues.as_deref().unwrap_or_default())
}
