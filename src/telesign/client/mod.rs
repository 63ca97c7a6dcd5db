//! Speaks to the provider: one request, one answer, no second try of its own.
//!
//! **Invariant:** nothing here repeats a request, follows a redirect or goes through a proxy from
//! the environment: each could make two texts of one, or show the key to someone else. Whether to
//! try again is for the engine to decide, from the outcome.

#[cfg(test)]
mod tests;

use std::{fmt, time::Duration};

use reqwest::{
    Method, RequestBuilder, Response,
    header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue},
};

use super::{
    answer::{Answer, BodyEnd},
    base_url::BaseUrl,
    callback::{ReceivedReport, delivery_report},
    json,
    refusal::{self, Remedy},
    signature::{DigestRequest, SigningKey, basic_authorization, digest_date},
};
use crate::domain::{
    address::SmsAddress,
    clock::Clock,
    message::{MessageFailure, MessageFailureCode, NotTaken, SendOutcome},
    secret::ApiKey,
};

const MESSAGING_PATH: &str = "/v1/messaging";
const FORM: &str = "application/x-www-form-urlencoded";
/// Conversations are "alerts, reminders and notifications" to the provider.
const MESSAGE_TYPE: &str = "ARN";
/// No answer of the provider's comes near; the rest is left unread.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
const AUTH_METHOD_HEADER: &str = "x-ts-auth-method";
const NONCE_HEADER: &str = "x-ts-nonce";

/// Time limits of a client; tests shorten them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientOptions {
    /// For name, connection and TLS together.
    pub connect_timeout: Duration,
    /// For all of it, to the last byte of the answer.
    pub total_timeout: Duration,
    /// The provider cuts idle connections after 499 s; a send must not be the one to find out.
    pub pool_idle_timeout: Duration,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(15),
            pool_idle_timeout: Duration::from_secs(25),
        }
    }
}

/// How requests prove who sends them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuthMethod {
    /// The provider's own advice: simpler, faster, and its refusals tell wrong id from wrong key.
    #[default]
    Basic,
    /// The key never travels, and a request cannot be replayed.
    Digest,
}

/// An account at the provider, as requests need it.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub base_url: BaseUrl,
    pub customer_id: String,
    pub api_key: ApiKey,
    pub auth: AuthMethod,
}

/// One text to send.
#[derive(Clone, Copy)]
pub struct OutboundText<'a> {
    pub to: &'a SmsAddress,
    /// Our number; sent every time, or the provider picks another and replies go astray.
    pub sender_id: &'a str,
    pub text: &'a str,
    /// Names this attempt; the provider echoes it in its reports.
    pub external_id: &'a str,
    /// Where reports of this message go, instead of the account's own URL.
    pub callback_url: Option<&'a str>,
}

impl fmt::Debug for OutboundText<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No text and no numbers: they are personal data.
        formatter
            .debug_struct("OutboundText")
            .field("external_id", &self.external_id)
            .finish_non_exhaustive()
    }
}

/// What the provider knows of a message; it forgets within 12 hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusAnswer {
    Found(ReceivedReport),
    NotFound,
    /// It knew it once.
    Expired,
}

/// Why the status of a message could not be learned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusError {
    #[error("the provider refuses the question: {}", .0.description)]
    Refused(MessageFailure),
    #[error("the provider answers no more questions this second")]
    RateLimited,
    #[error("the provider could not be reached, or gave no answer that can be read")]
    Unreachable,
}

impl StatusError {
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Refused(_) => false,
            Self::RateLimited | Self::Unreachable => true,
        }
    }
}

