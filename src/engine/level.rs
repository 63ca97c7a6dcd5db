//! Looks every few seconds at how much waits where, for the metrics; nothing here decides anything.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{COMMANDS_MAX, Engine, SENDS_MAX};
use crate::{
    domain::{conversation::ConversationStatus, message::MessageStatus},
    store::{
        StoreError,
        level::{self, Levels},
    },
};

/// How often memory is looked at.
const INTERVAL: Duration = Duration::from_secs(5);
/// Rounds from one look at the database to the next: counting is not free there.
const ROUNDS_PER_COUNT: u32 = 3;
/// A database that takes longer to count is as good as away.
const COUNT_TIMEOUT: Duration = Duration::from_secs(4);
/// What a text of the outbox may be.
const OUTBOX_STATES: [MessageStatus; 3] =
    [MessageStatus::Queued, MessageStatus::Sending, MessageStatus::Unconfirmed];

/// Looks until the engine stops.
pub(super) async fn watch(engine: Engine) {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut is_up = false;
    for round in 0_u32.. {
        tokio::select! {
            () = engine.stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        look_at_memory(&engine);
        if !is_up || round % ROUNDS_PER_COUNT == 0 {
            is_up = look_at_database(&engine).await;
        }
    }
}

fn look_at_memory(engine: &Engine) {
    let shared = &engine.shared;
    let commands = COMMANDS_MAX - engine.permits.available_permits();
    metrics::gauge!("centralino_commands").set(number(commands));
    let sends = SENDS_MAX - engine.sends.available_permits();
    metrics::gauge!("centralino_sends").set(number(sends));
    let changes: usize = shared.lanes.iter().map(super::lane::Lane::waiting).sum();
    metrics::gauge!("centralino_lane_changes").set(number(changes));
    let spool = shared.spool.waiting();
    metrics::gauge!("centralino_spool_records").set(number(spool.records));
    metrics::gauge!("centralino_spool_bytes").set(number(shared.spool.used_bytes()));
    metrics::gauge!("centralino_spool_bytes_max").set(number(shared.spool.bytes_max()));
    let waited = seconds_since(spool.oldest_at, shared.clock.now());
    metrics::gauge!("centralino_spool_oldest_seconds").set(waited);
    for pool in shared.store.pool_levels() {
        let states = [("used", pool.used), ("idle", pool.idle)];
        for (state, count) in states {
            metrics::gauge!("centralino_pool_connections", "pool" => pool.name, "state" => state)
                .set(number(count));
        }
        metrics::gauge!("centralino_pool_waiting", "pool" => pool.name).set(number(pool.waiting));
    }
}

/// Counts what waits there; `false`: it does not answer.
async fn look_at_database(engine: &Engine) -> bool {
    let shared = &engine.shared;
    let counting = async {
        // One that nobody has met yet may be another release's.
        if !engine.is_met.initialized() {
            return Err(StoreError::Unavailable("it has not been met yet".into()));
        }
        let now = shared.clock.now();
        let levels = level::read(&mut shared.store.system().await?, now).await?;
        Ok((levels, now))
    };
    let counted = tokio::time::timeout(COUNT_TIMEOUT, counting).await;
    let is_up = matches!(&counted, Ok(Ok(_)));
    metrics::gauge!("centralino_database_up").set(f64::from(u8::from(is_up)));
    match counted {
        Ok(Ok((levels, now))) => show(&levels, now),
        // It is said by the gauge, and by everybody who has work for the database.
        Ok(Err(error)) => tracing::debug!(%error, "could not count what waits"),
        Err(_elapsed) => tracing::debug!("the database takes too long to count what waits"),
    }
    is_up
}

fn show(levels: &Levels, now: DateTime<Utc>) {
    for state in OUTBOX_STATES {
        let count = count_of(&levels.texts, state.as_str());
        metrics::gauge!("centralino_outbox_texts", "state" => state.as_str()).set(count);
    }
    let waited = seconds_since(levels.oldest_due_at, now);
    metrics::gauge!("centralino_outbox_oldest_seconds").set(waited);
    for status in ConversationStatus::ALL {
        if *status != ConversationStatus::Resolved {
            let count = count_of(&levels.conversations, status.as_str());
            metrics::gauge!("centralino_conversations", "status" => status.as_str()).set(count);
        }
    }
}

fn count_of(counts: &[(String, i64)], word: &str) -> f64 {
    let count = counts.iter().find(|(found, _)| found == word).map_or(0, |(_, count)| *count);
    number(u64::try_from(count).unwrap_or(0))
}

fn seconds_since(at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> f64 {
    let waited = at.and_then(|at| (now - at).to_std().ok());
    waited.unwrap_or_default().as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "a gauge needs no exact numbers beyond 2^53")]
fn number(count: impl TryInto<u64>) -> f64 {
    count.try_into().unwrap_or(u64::MAX) as f64
}
