//! What agents ask for: move a conversation along, send a text, begin a conversation.
//!
//! A call that cannot be repeated harmlessly carries an idempotency key: the key is stored with what
//! the first call made, and every later call with it is answered with that.

use std::sync::Arc;

use super::{
    Asked, Asking, Caller, DETOURS_MAX, Done, Engine, EngineError, Sending, Starting, input_hash,
    supervisor::Target,
};
use crate::{
    domain::{
        conversation::{
            Conversation, ConversationStatus, Pair,
            command::{AgentAct, Command, OutgoingText},
        },
        ids::{ConversationId, MessageId, OrganizationId},
    },
    store::{
        commit::{Entry, NewKey},
        conversation, idempotency, message,
    },
};

impl Engine {
    /// Carries out what an agent does to a conversation.
    pub async fn act(
        &self,
        caller: Caller,
        id: ConversationId,
        act: AgentAct,
        expected_version: Option<i32>,
    ) -> Result<Done, EngineError> {
        let command = Command::Act { agent: caller.agent, act, expected_version };
        let asking = Asking {
            command,
            entry: Entry::None,
            actor: caller.doing(mutation_of(act)),
            opening: None,
        };
        let target = self.target(caller.organization, id).await?;
        self.ask(target, asking).await?.done()
    }

    /// Queues an agent's text; it is durable when this answers.
    pub async fn send_message(
        &self,
        caller: Caller,
        id: ConversationId,
        sending: Sending,
    ) -> Result<Done, EngineError> {
        let (text, key) = self.outgoing(
            caller,
            "messageSend",
            &sending,
            input_hash(&[&id.to_string(), &sending.text]),
        );
        if let Some(done) = self.answered_before(caller.organization, &key).await? {
            return Ok(done);
        }
        let asking = Asking {
            command: Command::SendText(text),
            entry: Entry::Key(key.clone()),
            actor: caller.doing("messageSend"),
            opening: None,
        };
        let target = self.target(caller.organization, id).await?;
        let done = self.ask(target, asking).await?.done()?;
        self.settle_repetition(caller.organization, &key, done).await
    }

