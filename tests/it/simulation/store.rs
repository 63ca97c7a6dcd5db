//! A model of the store: what PostgreSQL's constraints and the committer's guards allow.

use std::collections::{BTreeMap, BTreeSet};

use centralino::domain::{
    conversation::{ConversationStatus, Pair, State, event::Event},
    ids::{ConversationId, MessageId},
    message::{Message, MessageDirection, MessageStatus},
};

use super::world::Protocol;
use crate::chaos::ledger::Told;

/// What makes a repetition harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    None,
    Receipt(String),
    Key(String, MessageId),
}

/// What an actor asks to be written.
#[derive(Debug, Clone)]
pub struct Change {
    pub entry: Entry,
    /// As decided, its revision already moved.
    pub next: State,
    pub events: Vec<Event>,
    pub due_at: u64,
    pub claim_until: u64,
    pub held_until: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Committed,
    Repeated,
    Conflict,
}

/// A text that is not settled with the provider.
#[derive(Debug, Clone, Copy)]
struct Row {
    message: MessageId,
    state: MessageStatus,
    /// When it may go, when its claim ends, or how long it holds back the next.
    until: u64,
}

#[derive(Debug)]
pub struct Kept {
    pub state: State,
    /// The how-manieth conversation it was.
    pub place: i64,
    outbox: BTreeMap<i32, Row>,
}

#[derive(Default)]
pub struct Store {
    pub conversations: BTreeMap<ConversationId, Kept>,
    pub tries: BTreeMap<(MessageId, i32), MessageStatus>,
    pub feed: Vec<(ConversationId, Told)>,
    receipts: BTreeSet<String>,
    keys: BTreeMap<String, MessageId>,
    /// What a constraint would have refused.
    pub wrong: Vec<String>,
}

impl Store {
    /// A conversation with what a decision may need of its texts.
    pub fn load(&self, id: ConversationId, wanted: Option<MessageId>) -> Option<State> {
        let kept = &self.conversations.get(&id)?.state;
        let mut state = kept.clone();
        state.forget_settled();
        if let Some(wanted) = wanted.filter(|wanted| state.message(*wanted).is_none()) {
            state.messages.extend(kept.message(wanted).cloned());
        }
        Some(state)
    }

    /// The newest conversation of a pair, and whether it is open.
    pub fn newest_of(&self, pair: &Pair) -> Option<(ConversationId, bool)> {
        let of_pair =
            self.conversations.values().filter(|kept| kept.state.conversation.pair == *pair);
        let newest = of_pair.max_by_key(|kept| kept.place)?;
        let conversation = &newest.state.conversation;
        Some((conversation.id, conversation.status != ConversationStatus::Resolved))
    }

    pub fn conversation_of(&self, message: MessageId) -> Option<ConversationId> {
        let mut all = self.conversations.iter();
        all.find(|(_, kept)| kept.state.message(message).is_some()).map(|(id, _)| *id)
    }

    /// What a key has made.
    pub fn made_by(&self, key: &str) -> Option<MessageId> {
        self.keys.get(key).copied()
    }

    pub fn commit(&mut self, change: &Change, protocol: Protocol) -> Verdict {
        match &change.entry {
            Entry::Receipt(receipt)
                if self.receipts.contains(receipt) && !protocol.forgets_receipts =>
            {
                return Verdict::Repeated;
            }
            Entry::Key(key, _) if self.keys.contains_key(key) && !protocol.forgets_keys => {
                return Verdict::Repeated;
            }
            Entry::None | Entry::Receipt(_) | Entry::Key(..) => {}
        }
        if !self.wins(change, protocol) {
            return Verdict::Conflict;
        }
        match &change.entry {
            Entry::None => {}
            Entry::Receipt(receipt) => drop(self.receipts.insert(receipt.clone())),
            Entry::Key(key, message) => drop(self.keys.insert(key.clone(), *message)),
        }
        self.write(change);
        Verdict::Committed
    }

    /// A new conversation wins its pair, a changed one its revision.
    fn wins(&self, change: &Change, protocol: Protocol) -> bool {
        let conversation = &change.next.conversation;
        let Some(kept) = self.conversations.get(&conversation.id) else {
            let newest = self.newest_of(&conversation.pair);
            return conversation.revision == 1 && newest.is_none_or(|(_, is_open)| !is_open);
        };
        let revision = kept.state.conversation.revision;
        conversation.revision == revision + 1 || protocol.ignores_revisions
    }

