//! Callbacks that were found genuine become effects, once each, or are kept until they can.
//!
//! `intake` decides when: at once, or when the database is back.

use sha2::{Digest, Sha256};

use super::{Engine, conversation_actor::Done, error::EngineError, supervisor::Target};
use crate::{
    domain::{
        address::SmsAddress,
        alert::{AlertKind, Trouble},
        conversation::{
            Pair,
            command::{Command, IncomingText},
        },
        ids::{ChannelAccountId, MessageId, OrganizationId, ReceiptId},
        message::{DeliveryReport, parse_external_id},
    },
    spool::Record,
    store::{
        commit::{Actor, Entry, NewReceipt},
        message::{self, Located},
        receipt::{self, CallbackOutcome, Receipt},
        settings::NotOpen,
    },
    telesign::{self, Callback, InboundText, ReceivedReport},
};

/// What a parked callback was tried by.
const BUILD: &str = env!("CARGO_PKG_VERSION");
/// All unrouted texts of an organization are one trouble.
pub(super) const UNROUTED_KEY: &str = "unrouted";

/// What came of a callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub outcome: CallbackOutcome,
    /// It had been received before; nothing changed this time.
    pub is_repeated: bool,
}

/// Whether a callback is new or has waited in the store.
#[derive(Clone)]
enum Source {
    New(NewReceipt),
    Kept(ReceiptId),
}

/// Where a callback came in.
#[derive(Clone, Copy)]
struct Origin {
    organization: OrganizationId,
    account: ChannelAccountId,
}

impl Engine {
    /// Stores a genuine callback and carries it out.
    pub(super) async fn store_callback(&self, arrived: Record) -> Result<Received, EngineError> {
        let origin = Origin { organization: arrived.organization, account: arrived.account };
        let parsed = telesign::parse(&arrived.body);
        let receipt = receipt_of(arrived, parsed.as_ref().ok());
        match parsed {
            Ok(callback) => self.apply_callback(origin, Source::New(receipt), callback).await,
            Err(error) => {
                let detail = error.to_string();
                self.keep(origin, Source::New(receipt), CallbackOutcome::Unparsed, &detail).await
            }
        }
    }

    /// Tries a callback again that was kept without an effect. A second replay changes nothing.
    pub async fn replay(
        &self,
        organization: OrganizationId,
        id: ReceiptId,
    ) -> Result<Option<Received>, EngineError> {
        let mut connection = self.shared.store.read(organization).await?;
        let found = receipt::find(&mut connection, organization, id).await?;
        drop(connection);
        match found {
            Some(kept) => Ok(Some(self.replay_receipt(kept).await?)),
            None => Ok(None),
        }
    }

    pub(super) async fn replay_receipt(&self, kept: Receipt) -> Result<Received, EngineError> {
        if kept.outcome == CallbackOutcome::Applied {
            return Ok(Received { outcome: kept.outcome, is_repeated: true });
        }
        let origin = Origin { organization: kept.organization, account: kept.account };
        let source = Source::Kept(kept.id);
        match telesign::parse(&kept.body) {
            Ok(callback) => self.apply_callback(origin, source, callback).await,
            Err(error) => {
                let detail = error.to_string();
                self.keep(origin, source, CallbackOutcome::Unparsed, &detail).await
            }
        }
    }

    async fn apply_callback(
        &self,
        origin: Origin,
        source: Source,
        callback: Callback,
    ) -> Result<Received, EngineError> {
        match callback {
            Callback::InboundText(text) => self.receive_text(origin, source, text).await,
            Callback::DeliveryReport(report) => self.receive_report(origin, source, report).await,
            Callback::Unknown { kind } => {
                let detail = format!("callbacks of the kind {kind} are kept and not acted on");
                self.keep(origin, source, CallbackOutcome::Ignored, &detail).await
            }
        }
    }

