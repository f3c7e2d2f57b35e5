//! The first page: signing in by password or by link; leads to set-up where nothing is set up.
use crate::ask::{self, Answer, Ask, field};
use crate::html::{say, tag, text};
use crate::page::{self, Page, input, word};
use crate::page_set_up;
use crate::state::State;
use crate::{me, problem, routes};
use access::Session;
use access::commands::{self, SignedIn};
use access::questions;
use access::sign_in::Kind;
use kernel::{Error, Result};

/// `GET /`
pub(crate) fn first(state: &State, ask: &Ask) -> Result<Answer> {
    if routes::session(state, ask).is_ok() {
        return Ok(Answer::see("/orders"));
    }
    let company = state.set.store.read(&state.system(), |_, tx| questions::first_company(tx))?;
    match company {
        Some(company) => Ok(form(state, ask, &company.name, "", None)),
        None => Ok(not_set_up(state, ask)),
    }
}

/// Nothing is set up: the way in is the link that the program printed.
fn not_set_up(state: &State, ask: &Ask) -> Answer {
    let title = word(ask.lang, "page-welcome");
    let words = word(ask.lang, "page-needs-set-up");
    let parts = vec![say("h1", &[], &title), say("p", &[], &words)];
    page::answer(state, ask, None, 200, Page { title, parts: narrow(parts) })
}

fn form(state: &State, ask: &Ask, company: &str, login: &str, refused: Option<&Error>) -> Answer {
    let lang = ask.lang;
    let title = word(lang, "page-sign-in");
    let mut parts = vec![say("h1", &[], &title), say("p", &[("class", "quiet")], company)];
    parts.extend(refused.map(|error| page::refusal(ask, error)));
    let form = tag(
        "form",
        &[("method", "post"), ("action", "/sign-in"), ("class", "stack")],
        [
            input(
                &word(lang, "page-login"),
                &[
                    ("name", "login"),
                    ("value", login),
                    ("autocomplete", "username"),
                    ("autocapitalize", "none"),
                    ("required", ""),
                    ("autofocus", ""),
                ],
            ),
            input(
                &word(lang, "page-password"),
                &[
                    ("name", "password"),
                    ("type", "password"),
                    ("autocomplete", "current-password"),
                    ("required", ""),
                ],
            ),
            say("button", &[], &title),
        ],
    );
    parts.push(form);
    parts.push(say("p", &[("class", "quiet")], &word(lang, "page-link-hint")));
    let status = refused.map_or(200, problem::status);
    let answer = page::answer(state, ask, None, status, Page { title, parts: narrow(parts) });
    match refused {
        Some(error) => problem::with_hints(answer, error),
        None => answer,
    }
}

pub(crate) fn narrow(parts: Vec<crate::html::Html>) -> Vec<crate::html::Html> {
    vec![tag("div", &[("class", "narrow")], parts)]
}

/// `POST /sign-in`
pub(crate) fn sign_in(state: &State, ask: &Ask) -> Result<Answer> {
    let sent = ask.form()?;
    let login = field(&sent, "login");
    match me::by_password(state, ask, login, field(&sent, "password")) {
        Ok(signed_in) => Ok(welcome(state, &signed_in)),
        Err(error) => Ok(form(state, ask, "", login, Some(&error))),
    }
}

pub(crate) fn welcome(state: &State, signed_in: &SignedIn) -> Answer {
    let cookie = ask::session_cookie(state.set.transport, signed_in.token.text());
    Answer::see("/orders").cookie(&cookie)
}

/// `GET /link/{token}`: looking does not use a link up, so that a preview cannot.
pub(crate) fn link(state: &State, ask: &Ask) -> Result<Answer> {
    let token = ask.params.first().map_or("", String::as_str);
    let good =
        state.set.store.read(&state.system(), |_, tx| questions::link(tx, token, ask.now))?;
    match good {
        Some(Kind::Link) => Ok(confirm(state, ask)),
        Some(Kind::Setup) => Ok(page_set_up::form(state, ask, token, &[], None)),
        Some(Kind::Session) | None => Err(Error::forbidden("access.link_invalid", "")),
    }
}

fn confirm(state: &State, ask: &Ask) -> Answer {
    let title = word(ask.lang, "page-sign-in");
    let button = say("button", &[("autofocus", "")], &title);
    let parts = vec![
        say("h1", &[], &title),
        tag("p", &[], [text(&word(ask.lang, "page-link-once"))]),
        tag("form", &[("method", "post"), ("action", &ask.path), ("class", "stack")], [button]),
    ];
    page::answer(state, ask, None, 200, Page { title, parts: narrow(parts) })
}

/// `POST /link/{token}`
pub(crate) fn redeem(state: &State, ask: &Ask) -> Result<Answer> {
    let token = ask.params.first().map_or("", String::as_str);
    Ok(welcome(state, &me::by_link(state, ask, token)?))
}

/// `POST /sign-out`
pub(crate) fn sign_out(state: &State, session: &Session, _: &Ask) -> Result<Answer> {
    let id = session.sign_in.id;
    state.set.store.run(&session.cx, |cx, tx| commands::sign_out(cx, tx, id))?;
    Ok(Answer::see("/").cookie(&ask::no_session_cookie(state.set.transport)))
}
