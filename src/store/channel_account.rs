//! Channel accounts; their keys come and go sealed.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::{AsyncConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection, account_flow,
    event::{ConfigChange, record_config_change},
    idempotency,
    page::{Page, Slice, keyset},
    schema::channel_accounts,
    seal::{Place, Sealer},
};
use crate::{
    domain::{
        channel::{ChannelAccount, ChannelAccountStatus, ChannelVerdict, Validation},
        ids::{ChannelAccountId, OrganizationId},
        organization::Stamp,
        secret::ApiKey,
    },
    store::commit::NewKey,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = channel_accounts, check_for_backend(diesel::pg::Pg))]
pub(super) struct Row {
    organization_id: Uuid,
    id: Uuid,
    name: String,
    customer_id: String,
    status: String,
    sealed_key: Vec<u8>,
    key_fingerprint: String,
    key_set_at: DateTime<Utc>,
    sealed_previous_key: Option<Vec<u8>>,
    previous_key_until: Option<DateTime<Utc>>,
    callback_token: String,
    provider_base_url: String,
    max_send_per_second: i32,
    validation_verdict: Option<String>,
    validation_provider_code: Option<i32>,
    validation_latency_ms: Option<i32>,
    validated_at: Option<DateTime<Utc>>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// An account with the keys that sign for it.
#[derive(Debug, Clone)]
pub struct Keyed {
    pub organization: OrganizationId,
    pub account: ChannelAccount,
    pub key: ApiKey,
    /// Verifies callbacks until the moment beside it.
    pub previous_key: Option<(ApiKey, DateTime<Utc>)>,
}

/// Where an account's key is sealed.
fn key_place(organization: OrganizationId, account: ChannelAccountId) -> Place {
    Place { organization, row: account.0, purpose: "channel_account.api_key" }
}

const UNREADABLE: StoreError = StoreError::Unreadable("channel account");

impl Row {
    pub(super) fn into_domain(self) -> Result<ChannelAccount, StoreError> {
        let validation = match (self.validation_verdict, self.validated_at) {
            (Some(verdict), Some(checked_at)) => Some(Validation {
                verdict: ChannelVerdict::from_word(&verdict).ok_or(UNREADABLE)?,
                provider_code: self.validation_provider_code,
                latency_ms: self.validation_latency_ms,
                checked_at,
            }),
            _ => None,
        };
        Ok(ChannelAccount {
            id: ChannelAccountId(self.id),
            name: self.name,
            customer_id: self.customer_id,
            status: ChannelAccountStatus::from_word(&self.status).ok_or(UNREADABLE)?,
            key_fingerprint: self.key_fingerprint,
            key_set_at: self.key_set_at,
            callback_token: self.callback_token,
            provider_base_url: self.provider_base_url,
            max_send_per_second: self.max_send_per_second,
            validation,
            stamp: Stamp {
                version: self.version,
                created_at: self.created_at,
                updated_at: self.updated_at,
            },
        })
    }

    pub(super) fn into_keyed(mut self, sealer: &Sealer) -> Result<Keyed, StoreError> {
        let organization = OrganizationId(self.organization_id);
        let place = key_place(organization, ChannelAccountId(self.id));
        let key = sealer.open(place, &self.sealed_key)?;
        let previous_key = match (self.sealed_previous_key.take(), self.previous_key_until) {
            (Some(previous), Some(until)) => Some((sealer.open(place, &previous)?, until)),
            _ => None,
        };
        Ok(Keyed { organization, account: self.into_domain()?, key, previous_key })
    }
}

/// Those of the ids that exist, in no order.
pub async fn find_many(
    connection: &mut impl Reads,
    organization: OrganizationId,
    ids: &[ChannelAccountId],
) -> Result<Vec<ChannelAccount>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = channel_accounts::table
        .filter(channel_accounts::organization_id.eq(organization.0))
        .filter(channel_accounts::id.eq_any(ids))
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// The account with its keys.
pub async fn find_keyed(
    connection: &mut impl Reads,
    organization: OrganizationId,
    id: ChannelAccountId,
    sealer: &Sealer,
) -> Result<Option<Keyed>, StoreError> {
    let rows: Vec<Row> = channel_accounts::table
        .filter(channel_accounts::organization_id.eq(organization.0))
        .filter(channel_accounts::id.eq(id.0))
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().next().map(|row| row.into_keyed(sealer)).transpose()
}

/// A page of the organization's accounts, in the order in which they were made.
pub async fn list(
    connection: &mut impl Reads,
    organization: OrganizationId,
    page: Page,
) -> Result<Slice<ChannelAccount>, StoreError> {
    let query = channel_accounts::table
        .filter(channel_accounts::organization_id.eq(organization.0))
        .select(Row::as_select())
        .into_boxed();
    let rows: Vec<Row> = keyset!(query, channel_accounts::id, page).load(connection.raw()).await?;
    page.cut(rows).try_map(Row::into_domain)
}

/// Stores an account with its sealed key; `false`: the caller's key was used before.
pub async fn insert(
    connection: &mut WriteConnection,
    account: &ChannelAccount,
    sealed_key: &[u8],
    key: &NewKey,
    change: &ConfigChange,
) -> Result<bool, StoreError> {
    let validation = account.validation.as_ref();
    let is_new = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            let is_new =
                idempotency::insert(transaction, change.organization, key, change.at).await?;
            if !is_new {
                return Ok(false);
            }
            diesel::insert_into(channel_accounts::table)
                .values((
                    (
                        channel_accounts::organization_id.eq(change.organization.0),
                        channel_accounts::id.eq(account.id.0),
                        channel_accounts::name.eq(&account.name),
                        channel_accounts::provider.eq("TELESIGN"),
                        channel_accounts::customer_id.eq(&account.customer_id),
                        channel_accounts::status.eq(account.status.as_str()),
                        channel_accounts::sealed_key.eq(sealed_key),
                        channel_accounts::key_fingerprint.eq(&account.key_fingerprint),
                        channel_accounts::key_set_at.eq(account.key_set_at),
                        channel_accounts::callback_token.eq(&account.callback_token),
                    ),
                    channel_accounts::provider_base_url.eq(&account.provider_base_url),
                    channel_accounts::max_send_per_second.eq(account.max_send_per_second),
                    channel_accounts::validation_verdict
                        .eq(validation.map(|found| found.verdict.as_str())),
                    channel_accounts::validation_provider_code
                        .eq(validation.and_then(|found| found.provider_code)),
                    channel_accounts::validation_latency_ms
                        .eq(validation.and_then(|found| found.latency_ms)),
                    channel_accounts::validated_at.eq(validation.map(|found| found.checked_at)),
                    channel_accounts::created_at.eq(account.stamp.created_at),
                    channel_accounts::updated_at.eq(account.stamp.updated_at),
                ))
                .execute(transaction)
                .await?;
            record_config_change(transaction, change).await?;
            Ok(true)
        })
        .await?;
    Ok(is_new)
}

