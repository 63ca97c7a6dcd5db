//! What every command stands on: the database, the key that seals, the clock, the provider's client.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use secrecy::{ExposeSecret, SecretString};

use super::{
    AppError,
    embedded_postgres::{EmbeddedPostgres, PostgresOptions},
    server::hosts_of,
};
use crate::{
    admin::{Admin, AdminParts},
    config::{Config, SecretKey, Setting},
    domain::clock::Clock,
    store::{
        self, Store,
        migration::{self, SchemaState},
        seal::Sealer,
        time,
    },
    telesign::{BaseUrl, ClientOptions, TelesignClient},
};

/// The data folder's own name for the key that it makes.
const KEY_FILE: &str = "secret.key";
/// Held by the server that works on the data folder.
const LOCK_FILE: &str = "server.lock";
/// The embedded database's place in the data folder.
const POSTGRES_FOLDER: &str = "postgres";

/// Where the data is, and what it is sealed with.
pub struct Ground {
    pub database_url: SecretString,
    pub secret_key: SecretKey,
    /// Runs for as long as it is held.
    pub postgres: Option<EmbeddedPostgres>,
}

impl Ground {
    /// Finds the database, or starts the embedded one; `makes_one`: also where none has been made.
    pub async fn prepare(config: &Config, makes_one: bool) -> Result<Self, AppError> {
        let Some(url) = &config.database_url else {
            return Self::embedded(config, makes_one).await;
        };
        check_database_url(Setting::DatabaseUrl, url)?;
        let secret_key = config.secret_key.clone().ok_or(AppError::NoSecretKey)?;
        Ok(Self { database_url: url.clone(), secret_key, postgres: None })
    }

    async fn embedded(config: &Config, makes_one: bool) -> Result<Self, AppError> {
        let folder = &config.data_dir;
        let postgres_folder = folder.join(POSTGRES_FOLDER);
        if !makes_one && !postgres_folder.is_dir() {
            return Err(AppError::NoDatabase { folder: folder.display().to_string() });
        }
        make_data_folder(folder)?;
        let secret_key = match &config.secret_key {
            Some(key) => key.clone(),
            None => SecretKey::read_or_make(&folder.join(KEY_FILE)).map_err(AppError::SecretKey)?,
        };
        // A server that runs on it lends it to commands.
        if let Some(database_url) = EmbeddedPostgres::running(&postgres_folder)? {
            return Ok(Self { database_url, secret_key, postgres: None });
        }
        let options = PostgresOptions::new(postgres_folder);
        let started = tokio::task::spawn_blocking(move || EmbeddedPostgres::start(&options));
        let postgres = started.await.map_err(|gone| AppError::Thread(gone.into()))??;
        let (owner_url, database_url) = (postgres.owner_url(None), postgres.url(None));
        migration::run(owner_url.expose_secret()).await?;
        migration::admit(owner_url.expose_secret(), database_url.expose_secret()).await?;
        Ok(Self { database_url, secret_key, postgres: Some(postgres) })
    }

    /// Opens the store, provided that its schema is this release's.
    pub async fn open(&self) -> Result<Store, AppError> {
        let store = Store::new(self.database_url.expose_secret())?;
        match migration::state(&store).await? {
            SchemaState::Current => Ok(store),
            other => Err(AppError::Schema(other)),
        }
    }

    /// Stops the embedded database, where there is one.
    pub async fn leave(self) {
        if let Some(postgres) = self.postgres {
            drop(tokio::task::spawn_blocking(move || postgres.stop()).await);
        }
    }
}

/// A URL that names no database is a wrong setting; whether there is one, only connecting tells.
pub fn check_database_url(setting: Setting, url: &SecretString) -> Result<(), AppError> {
    store::check_url(url.expose_secret()).map_err(|problem| AppError::Setting {
        setting: setting.variable(),
        problem: problem.to_string(),
    })
}

/// Held by the one server that works on a data folder; it ends with the process.
pub struct FolderLock(#[expect(dead_code, reason = "held, never read")] File);

/// Refuses a second server on one data folder: each would take the other's database away.
pub fn lock_data_folder(folder: &Path) -> Result<FolderLock, AppError> {
    make_data_folder(folder)?;
    let shown = || folder.display().to_string();
    let failed = |source| AppError::DataFolder { folder: shown(), source };
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(false).mode(0o600);
    let file = options.open(folder.join(LOCK_FILE)).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(FolderLock(file)),
        Err(TryLockError::WouldBlock) => Err(AppError::DataFolderInUse { folder: shown() }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Only its owner looks into it; the embedded database's user passes through.
fn make_data_folder(folder: &Path) -> Result<(), AppError> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o711).create(folder);
    made.map_err(|source| AppError::DataFolder { folder: folder.display().to_string(), source })
}

/// What replaces the provider's public hosts, where that is set.
pub fn provider(config: &Config) -> Result<Option<BaseUrl>, AppError> {
    config.telesign_url.as_deref().map(str::parse).transpose().map_err(AppError::provider_url)
}

/// Set-up for a command that is done in a moment.
pub async fn admin(config: &Config, ground: &Ground) -> Result<Admin, AppError> {
    let store = ground.open().await?;
    let clock = Clock::default();
    clock.set_offset(time::offset(&mut store.system().await?, Clock::machine_now).await?);
    Ok(Admin::new(AdminParts {
        telesign: TelesignClient::new(ClientOptions::default(), clock.clone())?,
        sealer: Sealer::new(ground.secret_key.expose()),
        hosts: hosts_of(provider(config)?),
        clock,
        store,
    }))
}
