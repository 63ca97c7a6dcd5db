//! The one path of the API: tells the ways of asking apart.

use std::{collections::HashSet, future::Future, sync::Arc, time::Duration};

use actix_web::{HttpRequest, HttpResponse, Resource, http::header, web};
use async_graphql::Executor;
use data_encoding::BASE32_NOPAD;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::{
    accept::Form,
    cookie::{SessionCookie, is_upgrade},
    http,
    identity::{Authenticate, CallerOf, CredentialOf, Identity, Unavailable, bearer},
    place::{Place, Places},
    sse,
    vigil::{self, Vigil},
    websocket,
};
use crate::domain::clock::Clock;

/// What ties an answer to the log.
pub(super) const REQUEST_ID_HEADER: &str = "x-request-id";

/// Limits of the gateway; tests shorten them.
#[derive(Debug, Clone)]
pub struct GatewayOptions {
    /// Longest body of a request and longest message on a socket, in bytes.
    pub body_bytes_max: usize,
    /// For a body to arrive.
    pub body_timeout: Duration,
    /// For a query or a mutation.
    pub execution_timeout: Duration,
    /// For `connection_init` on a new socket.
    pub init_timeout: Duration,
    /// How often a quiet connection is shown to be alive.
    pub heartbeat: Duration,
    /// A socket that has not said anything for this long is dead.
    pub silence_max: Duration,
    /// For one message to a slow reader.
    pub write_timeout: Duration,
    /// For a connection whose client takes nothing of what was written.
    pub stalled_timeout: Duration,
    /// For the proof of who asks.
    pub authentication_timeout: Duration,
    /// How often the credentials of open connections are looked at again.
    pub revalidate_every: Duration,
    /// Sockets and event streams of the whole server.
    pub connections_max: usize,
    /// Sockets and event streams of one caller.
    pub connections_per_caller_max: usize,
    /// Sockets and event streams of all that have not proved who they are.
    pub connections_of_strangers_max: usize,
    /// Requests under way in the whole server; each may hold a body.
    pub requests_max: usize,
    /// Queries and mutations of one caller under way, on whatever connections.
    pub requests_per_caller_max: usize,
    /// Queries and mutations of all strangers under way.
    pub requests_of_strangers_max: usize,
    /// Operations on one socket.
    pub operations_max: usize,
    /// Origins besides the server's own that browsers may connect from.
    pub origins: Vec<String>,
    /// How browsers carry a session.
    pub cookie: SessionCookie,
}

impl Default for GatewayOptions {
    fn default() -> Self {
        Self {
            body_bytes_max: 256 * 1024,
            body_timeout: Duration::from_secs(10),
            execution_timeout: Duration::from_secs(15),
            init_timeout: Duration::from_secs(3),
            heartbeat: Duration::from_secs(15),
            silence_max: Duration::from_secs(40),
            write_timeout: Duration::from_secs(10),
            stalled_timeout: Duration::from_secs(30),
            authentication_timeout: Duration::from_secs(5),
            revalidate_every: Duration::from_millis(500),
            connections_max: 10_000,
            connections_per_caller_max: 50,
            connections_of_strangers_max: 500,
            requests_max: 1_024,
            requests_per_caller_max: 64,
            requests_of_strangers_max: 128,
            operations_max: 100,
            origins: Vec::new(),
            cookie: SessionCookie::of(""),
        }
    }
}

/// Takes requests, proves who asks, has them carried out, answers.
pub struct Gateway<E, A: Authenticate> {
    pub(super) executor: E,
    pub(super) authenticator: A,
    pub(super) clock: Clock,
    pub(super) options: GatewayOptions,
    pub(super) drain: CancellationToken,
    pub(super) vigil: Arc<Vigil<CredentialOf<A>>>,
    connections: Arc<Semaphore>,
    connections_of: Arc<Places<CallerOf<A>>>,
    requests: Arc<Semaphore>,
    requests_of: Arc<Places<CallerOf<A>>>,
}

impl<E: Executor, A: Authenticate> Gateway<E, A> {
    /// Begins its watch over credentials as well, on the runtime of the caller.
    pub fn new(
        executor: E,
        authenticator: A,
        clock: Clock,
        options: GatewayOptions,
        drain: CancellationToken,
    ) -> Arc<Self> {
        let gateway = Arc::new(Self {
            executor,
            authenticator,
            clock,
            drain,
            vigil: Vigil::new(),
            connections: Arc::new(Semaphore::new(options.connections_max)),
            connections_of: Places::new(
                options.connections_per_caller_max,
                options.connections_of_strangers_max,
            ),
            requests: Arc::new(Semaphore::new(options.requests_max)),
            requests_of: Places::new(
                options.requests_per_caller_max,
                options.requests_of_strangers_max,
            ),
            options,
        });
        tokio::spawn(vigil::keep(Arc::downgrade(&gateway), gateway.options.revalidate_every));
        gateway
    }

