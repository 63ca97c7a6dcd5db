//! A server's actors: one command after the other, decided on memory, committed, remembered.

use centralino::domain::{
    conversation::{
        Conversation, State,
        command::{Command, Refusal},
        event::Event,
    },
    ids::{ConversationId, MessageId},
    message::MessageStatus,
};

use super::{
    people::{opening, pair_of},
    store::{Change, Entry, Verdict},
    world::{Actor, Address, Happening, SEND_CLAIM, UNCONFIRMED_HOLD, World},
};

/// Wait before a text that was not taken is tried again.
const RETRY_WAIT: u64 = 1_000;

/// A command on its way, and who waits for the answer.
#[derive(Debug, Clone)]
pub struct Ask {
    pub command: Command,
    pub entry: Entry,
    pub reply: Reply,
    /// Set where a conversation may have to be opened.
    pub customer: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    Callback { callback: usize, attempt: u32 },
    Spool(usize),
    Agent(usize),
    Begin(usize),
    Finish(usize),
    Nobody,
}

/// What an actor answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Done,
    Repeated,
    Refused(Refusal),
    /// Nobody knows whether it happened.
    Failed,
}

impl World {
    pub fn ask(&mut self, address: Address, conversation: ConversationId, ask: Ask) {
        let actor = self.actor(address, conversation);
        actor.waiting.push_back(ask);
        self.take_next(address, conversation);
    }

    /// Asks the open conversation of a pair, or the one that is to come.
    pub fn ask_pair(&mut self, address: Address, customer: usize, ask: Ask) {
        let server = &self.servers[address.server];
        let known = server.pairs.get(&customer).copied();
        let conversation = known.unwrap_or_else(|| {
            let open = self.store.newest_of(&pair_of(customer)).filter(|(_, is_open)| *is_open);
            open.map_or_else(|| ConversationId(self.new_id()), |(id, _)| id)
        });
        self.servers[address.server].pairs.insert(customer, conversation);
        self.ask(address, conversation, ask);
    }

    fn actor(&mut self, address: Address, conversation: ConversationId) -> &mut Actor {
        self.servers[address.server].actors.entry(conversation).or_default()
    }

    fn take_next(&mut self, address: Address, conversation: ConversationId) {
        let actor = self.actor(address, conversation);
        if actor.working.is_some() {
            return;
        }
        let Some(ask) = actor.waiting.pop_front() else { return };
        let wanted = message_of(&ask.command);
        let is_enough = |state: &State| wanted.is_none_or(|id| state.message(id).is_some());
        let memory = actor.memory.take().filter(is_enough);
        // What is not remembered is read, now; it may be old by the time it is decided on.
        let state = memory.or_else(|| self.store.load(conversation, wanted));
        self.actor(address, conversation).working = Some((ask, state));
        self.in_a_while(0..30, Happening::Decide(address, conversation));
    }

    pub fn decide(&mut self, address: Address, conversation: ConversationId) {
        let Some((ask, state)) = self.actor(address, conversation).working.take() else { return };
        let state = state.or_else(|| self.unborn(conversation, &ask));
        let Some(state) = state else {
            return self.ended(address, conversation, &ask, &Answer::Failed);
        };
        let now = self.time();
        let events = match state.decide(&ask.command, now) {
            Ok(events) => events,
            Err(Refusal::NothingToDo) if ask.entry != Entry::None => Vec::new(),
            Err(Refusal::Resolved) if ask.customer.is_some() => {
                return self.not_open(address, conversation, ask);
            }
            Err(refusal) => {
                self.actor(address, conversation).memory = born(state);
                return self.ended(address, conversation, &ask, &Answer::Refused(refusal));
            }
        };
        let mut next = state.clone();
        for event in &events {
            next.apply(event, now);
        }
        next.conversation.revision += 1;
        let change = Change {
            entry: ask.entry.clone(),
            due_at: self.now + if events.iter().any(is_put_back) { RETRY_WAIT } else { 0 },
            claim_until: self.now + SEND_CLAIM,
            held_until: self.now + UNCONFIRMED_HOLD,
            next,
            events,
        };
        self.actor(address, conversation).working = Some((ask, Some(state)));
        self.submit(address, change);
    }

    /// A change goes to the store, and may be lost on the way there or back.
    fn submit(&mut self, address: Address, change: Change) {
        if self.goes_wrong() {
            self.totals.lost_commits += 1;
            let unknown = Happening::CommitAnswered(address, None, Box::new(change.next));
            self.in_a_while(50..3_000, unknown);
            return;
        }
        let slowness = if self.goes_wrong() { 5_000 } else { 30 };
        self.in_a_while(0..slowness, Happening::CommitArrives(address, Box::new(change)));
    }

