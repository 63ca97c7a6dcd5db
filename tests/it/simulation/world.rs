//! The world: a clock, a queue of what is to happen, and what goes wrong.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque},
};

use centralino::domain::{conversation::State, ids::ConversationId, message::SendOutcome};
use chrono::{DateTime, Utc};

use super::{
    actor::Ask,
    ledger::ledger_of,
    outbox::Send,
    people::{AGENTS, Agent, CUSTOMERS, Customer},
    provider::{Callback, Provider},
    store::{Change, Store, Verdict},
    totals::Totals,
};
use crate::chaos::{dice::Dice, oracle::judge};

pub const SERVERS: usize = 2;
/// Things go wrong for so long; then everything heals.
const UNTIL: u64 = 60_000;
/// By then all has come to rest, or it never does.
const END: u64 = UNTIL + 900_000;
/// The product's own time limits.
pub const SEND_CLAIM: u64 = 60_000;
pub const UNCONFIRMED_HOLD: u64 = 180_000;
pub const SEND_TIMEOUT: u64 = 15_000;
pub const STORE_TIMEOUT: u64 = 1_000;
const POLL: u64 = 1_000;
const SWEEP: u64 = 1_000;
const DRAIN: u64 = 1_000;

/// How things are done; a mutant does one of them wrong.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one way of being wrong")]
pub struct Protocol {
    pub sends_before_commit: bool,
    pub ignores_revisions: bool,
    pub repeats_the_unclear: bool,
    pub forgets_receipts: bool,
    pub forgets_keys: bool,
    pub answers_early: bool,
    pub never_lets_go: bool,
    pub never_sweeps: bool,
}

/// Where an answer goes: to one life of one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    pub server: usize,
    pub life: u32,
}

/// What can happen.
#[derive(Debug)]
pub enum Happening {
    CustomerTexts(usize),
    AgentActs(usize),
    /// The provider tries to tell.
    Tell(usize),
    CallbackArrives(usize, u32),
    /// The database has had its second.
    StoreTimedOut(Address, usize, u32),
    CallbackAnswered(usize, u32),
    CallbackTimedOut(usize, u32),
    Decide(Address, ConversationId),
    CommitArrives(Address, Box<Change>),
    CommitAnswered(Address, Option<Verdict>, Box<State>),
    Poll(Address),
    Sweep(Address),
    Drain(Address),
    Write(Address, usize),
    RequestArrives(Address, usize),
    SendAnswered(Address, usize, SendOutcome),
    Record(Address, usize),
    Crash(usize),
    Restart(usize),
    Pause(usize),
}

impl Happening {
    /// What goes on for ever, whether there is something to do or not.
    fn is_routine(&self) -> bool {
        matches!(self, Self::Poll(_) | Self::Sweep(_) | Self::Drain(_))
    }

    /// The life that it happens to; it is void when that is over.
    fn address(&self) -> Option<Address> {
        match self {
            Self::StoreTimedOut(address, ..)
            | Self::Decide(address, _)
            | Self::CommitAnswered(address, ..)
            | Self::Poll(address)
            | Self::Sweep(address)
            | Self::Drain(address)
            | Self::Write(address, _)
            | Self::SendAnswered(address, ..)
            | Self::Record(address, _) => Some(*address),
            _ => None,
        }
    }
}

/// One conversation's actor: what it remembers, what it works on, what waits.
#[derive(Default)]
pub struct Actor {
    pub memory: Option<State>,
    pub working: Option<(Ask, Option<State>)>,
    pub waiting: VecDeque<Ask>,
}

#[derive(Default)]
pub struct Server {
    pub life: u32,
    pub is_up: bool,
    pub asleep_until: u64,
    pub actors: BTreeMap<ConversationId, Actor>,
    pub pairs: BTreeMap<usize, ConversationId>,
    /// Conversations with a text on the wire.
    pub busy: BTreeSet<ConversationId>,
    /// On the disk: it outlives the server's lives.
    pub spool: VecDeque<usize>,
    pub is_draining: bool,
}

