//! The provider: takes texts or does not, tells or does not, and tells again.

use std::collections::BTreeMap;

use centralino::domain::{
    conversation::command::{Command, IncomingText},
    ids::MessageId,
    message::{
        DeliveryReport, MessageFailureCode, MessageStatus, NotTaken, SendOutcome, external_id,
        parse_external_id,
    },
};

use super::{
    actor::{Answer, Ask, Reply},
    store::Entry,
    world::{Address, Happening, SEND_TIMEOUT, SERVERS, STORE_TIMEOUT, World},
};
use crate::chaos::ledger::Accepted;

/// Tries at telling something, and what lies between them.
const TRIES_MAX: u32 = 4;
const TRY_AGAIN: std::ops::Range<u64> = 5_000..15_000;
/// For each try.
const CALLBACK_TIMEOUT: u64 = 5_000;
pub const DELIVERED: u32 = 200;
const ON_ITS_WAY: u32 = 203;
const UNDELIVERABLE: u32 = 207;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Text { customer: usize, text: String },
    Report { external_id: String, code: u32 },
}

/// Something that the provider tells until it is answered, or has told often enough.
pub struct Callback {
    pub what: What,
    pub reference: String,
    pub tries: u32,
    pub first_tried_at: Option<u64>,
    pub answered_at: Option<u64>,
    pub is_over: bool,
    pub is_spooled: bool,
}

impl Callback {
    pub fn new(place: usize, what: What) -> Self {
        Self {
            what,
            reference: format!("R{place}"),
            tries: 0,
            first_tried_at: None,
            answered_at: None,
            is_over: false,
            is_spooled: false,
        }
    }

    pub fn customer(&self) -> Option<usize> {
        match &self.what {
            What::Text { customer, .. } => Some(*customer),
            What::Report { .. } => None,
        }
    }
}

#[derive(Default)]
pub struct Provider {
    pub accepted: Vec<Accepted>,
    pub seen: BTreeMap<String, u64>,
}

impl World {
    /// A send arrives; whatever its sender hears of it.
    pub fn request_arrives(&mut self, address: Address, place: usize) {
        let send = &self.sends[place];
        let id = external_id(send.message, send.attempt);
        let (to, text) = (send.to.clone(), send.text.clone());
        *self.provider.seen.entry(id.clone()).or_default() += 1;
        let is_taken = !self.goes_wrong() || self.dice.percent(50);
        if is_taken {
            self.provider.accepted.push(Accepted { external_id: id.clone(), to, text });
            self.totals.sent += 1;
            self.report(&id);
        }
        let outcome = if is_taken && !self.goes_wrong() {
            SendOutcome::Accepted { provider_reference: format!("P{id}"), provider_code: 290 }
        } else if !is_taken && self.dice.percent(50) {
            // It says that it has not taken it, which is the truth.
            let reason = NotTaken::Other;
            SendOutcome::NotAccepted { reason, provider_code: None, description: "busy".into() }
        } else {
            let description = "lost".into();
            let outcome = SendOutcome::Unconfirmed { provider_reference: None, description };
            let answer = Happening::SendAnswered(address, place, outcome);
            return self.in_a_while(10..SEND_TIMEOUT, answer);
        };
        let slowness = if self.goes_wrong() { SEND_TIMEOUT } else { 100 };
        self.in_a_while(5..slowness, Happening::SendAnswered(address, place, outcome));
    }

    /// What comes of a text that was taken: told in any order, some of it twice, some of it never.
    fn report(&mut self, id: &str) {
        let last = if self.dice.percent(85) { DELIVERED } else { UNDELIVERABLE };
        for code in [ON_ITS_WAY, last] {
            if self.goes_wrong() && self.dice.percent(50) {
                continue;
            }
            for _ in 0..=u32::from(self.goes_wrong()) {
                let what = What::Report { external_id: id.to_owned(), code };
                let place = self.callbacks.len();
                self.callbacks.push(Callback::new(place, what));
                self.in_a_while(0..5_000, Happening::Tell(place));
            }
        }
    }

    pub fn tell(&mut self, place: usize) {
        let now = self.now;
        let callback = &mut self.callbacks[place];
        callback.tries += 1;
        callback.first_tried_at.get_or_insert(now);
        let attempt = callback.tries;
        self.at(now + CALLBACK_TIMEOUT, Happening::CallbackTimedOut(place, attempt));
        if !self.goes_wrong() {
            self.in_a_while(0..50, Happening::CallbackArrives(place, attempt));
        }
    }

    pub fn callback_answered(&mut self, place: usize, attempt: u32) {
        let now = self.now;
        let callback = &mut self.callbacks[place];
        if callback.is_over || callback.tries != attempt {
            return;
        }
        callback.answered_at = Some(now);
        callback.is_over = true;
        self.done_with(place);
    }

