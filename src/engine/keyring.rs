//! Who may sign callbacks, kept sealed on the disk: so that they are verified, and taken into the
//! spool, by a server that starts while the database is away.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::settings_cache::{AcceptedKey, CallbackAccount};
use crate::{
    domain::{
        ids::{ChannelAccountId, OrganizationId},
        secret::ApiKey,
    },
    spool::SealedFile,
    store::settings::Settings,
    telesign::SigningKey,
};

/// An account as it is kept; the file around it is sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    token: String,
    organization: Uuid,
    account: Uuid,
    customer_id: String,
    keys: Vec<KeyEntry>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct KeyEntry {
    key: String,
    until: Option<DateTime<Utc>>,
}

/// The file and what is in it.
pub(super) struct Keyring {
    file: SealedFile,
    entries: Mutex<HashMap<Uuid, Vec<Entry>>>,
}

impl Keyring {
    /// Reads the file; one that does not open counts as none.
    pub(super) fn open(file: SealedFile) -> Self {
        let mut entries: HashMap<Uuid, Vec<Entry>> = HashMap::new();
        match file.read() {
            Ok(Some(bytes)) => match serde_json::from_slice::<Vec<Entry>>(&bytes) {
                Ok(all) => {
                    for entry in all {
                        entries.entry(entry.organization).or_default().push(entry);
                    }
                }
                Err(error) => tracing::warn!(%error, "the keyring on the disk cannot be read"),
            },
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the keyring on the disk cannot be read"),
        }
        Self { file, entries: Mutex::new(entries) }
    }

    /// The accounts by their callback tokens.
    pub(super) fn accounts(&self) -> Vec<(String, CallbackAccount)> {
        let entries = self.entries.lock();
        let all = entries.values().flatten();
        all.map(|entry| (entry.token.clone(), account_of(entry))).collect()
    }

    /// Keeps what an organization's settings say, if that is news.
    pub(super) async fn remember(&self, settings: &Settings) {
        let organization = settings.organization.0;
        let mut present: Vec<Entry> = settings
            .accounts
            .values()
            .map(|keyed| {
                let previous = keyed.previous_key.as_ref().map(|(key, until)| (key, Some(*until)));
                let keys = std::iter::once((&keyed.key, None)).chain(previous);
                Entry {
                    token: keyed.account.callback_token.clone(),
                    organization,
                    account: keyed.account.id.0,
                    customer_id: keyed.account.customer_id.clone(),
                    keys: keys
                        .map(|(key, until)| KeyEntry { key: key.expose().to_owned(), until })
                        .collect(),
                }
            })
            .collect();
        present.sort_by_key(|entry| entry.account);
        let bytes = {
            let mut entries = self.entries.lock();
            if entries.get(&organization).map_or(present.is_empty(), |known| *known == present) {
                return;
            }
            entries.insert(organization, present);
            let all: Vec<&Entry> = entries.values().flatten().collect();
            Zeroizing::new(serde_json::to_vec(&all).unwrap_or_default())
        };
        let file = self.file.clone();
        let written = tokio::task::spawn_blocking(move || file.write(&bytes)).await;
        if let Ok(Err(error)) = written {
            tracing::error!(%error, "the keyring could not be written to the disk");
        }
    }
}

fn account_of(entry: &Entry) -> CallbackAccount {
    let key = |kept: &KeyEntry| {
        let key = SigningKey::new(&ApiKey::new(kept.key.clone())).ok()?;
        Some(AcceptedKey { key, until: kept.until })
    };
    CallbackAccount {
        organization: OrganizationId(entry.organization),
        account: ChannelAccountId(entry.account),
        customer_id: entry.customer_id.clone(),
        keys: entry.keys.iter().filter_map(key).collect(),
        version: 0,
    }
}
