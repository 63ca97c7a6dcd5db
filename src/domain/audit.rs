//! The audit log: who did what, where from, and what it changed.
//!
//! An entry names people and texts by their ids alone, so that what is erased elsewhere is not kept
//! here; a secret appears as [`REDACTED`].

use std::{fmt, net::IpAddr};

use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::word_enum;

/// What stands for a secret that changed.
pub const REDACTED: &str = "[redacted]";
const REQUEST_PREFIX: &str = "req_";

word_enum! {
    /// Whether something was done.
    pub enum AuditOutcome {
        Done = "DONE",
        Refused = "REFUSED",
    }
}

/// The request that something was asked with; nothing where nobody outside asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Origin {
    pub request: Option<RequestId>,
    pub address: Option<IpAddr>,
}

/// A request's id as the API tells it; on a socket, each operation has its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId {
    id: Uuid,
    operation: Option<u64>,
}

impl RequestId {
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(REQUEST_PREFIX)?;
        let (id, operation) = match rest.split_once('.') {
            Some((id, operation)) => (id, Some(operation.parse().ok()?)),
            None => (rest, None),
        };
        let bytes = BASE32_NOPAD.decode(id.to_uppercase().as_bytes()).ok()?;
        Some(Self { id: Uuid::from_slice(&bytes).ok()?, operation })
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = BASE32_NOPAD.encode(self.id.as_bytes()).to_lowercase();
        write!(formatter, "{REQUEST_PREFIX}{id}")?;
        self.operation.map_or(Ok(()), |operation| write!(formatter, ".{operation}"))
    }
}

/// A field before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditChange {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// What an entry says was changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct AuditChanges(pub Vec<AuditChange>);

impl AuditChanges {
    /// A field of something that is new.
    pub fn set(self, field: &str, after: impl fmt::Display) -> Self {
        self.push(field, None, Some(after.to_string()))
    }

    /// A field of something that is new, where it has it.
    pub fn set_if<T: fmt::Display>(self, field: &str, after: Option<T>) -> Self {
        match after {
            Some(after) => self.set(field, after),
            None => self,
        }
    }

    /// A field that has another value now; one that has the same is left out.
    pub fn moved<T: fmt::Display>(self, field: &str, before: Option<T>, after: Option<T>) -> Self {
        let (before, after) =
            (before.map(|value| value.to_string()), after.map(|value| value.to_string()));
        if before == after { self } else { self.push(field, before, after) }
    }

    /// A field that a change may leave as it is.
    pub fn moved_if<T: fmt::Display>(self, field: &str, before: T, change: Option<T>) -> Self {
        match change {
            Some(after) => self.moved(field, Some(before), Some(after)),
            None => self,
        }
    }

    /// A secret that was set, in place of another or for the first time.
    pub fn secret(self, field: &str, had_one: bool) -> Self {
        self.push(field, had_one.then(|| REDACTED.to_owned()), Some(REDACTED.to_owned()))
    }

    fn push(mut self, field: &str, before: Option<String>, after: Option<String>) -> Self {
        self.0.push(AuditChange { field: field.to_owned(), before, after });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_reads_back_as_it_was_told() {
        let id = RequestId { id: Uuid::from_u128(0x0192_1234), operation: None };
        let on_a_socket = RequestId { operation: Some(7), ..id };
        for id in [id, on_a_socket] {
            assert_eq!(RequestId::parse(&id.to_string()), Some(id));
        }
        for wrong in ["", "req_", "req_aaaa", "aaaa", &format!("{id}.x")] {
            assert_eq!(RequestId::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn what_did_not_change_is_left_out_and_a_secret_is_never_shown() {
        let changes = AuditChanges::default()
            .moved("active", Some(true), Some(true))
            .moved("queueId", None, Some("que_1"))
            .moved_if("name", "Support", None)
            .moved_if("name", "Support", Some("Support"))
            .set_if("country", None::<&str>)
            .secret("apiKey", true);
        let change = |field: &str, before: Option<&str>, after: &str| AuditChange {
            field: field.to_owned(),
            before: before.map(str::to_owned),
            after: Some(after.to_owned()),
        };
        let expected =
            vec![change("queueId", None, "que_1"), change("apiKey", Some(REDACTED), REDACTED)];
        assert_eq!(changes.0, expected);
    }
}
