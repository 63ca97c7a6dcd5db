//! The organization's settings version, first; its event positions, last.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    change::{Actor, Change, FeedEvent},
    columns::columns,
};
use crate::store::{StoreError, statement::static_statement};

static_statement! {
    SettingsVersions {
        organization: Vec<Uuid> => Array<SqlUuid>,
    } -> (SqlUuid, BigInt),
    "select id, settings_version from organizations where id = any(?)"
}

static_statement! {
    /// Takes positions (organizations in one order, so that two batches cannot deadlock).
    TakePositions {
        organization: Vec<Uuid> => Array<SqlUuid>,
        count: Vec<i64> => Array<BigInt>,
    } -> (SqlUuid, BigInt),
    "update organization_feeds f set position = f.position + n.count from ( \
        select locked.organization_id, taken.count from unnest(?, ?) as taken (organization, count) \
        join organization_feeds locked on locked.organization_id = taken.organization \
        order by locked.organization_id for update of locked \
     ) as n where f.organization_id = n.organization_id \
     returning f.organization_id, f.position - n.count"
}

static_statement! {
    InsertEvents {
        organization: Vec<Uuid> => Array<SqlUuid>,
        position: Vec<i64> => Array<BigInt>,
        kind: Vec<&'static str> => Array<Text>,
        conversation: Vec<Uuid> => Array<SqlUuid>,
        message: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        changed: Vec<String> => Array<Text>,
        actor_kind: Vec<&'static str> => Array<Text>,
        actor_id: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        at: Vec<DateTime<Utc>> => Array<Timestamptz>,
    } -> SqlUuid,
    "insert into events (organization_id, position, kind, conversation_id, message_id, changed, \
        actor_kind, actor_id, at) \
     select organization, position, kind, conversation, message, \
        coalesce(string_to_array(nullif(changed, ''), ','), '{}'), actor_kind, actor_id, at \
     from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) as n (organization, position, kind, conversation, \
        message, changed, actor_kind, actor_id, at)"
}

/// Members that were decided on settings that have changed since.
pub(super) async fn stale_settings(
    connection: &mut AsyncPgConnection,
    batch: &[Change],
) -> Result<Vec<usize>, StoreError> {
    let mut organization: Vec<Uuid> = batch
        .iter()
        .filter(|change| change.settings_version.is_some())
        .map(Change::organization)
        .collect();
    if organization.is_empty() {
        return Ok(Vec::new());
    }
    organization.sort_unstable();
    organization.dedup();
    let versions: HashMap<Uuid, i64> = SettingsVersions { organization }
        .load::<(Uuid, i64)>(connection)
        .await?
        .into_iter()
        .collect();
    let is_stale = |change: &Change| {
        let now = versions.get(&change.organization());
        change.settings_version.is_some_and(|decided_on| now != Some(&decided_on))
    };
    Ok(batch.iter().enumerate().filter(|(_, change)| is_stale(change)).map(|(at, _)| at).collect())
}

/// What a change of one conversation made of another one.
pub(in crate::store) struct Ripple {
    pub(in crate::store) organization: Uuid,
    pub(in crate::store) conversation: Uuid,
    pub(in crate::store) event: FeedEvent,
    pub(in crate::store) actor: Actor,
    pub(in crate::store) at: DateTime<Utc>,
}

/// An event before it has its position.
struct Row<'a> {
    organization: Uuid,
    conversation: Uuid,
    event: &'a FeedEvent,
    actor: Actor,
    at: DateTime<Utc>,
}

/// Writes the members' events, then the others; returns each organization's first position.
pub(in crate::store) async fn append(
    connection: &mut AsyncPgConnection,
    members: &[(usize, &Change)],
    ripples: &[Ripple],
) -> Result<HashMap<Uuid, i64>, StoreError> {
    let rows = rows_of(members, ripples);
    let mut counts: BTreeMap<Uuid, i64> = BTreeMap::new();
    for row in &rows {
        *counts.entry(row.organization).or_default() += 1;
    }
    if counts.is_empty() {
        return Ok(HashMap::new());
    }
    let take = columns!(TakePositions from &counts, row => {
        organization: *row.0,
        count: *row.1,
    });
    let before: HashMap<Uuid, i64> =
        take.load::<(Uuid, i64)>(connection).await?.into_iter().collect();
    let mut next = before.clone();
    let placed = rows.iter().map(|row| {
        let position = next.entry(row.organization).or_default();
        *position += 1;
        (row, *position)
    });
    let insert = columns!(InsertEvents from placed, placed => {
        organization: placed.0.organization,
        position: placed.1,
        kind: placed.0.event.kind.as_str(),
        conversation: placed.0.conversation,
        message: placed.0.event.message_id.map(|id| id.0),
        changed: placed.0.event.changed.join(","),
        actor_kind: placed.0.actor.words().0,
        actor_id: placed.0.actor.words().1,
        at: placed.0.at,
    });
    insert.execute(connection).await?;
    Ok(before.into_iter().map(|(organization, position)| (organization, position + 1)).collect())
}

fn rows_of<'a>(members: &[(usize, &'a Change)], ripples: &'a [Ripple]) -> Vec<Row<'a>> {
    let own = members.iter().flat_map(|(_, change)| {
        change.events.iter().map(|event| Row {
            organization: change.organization(),
            conversation: change.conversation.id.0,
            event,
            actor: change.actor,
            at: change.at,
        })
    });
    let others = ripples.iter().map(|ripple| Row {
        organization: ripple.organization,
        conversation: ripple.conversation,
        event: &ripple.event,
        actor: ripple.actor,
        at: ripple.at,
    });
    own.chain(others).collect()
}
