//! The server: everything built, started in order and stopped in the opposite one.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{
    AppError,
    http::{Bound, Http},
};
use crate::{
    admin::{Admin, AdminParts},
    api::{
        Api, ApiParts,
        graphql::{
            self, AppSchema, Services,
            authenticator::Authenticator,
            transport::{Gateway, GatewayOptions, SessionCookie},
        },
    },
    config::{Limits, SecretKey},
    domain::clock::Clock,
    engine::{Engine, EngineOptions, EngineParts, Faults, NoFaults},
    simulator::Phone,
    spool::{SealedFile, Spool, SpoolOptions},
    store::{
        Reader, Store, StoreError,
        isolation::{self, Isolation},
        migration::{self, SchemaState},
        seal::Sealer,
        time,
    },
    telemetry::{Metrics, start_metrics},
    telesign::{BaseUrl, ClientOptions, TelesignClient},
};

/// How long a stop waits for all of it; the rest of the promised 25 s is for letting go.
const STOP_TIMEOUT: Duration = Duration::from_secs(23);
/// How often the database's clock is looked at.
const CLOCK_INTERVAL: Duration = Duration::from_mins(1);
/// How often a database is looked for that was away at the start.
const MEET_INTERVAL: Duration = Duration::from_secs(1);
/// A database that takes longer to say who it is counts as away.
const MEET_TIMEOUT: Duration = Duration::from_secs(10);
/// Beside the spool: who may sign callbacks.
const KEYRING_FILE: &str = "keyring.sealed";
/// Segments that fit into a spool at least.
const SPOOL_SEGMENTS_MIN: u64 = 4;
/// How often what nobody reads is cleared from the metrics.
const METRICS_INTERVAL: Duration = Duration::from_secs(5);

/// What a server is made of.
pub struct ServerParts {
    pub database_url: SecretString,
    pub secret_key: SecretKey,
    pub listen: SocketAddr,
    /// A socket that whoever started us holds open; it is listened on instead.
    pub inherited: Option<TcpListener>,
    /// What callback URLs and links start with; none: the address that is listened on.
    pub public_url: Option<String>,
    /// Where callbacks wait that the database does not take; the keyring lies beside them.
    pub spool: SpoolOptions,
    /// Replaces the provider's two public hosts.
    pub provider: Option<BaseUrl>,
    /// A customer's telephone at a simulated provider, which the console may use.
    pub phone: Option<Phone>,
    pub engine: EngineOptions,
    pub client: ClientOptions,
    pub gateway: GatewayOptions,
    pub faults: Arc<dyn Faults>,
}

impl ServerParts {
    /// As the product runs it.
    pub fn new(
        database_url: SecretString,
        secret_key: SecretKey,
        listen: SocketAddr,
        spool_dir: PathBuf,
    ) -> Self {
        Self {
            database_url,
            secret_key,
            listen,
            inherited: None,
            public_url: None,
            spool: SpoolOptions::new(spool_dir),
            provider: None,
            phone: None,
            engine: EngineOptions::default(),
            client: ClientOptions::default(),
            gateway: GatewayOptions::default(),
            faults: Arc::new(NoFaults),
        }
    }

    /// With the limits that the operator has set.
    pub fn limited(mut self, limits: &Limits) -> Result<Self, AppError> {
        let set = |place: &mut Duration, value: Option<Duration>| {
            *place = value.unwrap_or(*place);
        };
        set(&mut self.client.total_timeout, limits.provider_timeout);
        set(&mut self.engine.send_claim, limits.send_claim);
        set(&mut self.engine.unconfirmed_hold, limits.unconfirmed_hold);
        let client = &mut self.client;
        client.connect_timeout = client.connect_timeout.min(client.total_timeout);
        let spool = &mut self.spool;
        spool.total_bytes_max = limits.spool_bytes_max.unwrap_or(spool.total_bytes_max);
        spool.free_bytes_min = limits.spool_free_bytes_min.unwrap_or(spool.free_bytes_min);
        // One segment never takes all of it: a drained one has to go before there is room again.
        spool.segment_bytes_max =
            spool.segment_bytes_max.min(spool.total_bytes_max / SPOOL_SEGMENTS_MIN);
        if self.engine.send_claim <= client.total_timeout {
            return Err(AppError::Setting {
                setting: "CENTRALINO_SEND_CLAIM_MS",
                problem: format!(
                    "is too short: a send may take {} ms (CENTRALINO_PROVIDER_TIMEOUT_MS)",
                    client.total_timeout.as_millis()
                ),
            });
        }
        Ok(self)
    }
}

