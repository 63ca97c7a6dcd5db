//! The provider's door: what it says is checked, made durable, and only then answered 200.
//!
//! A text that is not taken here can never be fetched again, so that everything but a proven
//! forgery is answered with a status that makes the provider try once more. Numbers, texts and
//! tokens stay out of the log.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::Instrument;

use crate::{
    engine::{CallbackAccount, Engine, EngineError, Forgery},
    telesign::{CallbackHeaders, SignatureRefusal, verify_callback},
};

/// Larger bodies are refused with 413 while they arrive.
const BODY_BYTES_MAX: usize = 64 * 1024;
/// A body that takes longer to arrive is refused with 408.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// What the provider waits for at the most; what is under way by then goes on, unanswered.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);
/// Callbacks under way in the whole server; one more is refused with 503.
const CALLBACKS_MAX: usize = 4_096;
/// Longest token that can be anybody's.
const TOKEN_BYTES_MAX: usize = 128;

const SECOND_SIGNATURE_HEADER: &str = "x-ts-authorization";

/// What callbacks are taken with.
pub struct CallbackDoor {
    engine: Engine,
    permits: Arc<Semaphore>,
}

impl CallbackDoor {
    pub fn new(engine: Engine) -> Self {
        Self { engine, permits: Arc::new(Semaphore::new(CALLBACKS_MAX)) }
    }
}

/// What a callback is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// It is durable.
    Received,
    TooLarge,
    TooSlow,
    Incomplete,
    UnknownToken,
    Forged,
    /// It may or may not be durable: the provider is to say it again.
    NotNow,
    /// A bug; the provider is to say it again all the same.
    Failed,
}

impl Answer {
    fn status(self) -> StatusCode {
        match self {
            Self::Received => StatusCode::OK,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Incomplete => StatusCode::BAD_REQUEST,
            Self::UnknownToken => StatusCode::NOT_FOUND,
            Self::Forged => StatusCode::UNAUTHORIZED,
            Self::NotNow => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn body(self) -> &'static str {
        match self {
            Self::Received => "{}",
            Self::TooLarge => r#"{"error":"a callback has at most 65536 bytes"}"#,
            Self::TooSlow => r#"{"error":"the body took too long to arrive"}"#,
            Self::Incomplete => r#"{"error":"the body ended early"}"#,
            Self::UnknownToken => r#"{"error":"no such callback address"}"#,
            Self::Forged => r#"{"error":"the signature is missing or wrong"}"#,
            Self::NotNow => r#"{"error":"not now; send it again"}"#,
            Self::Failed => r#"{"error":"something went wrong on our side; send it again"}"#,
        }
    }

    /// What the metrics call it.
    fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::Incomplete => "incomplete",
            Self::UnknownToken => "unknown_token",
            Self::Forged => "forged",
            Self::NotNow => "not_now",
            Self::Failed => "failed",
        }
    }
}

/// A callback as it arrived, with everything that its check needs.
struct Arrived {
    token: String,
    authorization: Option<Vec<u8>>,
    x_ts_authorization: Option<Vec<u8>>,
    body: Vec<u8>,
}

pub async fn receive(
    request: HttpRequest,
    token: web::Path<String>,
    payload: web::Payload,
    door: web::Data<CallbackDoor>,
) -> HttpResponse {
    let begun = Instant::now();
    let answer = answer(&door, &request, token.into_inner(), payload).await;
    metrics::counter!("centralino_callbacks_total", "answer" => answer.word()).increment(1);
    metrics::histogram!("centralino_callback_answer_seconds").record(begun.elapsed());
    let mut response = HttpResponse::build(answer.status());
    response.content_type("application/json");
    if answer == Answer::Forged {
        response.insert_header((header::WWW_AUTHENTICATE, "TSA"));
    }
    response.body(answer.body())
}

