//! Wrongly signed callbacks: kept within bounds, looked at again when a key has been corrected.
//!
//! **Invariant:** whoever floods us writes nothing by himself: forgeries gather in memory, the same
//! one once, and one task writes them, two statements a second at the most. Above its rate an
//! account's forgeries are counted and forgotten, and while the database is away nothing grows.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, hash_map},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use super::{Engine, EngineError, settings_cache::CallbackAccount, shared::Shared};
use crate::{
    domain::{
        alert::{AlertKind, Trouble},
        ids::{ChannelAccountId, OrganizationId, QuarantinedCallbackId, ReceiptId},
    },
    spool::Record,
    store::{
        StoreError,
        page::{Page, PageEnd},
        quarantine::{self, BODY_BYTES_MAX, ForgeryReason, HEADER_BYTES_MAX, Quarantined},
    },
    telesign::{CallbackHeaders, SignatureRefusal, verify_callback},
};

/// Different forgeries that wait to be written, in the whole process.
const PENDING_MAX: usize = 512;
/// Different forgeries of one account in a second, in the long run and at once.
const RATE_PER_SECOND: u32 = 20;
const RATE_BURST: u32 = 200;
/// How often those that wait are written.
const WRITE_INTERVAL: Duration = Duration::from_secs(1);
/// Quarantined callbacks that are read at a time.
const READ_MAX: i64 = 100;
/// Callbacks that are let through in one call; whoever wants more calls again.
const RELEASED_MAX: usize = 500;

/// A callback that nobody of the account's has signed.
pub struct Forgery {
    pub refusal: SignatureRefusal,
    pub authorization: Option<Vec<u8>>,
    pub x_ts_authorization: Option<Vec<u8>>,
    pub body: Vec<u8>,
}

/// Which quarantined callbacks to look at again.
#[derive(Debug, Clone)]
pub enum Suspects {
    All,
    Of(ChannelAccountId),
    Named(Vec<QuarantinedCallbackId>),
}

/// What came of looking at them again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Released {
    /// Genuine by the keys of now: they have their effect, or would have it (dry run).
    pub released: usize,
    /// Still signed by nobody.
    pub refused: usize,
    /// More than one call lets through: there may be more.
    pub has_more: bool,
}

/// The forgeries that wait to be written.
pub(super) struct Quarantine {
    pending: Mutex<HashMap<(ChannelAccountId, [u8; 32]), Quarantined>>,
    rate: DefaultKeyedRateLimiter<ChannelAccountId>,
}

impl Quarantine {
    pub(super) fn new() -> Self {
        let count = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(count(RATE_PER_SECOND)).allow_burst(count(RATE_BURST));
        Self { pending: Mutex::default(), rate: RateLimiter::keyed(quota) }
    }

    fn add(&self, forgery: Quarantined) {
        let mut pending = self.pending.lock();
        let is_full = pending.len() >= PENDING_MAX;
        match pending.entry((forgery.account, forgery.fingerprint)) {
            hash_map::Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.times += forgery.times;
                known.last_at = known.last_at.max(forgery.last_at);
            }
            hash_map::Entry::Vacant(place) => {
                if is_full || self.rate.check_key(&forgery.account).is_err() {
                    metrics::counter!("centralino_quarantine_dropped_total").increment(1);
                    return;
                }
                place.insert(forgery);
            }
        }
    }

    /// What could not be written waits on, as far as there is room.
    fn put_back(&self, forgeries: Vec<Quarantined>) {
        let mut pending = self.pending.lock();
        for forgery in forgeries {
            let key = (forgery.account, forgery.fingerprint);
            if let Some(known) = pending.get_mut(&key) {
                known.times += forgery.times;
                known.first_at = forgery.first_at;
            } else if pending.len() < PENDING_MAX {
                pending.insert(key, forgery);
            } else {
                metrics::counter!("centralino_quarantine_dropped_total").increment(1);
            }
        }
    }
}

