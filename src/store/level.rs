//! How much there is of what waits, over all organizations, for the metrics.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use diesel_async::RunQueryDsl;

use super::{StoreError, SystemConnection, statement::static_statement};

static_statement! {
    /// Texts in the outbox by state, with the moment since which the first has been due.
    Outbox {
        now: DateTime<Utc> => Timestamptz,
    } -> (Text, BigInt, Nullable<Timestamptz>),
    "select state, count(*), min(due_at) filter (where state = 'QUEUED' and due_at <= ?) \
     from outbox group by state"
}

static_statement! {
    Conversations {} -> (Text, BigInt),
    "select status, count(*) from conversations where status <> 'RESOLVED' group by status"
}

/// What waits in the database at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    /// Texts of the outbox by state.
    pub texts: Vec<(String, i64)>,
    /// Since when the first text has been due that has not gone.
    pub oldest_due_at: Option<DateTime<Utc>>,
    /// Unresolved conversations by state.
    pub conversations: Vec<(String, i64)>,
}

/// Counts what waits.
pub async fn read(
    connection: &mut SystemConnection,
    now: DateTime<Utc>,
) -> Result<Levels, StoreError> {
    let outbox: Vec<(String, i64, Option<DateTime<Utc>>)> =
        Outbox { now }.load(connection.raw()).await?;
    let conversations = Conversations {}.load(connection.raw()).await?;
    let oldest_due_at = outbox.iter().filter_map(|(_, _, oldest)| *oldest).min();
    let texts = outbox.into_iter().map(|(state, count, _)| (state, count)).collect();
    Ok(Levels { texts, oldest_due_at, conversations })
}
