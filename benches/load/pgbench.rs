//! What PostgreSQL does without us: pgbench, one transaction a text, the same rows as our commit.
//!
//! `naive` sends each statement by itself, as a server without batches does; `fn` has all of them in
//! one call of a function, which is the least that one transaction a text can cost. Neither looks at
//! the settings, which ours does; all use the same tables, indexes, constraints and positions.

use std::{fs, path::PathBuf, process::Command};

use super::{
    Pace,
    world::{Database, Organization},
};

/// Conversations that the texts go to; as many as customers of our own load.
pub const CONVERSATIONS: u64 = 10_000;
const CUSTOMERS_FROM: u64 = 13_000_000_000;

const PREPARE: &str = include_str!("pgbench.sql");

/// Texts in a database, one transaction each.
pub struct Pgbench {
    folder: PathBuf,
    url: String,
}

#[derive(Clone, Copy)]
pub enum Script {
    Naive,
    Function,
}

impl Script {
    pub fn name(self) -> &'static str {
        match self {
            Self::Naive => "naive",
            Self::Function => "fn",
        }
    }
}

/// What pgbench came to.
#[derive(Clone, Copy)]
pub struct Speed {
    pub per_second: f64,
    pub latency_ms: f64,
}

impl Pgbench {
    /// Makes the function, the conversations and the scripts for an organization of its own.
    pub async fn prepare(database: &Database, organization: &Organization) -> Self {
        let query = format!(
            "select concat_ws(' ', n.organization_id, n.id, n.channel_account_id) \
             from support_numbers n join organizations o on o.id = n.organization_id \
             where o.slug = '{}'",
            organization.slug
        );
        let ids = database.value(&query).await;
        let ids: Vec<&str> = ids.split(' ').collect();
        let prepare = PREPARE
            .replace(":organization", &format!("'{}'", ids[0]))
            .replace(":number", &format!("'{}'", ids[1]))
            .replace(":account", &format!("'{}'", ids[2]))
            .replace(":conversations", &CONVERSATIONS.to_string())
            .replace(":customers_from", &CUSTOMERS_FROM.to_string());
        let (prepare, naive) = prepare.split_once("-- naive\n").unwrap();
        database.execute(prepare).await;
        let folder = database.folder().clone();
        let last = CUSTOMERS_FROM + CONVERSATIONS - 1;
        let customer = format!("\\set customer random({CUSTOMERS_FROM}, {last})\n");
        fs::write(folder.join("naive.sql"), format!("{customer}{naive}")).unwrap();
        let function = format!("{customer}select bench_text(:customer);\n");
        fs::write(folder.join("fn.sql"), function).unwrap();
        Self { folder, url: database.owner_url().to_owned() }
    }

    /// Runs for a window.
    pub fn run(&self, script: Script, clients: usize, pace: Pace) -> Speed {
        let output = Command::new("pgbench")
            .args(["--no-vacuum", "--protocol=prepared"])
            .arg(format!("--client={clients}"))
            .arg(format!("--jobs={}", clients.min(2)))
            .arg(format!("--time={}", pace.window.as_secs()))
            .arg(format!("--file={}", self.folder.join(format!("{}.sql", script.name())).display()))
            .arg(&self.url)
            .output()
            .expect("pgbench is installed");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{errors}");
        let after = |mark: &str| -> f64 {
            let rest = said.split(mark).nth(1).unwrap_or_else(|| panic!("{said}"));
            rest.split_whitespace().next().unwrap().parse().unwrap()
        };
        Speed { per_second: after("tps = "), latency_ms: after("latency average = ") }
    }

    /// The number of clients at which it is fastest.
    pub fn best_clients(&self, script: Script, pace: Pace) -> usize {
        let pace = Pace { window: std::time::Duration::from_secs(2), ..pace };
        let speed = |clients: &usize| self.run(script, *clients, pace).per_second;
        let tried = [8, 16, 32, 64].map(|clients| (speed(&clients), clients));
        tried.into_iter().max_by(|left, right| left.0.total_cmp(&right.0)).unwrap().1
    }
}
