//! Keys of mutations that must not happen twice.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl,
    sql_types::{BigInt, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::{
    Reads, StoreError, SystemConnection, commit::NewKey, schema::idempotency_keys,
    statement::static_statement,
};
use crate::domain::ids::OrganizationId;

/// Keys that go at a time, so that a clean-up never holds the table for long.
const DELETE_BATCH_MAX: i64 = 1_000;

static_statement! {
    DeleteKeys {
        before: DateTime<Utc> => Timestamptz,
        limit: i64 => BigInt,
    } -> Text,
    "delete from idempotency_keys k using ( \
        select organization_id, agent_id, mutation, key from idempotency_keys \
        where created_at < ? order by created_at limit ? \
     ) as old where k.organization_id = old.organization_id and k.agent_id = old.agent_id \
        and k.mutation = old.mutation and k.key = old.key"
}

/// What the first call with a key asked and made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedKey {
    pub input_hash: Vec<u8>,
    pub result_id: String,
}

/// The first use of a key, if it was used.
pub async fn find(
    connection: &mut impl Reads,
    organization: OrganizationId,
    key: &NewKey,
) -> Result<Option<UsedKey>, StoreError> {
    let used: Option<(Vec<u8>, String)> = idempotency_keys::table
        .find((organization.0, key.agent.0, key.mutation, key.key.as_str()))
        .select((idempotency_keys::input_hash, idempotency_keys::result_id))
        .first(connection.raw())
        .await
        .optional()?;
    Ok(used.map(|(input_hash, result_id)| UsedKey { input_hash, result_id }))
}

/// Stores a key inside a transaction; `false`: it was used before.
pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    organization: OrganizationId,
    key: &NewKey,
    at: DateTime<Utc>,
) -> Result<bool, diesel::result::Error> {
    let inserted = diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::organization_id.eq(organization.0),
            idempotency_keys::agent_id.eq(key.agent.0),
            idempotency_keys::mutation.eq(key.mutation),
            idempotency_keys::key.eq(&key.key),
            idempotency_keys::input_hash.eq(key.input_hash.as_slice()),
            idempotency_keys::result_id.eq(&key.result_id),
            idempotency_keys::created_at.eq(at),
        ))
        .on_conflict_do_nothing()
        .execute(connection)
        .await?;
    Ok(inserted > 0)
}

/// Forgets keys older than a moment, some at a time; `true`: there may be more.
pub async fn delete_before(
    connection: &mut SystemConnection,
    before: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let gone = DeleteKeys { before, limit: DELETE_BATCH_MAX }.execute(connection.raw()).await?;
    Ok(gone >= usize::try_from(DELETE_BATCH_MAX).unwrap_or(usize::MAX))
}
