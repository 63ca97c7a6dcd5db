//! What agents leave behind who are no longer active: gives it back to its queue.
//!
//! **Invariant:** nobody has to remember to do it. Whatever made an agent inactive, and whatever
//! was under way at that moment, a conversation that is still theirs is found here, on any node;
//! its actor decides.

use std::time::Duration;

use futures_util::{StreamExt, stream};

use super::{Asking, Engine, error::EngineError, supervisor::Target};
use crate::{
    domain::conversation::command::Command,
    store::{
        commit::{Actor, Entry},
        left_work::{self, LeftWork},
    },
};

/// Conversations that are given back in one round.
const ROUND_MAX: i64 = 256;
/// Commands of one round that are under way at a time.
const AT_ONCE_MAX: usize = 32;
/// How long nothing is tried after something could not be given back.
const REST: Duration = Duration::from_secs(5);

/// Looks as often as for timers, until the engine stops.
pub(super) async fn run(engine: Engine) {
    let poll = engine.shared.options.timer_poll;
    loop {
        let is_well = round(&engine).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "could not look for what agents have left behind");
            false
        });
        let pause = if is_well { poll } else { REST };
        tokio::select! {
            () = engine.stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Gives back what is found now; `false`: some of it could not be.
async fn round(engine: &Engine) -> Result<bool, EngineError> {
    let mut connection = engine.shared.store.system().await?;
    let left = left_work::find(&mut connection, ROUND_MAX).await?;
    drop(connection);
    let given: Vec<bool> = stream::iter(left)
        .map(|work| give_back(engine, work))
        .buffer_unordered(AT_ONCE_MAX)
        .collect()
        .await;
    Ok(given.into_iter().all(|is_given| is_given))
}

async fn give_back(engine: &Engine, work: LeftWork) -> bool {
    let LeftWork { id, pair, agent } = work;
    let command = Command::TakeBack { agent };
    let asking = Asking { command, entry: Entry::None, actor: Actor::System.into(), opening: None };
    match engine.carry_out(Target::Conversation { id, pair }, asking).await {
        // Or it has moved on meanwhile.
        Ok(_) | Err(EngineError::Refused(_) | EngineError::NotFound) => true,
        Err(error) => {
            tracing::warn!(%error, conversation.id = %id, "a conversation was not given back");
            false
        }
    }
}
