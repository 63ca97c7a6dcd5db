//! The people, and the services, that work here.

use async_graphql::{
    Context, Enum, Error, ID, InputObject, Object, SimpleObject, connection::Connection,
};
use futures_util::future::try_join_all;
use secrecy::ExposeSecret;

use super::queue::QueueObject;
use crate::{
    admin::NewAgent,
    api::graphql::{
        administration::{announced, by, check_storable, read_id, read_ids},
        connection::{PageArguments, connect_rows},
        context::{connect, principal, services},
        conversation::change::{Stop, answer},
        cursor::encode_id,
        error::{UserError, fault},
        loader::{Lookup, QueuesOf, load},
        scalar::DateTime,
        secret_text::SecretText,
    },
    domain::{conversation::access, ids::AgentId, organization::Agent},
    store::{agent, agent_change::Changes},
};

/// How many queues of an agent are reckoned with, for the cost of a document.
pub const QUEUES_COST: usize = 5;

/// What somebody is in an organization; each may do what the one before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Role")]
pub enum Role {
    /// Works the conversations of their queues.
    #[graphql(name = "AGENT")]
    Agent,
    /// Sees all conversations of their queues.
    #[graphql(name = "SUPERVISOR")]
    Supervisor,
    /// Sets everything up, and sees everything.
    #[graphql(name = "ADMIN")]
    Admin,
}

/// Somebody that works here.
pub struct AgentObject {
    agent: Agent,
    lookup: Lookup,
}

impl AgentObject {
    pub fn new(agent: Agent, lookup: Lookup) -> Self {
        Self { agent, lookup }
    }
}

impl From<Agent> for AgentObject {
    fn from(agent: Agent) -> Self {
        Self::new(agent, Lookup::Caller)
    }
}

/// A person who works conversations or administers the organization, or a service that does.
#[Object(name = "Agent")]
impl AgentObject {
    /// Opaque and stable.
    pub async fn id(&self) -> ID {
        ID(self.agent.id.to_string())
    }

    /// Grows by one with each accepted change.
    pub async fn version(&self) -> i32 {
        self.agent.stamp.version
    }

    /// When it was made.
    pub async fn created_at(&self) -> DateTime {
        self.agent.stamp.created_at.into()
    }

    /// When it last changed.
    pub async fn updated_at(&self) -> DateTime {
        self.agent.stamp.updated_at.into()
    }

    /// What colleagues see.
    async fn display_name(&self) -> &str {
        &self.agent.display_name
    }

    /// What the person signs in with; null for a service.
    async fn email(&self) -> Option<&str> {
        self.agent.email.as_deref()
    }

    /// What they may do.
    async fn role(&self) -> Role {
        self.agent.role.into()
    }

    /// False for those who can no longer sign in.
    async fn active(&self) -> bool {
        self.agent.active
    }

    /// The queues that they work.
    #[graphql(complexity = "crate::api::graphql::organization::QUEUES_COST * child_complexity + 1")]
    async fn queues(&self, context: &Context<'_>) -> Result<Vec<QueueObject>, Error> {
        let ids = self.lookup.load(context, QueuesOf(self.agent.id)).await?.unwrap_or_default();
        let found = try_join_all(ids.into_iter().map(|id| self.lookup.load(context, id))).await?;
        let object = |queue| QueueObject::new(queue, self.lookup.clone());
        Ok(found.into_iter().flatten().map(object).collect())
    }
}

/// Reads agents.
#[derive(Default)]
pub struct AgentQuery;

#[Object]
impl AgentQuery {
    /// One agent.
    async fn agent(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Id of the agent.")] id: ID,
    ) -> Result<Option<AgentObject>, Error> {
        let Ok(id) = id.parse::<AgentId>() else { return Ok(None) };
        Ok(load(context, id).await?.map(AgentObject::from))
    }

    /// All agents, in the order in which they were made.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn agents(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<String, AgentObject>>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        let mut connection = connect(context).await?;
        let read = agent::list(&mut connection, principal(context)?.organization, page).await;
        let slice = read.map_err(|error| fault(&error))?;
        Ok(Some(connect_rows(slice, |row| encode_id(row.id.0), AgentObject::from)))
    }
}

/// Somebody to take on.
#[derive(InputObject)]
pub struct AgentCreateInput {
    /// What the person signs in with; without it, a service that uses API tokens.
    email: Option<String>,
    /// What colleagues see; 1 to 200 characters.
    display_name: String,
    /// What they may do.
    role: Role,
    /// The queues that they work, at most 100.
    queue_ids: Option<Vec<ID>>,
    /// 10 to 200 characters; without it, the person cannot sign in. Write-only: never returned,
    /// never logged.
    password: Option<SecretText>,
}

