//! A company that is set up, its server a process that may die at any moment.
//!
//! The server keeps its address and its spool from one life to the next, as under a service
//! manager. What the product waits for is scaled down by its own settings.

use std::{net::TcpListener, path::PathBuf};

use centralino::{app::Server, simulator::Simulator};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{
    client::Client,
    dice::Dice,
    load::{Load, Parties},
    pace::Pace,
};
use crate::support::{CUSTOMER_ID, Caller, KEY, Options, Process, TestApp, TestDatabase};

/// Below the ports that the kernel gives to connections, so that none of them takes it meanwhile.
const PORTS: std::ops::Range<u64> = 20_000..32_000;
/// The product's time limits, scaled down.
const LIMITS: [(&str, &str); 3] = [
    ("CENTRALINO_PROVIDER_TIMEOUT_MS", "1000"),
    ("CENTRALINO_SEND_CLAIM_MS", "2500"),
    ("CENTRALINO_UNCONFIRMED_HOLD_MS", "800"),
];

pub struct Company {
    pub pace: Pace,
    // Stops first: nothing of it may outlive the database.
    server: Life,
    pub simulator: Simulator,
    pub database: TestDatabase,
    pub url: String,
    callback_path: String,
    admin: String,
    agents: Vec<String>,
    environment: Vec<(&'static str, String)>,
    /// What the processes that are gone had to say.
    pub logs: Vec<String>,
}

/// What the server lives in.
enum Life {
    None,
    Process(Process),
    /// This very process, where a fault is planted inside.
    Here(#[expect(dead_code, reason = "it runs for as long as it is held")] Box<Server>),
}

impl Company {
    /// A company whose server is a process; it runs.
    pub async fn found(pace: &Pace, options: Options) -> Self {
        let app = TestApp::start_with(options).await;
        let (mut company, server) = Self::of(pace, app);
        server.stop().await;
        let port = free_port(&mut pace.dice());
        company.url = format!("http://127.0.0.1:{port}");
        company.environment = company.surroundings();
        company.start();
        company.prepare_provider().await;
        company
    }

    /// A company whose server is a part of this process.
    pub async fn found_here(pace: &Pace, options: Options) -> Self {
        let (mut company, server) = Self::of(pace, TestApp::start_with(options).await);
        company.server = Life::Here(Box::new(server));
        company.prepare_provider().await;
        company
    }

    fn of(pace: &Pace, app: TestApp) -> (Self, Server) {
        let token = |caller: &Caller| caller.token().unwrap().to_owned();
        let company = Self {
            pace: pace.clone(),
            server: Life::None,
            url: app.url(),
            callback_path: app.callback_url.trim_start_matches(&app.url()).to_owned(),
            admin: token(&app.admin),
            agents: vec![token(&app.anna), token(&app.bert)],
            simulator: app.simulator,
            database: app.database,
            environment: Vec::new(),
            logs: Vec::new(),
        };
        (company, app.server)
    }

    fn surroundings(&self) -> Vec<(&'static str, String)> {
        let mut environment = vec![
            ("DATABASE_URL", self.database.url().expose_secret().to_owned()),
            ("CENTRALINO_SECRET_KEY", KEY.to_owned()),
            ("CENTRALINO_TELESIGN_URL", format!("http://{}", self.simulator.address())),
            ("CENTRALINO_SPOOL_DIR", self.spool_folder().to_str().unwrap().to_owned()),
            ("CENTRALINO_LOG", "info,centralino=debug".to_owned()),
        ];
        environment.extend(LIMITS.map(|(name, value)| (name, value.to_owned())));
        environment
    }

    /// Repeats quickly, does not wait long, and lets us ask as often as we like.
    async fn prepare_provider(&self) {
        let callback_url = format!("{}{}", self.url, self.callback_path);
        self.simulator.set_callback_url(CUSTOMER_ID, &callback_url).unwrap();
        let account = json!({
            "customer_id": CUSTOMER_ID, "requests_per_second": 0, "callback_timeout_ms": 3_000,
            "callback_waits_ms": [5_000, 5_000, 10_000, 10_000, 20_000, 20_000, 40_000, 60_000],
        });
        self.provider().post("control/accounts", &account).await.unwrap();
    }

    /// Changes a setting; it holds from the next start on.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.environment.retain(|(known, _)| *known != name);
        self.environment.push((name, value.to_owned()));
    }

    pub fn spool_folder(&self) -> PathBuf {
        self.database.spool_folder()
    }

    pub fn start(&mut self) {
        self.server = Life::Process(self.process_at(self.url.trim_start_matches("http://")));
    }

    /// A server of this company at an address.
    pub fn process_at(&self, address: &str) -> Process {
        let environment: Vec<(&str, &str)> =
            self.environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Process::start(&["serve", "--listen", address], &environment)
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Life::Process(process) = std::mem::replace(&mut self.server, Life::None) {
            self.logs.push(process.killed());
        }
    }

    pub fn process(&self) -> &Process {
        match &self.server {
            Life::Process(process) => process,
            Life::None | Life::Here(_) => panic!("the server is no process of its own"),
        }
    }

    pub fn provider(&self) -> Client {
        Client::new(&format!("http://{}", self.simulator.address()), None)
    }

    pub fn admin(&self) -> Client {
        Client::new(&self.url, Some(&self.admin))
    }

    pub fn parties(&self) -> Parties {
        let agent = |token: &String| Client::new(&self.url, Some(token));
        Parties {
            provider: self.provider(),
            admin: self.admin(),
            agents: self.agents.iter().map(agent).collect(),
        }
    }

    pub fn load(&self, dice: &mut Dice) -> Load {
        Load::start(&self.parties(), dice.split())
    }
}

fn free_port(dice: &mut Dice) -> u16 {
    // Other scenarios begin elsewhere, whatever their seeds.
    for _ in 0..1_000 {
        let port = u16::try_from(dice.of(PORTS)).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port is free");
}
