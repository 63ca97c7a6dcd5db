//! Why a command does not do what it was asked: one sentence that says what to do.

use crate::{
    admin::AdminError,
    config::{ConfigError, InheritedError, SecretKeyError},
    spool::SpoolError,
    store::{StoreError, migration::SchemaState},
    telemetry::TelemetryError,
    telesign::{ClientBuildError, InvalidBaseUrl},
};

use super::embedded_postgres::PostgresError;

/// Why the program ends early.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("{0}; `centralino --help` lists the commands, and each has a --help of its own")]
    Usage(String),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{setting} {problem}")]
    Setting { setting: &'static str, problem: String },
    #[error("{0}")]
    Telemetry(TelemetryError),
    #[error(transparent)]
    Postgres(#[from] PostgresError),
    #[error("the secret key {0}")]
    SecretKey(SecretKeyError),
    #[error(
        "the database cannot be reached; check that it runs and that DATABASE_URL is right: {0}"
    )]
    DatabaseAway(String),
    #[error("the database refused: {0}")]
    Store(String),
    #[error("{}", schema_sentence(*.0))]
    Schema(SchemaState),
    #[error(
        "row-level security does not hold for the database role {role} in these tables: {tables}; run `centralino migrate`, and let DATABASE_URL name a user without SUPERUSER and BYPASSRLS"
    )]
    NotIsolated { role: String, tables: String },
    #[error(
        "set CENTRALINO_SECRET_KEY or CENTRALINO_SECRET_KEY_FILE: with a database of your own, the key that seals stored secrets must be yours too (`openssl rand -base64 32` makes one)"
    )]
    NoSecretKey,
    #[error(
        "set DATABASE_URL: there is no embedded database in {folder}; `centralino serve` or `centralino demo` makes one"
    )]
    NoDatabase { folder: String },
    #[error("{0}")]
    Refused(String),
    #[error("cannot listen on {address}: {source}")]
    Listen { address: std::net::SocketAddr, source: std::io::Error },
    #[error("the data folder {folder} cannot be used: {source}")]
    DataFolder { folder: String, source: std::io::Error },
    #[error(
        "the data folder {folder} is in use by another server: stop that one, or choose another folder with CENTRALINO_DATA_DIR"
    )]
    DataFolderInUse { folder: String },
    #[error(transparent)]
    Inherited(#[from] InheritedError),
    #[error("the simulated Telesign cannot start: {0}")]
    Simulator(std::io::Error),
    #[error("a thread could not be started: {0}")]
    Thread(std::io::Error),
    #[error(transparent)]
    Spool(#[from] SpoolError),
    #[error(transparent)]
    Client(#[from] ClientBuildError),
    #[error("not everything is well")]
    CheckFailed,
    #[error("the output cannot be written: {0}")]
    Output(std::io::Error),
}

impl AppError {
    /// Tables in which organizations are not kept apart.
    pub fn not_isolated(role: String, open_tables: &[String]) -> Self {
        Self::NotIsolated { role, tables: open_tables.join(", ") }
    }

    /// What a wrong provider URL is told.
    pub fn provider_url(problem: InvalidBaseUrl) -> Self {
        Self::Setting {
            setting: "CENTRALINO_TELESIGN_URL",
            problem: format!("is wrong: {problem}"),
        }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => Self::DatabaseAway(cause.to_string()),
            other => Self::Store(other.to_string()),
        }
    }
}

impl From<AdminError> for AppError {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Store(error) => error.into(),
            AdminError::Refused(_) | AdminError::Busy => Self::Refused(error.to_string()),
        }
    }
}

fn schema_sentence(state: SchemaState) -> &'static str {
    match state {
        SchemaState::Current => "the database's schema is this release's",
        SchemaState::Behind => {
            "the database's schema is older than this release; run `centralino migrate` first"
        }
        SchemaState::Barred => {
            "the database's user may not work as centralino_server and centralino_system; run `centralino migrate` with CENTRALINO_MIGRATE_URL, or let the owner grant it both"
        }
        SchemaState::Ahead => {
            "the database's schema is newer than this release; start the release that made it, or a later one"
        }
    }
}
