//! Alerts: raised, renewed, seen and cleared, each with its line in the feed.
//!
//! **Invariant:** of one kind and key at most one alert is open, whoever raises it: a second one
//! renews the first. Only what a person would want to hear of again goes to the feed: raised, seen,
//! cleared, and not each renewal.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper,
    dsl::count_star,
    sql_types::{BigInt, Timestamptz},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, SystemConnection, WriteConnection,
    commit::{Actor, FeedEventKind},
    event::{ConfigChange, append},
    page::{Page, Slice, keyset},
    schema::alerts,
    statement::static_statement,
};
use crate::domain::{
    alert::{ALERT_TEXT_CHARACTERS_MAX, Alert, AlertKind, Trouble},
    ids::{AgentId, AlertId, OrganizationId},
};

/// Alerts that may be open in an organization; further ones are only logged.
const OPEN_ALERTS_MAX: i64 = 1_000;
/// How far renewals are counted.
const COUNT_MAX: i32 = 1_000_000;
/// Longest key that tells one trouble from another.
const KEY_CHARACTERS_MAX: usize = 200;
/// Alerts that go at a time, so that a clean-up never holds the table for long.
const DELETE_BATCH_MAX: i64 = 1_000;

static_statement! {
    DeleteAlerts {
        before: DateTime<Utc> => Timestamptz,
        limit: i64 => BigInt,
    } -> BigInt,
    "delete from alerts a using ( \
        select organization_id, id from alerts where cleared_at < ? order by cleared_at limit ? \
     ) as old where a.organization_id = old.organization_id and a.id = old.id"
}

/// What became of a trouble that was reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raise {
    Raised(AlertId),
    /// It was open already.
    Renewed,
    /// Too many are open: nothing was written.
    TooMany,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = alerts, check_for_backend(diesel::pg::Pg))]
struct Row {
    id: Uuid,
    kind: String,
    text: String,
    subject_id: Option<String>,
    raised_at: DateTime<Utc>,
    renewed_at: DateTime<Utc>,
    count: i32,
    acknowledged_at: Option<DateTime<Utc>>,
    acknowledged_by: Option<Uuid>,
    cleared_at: Option<DateTime<Utc>>,
}

impl Row {
    fn into_domain(self) -> Result<Alert, StoreError> {
        Ok(Alert {
            id: AlertId(self.id),
            kind: AlertKind::from_word(&self.kind).ok_or(StoreError::Unreadable("alert"))?,
            text: self.text,
            subject_id: self.subject_id,
            raised_at: self.raised_at,
            renewed_at: self.renewed_at,
            count: self.count,
            acknowledged: self.acknowledged_by.map(AgentId).zip(self.acknowledged_at),
            cleared_at: self.cleared_at,
        })
    }
}

/// Raises an alert, or renews the one that is open.
pub async fn raise(
    connection: &mut WriteConnection,
    id: AlertId,
    trouble: &Trouble,
    at: DateTime<Utc>,
) -> Result<Raise, StoreError> {
    let raised = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            raise_within(transaction, id, trouble, at).await
        })
        .await?;
    Ok(raised)
}

/// [`raise`] as the last act of a transaction that has found the trouble.
pub(super) async fn raise_within(
    connection: &mut AsyncPgConnection,
    id: AlertId,
    trouble: &Trouble,
    at: DateTime<Utc>,
) -> Result<Raise, diesel::result::Error> {
    let key = cut(&trouble.dedup_key, KEY_CHARACTERS_MAX);
    let text = cut(&trouble.text, ALERT_TEXT_CHARACTERS_MAX);
    let open = alerts::table
        .filter(alerts::organization_id.eq(trouble.organization.0))
        .filter(alerts::kind.eq(trouble.kind.as_str()))
        .filter(alerts::dedup_key.eq(key))
        .filter(alerts::cleared_at.is_null());
    let renewed = diesel::update(open)
        .set((
            alerts::text.eq(text),
            alerts::renewed_at.eq(at),
            alerts::count.eq(diesel::dsl::case_when(
                alerts::count.lt(COUNT_MAX),
                alerts::count + 1,
            )
            .otherwise(COUNT_MAX)),
        ))
        .execute(connection)
        .await?;
    if renewed > 0 {
        return Ok(Raise::Renewed);
    }
    if count_open(connection, trouble.organization).await? >= OPEN_ALERTS_MAX {
        return Ok(Raise::TooMany);
    }
    let inserted = diesel::insert_into(alerts::table)
        .values((
            alerts::organization_id.eq(trouble.organization.0),
            alerts::id.eq(id.0),
            alerts::kind.eq(trouble.kind.as_str()),
            alerts::dedup_key.eq(key),
            alerts::text.eq(text),
            alerts::subject_id.eq(&trouble.subject_id),
            alerts::raised_at.eq(at),
            alerts::renewed_at.eq(at),
            alerts::count.eq(1),
        ))
        // Two processes may notice it at once: the other one was first.
        .on_conflict_do_nothing()
        .execute(connection)
        .await?;
    if inserted == 0 {
        return Ok(Raise::Renewed);
    }
    append(connection, &moved(trouble.organization, id, Actor::System, at)).await?;
    Ok(Raise::Raised(id))
}

