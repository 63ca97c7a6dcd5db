//! A listening socket that whoever started us holds open, as systemd does (`LISTEN_FDS`).
//!
//! While we restart, the kernel keeps customers' callbacks waiting in it: none is refused.

use std::{io, net::TcpListener};

use listenfd::ListenFd;

/// Why what was handed over cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum InheritedError {
    #[error(
        "{0} sockets were handed over; the server listens on one: give the unit one ListenStream"
    )]
    TooMany(usize),
    #[error(
        "what was handed over is no listening TCP socket ({0}); give the unit a ListenStream=HOST:PORT"
    )]
    NotTcp(#[source] io::Error),
}

/// The socket that was handed over, if one was.
pub fn inherited_listener() -> Result<Option<TcpListener>, InheritedError> {
    let mut handed = ListenFd::from_env();
    if handed.len() > 1 {
        return Err(InheritedError::TooMany(handed.len()));
    }
    handed.take_tcp_listener(0).map_err(InheritedError::NotTcp)
}
