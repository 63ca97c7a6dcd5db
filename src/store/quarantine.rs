//! Wrongly signed callbacks, the newest of each organization.
//!
//! **Invariant:** what strangers can make us write is bounded: the rows of an organization, the
//! bytes of a row, and one row for the same forgery however often it comes.

use std::fmt;

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper,
    sql_types::{Array, BigInt, Binary, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection,
    page::{Page, Slice, keyset},
    schema::quarantined_callbacks as table,
    statement::static_statement,
};
use crate::domain::{
    ids::{ChannelAccountId, OrganizationId, QuarantinedCallbackId},
    word_enum,
};

/// Rows of one organization; the oldest make room.
pub const ROWS_MAX: i64 = 10_000;
/// Longest body that is kept whole. A text of 1,600 characters, each of them escaped, is shorter.
pub const BODY_BYTES_MAX: usize = 16 * 1024;
/// Longest header that is kept; no signature comes near.
pub const HEADER_BYTES_MAX: usize = 512;
/// Rows that are deleted at a time, so that a clean-up never holds the table for long.
const DELETE_BATCH_MAX: i64 = 1_000;

word_enum! {
    /// Why a callback was not taken for the provider's.
    pub enum ForgeryReason {
        Missing = "MISSING",
        Malformed = "MALFORMED",
        OtherCustomer = "OTHER_CUSTOMER",
        Mismatch = "MISMATCH",
    }
}

/// A wrongly signed callback.
#[derive(Clone)]
pub struct Quarantined {
    pub organization: OrganizationId,
    pub id: QuarantinedCallbackId,
    pub account: ChannelAccountId,
    pub fingerprint: [u8; 32],
    pub reason: ForgeryReason,
    pub authorization: Option<Vec<u8>>,
    pub x_ts_authorization: Option<Vec<u8>>,
    pub body: Vec<u8>,
    pub body_bytes: i32,
    pub times: i64,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
}

impl Quarantined {
    /// One that was cut lacks what a signature would be about.
    pub fn is_whole(&self) -> bool {
        usize::try_from(self.body_bytes) == Ok(self.body.len())
    }
}

/// Shows neither the body nor the headers: it may be a customer's text after all.
impl fmt::Debug for Quarantined {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Quarantined")
            .field("id", &self.id)
            .field("account", &self.account)
            .field("reason", &self.reason)
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = table, check_for_backend(diesel::pg::Pg))]
struct Row {
    organization_id: Uuid,
    id: Uuid,
    channel_account_id: Uuid,
    fingerprint: Vec<u8>,
    reason: String,
    authorization_header: Option<Vec<u8>>,
    x_ts_authorization_header: Option<Vec<u8>>,
    body: Vec<u8>,
    body_bytes: i32,
    times: i64,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
}

impl Row {
    fn into_domain(self) -> Result<Quarantined, StoreError> {
        let unreadable = || StoreError::Unreadable("quarantined callback");
        Ok(Quarantined {
            organization: OrganizationId(self.organization_id),
            id: QuarantinedCallbackId(self.id),
            account: ChannelAccountId(self.channel_account_id),
            fingerprint: self.fingerprint.try_into().ok().ok_or_else(unreadable)?,
            reason: ForgeryReason::from_word(&self.reason).ok_or_else(unreadable)?,
            authorization: self.authorization_header,
            x_ts_authorization: self.x_ts_authorization_header,
            body: self.body,
            body_bytes: self.body_bytes,
            times: self.times,
            first_at: self.first_at,
            last_at: self.last_at,
        })
    }
}

static_statement! {
    Keep {
        organization: Vec<Uuid> => Array<SqlUuid>,
        id: Vec<Uuid> => Array<SqlUuid>,
        account: Vec<Uuid> => Array<SqlUuid>,
        fingerprint: Vec<Vec<u8>> => Array<Binary>,
        reason: Vec<&'static str> => Array<Text>,
        authorization: Vec<Option<Vec<u8>>> => Array<Nullable<Binary>>,
        x_ts_authorization: Vec<Option<Vec<u8>>> => Array<Nullable<Binary>>,
        body: Vec<Vec<u8>> => Array<Binary>,
        body_bytes: Vec<i32> => Array<Integer>,
        times: Vec<i64> => Array<BigInt>,
        first_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        last_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
    } -> BigInt,
    "insert into quarantined_callbacks as known (organization_id, id, channel_account_id, \
        fingerprint, reason, authorization_header, x_ts_authorization_header, body, body_bytes, \
        times, first_at, last_at) \
     select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
     on conflict (organization_id, channel_account_id, fingerprint) do update \
     set times = known.times + excluded.times, \
        last_at = greatest(known.last_at, excluded.last_at)"
}

