//! Who asks, as far as the transport has to know.

use std::{collections::HashSet, future::Future, hash::Hash};

use chrono::{DateTime, Utc};

/// What tells credentials apart; never the secret itself.
pub trait Credential: Clone + Eq + Hash + Send + Sync + 'static {}

impl<T: Clone + Eq + Hash + Send + Sync + 'static> Credential for T {}

/// A proven caller; the gateway puts it into the data of each request as its own type.
pub trait Identity: Clone + Send + Sync + 'static {
    /// Who it is, whatever they show: what one caller may take is counted by it.
    type Caller: Credential;
    type Credential: Credential;

    fn caller(&self) -> Self::Caller;

    fn credential(&self) -> Self::Credential;

    /// When it ends unless it is used; then it is asked again whether it is good.
    fn expires_at(&self) -> Option<DateTime<Utc>>;
}

/// It could not be found out who asks; the same request may succeed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable;

/// The credentials of an authenticator.
pub(super) type CredentialOf<A> = <<A as Authenticate>::Identity as Identity>::Credential;
/// The callers of an authenticator.
pub(super) type CallerOf<A> = <<A as Authenticate>::Identity as Identity>::Caller;

/// Proves callers by their bearer secret.
pub trait Authenticate: Send + Sync + 'static {
    type Identity: Identity;

    /// `None`: the secret is not good.
    fn authenticate(
        &self,
        secret: &str,
    ) -> impl Future<Output = Result<Option<Self::Identity>, Unavailable>> + Send;

    /// Those of the credentials that are still good.
    fn those_good(
        &self,
        credentials: &[CredentialOf<Self>],
    ) -> impl Future<Output = Result<HashSet<CredentialOf<Self>>, Unavailable>> + Send
    where
        Self: Sized;
}

/// The secret of `Bearer <secret>`; `None` for anything else.
pub(super) fn bearer(value: &str) -> Option<&str> {
    let (scheme, secret) = value.trim().split_once(' ')?;
    let secret = secret.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !secret.is_empty()).then_some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearer_secret_is_taken() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for wrong in ["", "Bearer", "Bearer ", "Basic abc", "abc"] {
            assert_eq!(bearer(wrong), None, "{wrong:?}");
        }
    }
}
