//! The usual way for comparison: a Node server, one transaction a text, graphql-ws for subscribers.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    callback::{API_KEY, CUSTOMER_ID},
    process::{self, Running},
    world::{Database, Organization},
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/node")
}

/// Starts it on a database; installs what it needs where that is missing.
pub async fn serve(database: &Database, organization: &Organization) -> Running {
    let folder = folder();
    if !folder.join("node_modules").is_dir() {
        let mut install = Command::new("npm");
        install.args(["install", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder);
        assert!(install.status().expect("npm is installed").success(), "npm install failed");
    }
    let query = format!(
        "select concat_ws(' ', n.organization_id, n.id, n.channel_account_id, n.number, \
            n.workstream_id, w.fallback_queue_id) \
         from support_numbers n join organizations o on o.id = n.organization_id \
         join workstreams w on w.organization_id = n.organization_id and w.id = n.workstream_id \
         where o.slug = '{}'",
        organization.slug
    );
    let mut command = Command::new("node");
    command
        .arg(folder.join("server.mjs"))
        .env("DATABASE_URL", database.owner_url())
        .env("NODE_ENV", "production")
        .env("BENCH_IDS", database.value(&query).await)
        .env("BENCH_KEY", API_KEY)
        .env("BENCH_CUSTOMER_ID", CUSTOMER_ID);
    process::start(command, database, "node")
}
