//! The command line: what can be asked, and who carries it out.
//!
//! **Invariant:** a command that ends in a moment prints what it has to say on stdout and nothing
//! else; one that goes on logs to stderr. Start at [`run`].

mod audit;
mod check;
mod consent;
mod people;
mod replay;
mod serve;

use std::{collections::BTreeMap, future::Future, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand, ValueEnum, error::ErrorKind};
use secrecy::ExposeSecret;

use super::{
    AppError, demo,
    foundation::{Ground, check_database_url},
    output,
};
use crate::{
    api::graphql,
    config::{Config, Flags, LogFormat, Setting},
    domain::conversation::access::Role,
    store::migration,
    telemetry::{TelemetryError, start_log},
};
pub(super) use people::make_password;

/// A self-hosted SMS switchboard for customer service.
#[derive(Parser)]
#[command(name = "centralino", version, arg_required_else_help = true)]
struct CommandLine {
    #[command(flatten)]
    settings: SettingFlags,
    #[command(subcommand)]
    command: Command,
}

/// Settings that a flag may give; each also has an environment variable and a key of the file.
#[derive(Args)]
struct SettingFlags {
    /// Read settings from this TOML file
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The database; without it, an embedded PostgreSQL in the data folder
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// The owner's URL of the database, for migrations
    #[arg(long, global = true, value_name = "URL")]
    migrate_url: Option<String>,
    /// Embedded database and key [default: .centralino]
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// Address and port; port 0 picks one [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS")]
    listen: Option<String>,
    /// What callback URLs start with
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// File with the key that seals stored secrets: 32 bytes in base64
    #[arg(long, global = true, value_name = "FILE")]
    secret_key_file: Option<String>,
    /// Where callbacks wait while the database is away [default: spool in the data folder]
    #[arg(long, global = true, value_name = "FOLDER")]
    spool_dir: Option<String>,
    /// Replaces the provider's base URL
    #[arg(long, global = true, value_name = "URL")]
    telesign_url: Option<String>,
    /// Log filter [default: info]
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// text or json [default: text]
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
}

impl SettingFlags {
    fn into_flags(self) -> Flags {
        let given = [
            (Setting::DatabaseUrl, self.database_url),
            (Setting::MigrateUrl, self.migrate_url),
            (Setting::DataDir, self.data_dir),
            (Setting::Listen, self.listen),
            (Setting::PublicUrl, self.public_url),
            (Setting::SecretKeyFile, self.secret_key_file),
            (Setting::SpoolDir, self.spool_dir),
            (Setting::TelesignUrl, self.telesign_url),
            (Setting::Log, self.log),
            (Setting::LogFormat, self.log_format),
        ];
        let values: BTreeMap<Setting, String> = given
            .into_iter()
            .filter_map(|(setting, value)| value.map(|value| (setting, value)))
            .collect();
        Flags { config: self.config, values }
    }
}

#[derive(Subcommand)]
enum Command {
    /// Run the server until SIGTERM
    Serve,
    /// Run the server with a simulated Telesign and a demo organization
    Demo(DemoFlags),
    /// Run the simulated Telesign alone
    Simulator(SimulatorFlags),
    /// Apply the migrations
    Migrate,
    /// Print the GraphQL schema
    Schema,
    /// Manage the people who sign in
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Manage API tokens
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Check the ledger of consent, or hand it out
    Consent {
        #[command(subcommand)]
        command: ConsentCommand,
    },
    /// Check the audit log
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Try callbacks again that had no effect, or that were quarantined
    Replay(replay::Replay),
    /// Look at database, key, clock and provider
    Check,
}

#[derive(Args)]
pub(in crate::app) struct DemoFlags {
    /// Where the simulated Telesign listens
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
    pub(in crate::app) simulator_listen: std::net::SocketAddr,
    /// Begin with nothing: the console claims the system and sets it up
    #[arg(long)]
    pub(in crate::app) first_run: bool,
}

#[derive(Args)]
struct SimulatorFlags {
    /// Where it listens
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
    simulator_listen: std::net::SocketAddr,
    /// Customer ID of its account
    #[arg(long, value_name = "ID", default_value = demo::CUSTOMER_ID)]
    customer_id: String,
    /// API key of its account
    #[arg(long, value_name = "KEY", default_value = demo::API_KEY)]
    api_key: String,
    /// Where the account's callbacks go
    #[arg(long, value_name = "URL")]
    callback_url: Option<String>,
}

#[derive(Subcommand)]
enum UserCommand {
    /// Make a user, and the organization where there is none
    Create(people::NewUser),
    /// Give a user another password, and sign them out everywhere
    Reset(people::UserReset),
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Say whether every line of the log is as it was written
    Verify(consent::Whose),
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make a token and print its secret, alone, on stdout
    Create(people::NewToken),
}

