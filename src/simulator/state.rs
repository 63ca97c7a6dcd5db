//! Everything that the simulator remembers, and the tasks that go on after an answer.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::future::join_all;
use parking_lot::{Mutex, RwLock};
use tokio::{runtime::Handle, task::JoinHandle, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    account::{ACCOUNTS_MAX, Account, Settings},
    callback::{Delivery, Postman, Proof, Report, Shape, sign},
    clock,
    fault::TooMany,
    ledger::{Entry, Ledger, Status},
    outbox::{Attempt, Callback, Kind, Outbox},
    plan::{Plan, Step},
};

/// Messages and callbacks that have something coming; reports beyond that are dropped and counted.
const TASKS_MAX: usize = 500_000;

pub(super) struct State {
    accounts: RwLock<HashMap<Box<str>, Arc<Account>>>,
    pub(super) ledger: Mutex<Ledger>,
    pub(super) outbox: Mutex<Outbox>,
    pub(super) reports_dropped: AtomicU64,
    postman: Postman,
    time_scale: f64,
    runtime: Handle,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Cancelled and replaced by a reset.
    round: Mutex<CancellationToken>,
}

/// A callback to be made.
pub(super) struct Post {
    pub(super) kind: Kind,
    pub(super) reference: String,
    pub(super) url: Arc<str>,
    pub(super) body: Vec<u8>,
}

/// A callback that has its number and can be posted.
pub(super) struct Posting {
    pub(super) number: u64,
    delivery: Delivery,
}

impl State {
    /// An empty state; its tasks run on the caller's runtime.
    pub(super) fn new(time_scale: f64) -> Result<Self, reqwest::Error> {
        let stop = CancellationToken::new();
        Ok(Self {
            accounts: RwLock::default(),
            ledger: Mutex::new(Ledger::new()),
            outbox: Mutex::new(Outbox::new()),
            reports_dropped: AtomicU64::new(0),
            postman: Postman::new()?,
            time_scale,
            runtime: Handle::current(),
            tasks: TaskTracker::new(),
            round: Mutex::new(stop.child_token()),
            stop,
        })
    }

    pub(super) fn account(&self, customer_id: &str) -> Option<Arc<Account>> {
        self.accounts.read().get(customer_id).cloned()
    }

    /// All accounts, by customer id.
    pub(super) fn accounts(&self) -> Vec<Arc<Account>> {
        let mut accounts: Vec<_> = self.accounts.read().values().cloned().collect();
        accounts.sort_by(|one, other| one.customer_id.cmp(&other.customer_id));
        accounts
    }

    /// The account, where there is exactly one.
    pub(super) fn only_account(&self) -> Option<Arc<Account>> {
        let accounts = self.accounts.read();
        if accounts.len() == 1 { accounts.values().next().cloned() } else { None }
    }

    /// Creates an account or changes its settings.
    pub(super) fn put_account(&self, customer_id: &str, settings: Settings) -> Result<(), TooMany> {
        let mut accounts = self.accounts.write();
        if let Some(account) = accounts.get(customer_id) {
            account.set_settings(settings);
            return Ok(());
        }
        if accounts.len() >= ACCOUNTS_MAX {
            return Err(TooMany);
        }
        let account = Arc::new(Account::new(customer_id, settings));
        accounts.insert(customer_id.into(), account);
        Ok(())
    }

    /// Remembers a message and sets its reports going.
    pub(super) fn accept(self: &Arc<Self>, account: &Arc<Account>, entry: Entry, plan: Plan) {
        let accepted_at = Instant::now();
        let number = self.ledger.lock().accept(entry);
        if plan.0.is_empty() {
            return;
        }
        if self.tasks.len() >= TASKS_MAX {
            self.reports_dropped.fetch_add(plan.0.len() as u64, Ordering::Relaxed);
            return;
        }
        let (state, account) = (Arc::clone(self), Arc::clone(account));
        self.spawn(async move {
            let mut steps = plan.0.to_vec();
            steps.sort_by_key(|step| step.after_ms);
            for step in steps {
                tokio::time::sleep_until(accepted_at + state.scaled(step.after_ms)).await;
                state.report(&account, number, &step).await;
            }
        });
    }

