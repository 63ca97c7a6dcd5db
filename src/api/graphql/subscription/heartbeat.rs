//! Is anybody there? A beat, in steady time.

use std::time::Duration;

use async_graphql::{Context, Error, SimpleObject, Subscription};
use async_stream::stream;
use futures_util::{StreamExt, stream::BoxStream};
use tokio::time::MissedTickBehavior;

use super::admit;
use crate::api::graphql::{error::bad_input, scalar::DateTime};

/// Shortest pause between two beats.
const INTERVAL_MS_MIN: i32 = 10;
/// Longest pause between two beats.
const INTERVAL_MS_MAX: i32 = 3_600_000;

/// One beat.
#[derive(SimpleObject)]
pub struct Heartbeat {
    /// 1, 2, 3 …
    seq: i32,
    /// When it was sent.
    at: DateTime,
}

/// Pushes beats.
#[derive(Default)]
pub struct HeartbeatSubscription;

#[Subscription]
impl HeartbeatSubscription {
    /// Liveness probe at GraphQL level; the first beat comes at once, the last after `limit`.
    #[expect(clippy::unused_async, reason = "the macro takes async functions only")]
    async fn heartbeat(
        &self,
        context: &Context<'_>,
        #[graphql(default = 15_000, desc = "Pause between two beats, 10 ms to one hour.")]
        interval_ms: i32,
        #[graphql(desc = "How many beats; without it there is no end.")] limit: Option<i32>,
    ) -> Result<BoxStream<'static, Heartbeat>, Error> {
        let clock = admit(context, "Subscription.heartbeat")?.services.clock;
        if !(INTERVAL_MS_MIN..=INTERVAL_MS_MAX).contains(&interval_ms) {
            let range = format!("{INTERVAL_MS_MIN} to {INTERVAL_MS_MAX}");
            return Err(bad_input(format!("`intervalMs` is {range}")));
        }
        if limit.is_some_and(|limit| limit < 1) {
            return Err(bad_input("`limit` is at least 1"));
        }
        let pause = Duration::from_millis(u64::from(interval_ms.unsigned_abs()));
        let beats = stream! {
            let mut ticks = tokio::time::interval(pause);
            // A reader that was slow gets the next beat, not all the missed ones.
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            for seq in 1..=limit.unwrap_or(i32::MAX) {
                ticks.tick().await;
                yield Heartbeat { seq, at: clock.now().into() };
            }
        };
        Ok(beats.boxed())
    }
}
