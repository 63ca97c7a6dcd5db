//! The ledger of consent: each line holds the hash of the one before.
//!
//! **Invariant:** a line's hash covers everything that it says. What is personal in it (number,
//! word, evidence) is covered by a salted digest of its own: taken out together with the salt, it
//! is gone, and the chain still proves that nothing else was changed.

use std::fmt;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{ConsentSource, ConsentStatus};
use crate::domain::{
    address::SmsAddress,
    chain::{self, Hash, Hasher, Walk},
    ids::{ConsentEntryId, ConversationId, MessageId, OrganizationId, SupportNumberId},
};

/// What makes a digest of a number unguessable.
pub type Salt = [u8; 16];

/// The layout that is hashed; another layout gets another word.
const LAYOUT: &[u8] = b"centralino consent 1";

/// What can be taken out of a line.
#[derive(Clone, PartialEq, Eq)]
pub struct Personal {
    pub salt: Salt,
    pub customer: SmsAddress,
    pub keyword: Option<String>,
    pub evidence: Option<String>,
}

impl Personal {
    pub fn digest(&self) -> Hash {
        let mut hasher = Hasher::new();
        hasher.part(&self.salt);
        hasher.part(self.customer.as_str().as_bytes());
        hasher.optional(self.keyword.as_deref().map(str::as_bytes));
        hasher.optional(self.evidence.as_deref().map(str::as_bytes));
        hasher.finish()
    }
}

/// A line of the ledger.
#[derive(Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    pub organization: OrganizationId,
    /// 1, 2, 3 … within the organization, without holes.
    pub sequence: i64,
    pub id: ConsentEntryId,
    pub at: DateTime<Utc>,
    pub status: ConsentStatus,
    pub source: ConsentSource,
    /// The number of ours that it is about; none: all of them.
    pub support_number: Option<SupportNumberId>,
    pub conversation: Option<ConversationId>,
    pub message: Option<MessageId>,
    /// Kind and id of whoever said so.
    pub actor: (String, Option<Uuid>),
    /// None once it was taken out.
    pub personal: Option<Personal>,
    pub personal_digest: Hash,
}

