//! Texts that wait for the provider, read; the actors write them through `commit`.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{StoreError, SystemConnection, statement::static_statement};
use crate::domain::{
    address::SmsAddress,
    ids::{ChannelAccountId, ConversationId, MessageId, OrganizationId, SupportNumberId},
    message::UnconfirmedPolicy,
};

static_statement! {
    /// The first text of each conversation that may go: the oldest of each account, then the
    /// second oldest of each, so that no account's backlog hides another's texts.
    Due {
        now: DateTime<Utc> => Timestamptz,
        now_again: DateTime<Utc> => Timestamptz,
        per_account: i64 => BigInt,
        limit: i64 => BigInt,
    } -> (SqlUuid, SqlUuid, SqlUuid, SqlUuid, SqlUuid, Text),
    "select organization_id, conversation_id, message_id, channel_account_id, support_number_id, \
        customer from ( \
        select o.*, c.support_number_id, c.customer, row_number() over \
            (partition by o.channel_account_id order by o.due_at, o.message_id) as place \
        from outbox o join conversations c \
            on c.organization_id = o.organization_id and c.id = o.conversation_id \
        where o.state = 'QUEUED' and o.due_at <= ? and not exists ( \
            select from channel_account_flows f where f.organization_id = o.organization_id \
                and f.channel_account_id = o.channel_account_id and f.stopped_at is not null) \
            and not exists ( \
            select from outbox earlier where earlier.organization_id = o.organization_id \
                and earlier.conversation_id = o.conversation_id and earlier.sequence < o.sequence \
                and (earlier.state in ('QUEUED', 'SENDING') \
                    or (earlier.state = 'UNCONFIRMED' and earlier.due_at > ?))) \
     ) as due where place <= ? order by place, due_at limit ?"
}

static_statement! {
    /// Texts whose sender has said nothing for too long.
    Silent {
        now: DateTime<Utc> => Timestamptz,
        limit: i64 => BigInt,
    } -> (SqlUuid, SqlUuid, SqlUuid, SqlUuid, SqlUuid, Text, Integer),
    "select o.organization_id, o.conversation_id, o.message_id, o.channel_account_id, \
        c.support_number_id, c.customer, m.attempt \
     from outbox o \
     join conversations c on c.organization_id = o.organization_id and c.id = o.conversation_id \
     join messages m on m.organization_id = o.organization_id \
        and m.conversation_id = o.conversation_id and m.sequence = o.sequence \
     where o.state = 'SENDING' and o.claim_until <= ? limit ?"
}

static_statement! {
    /// Texts whose end is to be looked for, the longest overdue first. Whoever finds one puts it off
    /// for the others; a text that a commit has its hands on is skipped.
    Checks {
        now: DateTime<Utc> => Timestamptz,
        limit: i64 => BigInt,
        put_off_until: DateTime<Utc> => Timestamptz,
    } -> (SqlUuid, SqlUuid, SqlUuid, SqlUuid, SqlUuid, Text, Integer, Nullable<Text>, Text, BigInt),
    "with due as (select organization_id, conversation_id, sequence from outbox \
        where check_at <= ? order by check_at, message_id limit ? for update skip locked), \
     found as (update outbox o set check_at = ? from due \
        where o.organization_id = due.organization_id \
            and o.conversation_id = due.conversation_id and o.sequence = due.sequence \
        returning o.*) \
     select o.organization_id, o.conversation_id, o.message_id, o.channel_account_id, \
        c.support_number_id, c.customer, m.attempt, m.provider_reference, w.unconfirmed_policy, \
        g.settings_version \
     from found o \
     join organizations g on g.id = o.organization_id \
     join conversations c on c.organization_id = o.organization_id and c.id = o.conversation_id \
     join workstreams w on w.organization_id = c.organization_id and w.id = c.workstream_id \
     join messages m on m.organization_id = o.organization_id \
        and m.conversation_id = o.conversation_id and m.sequence = o.sequence"
}

/// A text that may go, and where its conversation lives.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub organization: OrganizationId,
    pub conversation: ConversationId,
    pub message: MessageId,
    pub account: ChannelAccountId,
    pub support_number: SupportNumberId,
    pub customer: SmsAddress,
}

/// A text whose end is to be looked for.
#[derive(Debug, Clone)]
pub struct Check {
    pub candidate: Candidate,
    pub attempt: i32,
    /// What the provider can be asked by.
    pub reference: Option<String>,
    /// What its workstream makes of a text whose fate is not known, by these settings.
    pub policy: UnconfirmedPolicy,
    pub settings_version: i64,
}

type Ids = (Uuid, Uuid, Uuid, Uuid, Uuid, String);

fn candidate(ids: Ids) -> Result<Candidate, StoreError> {
    let (organization, conversation, message, account, support_number, customer) = ids;
    Ok(Candidate {
        organization: OrganizationId(organization),
        conversation: ConversationId(conversation),
        message: MessageId(message),
        account: ChannelAccountId(account),
        support_number: SupportNumberId(support_number),
        customer: customer.parse().ok().ok_or(StoreError::Unreadable("conversation"))?,
    })
}

/// How many texts are looked at together.
#[derive(Debug, Clone, Copy)]
pub struct DueMax {
    pub per_account: i64,
    pub all: i64,
}

/// Texts that may go now, of accounts that are not stopped.
pub async fn due(
    connection: &mut SystemConnection,
    now: DateTime<Utc>,
    max: DueMax,
) -> Result<Vec<Candidate>, StoreError> {
    let statement = Due { now, now_again: now, per_account: max.per_account, limit: max.all };
    let rows: Vec<Ids> = statement.load(connection.raw()).await?;
    rows.into_iter().map(candidate).collect()
}

/// Texts whose claim ran out, with the try that was under way.
pub async fn silent(
    connection: &mut SystemConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<(Candidate, i32)>, StoreError> {
    let rows: Vec<(Uuid, Uuid, Uuid, Uuid, Uuid, String, i32)> =
        Silent { now, limit }.load(connection.raw()).await?;
    rows.into_iter()
        .map(|(organization, conversation, message, account, number, customer, attempt)| {
            let ids = (organization, conversation, message, account, number, customer);
            Ok((candidate(ids)?, attempt))
        })
        .collect()
}

/// Takes texts whose end is to be looked for now; others do not find them until a moment.
pub async fn take_checks(
    connection: &mut SystemConnection,
    now: DateTime<Utc>,
    put_off_until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Check>, StoreError> {
    type Row = (Uuid, Uuid, Uuid, Uuid, Uuid, String, i32, Option<String>, String, i64);
    let statement = Checks { now, limit, put_off_until };
    let rows: Vec<Row> = statement.load(connection.raw()).await?;
    let check = |row: Row| {
        let (organization, conversation, message, account, number, customer, ..) = row;
        let (attempt, reference, policy, settings_version) = (row.6, row.7, row.8, row.9);
        Ok(Check {
            candidate: candidate((organization, conversation, message, account, number, customer))?,
            attempt,
            reference,
            policy: UnconfirmedPolicy::from_word(&policy)
                .ok_or(StoreError::Unreadable("workstream"))?,
            settings_version,
        })
    };
    rows.into_iter().map(check).collect()
}
