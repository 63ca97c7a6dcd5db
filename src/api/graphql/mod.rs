//! The GraphQL API: who may ask what, and how the product looks from outside.
//!
//! **Invariant:** resolvers read through `store` and write through `engine` and `admin`; they hold
//! no rule of their own. **Invariant:** each root field stands in `access`, each object that refers
//! to others loads them through `loader`. What a viewer may see is asked of `domain` at every
//! delivery, with the `viewer` of the moment. Start at [`build`]; `transport` is the way in.

mod access;
mod actor;
mod administration;
mod alert;
mod api_token;
mod audit;
pub mod authenticator;
mod callback;
mod channel;
mod connection;
mod consent;
mod context;
mod conversation;
pub mod cursor;
mod error;
mod execution;
mod introspection;
mod loader;
mod message;
mod node;
mod organization;
mod password;
mod quarantine;
mod scalar;
mod secret_text;
mod session;
mod setup;
mod subscription;
pub mod transport;
mod viewer;

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions, Schema};

pub use access::{ACCESS, Access};
pub use context::{Principal, Services};

use access::AccessGuard;
use execution::{Cost, MergedSelections, NullableFields, OmittedPageSizes};
use introspection::IntrospectionGuard;
use loader::FreshLoaders;
use transport::ExecutionMark;
use viewer::ViewerOfTheMoment;

use crate::store::page::{PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};

/// Fields within fields; what the introspection query of the usual tools needs.
const DEPTH_MAX: usize = 15;
/// Selection sets within selection sets, fragments included.
const RECURSION_MAX: usize = 20;
/// Directives on one field.
const DIRECTIVES_MAX: usize = 5;
/// Aliases in one operation.
const ALIASES_MAX: usize = 30;

/// Read side.
///
/// Lookups by id give null for unknown and for other organizations' objects alike.
#[derive(MergedObject, Default)]
pub struct Query(
    conversation::ConversationQuery,
    message::MessageQuery,
    node::NodeQuery,
    session::SessionQuery,
    setup::SetupQuery,
    api_token::ApiTokenQuery,
    organization::OrganizationQuery,
    channel::ChannelQuery,
    callback::CallbackQuery,
    audit::AuditQuery,
    alert::AlertQuery,
    consent::ConsentQuery,
    quarantine::QuarantineQuery,
);

/// Write side. One input, one payload with `userErrors`.
///
/// A payload object is null exactly when `userErrors` is not empty.
#[derive(MergedObject, Default)]
pub struct Mutation(
    conversation::ConversationMutation,
    message::MessageMutation,
    message::retry::RetryMutation,
    session::SessionMutation,
    setup::SetupMutation,
    password::PasswordMutation,
    api_token::ApiTokenMutation,
    organization::OrganizationMutation,
    channel::ChannelMutation,
    callback::CallbackMutation,
    alert::AlertMutation,
    consent::ConsentMutation,
    quarantine::QuarantineMutation,
);

/// Push side, over graphql-transport-ws or SSE.
///
/// Each field opens with a snapshot (or with the missed deltas when `after` is given), then sends
/// deltas.
#[derive(MergedSubscription, Default)]
pub struct Subscription(
    subscription::AgentFeedSubscription,
    subscription::ConversationEventsSubscription,
    subscription::ConfigChangesSubscription,
    subscription::HeartbeatSubscription,
);

/// The schema of the product.
pub type AppSchema = Schema<Query, Mutation, Subscription>;

/// Puts the schema together. Without services it can be printed and not asked.
pub fn build(services: Option<Services>) -> AppSchema {
    let builder = Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .limit_depth(DEPTH_MAX)
        .limit_recursive_depth(RECURSION_MAX)
        .limit_directives(DIRECTIVES_MAX)
        .limit_aliases(ALIASES_MAX)
        .with_sorted_fields()
        .with_sorted_enums()
        .register_output_type::<node::Versioned>()
        // The order matters: what makes null of a field that failed goes before what refuses one.
        .extension(NullableFields)
        .extension(Cost)
        .extension(OmittedPageSizes)
        .extension(MergedSelections)
        .extension(ExecutionMark)
        .extension(AccessGuard)
        .extension(IntrospectionGuard)
        .extension(ViewerOfTheMoment)
        .extension(FreshLoaders);
    match services {
        Some(services) => builder.data(services).finish(),
        None => builder.finish(),
    }
}

/// The schema as text, in an order that does not depend on the code's.
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .use_space_ident()
        .indent_width(2);
    build(None).sdl_with_options(options)
}

/// How many items a page may bring, for the cost of a document.
pub(in crate::api::graphql) fn page_cost(first: Option<i32>, last: Option<i32>) -> usize {
    let asked = first.or(last).map_or(PAGE_SIZE_DEFAULT, i64::from);
    usize::try_from(asked.clamp(0, PAGE_SIZE_MAX)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
