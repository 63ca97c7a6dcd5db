//! Callbacks that were kept without touching a conversation, and those that wait for a replay.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    Reads, StoreError, SystemConnection, WriteConnection,
    commit::NewReceipt,
    journal,
    page::{Page, Slice, keyset},
    schema::{channel_accounts, receipts, send_attempts},
};
use crate::domain::{
    address::SmsAddress,
    ids::{ChannelAccountId, ConversationId, OrganizationId, ReceiptId},
    word_enum,
};

word_enum! {
    /// What came of a callback.
    pub enum CallbackOutcome {
        Applied = "APPLIED",
        Unrouted = "UNROUTED",
        Unmatched = "UNMATCHED",
        Unparsed = "UNPARSED",
        Ignored = "IGNORED",
        Parked = "PARKED",
    }
}

/// A callback as it was kept.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub organization: OrganizationId,
    pub id: ReceiptId,
    pub account: ChannelAccountId,
    pub kind: String,
    pub reference: Option<String>,
    pub outcome: CallbackOutcome,
    pub detail: Option<String>,
    pub body: Vec<u8>,
    pub conversation: Option<ConversationId>,
    pub received_at: DateTime<Utc>,
    pub replayed_at: Option<DateTime<Utc>>,
    /// When `body` was emptied.
    pub forgotten_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = receipts, check_for_backend(diesel::pg::Pg))]
struct Row {
    organization_id: Uuid,
    id: Uuid,
    channel_account_id: Uuid,
    kind: String,
    reference: Option<String>,
    outcome: String,
    detail: Option<String>,
    body: Vec<u8>,
    conversation_id: Option<Uuid>,
    received_at: DateTime<Utc>,
    replayed_at: Option<DateTime<Utc>>,
    forgotten_at: Option<DateTime<Utc>>,
}

impl Row {
    fn into_domain(self) -> Result<Receipt, StoreError> {
        Ok(Receipt {
            organization: OrganizationId(self.organization_id),
            id: ReceiptId(self.id),
            account: ChannelAccountId(self.channel_account_id),
            kind: self.kind,
            reference: self.reference,
            outcome: CallbackOutcome::from_word(&self.outcome)
                .ok_or(StoreError::Unreadable("receipt"))?,
            detail: self.detail,
            body: self.body,
            conversation: self.conversation_id.map(ConversationId),
            received_at: self.received_at,
            replayed_at: self.replayed_at,
            forgotten_at: self.forgotten_at,
        })
    }
}

/// Keeps a callback that has no effect (yet); `false`: it was kept before.
pub async fn insert(
    connection: &mut WriteConnection,
    organization: OrganizationId,
    receipt: &NewReceipt,
    outcome: CallbackOutcome,
    detail: Option<&str>,
) -> Result<bool, StoreError> {
    let inserted = diesel::insert_into(receipts::table)
        .values((
            receipts::organization_id.eq(organization.0),
            receipts::id.eq(receipt.id.0),
            receipts::channel_account_id.eq(receipt.account.0),
            receipts::kind.eq(receipt.kind),
            receipts::dedup_key.eq(&receipt.dedup_key),
            receipts::reference.eq(&receipt.reference),
            receipts::customer.eq(receipt.customer.as_ref().map(SmsAddress::as_str)),
            receipts::outcome.eq(outcome.as_str()),
            receipts::detail.eq(detail),
            receipts::body.eq(&receipt.body),
            receipts::received_at.eq(receipt.received_at),
        ))
        .on_conflict_do_nothing()
        .execute(connection.raw())
        .await?;
    Ok(inserted > 0)
}

/// Notes why a callback that waits was not applied this time.
pub async fn set_outcome(
    connection: &mut WriteConnection,
    organization: OrganizationId,
    id: ReceiptId,
    outcome: CallbackOutcome,
    detail: Option<&str>,
) -> Result<(), StoreError> {
    let target = receipts::table
        .find((organization.0, id.0))
        .filter(receipts::outcome.ne(CallbackOutcome::Applied.as_str()));
    diesel::update(target)
        .set((receipts::outcome.eq(outcome.as_str()), receipts::detail.eq(detail)))
        .execute(connection.raw())
        .await?;
    Ok(())
}

