//! Proves callers by their bearer secret: what `admin` knows, as the transport wants it.

use std::collections::HashSet;

use super::{
    context::Principal,
    transport::{Authenticate, Unavailable},
};
use crate::{
    admin::{Admin, Authenticated},
    domain::ids::{OrganizationId, QueueId},
    store::{
        StoreError,
        credential::{Credential, Holder},
    },
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
            Err(error) => Err(unavailable(&error)),
        }
    }

    async fn those_good(
        &self,
        credentials: &[(OrganizationId, Credential)],
    ) -> Result<HashSet<(OrganizationId, Credential)>, Unavailable> {
        let good = self.admin.good_credentials(credentials).await;
        good.map_err(|error| unavailable(&error))
    }
}

fn unavailable(error: &StoreError) -> Unavailable {
    if error.is_retryable() {
        tracing::warn!(error = ?error, "a caller could not be authenticated");
    } else {
        tracing::error!(error = ?error, "a caller could not be authenticated");
    }
    Unavailable
}

impl Principal {
    /// Whoever holds a good credential.
    pub fn of(holder: &Holder, queues: Vec<QueueId>) -> Self {
        let Holder { organization, agent, role, credential, expires_at } = *holder;
        Self { organization, agent, role, queues, credential, expires_at }
    }
}
