//! The one way in which conversations are written: many actors' work in one transaction.
//!
//! **Invariant:** a member's receipt or idempotency key, its conversation, texts, outbox rows and
//! events are stored together or not at all. **Invariant:** one member cannot fail another: who
//! loses a race is told so and left out, and a member that the database refuses is found by
//! halving. Statements run in one order (receipts, conversations, consent, timers, texts, outbox,
//! feed, audit), so that two committers never wait in a circle; the feed position is taken last,
//! because every later writer of the organization waits for it: only what people did comes after.

mod change;
mod columns;
mod consent_book;
pub(super) mod consent_statement;
mod conversation_statement;
mod entry_statement;
pub(super) mod feed_statement;
mod message_statement;
mod timer_statement;

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel_async::{AsyncPgConnection, TransactionManager, pooled_connection::PoolableConnection};
use uuid::Uuid;

pub use change::{
    Actor, Change, Entry, FeedEvent, FeedEventKind, NewKey, NewReceipt, TimerChange, Verdict,
};
pub use consent_statement::consent_event;

use super::{Store, StoreError, audit, connection};

type Manager = <AsyncPgConnection as diesel_async::AsyncConnection>::TransactionManager;

/// Writes batches on a connection of its own.
pub struct Committer {
    store: Store,
    connection: Option<AsyncPgConnection>,
}

/// What became of a batch: a verdict for each change, in their order.
pub type Verdicts = Vec<Result<Verdict, StoreError>>;

impl Committer {
    pub fn new(store: Store) -> Self {
        Self { store, connection: None }
    }

    /// Commits the batch. At most one change of a conversation may be in it.
    pub async fn commit(&mut self, batch: &[Change]) -> Verdicts {
        debug_assert!(are_distinct(batch), "a conversation has one change in a batch");
        let mut verdicts: Verdicts = Vec::with_capacity(batch.len());
        // A stack of halves: whatever the database refuses is cut until one change stands alone.
        let mut parts = vec![batch];
        while let Some(part) = parts.pop() {
            match self.attempt(part).await {
                Ok(answers) => verdicts.extend(answers.into_iter().map(Ok)),
                Err(error) if part.len() == 1 || error.is_retryable() => {
                    verdicts.extend(fail_all(error, part.len()));
                }
                Err(_) => {
                    let (left, right) = part.split_at(part.len() / 2);
                    parts.push(right);
                    parts.push(left);
                }
            }
        }
        verdicts
    }

    async fn attempt(&mut self, batch: &[Change]) -> Result<Vec<Verdict>, StoreError> {
        // One that has been cut off is noticed before anything is asked of it.
        if self.connection.as_mut().is_some_and(PoolableConnection::is_broken) {
            self.connection = None;
        }
        if self.connection.is_none() {
            self.connection = Some(self.store.dedicated().await?);
        }
        let Some(connection) = self.connection.as_mut() else {
            return Err(StoreError::unavailable("no connection"));
        };
        let mut left_out: HashMap<usize, Verdict> = HashMap::new();
        loop {
            match transact(connection, batch, &left_out).await {
                Ok(Round::Committed(verdicts)) => return Ok(verdicts),
                Ok(Round::Losers(losers)) => left_out.extend(losers),
                Err(error) => {
                    // After a failure nobody knows what state the connection is in.
                    self.connection = None;
                    return Err(error);
                }
            }
        }
    }
}

enum Round {
    Committed(Vec<Verdict>),
    /// These lost after something of theirs was written: roll back and go without them.
    Losers(HashMap<usize, Verdict>),
}

async fn transact(
    connection: &mut AsyncPgConnection,
    batch: &[Change],
    left_out: &HashMap<usize, Verdict>,
) -> Result<Round, StoreError> {
    let organizations: BTreeSet<Uuid> = batch.iter().map(Change::organization).collect();
    connection::begin_for(connection, organizations).await?;
    match write(connection, batch, left_out).await {
        Ok(Round::Committed(verdicts)) => {
            Manager::commit_transaction(connection).await?;
            Ok(Round::Committed(verdicts))
        }
        Ok(losers) => {
            Manager::rollback_transaction(connection).await?;
            Ok(losers)
        }
        Err(error) => Err(error),
    }
}

async fn write(
    connection: &mut AsyncPgConnection,
    batch: &[Change],
    left_out: &HashMap<usize, Verdict>,
) -> Result<Round, StoreError> {
    let mut verdicts: HashMap<usize, Verdict> = left_out.clone();
    let stale = feed_statement::stale_settings(connection, batch).await?;
    verdicts.extend(stale.into_iter().map(|at| (at, Verdict::StaleSettings)));
    let entered = entry_statement::enter(connection, &remaining(batch, &verdicts)).await?;
    verdicts.extend(entered);
    let members = remaining(batch, &verdicts);
    consent_statement::lock(connection, &members).await?;
    let lost = conversation_statement::write(connection, &members).await?;
    if !lost.is_empty() {
        return Ok(Round::Losers(lost.into_iter().collect()));
    }
    let ripples = consent_statement::write(connection, &members).await?;
    timer_statement::write(connection, &members).await?;
    let refused = message_statement::write(connection, &members).await?;
    if !refused.is_empty() {
        return Ok(Round::Losers(refused.into_iter().collect()));
    }
    let positions = feed_statement::append(connection, &members, &ripples).await?;
    audit::append(connection, members.iter().filter_map(|(_, change)| change.audit.as_ref()))
        .await?;
    for (at, change) in &members {
        let next = positions.get(&change.organization()).copied().unwrap_or_default();
        verdicts.insert(*at, Verdict::Committed { first_position: next });
    }
    shift_positions(&members, &mut verdicts);
    let in_order = (0..batch.len()).filter_map(|at| verdicts.remove(&at)).collect();
    Ok(Round::Committed(in_order))
}

/// Members of one organization share its positions, one after the other.
fn shift_positions(members: &[(usize, &Change)], verdicts: &mut HashMap<usize, Verdict>) {
    let mut used: HashMap<Uuid, i64> = HashMap::new();
    for (at, change) in members {
        let before = used.entry(change.organization()).or_default();
        if let Some(Verdict::Committed { first_position }) = verdicts.get_mut(at) {
            *first_position += *before;
        }
        *before += i64::try_from(change.events.len()).unwrap_or(0);
    }
}

fn remaining<'a>(
    batch: &'a [Change],
    verdicts: &HashMap<usize, Verdict>,
) -> Vec<(usize, &'a Change)> {
    batch.iter().enumerate().filter(|(at, _)| !verdicts.contains_key(at)).collect()
}

fn are_distinct(batch: &[Change]) -> bool {
    let mut seen = HashSet::new();
    batch.iter().all(|change| seen.insert(change.conversation.id))
}

fn fail_all(error: StoreError, count: usize) -> Vec<Result<Verdict, StoreError>> {
    if count == 1 {
        return vec![Err(error)];
    }
    let text = error.to_string();
    (0..count).map(|_| Err(StoreError::unavailable(text.clone()))).collect()
}
