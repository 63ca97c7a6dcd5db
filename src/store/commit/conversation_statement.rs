//! Conversation rows: a new one wins its pair, a changed one wins its revision, or it loses.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::sql_types::{
    Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    change::{Change, Verdict},
    columns::columns,
    consent_statement::is_opted_out,
};
use crate::{
    domain::conversation::{ResolutionReason, WaitingOn},
    store::{StoreError, statement::static_statement},
};

static_statement! {
    /// Stores new conversations; one whose pair has an unresolved one does not come back. One that
    /// was decided on another consent than the customer's comes back unstored, as `true`.
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
        reason: Vec<Option<&'static str>> => Array<Nullable<Text>>,
        assignee: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        assigned_at: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        previous: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        opted_out: Vec<bool> => Array<Bool>,
        last_sequence: Vec<i32> => Array<Integer>,
        last_inbound_at: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        last_outbound_at: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        revision: Vec<i64> => Array<BigInt>,
        version: Vec<i32> => Array<Integer>,
        created_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        updated_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        was_opted_out: Vec<bool> => Array<Bool>,
    } -> (SqlUuid, Bool),
    concat!("with new as ( \
        select n.*, n.was_opted_out <> ", is_opted_out!("n.organization", "n.number", "n.customer"), " as differs \
        from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as n \
            (organization, id, account, number, digits, customer, workstream, queue, language, \
            status, status_changed_at, reason, assignee, assigned_at, previous, opted_out, \
            last_sequence, last_inbound_at, last_outbound_at, revision, version, created_at, \
            updated_at, was_opted_out) \
     ), stored as ( \
        insert into conversations (organization_id, id, channel_account_id, support_number_id, \
            support_number, customer, workstream_id, queue_id, language, status, \
            status_changed_at, resolution_reason, assignee_id, assigned_at, previous_id, \
            opted_out, last_sequence, last_inbound_at, last_outbound_at, revision, version, \
            created_at, updated_at) \
        select organization, id, account, number, digits, customer, workstream, queue, language, \
            status, status_changed_at, reason, assignee, assigned_at, previous, opted_out, \
            last_sequence, last_inbound_at, last_outbound_at, revision, version, created_at, \
            updated_at from new where not differs \
        on conflict do nothing returning id \
     ) select id, false from stored union all select id, true from new where differs")
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
        opted_out: Vec<bool> => Array<Bool>,
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
        affinity_id = n.affinity, opted_out = n.opted_out, last_sequence = n.last_sequence, \
        last_inbound_at = n.last_inbound_at, last_outbound_at = n.last_outbound_at, \
        revision = n.revision, version = n.version, updated_at = n.updated_at \
     from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
        as n (organization, id, queue, status, status_changed_at, waiting_on, reason, assignee, \
            assigned_at, affinity, opted_out, last_sequence, last_inbound_at, last_outbound_at, revision, \
            version, updated_at) \
     where c.organization_id = n.organization and c.id = n.id and c.revision = n.revision - 1 \
     returning c.id"
}

/// Writes the members' conversations; returns those that were not, each with its verdict.
pub(super) async fn write(
    connection: &mut AsyncPgConnection,
    members: &[(usize, &Change)],
) -> Result<Vec<(usize, Verdict)>, StoreError> {
    let (new, mut moved): (Vec<_>, Vec<_>) =
        members.iter().copied().partition(|(_, change)| change.conversation.revision == 1);
    // Rows are locked in one order, whoever writes them.
    moved.sort_by_key(|(_, change)| change.conversation.id);
    // Whether its consent differs, of each that came back.
    let mut came_back: HashMap<Uuid, bool> = HashMap::with_capacity(members.len());
    if !new.is_empty() {
        came_back.extend(insert(&new).load::<(Uuid, bool)>(connection).await?);
    }
    if !moved.is_empty() {
        let ids = update(&moved).load::<Uuid>(connection).await?;
        came_back.extend(ids.into_iter().map(|id| (id, false)));
    }
    let lost =
        members.iter().filter_map(|(at, change)| match came_back.get(&change.conversation.id.0) {
            Some(false) => None,
            Some(true) => Some((*at, Verdict::ConsentDiffers)),
            None => Some((*at, Verdict::Conflict)),
        });
    Ok(lost.collect())
}

fn insert(rows: &[(usize, &Change)]) -> InsertConversations {
    let rows = rows.iter().map(|(_, change)| (&change.conversation, change.was_opted_out));
    columns!(InsertConversations from rows, new => {
        organization: new.0.pair.organization_id.0,
        id: new.0.id.0,
        account: new.0.opening.channel_account_id.0,
        support_number_id: new.0.pair.support_number_id.0,
        support_number: new.0.opening.support_number.as_str().to_owned(),
        customer: new.0.pair.customer.as_str().to_owned(),
        workstream: new.0.opening.workstream_id.0,
        queue: new.0.opening.queue_id.0,
        language: new.0.opening.language.to_string(),
        status: new.0.status.as_str(),
        status_changed_at: new.0.status_changed_at,
        reason: new.0.resolution_reason.map(ResolutionReason::as_str),
        assignee: new.0.assignee.map(|agent| agent.0),
        assigned_at: new.0.assigned_at,
        previous: new.0.previous_id.map(|id| id.0),
        opted_out: new.0.opted_out,
        last_sequence: new.0.last_sequence,
        last_inbound_at: new.0.last_inbound_at,
        last_outbound_at: new.0.last_outbound_at,
        revision: new.0.revision,
        version: new.0.version,
        created_at: new.0.created_at,
        updated_at: new.0.updated_at,
        was_opted_out: new.1,
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
        waiting_on: row.waiting_on.map(WaitingOn::as_str),
        reason: row.resolution_reason.map(ResolutionReason::as_str),
        assignee: row.assignee.map(|agent| agent.0),
        assigned_at: row.assigned_at,
        affinity: row.affinity.map(|agent| agent.0),
        opted_out: row.opted_out,
        last_sequence: row.last_sequence,
        last_inbound_at: row.last_inbound_at,
        last_outbound_at: row.last_outbound_at,
        revision: row.revision,
        version: row.version,
        updated_at: row.updated_at,
    })
}
