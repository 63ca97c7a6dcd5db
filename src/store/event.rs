//! The feed as it is kept: one dense order of events for each organization.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper,
    sql_types::{BigInt, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, SystemConnection, WriteConnection,
    audit::{self, NewAuditEntry},
    commit::{Actor, FeedEventKind},
    schema::{events, organization_feeds, organizations},
    statement::static_statement,
};
use crate::domain::{
    audit::{AuditChanges, AuditOutcome, Origin},
    ids::{ConversationId, MessageId, OrganizationId},
};

/// Events that go at a time, so that a clean-up never holds the table for long.
const DELETE_BATCH_MAX: i64 = 1_000;

static_statement! {
    DeleteEvents {
        organization: Uuid => SqlUuid,
        limit: i64 => BigInt,
        organization_again: Uuid => SqlUuid,
        before: DateTime<Utc> => Timestamptz,
    } -> BigInt,
    "with oldest as ( \
        select position, at from events where organization_id = ? order by position limit ? \
     ) delete from events e using oldest \
     where e.organization_id = ? and e.position = oldest.position and oldest.at < ?"
}

/// An event as it is read back.
#[derive(Debug, Clone)]
pub struct StoredEvent {
    pub position: i64,
    pub kind: FeedEventKind,
    pub conversation: Option<ConversationId>,
    pub message: Option<MessageId>,
    pub changed: Vec<String>,
    pub subject_id: Option<String>,
    pub actor: Actor,
    pub at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = events, check_for_backend(diesel::pg::Pg))]
struct Row {
    position: i64,
    kind: String,
    conversation_id: Option<Uuid>,
    message_id: Option<Uuid>,
    changed: Vec<String>,
    subject_id: Option<String>,
    actor_kind: String,
    actor_id: Option<Uuid>,
    at: DateTime<Utc>,
}

impl Row {
    fn into_event(self) -> Result<StoredEvent, StoreError> {
        Ok(StoredEvent {
            position: self.position,
            kind: FeedEventKind::from_word(&self.kind).ok_or(StoreError::Unreadable("event"))?,
            conversation: self.conversation_id.map(ConversationId),
            message: self.message_id.map(MessageId),
            changed: self.changed,
            subject_id: self.subject_id,
            actor: Actor::from_words(&self.actor_kind, self.actor_id),
            at: self.at,
        })
    }
}

/// The newest position of an organization; 0 before its first event.
pub async fn position(
    connection: &mut impl Reads,
    organization: OrganizationId,
) -> Result<i64, StoreError> {
    let position = organization_feeds::table
        .find(organization.0)
        .select(organization_feeds::position)
        .first(connection.raw())
        .await
        .optional()?;
    Ok(position.unwrap_or(0))
}

/// Every organization with its newest position.
pub async fn positions(
    connection: &mut SystemConnection,
) -> Result<Vec<(OrganizationId, i64)>, StoreError> {
    let rows: Vec<(Uuid, i64)> = organization_feeds::table.load(connection.raw()).await?;
    Ok(rows.into_iter().map(|(id, position)| (OrganizationId(id), position)).collect())
}

/// Events after a position, in order, at most `limit`.
pub async fn read_after(
    connection: &mut impl Reads,
    organization: OrganizationId,
    after: i64,
    limit: i64,
) -> Result<Vec<StoredEvent>, StoreError> {
    let rows: Vec<Row> = events::table
        .filter(events::organization_id.eq(organization.0))
        .filter(events::position.gt(after))
        .order(events::position.asc())
        .limit(limit)
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(Row::into_event).collect()
}

/// The first event after a position: where it stands and when it happened.
///
/// Positions are dense: one that is not the very next says that events between have been forgotten.
pub async fn first_after(
    connection: &mut impl Reads,
    organization: OrganizationId,
    position: i64,
) -> Result<Option<(i64, DateTime<Utc>)>, StoreError> {
    Ok(events::table
        .filter(events::organization_id.eq(organization.0))
        .filter(events::position.gt(position))
        .order(events::position.asc())
        .select((events::position, events::at))
        .first(connection.raw())
        .await
        .optional()?)
}

/// Forgets an organization's events older than a moment, some at a time; `true`: there may be more.
///
/// Goes by position, which follows the time closely enough, so that no index on the time has to be
/// kept up by every commit.
pub async fn delete_before(
    connection: &mut WriteConnection,
    organization: OrganizationId,
    before: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let organization = organization.0;
    let statement = DeleteEvents {
        organization,
        limit: DELETE_BATCH_MAX,
        organization_again: organization,
        before,
    };
    let gone = statement.execute(connection.raw()).await?;
    Ok(gone >= usize::try_from(DELETE_BATCH_MAX).unwrap_or(usize::MAX))
}

/// A change outside of conversations, to be written with the change itself.
#[derive(Debug, Clone)]
pub struct ConfigChange {
    pub organization: OrganizationId,
    pub kind: FeedEventKind,
    /// The id of what changed, as the API shows it.
    pub subject_id: String,
    pub actor: Actor,
    pub at: DateTime<Utc>,
    /// What the audit log is to say; nothing of what the server did by itself.
    pub audit: Option<Note>,
}

/// What the audit log says beside who, when and what about.
#[derive(Debug, Clone)]
pub struct Note {
    /// The mutation.
    pub action: &'static str,
    pub changes: AuditChanges,
    pub origin: Origin,
}

impl ConfigChange {
    /// With what was before and after, for the audit log.
    #[must_use]
    pub fn noting(mut self, changes: AuditChanges) -> Self {
        self.audit = self.audit.map(|note| Note { changes, ..note });
        self
    }

    fn audit_entry(&self) -> Option<NewAuditEntry> {
        let Note { action, changes, origin } = self.audit.clone()?;
        Some(NewAuditEntry {
            organization: self.organization,
            at: self.at,
            actor: self.actor,
            action,
            outcome: AuditOutcome::Done,
            subject_id: self.subject_id.clone(),
            changes,
            origin,
        })
    }
}

/// Moves the settings version and appends to the feed; the last act of an admin's transaction.
pub(super) async fn record_config_change(
    connection: &mut AsyncPgConnection,
    change: &ConfigChange,
) -> Result<(), diesel::result::Error> {
    diesel::update(organizations::table.find(change.organization.0))
        .set(organizations::settings_version.eq(organizations::settings_version + 1))
        .execute(connection)
        .await?;
    append(connection, change).await
}

/// Appends to the feed, and to the audit log, what is no change of a conversation; the last act of
/// its transaction.
pub(super) async fn append(
    connection: &mut AsyncPgConnection,
    change: &ConfigChange,
) -> Result<(), diesel::result::Error> {
    let position: i64 = diesel::update(organization_feeds::table.find(change.organization.0))
        .set(organization_feeds::position.eq(organization_feeds::position + 1))
        .returning(organization_feeds::position)
        .get_result(connection)
        .await?;
    let (actor_kind, actor_id) = change.actor.words();
    diesel::insert_into(events::table)
        .values((
            events::organization_id.eq(change.organization.0),
            events::position.eq(position),
            events::kind.eq(change.kind.as_str()),
            events::changed.eq(Vec::<String>::new()),
            events::subject_id.eq(&change.subject_id),
            events::actor_kind.eq(actor_kind),
            events::actor_id.eq(actor_id),
            events::at.eq(change.at),
        ))
        .execute(connection)
        .await?;
    audit::append(connection, change.audit_entry().as_ref()).await
}
