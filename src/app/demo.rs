//! `demo`: a server with all that it takes to hold a conversation, and how to begin one.

use std::{fs, io::Write, net::SocketAddr, os::unix::fs::OpenOptionsExt, path::Path};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{
    AppError, Server, ServerParts,
    command::{DemoFlags, make_password},
    first_run,
    foundation::{Ground, lock_data_folder},
    output::print_line,
    stop_signals::StopSignals,
};
use crate::{
    admin::{
        Admin, By, NewAgent, NewApiToken, NewChannelAccount, NewQueue, NewSupportNumber,
        NewWorkstream,
    },
    config::Config,
    domain::{
        address::SupportNumberKind,
        conversation::access::Role,
        ids::{AgentId, ChannelAccountId, QueueId, WorkstreamId},
        message::UnconfirmedPolicy,
        secret::ApiKey,
    },
    simulator::{self, AccountOptions, Profile, Simulator, SimulatorOptions},
    store::{
        channel_account,
        page::{Page, PageEnd},
        queue, support_number,
        workstream::{self, AutoResolveChanges},
    },
};

/// The demo account at the simulated Telesign. No real account has such an ID or such a key.
pub(super) const CUSTOMER_ID: &str = "DE300000-C0DE-C0DE-C0DE-000000000000";
pub(super) const API_KEY: &str =
    "ZGVtby1rZXktb2YtdGhlLXNpbXVsYXRlZC10ZWxlc2lnbi1ub3QtYS1yZWFsLW9uZQ==";
const SLUG: &str = "demo";
pub(super) const SUPPORT_NUMBER: &str = "15550001111";
const CUSTOMER_NUMBER: &str = "14155550123";
const STATE_FILE: &str = "demo.json";
/// Enough to see whether there is one.
const FIRST_PAGE: Page = Page { after: None, before: None, size: 1, end: PageEnd::First };
/// Whom one may sign in as, all with the same password.
const PEOPLE: [(&str, &str, Role); 3] = [
    ("admin@demo.example", "Ada Admin", Role::Admin),
    ("anna@demo.example", "Anna Agent", Role::Agent),
    ("bert@demo.example", "Bert Agent", Role::Agent),
];

/// What a second start has to know of the first; it is kept readable by its owner alone.
#[derive(Serialize, Deserialize)]
struct DemoState {
    password: String,
    token: String,
    callback_token: String,
}

/// Runs the demo until SIGTERM or SIGINT.
pub(super) async fn run(config: &Config, flags: DemoFlags) -> Result<(), AppError> {
    if config.telesign_url.is_some() {
        let problem = "cannot be set for the demo, which has a Telesign of its own".to_owned();
        return Err(AppError::Setting { setting: "CENTRALINO_TELESIGN_URL", problem });
    }
    if config.database_url.is_some() {
        let problem = "cannot be set for the demo, which would write a made-up organization into \
                       that database; unset it, and the demo makes one of its own"
            .to_owned();
        return Err(AppError::Setting { setting: "DATABASE_URL", problem });
    }
    let _lock = lock_data_folder(&config.data_dir)?;
    let ground = Ground::prepare(config, true).await?;
    let simulator = start_simulator(flags.simulator_listen).await?;
    let provider = format!("http://{}", simulator.address());
    let host = provider.parse().map_err(AppError::provider_url)?;
    let parts = ServerParts {
        public_url: config.public_url.clone(),
        provider: Some(host),
        phone: Some(simulator.phone()),
        ..ServerParts::new(
            ground.database_url.clone(),
            ground.secret_key.clone(),
            config.listen,
            config.spool_dir.clone(),
        )
    };
    let parts = parts.limited(&config.limits)?;
    let mut signals = StopSignals::hear()?;
    let server = Server::start(parts).await?;
    let ended = if flags.first_run {
        let url = server.url();
        print_line(&format!("listening on {url}"))?;
        print_line(&format!("with a simulated Telesign at {provider}"))?;
        tokio::select! {
            ended = signals.told_or_ended(&server) => ended,
            never = first_run::offer(server.admin(), &url) => match never {},
        }
    } else {
        let state = set_up(&server, &config.data_dir).await?;
        let callback_url = format!("{}/callbacks/telesign/{}", server.url(), state.callback_token);
        simulator.set_callback_url(CUSTOMER_ID, &callback_url).map_err(AppError::Simulator)?;
        print_line(&format!("listening on {}", server.url()))?;
        print_line(&welcome(&server.url(), &provider, &state))?;
        signals.told_or_ended(&server).await
    };
    server.stop().await;
    simulator.stop().await;
    ground.leave().await;
    ended
}

/// At the wanted port, or at any other when somebody has it.
async fn start_simulator(listen: SocketAddr) -> Result<Simulator, AppError> {
    let options = |listen| SimulatorOptions {
        listen,
        accounts: vec![AccountOptions {
            customer_id: CUSTOMER_ID.to_owned(),
            api_key: API_KEY.to_owned(),
            profile: Profile::FullService,
            callback_url: None,
        }],
        time_scale: 1.0,
    };
    match simulator::start(options(listen)).await {
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            let any = SocketAddr::new(listen.ip(), 0);
            simulator::start(options(any)).await.map_err(AppError::Simulator)
        }
        outcome => outcome.map_err(AppError::Simulator),
    }
}

