//! Forgets what is kept for a while only: events for clients that come back, callers' keys.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::shared::Shared;
use crate::store::{StoreError, alert, event, idempotency, journal, organization};

/// How often the janitor looks round.
const INTERVAL: Duration = Duration::from_mins(1);
/// An hour longer than the feeds promise, so that no client is cut off at the very edge.
const EVENTS_KEPT: TimeDelta = TimeDelta::hours(25);
/// How long a repeated mutation gets the answer of the first.
const KEYS_KEPT: TimeDelta = TimeDelta::hours(24);
/// How long an alert can be looked up after it was over.
const ALERTS_KEPT: TimeDelta = TimeDelta::days(30);
/// Rounds of deleting in one look; what is left waits for the next.
const ROUNDS_MAX: usize = 100;

/// Looks round until it is cancelled.
pub(super) async fn run(shared: Arc<Shared>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        // Settings that another process has changed are known here before they are needed.
        if let Err(error) = shared.settings.refresh().await {
            tracing::warn!(%error, "could not look for new settings");
        }
        if let Err(error) = forget(&shared).await {
            tracing::warn!(%error, "could not forget what has been kept long enough");
        }
        shared.alerts.count().await;
    }
}

pub(super) async fn forget(shared: &Shared) -> Result<(), StoreError> {
    let now = shared.clock.now();
    let mut connection = shared.store.system().await?;
    for (organization, _) in event::positions(&mut connection).await? {
        for _ in 0..ROUNDS_MAX {
            let mut writer = shared.store.write(organization).await?;
            let has_more =
                event::delete_before(&mut writer, organization, now - EVENTS_KEPT).await?;
            writer.commit().await?;
            if !has_more {
                break;
            }
        }
    }
    for organization in organization::all_ids(&mut connection).await? {
        for _ in 0..ROUNDS_MAX {
            let mut writer = shared.store.write(organization).await?;
            let has_more = journal::forget(&mut writer, organization, now).await?;
            writer.commit().await?;
            if !has_more {
                break;
            }
        }
    }
    for _ in 0..ROUNDS_MAX {
        if !idempotency::delete_before(&mut connection, now - KEYS_KEPT).await? {
            break;
        }
    }
    for _ in 0..ROUNDS_MAX {
        if !alert::delete_before(&mut connection, now - ALERTS_KEPT).await? {
            break;
        }
    }
    Ok(())
}
