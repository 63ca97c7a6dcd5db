//! Workstreams.

use super::{Admin, AdminError, By, error::Refusal, field, queue::check_queues};
use crate::{
    domain::{
        audit::AuditChanges,
        ids::{QueueId, WorkstreamId},
        message::UnconfirmedPolicy,
        organization::{AutoResolve, Stamp, Workstream},
    },
    store::{
        Reads,
        workstream::{self, AutoResolveChanges, Changes},
    },
};

/// A workstream to make.
#[derive(Debug, Clone)]
pub struct NewWorkstream {
    pub name: String,
    pub description: Option<String>,
    pub language: String,
    pub fallback_queue: QueueId,
    /// What differs from the defaults.
    pub auto_resolve: AutoResolveChanges,
    pub unconfirmed_policy: UnconfirmedPolicy,
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
        check_auto_resolve(&new.auto_resolve)?;
        let mut connection = self.store.write(by.organization).await?;
        check_queues(&mut connection, by, "fallbackQueueId", &[new.fallback_queue]).await?;
        let workstream = Workstream {
            id: WorkstreamId(self.clock.new_uuid()),
            name,
            description,
            active: true,
            language,
            fallback_queue: new.fallback_queue,
            auto_resolve: changed(AutoResolve::default(), &new.auto_resolve),
            unconfirmed_policy: new.unconfirmed_policy,
            stamp: Stamp::new(self.clock.now()),
        };
        let change = self.created(by, "workstreamCreate", workstream.id).noting(
            AuditChanges::default()
                .set("name", &workstream.name)
                .set("language", &workstream.language)
                .set("fallbackQueueId", workstream.fallback_queue),
        );
        workstream::insert(&mut connection, &workstream, &change).await?;
        connection.commit().await?;
        Ok(workstream)
    }

    pub async fn workstream_update(
        &self,
        by: By,
        id: WorkstreamId,
        expected_version: i32,
        mut changes: Changes,
    ) -> Result<Workstream, AdminError> {
        if let Some(name) = changes.name.as_mut() {
            *name = field::name("name", name)?;
        }
        if let Some(description) = changes.description.as_mut() {
            *description = field::description(description.as_deref())?;
        }
        if let Some(language) = changes.language.as_mut() {
            *language = field::language(language)?;
        }
        check_auto_resolve(&changes.auto_resolve)?;
        let mut connection = self.store.write(by.organization).await?;
        let queues: Vec<QueueId> = changes.fallback_queue.into_iter().collect();
        check_queues(&mut connection, by, "fallbackQueueId", &queues).await?;
        let before = find(&mut connection, by, id).await?;
        let change = self.updated(by, "workstreamUpdate", id).noting(moved(&before, &changes));
        let is_stored =
            workstream::update(&mut connection, id, expected_version, &changes, &change).await?;
        let workstream = find(&mut connection, by, id).await?;
        if !is_stored {
            return Err(Refusal::stale(workstream.stamp.version).into());
        }
        connection.commit().await?;
        Ok(workstream)
    }
}

async fn find(
    connection: &mut impl Reads,
    by: By,
    id: WorkstreamId,
) -> Result<Workstream, AdminError> {
    let found = workstream::find_many(connection, by.organization, &[id]).await?;
    let unknown = || Refusal::not_found("workstreamId", "workstream").into();
    found.into_iter().next().ok_or_else(unknown)
}

/// What the changes do to a workstream.
fn moved(before: &Workstream, changes: &Changes) -> AuditChanges {
    let Changes { name, description, active, language, fallback_queue, .. } = changes;
    let seconds = &changes.auto_resolve;
    let (was, now) = (before.auto_resolve, changed(before.auto_resolve, seconds));
    let noted = AuditChanges::default()
        .moved_if("name", &before.name, name.as_ref())
        .moved_if("active", before.active, *active)
        .moved_if("language", &before.language, language.as_ref())
        .moved_if("fallbackQueueId", before.fallback_queue, *fallback_queue)
        .moved_if(
            "unconfirmedPolicy",
            before.unconfirmed_policy.as_str(),
            changes.unconfirmed_policy.map(UnconfirmedPolicy::as_str),
        )
        .moved("autoResolve.openSeconds", Some(was.open_seconds), Some(now.open_seconds))
        .moved("autoResolve.activeSeconds", Some(was.active_seconds), Some(now.active_seconds))
        .moved("autoResolve.waitingSeconds", Some(was.waiting_seconds), Some(now.waiting_seconds))
        .moved("autoResolve.wrapUpSeconds", Some(was.wrap_up_seconds), Some(now.wrap_up_seconds));
    match description {
        Some(after) => noted.moved("description", before.description.as_ref(), after.as_ref()),
        None => noted,
    }
}

fn check_auto_resolve(changes: &AutoResolveChanges) -> Result<(), Refusal> {
    let AutoResolveChanges { open_seconds, active_seconds, waiting_seconds, wrap_up_seconds } =
        *changes;
    for (field, seconds, range) in [
        ("autoResolve.openSeconds", open_seconds, AutoResolve::OPEN_SECONDS),
        ("autoResolve.activeSeconds", active_seconds, AutoResolve::ACTIVE_SECONDS),
        ("autoResolve.waitingSeconds", waiting_seconds, AutoResolve::WAITING_SECONDS),
        ("autoResolve.wrapUpSeconds", wrap_up_seconds, AutoResolve::WRAP_UP_SECONDS),
    ] {
        field::seconds(field, seconds, &range)?;
    }
    Ok(())
}

fn changed(before: AutoResolve, changes: &AutoResolveChanges) -> AutoResolve {
    AutoResolve {
        open_seconds: changes.open_seconds.unwrap_or(before.open_seconds),
        active_seconds: changes.active_seconds.unwrap_or(before.active_seconds),
        waiting_seconds: changes.waiting_seconds.unwrap_or(before.waiting_seconds),
        wrap_up_seconds: changes.wrap_up_seconds.unwrap_or(before.wrap_up_seconds),
    }
}
