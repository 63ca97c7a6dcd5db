//! The control surface: how people and tests tell the simulator what to do, and read what it did.
//!
//! **Invariant:** it answers only where the simulator listens on a loopback address, and never to a
//! web page: whoever can speak here can make this machine call others. **Invariant:** a wrong
//! input is answered 400 with a sentence that names the field. `docs/simulator.md` lists the
//! routes; start at [`routes`].

mod accounts;
mod behaviour;
mod callbacks;
mod fields;
pub(super) mod inbound;
mod reading;
mod shape;

use std::net::SocketAddr;

use actix_web::{
    HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::{Next, from_fn},
    web::{self, Bytes, Data},
};
use serde_json::{Value, json};

use super::{account::Account, state::State};
use fields::{Fields, Invalid};

/// Largest body of a control request.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// What a control request is answered.
type Outcome = Result<Value, Invalid>;

pub(super) fn routes(config: &mut web::ServiceConfig, listen: SocketAddr) {
    let is_open = listen.ip().is_loopback();
    config.service(
        web::scope("/control")
            .app_data(web::PayloadConfig::new(BODY_BYTES_MAX))
            .wrap(from_fn(move |request, next| guard(is_open, request, next)))
            .route("/accounts", web::get().to(accounts::list))
            .route("/accounts", web::post().to(accounts::put))
            .route("/inbound", web::post().to(inbound::inject))
            .route("/plans", web::post().to(behaviour::set_plan))
            .route("/faults", web::post().to(behaviour::set_fault))
            .route("/reports", web::post().to(callbacks::report))
            .route("/callbacks", web::post().to(callbacks::raw))
            .route("/callbacks", web::get().to(reading::callbacks))
            .route("/ledger", web::get().to(reading::ledger))
            .route("/expire", web::post().to(reading::expire))
            .route("/reset", web::post().to(reset))
            .default_service(web::to(unknown_route)),
    );
}

async fn guard<B: MessageBody + 'static>(
    is_open: bool,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let reason = if !is_open {
        Some("the control surface answers only where the simulator listens on a loopback address")
    } else if request.headers().contains_key(header::ORIGIN) {
        Some("the control surface does not answer web pages")
    } else if !has_local_host(&request) {
        Some("the control surface answers only to this machine's own names")
    } else {
        None
    };
    match reason {
        None => Ok(next.call(request).await?.map_into_left_body()),
        Some(reason) => {
            let refusal = HttpResponse::Forbidden().json(json!({"error": reason}));
            Ok(request.into_response(refusal).map_into_right_body())
        }
    }
}

/// A page whose name was made to point here would show that name.
fn has_local_host(request: &ServiceRequest) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| {
        let name = host.parse::<SocketAddr>().map_or_else(
            |_no_address| host.rsplit_once(':').map_or(host, |(name, _)| name).to_owned(),
            |address| address.ip().to_string(),
        );
        let is_address = name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        is_address || name == "localhost"
    })
}

async fn unknown_route() -> HttpResponse {
    HttpResponse::NotFound()
        .json(json!({"error": "no such control route; docs/simulator.md lists them"}))
}

async fn reset(state: Data<State>, body: Bytes) -> HttpResponse {
    respond(Fields::parse(&body).and_then(Fields::finish).map(|()| {
        state.reset();
        json!({})
    }))
}

fn respond(outcome: Outcome) -> HttpResponse {
    match outcome {
        Ok(answer) => HttpResponse::Ok().json(answer),
        Err(Invalid(sentence)) => HttpResponse::BadRequest().json(json!({"error": sentence})),
    }
}

/// The account that `customer_id` names; without it, the only one.
fn account_of(state: &State, fields: &mut Fields) -> Result<std::sync::Arc<Account>, Invalid> {
    match fields.text("customer_id", 64)? {
        Some(id) => state
            .account(&id)
            .ok_or_else(|| Invalid::of("customer_id", "names no account; create it first")),
        None => state.only_account().ok_or_else(|| {
            Invalid::of("customer_id", "is needed, since there is not exactly one account")
        }),
    }
}