    fn write(&mut self, change: &Change) {
        let conversation = &change.next.conversation;
        let id = conversation.id;
        let place = i64::try_from(self.conversations.len()).unwrap();
        let kept = self.conversations.entry(id).or_insert_with(|| Kept {
            state: State { conversation: conversation.clone(), messages: Vec::new() },
            place,
            outbox: BTreeMap::new(),
        });
        kept.state.conversation = conversation.clone();
        for event in &change.events {
            let told = match event {
                Event::ConversationStarted | Event::Moved(_) => Told::Conversation,
                Event::MessageAdded(message) => {
                    kept.add(message, change.due_at, &mut self.wrong);
                    Told::Added(message.id.to_string())
                }
                Event::SendBegun { message_id, attempt } => {
                    if self.tries.insert((*message_id, *attempt), MessageStatus::Sending).is_some()
                    {
                        self.wrong.push(format!("{message_id}.{attempt} was begun twice"));
                    }
                    kept.change(&change.next, *message_id, change, &mut self.wrong);
                    Told::Moved(message_id.to_string())
                }
                Event::MessageMoved(to) => {
                    self.tries.insert((to.message_id, to.attempt), to.status);
                    kept.change(&change.next, to.message_id, change, &mut self.wrong);
                    Told::Moved(to.message_id.to_string())
                }
                Event::AttemptMoved(to) => {
                    let known = self.tries.entry((to.message_id, to.attempt)).or_insert(to.status);
                    if !known.is_settled() || to.status == MessageStatus::Delivered {
                        *known = to.status;
                    }
                    Told::Moved(to.message_id.to_string())
                }
                Event::TextRetried { message_id, .. } => {
                    kept.change(&change.next, *message_id, change, &mut self.wrong);
                    Told::Moved(message_id.to_string())
                }
                // Nobody here looks after a text.
                Event::CheckSet { .. } => continue,
                // Nobody here says STOP.
                consent @ Event::ConsentChanged(_) => {
                    self.wrong.push(format!("{consent:?} is unheard of"));
                    continue;
                }
            };
            self.feed.push((id, told));
        }
    }

    /// The first texts that may go.
    pub fn due(&self, now: u64) -> Vec<(ConversationId, MessageId)> {
        let first = |kept: &Kept| {
            let mut rows = kept.outbox.values();
            rows.find(|row| !(row.state == MessageStatus::Unconfirmed && row.until <= now)).copied()
        };
        self.conversations
            .iter()
            .filter_map(|(id, kept)| Some((*id, first(kept)?)))
            .filter(|(_, row)| row.state == MessageStatus::Queued && row.until <= now)
            .map(|(id, row)| (id, row.message))
            .collect()
    }

    /// Texts whose claim has run out, with the try that was under way.
    pub fn silent(&self, now: u64) -> Vec<(ConversationId, MessageId, i32)> {
        let mut silent = Vec::new();
        for (id, kept) in &self.conversations {
            for row in kept.outbox.values() {
                if row.state == MessageStatus::Sending && row.until <= now {
                    let message = kept.state.message(row.message).unwrap();
                    silent.push((*id, row.message, message.attempt));
                }
            }
        }
        silent
    }

    /// Whether nothing waits for the provider or for its answer.
    pub fn is_at_rest(&self) -> bool {
        let mut rows = self.conversations.values().flat_map(|kept| kept.outbox.values());
        rows.all(|row| row.state == MessageStatus::Unconfirmed)
    }
}

impl Kept {
    fn add(&mut self, message: &Message, due_at: u64, wrong: &mut Vec<String>) {
        if self.state.messages.iter().any(|other| other.sequence == message.sequence) {
            wrong.push(format!("number {} is there twice", message.sequence));
        }
        self.state.messages.push(message.clone());
        if message.direction == MessageDirection::Outbound {
            self.put(message, due_at, wrong);
        }
    }

    fn change(&mut self, next: &State, id: MessageId, change: &Change, wrong: &mut Vec<String>) {
        let Some(message) = next.message(id).cloned() else {
            wrong.push(format!("{id} moved and is not there"));
            return;
        };
        let until = match message.status {
            MessageStatus::Sending => change.claim_until,
            MessageStatus::Unconfirmed => change.held_until,
            _ => change.due_at,
        };
        if let Some(before) = self.state.messages.iter_mut().find(|before| before.id == id) {
            if !is_legal(before.status, message.status) {
                wrong.push(format!("{id} went from {:?} to {:?}", before.status, message.status));
            }
            *before = message.clone();
        }
        self.put(&message, until, wrong);
    }

    fn put(&mut self, message: &Message, until: u64, wrong: &mut Vec<String>) {
        use MessageStatus::{Queued, Sending, Unconfirmed};
        if !matches!(message.status, Queued | Sending | Unconfirmed) {
            self.outbox.remove(&message.sequence);
            return;
        }
        let row = Row { message: message.id, state: message.status, until };
        self.outbox.insert(message.sequence, row);
        if self.outbox.values().filter(|row| row.state == Sending).count() > 1 {
            wrong.push(format!("{} is the second on the wire", message.id));
        }
    }
}

/// The moves that a text may make.
fn is_legal(before: MessageStatus, after: MessageStatus) -> bool {
    use MessageStatus::{
        Delivered, Expired, Failed, Queued, Sending, Sent, Unconfirmed, Undeliverable,
    };
    let is_repeated = before == after && after != Queued && after != Sending;
    is_repeated
        || matches!(
            (before, after),
            (Queued, Sending)
                | (Sending, Queued | Unconfirmed)
                | (Sending | Unconfirmed, Sent)
                | (Sending | Unconfirmed | Sent, Undeliverable | Failed | Expired | Delivered)
                | (Undeliverable | Failed | Expired, Delivered)
        )
}
