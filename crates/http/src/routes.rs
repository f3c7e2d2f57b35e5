//! The table of routes and the way of a request: one async function, then blocking work.
//!
//! A route is made with its door: who may pass, and what runs then. There is no other way in.
use crate::ask::{Answer, Ask, Raw, Token};
use crate::catalog::{Operation, Place};
use crate::logs::WRITE_LOG;
use crate::measure::{READ_KPI, READ_PROCESS};
use crate::state::State;
use crate::tenants::Tenants;
use crate::{
    audit, collections, commands, customs, describe, figures, files, guard, imports, inbox, keys,
    live, logs, me, measure, openapi, outside, pool, problem, river, search, start, talk, trail,
    views, web,
};
use access::Session;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter};
use kernel::{Error, Result, Source};
use std::sync::Arc;
use std::time::Duration;

/// Bytes of a body, and how long it may take to arrive.
const BODY: usize = 1024 * 1024;
const ARRIVES_IN: Duration = Duration::from_secs(30);

type Free = fn(&State, &Ask) -> Result<Answer>;
type Signed = fn(&State, &Session, &Ask) -> Result<Answer>;
type Declared = fn(&State, &Session, &Ask, &Operation) -> Result<Answer>;

/// Who may pass, and what runs then.
#[derive(Clone, Copy)]
pub(crate) enum Door {
    /// Anyone; it shows nothing of the company.
    Open(Free),
    /// Whoever is signed in; it shows what is theirs, or guards each part itself.
    Own(Signed),
    /// Whoever has the permission, anywhere; rows still by scope.
    Permission(&'static str, Signed),
    /// Whoever is signed in, for as long as the connection is open.
    Live,
    /// Whoever has the permission of the operation that the catalogue declares for the address.
    Operation(Declared),
}

#[derive(Clone, Copy)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) door: Door,
}

const fn api(method: &'static str, path: &'static str, door: Door) -> Route {
    Route { method, path, door }
}

/// The permission to look at an order with its chain.
const READ_ORDER: &str = "sales.order.read";

/// The permission to look at an invoice with its orders.
const READ_INVOICE: &str = "finance.invoice.read";

/// The permission to declare fields of the tenant's own.
const CUSTOM: &str = "access.custom_field.write";

/// Who may see and try how mail goes out: whoever sets the company up.
const SET_MAIL: &str = "access.company.change";
/// The permission to look at a customer's credit.
const READ_CREDIT: &str = "terms.credit_account.read";

const HEALTH: &str = "/healthz";

