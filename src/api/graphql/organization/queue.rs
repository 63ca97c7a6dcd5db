//! Where conversations wait for an agent.

use async_graphql::{
    Context, Error, ID, InputObject, MaybeUndefined, Object, SimpleObject, connection::Connection,
};

use super::agent::AgentObject;
use crate::{
    admin::NewQueue,
    api::graphql::{
        administration::{announced, by, check_storable, read_id, read_ids},
        connection::{PageArguments, connect_rows},
        context::{connect, connect_to, principal, services},
        conversation::change::{Stop, answer},
        cursor::encode_id,
        error::{UserError, fault},
        loader::{Lookup, load},
        scalar::DateTime,
    },
    domain::{ids::QueueId, organization::Queue},
    store::{
        agent,
        queue::{self, Changes},
    },
};

/// Where conversations wait.
pub struct QueueObject {
    queue: Queue,
    lookup: Lookup,
}

impl QueueObject {
    pub fn new(queue: Queue, lookup: Lookup) -> Self {
        Self { queue, lookup }
    }
}

impl From<Queue> for QueueObject {
    fn from(queue: Queue) -> Self {
        Self::new(queue, Lookup::Caller)
    }
}

/// Where conversations wait for an agent.
#[Object(name = "Queue")]
impl QueueObject {
    /// Opaque and stable.
    pub async fn id(&self) -> ID {
        ID(self.queue.id.to_string())
    }

    /// Grows by one with each accepted change.
    pub async fn version(&self) -> i32 {
        self.queue.stamp.version
    }

    /// When it was made.
    pub async fn created_at(&self) -> DateTime {
        self.queue.stamp.created_at.into()
    }

    /// When it last changed.
    pub async fn updated_at(&self) -> DateTime {
        self.queue.stamp.updated_at.into()
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.queue.name
    }

    /// What it is for.
    async fn description(&self) -> Option<&str> {
        self.queue.description.as_deref()
    }

    /// False when no new work goes there.
    async fn active(&self) -> bool {
        self.queue.active
    }

    /// Who works it, in the order in which they were made.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn agents(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, AgentObject>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        let organization = self.lookup.organization(context)?;
        let mut connection = connect_to(context, organization).await?;
        let read = agent::list_of_queue(&mut connection, organization, self.queue.id, page).await;
        let slice = read.map_err(|error| fault(&error))?;
        let object = |row| AgentObject::new(row, self.lookup.clone());
        Ok(connect_rows(slice, |row| encode_id(row.id.0), object))
    }
}

/// Reads queues.
#[derive(Default)]
pub struct QueueQuery;

#[Object]
impl QueueQuery {
    /// One queue.
    async fn queue(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Id of the queue.")] id: ID,
    ) -> Result<Option<QueueObject>, Error> {
        let Ok(id) = id.parse::<QueueId>() else { return Ok(None) };
        Ok(load(context, id).await?.map(QueueObject::from))
    }

    /// All queues, in the order in which they were made.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn queues(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<String, QueueObject>>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        let mut connection = connect(context).await?;
        let read = queue::list(&mut connection, principal(context)?.organization, page).await;
        let slice = read.map_err(|error| fault(&error))?;
        Ok(Some(connect_rows(slice, |row| encode_id(row.id.0), QueueObject::from)))
    }
}

/// A queue to make.
#[derive(InputObject)]
pub struct QueueCreateInput {
    /// What it is called; 1 to 200 characters, once in the organization.
    name: String,
    /// What it is for; at most 2000 characters.
    description: Option<String>,
    /// Who works it, at most 100.
    agent_ids: Option<Vec<ID>>,
}

/// What to change about a queue; what is left out stays as it is.
#[derive(InputObject)]
pub struct QueueUpdateInput {
    /// Which one.
    queue_id: ID,
    /// Refuse if it has changed since this version.
    expected_version: i32,
    /// What it is called; null leaves it as it is.
    name: Option<String>,
    /// What it is for; null clears it.
    description: MaybeUndefined<String>,
    /// All who work it, at most 100; null leaves them.
    agent_ids: Option<Vec<ID>>,
}

/// The queue as it stands after the change.
#[derive(SimpleObject, Default)]
pub struct QueuePayload {
    /// As it stands now.
    queue: Option<QueueObject>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

impl From<UserError> for QueuePayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Makes and changes queues.
#[derive(Default)]
pub struct QueueMutation;

#[Object]
impl QueueMutation {
    /// Make a queue, with those who work it.
    async fn queue_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it is called, and who works it.")] input: QueueCreateInput,
    ) -> Result<Option<QueuePayload>, Error> {
        answer(Box::pin(create(context, input)).await)
    }

    /// Change a queue, or who works it.
    async fn queue_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which queue, and what to change.")] input: QueueUpdateInput,
    ) -> Result<Option<QueuePayload>, Error> {
        answer(Box::pin(update(context, input)).await)
    }
}

async fn create(context: &Context<'_>, input: QueueCreateInput) -> Result<QueuePayload, Stop> {
    check_storable(&[("name", Some(&input.name)), ("description", input.description.as_deref())])?;
    let new = NewQueue {
        name: input.name,
        description: input.description,
        agents: read_ids("agentIds", "agent", input.agent_ids)?,
    };
    let asked = services(context)?.admin.queue_create(by(context)?, new).await;
    let queue = announced(context, asked).await?;
    Ok(QueuePayload { queue: Some(queue.into()), user_errors: Vec::new() })
}

async fn update(context: &Context<'_>, input: QueueUpdateInput) -> Result<QueuePayload, Stop> {
    check_storable(&[
        ("name", input.name.as_deref()),
        ("description", input.description.as_opt_deref().flatten()),
    ])?;
    let id = read_id("queueId", "queue", &input.queue_id)?;
    let agents = input.agent_ids.map(|ids| read_ids("agentIds", "agent", Some(ids)));
    let changes = Changes {
        name: input.name,
        description: input.description.into(),
        agents: agents.transpose()?,
    };
    let admin = &services(context)?.admin;
    let asked = admin.queue_update(by(context)?, id, input.expected_version, changes).await;
    let queue = announced(context, asked).await?;
    Ok(QueuePayload { queue: Some(queue.into()), user_errors: Vec::new() })
}
