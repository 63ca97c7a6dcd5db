//! Texts and tries at sending them, read. Only `commit` writes them.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    Reads, StoreError,
    page::{Page, Slice, keyset},
    schema::{messages, send_attempts},
};
use crate::domain::{
    address::SmsAddress,
    consent::wording::AutomatedTrigger,
    ids::{AgentId, ChannelAccountId, ConversationId, MessageId, OrganizationId},
    message::{
        Message, MessageDirection, MessageFailure, MessageFailureCode, MessageOrigin, MessageStatus,
    },
};

/// Texts that a rehydrated actor starts with; the rest is asked for by id.
const UNSETTLED_MAX: i64 = 200;

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(diesel::pg::Pg))]
struct Row {
    conversation_id: Uuid,
    sequence: i32,
    id: Uuid,
    direction: String,
    origin: String,
    status: String,
    status_changed_at: DateTime<Utc>,
    author_id: Option<Uuid>,
    text: String,
    sender: String,
    recipient: String,
    created_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
    attempt: i32,
    resends: i32,
    provider_reference: Option<String>,
    failure_code: Option<String>,
    failure_provider_code: Option<i32>,
    failure_description: Option<String>,
    idempotency_key: Option<String>,
    trigger: Option<String>,
}

const UNREADABLE: StoreError = StoreError::Unreadable("message");

/// A text with the conversation that it belongs to.
#[derive(Debug, Clone)]
pub struct Located {
    pub conversation_id: ConversationId,
    pub message: Message,
}

impl Row {
    fn into_domain(self) -> Result<Located, StoreError> {
        let address = |text: String| text.parse::<SmsAddress>().ok().ok_or(UNREADABLE);
        let failure = self.failure_code.map(|code| MessageFailure {
            code: MessageFailureCode::from_word(&code).unwrap_or(MessageFailureCode::Unknown),
            provider_code: self.failure_provider_code,
            description: self.failure_description.unwrap_or_default(),
        });
        let message = Message {
            id: MessageId(self.id),
            sequence: self.sequence,
            direction: MessageDirection::from_word(&self.direction).ok_or(UNREADABLE)?,
            origin: MessageOrigin::from_word(&self.origin).ok_or(UNREADABLE)?,
            status: MessageStatus::from_word(&self.status).ok_or(UNREADABLE)?,
            status_changed_at: self.status_changed_at,
            author: self.author_id.map(AgentId),
            text: self.text,
            from: address(self.sender)?,
            to: address(self.recipient)?,
            created_at: self.created_at,
            sent_at: self.sent_at,
            delivered_at: self.delivered_at,
            attempt: self.attempt,
            resends: self.resends,
            provider_reference: self.provider_reference,
            failure,
            idempotency_key: self.idempotency_key,
            trigger: self.trigger.as_deref().and_then(AutomatedTrigger::from_word),
        };
        Ok(Located { conversation_id: ConversationId(self.conversation_id), message })
    }
}

/// The text of that id, in that organization.
pub async fn find(
    connection: &mut impl Reads,
    organization: OrganizationId,
    id: MessageId,
) -> Result<Option<Located>, StoreError> {
    let row = messages::table
        .filter(messages::organization_id.eq(organization.0))
        .filter(messages::id.eq(id.0))
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
    ids: &[MessageId],
) -> Result<Vec<Located>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = messages::table
        .filter(messages::organization_id.eq(organization.0))
        .filter(messages::id.eq_any(ids))
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// The newest text of each of the conversations that has one.
pub async fn newest_of_each(
    connection: &mut impl Reads,
    organization: OrganizationId,
    conversations: &[ConversationId],
) -> Result<Vec<Located>, StoreError> {
    let ids: Vec<Uuid> = conversations.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = messages::table
        .filter(messages::organization_id.eq(organization.0))
        .filter(messages::conversation_id.eq_any(ids))
        .distinct_on(messages::conversation_id)
        .order((messages::conversation_id, messages::sequence.desc()))
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// A page of a conversation's texts, by sequence.
pub async fn list(
    connection: &mut impl Reads,
    organization: OrganizationId,
    conversation: ConversationId,
    page: Page<i32>,
) -> Result<Slice<Message>, StoreError> {
    let query = messages::table
        .filter(messages::organization_id.eq(organization.0))
        .filter(messages::conversation_id.eq(conversation.0))
        .select(Row::as_select())
        .into_boxed();
    let rows: Vec<Row> = keyset!(query, messages::sequence, page).load(connection.raw()).await?;
    page.cut(rows).try_map(|row| row.into_domain().map(|located| located.message))
}

/// A conversation's texts that the provider has not settled, oldest first.
pub async fn unsettled(
    connection: &mut impl Reads,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Vec<Message>, StoreError> {
    let words = [MessageStatus::Queued, MessageStatus::Sending, MessageStatus::Unconfirmed];
    let rows: Vec<Row> = messages::table
        .filter(messages::organization_id.eq(organization.0))
        .filter(messages::conversation_id.eq(conversation.0))
        .filter(messages::status.eq_any(words.map(MessageStatus::as_str)))
        .order(messages::sequence.asc())
        .limit(UNSETTLED_MAX)
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(|row| row.into_domain().map(|located| located.message)).collect()
}

/// One try at sending, as it is kept.
#[derive(Debug, Clone)]
pub struct SendAttempt {
    pub message_id: MessageId,
    pub number: i32,
    pub status: MessageStatus,
    pub started_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    pub provider_reference: Option<String>,
    pub provider_code: Option<i32>,
    pub description: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = send_attempts, check_for_backend(diesel::pg::Pg))]
struct AttemptRow {
    message_id: Uuid,
    number: i32,
    status: String,
    started_at: DateTime<Utc>,
    settled_at: Option<DateTime<Utc>>,
    provider_reference: Option<String>,
    provider_code: Option<i32>,
    description: Option<String>,
}

/// Every try of the texts, oldest first.
pub async fn attempts_of(
    connection: &mut impl Reads,
    organization: OrganizationId,
    messages: &[MessageId],
) -> Result<Vec<SendAttempt>, StoreError> {
    let ids: Vec<Uuid> = messages.iter().map(|id| id.0).collect();
    let rows: Vec<AttemptRow> = send_attempts::table
        .filter(send_attempts::organization_id.eq(organization.0))
        .filter(send_attempts::message_id.eq_any(ids))
        .order((send_attempts::message_id, send_attempts::number))
        .select(AttemptRow::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(SendAttempt {
                message_id: MessageId(row.message_id),
                number: row.number,
                status: MessageStatus::from_word(&row.status).ok_or(UNREADABLE)?,
                started_at: row.started_at,
                settled_at: row.settled_at,
                provider_reference: row.provider_reference,
                provider_code: row.provider_code,
                description: row.description,
            })
        })
        .collect()
}

/// The text and try that the provider knows by this reference.
pub async fn find_by_reference(
    connection: &mut impl Reads,
    organization: OrganizationId,
    account: ChannelAccountId,
    reference: &str,
) -> Result<Option<(MessageId, i32)>, StoreError> {
    let found: Option<(Uuid, i32)> = send_attempts::table
        .filter(send_attempts::organization_id.eq(organization.0))
        .filter(send_attempts::channel_account_id.eq(account.0))
        .filter(send_attempts::provider_reference.eq(reference))
        .select((send_attempts::message_id, send_attempts::number))
        .first(connection.raw())
        .await
        .optional()?;
    Ok(found.map(|(message, attempt)| (MessageId(message), attempt)))
}