    async fn receive_text(
        &self,
        origin: Origin,
        source: Source,
        text: InboundText,
    ) -> Result<Received, EngineError> {
        let settings = &self.shared.settings;
        let mut known = settings.get(origin.organization).await?;
        // One retry is for settings that are newer than ours; more would be somebody's loop.
        for _ in 0..3 {
            let Some(present) = known else { return Err(EngineError::NotFound) };
            let number = present.number_of(origin.account, &text.to).map(|number| number.id);
            let opening = number.ok_or(NotOpen::UnknownNumber).and_then(|id| present.opening(id));
            let (Some(number), Ok(opening)) = (number, &opening) else {
                let newer = settings.newer_than(origin.organization, present.version).await?;
                if newer.as_ref().is_some_and(|newer| newer.version > present.version) {
                    known = newer;
                    continue;
                }
                self.obey_unheard(origin.organization, origin.account, &text).await?;
                let detail = opening.err().map(|reason| reason.to_string()).unwrap_or_default();
                return self.keep(origin, source, CallbackOutcome::Unrouted, &detail).await;
            };
            let pair = Pair {
                organization_id: origin.organization,
                support_number_id: number,
                customer: text.from.clone(),
            };
            let ask = super::Asking {
                command: Command::ReceiveText(IncomingText {
                    message_id: MessageId(self.shared.clock.new_uuid()),
                    text: text.text.clone(),
                    provider_reference: text.provider_reference.clone(),
                    keyword: self.spoken_keyword(&present, &opening.language, &text.text),
                }),
                entry: self.entry(&source),
                actor: Actor::Customer.into(),
                opening: Some((opening.clone(), present.version)),
            };
            match self.ask(Target::Pair { pair, stale: None }, ask).await? {
                super::Asked::Done(done) => {
                    if !done.is_repeated {
                        metrics::counter!("centralino_texts_received_total").increment(1);
                    }
                    return Ok(applied(&done));
                }
                super::Asked::StaleSettings => {
                    known = settings.newer_than(origin.organization, present.version).await?;
                }
            }
        }
        Err(EngineError::Busy)
    }

    async fn receive_report(
        &self,
        origin: Origin,
        source: Source,
        received: ReceivedReport,
    ) -> Result<Received, EngineError> {
        let Some((located, attempt)) = self.locate(origin, &received).await? else {
            let detail = "no text is known by its external_id or reference_id (yet)";
            return self.keep(origin, source, CallbackOutcome::Unmatched, detail).await;
        };
        let message_id = located.message.id;
        let report: DeliveryReport = received.report;
        let status = report.status.as_str();
        let asking = super::Asking {
            command: Command::RecordReport { message_id, attempt, report },
            entry: self.entry(&source),
            actor: Actor::System.into(),
            opening: None,
        };
        let target = self.target(origin.organization, located.conversation_id).await?;
        match self.ask(target, asking).await? {
            super::Asked::Done(done) => {
                if !done.is_repeated {
                    metrics::counter!("centralino_reports_total", "status" => status).increment(1);
                }
                Ok(applied(&done))
            }
            super::Asked::StaleSettings => Err(EngineError::Busy),
        }
    }

    /// Whether a callback that was kept would have its effect now.
    pub(super) async fn would_apply(&self, kept: &Receipt) -> Result<bool, EngineError> {
        let origin = Origin { organization: kept.organization, account: kept.account };
        match telesign::parse(&kept.body) {
            Ok(Callback::InboundText(text)) => {
                let settings = self.shared.settings.get(origin.organization).await?;
                Ok(settings.is_some_and(|settings| {
                    let number = settings.number_of(origin.account, &text.to);
                    number.is_some_and(|number| settings.opening(number.id).is_ok())
                }))
            }
            Ok(Callback::DeliveryReport(report)) => {
                Ok(self.locate(origin, &report).await?.is_some())
            }
            Ok(Callback::Unknown { .. }) | Err(_) => Ok(false),
        }
    }

    /// Keeps a callback that nobody can carry out, with what the panic said and who has tried.
    pub(super) async fn park_callback(
        &self,
        arrived: Record,
        said: &str,
    ) -> Result<(), EngineError> {
        let origin = Origin { organization: arrived.organization, account: arrived.account };
        let callback = telesign::parse(&arrived.body).ok();
        if let Some(Callback::InboundText(text)) = &callback {
            self.obey_unheard(origin.organization, origin.account, text).await?;
        }
        let receipt = receipt_of(arrived, callback.as_ref());
        let detail = format!("panicked again and again (build {BUILD}): {said}");
        self.keep(origin, Source::New(receipt), CallbackOutcome::Parked, &detail).await?;
        let trouble = Trouble {
            organization: origin.organization,
            kind: AlertKind::CallbackParked,
            dedup_key: "parked".to_owned(),
            text: "a callback could not be carried out, which is a fault of this program: report \
                   it, and replay the callbacks with the outcome PARKED after an upgrade"
                .to_owned(),
            subject_id: Some(origin.account.to_string()),
        };
        self.raise_alert(&trouble).await;
        Ok(())
    }

