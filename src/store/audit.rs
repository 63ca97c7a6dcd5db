//! The audit log: lines are added in the transaction of what they tell of, and never touched again.
//!
//! PostgreSQL numbers and chains them (see the migration), so that a line costs one statement;
//! [`verify`] works every hash out anew.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper,
    sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection,
    commit::Actor,
    page::{Page, Slice, keyset},
    schema::{audit_entries, audit_logs},
    statement::static_statement,
};
use crate::domain::{
    audit::{AuditChange, AuditChanges, AuditOutcome, Origin},
    chain::{BEGINNING, Broken, Hash, Hasher, Walk},
    ids::{AuditEntryId, OrganizationId},
};

/// Lines that are walked along at a time.
const WALKED_AT_A_TIME: i64 = 1_000;
/// The layout that is hashed; another layout gets another word.
const LAYOUT: &[u8] = b"centralino audit 1";

const UNREADABLE: StoreError = StoreError::Unreadable("audit entry");

static_statement! {
    InsertEntries {
        organization: Vec<Uuid> => Array<SqlUuid>,
        at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        actor_kind: Vec<&'static str> => Array<Text>,
        actor_id: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        action: Vec<&'static str> => Array<Text>,
        outcome: Vec<&'static str> => Array<Text>,
        subject: Vec<String> => Array<Text>,
        changes: Vec<String> => Array<Text>,
        request: Vec<Option<String>> => Array<Nullable<Text>>,
        address: Vec<Option<String>> => Array<Nullable<Text>>,
    } -> SqlUuid,
    "insert into audit_entries (organization_id, at, actor_kind, actor_id, action, outcome, \
        subject_id, changes, request_id, address) \
     select organization, at, actor_kind, actor_id, action, outcome, subject, changes, request, \
        address \
     from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) with ordinality as n (organization, at, actor_kind, \
        actor_id, action, outcome, subject, changes, request, address, place) \
     order by organization, place"
}

/// What is to be noted.
#[derive(Debug, Clone)]
pub struct NewAuditEntry {
    pub organization: OrganizationId,
    pub at: DateTime<Utc>,
    pub actor: Actor,
    /// The mutation.
    pub action: &'static str,
    pub outcome: AuditOutcome,
    /// Id of what it was done to, as the API shows it.
    pub subject_id: String,
    pub changes: AuditChanges,
    pub origin: Origin,
}

/// Adds entries inside a transaction, those of one organization in their order.
///
/// Whoever holds the log's head and the feed's position has taken the position first.
pub(super) async fn append(
    connection: &mut AsyncPgConnection,
    entries: impl IntoIterator<Item = &NewAuditEntry>,
) -> Result<(), diesel::result::Error> {
    let mut rows = InsertEntries::default();
    for entry in entries {
        let (actor_kind, actor_id) = entry.actor.words();
        let changes = serde_json::to_string(&entry.changes.0)
            .map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
        rows.organization.push(entry.organization.0);
        rows.at.push(entry.at);
        rows.actor_kind.push(actor_kind);
        rows.actor_id.push(actor_id);
        rows.action.push(entry.action);
        rows.outcome.push(entry.outcome.as_str());
        rows.subject.push(entry.subject_id.clone());
        rows.changes.push(changes);
        rows.request.push(entry.origin.request.map(|id| id.to_string()));
        rows.address.push(entry.origin.address.map(|address| address.to_string()));
    }
    if !rows.organization.is_empty() {
        rows.execute(connection).await?;
    }
    Ok(())
}

/// Adds an entry.
pub async fn record(
    connection: &mut WriteConnection,
    entry: NewAuditEntry,
) -> Result<(), StoreError> {
    Ok(append(connection.raw(), [&entry]).await?)
}

/// An entry as it was noted.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    pub id: AuditEntryId,
    /// Its place in the log.
    pub sequence: i64,
    pub at: DateTime<Utc>,
    pub actor: Actor,
    pub action: String,
    pub outcome: AuditOutcome,
    pub subject_id: String,
    pub changes: Vec<AuditChange>,
    pub request_id: Option<String>,
    pub address: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_entries, check_for_backend(diesel::pg::Pg))]
struct Row {
    organization_id: Uuid,
    sequence: i64,
    id: Uuid,
    at: DateTime<Utc>,
    actor_kind: String,
    actor_id: Option<Uuid>,
    action: String,
    outcome: String,
    subject_id: String,
    changes: String,
    request_id: Option<String>,
    address: Option<String>,
    hash: Vec<u8>,
}

