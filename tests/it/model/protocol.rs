//! The protocol as states and steps, small enough to look at all of them.
//!
//! One text, two servers, a store, a provider. A claim may run out at any moment, a server may die
//! or sleep between any two steps, a request or an answer may stay on the wire for as long as it
//! likes, and the answer to a commit may be lost. How a status moves is the product's own rule.

use std::collections::BTreeSet;

use centralino::domain::message::MessageStatus;
use stateright::{Model, Property};

pub const SERVERS: usize = 2;
/// Tries at the text; one more is out of bounds.
const TRIES_MAX: u8 = 3;

/// How it is done; a mutant does one thing wrong.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one way of being wrong")]
pub struct Protocol {
    pub crashes_max: u8,
    pub lost_answers_max: u8,
    pub sends_before_commit: bool,
    pub ignores_revision: bool,
    pub ignores_attempt: bool,
    pub repeats_the_unclear: bool,
    pub sweeps_back_to_the_queue: bool,
}

/// What the store holds of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Row {
    pub status: MessageStatus,
    pub attempt: u8,
    pub revision: u8,
}

/// What a server is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Server {
    Idle,
    /// It has read the text, and will begin a try if nobody else moves it.
    HasRead(Row),
    /// The try is committed; the request is not written yet.
    HasBegun(u8),
    /// The request is on the wire.
    Waits(u8),
    /// It knows how the try ended, and will say so until the store has heard it.
    Knows(u8, MessageStatus),
}

/// What is on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Packet {
    Request {
        server: usize,
        attempt: u8,
    },
    /// The provider took it, or provably did not.
    Answer {
        server: usize,
        attempt: u8,
        is_taken: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    pub row: Row,
    pub servers: [Server; SERVERS],
    pub wire: BTreeSet<Packet>,
    /// How often the provider saw each try.
    pub seen: [u8; TRIES_MAX as usize + 1],
    /// Tries that it took.
    pub taken: BTreeSet<u8>,
    /// Tries that it said it did not take.
    pub refused: BTreeSet<u8>,
    pub crashes: u8,
    pub lost_answers: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    Read(usize),
    /// The flag: whether the server hears that it was committed.
    Begin(usize, bool),
    Write(usize),
    /// The provider takes the request or not, and answers or not.
    Handle(Packet, bool, bool),
    Hear(Packet),
    /// The server waits no longer.
    GiveUp(usize),
    Record(usize, bool),
    /// A claim has run out: a server that does nothing else says that nobody knows.
    Sweep(usize),
    /// A report of a try that was taken; it may come any number of times.
    Report(u8),
    Crash(usize),
}

impl World {
    fn begin(&mut self, server: usize, is_heard: bool, protocol: Protocol) -> Option<()> {
        let Server::HasRead(read) = self.servers[server] else { return None };
        let is_current = read.revision == self.row.revision || protocol.ignores_revision;
        if !is_current {
            // Another writer was first: read again.
            self.servers[server] = Server::Idle;
            return Some(());
        }
        let attempt = read.attempt + 1;
        let status = MessageStatus::Sending;
        self.row = Row { status, attempt, revision: self.row.revision + 1 };
        self.servers[server] = match (is_heard, protocol.sends_before_commit) {
            (_, true) => Server::Waits(attempt),
            (true, false) => Server::HasBegun(attempt),
            (false, false) => Server::Idle,
        };
        self.lost_answers += u8::from(!is_heard);
        Some(())
    }

    fn write(&mut self, server: usize, protocol: Protocol) -> Option<()> {
        let attempt = match self.servers[server] {
            Server::HasBegun(attempt) => attempt,
            Server::HasRead(read) if protocol.sends_before_commit => read.attempt + 1,
            _ => return None,
        };
        if let Server::HasBegun(_) = self.servers[server] {
            self.servers[server] = Server::Waits(attempt);
        }
        self.wire.insert(Packet::Request { server, attempt }).then_some(())
    }

    fn handle(&mut self, packet: Packet, is_taken: bool, is_answered: bool) -> Option<()> {
        let Packet::Request { server, attempt } = packet else { return None };
        self.wire.remove(&packet);
        self.seen[usize::from(attempt)] += 1;
        if is_taken {
            self.taken.insert(attempt);
        }
        if is_answered {
            self.wire.insert(Packet::Answer { server, attempt, is_taken });
            if !is_taken {
                self.refused.insert(attempt);
            }
        }
        Some(())
    }

    /// What the product's actor does with the end of a try, or with a report of it.
    fn settle(&mut self, attempt: u8, reported: MessageStatus, protocol: Protocol) {
        if attempt != self.row.attempt && !protocol.ignores_attempt {
            return;
        }
        let status = match self.row.status {
            MessageStatus::Sending => reported,
            status => status.advance(reported),
        };
        if status != self.row.status {
            self.row = Row { status, revision: self.row.revision + 1, ..self.row };
        }
    }

    fn record(&mut self, server: usize, is_heard: bool, protocol: Protocol) -> Option<()> {
        let Server::Knows(attempt, outcome) = self.servers[server] else { return None };
        self.settle(attempt, outcome, protocol);
        if is_heard {
            self.servers[server] = Server::Idle;
        }
        self.lost_answers += u8::from(!is_heard);
        Some(())
    }

