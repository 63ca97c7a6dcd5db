//! Lanes: each gathers what many actors want to write and commits it in batches.
//!
//! A pair of numbers always uses the same lane, so that two lanes never write the same
//! conversation. There is no artificial delay: while one batch commits, the next gathers.

use std::{
    collections::{HashSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot};

use super::feed::Feed;
use crate::{
    domain::conversation::Pair,
    store::{
        Store, StoreError,
        commit::{Change, Committer, Verdict, Verdicts},
    },
};

/// Changes that wait for a lane; beyond it actors wait in turn.
const WAITING_CHANGES_MAX: usize = 4_096;
/// Changes in one transaction.
const BATCH_CHANGES_MAX: usize = 500;
/// Longest wait for one batch: the server's own time limits end a slow statement long before, so
/// that a database which keeps silent for this long is frozen.
const COMMIT_TIMEOUT: Duration = Duration::from_secs(15);
/// What a change is told when its batch was given up.
const UNKNOWN: &str = "the commit was given up; it may or may not have happened";
/// What metrics call the verdicts.
const VERDICT_NAMES: [&str; 6] =
    ["committed", "repeated", "conflict", "consent_differs", "stale_settings", "failed"];

struct Job {
    change: Change,
    reply: oneshot::Sender<Result<Verdict, StoreError>>,
}

/// The way into a lane.
#[derive(Clone)]
pub(super) struct Lane {
    sender: mpsc::Sender<Job>,
}

/// Which of so many lanes, or arbiters, a pair belongs to.
pub(super) fn place_of(pair: &Pair, count: usize) -> usize {
    let mut hasher = DefaultHasher::new();
    pair.hash(&mut hasher);
    let count = u64::try_from(count.max(1)).unwrap_or(1);
    usize::try_from(hasher.finish() % count).unwrap_or(0)
}

impl Lane {
    /// Starts a lane on the runtime of the caller; it ends when the last clone is gone.
    pub(super) fn start(
        store: Store,
        feed: Arc<Feed>,
        on_commit: Arc<tokio::sync::Notify>,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING_CHANGES_MAX);
        tokio::spawn(run(receiver, store, feed, on_commit));
        Self { sender }
    }

    /// Changes that wait to be gathered.
    pub(super) fn waiting(&self) -> usize {
        WAITING_CHANGES_MAX - self.sender.capacity()
    }

    /// Commits a change with whatever else waits.
    pub(super) async fn commit(&self, change: Change) -> Result<Verdict, StoreError> {
        let (reply, answer) = oneshot::channel();
        let closed = || StoreError::Unavailable("the lane has ended".into());
        self.sender.send(Job { change, reply }).await.ok().ok_or_else(closed)?;
        answer.await.ok().ok_or_else(closed)?
    }
}

async fn run(
    mut receiver: mpsc::Receiver<Job>,
    store: Store,
    feed: Arc<Feed>,
    on_commit: Arc<tokio::sync::Notify>,
) {
    let mut committer = Committer::new(store.clone());
    let mut waiting: Vec<Job> = Vec::new();
    loop {
        let room = BATCH_CHANGES_MAX.saturating_sub(waiting.len());
        if waiting.is_empty() && receiver.recv_many(&mut waiting, room).await == 0 {
            return;
        }
        let (batch, later) = one_of_each(std::mem::take(&mut waiting));
        waiting = later;
        let (changes, replies): (Vec<Change>, Vec<_>) =
            batch.into_iter().map(|job| (job.change, job.reply)).unzip();
        let began = Instant::now();
        let answered = commit_in_time(&mut committer, &changes).await;
        let verdicts = answered.unwrap_or_else(|| {
            // Nobody knows what state its connection is in.
            committer = Committer::new(store.clone());
            changes.iter().map(|_| Err(StoreError::Unavailable(UNKNOWN.into()))).collect()
        });
        metrics::histogram!("centralino_commit_seconds").record(began.elapsed());
        metrics::histogram!("centralino_commit_changes")
            .record(f64::from(u32::try_from(changes.len()).unwrap_or(u32::MAX)));
        count(&verdicts);
        let (mut has_outgoing, mut has_consent) = (false, false);
        for ((change, reply), verdict) in changes.iter().zip(replies).zip(verdicts) {
            if let Ok(Verdict::Committed { first_position }) = &verdict {
                feed.publish(change, *first_position);
                has_outgoing |= change.may_free_the_outbox();
                has_consent |= change.consent.is_some();
            }
            // Whoever asked may have given up; what was committed stays.
            drop(reply.send(verdict));
        }
        if has_outgoing {
            on_commit.notify_one();
        }
        if has_consent {
            // Other conversations of the customers followed: their events are in no change.
            tokio::spawn(tell_positions(Arc::clone(&feed), store.clone()));
        }
    }
}

/// Counts a whole batch at once: this is the busiest place of all.
fn count(verdicts: &Verdicts) {
    let mut counts = [0_u64; VERDICT_NAMES.len()];
    for verdict in verdicts {
        counts[match verdict {
            Ok(Verdict::Committed { .. }) => 0,
            Ok(Verdict::Repeated) => 1,
            Ok(Verdict::Conflict) => 2,
            Ok(Verdict::ConsentDiffers) => 3,
            Ok(Verdict::StaleSettings) => 4,
            Err(_) => 5,
        }] += 1;
    }
    for (name, count) in VERDICT_NAMES.into_iter().zip(counts).filter(|(_, count)| *count > 0) {
        metrics::counter!("centralino_changes_total", "verdict" => name).increment(count);
    }
}

async fn tell_positions(feed: Arc<Feed>, store: Store) {
    if let Err(error) = feed.tell_positions(&store).await {
        tracing::warn!(%error, "could not look for new events");
    }
}

/// The verdicts, unless the database freezes or a bug makes the committer panic: the lane goes on.
async fn commit_in_time(committer: &mut Committer, changes: &[Change]) -> Option<Verdicts> {
    let committing = AssertUnwindSafe(committer.commit(changes)).catch_unwind();
    match tokio::time::timeout(COMMIT_TIMEOUT, committing).await {
        Ok(Ok(verdicts)) => Some(verdicts),
        Ok(Err(_panic)) => {
            tracing::error!(changes = changes.len(), "a commit panicked");
            None
        }
        Err(_elapsed) => {
            tracing::error!(changes = changes.len(), "a commit took too long and was given up");
            None
        }
    }
}

/// A conversation goes into a batch once: an actor that died may have left a change behind. So does
/// a customer whose consent changes: the second to say so is told what the first has said.
fn one_of_each(jobs: Vec<Job>) -> (Vec<Job>, Vec<Job>) {
    let mut conversations = HashSet::with_capacity(jobs.len());
    let mut customers = HashSet::new();
    jobs.into_iter().partition(|job| {
        let conversation = &job.change.conversation;
        let customer = || (conversation.pair.organization_id, conversation.pair.customer.clone());
        let is_first = job.change.consent.is_none() || customers.insert(customer());
        is_first && conversations.insert(conversation.id)
    })
}
