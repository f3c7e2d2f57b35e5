//! One order: its four axes, lines, holds, chain from lead to cash, life, and what may be done.
use crate::ask::{Answer, Ask, field};
use crate::collections::{self, Step};
use crate::commands::{self, claim_of};
use crate::html::{Html, all, say, tag, void};
use crate::page::{self, Page, chip, facts, label, section, word};
use crate::page_orders::{amount, holds, id};
use crate::problem;
use crate::state::State;
use crate::verb::Verb;
use access::Session;
use kernel::{Error, Result};
use meta::words::Lang;
use meta::{Entity, Field, FieldKind};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use store::rows;

/// Facts of an order's life that the page shows.
const LIFE: usize = 200;

/// An order as the page needs it.
struct Seen {
    entity: &'static Entity,
    order: Json,
    chain: Json,
    life: Vec<Json>,
    customer: String,
    products: BTreeMap<i64, String>,
    people: BTreeMap<i64, String>,
}

/// `GET /orders/{id}`
pub(crate) fn order(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    show(state, session, ask, ask.id(0)?, None)
}

fn show(
    state: &State,
    session: &Session,
    ask: &Ask,
    id: i64,
    refused: Option<&Error>,
) -> Result<Answer> {
    let seen = look(state, session, id)?;
    let lang = ask.lang;
    let number = seen.order["number"].as_str().filter(|n| !n.is_empty());
    let draft = word(lang, "page-draft");
    let title = format!("{} {}", word(lang, "page-order"), number.unwrap_or(&draft));
    let mut parts = vec![
        tag(
            "p",
            &[("class", "quiet")],
            [say("a", &[("href", "/orders")], &word(lang, "page-orders"))],
        ),
        tag("div", &[("class", "head")], [say("h1", &[], &title), axes(ask, session, &seen)]),
    ];
    parts.extend(refused.map(|error| page::refusal(ask, error)));
    parts.push(summary(ask, session, &seen));
    let of_order = Target { order: id, entity: seen.entity, row: &seen.order };
    parts.push(section(&word(lang, "page-actions"), [actions(state, session, ask, &of_order)]));
    parts.push(section(&word(lang, "page-lines"), [lines(lang, &seen)]));
    parts.push(section(&word(lang, "page-chain"), [chain(state, session, ask, &seen, id)]));
    parts.push(section(&word(lang, "page-life"), [life(session, lang, &seen)]));
    let status = refused.map_or(200, problem::status);
    Ok(page::answer(state, ask, Some(session), status, Page { title, parts }))
}

fn look(state: &State, session: &Session, id_of: i64) -> Result<Seen> {
    let catalog = &state.set.catalog;
    let named = |name: &'static str| {
        catalog.entity(name).ok_or_else(|| Error::not_found("request.no_such_path", name))
    };
    let (entity, party, product) = (named("order")?, named("party")?, named("product")?);
    let user = named("user")?;
    let lines = catalog.lines_of(entity);
    state.set.store.read(&session.cx, |cx, tx| {
        let scope = access::scope_for(cx, tx, &entity.permission("read"))?;
        let order = rows::get(cx, tx, entity, &scope, id_of, &lines)?;
        let chain = (catalog.chain)(cx, tx, id_of)?;
        let life = rows::life(cx, tx, entity.name, id_of, LIFE)?;
        let customer = rows::titles(tx, party, &[id(&order["party"])])?;
        let products: Vec<i64> = lines_of(&order).iter().map(|l| id(&l["product"])).collect();
        let products = rows::titles(tx, product, &products)?;
        let mut people: Vec<i64> = life.iter().map(|f| id(&f["actor"])).collect();
        people.push(id(&order["owner"]));
        let people = rows::titles(tx, user, &people)?;
        let customer = customer.into_values().next().unwrap_or_default();
        Ok(Seen { entity, order, chain, life, customer, products, people })
    })
}

fn lines_of(order: &Json) -> &[Json] {
    order["order_lines"].as_array().map_or(&[], Vec::as_slice)
}

/// Lifecycle, progress, holds, flags: four axes, never one status.
fn axes(ask: &Ask, session: &Session, seen: &Seen) -> Html {
    let (lang, order) = (ask.lang, &seen.order);
    let mut parts = vec![chip(lang, "order", order["state"].as_str().unwrap_or(""))];
    for axis in ["fulfilment", "billing", "payment"] {
        let progress = order[axis].as_str().unwrap_or("");
        let words = chip(lang, axis, progress);
        let caption = label(lang, "field", "order", axis);
        parts.push(tag("span", &[("class", "axis")], [say("span", &[], &caption), words]));
    }
    parts.push(holds(ask, order));
    if is_late(session, order) {
        parts.push(say("span", &[("class", "chip bad")], &word(lang, "page-late")));
    }
    tag("p", &[("class", "axes")], parts)
}

