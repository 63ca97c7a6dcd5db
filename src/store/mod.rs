//! What is remembered: PostgreSQL, through diesel, and nothing else knows how.
//!
//! **Invariant:** every finder takes an organization; rows stay in here, domain types go out.
//! **Invariant:** a [`ReadConnection`] cannot write, and PostgreSQL holds it to that. Conversations
//! are written by `commit` alone. Read functions take any connection; write functions a
//! [`WriteConnection`]. Start at `commit` for the path of a text, at `settings` for what admins set.

pub mod account_flow;
pub mod agent;
pub mod alert;
pub mod channel_account;
pub mod commit;
pub mod consent;
pub mod consent_setting;
pub mod conversation;
pub mod credential;
pub mod error;
pub mod event;
pub mod idempotency;
pub mod message;
pub mod migration;
pub mod organization;
pub mod outbox;
pub mod page;
pub mod queue;
pub mod receipt;
mod schema;
pub mod seal;
pub mod settings;
mod statement;
pub mod support_number;
pub mod time;
pub mod workstream;

use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
        deadpool::{Object, Pool},
    },
};
use futures_util::FutureExt;
use tokio::runtime::Handle;

pub use error::StoreError;

/// Longest wait for a connection out of a pool.
const CHECKOUT_TIMEOUT: Duration = Duration::from_secs(1);
/// Longest time for one statement; a page that takes longer is a bug.
const STATEMENT_TIMEOUT_MS: u32 = 5_000;
/// Longest wait for another transaction's row.
const LOCK_TIMEOUT_MS: u32 = 250;
const READ_CONNECTIONS_MAX: usize = 12;
const WRITE_CONNECTIONS_MAX: usize = 4;

/// The two pools: one that cannot write, one that can.
#[derive(Clone)]
pub struct Store {
    readers: Pool<AsyncPgConnection>,
    writers: Pool<AsyncPgConnection>,
    url: String,
    runtime: Handle,
}

/// Reads; PostgreSQL refuses a write on it.
pub struct ReadConnection(Object<AsyncPgConnection>);

/// Reads and writes.
pub struct WriteConnection(Object<AsyncPgConnection>);

/// A text that names no database; it may hold a password, so that none of it is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not the URL of a PostgreSQL; expected something like postgres://USER@HOST/DATABASE")]
pub struct InvalidUrl;

/// Whether a URL says where a database is; whether there is one, only connecting tells.
pub fn check_url(url: &str) -> Result<(), InvalidUrl> {
    let config: tokio_postgres::Config = url.parse().ok().ok_or(InvalidUrl)?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(InvalidUrl);
    }
    Ok(())
}

/// Any connection that reads.
pub trait Reads: Send {
    #[doc(hidden)]
    fn raw(&mut self) -> &mut AsyncPgConnection;
}

impl Reads for ReadConnection {
    fn raw(&mut self) -> &mut AsyncPgConnection {
        &mut self.0
    }
}

impl Reads for WriteConnection {
    fn raw(&mut self) -> &mut AsyncPgConnection {
        &mut self.0
    }
}

/// Hands out connections that cannot write.
#[derive(Clone)]
pub struct Reader(Store);

impl Reader {
    pub async fn connect(&self) -> Result<ReadConnection, StoreError> {
        self.0.read().await
    }
}

impl Store {
    /// Prepares the pools; nothing is connected until something is asked.
    ///
    /// Connections live on the runtime of the caller, whoever uses them later.
    pub fn new(url: &str) -> Result<Self, StoreError> {
        let runtime = Handle::current();
        let pool = |is_reader, size| build_pool(url, &runtime, is_reader, size);
        Ok(Self {
            readers: pool(true, READ_CONNECTIONS_MAX)?,
            writers: pool(false, WRITE_CONNECTIONS_MAX)?,
            url: url.to_owned(),
            runtime: runtime.clone(),
        })
    }

    pub fn reader(&self) -> Reader {
        Reader(self.clone())
    }

    pub async fn read(&self) -> Result<ReadConnection, StoreError> {
        self.readers.get().await.map(ReadConnection).map_err(StoreError::unavailable)
    }

    pub async fn write(&self) -> Result<WriteConnection, StoreError> {
        self.writers.get().await.map(WriteConnection).map_err(StoreError::unavailable)
    }

    /// A connection of its own, outside the pools, for a task that holds it for good.
    async fn dedicated(&self) -> Result<AsyncPgConnection, StoreError> {
        let connecting = establish(self.url.clone(), self.runtime.clone(), false);
        match tokio::time::timeout(CHECKOUT_TIMEOUT, connecting).await {
            Ok(connection) => connection.map_err(StoreError::unavailable),
            Err(elapsed) => Err(StoreError::unavailable(elapsed)),
        }
    }
}

fn build_pool(
    url: &str,
    runtime: &Handle,
    is_reader: bool,
    size: usize,
) -> Result<Pool<AsyncPgConnection>, StoreError> {
    let mut config = ManagerConfig::default();
    // The default asks the server at each checkout whether it is still there.
    config.recycling_method = RecyclingMethod::Fast;
    let runtime = runtime.clone();
    config.custom_setup =
        Box::new(move |url| establish(url.to_owned(), runtime.clone(), is_reader).boxed());
    let manager = AsyncDieselConnectionManager::new_with_config(url, config);
    Pool::builder(manager)
        .max_size(size)
        .wait_timeout(Some(CHECKOUT_TIMEOUT))
        .create_timeout(Some(CHECKOUT_TIMEOUT))
        .runtime(deadpool::Runtime::Tokio1)
        .build()
        .map_err(StoreError::unavailable)
}

async fn establish(
    url: String,
    runtime: Handle,
    is_reader: bool,
) -> ConnectionResult<AsyncPgConnection> {
    let bad = |error: tokio_postgres::Error| ConnectionError::BadConnection(error.to_string());
    let mut config: tokio_postgres::Config = url.parse().map_err(bad)?;
    let read_only = if is_reader { "on" } else { "off" };
    // JIT compiles plans that run for a millisecond, and takes a hundred to do so.
    config.options(format!(
        "-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} \
         -c jit=off -c timezone=UTC -c default_transaction_read_only={read_only} \
         -c idle_in_transaction_session_timeout=30000"
    ));
    config.application_name("centralino");
    let connecting = async move {
        let (client, connection) = config.connect(tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    };
    let client = runtime
        .spawn(connecting)
        .await
        .map_err(|error| ConnectionError::BadConnection(error.to_string()))?
        .map_err(bad)?;
    AsyncPgConnection::try_from(client).await
}
