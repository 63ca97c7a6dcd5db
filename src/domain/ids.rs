//! Typed ids: a three-letter prefix and a UUIDv7 in Crockford base32, for example `cnv_06AK…`.
//!
//! The prefix says what a log line or a URL speaks of; the type keeps one kind of id from standing
//! in for another. Clients treat ids as opaque.

use std::{fmt, str::FromStr, sync::LazyLock};

use data_encoding::{Encoding, Specification};
use uuid::Uuid;

/// 128 bits in base32.
const ENCODED_LENGTH: usize = 26;

/// Crockford's alphabet: no I, L, O or U, so that an id can be read aloud.
static CROCKFORD: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification.encoding().unwrap_or(data_encoding::BASE32HEX_NOPAD)
});

/// A text that is not an id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct InvalidId;

fn encode(prefix: &str, id: Uuid) -> String {
    format!("{prefix}_{}", CROCKFORD.encode(id.as_bytes()))
}

fn decode(prefix: &str, text: &str) -> Result<Uuid, InvalidId> {
    let encoded = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .filter(|encoded| encoded.len() == ENCODED_LENGTH)
        .ok_or(InvalidId)?;
    let bytes = CROCKFORD.decode(encoded.as_bytes()).ok().ok_or(InvalidId)?;
    Uuid::from_slice(&bytes).ok().ok_or(InvalidId)
}

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// What every id of this kind starts with.
            pub const PREFIX: &'static str = $prefix;
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&encode($prefix, self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, formatter)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                decode($prefix, text).map(Self)
            }
        }
    )*};
}

typed_ids! {
    /// A company whose customers text it; every other id belongs to one.
    OrganizationId = "org";
    /// A person, or a service, that works conversations or administers the organization.
    AgentId = "agt";
    /// A signed-in person's session.
    SessionId = "ses";
    /// A machine credential.
    ApiTokenId = "tok";
    /// Credentials and endpoints at the SMS provider.
    ChannelAccountId = "cha";
    /// A number of ours that customers text.
    SupportNumberId = "num";
    /// A stream of work with its own numbers, language and rules.
    WorkstreamId = "wks";
    /// Where conversations wait for an agent.
    QueueId = "que";
    /// An exchange between one of our numbers and one customer.
    ConversationId = "cnv";
    /// One text message.
    MessageId = "msg";
    /// A callback of the provider, as it was kept.
    ReceiptId = "rcp";
    /// A line of the audit log.
    AuditEntryId = "aud";
    /// Something that a person should look at.
    AlertId = "alr";
    /// A line of the ledger of consent.
    ConsentEntryId = "cns";
    /// A wrongly signed callback.
    QuarantinedCallbackId = "qcb";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_itself() {
        let id = ConversationId(Uuid::from_u128(0x0192_1234_5678_7abc_8def_0123_4567_89ab));
        let text = id.to_string();
        assert!(text.starts_with("cnv_"), "{text}");
        assert_eq!(text.len(), "cnv_".len() + ENCODED_LENGTH);
        assert_eq!(text.parse(), Ok(id));
    }

    #[test]
    fn what_is_not_an_id_of_the_kind_is_refused() {
        let id = ConversationId(Uuid::from_u128(7)).to_string();
        for wrong in ["", "cnv", "cnv_", &id[..id.len() - 1], &format!("{id}0"), &id.to_lowercase()]
        {
            assert_eq!(wrong.parse::<ConversationId>(), Err(InvalidId), "{wrong:?}");
        }
        assert_eq!(id.parse::<MessageId>(), Err(InvalidId));
    }

    #[test]
    fn later_ids_sort_later() {
        let earlier = ConversationId(Uuid::from_u128(1 << 90)).to_string();
        let later = ConversationId(Uuid::from_u128(1 << 91)).to_string();
        assert!(earlier < later);
    }
}