#[derive(Subcommand)]
enum ConsentCommand {
    /// Say whether every line of the ledger is as it was written
    Verify(consent::Whose),
    /// Print the ledger, oldest line first, each as a JSON object
    Export(consent::Whose),
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Admin,
    Supervisor,
    Agent,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Admin => Self::Admin,
            RoleName::Supervisor => Self::Supervisor,
            RoleName::Agent => Self::Agent,
        }
    }
}

/// Does what the command line asks for.
pub fn run() -> ExitCode {
    let line = match CommandLine::try_parse() {
        Ok(line) => line,
        Err(error) => return not_understood(&error),
    };
    match carry_out(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if !matches!(error, AppError::CheckFailed) {
                output::complain(&error);
            }
            match error {
                AppError::Config(_) | AppError::Setting { .. } => ExitCode::from(2),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

/// Help is printed as it is; anything else is wrong usage, which is said in one sentence.
fn not_understood(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // There is nowhere else to go when that fails.
            error.print().ok();
        }
        _ => output::complain(&AppError::Usage(sentence_of(&error.to_string()))),
    }
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

/// The reason out of a text of several lines; usage and tips follow it after an empty one.
fn sentence_of(text: &str) -> String {
    let reason = text.strip_prefix("error: ").unwrap_or(text).lines().map(str::trim);
    reason.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

fn carry_out(line: CommandLine) -> Result<(), AppError> {
    let says_where_to_listen = line.settings.listen.is_some();
    let config = Config::load(&line.settings.into_flags())?;
    match line.command {
        Command::Schema => output::print_line(graphql::sdl().trim_end()),
        Command::Serve => long_lived(&config, serve::serve(&config)),
        Command::Demo(flags) => long_lived(&config, demo::run(&config, flags)),
        Command::Simulator(mut flags) => {
            // The flag of the server means the same here; its variable does not, for the two may
            // run side by side with one environment.
            if says_where_to_listen {
                flags.simulator_listen = config.listen;
            }
            long_lived(&config, serve::simulator(flags))
        }
        Command::Migrate => brief(migrate(&config)),
        Command::User { command: UserCommand::Create(user) } => {
            brief(people::create_user(&config, user))
        }
        Command::User { command: UserCommand::Reset(user) } => {
            brief(people::reset_user(&config, user))
        }
        Command::Token { command: TokenCommand::Create(token) } => {
            brief(people::create_token(&config, token))
        }
        Command::Consent { command: ConsentCommand::Verify(whose) } => {
            brief(consent::verify(&config, whose))
        }
        Command::Consent { command: ConsentCommand::Export(whose) } => {
            brief(consent::export(&config, whose))
        }
        Command::Audit { command: AuditCommand::Verify(whose) } => {
            brief(audit::verify(&config, whose))
        }
        Command::Replay(replay) => brief(replay::replay(&config, replay)),
        Command::Check => brief(check::check(&config)),
    }
}

/// Runs what goes on until it is told to stop; it logs.
fn long_lived(
    config: &Config,
    work: impl Future<Output = Result<(), AppError>>,
) -> Result<(), AppError> {
    let is_json = config.log_format == LogFormat::Json;
    start_log(&config.log, is_json).map_err(|error| match error {
        TelemetryError::Filter(_) => {
            AppError::Setting { setting: "CENTRALINO_LOG", problem: error.to_string() }
        }
        other => AppError::Telemetry(other),
    })?;
    block_on(work)
}

/// Runs what is done in a moment; it says what it has to say itself.
fn brief(work: impl Future<Output = Result<(), AppError>>) -> Result<(), AppError> {
    block_on(work)
}

fn block_on(work: impl Future<Output = Result<(), AppError>>) -> Result<(), AppError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    // Boxed: a server's future is large, and a thread's stack is not.
    runtime.map_err(AppError::Thread)?.block_on(Box::pin(work))
}

async fn migrate(config: &Config) -> Result<(), AppError> {
    let applied = if let Some((setting, url)) = config.owner_url() {
        check_database_url(setting, url)?;
        let applied = migration::run(url.expose_secret()).await?;
        if let Some(server_url) = &config.database_url {
            migration::admit(url.expose_secret(), server_url.expose_secret()).await?;
        }
        applied
    } else {
        // The embedded database is migrated whenever it starts.
        let ground = Ground::prepare(config, true).await?;
        ground.leave().await;
        0
    };
    output::print_line(&match applied {
        0 => "the schema is up to date".to_owned(),
        1 => "1 migration applied".to_owned(),
        count => format!("{count} migrations applied"),
    })
}