/// Clears the alert of a kind and key: the trouble is over. `false`: none was open.
pub async fn clear(
    connection: &mut WriteConnection,
    organization: OrganizationId,
    (kind, dedup_key): (AlertKind, &str),
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let cleared = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            clear_within(transaction, organization, (kind, dedup_key), at).await
        })
        .await?;
    Ok(cleared)
}

/// [`clear`] as the last act of a transaction that has ended the trouble.
pub(super) async fn clear_within(
    connection: &mut AsyncPgConnection,
    organization: OrganizationId,
    (kind, dedup_key): (AlertKind, &str),
    at: DateTime<Utc>,
) -> Result<bool, diesel::result::Error> {
    let open = alerts::table
        .filter(alerts::organization_id.eq(organization.0))
        .filter(alerts::kind.eq(kind.as_str()))
        .filter(alerts::dedup_key.eq(cut(dedup_key, KEY_CHARACTERS_MAX)))
        .filter(alerts::cleared_at.is_null());
    let cleared: Option<Uuid> = diesel::update(open)
        .set(alerts::cleared_at.eq(at))
        .returning(alerts::id)
        .get_result(connection)
        .await
        .optional()?;
    let Some(id) = cleared else { return Ok(false) };
    append(connection, &moved(organization, AlertId(id), Actor::System, at)).await?;
    Ok(true)
}

/// Notes that somebody has seen an alert; the first one stays. `false`: nothing was to be noted.
pub async fn acknowledge(
    connection: &mut WriteConnection,
    id: AlertId,
    agent: AgentId,
    change: &ConfigChange,
) -> Result<bool, StoreError> {
    let acknowledged = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            let unseen = alerts::table
                .find((change.organization.0, id.0))
                .filter(alerts::acknowledged_at.is_null());
            let changed = diesel::update(unseen)
                .set((alerts::acknowledged_at.eq(change.at), alerts::acknowledged_by.eq(agent.0)))
                .execute(transaction)
                .await?;
            if changed > 0 {
                append(transaction, change).await?;
            }
            Ok(changed > 0)
        })
        .await?;
    Ok(acknowledged)
}

/// Those of the ids that exist, in no order.
pub async fn find_many(
    connection: &mut impl Reads,
    organization: OrganizationId,
    ids: &[AlertId],
) -> Result<Vec<Alert>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = alerts::table
        .filter(alerts::organization_id.eq(organization.0))
        .filter(alerts::id.eq_any(ids))
        .filter(alerts::kind.eq_any(known_words()))
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// A page of alerts, oldest first; `open`: only those that are not over, or only those that are.
pub async fn list(
    connection: &mut impl Reads,
    organization: OrganizationId,
    open: Option<bool>,
    page: Page,
) -> Result<Slice<Alert>, StoreError> {
    let mut query = alerts::table
        .filter(alerts::organization_id.eq(organization.0))
        .filter(alerts::kind.eq_any(known_words()))
        .select(Row::as_select())
        .into_boxed();
    query = match open {
        Some(true) => query.filter(alerts::cleared_at.is_null()),
        Some(false) => query.filter(alerts::cleared_at.is_not_null()),
        None => query,
    };
    let rows: Vec<Row> = keyset!(query, alerts::id, page).load(connection.raw()).await?;
    page.cut(rows).try_map(Row::into_domain)
}

/// How many alerts of each kind are open, over all organizations.
pub async fn open_by_kind(
    connection: &mut SystemConnection,
) -> Result<Vec<(AlertKind, i64)>, StoreError> {
    let rows: Vec<(String, i64)> = alerts::table
        .filter(alerts::cleared_at.is_null())
        .group_by(alerts::kind)
        .select((alerts::kind, count_star()))
        .load(connection.raw())
        .await?;
    let known = rows
        .into_iter()
        .filter_map(|(word, count)| AlertKind::from_word(&word).map(|kind| (kind, count)));
    Ok(known.collect())
}

/// Forgets alerts that were over before a moment, some at a time; `true`: there may be more.
pub async fn delete_before(
    connection: &mut SystemConnection,
    before: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let gone = DeleteAlerts { before, limit: DELETE_BATCH_MAX }.execute(connection.raw()).await?;
    Ok(gone >= usize::try_from(DELETE_BATCH_MAX).unwrap_or(usize::MAX))
}

async fn count_open(
    connection: &mut AsyncPgConnection,
    organization: OrganizationId,
) -> Result<i64, diesel::result::Error> {
    alerts::table
        .filter(alerts::organization_id.eq(organization.0))
        .filter(alerts::cleared_at.is_null())
        .count()
        .get_result(connection)
        .await
}

/// Kinds of a later release are not shown by this one.
fn known_words() -> Vec<&'static str> {
    AlertKind::ALL.iter().map(|kind| kind.as_str()).collect()
}

fn moved(
    organization: OrganizationId,
    id: AlertId,
    actor: Actor,
    at: DateTime<Utc>,
) -> ConfigChange {
    let subject_id = id.to_string();
    ConfigChange {
        organization,
        kind: FeedEventKind::AlertMoved,
        subject_id,
        actor,
        at,
        audit: None,
    }
}

fn cut(text: &str, characters_max: usize) -> &str {
    text.char_indices().nth(characters_max).map_or(text, |(end, _)| &text[..end])
}
