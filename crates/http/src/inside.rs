//! The API without a network, for measuring and proving: the same router, guards and handlers.
use crate::routes::router;
use crate::state::State;
use crate::tenants::Tenants;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use kernel::{Ctx, Error, Result};
use serde_json::Value as Json;
use std::sync::Arc;
use tower::ServiceExt;

/// Bytes of an answer, at most.
const ANSWER: usize = 64 * 1024 * 1024;

/// Somebody who asks from inside the process.
pub struct Inside {
    router: Router,
    state: Arc<State>,
    runtime: tokio::runtime::Runtime,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub method: &'static str,
    /// With what follows the question mark.
    pub path: &'a str,
    /// A bearer token; empty for nobody.
    pub token: &'a str,
    pub body: Option<&'a Json>,
    /// An idempotency key; empty for none.
    pub key: &'a str,
}

impl Inside {
    /// Error: `bug.runtime`.
    pub fn new(state: Arc<State>) -> Result<Self> {
        Self::of(&Tenants::one(state))
    }

    /// Among several tenants; what is heard is the first's. Error: `bug.runtime`.
    pub fn of(tenants: &Arc<Tenants>) -> Result<Self> {
        let state = Arc::clone(tenants.front());
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|e| Error::bug("bug.runtime", e))?;
        Ok(Self { router: router(Arc::clone(tenants)), state, runtime })
    }

    /// The status and the body. Error: `bug.request`.
    pub fn ask(&self, asked: &Asked<'_>) -> Result<(u16, Json)> {
        self.ask_for(asked, "")
    }

    /// See [`Inside::ask`]; by a host name. Error: `bug.request`.
    pub fn ask_at(&self, host: &str, asked: &Asked<'_>) -> Result<(u16, Json)> {
        let (status, bytes) = self.answer(host, asked, "")?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Json::Null)))
    }

    /// See [`Inside::ask`]; in another user's place, by their id. Error: `bug.request`.
    pub fn ask_for(&self, asked: &Asked<'_>, principal: &str) -> Result<(u16, Json)> {
        let (status, bytes) = self.bytes(asked, principal)?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Json::Null)))
    }

    /// The status and the body as it is: of tables and files. Error: `bug.request`.
    pub fn bytes(&self, asked: &Asked<'_>, principal: &str) -> Result<(u16, Vec<u8>)> {
        self.answer("inside", asked, principal)
    }

    fn answer(&self, host: &str, asked: &Asked<'_>, principal: &str) -> Result<(u16, Vec<u8>)> {
        let broken = |e: &dyn std::fmt::Display| Error::bug("bug.request", e);
        let mut request = Request::builder().method(asked.method).uri(asked.path);
        request = request.header("host", host);
        if !asked.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", asked.token));
        }
        if !principal.is_empty() {
            request = request.header("huiliu-acting-for", principal);
        }
        if !asked.key.is_empty() {
            request = request.header("idempotency-key", asked.key);
        }
        let body = asked.body.map(Json::to_string);
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(Body::from(body.unwrap_or_default())).map_err(|e| broken(&e))?;
        let router = self.router.clone();
        self.runtime.block_on(async move {
            let response = router.oneshot(request).await.map_err(|e| broken(&e))?;
            let status = response.status().as_u16();
            let bytes = to_bytes(response.into_body(), ANSWER).await.map_err(|e| broken(&e))?;
            Ok((status, bytes.to_vec()))
        })
    }

    /// What a live connection of a user would have heard of all that ever happened.
    pub fn heard(&self, cx: &Ctx) -> Result<Vec<Json>> {
        crate::live::all_heard(&self.state, cx)
    }
}
