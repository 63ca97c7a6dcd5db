//! `replay`: callbacks that had no effect are tried again, beside a server that runs or without one.

use chrono::{DateTime, Utc};
use clap::Args;

use super::people::ORGANIZATION;
use crate::{
    app::{AppError, foundation, output},
    config::Config,
    domain::{
        clock::Clock,
        ids::{ChannelAccountId, OrganizationId, ReceiptId},
    },
    engine::{
        Engine, EngineError, EngineOptions, EngineParts, NoFaults, Released, ReplayRange, Replayed,
        Suspects,
    },
    spool::{SealedFile, Spool, SpoolOptions},
    store::{
        Store, organization,
        receipt::{CallbackOutcome, Filter},
        seal::Sealer,
        time,
    },
    telesign::{ClientOptions, TelesignClient},
};

/// Its own spool lies beside the server's; nothing is ever put into it.
const SPOOL_EXTENSION: &str = "replay";
const KEYRING_FILE: &str = "keyring.sealed";
/// How long what is under way may take at the end.
const STOP_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(5);

#[derive(Args)]
pub(super) struct Replay {
    /// Only what arrived at that time (RFC 3339) or later
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<DateTime<Utc>>,
    /// Only what arrived before that time
    #[arg(long, value_name = "TIME", value_parser = moment)]
    to: Option<DateTime<Utc>>,
    /// Only of this channel account
    #[arg(long, value_name = "ID", value_parser = account)]
    account: Option<ChannelAccountId>,
    /// This callback; may be given several times
    #[arg(
        long, value_name = "ID", value_parser = callback,
        conflicts_with_all = ["from", "to", "account", "quarantined"]
    )]
    id: Vec<ReceiptId>,
    /// Verify wrongly signed callbacks with the present keys, and let the genuine ones through
    #[arg(long, conflicts_with_all = ["from", "to"])]
    quarantined: bool,
    /// Only count what would have an effect
    #[arg(long)]
    dry_run: bool,
    /// Short name of the organization
    #[arg(long, value_name = "SLUG", default_value = ORGANIZATION)]
    organization: String,
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let parsed = DateTime::parse_from_rfc3339(text);
    let wrong = |_bad| "expected a time such as 2026-01-31T09:30:00Z".to_owned();
    parsed.map(|time| time.to_utc()).map_err(wrong)
}

fn account(text: &str) -> Result<ChannelAccountId, String> {
    text.parse().map_err(|_bad| "expected the id of a channel account, cha_…".to_owned())
}

fn callback(text: &str) -> Result<ReceiptId, String> {
    text.parse().map_err(|_bad| "expected the id of a callback, rcp_…".to_owned())
}

/// Tries what was asked for and says what came of it.
pub(super) async fn replay(config: &Config, replay: Replay) -> Result<(), AppError> {
    let ground = foundation::Ground::prepare(config, false).await?;
    let store = ground.open().await?;
    let slug = &replay.organization;
    let found = organization::id_of_slug(&mut store.system().await?, slug).await?;
    let unknown = || AppError::Refused(format!("there is no organization {slug}"));
    let organization = found.ok_or_else(unknown)?;
    let spool = SpoolOptions::new(config.spool_dir.with_extension(SPOOL_EXTENSION));
    let folder = spool.folder.clone();
    let engine = start(store, ground.secret_key.expose(), spool).await?;
    let carried_out = Box::pin(carry_out(&engine, organization, &replay)).await;
    engine.stop(STOP_TIMEOUT).await;
    // What is left of it is empty, and the next replay would use it again.
    std::fs::remove_dir_all(folder).ok();
    ground.leave().await;
    let (done, left) = carried_out.map_err(|error| failed(&error))?;
    let (effect, none) = match (replay.dry_run, replay.quarantined) {
        (true, false) => ("would have an effect", "would have none"),
        (false, false) => ("have their effect", "still have none"),
        (true, true) => ("would be let through", "are signed by nobody we know"),
        (false, true) => ("were let through", "are signed by nobody we know"),
    };
    output::print_line(&format!("callbacks: {done} {effect}, {left} {none}"))
}

/// An engine that does what it is told and nothing by itself: it sends no text and drains no spool.
async fn start(store: Store, key: [u8; 32], spool: SpoolOptions) -> Result<Engine, AppError> {
    let clock = Clock::default();
    clock.set_offset(time::offset(&mut store.system().await?, Clock::machine_now).await?);
    let keyring = SealedFile::new(spool.folder.join(KEYRING_FILE), "keyring", key);
    let opened = tokio::task::spawn_blocking(move || Spool::open(&spool, key)).await;
    let (spool, _) = opened.map_err(|gone| AppError::Thread(gone.into()))??;
    Engine::start(EngineParts {
        store,
        sealer: Sealer::new(key),
        telesign: TelesignClient::new(ClientOptions::default(), clock.clone())?,
        clock,
        provider: None,
        spool,
        keyring,
        options: EngineOptions::default(),
        faults: std::sync::Arc::new(NoFaults),
    })
    .map_err(AppError::Thread)
}

/// How many have, or would have, their effect, and how many not.
async fn carry_out(
    engine: &Engine,
    organization: OrganizationId,
    replay: &Replay,
) -> Result<(usize, usize), EngineError> {
    if replay.quarantined {
        release(engine, organization, replay).await
    } else if replay.id.is_empty() {
        let Replay { from, to, account, dry_run, .. } = *replay;
        let filter = Filter { account, from, to, ..Filter::default() };
        replay_range(engine, organization, filter, dry_run).await
    } else {
        replay_named(engine, organization, replay).await
    }
}

async fn release(
    engine: &Engine,
    organization: OrganizationId,
    replay: &Replay,
) -> Result<(usize, usize), EngineError> {
    let suspects = replay.account.map_or(Suspects::All, Suspects::Of);
    let mut let_through = 0;
    loop {
        let round = engine.release(organization, suspects.clone(), replay.dry_run).await?;
        let Released { released, refused, has_more } = round;
        let_through += released;
        // A dry run takes nothing out: a second round would count the same again.
        if !has_more || replay.dry_run {
            return Ok((let_through, refused));
        }
    }
}

async fn replay_range(
    engine: &Engine,
    organization: OrganizationId,
    filter: Filter,
    is_dry_run: bool,
) -> Result<(usize, usize), EngineError> {
    let mut range = ReplayRange { filter, after: None, is_dry_run };
    let (mut done, mut left) = (0, 0);
    loop {
        let round = engine.replay_range(organization, &range).await?;
        let Replayed { replayed, refused, last, has_more } = round;
        (done, left) = (done + replayed, left + refused);
        range.after = last;
        if !has_more {
            return Ok((done, left));
        }
    }
}

async fn replay_named(
    engine: &Engine,
    organization: OrganizationId,
    replay: &Replay,
) -> Result<(usize, usize), EngineError> {
    let mut ids = replay.id.clone();
    ids.sort_unstable();
    ids.dedup();
    let (mut done, mut left) = (0, 0);
    for id in ids {
        let has_effect = if replay.dry_run {
            engine.would_replay(organization, id).await?
        } else {
            let received = engine.replay(organization, id).await?;
            received.map(|received| received.outcome == CallbackOutcome::Applied)
        };
        if has_effect.ok_or(EngineError::NotFound)? { done += 1 } else { left += 1 }
    }
    engine.settle_unrouted(organization).await;
    Ok((done, left))
}

fn failed(error: &EngineError) -> AppError {
    match error {
        EngineError::NotFound => AppError::Refused("there is no such callback".to_owned()),
        other => AppError::Refused(other.to_string()),
    }
}
