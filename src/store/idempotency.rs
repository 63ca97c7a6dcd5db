//! Keys of mutations that must not happen twice.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::{Reads, StoreError, WriteConnection, commit::NewKey, schema::idempotency_keys};
use crate::domain::ids::OrganizationId;

/// Keys that go at a time, so that a clean-up never holds the table for long.
const DELETE_BATCH_MAX: i64 = 1_000;

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

/// Forgets keys older than a moment; returns how many went.
pub async fn delete_before(
    connection: &mut WriteConnection,
    before: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let old = idempotency_keys::table
        .filter(idempotency_keys::created_at.lt(before))
        .limit(DELETE_BATCH_MAX)
        .select((
            idempotency_keys::organization_id,
            idempotency_keys::agent_id,
            idempotency_keys::mutation,
            idempotency_keys::key,
        ));
    let keys: Vec<(uuid::Uuid, uuid::Uuid, String, String)> = old.load(connection.raw()).await?;
    let mut gone = 0;
    for (organization, agent, mutation, key) in keys {
        gone += diesel::delete(idempotency_keys::table.find((organization, agent, mutation, key)))
            .execute(connection.raw())
            .await?;
    }
    Ok(gone)
}
