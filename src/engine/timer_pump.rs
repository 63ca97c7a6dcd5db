//! What runs down: finds conversations that have stood still for long enough and tells them so.
//!
//! **Invariant:** the pump decides nothing. A timer is a row, its length the workstream's present
//! setting; what seems due is a command to the conversation's actor, which decides again, so that
//! several processes, a crash or a text at the last moment never resolve anything twice or wrongly.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream};

use super::{Asked, Asking, Engine, error::EngineError, supervisor::Target};
use crate::{
    domain::{conversation::command::Command, ids::ConversationId},
    store::{
        commit::{Actor, Entry},
        timer::{self, DueMax, Idle},
    },
};

/// Timers that are looked at in one round.
const DUE_MAX: DueMax = DueMax { per_range: 64, all: 512 };
/// Commands of one round that are under way at a time.
const FIRED_AT_ONCE_MAX: usize = 64;
/// How long a conversation is left alone whose timer could not be carried out.
const REST: Duration = Duration::from_secs(30);
/// Conversations that are left alone at a time; beyond it all of them are tried again.
const RESTING_MAX: usize = 1_000;

/// Conversations that are left alone, until when.
type Resting = HashMap<ConversationId, Instant>;

/// What came of a timer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fired {
    Done,
    /// It does not hold any more: a text came, somebody else was first, the settings have changed.
    Void,
    Failed,
}

/// Fires what is due until the engine stops.
pub(super) async fn run(engine: Engine) {
    let poll = engine.shared.options.timer_poll;
    let mut resting = Resting::new();
    loop {
        let is_more = round(&engine, &mut resting).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "could not look for timers that are due");
            false
        });
        let pause = if is_more { Duration::ZERO } else { poll };
        tokio::select! {
            () = engine.stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Fires what is due now; `true`: there is more, and it gets on.
async fn round(engine: &Engine, resting: &mut Resting) -> Result<bool, EngineError> {
    let shared = &engine.shared;
    let now = shared.clock.now();
    resting.retain(|_, until| *until > Instant::now());
    let left_alone: Vec<ConversationId> = resting.keys().copied().collect();
    let mut connection = shared.store.system().await?;
    let found = timer::due(&mut connection, now, &left_alone, DUE_MAX).await?;
    drop(connection);
    if found.is_empty() {
        return Ok(false);
    }
    let (due, later): (Vec<Idle>, Vec<Idle>) =
        found.into_iter().partition(|idle| idle.since + idle.after <= now);
    if !later.is_empty() {
        timer::put_off(&mut shared.store.system().await?, &later).await?;
    }
    let fired: Vec<(ConversationId, Fired)> = stream::iter(due)
        .map(|idle| async move { (idle.id, fire(engine, idle).await) })
        .buffer_unordered(FIRED_AT_ONCE_MAX)
        .collect()
        .await;
    if resting.len() > RESTING_MAX {
        resting.clear();
    }
    let until = Instant::now() + REST;
    let failed = fired.iter().filter(|(_, fired)| *fired == Fired::Failed);
    resting.extend(failed.map(|(id, _)| (*id, until)));
    Ok(!later.is_empty() || fired.iter().any(|(_, fired)| *fired == Fired::Done))
}

async fn fire(engine: &Engine, idle: Idle) -> Fired {
    let Idle { id, pair, status, after, settings_version, since } = idle;
    let command = Command::AutoResolve { status, after, settings_version };
    let asking = Asking { command, entry: Entry::None, actor: Actor::System.into(), opening: None };
    match engine.carry_out(Target::Conversation { id, pair }, asking).await {
        Ok(Asked::Done(_)) => {
            metrics::counter!("centralino_auto_resolved_total", "status" => status.as_str())
                .increment(1);
            let late = engine.shared.clock.now() - (since + after);
            let late = late.to_std().unwrap_or_default();
            metrics::histogram!("centralino_timer_lag_seconds").record(late);
            Fired::Done
        }
        Ok(Asked::StaleSettings) | Err(EngineError::Refused(_) | EngineError::NotFound) => {
            Fired::Void
        }
        Err(error) => {
            tracing::warn!(%error, conversation.id = %id, "a timer could not be carried out");
            Fired::Failed
        }
    }
}
