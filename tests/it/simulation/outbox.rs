//! A server's outbox pump: begins, writes, hears, records; and sweeps up after the others.

use centralino::domain::{
    conversation::command::Command,
    ids::{ConversationId, MessageId},
    message::{NotTaken, SendOutcome},
};

use super::{
    actor::{Answer, Ask, Reply},
    store::Entry,
    world::{Address, Happening, SEND_CLAIM, SEND_TIMEOUT, World},
};

/// Wait between two tries to record what the provider answered.
const RECORD_RETRY: u64 = 500;

/// One try at sending, as its sender knows it.
pub struct Send {
    pub server: usize,
    pub conversation: ConversationId,
    pub message: MessageId,
    pub attempt: i32,
    pub to: String,
    pub text: String,
    pub is_over: bool,
    claimed_at: u64,
    outcome: Option<SendOutcome>,
    gives_up_at: u64,
}

impl World {
    pub fn poll(&mut self, address: Address) {
        for (conversation, message) in self.store.due(self.now) {
            if !self.servers[address.server].busy.insert(conversation) {
                continue;
            }
            let place = self.new_send(address, conversation, message);
            if self.protocol.sends_before_commit {
                self.learn(place);
                self.sends[place].attempt += 1;
                self.in_a_while(0..20, Happening::RequestArrives(address, place));
            }
            let command = Command::BeginSend { message_id: message };
            self.tell_actor(address, place, command, Reply::Begin(place));
        }
    }

    fn new_send(
        &mut self,
        address: Address,
        conversation: ConversationId,
        message: MessageId,
    ) -> usize {
        self.sends.push(Send {
            server: address.server,
            conversation,
            message,
            attempt: 0,
            to: String::new(),
            text: String::new(),
            is_over: false,
            claimed_at: self.now,
            outcome: None,
            gives_up_at: u64::MAX,
        });
        self.sends.len() - 1
    }

    fn tell_actor(&mut self, address: Address, place: usize, command: Command, reply: Reply) {
        let conversation = self.sends[place].conversation;
        let ask = Ask { command, entry: Entry::None, reply, customer: None };
        self.ask(address, conversation, ask);
    }

    /// What is stored of the text, as the answer to a begin tells it.
    fn learn(&mut self, place: usize) {
        let send = &mut self.sends[place];
        let kept = &self.store.conversations[&send.conversation].state;
        let message = kept.message(send.message).unwrap();
        send.attempt = message.attempt;
        send.to = message.to.as_str().to_owned();
        send.text.clone_from(&message.text);
    }

    pub fn begun(&mut self, address: Address, place: usize, answer: &Answer) {
        if *answer != Answer::Done {
            // Somebody else has begun it, or nobody knows: not now.
            return self.over(address, place);
        }
        if self.protocol.sends_before_commit {
            return;
        }
        self.learn(place);
        // Between the commit and the socket.
        self.may_fall_asleep(address.server);
        self.in_a_while(0..20, Happening::Write(address, place));
    }

    pub fn write(&mut self, address: Address, place: usize) {
        let held_up = self.now - self.sends[place].claimed_at;
        if held_up + SEND_TIMEOUT >= SEND_CLAIM && !self.protocol.never_lets_go {
            self.totals.let_go += 1;
            let description = "held up".into();
            let reason = NotTaken::Other;
            let outcome = SendOutcome::NotAccepted { reason, provider_code: None, description };
            return self.send_answered(address, place, outcome);
        }
        self.in_a_while(0..50, Happening::RequestArrives(address, place));
    }

    pub fn send_answered(&mut self, address: Address, place: usize, outcome: SendOutcome) {
        let outcome = match outcome {
            SendOutcome::Unconfirmed { description, .. } if self.protocol.repeats_the_unclear => {
                SendOutcome::NotAccepted {
                    reason: NotTaken::Other,
                    provider_code: None,
                    description,
                }
            }
            other => other,
        };
        let send = &mut self.sends[place];
        send.outcome = Some(outcome);
        send.gives_up_at = self.now + SEND_CLAIM;
        // Between what the provider said and its record.
        self.may_fall_asleep(address.server);
        self.record(address, place);
    }

    pub fn record(&mut self, address: Address, place: usize) {
        let send = &self.sends[place];
        let command = Command::FinishSend {
            message_id: send.message,
            attempt: send.attempt,
            outcome: send.outcome.clone().unwrap(),
        };
        self.tell_actor(address, place, command, Reply::Finish(place));
    }

    pub fn recorded(&mut self, address: Address, place: usize, answer: &Answer) {
        if *answer == Answer::Failed && self.now < self.sends[place].gives_up_at {
            self.may_fall_asleep(address.server);
            return self.at(self.now + RECORD_RETRY, Happening::Record(address, place));
        }
        self.over(address, place);
    }

    fn over(&mut self, address: Address, place: usize) {
        let send = &mut self.sends[place];
        send.is_over = true;
        let conversation = send.conversation;
        self.servers[address.server].busy.remove(&conversation);
    }

    /// Says of texts whose sender has been silent for too long that nobody knows.
    pub fn sweep(&mut self, address: Address) {
        for (conversation, message, attempt) in self.store.silent(self.now) {
            let command = Command::FinishSend {
                message_id: message,
                attempt,
                outcome: SendOutcome::Unconfirmed {
                    provider_reference: None,
                    description: "silent".into(),
                },
            };
            let ask = Ask { command, entry: Entry::None, reply: Reply::Nobody, customer: None };
            self.ask(address, conversation, ask);
        }
    }
}
