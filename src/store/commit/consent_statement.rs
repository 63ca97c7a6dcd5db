//! Consent: lines of the ledger, where they leave each customer, and the conversations that follow.
//!
//! **Invariant:** an opt-out and the flag of every conversation that it reaches are one commit, and
//! move `revision`: whatever was decided before it, anywhere, loses and is decided again. Nothing
//! here runs for a batch in which nobody's consent changes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    change::{Actor, Change, FeedEvent, FeedEventKind},
    consent_book::Book,
    feed_statement::Ripple,
};
use crate::{
    domain::{
        address::SmsAddress,
        consent::{ConsentChange, ledger::LedgerEntry},
        ids::{ConsentEntryId, ConversationId, OrganizationId, SupportNumberId},
    },
    store::{StoreError, statement::static_statement},
};

/// Whether a customer has opted out of texts from a number, as SQL.
///
/// What is said of all numbers gives way to what was said later of the one, unless an opt-out from
/// any of them reaches all. `offset 0` keeps the planner to one step into the index for each row:
/// without it, it may read every opt-out there is into a hash, for a handful of new conversations.
macro_rules! is_opted_out {
    ($organization:literal, $number:literal, $customer:literal) => {
        concat!(
            "exists (select from consents k where k.organization_id = ",
            $organization,
            " and k.customer = ",
            $customer,
            " and k.status = 'OPTED_OUT' and (",
            "k.support_number_id = ",
            $number,
            " or (select reach.consent_scope from organizations reach where reach.id = ",
            $organization,
            ") = 'ORGANIZATION'",
            " or (k.support_number_id is null and not exists (select from consents own",
            " where own.organization_id = ",
            $organization,
            " and own.customer = ",
            $customer,
            " and own.support_number_id = ",
            $number,
            " offset 0))) offset 0)"
        )
    };
}
pub(in crate::store) use is_opted_out;

static_statement! {
    /// Locks all that the batch will touch in one order, so that two opt-outs cannot deadlock.
    LockConversations {
        organization: Vec<Uuid> => Array<SqlUuid>,
        id: Vec<Uuid> => Array<SqlUuid>,
        customer_organization: Vec<Uuid> => Array<SqlUuid>,
        customer: Vec<String> => Array<Text>,
    } -> SqlUuid,
    "with touched as ( \
        select organization, id from unnest(?, ?) as own (organization, id) union \
        select c.organization_id, c.id from unnest(?, ?) as spoken (organization, customer) \
        join support_numbers n on n.organization_id = spoken.organization \
        join conversations c on c.organization_id = n.organization_id \
            and c.support_number_id = n.id and c.customer = spoken.customer \
     ) select c.id from touched \
     join conversations c on c.organization_id = touched.organization and c.id = touched.id \
     order by c.id for update of c"
}

static_statement! {
    /// Makes the customers' conversations follow; those that are not over come back.
    SpreadConsents {
        at: DateTime<Utc> => Timestamptz,
        organization: Vec<Uuid> => Array<SqlUuid>,
        customer: Vec<String> => Array<Text>,
    } -> (SqlUuid, SqlUuid, Text, Text),
    concat!("update conversations c set opted_out = not c.opted_out, revision = c.revision + 1, \
        updated_at = ? \
     from unnest(?, ?) as spoken (organization, customer) \
     join support_numbers n on n.organization_id = spoken.organization \
     where c.organization_id = n.organization_id and c.support_number_id = n.id \
        and c.customer = spoken.customer and c.opted_out <> ",
        is_opted_out!("c.organization_id", "c.support_number_id", "c.customer"),
     " returning c.organization_id, c.id, c.customer, c.status")
}

static_statement! {
    /// Locks the conversations of all customers that ever said anything, in the order of all.
    LockSpoken {
        organization: Uuid => SqlUuid,
    } -> SqlUuid,
    "select c.id from conversations c where c.organization_id = ? and exists ( \
        select from consents k where k.organization_id = c.organization_id \
            and k.customer = c.customer) order by c.id for update of c"
}

static_statement! {
    Spoken {
        organization: Uuid => SqlUuid,
    } -> Text,
    "select distinct customer from consents where organization_id = ?"
}

/// What somebody says of a customer's consent.
pub(in crate::store) struct Statement<'a> {
    pub(in crate::store) id: ConsentEntryId,
    pub(in crate::store) organization: OrganizationId,
    pub(in crate::store) customer: &'a SmsAddress,
    /// The number that it was said to; none: it is said of all.
    pub(in crate::store) number: Option<SupportNumberId>,
    pub(in crate::store) conversation: Option<ConversationId>,
    pub(in crate::store) change: &'a ConsentChange,
    pub(in crate::store) actor: Actor,
    pub(in crate::store) at: DateTime<Utc>,
}

impl<'a> Statement<'a> {
    fn of(change: &'a Change) -> Option<Self> {
        let (id, consent) = change.consent.as_ref()?;
        let pair = &change.conversation.pair;
        Some(Self {
            id: *id,
            organization: pair.organization_id,
            customer: &pair.customer,
            number: Some(pair.support_number_id),
            conversation: Some(change.conversation.id),
            change: consent,
            actor: change.actor,
            at: change.at,
        })
    }

