//! Texts, tries at sending them, and the outbox.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    change::{Change, Verdict},
    columns::columns,
    consent_statement::is_opted_out,
};
use crate::{
    domain::{
        consent::wording::AutomatedTrigger,
        message::{Message, MessageDirection, MessageStatus},
    },
    store::{StoreError, statement::static_statement},
};

static_statement! {
    InsertMessages {
        organization: Vec<Uuid> => Array<SqlUuid>,
        conversation: Vec<Uuid> => Array<SqlUuid>,
        sequence: Vec<i32> => Array<Integer>,
        id: Vec<Uuid> => Array<SqlUuid>,
        direction: Vec<&'static str> => Array<Text>,
        origin: Vec<&'static str> => Array<Text>,
        status: Vec<&'static str> => Array<Text>,
        author: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        text: Vec<String> => Array<Text>,
        sender: Vec<String> => Array<Text>,
        recipient: Vec<String> => Array<Text>,
        created_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        provider_reference: Vec<Option<String>> => Array<Nullable<Text>>,
        idempotency_key: Vec<Option<String>> => Array<Nullable<Text>>,
        trigger: Vec<Option<&'static str>> => Array<Nullable<Text>>,
    } -> SqlUuid,
    "insert into messages (organization_id, conversation_id, sequence, id, direction, origin, \
        status, author_id, text, sender, recipient, created_at, provider_reference, \
        idempotency_key, trigger, status_changed_at, attempt) \
     select u.*, u.created_at, 0 from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as u \
        (organization, conversation, sequence, id, direction, origin, status, author, text, \
         sender, recipient, created_at, provider_reference, idempotency_key, trigger)"
}

static_statement! {
    UpdateMessages {
        organization: Vec<Uuid> => Array<SqlUuid>,
        conversation: Vec<Uuid> => Array<SqlUuid>,
        sequence: Vec<i32> => Array<Integer>,
        status: Vec<&'static str> => Array<Text>,
        status_changed_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        sent_at: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        delivered_at: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        attempt: Vec<i32> => Array<Integer>,
        resends: Vec<i32> => Array<Integer>,
        provider_reference: Vec<Option<String>> => Array<Nullable<Text>>,
        failure_code: Vec<Option<&'static str>> => Array<Nullable<Text>>,
        failure_provider_code: Vec<Option<i32>> => Array<Nullable<Integer>>,
        failure_description: Vec<Option<String>> => Array<Nullable<Text>>,
    } -> SqlUuid,
    "update messages m set status = n.status, status_changed_at = n.status_changed_at, \
        sent_at = n.sent_at, delivered_at = n.delivered_at, attempt = n.attempt, \
        resends = n.resends, provider_reference = n.provider_reference, failure_code = n.failure_code, \
        failure_provider_code = n.failure_provider_code, \
        failure_description = n.failure_description \
     from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
        as n (organization, conversation, sequence, status, status_changed_at, sent_at, \
            delivered_at, attempt, resends, provider_reference, failure_code, failure_provider_code, \
            failure_description) \
     where m.organization_id = n.organization and m.conversation_id = n.conversation \
        and m.sequence = n.sequence"
}

static_statement! {
    /// Begins sends, and asks once more whether the recipient may be texted: one that may not does
    /// not come back.
    InsertAttempts {
        organization: Vec<Uuid> => Array<SqlUuid>,
        message: Vec<Uuid> => Array<SqlUuid>,
        number: Vec<i32> => Array<Integer>,
        account: Vec<Uuid> => Array<SqlUuid>,
        started_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        support_number: Vec<Uuid> => Array<SqlUuid>,
        customer: Vec<String> => Array<Text>,
        is_exempt: Vec<bool> => Array<Bool>,
    } -> SqlUuid,
    concat!("insert into send_attempts (organization_id, message_id, number, channel_account_id, \
        started_at, status) \
     select n.organization, n.message, n.number, n.account, n.started_at, 'SENDING' \
     from unnest(?, ?, ?, ?, ?, ?, ?, ?) as n (organization, message, number, account, \
        started_at, support_number, customer, is_exempt) \
     where n.is_exempt or not ", is_opted_out!("n.organization", "n.support_number", "n.customer"), " \
     returning message_id")
}

