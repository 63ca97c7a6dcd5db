//! Consent as people of ours speak for it: one customer at a time, or a list that was brought along.

use super::{
    Admin, AdminError, By,
    error::{Refusal, RefusalCode},
    field,
};
use crate::{
    domain::{
        address::SmsAddress,
        audit::AuditChanges,
        consent::{ConsentChange, ConsentScope, ConsentSource, ConsentStatus, ledger::LedgerEntry},
        conversation::access::Role,
        ids::{ConsentEntryId, SupportNumberId},
    },
    store::{
        Reads,
        audit::{self, NewAuditEntry},
        consent::{self, NewStatement, Speaker},
        support_number,
    },
};

/// Customers of one list.
pub const IMPORTED_MAX: usize = 1_000;

/// What somebody says of a customer; without `Debug`, since it names one.
#[derive(Clone)]
pub struct NewConsent {
    pub customer: SmsAddress,
    /// None: all numbers.
    pub support_number: Option<SupportNumberId>,
    pub status: ConsentStatus,
    /// How they know; texts to somebody who has opted out take nothing less.
    pub evidence: Option<String>,
}

/// What came of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    pub entered: usize,
    /// Customers of whom it was known.
    pub known: usize,
}

impl Admin {
    /// Opts a customer out or in; answers the line of the ledger that now says so.
    pub async fn consent_set(
        &self,
        by: By,
        role: Role,
        new: NewConsent,
    ) -> Result<LedgerEntry, AdminError> {
        let evidence = field::evidence(new.evidence.as_deref())?;
        if new.status == ConsentStatus::OptedIn && evidence.is_none() {
            let message = "say how you know that they want to get texts again, in their words";
            return Err(Refusal::at("evidence", RefusalCode::Required, message).into());
        }
        let mut connection = self.store.write(by.organization).await?;
        check_number(&mut connection, by, new.support_number).await?;
        let source = match role {
            Role::Admin => ConsentSource::Admin,
            Role::Agent | Role::Supervisor => ConsentSource::Agent,
        };
        let change =
            ConsentChange { status: new.status, source, keyword: None, evidence, message_id: None };
        let statement = self.statement(new.customer.clone(), new.support_number, change);
        let made = consent::enter(&mut connection, self.speaker(by), &[statement]).await?;
        if let Some(line) = made.into_iter().next() {
            let changes = AuditChanges::default()
                .set("status", line.status.as_str())
                .set_if("supportNumberId", line.support_number);
            let entry = NewAuditEntry { changes, ..self.noted(by, "consentSet", line.id) };
            audit::record(&mut connection, entry).await?;
            connection.commit().await?;
            return Ok(line);
        }
        // It was known: the line that said so first stands.
        let number = new.support_number;
        let standing =
            consent::standing_of(&mut connection, by.organization, &new.customer, number).await?;
        standing.ok_or_else(|| Refusal::not_found("address", "customer").into())
    }

    /// Enters a list of customers; one that is known already makes no second line.
    pub async fn consent_import(
        &self,
        by: By,
        status: ConsentStatus,
        customers: Vec<SmsAddress>,
        evidence: &str,
    ) -> Result<Imported, AdminError> {
        let required = || {
            let message = "say where the list comes from";
            Refusal::at("evidence", RefusalCode::Required, message)
        };
        let evidence = field::evidence(Some(evidence))?.ok_or_else(required)?;
        if customers.len() > IMPORTED_MAX {
            let message = format!("at most {IMPORTED_MAX} addresses at a time");
            return Err(Refusal::at("addresses", RefusalCode::TooMany, message).into());
        }
        let change = ConsentChange {
            status,
            source: ConsentSource::Import,
            keyword: None,
            evidence: Some(evidence),
            message_id: None,
        };
        let asked = customers.len();
        let statements: Vec<NewStatement> = customers
            .into_iter()
            .map(|customer| self.statement(customer, None, change.clone()))
            .collect();
        let mut connection = self.store.write(by.organization).await?;
        let entered = consent::enter(&mut connection, self.speaker(by), &statements).await?.len();
        let changes =
            AuditChanges::default().set("status", status.as_str()).set("entered", entered);
        let entry = NewAuditEntry { changes, ..self.noted(by, "consentImport", by.organization) };
        audit::record(&mut connection, entry).await?;
        connection.commit().await?;
        Ok(Imported { entered, known: asked - entered })
    }

    fn statement(
        &self,
        customer: SmsAddress,
        number: Option<SupportNumberId>,
        change: ConsentChange,
    ) -> NewStatement {
        NewStatement { id: ConsentEntryId(self.clock.new_uuid()), customer, number, change }
    }

    fn speaker(&self, by: By) -> Speaker {
        Speaker { organization: by.organization, actor: by.actor, at: self.clock.now() }
    }
}

/// A number of one's own, where an opt-out reaches no further.
async fn check_number(
    connection: &mut impl Reads,
    by: By,
    number: Option<SupportNumberId>,
) -> Result<(), AdminError> {
    let Some(number) = number else { return Ok(()) };
    if support_number::find_many(connection, by.organization, &[number]).await?.is_empty() {
        return Err(Refusal::not_found("supportNumberId", "support number").into());
    }
    if consent::scope(connection, by.organization).await? == ConsentScope::Organization {
        let message = "consent reaches all numbers here; leave the number out";
        return Err(Refusal::at("supportNumberId", RefusalCode::Invalid, message).into());
    }
    Ok(())
}
