//! Streams of work, each with its own numbers and language.

use async_graphql::{
    Context, Enum, Error, ID, InputObject, MaybeUndefined, Object, SimpleObject,
    connection::Connection,
};

use super::queue::QueueObject;
use crate::{
    admin::NewWorkstream,
    api::graphql::{
        administration::{announced, by, check_storable, read_id},
        channel::{SupportNumberObject, list_numbers},
        connection::{PageArguments, connect_rows},
        context::{connect, principal, services},
        conversation::change::{Stop, answer},
        cursor::encode_id,
        error::{UserError, fault},
        loader::load,
        scalar::{DateTime, LanguageTag},
    },
    domain::{
        ids::WorkstreamId,
        message,
        organization::{self, Workstream},
    },
    store::{
        support_number::Filter,
        workstream::{self, AutoResolveChanges, Changes},
    },
};

/// A stream of work.
pub struct WorkstreamObject(Workstream);

impl From<Workstream> for WorkstreamObject {
    fn from(workstream: Workstream) -> Self {
        Self(workstream)
    }
}

/// A stream of work with its own numbers and language.
#[Object(name = "Workstream")]
impl WorkstreamObject {
    /// Opaque and stable.
    pub async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Grows by one with each accepted change.
    pub async fn version(&self) -> i32 {
        self.0.stamp.version
    }

    /// When it was made.
    pub async fn created_at(&self) -> DateTime {
        self.0.stamp.created_at.into()
    }

    /// When it last changed.
    pub async fn updated_at(&self) -> DateTime {
        self.0.stamp.updated_at.into()
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is for.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// False when its numbers take no new conversations.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// The language of its conversations.
    async fn language(&self) -> LanguageTag {
        LanguageTag(self.0.language.clone())
    }

    /// Where its conversations wait.
    async fn fallback_queue(&self, context: &Context<'_>) -> Result<QueueObject, Error> {
        let found = load(context, self.0.fallback_queue).await?;
        found.map(QueueObject::from).ok_or_else(|| Error::new("a workstream's queue is not there"))
    }

    /// How long its conversations may stand still before they resolve by themselves.
    async fn auto_resolve(&self) -> AutoResolve {
        self.0.auto_resolve.into()
    }

    /// What happens to a text whose fate is still unknown 180 s after its answer was lost.
    async fn unconfirmed_policy(&self) -> UnconfirmedPolicy {
        self.0.unconfirmed_policy.into()
    }

    /// The numbers that feed it, in the order in which they were added.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn support_numbers(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, SupportNumberObject>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        let filter = Filter { workstream: Some(self.0.id), ..Filter::default() };
        list_numbers(context, &filter, page).await
    }
}

/// What happens to a text whose fate is still unknown after the wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "message::UnconfirmedPolicy")]
pub enum UnconfirmedPolicy {
    /// A person decides; the customer never gets it twice by itself.
    #[graphql(name = "AT_MOST_ONCE")]
    AtMostOnce,
    /// One new attempt is made; the customer may get it twice.
    #[graphql(name = "AT_LEAST_ONCE")]
    AtLeastOnce,
}

/// Seconds in a state after which a conversation resolves by itself.
///
/// They count from the entry into the state, or from the last text of either side, whichever is
/// later.
#[expect(clippy::struct_field_names, reason = "a unit comes last in every name")]
#[derive(SimpleObject)]
pub struct AutoResolve {
    /// While nobody has it; it then ends as STALE.
    open_seconds: i32,
    /// While an agent works on it; it then ends as STALE.
    active_seconds: i32,
    /// While it waits; it then ends as INACTIVITY.
    waiting_seconds: i32,
    /// While its agent wraps it up; it then ends as STALE.
    wrap_up_seconds: i32,
}

impl From<organization::AutoResolve> for AutoResolve {
    fn from(settings: organization::AutoResolve) -> Self {
        let organization::AutoResolve {
            open_seconds,
            active_seconds,
            waiting_seconds,
            wrap_up_seconds,
        } = settings;
        Self { open_seconds, active_seconds, waiting_seconds, wrap_up_seconds }
    }
}

/// Seconds in a state after which a conversation resolves by itself; what is left out stays.
#[expect(clippy::struct_field_names, reason = "a unit comes last in every name")]
#[derive(InputObject, Default)]
pub struct AutoResolveInput {
    /// 1 minute to 1 year; 30 days by default.
    open_seconds: Option<i32>,
    /// 1 minute to 1 year; 30 days by default.
    active_seconds: Option<i32>,
    /// 5 minutes to 1 year; 24 hours by default.
    waiting_seconds: Option<i32>,
    /// 1 minute to 30 days; 1 day by default.
    wrap_up_seconds: Option<i32>,
}

impl From<AutoResolveInput> for AutoResolveChanges {
    fn from(input: AutoResolveInput) -> Self {
        let AutoResolveInput { open_seconds, active_seconds, waiting_seconds, wrap_up_seconds } =
            input;
        Self { open_seconds, active_seconds, waiting_seconds, wrap_up_seconds }
    }
}

/// Reads workstreams.
#[derive(Default)]
pub struct WorkstreamQuery;

