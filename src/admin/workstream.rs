//! Workstreams.

use super::{Admin, AdminError, By, field, queue::check_queues};
use crate::{
    domain::{
        ids::{QueueId, WorkstreamId},
        organization::{Stamp, Workstream},
    },
    store::workstream,
};

/// A workstream to make.
#[derive(Debug, Clone)]
pub struct NewWorkstream {
    pub name: String,
    pub description: Option<String>,
    pub language: String,
    pub fallback_queue: QueueId,
}

impl Admin {
    pub async fn workstream_create(
        &self,
        by: By,
        new: NewWorkstream,
    ) -> Result<Workstream, AdminError> {
        let name = field::name("name", &new.name)?;
        let description = field::description(new.description.as_deref())?;
        let language = field::language(&new.language)?;
        let mut connection = self.store.write().await?;
        check_queues(&mut connection, by, "fallbackQueueId", &[new.fallback_queue]).await?;
        let workstream = Workstream {
            id: WorkstreamId(self.clock.new_uuid()),
            name,
            description,
            active: true,
            language,
            fallback_queue: new.fallback_queue,
            stamp: Stamp::new(self.clock.now()),
        };
        let change = self.created(by, workstream.id);
        workstream::insert(&mut connection, &workstream, &change).await?;
        Ok(workstream)
    }
}
