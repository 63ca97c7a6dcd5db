//! Timers that are due by the settings of the moment; the actors write them through `commit`.
//!
//! **Invariant:** a timer's `since_at` is never later than what it counts from, so that whatever is
//! due is found; texts that came since then cost nothing until it seems due, and then put it off.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::{Array, BigInt, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{StoreError, SystemConnection, statement::static_statement};
use crate::domain::{
    address::SmsAddress,
    conversation::{ConversationStatus, Pair},
    ids::{ConversationId, OrganizationId, SupportNumberId},
};

static_statement! {
    /// The beginning of each workstream's range of each state: what is older than the setting.
    Due {
        now: DateTime<Utc> => Timestamptz,
        resting: Vec<Uuid> => Array<SqlUuid>,
        per_range: i64 => BigInt,
        limit: i64 => BigInt,
    } -> (SqlUuid, SqlUuid, SqlUuid, Text, Text, Integer, BigInt, Timestamptz),
    "select due.organization_id, due.conversation_id, c.support_number_id, c.customer, due.status, \
        setting.seconds, o.settings_version, \
        greatest(c.status_changed_at, c.last_inbound_at, c.last_outbound_at) \
     from workstreams w \
     join organizations o on o.id = w.organization_id \
     cross join lateral (values ('OPEN', w.auto_resolve_open_seconds), \
        ('ACTIVE', w.auto_resolve_active_seconds), ('WAITING', w.auto_resolve_waiting_seconds), \
        ('WRAP_UP', w.auto_resolve_wrap_up_seconds)) as setting (status, seconds) \
     cross join lateral (select t.organization_id, t.conversation_id, t.status, t.since_at \
        from timers t where t.organization_id = w.organization_id and t.workstream_id = w.id \
            and t.kind = 'AUTO_RESOLVE' and t.status = setting.status \
            and t.since_at <= ? - make_interval(secs => setting.seconds) \
            and t.conversation_id <> all(?) \
        order by t.since_at limit ?) as due \
     join conversations c \
        on c.organization_id = due.organization_id and c.id = due.conversation_id \
     limit ?"
}

static_statement! {
    /// Skips what a commit has its hands on: that will not be due either, or be found again.
    PutOff {
        organization: Vec<Uuid> => Array<SqlUuid>,
        conversation: Vec<Uuid> => Array<SqlUuid>,
        since_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
    } -> SqlUuid,
    "with late as (select t.organization_id, t.conversation_id, t.kind, n.since_at from timers t \
        join unnest(?, ?, ?) as n (organization, conversation, since_at) \
            on t.organization_id = n.organization and t.conversation_id = n.conversation \
        where t.since_at < n.since_at for update of t skip locked) \
     update timers t set since_at = late.since_at from late \
     where t.organization_id = late.organization_id and t.conversation_id = late.conversation_id \
        and t.kind = late.kind"
}

/// A conversation that may have stood still for long enough.
#[derive(Debug, Clone)]
pub struct Idle {
    pub id: ConversationId,
    pub pair: Pair,
    pub status: ConversationStatus,
    /// How long it may stand still, by these settings.
    pub after: TimeDelta,
    pub settings_version: i64,
    /// Since when it has, texts counted.
    pub since: DateTime<Utc>,
}

/// Organization, conversation, our number, customer, state, seconds, settings version, since when.
type Found = (Uuid, Uuid, Uuid, String, String, i32, i64, DateTime<Utc>);

/// How many timers are looked at together.
#[derive(Debug, Clone, Copy)]
pub struct DueMax {
    /// Of one state in one workstream, so that a long line in one hides none of another.
    pub per_range: i64,
    pub all: i64,
}

/// Conversations whose timer seems due, except those that rest.
pub async fn due(
    connection: &mut SystemConnection,
    now: DateTime<Utc>,
    resting: &[ConversationId],
    max: DueMax,
) -> Result<Vec<Idle>, StoreError> {
    let resting = resting.iter().map(|id| id.0).collect();
    let statement = Due { now, resting, per_range: max.per_range, limit: max.all };
    let rows: Vec<Found> = statement.load(connection.raw()).await?;
    rows.into_iter()
        .map(|(organization, id, number, customer, status, seconds, settings_version, since)| {
            let unreadable = || StoreError::Unreadable("conversation");
            Ok(Idle {
                id: ConversationId(id),
                pair: Pair {
                    organization_id: OrganizationId(organization),
                    support_number_id: SupportNumberId(number),
                    customer: customer.parse::<SmsAddress>().ok().ok_or_else(unreadable)?,
                },
                status: ConversationStatus::from_word(&status).ok_or_else(unreadable)?,
                after: TimeDelta::seconds(seconds.into()),
                settings_version,
                since,
            })
        })
        .collect()
}

/// Lets timers count from the texts that came after them.
pub async fn put_off(connection: &mut SystemConnection, idle: &[Idle]) -> Result<(), StoreError> {
    if idle.is_empty() {
        return Ok(());
    }
    let statement = PutOff {
        organization: idle.iter().map(|idle| idle.pair.organization_id.0).collect(),
        conversation: idle.iter().map(|idle| idle.id.0).collect(),
        since_at: idle.iter().map(|idle| idle.since).collect(),
    };
    statement.execute(connection.raw()).await?;
    Ok(())
}
