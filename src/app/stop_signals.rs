//! SIGTERM and SIGINT, heard from before anybody can be answered.
//!
//! **Invariant:** whoever has read `listening on` can stop the process in order: a signal that comes
//! before the wait begins is remembered, and does not end the process where it stands.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{AppError, Server};

pub(super) struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Hears from now on.
    pub(super) fn hear() -> Result<Self, AppError> {
        let signal = |kind| signal(kind).map_err(AppError::Thread);
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for one of them.
    pub(super) async fn told(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Waits for one of them, or for a reason why the server cannot go on.
    pub(super) async fn told_or_ended(&mut self, server: &Server) -> Result<(), AppError> {
        tokio::select! {
            () = self.told() => Ok(()),
            reason = server.cannot_go_on() => Err(reason),
        }
    }
}
