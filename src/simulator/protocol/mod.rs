//! What the provider offers: `POST /v1/messaging` and `GET /v1/messaging/{reference}`.
//!
//! **Invariant:** a request is refused for the first reason in a fixed order: who asks, then what
//! is asked, then how often. Start at `messaging`; `authorization` and `validation` hold the order.

mod answer;
mod authorization;
mod digest;
mod form;
mod messaging;
mod validation;
#[cfg(test)]
mod vectors;

use actix_web::{HttpResponse, web};

/// Longest body; the longest text in its longest encoding comes near 15 KiB.
const BODY_BYTES_MAX: usize = 64 * 1024;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/v1/messaging")
                .app_data(web::PayloadConfig::new(BODY_BYTES_MAX))
                .route(web::post().to(messaging::send))
                .default_service(web::to(HttpResponse::MethodNotAllowed)),
        )
        .service(
            web::resource("/v1/messaging/{reference}")
                .app_data(web::PayloadConfig::new(BODY_BYTES_MAX))
                .route(web::get().to(messaging::status))
                .default_service(web::to(HttpResponse::MethodNotAllowed)),
        );
}
