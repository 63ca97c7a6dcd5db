//! Receipts and idempotency keys: the first of a kind wins, repetitions write nothing.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    change::{Change, Entry, NewKey, NewReceipt, Verdict},
    columns::columns,
};
use crate::store::{StoreError, statement::static_statement};

static_statement! {
    /// Keeps callbacks; one that was kept before does not come back.
    InsertReceipts {
        organization: Vec<Uuid> => Array<SqlUuid>,
        id: Vec<Uuid> => Array<SqlUuid>,
        account: Vec<Uuid> => Array<SqlUuid>,
        kind: Vec<&'static str> => Array<Text>,
        dedup_key: Vec<String> => Array<Text>,
        reference: Vec<Option<String>> => Array<Nullable<Text>>,
        body: Vec<Vec<u8>> => Array<Binary>,
        conversation: Vec<Uuid> => Array<SqlUuid>,
        received_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
    } -> SqlUuid,
    "insert into receipts (organization_id, id, channel_account_id, kind, dedup_key, reference, \
        body, conversation_id, received_at, outcome) \
     select *, 'APPLIED' from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) \
     on conflict (organization_id, channel_account_id, kind, dedup_key) do nothing returning id"
}

static_statement! {
    /// Applies callbacks that waited; one that was applied meanwhile does not come back.
    ReplayReceipts {
        organization: Vec<Uuid> => Array<SqlUuid>,
        id: Vec<Uuid> => Array<SqlUuid>,
        conversation: Vec<Uuid> => Array<SqlUuid>,
        at: Vec<DateTime<Utc>> => Array<Timestamptz>,
    } -> SqlUuid,
    "update receipts set outcome = 'APPLIED', detail = null, conversation_id = r.conversation, \
        replayed_at = r.at \
     from unnest(?, ?, ?, ?) as r (organization, id, conversation, at) \
     where receipts.organization_id = r.organization and receipts.id = r.id \
        and receipts.outcome <> 'APPLIED' returning receipts.id"
}

static_statement! {
    /// Keeps callers' keys; one that was used before does not come back.
    InsertKeys {
        organization: Vec<Uuid> => Array<SqlUuid>,
        agent: Vec<Uuid> => Array<SqlUuid>,
        mutation: Vec<&'static str> => Array<Text>,
        key: Vec<String> => Array<Text>,
        input_hash: Vec<Vec<u8>> => Array<Binary>,
        result_id: Vec<String> => Array<Text>,
        at: Vec<DateTime<Utc>> => Array<Timestamptz>,
    } -> Text,
    "insert into idempotency_keys \
        (organization_id, agent_id, mutation, key, input_hash, result_id, created_at) \
     select * from unnest(?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning result_id"
}

/// Enters the members; returns the repetitions among them.
pub(super) async fn enter(
    connection: &mut AsyncPgConnection,
    members: &[(usize, &Change)],
) -> Result<HashMap<usize, Verdict>, StoreError> {
    let mut repeated = HashMap::new();
    let receipts: Vec<(usize, &Change, &NewReceipt)> = members
        .iter()
        .filter_map(|(at, change)| match &change.entry {
            Entry::Receipt(receipt) => Some((*at, *change, receipt)),
            _ => None,
        })
        .collect();
    if !receipts.is_empty() {
        let kept = insert_receipts(&receipts).load::<Uuid>(connection).await?;
        let kept: HashSet<Uuid> = kept.into_iter().collect();
        mark(&mut repeated, receipts.iter().map(|(at, _, new)| (*at, kept.contains(&new.id.0))));
    }
    let replays: Vec<(usize, &Change, Uuid, DateTime<Utc>)> = members
        .iter()
        .filter_map(|(place, change)| match &change.entry {
            Entry::Replay { receipt, at } => Some((*place, *change, receipt.0, *at)),
            _ => None,
        })
        .collect();
    if !replays.is_empty() {
        let statement = columns!(ReplayReceipts from &replays, row => {
            organization: row.1.organization(),
            id: row.2,
            conversation: row.1.conversation.id.0,
            at: row.3,
        });
        let applied: HashSet<Uuid> = statement.load(connection).await?.into_iter().collect();
        mark(&mut repeated, replays.iter().map(|(at, _, id, _)| (*at, applied.contains(id))));
    }
    let keys: Vec<(usize, &Change, &NewKey)> = members
        .iter()
        .filter_map(|(at, change)| match &change.entry {
            Entry::Key(key) => Some((*at, *change, key)),
            _ => None,
        })
        .collect();
    if !keys.is_empty() {
        let used: Vec<String> = insert_keys(&keys).load(connection).await?;
        let used: HashSet<String> = used.into_iter().collect();
        mark(&mut repeated, keys.iter().map(|(at, _, key)| (*at, used.contains(&key.result_id))));
    }
    Ok(repeated)
}

fn mark(repeated: &mut HashMap<usize, Verdict>, members: impl Iterator<Item = (usize, bool)>) {
    repeated.extend(members.filter(|(_, is_new)| !is_new).map(|(at, _)| (at, Verdict::Repeated)));
}

fn insert_receipts(rows: &[(usize, &Change, &NewReceipt)]) -> InsertReceipts {
    columns!(InsertReceipts from rows, row => {
        organization: row.1.organization(),
        id: row.2.id.0,
        account: row.2.account.0,
        kind: row.2.kind,
        dedup_key: row.2.dedup_key.clone(),
        reference: row.2.reference.clone(),
        body: row.2.body.clone(),
        conversation: row.1.conversation.id.0,
        received_at: row.2.received_at,
    })
}

fn insert_keys(rows: &[(usize, &Change, &NewKey)]) -> InsertKeys {
    columns!(InsertKeys from rows, row => {
        organization: row.1.organization(),
        agent: row.2.agent.0,
        mutation: row.2.mutation,
        key: row.2.key.clone(),
        input_hash: row.2.input_hash.to_vec(),
        result_id: row.2.result_id.clone(),
        at: row.1.at,
    })
}
