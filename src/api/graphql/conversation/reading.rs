//! Reads conversations together with a position from which nothing of them is missed.

use std::sync::Arc;

use async_graphql::{Context, Error};

use super::ConversationObject;
use crate::{
    api::graphql::{
        context::{connect, principal},
        error::fault,
    },
    domain::conversation::Conversation,
    store::{ReadConnection, event},
};

/// A connection with the feed's position before anything else was read on it.
///
/// The position comes first: what is read later may be newer than it, and is then told again, but
/// nothing falls between the two.
pub struct Reading {
    pub connection: ReadConnection,
    pub as_of: i64,
}

impl Reading {
    pub async fn begin(context: &Context<'_>) -> Result<Self, Error> {
        let mut connection = connect(context).await?;
        let organization = principal(context)?.organization;
        let as_of = event::position(&mut connection, organization).await;
        Ok(Self { connection, as_of: as_of.map_err(|error| fault(&error))? })
    }

    pub fn object(&self, conversation: Conversation) -> ConversationObject {
        ConversationObject { conversation: Arc::new(conversation), as_of: self.as_of }
    }
}
