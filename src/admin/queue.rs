//! Queues.

use std::fmt::Display;

use super::{Admin, AdminError, By, error::Refusal, field};
use crate::{
    domain::{
        audit::AuditChanges,
        ids::{AgentId, QueueId},
        organization::{Queue, Stamp},
    },
    store::{
        Reads, agent,
        queue::{self, Changes},
    },
};

/// A queue to make.
#[derive(Debug, Clone)]
pub struct NewQueue {
    pub name: String,
    pub description: Option<String>,
    /// Who works it.
    pub agents: Vec<AgentId>,
}

impl Admin {
    pub async fn queue_create(&self, by: By, new: NewQueue) -> Result<Queue, AdminError> {
        let name = field::name("name", &new.name)?;
        let description = field::description(new.description.as_deref())?;
        let agents = field::ids("agentIds", new.agents)?;
        let mut connection = self.store.write(by.organization).await?;
        check_agents(&mut connection, by, &agents).await?;
        let queue = Queue {
            id: QueueId(self.clock.new_uuid()),
            name,
            description,
            active: true,
            stamp: Stamp::new(self.clock.now()),
        };
        let change = self.created(by, "queueCreate", queue.id).noting(listed(
            AuditChanges::default().set("name", &queue.name),
            "agentIds",
            &agents,
        ));
        queue::insert(&mut connection, &queue, &agents, &change).await?;
        connection.commit().await?;
        Ok(queue)
    }
}

impl Admin {
    /// Changes a queue.
    pub async fn queue_update(
        &self,
        by: By,
        id: QueueId,
        expected_version: i32,
        mut changes: Changes,
    ) -> Result<Queue, AdminError> {
        if let Some(name) = changes.name.as_mut() {
            *name = field::name("name", name)?;
        }
        if let Some(description) = changes.description.as_mut() {
            *description = field::description(description.as_deref())?;
        }
        if let Some(agents) = changes.agents.take() {
            changes.agents = Some(field::ids("agentIds", agents)?);
        }
        let mut connection = self.store.write(by.organization).await?;
        let agents = changes.agents.as_deref().unwrap_or_default();
        check_agents(&mut connection, by, agents).await?;
        let found = queue::find_many(&mut connection, by.organization, &[id]).await?;
        let Some(before) = found.into_iter().next() else {
            return Err(Refusal::not_found("queueId", "queue").into());
        };
        let change = self.updated(by, "queueUpdate", id).noting(moved(&before, &changes));
        let is_stored =
            queue::update(&mut connection, id, expected_version, &changes, &change).await?;
        let found = queue::find_many(&mut connection, by.organization, &[id]).await?;
        let Some(queue) = found.into_iter().next() else {
            return Err(Refusal::not_found("queueId", "queue").into());
        };
        if !is_stored {
            return Err(Refusal::stale(queue.stamp.version).into());
        }
        connection.commit().await?;
        Ok(queue)
    }
}

async fn check_agents(
    connection: &mut impl Reads,
    by: By,
    ids: &[AgentId],
) -> Result<(), AdminError> {
    if agent::find_many(connection, by.organization, ids).await?.len() < ids.len() {
        return Err(Refusal::not_found("agentIds", "agent").into());
    }
    Ok(())
}

/// Refuses queues that the organization does not have.
pub(super) async fn check_queues(
    connection: &mut impl Reads,
    by: By,
    field: &'static str,
    ids: &[QueueId],
) -> Result<(), AdminError> {
    let found = queue::find_many(connection, by.organization, ids).await?;
    if found.len() < ids.len() {
        return Err(Refusal::not_found(field, "queue").into());
    }
    Ok(())
}

/// A change that gave something a list of ids, where there are any.
pub(super) fn listed<Id: Display>(changes: AuditChanges, field: &str, ids: &[Id]) -> AuditChanges {
    let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
    changes.set_if(field, (!texts.is_empty()).then(|| texts.join(" ")))
}

/// What the changes do to a queue.
fn moved(before: &Queue, changes: &Changes) -> AuditChanges {
    let noted = AuditChanges::default().moved_if("name", &before.name, changes.name.as_ref());
    let noted = match &changes.description {
        Some(after) => noted.moved("description", before.description.as_ref(), after.as_ref()),
        None => noted,
    };
    listed(noted, "agentIds", changes.agents.as_deref().unwrap_or_default())
}
