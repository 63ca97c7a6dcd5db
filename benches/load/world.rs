//! Where everything happens: a PostgreSQL with fsync, databases in it, organizations in those.

use std::{fs, net::SocketAddr, path::PathBuf};

use centralino::app::embedded_postgres::{EmbeddedPostgres, PostgresOptions};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio_postgres::NoTls;

use super::{
    callback::{API_KEY, CUSTOMER_ID, Signer},
    http::Caller,
    process,
};

const CONNECTIONS_MAX: u16 = 300;
/// The first of our numbers.
const NUMBERS_FROM: u64 = 15_550_000_000;

pub struct World {
    postgres: EmbeddedPostgres,
    folder: PathBuf,
}

/// A database of its own, migrated, with a folder for the server on it.
pub struct Database {
    name: String,
    url: String,
    owner_url: String,
    folder: PathBuf,
}

impl World {
    /// Starts PostgreSQL as the product's embedded mode does: what is measured is what is shipped.
    pub async fn start() -> Self {
        let base = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench");
        fs::create_dir_all(&base).unwrap();
        for entry in fs::read_dir(&base).unwrap().flatten() {
            let process = entry.file_name().to_string_lossy().into_owned();
            if !PathBuf::from("/proc").join(process).exists() {
                fs::remove_dir_all(entry.path()).ok();
            }
        }
        let folder = base.join(std::process::id().to_string());
        let options = PostgresOptions {
            connections_max: CONNECTIONS_MAX,
            ..PostgresOptions::new(folder.join("postgres"))
        };
        let postgres = EmbeddedPostgres::start(&options).expect("PostgreSQL starts");
        Self { postgres, folder }
    }

    pub fn stop(self) {
        self.postgres.stop();
        fs::remove_dir_all(&self.folder).ok();
    }

    /// What all of it ran on.
    pub fn machine(&self) -> String {
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = cpu.lines().find_map(|line| line.strip_prefix("model name"));
        let model = model.map_or("unknown", |line| line.trim_matches([' ', '\t', ':']));
        let count = std::thread::available_parallelism().map_or(0, usize::from);
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split(' ').next().unwrap_or_default().to_owned();
        format!(
            "{count} x {model}; load average {load} at the end; load generator, server and \
             PostgreSQL share the cores; fsync and synchronous_commit on"
        )
    }

    pub async fn database(&self, name: &str) -> Database {
        let name = format!("bench_{name}");
        self.drop_database(&name).await;
        let admin = self.postgres.owner_url(None).expose_secret().to_owned();
        execute(&admin, &format!("create database {name} template template0")).await;
        let folder = self.folder.join(&name);
        fs::create_dir_all(&folder).unwrap();
        let url = self.postgres.url(Some(&name)).expose_secret().to_owned();
        let owner_url = self.postgres.owner_url(Some(&name)).expose_secret().to_owned();
        let database = Database { name, url, owner_url, folder };
        process::run(&database, &["migrate"]);
        database
    }

    pub async fn drop(&self, database: Database) {
        self.drop_database(&database.name).await;
        fs::remove_dir_all(&database.folder).ok();
    }

    async fn drop_database(&self, name: &str) {
        let admin = self.postgres.owner_url(None).expose_secret().to_owned();
        execute(&admin, &format!("drop database if exists {name} with (force)")).await;
    }

    /// Seconds of processor that PostgreSQL has used.
    pub fn postgres_cpu(&self) -> f64 {
        let path = self.postgres.folder().join("cluster/postmaster.pid");
        let state = fs::read_to_string(path).unwrap();
        process::cpu_seconds(state.lines().next().unwrap().parse().unwrap())
    }
}

impl Database {
    /// For the server, which is bound by row-level security.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// For who is not: whatever the server is compared with.
    pub fn owner_url(&self) -> &str {
        &self.owner_url
    }

    pub fn folder(&self) -> &PathBuf {
        &self.folder
    }

    pub async fn execute(&self, statements: &str) {
        execute(&self.owner_url, statements).await;
    }

