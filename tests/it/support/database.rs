//! One cluster for the whole binary; each test gets a copy of a database that was migrated once.

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use centralino::{
    app::embedded_postgres::{EmbeddedPostgres, PostgresOptions},
    store::{Store, migration},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

const TEMPLATE: &str = "centralino_template";

static CLUSTER: OnceCell<EmbeddedPostgres> = OnceCell::const_new();
static COUNT: AtomicU64 = AtomicU64::new(0);

/// A database that goes when the test ends.
pub struct TestDatabase {
    name: String,
    url: SecretString,
    owner_url: SecretString,
    /// Made for one test in the cluster that all share.
    is_ours: bool,
}

impl TestDatabase {
    /// A migrated and empty one.
    pub async fn create() -> Self {
        Self::copy_of(TEMPLATE).await
    }

    /// One without any table.
    pub async fn create_bare() -> Self {
        Self::copy_of("template0").await
    }

    async fn copy_of(template: &str) -> Self {
        let cluster = cluster().await;
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let create = format!("create database {name} template {template}");
        execute(&cluster.owner_url(None), &create).await;
        let (url, owner_url) = (cluster.url(Some(&name)), cluster.owner_url(Some(&name)));
        Self { name, url, owner_url, is_ours: true }
    }

    /// A migrated one in a cluster that a test has for itself.
    pub fn elsewhere(name: &str, url: SecretString, owner_url: SecretString) -> Self {
        Self { name: name.to_owned(), url, owner_url, is_ours: false }
    }

    /// For the server, which is bound by row-level security.
    pub fn url(&self) -> &SecretString {
        &self.url
    }

    /// For who may do and see everything.
    pub fn owner_url(&self) -> &SecretString {
        &self.owner_url
    }

    /// A folder for the spool of the server that works on it.
    pub fn spool_folder(&self) -> PathBuf {
        super::scratch(&format!("spool-{}", self.name))
    }

    pub fn store(&self) -> Store {
        Store::new(self.url.expose_secret()).unwrap()
    }

    /// Runs a query as the owner, and gives the first column of each row as text.
    pub async fn column(&self, query: &str) -> Vec<String> {
        let client = connect(&self.owner_url).await;
        let rows = client.simple_query(query).await.unwrap();
        let value = |message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(ToOwned::to_owned),
            _ => None,
        };
        rows.into_iter().filter_map(value).collect()
    }

    /// The one number that a query answers.
    pub async fn count(&self, query: &str) -> i64 {
        self.column(query).await[0].parse().unwrap()
    }

    /// What PostgreSQL says to a statement that it refuses: the name of the constraint, or its text.
    pub async fn refusal(&self, statement: &str) -> String {
        let client = connect(&self.owner_url).await;
        let error = client.batch_execute(statement).await.expect_err("it was not refused");
        let error = error.as_db_error().unwrap();
        error.constraint().unwrap_or(error.message()).to_owned()
    }

    pub async fn execute(&self, statement: &str) {
        execute(&self.owner_url, statement).await;
    }

    /// Ends every connection to it, and lets none in until [`Self::open`].
    pub async fn close(&self) {
        let admin = cluster().await.owner_url(None);
        execute(&admin, &format!("alter database {} allow_connections false", self.name)).await;
        self.cut_connections().await;
    }

    pub async fn open(&self) {
        let admin = cluster().await.owner_url(None);
        execute(&admin, &format!("alter database {} allow_connections true", self.name)).await;
    }

    pub async fn cut_connections(&self) {
        let name = &self.name;
        let cut = format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
        );
        execute(&cluster().await.owner_url(None), &cut).await;
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some(cluster) = CLUSTER.get().filter(|_| self.is_ours) else { return };
        let (url, name) = (cluster.owner_url(None), self.name.clone());
        // Space matters, time does not: nobody waits for it.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let drop_it = format!("drop database if exists {name} with (force)");
            runtime.unwrap().block_on(async {
                let client = connect(&url).await;
                client.batch_execute(&drop_it).await.ok();
            });
        });
    }
}

async fn cluster() -> &'static EmbeddedPostgres {
    CLUSTER
        .get_or_init(|| async {
            let started = tokio::task::spawn_blocking(|| {
                let options = PostgresOptions {
                    folder: scratch_folder(),
                    is_durable: false,
                    connections_max: 400,
                };
                EmbeddedPostgres::start(&options).unwrap()
            });
            let cluster = started.await.unwrap();
            let owner_url = cluster.owner_url(Some(TEMPLATE));
            let url = cluster.url(Some(TEMPLATE));
            execute(&cluster.owner_url(None), &format!("create database {TEMPLATE}")).await;
            migration::run(owner_url.expose_secret()).await.unwrap();
            migration::admit(owner_url.expose_secret(), url.expose_secret()).await.unwrap();
            cluster
        })
        .await
}

/// A folder for this process; those of processes that are gone are removed.
fn scratch_folder() -> PathBuf {
    let base = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("clusters");
    fs::create_dir_all(&base).unwrap();
    for entry in fs::read_dir(&base).unwrap().flatten() {
        let process = entry.file_name().to_string_lossy().into_owned();
        if !PathBuf::from("/proc").join(process).exists() {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
    base.join(std::process::id().to_string())
}

async fn connect(url: &SecretString) -> tokio_postgres::Client {
    let connecting = tokio_postgres::connect(url.expose_secret(), tokio_postgres::NoTls).await;
    let (client, connection) = connecting.unwrap();
    tokio::spawn(connection);
    client
}

async fn execute(url: &SecretString, statement: &str) {
    connect(url).await.batch_execute(statement).await.unwrap();
}
