//! Reading over HTTP: lists, single rows with lines and open verbs, an order's chain.
use crate::ask::{Answer, Ask};
use crate::catalog::{Catalog, Kind, Operation};
use crate::problem;
use crate::state::State;
use crate::taken_out;
use crate::veil;
use access::Session;
use flows::Verb;
use kernel::{Ctx, Error, Result};
use meta::{Entity, Field};
use serde_json::{Value as Json, json};
use store::rows::{self, Grouping, ListQuery, Reads};
use store::sight::Veil;
use store::{Tx, custom};

/// `GET /api/v1/{collection}`
pub(crate) fn list(
    state: &State,
    session: &Session,
    ask: &Ask,
    operation: &Operation,
) -> Result<Answer> {
    let catalog = &state.set.catalog;
    let named = |field: &Field| catalog.named(field);
    let page = state.set.store.read(&session.cx, |cx, tx| {
        let customs = custom::of(tx, operation.entity)?;
        let reads = Reads { customs: &customs, ..Reads::of(cx, &named) };
        let query = ListQuery::parse(operation.entity, &asked(ask), &reads)?;
        let scope = access::scope_for(cx, tx, &operation.permission)?;
        let query = under_scopes(cx, tx, &query)?;
        rows::list(cx, tx, operation.entity, &scope, &query)
    })?;
    Ok(Answer::json(200, &page.shown()))
}

/// `GET /api/v1/{collection}/groups`
fn groups(state: &State, session: &Session, ask: &Ask, operation: &Operation) -> Result<Answer> {
    let catalog = &state.set.catalog;
    let named = |field: &Field| catalog.named(field);
    let groups = state.set.store.read(&session.cx, |cx, tx| {
        let customs = custom::of(tx, operation.entity)?;
        let reads = Reads { customs: &customs, ..Reads::of(cx, &named) };
        let wanted = Grouping::parse(operation.entity, &asked(ask), &reads)?;
        let scope = access::scope_for(cx, tx, &operation.permission)?;
        let query = under_scopes(cx, tx, &wanted.query)?;
        let wanted = Grouping { query, ..wanted };
        rows::groups(cx, tx, operation.entity, &scope, &wanted)
    })?;
    Ok(Answer::json(200, &groups))
}

pub(crate) fn asked(ask: &Ask) -> Vec<(String, String)> {
    ask.query.iter().filter(|(name, _)| name != "lang").cloned().collect()
}

/// The query with how far its reader sees the rows that its conditions look at. Nobody learns by
/// a filter what they may not read.
///
/// Error: `access.forbidden`.
pub(crate) fn under_scopes(cx: &Ctx, tx: &mut Tx, query: &ListQuery) -> Result<ListQuery> {
    let mut query = query.clone();
    for entity in query.looks_at() {
        let scope = access::scope_for(cx, tx, &entity.permission("read"))?;
        query.scopes.insert(entity.name, scope);
    }
    Ok(query)
}

/// `GET /api/v1/{collection}/{id}`, or what stands under a word in an id's place.
pub(crate) fn one(
    state: &State,
    session: &Session,
    ask: &Ask,
    operation: &Operation,
) -> Result<Answer> {
    match operation.kind {
        Kind::Groups => groups(state, session, ask, operation),
        Kind::Export => taken_out::table(state, session, ask, operation),
        _ => get(state, session, ask, operation),
    }
}

/// `GET /api/v1/{collection}/{id}`, with `lines=yes` and `verbs=yes`.
fn get(state: &State, session: &Session, ask: &Ask, operation: &Operation) -> Result<Answer> {
    let (id, entity, catalog) = (ask.id(1)?, operation.entity, &state.set.catalog);
    let asks = |name: &str| ask.asked(name) == Some("yes");
    let lines = if asks("lines") { catalog.lines_of(entity) } else { Vec::new() };
    let mut row = state.set.store.read(&session.cx, |cx, tx| {
        let scope = access::scope_for(cx, tx, &operation.permission)?;
        let mut row = rows::get(cx, tx, entity, &scope, id, &lines)?;
        if let Some(row) = row.as_object_mut() {
            let mut own = custom::values(tx, entity, id)?;
            Veil::of(cx, entity).over(&mut own);
            row.extend(own);
        }
        Ok(row)
    })?;
    if asks("verbs") {
        let step = |step: Step| {
            let why = step.closed.map(|e| {
                json!({
                    "code": e.code,
                    "title": problem::title(&e, ask.lang, ""),
                })
            });
            json!({ "verb": step.verb.name, "open": why.is_none(), "why": why })
        };
        row["verbs"] = steps(catalog, &session.cx, entity, &row).into_iter().map(step).collect();
    }
    let answer = Answer::json(200, &row);
    Ok(match row["version"].as_i64() {
        Some(version) => answer.with("etag", &format!("\"{version}\"")),
        None => answer,
    })
}

/// A verb of a row, and why it is closed.
pub(crate) struct Step {
    pub(crate) verb: &'static Verb,
    pub(crate) closed: Option<Error>,
}

