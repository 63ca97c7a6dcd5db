//! Proves callers by their bearer secret: what `admin` knows, as the transport wants it.

use super::{
    context::Principal,
    transport::{Authenticate, Unavailable},
};
use crate::{
    admin::{Admin, Authenticated},
    domain::ids::QueueId,
    store::credential::Holder,
};

/// Asks `admin` whom a session or an API token belongs to.
#[derive(Clone)]
pub struct Authenticator {
    admin: Admin,
}

impl Authenticator {
    pub fn new(admin: Admin) -> Self {
        Self { admin }
    }
}

impl Authenticate for Authenticator {
    type Identity = Principal;

    async fn authenticate(&self, secret: &str) -> Result<Option<Principal>, Unavailable> {
        match self.admin.authenticate(secret).await {
            Ok(found) => {
                Ok(found.map(|Authenticated { holder, queues }| Principal::of(&holder, queues)))
            }
            Err(error) if error.is_retryable() => {
                tracing::warn!(error = ?error, "a caller could not be authenticated");
                Err(Unavailable)
            }
            Err(error) => {
                tracing::error!(error = ?error, "a caller could not be authenticated");
                Err(Unavailable)
            }
        }
    }
}

impl Principal {
    /// Whoever holds a good credential.
    pub fn of(holder: &Holder, queues: Vec<QueueId>) -> Self {
        let Holder { organization, agent, role, credential, expires_at } = *holder;
        Self { organization, agent, role, queues, credential, expires_at }
    }
}
