//! A customer's telephone for whoever holds the simulator: texts in, and what has come back.

use std::sync::Arc;

use super::{Simulator, control, ledger::Wanted, state::State};

/// The newest texts that a telephone shows.
const TEXTS_SHOWN_MAX: usize = 200;

/// A telephone; clones are the same one.
#[derive(Clone)]
pub struct Phone {
    state: Arc<State>,
}

/// A text that came to a telephone.
pub struct PhoneText {
    pub sequence: u64,
    pub text: String,
    /// Unix time in milliseconds.
    pub at_ms: i64,
}

impl Simulator {
    /// A telephone, for as long as this runs.
    pub fn phone(&self) -> Phone {
        Phone { state: Arc::clone(&self.state) }
    }
}

impl Phone {
    /// Texts in as a customer; the body is that of `POST /control/inbound`.
    ///
    /// A sentence says what is wrong with it.
    pub async fn text_in(&self, body: &[u8]) -> Result<serde_json::Value, String> {
        control::inbound::text_in(&self.state, body).await
    }

    /// What has come to a number, oldest first.
    pub fn texts(&self, number: &str) -> Vec<PhoneText> {
        let ledger = self.state.ledger.lock();
        let page = ledger.page(&Wanted::PhoneNumber(number), 0, TEXTS_SHOWN_MAX);
        let text = |(sequence, entry): (u64, &super::ledger::Entry)| PhoneText {
            sequence,
            text: entry.message.to_string(),
            at_ms: entry.at.timestamp_millis(),
        };
        page.into_iter().map(text).collect()
    }

    /// Changes where an account's callbacks go.
    pub fn set_callback_url(&self, customer_id: &str, url: &str) -> std::io::Result<()> {
        super::set_callback_url(&self.state, customer_id, url)
    }
}
