//! Who asks, as far as the transport has to know.

use std::future::Future;

use chrono::{DateTime, Utc};

/// A proven caller; the gateway puts it into the data of each request as its own type.
pub trait Identity: Clone + Send + Sync + 'static {
    /// When it ends; sockets are closed then.
    fn expires_at(&self) -> Option<DateTime<Utc>>;
}

/// It could not be found out who asks; the same request may succeed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable;

/// Proves callers by their bearer secret.
pub trait Authenticate: Send + Sync + 'static {
    type Identity: Identity;

    /// `None`: the secret is not good.
    fn authenticate(
        &self,
        secret: &str,
    ) -> impl Future<Output = Result<Option<Self::Identity>, Unavailable>> + Send;
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
