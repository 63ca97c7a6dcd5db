//! What tests stand on: one PostgreSQL, a database of its own for each test, the real server, a
//! simulated Telesign over real HTTP.
//!
//! **Invariant:** nothing of the product is replaced; tests speak to it as the outside does.
//! **Invariant:** nobody sleeps: a test waits for a condition with a deadline. Start at
//! [`TestApp::start`].

mod app;
mod database;
mod document;
mod graphql;
mod process;
mod served;
mod socket;

use std::{future::Future, path::PathBuf, time::Duration};

pub use app::{
    API_KEY, CUSTOMER_ID, KEY, Options, SUPPORT_NUMBER, TestApp, quick_engine, start_server,
};
pub use database::TestDatabase;
pub use document::document;
pub use graphql::Caller;
pub use process::{Process, run, run_with_input};
pub use served::{Served, serve};
pub use socket::Socket;

/// Long enough for a busy machine, short enough for a test that fails.
pub const DEADLINE: Duration = Duration::from_secs(30);
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// Looks until there is something to see, or the deadline says that there never will be.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, look: impl Fn() -> F) -> T {
    let looking = async {
        loop {
            if let Some(seen) = look().await {
                return seen;
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(DEADLINE, looking)
        .await
        .unwrap_or_else(|_| panic!("waited {DEADLINE:?} for: {what}"))
}

/// A file of this process's own, for what a command reads or writes.
pub fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(std::process::id().to_string());
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

/// A client for HTTP.
pub fn http() -> reqwest::Client {
    // Another part of the process may have installed it before, which is just as well.
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder().timeout(DEADLINE).no_proxy().build().unwrap()
}
