//! HTTP: the socket that is listened on, and the threads that serve it.

use std::{
    any::Any,
    net::{SocketAddr, TcpListener},
    sync::mpsc,
    time::Duration,
};

use actix_web::{App, HttpServer, dev::ServerHandle};
use rustix::net::sockopt::set_tcp_user_timeout;
use tokio::net::{TcpSocket, TcpStream};

use super::{AppError, demo_phone};
use crate::{
    api::{self, Api, graphql::transport::Authenticate},
    simulator::Phone,
};

/// Connections that may wait to be taken; during a restart customers' callbacks wait there.
const BACKLOG_CONNECTIONS: u32 = 4_096;
/// Connections of one worker.
const CONNECTIONS_PER_WORKER_MAX: usize = 12_500;
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// A client that has not sent its request's head by then is answered 408. How large a head may be
/// is not ours to say: the library takes 96 fields and 128 KiB.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may take to close a connection that we are done with.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// A client that has closed its side has gone: nothing is worked out for it.
const SERVES_HALF_CLOSED: bool = false;
/// How long requests that are under way may take when the server stops.
const DRAIN_SECONDS: u64 = 5;
/// Connections that were taken last still wait for their worker, which would drop them if it were
/// told to stop at once.
const HAND_OVER: Duration = Duration::from_millis(100);

/// A listening socket that nobody serves yet.
pub(super) struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

impl Bound {
    /// The socket that was handed over, else one of our own at the address.
    pub(super) fn new(
        address: SocketAddr,
        inherited: Option<TcpListener>,
    ) -> Result<Self, AppError> {
        let listen = || {
            let listener = match inherited {
                Some(listener) => {
                    listener.set_nonblocking(true)?;
                    listener
                }
                None => listen_at(address)?,
            };
            Ok(Self { address: listener.local_addr()?, listener })
        };
        listen().map_err(|source| AppError::Listen { address, source })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves it from a thread of its own, which owns the workers.
    pub(super) fn serve<A: Authenticate>(
        self,
        api: Api<A>,
        stalled_timeout: Duration,
        phone: Option<Phone>,
    ) -> Result<Http, AppError> {
        let address = self.address;
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::Builder::new().name("http".into());
        let spawned = thread.spawn(move || {
            let system = actix_web::rt::System::new();
            system.block_on(async move {
                let app = move || {
                    App::new()
                        .configure(|config| {
                            if let Some(phone) = &phone {
                                demo_phone::routes(config, phone, address);
                            }
                        })
                        .configure(|config| api::configure(config, &api))
                };
                let server = HttpServer::new(app)
                    .max_connections(CONNECTIONS_PER_WORKER_MAX)
                    .keep_alive(KEEP_ALIVE)
                    .client_request_timeout(HEAD_TIMEOUT)
                    .client_disconnect_timeout(DISCONNECT_TIMEOUT)
                    .h1_allow_half_closed(SERVES_HALF_CLOSED)
                    .shutdown_timeout(DRAIN_SECONDS)
                    .tcp_nodelay(true)
                    .on_connect(move |connection, _| end_when_stalled(connection, stalled_timeout))
                    .disable_signals()
                    .listen(self.listener)
                    .map(HttpServer::run);
                match server {
                    Ok(server) => {
                        let is_wanted = sender.send(Ok(server.handle())).is_ok();
                        if is_wanted && let Err(error) = server.await {
                            tracing::error!(%error, "the HTTP server has ended");
                        }
                    }
                    Err(error) => drop(sender.send(Err(error))),
                }
            });
        });
        spawned.map_err(AppError::Thread)?;
        let started =
            receiver.recv().map_err(|gone| AppError::Thread(std::io::Error::other(gone)))?;
        started.map(Http).map_err(|source| AppError::Listen { address, source })
    }
}

/// What serves; it ends when it is told to.
pub(super) struct Http(ServerHandle);

impl Http {
    /// Takes no more connections and answers what it has taken.
    ///
    /// Those that come from now on wait in the socket, for whoever else holds it open.
    pub(super) async fn stop(&self) {
        self.0.pause().await;
        tokio::time::sleep(HAND_OVER).await;
        self.0.stop(true).await;
    }
}

fn listen_at(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A restart takes the port over from connections that are still being closed.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG_CONNECTIONS)?.into_std()
}

/// A client that takes nothing of what was written keeps its connection no longer than this: the
/// server waits for the socket by then, and only the kernel can end it.
fn end_when_stalled(connection: &dyn Any, timeout: Duration) {
    let Some(stream) = connection.downcast_ref::<TcpStream>() else { return };
    let timeout_ms = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX);
    if let Err(error) = set_tcp_user_timeout(stream, timeout_ms) {
        tracing::warn!(%error, "a connection has no time limit for a client that does not read");
    }
}