    pub(super) fn who(&self) -> Who {
        (self.organization.0, self.customer.as_str().to_owned())
    }
}

/// A customer of an organization.
pub(super) type Who = (Uuid, String);

/// Locks what the members will touch, where somebody's consent is among it.
pub(super) async fn lock(
    connection: &mut AsyncPgConnection,
    members: &[(usize, &Change)],
) -> Result<(), StoreError> {
    let statements: Vec<Statement<'_>> =
        members.iter().filter_map(|(_, change)| Statement::of(change)).collect();
    if statements.is_empty() {
        return Ok(());
    }
    let own = members.iter().map(|(_, change)| (change.organization(), change.conversation.id.0));
    lock_conversations(connection, own.unzip(), &statements).await
}

async fn lock_conversations(
    connection: &mut AsyncPgConnection,
    (organization, id): (Vec<Uuid>, Vec<Uuid>),
    statements: &[Statement<'_>],
) -> Result<(), StoreError> {
    let (customer_organization, customer) = statements.iter().map(Statement::who).unzip();
    let lock = LockConversations { organization, id, customer_organization, customer };
    lock.load::<Uuid>(connection).await?;
    Ok(())
}

/// Writes what the members say of consent; returns what it does to other conversations.
pub(super) async fn write(
    connection: &mut AsyncPgConnection,
    members: &[(usize, &Change)],
) -> Result<Vec<Ripple>, StoreError> {
    let statements: Vec<Statement<'_>> =
        members.iter().filter_map(|(_, change)| Statement::of(change)).collect();
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    Ok(enter(connection, &statements).await?.1)
}

/// Writes statements that belong to no conversation; returns the lines that they made.
pub(in crate::store) async fn write_alone(
    connection: &mut AsyncPgConnection,
    statements: &[Statement<'_>],
) -> Result<(Vec<LedgerEntry>, Vec<Ripple>), StoreError> {
    lock_conversations(connection, (Vec::new(), Vec::new()), statements).await?;
    enter(connection, statements).await
}

async fn enter(
    connection: &mut AsyncPgConnection,
    statements: &[Statement<'_>],
) -> Result<(Vec<LedgerEntry>, Vec<Ripple>), StoreError> {
    let mut book = Book::open(connection, statements).await?;
    let mut lines = Vec::with_capacity(statements.len());
    for statement in statements {
        lines.extend(book.enter(statement)?);
    }
    if lines.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    book.close(connection, &lines).await?;
    let ripples = spread(connection, statements).await?;
    Ok((lines.into_iter().map(|(entry, _)| entry).collect(), ripples))
}

async fn spread(
    connection: &mut AsyncPgConnection,
    statements: &[Statement<'_>],
) -> Result<Vec<Ripple>, StoreError> {
    let by: HashMap<Who, (Actor, DateTime<Utc>)> =
        statements.iter().map(|it| (it.who(), (it.actor, it.at))).collect();
    let Some(at) = statements.iter().map(|statement| statement.at).max() else {
        return Ok(Vec::new());
    };
    let (organization, customer) = by.keys().cloned().unzip();
    let moved: Vec<(Uuid, Uuid, String, String)> =
        SpreadConsents { at, organization, customer }.load(connection).await?;
    let ripples = moved.into_iter().filter(|(_, _, _, status)| status != "RESOLVED");
    let ripples = ripples.filter_map(|(organization, conversation, customer, _)| {
        let (actor, at) = *by.get(&(organization, customer))?;
        Some(Ripple { organization, conversation, event: consent_event(), actor, at })
    });
    Ok(ripples.collect())
}

/// Makes every conversation of an organization follow, after its reach has changed.
pub(in crate::store) async fn follow(
    connection: &mut AsyncPgConnection,
    organization: Uuid,
    (actor, at): (Actor, DateTime<Utc>),
) -> Result<Vec<Ripple>, StoreError> {
    LockSpoken { organization }.load::<Uuid>(connection).await?;
    let customer: Vec<String> = Spoken { organization }.load(connection).await?;
    let organizations = vec![organization; customer.len()];
    let spread = SpreadConsents { at, organization: organizations, customer };
    let moved: Vec<(Uuid, Uuid, String, String)> = spread.load(connection).await?;
    let unresolved = moved.into_iter().filter(|(_, _, _, status)| status != "RESOLVED");
    let ripples = unresolved.map(|(organization, conversation, _, _)| Ripple {
        organization,
        conversation,
        event: consent_event(),
        actor,
        at,
    });
    Ok(ripples.collect())
}

/// What a subscriber is told of a conversation whose customer's consent changed.
pub fn consent_event() -> FeedEvent {
    FeedEvent {
        kind: FeedEventKind::ConversationMoved,
        message_id: None,
        changed: vec!["optedOut", "viewerCan"],
    }
}