    /// Queues another attempt at a text that did not arrive, or may not have.
    pub async fn retry_message(
        &self,
        caller: Caller,
        conversation: ConversationId,
        message_id: MessageId,
        idempotency_key: &str,
    ) -> Result<Done, EngineError> {
        let key = NewKey {
            agent: caller.agent,
            mutation: "messageRetry",
            key: idempotency_key.to_owned(),
            input_hash: input_hash(&[&message_id.to_string()]),
            result_id: message_id.to_string(),
        };
        if let Some(done) = self.answered_before(caller.organization, &key).await? {
            return Ok(done);
        }
        let asking = Asking {
            command: Command::RetryText { message_id, agent: caller.agent },
            entry: Entry::Key(key.clone()),
            actor: caller.doing("messageRetry"),
            opening: None,
        };
        let target = self.target(caller.organization, conversation).await?;
        match self.ask(target, asking).await {
            Ok(asked) => self.settle_repetition(caller.organization, &key, asked.done()?).await,
            // The same call has come twice at once: what the other one did forbids this one.
            Err(error @ EngineError::Refused(_)) => {
                self.answered_before(caller.organization, &key).await?.ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Opens a conversation with an agent's text.
    pub async fn start_conversation(
        &self,
        caller: Caller,
        starting: Starting,
    ) -> Result<Done, EngineError> {
        let hash = input_hash(&[
            &starting.support_number.to_string(),
            starting.to.as_str(),
            &starting.sending.text,
            if starting.assign_to_me { "mine" } else { "open" },
        ]);
        let (text, key) = self.outgoing(caller, "conversationStart", &starting.sending, hash);
        if let Some(done) = self.answered_before(caller.organization, &key).await? {
            return Ok(done);
        }
        let settings = &self.shared.settings;
        let mut known = settings.newer_than(caller.organization, 0).await?;
        for _ in 0..DETOURS_MAX {
            let present = known.ok_or(EngineError::NotFound)?;
            let opening = match present.opening(starting.support_number) {
                Ok(opening) => opening,
                Err(reason) => {
                    let newer = settings.newer_than(caller.organization, present.version).await?;
                    known = newer.filter(|newer| newer.version > present.version);
                    if known.is_none() {
                        return Err(reason.into());
                    }
                    continue;
                }
            };
            let asking = Asking {
                command: Command::StartConversation {
                    text: text.clone(),
                    assign_to: starting.assign_to_me.then_some(caller.agent),
                },
                entry: Entry::Key(key.clone()),
                actor: caller.doing("conversationStart"),
                opening: Some((opening, present.version)),
            };
            let pair = Pair {
                organization_id: caller.organization,
                support_number_id: starting.support_number,
                customer: starting.to.clone(),
            };
            match self.ask(Target::Pair { pair, stale: None }, asking).await? {
                Asked::Done(done) => {
                    return self.settle_repetition(caller.organization, &key, done).await;
                }
                Asked::StaleSettings => {
                    known = settings.newer_than(caller.organization, present.version).await?;
                }
            }
        }
        Err(EngineError::Busy)
    }

    /// The unresolved conversation of a pair, for whoever is refused because there is one.
    pub async fn open_conversation_of(
        &self,
        pair: &Pair,
    ) -> Result<Option<Conversation>, EngineError> {
        let mut connection = self.shared.store.read(pair.organization_id).await?;
        let newest = conversation::newest_of_pair(&mut connection, pair).await?;
        Ok(newest.filter(|conversation| conversation.status != ConversationStatus::Resolved))
    }

    fn outgoing(
        &self,
        caller: Caller,
        mutation: &'static str,
        sending: &Sending,
        input_hash: [u8; 32],
    ) -> (OutgoingText, NewKey) {
        let message_id = MessageId(self.shared.clock.new_uuid());
        let text = OutgoingText {
            message_id,
            author: caller.agent,
            text: sending.text.clone(),
            idempotency_key: sending.idempotency_key.clone(),
        };
        let key = NewKey {
            agent: caller.agent,
            mutation,
            key: sending.idempotency_key.clone(),
            input_hash,
            result_id: message_id.to_string(),
        };
        (text, key)
    }

    /// What the first call with a key made, if there was one.
    ///
    /// Looked up before anything is decided: the repetition of a call that was carried out gets
    /// its answer even when the same call would be refused by now.
    async fn answered_before(
        &self,
        organization: OrganizationId,
        key: &NewKey,
    ) -> Result<Option<Done>, EngineError> {
        let mut connection = self.shared.store.read(organization).await?;
        let Some(used) = idempotency::find(&mut connection, organization, key).await? else {
            return Ok(None);
        };
        if used.input_hash != key.input_hash {
            return Err(EngineError::KeyReused);
        }
        let id = used.result_id.parse().ok().ok_or(EngineError::NotFound)?;
        let located =
            message::find(&mut connection, organization, id).await?.ok_or(EngineError::NotFound)?;
        let conversation =
            conversation::find(&mut connection, organization, located.conversation_id)
                .await?
                .ok_or(EngineError::NotFound)?;
        Ok(Some(Done {
            conversation: Arc::new(conversation),
            message: Some(Arc::new(located.message)),
            is_repeated: true,
        }))
    }

    /// Two calls with one key at once: the loser answers with what the winner made.
    async fn settle_repetition(
        &self,
        organization: OrganizationId,
        key: &NewKey,
        done: Done,
    ) -> Result<Done, EngineError> {
        if !done.is_repeated {
            return Ok(done);
        }
        self.answered_before(organization, key).await?.ok_or(EngineError::Busy)
    }
}

/// The mutation that asks for an act.
fn mutation_of(act: AgentAct) -> &'static str {
    match act {
        AgentAct::Pick => "conversationPick",
        AgentAct::Wait(_) => "conversationWait",
        AgentAct::Resume => "conversationResume",
        AgentAct::WrapUp => "conversationWrapUp",
        AgentAct::Resolve(_) => "conversationResolve",
    }
}