pub struct World {
    pub now: u64,
    pub dice: Dice,
    pub protocol: Protocol,
    pub store: Store,
    pub provider: Provider,
    pub servers: Vec<Server>,
    pub customers: Vec<Customer>,
    pub agents: Vec<Agent>,
    pub callbacks: Vec<Callback>,
    pub sends: Vec<Send>,
    pub totals: Totals,
    queue: BinaryHeap<Reverse<(u64, u64, usize)>>,
    coming: Vec<Option<Happening>>,
    /// Of what is coming, what is no routine.
    pending: usize,
    /// How often things go wrong here, in a hundred.
    pub trouble: u64,
}

impl World {
    /// Runs one history to its end; answers what is wrong with it, and what has happened.
    pub fn run(seed: u64, protocol: Protocol) -> (Vec<String>, Totals) {
        let mut dice = Dice::new(seed);
        let trouble = dice.of(0..12);
        let mut world = Self {
            now: 0,
            dice,
            protocol,
            store: Store::default(),
            provider: Provider::default(),
            servers: (0..SERVERS).map(|_| Server::default()).collect(),
            customers: (0..CUSTOMERS).map(|_| Customer::default()).collect(),
            agents: (0..AGENTS).map(Agent::new).collect(),
            callbacks: Vec::new(),
            sends: Vec::new(),
            totals: Totals::default(),
            queue: BinaryHeap::new(),
            coming: Vec::new(),
            pending: 0,
            trouble,
        };
        world.begin();
        let mut wrong = world.go_on();
        wrong.append(&mut world.store.wrong);
        let judged = judge(&ledger_of(&world));
        wrong.extend(judged.iter().map(|found| format!("{:?}: {}", found.promise, found.detail)));
        (wrong, world.totals)
    }

    fn begin(&mut self) {
        for server in 0..SERVERS {
            self.in_a_while(0..50, Happening::Restart(server));
            self.in_a_while(1_000..30_000, Happening::Crash(server));
            self.in_a_while(1_000..30_000, Happening::Pause(server));
        }
        for customer in 0..CUSTOMERS {
            self.in_a_while(50..1_000, Happening::CustomerTexts(customer));
        }
        for agent in 0..AGENTS {
            self.in_a_while(50..1_000, Happening::AgentActs(agent));
        }
    }

    /// Lets things happen until nothing is left to happen.
    fn go_on(&mut self) -> Vec<String> {
        while let Some(Reverse((at, _, place))) = self.queue.pop() {
            let Some(happening) = self.coming[place].take() else { continue };
            self.now = at;
            self.pending -= usize::from(!happening.is_routine());
            if at > END {
                return vec!["it never comes to rest".into()];
            }
            if let Some(address) = happening.address() {
                let server = &self.servers[address.server];
                if server.life != address.life || !server.is_up {
                    continue;
                }
                if server.asleep_until > at {
                    // It does what it was about to do when it wakes.
                    let until = server.asleep_until;
                    let wait = self.dice.of(0..20);
                    self.at(until + wait, happening);
                    continue;
                }
            }
            if happening.is_routine() && self.is_healed() && self.is_at_rest() {
                continue;
            }
            self.totals.steps += 1;
            self.happen(happening);
        }
        Vec::new()
    }

    fn is_at_rest(&self) -> bool {
        self.pending == 0
            && self.store.is_at_rest()
            && self.servers.iter().all(|server| server.spool.is_empty())
    }

    pub fn is_healed(&self) -> bool {
        self.now >= UNTIL
    }

    /// Whether something goes wrong here.
    pub fn goes_wrong(&mut self) -> bool {
        let trouble = self.trouble;
        !self.is_healed() && self.dice.percent(trouble)
    }

    pub fn time(&self) -> DateTime<Utc> {
        let start = 1_800_000_000_000;
        DateTime::from_timestamp_millis(start + i64::try_from(self.now).unwrap()).unwrap()
    }

