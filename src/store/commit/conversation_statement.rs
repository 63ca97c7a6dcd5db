//! Conversation rows: a new one wins its pair, a changed one wins its revision, or it loses.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{change::Change, columns::columns};
use crate::store::{StoreError, statement::static_statement};

static_statement! {
    /// Stores new conversations; one whose pair has an unresolved one does not come back.
    InsertConversations {
        organization: Vec<Uuid> => Array<SqlUuid>,
        id: Vec<Uuid> => Array<SqlUuid>,
        account: Vec<Uuid> => Array<SqlUuid>,
        support_number_id: Vec<Uuid> => Array<SqlUuid>,
        support_number: Vec<String> => Array<Text>,
        customer: Vec<String> => Array<Text>,
        workstream: Vec<Uuid> => Array<SqlUuid>,
        queue: Vec<Uuid> => Array<SqlUuid>,
        language: Vec<String> => Array<Text>,
        status: Vec<&'static str> => Array<Text>,
        status_changed_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        assignee: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        assigned_at: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        previous: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        last_sequence: Vec<i32> => Array<Integer>,
        last_inbound_at: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        last_outbound_at: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        revision: Vec<i64> => Array<BigInt>,
        version: Vec<i32> => Array<Integer>,
        created_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        updated_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
    } -> SqlUuid,
    "insert into conversations (organization_id, id, channel_account_id, support_number_id, \
        support_number, customer, workstream_id, queue_id, language, status, status_changed_at, \
        assignee_id, assigned_at, previous_id, last_sequence, last_inbound_at, last_outbound_at, \
        revision, version, created_at, updated_at) \
     select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
     on conflict do nothing returning id"
}

static_statement! {
    /// Moves conversations on; one that another writer has moved does not come back.
    UpdateConversations {
        organization: Vec<Uuid> => Array<SqlUuid>,
        id: Vec<Uuid> => Array<SqlUuid>,
        queue: Vec<Uuid> => Array<SqlUuid>,
        status: Vec<&'static str> => Array<Text>,
        status_changed_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        waiting_on: Vec<Option<&'static str>> => Array<Nullable<Text>>,
        reason: Vec<Option<&'static str>> => Array<Nullable<Text>>,
        assignee: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        assigned_at: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        affinity: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        last_sequence: Vec<i32> => Array<Integer>,
        last_inbound_at: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        last_outbound_at: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        revision: Vec<i64> => Array<BigInt>,
        version: Vec<i32> => Array<Integer>,
        updated_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
    } -> SqlUuid,
    "update conversations c set queue_id = n.queue, status = n.status, \
        status_changed_at = n.status_changed_at, waiting_on = n.waiting_on, \
        resolution_reason = n.reason, assignee_id = n.assignee, assigned_at = n.assigned_at, \
        affinity_id = n.affinity, last_sequence = n.last_sequence, \
        last_inbound_at = n.last_inbound_at, last_outbound_at = n.last_outbound_at, \
        revision = n.revision, version = n.version, updated_at = n.updated_at \
     from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
        as n (organization, id, queue, status, status_changed_at, waiting_on, reason, assignee, \
            assigned_at, affinity, last_sequence, last_inbound_at, last_outbound_at, revision, \
            version, updated_at) \
     where c.organization_id = n.organization and c.id = n.id and c.revision = n.revision - 1 \
     returning c.id"
}

/// Writes the members' conversations; returns those that lost to another writer.
pub(super) async fn write(
    connection: &mut AsyncPgConnection,
    members: &[(usize, &Change)],
) -> Result<Vec<usize>, StoreError> {
    let (new, mut moved): (Vec<_>, Vec<_>) =
        members.iter().copied().partition(|(_, change)| change.conversation.revision == 1);
    // Rows are locked in one order, whoever writes them.
    moved.sort_by_key(|(_, change)| change.conversation.id);
    let mut written: HashSet<Uuid> = HashSet::with_capacity(members.len());
    if !new.is_empty() {
        written.extend(insert(&new).load::<Uuid>(connection).await?);
    }
    if !moved.is_empty() {
        written.extend(update(&moved).load::<Uuid>(connection).await?);
    }
    Ok(members
        .iter()
        .filter(|(_, change)| !written.contains(&change.conversation.id.0))
        .map(|(at, _)| *at)
        .collect())
}

fn insert(rows: &[(usize, &Change)]) -> InsertConversations {
    let rows = rows.iter().map(|(_, change)| &change.conversation);
    columns!(InsertConversations from rows, row => {
        organization: row.pair.organization_id.0,
        id: row.id.0,
        account: row.opening.channel_account_id.0,
        support_number_id: row.pair.support_number_id.0,
        support_number: row.opening.support_number.as_str().to_owned(),
        customer: row.pair.customer.as_str().to_owned(),
        workstream: row.opening.workstream_id.0,
        queue: row.opening.queue_id.0,
        language: row.opening.language.clone(),
        status: row.status.as_str(),
        status_changed_at: row.status_changed_at,
        assignee: row.assignee.map(|agent| agent.0),
        assigned_at: row.assigned_at,
        previous: row.previous_id.map(|id| id.0),
        last_sequence: row.last_sequence,
        last_inbound_at: row.last_inbound_at,
        last_outbound_at: row.last_outbound_at,
        revision: row.revision,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn update(rows: &[(usize, &Change)]) -> UpdateConversations {
    let rows = rows.iter().map(|(_, change)| &change.conversation);
    columns!(UpdateConversations from rows, row => {
        organization: row.pair.organization_id.0,
        id: row.id.0,
        queue: row.opening.queue_id.0,
        status: row.status.as_str(),
        status_changed_at: row.status_changed_at,
        waiting_on: row.waiting_on.map(crate::domain::conversation::WaitingOn::as_str),
        reason: row.resolution_reason.map(crate::domain::conversation::ResolutionReason::as_str),
        assignee: row.assignee.map(|agent| agent.0),
        assigned_at: row.assigned_at,
        affinity: row.affinity.map(|agent| agent.0),
        last_sequence: row.last_sequence,
        last_inbound_at: row.last_inbound_at,
        last_outbound_at: row.last_outbound_at,
        revision: row.revision,
        version: row.version,
        updated_at: row.updated_at,
    })
}
