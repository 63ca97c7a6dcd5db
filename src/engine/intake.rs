//! The way in: a callback is durable before it is answered, in the database or in the spool.
//!
//! The database has a second. When it is slower, away, or something goes wrong on the way, the
//! callback goes to the spool on the disk and is carried out from there, through the same actors.
//! Texts of one customer keep their order: while one waits in the spool, the next ones follow it.

use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;

use super::{Engine, EngineError, Received, settings_cache::CallbackAccount};
use crate::{
    domain::ids::ReceiptId,
    spool::{PairKey, Record, Spool, SpoolError, Taken},
    telesign::{self, Callback, SigningKey},
};

/// What the database may take before the spool is used.
const STORE_TIMEOUT: Duration = Duration::from_secs(1);
/// Callbacks that are carried out from the spool at a time.
const DRAINED_AT_ONCE: usize = 32;
/// Reports are refused when this part of the spool is full, so that there is room for texts: the
/// provider can be asked for a report again, and never for a text.
const REPORTS_PART: u64 = 2;

/// Where a callback is safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taking {
    Stored(Received),
    /// On the disk; it is carried out when the database is back.
    Spooled,
}

/// Why a callback is not safe anywhere.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Spool(#[from] SpoolError),
}

impl Engine {
    /// Whom a callback URL belongs to; none where nobody has the token.
    pub async fn callback_account(
        &self,
        token: &str,
    ) -> Result<Option<Arc<CallbackAccount>>, EngineError> {
        Ok(self.shared.settings.callback_account(token).await?)
    }

    /// The account with newer keys than those that refused a signature, if there are any.
    pub async fn newer_callback_account(
        &self,
        token: &str,
        stale: &CallbackAccount,
    ) -> Result<Option<Arc<CallbackAccount>>, EngineError> {
        Ok(self.shared.settings.newer_callback_account(token, stale).await?)
    }

    /// The keys that may have signed a callback that arrives now.
    pub fn signing_keys<'a>(&self, account: &'a CallbackAccount) -> Vec<&'a SigningKey> {
        account.keys_at(self.shared.clock.now())
    }

    /// Takes a genuine callback. When it answers `Ok`, the callback is durable.
    pub async fn receive(
        &self,
        account: &CallbackAccount,
        body: Vec<u8>,
    ) -> Result<Taking, IntakeError> {
        let callback = telesign::parse(&body).ok();
        let arrived = Record {
            id: ReceiptId(self.shared.clock.new_uuid()),
            organization: account.organization,
            account: account.account,
            pair: pair_of(account, callback.as_ref()),
            suppresses: self.may_opt_out(account.organization, callback.as_ref()),
            received_at: self.shared.clock.now(),
            body,
        };
        let spool = &self.shared.spool;
        // A database that nobody has met yet may be another release's.
        let is_met = self.is_met.initialized();
        if !is_met || arrived.pair.is_some_and(|pair| spool.holds(&pair)) {
            return self.spool(arrived, callback.as_ref()).await;
        }
        // A task of its own: what is given up here goes on there, and the spool's copy of it then
        // finds itself repeated.
        let storing = {
            let (engine, arrived) = (self.clone(), arrived.clone());
            tokio::spawn(async move { engine.store_callback(arrived).await })
        };
        match tokio::time::timeout(STORE_TIMEOUT, storing).await {
            Ok(Ok(Ok(received))) => return Ok(Taking::Stored(received)),
            Ok(Ok(Err(error))) => {
                if let EngineError::Panicked { .. } = &error {
                    self.shared.panics.is_poison(arrived.id);
                }
                tracing::warn!(error = ?error, "a callback could not be stored; it goes to the spool");
            }
            Ok(Err(_panicked)) => tracing::error!("storing a callback panicked"),
            Err(_elapsed) => tracing::warn!("the database is slow; a callback goes to the spool"),
        }
        self.spool(arrived, callback.as_ref()).await
    }

    async fn spool(
        &self,
        arrived: Record,
        callback: Option<&Callback>,
    ) -> Result<Taking, IntakeError> {
        let spool = &self.shared.spool;
        let is_report = matches!(callback, Some(Callback::DeliveryReport(_)));
        if is_report && spool.waiting().bytes > spool.bytes_max() / REPORTS_PART {
            return Err(SpoolError::Full.into());
        }
        spool.append(arrived).await?;
        metrics::counter!("centralino_spooled_total").increment(1);
        Ok(Taking::Spooled)
    }
}

/// Texts of one customer to one number keep their order; whatever else comes stands for itself.
fn pair_of(account: &CallbackAccount, callback: Option<&Callback>) -> Option<PairKey> {
    match callback {
        Some(Callback::InboundText(text)) => {
            Some(PairKey::new(account.organization, &text.to, &text.from))
        }
        Some(Callback::DeliveryReport(_) | Callback::Unknown { .. }) | None => None,
    }
}

/// Carries out what waits in the spool, until the engine stops.
pub(super) async fn drain(engine: Engine) {
    let drain = Arc::new(Drain { spool: engine.shared.spool.clone(), engine });
    let slots = Arc::new(Semaphore::new(DRAINED_AT_ONCE));
    loop {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
        let taken = tokio::select! {
            () = drain.engine.stop.cancelled() => return,
            taken = drain.spool.next() => taken,
        };
        let drain = Arc::clone(&drain);
        tokio::spawn(async move {
            drain.carry_out(taken).await;
            drop(slot);
        });
    }
}

struct Drain {
    engine: Engine,
    spool: Spool,
}

impl Drain {
    async fn carry_out(&self, taken: Taken) {
        let record = match taken.read().await {
            Ok(record) => record,
            // The disk may be well again; what is damaged never is.
            Err(error) if error.is_retryable() => return taken.again(),
            Err(error) => {
                tracing::error!(%error, "a spool record cannot be read and is set aside");
                return set_aside(taken, "damaged").await;
            }
        };
        let id = record.id;
        let panics = &self.engine.shared.panics;
        match self.engine.store_callback(record.clone()).await {
            Ok(_) => {
                panics.forget(id);
                metrics::counter!("centralino_unspooled_total").increment(1);
                taken.done().await;
            }
            Err(error) if error.is_retryable() => taken.again(),
            Err(EngineError::Panicked { said }) => {
                if panics.is_poison(id) {
                    self.park(record, &said, taken).await;
                } else {
                    taken.again();
                }
            }
            Err(error) => {
                tracing::error!(error = ?error, receipt.id = %id, "a callback is set aside");
                metrics::counter!("centralino_set_aside_total").increment(1);
                set_aside(taken, "it could not be carried out").await;
            }
        }
    }

    /// Keeps a callback that panics each time where an admin sees it, and lets the next one come.
    async fn park(&self, record: Record, said: &str, taken: Taken) {
        let id = record.id;
        match self.engine.park_callback(record, said).await {
            Ok(()) => {
                self.engine.shared.panics.forget(id);
                metrics::counter!("centralino_parked_total").increment(1);
                taken.done().await;
            }
            Err(error) if error.is_retryable() => taken.again(),
            Err(error) => {
                tracing::error!(error = ?error, receipt.id = %id, "a callback is set aside");
                metrics::counter!("centralino_set_aside_total").increment(1);
                set_aside(taken, "it could not be carried out").await;
            }
        }
    }
}

/// Where even that fails, the record comes again, and the spool has said why.
async fn set_aside(taken: Taken, reason: &str) {
    taken.set_aside(reason).await.ok();
}