/// Never stored: today against the promised day of goods that are not all delivered.
fn is_late(session: &Session, order: &Json) -> bool {
    let promised = order["promised_now"].as_str().unwrap_or("");
    let open = order["fulfilment"] != "full" && order["state"] == "confirmed";
    open && !promised.is_empty() && promised < session.cx.today().to_string().as_str()
}

fn summary(ask: &Ask, session: &Session, seen: &Seen) -> Html {
    let (lang, order) = (ask.lang, &seen.order);
    let of = |name: &'static str| order[name].as_str().unwrap_or("").to_owned();
    let caption = |name: &str| label(lang, "field", "order", name);
    let mut pairs = vec![(caption("party"), say("span", &[], &seen.customer))];
    for name in [
        "ordered_on",
        "requested_on",
        "promised_first",
        "promised_now",
        "terms_code",
        "customer_po_no",
        "channel",
        "cancel_reason",
    ] {
        if !of(name).is_empty() {
            pairs.push((caption(name), say("span", &[], &of(name))));
        }
    }
    if let Some(owner) = seen.people.get(&id(&order["owner"])) {
        pairs.push((caption("owner"), say("span", &[], owner)));
    }
    for name in ["gross", "net", "tax", "deposit", "paid"] {
        if !of(name).is_empty() {
            pairs.push((caption(name), amount(&of(name), order, session)));
        }
    }
    facts(pairs)
}

// ---- lines

const LINE_COLUMNS: &[(&str, &str)] = &[
    ("line_no", "right"),
    ("product", ""),
    ("ordered", "right"),
    ("cancelled", "right wide"),
    ("reserved", "right wide"),
    ("shipped", "right"),
    ("delivered", "right wide"),
    ("invoiced", "right wide"),
    ("price_entered", "right"),
    ("gross", "right"),
];

