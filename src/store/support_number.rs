//! Numbers of ours.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::{AsyncConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection,
    event::{ConfigChange, record_config_change},
    page::{Page, Slice, keyset},
    schema::support_numbers,
};
use crate::domain::{
    address::{SupportNumberDigits, SupportNumberKind},
    channel::SupportNumber,
    ids::{ChannelAccountId, OrganizationId, SupportNumberId, WorkstreamId},
    organization::Stamp,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = support_numbers, check_for_backend(diesel::pg::Pg))]
pub(super) struct Row {
    id: Uuid,
    channel_account_id: Uuid,
    workstream_id: Option<Uuid>,
    kind: String,
    number: String,
    country: Option<String>,
    description: Option<String>,
    active: bool,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

const UNREADABLE: StoreError = StoreError::Unreadable("support number");

impl Row {
    pub(super) fn into_domain(self) -> Result<SupportNumber, StoreError> {
        let kind = SupportNumberKind::from_word(&self.kind).ok_or(UNREADABLE)?;
        Ok(SupportNumber {
            id: SupportNumberId(self.id),
            channel_account: ChannelAccountId(self.channel_account_id),
            workstream: self.workstream_id.map(WorkstreamId),
            kind,
            number: SupportNumberDigits::parse(kind, &self.number).ok().ok_or(UNREADABLE)?,
            country: self.country,
            description: self.description,
            active: self.active,
            stamp: Stamp {
                version: self.version,
                created_at: self.created_at,
                updated_at: self.updated_at,
            },
        })
    }
}

/// Those of the ids that exist, in no order.
pub async fn find_many(
    connection: &mut impl Reads,
    organization: OrganizationId,
    ids: &[SupportNumberId],
) -> Result<Vec<SupportNumber>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = support_numbers::table
        .filter(support_numbers::organization_id.eq(organization.0))
        .filter(support_numbers::id.eq_any(ids))
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// What a list of numbers is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub kinds: Option<Vec<SupportNumberKind>>,
    pub active: Option<bool>,
    pub account: Option<ChannelAccountId>,
    pub workstream: Option<WorkstreamId>,
}

/// A page of the organization's numbers, in the order in which they were added.
pub async fn list(
    connection: &mut impl Reads,
    organization: OrganizationId,
    filter: &Filter,
    page: Page,
) -> Result<Slice<SupportNumber>, StoreError> {
    let mut query = support_numbers::table
        .filter(support_numbers::organization_id.eq(organization.0))
        .select(Row::as_select())
        .into_boxed();
    if let Some(kinds) = &filter.kinds {
        let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        query = query.filter(support_numbers::kind.eq_any(words));
    }
    if let Some(active) = filter.active {
        query = query.filter(support_numbers::active.eq(active));
    }
    if let Some(account) = filter.account {
        query = query.filter(support_numbers::channel_account_id.eq(account.0));
    }
    if let Some(workstream) = filter.workstream {
        query = query.filter(support_numbers::workstream_id.eq(workstream.0));
    }
    let rows: Vec<Row> = keyset!(query, support_numbers::id, page).load(connection.raw()).await?;
    page.cut(rows).try_map(Row::into_domain)
}

/// Stores a number.
pub async fn insert(
    connection: &mut WriteConnection,
    number: &SupportNumber,
    change: &ConfigChange,
) -> Result<(), StoreError> {
    connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            diesel::insert_into(support_numbers::table)
                .values((
                    support_numbers::organization_id.eq(change.organization.0),
                    support_numbers::id.eq(number.id.0),
                    support_numbers::channel_account_id.eq(number.channel_account.0),
                    support_numbers::workstream_id.eq(number.workstream.map(|id| id.0)),
                    support_numbers::kind.eq(number.kind.as_str()),
                    support_numbers::number.eq(number.number.as_str()),
                    support_numbers::country.eq(&number.country),
                    support_numbers::description.eq(&number.description),
                    support_numbers::active.eq(number.active),
                    support_numbers::version.eq(number.stamp.version),
                    support_numbers::created_at.eq(number.stamp.created_at),
                    support_numbers::updated_at.eq(number.stamp.updated_at),
                ))
                .execute(transaction)
                .await?;
            record_config_change(transaction, change).await
        })
        .await?;
    Ok(())
}

/// What an admin changes about a number; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub active: Option<bool>,
    pub description: Option<Option<String>>,
    pub workstream: Option<Option<WorkstreamId>>,
}

/// Stores the change; `false`: the number has moved since, or is not there.
pub async fn update(
    connection: &mut WriteConnection,
    id: SupportNumberId,
    expected_version: i32,
    changes: &Changes,
    change: &ConfigChange,
) -> Result<bool, StoreError> {
    let moved = connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            let target = support_numbers::table
                .find((change.organization.0, id.0))
                .filter(support_numbers::version.eq(expected_version));
            let moved = diesel::update(target)
                .set((
                    changes.active.map(|active| support_numbers::active.eq(active)),
                    changes
                        .description
                        .as_ref()
                        .map(|description| support_numbers::description.eq(description)),
                    changes.workstream.map(|workstream| {
                        support_numbers::workstream_id.eq(workstream.map(|id| id.0))
                    }),
                    support_numbers::version.eq(support_numbers::version + 1),
                    support_numbers::updated_at.eq(change.at),
                ))
                .execute(transaction)
                .await?;
            if moved > 0 {
                record_config_change(transaction, change).await?;
            }
            Ok(moved > 0)
        })
        .await?;
    Ok(moved)
}