/// The callback of that id, in that organization.
pub async fn find(
    connection: &mut impl Reads,
    organization: OrganizationId,
    id: ReceiptId,
) -> Result<Option<Receipt>, StoreError> {
    let row: Option<Row> = receipts::table
        .find((organization.0, id.0))
        .select(Row::as_select())
        .first(connection.raw())
        .await
        .optional()?;
    row.map(Row::into_domain).transpose()
}

/// Those of the ids that exist, in no order.
pub async fn find_many(
    connection: &mut impl Reads,
    organization: OrganizationId,
    ids: &[ReceiptId],
) -> Result<Vec<Receipt>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = receipts::table
        .filter(receipts::organization_id.eq(organization.0))
        .filter(receipts::id.eq_any(ids))
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// When the newest callback of each of the accounts arrived that has had any.
pub async fn newest_of_each(
    connection: &mut impl Reads,
    organization: OrganizationId,
    accounts: &[ChannelAccountId],
) -> Result<Vec<(ChannelAccountId, DateTime<Utc>)>, StoreError> {
    let ids: Vec<Uuid> = accounts.iter().map(|id| id.0).collect();
    // One step into an index for each account; a `distinct on` would read all their callbacks.
    let newest = receipts::table
        .filter(receipts::organization_id.eq(channel_accounts::organization_id))
        .filter(receipts::channel_account_id.eq(channel_accounts::id))
        .order(receipts::id.desc())
        .select(receipts::received_at)
        .limit(1)
        .single_value();
    let rows: Vec<(Uuid, Option<DateTime<Utc>>)> = channel_accounts::table
        .filter(channel_accounts::organization_id.eq(organization.0))
        .filter(channel_accounts::id.eq_any(ids))
        .select((channel_accounts::id, newest))
        .load(connection.raw())
        .await?;
    Ok(rows.into_iter().filter_map(|(id, at)| Some((ChannelAccountId(id), at?))).collect())
}

/// What a list of callbacks is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub outcomes: Option<Vec<CallbackOutcome>>,
    pub account: Option<ChannelAccountId>,
    pub kinds: Option<Vec<String>>,
    pub reference: Option<String>,
    /// His texts, and the reports on what was sent to him; the newest thousand.
    pub customer: Option<SmsAddress>,
    /// Arrived at that moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Arrived before that moment.
    pub to: Option<DateTime<Utc>>,
}

/// Narrows a boxed query to a filter. Ids sort by arrival, so that a time is a range of the key.
macro_rules! narrow {
    ($query:expr, $filter:expr, $ids:expr) => {{
        let (mut query, filter): (_, &Filter) = ($query, $filter);
        if let Some(ids) = $ids {
            query = query.filter(receipts::id.eq_any(ids));
        }
        if let Some(outcomes) = &filter.outcomes {
            let words: Vec<&str> = outcomes.iter().map(|outcome| outcome.as_str()).collect();
            query = query.filter(receipts::outcome.eq_any(words));
        }
        if let Some(account) = filter.account {
            query = query.filter(receipts::channel_account_id.eq(account.0));
        }
        if let Some(kinds) = &filter.kinds {
            query = query.filter(receipts::kind.eq_any(kinds.clone()));
        }
        if let Some(reference) = &filter.reference {
            query = query.filter(receipts::reference.eq(reference.clone()));
        }
        if let Some(from) = filter.from {
            query = query.filter(receipts::id.ge(journal::first_id_at(from)));
        }
        if let Some(to) = filter.to {
            query = query.filter(receipts::id.lt(journal::first_id_at(to)));
        }
        query
    }};
}

