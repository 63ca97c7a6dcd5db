//! The way out: picks texts that may go, hands each to the provider once, records what came of it.
//!
//! **Invariant:** a send is committed as begun before a byte goes to the provider, and afterwards it
//! is only ever settled, never repeated, unless the provider provably did not take it. The pump
//! decides nothing itself: begin, result and time-out are commands to the conversation's actor.

mod check;
mod course;

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tokio::sync::{Notify, OwnedSemaphorePermit};

use super::{
    Asked, Asking, Engine, conversation_actor::Done, error::EngineError, supervisor::Target,
};
use crate::{
    domain::{
        conversation::{
            Pair,
            command::{Command, Refusal},
        },
        ids::ConversationId,
        message::{Message, MessageStatus, NotTaken, SendOutcome, external_id},
    },
    store::{
        channel_account::Keyed,
        commit::{Actor, Entry},
        outbox::{self, Candidate},
        receipt::{self, Receipt},
    },
    telesign::{AuthMethod, BaseUrl, Credentials, OutboundText, TelesignClient},
};
use course::Courses;

/// Texts that are looked at in one round, and how many of them may be of one account.
const DUE_MAX: outbox::DueMax = outbox::DueMax { per_account: 64, all: 256 };
/// How often silent senders and unmatched reports are looked for.
const SWEEP_INTERVAL: Duration = Duration::from_secs(1);
/// Reports that waited and are applied in one sweep.
const REPORTS_SWEPT_MAX: i64 = 100;
/// Shortest pause before an account that has used up its rate is looked at again.
const RATE_PAUSE_MIN: Duration = Duration::from_millis(2);
/// Wait between two tries to record what the provider answered.
const RECORD_RETRY: Duration = Duration::from_millis(500);

struct Pump {
    engine: Engine,
    telesign: TelesignClient,
    /// Where all texts go, instead of each account's own host.
    provider: Option<BaseUrl>,
    wake: Arc<Notify>,
    /// Conversations with a text on the wire.
    busy: Mutex<HashSet<ConversationId>>,
    courses: Courses,
}

/// Sends until the engine stops.
pub(super) async fn run(
    engine: Engine,
    telesign: TelesignClient,
    provider: Option<BaseUrl>,
    wake: Arc<Notify>,
) {
    let pump = Arc::new(Pump {
        engine,
        telesign,
        provider,
        wake,
        busy: Mutex::default(),
        courses: Courses::default(),
    });
    tokio::join!(Arc::clone(&pump).send_due(), pump.sweep(), pump.check());
}

