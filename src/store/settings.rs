//! An organization's settings in one piece, as the engine decides on them.
//!
//! Read in one statement's snapshot after the version, so that a set is never newer than the
//! version it carries: at worst a decision is made again.

use std::{collections::HashMap, sync::Arc};

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    Reads, StoreError, SystemConnection, channel_account,
    channel_account::Keyed,
    consent_setting,
    schema::{channel_accounts, organizations, support_numbers, workstreams},
    seal::Sealer,
    support_number,
};
use crate::domain::{
    channel::SupportNumber,
    consent::{ConsentScope, keyword::Keywords, wording::Wording},
    conversation::Opening,
    ids::{ChannelAccountId, OrganizationId, QueueId, SupportNumberId, WorkstreamId},
};

/// What the engine needs to know of an organization.
#[derive(Debug, Clone)]
pub struct Settings {
    pub organization: OrganizationId,
    /// Grows with every change.
    pub version: i64,
    pub accounts: HashMap<ChannelAccountId, Keyed>,
    pub numbers: HashMap<SupportNumberId, SupportNumber>,
    /// How far an opt-out reaches.
    pub consent_scope: ConsentScope,
    /// What opts out, opts in or asks for help.
    pub keywords: Keywords,
    /// What is answered to that.
    pub wording: Wording,
    workstreams: HashMap<WorkstreamId, WorkstreamSettings>,
}

#[derive(Debug, Clone)]
struct WorkstreamSettings {
    active: bool,
    language: Arc<str>,
    fallback_queue: QueueId,
}

/// Why a number takes no texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOpen {
    #[error("the number is not one of this account's support numbers")]
    UnknownNumber,
    #[error("the support number is disabled")]
    NumberDisabled,
    #[error("the support number has no workstream")]
    Unassigned,
    #[error("the support number's workstream is disabled")]
    WorkstreamDisabled,
}

impl Settings {
    /// One of the account's numbers by its digits.
    pub fn number_of(&self, account: ChannelAccountId, digits: &str) -> Option<&SupportNumber> {
        self.numbers
            .values()
            .find(|number| number.channel_account == account && number.number.as_str() == digits)
    }

    /// Where a new conversation on a number belongs.
    pub fn opening(&self, number: SupportNumberId) -> Result<Opening, NotOpen> {
        let number = self.numbers.get(&number).ok_or(NotOpen::UnknownNumber)?;
        if !number.active {
            return Err(NotOpen::NumberDisabled);
        }
        let workstream_id = number.workstream.ok_or(NotOpen::Unassigned)?;
        let workstream = self.workstreams.get(&workstream_id).ok_or(NotOpen::Unassigned)?;
        if !workstream.active {
            return Err(NotOpen::WorkstreamDisabled);
        }
        Ok(Opening {
            channel_account_id: number.channel_account,
            support_number: number.number.clone(),
            workstream_id,
            queue_id: workstream.fallback_queue,
            language: workstream.language.clone(),
        })
    }
}

/// Every organization with the version of its settings.
pub async fn versions(
    connection: &mut SystemConnection,
) -> Result<Vec<(OrganizationId, i64)>, StoreError> {
    let rows: Vec<(Uuid, i64)> = organizations::table
        .select((organizations::id, organizations::settings_version))
        .load(connection.raw())
        .await?;
    Ok(rows.into_iter().map(|(id, version)| (OrganizationId(id), version)).collect())
}

/// The version of an organization's settings; none where there is no such organization.
pub async fn version(
    connection: &mut impl Reads,
    organization: OrganizationId,
) -> Result<Option<i64>, StoreError> {
    let version = organizations::table
        .find(organization.0)
        .select(organizations::settings_version)
        .first(connection.raw())
        .await
        .optional()?;
    Ok(version)
}

/// The settings of an organization; none where there is no such organization.
pub async fn load(
    connection: &mut impl Reads,
    organization: OrganizationId,
    sealer: &Sealer,
) -> Result<Option<Settings>, StoreError> {
    let found: Option<(i64, String, String, String)> = organizations::table
        .find(organization.0)
        .select((
            organizations::settings_version,
            organizations::name,
            organizations::default_language,
            organizations::consent_scope,
        ))
        .first(connection.raw())
        .await
        .optional()?;
    let Some((version, name, default_language, scope)) = found else { return Ok(None) };
    let consent_scope =
        ConsentScope::from_word(&scope).ok_or(StoreError::Unreadable("organization"))?;
    let keyword_sets = consent_setting::keyword_sets(connection, organization).await?;
    let automated_messages = consent_setting::automated_messages(connection, organization).await?;
    let rows: Vec<channel_account::Row> = channel_accounts::table
        .filter(channel_accounts::organization_id.eq(organization.0))
        .select(channel_account::Row::as_select())
        .load(connection.raw())
        .await?;
    let mut accounts = HashMap::with_capacity(rows.len());
    for row in rows {
        let keyed = row.into_keyed(sealer)?;
        accounts.insert(keyed.account.id, keyed);
    }
    let rows: Vec<support_number::Row> = support_numbers::table
        .filter(support_numbers::organization_id.eq(organization.0))
        .select(support_number::Row::as_select())
        .load(connection.raw())
        .await?;
    let mut numbers = HashMap::with_capacity(rows.len());
    for row in rows {
        let number = row.into_domain()?;
        numbers.insert(number.id, number);
    }
    let workstreams = load_workstreams(connection, organization).await?;
    Ok(Some(Settings {
        organization,
        version,
        accounts,
        numbers,
        consent_scope,
        keywords: Keywords::new(keyword_sets),
        wording: Wording::new(name, default_language, automated_messages),
        workstreams,
    }))
}

async fn load_workstreams(
    connection: &mut impl Reads,
    organization: OrganizationId,
) -> Result<HashMap<WorkstreamId, WorkstreamSettings>, StoreError> {
    let rows: Vec<(Uuid, bool, String, Uuid)> = workstreams::table
        .filter(workstreams::organization_id.eq(organization.0))
        .select((
            workstreams::id,
            workstreams::active,
            workstreams::language,
            workstreams::fallback_queue_id,
        ))
        .load(connection.raw())
        .await?;
    let keyed = rows.into_iter().map(|(id, active, language, queue)| {
        let language = language.into();
        let settings = WorkstreamSettings { active, language, fallback_queue: QueueId(queue) };
        (WorkstreamId(id), settings)
    });
    Ok(keyed.collect())
}

/// The organization and account that a callback token belongs to.
pub async fn find_callback_token(
    connection: &mut SystemConnection,
    token: &str,
) -> Result<Option<(OrganizationId, ChannelAccountId)>, StoreError> {
    let found: Option<(Uuid, Uuid)> = channel_accounts::table
        .filter(channel_accounts::callback_token.eq(token))
        .select((channel_accounts::organization_id, channel_accounts::id))
        .first(connection.raw())
        .await
        .optional()?;
    Ok(found
        .map(|(organization, account)| (OrganizationId(organization), ChannelAccountId(account))))
}
