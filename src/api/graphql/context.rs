//! Who asks, and what resolvers answer with.

use async_graphql::{Context, Error, ErrorExtensions};
use chrono::{DateTime, Utc};

use super::{
    error::fault,
    transport::{ErrorCode, Identity},
};
use crate::{
    admin::Admin,
    domain::{
        audit::Origin,
        clock::Clock,
        conversation::access::{Role, Viewer},
        ids::{AgentId, OrganizationId, QueueId},
    },
    engine::{Caller, Engine},
    store::{ReadConnection, Reader, credential::Credential},
};

/// A proven caller; lives in the data of each request.
#[derive(Debug, Clone)]
pub struct Principal {
    pub organization: OrganizationId,
    pub agent: AgentId,
    pub role: Role,
    pub queues: Vec<QueueId>,
    pub credential: Credential,
    pub expires_at: Option<DateTime<Utc>>,
}

impl Identity for Principal {
    type Caller = (OrganizationId, AgentId);
    type Credential = (OrganizationId, Credential);

    fn caller(&self) -> Self::Caller {
        (self.organization, self.agent)
    }

    fn credential(&self) -> Self::Credential {
        (self.organization, self.credential)
    }

    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }
}

impl Principal {
    pub fn viewer(&self) -> Viewer {
        Viewer { agent: self.agent, role: self.role, queues: self.queues.clone() }
    }

    pub fn caller(&self) -> Caller {
        let token = match self.credential {
            Credential::ApiToken(token) => Some(token),
            Credential::Session(_) => None,
        };
        let (organization, agent) = (self.organization, self.agent);
        Caller { organization, agent, token, origin: Origin::default() }
    }
}

/// What the schema works with; lives in the data of the schema.
#[derive(Clone)]
pub struct Services {
    pub reader: Reader,
    pub engine: Engine,
    pub admin: Admin,
    pub clock: Clock,
    /// What callback URLs start with, without a slash at the end.
    pub public_url: String,
    /// The provider is a simulated one, whose telephone the console may use.
    pub has_phone: bool,
}

/// The services of the schema.
pub fn services<'a>(context: &Context<'a>) -> Result<&'a Services, Error> {
    context.data::<Services>()
}

/// The caller. Root fields that need none are few; `access` lets nobody else in here.
pub fn principal<'a>(context: &Context<'a>) -> Result<&'a Principal, Error> {
    context.data::<Principal>().map_err(|_missing| {
        Error::new("sign in first").extend_with(|_, values| {
            values.set("code", ErrorCode::Unauthenticated.as_str());
        })
    })
}

/// The caller, as the engine knows callers, with the request that they ask with.
pub fn caller(context: &Context<'_>) -> Result<Caller, Error> {
    Ok(Caller { origin: origin(context), ..principal(context)?.caller() })
}

/// The request that is being answered.
pub fn origin(context: &Context<'_>) -> Origin {
    context.data_opt::<Origin>().copied().unwrap_or_default()
}

/// A connection that reads the caller's organization, and no other.
pub async fn connect(context: &Context<'_>) -> Result<ReadConnection, Error> {
    connect_to(context, principal(context)?.organization).await
}

/// A connection that reads this organization, and no other.
pub async fn connect_to(
    context: &Context<'_>,
    organization: OrganizationId,
) -> Result<ReadConnection, Error> {
    services(context)?.reader.connect(organization).await.map_err(|error| fault(&error))
}