/// What a validation or a rotation changes; the version it was decided on guards it.
pub struct Update<'a> {
    pub account: &'a ChannelAccount,
    pub expected_version: i32,
    /// The new sealed key, with the moment until which the present one still verifies callbacks.
    pub rotation: Option<(&'a [u8], DateTime<Utc>)>,
    /// The provider accepts it, or it has another key: texts that waited may go.
    pub resumes: bool,
}

/// Stores the change; `false`: the account has moved since.
pub async fn update(
    connection: &mut WriteConnection,
    update: Update<'_>,
    change: &ConfigChange,
) -> Result<bool, StoreError> {
    let account = update.account;
    let validation = account.validation.as_ref();
    let moved = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            let target = channel_accounts::table
                .find((change.organization.0, account.id.0))
                .filter(channel_accounts::version.eq(update.expected_version));
            let moved = diesel::update(target)
                .set((
                    channel_accounts::customer_id.eq(&account.customer_id),
                    channel_accounts::status.eq(account.status.as_str()),
                    channel_accounts::provider_base_url.eq(&account.provider_base_url),
                    channel_accounts::max_send_per_second.eq(account.max_send_per_second),
                    channel_accounts::validation_verdict
                        .eq(validation.map(|found| found.verdict.as_str())),
                    channel_accounts::validation_provider_code
                        .eq(validation.and_then(|found| found.provider_code)),
                    channel_accounts::validation_latency_ms
                        .eq(validation.and_then(|found| found.latency_ms)),
                    channel_accounts::validated_at.eq(validation.map(|found| found.checked_at)),
                    channel_accounts::version.eq(channel_accounts::version + 1),
                    channel_accounts::updated_at.eq(change.at),
                ))
                .execute(transaction)
                .await?;
            if moved == 0 {
                return Ok(false);
            }
            if let Some((sealed_key, until)) = update.rotation {
                diesel::update(channel_accounts::table.find((change.organization.0, account.id.0)))
                    .set((
                        channel_accounts::sealed_previous_key.eq(
                            diesel::NullableExpressionMethods::nullable(
                                channel_accounts::sealed_key,
                            ),
                        ),
                        channel_accounts::previous_key_until.eq(until),
                        channel_accounts::sealed_key.eq(sealed_key),
                        channel_accounts::key_fingerprint.eq(&account.key_fingerprint),
                        channel_accounts::key_set_at.eq(account.key_set_at),
                    ))
                    .execute(transaction)
                    .await?;
            }
            if update.resumes {
                let (organization, at) = (change.organization, change.at);
                account_flow::resume_within(transaction, organization, account.id, at).await?;
            }
            record_config_change(transaction, change).await?;
            Ok(true)
        })
        .await?;
    Ok(moved)
}

/// Seals a key for its account.
pub fn seal_key(
    sealer: &Sealer,
    organization: OrganizationId,
    account: ChannelAccountId,
    key: &ApiKey,
) -> Result<Vec<u8>, StoreError> {
    sealer.seal(key_place(organization, account), key)
}