    /// Moves the status of a message and posts its report.
    ///
    /// It waits for the first attempt, so that reports arrive in the order of their plan however
    /// busy the machine is; further attempts do not hold up the next report.
    async fn report(self: &Arc<Self>, account: &Account, number: u64, step: &Step) {
        let (now, settings) = (clock::now(), account.settings());
        let post = {
            let mut ledger = self.ledger.lock();
            ledger.set_status(number, Status { code: step.code, updated_on: now });
            let Some(entry) = ledger.get(number) else { return };
            let Some(url) = entry.callback_url.clone().or_else(|| settings.callback_url.clone())
            else {
                return;
            };
            let body = Report {
                reference: &entry.reference,
                external_id: entry.external_id.as_deref(),
                message: &entry.message,
                submitted_at: entry.at,
                code: step.code,
                description: None,
                updated_on: step.updated_on.as_deref(),
            }
            .write(&settings.shape, now);
            Post { kind: Kind::Report, reference: entry.reference.clone(), url, body }
        };
        let postings = self.postings(account, &settings.shape, post, step.copies);
        join_all(postings.into_iter().map(|posting| self.post(posting))).await;
    }

    /// Signs a callback and enters so many copies of it into the outbox.
    pub(super) fn postings(
        &self,
        account: &Account,
        shape: &Shape,
        mut post: Post,
        copies: u32,
    ) -> Vec<Posting> {
        let settings = account.settings();
        let proof = sign(shape, &account.customer_id, &settings.keys, &mut post.body);
        let body = actix_web::web::Bytes::from(post.body);
        let waits = settings.callback_waits_ms.iter().map(|wait| self.scaled(*wait));
        let waits: Vec<Duration> = waits.collect();
        let timeout = Duration::from_millis(settings.callback_timeout_ms);
        let posting = |_| {
            let callback = Arc::new(Callback::new(
                post.kind,
                Arc::clone(&account.customer_id),
                post.reference.clone(),
                Arc::clone(&post.url),
                body.clone(),
            ));
            let number = self.outbox.lock().add(Arc::clone(&callback));
            let proof = Proof::clone(&proof);
            Posting {
                number,
                delivery: Delivery { callback, proof, waits: waits.clone(), timeout },
            }
        };
        (0..copies).map(posting).collect()
    }

    /// Makes the first attempt now and the others, where they are needed, later.
    pub(super) async fn post(self: &Arc<Self>, posting: Posting) -> Attempt {
        let attempt = self.postman.try_first(&posting.delivery).await;
        if !attempt.answer.is_accepted() {
            let state = Arc::clone(self);
            self.spawn(async move { state.postman.try_again(&posting.delivery).await });
        }
        attempt
    }

    /// Runs something on the caller's runtime until it ends, a reset or the stop.
    pub(super) fn spawn<F>(&self, task: F) -> JoinHandle<Option<F::Output>>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let round = self.round.lock().clone();
        let task = async move { round.run_until_cancelled(task).await };
        self.tasks.spawn_on(task, &self.runtime)
    }

    /// Forgets everything but the accounts and their settings; what was to come does not.
    pub(super) fn reset(&self) {
        let round = std::mem::replace(&mut *self.round.lock(), self.stop.child_token());
        round.cancel();
        self.ledger.lock().clear();
        self.outbox.lock().clear();
        self.reports_dropped.store(0, Ordering::Relaxed);
        for account in self.accounts() {
            account.reset();
        }
    }

    /// Ends what is under way.
    pub(super) fn cancel(&self) {
        self.stop.cancel();
        self.tasks.close();
    }

    /// Waits until nothing is under way; call `cancel` before.
    pub(super) async fn ended(&self) {
        self.tasks.wait().await;
    }

    fn scaled(&self, milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds).mul_f64(self.time_scale)
    }
}