/// Writes what waits, until it is cancelled.
pub(super) async fn run(shared: Arc<Shared>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(WRITE_INTERVAL) => {}
        }
        let pending = std::mem::take(&mut *shared.quarantine.pending.lock());
        if pending.is_empty() {
            continue;
        }
        let mut by_organization: BTreeMap<OrganizationId, Vec<Quarantined>> = BTreeMap::new();
        for forgery in pending.into_values() {
            by_organization.entry(forgery.organization).or_default().push(forgery);
        }
        for (organization, forgeries) in by_organization {
            let count = u64::try_from(forgeries.len()).unwrap_or(0);
            match keep(&shared, organization, &forgeries).await {
                Ok(()) => {
                    metrics::counter!("centralino_quarantined_total").increment(count);
                    tell(&shared, &forgeries).await;
                }
                Err(error) if error.is_retryable() => shared.quarantine.put_back(forgeries),
                Err(error) => tracing::error!(error = ?error, "forged callbacks could not be kept"),
            }
        }
    }
}

async fn keep(
    shared: &Shared,
    organization: OrganizationId,
    forgeries: &[Quarantined],
) -> Result<(), StoreError> {
    let mut connection = shared.store.write(organization).await?;
    quarantine::keep(&mut connection, forgeries).await?;
    connection.commit().await
}

/// One alert for each account that forgeries come for.
async fn tell(shared: &Shared, forgeries: &[Quarantined]) {
    let accounts: BTreeSet<_> =
        forgeries.iter().map(|forgery| (forgery.organization, forgery.account)).collect();
    for (organization, account) in accounts {
        let trouble = Trouble {
            organization,
            kind: AlertKind::CallbacksRefused,
            dedup_key: account.to_string(),
            text: "callbacks of this account are signed by nobody we know: somebody forges them, \
                   or its API key is not the provider's. Correct the key, then replay the quarantine"
                .to_owned(),
            subject_id: Some(account.to_string()),
        };
        shared.alerts.raise(&trouble).await;
    }
}

impl Engine {
    /// Keeps a forged callback, if there is room for one more. Never waits.
    pub fn quarantine(&self, account: &CallbackAccount, forgery: Forgery) {
        let clock = &self.shared.clock;
        let Forgery { refusal, authorization, x_ts_authorization, body } = forgery;
        let fingerprint = fingerprint(&[
            authorization.as_deref().unwrap_or_default(),
            x_ts_authorization.as_deref().unwrap_or_default(),
            &body,
        ]);
        let now = clock.now();
        self.shared.quarantine.add(Quarantined {
            organization: account.organization,
            id: QuarantinedCallbackId(clock.new_uuid()),
            account: account.account,
            fingerprint,
            reason: reason_of(refusal),
            authorization: authorization.map(|value| cut(value, HEADER_BYTES_MAX)),
            x_ts_authorization: x_ts_authorization.map(|value| cut(value, HEADER_BYTES_MAX)),
            body_bytes: i32::try_from(body.len()).unwrap_or(i32::MAX),
            body: cut(body, BODY_BYTES_MAX),
            times: 1,
            first_at: now,
            last_at: now,
        });
    }

    /// Verifies quarantined callbacks with the keys of now, and lets the genuine ones through.
    ///
    /// Each has its effect once, however often this is called. A dry run only counts.
    pub async fn release(
        &self,
        organization: OrganizationId,
        suspects: Suspects,
        is_dry_run: bool,
    ) -> Result<Released, EngineError> {
        let accounts = self.shared.settings.callback_accounts_now(organization).await?;
        let result = self.release_from(&accounts, organization, &suspects, is_dry_run).await?;
        if let (false, Suspects::Of(account)) = (is_dry_run, &suspects)
            && result.released > 0
            && result.refused == 0
        {
            let key = account.to_string();
            self.clear_alert(organization, AlertKind::CallbacksRefused, &key).await;
        }
        Ok(result)
    }

