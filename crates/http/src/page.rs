//! The frame of the first pages, without script: head, bar, style, problems, small parts.
use crate::ask::{Answer, Ask, encoded, lang_cookie};
use crate::html::{Html, all, say, tag, text, void};
use crate::problem;
use crate::state::State;
use access::Session;
use kernel::{Error, Result};
use meta::words::{self, Lang};

/// `GET /style.css`
pub(crate) fn style(_: &State, _: &Ask) -> Result<Answer> {
    let answer = Answer::text(200, "text/css; charset=utf-8", include_str!("style.css").into());
    Ok(answer.with("cache-control", "public, max-age=3600"))
}

/// The words of a key.
pub(crate) fn word(lang: Lang, key: &str) -> String {
    words::text(lang, key, &[])
}

/// The name of a field, state, verb or activity as people say it.
pub(crate) fn label(lang: Lang, kind: &str, entity: &str, name: &str) -> String {
    words::label(lang, kind, entity, name)
}

/// A page in its frame; a language chosen by the address is kept.
pub(crate) fn answer(
    state: &State,
    ask: &Ask,
    session: Option<&Session>,
    status: u16,
    page: Page,
) -> Answer {
    let lang = ask.lang;
    let head = tag(
        "head",
        &[],
        [
            void("meta", &[("charset", "utf-8")]),
            void(
                "meta",
                &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")],
            ),
            void("meta", &[("name", "color-scheme"), ("content", "light dark")]),
            void("link", &[("rel", "stylesheet"), ("href", "/style.css")]),
            say("title", &[], &format!("{} · {}", page.title, word(lang, "page-name"))),
        ],
    );
    let body = tag("body", &[], [bar(ask, session), tag("main", &[], page.parts)]);
    let html = tag("html", &[("lang", lang.tag())], [head, body]);
    let answer = Answer::html(status, format!("<!doctype html>{}", html.into_text()));
    match ask.asked("lang") {
        Some(_) => answer.cookie(&lang_cookie(state.set.transport, lang)),
        None => answer,
    }
}

pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) parts: Vec<Html>,
}

fn bar(ask: &Ask, session: Option<&Session>) -> Html {
    let lang = ask.lang;
    let name = say("a", &[("class", "name"), ("href", "/")], &word(lang, "page-name"));
    let mut parts = vec![name];
    if let Some(session) = session {
        let orders = say("a", &[("href", "/orders")], &word(lang, "page-orders"));
        parts.push(tag("nav", &[], [orders]));
        parts.push(say("span", &[("class", "who")], &session.company.name));
        parts.push(say("span", &[("class", "who wide")], &session.user.name));
    }
    parts.push(language(ask));
    if session.is_some() {
        let button = say("button", &[("class", "plain")], &word(lang, "page-sign-out"));
        parts.push(tag("form", &[("method", "post"), ("action", "/sign-out")], [button]));
    }
    tag("header", &[], parts)
}

/// The switch leads to the same page in the other language; after a form, to the first one.
fn language(ask: &Ask) -> Html {
    let (tag_of_other, name) = match ask.lang {
        Lang::Zh => ("en", "English"),
        Lang::En => ("zh-CN", "中文"),
    };
    let kept = ask.query.iter().filter(|(n, _)| n != "lang");
    let kept: String = kept.map(|(n, v)| format!("&{}={}", encoded(n), encoded(v))).collect();
    let path = if ask.method == "GET" { ask.path.as_str() } else { "/" };
    let href = format!("{path}?lang={tag_of_other}{kept}");
    say("a", &[("class", "lang"), ("href", &href), ("lang", tag_of_other)], name)
}