static_statement! {
    /// Reports of an attempt that its text is past come in any order: here too it only moves forward.
    UpdateAttempts {
        organization: Vec<Uuid> => Array<SqlUuid>,
        message: Vec<Uuid> => Array<SqlUuid>,
        number: Vec<i32> => Array<Integer>,
        status: Vec<&'static str> => Array<Text>,
        settled_at: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        provider_reference: Vec<Option<String>> => Array<Nullable<Text>>,
        provider_code: Vec<Option<i32>> => Array<Nullable<Integer>>,
        description: Vec<Option<String>> => Array<Nullable<Text>>,
    } -> SqlUuid,
    "update send_attempts a set status = n.status, \
        settled_at = coalesce(n.settled_at, a.settled_at), \
        provider_reference = coalesce(n.provider_reference, a.provider_reference), \
        provider_code = coalesce(n.provider_code, a.provider_code), \
        description = coalesce(n.description, a.description) \
     from unnest(?, ?, ?, ?, ?, ?, ?, ?) as n (organization, message, number, status, \
        settled_at, provider_reference, provider_code, description) \
     where a.organization_id = n.organization and a.message_id = n.message \
        and a.number = n.number and (a.status not in \
            ('FAILED', 'EXPIRED', 'UNDELIVERABLE', 'DELIVERED') \
            or (n.status = 'DELIVERED' and a.status <> 'DELIVERED'))"
}

static_statement! {
    UpsertOutbox {
        organization: Vec<Uuid> => Array<SqlUuid>,
        conversation: Vec<Uuid> => Array<SqlUuid>,
        sequence: Vec<i32> => Array<Integer>,
        message: Vec<Uuid> => Array<SqlUuid>,
        account: Vec<Uuid> => Array<SqlUuid>,
        state: Vec<&'static str> => Array<Text>,
        due_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        claim_until: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
        check_at: Vec<Option<DateTime<Utc>>> => Array<Nullable<Timestamptz>>,
    } -> SqlUuid,
    "insert into outbox (organization_id, conversation_id, sequence, message_id, \
        channel_account_id, state, due_at, claim_until, check_at) \
     select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) \
     on conflict (organization_id, conversation_id, sequence) do update set \
        state = excluded.state, due_at = excluded.due_at, claim_until = excluded.claim_until, \
        check_at = excluded.check_at"
}

static_statement! {
    DeleteOutbox {
        organization: Vec<Uuid> => Array<SqlUuid>,
        conversation: Vec<Uuid> => Array<SqlUuid>,
        sequence: Vec<i32> => Array<Integer>,
    } -> SqlUuid,
    "delete from outbox o using unnest(?, ?, ?) as n (organization, conversation, sequence) \
     where o.organization_id = n.organization and o.conversation_id = n.conversation \
        and o.sequence = n.sequence"
}

/// Writes the members' texts with everything that hangs on them; returns those that may not send.
pub(super) async fn write(
    connection: &mut AsyncPgConnection,
    members: &[(usize, &Change)],
) -> Result<Vec<(usize, Verdict)>, StoreError> {
    let added = pairs(members, |change| &change.added);
    if !added.is_empty() {
        insert_messages(&added).execute(connection).await?;
    }
    let changed = pairs(members, |change| &change.changed);
    if !changed.is_empty() {
        update_messages(&changed).execute(connection).await?;
        let refused = begin_attempts(connection, members).await?;
        if !refused.is_empty() {
            return Ok(refused);
        }
    }
    settle_attempts(connection, members).await?;
    write_outbox(connection, &added, &changed).await?;
    Ok(Vec::new())
}

