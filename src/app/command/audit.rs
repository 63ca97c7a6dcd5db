//! `audit verify`: the audit log, walked along.

use data_encoding::HEXLOWER;

use super::consent::{Whose, find};
use crate::{
    app::{AppError, foundation::Ground, output::print_line},
    config::Config,
    store::audit,
};

/// Walks along the log and says whether every line is as it was written.
///
/// Whoever owns the database can write a whole log anew; the newest hash, kept elsewhere, tells.
pub(super) async fn verify(config: &Config, whose: Whose) -> Result<(), AppError> {
    let ground = Ground::prepare(config, false).await?;
    let store = ground.open().await?;
    let organization = find(&store, &whose).await?;
    let walked = audit::verify(&mut store.read(organization).await?, organization).await?;
    ground.leave().await;
    match walked {
        Ok((lines, newest)) => {
            let newest = HEXLOWER.encode(&newest);
            print_line(&format!("the audit log is whole: {lines} lines, the newest is {newest}"))
        }
        Err(broken) => Err(AppError::Refused(format!("the audit log is broken: {broken}"))),
    }
}
