//! An order's chain from lead to cash, and what happened on the way.
use crate::ask::Ask;
use crate::html::{Html, all, say, tag};
use crate::page::{self, chip, label};
use crate::page_orders::{amount, grouped, id};
use crate::page_steps::{Target, actions};
use crate::state::State;
use access::Session;
use meta::Entity;
use meta::words::Lang;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// From lead to cash, by the names of entities.
const STAGES: &[&str] =
    &["lead", "opportunity", "quote", "hold", "shipment", "invoice", "payment", "entry"];

/// A stage with its documents.
type Stage<'c> = (&'static Entity, Vec<&'c Json>);

/// What the chain holds, in order; a stage without documents says so.
fn stages<'c>(state: &State, chain: &'c Json) -> Vec<Stage<'c>> {
    let catalog = &state.set.catalog;
    let stage = |name: &&str| {
        let entity = catalog.entity(name)?;
        let places = [&chain["before"][*name], &chain[*name], &chain[entity.collection]];
        let documents = places.into_iter().flat_map(|place| match place {
            Json::Array(all) => all.iter().collect(),
            Json::Object(_) => vec![place],
            _ => Vec::new(),
        });
        Some((entity, documents.collect()))
    };
    STAGES.iter().filter_map(stage).collect()
}

pub(crate) fn chain(state: &State, session: &Session, ask: &Ask, chain: &Json, order: i64) -> Html {
    let stage = |(entity, documents): Stage<'_>| {
        let title = say("h3", &[], &label(ask.lang, "entity", "", entity.name));
        let card = |row: &&Json| {
            let target = Target { order, entity, row };
            card(state, session, ask, &target)
        };
        let cards = match documents.is_empty() {
            true => page::none(ask.lang),
            false => all(documents.iter().map(card)),
        };
        let class = if documents.is_empty() { "empty" } else { "" };
        tag("li", &[("class", class)], [title, cards])
    };
    tag("ol", &[("class", "chain")], stages(state, chain).into_iter().map(stage))
}

/// A document of the chain: what people know it by, its state, days and amounts, its verbs.
fn card(state: &State, session: &Session, ask: &Ask, target: &Target<'_>) -> Html {
    let (lang, row, name) = (ask.lang, target.row, target.entity.name);
    let known = ["number", "name", "text", "code", "reason"];
    let title = known.iter().filter_map(|n| row[*n].as_str()).find(|t| !t.is_empty());
    let mut parts = vec![say("strong", &[], title.unwrap_or(""))];
    if let Some(kind) = row["kind"].as_str().filter(|k| !k.is_empty()) {
        parts.push(say("span", &[("class", "chip")], &label(lang, "kind", name, kind)));
    }
    if let Some(state) = row["state"].as_str() {
        parts.push(chip(lang, name, state));
    }
    for money in ["gross", "amount", "open"] {
        if let Some(shown) = row[money].as_str() {
            let amount = amount(shown, row, session);
            let caption = label(lang, "field", name, money);
            parts.push(tag("span", &[("class", "axis")], [say("span", &[], &caption), amount]));
        }
    }
    let shown = row.as_object().into_iter().flatten().filter(|(n, _)| is_shown(n));
    for (field, value) in shown {
        let value = short(&plain(value));
        if !value.is_empty() {
            let caption = label(lang, "field", name, field);
            let value = say("span", &[("class", "amount")], &value);
            parts.push(tag("span", &[("class", "axis")], [say("span", &[], &caption), value]));
        }
    }
    let mut card = vec![tag("p", &[("class", "axes")], parts)];
    if name == "entry" {
        card.push(entry_lines(lang, row));
    }
    if !is_over(row) {
        card.push(actions(state, session, ask, target));
    }
    tag("div", &[("class", "card")], card)
}

/// A released hold asks for nothing any more.
fn is_over(row: &Json) -> bool {
    row["released_at"].is_string()
}

fn is_shown(field: &str) -> bool {
    matches!(field, "day" | "due") || field.ends_with("_at") || field.ends_with("_on")
}

/// The day of an instant is enough here.
fn short(value: &str) -> String {
    match value.split_once('T') {
        Some((day, _)) if day.len() == 10 => day.to_owned(),
        _ => value.to_owned(),
    }
}

pub(crate) fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

/// Account, debit, credit; amounts of zero stay empty.
fn entry_lines(lang: Lang, entry: &Json) -> Html {
    let name = match lang {
        Lang::Zh => "account_name",
        Lang::En => "account_name_en",
    };
    let amount = |value: &Json| {
        let text = plain(value);
        let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
        if is_zero { String::new() } else { grouped(&text) }
    };
    let head = |key: &str, class: &str| {
        say("th", &[("class", class), ("scope", "col")], &label(lang, "field", "entry_line", key))
    };
    let row = |line: &Json| {
        let account = format!("{} {}", plain(&line["account_code"]), plain(&line[name]));
        tag(
            "tr",
            &[],
            [
                say("td", &[], &account),
                say("td", &[("class", "right")], &amount(&line["debit"])),
                say("td", &[("class", "right")], &amount(&line["credit"])),
            ],
        )
    };
    let lines = entry["lines"].as_array().map_or(&[][..], Vec::as_slice);
    let heads = vec![head("account", ""), head("debit", "right"), head("credit", "right")];
    page::table(heads, lines.iter().map(row).collect())
}

/// What happened, oldest first: when, what, by whom, why.
pub(crate) fn life(
    session: &Session,
    lang: Lang,
    facts: &[Json],
    people: &BTreeMap<i64, String>,
) -> Html {
    let row = |fact: &Json| {
        let of = |name: &str| fact[name].as_str().unwrap_or("");
        let (object, verb) = of("activity").split_once('.').unwrap_or((of("activity"), ""));
        let at = kernel::Instant::parse(of("occurred_at")).unwrap_or_default();
        let (day, minute) = (session.cx.zone.day(at), session.cx.zone.minute_of_day(at));
        let time = format!("{day} {:02}:{:02}", minute / 60, minute % 60);
        let kind = || label(lang, "actor", "", of("actor_kind"));
        let who = people.get(&id(&fact["actor"])).cloned().unwrap_or_else(kind);
        let mut parts = vec![
            say("time", &[("datetime", of("occurred_at"))], &time),
            say("strong", &[], &label(lang, "activity", object, verb)),
            say("span", &[("class", "quiet")], &who),
        ];
        if !of("reason").is_empty() {
            parts.push(say("q", &[], of("reason")));
        }
        tag("li", &[], parts)
    };
    tag("ol", &[("class", "life")], facts.iter().map(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_shows_days_and_amounts_and_no_machinery() {
        assert_eq!(short("2026-01-05T08:00:00Z"), "2026-01-05");
        assert!(is_shown("shipped_at") && is_shown("due"));
        assert!(!is_shown("version") && !is_shown("scope_id") && !is_shown("party"));
    }
}