fn pairs<'a>(
    members: &[(usize, &'a Change)],
    pick: impl Fn(&'a Change) -> &'a Vec<Message>,
) -> Vec<(&'a Change, &'a Message)> {
    members
        .iter()
        .flat_map(|(_, change)| pick(change).iter().map(move |message| (*change, message)))
        .collect()
}

fn insert_messages(rows: &[(&Change, &Message)]) -> InsertMessages {
    columns!(InsertMessages from rows, row => {
        organization: row.0.organization(),
        conversation: row.0.conversation.id.0,
        sequence: row.1.sequence,
        id: row.1.id.0,
        direction: row.1.direction.as_str(),
        origin: row.1.origin.as_str(),
        status: row.1.status.as_str(),
        author: row.1.author.map(|agent| agent.0),
        text: row.1.text.clone(),
        sender: row.1.from.as_str().to_owned(),
        recipient: row.1.to.as_str().to_owned(),
        created_at: row.1.created_at,
        provider_reference: row.1.provider_reference.clone(),
        idempotency_key: row.1.idempotency_key.clone(),
        trigger: row.1.trigger.map(AutomatedTrigger::as_str),
    })
}

fn update_messages(rows: &[(&Change, &Message)]) -> UpdateMessages {
    columns!(UpdateMessages from rows, row => {
        organization: row.0.organization(),
        conversation: row.0.conversation.id.0,
        sequence: row.1.sequence,
        status: row.1.status.as_str(),
        status_changed_at: row.1.status_changed_at,
        sent_at: row.1.sent_at,
        delivered_at: row.1.delivered_at,
        attempt: row.1.attempt,
        resends: row.1.resends,
        provider_reference: row.1.provider_reference.clone(),
        failure_code: row.1.failure.as_ref().map(|failure| failure.code.as_str()),
        failure_provider_code: row.1.failure.as_ref().and_then(|failure| failure.provider_code),
        failure_description: row.1.failure.as_ref().map(|failure| failure.description.clone()),
    })
}

async fn begin_attempts(
    connection: &mut AsyncPgConnection,
    members: &[(usize, &Change)],
) -> Result<Vec<(usize, Verdict)>, StoreError> {
    let begun: Vec<(&Change, &Message)> = pairs(members, |change| &change.changed)
        .into_iter()
        .filter(|(change, message)| change.begun.contains(&message.id))
        .collect();
    if begun.is_empty() {
        return Ok(Vec::new());
    }
    let statement = columns!(InsertAttempts from &begun, row => {
        organization: row.0.organization(),
        message: row.1.id.0,
        number: row.1.attempt,
        account: row.0.account(),
        started_at: row.0.at,
        support_number: row.0.conversation.pair.support_number_id.0,
        customer: row.0.conversation.pair.customer.as_str().to_owned(),
        is_exempt: row.1.is_exempt_from_consent(),
    });
    let may_go: HashSet<Uuid> = statement.load(connection).await?.into_iter().collect();
    let is_refused = |change: &Change| change.begun.iter().any(|id| !may_go.contains(&id.0));
    let refused = members.iter().filter(|(_, change)| is_refused(change));
    Ok(refused.map(|(at, _)| (*at, Verdict::ConsentDiffers)).collect())
}

async fn settle_attempts(
    connection: &mut AsyncPgConnection,
    members: &[(usize, &Change)],
) -> Result<(), StoreError> {
    let moves: Vec<_> = members
        .iter()
        .flat_map(|(_, change)| change.moves.iter().map(move |moved| (*change, moved)))
        .collect();
    if !moves.is_empty() {
        let statement = columns!(UpdateAttempts from &moves, row => {
            organization: row.0.organization(),
            message: row.1.message_id.0,
            number: row.1.attempt,
            status: row.1.status.as_str(),
            settled_at: is_answer(row.1.status).then_some(row.0.at),
            provider_reference: row.1.provider_reference.clone(),
            provider_code: row.1.provider_code,
            description: row.1.description.clone(),
        });
        statement.execute(connection).await?;
    }
    Ok(())
}

/// Whether a try with this status is over.
fn is_answer(status: MessageStatus) -> bool {
    status == MessageStatus::Queued || status.is_settled()
}

async fn write_outbox(
    connection: &mut AsyncPgConnection,
    added: &[(&Change, &Message)],
    changed: &[(&Change, &Message)],
) -> Result<(), StoreError> {
    let outbound = added
        .iter()
        .chain(changed)
        .filter(|(_, message)| message.direction == MessageDirection::Outbound);
    let (waiting, gone): (Vec<&(&Change, &Message)>, Vec<_>) =
        outbound.partition(|(change, message)| outbox_state(change, message).is_some());
    if !waiting.is_empty() {
        let statement = columns!(UpsertOutbox from &waiting, row => {
            organization: row.0.organization(),
            conversation: row.0.conversation.id.0,
            sequence: row.1.sequence,
            message: row.1.id.0,
            account: row.0.account(),
            state: outbox_state(row.0, row.1).unwrap_or("QUEUED"),
            due_at: row.0.due_at,
            claim_until: (row.1.status == MessageStatus::Sending).then_some(row.0.claim_until),
            check_at: may_be_checked(row.1.status).then_some(row.0.check_at).flatten(),
        });
        statement.execute(connection).await?;
    }
    if !gone.is_empty() {
        let statement = columns!(DeleteOutbox from &gone, row => {
            organization: row.0.organization(),
            conversation: row.0.conversation.id.0,
            sequence: row.1.sequence,
        });
        statement.execute(connection).await?;
    }
    Ok(())
}

/// How the outbox holds a text; `None`: it is out of there.
fn outbox_state(change: &Change, message: &Message) -> Option<&'static str> {
    let status = message.status;
    match status {
        MessageStatus::Queued | MessageStatus::Sending | MessageStatus::Unconfirmed => {
            Some(status.as_str())
        }
        // Until its end is known, or nobody asks any more.
        MessageStatus::Sent => change.check_at.map(|_| status.as_str()),
        MessageStatus::Received
        | MessageStatus::Failed
        | MessageStatus::Expired
        | MessageStatus::Undeliverable
        | MessageStatus::Delivered => None,
    }
}

/// Whether the end of a text may be asked for.
fn may_be_checked(status: MessageStatus) -> bool {
    matches!(status, MessageStatus::Sent | MessageStatus::Unconfirmed)
}
