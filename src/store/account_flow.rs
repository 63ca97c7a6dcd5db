//! Whether an account's texts may go: what its sends found out, kept for every process and the
//! next start.
//!
//! **Invariant:** a stop and its alert are one transaction, and so are a resumption and the alert's
//! end. The answer to a send that began before the account was last resumed stops nothing: it was
//! about the credentials, or the allowance, of before.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper,
    sql_types::{Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection,
    alert::{clear_within, raise_within},
    commit::{Actor, FeedEventKind},
    event::{ConfigChange, append},
    schema::channel_account_flows as flows,
    statement::static_statement,
};
use crate::domain::{
    alert::{AlertKind, Trouble},
    channel::AccountStop,
    ids::{AlertId, ChannelAccountId, OrganizationId},
    message::{MessageFailure, MessageFailureCode},
};

/// Longest description that is kept of why an account was stopped.
const DESCRIPTION_CHARACTERS_MAX: usize = 400;

static_statement! {
    StopAccount {
        organization: Uuid => SqlUuid,
        account: Uuid => SqlUuid,
        at: DateTime<Utc> => Timestamptz,
        code: &'static str => Text,
        provider_code: Option<i32> => Nullable<Integer>,
        description: String => Text,
        begun_at: DateTime<Utc> => Timestamptz,
    } -> SqlUuid,
    "insert into channel_account_flows as f (organization_id, channel_account_id, stopped_at, \
        stop_code, stop_provider_code, stop_description) values (?, ?, ?, ?, ?, ?) \
     on conflict (organization_id, channel_account_id) do update set \
        stopped_at = excluded.stopped_at, stop_code = excluded.stop_code, \
        stop_provider_code = excluded.stop_provider_code, \
        stop_description = excluded.stop_description \
     where f.stopped_at is null and (f.resumed_at is null or f.resumed_at <= ?)"
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = flows, check_for_backend(diesel::pg::Pg))]
struct Row {
    channel_account_id: Uuid,
    stopped_at: Option<DateTime<Utc>>,
    stop_code: Option<String>,
    stop_provider_code: Option<i32>,
    stop_description: Option<String>,
}

/// An account that the provider takes nothing from any more.
#[derive(Debug, Clone)]
pub struct Stopping<'a> {
    pub organization: OrganizationId,
    pub account: ChannelAccountId,
    /// What the account is called, for the alert.
    pub name: &'a str,
    pub failure: &'a MessageFailure,
    /// When the send began that was answered so.
    pub begun_at: DateTime<Utc>,
    pub alert: AlertId,
    pub at: DateTime<Utc>,
}

/// Stops an account and raises its alert; `false`: it stands already, or was resumed meanwhile.
pub async fn stop(
    connection: &mut WriteConnection,
    stopping: &Stopping<'_>,
) -> Result<bool, StoreError> {
    let stopped = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            if !write_stop(transaction, stopping).await? {
                return Ok(false);
            }
            let Stopping { organization, account, alert, at, .. } = *stopping;
            append(transaction, &moved(organization, account, Actor::System, at)).await?;
            raise_within(transaction, alert, &trouble(stopping), at).await?;
            Ok(true)
        })
        .await?;
    Ok(stopped)
}

async fn write_stop(
    connection: &mut AsyncPgConnection,
    stopping: &Stopping<'_>,
) -> Result<bool, diesel::result::Error> {
    let failure = stopping.failure;
    let description: String =
        failure.description.chars().take(DESCRIPTION_CHARACTERS_MAX).collect();
    let statement = StopAccount {
        organization: stopping.organization.0,
        account: stopping.account.0,
        at: stopping.at,
        code: failure.code.as_str(),
        provider_code: failure.provider_code,
        description,
        begun_at: stopping.begun_at,
    };
    let written = statement.execute(connection).await?;
    Ok(written > 0)
}

/// Lets an account's texts go again and clears its alert; `false`: it was not stopped.
pub async fn resume(
    connection: &mut WriteConnection,
    account: ChannelAccountId,
    change: &ConfigChange,
) -> Result<bool, StoreError> {
    let (organization, at) = (change.organization, change.at);
    let resumed = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            let was_stopped = resume_within(transaction, organization, account, at).await?;
            if was_stopped {
                append(transaction, change).await?;
            }
            Ok(was_stopped)
        })
        .await?;
    Ok(resumed)
}

/// [`resume`] inside a transaction that has changed the account, and tells of it.
pub(super) async fn resume_within(
    connection: &mut AsyncPgConnection,
    organization: OrganizationId,
    account: ChannelAccountId,
    at: DateTime<Utc>,
) -> Result<bool, diesel::result::Error> {
    let stopped =
        flows::table.find((organization.0, account.0)).filter(flows::stopped_at.is_not_null());
    let resumed = diesel::update(stopped)
        .set((
            flows::stopped_at.eq(None::<DateTime<Utc>>),
            flows::stop_code.eq(None::<String>),
            flows::stop_provider_code.eq(None::<i32>),
            flows::stop_description.eq(None::<String>),
            flows::resumed_at.eq(at),
        ))
        .execute(connection)
        .await?;
    if resumed > 0 {
        let alert = (AlertKind::AccountStopped, account.to_string());
        clear_within(connection, organization, (alert.0, &alert.1), at).await?;
    }
    Ok(resumed > 0)
}

/// Those of the accounts that are stopped, and why.
pub async fn stops_of(
    connection: &mut impl Reads,
    organization: OrganizationId,
    accounts: &[ChannelAccountId],
) -> Result<Vec<(ChannelAccountId, AccountStop)>, StoreError> {
    let ids: Vec<Uuid> = accounts.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = flows::table
        .filter(flows::organization_id.eq(organization.0))
        .filter(flows::channel_account_id.eq_any(ids))
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().filter_map(|row| row.into_domain().transpose()).collect()
}

impl Row {
    fn into_domain(self) -> Result<Option<(ChannelAccountId, AccountStop)>, StoreError> {
        let (Some(since), Some(code), Some(description)) =
            (self.stopped_at, self.stop_code, self.stop_description)
        else {
            return Ok(None);
        };
        let code = MessageFailureCode::from_word(&code);
        let stop = AccountStop {
            since,
            code: code.ok_or(StoreError::Unreadable("channel account flow"))?,
            provider_code: self.stop_provider_code,
            description,
        };
        Ok(Some((ChannelAccountId(self.channel_account_id), stop)))
    }
}

fn trouble(stopping: &Stopping<'_>) -> Trouble {
    let subject = stopping.account.to_string();
    let (name, failure) = (stopping.name, stopping.failure);
    let code = failure.provider_code.map(|code| format!(" (code {code})")).unwrap_or_default();
    Trouble {
        organization: stopping.organization,
        kind: AlertKind::AccountStopped,
        dedup_key: subject.clone(),
        text: format!(
            "the provider takes no texts from {name}: {}{code}. Its texts wait; mend the account \
             and validate it, give it another key, or resume it",
            failure.description
        ),
        subject_id: Some(subject),
    }
}

fn moved(
    organization: OrganizationId,
    account: ChannelAccountId,
    actor: Actor,
    at: DateTime<Utc>,
) -> ConfigChange {
    let kind = FeedEventKind::ConfigUpdated;
    ConfigChange { organization, kind, subject_id: account.to_string(), actor, at, audit: None }
}