pub(crate) static ROUTES: &[Route] = &[
    api("GET", HEALTH, Door::Open(me::health)),
    api("GET", "/api/v1/openapi.json", Door::Open(openapi::answer)),
    api("POST", "/api/v1/sign-in", Door::Open(me::sign_in)),
    api("POST", "/api/v1/sign-out", Door::Own(me::sign_out)),
    api("GET", "/api/v1/start", Door::Open(start::start)),
    api("GET", "/api/v1/links/{token}", Door::Open(start::link)),
    api("POST", "/api/v1/set-up", Door::Open(start::set_up)),
    api("GET", "/api/v1/me", Door::Own(me::me)),
    api("POST", "/api/v1/me/password", Door::Own(start::set_password)),
    api("GET", "/api/v1/me/sign-ins", Door::Own(me::sign_ins)),
    api("POST", "/api/v1/me/sign-ins/{id}/revoke", Door::Own(me::revoke)),
    api("GET", "/api/v1/me/keys", Door::Own(keys::list)),
    api("POST", "/api/v1/me/keys", Door::Own(keys::create)),
    api("POST", "/api/v1/me/keys/{id}/revoke", Door::Own(keys::revoke)),
    api("GET", "/api/v1/me/tasks", Door::Own(talk::mine)),
    api("GET", "/api/v1/me/delegations", Door::Own(keys::delegations)),
    api("GET", "/api/v1/meta", Door::Own(describe::index)),
    api("GET", "/api/v1/meta/{entity}", Door::Own(describe::one)),
    api("GET", "/api/v1/custom-fields", Door::Permission(CUSTOM, customs::list)),
    api("POST", "/api/v1/custom-fields", Door::Permission(CUSTOM, customs::create)),
    api("PATCH", "/api/v1/custom-fields/{id}", Door::Permission(CUSTOM, customs::change)),
    api("GET", "/api/v1/views", Door::Own(views::list)),
    api("POST", "/api/v1/views", Door::Own(views::create)),
    api("PATCH", "/api/v1/views/{id}", Door::Own(views::change)),
    api("POST", "/api/v1/views/{id}/remove", Door::Own(views::remove)),
    api("GET", "/api/v1/search", Door::Own(search::search)),
    api("GET", "/api/v1/live", Door::Live),
    api("GET", "/api/v1/river", Door::Own(river::river)),
    api("GET", "/api/v1/leads/pool", Door::Own(pool::pool)),
    api("GET", "/api/v1/balances", Door::Own(figures::balances)),
    api("GET", "/api/v1/balances/{id}", Door::Own(figures::account)),
    api("GET", "/api/v1/periods/{id}/revaluation", Door::Own(figures::revaluation)),
    api("GET", "/api/v1/parties/{id}/credit", Door::Permission(READ_CREDIT, figures::credit)),
    api("GET", "/api/v1/kpis", Door::Permission(READ_KPI, measure::board)),
    api("GET", "/api/v1/kpis/{id}", Door::Permission(READ_KPI, measure::kpi)),
    api("GET", "/api/v1/kpis/{id}/cases", Door::Permission(READ_KPI, measure::kpi_cases)),
    api("GET", "/api/v1/process/map", Door::Permission(READ_PROCESS, measure::map)),
    api("GET", "/api/v1/process/compare", Door::Permission(READ_PROCESS, measure::compare)),
    api("GET", "/api/v1/process/people", Door::Permission(READ_PROCESS, measure::organisation)),
    api("GET", "/api/v1/process/variants", Door::Permission(READ_PROCESS, measure::variants)),
    api("GET", "/api/v1/process/cases", Door::Permission(READ_PROCESS, measure::cases)),
    api("GET", "/api/v1/process/findings", Door::Permission(READ_PROCESS, measure::findings)),
    api("GET", "/api/v1/process/faults", Door::Permission(READ_PROCESS, measure::faults)),
    api("GET", "/api/v1/process/logs", Door::Permission(READ_PROCESS, logs::list)),
    api("POST", "/api/v1/process/logs/files", Door::Permission(WRITE_LOG, logs::keep)),
    api("GET", "/api/v1/process/logs/{id}/report", Door::Permission(READ_PROCESS, logs::report)),
    api("POST", "/api/v1/process/logs/{id}/remove", Door::Permission(WRITE_LOG, logs::remove)),
    api("POST", "/api/v1/users/{id}/link", Door::Own(start::issue_link)),
    api(
        "POST",
        "/api/v1/webhooks/{id}/secret",
        Door::Permission("connect.webhook.secret", outside::issue_secret),
    ),
    api(
        "GET",
        "/api/v1/webhooks/{id}/progress",
        Door::Permission("connect.webhook.read", outside::progress),
    ),
    api("GET", "/api/v1/inbox", Door::Own(inbox::inbox)),
    api("POST", "/api/v1/inbox/read", Door::Own(inbox::mark)),
    api("GET", "/api/v1/mail", Door::Permission(SET_MAIL, inbox::mail)),
    api("POST", "/api/v1/mail/test", Door::Permission(SET_MAIL, inbox::test_mail)),
    api("GET", "/api/v1/me/notices", Door::Own(inbox::setting)),
    api("POST", "/api/v1/me/notices", Door::Own(inbox::set)),
    api("GET", "/api/v1/audit/rights", Door::Permission(audit::READ, audit::rights)),
    api("GET", "/api/v1/audit/sign-ins", Door::Permission(audit::READ, audit::sign_ins)),
    api("GET", "/api/v1/audit/violations", Door::Permission(audit::READ, audit::violations)),
    api("GET", "/api/v1/trail", Door::Permission(trail::READ, trail::trail)),
    api("GET", "/api/v1/imports", Door::Permission(imports::APPLY, imports::known)),
    api("POST", "/api/v1/imports", Door::Permission(imports::APPLY, imports::begin)),
    api("POST", "/api/v1/imports/files", Door::Permission(imports::APPLY, imports::keep)),
    api("POST", "/api/v1/imports/look", Door::Permission(imports::APPLY, imports::look)),
    api("GET", "/api/v1/imports/{id}", Door::Permission(imports::APPLY, imports::one)),
    api("POST", "/api/v1/imports/{id}/undo", Door::Permission(imports::UNDO, imports::undo)),
    api("GET", "/api/v1/{collection}/{id}/files", Door::Own(files::list)),
    api("POST", "/api/v1/{collection}/{id}/files", Door::Own(files::attach)),
    api("GET", "/api/v1/{collection}/{id}/files/{file}", Door::Own(files::download)),
    api("GET", "/api/v1/{collection}/{id}/comments", Door::Own(talk::comments)),
    api("POST", "/api/v1/{collection}/{id}/comments", Door::Own(talk::write)),
    api("POST", "/api/v1/{collection}/{id}/comments/{comment}/change", Door::Own(talk::change)),
    api("POST", "/api/v1/{collection}/{id}/comments/{comment}/withdraw", Door::Own(talk::withdraw)),
    api("GET", "/api/v1/{collection}/{id}/people", Door::Own(talk::people)),
    api("GET", "/api/v1/{collection}/{id}/tasks", Door::Own(talk::tasks)),
    api("POST", "/api/v1/{collection}/{id}/tasks", Door::Own(talk::ask_for)),
    api("GET", "/api/v1/{collection}/{id}/facts", Door::Operation(collections::facts)),
    api("GET", "/api/v1/orders/{id}/chain", Door::Permission(READ_ORDER, collections::chain)),
    api(
        "GET",
        "/api/v1/invoices/{id}/orders",
        Door::Permission(READ_INVOICE, collections::orders_of_invoice),
    ),
    api(
        "GET",
        "/api/v1/parties/{id}/billable",
        Door::Permission(collections::DRAW_UP, collections::billable),
    ),
    api("GET", "/api/v1/{collection}", Door::Operation(collections::list)),
    api("POST", "/api/v1/{collection}", Door::Operation(commands::make)),
    api("GET", "/api/v1/{collection}/{id}", Door::Operation(collections::one)),
    api("PATCH", "/api/v1/{collection}/{id}", Door::Operation(commands::change)),
    api("POST", "/api/v1/{collection}/{id}/{verb}", Door::Operation(commands::run)),
];