/// An error on a page of its own; who is not signed in is led to the door.
pub(crate) fn problem(state: &State, ask: &Ask, error: &Error) -> Answer {
    if error.code == "access.sign_in_needed" {
        return Answer::see("/");
    }
    let status = problem::status(error);
    let parts = vec![
        say("h1", &[], &word(ask.lang, "page-problem")),
        refusal(ask, error),
        tag("p", &[], [say("a", &[("href", "/")], &word(ask.lang, "page-back"))]),
    ];
    let title = word(ask.lang, "page-problem");
    let answer = answer(state, ask, None, status, Page { title, parts });
    problem::with_hints(answer, error)
}

/// What an error says, with verbs and states as people call them.
pub(crate) fn said(lang: Lang, error: &Error) -> String {
    let value = |name: &str| error.fields.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str());
    match (error.code, value("verb"), value("state")) {
        ("state.not_allowed", Some(verb), Some(state)) => {
            let verb = label(lang, "verb", &error.detail, verb);
            let state = label(lang, "state", &error.detail, state);
            let values = [("verb", verb.as_str()), ("state", state.as_str())];
            words::text(lang, "error-state-not-allowed", &values)
        }
        _ => words::error(lang, error),
    }
}

/// What went wrong and what to do next, in a box.
pub(crate) fn refusal(ask: &Ask, error: &Error) -> Html {
    let trace = problem::trace(ask, error);
    let words = match error.kind {
        kernel::Kind::Bug => problem::title(error, ask.lang, &trace),
        _ => said(ask.lang, error),
    };
    tag(
        "div",
        &[("class", "refusal"), ("role", "alert")],
        [say("p", &[], &words), say("p", &[("class", "code")], problem::code(error))],
    )
}

/// A state as a chip; its colour says whether it goes well.
pub(crate) fn chip(lang: Lang, entity: &str, state: &str) -> Html {
    let class = match state {
        "confirmed" | "full" | "paid" | "posted" | "delivered" | "closed" | "done" | "shipped"
        | "won" | "converted" | "accepted" | "cleared" => "chip good",
        "cancelled" | "rejected" | "lost" | "disqualified" | "reversed" | "expired" => "chip bad",
        "partial" | "submitted" | "sent" | "waiting" | "working" | "open" | "ready" => "chip busy",
        _ => "chip",
    };
    say("span", &[("class", class)], &label(lang, "state", entity, state))
}

/// A labelled input.
pub(crate) fn input(caption: &str, attrs: &[(&'static str, &str)]) -> Html {
    tag("label", &[], [say("span", &[], caption), void("input", attrs)])
}

/// A labelled choice: stored names with their words.
pub(crate) fn choice(
    caption: &str,
    name: &str,
    chosen: &str,
    options: &[(String, String)],
) -> Html {
    let option = |(value, words): &(String, String)| {
        let mut attrs: Vec<(&'static str, &str)> = vec![("value", value)];
        if value == chosen {
            attrs.push(("selected", ""));
        }
        say("option", &attrs, words)
    };
    let select = tag("select", &[("name", name)], options.iter().map(option));
    tag("label", &[], [say("span", &[], caption), select])
}

/// A table that scrolls by itself on a narrow screen.
pub(crate) fn table(heads: Vec<Html>, rows: Vec<Html>) -> Html {
    let head = tag("thead", &[], [tag("tr", &[], heads)]);
    let body = tag("tbody", &[], rows);
    tag("div", &[("class", "scroll")], [tag("table", &[], [head, body])])
}

/// Caption and value pairs; empty values are left out.
pub(crate) fn facts(pairs: Vec<(String, Html)>) -> Html {
    let pair = |(caption, value): (String, Html)| {
        tag("div", &[], [say("dt", &[], &caption), tag("dd", &[], [value])])
    };
    tag("dl", &[], pairs.into_iter().map(pair))
}

pub(crate) fn section(title: &str, parts: impl IntoIterator<Item = Html>) -> Html {
    tag("section", &[], [say("h2", &[], title), all(parts)])
}

pub(crate) fn none(lang: Lang) -> Html {
    tag("p", &[("class", "quiet")], [text(&word(lang, "page-none"))])
}
