//! The settings that decisions are made on, kept in memory and told apart by version.
//!
//! Nobody has to announce a change: the commit notices that a decision is older than the settings,
//! and whoever is about to refuse something looks at the database once more before saying so.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use parking_lot::RwLock;
use tokio::sync::Mutex;

use super::keyring::Keyring;
use crate::{
    domain::ids::{ChannelAccountId, OrganizationId},
    store::{
        Store, StoreError,
        channel_account::Keyed,
        seal::Sealer,
        settings::{self, Settings},
    },
    telesign::SigningKey,
};

/// Least time between two looks for newer keys of an organization.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);

/// A key that may have signed a callback.
#[derive(Clone)]
pub(super) struct AcceptedKey {
    pub(super) key: SigningKey,
    /// When its grace ends; none for the present key.
    pub(super) until: Option<DateTime<Utc>>,
}

/// Whom a callback URL belongs to, and the keys that may have signed.
#[derive(Clone)]
pub struct CallbackAccount {
    pub organization: OrganizationId,
    pub account: ChannelAccountId,
    pub customer_id: String,
    /// The present key, and the one before it.
    pub(super) keys: Vec<AcceptedKey>,
    /// Settings version that this was read at; 0: it was read from the disk.
    pub version: i64,
}

impl CallbackAccount {
    /// The keys that are good at a moment.
    pub fn keys_at(&self, now: DateTime<Utc>) -> Vec<&SigningKey> {
        let is_good = |accepted: &&AcceptedKey| accepted.until.is_none_or(|until| until > now);
        self.keys.iter().filter(is_good).map(|accepted| &accepted.key).collect()
    }
}

/// Settings by organization, callback accounts by token.
pub(super) struct SettingsCache {
    store: Store,
    sealer: Sealer,
    keyring: Keyring,
    organizations: RwLock<HashMap<OrganizationId, Arc<Settings>>>,
    tokens: RwLock<HashMap<String, Arc<CallbackAccount>>>,
    /// One at a time reads; the others find what it read.
    reading: Mutex<()>,
    /// When newer keys were last looked for because a signature did not fit.
    looks: parking_lot::Mutex<HashMap<OrganizationId, Arc<Mutex<Option<Instant>>>>>,
}

impl SettingsCache {
    /// Knows from the start whom callbacks belong to, as it was when the process last ran.
    pub(super) fn new(store: Store, sealer: Sealer, keyring: Keyring) -> Self {
        let tokens =
            keyring.accounts().into_iter().map(|(token, account)| (token, Arc::new(account)));
        Self {
            store,
            sealer,
            tokens: RwLock::new(tokens.collect()),
            keyring,
            organizations: RwLock::default(),
            reading: Mutex::default(),
            looks: parking_lot::Mutex::default(),
        }
    }

    /// Reads whatever has changed, so that it is known before it is needed, and also when the
    /// database is away by then.
    pub(super) async fn refresh(&self) -> Result<(), StoreError> {
        let mut connection = self.store.system().await?;
        let versions = settings::versions(&mut connection).await?;
        drop(connection);
        for (organization, version) in versions {
            let known = self.organizations.read().get(&organization).map(|known| known.version);
            if known != Some(version)
                && let Err(error) = self.newer_than(organization, known.unwrap_or(0)).await
            {
                // One organization's trouble, such as a key that does not open, is not the others'.
                tracing::warn!(%error, organization.id = %organization, "settings cannot be read");
            }
        }
        Ok(())
    }

    /// The settings as last read, should the database be away.
    pub(super) fn known(&self, organization: OrganizationId) -> Option<Arc<Settings>> {
        self.organizations.read().get(&organization).cloned()
    }

    /// The settings as last read; reads them when they never were.
    pub(super) async fn get(
        &self,
        organization: OrganizationId,
    ) -> Result<Option<Arc<Settings>>, StoreError> {
        let known = self.organizations.read().get(&organization).cloned();
        match known {
            Some(settings) => Ok(Some(settings)),
            None => self.newer_than(organization, 0).await,
        }
    }

