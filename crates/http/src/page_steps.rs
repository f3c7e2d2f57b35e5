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

const BY_STATE: &str = "state.not_allowed";

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
    let reasons = reasons(ask.lang, target, &steps);
    if reasons.is_empty() {
        return buttons;
    }
    let head = say("summary", &[], &page::word(ask.lang, "page-closed"));
    let why = tag("details", &[("class", "reasons")], [head, tag("ul", &[], reasons)]);
    all([buttons, why])
}

/// Why verbs are closed: by the state in one sentence, by other reasons each.
fn reasons(lang: Lang, target: &Target<'_>, steps: &[Step]) -> Vec<Html> {
    let entity = target.entity.name;
    let name = |step: &Step| label(lang, "verb", entity, step.verb.name);
    let by_state = |step: &&Step| step.closed.as_ref().is_some_and(|e| e.code == BY_STATE);
    let names: Vec<String> = steps.iter().filter(by_state).map(name).collect();
    let mut reasons = Vec::new();
    if !names.is_empty() {
        let state = label(lang, "state", entity, target.row["state"].as_str().unwrap_or(""));
        let values = [("state", state.as_str()), ("verbs", &names.join(" · "))];
        let words = meta::words::text(lang, "page-closed-by-state", &values);
        reasons.push(say("li", &[], &words));
    }
    for step in steps.iter().filter(|step| !by_state(step)) {
        if let Some(why) = &step.closed {
            let why = page::said(lang, why);
            let parts = [say("strong", &[], &name(step)), say("span", &[], &why)];
            reasons.push(tag("li", &[], parts));
        }
    }
    reasons
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