/// Makes the demo organization, or finds what an earlier start has made of it.
async fn set_up(server: &Server, data_dir: &Path) -> Result<DemoState, AppError> {
    let admin = server.admin();
    let path = data_dir.join(STATE_FILE);
    if let Some(state) = read_state(&path)
        && is_known(server, &state).await?
    {
        return Ok(state);
    }
    let organization = admin.organization_ensure(SLUG, "Demo").await?.id;
    let by = By::system(organization);
    let password = make_password()?;
    let mut agents = Vec::new();
    for person in PEOPLE {
        agents.push(ensure_agent(admin, by, person, &password).await?);
    }
    let mut connection = server.reader().connect(organization).await?;
    let queues = queue::list(&mut connection, organization, FIRST_PAGE).await?;
    let queue = if let Some(queue) = queues.rows.into_iter().next() {
        queue
    } else {
        let new = NewQueue { name: "Support".into(), description: None, agents: agents.clone() };
        admin.queue_create(by, new).await?
    };
    let workstreams = workstream::list(&mut connection, organization, FIRST_PAGE).await?;
    let workstream = match workstreams.rows.into_iter().next() {
        Some(workstream) => workstream,
        None => admin.workstream_create(by, new_workstream(queue.id)).await?,
    };
    let accounts = channel_account::list(&mut connection, organization, FIRST_PAGE).await?;
    let account = match accounts.rows.into_iter().next() {
        Some(account) => account,
        None => admin.channel_account_create(by, new_account()).await?.account,
    };
    let any = support_number::Filter::default();
    let numbers = support_number::list(&mut connection, organization, &any, FIRST_PAGE).await?;
    if numbers.rows.is_empty() {
        admin.support_number_add(by, new_number(account.id, workstream.id)).await?;
    }
    // It acts as the first of them, who works the queue: its feed shows what customers text.
    let agent = agents.first().copied();
    let token = NewApiToken { name: "Demo".into(), role: Role::Admin, agent, expires_at: None };
    let token = admin.api_token_create(by, token).await?;
    let state = DemoState {
        password: password.expose_secret().to_owned(),
        token: token.secret.expose_secret().to_owned(),
        callback_token: account.callback_token,
    };
    write_state(&path, &state)?;
    Ok(state)
}

/// Whether the database is still the one that the state was written for: someone may have removed it.
async fn is_known(server: &Server, state: &DemoState) -> Result<bool, AppError> {
    let Some(found) = server.admin().authenticate(&state.token).await? else { return Ok(false) };
    let organization = found.holder.organization;
    let mut connection = server.reader().connect(organization).await?;
    let accounts = channel_account::list(&mut connection, organization, FIRST_PAGE).await?;
    Ok(accounts.rows.iter().any(|account| account.callback_token == state.callback_token))
}

async fn ensure_agent(
    admin: &Admin,
    by: By,
    (email, name, role): (&str, &str, Role),
    password: &SecretString,
) -> Result<AgentId, AppError> {
    if let Some(found) = admin.agent_find_by_email(by.organization, email).await? {
        return Ok(admin.agent_set_password(by, found.id, password.clone()).await?.id);
    }
    let new = NewAgent {
        email: Some(email.to_owned()),
        display_name: name.to_owned(),
        role,
        queues: Vec::new(),
        password: Some(password.clone()),
    };
    Ok(admin.agent_create(by, new).await?.id)
}

fn new_workstream(fallback_queue: QueueId) -> NewWorkstream {
    NewWorkstream {
        name: "Customer care".into(),
        description: None,
        language: "en".into(),
        fallback_queue,
        auto_resolve: AutoResolveChanges::default(),
        unconfirmed_policy: UnconfirmedPolicy::AtMostOnce,
    }
}

fn new_account() -> NewChannelAccount {
    NewChannelAccount {
        name: "Simulated Telesign".into(),
        customer_id: CUSTOMER_ID.into(),
        api_key: ApiKey::new(API_KEY),
        validate: true,
        idempotency_key: "demo".into(),
    }
}

fn new_number(channel_account: ChannelAccountId, workstream: WorkstreamId) -> NewSupportNumber {
    NewSupportNumber {
        channel_account,
        kind: SupportNumberKind::Geo,
        number: SUPPORT_NUMBER.into(),
        country: Some("US".into()),
        description: Some("Demo number".into()),
        workstream: Some(workstream),
    }
}

fn read_state(path: &Path) -> Option<DemoState> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn write_state(path: &Path, state: &DemoState) -> Result<(), AppError> {
    let failed = |source| AppError::DataFolder { folder: path.display().to_string(), source };
    let text = serde_json::to_string_pretty(state).map_err(|error| failed(error.into()))?;
    let mut options = fs::OpenOptions::new();
    let mut file =
        options.write(true).create(true).truncate(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

/// How a newcomer goes on.
fn welcome(url: &str, simulator: &str, state: &DemoState) -> String {
    let DemoState { password, token, .. } = state;
    let email = PEOPLE[0].0;
    let (customer, number) = (CUSTOMER_NUMBER, SUPPORT_NUMBER);
    format!(
        r#"
Centralino is ready, with a simulated Telesign at {simulator}

  Address    {url}/
  Sign-in    {email}  {password}   (agents: anna@demo.example, bert@demo.example)
  API token  {token}

Text in as a customer:
  curl -d '{{"from":"{customer}","to":"{number}","text":"Hello"}}' {simulator}/control/inbound

See the open work:
  curl -s {url}/graphql -H 'authorization: Bearer {token}' -H 'content-type: application/json'     -d '{{"query":"{{ conversations(first: 10) {{ nodes {{ id status customer {{ address }} lastMessage {{ text }} }} }} }}"}}'

Follow it live (Ctrl+C ends it):
  curl -sN {url}/graphql -H 'authorization: Bearer {token}' -H 'content-type: application/json' -H 'accept: text/event-stream'     -d '{{"query":"subscription {{ agentFeed {{ __typename ... on AgentDelta {{ events {{ __typename ... on MessageUpserted {{ message {{ text status direction }} }} }} }} }} }}"}}'
"#
    )
}
