//! Verbs over HTTP: the row in scope, the version seen, the body checked, the key kept, one
//! transaction; and the same for many rows, each on its own.
use crate::ask::{Answer, Ask};
use crate::catalog::{Kind, Operation};
use crate::state::State;
use crate::{customs, problem, veil};
use access::Session;
use flows::Verb;
use kernel::{Ctx, Currency, Digest, Error, Result};
use meta::{Entity, Field, FieldKind, check};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use store::Tx;
use store::idempotency::{self, Claim, Reply};
use store::rows::{self, Change};
use store::scope::Scope;

/// Rows of one bulk request, lines of one document, characters of a key.
const BULK: usize = 200;
const LINES: usize = 2000;
const KEY: usize = 200;

/// A write before it is known whose reply it makes.
type Work<'w> = Box<dyn Fn(&Ctx, &mut Tx) -> Result<Json> + 'w>;

pub(crate) type Job<'j> = &'j dyn Fn(&Ctx, &mut Tx) -> Result<(u16, Json)>;

/// `POST /api/v1/{collection}`
pub(crate) fn make(
    state: &State,
    session: &Session,
    ask: &Ask,
    operation: &Operation,
) -> Result<Answer> {
    let mut body = ask.json()?;
    let entity = operation.entity;
    let whole = body.clone();
    let customs = customs::taken(&mut body);
    let (claim, run): (_, Work<'_>) = match operation.kind {
        Kind::Make(verb) => {
            check_body(verb, &body, session.cx.base)?;
            let claim = claim(ask, &whole, verb.moves)?;
            let body = body.clone();
            let run = move |cx: &Ctx, tx: &mut Tx| {
                veil::may_write(&state.set.catalog, cx, verb, &body)?;
                reach_named(state, cx, tx, verb, &body)?;
                let row = (verb.run)(cx, tx, 0, &body)?;
                access::commands::check_done(cx, tx)?;
                Ok(row)
            };
            (claim, Box::new(run))
        }
        _ => {
            let claim = claim(ask, &whole, false)?;
            let body = body.clone();
            let rule = state.set.catalog.rule(entity);
            let run = move |cx: &Ctx, tx: &mut Tx| {
                veil::given(cx, entity, &body)?;
                rows::create(cx, tx, entity, &body, rule)
            };
            (claim, Box::new(run))
        }
    };
    let made = |cx: &Ctx, tx: &mut Tx| -> Result<Json> {
        veil::given(cx, entity, &Json::Object(customs.clone()))?;
        let row = run(cx, tx)?;
        let set = customs::Set::new_row(entity, &customs);
        let mut row = customs::set(state, cx, tx, &set, row)?;
        veil::over(&state.set.catalog, cx, entity, &mut row);
        Ok(row)
    };
    if ask.asked("dry") == Some("yes") {
        let looked = |cx: &Ctx, tx: &mut Tx| {
            let mut row = made(cx, tx)?;
            (state.set.catalog.outlook)(cx, tx, entity.name, &mut row)?;
            Ok(row)
        };
        return dry(state, session, &looked);
    }
    let (reply, replayed) = idempotent(state, session, claim, &|cx, tx| Ok((201, made(cx, tx)?)))?;
    Ok(shown(reply, replayed))
}

/// `PATCH /api/v1/{collection}/{id}`
pub(crate) fn change(
    state: &State,
    session: &Session,
    ask: &Ask,
    operation: &Operation,
) -> Result<Answer> {
    if let Kind::Run(_) = operation.kind {
        return run(state, session, ask, operation);
    }
    let (id, mut body) = (ask.id(1)?, ask.json()?);
    let claim = claim(ask, &body, false)?;
    let version = version(ask, &mut body)?;
    let (rule, entity) = (state.set.catalog.rule(operation.entity), operation.entity);
    veil::given(&session.cx, entity, &body)?;
    let customs = customs::taken(&mut body);
    let job = |cx: &Ctx, tx: &mut Tx| {
        let scope = access::scope_for(cx, tx, &operation.permission)?;
        let change = Change { id, version, body: &body };
        let row = rows::change(cx, tx, entity, &scope, &change, rule)?;
        let set = customs::Set { entity, scope, customs: &customs };
        let mut row = customs::set(state, cx, tx, &set, row)?;
        veil::over(&state.set.catalog, cx, entity, &mut row);
        Ok((200, row))
    };
    let (reply, replayed) = idempotent(state, session, claim, &job)?;
    Ok(shown(reply, replayed))
}

