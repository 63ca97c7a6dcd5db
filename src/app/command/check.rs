//! `check`: looks at everything that the server needs, one line each.

use std::time::Duration;

use secrecy::ExposeSecret;

use crate::{
    app::{
        AppError,
        foundation::{self, Ground},
        hosts_of,
        output::print_line,
    },
    config::Config,
    domain::{clock::Clock, secret::ApiKey},
    store::{
        Store, channel_account,
        isolation::{self, Isolation},
        migration::{self, SchemaState},
        organization,
        page::{Page, PageEnd},
        seal::Sealer,
        time,
    },
    telesign::{BaseUrl, ClientOptions, TelesignClient, check_key},
};

/// A clock further off than this makes the provider refuse signed requests sooner or later.
const CLOCK_OFFSET_MAX: chrono::TimeDelta = chrono::TimeDelta::seconds(5);
/// An answer that takes longer is as good as none.
const PROVIDER_TIMEOUT: Duration = Duration::from_secs(5);

/// One thing that was looked at.
type Finding = Result<String, String>;

/// Looks at everything, says what it found, and fails if anything is wrong.
pub(super) async fn check(config: &Config) -> Result<(), AppError> {
    let mut is_well = true;
    let mut tell = |what: &str, finding: Finding| {
        is_well &= finding.is_ok();
        match finding {
            Ok(text) => print_line(&format!("ok    {what}: {text}")),
            Err(text) => print_line(&format!("WRONG {what}: {text}")),
        }
    };
    match Ground::prepare(config, false).await {
        Ok(ground) => {
            for (what, finding) in look_at_database(&ground).await {
                tell(what, finding)?;
            }
            ground.leave().await;
        }
        Err(wrong @ AppError::Setting { .. }) => return Err(wrong),
        Err(error) => tell("database", Err(error.to_string()))?,
    }
    for host in hosts_of(foundation::provider(config)?) {
        tell("provider", look_at_provider(&host).await)?;
    }
    if is_well { Ok(()) } else { Err(AppError::CheckFailed) }
}

async fn look_at_database(ground: &Ground) -> Vec<(&'static str, Finding)> {
    let store = match Store::new(ground.database_url.expose_secret()) {
        Ok(store) => store,
        Err(error) => return vec![("database", Err(AppError::from(error).to_string()))],
    };
    let state = match migration::state(&store).await {
        Ok(state) => state,
        Err(error) => return vec![("database", Err(AppError::from(error).to_string()))],
    };
    let mut findings = vec![("database", Ok("answers".to_owned()))];
    if state != SchemaState::Current {
        findings.push(("schema", Err(AppError::Schema(state).to_string())));
        return findings;
    }
    findings.push(("schema", Ok("is this release's".to_owned())));
    findings.push(("row-level security", look_at_isolation(&store).await));
    findings.push(("clock", look_at_clock(&store).await));
    let sealer = Sealer::new(ground.secret_key.expose());
    findings.push(("secret key", look_at_key(&store, &sealer).await));
    findings
}

/// Whether the organizations are kept apart for what the server works as.
async fn look_at_isolation(store: &Store) -> Finding {
    let found = isolation::look(store).await.map_err(|error| AppError::from(error).to_string())?;
    let Isolation { role, login, is_login_exempt, open_tables } = found;
    if !open_tables.is_empty() {
        return Err(AppError::not_isolated(role, &open_tables).to_string());
    }
    if is_login_exempt {
        return Err(format!(
            "holds for {role}, but {login}, who signs in, has SUPERUSER or BYPASSRLS and could leave that role; let DATABASE_URL name a lesser user"
        ));
    }
    Ok(format!("holds in every table for {role}, as which {login} works"))
}

async fn look_at_clock(store: &Store) -> Finding {
    let measured = async {
        let mut connection = store.system().await?;
        time::offset(&mut connection, Clock::machine_now).await
    };
    let offset = measured.await.map_err(|error| AppError::from(error).to_string())?;
    let milliseconds = offset.num_milliseconds();
    if offset.abs() > CLOCK_OFFSET_MAX {
        return Err(format!(
            "this machine's clock and the database's differ by {milliseconds} ms; set both by NTP"
        ));
    }
    Ok(format!("{milliseconds} ms from the database's"))
}

/// Opens every stored key: one that was sealed with another secret key is found now.
async fn look_at_key(store: &Store, sealer: &Sealer) -> Finding {
    let opened = async {
        let mut opened = 0;
        for organization in organization::all_ids(&mut store.system().await?).await? {
            let mut connection = store.read(organization).await?;
            let mut page = Page { after: None, before: None, size: 100, end: PageEnd::First };
            loop {
                let slice = channel_account::list(&mut connection, organization, page).await?;
                for account in &slice.rows {
                    let id = account.id;
                    channel_account::find_keyed(&mut connection, organization, id, sealer).await?;
                    opened += 1;
                }
                page.after = slice.rows.last().map(|account| account.id.0);
                if !slice.has_next {
                    break;
                }
            }
        }
        Ok::<usize, crate::store::StoreError>(opened)
    };
    match opened.await {
        Ok(count) => Ok(format!("opens all stored keys ({count})")),
        Err(error) => Err(AppError::from(error).to_string()),
    }
}

/// Asks with a made-up account: any answer of the provider's shows that it can be reached.
async fn look_at_provider(host: &BaseUrl) -> Finding {
    let options = ClientOptions {
        connect_timeout: PROVIDER_TIMEOUT,
        total_timeout: PROVIDER_TIMEOUT,
        ..ClientOptions::default()
    };
    let client = TelesignClient::new(options, Clock::default()).map_err(|e| e.to_string())?;
    let nobody = ApiKey::new("bm9ib2R5");
    let found = check_key(&client, std::slice::from_ref(host), "nobody", &nobody).await;
    match found.verdict {
        crate::domain::channel::ChannelVerdict::Unreachable => {
            Err(format!("{host} cannot be reached; check the network and the firewall"))
        }
        _ => Ok(format!("{host} answers in {} ms", found.latency_ms)),
    }
}