    pub fn commit_arrives(&mut self, address: Address, change: &Change) {
        let verdict = self.store.commit(change, self.protocol);
        match verdict {
            Verdict::Committed => {
                let is_unclear = |event: &Event| matches!(event, Event::MessageMoved(to) if to.status == MessageStatus::Unconfirmed);
                let count = change.events.iter().filter(|event| is_unclear(event)).count();
                self.totals.unconfirmed += u64::try_from(count).unwrap();
            }
            Verdict::Repeated => self.totals.repeated += 1,
            Verdict::Conflict => self.totals.conflicts += 1,
        }
        let is_heard = !self.goes_wrong();
        if !is_heard {
            self.totals.lost_answers += 1;
        }
        let verdict = Some(verdict).filter(|_| is_heard);
        let next = Box::new(change.next.clone());
        self.in_a_while(0..30, Happening::CommitAnswered(address, verdict, next));
    }

    pub fn commit_answered(&mut self, address: Address, verdict: Option<Verdict>, mut next: State) {
        let conversation = next.conversation.id;
        let Some((ask, state)) = self.actor(address, conversation).working.take() else { return };
        match verdict {
            Some(Verdict::Committed) => {
                next.forget_settled();
                self.actor(address, conversation).memory = Some(next);
                self.ended(address, conversation, &ask, &Answer::Done);
            }
            Some(Verdict::Repeated) => {
                self.actor(address, conversation).memory = state.and_then(born);
                self.ended(address, conversation, &ask, &Answer::Repeated);
            }
            Some(Verdict::Conflict) if state.is_some_and(|state| state.is_unborn()) => {
                self.not_open(address, conversation, ask);
            }
            Some(Verdict::Conflict) => {
                // Forget, read again, decide again.
                self.actor(address, conversation).waiting.push_front(ask);
                self.take_next(address, conversation);
            }
            // What is remembered may be wrong: it is read again.
            None => self.ended(address, conversation, &ask, &Answer::Failed),
        }
    }

    /// Another conversation of the pair is the open one by now, or a new one has to be.
    fn not_open(&mut self, address: Address, conversation: ConversationId, ask: Ask) {
        let customer = ask.customer.unwrap();
        let pairs = &mut self.servers[address.server].pairs;
        if pairs.get(&customer) == Some(&conversation) {
            pairs.remove(&customer);
        }
        self.ask_pair(address, customer, ask);
        self.take_next(address, conversation);
    }

    fn ended(
        &mut self,
        address: Address,
        conversation: ConversationId,
        ask: &Ask,
        answer: &Answer,
    ) {
        match ask.reply {
            Reply::Callback { callback, attempt } => {
                self.callback_handled(address, (callback, attempt), answer);
            }
            Reply::Spool(callback) => self.drained(address, callback, answer),
            Reply::Agent(agent) => self.agent_answered(agent, answer),
            Reply::Begin(send) => self.begun(address, send, answer),
            Reply::Finish(send) => self.recorded(address, send, answer),
            Reply::Nobody => {}
        }
        self.take_next(address, conversation);
    }

    fn unborn(&self, conversation: ConversationId, ask: &Ask) -> Option<State> {
        let pair = pair_of(ask.customer?);
        let previous = self.store.newest_of(&pair).map(|(id, _)| id);
        Some(State::unborn(conversation, pair, opening(), previous, self.time()))
    }

    pub fn new_id(&mut self) -> uuid::Uuid {
        let (high, low) = (self.dice.next(), self.dice.next());
        uuid::Uuid::from_u64_pair(high, low)
    }

    pub fn conversation(&self, id: ConversationId) -> Option<&Conversation> {
        self.store.conversations.get(&id).map(|kept| &kept.state.conversation)
    }
}

fn born(state: State) -> Option<State> {
    (!state.is_unborn()).then_some(state)
}

fn is_put_back(event: &Event) -> bool {
    matches!(event, Event::MessageMoved(to) if to.status == MessageStatus::Queued)
}

fn message_of(command: &Command) -> Option<MessageId> {
    match command {
        Command::BeginSend { message_id, .. }
        | Command::FinishSend { message_id, .. }
        | Command::RecordReport { message_id, .. } => Some(*message_id),
        _ => None,
    }
}