#[Object]
impl WorkstreamQuery {
    /// One workstream.
    async fn workstream(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Id of the workstream.")] id: ID,
    ) -> Result<Option<WorkstreamObject>, Error> {
        let Ok(id) = id.parse::<WorkstreamId>() else { return Ok(None) };
        Ok(load(context, id).await?.map(WorkstreamObject))
    }

    /// All workstreams, in the order in which they were made.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn workstreams(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<String, WorkstreamObject>>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        let mut connection = connect(context).await?;
        let read = workstream::list(&mut connection, principal(context)?.organization, page).await;
        let slice = read.map_err(|error| fault(&error))?;
        Ok(Some(connect_rows(slice, |row| encode_id(row.id.0), WorkstreamObject)))
    }
}

/// A workstream to make.
#[derive(InputObject)]
pub struct WorkstreamCreateInput {
    /// What it is called; 1 to 200 characters, once in the organization.
    name: String,
    /// What it is for; at most 2000 characters.
    description: Option<String>,
    /// The language of its conversations.
    language: LanguageTag,
    /// Where its conversations wait.
    fallback_queue_id: ID,
    /// How long its conversations may stand still.
    auto_resolve: Option<AutoResolveInput>,
    /// What happens to a text whose fate is not known.
    #[graphql(default_with = "UnconfirmedPolicy::AtMostOnce")]
    unconfirmed_policy: UnconfirmedPolicy,
}

/// What to change about a workstream; what is left out stays as it is.
#[derive(InputObject)]
pub struct WorkstreamUpdateInput {
    /// Which one.
    workstream_id: ID,
    /// Refuse if it has changed since this version.
    expected_version: i32,
    /// What it is called; null leaves it as it is.
    name: Option<String>,
    /// What it is for; null clears it.
    description: MaybeUndefined<String>,
    /// Whether its numbers take new conversations; null leaves it as it is.
    active: Option<bool>,
    /// The language of its new conversations; null leaves it as it is.
    language: Option<LanguageTag>,
    /// Where its new conversations wait; null leaves it as it is.
    fallback_queue_id: Option<ID>,
    /// How long its conversations may stand still; moves what runs already.
    auto_resolve: Option<AutoResolveInput>,
    /// What happens to a text whose fate is not known; null leaves it as it is.
    unconfirmed_policy: Option<UnconfirmedPolicy>,
}

/// The workstream as it stands after the change.
#[derive(SimpleObject, Default)]
pub struct WorkstreamPayload {
    /// As it stands now.
    workstream: Option<WorkstreamObject>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

impl From<UserError> for WorkstreamPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Makes and changes workstreams.
#[derive(Default)]
pub struct WorkstreamMutation;

#[Object]
impl WorkstreamMutation {
    /// Make a workstream; numbers are put into it one by one.
    async fn workstream_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it is called, and where its work goes.")]
        input: WorkstreamCreateInput,
    ) -> Result<Option<WorkstreamPayload>, Error> {
        answer(Box::pin(create(context, input)).await)
    }

    /// Change a workstream; holds for the very next callback, and for timers that run already.
    async fn workstream_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which workstream, and what to change.")] input: WorkstreamUpdateInput,
    ) -> Result<Option<WorkstreamPayload>, Error> {
        answer(Box::pin(update(context, input)).await)
    }
}

async fn create(
    context: &Context<'_>,
    input: WorkstreamCreateInput,
) -> Result<WorkstreamPayload, Stop> {
    check_storable(&[("name", Some(&input.name)), ("description", input.description.as_deref())])?;
    let new = NewWorkstream {
        name: input.name,
        description: input.description,
        language: input.language.0,
        fallback_queue: read_id("fallbackQueueId", "queue", &input.fallback_queue_id)?,
        auto_resolve: input.auto_resolve.unwrap_or_default().into(),
        unconfirmed_policy: input.unconfirmed_policy.into(),
    };
    let asked = services(context)?.admin.workstream_create(by(context)?, new).await;
    let workstream = announced(context, asked).await?;
    Ok(WorkstreamPayload { workstream: Some(workstream.into()), user_errors: Vec::new() })
}

async fn update(
    context: &Context<'_>,
    input: WorkstreamUpdateInput,
) -> Result<WorkstreamPayload, Stop> {
    check_storable(&[
        ("name", input.name.as_deref()),
        ("description", input.description.as_opt_deref().flatten()),
    ])?;
    let id = read_id("workstreamId", "workstream", &input.workstream_id)?;
    let queue = input.fallback_queue_id.as_ref();
    let changes = Changes {
        name: input.name,
        description: input.description.into(),
        active: input.active,
        language: input.language.map(|language| language.0),
        fallback_queue: queue.map(|id| read_id("fallbackQueueId", "queue", id)).transpose()?,
        auto_resolve: input.auto_resolve.unwrap_or_default().into(),
        unconfirmed_policy: input.unconfirmed_policy.map(Into::into),
    };
    let admin = &services(context)?.admin;
    let asked = admin.workstream_update(by(context)?, id, input.expected_version, changes).await;
    let workstream = announced(context, asked).await?;
    Ok(WorkstreamPayload { workstream: Some(workstream.into()), user_errors: Vec::new() })
}