/// A running server.
pub struct Server {
    address: SocketAddr,
    engine: Engine,
    admin: Admin,
    reader: Reader,
    clock: Clock,
    http: Http,
    drain: CancellationToken,
    /// A schema that this release cannot work on, once one is met.
    strange_schema: watch::Receiver<Option<SchemaState>>,
    /// Ends the small tasks beside.
    end: CancellationToken,
}

impl Server {
    /// Starts everything; the address answers when this returns.
    pub async fn start(parts: ServerParts) -> Result<Self, AppError> {
        let metrics = start_metrics().map_err(AppError::Telemetry)?;
        let key = parts.secret_key.expose();
        let spool = open_spool(parts.spool.clone(), key).await?;
        let keyring = SealedFile::new(parts.spool.folder.join(KEYRING_FILE), "keyring", key);
        let store = Store::new(parts.database_url.expose_secret())?;
        let clock = Clock::default();
        let is_database_here = meet_database(&store, &clock).await?;
        let telesign = TelesignClient::new(parts.client, clock.clone())?;
        let sealer = Sealer::new(key);
        let engine = Engine::start(EngineParts {
            store: store.clone(),
            sealer: sealer.clone(),
            clock: clock.clone(),
            telesign: telesign.clone(),
            provider: parts.provider.clone(),
            spool,
            keyring,
            options: parts.engine,
            faults: parts.faults,
        })
        .map_err(AppError::Thread)?;
        let admin = Admin::new(AdminParts {
            store: store.clone(),
            sealer,
            clock: clock.clone(),
            telesign,
            hosts: hosts_of(parts.provider),
        });
        let drain = CancellationToken::new();
        let bound = Bound::new(parts.listen, parts.inherited)?;
        let address = bound.address();
        let public_url = parts.public_url.unwrap_or_else(|| format!("http://{address}"));
        let gateway_options =
            GatewayOptions { cookie: SessionCookie::of(&public_url), ..parts.gateway };
        let services = Services {
            reader: store.reader(),
            engine: engine.clone(),
            admin: admin.clone(),
            clock: clock.clone(),
            public_url,
            has_phone: parts.phone.is_some() && address.ip().is_loopback(),
        };
        let stalled_timeout = parts.gateway.stalled_timeout;
        let gateway = Gateway::new(
            graphql::build(Some(services)),
            Authenticator::new(admin.clone()),
            clock.clone(),
            gateway_options,
            drain.clone(),
        );
        let api = api_of(gateway, &engine, &store, (&metrics, &drain));
        let http = bound.serve(api, stalled_timeout, parts.phone)?;
        let end = CancellationToken::new();
        let reader = store.reader();
        let known = (store, clock.clone(), engine.clone());
        let strange_schema = Acquaintance::begin(known, is_database_here, end.clone());
        tokio::spawn(keep_metrics(metrics, end.clone()));
        Ok(Self { address, engine, admin, reader, clock, http, drain, strange_schema, end })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it is found.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Set-up from inside the process, for the demo.
    pub fn admin(&self) -> &Admin {
        &self.admin
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Reads, for the demo and for tests.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Waits for a reason why it can do nothing but end: a database that was away at the start
    /// has come back with a schema that is not this release's.
    pub async fn cannot_go_on(&self) -> AppError {
        let mut strange = self.strange_schema.clone();
        let state = strange.wait_for(Option::is_some).await.ok().and_then(|state| *state);
        match state {
            Some(state) => AppError::Schema(state),
            // Nobody is left who could report one.
            None => std::future::pending().await,
        }
    }

    /// Takes nothing new, finishes what is under way, ends; within 25 s.
    pub async fn stop(self) {
        tracing::info!("stopping");
        let begun = Instant::now();
        // From here on it is not ready, and sockets are told to come back.
        self.drain.cancel();
        self.engine.stop_sending();
        self.http.stop().await;
        self.engine.stop(STOP_TIMEOUT.saturating_sub(begun.elapsed())).await;
        self.end.cancel();
        tracing::info!("stopped");
    }
}

fn api_of(
    gateway: Arc<Gateway<AppSchema, Authenticator>>,
    engine: &Engine,
    store: &Store,
    (metrics, drain): (&Metrics, &CancellationToken),
) -> Api<Authenticator> {
    let metrics = metrics.clone();
    Api::new(ApiParts {
        gateway,
        engine: engine.clone(),
        reader: store.reader(),
        render_metrics: Arc::new(move || metrics.render()),
        drain: drain.clone(),
    })
}

/// Where keys are tried, in order.
pub(super) fn hosts_of(provider: Option<BaseUrl>) -> Vec<BaseUrl> {
    provider.map_or_else(|| BaseUrl::PUBLIC_HOSTS.to_vec(), |host| vec![host])
}

async fn open_spool(options: SpoolOptions, key: [u8; 32]) -> Result<Spool, AppError> {
    let opened = tokio::task::spawn_blocking(move || Spool::open(&options, key)).await;
    let (spool, recovered) = opened.map_err(|gone| AppError::Thread(gone.into()))??;
    if recovered.records > 0 {
        tracing::warn!(records = recovered.records, "callbacks wait in the spool");
    }
    Ok(spool)
}

/// What there is to know of a database.
enum Met {
    Strange(SchemaState),
    Known { isolation: Isolation, offset: chrono::TimeDelta },
}

/// Looks at the schema and takes the database's time; `false`: the database is away, and callbacks
/// go to the spool until it is back.
async fn meet_database(store: &Store, clock: &Clock) -> Result<bool, AppError> {
    let met = async {
        let state = migration::state(store).await?;
        if state != SchemaState::Current {
            return Ok(Met::Strange(state));
        }
        let isolation = isolation::look(store).await?;
        let offset = time::offset(&mut store.system().await?, Clock::machine_now).await?;
        Ok::<_, StoreError>(Met::Known { isolation, offset })
    };
    let met = match tokio::time::timeout(MEET_TIMEOUT, met).await {
        Ok(met) => met,
        Err(elapsed) => Err(StoreError::Unavailable(elapsed.into())),
    };
    match met {
        Ok(Met::Known { isolation, .. }) if !isolation.open_tables.is_empty() => {
            Err(AppError::not_isolated(isolation.role, &isolation.open_tables))
        }
        Ok(Met::Known { isolation, offset }) => {
            if isolation.is_login_exempt {
                tracing::warn!(
                    user = isolation.login,
                    "DATABASE_URL names a user whom row-level security does not bind; the server works as a lesser role, and a lesser user would be safer"
                );
            }
            clock.set_offset(offset);
            Ok(true)
        }
        Ok(Met::Strange(state)) => Err(AppError::Schema(state)),
        Err(error) if error.is_retryable() => {
            tracing::error!(error = ?error, "the database is away; callbacks go to the spool");
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// What the server keeps up with a database that comes and goes.
struct Acquaintance {
    store: Store,
    clock: Clock,
    engine: Engine,
    report: watch::Sender<Option<SchemaState>>,
}

impl Acquaintance {
    fn begin(
        (store, clock, engine): (Store, Clock, Engine),
        is_met: bool,
        end: CancellationToken,
    ) -> watch::Receiver<Option<SchemaState>> {
        if is_met {
            engine.database_met();
        }
        let (report, strange_schema) = watch::channel(None);
        tokio::spawn(Self { store, clock, engine, report }.keep(is_met, end));
        strange_schema
    }

    /// Keeps our clock at the database's time; meets a database that was away at the start.
    async fn keep(self, mut is_met: bool, end: CancellationToken) {
        loop {
            let pause = if is_met { CLOCK_INTERVAL } else { MEET_INTERVAL };
            tokio::select! {
                () = end.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            match meet_database(&self.store, &self.clock).await {
                Ok(true) if !is_met => {
                    is_met = true;
                    self.engine.database_met();
                }
                Ok(_) => {}
                // Nothing of ours has touched it: the operator hears what helps, and callbacks
                // wait in the spool meanwhile.
                Err(AppError::Schema(state)) if !is_met => {
                    self.report.send_replace(Some(state));
                    return;
                }
                // A later release has migrated: the operator restarts this one.
                Err(error) => tracing::error!(%error, "the database does not fit this release"),
            }
        }
    }
}

async fn keep_metrics(metrics: Metrics, end: CancellationToken) {
    let mut ticks = tokio::time::interval(METRICS_INTERVAL);
    loop {
        tokio::select! {
            () = end.cancelled() => return,
            _ = ticks.tick() => metrics.upkeep(),
        }
    }
}
