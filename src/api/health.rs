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
    engine::Engine,
    store::{Reader, StoreError, event},
};

/// A database that takes longer is as good as away.
const PROBE_TIMEOUT: Duration = Duration::from_secs(1);
/// What Prometheus calls its own form.
const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What health is judged by.
pub struct Health {
    pub engine: Engine,
    pub reader: Reader,
    pub render_metrics: RenderMetrics,
    pub drain: CancellationToken,
}

pub async fn is_alive() -> HttpResponse {
    plain(StatusCode::OK, "alive\n")
}

/// What readiness is asked for.
#[derive(serde::Deserialize)]
pub struct Scope {
    scope: Option<String>,
}

/// Callbacks need the database or the spool; GraphQL (`?scope=graphql`) needs the database.
pub async fn is_ready(health: web::Data<Health>, scope: web::Query<Scope>) -> HttpResponse {
    if health.drain.is_cancelled() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "the server is stopping\n");
    }
    if health.engine.is_panicking() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "too much goes wrong in this process\n");
    }
    let probed = tokio::time::timeout(PROBE_TIMEOUT, health.probe()).await;
    if matches!(probed, Ok(Ok(()))) {
        return plain(StatusCode::OK, "ready\n");
    }
    if scope.scope.is_none() && health.engine.can_spool() {
        return plain(StatusCode::OK, "ready for callbacks; the database is not available\n");
    }
    plain(StatusCode::SERVICE_UNAVAILABLE, "the database is not available\n")
}

pub async fn metrics(health: web::Data<Health>) -> HttpResponse {
    HttpResponse::Ok().content_type(METRICS_TYPE).body((health.render_metrics)())
}

impl Health {
    /// Asks the database anything at all: a pooled connection alone proves nothing.
    async fn probe(&self) -> Result<(), StoreError> {
        let nobody = OrganizationId(Uuid::nil());
        let mut connection = self.reader.connect(nobody).await?;
        event::position(&mut connection, nobody).await?;
        Ok(())
    }
}

fn plain(status: StatusCode, text: &'static str) -> HttpResponse {
    HttpResponse::build(status).content_type(ContentType::plaintext()).body(text)
}