    /// The first column of the first row, as text.
    pub async fn value(&self, query: &str) -> String {
        let client = connect(&self.owner_url).await;
        let rows = client.simple_query(query).await.unwrap();
        rows.into_iter()
            .find_map(|message| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            })
            .unwrap_or_default()
    }

    pub async fn count(&self, query: &str) -> u64 {
        self.value(query).await.parse().unwrap()
    }

    /// So that no measurement pays for what was written before it.
    pub async fn settle(&self) {
        self.execute("vacuum analyze").await;
        self.execute("checkpoint").await;
    }
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn execute(url: &str, statements: &str) {
    connect(url).await.batch_execute(statements).await.unwrap();
}

/// An organization that takes texts.
pub struct Organization {
    pub slug: String,
    pub admin: String,
    pub queue: String,
    pub workstream: String,
    pub accounts: Vec<Account>,
}

/// One of its accounts, with a number of its own.
pub struct Account {
    pub id: String,
    pub number_id: String,
    pub number: String,
    pub path: String,
}

impl Organization {
    /// Sets one up over the API, with so many accounts.
    pub async fn set_up(
        database: &Database,
        address: SocketAddr,
        slug: &str,
        accounts: u64,
    ) -> Self {
        let arguments = ["token", "create", "--name", "bench", "--role", "admin"];
        let arguments = [&arguments[..], &["--organization", slug]].concat();
        let admin = process::run(database, &arguments);
        let mut caller = Caller::open(address, &admin).await;
        let queue = caller.mutate("queueCreate", json!({ "name": "Support" }), "queue { id }");
        let queue = id_of(&queue.await["queue"]);
        let input = json!({ "name": "Care", "language": "en", "fallbackQueueId": queue });
        let workstream = caller.mutate("workstreamCreate", input, "workstream { id }").await;
        let workstream = id_of(&workstream["workstream"]);
        let mut made = Vec::new();
        for place in 0..accounts {
            made.push(account(&mut caller, place, &workstream).await);
        }
        Self { slug: slug.to_owned(), admin, queue, workstream, accounts: made }
    }

    /// An agent of the queue; answers its token.
    pub async fn agent(&self, caller: &mut Caller, place: usize) -> String {
        let name = format!("Agent {place}");
        let input = json!({
            "email": format!("agent{place}@bench.example"), "displayName": name,
            "role": "AGENT", "queueIds": [self.queue],
        });
        let made = caller.mutate("agentCreate", input, "agent { id }").await;
        let input = json!({ "name": name, "role": "AGENT", "agentId": made["agent"]["id"] });
        let token = caller.mutate("apiTokenCreate", input, "secret").await;
        token["secret"].as_str().unwrap().to_owned()
    }

    pub fn signer(&self, address: SocketAddr, series: u64) -> Signer {
        let account = &self.accounts[0];
        Signer::new(address, &account.path, &account.number, series)
    }
}

async fn account(caller: &mut Caller, place: u64, workstream: &str) -> Account {
    let input = json!({
        "name": format!("Telesign {place}"), "customerId": CUSTOMER_ID, "apiKey": API_KEY,
        "validate": false, "idempotencyKey": format!("account {place}"),
    });
    let fields = "channelAccount { id callbackUrl }";
    let made = caller.mutate("channelAccountCreate", input, fields).await;
    let id = id_of(&made["channelAccount"]);
    let url = made["channelAccount"]["callbackUrl"].as_str().unwrap();
    let path = format!("/callbacks/{}", url.split("/callbacks/").nth(1).unwrap());
    let number = (NUMBERS_FROM + place).to_string();
    let input = json!({
        "channelAccountId": id, "kind": "GEO", "number": number, "workstreamId": workstream,
    });
    let made = caller.mutate("supportNumberAdd", input, "supportNumber { id }").await;
    Account { id, number_id: id_of(&made["supportNumber"]), number, path }
}

fn id_of(object: &Value) -> String {
    object["id"].as_str().unwrap().to_owned()
}
