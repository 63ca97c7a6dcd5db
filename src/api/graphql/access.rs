//! Who may call which root field: one table, enforced in one place.
//!
//! A root field that is missing here is refused for everybody, and a test that walks the schema
//! fails. Which conversations an agent sees among all is decided by `domain`.

use std::sync::Arc;

use async_graphql::{
    ErrorExtensionValues, ServerError, ServerResult, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo},
};

use super::{context::Principal, transport::ErrorCode};
use crate::domain::conversation::access::Role;

/// Who a root field is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Anyone,
    Staff(Role),
}

const AGENT: Access = Access::Staff(Role::Agent);
const SUPERVISOR: Access = Access::Staff(Role::Supervisor);
const ADMIN: Access = Access::Staff(Role::Admin);

/// Every root field of the schema, sorted.
pub const ACCESS: &[(&str, Access)] = &[
    ("Mutation.agentCreate", ADMIN),
    ("Mutation.agentInvite", ADMIN),
    ("Mutation.agentUpdate", ADMIN),
    ("Mutation.alertAcknowledge", ADMIN),
    ("Mutation.apiTokenCreate", ADMIN),
    ("Mutation.apiTokenRevoke", ADMIN),
    ("Mutation.automatedMessageSet", ADMIN),
    ("Mutation.callbackReplay", ADMIN),
    ("Mutation.channelAccountCreate", ADMIN),
    ("Mutation.channelAccountResume", ADMIN),
    ("Mutation.channelAccountRotateKey", ADMIN),
    ("Mutation.channelAccountValidate", ADMIN),
    ("Mutation.consentImport", ADMIN),
    ("Mutation.consentSet", AGENT),
    ("Mutation.conversationPick", AGENT),
    ("Mutation.conversationResolve", AGENT),
    ("Mutation.conversationResume", AGENT),
    ("Mutation.conversationStart", AGENT),
    ("Mutation.conversationWait", AGENT),
    ("Mutation.conversationWrapUp", AGENT),
    ("Mutation.messageRetry", AGENT),
    ("Mutation.messageSend", AGENT),
    ("Mutation.organizationUpdate", ADMIN),
    ("Mutation.passwordSet", Access::Anyone),
    ("Mutation.quarantineReplay", ADMIN),
    ("Mutation.queueCreate", ADMIN),
    ("Mutation.queueUpdate", ADMIN),
    ("Mutation.sessionCreate", Access::Anyone),
    ("Mutation.sessionRevoke", AGENT),
    ("Mutation.setupComplete", Access::Anyone),
    ("Mutation.supportNumberAdd", ADMIN),
    ("Mutation.supportNumberUpdate", ADMIN),
    ("Mutation.workstreamCreate", ADMIN),
    ("Mutation.workstreamUpdate", ADMIN),
    ("Query.agent", AGENT),
    ("Query.agents", AGENT),
    ("Query.alerts", SUPERVISOR),
    ("Query.apiTokens", ADMIN),
    ("Query.auditEntries", ADMIN),
    ("Query.automatedMessages", ADMIN),
    ("Query.callbacks", ADMIN),
    ("Query.channelAccount", ADMIN),
    ("Query.channelAccounts", ADMIN),
    ("Query.consent", AGENT),
    ("Query.consentLedgerCheck", ADMIN),
    ("Query.consents", ADMIN),
    ("Query.conversation", AGENT),
    ("Query.conversations", AGENT),
    ("Query.inbox", AGENT),
    ("Query.message", AGENT),
    ("Query.messageEstimate", AGENT),
    ("Query.node", AGENT),
    ("Query.nodes", AGENT),
    ("Query.organization", AGENT),
    ("Query.quarantinedCallbacks", ADMIN),
    ("Query.queue", AGENT),
    ("Query.queues", AGENT),
    ("Query.sessions", AGENT),
    ("Query.setupState", Access::Anyone),
    ("Query.supportNumber", AGENT),
    ("Query.supportNumbers", AGENT),
    ("Query.viewer", AGENT),
    ("Query.workstream", AGENT),
    ("Query.workstreams", AGENT),
    ("Subscription.agentFeed", AGENT),
    ("Subscription.configChanges", ADMIN),
    ("Subscription.conversationEvents", AGENT),
    ("Subscription.heartbeat", AGENT),
];

const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];

/// Whether the caller may use a root field.
pub fn check(coordinate: &str, principal: Option<&Principal>) -> Result<(), ErrorCode> {
    let access = ACCESS.iter().find(|(name, _)| *name == coordinate).map(|(_, access)| *access);
    match (access, principal) {
        (Some(Access::Anyone), _) => Ok(()),
        (_, None) => Err(ErrorCode::Unauthenticated),
        (Some(Access::Staff(role)), Some(principal)) if principal.role >= role => Ok(()),
        (Some(Access::Staff(_)) | None, Some(_)) => Err(ErrorCode::Forbidden),
    }
}

/// Puts [`check`] before every root field.
pub struct AccessGuard;

impl ExtensionFactory for AccessGuard {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for AccessGuard {
    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        // Introspection tells the shape of the schema only; it has a switch of its own.
        if ROOTS.contains(&info.parent_type) && !info.name.starts_with("__") {
            let coordinate = format!("{}.{}", info.parent_type, info.name);
            let principal = context.data_opt::<Principal>();
            check(&coordinate, principal).map_err(|code| refusal(code, info.field.name.pos))?;
        }
        next.run(context, info).await
    }
}

fn refusal(code: ErrorCode, position: async_graphql::Pos) -> ServerError {
    let message = if code == ErrorCode::Unauthenticated {
        "sign in first: send `authorization: Bearer <token>`"
    } else {
        "your role does not allow this"
    };
    let mut error = ServerError::new(message, Some(position));
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code.as_str());
    error
}
