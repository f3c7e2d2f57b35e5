//! Signing in and out over the API, and what a user may know of their own session.
use crate::ask::{self, Answer, Ask};
use crate::state::State;
use access::commands::{self, Attempt, Outcome, SignedIn};
use access::{By, Session};
use access::{password, questions};
use kernel::{Error, Id, Result};
use serde_json::{Value as Json, json};

/// `GET /healthz`: can a transaction be opened?
pub(crate) fn health(state: &State, _: &Ask) -> Result<Answer> {
    state.set.store.read(&state.system(), |_, _| Ok(()))?;
    Ok(Answer::json(200, &json!({ "status": "ok" })))
}

/// Signs in by login and password.
///
/// The hash is computed between two short transactions, in its turn, never inside one.
/// Errors: `access.wrong_sign_in`, `access.throttled`.
pub(crate) fn by_password(state: &State, ask: &Ask, login: &str, plain: &str) -> Result<SignedIn> {
    let (store, system) = (&state.set.store, state.system());
    let known = store.read(&system, |_, tx| questions::credentials(tx, login, ask.now))?;
    if let Some(refusal) = commands::throttled(known.wait) {
        return Err(refusal);
    }
    let proof = state.hash(|| password::verify(&known, plain))?;
    let (bytes, device) = ((state.set.random)(), ask.device().to_owned());
    let attempt = Attempt { proof, bytes, device };
    match store.run(&system, |cx, tx| commands::sign_in(cx, tx, &attempt))? {
        Outcome::In(signed_in) => Ok(signed_in),
        Outcome::Refused(error) => Err(error),
    }
}

/// Signs in by a link's token. Error: `access.link_invalid`.
pub(crate) fn by_link(state: &State, ask: &Ask, link: &str) -> Result<SignedIn> {
    let (bytes, device) = ((state.set.random)(), ask.device());
    state
        .set
        .store
        .run(&state.system(), |cx, tx| commands::redeem_link(cx, tx, link, bytes, device))
}

/// `POST /api/v1/sign-in` with `login` and `password`, or with a `link`. The session is a cookie;
/// with `"bearer": true` it is a token in the answer instead, for programs. Where a server has
/// several tenants, and the host name says none, `tenant` has the code.
///
/// Errors: `tenant.which`, those of [`by_password`] and [`by_link`].
pub(crate) fn sign_in(state: &State, ask: &Ask) -> Result<Answer> {
    let body = ask.json()?;
    let text = |name: &str| body[name].as_str().unwrap_or("");
    let signed_in = match body["link"].as_str() {
        Some(link) => by_link(state, ask, link)?,
        None => by_password(state, ask, &login_here(state, ask, &body)?, text("password"))?,
    };
    let user = signed_in.user.to_string();
    let token = signed_in.token.text();
    if body["bearer"] == json!(true) {
        return Ok(Answer::json(200, &json!({ "user": user, "token": token })));
    }
    let cookie = ask::session_cookie(state.set.transport, token);
    Ok(Answer::json(200, &json!({ "user": user })).cookie(&cookie))
}

/// The login; of a tenant that is not this one, a login that nobody can have: an unknown code
/// is refused, counted and kept waiting like a wrong password. Error: `tenant.which`.
fn login_here(state: &State, ask: &Ask, body: &Json) -> Result<String> {
    let login = body["login"].as_str().unwrap_or("");
    match body["tenant"].as_str().map_or("", str::trim) {
        "" if ask.common => Err(Error::invalid("tenant.which", "").with("field", "tenant")),
        code if code.is_empty() || code == state.set.code => Ok(login.to_owned()),
        other => Ok(format!("{other}\n{login}")),
    }
}

/// `POST /api/v1/sign-out`
pub(crate) fn sign_out(state: &State, session: &Session, _: &Ask) -> Result<Answer> {
    let By::SignIn(sign_in) = &session.by else {
        return Err(Error::forbidden("access.by_person_only", ""));
    };
    let id = sign_in.id;
    state.set.store.run(&session.cx, |cx, tx| commands::sign_out(cx, tx, id))?;
    let answer = Answer::json(200, &json!({ "signed_out": true }));
    Ok(answer.cookie(&ask::no_session_cookie(state.set.transport)))
}

/// `GET /api/v1/me`
pub(crate) fn me(_: &State, session: &Session, _: &Ask) -> Result<Answer> {
    let (user, company, cx) = (&session.user, &session.company, &session.cx);
    let grant = |g: &kernel::Grant| {
        let reach = format!("{:?}", g.reach).to_lowercase();
        json!({ "permission": g.permission, "reach": reach })
    };
    let department = user.department.map(|id| id.to_string());
    let body = json!({
        "user": { "id": user.id.to_string(), "login": user.login, "name": user.name,
            "department": department },
        "company": { "id": company.id.to_string(), "code": company.code, "name": company.name,
            "currency": company.currency.code() },
        "today": cx.today().to_string(),
        "acting_for": (cx.acting_for > 0).then(|| cx.acting_for.to_string()),
        "within": cx.bounds.within,
        "grants": cx.grants.iter().map(grant).collect::<Json>(),
    });
    Ok(Answer::json(200, &body))
}

/// `GET /api/v1/me/sign-ins`
pub(crate) fn sign_ins(state: &State, session: &Session, _: &Ask) -> Result<Answer> {
    let this = match &session.by {
        By::SignIn(sign_in) => Some(sign_in.id),
        By::Key(_) => None,
    };
    let all = state.set.store.read(&session.cx, questions::sign_ins)?;
    let row = |s: &access::sign_in::SignIn| {
        json!({
            "id": s.id.to_string(),
            "device": s.device,
            "created_at": s.created_at.rfc3339(),
            "last_seen_at": s.last_seen_at.rfc3339(),
            "expires_at": s.expires_at.rfc3339(),
            "this": Some(s.id) == this,
        })
    };
    Ok(Answer::json(200, &json!({ "rows": all.iter().map(row).collect::<Json>() })))
}

/// `POST /api/v1/me/sign-ins/{id}/revoke`
pub(crate) fn revoke(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    commands::in_person(&session.cx)?;
    let id = Id::from_raw(ask.id(0)?);
    let revoked = state.set.store.run(&session.cx, |cx, tx| commands::revoke(cx, tx, id));
    // Another's session looks like none to whoever may not revoke it.
    revoked.map_err(|e| match e.code {
        "access.forbidden" => Error::not_found("store.not_found", "sign_in"),
        _ => e,
    })?;
    Ok(Answer::json(200, &json!({ "revoked": true })))
}