/// The routes as axum takes them.
pub fn router(tenants: Arc<Tenants>) -> Router {
    let mut router = Router::new();
    let mut paths: Vec<&'static str> = ROUTES.iter().map(|r| r.path).collect();
    paths.dedup();
    for path in paths {
        let mut methods = MethodRouter::new();
        for route in ROUTES.iter().filter(|r| r.path == path) {
            let tenants = Arc::clone(&tenants);
            let handler = move |request: Request| respond(Arc::clone(&tenants), route, request);
            methods = methods.on(filter(route.method), handler);
        }
        router = router.route(path, methods);
    }
    let state = Arc::clone(tenants.front());
    let (lost, barred) = (Arc::clone(&state), state);
    router
        .fallback(move |request: Request| unknown(Arc::clone(&lost), request))
        .method_not_allowed_fallback(move |request: Request| {
            refuse(Arc::clone(&barred), "request.method_not_allowed", request)
        })
}

fn filter(method: &str) -> MethodFilter {
    match method {
        "POST" => MethodFilter::POST,
        "PATCH" => MethodFilter::PATCH,
        _ => MethodFilter::GET,
    }
}

/// An address that no route declares: a file or a page of the web app, or nothing.
async fn unknown(state: Arc<State>, request: Request) -> Response {
    let is_get = matches!(request.method().as_str(), "GET" | "HEAD");
    let ask = Ask::new(&state, raw(&request, "GET", Vec::new(), Vec::new()));
    match web::answer(&state, &ask) {
        Ok(answer) if is_get => finish(&state, answer),
        _ => refuse(state, "request.no_such_path", request).await,
    }
}

