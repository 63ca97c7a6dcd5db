//! Who may ask: the doors to the outside. Callbacks of the provider, GraphQL, the console, health.
//!
//! **Invariant:** nothing is decided or remembered here: the engine decides, the store remembers.
//! **Invariant:** no door takes more than it can answer for: each has its bounds, and says so when
//! they are reached. Start at [`configure`], which is all that the server is told.

mod callbacks;
mod console;
pub mod graphql;
mod health;

use std::sync::Arc;

use actix_web::web;
use tokio_util::sync::CancellationToken;

use crate::{engine::Engine, store::Reader};
use callbacks::CallbackDoor;
use graphql::{
    AppSchema,
    transport::{Authenticate, Gateway},
};
use health::Health;

/// Writes all metrics down, as Prometheus reads them.
pub type RenderMetrics = Arc<dyn Fn() -> String + Send + Sync>;

/// What the doors open to. One for the whole server: its bounds hold for all workers together.
pub struct ApiParts<A: Authenticate> {
    pub gateway: Arc<Gateway<AppSchema, A>>,
    pub engine: Engine,
    pub reader: Reader,
    pub render_metrics: RenderMetrics,
    /// Cancelled when the server goes down: it is no longer ready, and answers what still comes.
    pub drain: CancellationToken,
}

/// The doors; clones are the same doors.
pub struct Api<A: Authenticate> {
    gateway: Arc<Gateway<AppSchema, A>>,
    callbacks: web::Data<CallbackDoor>,
    health: web::Data<Health>,
}

impl<A: Authenticate> Clone for Api<A> {
    fn clone(&self) -> Self {
        Self {
            gateway: Arc::clone(&self.gateway),
            callbacks: self.callbacks.clone(),
            health: self.health.clone(),
        }
    }
}

impl<A: Authenticate> Api<A> {
    pub fn new(parts: ApiParts<A>) -> Self {
        let ApiParts { gateway, engine, reader, render_metrics, drain } = parts;
        Self {
            gateway,
            callbacks: web::Data::new(CallbackDoor::new(engine.clone())),
            health: web::Data::new(Health { engine, reader, render_metrics, drain }),
        }
    }
}

/// Puts every route of the server in its place.
pub fn configure<A: Authenticate>(config: &mut web::ServiceConfig, api: &Api<A>) {
    config
        .service(
            web::resource("/callbacks/telesign/{token}")
                .app_data(api.callbacks.clone())
                .route(web::post().to(callbacks::receive)),
        )
        .service(Gateway::resource(Arc::clone(&api.gateway), "/graphql"))
        .service(
            web::resource("/readyz")
                .app_data(api.health.clone())
                .route(web::get().to(health::is_ready)),
        )
        .service(
            web::resource("/metrics")
                .app_data(api.health.clone())
                .route(web::get().to(health::metrics)),
        )
        .service(web::resource("/healthz").route(web::get().to(health::is_alive)))
        .default_service(web::to(console::serve));
}
