//! How the server is set: flags, then the environment, then a file, then defaults.
//!
//! **Invariant:** nothing else reads the environment, and every wrong value stops the start with
//! one sentence that names the setting. Values that other floors judge (URLs of the provider or the
//! database) are handed on as they are. Start at [`Config::load`]; `setting` lists the names.

mod inherited;
mod limits;
mod secret_key;
mod setting;

use std::{
    collections::BTreeMap,
    net::{SocketAddr, ToSocketAddrs},
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use url::Url;

pub use inherited::{InheritedError, inherited_listener};
pub use limits::Limits;
pub use secret_key::{SECRET_KEY_BYTES, SecretKey, SecretKeyError};
pub use setting::Setting;

const DATA_DIR_DEFAULT: &str = ".centralino";
/// The spool's place in the data folder.
const SPOOL_FOLDER: &str = "spool";
const LISTEN_DEFAULT: &str = "127.0.0.1:8080";
const LOG_DEFAULT: &str = "info";
/// No configuration comes near; a larger file is something else.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// Why the server cannot start as it is set.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{name} {problem}")]
    Wrong { name: String, problem: String },
    #[error("the configuration file {path} cannot be read: {source}", path = path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("the configuration file {path} is not valid TOML: {problem}", path = path.display())]
    NotToml { path: PathBuf, problem: String },
    #[error(
        "the configuration file {path} has the unknown key {key}; known are {known}",
        path = path.display()
    )]
    UnknownKey { path: PathBuf, key: String, known: String },
}

/// What the command line says; it beats everything else.
#[derive(Debug, Default)]
pub struct Flags {
    pub config: Option<PathBuf>,
    pub values: BTreeMap<Setting, String>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// How the server is set.
#[derive(Debug)]
pub struct Config {
    /// None: the embedded PostgreSQL in the data folder.
    pub database_url: Option<SecretString>,
    /// The owner's URL, where the server's own role is a lesser one.
    pub migrate_url: Option<SecretString>,
    pub data_dir: PathBuf,
    pub listen: SocketAddr,
    /// What callback URLs and links start with, without a slash at the end; none: the address.
    pub public_url: Option<String>,
    /// None: embedded mode makes one in the data folder.
    pub secret_key: Option<SecretKey>,
    /// Where callbacks wait that the database does not take.
    pub spool_dir: PathBuf,
    /// Replaces the provider's two public hosts.
    pub telesign_url: Option<String>,
    pub limits: Limits,
    pub log: String,
    pub log_format: LogFormat,
}

impl Config {
    /// Reads flags, environment and file.
    pub fn load(flags: &Flags) -> Result<Self, ConfigError> {
        Self::from_sources(flags, &environment)
    }

    fn from_sources(
        flags: &Flags,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let file = match &flags.config {
            Some(path) => read_file(path)?,
            None => BTreeMap::new(),
        };
        let sources = Sources { flags, environment, file: &file };
        let text = |setting: Setting, default: &str| {
            sources.get(setting).map_or_else(|| default.to_owned(), |found| found.value)
        };
        let data_dir = PathBuf::from(text(Setting::DataDir, DATA_DIR_DEFAULT));
        let spool_dir = sources.get(Setting::SpoolDir).map(|found| found.value.into());
        Ok(Self {
            database_url: sources.get(Setting::DatabaseUrl).map(|found| found.value.into()),
            migrate_url: sources.get(Setting::MigrateUrl).map(|found| found.value.into()),
            spool_dir: spool_dir.unwrap_or_else(|| data_dir.join(SPOOL_FOLDER)),
            data_dir,
            listen: listen(&sources)?,
            public_url: sources.get(Setting::PublicUrl).as_ref().map(public_url).transpose()?,
            secret_key: secret_key(&sources)?,
            telesign_url: sources.get(Setting::TelesignUrl).map(|found| found.value),
            limits: Limits::from_sources(&sources)?,
            log: text(Setting::Log, LOG_DEFAULT),
            log_format: log_format(&sources)?,
        })
    }

