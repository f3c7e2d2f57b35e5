//! The list of orders: search, state, paging; each row shows its four axes.
use crate::ask::{Answer, Ask, encoded};
use crate::html::{Html, say, tag, void};
use crate::page::{self, Page, chip, choice, label, word};
use crate::state::State;
use access::Session;
use kernel::{Ctx, Error, Result};
use meta::Entity;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use store::Tx;
use store::rows::{self, Count, Dir, ListQuery, Op, Sort, Total};

/// Customers that one search may name.
const CUSTOMERS: usize = 100;
const ROWS: usize = 30;

struct Found {
    page: rows::Page,
    customers: BTreeMap<i64, String>,
}

/// `GET /orders`
pub(crate) fn orders(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let catalog = &state.set.catalog;
    let missing = || Error::not_found("request.no_such_path", "orders");
    let order = catalog.entity("order").ok_or_else(missing)?;
    let party = catalog.entity("party").ok_or_else(missing)?;
    let found = state.set.store.read(&session.cx, |cx, tx| {
        let query = query(cx, tx, ask, order, party)?;
        let scope = access::scope_for(cx, tx, &order.permission("read"))?;
        let page = rows::list(cx, tx, order, &scope, &query)?;
        let ids: Vec<i64> = page.rows.iter().map(|row| id(&row["party"])).collect();
        Ok(Found { customers: rows::titles(tx, party, &ids)?, page })
    })?;
    let lang = ask.lang;
    let title = word(lang, "page-orders");
    let mut parts = vec![say("h1", &[], &title), search(ask, order)];
    parts.push(total(ask, &found.page));
    parts.push(match found.page.rows.is_empty() {
        true => page::none(lang),
        false => list(ask, session, &found),
    });
    parts.push(paging(ask, found.page.next.as_deref()));
    Ok(page::answer(state, ask, Some(session), 200, Page { title, parts }))
}

pub(crate) fn id(value: &Json) -> i64 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn query(
    cx: &Ctx,
    tx: &mut Tx,
    ask: &Ask,
    order: &'static Entity,
    party: &'static Entity,
) -> Result<ListQuery> {
    let newest = order.field("id").map(|field| Sort { field, dir: Dir::Desc });
    let cursor = ask.asked("cursor").map(str::to_owned).filter(|c| !c.is_empty());
    let count = if cursor.is_some() { Count::No } else { Count::Capped };
    let mut query = ListQuery {
        sort: newest.into_iter().collect(),
        cursor,
        limit: ROWS,
        count,
        ..ListQuery::default()
    };
    if let Some(state) = ask.asked("state").filter(|s| !s.is_empty()) {
        query = query.filter(order, "state", Op::Eq, &[json!(state)], cx.base)?;
    }
    let wanted = ask.asked("q").unwrap_or("").trim();
    if wanted.is_empty() {
        return Ok(query);
    }
    // A number has digits; anything else is a customer's name.
    if wanted.is_ascii() && wanted.contains(|c: char| c.is_ascii_digit()) {
        return query.filter(order, "number", Op::Contains, &[json!(wanted)], cx.base);
    }
    let named = ListQuery { limit: CUSTOMERS, ..ListQuery::default() };
    let named = named.filter(party, "name", Op::Contains, &[json!(wanted)], cx.base)?;
    let scope = access::scope_for(cx, tx, &party.permission("read"))?;
    let customers = rows::list(cx, tx, party, &scope, &named)?.rows;
    let ids: Vec<Json> = customers.into_iter().map(|row| row["id"].clone()).collect();
    let ids = if ids.is_empty() { vec![json!("0")] } else { ids };
    query.filter(order, "party", Op::In, &ids, cx.base)
}

fn search(ask: &Ask, order: &Entity) -> Html {
    let lang = ask.lang;
    let states = order.lifecycle.map_or(&[][..], |l| l.states);
    let mut options = vec![(String::new(), word(lang, "page-all-states"))];
    let named = |s: &&str| ((*s).to_owned(), label(lang, "state", "order", s));
    options.extend(states.iter().map(named));
    let wanted = ask.asked("q").unwrap_or("");
    let caption = word(lang, "page-search-orders");
    let field = [("name", "q"), ("type", "search"), ("value", wanted), ("maxlength", "100")];
    tag(
        "form",
        &[("action", "/orders"), ("class", "search"), ("role", "search")],
        [
            tag("label", &[], [say("span", &[], &caption), void("input", &field)]),
            choice(&word(lang, "page-state"), "state", ask.asked("state").unwrap_or(""), &options),
            say("button", &[], &word(lang, "page-search")),
        ],
    )
}

fn total(ask: &Ask, page: &rows::Page) -> Html {
    let Some(total) = page.total else { return say("p", &[("class", "quiet")], "") };
    let count = match total {
        Total::Exactly(count) => count.to_string(),
        Total::Above => format!("{}+", rows::COUNTED),
    };
    let words = meta::words::text(ask.lang, "page-count", &[("count", &count)]);
    say("p", &[("class", "quiet")], &words)
}