impl fmt::Debug for LedgerEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing personal.
        formatter
            .debug_struct("LedgerEntry")
            .field("sequence", &self.sequence)
            .field("id", &self.id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl LedgerEntry {
    /// The hash of this line, which follows on another.
    pub fn hash(&self, previous: &Hash) -> Hash {
        let mut hasher = Hasher::line(LAYOUT, previous);
        hasher.part(self.organization.0.as_bytes());
        hasher.part(&self.sequence.to_be_bytes());
        hasher.part(self.id.0.as_bytes());
        hasher.part(&self.at.timestamp_micros().to_be_bytes());
        hasher.part(self.status.as_str().as_bytes());
        hasher.part(self.source.as_str().as_bytes());
        hasher.optional(self.support_number.as_ref().map(|id| id.0.as_bytes().as_slice()));
        hasher.optional(self.conversation.as_ref().map(|id| id.0.as_bytes().as_slice()));
        hasher.optional(self.message.as_ref().map(|id| id.0.as_bytes().as_slice()));
        hasher.part(self.actor.0.as_bytes());
        hasher.optional(self.actor.1.as_ref().map(|id| id.as_bytes().as_slice()));
        hasher.part(&self.personal_digest);
        hasher.finish()
    }
}

/// Why a ledger is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error(transparent)]
    Chain(#[from] chain::Broken),
    #[error("the number, word or evidence of line {0} has been changed")]
    PersonalChanged(i64),
}

/// Goes one line on.
pub fn step(walk: &mut Walk, entry: &LedgerEntry, stored: &Hash) -> Result<(), Broken> {
    walk.step(entry.sequence, stored, |previous| entry.hash(previous))?;
    if let Some(personal) = &entry.personal
        && personal.digest() != entry.personal_digest
    {
        return Err(Broken::PersonalChanged(entry.sequence));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::chain::BEGINNING;

    fn entry(sequence: i64) -> LedgerEntry {
        let personal = Personal {
            salt: [7; 16],
            customer: SmsAddress::from_e164("+14155550123").unwrap(),
            keyword: Some("stop".into()),
            evidence: Some("STOP!".into()),
        };
        LedgerEntry {
            organization: OrganizationId(Uuid::from_u128(1)),
            sequence,
            id: ConsentEntryId(Uuid::from_u128(u128::try_from(sequence).unwrap())),
            at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            status: ConsentStatus::OptedOut,
            source: ConsentSource::Keyword,
            support_number: None,
            conversation: Some(ConversationId(Uuid::from_u128(5))),
            message: None,
            actor: ("CUSTOMER".into(), None),
            personal_digest: personal.digest(),
            personal: Some(personal),
        }
    }

    /// Three lines, each with its hash.
    fn ledger() -> Vec<(LedgerEntry, Hash)> {
        let mut previous = BEGINNING;
        (1..=3)
            .map(|sequence| {
                let entry = entry(sequence);
                previous = entry.hash(&previous);
                (entry, previous)
            })
            .collect()
    }

    fn walk(lines: &[(LedgerEntry, Hash)], head: (i64, &Hash)) -> Result<i64, Broken> {
        let mut walk = Walk::default();
        for (entry, hash) in lines {
            step(&mut walk, entry, hash)?;
        }
        walk.end(head)?;
        Ok(walk.sequence())
    }

    #[test]
    fn a_ledger_as_it_was_written_is_whole() {
        let lines = ledger();
        assert_eq!(walk(&lines, (3, &lines[2].1)), Ok(3));
        assert_eq!(walk(&[], (0, &BEGINNING)), Ok(0));
    }

    #[test]
    fn every_change_is_found_where_it_was_made() {
        let head = ledger()[2].1;
        let other = Uuid::from_u128(99);
        let changes: [fn(&mut LedgerEntry, Uuid); 9] = [
            |entry, _| entry.status = ConsentStatus::OptedIn,
            |entry, _| entry.source = ConsentSource::Import,
            |entry, _| entry.at += chrono::TimeDelta::microseconds(1),
            |entry, other| entry.id = ConsentEntryId(other),
            |entry, other| entry.support_number = Some(SupportNumberId(other)),
            |entry, _| entry.conversation = None,
            |entry, other| entry.message = Some(MessageId(other)),
            |entry, other| entry.actor = ("AGENT".into(), Some(other)),
            |entry, _| entry.personal_digest = [1; 32],
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut lines = ledger();
            lines[1].0.personal = None;
            change(&mut lines[1].0, other);
            assert_eq!(
                walk(&lines, (3, &head)),
                Err(Broken::Chain(chain::Broken::Changed(2))),
                "change {at}"
            );
        }
        let personal: [fn(&mut Personal); 4] = [
            |it| it.salt = [8; 16],
            |it| it.keyword = None,
            |it| it.evidence = Some("STOP".into()),
            |it| it.customer = SmsAddress::from_e164("+14155550124").unwrap(),
        ];
        for (at, change) in personal.into_iter().enumerate() {
            let mut lines = ledger();
            change(lines[1].0.personal.as_mut().unwrap());
            assert_eq!(walk(&lines, (3, &head)), Err(Broken::PersonalChanged(2)), "change {at}");
        }
    }

    #[test]
    fn a_line_that_was_taken_out_is_missed() {
        let head = ledger()[2].1;
        let mut lines = ledger();
        lines.remove(1);
        assert_eq!(walk(&lines, (3, &head)), Err(Broken::Chain(chain::Broken::Missing(2))));
        let lines = ledger();
        assert_eq!(walk(&lines[..2], (3, &head)), Err(Broken::Chain(chain::Broken::CutOff(2))));
    }

    #[test]
    fn what_is_personal_can_be_taken_out_and_the_chain_holds() {
        let mut lines = ledger();
        lines[1].0.personal = None;
        let head = lines[2].1;
        assert_eq!(walk(&lines, (3, &head)), Ok(3));
    }
}
