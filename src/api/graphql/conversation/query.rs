//! Lists and lookups of conversations.

use async_graphql::{Context, Error, ID, InputObject, Object, connection::Connection};
use uuid::Uuid;

use super::{ConversationObject, reading::Reading, word::ConversationStatus};
use crate::{
    api::graphql::{
        connection::{PageArguments, connect_rows},
        context::principal,
        cursor::encode_id,
        error::{bad_input, fault},
        scalar::SmsAddress,
        viewer::viewer,
    },
    domain::{
        conversation::ConversationStatus as Status,
        ids::{AgentId, ConversationId, QueueId, SupportNumberId, WorkstreamId},
    },
    store::{
        conversation::{self, Filter},
        page::Page,
    },
};

/// Ids in one member of a filter.
const FILTER_IDS_MAX: usize = 100;

type Conversations = Connection<String, ConversationObject>;

/// What a list of conversations is narrowed to; all members must match.
#[derive(InputObject, Default)]
pub struct ConversationFilter {
    /// Any of these.
    status: Option<Vec<ConversationStatus>>,
    /// Any of these.
    workstream_ids: Option<Vec<ID>>,
    /// Any of these.
    queue_ids: Option<Vec<ID>>,
    /// Any of these; an empty list means unassigned.
    assignee_ids: Option<Vec<ID>>,
    /// Any of these.
    support_number_ids: Option<Vec<ID>>,
    /// Exactly this customer.
    customer_address: Option<SmsAddress>,
}

impl ConversationFilter {
    fn read(self) -> Result<Filter, Error> {
        let statuses = self.status.map(|all| all.into_iter().map(Status::from).collect());
        Ok(Filter {
            statuses,
            queues: read_ids(self.queue_ids, QueueId)?,
            workstreams: read_ids(self.workstream_ids, WorkstreamId)?,
            support_numbers: read_ids(self.support_number_ids, SupportNumberId)?,
            assignees: read_ids(self.assignee_ids, AgentId)?,
            customer: self.customer_address.map(|address| address.0),
        })
    }
}

/// An id of another kind matches nothing: it must not vanish, for an empty list may mean "none".
fn read_ids<Id: std::str::FromStr>(
    ids: Option<Vec<ID>>,
    id_of: fn(Uuid) -> Id,
) -> Result<Option<Vec<Id>>, Error> {
    let Some(ids) = ids else { return Ok(None) };
    if ids.len() > FILTER_IDS_MAX {
        return Err(bad_input(format!("a filter has at most {FILTER_IDS_MAX} ids of a kind")));
    }
    let read = |id: &ID| id.parse().unwrap_or_else(|_| id_of(Uuid::nil()));
    Ok(Some(ids.iter().map(read).collect()))
}

/// Every status of a conversation that somebody still has to do with.
pub const UNRESOLVED: [Status; 4] = [Status::Open, Status::Active, Status::Waiting, Status::WrapUp];

/// What is an agent's own and not resolved.
pub fn inbox_of(agent: AgentId) -> Filter {
    Filter {
        statuses: Some(UNRESOLVED.to_vec()),
        assignees: Some(vec![agent]),
        ..Filter::default()
    }
}

/// Reads conversations.
#[derive(Default)]
pub struct ConversationQuery;

#[Object]
impl ConversationQuery {
    /// One conversation; null when the viewer may not see it.
    async fn conversation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Id of the conversation.")] id: ID,
    ) -> Result<Option<ConversationObject>, Error> {
        let Ok(id) = id.parse::<ConversationId>() else { return Ok(None) };
        let (viewer, organization) = (viewer(context)?, principal(context)?.organization);
        let mut reading = Reading::begin(context).await?;
        let found = conversation::find(&mut reading.connection, organization, id).await;
        let found = found.map_err(|error| fault(&error))?;
        let visible = found.filter(|conversation| viewer.may_see(conversation));
        Ok(visible.map(|conversation| reading.object(conversation)))
    }

    /// All conversations that the viewer may see, in the order in which they began.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn conversations(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "What to leave out.")] filter: Option<ConversationFilter>,
    ) -> Result<Option<Conversations>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        list(context, &filter.unwrap_or_default().read()?, page).await.map(Some)
    }

    /// The caller's own open work: assigned, waiting, wrapping up.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn inbox(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Option<Conversations>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        list(context, &inbox_of(principal(context)?.agent), page).await.map(Some)
    }
}

async fn list(context: &Context<'_>, filter: &Filter, page: Page) -> Result<Conversations, Error> {
    let (viewer, organization) = (viewer(context)?, principal(context)?.organization);
    let mut reading = Reading::begin(context).await?;
    let read =
        conversation::list(&mut reading.connection, organization, &viewer, filter, page).await;
    let slice = read.map_err(|error| fault(&error))?;
    Ok(connect_rows(slice, |row| encode_id(row.id.0), |row| reading.object(row)))
}
