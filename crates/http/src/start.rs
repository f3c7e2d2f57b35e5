//! The way in, for the web app: what is set up, what a link is good for, setting up the first
//! company, one's own password, and links for others.
use crate::ask::{self, Answer, Ask};
use crate::state::State;
use access::commands::{self, SetUp};
use access::company::{Costing, NewCompany, Recognition, Taxpayer};
use access::sign_in::Kind;
use access::user::User;
use access::{Session, password, questions};
use kernel::{Error, Id, Result};
use serde_json::{Value as Json, json};

/// `GET /api/v1/start`: is a company set up, and what is it called? Where several tenants could be
/// meant nobody is told whose they are; the code is asked for at sign-in.
pub(crate) fn start(state: &State, ask: &Ask) -> Result<Answer> {
    if ask.common {
        let body = json!({ "set_up": true, "company": null, "asks_tenant": true });
        return Ok(Answer::json(200, &body));
    }
    let company = state.set.store.read(&state.system(), |_, tx| questions::first_company(tx))?;
    let name = company.map(|c| c.name);
    Ok(Answer::json(
        200,
        &json!({ "set_up": name.is_some(), "company": name, "asks_tenant": false }),
    ))
}

/// `GET /api/v1/links/{token}`: looking does not use a link up, so that a preview cannot.
///
/// Error: `access.link_invalid`.
pub(crate) fn link(state: &State, ask: &Ask) -> Result<Answer> {
    let token = ask.params.first().map_or("", String::as_str);
    let good =
        state.set.store.read(&state.system(), |_, tx| questions::link(tx, token, ask.now))?;
    let kind = match good {
        Some(Kind::Link) => "sign_in",
        Some(Kind::Setup) => "set_up",
        Some(Kind::Session) | None => return Err(Error::forbidden("access.link_invalid", "")),
    };
    let period = kernel::Zone::china().day(ask.now).period();
    Ok(Answer::json(200, &json!({ "kind": kind, "start_period": period })))
}

/// `POST /api/v1/set-up` with the link and the answers; signs the administrator in.
///
/// Errors: `access.link_invalid`, `access.already_set_up`, `field.not_one_of`, those of the
/// company, the user and the password.
pub(crate) fn set_up(state: &State, ask: &Ask) -> Result<Answer> {
    let body = ask.json()?;
    let (login, plain) = (word(&body, "login"), body["password"].as_str().unwrap_or(""));
    let company = company(&body)?;
    company.check()?;
    let answers = SetUp {
        link: word(&body, "link"),
        company,
        login,
        name: word(&body, "person"),
        password: hashed(state, login, plain)?,
        bytes: (state.set.random)(),
        device: ask.device(),
    };
    let signed_in = state.set.store.run(&state.system(), |cx, tx| {
        let (company, signed_in) = commands::set_up(cx, tx, &answers)?;
        (state.set.catalog.open_company)(cx, tx, &company, ask.lang)?;
        Ok(signed_in)
    })?;
    let cookie = ask::session_cookie(state.set.transport, signed_in.token.text());
    Ok(Answer::json(200, &json!({ "user": signed_in.user.to_string() })).cookie(&cookie))
}

fn word<'b>(body: &'b Json, name: &str) -> &'b str {
    body[name].as_str().unwrap_or("").trim()
}

fn hashed(state: &State, login: &str, plain: &str) -> Result<password::Hashed> {
    let random = (state.set.random)();
    let mut salt = [0; 16];
    salt.copy_from_slice(&random[..16]);
    state.hash(|| password::hash(login, plain, salt))
}

fn company(body: &Json) -> Result<NewCompany> {
    let one_of = |name: &'static str, allowed: &[&str]| match word(body, name) {
        given if allowed.contains(&given) => Ok(given),
        other => Err(Error::invalid("field.not_one_of", other)
            .with("field", name)
            .with("allowed", allowed.join(", "))),
    };
    let usual =
        NewCompany::usual(word(body, "code"), word(body, "name"), word(body, "start_period"));
    let tax = match word(body, "default_tax_code") {
        "" => "VAT13",
        given => given,
    };
    Ok(NewCompany {
        chart: one_of("chart", access::entities::CHARTS)?.to_owned(),
        taxpayer: Taxpayer::named(one_of("taxpayer", Taxpayer::NAMES)?)?,
        prices_incl_tax: one_of("prices", &["incl", "excl"])? == "incl",
        default_tax_code: tax.chars().take(20).collect(),
        costing: Costing::named(one_of("costing", Costing::NAMES)?)?,
        recognition: Recognition::named(one_of("recognition", Recognition::NAMES)?)?,
        credit_control: one_of("credit_control", &["yes", "no"])? == "yes",
        ..usual
    })
}

/// `POST /api/v1/me/password` with `password`: one's own. Every sign-in made with an older one
/// ends, and this one goes on under a new cookie.
///
/// Errors: `password.*`.
pub(crate) fn set_password(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let body = ask.json()?;
    let plain = body["password"].as_str().unwrap_or("");
    let hashed = hashed(state, &session.user.login, plain)?;
    let (bytes, again) = ((state.set.random)(), (state.set.random)());
    let (user, device) = (session.user.id, ask.device());
    state.set.store.run(&session.cx, |cx, tx| commands::set_password(cx, tx, user, &hashed))?;
    let signed_in = state.set.store.run(&state.system(), |cx, tx| {
        let link = commands::issue_link(cx, tx, Some(user), bytes)?;
        commands::redeem_link(cx, tx, link.text(), again, device)
    })?;
    let cookie = ask::session_cookie(state.set.transport, signed_in.token.text());
    Ok(Answer::json(200, &json!({ "changed": true })).cookie(&cookie))
}

/// `POST /api/v1/users/{id}/link`: a link that signs a colleague in once, within 15 minutes.
///
/// Errors: `access.forbidden`, `user.disabled`, `store.not_found`.
pub(crate) fn issue_link(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (user, bytes): (Id<User>, _) = (Id::from_raw(ask.id(0)?), (state.set.random)());
    let token = state
        .set
        .store
        .run(&session.cx, |cx, tx| commands::issue_link(cx, tx, Some(user), bytes))?;
    Ok(Answer::json(200, &json!({ "path": format!("/link/{}", token.text()) })))
}
