//! The ledger of consent as it is written: lines, heads, and where they leave each customer.
//!
//! **Invariant:** whoever writes a line holds the ledger's head until the commit, and reads what is
//! known only then: two who say the same make one line.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    columns::columns,
    consent_statement::{Statement, Who},
};
use crate::{
    domain::{
        chain::{BEGINNING, Hash},
        consent::{
            ConsentScope, ConsentStatus,
            ledger::{LedgerEntry, Personal},
        },
    },
    store::{StoreError, statement::static_statement},
};

static_statement! {
    /// Takes the heads of ledgers, each until the commit; one that is missing begins.
    TakeHeads {
        beginning: Vec<u8> => Binary,
        organization: Vec<Uuid> => Array<SqlUuid>,
    } -> (SqlUuid, BigInt, Binary),
    "insert into consent_ledgers as head (organization_id, sequence, hash) \
     select organization, 0, ? from unnest(?) as n (organization) order by organization \
     on conflict (organization_id) do update set sequence = head.sequence \
     returning organization_id, sequence, hash"
}

static_statement! {
    /// How far words reach in each organization, and what is known of the customers.
    ///
    /// A statement of its own, after the heads are taken: it sees what was committed before.
    ReadConsents {
        organization: Vec<Uuid> => Array<SqlUuid>,
        customer: Vec<String> => Array<Text>,
        reach: Vec<Uuid> => Array<SqlUuid>,
    } -> (SqlUuid, Text, Nullable<Text>, Nullable<SqlUuid>, Nullable<Text>, Nullable<BigInt>),
    "select o.id, o.consent_scope, k.customer, k.support_number_id, k.status, k.sequence \
     from organizations o left join ( \
        select known.* from unnest(?, ?) as asked (organization, customer) join consents known \
            on known.organization_id = asked.organization and known.customer = asked.customer \
     ) as k on k.organization_id = o.id where o.id = any(?)"
}

static_statement! {
    InsertEntries {
        organization: Vec<Uuid> => Array<SqlUuid>,
        sequence: Vec<i64> => Array<BigInt>,
        id: Vec<Uuid> => Array<SqlUuid>,
        at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        status: Vec<&'static str> => Array<Text>,
        source: Vec<&'static str> => Array<Text>,
        support_number: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        conversation: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        message: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        actor_kind: Vec<String> => Array<Text>,
        actor_id: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        salt: Vec<Option<Vec<u8>>> => Array<Nullable<Binary>>,
        customer: Vec<Option<String>> => Array<Nullable<Text>>,
        keyword: Vec<Option<String>> => Array<Nullable<Text>>,
        evidence: Vec<Option<String>> => Array<Nullable<Text>>,
        personal_digest: Vec<Vec<u8>> => Array<Binary>,
        hash: Vec<Vec<u8>> => Array<Binary>,
    } -> SqlUuid,
    "insert into consent_entries (organization_id, sequence, id, at, status, source, \
        support_number_id, conversation_id, message_id, actor_kind, actor_id, salt, customer, \
        keyword, evidence, personal_digest, hash) \
     select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
}

static_statement! {
    MoveHeads {
        organization: Vec<Uuid> => Array<SqlUuid>,
        sequence: Vec<i64> => Array<BigInt>,
        hash: Vec<Vec<u8>> => Array<Binary>,
    } -> SqlUuid,
    "update consent_ledgers head set sequence = n.sequence, hash = n.hash \
     from unnest(?, ?, ?) as n (organization, sequence, hash) \
     where head.organization_id = n.organization"
}

static_statement! {
    ForgetConsents {
        organization: Vec<Uuid> => Array<SqlUuid>,
        customer: Vec<String> => Array<Text>,
    } -> SqlUuid,
    "delete from consents k using unnest(?, ?) as n (organization, customer) \
     where k.organization_id = n.organization and k.customer = n.customer"
}

static_statement! {
    InsertConsents {
        organization: Vec<Uuid> => Array<SqlUuid>,
        customer: Vec<String> => Array<Text>,
        support_number: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        status: Vec<&'static str> => Array<Text>,
        sequence: Vec<i64> => Array<BigInt>,
    } -> SqlUuid,
    "insert into consents (organization_id, customer, support_number_id, status, sequence) \
     select * from unnest(?, ?, ?, ?, ?)"
}

/// What is said of each number, and by which line; none: of all numbers.
#[derive(Default)]
struct Known(BTreeMap<Option<Uuid>, (ConsentStatus, i64)>);

impl Known {
    /// Takes a statement in; `false`: it says nothing new.
    fn learn(&mut self, number: Option<Uuid>, status: ConsentStatus, sequence: i64) -> bool {
        let said = |number| self.0.get(&number).map(|(status, _)| *status);
        let is_known = match number {
            Some(_) => said(number).or(said(None)) == Some(status),
            None => said(None) == Some(status) && self.0.values().all(|(said, _)| *said == status),
        };
        if is_known {
            return false;
        }
        if number.is_none() {
            self.0.clear();
        }
        self.0.insert(number, (status, sequence));
        true
    }
}

/// The ledgers of some organizations, taken until the commit, and what is known of some customers.
pub(super) struct Book {
    heads: BTreeMap<Uuid, (i64, Hash)>,
    scopes: HashMap<Uuid, ConsentScope>,
    known: HashMap<Who, Known>,
}