    pub fn callback_timed_out(&mut self, place: usize, attempt: u32) {
        let callback = &mut self.callbacks[place];
        if callback.is_over || callback.tries != attempt {
            return;
        }
        if callback.tries < TRIES_MAX {
            return self.in_a_while(TRY_AGAIN, Happening::Tell(place));
        }
        callback.is_over = true;
        self.done_with(place);
    }

    fn done_with(&mut self, place: usize) {
        if let Some(customer) = self.callbacks[place].customer() {
            self.customer_goes_on(customer);
        }
    }

    /// At the server's door. Texts of a customer go to one machine, whose spool keeps their order.
    pub fn callback_arrives(&mut self, place: usize, attempt: u32) {
        let server = match self.callbacks[place].customer() {
            Some(customer) => customer % SERVERS,
            None => self.dice.place(SERVERS),
        };
        let found = &self.servers[server];
        if !found.is_up {
            return;
        }
        if found.asleep_until > self.now {
            // The connection waits with the process.
            let until = found.asleep_until;
            return self.at(until, Happening::CallbackArrives(place, attempt));
        }
        let address = Address { server, life: found.life };
        if self.protocol.answers_early {
            self.in_a_while(0..20, Happening::CallbackAnswered(place, attempt));
        }
        let customer = self.callbacks[place].customer();
        let holds = |other: &usize| self.callbacks[*other].customer() == customer;
        if customer.is_some() && self.servers[server].spool.iter().any(holds) {
            return self.spool(address, place, attempt);
        }
        let timeout = Happening::StoreTimedOut(address, place, attempt);
        self.at(self.now + STORE_TIMEOUT, timeout);
        self.carry_out(address, place, Reply::Callback { callback: place, attempt });
    }

    /// The callback becomes a command to the actor that it is about.
    pub fn carry_out(&mut self, address: Address, place: usize, reply: Reply) {
        let callback = &self.callbacks[place];
        let reference = callback.reference.clone();
        match callback.what.clone() {
            What::Text { customer, text } => {
                let message_id = MessageId(self.new_id());
                let incoming = IncomingText {
                    message_id,
                    text,
                    provider_reference: reference.clone(),
                    keyword: None,
                };
                let ask = Ask {
                    command: Command::ReceiveText(incoming),
                    entry: Entry::Receipt(reference),
                    reply,
                    customer: Some(customer),
                };
                self.ask_pair(address, customer, ask);
            }
            What::Report { external_id, code } => {
                let (message_id, attempt) = parse_external_id(&external_id).unwrap();
                let Some(conversation) = self.store.conversation_of(message_id) else {
                    self.store.wrong.push(format!("{external_id} is reported and not known"));
                    return;
                };
                let command =
                    Command::RecordReport { message_id, attempt, report: report_of(code) };
                // Copies of one report say the same of the same moment.
                let entry = Entry::Receipt(format!("{external_id}/{code}"));
                let ask = Ask { command, entry, reply, customer: None };
                self.ask(address, conversation, ask);
            }
        }
    }

    pub fn callback_handled(
        &mut self,
        address: Address,
        (place, attempt): (usize, u32),
        answer: &Answer,
    ) {
        match answer {
            Answer::Failed => self.spool(address, place, attempt),
            Answer::Done | Answer::Repeated | Answer::Refused(_) => {
                if !self.callbacks[place].is_spooled {
                    self.in_a_while(0..20, Happening::CallbackAnswered(place, attempt));
                }
            }
        }
    }

    /// Onto the disk, and answered; once is enough.
    pub fn spool(&mut self, address: Address, place: usize, attempt: u32) {
        let callback = &mut self.callbacks[place];
        if callback.answered_at.is_some() && !self.protocol.answers_early {
            return;
        }
        if !callback.is_spooled && !self.protocol.answers_early {
            callback.is_spooled = true;
            self.totals.spooled += 1;
            self.servers[address.server].spool.push_back(place);
        }
        self.in_a_while(0..20, Happening::CallbackAnswered(place, attempt));
    }

    pub fn drain(&mut self, address: Address) {
        let server = &mut self.servers[address.server];
        if server.is_draining {
            return;
        }
        let Some(place) = server.spool.front().copied() else { return };
        server.is_draining = true;
        self.carry_out(address, place, Reply::Spool(place));
    }

    pub fn drained(&mut self, address: Address, _place: usize, answer: &Answer) {
        let server = &mut self.servers[address.server];
        server.is_draining = false;
        if *answer != Answer::Failed {
            server.spool.pop_front();
        }
    }
}

fn report_of(code: u32) -> DeliveryReport {
    let (status, failure) = match code {
        DELIVERED => (MessageStatus::Delivered, None),
        ON_ITS_WAY => (MessageStatus::Sent, None),
        _ => (MessageStatus::Undeliverable, Some(MessageFailureCode::Unreachable)),
    };
    DeliveryReport {
        status,
        provider_code: i32::try_from(code).unwrap(),
        provider_reference: None,
        description: "told".into(),
        failure,
        blocks_recipient: false,
    }
}
