//! Passwords: argon2id, a few at a time, away from the threads that answer.
//!
//! **Invariant:** a check costs the same whether or not there is a password to check against, so
//! that time does not tell who has an account.

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{Error as HashError, PasswordHasher, PasswordVerifier},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::AdminError;

/// Passwords hashed at a time; each takes 19 MiB and some 30 ms of a core.
const HASHES_MAX: usize = 2;
/// Passwords that are hashed or wait for it; one more is told to come again.
const WAITING_MAX: usize = 64;

/// Nobody's hash, of the cost of a real one.
const NOBODYS_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1\
    $bm9ib2R5J3Mgc2FsdCE$bm9ib2R5IGhhcyB0aGlzIHBhc3N3b3JkLCBldmVyLi4";

/// Where passwords are hashed; clones share the bounds.
#[derive(Clone)]
pub(super) struct PasswordDesk {
    waiting: Arc<Semaphore>,
    hashing: Arc<Semaphore>,
}

impl PasswordDesk {
    pub(super) fn new() -> Self {
        Self {
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
            hashing: Arc::new(Semaphore::new(HASHES_MAX)),
        }
    }

    /// A hash to store, in PHC form.
    pub(super) async fn hash(&self, password: SecretString) -> Result<String, AdminError> {
        self.work(move || {
            let hash = Argon2::default().hash_password(password.expose_secret().as_bytes())?;
            Ok(hash.to_string())
        })
        .await?
        .map_err(|error: HashError| AdminError::unavailable(error))
    }

    /// Whether the password is the one of the hash; never, where there is no hash.
    pub(super) async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<bool, AdminError> {
        self.work(move || {
            let is_somebodys = hash.is_some();
            let hash = hash.as_deref().unwrap_or(NOBODYS_HASH);
            is_right(&password, hash) && is_somebodys
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AdminError> {
        let waiting =
            Arc::clone(&self.waiting).try_acquire_owned().map_err(|_full| AdminError::Busy)?;
        let hashing = Arc::clone(&self.hashing).acquire_owned().await;
        // The permits go along: a caller that hangs up does not make room while its hash goes on.
        let done = tokio::task::spawn_blocking(move || {
            let _permits = (waiting, hashing);
            job()
        });
        done.await.map_err(AdminError::unavailable)
    }
}

fn is_right(password: &SecretString, hash: &str) -> bool {
    match Argon2::default().verify_password(password.expose_secret().as_bytes(), hash) {
        Ok(()) => true,
        Err(HashError::PasswordInvalid) => false,
        // A stored hash that no release of ours wrote lets nobody in.
        Err(error) => {
            tracing::error!(%error, "a stored password hash cannot be read; set the password again");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::phc::PasswordHash;

    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[tokio::test]
    async fn only_the_password_of_the_hash_is_right() {
        let desk = PasswordDesk::new();
        let hash = desk.hash(secret("correct horse")).await.unwrap();
        assert!(desk.verify(secret("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!desk.verify(secret("Correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!desk.verify(secret("correct horse"), None).await.unwrap());
        assert!(!desk.verify(secret("correct horse"), Some("plain".into())).await.unwrap());
        assert_ne!(hash, desk.hash(secret("correct horse")).await.unwrap(), "salted");
    }

    #[tokio::test]
    async fn nobodys_hash_costs_what_a_real_one_costs() {
        let real = PasswordDesk::new().hash(secret("correct horse")).await.unwrap();
        let (real, nobodys) =
            (PasswordHash::new(&real).unwrap(), PasswordHash::new(NOBODYS_HASH).unwrap());
        assert_eq!(real.algorithm, nobodys.algorithm);
        assert_eq!(real.version, nobodys.version);
        assert_eq!(real.params.to_string(), nobodys.params.to_string());
        assert_eq!(real.hash.unwrap().len(), nobodys.hash.unwrap().len());
    }

    #[tokio::test]
    async fn one_password_too_many_is_told_to_come_again() {
        let desk = PasswordDesk::new();
        let all = desk.waiting.acquire_many(WAITING_MAX.try_into().unwrap()).await.unwrap();
        assert!(matches!(desk.hash(secret("correct horse")).await, Err(AdminError::Busy)));
        drop(all);
        assert!(desk.hash(secret("correct horse")).await.is_ok());
    }
}
