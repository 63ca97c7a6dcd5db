//! Conversations, read. Only `commit` writes them.

use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, OptionalExtension,
    QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    Reads, StoreError,
    page::{Page, Slice, keyset},
    schema::conversations,
};
use crate::domain::{
    address::{SmsAddress, SupportNumberDigits, SupportNumberKind},
    conversation::{
        Conversation, ConversationStatus, Opening, Pair, ResolutionReason, WaitingOn,
        access::{Role, Viewer},
    },
    ids::{
        AgentId, ChannelAccountId, ConversationId, OrganizationId, QueueId, SupportNumberId,
        WorkstreamId,
    },
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = conversations, check_for_backend(diesel::pg::Pg))]
pub(super) struct Row {
    organization_id: Uuid,
    id: Uuid,
    channel_account_id: Uuid,
    support_number_id: Uuid,
    support_number: String,
    customer: String,
    workstream_id: Uuid,
    queue_id: Uuid,
    language: String,
    status: String,
    status_changed_at: DateTime<Utc>,
    waiting_on: Option<String>,
    resolution_reason: Option<String>,
    assignee_id: Option<Uuid>,
    assigned_at: Option<DateTime<Utc>>,
    affinity_id: Option<Uuid>,
    previous_id: Option<Uuid>,
    opted_out: bool,
    last_sequence: i32,
    last_inbound_at: Option<DateTime<Utc>>,
    last_outbound_at: Option<DateTime<Utc>>,
    revision: i64,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

const UNREADABLE: StoreError = StoreError::Unreadable("conversation");

impl Row {
    pub(super) fn into_domain(self) -> Result<Conversation, StoreError> {
        let customer = self.customer.parse::<SmsAddress>().ok().ok_or(UNREADABLE)?;
        // The kind was checked when the number was added; here only digits matter.
        let kind = if self.support_number.len() < 7 {
            SupportNumberKind::ShortCode
        } else {
            SupportNumberKind::Geo
        };
        let support_number =
            SupportNumberDigits::parse(kind, &self.support_number).ok().ok_or(UNREADABLE)?;
        let word = |text: Option<String>| text.unwrap_or_default();
        Ok(Conversation {
            id: ConversationId(self.id),
            pair: Pair {
                organization_id: OrganizationId(self.organization_id),
                support_number_id: SupportNumberId(self.support_number_id),
                customer,
            },
            opening: Opening {
                channel_account_id: ChannelAccountId(self.channel_account_id),
                support_number,
                workstream_id: WorkstreamId(self.workstream_id),
                queue_id: QueueId(self.queue_id),
                language: self.language.into(),
            },
            status: ConversationStatus::from_word(&self.status).ok_or(UNREADABLE)?,
            status_changed_at: self.status_changed_at,
            waiting_on: WaitingOn::from_word(&word(self.waiting_on)),
            resolution_reason: ResolutionReason::from_word(&word(self.resolution_reason)),
            assignee: self.assignee_id.map(AgentId),
            assigned_at: self.assigned_at,
            affinity: self.affinity_id.map(AgentId),
            previous_id: self.previous_id.map(ConversationId),
            opted_out: self.opted_out,
            last_sequence: self.last_sequence,
            last_inbound_at: self.last_inbound_at,
            last_outbound_at: self.last_outbound_at,
            created_at: self.created_at,
            updated_at: self.updated_at,
            revision: self.revision,
            version: self.version,
        })
    }
}

fn into_domain(rows: Vec<Row>) -> Result<Vec<Conversation>, StoreError> {
    rows.into_iter().map(Row::into_domain).collect()
}

/// The conversation of that id, in that organization.
pub async fn find(
    connection: &mut impl Reads,
    organization: OrganizationId,
    id: ConversationId,
) -> Result<Option<Conversation>, StoreError> {
    let row = conversations::table
        .find((organization.0, id.0))
        .select(Row::as_select())
        .first(connection.raw())
        .await
        .optional()?;
    row.map(Row::into_domain).transpose()
}

/// Those of the ids that exist, in no order.
pub async fn find_many(
    connection: &mut impl Reads,
    organization: OrganizationId,
    ids: &[ConversationId],
) -> Result<Vec<Conversation>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = conversations::table
        .filter(conversations::organization_id.eq(organization.0))
        .filter(conversations::id.eq_any(ids))
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    into_domain(rows)
}

