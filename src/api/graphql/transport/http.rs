//! GraphQL over HTTP: one request, one answer, and the status that the specification asks for.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode, header},
    web,
};
use async_graphql::{Executor, parser::types::OperationType};
use serde_json::Value;

use super::{
    accept::Form,
    cookie::SessionCookie,
    error_code::ErrorCode,
    execution::{Answer, Operation},
    gateway::{Gateway, NotIdentified, header_text},
    identity::Authenticate,
    parameters::Parameters,
};
use crate::domain::audit::{Origin, RequestId};

/// When a caller may come again, in seconds.
const RETRY_AFTER: header::HeaderValue = header::HeaderValue::from_static("1");

/// A request that goes no further: its status, its code and what is wrong with it.
pub(super) struct Refusal {
    status: StatusCode,
    code: ErrorCode,
    message: String,
}

impl Refusal {
    fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
    }

    /// The server has its hands full.
    pub(super) fn busy() -> Self {
        let message = "too much is under way; try again in a moment";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, message)
    }

    /// This caller has as much under way as one may.
    pub(super) fn too_many(what: &str) -> Self {
        let message = format!("you have too many {what} under way; wait for one to end");
        Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, message)
    }

    /// What the client is told.
    pub(super) fn respond(self, form: Form, request_id: &str) -> HttpResponse {
        let answer = Answer::refused(self.code.response(self.message), request_id);
        let mut response = render(&answer, self.status, form);
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            let allowed = header::HeaderValue::from_static("GET, POST");
            response.headers_mut().insert(header::ALLOW, allowed);
        }
        if matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = header::HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

impl From<NotIdentified> for Refusal {
    fn from(reason: NotIdentified) -> Self {
        match reason {
            NotIdentified::Refused => Self::new(
                StatusCode::UNAUTHORIZED,
                ErrorCode::Unauthenticated,
                "the credential is not good; sign in again",
            ),
            NotIdentified::Unavailable => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                ErrorCode::Unavailable,
                "it cannot be checked who asks; try again",
            ),
        }
    }
}

/// The client takes nothing that we have.
pub(super) fn not_acceptable(request_id: &str) -> HttpResponse {
    let message = "accept application/graphql-response+json, application/json or text/event-stream";
    Refusal::new(StatusCode::NOT_ACCEPTABLE, ErrorCode::BadRequest, message)
        .respond(Form::Json, request_id)
}

/// Answers one request.
pub(super) async fn answer<E: Executor, A: Authenticate>(
    gateway: &Gateway<E, A>,
    request: &HttpRequest,
    payload: web::Payload,
    (form, request_id): (Form, &str),
) -> HttpResponse {
    let Some(_room) = gateway.take_request() else {
        return Refusal::busy().respond(form, request_id);
    };
    let (operation, identity) = match prepare(gateway, request, payload, request_id).await {
        Ok(Prepared { operation: Ok(operation), identity }) => (operation, identity),
        Ok(Prepared { operation: Err(answer), .. }) => return finish(&answer, form),
        Err(refusal) => {
            count("refused");
            return refusal.respond(form, request_id);
        }
    };
    let Some(_place) = gateway.take_request_of(identity.as_ref()) else {
        return Refusal::too_many("requests").respond(form, request_id);
    };
    if operation.kind == OperationType::Subscription {
        let message = "subscriptions need a WebSocket (graphql-transport-ws) or SSE";
        return Refusal::bad(message).respond(form, request_id);
    }
    let operation =
        operation.with_data(gateway.options.cookie).with_data(origin_of(request, request_id));
    let answer = operation.run(&gateway.executor, gateway.options.execution_timeout).await;
    finish(&answer, form)
}

/// A request that is one of GraphQL over HTTP.
pub(super) struct Prepared<I> {
    pub(super) identity: Option<I>,
    /// `Err`: the document was refused.
    pub(super) operation: Result<Operation, Box<Answer>>,
}

