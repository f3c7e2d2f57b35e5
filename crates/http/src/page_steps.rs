//! What may be done with a document: open verbs as plain forms, closed ones greyed with the reason.
use crate::ask::Ask;
use crate::collections::{self, Step};
use crate::html::{Html, all, say, tag, void};
use crate::page::{self, label};
use crate::page_orders::id;
use crate::state::State;
use access::Session;
use flows::Verb;
use kernel::Error;
use meta::words::Lang;
use meta::{Entity, Field, FieldKind};
use serde_json::Value as Json;

/// A document on the page, and the order to come back to.
pub(crate) struct Target<'t> {
    pub(crate) order: i64,
    pub(crate) entity: &'static Entity,
    pub(crate) row: &'t Json,
}

/// A button for every verb: open ones as forms, closed ones greyed, with the reasons below.
pub(crate) fn actions(state: &State, session: &Session, ask: &Ask, target: &Target<'_>) -> Html {
    let steps = collections::steps(&state.set.catalog, &session.cx, target.entity, target.row);
    let button = |step: &Step| match &step.closed {
        None => open_step(state, ask, target, step.verb),
        Some(why) => closed_step(ask.lang, target, step.verb, why),
    };
    let buttons = tag("div", &[("class", "actions")], steps.iter().map(button));
    let reason = |step: &Step| {
        let why = page::said(ask.lang, step.closed.as_ref()?);
        let name = label(ask.lang, "verb", target.entity.name, step.verb.name);
        Some(tag("li", &[], [say("strong", &[], &name), say("span", &[], &why)]))
    };
    let reasons: Vec<Html> = steps.iter().filter_map(reason).collect();
    if reasons.is_empty() {
        return buttons;
    }
    let head = say("summary", &[], &page::word(ask.lang, "page-closed"));
    let why = tag("details", &[("class", "reasons")], [head, tag("ul", &[], reasons)]);
    all([buttons, why])
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
    let why = page::said(lang, why);
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