async fn answer(
    door: &CallbackDoor,
    request: &HttpRequest,
    token: String,
    payload: web::Payload,
) -> Answer {
    let Ok(permit) = Arc::clone(&door.permits).try_acquire_owned() else { return Answer::NotNow };
    let body =
        match tokio::time::timeout(BODY_TIMEOUT, payload.to_bytes_limited(BODY_BYTES_MAX)).await {
            Ok(Ok(Ok(body))) => body,
            Ok(Ok(Err(_lost))) => return Answer::Incomplete,
            Ok(Err(_exceeded)) => return Answer::TooLarge,
            Err(_elapsed) => return Answer::TooSlow,
        };
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if token.len() > TOKEN_BYTES_MAX || !token.bytes().all(is_token) {
        return Answer::UnknownToken;
    }
    let header = |name: &str| request.headers().get(name).map(|value| value.as_bytes().to_vec());
    let arrived = Arrived {
        token,
        authorization: header(header::AUTHORIZATION.as_str()),
        x_ts_authorization: header(SECOND_SIGNATURE_HEADER),
        body: body.into(),
    };
    // A task of its own: a provider that hangs up does not cut off what it has said.
    let task = tokio::spawn(
        take(door.engine.clone(), arrived, permit)
            .instrument(tracing::info_span!("callback.receive")),
    );
    match tokio::time::timeout(ANSWER_TIMEOUT, task).await {
        Ok(Ok(answer)) => answer,
        // The panic hook has logged where.
        Ok(Err(_panicked)) => Answer::Failed,
        Err(_elapsed) => {
            tracing::warn!("a callback was not durable in time; the provider is told to repeat it");
            Answer::NotNow
        }
    }
}

async fn take(engine: Engine, arrived: Arrived, _permit: OwnedSemaphorePermit) -> Answer {
    let account = match engine.callback_account(&arrived.token).await {
        Ok(Some(account)) => account,
        Ok(None) => return Answer::UnknownToken,
        Err(error) => return failed(&error),
    };
    let account = match verified(&engine, &account, &arrived).await {
        Ok(account) => account,
        Err(refusal) => {
            let Arrived { authorization, x_ts_authorization, body, token: _ } = arrived;
            let forgery = Forgery { refusal, authorization, x_ts_authorization, body };
            engine.quarantine(&account, forgery);
            return Answer::Forged;
        }
    };
    match engine.receive(&account, arrived.body).await {
        Ok(taking) => {
            tracing::debug!(organization.id = %account.organization, ?taking, "callback received");
            Answer::Received
        }
        Err(error) => {
            tracing::error!(error = ?error, "a callback is safe nowhere; the provider must repeat it");
            Answer::NotNow
        }
    }
}

/// The account whose key has signed; looks for newer keys once before it says no.
async fn verified(
    engine: &Engine,
    account: &Arc<CallbackAccount>,
    arrived: &Arrived,
) -> Result<Arc<CallbackAccount>, SignatureRefusal> {
    let Err(refusal) = verify(engine, account, arrived) else { return Ok(Arc::clone(account)) };
    let newer = engine.newer_callback_account(&arrived.token, account).await;
    let newer = newer.unwrap_or_else(|error| {
        // Nobody who forges may know from the answer that the database is away.
        tracing::warn!(error = ?error, "newer keys could not be looked for");
        None
    });
    let refusal = match newer {
        None => refusal,
        Some(newer) => match verify(engine, &newer, arrived) {
            Ok(()) => return Ok(newer),
            Err(refusal) => refusal,
        },
    };
    // Not a warning: whoever floods us would fill the log. An alert says it to those who may act.
    tracing::debug!(
        organization.id = %account.organization,
        channel_account.id = %account.account,
        reason = %refusal,
        "a callback was refused"
    );
    Err(refusal)
}

fn verify(
    engine: &Engine,
    account: &CallbackAccount,
    arrived: &Arrived,
) -> Result<(), SignatureRefusal> {
    let keys = engine.signing_keys(account);
    let headers = CallbackHeaders {
        authorization: arrived.authorization.as_deref(),
        x_ts_authorization: arrived.x_ts_authorization.as_deref(),
    };
    verify_callback(&keys, &account.customer_id, headers, &arrived.body)
}

fn failed(error: &EngineError) -> Answer {
    if error.is_retryable() {
        tracing::warn!(error = ?error, "a callback could not be made durable");
        return Answer::NotNow;
    }
    tracing::error!(error = ?error, "a callback failed");
    Answer::Failed
}
