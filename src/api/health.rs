//! For operators: alive, ready, metrics.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::ContentType},
    web,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::RenderMetrics;
use crate::{
    domain::ids::OrganizationId,
    store::{Reader, StoreError, event},
};

/// A database that takes longer is as good as away.
const PROBE_TIMEOUT: Duration = Duration::from_secs(1);
/// What Prometheus calls its own form.
const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What health is judged by.
pub struct Health {
    pub reader: Reader,
    pub render_metrics: RenderMetrics,
    pub drain: CancellationToken,
}

pub async fn is_alive() -> HttpResponse {
    plain(StatusCode::OK, "alive\n")
}

/// Callbacks and GraphQL (`?scope=graphql`) need the same thing: the database.
pub async fn is_ready(health: web::Data<Health>) -> HttpResponse {
    if health.drain.is_cancelled() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "the server is stopping\n");
    }
    match tokio::time::timeout(PROBE_TIMEOUT, health.probe()).await {
        Ok(Ok(())) => plain(StatusCode::OK, "ready\n"),
        Ok(Err(_)) | Err(_) => {
            plain(StatusCode::SERVICE_UNAVAILABLE, "the database is not available\n")
        }
    }
}

pub async fn metrics(health: web::Data<Health>) -> HttpResponse {
    HttpResponse::Ok().content_type(METRICS_TYPE).body((health.render_metrics)())
}

impl Health {
    /// Asks the database anything at all: a pooled connection alone proves nothing.
    async fn probe(&self) -> Result<(), StoreError> {
        let mut connection = self.reader.connect().await?;
        event::position(&mut connection, OrganizationId(Uuid::nil())).await?;
        Ok(())
    }
}

fn plain(status: StatusCode, text: &'static str) -> HttpResponse {
    HttpResponse::build(status).content_type(ContentType::plaintext()).body(text)
}
