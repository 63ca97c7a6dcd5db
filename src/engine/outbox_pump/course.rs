//! How each account's sends go in this process: its pace, and whether the provider can be reached.
//!
//! **Invariant:** memory here is a cache of what the provider last said. Another process, or this one
//! after a start, learns the same from its own first answers; that an account is stopped is a row.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;

use super::Pump;
use crate::{
    domain::{
        channel::ChannelAccount,
        ids::{AlertId, ChannelAccountId},
        message::{MessageFailure, NotTaken, SendOutcome},
        pace::{Cut, Pace},
    },
    store::{
        StoreError,
        account_flow::{self, Stopping},
        channel_account::Keyed,
    },
};

/// So many sends in a row that find the provider away close the account to all but trials.
const OUTAGES_MAX: u32 = 3;
/// Pause before the first trial; it doubles with each.
const TRIAL_PAUSE_SECONDS: i64 = 1;
/// Longest pause between two trials.
const TRIAL_PAUSE_SECONDS_MAX: i64 = 60;
/// The part of an account's rate that questions about texts without an end may take.
const CHECKS_PART: f64 = 0.2;

struct Course {
    sends: Pace,
    checks: Pace,
    /// Sends in a row that found the provider away.
    outages: u32,
    closed: Option<Closed>,
}

/// The provider is away; one text is let through now and then.
struct Closed {
    trial_at: DateTime<Utc>,
    trials: u32,
}

/// What was new in an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum News {
    /// The account goes slower from now on.
    Slower(Cut),
    /// Only trials go from now on.
    Away,
    /// Everything goes again.
    Back,
}

/// The accounts that this process has sent for.
#[derive(Default)]
pub(super) struct Courses(Mutex<HashMap<ChannelAccountId, Course>>);

impl Courses {
    /// Lets a text go, or says how long it has to wait.
    pub(super) fn take(
        &self,
        account: &ChannelAccount,
        now: DateTime<Utc>,
    ) -> Result<(), TimeDelta> {
        self.with(account, now, |course| {
            if let Some(closed) = course.closed.as_ref().filter(|closed| closed.trial_at > now) {
                return Err(closed.trial_at - now);
            }
            course.sends.take(now)?;
            if let Some(closed) = &mut course.closed {
                closed.begin_trial(now);
            }
            Ok(())
        })
    }

    /// Whether the provider may be asked about a text; that counts as a send.
    pub(super) fn may_check(&self, account: &ChannelAccount, now: DateTime<Utc>) -> bool {
        self.with(account, now, |course| {
            course.closed.is_none()
                && course.checks.has_room(now)
                && course.sends.take(now).is_ok()
                && course.checks.take(now).is_ok()
        })
    }

    /// The provider said that this account is too fast.
    pub(super) fn slow_down(&self, account: &ChannelAccount, now: DateTime<Utc>) -> Option<News> {
        self.with(account, now, |course| course.sends.cut(now)).map(News::Slower)
    }

    /// What a send says of its account.
    fn learn(
        &self,
        account: &ChannelAccount,
        outcome: &SendOutcome,
        now: DateTime<Utc>,
    ) -> Option<News> {
        match outcome {
            // Silence too: what is sent into it comes back as one more text whose fate is unknown.
            SendOutcome::Unconfirmed { .. } => self.found_away(account, now),
            SendOutcome::NotAccepted { reason, .. } => match reason {
                NotTaken::Unavailable | NotTaken::Unreachable => self.found_away(account, now),
                NotTaken::TooFast => {
                    let back = self.found_reachable(account, now);
                    self.slow_down(account, now).or(back)
                }
                NotTaken::Other => self.found_reachable(account, now),
            },
            SendOutcome::Accepted { .. }
            | SendOutcome::Refused(_)
            | SendOutcome::RecipientBlocked(_)
            | SendOutcome::AccountStopped(_) => self.found_reachable(account, now),
        }
    }