    fn take(&mut self, step: Step, protocol: Protocol) -> Option<()> {
        match step {
            Step::Read(server) => {
                self.servers[server] = Server::HasRead(self.row);
                Some(())
            }
            Step::Begin(server, is_heard) => self.begin(server, is_heard, protocol),
            Step::Write(server) => self.write(server, protocol),
            Step::Handle(packet, is_taken, is_answered) => {
                self.handle(packet, is_taken, is_answered)
            }
            Step::Hear(packet) => {
                let Packet::Answer { server, attempt, is_taken } = packet else { return None };
                self.wire.remove(&packet);
                // Whoever waits no longer does not hear it.
                if self.servers[server] == Server::Waits(attempt) {
                    let outcome =
                        if is_taken { MessageStatus::Sent } else { MessageStatus::Queued };
                    self.servers[server] = Server::Knows(attempt, outcome);
                }
                Some(())
            }
            Step::GiveUp(server) => {
                let Server::Waits(attempt) = self.servers[server] else { return None };
                let outcome = if protocol.repeats_the_unclear {
                    MessageStatus::Queued
                } else {
                    MessageStatus::Unconfirmed
                };
                self.servers[server] = Server::Knows(attempt, outcome);
                Some(())
            }
            Step::Record(server, is_heard) => self.record(server, is_heard, protocol),
            Step::Sweep(server) => {
                let outcome = if protocol.sweeps_back_to_the_queue {
                    MessageStatus::Queued
                } else {
                    MessageStatus::Unconfirmed
                };
                self.servers[server] = Server::Knows(self.row.attempt, outcome);
                Some(())
            }
            Step::Report(attempt) => {
                self.settle(attempt, MessageStatus::Delivered, protocol);
                Some(())
            }
            Step::Crash(server) => {
                self.servers[server] = Server::Idle;
                self.crashes += 1;
                Some(())
            }
        }
    }
}

impl Protocol {
    fn steps_of(self, server: usize, world: &World, steps: &mut Vec<Step>) {
        let may_lose = world.lost_answers < self.lost_answers_max;
        match world.servers[server] {
            Server::Idle => {
                if world.row.status == MessageStatus::Queued && world.row.attempt < TRIES_MAX {
                    steps.push(Step::Read(server));
                }
                if world.row.status == MessageStatus::Sending {
                    steps.push(Step::Sweep(server));
                }
            }
            Server::HasRead(_) => {
                steps.push(Step::Begin(server, true));
                if may_lose {
                    steps.push(Step::Begin(server, false));
                }
                if self.sends_before_commit {
                    steps.push(Step::Write(server));
                }
            }
            Server::HasBegun(_) => steps.push(Step::Write(server)),
            Server::Waits(_) => steps.push(Step::GiveUp(server)),
            Server::Knows(..) => {
                steps.push(Step::Record(server, true));
                if may_lose {
                    steps.push(Step::Record(server, false));
                }
            }
        }
        if world.servers[server] != Server::Idle && world.crashes < self.crashes_max {
            steps.push(Step::Crash(server));
        }
    }
}

impl Model for Protocol {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        let row = Row { status: MessageStatus::Queued, attempt: 0, revision: 1 };
        vec![World {
            row,
            servers: [Server::Idle; SERVERS],
            wire: BTreeSet::new(),
            seen: [0; TRIES_MAX as usize + 1],
            taken: BTreeSet::new(),
            refused: BTreeSet::new(),
            crashes: 0,
            lost_answers: 0,
        }]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        for server in 0..SERVERS {
            self.steps_of(server, world, steps);
        }
        for packet in &world.wire {
            match packet {
                Packet::Request { .. } => {
                    for is_taken in [true, false] {
                        for is_answered in [true, false] {
                            steps.push(Step::Handle(*packet, is_taken, is_answered));
                        }
                    }
                }
                Packet::Answer { .. } => steps.push(Step::Hear(*packet)),
            }
        }
        steps.extend(world.taken.iter().map(|attempt| Step::Report(*attempt)));
    }

    fn next_state(&self, world: &World, step: Step) -> Option<World> {
        let mut next = world.clone();
        next.take(step, *self)?;
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("the provider sees a try once", |_, world: &World| {
                world.seen.iter().all(|count| *count <= 1)
            }),
            // A further try is sent only when every one before it was provably not taken.
            Property::always("nothing is sent again without evidence", |_, world: &World| {
                let sent = (1_u8..).zip(world.seen.iter().skip(1));
                let unclear =
                    sent.filter(|(attempt, count)| **count > 0 && !world.refused.contains(attempt));
                unclear.count() <= 1
            }),
            Property::always("the provider takes the text once", |_, world: &World| {
                world.taken.len() <= 1
            }),
            Property::always("a try is stored before it is seen", |_, world: &World| {
                let newest = (0_u8..).zip(&world.seen).filter(|(_, count)| **count > 0).last();
                newest.is_none_or(|(attempt, _)| attempt <= world.row.attempt)
            }),
            Property::sometimes("a text is delivered", |_, world: &World| {
                world.row.status == MessageStatus::Delivered
            }),
            Property::sometimes("nobody knows", |_, world: &World| {
                world.row.status == MessageStatus::Unconfirmed
            }),
            Property::sometimes("a refused text goes in a second try", |_, world: &World| {
                world.row.attempt == 2 && world.taken.contains(&2)
            }),
            Property::sometimes("a report settles what nobody knew", |_, world: &World| {
                world.row.status == MessageStatus::Delivered && world.crashes > 0
            }),
        ]
    }
}