    async fn release_from(
        &self,
        accounts: &[Arc<CallbackAccount>],
        organization: OrganizationId,
        suspects: &Suspects,
        is_dry_run: bool,
    ) -> Result<Released, EngineError> {
        let mut result = Released::default();
        let mut after = None;
        loop {
            let found = self.suspects(organization, suspects, after).await?;
            let Some(last) = found.last() else { return Ok(result) };
            after = Some(last.id);
            for suspect in found {
                let account = accounts.iter().find(|account| account.account == suspect.account);
                if !account.is_some_and(|account| self.is_genuine(account, &suspect)) {
                    result.refused += 1;
                } else if result.released == RELEASED_MAX {
                    result.has_more = true;
                    return Ok(result);
                } else if is_dry_run || Box::pin(self.let_through(suspect)).await? {
                    result.released += 1;
                } else {
                    result.refused += 1;
                }
            }
            if matches!(suspects, Suspects::Named(_)) {
                return Ok(result);
            }
        }
    }

    async fn suspects(
        &self,
        organization: OrganizationId,
        suspects: &Suspects,
        after: Option<QuarantinedCallbackId>,
    ) -> Result<Vec<Quarantined>, EngineError> {
        let after = after.map(|id| id.0);
        let page = Page { after, before: None, size: READ_MAX, end: PageEnd::First };
        let mut connection = self.shared.store.read(organization).await?;
        let connection = &mut connection;
        Ok(match suspects {
            Suspects::Named(ids) => quarantine::find_many(connection, organization, ids).await?,
            Suspects::All => quarantine::list(connection, organization, None, page).await?.rows,
            Suspects::Of(account) => {
                quarantine::list(connection, organization, Some(*account), page).await?.rows
            }
        })
    }

    fn is_genuine(&self, account: &CallbackAccount, suspect: &Quarantined) -> bool {
        let keys = self.signing_keys(account);
        let headers = CallbackHeaders {
            authorization: suspect.authorization.as_deref(),
            x_ts_authorization: suspect.x_ts_authorization.as_deref(),
        };
        suspect.is_whole()
            && verify_callback(&keys, &account.customer_id, headers, &suspect.body).is_ok()
    }

    /// `false`: it is genuine and could not be carried out, and stays.
    async fn let_through(&self, suspect: Quarantined) -> Result<bool, EngineError> {
        let (organization, id) = (suspect.organization, suspect.id);
        let arrived = Record {
            id: ReceiptId(self.shared.clock.new_uuid()),
            organization,
            account: suspect.account,
            pair: None,
            suppresses: false,
            received_at: self.shared.clock.now(),
            body: suspect.body,
        };
        match self.store_callback(arrived).await {
            Ok(_) => {}
            Err(error) if error.is_retryable() => return Err(error),
            Err(error) => {
                tracing::error!(error = ?error, callback.id = %id, "a released callback failed");
                return Ok(false);
            }
        }
        // Not deleted, it would be found repeated the next time.
        let mut connection = self.shared.store.write(organization).await?;
        quarantine::delete(&mut connection, organization, id).await?;
        connection.commit().await?;
        Ok(true)
    }
}

/// No `_` arm: a new refusal does not compile until it has its word.
fn reason_of(refusal: SignatureRefusal) -> ForgeryReason {
    match refusal {
        SignatureRefusal::Missing => ForgeryReason::Missing,
        SignatureRefusal::Malformed => ForgeryReason::Malformed,
        SignatureRefusal::OtherCustomer => ForgeryReason::OtherCustomer,
        SignatureRefusal::Mismatch => ForgeryReason::Mismatch,
    }
}

fn cut(mut bytes: Vec<u8>, bytes_max: usize) -> Vec<u8> {
    bytes.truncate(bytes_max);
    bytes
}

/// Lengths are hashed too, so that bytes cannot move from one part to the next unseen.
fn fingerprint(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}
