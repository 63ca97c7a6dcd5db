//! A Telesign of our own over real HTTP: for the demo, for trying things out and for every test.
//!
//! **Invariant:** it imports nothing from the floors: a misreading of the protocol must not hide on
//! both sides. **Invariant:** everything it remembers has a bound. `protocol` is what the provider
//! offers, `callback` is what it calls, `control` is how the two are told what to do;
//! `docs/simulator.md` is the manual. Start at [`start`].

mod account;
mod callback;
mod clock;
mod connection;
mod control;
mod fault;
mod input;
mod ledger;
mod outbox;
mod phone;
mod plan;
mod protocol;
mod ring;
mod state;
mod status;
#[cfg(test)]
mod tests;
mod word;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{App, HttpServer, dev::ServerHandle, web};
use tokio::net::TcpListener;

pub use account::Profile;
use account::{Key, Settings};
pub use phone::Phone;
use state::State;

/// Threads that answer requests.
const WORKERS: usize = 2;
/// Connections at once and per worker; one more waits.
const CONNECTIONS_MAX: usize = 4_096;
/// The provider keeps idle connections so long.
const KEEP_ALIVE: Duration = Duration::from_secs(499);

/// How a simulator is set up.
#[derive(Clone)]
pub struct SimulatorOptions {
    /// The control surface answers only where this is a loopback address; port 0 picks one.
    pub listen: SocketAddr,
    pub accounts: Vec<AccountOptions>,
    /// Everything that waits (report plans, retry waits) is multiplied by this; tests use 0.02.
    pub time_scale: f64,
}

/// One account; more can be added and changed through the control surface.
#[derive(Clone)]
pub struct AccountOptions {
    pub customer_id: String,
    pub api_key: String,
    pub profile: Profile,
    /// Where inbound texts go, and reports of messages that named no URL of their own.
    pub callback_url: Option<String>,
}

/// A running simulator; it stops when this is dropped.
pub struct Simulator {
    address: SocketAddr,
    server: ServerHandle,
    state: Arc<State>,
}

/// Starts a simulator on threads of its own; its callbacks run on the caller's runtime.
pub async fn start(options: SimulatorOptions) -> io::Result<Simulator> {
    if !(0.0..=1_000.0).contains(&options.time_scale) {
        return Err(invalid("time_scale must be a number from 0 to 1000"));
    }
    let state = Arc::new(State::new(options.time_scale).map_err(io::Error::other)?);
    for account in options.accounts {
        let settings = settings_of(&account)?;
        state
            .put_account(&account.customer_id, settings)
            .map_err(|_too_many| invalid("there are too many accounts"))?;
    }
    let listener = TcpListener::bind(options.listen).await?;
    let address = listener.local_addr()?;
    let data = web::Data::from(Arc::clone(&state));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .configure(protocol::routes)
            .configure(|config| control::routes(config, address))
    })
    .workers(WORKERS)
    .worker_max_blocking_threads(1)
    .max_connections(CONNECTIONS_MAX)
    .keep_alive(KEEP_ALIVE)
    // A caller that has hung up is not waited for: else each planned hang would stay for ever.
    .h1_allow_half_closed(false)
    .on_connect(connection::remember)
    .disable_signals()
    .listen(listener.into_std()?)?
    .run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(Simulator { address, server: handle, state })
}

impl Simulator {
    /// Where it listens, with the port that was picked.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes where an account's callbacks go, as the provider's support would.
    pub fn set_callback_url(&self, customer_id: &str, url: &str) -> io::Result<()> {
        set_callback_url(&self.state, customer_id, url)
    }

    /// Ends what is under way and waits until it has ended.
    pub async fn stop(self) {
        self.state.cancel();
        self.server.stop(false).await;
        self.state.ended().await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.state.cancel();
        // The order to stop goes out at once; only waiting for it would need the runtime.
        drop(self.server.stop(false));
    }
}

fn set_callback_url(state: &State, customer_id: &str, url: &str) -> io::Result<()> {
    input::check_url(url).map_err(invalid)?;
    let account = state.account(customer_id).ok_or_else(|| invalid("no such account"))?;
    let mut settings = Settings::clone(&account.settings());
    settings.callback_url = Some(url.into());
    account.set_settings(settings);
    Ok(())
}

fn settings_of(account: &AccountOptions) -> io::Result<Settings> {
    input::check_customer_id(&account.customer_id).map_err(invalid)?;
    let key = Key::new(&account.api_key)
        .ok_or_else(|| invalid("api_key must hold base64; take one from the example"))?;
    let mut settings = Settings::new(account.profile, vec![key]);
    if let Some(url) = &account.callback_url {
        input::check_url(url).map_err(invalid)?;
        settings.callback_url = Some(url.as_str().into());
    }
    Ok(settings)
}

fn invalid(sentence: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, sentence)
}