    /// The database that migrations run on and the setting that names it, where one does.
    pub fn owner_url(&self) -> Option<(Setting, &SecretString)> {
        let owner = self.migrate_url.as_ref().map(|url| (Setting::MigrateUrl, url));
        owner.or_else(|| self.database_url.as_ref().map(|url| (Setting::DatabaseUrl, url)))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Folders that programs are looked for in, in order.
#[expect(clippy::disallowed_methods, reason = "only config reads the environment")]
pub fn program_folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect()
}

/// Where a value comes from; a later one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    File,
    Environment,
    Flag,
}

/// A value and how the user knows its setting.
struct Found {
    source: Source,
    name: String,
    value: String,
}

impl Found {
    fn wrong(&self, problem: impl Into<String>) -> ConfigError {
        ConfigError::Wrong { name: self.name.clone(), problem: problem.into() }
    }
}

struct Sources<'a> {
    flags: &'a Flags,
    environment: &'a dyn Fn(&str) -> Option<String>,
    file: &'a BTreeMap<Setting, String>,
}

impl Sources<'_> {
    /// The value that wins; an empty one counts as not set.
    fn get(&self, setting: Setting) -> Option<Found> {
        let flag = self.flags.values.get(&setting).cloned();
        let from_flag =
            flag.map(|value| Found { source: Source::Flag, name: setting.flag(), value });
        let from_environment = || {
            let name = setting.variable().to_owned();
            (self.environment)(&name).map(|value| Found {
                source: Source::Environment,
                name,
                value,
            })
        };
        let from_file = || {
            let value = self.file.get(&setting).cloned();
            let name = setting.key().to_owned();
            value.map(|value| Found { source: Source::File, name, value })
        };
        from_flag
            .or_else(from_environment)
            .filter(|found| !found.value.is_empty())
            .or_else(from_file)
            .filter(|found| !found.value.is_empty())
    }
}

fn read_file(path: &Path) -> Result<BTreeMap<Setting, String>, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    let not_toml = |problem: String| ConfigError::NotToml { path: path.to_owned(), problem };
    if length > FILE_BYTES_MAX {
        return Err(not_toml(format!("it has {length} bytes; the most is {FILE_BYTES_MAX}")));
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| not_toml(error.message().to_owned()))?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        let Some(setting) = Setting::from_key(&key) else {
            let known = Setting::ALL.map(Setting::key).join(", ");
            return Err(ConfigError::UnknownKey { path: path.to_owned(), key, known });
        };
        let toml::Value::String(value) = value else {
            let problem = "must be a text in quotes".to_owned();
            return Err(ConfigError::Wrong { name: key, problem });
        };
        values.insert(setting, value);
    }
    Ok(values)
}

fn listen(sources: &Sources<'_>) -> Result<SocketAddr, ConfigError> {
    let found = sources.get(Setting::Listen);
    let value = found.as_ref().map_or(LISTEN_DEFAULT, |found| &found.value);
    let address = value.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    match (address, found) {
        (Some(address), _) => Ok(address),
        (None, Some(found)) => Err(found.wrong(format!(
            "is \"{}\"; expected an address and a port such as {LISTEN_DEFAULT}",
            found.value
        ))),
        (None, None) => Err(ConfigError::Wrong {
            name: Setting::Listen.variable().to_owned(),
            problem: format!("cannot be {LISTEN_DEFAULT} on this machine; set an address"),
        }),
    }
}

fn public_url(found: &Found) -> Result<String, ConfigError> {
    let expected = "expected something like https://sms.example.com";
    let Ok(url) = Url::parse(&found.value) else {
        return Err(found.wrong(format!("is not a URL; {expected}")));
    };
    let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    let is_plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !is_web || !is_plain {
        return Err(found.wrong(format!("must be an http or https address alone; {expected}")));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn log_format(sources: &Sources<'_>) -> Result<LogFormat, ConfigError> {
    match sources.get(Setting::LogFormat) {
        None => Ok(LogFormat::Text),
        Some(found) => match found.value.as_str() {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            other => Err(found.wrong(format!("is \"{other}\"; expected text or json"))),
        },
    }
}

/// Two settings give one key: the one that is said closer wins, the key itself where both are.
fn secret_key(sources: &Sources<'_>) -> Result<Option<SecretKey>, ConfigError> {
    let key = sources.get(Setting::SecretKey);
    let key_source = key.as_ref().map(|found| found.source);
    let file = sources.get(Setting::SecretKeyFile);
    if let Some(found) = file.filter(|found| Some(found.source) > key_source) {
        let key = SecretKey::read(Path::new(&found.value));
        return key.map(Some).map_err(|problem| found.wrong(problem.to_string()));
    }
    let Some(found) = key else { return Ok(None) };
    let key = SecretKey::from_base64(&found.value);
    key.map(Some).map_err(|problem| found.wrong(problem.to_string()))
}

#[cfg(test)]
mod tests;
