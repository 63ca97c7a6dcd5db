//! What is pushed: a snapshot, then every change that the viewer may see, once and in order.
//!
//! **Invariant:** a stream listens before it reads and reads the position before the rows, so that
//! nothing falls between snapshot and deltas. **Invariant:** each event is authorized when it is
//! delivered, with the viewer of that moment. **Invariant:** frames chain: `previous` is the cursor
//! that was sent last. A stream is drawn by its reader: one that reads slowly costs nothing but its
//! place, and starts anew when that is too far back. Start at `stream`.

mod agent_feed;
mod config_changes;
mod conversation_events;
mod event;
mod frame;
mod heartbeat;
mod stream;

use async_graphql::{Context, Error, ErrorExtensions};

pub use agent_feed::AgentFeedSubscription;
pub use config_changes::ConfigChangesSubscription;
pub use conversation_events::ConversationEventsSubscription;
pub use heartbeat::HeartbeatSubscription;

use super::{
    access,
    context::{Principal, Services, principal, services},
    transport::ErrorCode,
    viewer::PresentViewer,
};

/// What a stream works with for as long as it runs.
#[derive(Clone)]
struct Subscriber {
    services: Services,
    principal: Principal,
    viewer: PresentViewer,
}

/// Lets a caller subscribe; `access` guards fields when they resolve, which is too late here.
fn admit(context: &Context<'_>, coordinate: &str) -> Result<Subscriber, Error> {
    let known = context.data_opt::<Principal>();
    access::check(coordinate, known).map_err(refusal)?;
    let principal = principal(context)?.clone();
    let viewer = context.data_opt::<PresentViewer>().cloned();
    Ok(Subscriber {
        services: services(context)?.clone(),
        viewer: viewer.unwrap_or_else(|| PresentViewer::new(&principal)),
        principal,
    })
}

fn refusal(code: ErrorCode) -> Error {
    let message = match code {
        ErrorCode::Unauthenticated => "sign in first",
        _ => "your role does not allow this",
    };
    Error::new(message).extend_with(|_, values| values.set("code", code.as_str()))
}
