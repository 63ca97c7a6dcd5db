//! The ledger of consent: read, walked along, and written by whoever speaks for a customer.
//!
//! What customers write themselves comes through `commit`, with the text that carried it.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection,
    commit::{
        Actor,
        consent_statement::{Statement, write_alone},
        feed_statement,
    },
    page::{Page, Slice, keyset},
    schema::{consent_entries, consent_ledgers, consents, organizations},
};
use crate::domain::{
    address::SmsAddress,
    chain::{BEGINNING, Hash, Walk},
    consent::{
        ConsentChange, ConsentScope, ConsentSource, ConsentStatus, Said,
        ledger::{self, Broken, LedgerEntry, Personal},
        standing,
    },
    ids::{ConsentEntryId, ConversationId, MessageId, OrganizationId, SupportNumberId},
};

/// Lines that are walked along at a time.
const WALKED_AT_A_TIME: i64 = 1_000;

const UNREADABLE: StoreError = StoreError::Unreadable("consent");

#[derive(Queryable, Selectable)]
#[diesel(table_name = consent_entries, check_for_backend(diesel::pg::Pg))]
struct Row {
    organization_id: Uuid,
    sequence: i64,
    id: Uuid,
    at: DateTime<Utc>,
    status: String,
    source: String,
    support_number_id: Option<Uuid>,
    conversation_id: Option<Uuid>,
    message_id: Option<Uuid>,
    actor_kind: String,
    actor_id: Option<Uuid>,
    salt: Option<Vec<u8>>,
    customer: Option<String>,
    keyword: Option<String>,
    evidence: Option<String>,
    personal_digest: Vec<u8>,
    hash: Vec<u8>,
}

impl Row {
    /// The line, and the hash that is stored with it.
    fn into_line(self) -> Result<(LedgerEntry, Hash), StoreError> {
        let personal = match (self.salt, self.customer) {
            (Some(salt), Some(customer)) => Some(Personal {
                salt: salt.try_into().ok().ok_or(UNREADABLE)?,
                customer: customer.parse().ok().ok_or(UNREADABLE)?,
                keyword: self.keyword,
                evidence: self.evidence,
            }),
            _ => None,
        };
        let entry = LedgerEntry {
            organization: OrganizationId(self.organization_id),
            sequence: self.sequence,
            id: ConsentEntryId(self.id),
            at: self.at,
            status: ConsentStatus::from_word(&self.status).ok_or(UNREADABLE)?,
            source: ConsentSource::from_word(&self.source).ok_or(UNREADABLE)?,
            support_number: self.support_number_id.map(SupportNumberId),
            conversation: self.conversation_id.map(ConversationId),
            message: self.message_id.map(MessageId),
            actor: (self.actor_kind, self.actor_id),
            personal,
            personal_digest: self.personal_digest.try_into().ok().ok_or(UNREADABLE)?,
        };
        Ok((entry, self.hash.try_into().ok().ok_or(UNREADABLE)?))
    }

    fn into_entry(self) -> Result<LedgerEntry, StoreError> {
        self.into_line().map(|(entry, _)| entry)
    }
}

/// Who said a line, as the rest of the product knows them.
pub fn actor_of(entry: &LedgerEntry) -> Actor {
    Actor::from_words(&entry.actor.0, entry.actor.1)
}

/// What a list of lines is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub statuses: Option<Vec<ConsentStatus>>,
    pub sources: Option<Vec<ConsentSource>>,
    pub customer: Option<SmsAddress>,
}

/// A page of the ledger, oldest first.
pub async fn list(
    connection: &mut impl Reads,
    organization: OrganizationId,
    filter: &Filter,
    page: Page<i64>,
) -> Result<Slice<LedgerEntry>, StoreError> {
    let mut query = consent_entries::table
        .filter(consent_entries::organization_id.eq(organization.0))
        .select(Row::as_select())
        .into_boxed();
    if let Some(statuses) = &filter.statuses {
        let words: Vec<&str> = statuses.iter().map(|status| status.as_str()).collect();
        query = query.filter(consent_entries::status.eq_any(words));
    }
    if let Some(sources) = &filter.sources {
        let words: Vec<&str> = sources.iter().map(|source| source.as_str()).collect();
        query = query.filter(consent_entries::source.eq_any(words));
    }
    if let Some(customer) = &filter.customer {
        query = query.filter(consent_entries::customer.eq(customer.as_str().to_owned()));
    }
    let rows: Vec<Row> =
        keyset!(query, consent_entries::sequence, page).load(connection.raw()).await?;
    page.cut(rows).try_map(Row::into_entry)
}