fn lines(lang: Lang, seen: &Seen) -> Html {
    let lines = lines_of(&seen.order);
    if lines.is_empty() {
        return page::none(lang);
    }
    let head = |(name, class): &(&str, &str)| {
        say("th", &[("class", class), ("scope", "col")], &label(lang, "field", "order_line", name))
    };
    let cell = |line: &Json, name: &str| match name {
        "product" => seen.products.get(&id(&line["product"])).cloned().unwrap_or_default(),
        _ => plain(&line[name]),
    };
    let row = |line: &Json| {
        let cells = LINE_COLUMNS
            .iter()
            .map(|(name, class)| say("td", &[("class", class)], &cell(line, name)));
        tag("tr", &[], cells)
    };
    page::table(LINE_COLUMNS.iter().map(head).collect(), lines.iter().map(row).collect())
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

// ---- the chain

/// From lead to cash; what else the chain holds comes after.
const STAGES: &[&str] = &[
    "lead",
    "leads",
    "opportunity",
    "opportunities",
    "quote",
    "quotes",
    "order",
    "holds",
    "demands",
    "shipments",
    "billable_items",
    "invoices",
    "payments",
    "allocations",
    "entries",
];

fn chain(state: &State, session: &Session, ask: &Ask, seen: &Seen, order: i64) -> Html {
    let nothing = Map::new();
    let chain = seen.chain.as_object().unwrap_or(&nothing);
    let rest = chain.keys().map(String::as_str).filter(|k| !STAGES.contains(k));
    let mut parts = Vec::new();
    for key in STAGES.iter().copied().chain(rest).filter(|k| *k != "order" && *k != "lines") {
        let documents: Vec<&Json> = match chain.get(key) {
            Some(Json::Array(all)) => all.iter().filter(|d| d.is_object()).collect(),
            Some(one @ Json::Object(_)) => vec![one],
            _ => continue,
        };
        let catalog = &state.set.catalog;
        let entity = catalog.collection(key).or_else(|| catalog.entity(key));
        let name = entity.map_or(key, |e| e.name);
        let cards = documents.iter().map(|row| {
            let target = entity.map(|entity| Target { order, entity, row });
            card(state, session, ask, name, row, target.as_ref())
        });
        let title = label(ask.lang, "entity", "", name);
        let head = say("h3", &[], &title);
        let cards: Vec<Html> = cards.collect();
        let cards = if cards.is_empty() { vec![page::none(ask.lang)] } else { cards };
        parts.push(tag("li", &[], [head, all(cards)]));
    }
    if parts.is_empty() {
        return page::none(ask.lang);
    }
    tag("ol", &[("class", "chain")], parts)
}

/// A document of the chain: what people know it by, its state, days and amounts.
fn card(
    state: &State,
    session: &Session,
    ask: &Ask,
    name: &str,
    row: &Json,
    target: Option<&Target<'_>>,
) -> Html {
    let lang = ask.lang;
    let known = ["number", "name", "code", "kind", "reason"];
    let title = known.iter().filter_map(|n| row[*n].as_str()).find(|t| !t.is_empty());
    let mut parts = vec![say("strong", &[], title.unwrap_or(""))];
    if let Some(state) = row["state"].as_str() {
        parts.push(chip(lang, name, state));
    }
    let shown = row.as_object().into_iter().flatten().filter(|(n, _)| is_shown(n));
    for (field, value) in shown {
        let value = short(&plain(value));
        if !value.is_empty() {
            let caption = label(lang, "field", name, field);
            parts.push(tag(
                "span",
                &[("class", "axis")],
                [say("span", &[], &caption), say("span", &[("class", "amount")], &value)],
            ));
        }
    }
    let mut card = vec![tag("p", &[("class", "axes")], parts)];
    if let Some(target) = target {
        card.push(actions(state, session, ask, target));
    }
    tag("div", &[("class", "card")], card)
}

fn is_shown(field: &str) -> bool {
    let names = ["day", "due", "gross", "amount", "open", "qty", "currency", "kind"];
    names.contains(&field) || field.ends_with("_at") || field.ends_with("_on")
}

/// The day of an instant is enough here.
fn short(value: &str) -> String {
    match value.split_once('T') {
        Some((day, _)) if day.len() == 10 => day.to_owned(),
        _ => value.to_owned(),
    }
}

// ---- what happened

fn life(session: &Session, lang: Lang, seen: &Seen) -> Html {
    let row = |fact: &Json| {
        let of = |name: &str| fact[name].as_str().unwrap_or("");
        let (object, verb) = of("activity").split_once('.').unwrap_or((of("activity"), ""));
        let at = kernel::Instant::parse(of("occurred_at")).unwrap_or_default();
        let (day, minute) = (session.cx.zone.day(at), session.cx.zone.minute_of_day(at));
        let time = format!("{day} {:02}:{:02}", minute / 60, minute % 60);
        let kind = || label(lang, "actor", "", of("actor_kind"));
        let who = seen.people.get(&id(&fact["actor"])).cloned().unwrap_or_else(kind);
        let mut parts = vec![
            say("time", &[("datetime", of("occurred_at"))], &time),
            say("strong", &[], &label(lang, "activity", object, verb)),
            say("span", &[("class", "quiet")], &who),
        ];
        if let Some(amount) = fact["amount"].as_str() {
            parts.push(say("span", &[("class", "amount")], amount));
        }
        if !of("reason").is_empty() {
            parts.push(say("q", &[], of("reason")));
        }
        tag("li", &[], parts)
    };
    tag("ol", &[("class", "life")], seen.life.iter().map(row))
}

// ---- what may be done

/// A document on the page, and the order to come back to.
struct Target<'t> {
    order: i64,
    entity: &'static Entity,
    row: &'t Json,
}

/// A button for every verb: open ones as forms, closed ones greyed with the reason.
fn actions(state: &State, session: &Session, ask: &Ask, target: &Target<'_>) -> Html {
    let steps = collections::steps(&state.set.catalog, &session.cx, target.entity, target.row);
    let button = |step: &Step| match &step.closed {
        None => open_step(state, ask, target, step.verb),
        Some(why) => closed_step(ask.lang, target, step.verb, why),
    };
    tag("div", &[("class", "actions")], steps.iter().map(button))
}

fn open_step(state: &State, ask: &Ask, target: &Target<'_>, verb: &Verb) -> Html {
    let lang = ask.lang;
    let of = id(&target.row["id"]);
    let collection = target.entity.collection;
    let action = format!("/orders/{}/{collection}/{of}/{}", target.order, verb.name);
    let key: String = (state.set.random)().iter().take(16).map(|b| format!("{b:02x}")).collect();
    let version = target.row["version"].as_i64().map(|v| v.to_string()).unwrap_or_default();
    let name = label(lang, "verb", target.entity.name, verb.name);
    let mut parts = vec![void("input", &[("type", "hidden"), ("name", "key"), ("value", &key)])];
    if !version.is_empty() {
        let attrs = [("type", "hidden"), ("name", "version"), ("value", version.as_str())];
        parts.push(void("input", &attrs));
    }
    let asked: Vec<Html> = verb.takes.iter().filter_map(|f| question(lang, verb, f)).collect();
    let is_plain = asked.is_empty();
    parts.extend(asked);
    parts.push(say("button", &[], &name));
    let form = tag("form", &[("method", "post"), ("action", &action)], parts);
    match is_plain {
        true => form,
        false => tag("details", &[], [say("summary", &[], &name), form]),
    }
}