/// Everything before the run: method, credential, parameters, the look at the document.
pub(super) async fn prepare<E: Executor, A: Authenticate>(
    gateway: &Gateway<E, A>,
    request: &HttpRequest,
    payload: web::Payload,
    request_id: &str,
) -> Result<Prepared<A::Identity>, Refusal> {
    let is_get = request.method() == Method::GET;
    if !is_get && request.method() != Method::POST {
        let message = "use POST, or GET for queries";
        return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadRequest, message));
    }
    let parameters = if is_get {
        Parameters::from_query_string(request.query_string()).map_err(Refusal::bad)?
    } else {
        read_body(gateway, request, payload).await?
    };
    let identity = gateway.identify(request).await?;
    let operation = Operation::admit(parameters, identity.clone(), request_id);
    let kind = operation.as_ref().map(|operation| operation.kind);
    if is_get && kind.is_ok_and(|kind| kind == OperationType::Mutation) {
        let message = "a mutation needs POST";
        return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadRequest, message));
    }
    Ok(Prepared { identity, operation })
}

async fn read_body<E: Executor, A: Authenticate>(
    gateway: &Gateway<E, A>,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<Parameters, Refusal> {
    check_content_type(request)?;
    let most = gateway.options.body_bytes_max;
    let reading =
        tokio::time::timeout(gateway.options.body_timeout, payload.to_bytes_limited(most));
    let body = match reading.await {
        Ok(Ok(Ok(body))) => body,
        Ok(Ok(Err(_lost))) => return Err(Refusal::bad("the body ended early")),
        Ok(Err(_exceeded)) => {
            let message = format!("a request has at most {most} bytes");
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            return Err(Refusal::new(status, ErrorCode::BadRequest, message));
        }
        Err(_elapsed) => {
            let message = "the body took too long to arrive";
            let status = StatusCode::REQUEST_TIMEOUT;
            return Err(Refusal::new(status, ErrorCode::BadRequest, message));
        }
    };
    let value: Value = serde_json::from_slice(&body)
        .map_err(|error| Refusal::bad(format!("the body is not JSON: {error}")))?;
    Parameters::from_json(value).map_err(Refusal::bad)
}

/// JSON only: a form of another site's page cannot send that without being asked first.
fn check_content_type(request: &HttpRequest) -> Result<(), Refusal> {
    let message = "send `content-type: application/json`";
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    let wrong = || Refusal::new(status, ErrorCode::BadRequest, message);
    let value = header_text(request, header::CONTENT_TYPE.as_str()).ok_or_else(wrong)?;
    let mut parts = value.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let charset = parts
        .find_map(|part| part.to_ascii_lowercase().strip_prefix("charset=").map(str::to_owned));
    let is_utf8 = charset.is_none_or(|name| matches!(name.trim_matches('"'), "utf-8" | "utf8"));
    if is_json && is_utf8 { Ok(()) } else { Err(wrong()) }
}

/// Where a request came from, as the audit log says it.
pub(super) fn origin_of(request: &HttpRequest, request_id: &str) -> Origin {
    let address = request.peer_addr().map(|peer| peer.ip());
    Origin { request: RequestId::parse(request_id), address }
}

fn finish(answer: &Answer, form: Form) -> HttpResponse {
    count(match (answer.is_executed, answer.response.errors.is_empty()) {
        (true, true) => "ok",
        (true, false) => "errors",
        (false, _) => "refused",
    });
    let status = if answer.is_executed || form == Form::Json {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    render(answer, status, form)
}

fn count(outcome: &'static str) {
    metrics::counter!("centralino_graphql_requests_total", "outcome" => outcome).increment(1);
}

/// An answer as JSON: `data` is left out of an answer to what never ran.
pub(super) fn to_json(answer: &Answer) -> String {
    let text = if answer.is_executed {
        serde_json::to_string(&answer.response)
    } else {
        #[derive(serde::Serialize)]
        struct Errors<'a> {
            errors: &'a [async_graphql::ServerError],
        }
        serde_json::to_string(&Errors { errors: &answer.response.errors })
    };
    text.unwrap_or_else(|error| {
        tracing::error!(%error, "an answer cannot be written as JSON; this is a bug");
        r#"{"errors":[{"message":"something went wrong on our side"}]}"#.to_owned()
    })
}

fn render(answer: &Answer, status: StatusCode, form: Form) -> HttpResponse {
    // An event stream that is refused before it begins is answered as JSON.
    let form = if form == Form::EventStream { Form::Json } else { form };
    let mut builder = HttpResponse::build(status);
    builder
        .content_type(format!("{}; charset=utf-8", form.media_type()))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    for cookie in answer.response.http_headers.get_all(SessionCookie::HEADER) {
        builder.append_header((header::SET_COOKIE, cookie.as_bytes()));
    }
    builder.body(to_json(answer))
}