/// Where the ledger leaves a customer: the line that decides; none where nothing was ever said.
pub async fn standing_of(
    connection: &mut impl Reads,
    organization: OrganizationId,
    customer: &SmsAddress,
    number: Option<SupportNumberId>,
) -> Result<Option<LedgerEntry>, StoreError> {
    let scope = scope(connection, organization).await?;
    let rows: Vec<(Option<Uuid>, String, i64)> = consents::table
        .filter(consents::organization_id.eq(organization.0))
        .filter(consents::customer.eq(customer.as_str()))
        .select((consents::support_number_id, consents::status, consents::sequence))
        .load(connection.raw())
        .await?;
    let said = rows.into_iter().map(|(number, status, sequence)| {
        let status = ConsentStatus::from_word(&status).ok_or(UNREADABLE)?;
        Ok(Said { number: number.map(SupportNumberId), status, sequence })
    });
    let said: Vec<Said> = said.collect::<Result<_, StoreError>>()?;
    let Some(deciding) = standing(scope, number, &said) else { return Ok(None) };
    let row: Option<Row> = consent_entries::table
        .find((organization.0, deciding.sequence))
        .select(Row::as_select())
        .first(connection.raw())
        .await
        .optional()?;
    row.map(Row::into_entry).transpose()
}

/// How far an opt-out reaches in an organization.
pub async fn scope(
    connection: &mut impl Reads,
    organization: OrganizationId,
) -> Result<ConsentScope, StoreError> {
    let word: String = organizations::table
        .find(organization.0)
        .select(organizations::consent_scope)
        .first(connection.raw())
        .await?;
    ConsentScope::from_word(&word).ok_or(UNREADABLE)
}

/// Lines after one, in order, at most `limit`, each with the hash that is stored with it.
pub async fn lines_after(
    connection: &mut impl Reads,
    organization: OrganizationId,
    after: i64,
    limit: i64,
) -> Result<Vec<(LedgerEntry, Hash)>, StoreError> {
    let rows: Vec<Row> = consent_entries::table
        .filter(consent_entries::organization_id.eq(organization.0))
        .filter(consent_entries::sequence.gt(after))
        .order(consent_entries::sequence.asc())
        .limit(limit)
        .select(Row::as_select())
        .load(connection.raw())
        .await?;
    rows.into_iter().map(Row::into_line).collect()
}

/// Walks along the whole ledger; answers how many lines it has, or where it is broken.
pub async fn verify(
    connection: &mut impl Reads,
    organization: OrganizationId,
) -> Result<Result<i64, Broken>, StoreError> {
    // The head is read first: lines that are added meanwhile come after it and are not looked at.
    let head: Option<(i64, Vec<u8>)> = consent_ledgers::table
        .find(organization.0)
        .select((consent_ledgers::sequence, consent_ledgers::hash))
        .first(connection.raw())
        .await
        .optional()?;
    let (last, hash) = head.unwrap_or((0, BEGINNING.to_vec()));
    let hash: Hash = hash.try_into().ok().ok_or(UNREADABLE)?;
    let mut walk = Walk::default();
    loop {
        let after = walk.sequence();
        let lines = lines_after(connection, organization, after, WALKED_AT_A_TIME).await?;
        let known = lines.iter().take_while(|(entry, _)| entry.sequence <= last);
        for (entry, stored) in known {
            if let Err(broken) = ledger::step(&mut walk, entry, stored) {
                return Ok(Err(broken));
            }
        }
        if walk.sequence() == after {
            return Ok(walk.end((last, &hash)).map(|()| last).map_err(Broken::Chain));
        }
    }
}

/// What somebody of ours says of a customer's consent.
#[derive(Debug, Clone)]
pub struct NewStatement {
    pub id: ConsentEntryId,
    pub customer: SmsAddress,
    /// None: it is said of all numbers.
    pub number: Option<SupportNumberId>,
    pub change: ConsentChange,
}

/// Who says it, and when.
#[derive(Debug, Clone, Copy)]
pub struct Speaker {
    pub organization: OrganizationId,
    pub actor: Actor,
    pub at: DateTime<Utc>,
}

/// Writes what is said, with all that follows from it; answers the lines that say something new.
pub async fn enter(
    connection: &mut WriteConnection,
    speaker: Speaker,
    statements: &[NewStatement],
) -> Result<Vec<LedgerEntry>, StoreError> {
    let statements: Vec<Statement<'_>> = statements
        .iter()
        .map(|new| Statement {
            id: new.id,
            organization: speaker.organization,
            customer: &new.customer,
            number: new.number,
            conversation: None,
            change: &new.change,
            actor: speaker.actor,
            at: speaker.at,
        })
        .collect();
    connection
        .raw()
        .transaction::<_, StoreError, _>(async |transaction| {
            let (lines, ripples) = write_alone(transaction, &statements).await?;
            feed_statement::append(transaction, &[], &ripples).await?;
            Ok(lines)
        })
        .await
}