impl Book {
    pub(super) async fn open(
        connection: &mut AsyncPgConnection,
        statements: &[Statement<'_>],
    ) -> Result<Self, StoreError> {
        let asked: BTreeSet<Who> = statements.iter().map(Statement::who).collect();
        let organizations: BTreeSet<Uuid> = asked.iter().map(|who| who.0).collect();
        let organizations: Vec<Uuid> = organizations.into_iter().collect();
        let take = TakeHeads { beginning: BEGINNING.to_vec(), organization: organizations.clone() };
        let heads: Vec<(Uuid, i64, Vec<u8>)> = take.load(connection).await?;
        let heads = heads.into_iter().map(|(organization, sequence, hash)| {
            let hash: Hash = hash.try_into().ok().ok_or(UNREADABLE)?;
            Ok((organization, (sequence, hash)))
        });
        let heads = heads.collect::<Result<_, StoreError>>()?;
        let (organization, customer) = asked.into_iter().unzip();
        let read = ReadConsents { organization, customer, reach: organizations };
        let mut book = Self { heads, scopes: HashMap::new(), known: HashMap::new() };
        for row in read.load::<ConsentRow>(connection).await? {
            book.learn(row)?;
        }
        Ok(book)
    }

    fn learn(&mut self, row: ConsentRow) -> Result<(), StoreError> {
        let (organization, scope, customer, number, status, sequence) = row;
        let scope = ConsentScope::from_word(&scope).ok_or(UNREADABLE)?;
        self.scopes.insert(organization, scope);
        if let (Some(customer), Some(status), Some(sequence)) = (customer, status, sequence) {
            let status = ConsentStatus::from_word(&status).ok_or(UNREADABLE)?;
            let known = self.known.entry((organization, customer)).or_default();
            known.0.insert(number, (status, sequence));
        }
        Ok(())
    }

    /// The next line of a ledger with its hash; none where the statement says nothing new.
    pub(super) fn enter(&mut self, statement: &Statement<'_>) -> Result<Option<Line>, StoreError> {
        let organization = statement.organization.0;
        let scope = self.scopes.get(&organization).copied().ok_or(UNREADABLE)?;
        let (sequence, previous) = self.heads.get_mut(&organization).ok_or(UNREADABLE)?;
        let number = statement.number.filter(|_| scope == ConsentScope::Number);
        let status = statement.change.status;
        let known = self.known.entry(statement.who()).or_default();
        if !known.learn(number.map(|number| number.0), status, *sequence + 1) {
            return Ok(None);
        }
        *sequence += 1;
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(StoreError::unavailable)?;
        let personal = Personal {
            salt,
            customer: statement.customer.clone(),
            keyword: statement.change.keyword.clone(),
            evidence: statement.change.evidence.clone(),
        };
        let (actor_kind, actor_id) = statement.actor.words();
        let entry = LedgerEntry {
            organization: statement.organization,
            sequence: *sequence,
            id: statement.id,
            at: statement.at,
            status,
            source: statement.change.source,
            support_number: number,
            conversation: statement.conversation,
            message: statement.change.message_id,
            actor: (actor_kind.to_owned(), actor_id),
            personal_digest: personal.digest(),
            personal: Some(personal),
        };
        *previous = entry.hash(previous);
        Ok(Some((entry, *previous)))
    }

    /// Writes the lines, and where they leave everything.
    pub(super) async fn close(
        self,
        connection: &mut AsyncPgConnection,
        lines: &[Line],
    ) -> Result<(), StoreError> {
        insert_entries(lines).execute(connection).await?;
        let move_heads = columns!(MoveHeads from self.heads, head => {
            organization: head.0,
            sequence: head.1.0,
            hash: head.1.1.to_vec(),
        });
        move_heads.execute(connection).await?;
        let (organization, customer) = self.known.keys().cloned().unzip();
        ForgetConsents { organization, customer }.execute(connection).await?;
        let rows = self.known.iter().flat_map(|(who, known)| {
            known.0.iter().map(move |(number, (status, sequence))| (who, number, status, sequence))
        });
        let insert = columns!(InsertConsents from rows, row => {
            organization: row.0.0,
            customer: row.0.1.clone(),
            support_number: *row.1,
            status: row.2.as_str(),
            sequence: *row.3,
        });
        insert.execute(connection).await?;
        Ok(())
    }
}

/// A line of a ledger with its hash.
pub(super) type Line = (LedgerEntry, Hash);

type ConsentRow = (Uuid, String, Option<String>, Option<Uuid>, Option<String>, Option<i64>);

const UNREADABLE: StoreError = StoreError::Unreadable("consent");

fn insert_entries(lines: &[Line]) -> InsertEntries {
    columns!(InsertEntries from lines, line => {
        organization: line.0.organization.0,
        sequence: line.0.sequence,
        id: line.0.id.0,
        at: line.0.at,
        status: line.0.status.as_str(),
        source: line.0.source.as_str(),
        support_number: line.0.support_number.map(|id| id.0),
        conversation: line.0.conversation.map(|id| id.0),
        message: line.0.message.map(|id| id.0),
        actor_kind: line.0.actor.0.clone(),
        actor_id: line.0.actor.1,
        salt: line.0.personal.as_ref().map(|personal| personal.salt.to_vec()),
        customer: line.0.personal.as_ref().map(|personal| personal.customer.as_str().to_owned()),
        keyword: line.0.personal.as_ref().and_then(|personal| personal.keyword.clone()),
        evidence: line.0.personal.as_ref().and_then(|personal| personal.evidence.clone()),
        personal_digest: line.0.personal_digest.to_vec(),
        hash: line.1.to_vec(),
    })
}
