//! Every callback with its attempts and their answers, the newest [`CALLBACKS_MAX`] of them.

use std::sync::Arc;

use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::ring::{Index, Ring};

/// Callbacks that are remembered; the oldest makes room.
const CALLBACKS_MAX: usize = 100_000;

/// One callback.
pub(super) struct Callback {
    pub(super) kind: Kind,
    pub(super) customer_id: Arc<str>,
    pub(super) reference: String,
    pub(super) url: Arc<str>,
    pub(super) body: Bytes,
    progress: Mutex<Progress>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Inbound,
    Report,
    /// A body that was given as it is.
    Raw,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Report => "report",
            Self::Raw => "raw",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Another attempt will follow.
    Pending,
    /// Answered with 200.
    Delivered,
    /// Never answered with 200, and not tried again.
    GivenUp,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::GivenUp => "given_up",
        }
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    HttpStatus(u16),
    /// No answer, and why.
    Nothing(&'static str),
}

impl Answer {
    pub(super) fn is_accepted(self) -> bool {
        self == Self::HttpStatus(200)
    }

    /// As a key of counts: `200`, or `timeout`.
    pub(super) fn word(self) -> String {
        match self {
            Self::HttpStatus(status) => status.to_string(),
            Self::Nothing(reason) => reason.to_owned(),
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt {
    pub(super) at: DateTime<Utc>,
    pub(super) milliseconds: u64,
    pub(super) answer: Answer,
}

struct Progress {
    attempts: Vec<Attempt>,
    state: State,
}

impl Callback {
    pub(super) fn new(
        kind: Kind,
        customer_id: Arc<str>,
        reference: String,
        url: Arc<str>,
        body: Bytes,
    ) -> Self {
        let progress = Mutex::new(Progress { attempts: Vec::new(), state: State::Pending });
        Self { kind, customer_id, reference, url, body, progress }
    }

    pub(super) fn note(&self, attempt: Attempt, state: State) {
        let mut progress = self.progress.lock();
        progress.attempts.push(attempt);
        progress.state = state;
    }

    pub(super) fn to_json(&self, number: u64) -> Value {
        let progress = self.progress.lock();
        let attempts: Vec<Value> =
            progress.attempts.iter().map(|attempt| attempt.to_json()).collect();
        json!({
            "sequence": number,
            "kind": self.kind.word(),
            "customer_id": &*self.customer_id,
            "reference_id": self.reference,
            "url": &*self.url,
            "state": progress.state.word(),
            "attempts": attempts,
            "body": String::from_utf8_lossy(&self.body),
        })
    }
}

impl Attempt {
    pub(super) fn to_json(self) -> Value {
        let (status, error) = match self.answer {
            Answer::HttpStatus(status) => (Some(status), None),
            Answer::Nothing(reason) => (None, Some(reason)),
        };
        json!({
            "at": self.at,
            "milliseconds": self.milliseconds,
            "http_status": status,
            "error": error,
        })
    }
}

pub(super) struct Outbox {
    callbacks: Ring<Arc<Callback>>,
    by_reference: Index,
}

impl Outbox {
    pub(super) fn new() -> Self {
        Self { callbacks: Ring::new(CALLBACKS_MAX), by_reference: Index::default() }
    }

    /// Adds a callback and returns its number.
    pub(super) fn add(&mut self, callback: Arc<Callback>) -> u64 {
        let number = self.callbacks.next();
        self.by_reference.add(&callback.reference, number);
        if let Some((_, evicted)) = self.callbacks.push(callback) {
            self.by_reference.remove_oldest(&evicted.reference);
        }
        number
    }

    /// Up to so many callbacks after a number, oldest first.
    pub(super) fn page(
        &self,
        reference: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Vec<(u64, Arc<Callback>)> {
        let numbers: Vec<u64> = match reference {
            None => self.callbacks.numbers_after(after).take(limit).collect(),
            Some(reference) => self.by_reference.numbers_after(reference, after, limit),
        };
        let callback =
            |number| self.callbacks.get(number).map(|callback| (number, Arc::clone(callback)));
        numbers.into_iter().filter_map(callback).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.callbacks.len()
    }

    pub(super) fn gone(&self) -> u64 {
        self.callbacks.gone()
    }

    pub(super) fn clear(&mut self) {
        self.callbacks.clear();
        self.by_reference.clear();
    }
}
