//! Who did something.

use async_graphql::{Context, Enum, Error, Object};

use super::{api_token::ApiTokenObject, loader::Lookup, organization::AgentObject, viewer::viewer};
use crate::{domain::conversation::access::Role, store::commit::Actor};

/// What an agent or a token is called that is no longer there.
const FORMER_AGENT: &str = "Former agent";
const FORMER_TOKEN: &str = "Former API token";

/// Kinds of those who do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ActorKind {
    /// A person that works here.
    #[graphql(name = "AGENT")]
    Agent,
    /// A program, with an API token.
    #[graphql(name = "API_TOKEN")]
    ApiToken,
    /// A customer, by texting.
    #[graphql(name = "CUSTOMER")]
    Customer,
    /// The server by itself, or what the provider told it.
    #[graphql(name = "SYSTEM")]
    System,
}

/// Somebody that did something.
pub struct ActorObject {
    actor: Actor,
    lookup: Lookup,
}

impl ActorObject {
    pub fn new(actor: Actor, lookup: Lookup) -> Self {
        Self { actor, lookup }
    }
}

impl From<Actor> for ActorObject {
    fn from(actor: Actor) -> Self {
        Self::new(actor, Lookup::Caller)
    }
}

/// Who did something.
///
/// At most one of agent and apiToken is set; neither when kind is SYSTEM or CUSTOMER.
#[Object(name = "Actor")]
impl ActorObject {
    /// What kind of actor it is.
    async fn kind(&self) -> ActorKind {
        match self.actor {
            Actor::Agent(_) => ActorKind::Agent,
            Actor::ApiToken(_) => ActorKind::ApiToken,
            Actor::Customer => ActorKind::Customer,
            Actor::System => ActorKind::System,
        }
    }

    /// The person, with AGENT only.
    async fn agent(&self, context: &Context<'_>) -> Result<Option<AgentObject>, Error> {
        let Actor::Agent(id) = self.actor else { return Ok(None) };
        let found = self.lookup.load(context, id).await?;
        Ok(found.map(|agent| AgentObject::new(agent, self.lookup.clone())))
    }

    /// The token, with `API_TOKEN` only; null unless the viewer is an admin.
    async fn api_token(&self, context: &Context<'_>) -> Result<Option<ApiTokenObject>, Error> {
        let Actor::ApiToken(id) = self.actor else { return Ok(None) };
        if viewer(context)?.role != Role::Admin {
            return Ok(None);
        }
        Ok(self.lookup.load(context, id).await?.map(ApiTokenObject::from))
    }

    /// What to call them: a person's name, a token's name, or the kind in words.
    async fn label(&self, context: &Context<'_>) -> Result<String, Error> {
        Ok(match self.actor {
            Actor::Agent(id) => {
                let agent = self.lookup.load(context, id).await?;
                agent.map_or_else(|| FORMER_AGENT.to_owned(), |agent| agent.display_name)
            }
            Actor::ApiToken(id) => {
                let token = self.lookup.load(context, id).await?;
                token.map_or_else(|| FORMER_TOKEN.to_owned(), |token| token.name)
            }
            Actor::Customer => "Customer".to_owned(),
            Actor::System => "System".to_owned(),
        })
    }
}
