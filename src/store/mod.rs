//! What is remembered: PostgreSQL, through diesel, and nothing else knows how.
//!
//! **Invariant:** every finder takes an organization; rows stay in here, domain types go out.
//! **Invariant:** a connection sees the organization that it was asked for, and a [`ReadConnection`]
//! cannot write; PostgreSQL holds them to that. Conversations are written by `commit` alone. Start
//! at `connection`, at `commit` for the path of a text, at `settings` for what admins set.

pub mod account_flow;
pub mod agent;
pub mod agent_change;
pub mod alert;
pub mod api_token;
pub mod audit;
pub mod channel_account;
pub mod commit;
mod connection;
pub mod consent;
pub mod consent_setting;
pub mod conversation;
pub mod credential;
pub mod error;
pub mod event;
pub mod idempotency;
pub mod isolation;
pub mod journal;
pub mod left_work;
pub mod level;
pub mod message;
pub mod migration;
pub mod organization;
pub mod outbox;
pub mod page;
pub mod password_link;
pub mod quarantine;
pub mod queue;
pub mod receipt;
mod schema;
pub mod seal;
pub mod settings;
pub mod setup;
mod statement;
pub mod support_number;
pub mod time;
pub mod timer;
pub mod workstream;

use std::time::{Duration, Instant};

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

pub use connection::{ReadConnection, Reads, SystemConnection, WriteConnection};
pub use error::StoreError;

use crate::domain::ids::OrganizationId;

/// Longest wait for a connection out of a pool.
const CHECKOUT_TIMEOUT: Duration = Duration::from_secs(1);
/// Longest time for one statement; a page that takes longer is a bug.
const STATEMENT_TIMEOUT_MS: u32 = 5_000;
/// Longest wait for another transaction's row.
const LOCK_TIMEOUT_MS: u32 = 250;
const READ_CONNECTIONS_MAX: usize = 12;
const WRITE_CONNECTIONS_MAX: usize = 4;
const SYSTEM_CONNECTIONS_MAX: usize = 6;
/// What connections work as, whoever signs in; see the migrations for what it may do.
const SERVER_ROLE: &str = "centralino_server";
const SYSTEM_ROLE: &str = "centralino_system";

/// The pools: one that cannot write, one that can, one that belongs to no organization.
#[derive(Clone)]
pub struct Store {
    readers: Pool<AsyncPgConnection>,
    writers: Pool<AsyncPgConnection>,
    system: Pool<AsyncPgConnection>,
    url: String,
    runtime: Handle,
}

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

/// Hands out connections that cannot write.
#[derive(Clone)]
pub struct Reader(Store);

impl Reader {
    pub async fn connect(
        &self,
        organization: OrganizationId,
    ) -> Result<ReadConnection, StoreError> {
        self.0.read(organization).await
    }
}

/// What a connection is for, which settles what it may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Read,
    Write,
    System,
}

impl Store {
    /// Prepares the pools; nothing is connected until something is asked.
    ///
    /// Connections live on the runtime of the caller, whoever uses them later.
    pub fn new(url: &str) -> Result<Self, StoreError> {
        let runtime = Handle::current();
        let pool = |purpose, size| build_pool(url, &runtime, purpose, size);
        Ok(Self {
            readers: pool(Purpose::Read, READ_CONNECTIONS_MAX)?,
            writers: pool(Purpose::Write, WRITE_CONNECTIONS_MAX)?,
            system: pool(Purpose::System, SYSTEM_CONNECTIONS_MAX)?,
            url: url.to_owned(),
            runtime: runtime.clone(),
        })
    }

    pub fn reader(&self) -> Reader {
        Reader(self.clone())
    }

    /// A connection that sees one organization.
    pub async fn read(&self, organization: OrganizationId) -> Result<ReadConnection, StoreError> {
        let connection = take(&self.readers, "read").await?;
        ReadConnection::begin(connection, &self.runtime, organization).await
    }

    /// A transaction on one organization, to be committed.
    pub async fn write(&self, organization: OrganizationId) -> Result<WriteConnection, StoreError> {
        let connection = take(&self.writers, "write").await?;
        WriteConnection::begin(connection, &self.runtime, organization).await
    }

    /// A connection for what belongs to no organization.
    pub async fn system(&self) -> Result<SystemConnection, StoreError> {
        take(&self.system, "system").await.map(SystemConnection::new)
    }

    /// How busy the pools are.
    pub fn pool_levels(&self) -> [PoolLevel; 3] {
        [("read", &self.readers), ("write", &self.writers), ("system", &self.system)].map(
            |(name, pool)| {
                let status = pool.status();
                let idle = status.available.min(status.size);
                PoolLevel { name, used: status.size - idle, idle, waiting: status.waiting }
            },
        )
    }

    /// A connection of its own, outside the pools, for a task that holds it for good.
    async fn dedicated(&self) -> Result<AsyncPgConnection, StoreError> {
        let connecting = establish(self.url.clone(), self.runtime.clone(), Purpose::Write);
        match tokio::time::timeout(CHECKOUT_TIMEOUT, connecting).await {
            Ok(connection) => connection.map_err(StoreError::unavailable),
            Err(elapsed) => Err(StoreError::unavailable(elapsed)),
        }
    }
}

/// How busy a pool is at a moment.
#[derive(Debug, Clone, Copy)]
pub struct PoolLevel {
    pub name: &'static str,
    pub used: usize,
    pub idle: usize,
    /// Who waits for a connection.
    pub waiting: usize,
}

async fn take(
    pool: &Pool<AsyncPgConnection>,
    name: &'static str,
) -> Result<Object<AsyncPgConnection>, StoreError> {
    let begun = Instant::now();
    let connection = pool.get().await;
    metrics::histogram!("centralino_pool_wait_seconds", "pool" => name).record(begun.elapsed());
    connection.map_err(StoreError::unavailable)
}

fn build_pool(
    url: &str,
    runtime: &Handle,
    purpose: Purpose,
    size: usize,
) -> Result<Pool<AsyncPgConnection>, StoreError> {
    let mut config = ManagerConfig::default();
    // The default asks the server at each checkout whether it is still there.
    config.recycling_method = RecyclingMethod::Fast;
    let runtime = runtime.clone();
    config.custom_setup =
        Box::new(move |url| establish(url.to_owned(), runtime.clone(), purpose).boxed());
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
    purpose: Purpose,
) -> ConnectionResult<AsyncPgConnection> {
    let bad = |error: tokio_postgres::Error| ConnectionError::BadConnection(error.to_string());
    let mut config: tokio_postgres::Config = url.parse().map_err(bad)?;
    let read_only = if purpose == Purpose::Read { "on" } else { "off" };
    let role = if purpose == Purpose::System { SYSTEM_ROLE } else { SERVER_ROLE };
    // JIT compiles plans that run for a millisecond, and takes a hundred to do so.
    config.options(format!(
        "-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} \
         -c jit=off -c timezone=UTC -c default_transaction_read_only={read_only} \
         -c idle_in_transaction_session_timeout=30000 -c role={role}"
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
