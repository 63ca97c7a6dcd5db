//! Timers of the conversations that move: each state starts one, the end stops it.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    change::{Change, TimerChange},
    columns::columns,
};
use crate::store::{StoreError, statement::static_statement};

static_statement! {
    StartTimers {
        organization: Vec<Uuid> => Array<SqlUuid>,
        conversation: Vec<Uuid> => Array<SqlUuid>,
        workstream: Vec<Uuid> => Array<SqlUuid>,
        status: Vec<&'static str> => Array<Text>,
        since_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
    } -> SqlUuid,
    "insert into timers (organization_id, conversation_id, workstream_id, status, since_at, kind) \
     select *, 'AUTO_RESOLVE' from unnest(?, ?, ?, ?, ?) \
     on conflict (organization_id, conversation_id, kind) do update set \
        status = excluded.status, since_at = excluded.since_at"
}

static_statement! {
    StopTimers {
        organization: Vec<Uuid> => Array<SqlUuid>,
        conversation: Vec<Uuid> => Array<SqlUuid>,
    } -> SqlUuid,
    "delete from timers t using unnest(?, ?) as n (organization, conversation) \
     where t.organization_id = n.organization and t.conversation_id = n.conversation"
}

/// Writes the members' timers; their conversations are locked by now, which orders the writers.
pub(super) async fn write(
    connection: &mut AsyncPgConnection,
    members: &[(usize, &Change)],
) -> Result<(), StoreError> {
    let of = |wanted: TimerChange| -> Vec<&Change> {
        let changes = members.iter().map(|(_, change)| *change);
        changes.filter(|change| change.timer == wanted).collect()
    };
    let starting = of(TimerChange::Starts);
    if !starting.is_empty() {
        let statement = columns!(StartTimers from &starting, row => {
            organization: row.organization(),
            conversation: row.conversation.id.0,
            workstream: row.conversation.opening.workstream_id.0,
            status: row.conversation.status.as_str(),
            since_at: row.at,
        });
        statement.execute(connection).await?;
    }
    let stopping = of(TimerChange::Stops);
    if !stopping.is_empty() {
        let statement = columns!(StopTimers from &stopping, row => {
            organization: row.organization(),
            conversation: row.conversation.id.0,
        });
        statement.execute(connection).await?;
    }
    Ok(())
}
