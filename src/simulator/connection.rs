//! Connections that are to end without an answer.
//!
//! An answer whose body fails at once never leaves the write buffer: the connection is dropped
//! with nothing written to it. A linger time of zero turns that end into a reset.

use std::{
    any::Any,
    io,
    os::fd::AsFd,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodySize, MessageBody},
    dev::Extensions,
    web::Bytes,
};
use tokio::net::{TcpSocket, TcpStream};

/// A second handle on the socket of a connection.
struct Socket(TcpSocket);

/// Keeps a handle on each new connection, for [`reset`].
pub(super) fn remember(connection: &dyn Any, extensions: &mut Extensions) {
    let stream = connection.downcast_ref::<TcpStream>();
    if let Some(handle) = stream.and_then(|stream| stream.as_fd().try_clone_to_owned().ok()) {
        extensions.insert(Socket(TcpSocket::from_std_stream(handle.into())));
    }
}

/// Ends the connection of this request in the ordinary way, without an answer.
pub(super) fn close() -> HttpResponse {
    HttpResponse::Ok().body(NoAnswer)
}

/// Resets the connection of this request, without an answer.
pub(super) fn reset(request: &HttpRequest) -> HttpResponse {
    if let Some(Socket(socket)) = request.conn_data() {
        // Where it fails the connection is closed instead of reset, and still without an answer.
        socket.set_zero_linger().ok();
    }
    close()
}

struct NoAnswer;

impl MessageBody for NoAnswer {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, io::Error>>> {
        Poll::Ready(Some(Err(io::Error::other("the simulator was told not to answer"))))
    }
}
