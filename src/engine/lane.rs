//! Lanes: each gathers what many actors want to write and commits it in batches.
//!
//! A pair of numbers always uses the same lane, so that two lanes never write the same
//! conversation. There is no artificial delay: while one batch commits, the next gathers.

use std::{
    collections::{HashSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::Arc,
    time::Instant,
};

use tokio::sync::{mpsc, oneshot};

use super::feed::Feed;
use crate::{
    domain::conversation::Pair,
    store::{
        Store, StoreError,
        commit::{Change, Committer, Verdict},
    },
};

/// Changes that wait for a lane; beyond it actors wait in turn.
const WAITING_CHANGES_MAX: usize = 4_096;
/// Changes in one transaction.
const BATCH_CHANGES_MAX: usize = 500;

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
        tokio::spawn(run(receiver, Committer::new(store), feed, on_commit));
        Self { sender }
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
    mut committer: Committer,
    feed: Arc<Feed>,
    on_commit: Arc<tokio::sync::Notify>,
) {
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
        let verdicts = committer.commit(&changes).await;
        metrics::histogram!("centralino_commit_seconds").record(began.elapsed());
        metrics::histogram!("centralino_commit_changes").record(changes.len() as f64);
        let mut has_outgoing = false;
        for ((change, reply), verdict) in changes.iter().zip(replies).zip(verdicts) {
            if let Ok(Verdict::Committed { first_position }) = &verdict {
                feed.publish(change, *first_position);
                has_outgoing |= change.may_free_the_outbox();
            }
            // Whoever asked may have given up; what was committed stays.
            drop(reply.send(verdict));
        }
        if has_outgoing {
            on_commit.notify_one();
        }
    }
}

/// A conversation goes into a batch once: an actor that died may have left a change behind.
fn one_of_each(jobs: Vec<Job>) -> (Vec<Job>, Vec<Job>) {
    let mut seen = HashSet::with_capacity(jobs.len());
    jobs.into_iter().partition(|job| seen.insert(job.change.conversation.id))
}