/// An address or method that nobody declared.
async fn refuse(state: Arc<State>, code: &'static str, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let raw = raw(&request, "GET", Vec::new(), Vec::new());
    let ask = Ask::new(&state, raw);
    let error = match code {
        "request.no_such_path" => Error::not_found("request.no_such_path", path),
        _ => Error::conflict("request.method_not_allowed", path),
    };
    finish(&state, problem::answer(&ask, &error))
}

async fn respond(tenants: Arc<Tenants>, route: &'static Route, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let params = match RawPathParams::from_request_parts(&mut parts, &()).await {
        Ok(params) => params.iter().map(|(_, value)| value.to_owned()).collect(),
        Err(_) => Vec::new(),
    };
    let is_file = route.method == "POST" && route.path.ends_with("/files");
    let limit = if is_file { connect::files::LARGEST } else { BODY };
    let body = read(body, limit).await;
    let request = Request::from_parts(parts, Body::empty());
    let (body, fault) = match body {
        Ok(body) => (body, None),
        Err(fault) => (Vec::new(), Some(fault)),
    };
    let raw = raw(&request, route.method, params, body);
    let choice = tenants.choose(route.path, &raw);
    let (state, common) = (Arc::clone(choice.state), choice.common);
    if matches!(route.door, Door::Live) {
        return listen(state, raw).await;
    }
    let shared = Arc::clone(&state);
    let work = move || {
        let mut ask = Ask::new(&shared, raw);
        ask.common = common;
        let done = fault.map_or_else(|| answered(&tenants, &shared, route, &ask), Err);
        done.unwrap_or_else(|error| problem::answer(&ask, &error))
    };
    let answer = tokio::task::spawn_blocking(work).await;
    finish(&state, answer.unwrap_or_else(|_| broken()))
}

/// Among several tenants each has so many requests at once: who floods one stops no other.
/// Whether the program is well is asked of each.
fn answered(tenants: &Tenants, state: &State, route: &Route, ask: &Ask) -> Result<Answer> {
    if !tenants.are_several() {
        return pass(state, route, ask);
    }
    if route.path == HEALTH {
        for tenant in tenants.all() {
            pass(&tenant.state, route, ask)?;
        }
    }
    let _visit = state.come_in()?;
    pass(state, route, ask)
}

/// Opens a connection that stays open.
async fn listen(state: Arc<State>, raw: Raw) -> Response {
    let shared = Arc::clone(&state);
    let work = move || {
        let ask = Ask::new(&shared, raw);
        live::open(&shared, ask.clone()).map_err(|error| problem::answer(&ask, &error))
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(response)) => with_headers(&state, response),
        Ok(Err(answer)) => finish(&state, answer),
        Err(_) => finish(&state, broken()),
    }
}