/// A page of callbacks, oldest first.
pub async fn list(
    connection: &mut impl Reads,
    organization: OrganizationId,
    filter: &Filter,
    page: Page,
) -> Result<Slice<Receipt>, StoreError> {
    let ids = ids_of_customer(connection, organization, filter).await?;
    let query = receipts::table
        .filter(receipts::organization_id.eq(organization.0))
        .select(Row::as_select())
        .into_boxed();
    let query = narrow!(query, filter, ids);
    let rows: Vec<Row> = keyset!(query, receipts::id, page).load(connection.raw()).await?;
    page.cut(rows).try_map(Row::into_domain)
}

/// What a filter's customer comes to; none where it names none.
async fn ids_of_customer(
    connection: &mut impl Reads,
    organization: OrganizationId,
    filter: &Filter,
) -> Result<Option<Vec<Uuid>>, StoreError> {
    match &filter.customer {
        Some(customer) => journal::of_customer(connection, organization, customer).await.map(Some),
        None => Ok(None),
    }
}

/// Callbacks without an effect, oldest first: those after one, at most so many.
pub async fn waiting(
    connection: &mut impl Reads,
    organization: OrganizationId,
    filter: &Filter,
    (after, count_max): (Option<ReceiptId>, i64),
) -> Result<Vec<Receipt>, StoreError> {
    let ids = ids_of_customer(connection, organization, filter).await?;
    let query = receipts::table
        .filter(receipts::organization_id.eq(organization.0))
        .filter(receipts::outcome.ne(CallbackOutcome::Applied.as_str()))
        .filter(receipts::id.gt(after.map_or(Uuid::nil(), |id| id.0)))
        .select(Row::as_select())
        .into_boxed();
    let query = narrow!(query, filter, ids);
    let rows: Vec<Row> =
        query.order(receipts::id.asc()).limit(count_max).load(connection.raw()).await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// Whether there is any callback with this outcome.
pub async fn has_any(
    connection: &mut impl Reads,
    organization: OrganizationId,
    outcome: CallbackOutcome,
) -> Result<bool, StoreError> {
    let any = receipts::table
        .filter(receipts::organization_id.eq(organization.0))
        .filter(receipts::outcome.ne(CallbackOutcome::Applied.as_str()))
        .filter(receipts::outcome.eq(outcome.as_str()));
    Ok(diesel::select(diesel::dsl::exists(any)).get_result(connection.raw()).await?)
}

/// Reports that waited and whose text has since become known by its reference, oldest first.
pub async fn matchable(
    connection: &mut SystemConnection,
    limit: i64,
) -> Result<Vec<(OrganizationId, ReceiptId)>, StoreError> {
    let its_attempt = send_attempts::table
        .filter(send_attempts::organization_id.eq(receipts::organization_id))
        .filter(send_attempts::channel_account_id.eq(receipts::channel_account_id))
        .filter(send_attempts::provider_reference.eq(receipts::reference))
        // Named, since system work may not read the others.
        .select(send_attempts::provider_reference);
    let rows: Vec<(Uuid, Uuid)> = receipts::table
        .filter(receipts::outcome.eq(CallbackOutcome::Unmatched.as_str()))
        .filter(receipts::reference.is_not_null())
        .filter(diesel::dsl::exists(its_attempt))
        .order(receipts::id.asc())
        .limit(limit)
        .select((receipts::organization_id, receipts::id))
        .load(connection.raw())
        .await?;
    let ids =
        rows.into_iter().map(|(organization, id)| (OrganizationId(organization), ReceiptId(id)));
    Ok(ids.collect())
}

/// Reports with this reference that waited for its text.
pub async fn unmatched_with_reference(
    connection: &mut impl Reads,
    organization: OrganizationId,
    account: ChannelAccountId,
    reference: &str,
) -> Result<Vec<Receipt>, StoreError> {
    let rows: Vec<Row> = receipts::table
        .filter(receipts::organization_id.eq(organization.0))
        .filter(receipts::channel_account_id.eq(account.0))
        .filter(receipts::reference.eq(reference))
        .filter(receipts::outcome.eq(CallbackOutcome::Unmatched.as_str()))
        .order(receipts::id.asc())
        .limit(20)
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(Row::into_domain).collect()
}
