//! Consent on the way in and on the way out: what a text asks for, and what holds a send back.

use super::{Engine, EngineError};
use crate::{
    domain::{
        consent::{
            ConsentChange, ConsentScope, ConsentSource, ConsentStatus,
            keyword::{self, KeywordKind, Keywords},
            wording::AutomatedTrigger,
        },
        conversation::{
            State,
            command::{AutomatedText, SpokenKeyword},
        },
        ids::{ChannelAccountId, ConsentEntryId, MessageId, OrganizationId},
    },
    spool::PairKey,
    store::{
        commit::Actor,
        consent::{self, NewStatement, Speaker},
        outbox::Candidate,
        settings::Settings,
    },
    telesign::{Callback, InboundText},
};

impl Engine {
    /// The keyword that a text is, with what is answered to it.
    pub(super) fn spoken_keyword(
        &self,
        settings: &Settings,
        language: &str,
        text: &str,
    ) -> Option<SpokenKeyword> {
        let keyword = settings.keywords.find(language, text)?;
        let trigger = match keyword.kind {
            KeywordKind::OptOut => AutomatedTrigger::OptOutConfirmation,
            KeywordKind::OptIn => AutomatedTrigger::OptInConfirmation,
            KeywordKind::Help => AutomatedTrigger::Help,
        };
        let answer = settings.wording.text(trigger, language).map(|text| {
            let message_id = MessageId(self.shared.clock.new_uuid());
            AutomatedText { message_id, trigger, text }
        });
        Some(SpokenKeyword { keyword, answer })
    }

    /// Whether a callback may be an opt-out, for the spool: in doubt it is, until it is carried out.
    pub(super) fn may_opt_out(
        &self,
        organization: OrganizationId,
        callback: Option<&Callback>,
    ) -> bool {
        let Some(Callback::InboundText(text)) = callback else { return false };
        match self.shared.settings.known(organization) {
            Some(settings) => settings.keywords.may_opt_out(&text.text),
            None => Keywords::default().may_opt_out(&text.text),
        }
    }

    /// Obeys an opt-out that no conversation can take, because its text is parked or unrouted.
    ///
    /// In doubt about the language it is one: a customer who is not written to can say so.
    pub(super) async fn obey_unheard(
        &self,
        organization: OrganizationId,
        account: ChannelAccountId,
        text: &InboundText,
    ) -> Result<(), EngineError> {
        let Some(settings) = self.shared.settings.get(organization).await? else { return Ok(()) };
        if !settings.keywords.may_opt_out(&text.text) {
            return Ok(());
        }
        let change = ConsentChange {
            status: ConsentStatus::OptedOut,
            source: ConsentSource::Keyword,
            keyword: Some(keyword::plain(&text.text)),
            evidence: Some(text.text.clone()),
            message_id: None,
        };
        let shared = &self.shared;
        let statement = NewStatement {
            id: ConsentEntryId(shared.clock.new_uuid()),
            customer: text.from.clone(),
            number: settings.number_of(account, &text.to).map(|number| number.id),
            change,
        };
        let speaker = Speaker { organization, actor: Actor::Customer, at: shared.clock.now() };
        let mut connection = shared.store.write(organization).await?;
        let lines = consent::enter(&mut connection, speaker, &[statement]).await?;
        connection.commit().await?;
        if !lines.is_empty() {
            self.announce().await;
        }
        Ok(())
    }

    /// Whether something of the customer's waits in the spool that may forbid this send.
    ///
    /// Their own texts to this number do, whatever they say; so does an opt-out by another number
    /// that would reach this one.
    pub(super) fn is_held_back(&self, settings: &Settings, candidate: &Candidate) -> bool {
        let spool = &self.shared.spool;
        if spool.is_quiet() {
            return false;
        }
        settings.numbers.values().any(|number| {
            let digits = number.number.as_str();
            let pair = PairKey::new(candidate.organization, digits, &candidate.customer);
            if number.id == candidate.support_number {
                return spool.holds(&pair) || spool.is_suppressed(&pair);
            }
            settings.consent_scope == ConsentScope::Organization && spool.is_suppressed(&pair)
        })
    }
}

/// A state with what the commit has found out about the customer's consent.
pub(super) fn corrected(mut state: State, opted_out: Option<bool>) -> State {
    if let Some(opted_out) = opted_out {
        state.conversation.opted_out = opted_out;
    }
    state
}
