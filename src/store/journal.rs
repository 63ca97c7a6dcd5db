//! The journal of callbacks over time: whose they are, and what is forgotten of them.
//!
//! **Invariant:** that a callback came is remembered for good once it has had an effect: what was
//! signed once stays signed, and the dedup key is all that keeps it from a second effect.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl,
    sql_types::{BigInt, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection, quarantine,
    receipt::CallbackOutcome,
    schema::{organizations, receipts},
    statement::static_statement,
};
use crate::domain::{address::SmsAddress, ids::OrganizationId};

/// A customer's callbacks that are found: the newest.
const OF_CUSTOMER_MAX: i64 = 1_000;
/// Callbacks that are looked at in one step of forgetting.
const FORGET_BATCH_MAX: i64 = 1_000;

static_statement! {
    OfCustomer {
        organization: Uuid => SqlUuid,
        customer: String => Text,
        organization_again: Uuid => SqlUuid,
        customer_again: String => Text,
        limit: i64 => BigInt,
    } -> SqlUuid,
    "select id from ( \
        select r.id from receipts r \
        where r.organization_id = ? and r.customer = ? and r.outcome <> 'APPLIED' \
        union \
        select r.id from conversations c \
        join messages m on m.organization_id = c.organization_id and m.conversation_id = c.id \
        join receipts r \
            on r.organization_id = m.organization_id and r.reference = m.provider_reference \
        where c.organization_id = ? and c.customer = ? \
     ) as found order by id desc limit ?"
}

/// The ids of a customer's callbacks: his texts, and the reports on what was sent to him.
pub(super) async fn of_customer(
    connection: &mut impl Reads,
    organization: OrganizationId,
    customer: &SmsAddress,
) -> Result<Vec<Uuid>, StoreError> {
    let statement = OfCustomer {
        organization: organization.0,
        customer: customer.as_str().to_owned(),
        organization_again: organization.0,
        customer_again: customer.as_str().to_owned(),
        limit: OF_CUSTOMER_MAX,
    };
    Ok(statement.load(connection.raw()).await?)
}

/// The smallest id of a moment: ids begin with their time.
pub(super) fn first_id_at(moment: DateTime<Utc>) -> Uuid {
    let milliseconds = u128::try_from(moment.timestamp_millis()).unwrap_or(0);
    Uuid::from_u128((milliseconds & 0xFFFF_FFFF_FFFF) << 80)
}

/// Forgets what an organization's callbacks said before its retention, some at a time; `true`:
/// there may be more.
pub async fn forget(
    connection: &mut WriteConnection,
    organization: OrganizationId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row: Option<(i32, Option<Uuid>)> = organizations::table
        .find(organization.0)
        .select((organizations::callback_retention_days, organizations::callbacks_forgotten_to))
        .first(connection.raw())
        .await
        .optional()?;
    let Some((days, forgotten_to)) = row else { return Ok(false) };
    let before = now - TimeDelta::days(days.into());
    let are_more_forgeries = quarantine::delete_before(connection, organization, before).await?;
    let found: Vec<(Uuid, String)> = receipts::table
        .filter(receipts::organization_id.eq(organization.0))
        .filter(receipts::id.gt(forgotten_to.unwrap_or(Uuid::nil())))
        .filter(receipts::id.lt(first_id_at(before)))
        .order(receipts::id.asc())
        .limit(FORGET_BATCH_MAX)
        .select((receipts::id, receipts::outcome))
        .load(connection.raw())
        .await?;
    let Some((last, _)) = found.last() else { return Ok(are_more_forgeries) };
    let (last, count) = (*last, found.len());
    let has_effect = |(_, outcome): &(Uuid, String)| outcome == CallbackOutcome::Applied.as_str();
    let (with_effect, without): (Vec<_>, Vec<_>) = found.into_iter().partition(has_effect);
    let ids = |rows: Vec<(Uuid, String)>| rows.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    diesel::update(receipts::table)
        .filter(receipts::organization_id.eq(organization.0))
        .filter(receipts::id.eq_any(ids(with_effect)))
        .set((receipts::body.eq(Vec::<u8>::new()), receipts::forgotten_at.eq(now)))
        .execute(connection.raw())
        .await?;
    // One that has been applied meanwhile stays.
    diesel::delete(receipts::table)
        .filter(receipts::organization_id.eq(organization.0))
        .filter(receipts::id.eq_any(ids(without)))
        .filter(receipts::outcome.ne(CallbackOutcome::Applied.as_str()))
        .execute(connection.raw())
        .await?;
    diesel::update(organizations::table.find(organization.0))
        .set(organizations::callbacks_forgotten_to.eq(last))
        .execute(connection.raw())
        .await?;
    let is_full = count >= usize::try_from(FORGET_BATCH_MAX).unwrap_or(usize::MAX);
    Ok(is_full || are_more_forgeries)
}