/// `POST /api/v1/{collection}/{id}/{verb}`
pub(crate) fn run(
    state: &State,
    session: &Session,
    ask: &Ask,
    operation: &Operation,
) -> Result<Answer> {
    let verb = match operation.kind {
        Kind::Run(verb) => verb,
        Kind::Bulk(_) => return bulk(state, session, ask, operation),
        _ => return Err(Error::not_found("request.no_such_path", &ask.path)),
    };
    let (id, mut body) = (ask.id(1)?, ask.json()?);
    let claim = claim(ask, &body, verb.moves)?;
    let version = version(ask, &mut body)?;
    veil::may_write(&state.set.catalog, &session.cx, verb, &body)?;
    let customs = if ask.method == "PATCH" { customs::taken(&mut body) } else { Map::new() };
    let step = Step { entity: operation.entity, verb, id, version, body: &body };
    check_body(verb, &body, session.cx.base)?;
    let job = |cx: &Ctx, tx: &mut Tx| {
        let row = step.act(cx, tx)?;
        let scope = access::scope_on(cx, tx, step.entity.name, verb.permission)?;
        let set = customs::Set { entity: step.entity, scope, customs: &customs };
        let mut row = customs::set(state, cx, tx, &set, row)?;
        veil::over(&state.set.catalog, cx, step.entity, &mut row);
        Ok((200, row))
    };
    let (reply, replayed) = idempotent(state, session, claim, &job)?;
    Ok(shown(reply, replayed))
}

/// `POST /api/v1/{collection}/bulk/{verb}` with `ids`: one result a row, `done`, `already` or
/// `refused` with its code; a refusal harms no other row.
fn bulk(state: &State, session: &Session, ask: &Ask, operation: &Operation) -> Result<Answer> {
    let Kind::Bulk(verb) = operation.kind else {
        return Err(Error::not_found("request.no_such_path", &ask.path));
    };
    let mut body = ask.json()?;
    let claim = claim(ask, &body, verb.moves)?;
    let ids = ids(&mut body)?;
    check_body(verb, &body, session.cx.base)?;
    veil::may_write(&state.set.catalog, &session.cx, verb, &body)?;
    let mut results = Vec::with_capacity(ids.len());
    for id in ids {
        let step = Step { entity: operation.entity, verb, id, version: None, body: &body };
        let of_row = claim.as_ref().map(|c| Claim { key: format!("{}:{id}", c.key), ..c.clone() });
        let done = idempotent(state, session, of_row, &|cx, tx| {
            let mut body = step.act(cx, tx)?;
            veil::over(&state.set.catalog, cx, step.entity, &mut body);
            // What changed is told; what was so before told nothing.
            let result = if tx.told().is_empty() { "already" } else { "done" };
            Ok((200, json!({ "result": result, "body": body })))
        });
        results.push(match done {
            Ok((reply, _)) => row_result(id, &reply),
            Err(error) => {
                let trace = problem::trace(ask, &error);
                let (status, body) =
                    (problem::status(&error), problem::body(&error, ask.lang, &trace));
                json!({ "id": id.to_string(), "result": "refused", "status": status,
                    "code": error.code, "problem": body })
            }
        });
    }
    Ok(Answer::json(200, &json!({ "results": results })))
}

fn row_result(id: i64, reply: &Reply) -> Json {
    let kept: Json = serde_json::from_str(&reply.body).unwrap_or(Json::Null);
    json!({ "id": id.to_string(), "result": kept["result"], "status": reply.status,
        "body": kept["body"] })
}

fn ids(body: &mut Json) -> Result<Vec<i64>> {
    let given = body.as_object_mut().and_then(|o| o.remove("ids")).unwrap_or(Json::Null);
    let listed = given.as_array().filter(|all| !all.is_empty());
    let listed =
        listed.ok_or_else(|| Error::invalid("field.required", "ids").with("field", "ids"))?;
    if listed.len() > BULK {
        return Err(Error::invalid("bulk.too_many", listed.len()).with("limit", BULK));
    }
    let mut ids: Vec<i64> = Vec::with_capacity(listed.len());
    for value in listed {
        let id = value.as_str().map_or_else(|| value.as_i64(), |text| text.parse().ok());
        let id = id.ok_or_else(|| Error::invalid("id.invalid", value).with("field", "ids"))?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// One verb on one row.
pub(crate) struct Step<'s> {
    pub(crate) entity: &'static Entity,
    pub(crate) verb: &'static Verb,
    pub(crate) id: i64,
    pub(crate) version: Option<i64>,
    pub(crate) body: &'s Json,
}

impl Step<'_> {
    fn act(&self, cx: &Ctx, tx: &mut Tx) -> Result<Json> {
        self.reach(cx, tx)?;
        let row = (self.verb.run)(cx, tx, self.id, self.body)?;
        access::commands::check_done(cx, tx)?;
        Ok(row)
    }

    /// The row is in the scope of the verb's permission, in the version that was looked at.
    ///
    /// Errors: `access.forbidden`, `store.not_found`, `store.version_conflict`.
    fn reach(&self, cx: &Ctx, tx: &mut Tx) -> Result<()> {
        let scope = access::scope_on(cx, tx, self.entity.name, self.verb.permission)?;
        if scope == Scope::All && self.version.is_none() {
            return Ok(());
        }
        let row = rows::get(cx, tx, self.entity, &scope, self.id, &[])?;
        match (self.version, row["version"].as_i64()) {
            (Some(seen), Some(now)) if seen != now => {
                let e = Error::conflict("store.version_conflict", self.entity.name);
                Err(e.with("id", self.id).with("version", now))
            }
            _ => Ok(()),
        }
    }
}

