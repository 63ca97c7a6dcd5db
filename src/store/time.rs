//! The database's own time, which everything that is stored or compared follows.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::Timestamptz;
use diesel_async::RunQueryDsl;

use super::{StoreError, SystemConnection, statement::static_statement};

static_statement! {
    // The one statement that asks PostgreSQL for the time; all others are told it.
    DatabaseTime {} -> Timestamptz,
    "select clock_timestamp()"
}

/// How far the database's clock is ahead of this machine's, which reads `local_now` when asked.
pub async fn offset(
    connection: &mut SystemConnection,
    local_now: impl Fn() -> DateTime<Utc> + Send,
) -> Result<TimeDelta, StoreError> {
    let (asked, asked_at) = (Instant::now(), local_now());
    let theirs: DateTime<Utc> = DatabaseTime {}.get_result(connection.raw()).await?;
    // It was read somewhere on the way: half of it is the best guess.
    let half_way = TimeDelta::from_std(asked.elapsed() / 2).unwrap_or_default();
    Ok(theirs - (asked_at + half_way))
}
