//! Queues.

use super::{Admin, AdminError, By, error::Refusal, field};
use crate::{
    domain::{
        ids::{AgentId, QueueId},
        organization::{Queue, Stamp},
    },
    store::{Reads, agent, queue},
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
        if agent::find_many(&mut connection, by.organization, &agents).await?.len() < agents.len() {
            return Err(Refusal::not_found("agentIds", "agent").into());
        }
        let queue = Queue {
            id: QueueId(self.clock.new_uuid()),
            name,
            description,
            active: true,
            stamp: Stamp::new(self.clock.now()),
        };
        let change = self.created(by, queue.id);
        queue::insert(&mut connection, &queue, &agents, &change).await?;
        connection.commit().await?;
        Ok(queue)
    }
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