/// The agent that was made.
#[derive(SimpleObject, Default)]
pub struct AgentPayload {
    /// As it stands now.
    agent: Option<AgentObject>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

impl From<UserError> for AgentPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// What to change about an agent; what is left out stays as it is.
#[derive(InputObject)]
pub struct AgentUpdateInput {
    /// Which one.
    agent_id: ID,
    /// Refuse if it has changed since this version.
    expected_version: i32,
    /// What colleagues see; 1 to 200 characters.
    display_name: Option<String>,
    /// What they may do. Holds for the very next request.
    role: Option<Role>,
    /// All the queues that they work, at most 100.
    queue_ids: Option<Vec<ID>>,
    /// False takes them out: their sessions end, and their API tokens rest for as long.
    active: Option<bool>,
}

/// Whom to invite.
#[derive(InputObject)]
pub struct AgentInviteInput {
    /// Which agent; a person, and active.
    agent_id: ID,
}

/// The link by which the agent sets a password.
#[derive(SimpleObject, Default)]
pub struct AgentInvitePayload {
    /// Whom it is for.
    agent: Option<AgentObject>,
    /// Shown once. What follows the `#` is the `token` of `passwordSet`; no server sees it on the way.
    invitation_url: Option<String>,
    /// When it ends by itself: after 7 days, or after 24 hours where there is a password already.
    expires_at: Option<DateTime>,
    /// Why there is none.
    user_errors: Vec<UserError>,
}

impl From<UserError> for AgentInvitePayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Takes agents on, and changes them.
#[derive(Default)]
pub struct AgentMutation;

#[Object]
impl AgentMutation {
    /// Take somebody on, a person or a service.
    async fn agent_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who it is, and what they may do.")] input: AgentCreateInput,
    ) -> Result<Option<AgentPayload>, Error> {
        answer(Box::pin(create(context, input)).await)
    }

    /// Change an agent.
    ///
    /// The last active admin with a password can be neither deactivated nor made anything else.
    async fn agent_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which agent, and what to change.")] input: AgentUpdateInput,
    ) -> Result<Option<AgentPayload>, Error> {
        answer(Box::pin(update(context, input)).await)
    }

    /// Make a link by which an agent sets a password: an invitation, or a reset. Good once; an
    /// earlier one ends. The present password, if there is one, holds until then.
    async fn agent_invite(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which agent.")] input: AgentInviteInput,
    ) -> Result<Option<AgentInvitePayload>, Error> {
        answer(Box::pin(invite(context, input)).await)
    }
}

async fn create(context: &Context<'_>, input: AgentCreateInput) -> Result<AgentPayload, Stop> {
    check_storable(&[
        ("email", input.email.as_deref()),
        ("displayName", Some(&input.display_name)),
    ])?;
    let new = NewAgent {
        email: input.email,
        display_name: input.display_name,
        role: input.role.into(),
        queues: read_ids("queueIds", "queue", input.queue_ids)?,
        password: input.password.map(SecretText::into_secret),
    };
    let asked = services(context)?.admin.agent_create(by(context)?, new).await;
    let agent = announced(context, asked).await?;
    Ok(AgentPayload { agent: Some(agent.into()), user_errors: Vec::new() })
}

async fn update(context: &Context<'_>, input: AgentUpdateInput) -> Result<AgentPayload, Stop> {
    check_storable(&[("displayName", input.display_name.as_deref())])?;
    let id = read_id("agentId", "agent", &input.agent_id)?;
    let queues = input.queue_ids.map(|ids| read_ids("queueIds", "queue", Some(ids)));
    let changes = Changes {
        display_name: input.display_name,
        role: input.role.map(Into::into),
        active: input.active,
        queues: queues.transpose()?,
    };
    let admin = &services(context)?.admin;
    let asked = admin.agent_update(by(context)?, id, input.expected_version, changes).await;
    let agent = announced(context, asked).await?;
    Ok(AgentPayload { agent: Some(agent.into()), user_errors: Vec::new() })
}

async fn invite(
    context: &Context<'_>,
    input: AgentInviteInput,
) -> Result<AgentInvitePayload, Stop> {
    let id = read_id("agentId", "agent", &input.agent_id)?;
    let services = services(context)?;
    let link = announced(context, services.admin.agent_invite(by(context)?, id).await).await?;
    let token = link.token.expose_secret();
    Ok(AgentInvitePayload {
        agent: Some(link.agent.into()),
        invitation_url: Some(format!("{}/set-password#{token}", services.public_url)),
        expires_at: Some(link.expires_at.into()),
        user_errors: Vec::new(),
    })
}
