//! graphql-transport-ws: many operations on one socket.
//!
//! **Invariant:** nothing is read from an operation's stream before the frame before has been taken
//! by the socket, so that a slow reader costs its place and no memory. **Invariant:** every socket
//! ends with a code that tells the usual client whether to come back. Start at `connection`;
//! `message` is the language.

mod connection;
mod frame_limit;
mod message;
mod speaker;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use async_graphql::Executor;

use super::{
    cookie::is_from_allowed_origin,
    gateway::{Gateway, header_text},
    identity::Authenticate,
};
use connection::{Connection, Handshake};

/// The sub-protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";

/// Turns the request into a socket, or says why not.
pub(super) fn open<E: Executor, A: Authenticate>(
    gateway: Arc<Gateway<E, A>>,
    request: &HttpRequest,
    payload: web::Payload,
    request_id: String,
) -> HttpResponse {
    if !speaks_our_protocol(request) {
        let text = format!("ask for the sub-protocol {PROTOCOL}\n");
        return HttpResponse::BadRequest().body(text);
    }
    if !is_from_allowed_origin(request, &gateway.options.origins) {
        return HttpResponse::Forbidden().body("this origin may not connect\n");
    }
    if gateway.drain.is_cancelled() {
        return HttpResponse::ServiceUnavailable().body("the server is stopping\n");
    }
    let Some(permit) = gateway.take_connection() else {
        return HttpResponse::ServiceUnavailable().body("too many connections\n");
    };
    let body_bytes_max = gateway.options.body_bytes_max;
    let handshake = frame_limit::limited(request, payload, body_bytes_max)
        .and_then(|payload| actix_ws::handle_with_protocols(request, payload, &[PROTOCOL]));
    let (response, session, stream) = match handshake {
        Ok(parts) => parts,
        Err(error) => return error.error_response(),
    };
    let stream = stream
        .max_frame_size(body_bytes_max)
        .aggregate_continuations()
        .max_continuation_size(body_bytes_max);
    let header = header_text(request, header::AUTHORIZATION.as_str()).map(str::to_owned);
    let cookie = gateway.options.cookie.secret_of(request, &gateway.options.origins);
    let handshake = Handshake {
        header,
        cookie,
        address: request.peer_addr().map(|peer| peer.ip()),
        request_id,
    };
    let connection = Connection::new(gateway, session, handshake);
    actix_web::rt::spawn(async move {
        let _permit = permit;
        metrics::gauge!("centralino_graphql_sockets").increment(1);
        connection.run(stream).await;
        metrics::gauge!("centralino_graphql_sockets").decrement(1);
    });
    response
}

fn speaks_our_protocol(request: &HttpRequest) -> bool {
    request
        .headers()
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|name| name.trim() == PROTOCOL)
}
