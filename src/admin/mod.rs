//! Set-up: what admins write, and who may come in. No actors, and nothing of the engine.
//!
//! **Invariant:** a change and its line in the feed are one transaction of the store, which moves
//! the settings version too, so that the very next callback on any node is decided on it.
//! **Invariant:** an id of another organization is not found, and a secret leaves only once: in the
//! answer that made it. Start at [`Admin`]; `field` holds the bounds of every input,
//! `channel_account` the live check of keys, `session` the way in, `setup` the very first one.

mod agent;
mod api_token;
mod channel_account;
mod consent;
mod consent_setting;
mod error;
mod field;
mod organization;
mod password;
mod password_link;
mod queue;
mod secret_token;
mod session;
mod setup;
mod setup_code;
mod sign_in_limit;
mod support_number;
mod workstream;

use std::{fmt::Display, sync::Arc};

use tokio::sync::Semaphore;
use uuid::Uuid;

pub use agent::NewAgent;
pub use api_token::{IssuedToken, NewApiToken};
pub use channel_account::{Checked, KeyRotation, NewChannelAccount};
pub use consent::{IMPORTED_MAX, Imported, NewConsent};
pub use error::{AdminError, Refusal, RefusalCode};
pub use password_link::PasswordLink;
pub use queue::NewQueue;
pub use session::{Authenticated, SignedIn};
pub use setup::{Claim, FIRST_ORGANIZATION};
pub use support_number::NewSupportNumber;
pub use workstream::NewWorkstream;

use crate::{
    domain::{
        audit::{AuditChanges, AuditOutcome, Origin},
        clock::Clock,
        ids::{AgentId, OrganizationId},
    },
    store::{
        Store,
        audit::{self, NewAuditEntry},
        commit::{Actor, FeedEventKind},
        event::{ConfigChange, Note},
        seal::Sealer,
    },
    telesign::{BaseUrl, TelesignClient},
};
use password::PasswordDesk;
use sign_in_limit::SignInLimit;

/// Keys that are checked at the provider at a time; one more is told to come again.
const KEY_CHECKS_MAX: usize = 8;

/// What set-up is made of.
pub struct AdminParts {
    pub store: Store,
    pub sealer: Sealer,
    pub clock: Clock,
    pub telesign: TelesignClient,
    /// Where keys are tried, in order.
    pub hosts: Vec<BaseUrl>,
}

/// Set-up as everyone else sees it; clones are handles.
#[derive(Clone)]
pub struct Admin {
    store: Store,
    sealer: Sealer,
    clock: Clock,
    telesign: TelesignClient,
    hosts: Arc<[BaseUrl]>,
    key_checks: Arc<Semaphore>,
    passwords: PasswordDesk,
    sign_ins: SignInLimit,
    claims: SignInLimit,
}

impl Admin {
    pub fn new(parts: AdminParts) -> Self {
        let AdminParts { store, sealer, clock, telesign, hosts } = parts;
        Self {
            store,
            sealer,
            telesign,
            hosts: hosts.into(),
            key_checks: Arc::new(Semaphore::new(KEY_CHECKS_MAX)),
            passwords: PasswordDesk::new(),
            sign_ins: SignInLimit::new(clock.clone()),
            claims: SignInLimit::new(clock.clone()),
            clock,
        }
    }

    /// Something new; `action` is the mutation, for the audit log.
    fn created(&self, by: By, action: &'static str, subject: impl Display) -> ConfigChange {
        self.change(by, (FeedEventKind::ConfigCreated, action), subject.to_string())
    }

    /// Something that was changed; `action` is the mutation, for the audit log.
    fn updated(&self, by: By, action: &'static str, subject: impl Display) -> ConfigChange {
        self.change(by, (FeedEventKind::ConfigUpdated, action), subject.to_string())
    }

    fn change(
        &self,
        by: By,
        (kind, action): (FeedEventKind, &'static str),
        subject_id: String,
    ) -> ConfigChange {
        ConfigChange {
            organization: by.organization,
            kind,
            subject_id,
            actor: by.actor,
            at: self.clock.now(),
            audit: Some(Note { action, changes: AuditChanges::default(), origin: by.origin }),
        }
    }

    /// What the audit log is to say of something that changes no settings.
    fn noted(&self, by: By, action: &'static str, subject: impl Display) -> NewAuditEntry {
        NewAuditEntry {
            organization: by.organization,
            at: self.clock.now(),
            actor: by.actor,
            action,
            outcome: AuditOutcome::Done,
            subject_id: subject.to_string(),
            changes: AuditChanges::default(),
            origin: by.origin,
        }
    }

    /// Notes of each subject what is about to be done elsewhere.
    pub async fn note(
        &self,
        by: By,
        action: &'static str,
        subjects: &[impl Display + Sync],
        changes: AuditChanges,
    ) -> Result<(), AdminError> {
        let mut connection = self.store.write(by.organization).await?;
        for subject in subjects {
            let changes = changes.clone();
            let entry = NewAuditEntry { changes, ..self.noted(by, action, subject) };
            audit::record(&mut connection, entry).await?;
        }
        Ok(connection.commit().await?)
    }
}

/// Who asks: for events, keys and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    pub organization: OrganizationId,
    pub agent: AgentId,
    pub actor: Actor,
    /// The request that it was asked with.
    pub origin: Origin,
}

impl By {
    /// The command line, which is nobody: its idempotency keys belong to the nil agent.
    pub fn system(organization: OrganizationId) -> Self {
        Self {
            organization,
            agent: AgentId(Uuid::nil()),
            actor: Actor::System,
            origin: Origin::default(),
        }
    }
}
