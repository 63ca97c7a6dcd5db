//! Applies the migrations that this release carries, and knows whether a schema is its own.
//!
//! The owner migrates; the server is another, lesser user, or works as a lesser role. Every run
//! ends by setting the organizations apart in tables that are new.

use diesel::sql_types::{Bool, Text};
use diesel_async::{
    AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use postgres_protocol::password;

use super::{SERVER_ROLE, SYSTEM_ROLE, Store, StoreError, statement::static_statement};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Two processes that migrate at once would both create the first table.
const LOCK_SQL: &str = "select pg_advisory_lock(4272656103)";
/// Row-level security holds for the owner too: what moves rows says that it is a migration.
const MIGRATES_SQL: &str = "set app.migration = 'on'";
const ISOLATE_SQL: &str = "select isolate_organizations()";

static_statement! {
    /// Whether the server has been let in by a migration, and whether the user may be the server.
    Standing {
        reader: &'static str => Text,
        server: &'static str => Text,
        system: &'static str => Text,
    } -> (Bool, Bool),
    "select coalesce(bool_or(rolname = ? and has_table_privilege(rolname, \
            to_regclass('__diesel_schema_migrations'), 'select')), false), \
        count(*) = 2 and bool_and(pg_has_role(rolname, 'member')) \
     from pg_roles where rolname in (?, ?)"
}

static_statement! {
    AppliedVersions {} -> Text,
    "select version from __diesel_schema_migrations"
}

static_statement! {
    UserExists { name: String => Text, } -> Bool,
    "select exists (select from pg_roles where rolname = ?)"
}

static_statement! {
    Quoted { text: String => Text, } -> Text,
    "select quote_ident(?)"
}

/// How a database's schema compares with this release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    Current,
    /// Migrations of this release have not been applied.
    Behind,
    /// A later release has been here.
    Ahead,
    /// The user may not work as the server's roles.
    Barred,
}

/// Applies every pending migration; another process that does the same waits its turn.
pub async fn run(url: &str) -> Result<usize, StoreError> {
    migrate(url, |harness| {
        let applied =
            harness.run_pending_migrations(MIGRATIONS).map_err(StoreError::unavailable)?;
        Ok(applied.len())
    })
    .await
}

/// Undoes every migration and applies it again: shows that each `down` works.
pub async fn redo_all(url: &str) -> Result<(), StoreError> {
    migrate(url, |harness| {
        harness.revert_all_migrations(MIGRATIONS).map_err(StoreError::unavailable)?;
        harness.run_pending_migrations(MIGRATIONS).map_err(StoreError::unavailable)?;
        Ok(())
    })
    .await
}

/// Works as the owner, and then sets the organizations apart where that is not done yet.
async fn migrate<T: Send + 'static>(
    url: &str,
    work: impl FnOnce(&mut AsyncMigrationHarness<AsyncPgConnection>) -> Result<T, StoreError>
    + Send
    + 'static,
) -> Result<T, StoreError> {
    let mut connection = connect(url).await?;
    connection.batch_execute(MIGRATES_SQL).await?;
    let worked = tokio::task::spawn_blocking(move || {
        let mut harness = AsyncMigrationHarness::new(connection);
        let done = work(&mut harness)?;
        Ok::<_, StoreError>((done, harness.into_inner()))
    });
    let (done, mut connection) = worked.await.map_err(StoreError::unavailable)??;
    connection.batch_execute(ISOLATE_SQL).await?;
    Ok(done)
}

/// Lets the server's user work as the server's roles; makes the user where there is none.
pub async fn admit(owner_url: &str, server_url: &str) -> Result<(), StoreError> {
    let parse = |url: &str| url.parse::<tokio_postgres::Config>().map_err(StoreError::unavailable);
    let (owner, server) = (parse(owner_url)?, parse(server_url)?);
    let Some(user) = server.get_user().filter(|user| owner.get_user() != Some(user)) else {
        return Ok(());
    };
    let mut connection = connect(owner_url).await?;
    let name: String = Quoted { text: user.to_owned() }.get_result(&mut connection).await?;
    let exists: bool = UserExists { name: user.to_owned() }.get_result(&mut connection).await?;
    if !exists {
        let password = server.get_password().map(|password| {
            // What goes over the wire, and perhaps into a log, is not the password.
            format!(" password '{}'", password::scram_sha_256(password))
        });
        let create = format!("create role {name} login{}", password.unwrap_or_default());
        connection.batch_execute(&create).await?;
    }
    let grant = format!("grant {SERVER_ROLE}, {SYSTEM_ROLE} to {name}");
    Ok(connection.batch_execute(&grant).await?)
}

/// Compares without changing anything.
pub async fn state(store: &Store) -> Result<SchemaState, StoreError> {
    let mut connection = connect(&store.url).await?;
    let standing = Standing { reader: SERVER_ROLE, server: SERVER_ROLE, system: SYSTEM_ROLE };
    let (is_let_in, is_member): (bool, bool) = standing.get_result(&mut connection).await?;
    if !is_let_in {
        return Ok(SchemaState::Behind);
    }
    if !is_member {
        return Ok(SchemaState::Barred);
    }
    connection.batch_execute(&format!("set role {SERVER_ROLE}")).await?;
    let applied: Vec<String> = AppliedVersions {}.load(&mut connection).await?;
    let known: Vec<String> =
        diesel::migration::MigrationSource::<diesel::pg::Pg>::migrations(&MIGRATIONS)
            .map_err(StoreError::unavailable)?
            .iter()
            .map(|migration| migration.name().version().to_string())
            .collect();
    if applied.iter().any(|version| !known.contains(version)) {
        Ok(SchemaState::Ahead)
    } else if applied.len() < known.len() {
        Ok(SchemaState::Behind)
    } else {
        Ok(SchemaState::Current)
    }
}

/// A connection that holds the migrations' lock until it closes.
async fn connect(url: &str) -> Result<AsyncPgConnection, StoreError> {
    let mut connection =
        AsyncPgConnection::establish(url).await.map_err(StoreError::unavailable)?;
    connection.batch_execute(LOCK_SQL).await?;
    Ok(connection)
}
