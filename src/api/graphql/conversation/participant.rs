//! Who takes part in a conversation.

use async_graphql::{Context, Error, Object};

use super::word::ParticipantRole;
use crate::{
    api::graphql::{loader::load, organization::AgentObject, scalar::SmsAddress},
    domain::{address, ids::AgentId},
};

/// What an agent is called that is no longer there.
const UNKNOWN_AGENT: &str = "Former agent";
/// What writes by itself.
const SYSTEM: &str = "System";

/// Somebody in a conversation.
pub enum ParticipantObject {
    Customer(address::SmsAddress),
    Agent(AgentId),
    System,
}

/// Somebody in a conversation.
#[Object(name = "Participant")]
impl ParticipantObject {
    /// Which side they stand on.
    async fn role(&self) -> ParticipantRole {
        match self {
            Self::Customer(_) => ParticipantRole::Customer,
            Self::Agent(_) => ParticipantRole::Agent,
            Self::System => ParticipantRole::System,
        }
    }

    /// What to call them: an agent's name, a customer's address.
    async fn display_name(&self, context: &Context<'_>) -> Result<String, Error> {
        match self {
            Self::Customer(address) => Ok(address.as_str().to_owned()),
            Self::Agent(id) => {
                let agent = load(context, *id).await?;
                Ok(agent.map_or_else(|| UNKNOWN_AGENT.to_owned(), |agent| agent.display_name))
            }
            Self::System => Ok(SYSTEM.to_owned()),
        }
    }

    /// Null for agents and the system.
    async fn address(&self) -> Option<SmsAddress> {
        match self {
            Self::Customer(address) => Some(SmsAddress(address.clone())),
            Self::Agent(_) | Self::System => None,
        }
    }

    /// Null for customers and the system.
    async fn agent(&self, context: &Context<'_>) -> Result<Option<AgentObject>, Error> {
        match self {
            Self::Customer(_) | Self::System => Ok(None),
            Self::Agent(id) => Ok(load(context, *id).await?.map(AgentObject::from)),
        }
    }
}
