//! `serve` and `simulator`: run until somebody says stop.

use super::SimulatorFlags;
use crate::{
    app::{
        AppError, Server, ServerParts, first_run,
        foundation::{self, Ground},
        output,
        stop_signals::StopSignals,
    },
    config::{Config, inherited_listener},
    simulator,
};

/// Runs the server until SIGTERM or SIGINT.
pub(super) async fn serve(config: &Config) -> Result<(), AppError> {
    let provider = foundation::provider(config)?;
    let inherited = inherited_listener()?;
    let _lock = match &config.database_url {
        None => Some(foundation::lock_data_folder(&config.data_dir)?),
        // The folder holds nothing but the spool, which has a lock of its own.
        Some(_) => None,
    };
    let ground = Ground::prepare(config, true).await?;
    let parts = ServerParts {
        public_url: config.public_url.clone(),
        provider,
        inherited,
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
    output::print_line(&format!("listening on {}", server.url()))?;
    let url = config.public_url.clone().unwrap_or_else(|| server.url());
    let ended = tokio::select! {
        ended = signals.told_or_ended(&server) => ended,
        never = first_run::offer(server.admin(), &url) => match never {},
    };
    server.stop().await;
    ground.leave().await;
    ended
}

/// Runs the simulated Telesign alone.
pub(super) async fn simulator(flags: SimulatorFlags) -> Result<(), AppError> {
    let account = simulator::AccountOptions {
        customer_id: flags.customer_id,
        api_key: flags.api_key,
        profile: simulator::Profile::FullService,
        callback_url: flags.callback_url,
    };
    let options = simulator::SimulatorOptions {
        listen: flags.simulator_listen,
        accounts: vec![account],
        time_scale: 1.0,
    };
    let mut signals = StopSignals::hear()?;
    let simulator = simulator::start(options).await.map_err(AppError::Simulator)?;
    output::print_line(&format!("listening on http://{}", simulator.address()))?;
    signals.told().await;
    simulator.stop().await;
    Ok(())
}