/// Rows that a body names are rows that its writer may read: nobody pays, returns or quotes for
/// what lies outside their scope.
///
/// Error: `reference.not_found`, as if it did not exist.
fn reach_named(state: &State, cx: &Ctx, tx: &mut Tx, verb: &Verb, body: &Json) -> Result<()> {
    let mut named: BTreeMap<&'static str, Vec<(&'static str, i64)>> = BTreeMap::new();
    let mut note = |fields: &'static [Field], body: &Json| {
        for field in fields {
            let FieldKind::Ref(entity) = field.kind else { continue };
            let value = &body[field.name];
            let id = value.as_str().map_or_else(|| value.as_i64(), |text| text.parse().ok());
            if let Some(id) = id {
                named.entry(entity).or_default().push((field.name, id));
            }
        }
    };
    note(verb.takes, body);
    for line in body["lines"].as_array().into_iter().flatten() {
        note(verb.lines, line);
    }
    for (name, ids) in named {
        let Some(entity) = state.set.catalog.entities.iter().find(|e| e.name == name) else {
            continue;
        };
        let scope = access::scope_for(cx, tx, &format!("{}.{name}.read", entity.room))?;
        let wanted: Vec<i64> = ids.iter().map(|(_, id)| *id).collect();
        if let Some(hidden) = rows::out_of_reach(tx, entity, &scope, &wanted)? {
            let field = ids.iter().find(|(_, id)| *id == hidden).map_or("", |(field, _)| field);
            let e = Error::invalid("reference.not_found", hidden).with("field", field);
            return Err(e.with("entity", name));
        }
    }
    Ok(())
}

/// A write that is no operation of the catalogue: its key, its command, its answer.
pub(crate) fn once(
    state: &State,
    session: &Session,
    ask: &Ask,
    body: &Json,
    job: Job<'_>,
) -> Result<Answer> {
    let claim = claim(ask, body, false)?;
    let (reply, replayed) = idempotent(state, session, claim, job)?;
    Ok(shown(reply, replayed))
}

/// Runs a command once for a key: the reply is kept by the command's own transaction.
///
/// Errors: `idempotency.running`, `idempotency.mismatch`, the command's own; those keep nothing.
pub(crate) fn idempotent(
    state: &State,
    session: &Session,
    claim: Option<Claim>,
    job: Job<'_>,
) -> Result<(Reply, bool)> {
    let store = &state.set.store;
    let reply =
        |(status, body): (u16, Json)| Reply { status: i64::from(status), body: body.to_string() };
    let Some(claim) = claim else {
        return Ok((reply(store.run(&session.cx, |cx, tx| job(cx, tx))?), false));
    };
    let _running = state.take_key(session.cx.user, &claim.key)?;
    let once = || {
        store.run(&session.cx, |cx, tx| {
            if let Some(earlier) = idempotency::replay(cx, tx, &claim)? {
                return Ok((earlier, true));
            }
            let new = reply(job(cx, tx)?);
            idempotency::keep(cx, tx, &claim, &new);
            Ok((new, false))
        })
    };
    match once() {
        // Another process ran the same key meanwhile: its reply is there now.
        Err(error) if error.code == "store.duplicate" => once(),
        other => other,
    }
}

/// `?dry=yes`: what the command would give, with its prices and taxes, and of an order or quotation
/// what it would come to; nothing of it is kept.
///
/// Errors: the command's own.
fn dry(
    state: &State,
    session: &Session,
    job: &dyn Fn(&Ctx, &mut Tx) -> Result<Json>,
) -> Result<Answer> {
    let given = std::cell::RefCell::new(None);
    let kept: Result<()> = state.set.store.run(&session.cx, |cx, tx| {
        *given.borrow_mut() = Some(job(cx, tx)?);
        Err(Error::conflict("request.only_dry", ""))
    });
    match (kept, given.into_inner()) {
        (Err(error), Some(given)) if error.code == "request.only_dry" => {
            Ok(Answer::json(200, &given))
        }
        (Err(error), _) => Err(error),
        (Ok(()), _) => Err(Error::bug("bug.dry_was_kept", &session.user.login)),
    }
}

