//! Customers who text one after the other, agents who ask until there is an answer.

use std::sync::LazyLock;

use centralino::domain::{
    address::{SmsAddress, SupportNumberDigits, SupportNumberKind},
    conversation::{
        ConversationStatus, Opening, Pair, ResolutionReason,
        command::{AgentAct, Command, OutgoingText},
    },
    ids::{
        AgentId, ChannelAccountId, ConversationId, MessageId, OrganizationId, QueueId,
        SupportNumberId, WorkstreamId,
    },
};
use uuid::Uuid;

use super::{
    actor::{Answer, Ask, Reply},
    provider::{Callback, What},
    store::Entry,
    world::{Address, Happening, SERVERS, World},
};
use crate::chaos::ledger::Asked;

pub const CUSTOMERS: usize = 2;
pub const AGENTS: usize = 2;
/// Texts of one customer, and of one agent.
const TEXTS_MAX: u32 = 12;
/// How long an agent waits before it asks again.
const PATIENCE: std::ops::Range<u64> = 2_000..6_000;

#[derive(Default)]
pub struct Customer {
    count: u32,
}

/// An agent and what it has asked for.
pub struct Agent {
    id: AgentId,
    count: u32,
    pub asked: Vec<Asked>,
    /// The text that waits for its answer.
    pub asking: Option<(ConversationId, String)>,
    tries: u32,
}

static OPENING: LazyLock<Opening> = LazyLock::new(|| Opening {
    channel_account_id: ChannelAccountId(Uuid::nil()),
    support_number: SupportNumberDigits::parse(SupportNumberKind::Geo, "15550001111").unwrap(),
    workstream_id: WorkstreamId(Uuid::nil()),
    queue_id: QueueId(Uuid::nil()),
    language: "en".into(),
});

pub fn opening() -> Opening {
    OPENING.clone()
}

pub fn address_of(customer: usize) -> SmsAddress {
    SmsAddress::from_e164(&format!("+1415555010{customer}")).unwrap()
}

pub fn pair_of(customer: usize) -> Pair {
    Pair {
        organization_id: OrganizationId(Uuid::nil()),
        support_number_id: SupportNumberId(Uuid::nil()),
        customer: address_of(customer),
    }
}

impl Agent {
    pub fn new(number: usize) -> Self {
        let id = AgentId(Uuid::from_u128(u128::try_from(number).unwrap() + 1));
        Self { id, count: 0, asked: Vec::new(), asking: None, tries: 0 }
    }
}

impl World {
    pub fn customer_texts(&mut self, customer: usize) {
        let texter = &mut self.customers[customer];
        if texter.count >= TEXTS_MAX {
            return;
        }
        texter.count += 1;
        let what = What::Text { customer, text: format!("text {} of {customer}", texter.count) };
        // The next text comes when the provider has done with this one.
        self.new_callback(what);
    }

    pub fn customer_goes_on(&mut self, customer: usize) {
        self.in_a_while(10..3_000, Happening::CustomerTexts(customer));
    }

    pub fn agent_acts(&mut self, agent: usize) {
        if self.agents[agent].asking.is_some() {
            return self.ask_for_text(agent);
        }
        if self.agents[agent].count >= TEXTS_MAX || self.is_healed() {
            return;
        }
        if !self.begins_to_ask(agent) {
            self.in_a_while(50..3_000, Happening::AgentActs(agent));
        }
    }

    /// Does something with some conversation; answers whether it is a text.
    fn begins_to_ask(&mut self, agent: usize) -> bool {
        let Some(conversation) = self.some_conversation() else { return false };
        let me = self.agents[agent].id;
        let found = self.conversation(conversation).unwrap();
        let (status, is_mine) = (found.status, found.assignee == Some(me));
        match status {
            ConversationStatus::Open => self.act(me, conversation, AgentAct::Pick),
            ConversationStatus::Active if is_mine && self.dice.percent(5) => {
                let act = AgentAct::Resolve(ResolutionReason::Solved);
                self.act(me, conversation, act);
            }
            ConversationStatus::Active if is_mine => {
                let desk = &mut self.agents[agent];
                desk.count += 1;
                let key = format!("{agent}/{}", desk.count);
                desk.asked.push(Asked {
                    text: format!("answer {key}"),
                    key: key.clone(),
                    conversation: conversation.to_string(),
                    answers: Vec::new(),
                });
                desk.asking = Some((conversation, key));
                desk.tries = 0;
                self.ask_for_text(agent);
            }
            _ => {}
        }
        self.agents[agent].asking.is_some()
    }

    fn some_conversation(&mut self) -> Option<ConversationId> {
        let ids: Vec<ConversationId> = self.store.conversations.keys().copied().collect();
        (!ids.is_empty()).then(|| ids[self.dice.place(ids.len())])
    }

    fn act(&mut self, agent: AgentId, conversation: ConversationId, act: AgentAct) {
        let command = Command::Act { agent, act, expected_version: None };
        let ask = Ask { command, entry: Entry::None, reply: Reply::Nobody, customer: None };
        if let Some(address) = self.some_server() {
            self.ask(address, conversation, ask);
        }
    }

    /// Asks, with the same key each time.
    fn ask_for_text(&mut self, agent: usize) {
        let message_id = MessageId(self.new_id());
        let desk = &mut self.agents[agent];
        let (conversation, key) = desk.asking.clone().unwrap();
        desk.tries += 1;
        let text = OutgoingText {
            message_id,
            author: desk.id,
            text: format!("answer {key}"),
            idempotency_key: key.clone(),
        };
        // An answer may come late, or never.
        self.in_a_while(PATIENCE, Happening::AgentActs(agent));
        let Some(address) = self.some_server() else { return };
        let entry = Entry::Key(key, message_id);
        let ask = Ask {
            command: Command::SendText(text),
            entry,
            reply: Reply::Agent(agent),
            customer: None,
        };
        self.ask(address, conversation, ask);
    }

    pub fn agent_answered(&mut self, agent: usize, answer: &Answer) {
        let Some((_, key)) = self.agents[agent].asking.clone() else { return };
        match answer {
            Answer::Done | Answer::Repeated => {
                let made = self.store.made_by(&key).map(|id| id.to_string());
                let desk = &mut self.agents[agent];
                desk.asked.last_mut().unwrap().answers.extend(made);
                desk.asking = None;
            }
            Answer::Refused(_) => self.agents[agent].asking = None,
            Answer::Failed => {}
        }
    }

    /// A server that takes requests.
    pub fn some_server(&mut self) -> Option<Address> {
        let server = self.dice.place(SERVERS);
        let found = &self.servers[server];
        found.is_up.then_some(Address { server, life: found.life })
    }

    pub fn new_callback(&mut self, what: What) {
        let place = self.callbacks.len();
        self.callbacks.push(Callback::new(place, what));
        self.in_a_while(0..50, Happening::Tell(place));
    }
}