impl Pump {
    async fn send_due(self: Arc<Self>) {
        let poll = self.engine.shared.options.outbox_poll;
        loop {
            let wait = match self.round().await {
                Ok(next) => next.unwrap_or(poll).min(poll),
                Err(error) => {
                    tracing::warn!(%error, "could not look for texts to send");
                    poll
                }
            };
            tokio::select! {
                () = self.engine.stop.cancelled() => return,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Starts what may go now; says how soon to look again when something was held back.
    async fn round(self: &Arc<Self>) -> Result<Option<Duration>, EngineError> {
        let shared = &self.engine.shared;
        let mut connection = shared.store.system().await?;
        let now = shared.clock.now();
        let due = outbox::due(&mut connection, now, DUE_MAX).await?;
        drop(connection);
        let mut look_again = None;
        for candidate in due {
            if self.busy.lock().contains(&candidate.conversation) {
                continue;
            }
            let settings = shared.settings.get(candidate.organization).await?;
            let Some(keyed) = settings
                .as_ref()
                .and_then(|settings| settings.accounts.get(&candidate.account))
                .cloned()
            else {
                continue;
            };
            if settings
                .as_ref()
                .is_some_and(|settings| self.engine.is_held_back(settings, &candidate))
            {
                continue;
            }
            let Ok(slot) = Arc::clone(&self.engine.sends).try_acquire_owned() else { break };
            if let Err(wait) = self.courses.take(&keyed.account, shared.clock.now()) {
                let wait = wait.to_std().unwrap_or_default().max(RATE_PAUSE_MIN);
                look_again = Some(look_again.map_or(wait, |sooner: Duration| sooner.min(wait)));
                continue;
            }
            let on_the_wire = OnTheWire::new(self, candidate.conversation, slot);
            let pump = Arc::clone(self);
            tokio::spawn(async move {
                pump.send_one(&candidate, &keyed).await;
                drop(on_the_wire);
            });
        }
        Ok(look_again)
    }

    async fn send_one(&self, candidate: &Candidate, keyed: &Keyed) {
        let begin = Command::BeginSend { message_id: candidate.message };
        let message = match self.tell(candidate, begin).await {
            Ok(Done { message: Some(message), .. }) if message.status == MessageStatus::Sending => {
                message
            }
            // Somebody else has begun it, an earlier one is not settled, or it may not go at all.
            Ok(_) | Err(EngineError::Refused(_) | EngineError::NotFound) => return,
            Err(error) => {
                tracing::warn!(%error, message.id = %candidate.message, "could not begin a send");
                return;
            }
        };
        let (sent_from, begun_at) = (Instant::now(), self.engine.shared.clock.now());
        let outcome = self.hand_over(&message, keyed).await;
        metrics::histogram!("centralino_send_seconds").record(sent_from.elapsed());
        metrics::counter!("centralino_sends_total", "outcome" => outcome.name()).increment(1);
        self.learn(keyed, &outcome, begun_at).await;
        self.record(candidate, message.attempt, outcome).await;
    }

    /// Whether the provider can answer within the claim.
    ///
    /// A process that was held up between begin and send (stopped, swapped out, its machine asleep)
    /// may wake when others have long given the text up, or have sent the ones after it. Whoever
    /// sweeps judges by the same clock.
    fn may_still_send(&self, message: &Message) -> bool {
        let shared = &self.engine.shared;
        let held_up = shared.clock.now() - message.status_changed_at;
        let left = shared.options.send_claim.saturating_sub(held_up.to_std().unwrap_or_default());
        left > self.telesign.total_timeout()
    }

    async fn hand_over(&self, message: &Message, keyed: &Keyed) -> SendOutcome {
        if !self.may_still_send(message) {
            tracing::warn!(message.id = %message.id, "a sender was held up and lets its text go");
            return SendOutcome::NotAccepted {
                reason: NotTaken::Other,
                provider_code: None,
                description: "the sender was held up before it could send".into(),
            };
        }
        let Some(credentials) = credentials(keyed, self.provider.as_ref()) else {
            return SendOutcome::NotAccepted {
                reason: NotTaken::Other,
                provider_code: None,
                description: "the account's provider URL is not usable".into(),
            };
        };
        let external_id = external_id(message.id, message.attempt);
        let text = OutboundText {
            to: &message.to,
            sender_id: message.from.provider_form(),
            text: &message.text,
            external_id: &external_id,
            callback_url: None,
        };
        self.telesign.send(&credentials, &text).await
    }

    /// Records what the provider answered, for as long as the claim lasts; after that the sweep
    /// says that nobody knows.
    async fn record(&self, candidate: &Candidate, attempt: i32, outcome: SendOutcome) {
        let deadline = Instant::now() + self.engine.shared.options.send_claim;
        let reference = match &outcome {
            SendOutcome::Accepted { provider_reference, .. } => Some(provider_reference.clone()),
            _ => None,
        };
        loop {
            let finish = Command::FinishSend {
                message_id: candidate.message,
                attempt,
                outcome: outcome.clone(),
            };
            match self.tell(candidate, finish).await {
                Ok(_) | Err(EngineError::Refused(_)) => break,
                // What the provider said is known here alone: a panic does not lose it either.
                Err(error)
                    if Instant::now() < deadline
                        && (error.is_retryable()
                            || matches!(error, EngineError::Panicked { .. })) =>
                {
                    tokio::time::sleep(RECORD_RETRY).await;
                }
                Err(error) => {
                    tracing::error!(%error, message.id = %candidate.message, "could not record a send");
                    return;
                }
            }
        }
        if let Some(reference) = reference {
            self.match_reports(candidate, &reference).await;
        }
    }

    /// Applies reports that came before the provider's own answer was recorded.
    async fn match_reports(&self, candidate: &Candidate, reference: &str) {
        let found = async {
            let (organization, account) = (candidate.organization, candidate.account);
            let mut connection = self.engine.shared.store.read(organization).await?;
            receipt::unmatched_with_reference(&mut connection, organization, account, reference)
                .await
        };
        match found.await {
            Ok(waiting) => self.apply_waiting(waiting).await,
            Err(error) => tracing::warn!(%error, "could not look for reports that wait"),
        }
    }

    /// Applies reports that waited; one that cannot be applied holds up no other.
    async fn apply_waiting(&self, waiting: Vec<Receipt>) {
        for kept in waiting {
            if let Err(error) = self.engine.replay_receipt(kept).await {
                tracing::warn!(%error, "a report that waited could not be applied yet");
            }
        }
    }

    async fn tell(&self, candidate: &Candidate, command: Command) -> Result<Done, EngineError> {
        let pair = Pair {
            organization_id: candidate.organization,
            support_number_id: candidate.support_number,
            customer: candidate.customer.clone(),
        };
        let target = Target::Conversation { id: candidate.conversation, pair };
        let asking =
            Asking { command, entry: Entry::None, actor: Actor::System.into(), opening: None };
        // Also while the server stops: what is on the wire is recorded.
        match self.engine.carry_out(target, asking).await? {
            Asked::Done(done) => Ok(done),
            Asked::StaleSettings => Err(EngineError::Refused(Refusal::NothingToDo)),
        }
    }

    async fn sweep(&self) {
        let mut ticks = tokio::time::interval(SWEEP_INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.engine.stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            if let Err(error) = self.sweep_once().await {
                tracing::warn!(%error, "could not look for sends that nobody finished");
            }
        }
    }

    async fn sweep_once(&self) -> Result<(), EngineError> {
        let shared = &self.engine.shared;
        let now = shared.clock.now();
        let mut connection = shared.store.system().await?;
        let silent = outbox::silent(&mut connection, now, DUE_MAX.all).await?;
        let matchable = receipt::matchable(&mut connection, REPORTS_SWEPT_MAX).await?;
        drop(connection);
        for (candidate, attempt) in silent {
            let description = "the sender stopped before it knew the provider's answer".into();
            let outcome = SendOutcome::Unconfirmed { provider_reference: None, description };
            self.record(&candidate, attempt, outcome).await;
        }
        for (organization, id) in matchable {
            if let Err(error) = self.engine.replay(organization, id).await {
                tracing::warn!(%error, "a report that waited could not be applied yet");
            }
        }
        Ok(())
    }
}

/// What the provider knows an account by; `None` where its URL is not usable.
fn credentials(keyed: &Keyed, provider: Option<&BaseUrl>) -> Option<Credentials> {
    let own_host = || keyed.account.provider_base_url.parse().ok();
    Some(Credentials {
        base_url: provider.cloned().or_else(own_host)?,
        customer_id: keyed.account.customer_id.clone(),
        api_key: keyed.key.clone(),
        auth: AuthMethod::Basic,
    })
}

/// A conversation with a text on the wire; whatever ends the sending, it is free again.
struct OnTheWire {
    pump: Arc<Pump>,
    conversation: ConversationId,
    _slot: OwnedSemaphorePermit,
}

impl OnTheWire {
    fn new(pump: &Arc<Pump>, conversation: ConversationId, slot: OwnedSemaphorePermit) -> Self {
        pump.busy.lock().insert(conversation);
        Self { pump: Arc::clone(pump), conversation, _slot: slot }
    }
}

impl Drop for OnTheWire {
    fn drop(&mut self) {
        self.pump.busy.lock().remove(&self.conversation);
        // The next text of this conversation may be waiting for this one.
        self.pump.wake.notify_one();
    }
}
