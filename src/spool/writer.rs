//! The one thread that writes: one sync for all that waits, then the answers.

use std::collections::BTreeMap;

use tokio::{
    sync::{OwnedSemaphorePermit, mpsc, oneshot},
    time::Instant,
};

use super::{
    Shared, SpoolError,
    index::{End, Handed, Position},
    journal::Journal,
    record::Record,
};

/// Jobs that are done in one go.
const BATCH_MAX: usize = 1_024;

type Reply = oneshot::Sender<Result<(), SpoolError>>;

/// A record that waits for the disk.
pub(super) struct Append {
    pub(super) record: Record,
    pub(super) reply: Reply,
    /// Given back when it no longer waits.
    pub(super) _permits: (OwnedSemaphorePermit, OwnedSemaphorePermit),
}

/// What the thread is asked for. Replies may go to nobody: what was asked is done all the same.
pub(super) enum Job {
    Append(Box<Append>),
    Done {
        position: Position,
        reply: oneshot::Sender<()>,
    },
    SetAside {
        handed: Handed,
        reason: String,
        reply: Reply,
    },
    /// What was asked before is done, and the folder is free for another process.
    Close(oneshot::Sender<()>),
}

/// Ends that wait to be made durable, by segment.
#[derive(Default)]
struct Ends {
    offsets: BTreeMap<u32, Vec<u32>>,
    replies: Vec<oneshot::Sender<()>>,
}

impl Ends {
    fn add(&mut self, position: Position) {
        self.offsets.entry(position.segment).or_default().push(position.offset);
    }
}

/// Works until it is told to close, or every handle is gone.
pub(super) fn run(mut journal: Journal, mut jobs: mpsc::UnboundedReceiver<Job>, shared: &Shared) {
    shared.note_used(journal.used_bytes());
    let mut batch = Vec::new();
    while jobs.blocking_recv_many(&mut batch, BATCH_MAX) > 0 {
        let (mut appends, mut asides, mut ends) = (Vec::new(), Vec::new(), Ends::default());
        let mut closing = None;
        for job in batch.drain(..) {
            match job {
                Job::Append(append) => appends.push(*append),
                Job::Done { position, reply } => {
                    ends.add(position);
                    ends.replies.push(reply);
                }
                Job::SetAside { handed, reason, reply } => asides.push((handed, reason, reply)),
                Job::Close(reply) => closing = Some(reply),
            }
        }
        // The provider waits for these, and nobody for the others.
        append_all(&mut journal, appends, shared);
        let mut replies = Vec::new();
        for (handed, reason, reply) in asides {
            let outcome = set_aside(&mut journal, &handed, &reason, shared);
            if outcome.is_ok() {
                ends.add(handed.position);
            }
            replies.push((reply, outcome));
        }
        make_durable(&mut journal, ends, shared);
        for (reply, outcome) in replies {
            reply.send(outcome).ok();
        }
        if let Some(reply) = closing {
            jobs.close();
            refuse_rest(&mut jobs, shared);
            drop(journal);
            reply.send(()).ok();
            return;
        }
    }
}

fn append_all(journal: &mut Journal, mut appends: Vec<Append>, shared: &Shared) {
    while !appends.is_empty() {
        let records: Vec<&Record> = appends.iter().map(|append| &append.record).collect();
        let positions = match journal.append(&records) {
            Ok(positions) => positions,
            Err(error) => {
                refuse(appends, &error, shared);
                return;
            }
        };
        // An empty answer would keep us here for ever.
        let rest = appends.split_off(positions.len().clamp(1, appends.len()));
        let mut index = shared.index.lock();
        for (append, position) in appends.iter().zip(&positions) {
            index.arrive(&append.record, *position);
        }
        drop(index);
        shared.ready.notify_one();
        shared.note_used(journal.used_bytes());
        for append in appends {
            append.reply.send(Ok(())).ok();
        }
        appends = rest;
    }
}

fn refuse(appends: Vec<Append>, error: &SpoolError, shared: &Shared) {
    let mut index = shared.index.lock();
    for append in &appends {
        index.withdraw(append.record.pair, append.record.suppresses);
    }
    drop(index);
    for append in appends {
        append.reply.send(Err(error.clone())).ok();
    }
}

/// Nothing waits for an answer that never comes.
fn refuse_rest(jobs: &mut mpsc::UnboundedReceiver<Job>, shared: &Shared) {
    let mut appends = Vec::new();
    while let Ok(job) = jobs.try_recv() {
        if let Job::Append(append) = job {
            appends.push(*append);
        }
    }
    refuse(appends, &SpoolError::Closed, shared);
}

/// Only what is safe aside leaves its place; anything else comes again.
fn set_aside(
    journal: &mut Journal,
    handed: &Handed,
    reason: &str,
    shared: &Shared,
) -> Result<(), SpoolError> {
    let outcome = journal.set_aside(handed.position, reason);
    let mut index = shared.index.lock();
    match &outcome {
        Ok(()) => index.finish(handed, End::SetAside),
        Err(error) => {
            tracing::error!(error = ?error, "a spool record could not be set aside; it stays");
            index.put_back(handed, Instant::now() + shared.again_after);
        }
    }
    drop(index);
    shared.ready.notify_one();
    outcome
}

/// Notes on the disk what is done; a segment without anything else goes as a whole.
fn make_durable(journal: &mut Journal, ends: Ends, shared: &Shared) {
    for (segment, offsets) in ends.offsets {
        let is_last = shared.index.lock().unacknowledged(segment) <= offsets.len();
        let noted =
            if is_last { journal.remove(segment) } else { journal.acknowledge(segment, &offsets) };
        if let Err(error) = noted {
            let records = offsets.len();
            tracing::warn!(error = ?error, records, "spool records may come again after a restart");
        }
        shared.index.lock().acknowledge(segment, offsets.len());
    }
    shared.note_used(journal.used_bytes());
    for reply in ends.replies {
        reply.send(()).ok();
    }
}
