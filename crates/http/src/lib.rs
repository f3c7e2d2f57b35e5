//! The doors to the program: the JSON API and the first pages, both from declarations and verbs.
//!
//! Holds: every route declares who may pass, or the program does not start; a row is reached
//! through a scope only; a command, its idempotency key and its reply share one transaction; the
//! store is blocking, so work runs on blocking threads; time and chance come from the caller.
//! Deliberately absent: business rules, SQL, any room's name.
mod ask;
mod catalog;
mod collections;
mod commands;
mod guard;
mod html;
mod me;
pub mod openapi;
mod page;
mod page_chain;
mod page_order;
mod page_orders;
mod page_set_up;
mod page_sign;
mod page_steps;
mod problem;
mod routes;
mod state;

pub use catalog::{Catalog, Kind, Operation};
pub use flows::Verb;
pub use routes::router;
pub use state::{Settings, State, Transport};

use std::future::Future;
use std::sync::Arc;

/// Answers requests until `shutdown` ends, then finishes those that are running.
pub async fn serve(
    state: Arc<State>,
    listener: tokio::net::TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(state)).with_graceful_shutdown(shutdown).await
}
