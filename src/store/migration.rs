//! Applies the migrations that this release carries, and knows whether a schema is its own.

use diesel_async::{
    AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Store, StoreError};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Two processes that migrate at once would both create the first table.
const LOCK_SQL: &str = "select pg_advisory_lock(4272656103)";

/// How a database's schema compares with this release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    Current,
    /// Migrations of this release have not been applied.
    Behind,
    /// A later release has been here.
    Ahead,
}

/// Applies every pending migration; another process that does the same waits its turn.
pub async fn run(url: &str) -> Result<usize, StoreError> {
    let connection = connect(url).await?;
    tokio::task::spawn_blocking(move || {
        let mut harness = AsyncMigrationHarness::new(connection);
        let applied =
            harness.run_pending_migrations(MIGRATIONS).map_err(StoreError::unavailable)?;
        Ok(applied.len())
    })
    .await
    .map_err(StoreError::unavailable)?
}

/// Undoes every migration and applies it again: shows that each `down` works.
pub async fn redo_all(url: &str) -> Result<(), StoreError> {
    let connection = connect(url).await?;
    tokio::task::spawn_blocking(move || {
        let mut harness = AsyncMigrationHarness::new(connection);
        harness.revert_all_migrations(MIGRATIONS).map_err(StoreError::unavailable)?;
        harness.run_pending_migrations(MIGRATIONS).map_err(StoreError::unavailable)?;
        Ok(())
    })
    .await
    .map_err(StoreError::unavailable)?
}

/// Compares without changing anything.
pub async fn state(store: &Store) -> Result<SchemaState, StoreError> {
    let connection = connect(&store.url).await?;
    tokio::task::spawn_blocking(move || {
        let mut harness = AsyncMigrationHarness::new(connection);
        let known: Vec<String> =
            diesel::migration::MigrationSource::<diesel::pg::Pg>::migrations(&MIGRATIONS)
                .map_err(StoreError::unavailable)?
                .iter()
                .map(|migration| migration.name().version().to_string())
                .collect();
        let applied = harness.applied_migrations().map_err(StoreError::unavailable)?;
        let applied: Vec<String> = applied.iter().map(ToString::to_string).collect();
        if applied.iter().any(|version| !known.contains(version)) {
            Ok(SchemaState::Ahead)
        } else if applied.len() < known.len() {
            Ok(SchemaState::Behind)
        } else {
            Ok(SchemaState::Current)
        }
    })
    .await
    .map_err(StoreError::unavailable)?
}

/// A connection that holds the migrations' lock until it closes.
async fn connect(url: &str) -> Result<AsyncPgConnection, StoreError> {
    let mut connection =
        AsyncPgConnection::establish(url).await.map_err(StoreError::unavailable)?;
    connection.batch_execute(LOCK_SQL).await?;
    Ok(connection)
}