    /// Settings newer than a version that proved old, or the same where there are none.
    pub(super) async fn newer_than(
        &self,
        organization: OrganizationId,
        version: i64,
    ) -> Result<Option<Arc<Settings>>, StoreError> {
        let _one_at_a_time = self.reading.lock().await;
        let known = self.organizations.read().get(&organization).cloned();
        if let Some(settings) = known.filter(|settings| settings.version > version) {
            return Ok(Some(settings));
        }
        let mut connection = self.store.read(organization).await?;
        let Some(read) = settings::load(&mut connection, organization, &self.sealer).await? else {
            return Ok(None);
        };
        let read = Arc::new(read);
        self.keyring.remember(&read).await;
        self.organizations.write().insert(organization, Arc::clone(&read));
        let mut tokens = self.tokens.write();
        tokens.retain(|_, account| account.organization != organization);
        tokens.extend(callback_accounts(&read));
        drop(tokens);
        Ok(Some(read))
    }

    /// Whom a callback token belongs to; none where nobody has it.
    pub(super) async fn callback_account(
        &self,
        token: &str,
    ) -> Result<Option<Arc<CallbackAccount>>, StoreError> {
        let known = self.tokens.read().get(token).cloned();
        if let Some(account) = known {
            return Ok(Some(account));
        }
        let mut connection = self.store.system().await?;
        let owner = settings::find_callback_token(&mut connection, token).await?;
        drop(connection);
        let Some((organization, _)) = owner else { return Ok(None) };
        // What is known of the organization does not have it, so that it is older than the token.
        let known = self.organizations.read().get(&organization).map_or(0, |known| known.version);
        self.newer_than(organization, known).await?;
        Ok(self.tokens.read().get(token).cloned())
    }

    /// The same account with settings newer than those that refused a signature; none where there
    /// are no newer ones.
    ///
    /// Whoever floods us with forgeries makes the database read one version now and then: all who
    /// have come before a look begins share what it finds.
    pub(super) async fn newer_callback_account(
        &self,
        token: &str,
        stale: &CallbackAccount,
    ) -> Result<Option<Arc<CallbackAccount>>, StoreError> {
        let came_at = Instant::now();
        let look = Arc::clone(self.looks.lock().entry(stale.organization).or_default());
        let mut began_at = look.lock().await;
        if began_at.is_none_or(|began_at| began_at < came_at) {
            if let Some(before) = *began_at {
                tokio::time::sleep(LOOK_INTERVAL.saturating_sub(before.elapsed())).await;
            }
            *began_at = Some(Instant::now());
            self.look_for_newer(stale).await?;
        }
        drop(began_at);
        let known = self.tokens.read().get(token).cloned();
        Ok(known.filter(|account| account.version > stale.version))
    }

    async fn look_for_newer(&self, stale: &CallbackAccount) -> Result<(), StoreError> {
        let organization = stale.organization;
        let mut connection = self.store.read(organization).await?;
        let version = settings::version(&mut connection, organization).await?;
        drop(connection);
        let known = self.organizations.read().get(&organization).map(|known| known.version);
        let known = known.unwrap_or(stale.version);
        if version.is_some_and(|version| version > known) {
            self.newer_than(organization, known).await?;
        }
        Ok(())
    }

    /// An organization's accounts with the keys that are in the database now.
    pub(super) async fn callback_accounts_now(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<Arc<CallbackAccount>>, StoreError> {
        let known = self.organizations.read().get(&organization).map_or(0, |known| known.version);
        let settings = self.newer_than(organization, known).await?;
        let accounts = settings.iter().flat_map(|settings| callback_accounts(settings));
        Ok(accounts.map(|(_, account)| account).collect())
    }
}

/// An organization's accounts by their callback tokens.
fn callback_accounts(settings: &Settings) -> Vec<(String, Arc<CallbackAccount>)> {
    let accounts = settings.accounts.values();
    accounts
        .map(|keyed| {
            let account = CallbackAccount {
                organization: settings.organization,
                account: keyed.account.id,
                customer_id: keyed.account.customer_id.clone(),
                keys: accepted_keys(keyed),
                version: settings.version,
            };
            (keyed.account.callback_token.clone(), Arc::new(account))
        })
        .collect()
}

/// The present key and the one before it; whoever verifies asks for the time.
fn accepted_keys(keyed: &Keyed) -> Vec<AcceptedKey> {
    let previous = keyed.previous_key.as_ref().map(|(key, until)| (key, Some(*until)));
    std::iter::once((&keyed.key, None))
        .chain(previous)
        .filter_map(|(key, until)| Some(AcceptedKey { key: SigningKey::new(key).ok()?, until }))
        .collect()
}
