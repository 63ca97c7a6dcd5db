//! Connections, each bound to what its holder may see, which PostgreSQL itself enforces.
//!
//! A [`ReadConnection`] and a [`WriteConnection`] are a transaction that names one organization:
//! row-level security hides every other one's rows, whatever the SQL asks for, and the name goes
//! with the transaction, so that a pooled connection carries nothing on. A [`SystemConnection`] is
//! another role, which finds work in all organizations and can read little of it.

use std::fmt::Write;

use diesel_async::{
    AnsiTransactionManager, AsyncPgConnection, TransactionManager,
    pooled_connection::deadpool::Object,
};
use tokio::runtime::Handle;
use uuid::Uuid;

use super::StoreError;
use crate::domain::ids::OrganizationId;

/// Reads one organization; PostgreSQL refuses a write on it.
pub struct ReadConnection(Bound);

/// Reads and writes one organization; nothing is stored before [`WriteConnection::commit`].
#[must_use = "what is not committed is undone"]
pub struct WriteConnection(Bound);

/// Looks for work in all organizations, for what belongs to none: signing in, housekeeping.
pub struct SystemConnection(Object<AsyncPgConnection>);

/// Any connection that reads an organization.
pub trait Reads: Send {
    #[doc(hidden)]
    fn raw(&mut self) -> &mut AsyncPgConnection;
}

impl Reads for ReadConnection {
    fn raw(&mut self) -> &mut AsyncPgConnection {
        self.0.raw()
    }
}

impl Reads for WriteConnection {
    fn raw(&mut self) -> &mut AsyncPgConnection {
        self.0.raw()
    }
}

impl ReadConnection {
    pub(super) async fn begin(
        connection: Object<AsyncPgConnection>,
        runtime: &Handle,
        organization: OrganizationId,
    ) -> Result<Self, StoreError> {
        Bound::begin(connection, runtime, organization).await.map(Self)
    }
}

impl WriteConnection {
    pub(super) async fn begin(
        connection: Object<AsyncPgConnection>,
        runtime: &Handle,
        organization: OrganizationId,
    ) -> Result<Self, StoreError> {
        Bound::begin(connection, runtime, organization).await.map(Self)
    }

    /// Stores what was written.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        // Whatever becomes of it, there is nothing to undo: the pool drops one in doubt.
        self.0.is_open = false;
        Ok(AnsiTransactionManager::commit_transaction(self.raw()).await?)
    }
}

impl SystemConnection {
    pub(super) fn new(connection: Object<AsyncPgConnection>) -> Self {
        Self(connection)
    }

    pub(super) fn raw(&mut self) -> &mut AsyncPgConnection {
        &mut self.0
    }
}

/// Opens a transaction that sees these organizations and no other.
pub(super) async fn begin_for(
    connection: &mut AsyncPgConnection,
    organizations: impl IntoIterator<Item = Uuid>,
) -> Result<(), StoreError> {
    let mut sql = "begin; set local app.organizations = '".to_owned();
    for (at, organization) in organizations.into_iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        // Ids have nothing but hexadecimal digits and hyphens; a text that is written to cannot fail.
        write!(sql, "{comma}{organization}").ok();
    }
    sql.push('\'');
    Ok(AnsiTransactionManager::begin_transaction_sql(connection, &sql).await?)
}

/// A pooled connection with a transaction open on it, which is undone unless it was committed.
struct Bound {
    /// There until it is dropped.
    connection: Option<Object<AsyncPgConnection>>,
    runtime: Handle,
    is_open: bool,
}

impl Bound {
    async fn begin(
        connection: Object<AsyncPgConnection>,
        runtime: &Handle,
        organization: OrganizationId,
    ) -> Result<Self, StoreError> {
        let runtime = runtime.clone();
        let mut bound = Self { connection: Some(connection), runtime, is_open: false };
        // Whoever gives up while it begins leaves a connection that the pool takes for broken.
        begin_for(bound.raw(), [organization.0]).await?;
        bound.is_open = true;
        Ok(bound)
    }

    fn raw(&mut self) -> &mut AsyncPgConnection {
        match &mut self.connection {
            Some(connection) => connection,
            None => unreachable!("a bound connection is there until it is dropped"),
        }
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take().filter(|_| self.is_open) else { return };
        self.runtime.spawn(async move {
            if AnsiTransactionManager::rollback_transaction(&mut *connection).await.is_err() {
                // Nobody knows what state it is in: the pool makes another.
                drop(Object::take(connection));
            }
        });
    }
}