/// The newest conversation of a pair, resolved or not.
pub async fn newest_of_pair(
    connection: &mut impl Reads,
    pair: &Pair,
) -> Result<Option<Conversation>, StoreError> {
    let row = conversations::table
        .filter(conversations::organization_id.eq(pair.organization_id.0))
        .filter(conversations::support_number_id.eq(pair.support_number_id.0))
        .filter(conversations::customer.eq(pair.customer.as_str()))
        .order(conversations::id.desc())
        .select(Row::as_select())
        .first(connection.raw())
        .await
        .optional()?;
    row.map(Row::into_domain).transpose()
}

/// What a list of conversations is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub statuses: Option<Vec<ConversationStatus>>,
    pub queues: Option<Vec<QueueId>>,
    pub workstreams: Option<Vec<WorkstreamId>>,
    pub support_numbers: Option<Vec<SupportNumberId>>,
    /// Empty: the unassigned ones.
    pub assignees: Option<Vec<AgentId>>,
    pub customer: Option<SmsAddress>,
}

/// A page of what the viewer may see, in the order in which the conversations began.
pub async fn list(
    connection: &mut impl Reads,
    organization: OrganizationId,
    viewer: &Viewer,
    filter: &Filter,
    page: Page,
) -> Result<Slice<Conversation>, StoreError> {
    let mut query = conversations::table
        .filter(conversations::organization_id.eq(organization.0))
        .select(Row::as_select())
        .into_boxed();
    let own = conversations::assignee_id.assume_not_null().eq(viewer.agent.0);
    let own_queues: Vec<Uuid> = viewer.queues.iter().map(|queue| queue.0).collect();
    let in_queues = conversations::queue_id.eq_any(own_queues);
    query = match viewer.role {
        Role::Admin => query,
        Role::Supervisor => query.filter(own.or(in_queues)),
        Role::Agent => {
            let is_open = conversations::status.eq(ConversationStatus::Open.as_str());
            query.filter(own.or(in_queues.and(is_open)))
        }
    };
    if let Some(statuses) = &filter.statuses {
        let words: Vec<&str> = statuses.iter().map(|status| status.as_str()).collect();
        query = query.filter(conversations::status.eq_any(words));
    }
    if let Some(queues) = &filter.queues {
        let ids: Vec<Uuid> = queues.iter().map(|queue| queue.0).collect();
        query = query.filter(conversations::queue_id.eq_any(ids));
    }
    if let Some(workstreams) = &filter.workstreams {
        let ids: Vec<Uuid> = workstreams.iter().map(|workstream| workstream.0).collect();
        query = query.filter(conversations::workstream_id.eq_any(ids));
    }
    if let Some(numbers) = &filter.support_numbers {
        let ids: Vec<Uuid> = numbers.iter().map(|number| number.0).collect();
        query = query.filter(conversations::support_number_id.eq_any(ids));
    }
    query = match &filter.assignees {
        None => query,
        Some(none) if none.is_empty() => query.filter(conversations::assignee_id.is_null()),
        Some(agents) => {
            let ids: Vec<Uuid> = agents.iter().map(|agent| agent.0).collect();
            query.filter(conversations::assignee_id.eq_any(ids))
        }
    };
    if let Some(customer) = &filter.customer {
        query = query.filter(conversations::customer.eq(customer.as_str().to_owned()));
    }
    let rows: Vec<Row> = keyset!(query, conversations::id, page).load(connection.raw()).await?;
    page.cut(rows).try_map(Row::into_domain)
}
