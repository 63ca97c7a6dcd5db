//! What a text would cost to send, before it is sent.

use async_graphql::Object;

use super::word::MessageEncoding;
use crate::{
    api::graphql::error::{UserError, UserErrorCode},
    domain::{
        conversation::command::Refusal,
        message::TEXT_CHARACTERS_MAX,
        segment::{Estimate, estimate},
    },
};

/// What a text would cost to send, before it is sent.
pub struct MessageEstimate(Estimate);

impl MessageEstimate {
    pub fn of(text: &str) -> Self {
        Self(estimate(text))
    }
}

/// Counts are of texts that fit into a request: far below what an Int holds.
pub fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// What a text would cost to send, before it is sent.
#[Object]
impl MessageEstimate {
    /// The alphabet that the whole text is sent in.
    async fn encoding(&self) -> MessageEncoding {
        self.0.encoding.into()
    }

    /// Unicode code points; the limit is on these.
    async fn characters(&self) -> i32 {
        count(self.0.characters)
    }

    /// Always 1600.
    async fn max_characters(&self) -> i32 {
        count(TEXT_CHARACTERS_MAX)
    }

    /// Characters that still fit; negative where there are too many.
    async fn remaining(&self) -> i32 {
        count(TEXT_CHARACTERS_MAX) - count(self.0.characters)
    }

    /// Parts that are sent and billed.
    async fn segments(&self) -> i32 {
        count(self.0.segments)
    }

    /// Units left in the last segment (septets or UTF-16 units).
    async fn units_left_in_segment(&self) -> i32 {
        count(self.0.units_left_in_segment)
    }

    /// Characters that force `UCS_2`, each once, at most 20.
    async fn non_gsm_characters(&self) -> Vec<String> {
        self.0.non_gsm_characters.iter().map(char::to_string).collect()
    }

    /// The text with those replaced, where a safe replacement exists; null if nothing to gain.
    async fn gsm_alternative(&self) -> Option<&str> {
        self.0.gsm_alternative.as_deref()
    }

    /// Why the text would be refused as it is.
    async fn user_errors(&self) -> Vec<UserError> {
        let characters = self.0.characters;
        if characters <= TEXT_CHARACTERS_MAX {
            return Vec::new();
        }
        let message = Refusal::TextTooLong { characters }.to_string();
        let field = Some(vec!["text".to_owned()]);
        vec![UserError { field, ..UserError::new(UserErrorCode::MessageTooLong, message) }]
    }
}