    fn found_away(&self, account: &ChannelAccount, now: DateTime<Utc>) -> Option<News> {
        self.with(account, now, |course| {
            course.outages = course.outages.saturating_add(1);
            if course.outages < OUTAGES_MAX || course.closed.is_some() {
                return None;
            }
            let trial_at = now + TimeDelta::seconds(TRIAL_PAUSE_SECONDS);
            course.closed = Some(Closed { trial_at, trials: 0 });
            Some(News::Away)
        })
    }

    fn found_reachable(&self, account: &ChannelAccount, now: DateTime<Utc>) -> Option<News> {
        self.with(account, now, |course| {
            course.outages = 0;
            course.closed.take().map(|_| News::Back)
        })
    }

    fn with<T>(
        &self,
        account: &ChannelAccount,
        now: DateTime<Utc>,
        use_it: impl FnOnce(&mut Course) -> T,
    ) -> T {
        let max = f64::from(account.max_send_per_second);
        let mut known = self.0.lock();
        let course = known.entry(account.id).or_insert_with(|| Course {
            sends: Pace::new(max, now),
            checks: Pace::new(max * CHECKS_PART, now),
            outages: 0,
            closed: None,
        });
        course.sends.set_max(max);
        course.checks.set_max(max * CHECKS_PART);
        use_it(course)
    }
}

impl Closed {
    fn begin_trial(&mut self, now: DateTime<Utc>) {
        self.trials = self.trials.saturating_add(1);
        let doubled = TRIAL_PAUSE_SECONDS.saturating_mul(1 << self.trials.min(16));
        self.trial_at = now + TimeDelta::seconds(doubled.min(TRIAL_PAUSE_SECONDS_MAX));
    }
}

impl Pump {
    /// Learns from what became of a send that began at a moment.
    pub(super) async fn learn(
        &self,
        keyed: &Keyed,
        outcome: &SendOutcome,
        begun_at: DateTime<Utc>,
    ) {
        if let SendOutcome::AccountStopped(failure) = outcome {
            self.stop_account(keyed, failure, begun_at).await;
        }
        let now = self.engine.shared.clock.now();
        self.tell_of(keyed, self.courses.learn(&keyed.account, outcome, now));
    }

    /// Tells the operator what was new in an answer, and the pump when texts may go again.
    pub(super) fn tell_of(&self, keyed: &Keyed, news: Option<News>) {
        let account = keyed.account.id;
        match news {
            None => {}
            Some(News::Slower(cut)) => {
                metrics::counter!("centralino_rate_cuts_total").increment(1);
                let per_second = cut.per_second;
                tracing::warn!(channel_account.id = %account, per_second, "too fast for the provider");
            }
            Some(News::Away) => {
                metrics::counter!("centralino_outages_total").increment(1);
                tracing::error!(
                    channel_account.id = %account,
                    "the provider is away; texts of this account wait for a trial to be taken"
                );
            }
            Some(News::Back) => {
                tracing::info!(channel_account.id = %account, "the provider is there again");
                self.wake.notify_one();
            }
        }
    }

    /// Keeps for every process that the account's texts wait until a person has seen to it.
    async fn stop_account(&self, keyed: &Keyed, failure: &MessageFailure, begun_at: DateTime<Utc>) {
        tracing::error!(
            channel_account.id = %keyed.account.id,
            provider.code = failure.provider_code,
            "the provider takes nothing from this account; its texts wait"
        );
        let shared = &self.engine.shared;
        let stopping = Stopping {
            organization: keyed.organization,
            account: keyed.account.id,
            name: &keyed.account.name,
            failure,
            begun_at,
            alert: AlertId(shared.clock.new_uuid()),
            at: shared.clock.now(),
        };
        let stopped = async {
            let mut connection = shared.store.write(keyed.organization).await?;
            let is_stopped = account_flow::stop(&mut connection, &stopping).await?;
            connection.commit().await?;
            Ok::<bool, StoreError>(is_stopped)
        };
        match stopped.await {
            Ok(true) => shared.alerts.announce().await,
            Ok(false) => {}
            // The next text is answered the same, and stops it then.
            Err(error) => tracing::warn!(%error, "could not keep that an account is stopped"),
        }
    }
}
