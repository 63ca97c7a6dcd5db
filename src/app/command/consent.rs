//! `consent verify` and `consent export`: the ledger, checked and handed out.

use clap::Args;
use data_encoding::HEXLOWER;
use serde_json::json;

use crate::{
    app::{AppError, foundation::Ground, output::print_line},
    config::Config,
    domain::{chain::Hash, consent::ledger::LedgerEntry, ids::OrganizationId},
    store::{Store, consent, organization},
};

/// Lines that are read at a time.
const READ_AT_A_TIME: i64 = 500;

#[derive(Args)]
pub(super) struct Whose {
    /// Short name of the organization
    #[arg(long, value_name = "SLUG", default_value = super::people::ORGANIZATION)]
    organization: String,
}

/// Walks along the ledger and says whether every line is as it was written.
pub(super) async fn verify(config: &Config, whose: Whose) -> Result<(), AppError> {
    let ground = Ground::prepare(config, false).await?;
    let store = ground.open().await?;
    let organization = find(&store, &whose).await?;
    let walked = consent::verify(&mut store.read(organization).await?, organization).await?;
    ground.leave().await;
    match walked {
        Ok(lines) => print_line(&format!("the ledger is whole: {lines} lines")),
        Err(broken) => Err(AppError::Refused(format!("the ledger is broken: {broken}"))),
    }
}

/// Prints the ledger, oldest line first, each as a JSON object.
pub(super) async fn export(config: &Config, whose: Whose) -> Result<(), AppError> {
    let ground = Ground::prepare(config, false).await?;
    let store = ground.open().await?;
    let organization = find(&store, &whose).await?;
    let mut after = 0;
    loop {
        let mut connection = store.read(organization).await?;
        let lines =
            consent::lines_after(&mut connection, organization, after, READ_AT_A_TIME).await?;
        drop(connection);
        let Some((last, _)) = lines.last() else { break };
        after = last.sequence;
        for (entry, hash) in &lines {
            print_line(&shown(entry, hash))?;
        }
    }
    ground.leave().await;
    Ok(())
}

pub(super) async fn find(store: &Store, whose: &Whose) -> Result<OrganizationId, AppError> {
    let found = organization::id_of_slug(&mut store.system().await?, &whose.organization).await?;
    let unknown = || AppError::Refused(format!("there is no organization {}", whose.organization));
    found.ok_or_else(unknown)
}

fn shown(entry: &LedgerEntry, hash: &Hash) -> String {
    let personal = entry.personal.as_ref();
    let line = json!({
        "sequence": entry.sequence,
        "id": entry.id.to_string(),
        "at": entry.at.to_rfc3339(),
        "status": entry.status.as_str(),
        "source": entry.source.as_str(),
        "address": personal.map(|it| it.customer.as_str()),
        "keyword": personal.and_then(|it| it.keyword.as_deref()),
        "evidence": personal.and_then(|it| it.evidence.as_deref()),
        "supportNumberId": entry.support_number.map(|id| id.to_string()),
        "messageId": entry.message.map(|id| id.to_string()),
        "actorKind": entry.actor.0,
        "hash": HEXLOWER.encode(hash),
    });
    line.to_string()
}
