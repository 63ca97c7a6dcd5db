//! Every callback with its attempts and their answers, the newest [`CALLBACKS_MAX`] of them.

use std::sync::Arc;

use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::ring::{Index, Ring};

/// Callbacks that are remembered; the oldest makes room.
const CALLBACKS_MAX: usize = 100_000;
/// Their bodies, in bytes; longer bodies leave room for fewer callbacks.
const BODY_BYTES_MAX: usize = 256 * 1024 * 1024;

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
    body_bytes: usize,
    body_bytes_max: usize,
}

impl Outbox {
    pub(super) fn new() -> Self {
        Self::bounded(CALLBACKS_MAX, BODY_BYTES_MAX)
    }

    fn bounded(callbacks_max: usize, body_bytes_max: usize) -> Self {
        Self {
            callbacks: Ring::new(callbacks_max),
            by_reference: Index::default(),
            body_bytes: 0,
            body_bytes_max,
        }
    }

    /// Adds a callback and returns its number.
    pub(super) fn add(&mut self, callback: Arc<Callback>) -> u64 {
        self.body_bytes += callback.body.len();
        while self.callbacks.is_full() || self.body_bytes > self.body_bytes_max {
            let Some(oldest) = self.callbacks.pop_oldest() else { break };
            self.body_bytes = self.body_bytes.saturating_sub(oldest.body.len());
            self.by_reference.remove_oldest(&oldest.reference);
        }
        let number = self.callbacks.next();
        self.by_reference.add(&callback.reference, number);
        self.callbacks.push(callback);
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
        self.body_bytes = 0;
        self.by_reference.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn callback(reference: &str, body: &'static str) -> Arc<Callback> {
        let body = Bytes::from_static(body.as_bytes());
        let (customer_id, url) = ("customer".into(), "https://example.com/".into());
        Arc::new(Callback::new(Kind::Raw, customer_id, reference.to_owned(), url, body))
    }

    #[test]
    fn a_full_outbox_forgets_its_oldest_callbacks() {
        let mut outbox = Outbox::bounded(3, 10);
        for reference in ["A", "A", "B", "C"] {
            outbox.add(callback(reference, "x"));
        }
        let count = |outbox: &Outbox, reference| outbox.page(Some(reference), 0, 9).len();
        assert_eq!(["A", "B", "C"].map(|reference| count(&outbox, reference)), [1, 1, 1]);
        outbox.add(callback("D", "nine byte"));
        assert_eq!(["A", "B", "C", "D"].map(|r| count(&outbox, r)), [0, 0, 1, 1]);
        assert_eq!((outbox.len(), outbox.gone()), (2, 3));
        outbox.add(callback("E", "longer than all of it"));
        assert_eq!(outbox.page(None, 0, 9).len(), 1);
    }
}