    pub fn at(&mut self, at: u64, happening: Happening) {
        // Of two things at one moment, either may come first.
        let tie = self.dice.next();
        self.pending += usize::from(!happening.is_routine());
        self.queue.push(Reverse((at, tie, self.coming.len())));
        self.coming.push(Some(happening));
    }

    pub fn in_a_while(&mut self, wait: std::ops::Range<u64>, happening: Happening) {
        let wait = self.dice.of(wait);
        self.at(self.now + wait, happening);
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::CustomerTexts(customer) => self.customer_texts(customer),
            Happening::AgentActs(agent) => self.agent_acts(agent),
            Happening::Tell(callback) => self.tell(callback),
            Happening::CallbackArrives(callback, attempt) => {
                self.callback_arrives(callback, attempt);
            }
            Happening::StoreTimedOut(address, callback, attempt) => {
                self.spool(address, callback, attempt);
            }
            Happening::CallbackAnswered(callback, attempt) => {
                self.callback_answered(callback, attempt);
            }
            Happening::CallbackTimedOut(callback, attempt) => {
                self.callback_timed_out(callback, attempt);
            }
            Happening::Decide(address, conversation) => self.decide(address, conversation),
            Happening::CommitArrives(address, change) => self.commit_arrives(address, &change),
            Happening::CommitAnswered(address, verdict, next) => {
                self.commit_answered(address, verdict, *next);
            }
            Happening::Poll(address) => {
                self.poll(address);
                self.in_a_while(1..POLL, Happening::Poll(address));
            }
            Happening::Sweep(address) => {
                self.sweep(address);
                self.in_a_while(1..SWEEP, Happening::Sweep(address));
            }
            Happening::Drain(address) => {
                self.drain(address);
                self.in_a_while(1..DRAIN, Happening::Drain(address));
            }
            Happening::Write(address, send) => self.write(address, send),
            Happening::RequestArrives(address, send) => self.request_arrives(address, send),
            Happening::SendAnswered(address, send, outcome) => {
                self.send_answered(address, send, outcome);
            }
            Happening::Record(address, send) => self.record(address, send),
            Happening::Crash(server) => self.crash(server),
            Happening::Restart(server) => self.restart(server),
            Happening::Pause(server) => self.pause(server),
        }
    }

    fn crash(&mut self, server: usize) {
        if self.is_healed() {
            return;
        }
        self.in_a_while(2_000..40_000, Happening::Crash(server));
        if !self.servers[server].is_up || self.trouble == 0 {
            return;
        }
        self.totals.crashes += 1;
        let spool = std::mem::take(&mut self.servers[server].spool);
        let life = self.servers[server].life;
        self.servers[server] = Server { life, spool, ..Server::default() };
        for send in &mut self.sends {
            send.is_over |= send.server == server;
        }
        self.in_a_while(200..3_000, Happening::Restart(server));
    }

    fn restart(&mut self, server: usize) {
        let restarted = &mut self.servers[server];
        restarted.life += 1;
        restarted.is_up = true;
        let address = Address { server, life: restarted.life };
        self.in_a_while(0..100, Happening::Poll(address));
        self.in_a_while(0..100, Happening::Drain(address));
        if !self.protocol.never_sweeps {
            self.in_a_while(0..1_000, Happening::Sweep(address));
        }
    }

    /// At a moment at which it matters, a server may be stopped for long.
    pub fn may_fall_asleep(&mut self, server: usize) {
        if self.goes_wrong() {
            self.totals.pauses += 1;
            let length = self.dice.of(1..SEND_CLAIM + 2 * UNCONFIRMED_HOLD);
            self.servers[server].asleep_until = self.now + length;
        }
    }

    fn pause(&mut self, server: usize) {
        if self.is_healed() {
            return;
        }
        self.in_a_while(5_000..50_000, Happening::Pause(server));
        if self.servers[server].is_up && self.trouble > 0 {
            self.totals.pauses += 1;
            // Some are shorter than a claim, some longer than everything.
            let length = self.dice.of(100..SEND_CLAIM * 3);
            let length = if self.dice.percent(50) { length / 20 } else { length };
            self.servers[server].asleep_until = self.now + length;
        }
    }
}
