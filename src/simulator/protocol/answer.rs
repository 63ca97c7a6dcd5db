//! Answers as the provider writes them.

use actix_web::{HttpResponse, http::StatusCode};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::simulator::{clock, ledger, status};

/// Why a request is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) http_status: u16,
    pub(super) code: u32,
    /// What the provider would have signed; only with code 10008.
    pub(super) signature_string: Option<String>,
}

impl Refusal {
    pub(super) fn new(http_status: u16, code: u32) -> Self {
        Self { http_status, code, signature_string: None }
    }

    /// The answer; every refusal has a reference of its own, except one about a given reference.
    pub(super) fn answer(
        &self,
        reference: Option<&str>,
        external_id: Option<&str>,
    ) -> HttpResponse {
        let reference = reference.map_or_else(clock::new_reference, ToOwned::to_owned);
        let mut body = body(&reference, self.code, clock::now());
        body["external_id"] = external_id.into();
        if let Some(signature_string) = &self.signature_string {
            body["signature_string"] = signature_string.as_str().into();
        }
        respond(self.http_status, &body)
    }
}

pub(super) fn accepted(
    reference: &str,
    external_id: Option<&str>,
    at: DateTime<Utc>,
) -> HttpResponse {
    let mut body = body(reference, 290, at);
    body["external_id"] = external_id.into();
    respond(200, &body)
}

pub(super) fn found(reference: &str, status: ledger::Status) -> HttpResponse {
    respond(200, &body(reference, status.code, status.updated_on))
}

/// What a proxy between the two would say.
pub(super) fn bad_gateway() -> HttpResponse {
    HttpResponse::BadGateway()
        .content_type("text/html")
        .body("<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>")
}

pub(super) fn garbage() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body("{\"reference_id\": \"0123")
}

fn body(reference: &str, code: u32, at: DateTime<Utc>) -> Value {
    json!({
        "reference_id": reference,
        "status": {
            "code": code,
            "description": status::description(code),
            "updated_on": at.to_rfc3339_opts(SecondsFormat::Micros, true),
        },
    })
}

fn respond(http_status: u16, body: &Value) -> HttpResponse {
    let status = StatusCode::from_u16(http_status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse::build(status).content_type("application/json").body(body.to_string())
}
