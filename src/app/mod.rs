//! Builds, starts and stops everything: the command line, the server, the demo.
//!
//! **Invariant:** nothing is decided here; every part is made once and handed to those that use it.
//! **Invariant:** what ends early says why in one sentence on stderr: exit status 1 for a failure, 2
//! for wrong usage. Start at [`run`]; `server` puts the parts together, `foundation` what all
//! commands stand on.

mod command;
mod demo;
mod demo_phone;
pub mod embedded_postgres;
mod error;
mod first_run;
mod foundation;
mod http;
mod output;
mod server;
mod stop_signals;

pub use command::run;
pub use error::AppError;
use server::hosts_of;
pub use server::{Server, ServerParts};
