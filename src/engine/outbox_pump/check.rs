//! Texts whose end is not known: the provider is asked where it can be, then the workstream's policy
//! holds, or the next question is set.
//!
//! **Invariant:** questions take a part of the account's rate and come out of it, and each text is
//! asked about a handful of times. What is found out are commands to the conversation's actor.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::{StreamExt, stream};

use super::{Pump, credentials};
use crate::{
    domain::conversation::command::Command,
    engine::error::EngineError,
    store::{
        channel_account::Keyed,
        outbox::{self, Check},
    },
    telesign::{StatusAnswer, StatusError},
};

/// How often texts without an end are looked for.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
/// Texts that are looked at in one round.
const CHECKS_MAX: i64 = 64;
/// Questions that are under way together.
const ASKED_AT_ONCE_MAX: usize = 8;
/// How long a text that is being looked at is left alone by other processes, and by this one when
/// it was not possible.
const PUT_OFF: TimeDelta = TimeDelta::seconds(30);

impl Pump {
    pub(super) async fn check(&self) {
        let mut ticks = tokio::time::interval(CHECK_INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.engine.stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            match self.take_checks().await {
                Ok(due) => {
                    stream::iter(due)
                        .for_each_concurrent(ASKED_AT_ONCE_MAX, async |check| {
                            self.look_at(&check).await;
                        })
                        .await;
                }
                Err(error) => {
                    tracing::warn!(%error, "could not look for texts whose end is not known");
                }
            }
        }
    }

    async fn take_checks(&self) -> Result<Vec<Check>, EngineError> {
        let shared = &self.engine.shared;
        let now = shared.clock.now();
        let mut connection = shared.store.system().await?;
        Ok(outbox::take_checks(&mut connection, now, now + PUT_OFF, CHECKS_MAX).await?)
    }

    /// Whatever goes wrong here, the text is due again when it has been left alone for long enough.
    async fn look_at(&self, check: &Check) {
        if self.engine.stop.is_cancelled() {
            return;
        }
        if let Some(reference) = check.reference.as_deref()
            && !self.ask_about(check, reference).await
        {
            return;
        }
        let again = Command::CheckAgain {
            message_id: check.candidate.message,
            attempt: check.attempt,
            policy: check.policy,
            settings_version: check.settings_version,
        };
        match self.tell(&check.candidate, again).await {
            Ok(_) | Err(EngineError::Refused(_) | EngineError::NotFound) => {}
            Err(error) => tracing::warn!(%error, "could not note that a text was looked at"),
        }
    }

    /// Asks the provider; `false`: not now.
    async fn ask_about(&self, check: &Check, reference: &str) -> bool {
        let Some(keyed) = self.keyed(check).await else { return false };
        let now = self.engine.shared.clock.now();
        if !self.courses.may_check(&keyed.account, now) {
            return false;
        }
        let Some(credentials) = credentials(&keyed, self.provider.as_ref()) else { return true };
        let answer = self.telesign.status(&credentials, reference).await;
        metrics::counter!("centralino_status_checks_total", "outcome" => name_of(&answer))
            .increment(1);
        match answer {
            Ok(StatusAnswer::Found(found)) => {
                let record = Command::RecordReport {
                    message_id: check.candidate.message,
                    attempt: check.attempt,
                    report: found.report,
                };
                match self.tell(&check.candidate, record).await {
                    Ok(_) | Err(EngineError::Refused(_) | EngineError::NotFound) => true,
                    Err(error) => {
                        tracing::warn!(%error, "could not record what the provider knows");
                        false
                    }
                }
            }
            Err(StatusError::RateLimited) => {
                self.tell_of(&keyed, self.courses.slow_down(&keyed.account, now));
                false
            }
            // A question that found no answer is not repeated: the next one has its time.
            Ok(StatusAnswer::NotFound | StatusAnswer::Expired)
            | Err(StatusError::Refused(_) | StatusError::Unreachable) => true,
        }
    }

    async fn keyed(&self, check: &Check) -> Option<Keyed> {
        let candidate = &check.candidate;
        match self.engine.shared.settings.get(candidate.organization).await {
            Ok(settings) => settings?.accounts.get(&candidate.account).cloned(),
            Err(error) => {
                tracing::warn!(%error, "the settings of an account cannot be read");
                None
            }
        }
    }
}

/// What metrics call an answer.
fn name_of(answer: &Result<StatusAnswer, StatusError>) -> &'static str {
    match answer {
        Ok(StatusAnswer::Found(_)) => "found",
        Ok(StatusAnswer::NotFound) => "not_found",
        Ok(StatusAnswer::Expired) => "expired",
        Err(StatusError::RateLimited) => "too_fast",
        Err(StatusError::Refused(_)) => "refused",
        Err(StatusError::Unreachable) => "unreachable",
    }
}
