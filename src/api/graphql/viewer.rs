//! Who looks, as of now: a subscription may outlive the role and the queues that it began with.
//!
//! **Invariant:** what resolvers show and what the feeds deliver is asked of the same viewer.

use std::{any::TypeId, sync::Arc};

use async_graphql::{
    Context, Error, Request, ServerResult,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest},
};
use parking_lot::RwLock;

use super::context::{Principal, principal};
use crate::{
    domain::conversation::access::Viewer,
    store::{ReadConnection, StoreError, agent, credential::Credential},
};

/// The viewer of one operation. Clones show the same one.
#[derive(Clone)]
pub struct PresentViewer(Arc<RwLock<Arc<Viewer>>>);

/// What became of a viewer that was read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Same,
    Other,
    /// The agent is gone or no longer active.
    Gone,
}

impl PresentViewer {
    pub fn new(principal: &Principal) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(principal.viewer()))))
    }

    pub fn get(&self) -> Arc<Viewer> {
        Arc::clone(&self.0.read())
    }

    /// Takes the agent's role and queues as they stand.
    pub async fn refresh(
        &self,
        connection: &mut ReadConnection,
        principal: &Principal,
    ) -> Result<Change, StoreError> {
        let (organization, id) = (principal.organization, principal.agent);
        let found = agent::find_many(connection, organization, &[id]).await?;
        let Some(agent) = found.into_iter().next().filter(|agent| agent.active) else {
            return Ok(Change::Gone);
        };
        let queues = agent::queues_of(connection, organization, &[id]).await?;
        let role = match principal.credential {
            Credential::Session(_) => agent.role,
            // A token never has more than it was made with.
            Credential::ApiToken(_) => agent.role.min(principal.role),
        };
        let queues = queues.into_iter().map(|(_, queue)| queue).collect();
        let now = Viewer { agent: id, role, queues };
        let mut known = self.0.write();
        if **known == now {
            return Ok(Change::Same);
        }
        *known = Arc::new(now);
        Ok(Change::Other)
    }
}

/// The viewer of the operation, as of now.
pub fn viewer(context: &Context<'_>) -> Result<Arc<Viewer>, Error> {
    match context.data_opt::<PresentViewer>() {
        Some(present) => Ok(present.get()),
        None => Ok(Arc::new(principal(context)?.viewer())),
    }
}

/// Gives each operation a viewer of its own.
pub struct ViewerOfTheMoment;

impl ExtensionFactory for ViewerOfTheMoment {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for ViewerOfTheMoment {
    async fn prepare_request(
        &self,
        context: &ExtensionContext<'_>,
        mut request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let principal = request.data.get(&TypeId::of::<Principal>());
        let present =
            principal.and_then(|any| any.downcast_ref::<Principal>()).map(PresentViewer::new);
        if let Some(present) = present {
            request.data.insert(present);
        }
        next.run(context, request).await
    }
}