/// The machine lacks what an https client needs, for example any trusted certificate.
#[derive(Debug, thiserror::Error)]
#[error("the https client for the provider could not be built")]
pub struct ClientBuildError(#[source] reqwest::Error);

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// Not a byte of the request was written.
    NotSent(&'static str),
    /// Customer ID or key cannot be made into a header.
    UnusableCredentials(&'static str),
    /// The request may have been read and acted upon.
    Lost(&'static str),
}

/// The client for all accounts; clones share its connections.
#[derive(Debug, Clone)]
pub struct TelesignClient {
    http: reqwest::Client,
    clock: Clock,
    total_timeout: Duration,
}

impl TelesignClient {
    pub fn new(options: ClientOptions, clock: Clock) -> Result<Self, ClientBuildError> {
        // Another part of the process may have installed it before, which is just as well.
        rustls::crypto::ring::default_provider().install_default().ok();
        let http = reqwest::Client::builder()
            .connect_timeout(options.connect_timeout)
            .timeout(options.total_timeout)
            .pool_idle_timeout(options.pool_idle_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .tcp_nodelay(true)
            .user_agent(concat!("centralino/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(ClientBuildError)?;
        Ok(Self { http, clock, total_timeout: options.total_timeout })
    }

    /// How long a send may take, from its beginning to the last byte of the answer.
    pub fn total_timeout(&self) -> Duration {
        self.total_timeout
    }

    /// Hands one text to the provider, once.
    pub async fn send(&self, credentials: &Credentials, text: &OutboundText<'_>) -> SendOutcome {
        match self.exchange(credentials, Method::POST, MESSAGING_PATH, form_of(text)).await {
            Ok(answer) => answer.send_outcome(),
            Err(NoAnswer::NotSent(reason)) => SendOutcome::NotAccepted {
                reason: NotTaken::Unreachable,
                provider_code: None,
                description: reason.to_owned(),
            },
            Err(NoAnswer::UnusableCredentials(reason)) => {
                SendOutcome::AccountStopped(unusable_credentials(reason))
            }
            Err(NoAnswer::Lost(reason)) => SendOutcome::Unconfirmed {
                provider_reference: None,
                description: reason.to_owned(),
            },
        }
    }

    /// Asks what became of a message that the provider took.
    pub async fn status(
        &self,
        credentials: &Credentials,
        reference: &str,
    ) -> Result<StatusAnswer, StatusError> {
        // The provider never gave out such a reference, and it must not reach the path.
        if !is_path_segment(reference) {
            return Ok(StatusAnswer::NotFound);
        }
        let answer = match self.ask(credentials, reference).await {
            Ok(answer) => answer,
            Err(NoAnswer::UnusableCredentials(reason)) => {
                return Err(StatusError::Refused(unusable_credentials(reason)));
            }
            Err(NoAnswer::NotSent(_) | NoAnswer::Lost(_)) => return Err(StatusError::Unreachable),
        };
        if matches!(answer.http_status, 200..=299) {
            let report = answer.json().and_then(delivery_report);
            return report.map(StatusAnswer::Found).ok_or(StatusError::Unreachable);
        }
        match answer.code() {
            Some(10_017 | 11_011) => Ok(StatusAnswer::NotFound),
            Some(10_036) => Ok(StatusAnswer::Expired),
            code => Err(status_error(code, answer.http_status)),
        }
    }

    /// `GET` of one message.
    pub(super) async fn ask(
        &self,
        credentials: &Credentials,
        reference: &str,
    ) -> Result<Answer, NoAnswer> {
        let path = format!("{MESSAGING_PATH}/{reference}");
        self.exchange(credentials, Method::GET, &path, String::new()).await
    }

    /// A reference that the provider has never given out.
    pub(super) fn made_up_reference(&self) -> String {
        self.clock.new_uuid().simple().to_string().to_ascii_uppercase()
    }

    async fn exchange(
        &self,
        credentials: &Credentials,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<Answer, NoAnswer> {
        let headers = self.headers(credentials, &method, path, &body)?;
        let request = self.http.request(method, format!("{}{path}", credentials.base_url));
        let request: RequestBuilder = request.headers(headers);
        let request = if body.is_empty() { request } else { request.body(body) };
        let response = request.send().await.map_err(|error| no_answer(&error))?;
        Ok(read_answer(response).await)
    }

    fn headers(
        &self,
        credentials: &Credentials,
        method: &Method,
        path: &str,
        body: &str,
    ) -> Result<HeaderMap, NoAnswer> {
        let mut headers = HeaderMap::new();
        let content_type = if body.is_empty() { "" } else { FORM };
        if !content_type.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        }
        let authorization = match credentials.auth {
            AuthMethod::Basic => {
                basic_authorization(&credentials.customer_id, &credentials.api_key)
            }
            AuthMethod::Digest => {
                let key = SigningKey::new(&credentials.api_key).ok().ok_or(UNUSABLE_KEY)?;
                let (date, nonce) =
                    (digest_date(self.clock.now()), self.clock.new_uuid().to_string());
                let request = DigestRequest {
                    method: method.as_str(),
                    content_type,
                    date: &date,
                    nonce: &nonce,
                    body,
                    path,
                };
                let signed = request.headers(&credentials.customer_id, &key);
                headers.insert(DATE, header_value(&date)?);
                headers.insert(NONCE_HEADER, header_value(&nonce)?);
                headers.insert(AUTH_METHOD_HEADER, HeaderValue::from_static(signed.method));
                signed.authorization.into()
            }
        };
        let mut authorization = header_value(&authorization)?;
        authorization.set_sensitive(true);
        headers.insert(AUTHORIZATION, authorization);
        Ok(headers)
    }
}

const UNUSABLE_KEY: NoAnswer = NoAnswer::UnusableCredentials("the API key holds no base64");

fn header_value(text: &str) -> Result<HeaderValue, NoAnswer> {
    let value = HeaderValue::from_str(text).ok();
    value.ok_or(NoAnswer::UnusableCredentials(
        "the Customer ID holds characters that cannot be sent",
    ))
}

fn unusable_credentials(reason: &str) -> MessageFailure {
    MessageFailure {
        code: MessageFailureCode::Credentials,
        provider_code: None,
        description: reason.to_owned(),
    }
}

/// The provider refuses a `+` in its number fields, whatever the channel was set up with.
fn form_of(text: &OutboundText<'_>) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::with_capacity(512));
    form.append_pair("phone_number", text.to.provider_form())
        .append_pair("message", text.text)
        .append_pair("message_type", MESSAGE_TYPE)
        .append_pair("sender_id", text.sender_id.trim().trim_start_matches('+'))
        .append_pair("external_id", text.external_id);
    if let Some(callback_url) = text.callback_url {
        form.append_pair("callback_url", callback_url);
    }
    form.finish()
}

fn is_path_segment(reference: &str) -> bool {
    json::is_reference(reference)
        && reference.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// What a failed request proves; never the error's own text, which holds the URL.
fn no_answer(error: &reqwest::Error) -> NoAnswer {
    if error.is_dns() {
        NoAnswer::NotSent("the provider's name could not be resolved")
    } else if error.is_connect() && error.is_timeout() {
        NoAnswer::NotSent("the provider did not take the connection in time")
    } else if error.is_connect() {
        NoAnswer::NotSent("no connection to the provider")
    } else if error.is_builder() {
        NoAnswer::NotSent("the request could not be written")
    } else if error.is_timeout() {
        NoAnswer::Lost("the provider did not answer in time")
    } else {
        NoAnswer::Lost("the connection was lost before the provider's answer")
    }
}

/// Reads the answer up to its bound; a lost rest is noted, since the status alone may prove enough.
async fn read_answer(mut response: Response) -> Answer {
    let http_status = response.status().as_u16();
    let mut body = Vec::new();
    let end = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                let room = ANSWER_BYTES_MAX.saturating_sub(body.len());
                if chunk.len() > room {
                    body.extend_from_slice(chunk.get(..room).unwrap_or_default());
                    break BodyEnd::Read;
                }
                body.extend_from_slice(&chunk);
            }
            Ok(None) => break BodyEnd::Read,
            Err(_) => break BodyEnd::Lost,
        }
    };
    Answer::new(http_status, &body, end)
}

/// What a status answer that is no status amounts to.
fn status_error(code: Option<i32>, http_status: u16) -> StatusError {
    if let Some(refusal) = code.and_then(refusal::find) {
        return match refusal.remedy {
            Remedy::Slower => StatusError::RateLimited,
            // Asking twice costs nothing, unlike sending twice.
            Remedy::Later | Remedy::Again | Remedy::LookFirst => StatusError::Unreachable,
            Remedy::StopAccount | Remedy::GiveUp | Remedy::LeaveAlone => {
                StatusError::Refused(refusal.to_failure())
            }
        };
    }
    match http_status {
        429 => StatusError::RateLimited,
        401..=403 => StatusError::Refused(MessageFailure {
            code: MessageFailureCode::Credentials,
            provider_code: code,
            description: format!("the provider answered with HTTP status {http_status}"),
        }),
        _ => StatusError::Unreachable,
    }
}