impl Row {
    fn into_domain(self) -> Result<AuditEntry, StoreError> {
        Ok(AuditEntry {
            id: AuditEntryId(self.id),
            sequence: self.sequence,
            at: self.at,
            actor: Actor::from_words(&self.actor_kind, self.actor_id),
            action: self.action,
            outcome: AuditOutcome::from_word(&self.outcome).ok_or(UNREADABLE)?,
            subject_id: self.subject_id,
            changes: serde_json::from_str(&self.changes).ok().ok_or(UNREADABLE)?,
            request_id: self.request_id,
            address: self.address,
        })
    }

    /// The hash of this line, which follows on another.
    fn hash_behind(&self, previous: &Hash) -> Hash {
        let mut hasher = Hasher::line(LAYOUT, previous);
        hasher.part(self.organization_id.as_bytes());
        hasher.part(&self.sequence.to_be_bytes());
        hasher.part(self.id.as_bytes());
        hasher.part(&self.at.timestamp_micros().to_be_bytes());
        hasher.part(self.actor_kind.as_bytes());
        hasher.optional(self.actor_id.as_ref().map(|id| id.as_bytes().as_slice()));
        for text in [&self.action, &self.outcome, &self.subject_id, &self.changes] {
            hasher.part(text.as_bytes());
        }
        for text in [&self.request_id, &self.address] {
            hasher.optional(text.as_deref().map(str::as_bytes));
        }
        hasher.finish()
    }
}

/// Those of the ids that exist, in no order.
pub async fn find_many(
    connection: &mut impl Reads,
    organization: OrganizationId,
    ids: &[AuditEntryId],
) -> Result<Vec<AuditEntry>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = audit_entries::table
        .filter(audit_entries::organization_id.eq(organization.0))
        .filter(audit_entries::id.eq_any(ids))
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// What a list of entries is narrowed to; all members must match.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub actor: Option<Uuid>,
    pub subject_id: Option<String>,
    pub actions: Option<Vec<String>>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
}

/// A page of the log, oldest first.
pub async fn list(
    connection: &mut impl Reads,
    organization: OrganizationId,
    filter: &Filter,
    page: Page<i64>,
) -> Result<Slice<AuditEntry>, StoreError> {
    let mut query = audit_entries::table
        .filter(audit_entries::organization_id.eq(organization.0))
        .select(Row::as_select())
        .into_boxed();
    if let Some(actor) = filter.actor {
        query = query.filter(audit_entries::actor_id.eq(actor));
    }
    if let Some(subject) = &filter.subject_id {
        query = query.filter(audit_entries::subject_id.eq(subject.clone()));
    }
    if let Some(actions) = &filter.actions {
        query = query.filter(audit_entries::action.eq_any(actions.clone()));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_entries::at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(audit_entries::at.lt(to));
    }
    let rows: Vec<Row> =
        keyset!(query, audit_entries::sequence, page).load(connection.raw()).await?;
    page.cut(rows).try_map(Row::into_domain)
}

/// Walks along the whole log; answers its newest line with its hash, or where it is broken.
pub async fn verify(
    connection: &mut impl Reads,
    organization: OrganizationId,
) -> Result<Result<(i64, Hash), Broken>, StoreError> {
    // The head is read first: lines that are added meanwhile come after it and are not looked at.
    let head: Option<(i64, Vec<u8>)> = audit_logs::table
        .find(organization.0)
        .select((audit_logs::sequence, audit_logs::hash))
        .first(connection.raw())
        .await
        .optional()?;
    let (last, hash) = head.unwrap_or((0, BEGINNING.to_vec()));
    let hash: Hash = hash.try_into().ok().ok_or(UNREADABLE)?;
    let mut walk = Walk::default();
    loop {
        let after = walk.sequence();
        let rows: Vec<Row> = audit_entries::table
            .filter(audit_entries::organization_id.eq(organization.0))
            .filter(audit_entries::sequence.gt(after))
            .filter(audit_entries::sequence.le(last))
            .order(audit_entries::sequence.asc())
            .limit(WALKED_AT_A_TIME)
            .select(Row::as_select())
            .load(connection.raw())
            .await?;
        for row in &rows {
            let stored = row.hash.as_slice().try_into().ok().ok_or(UNREADABLE)?;
            if let Err(broken) = walk.step(row.sequence, stored, |hash| row.hash_behind(hash)) {
                return Ok(Err(broken));
            }
        }
        if rows.is_empty() {
            return Ok(walk.end((last, &hash)).map(|()| (last, hash)));
        }
    }
}