static_statement! {
    /// The oldest of each organization fall out, by the order in which they first came.
    ///
    /// Materialized: folded into the deletion, the edge would be looked for again for each row.
    Trim {
        rows_max: i64 => BigInt,
        organization: Vec<Uuid> => Array<SqlUuid>,
    } -> BigInt,
    "with edge as materialized ( \
        select o.id as organization, ( \
            select k.id from quarantined_callbacks k where k.organization_id = o.id \
            order by k.id desc offset ? limit 1 \
        ) as id from unnest(?) as o (id) \
     ) delete from quarantined_callbacks q using edge \
     where q.organization_id = edge.organization and q.id <= edge.id"
}

static_statement! {
    Forget {
        organization: Uuid => SqlUuid,
        before: DateTime<Utc> => Timestamptz,
        limit: i64 => BigInt,
        organization_again: Uuid => SqlUuid,
    } -> BigInt,
    "with oldest as ( \
        select id from quarantined_callbacks where organization_id = ? and last_at < ? limit ? \
     ) delete from quarantined_callbacks q using oldest \
     where q.organization_id = ? and q.id = oldest.id"
}

/// Keeps forgeries and lets the oldest fall out: two statements, however many there are.
///
/// No two of them may have the same account and fingerprint.
pub async fn keep(
    connection: &mut WriteConnection,
    forgeries: &[Quarantined],
) -> Result<(), StoreError> {
    let mut statement = Keep::default();
    for forgery in forgeries {
        statement.organization.push(forgery.organization.0);
        statement.id.push(forgery.id.0);
        statement.account.push(forgery.account.0);
        statement.fingerprint.push(forgery.fingerprint.to_vec());
        statement.reason.push(forgery.reason.as_str());
        statement.authorization.push(forgery.authorization.clone());
        statement.x_ts_authorization.push(forgery.x_ts_authorization.clone());
        statement.body.push(forgery.body.clone());
        statement.body_bytes.push(forgery.body_bytes);
        statement.times.push(forgery.times);
        statement.first_at.push(forgery.first_at);
        statement.last_at.push(forgery.last_at);
    }
    let mut organization = statement.organization.clone();
    organization.sort_unstable();
    organization.dedup();
    let trim = Trim { rows_max: ROWS_MAX, organization };
    connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            statement.execute(transaction).await?;
            trim.execute(transaction).await?;
            Ok(())
        })
        .await?;
    Ok(())
}

/// A page of them, in the order in which they first came.
pub async fn list(
    connection: &mut impl Reads,
    organization: OrganizationId,
    account: Option<ChannelAccountId>,
    page: Page,
) -> Result<Slice<Quarantined>, StoreError> {
    let mut query = table::table
        .filter(table::organization_id.eq(organization.0))
        .select(Row::as_select())
        .into_boxed();
    if let Some(account) = account {
        query = query.filter(table::channel_account_id.eq(account.0));
    }
    let rows: Vec<Row> = keyset!(query, table::id, page).load(connection.raw()).await?;
    page.cut(rows).try_map(Row::into_domain)
}

/// Those of the ids that exist, in the order in which they first came.
pub async fn find_many(
    connection: &mut impl Reads,
    organization: OrganizationId,
    ids: &[QuarantinedCallbackId],
) -> Result<Vec<Quarantined>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = table::table
        .filter(table::organization_id.eq(organization.0))
        .filter(table::id.eq_any(ids))
        .order(table::id.asc())
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// Lets one go that has proved genuine.
pub async fn delete(
    connection: &mut WriteConnection,
    organization: OrganizationId,
    id: QuarantinedCallbackId,
) -> Result<(), StoreError> {
    diesel::delete(table::table.find((organization.0, id.0))).execute(connection.raw()).await?;
    Ok(())
}

/// Forgets those that last came before a moment, some at a time; `true`: there may be more.
pub async fn delete_before(
    connection: &mut WriteConnection,
    organization: OrganizationId,
    before: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let organization = organization.0;
    let statement =
        Forget { organization, before, limit: DELETE_BATCH_MAX, organization_again: organization };
    let gone = statement.execute(connection.raw()).await?;
    Ok(gone >= usize::try_from(DELETE_BATCH_MAX).unwrap_or(usize::MAX))
}
