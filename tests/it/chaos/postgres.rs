//! A PostgreSQL of a scenario's own, which may be stopped in the middle of anything.
//!
//! It comes back on another port; whoever uses it goes through the proxy, which follows.

use std::{net::SocketAddr, path::PathBuf, process::Command};

use centralino::{
    app::embedded_postgres::{EmbeddedPostgres, PostgresOptions},
    store::migration,
};
use secrecy::{ExposeSecret, SecretString};

use super::{dice::Dice, proxy::Proxy};
use crate::support::{TestDatabase, eventually, scratch};

pub struct OwnPostgres {
    folder: PathBuf,
    running: Option<EmbeddedPostgres>,
    proxy: Proxy,
}

impl OwnPostgres {
    /// Started, durable and migrated; with the database as it is found through the proxy.
    pub async fn start(name: &str, dice: Dice) -> (Self, TestDatabase) {
        let folder = scratch(&format!("postgres-of-{name}"));
        let running = start_in(folder.clone()).await;
        let address = address_of(&running);
        let (url, owner_url) = (running.url(None), running.owner_url(None));
        migration::run(owner_url.expose_secret()).await.unwrap();
        migration::admit(owner_url.expose_secret(), url.expose_secret()).await.unwrap();
        let proxy = Proxy::start(address, dice).await;
        let found = |url: &SecretString| through(url, proxy.address);
        let database = TestDatabase::elsewhere(name, found(&url), found(&owner_url));
        let own = Self { folder, running: Some(running), proxy };
        (own, database)
    }

    /// As at a crash: it stops in the middle of whatever it does, and has a log to replay.
    pub async fn crash(&mut self) {
        let state = std::fs::read_to_string(self.folder.join("cluster/postmaster.pid")).unwrap();
        let id = state.lines().next().unwrap().trim().to_owned();
        assert!(Command::new("kill").args(["-QUIT", &id]).status().unwrap().success());
        eventually("PostgreSQL is gone", || async {
            (!PathBuf::from("/proc").join(&id).exists()).then_some(())
        })
        .await;
        // Its keeper has seen the end, and lets go of the folder.
        let running = self.running.take();
        tokio::task::spawn_blocking(move || drop(running)).await.unwrap();
    }

    pub async fn come_back(&mut self) {
        let running = start_in(self.folder.clone()).await;
        self.proxy.lead_to(address_of(&running));
        self.running = Some(running);
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        drop(self.running.take());
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

async fn start_in(folder: PathBuf) -> EmbeddedPostgres {
    let start = move || {
        let options = PostgresOptions { connections_max: 100, ..PostgresOptions::new(folder) };
        EmbeddedPostgres::start(&options).unwrap()
    };
    tokio::task::spawn_blocking(start).await.unwrap()
}

/// Where a database URL leads.
pub fn address_in(url: &SecretString) -> SocketAddr {
    let url: url::Url = url.expose_secret().parse().unwrap();
    format!("{}:{}", url.host_str().unwrap(), url.port().unwrap()).parse().unwrap()
}

fn address_of(running: &EmbeddedPostgres) -> SocketAddr {
    address_in(&running.url(None))
}

/// The same database, by way of the proxy.
pub fn through(url: &SecretString, proxy: SocketAddr) -> SecretString {
    let mut url: url::Url = url.expose_secret().parse().unwrap();
    url.set_port(Some(proxy.port())).unwrap();
    url.as_str().to_owned().into()
}
