//! The doors to the program: the JSON API, from declarations and verbs, and the web app's files.
//!
//! Holds: every route declares who may pass, or the program does not start; a row is reached
//! through a scope only; a command, its idempotency key and its reply share one transaction; the
//! store is blocking, so work runs on blocking threads; time and chance come from the caller.
//! Deliberately absent: business rules, SQL, any room's name.
mod ask;
mod audit;
mod catalog;
mod collections;
mod commands;
mod customs;
mod describe;
mod duties;
mod figures;
mod files;
mod guard;
mod imports;
mod inbox;
mod inside;
mod keys;
mod live;
mod logs;
mod me;
mod measure;
pub mod openapi;
mod outside;
mod people;
mod pool;
mod problem;
mod river;
mod roles;
mod routes;
mod search;
mod start;
mod state;
mod taken_out;
mod talk;
mod tenants;
mod trail;
mod veil;
mod views;
mod web;

pub use catalog::{Catalog, Kind, Operation};
pub use flows::Verb;
pub use inside::{Asked, Inside};
pub use live::look as look_for_changes;
pub use measure::{look_at_targets, send_scorecards};
pub use people::own_verbs;
pub use routes::router;
pub use state::{Settings, State, Transport};
pub use tenants::{Tenant, Tenants};

use std::future::Future;
use std::sync::Arc;

/// Answers requests until `shutdown` ends, then finishes those that are running.
pub async fn serve(
    tenants: Arc<Tenants>,
    listener: tokio::net::TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let open = Arc::clone(&tenants);
    let shutdown = async move {
        shutdown.await;
        open.all().for_each(|tenant| tenant.state.live.end());
    };
    axum::serve(listener, router(tenants)).with_graceful_shutdown(shutdown).await
}