    /// POST, GET, WebSocket and SSE on one path; anything else is answered 405.
    pub fn resource(gateway: Arc<Self>, path: &str) -> Resource {
        let handler = move |request: HttpRequest, payload: web::Payload| {
            let gateway = Arc::clone(&gateway);
            async move { gateway.answer(request, payload).await }
        };
        web::resource(path).to(handler)
    }

    async fn answer(self: Arc<Self>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
        let request_id = self.new_request_id();
        let mut response = if is_upgrade(&request) {
            websocket::open(self, &request, payload, request_id.clone())
        } else {
            let accept = header_text(&request, header::ACCEPT.as_str());
            match Form::accepted(accept) {
                None => http::not_acceptable(&request_id),
                Some(Form::EventStream) => sse::answer(self, &request, payload, &request_id).await,
                Some(form) => http::answer(&self, &request, payload, (form, &request_id)).await,
            }
        };
        if let Ok(value) = header::HeaderValue::from_str(&request_id) {
            let name = header::HeaderName::from_static(REQUEST_ID_HEADER);
            response.headers_mut().insert(name, value);
        }
        response
    }

    fn new_request_id(&self) -> String {
        format!("req_{}", BASE32_NOPAD.encode(self.clock.new_uuid().as_bytes()).to_lowercase())
    }

    /// Who asks, by the header or the cookie; `Err`: nobody, or it cannot be found out.
    pub(super) async fn identify(
        &self,
        request: &HttpRequest,
    ) -> Result<Option<A::Identity>, NotIdentified> {
        let presented = Presented::by(request, &self.options)?;
        let Some(Presented { secret, is_cookie }) = presented else { return Ok(None) };
        match self.prove(&secret).await {
            Ok(Some(identity)) => Ok(Some(identity)),
            // The browser sends an old cookie unasked; whoever signs in anew must get through.
            Ok(None) if is_cookie => Ok(None),
            Ok(None) => Err(NotIdentified::Refused),
            Err(Unavailable) => Err(NotIdentified::Unavailable),
        }
    }

    /// Whose secret it is, in time.
    pub(super) async fn prove(&self, secret: &str) -> Result<Option<A::Identity>, Unavailable> {
        self.in_time(self.authenticator.authenticate(secret)).await
    }

    /// Those of the credentials that are still good, in time.
    pub(super) async fn those_good(
        &self,
        credentials: &[CredentialOf<A>],
    ) -> Result<HashSet<CredentialOf<A>>, Unavailable> {
        self.in_time(self.authenticator.those_good(credentials)).await
    }

    async fn in_time<T>(
        &self,
        proof: impl Future<Output = Result<T, Unavailable>>,
    ) -> Result<T, Unavailable> {
        let proven = tokio::time::timeout(self.options.authentication_timeout, proof).await;
        proven.unwrap_or(Err(Unavailable))
    }

    /// Room for a request and its body.
    pub(super) fn take_request(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.requests).try_acquire_owned().ok()
    }

    /// A caller's place for a query or a mutation.
    pub(super) fn take_request_of(
        &self,
        identity: Option<&A::Identity>,
    ) -> Option<Place<CallerOf<A>>> {
        self.requests_of.take(identity.map(Identity::caller))
    }

    /// Room for a socket or an event stream.
    pub(super) fn take_connection(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.connections).try_acquire_owned().ok()
    }

    /// A caller's place for a socket or an event stream.
    pub(super) fn take_connection_of(
        &self,
        identity: Option<&A::Identity>,
    ) -> Option<Place<CallerOf<A>>> {
        self.connections_of.take(identity.map(Identity::caller))
    }
}

/// Why a caller with a credential is nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotIdentified {
    Refused,
    Unavailable,
}

/// The secret of a request; it has no `Debug`.
pub(super) struct Presented {
    pub(super) secret: String,
    pub(super) is_cookie: bool,
}

impl Presented {
    /// The header's secret, else the cookie's; `None`: a stranger's request.
    pub(super) fn by(
        request: &HttpRequest,
        options: &GatewayOptions,
    ) -> Result<Option<Self>, NotIdentified> {
        if let Some(value) = request.headers().get(header::AUTHORIZATION) {
            let secret = value.to_str().ok().and_then(bearer).ok_or(NotIdentified::Refused)?;
            return Ok(Some(Self { secret: secret.to_owned(), is_cookie: false }));
        }
        let cookie = options.cookie.secret_of(request, &options.origins);
        Ok(cookie.map(|secret| Self { secret, is_cookie: true }))
    }
}

pub(super) fn header_text<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}
