//! The demo's telephone: a customer on the page, at the address of the console itself.
//!
//! The console's policy lets it talk to its own server alone, so the demo lends it a path to the
//! simulated provider. **Invariant:** it is there in the demo only, and only where the server
//! listens on a loopback address; it answers this machine's names and its own pages, so that no
//! page of another site can text in. **Invariant:** it makes the simulator call nobody but this
//! server: of a callback URL only the token is taken.

use std::net::SocketAddr;

use actix_web::{
    HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::{Next, from_fn},
    web::{self, Data, Json, Query},
};
use serde::Deserialize;
use serde_json::json;

use super::demo::{API_KEY, CUSTOMER_ID, SUPPORT_NUMBER};
use crate::simulator::Phone;

/// Largest body of a request.
const BODY_BYTES_MAX: usize = 16 * 1024;
const NUMBER_DIGITS_MAX: usize = 15;
const TOKEN_BYTES_MAX: usize = 128;

struct Line {
    phone: Phone,
    /// Where this server listens.
    address: SocketAddr,
}

/// Puts the telephone in its place.
pub(super) fn routes(config: &mut web::ServiceConfig, phone: &Phone, address: SocketAddr) {
    if !address.ip().is_loopback() {
        return;
    }
    config.service(
        web::scope("/demo/phone")
            .app_data(Data::new(Line { phone: phone.clone(), address }))
            .app_data(web::JsonConfig::default().limit(BODY_BYTES_MAX))
            .wrap(from_fn(guard))
            .route("/account", web::get().to(account))
            .route("/callback", web::post().to(set_callback))
            .route("/texts", web::get().to(texts))
            .route("/texts", web::post().to(text_in)),
    );
}

/// Nobody but this machine, and no page but our own.
async fn guard<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.unwrap_or_default().to_owned();
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let is_here = ["127.0.0.1", "localhost", "[::1]"].contains(&name);
    let ours = format!("http://{host}");
    let origin = request.headers().get(header::ORIGIN);
    if is_here && origin.is_none_or(|origin| origin.as_bytes() == ours.as_bytes()) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let refusal = HttpResponse::Forbidden().body("only pages of this server may ask\n");
    Ok(request.into_response(refusal).map_into_right_body())
}

/// What the console sets up when somebody chooses the simulator; no real account has such a key.
async fn account() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({"customerId": CUSTOMER_ID, "apiKey": API_KEY, "number": SUPPORT_NUMBER}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CallbackUrl {
    callback_url: String,
}

async fn set_callback(line: Data<Line>, body: Json<CallbackUrl>) -> HttpResponse {
    let token = body.callback_url.rsplit('/').next().unwrap_or_default();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if token.is_empty() || token.len() > TOKEN_BYTES_MAX || !token.bytes().all(is_token) {
        return HttpResponse::BadRequest().body("callbackUrl ends in no token\n");
    }
    let url = format!("http://{}/callbacks/telesign/{token}", line.address);
    match line.phone.set_callback_url(CUSTOMER_ID, &url) {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => HttpResponse::BadRequest().body(error.to_string()),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Inbound {
    from: String,
    to: String,
    text: String,
}

async fn text_in(line: Data<Line>, body: Json<Inbound>) -> HttpResponse {
    let Inbound { from, to, text } = body.into_inner();
    // One text, whatever else the control surface could be asked for.
    let body = json!({"customer_id": CUSTOMER_ID, "from": from, "to": to, "text": text});
    match line.phone.text_in(body.to_string().as_bytes()).await {
        Ok(_) => HttpResponse::NoContent().finish(),
        Err(reason) => HttpResponse::BadRequest().body(reason),
    }
}

#[derive(Deserialize)]
struct Wanted {
    number: String,
}

async fn texts(line: Data<Line>, wanted: Query<Wanted>) -> HttpResponse {
    let number = &wanted.number;
    if number.len() > NUMBER_DIGITS_MAX || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return HttpResponse::BadRequest().body("number must be digits\n");
    }
    let texts = line.phone.texts(number).into_iter();
    let texts: Vec<_> = texts
        .map(|text| json!({"sequence": text.sequence, "text": text.text, "atMs": text.at_ms}))
        .collect();
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({"texts": texts}))
}