fn with_headers(state: &State, mut response: Response) -> Response {
    for (name, value) in guard::headers(state.set.transport) {
        let name = HeaderName::from_static(name);
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A handler that panicked: its transaction is rolled back; the log has the place.
fn broken() -> Answer {
    Answer::json(500, &serde_json::json!({ "status": 500, "code": "bug.internal" }))
}

async fn read(body: Body, limit: usize) -> Result<Vec<u8>> {
    let slow = || Error::invalid("request.too_slow", ARRIVES_IN.as_secs());
    let large = || Error::invalid("request.too_large", limit).with("limit", limit);
    let read = tokio::time::timeout(ARRIVES_IN, to_bytes(body, limit)).await;
    let bytes = read.map_err(|_| slow())?.map_err(|_| large())?;
    Ok(bytes.to_vec())
}

/// Headers that handlers look at.
const HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "content-type",
    "cookie",
    "host",
    "huiliu-file",
    "huiliu-acting-for",
    "huiliu-company",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "origin",
    "sec-fetch-site",
    "user-agent",
];

fn raw(request: &Request, method: &'static str, params: Vec<String>, body: Vec<u8>) -> Raw {
    let header = |name: &&str| {
        let all = request.headers().get_all(*name).iter().filter_map(|v| v.to_str().ok());
        let all: Vec<&str> = all.collect();
        (!all.is_empty()).then(|| ((*name).to_owned(), all.join("; ")))
    };
    Raw {
        method,
        path: request.uri().path().to_owned(),
        params,
        query: request.uri().query().unwrap_or("").to_owned(),
        headers: HEADERS.iter().filter_map(header).collect(),
        body,
    }
}

/// Through the guards and the door.
fn pass(state: &State, route: &Route, ask: &Ask) -> Result<Answer> {
    guard::same_site(ask)?;
    guard::says_json(ask)?;
    match route.door {
        Door::Open(run) => run(state, ask),
        Door::Live => Err(Error::bug("bug.route", route.path)),
        Door::Own(run) => run(state, &session(state, ask)?, ask),
        Door::Permission(permission, run) => {
            let session = session(state, ask)?;
            allow(&session, permission)?;
            run(state, &session, ask)
        }
        Door::Operation(run) => {
            let session = session(state, ask)?;
            let param = |at: usize| ask.params.get(at).map(String::as_str);
            let collection = param(0).unwrap_or_default();
            let place = Place { collection, second: param(1), verb: param(2) };
            let operation = state.set.catalog.find(ask.method, &place)?;
            allow(&session, &operation.permission)?;
            run(state, &session, ask, &operation)
        }
    }
}

/// Error: `access.forbidden`.
pub(crate) fn allow(session: &Session, permission: &str) -> Result<()> {
    match session.cx.reach(permission) {
        Some(_) => Ok(()),
        None => Err(Error::forbidden("access.forbidden", permission)),
    }
}

/// Who asks. Error: `access.sign_in_needed`.
pub(crate) fn session(state: &State, ask: &Ask) -> Result<Session> {
    let needed = || Error::forbidden("access.sign_in_needed", "");
    let token = ask.token.as_ref().ok_or_else(needed)?;
    let mut session = match token {
        Token::Bearer(text) if text.starts_with(access::key::PREFIX) => {
            keys::session(state, ask, text)?
        }
        _ => signed_in(state, ask, token)?,
    };
    if let Some(principal) = keys::principal(ask)? {
        let mut act = |tx: &mut store::Tx| access::act_for(tx, &mut session, principal);
        state.set.store.read(&state.system(), |_, tx| act(tx))?;
    }
    Ok(session)
}

fn signed_in(state: &State, ask: &Ask, token: &Token) -> Result<Session> {
    let hash = access::sign_in::token_hash(token.text());
    let company = ask.header("huiliu-company").map(str::to_owned);
    let store = &state.set.store;
    let mut session = store.read(&state.system(), |_, tx| {
        access::session(tx, &hash, ask.now, store.ids(), company.as_deref())
    })?;
    if matches!(token, Token::Bearer(_)) {
        session.cx.source = Source::Api;
    }
    if let access::By::SignIn(sign_in) = &session.by
        && sign_in.is_seen_late(ask.now)
    {
        let id = sign_in.id;
        store.run(&session.cx, |cx, tx| {
            access::commands::see(cx, tx, id);
            Ok(())
        })?;
    }
    Ok(session)
}

fn finish(state: &State, answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let own = [("content-type", answer.media.to_owned()), ("cache-control", "no-store".to_owned())];
    let of_all = guard::headers(state.set.transport).into_iter().map(|(n, v)| (n, v.to_owned()));
    let headers = response.headers_mut();
    for (name, value) in own.into_iter().chain(of_all).chain(answer.headers) {
        let Ok(value) = HeaderValue::from_str(&value) else { continue };
        let name = HeaderName::from_static(name);
        if name == "set-cookie" {
            headers.append(name, value);
        } else {
            headers.insert(name, value);
        }
    }
    response
}