fn closed_step(lang: Lang, target: &Target<'_>, verb: &Verb, why: &Error) -> Html {
    let why = meta::words::error(lang, why);
    let name = label(lang, "verb", target.entity.name, verb.name);
    say("button", &[("disabled", ""), ("title", &why)], &name)
}

/// An input for a field that a verb takes; ids that people cannot know are left to the web app.
fn question(lang: Lang, verb: &Verb, field: &Field) -> Option<Html> {
    let caption = label(lang, "field", verb.entity, field.name);
    let mut attrs: Vec<(&'static str, &str)> = vec![("name", field.name)];
    match field.kind {
        FieldKind::Text { .. } => attrs.push(("type", "text")),
        FieldKind::Day => attrs.push(("type", "date")),
        FieldKind::Bool => attrs.extend([("type", "checkbox"), ("value", "true")]),
        FieldKind::Int | FieldKind::Money | FieldKind::Qty | FieldKind::Price | FieldKind::Rate => {
            attrs.extend([("type", "text"), ("inputmode", "decimal")])
        }
        FieldKind::Enum(set) => {
            let named = |s: &&str| ((*s).to_owned(), label(lang, "state", verb.entity, s));
            let options: Vec<(String, String)> = set.iter().map(named).collect();
            return Some(page::choice(&caption, field.name, "", &options));
        }
        FieldKind::Ref(_) | FieldKind::Any if field.required => attrs.push(("type", "text")),
        FieldKind::Ref(_) | FieldKind::Any | FieldKind::Instant | FieldKind::Json => return None,
    }
    if field.required && !matches!(field.kind, FieldKind::Bool) {
        attrs.push(("required", ""));
    }
    Some(page::input(&caption, &attrs))
}

/// `POST /orders/{id}/{collection}/{of}/{verb}`: the same command as over the API.
pub(crate) fn run(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (order, of, sent) = (ask.id(0)?, ask.id(2)?, ask.form()?);
    let back = format!("/orders/{order}");
    match step(state, session, ask, of, &sent) {
        Ok(()) => Ok(Answer::see(&back)),
        Err(error) => show(state, session, ask, order, Some(&error)),
    }
}

fn step(
    state: &State,
    session: &Session,
    ask: &Ask,
    of: i64,
    sent: &[(String, String)],
) -> Result<()> {
    let param = |at: usize| ask.params.get(at).map_or("", String::as_str);
    let unknown = || Error::not_found("request.no_such_path", &ask.path);
    let catalog = &state.set.catalog;
    let entity = catalog.collection(param(1)).ok_or_else(unknown)?;
    let verb = catalog.verb(entity.name, param(3)).ok_or_else(unknown)?;
    crate::routes::allow(session, verb.permission)?;
    let body = body(verb, sent);
    let route = format!("POST /api/v1/{}/{of}/{}", entity.collection, verb.name);
    let claim = claim_of(field(sent, "key"), route, &body)?;
    let version = field(sent, "version").parse().ok();
    let step = commands::Step { entity, verb, id: of, version, body: &body };
    step.run(state, session, Some(claim)).map(|_| ())
}

/// A form as the body that the API would get.
fn body(verb: &Verb, sent: &[(String, String)]) -> Json {
    let mut body = Map::new();
    for asked in verb.takes {
        let given = field(sent, asked.name).trim();
        match asked.kind {
            FieldKind::Bool => {
                body.insert(asked.name.into(), json!(given == "true"));
            }
            _ if given.is_empty() => {}
            _ => {
                body.insert(asked.name.into(), json!(given));
            }
        }
    }
    Json::Object(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_the_body_of_the_verb_and_nothing_else() {
        static TAKES: &[Field] = &[meta::text("reason", 40), meta::flag("all"), meta::qty("qty")];
        let run = |_: &kernel::Ctx, _: &mut store::Tx, _: i64, _: &Json| Ok(Json::Null);
        let verb = Verb {
            entity: "order",
            name: "cancel",
            permission: "sales.order.cancel",
            moves: false,
            takes: TAKES,
            lines: &[],
            run,
        };
        let sent = crate::ask::pairs("reason=late&all=true&qty=&state=closed&version=3&key=k");
        assert_eq!(body(&verb, &sent), json!({ "reason": "late", "all": true }));
        assert_eq!(body(&verb, &[]), json!({ "all": false }));
        assert_eq!(short("2026-01-05T08:00:00Z"), "2026-01-05");
        assert!(is_shown("shipped_at") && !is_shown("version"));
    }
}
