//! How GraphQL travels: over HTTP, over WebSocket (graphql-transport-ws), over SSE, on one path.
//!
//! **Invariant:** a document is looked at before anything of it runs, and what it asks for is
//! bounded. **Invariant:** an error that leaves has a code; what went wrong inside stays in the log,
//! under the request id that the client is told. Nothing here knows the schema or how callers are
//! proven. Start at [`Gateway`]; `guard` is the look, `execution` the run.

mod accept;
mod cookie;
mod error_code;
mod execution;
mod gateway;
mod guard;
mod http;
mod identity;
mod nesting;
mod parameters;
mod place;
mod sse;
mod vigil;
mod websocket;

pub use cookie::SessionCookie;
pub use error_code::ErrorCode;
pub use execution::ExecutionMark;
pub use gateway::{Gateway, GatewayOptions};
pub use guard::visits;
pub use identity::{Authenticate, Credential, Identity, Unavailable};