/// What may be done with a row in its state by this user.
pub(crate) fn steps(catalog: &Catalog, cx: &Ctx, entity: &Entity, row: &Json) -> Vec<Step> {
    let state = row["state"].as_str().unwrap_or("");
    let of_entity = |verb: &&'static Verb| verb.entity == entity.name && verb.name != "create";
    let step = |verb: &'static Verb| {
        let by_state = entity.lifecycle.and_then(|lifecycle| {
            let known = lifecycle.verb(verb.name).is_some();
            let open = lifecycle.open(state).iter().any(|m| m.verb == verb.name);
            (known && !open).then(|| lifecycle.refusal(state, verb.name))
        });
        let forbidden = || Error::forbidden("access.forbidden", verb.permission);
        let by_right = cx.reach_on(entity.name, verb.permission).is_none().then(forbidden);
        Step { verb, closed: by_state.or(by_right).or_else(|| own(cx, entity, verb, row)) }
    };
    catalog.verbs.iter().copied().filter(of_entity).map(step).collect()
}

/// The refusal of a verb that somebody else has to do, where the row names this user.
fn own(cx: &Ctx, entity: &Entity, verb: &Verb, row: &Json) -> Option<Error> {
    let rule = flows::BY_ANOTHER.iter().find(|r| r.entity == entity.name && r.verb == verb.name)?;
    let is_own = row[rule.field].as_str() == Some(cx.user.to_string().as_str());
    let called = row[entity.title].as_str().unwrap_or("");
    is_own.then(|| Error::forbidden(rule.code, called))
}

/// `GET /api/v1/{collection}/{id}/facts`: what happened to it, newest first.
pub(crate) fn facts(
    state: &State,
    session: &Session,
    ask: &Ask,
    operation: &Operation,
) -> Result<Answer> {
    let (id, entity) = (ask.id(1)?, operation.entity);
    let facts = state.set.store.read(&session.cx, |cx, tx| {
        let scope = access::scope_for(cx, tx, &operation.permission)?;
        rows::get(cx, tx, entity, &scope, id, &[])?;
        let mut facts = flows::story(tx, entity.name, id)?;
        veil::over_facts(cx, entity, &mut facts);
        Ok(facts)
    })?;
    Ok(Answer::json(200, &json!({ "rows": facts })))
}

/// `GET /api/v1/orders/{id}/chain`
pub(crate) fn chain(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let id = ask.id(0)?;
    let chain = state.set.store.read(&session.cx, |cx, tx| chain_of(state, cx, tx, id))?;
    Ok(Answer::json(200, &chain))
}

/// An order with everything from lead to cash, where the order is in scope.
pub(crate) fn chain_of(state: &State, cx: &Ctx, tx: &mut Tx, id: i64) -> Result<Json> {
    let catalog = &state.set.catalog;
    let order = catalog.entity("order");
    let order = order.ok_or_else(|| Error::not_found("request.no_such_path", "order"))?;
    let scope = access::scope_for(cx, tx, &order.permission("read"))?;
    rows::get(cx, tx, order, &scope, id, &[])?;
    let mut chain = (catalog.chain)(cx, tx, id)?;
    for (part, permission) in PARTS {
        let (place, part) = part.split_once('.').unwrap_or(("", part));
        let around = if place.is_empty() { &mut chain } else { &mut chain[place] };
        if cx.reach(permission).is_none() && !around[part].is_null() {
            around[part] = if around[part].is_array() { json!([]) } else { Json::Null };
        }
    }
    veil::over(catalog, cx, order, &mut chain);
    Ok(chain)
}

/// `GET /api/v1/invoices/{id}/orders`: the orders that an invoice is over, for whoever reads both.
pub(crate) fn orders_of_invoice(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (id, catalog) = (ask.id(0)?, &state.set.catalog);
    let known = |name: &'static str| {
        catalog.entity(name).ok_or_else(|| Error::not_found("request.no_such_path", name))
    };
    let (invoice, order) = (known("invoice")?, known("order")?);
    let rows = state.set.store.read(&session.cx, |cx, tx| {
        let scope = access::scope_for(cx, tx, &invoice.permission("read"))?;
        rows::get(cx, tx, invoice, &scope, id, &[])?;
        if cx.reach(&order.permission("read")).is_none() {
            return Ok(Vec::new());
        }
        flows::questions::orders_of_invoice(tx, id)
    })?;
    let mut rows = Json::from(rows);
    veil::over(catalog, &session.cx, order, &mut rows);
    Ok(Answer::json(200, &json!({ "rows": rows })))
}

/// `GET /api/v1/parties/{id}/billable`: what of a customer's orders can be billed now, for whoever
/// draws up invoices, of the orders that this right reaches.
pub(crate) fn billable(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (id, catalog) = (ask.id(0)?, &state.set.catalog);
    let known = |name: &'static str| {
        catalog.entity(name).ok_or_else(|| Error::not_found("request.no_such_path", name))
    };
    let (party, order) = (known("party")?, known("order")?);
    let rows = state.set.store.read(&session.cx, |cx, tx| {
        let scope = access::scope_for(cx, tx, &party.permission("read"))?;
        rows::get(cx, tx, party, &scope, id, &[])?;
        let scope = access::scope_on(cx, tx, "invoice", DRAW_UP)?;
        flows::billable::of_party(cx, tx, id, &scope)
    })?;
    let mut rows = Json::from(rows);
    veil::over(catalog, &session.cx, order, &mut rows);
    Ok(Answer::json(200, &json!({ "rows": rows })))
}

/// The permission to draw up invoices.
pub(crate) const DRAW_UP: &str = "finance.invoice.create";

/// Papers of an order that stand in its chain for whoever may read such papers at all.
const PARTS: &[(&str, &str)] = &[
    ("before.lead", "crm.lead.read"),
    ("before.opportunity", "crm.opportunity.read"),
    ("before.quote", "sales.quote.read"),
    ("invoices", "finance.invoice.read"),
    ("payments", "finance.payment.read"),
    ("entries", "ledger.entry.read"),
];