    /// Says that somebody should set a number up; nobody waits for it.
    fn tell_of_unrouted(&self, origin: Origin, reason: &str) {
        let trouble = Trouble {
            organization: origin.organization,
            kind: AlertKind::CallbackUnrouted,
            dedup_key: UNROUTED_KEY.to_owned(),
            text: format!(
                "a customer's text has reached nobody: {reason}. Set the number up, then replay \
                 the callbacks with the outcome UNROUTED"
            ),
            subject_id: Some(origin.account.to_string()),
        };
        let engine = self.clone();
        tokio::spawn(async move { engine.raise_alert(&trouble).await });
    }

    /// The text and try that a report is about: by our own id, else by the provider's.
    async fn locate(
        &self,
        origin: Origin,
        received: &ReceivedReport,
    ) -> Result<Option<(Located, i32)>, EngineError> {
        let organization = origin.organization;
        let mut connection = self.shared.store.read(organization).await?;
        if let Some((id, attempt)) = received.external_id.as_deref().and_then(parse_external_id)
            && let Some(located) = message::find(&mut connection, organization, id).await?
        {
            return Ok(Some((located, attempt)));
        }
        let Some(reference) = received.provider_reference.as_deref() else { return Ok(None) };
        let account = origin.account;
        let found =
            message::find_by_reference(&mut connection, organization, account, reference).await?;
        let Some((id, attempt)) = found else { return Ok(None) };
        let located = message::find(&mut connection, organization, id).await?;
        Ok(located.map(|located| (located, attempt)))
    }

    fn entry(&self, source: &Source) -> Entry {
        match source {
            Source::New(receipt) => Entry::Receipt(receipt.clone()),
            Source::Kept(receipt) => {
                Entry::Replay { receipt: *receipt, at: self.shared.clock.now() }
            }
        }
    }

    /// Keeps a callback that has no effect.
    async fn keep(
        &self,
        origin: Origin,
        source: Source,
        outcome: CallbackOutcome,
        detail: &str,
    ) -> Result<Received, EngineError> {
        let organization = origin.organization;
        let mut connection = self.shared.store.write(organization).await?;
        let is_new = match source {
            Source::New(new) => {
                receipt::insert(&mut connection, organization, &new, outcome, Some(detail)).await?
            }
            Source::Kept(id) => {
                receipt::set_outcome(&mut connection, organization, id, outcome, Some(detail))
                    .await?;
                true
            }
        };
        connection.commit().await?;
        if is_new && outcome == CallbackOutcome::Unrouted {
            self.tell_of_unrouted(origin, detail);
        }
        metrics::counter!("centralino_callbacks_kept_total", "outcome" => outcome.as_str())
            .increment(1);
        Ok(Received { outcome, is_repeated: !is_new })
    }
}

fn applied(done: &Done) -> Received {
    Received { outcome: CallbackOutcome::Applied, is_repeated: done.is_repeated }
}

fn receipt_of(arrived: Record, callback: Option<&Callback>) -> NewReceipt {
    let dedup = telesign::dedup_key(callback, &arrived.body);
    NewReceipt {
        id: arrived.id,
        account: arrived.account,
        kind: dedup.kind.as_str(),
        dedup_key: dedup.key,
        reference: callback.and_then(reference_of),
        customer: callback.and_then(customer_of),
        body: arrived.body,
        received_at: arrived.received_at,
    }
}

fn customer_of(callback: &Callback) -> Option<SmsAddress> {
    match callback {
        Callback::InboundText(text) => Some(text.from.clone()),
        Callback::DeliveryReport(_) | Callback::Unknown { .. } => None,
    }
}

fn reference_of(callback: &Callback) -> Option<String> {
    match callback {
        Callback::InboundText(text) => Some(text.provider_reference.clone()),
        Callback::DeliveryReport(report) => report.provider_reference.clone(),
        Callback::Unknown { .. } => None,
    }
}

/// A fingerprint of a mutation's input, to tell a repetition from another use of the same key.
pub fn input_hash(parts: &[&str]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().into()
}