/// Columns, and how they look: right-aligned amounts; less important ones only on wide screens.
const COLUMNS: &[(&str, &str)] = &[
    ("number", ""),
    ("party", ""),
    ("state", ""),
    ("fulfilment", "wide"),
    ("billing", "wide"),
    ("payment", "wide"),
    ("holds", ""),
    ("ordered_on", "wide"),
    ("promised_now", "wide"),
    ("gross", "right"),
];

fn list(ask: &Ask, session: &Session, found: &Found) -> Html {
    let lang = ask.lang;
    let head = |(name, class): &(&str, &str)| {
        say("th", &[("class", class), ("scope", "col")], &label(lang, "field", "order", name))
    };
    let row = |row: &Json| {
        let cells = COLUMNS.iter().map(|(name, class)| {
            tag("td", &[("class", class)], [cell(ask, session, found, row, name)])
        });
        tag("tr", &[], cells)
    };
    let rows = found.page.rows.iter().map(row).collect();
    page::table(COLUMNS.iter().map(head).collect(), rows)
}

fn cell(ask: &Ask, session: &Session, found: &Found, row: &Json, name: &str) -> Html {
    let lang = ask.lang;
    let shown = row[name].as_str().unwrap_or("");
    match name {
        "number" => {
            let href = format!("/orders/{}", id(&row["id"]));
            say("a", &[("href", &href)], &short_number(lang, shown))
        }
        "party" => say("span", &[], found.customers.get(&id(&row["party"])).map_or("", |n| n)),
        "state" | "fulfilment" | "billing" | "payment" => {
            let kind = if name == "state" { "order" } else { name };
            chip(lang, kind, shown)
        }
        "holds" => holds(ask, row),
        "gross" => amount(shown, row, session),
        _ => say("span", &[], shown),
    }
}

/// A draft has no number yet: the word, and enough of its mark to tell two apart.
fn short_number(lang: meta::words::Lang, number: &str) -> String {
    match number.strip_prefix('D').filter(|rest| rest.bytes().all(|b| b.is_ascii_digit())) {
        Some(rest) if rest.len() > 6 => {
            let draft = word(lang, "page-draft");
            format!("{draft} …{}", &rest[rest.len() - 6..rest.len() - 2])
        }
        Some(_) | None => number.to_owned(),
    }
}

pub(crate) fn holds(ask: &Ask, row: &Json) -> Html {
    match row["holds"].as_i64().unwrap_or(0) {
        0 => say("span", &[], ""),
        count => {
            let count = count.to_string();
            let words = meta::words::text(ask.lang, "page-holds-open", &[("count", &count)]);
            say("span", &[("class", "chip bad")], &words)
        }
    }
}

pub(crate) fn amount(shown: &str, row: &Json, session: &Session) -> Html {
    let base = session.cx.base;
    let currency = row["currency"].as_str().filter(|c| !c.is_empty()).unwrap_or(base.code());
    say("span", &[("class", "amount")], &format!("{} {currency}", grouped(shown)))
}

/// `1234567.80` as `1,234,567.80`; what is no plain amount stays as it is.
pub(crate) fn grouped(amount: &str) -> String {
    let (sign, size) = match amount.strip_prefix('-') {
        Some(size) => ("-", size),
        None => ("", amount),
    };
    let (whole, part) = size.split_once('.').map_or((size, None), |(w, p)| (w, Some(p)));
    if whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return amount.to_owned();
    }
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(part) = part {
        out.push('.');
        out.push_str(part);
    }
    out
}

fn paging(ask: &Ask, next: Option<&str>) -> Html {
    let kept = ask.query.iter().filter(|(n, _)| n == "q" || n == "state");
    let kept: String = kept.map(|(n, v)| format!("&{}={}", encoded(n), encoded(v))).collect();
    let mut links = Vec::new();
    if ask.asked("cursor").is_some_and(|c| !c.is_empty()) {
        let href = format!("/orders?{}", kept.trim_start_matches('&'));
        links.push(say("a", &[("href", &href)], &word(ask.lang, "page-first")));
    }
    if let Some(next) = next {
        let href = format!("/orders?cursor={}{kept}", encoded(next));
        links.push(say("a", &[("href", &href), ("rel", "next")], &word(ask.lang, "page-next")));
    }
    tag("nav", &[("class", "paging")], links)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_by_three_and_other_texts_are_left_alone() {
        for (amount, shown) in [
            ("0.00", "0.00"),
            ("113.00", "113.00"),
            ("1234.50", "1,234.50"),
            ("-1234567", "-1,234,567"),
            ("2026-01-05", "2026-01-05"),
            ("", ""),
        ] {
            assert_eq!(grouped(amount), shown);
        }
    }
}