fn shown(reply: Reply, replayed: bool) -> Answer {
    let status = u16::try_from(reply.status).unwrap_or(200);
    let version = serde_json::from_str::<Json>(&reply.body).unwrap_or(Json::Null);
    let answer = Answer::text(status, "application/json", reply.body);
    let answer = match version["version"].as_i64() {
        Some(version) => answer.with("etag", &format!("\"{version}\"")),
        None => answer,
    };
    if replayed { answer.with("idempotency-replayed", "true") } else { answer }
}

/// The request's key. Errors: `idempotency.required`, `idempotency.invalid_key`.
fn claim(ask: &Ask, body: &Json, moves: bool) -> Result<Option<Claim>> {
    let Some(key) = ask.header("idempotency-key") else {
        return if moves {
            Err(Error::invalid("idempotency.required", &ask.path))
        } else {
            Ok(None)
        };
    };
    claim_of(key, format!("{} {}", ask.method, ask.path), body).map(Some)
}

/// See [`claim`].
pub(crate) fn claim_of(key: &str, route: String, body: &Json) -> Result<Claim> {
    let fits = |c: char| c.is_ascii_graphic();
    if key.is_empty() || key.len() > KEY || !key.chars().all(fits) {
        return Err(Error::invalid("idempotency.invalid_key", KEY).with("limit", KEY));
    }
    let mut digest = Digest::new();
    digest.text(&body.to_string());
    Ok(Claim { key: key.to_owned(), route, body_hash: digest.finish() })
}

/// The version that was looked at: `If-Match: "3"`, or `version` in the body, which is taken out.
///
/// Error: `request.if_match`.
fn version(ask: &Ask, body: &mut Json) -> Result<Option<i64>> {
    let in_body = body.as_object_mut().and_then(|o| o.remove("version"));
    let in_body = match &in_body {
        Some(Json::String(text)) => Some(text.as_str()),
        Some(Json::Number(n)) => return n.as_i64().map(Some).ok_or_else(|| unreadable("version")),
        Some(_) => return Err(unreadable("version")),
        None => None,
    };
    let given = ask.header("if-match").filter(|tag| *tag != "*").or(in_body);
    let Some(text) = given else { return Ok(None) };
    let digits = text.trim_start_matches("W/").trim_matches('"');
    digits.parse().map(Some).map_err(|_| unreadable(text))
}

fn unreadable(text: &str) -> Error {
    Error::invalid("request.if_match", text)
}

/// Holds a body against what the verb declares that it takes.
///
/// Errors: `field.unknown`, `field.required` and those of values; `lines.*`.
pub(crate) fn check_body(verb: &Verb, body: &Json, base: Currency) -> Result<()> {
    let nothing = Map::new();
    let body = body.as_object().unwrap_or(&nothing);
    let code = body.get("currency").and_then(Json::as_str).unwrap_or("");
    let currency = Currency::parse(code).unwrap_or(base);
    let lines = body.get("lines").filter(|_| !verb.lines.is_empty());
    let known = |name: &str| name == "lines" && lines.is_some();
    check_fields(verb.takes, body, currency, &known)?;
    let Some(lines) = lines else { return Ok(()) };
    let malformed = || Error::invalid("lines.malformed", verb.name).with("field", "lines");
    let lines = lines.as_array().ok_or_else(malformed)?;
    if lines.len() > LINES {
        return Err(Error::invalid("lines.too_many", lines.len()).with("limit", LINES));
    }
    for (at, line) in lines.iter().enumerate() {
        let line = line.as_object().ok_or_else(malformed)?;
        check_fields(verb.lines, line, currency, &|_| false).map_err(|e| e.with("line", at + 1))?;
    }
    Ok(())
}

fn check_fields(
    fields: &[Field],
    given: &Map<String, Json>,
    currency: Currency,
    known: &dyn Fn(&str) -> bool,
) -> Result<()> {
    for name in given.keys() {
        if !known(name) && !fields.iter().any(|f| f.name == name) {
            return Err(Error::invalid("field.unknown", name).with("field", name));
        }
    }
    for field in fields {
        match given.get(field.name) {
            Some(value) => check::read(field, value, currency)?,
            None => check::absent(field)?,
        };
    }
    Ok(())
}
