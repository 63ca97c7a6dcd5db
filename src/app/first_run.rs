//! What a server tells whoever started it while nobody has claimed it.

use std::{convert::Infallible, future::pending, time::Duration};

use secrecy::ExposeSecret;

use super::{AppError, output::print_line};
use crate::admin::Admin;

/// How often a database is asked that was away at the start.
const ASK_INTERVAL: Duration = Duration::from_secs(1);

/// Prints a one-time set-up code unless the system is claimed, and rests.
///
/// Only its hash is kept, so that each start has to print another; a few earlier ones stay good.
pub(super) async fn offer(admin: &Admin, url: &str) -> Infallible {
    if let Err(error) = print_code(admin, url).await {
        tracing::error!(%error, "no set-up code could be made; `centralino user create` makes an admin");
    }
    pending().await
}

async fn print_code(admin: &Admin, url: &str) -> Result<(), AppError> {
    loop {
        match admin.setup_code_create().await {
            Ok(None) => return Ok(()),
            Ok(Some(code)) => {
                return print_line(&format!(
                    "nobody has claimed this server yet: open {url}/ and enter the set-up code {}",
                    code.expose_secret()
                ));
            }
            Err(error) if error.is_retryable() => tokio::time::sleep(ASK_INTERVAL).await,
            Err(error) => return Err(error.into()),
        }
    }
}
