//! Watches over the credentials of open connections: a revoked one ends them within a second.
//!
//! One question for all of them together, twice a second: it costs the same for one socket and for
//! thousands, and hears of what another process has revoked as well.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
    time::Duration,
};

use async_graphql::Executor;
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::{
    gateway::Gateway,
    identity::{Authenticate, Credential, Unavailable},
};

/// Credentials that are asked about at a time.
const QUESTION_CREDENTIALS_MAX: usize = 1_000;

/// The credentials in use, each with the number of connections that show it.
pub(super) struct Vigil<C: Credential>(Mutex<HashMap<C, Watched>>);

struct Watched {
    connections: usize,
    ended: CancellationToken,
}

impl<C: Credential> Vigil<C> {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(HashMap::new())))
    }

    /// Watches a credential for as long as what is returned is held.
    pub(super) fn watch(self: &Arc<Self>, credential: C) -> Watch<C> {
        let mut watched = self.0.lock();
        let entry = watched
            .entry(credential.clone())
            .or_insert_with(|| Watched { connections: 0, ended: CancellationToken::new() });
        entry.connections += 1;
        let ended = entry.ended.clone();
        Watch { vigil: Arc::clone(self), credential, ended }
    }

    fn credentials(&self) -> Vec<C> {
        self.0.lock().keys().cloned().collect()
    }

    fn end(&self, credential: &C) {
        // Whoever shows it again is not watched by the entry that has ended.
        if let Some(watched) = self.0.lock().remove(credential) {
            watched.ended.cancel();
        }
    }
}

/// One connection's share of a watched credential.
pub(super) struct Watch<C: Credential> {
    vigil: Arc<Vigil<C>>,
    credential: C,
    /// Cancelled when the credential is no longer good.
    pub(super) ended: CancellationToken,
}

impl<C: Credential> Drop for Watch<C> {
    fn drop(&mut self) {
        let mut watched = self.vigil.0.lock();
        let Some(entry) = watched.get_mut(&self.credential) else { return };
        if self.ended.is_cancelled() {
            return;
        }
        entry.connections -= 1;
        if entry.connections == 0 {
            watched.remove(&self.credential);
        }
    }
}

/// Asks until the gateway is gone.
pub(super) async fn keep<E: Executor, A: Authenticate>(
    gateway: Weak<Gateway<E, A>>,
    pause: Duration,
) {
    loop {
        tokio::time::sleep(pause).await;
        let Some(gateway) = gateway.upgrade() else { return };
        let credentials = gateway.vigil.credentials();
        for some in credentials.chunks(QUESTION_CREDENTIALS_MAX) {
            match gateway.those_good(some).await {
                Ok(good) => {
                    let ended = some.iter().filter(|credential| !good.contains(credential));
                    ended.for_each(|credential| gateway.vigil.end(credential));
                }
                // The database is away: what was found last holds, until it expires.
                Err(Unavailable) => break,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_watched_while_a_connection_shows_it() {
        let vigil = Vigil::<u8>::new();
        let (one, two) = (vigil.watch(1), vigil.watch(1));
        drop(one);
        assert_eq!(vigil.credentials(), [1]);
        drop(two);
        assert!(vigil.credentials().is_empty());
    }

    #[test]
    fn an_end_reaches_every_connection_and_nobody_later() {
        let vigil = Vigil::<u8>::new();
        let (one, two) = (vigil.watch(1), vigil.watch(1));
        vigil.end(&1);
        assert!(one.ended.is_cancelled() && two.ended.is_cancelled());
        let later = vigil.watch(1);
        drop((one, two));
        assert!(!later.ended.is_cancelled());
        assert_eq!(vigil.credentials(), [1], "those that have gone took nothing of the later one");
    }
}
