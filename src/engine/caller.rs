//! Who makes things happen.

use crate::{
    domain::{
        audit::Origin,
        ids::{AgentId, ApiTokenId, OrganizationId},
    },
    store::commit::Actor,
};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub organization: OrganizationId,
    pub agent: AgentId,
    pub token: Option<ApiTokenId>,
    /// The request that they ask with.
    pub origin: Origin,
}

impl Caller {
    pub fn actor(&self) -> Actor {
        self.token.map_or(Actor::Agent(self.agent), Actor::ApiToken)
    }

    /// Does what a mutation asks for.
    pub(super) fn doing(&self, mutation: &'static str) -> Doer {
        Doer { actor: self.actor(), noted: Some((mutation, self.origin)) }
    }
}

/// Who makes something happen, and what the audit log is to say of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doer {
    pub(super) actor: Actor,
    /// The mutation and its request; nothing is noted of customers and of the server itself.
    pub(super) noted: Option<(&'static str, Origin)>,
}

impl From<Actor> for Doer {
    fn from(actor: Actor) -> Self {
        Self { actor, noted: None }
    }
}
