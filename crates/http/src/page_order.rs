//! One order: its four axes, lines, holds, chain from lead to cash, life, and what may be done.
use crate::ask::{Answer, Ask, field};
use crate::commands::{self, claim_of};
use crate::html::{Html, say, tag};
use crate::page::{self, Page, chip, facts, label, section, word};
use crate::page_chain::{chain, life, plain};
use crate::page_orders::{amount, grouped, holds, id};
use crate::page_steps::{Target, actions};
use crate::problem;
use crate::state::State;
use access::Session;
use flows::Verb;
use kernel::{Error, Result};
use meta::words::Lang;
use meta::{Entity, FieldKind};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use store::rows;

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
    parts.push(section(&word(lang, "page-chain"), [chain(state, session, ask, &seen.chain, id)]));
    parts.push(section(&word(lang, "page-life"), [life(session, lang, &seen.life, &seen.people)]));
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
        let life = chain["facts"].as_array().cloned().unwrap_or_default();
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
        _ => grouped(&plain(&line[name])),
    };
    let row = |line: &Json| {
        let cells = LINE_COLUMNS
            .iter()
            .map(|(name, class)| say("td", &[("class", class)], &cell(line, name)));
        tag("tr", &[], cells)
    };
    page::table(LINE_COLUMNS.iter().map(head).collect(), lines.iter().map(row).collect())
}

// ---- a button pressed

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
    use meta::Field;

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
    }
}
