//! One's own API keys and delegations over HTTP, and how a request with a key is known.
use crate::ask::{Answer, Ask};
use crate::commands;
use crate::state::State;
use access::commands as verbs;
use access::delegation::Delegation;
use access::key::{self, ApiKey, NewKey};
use access::{Session, questions};
use kernel::{Error, Id, Instant, Result};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Who asks by a key. A wrong secret is counted like a wrong password; a right one never waits.
///
/// Errors: `access.sign_in_needed`, `access.throttled`, `access.rate_limited`.
pub(crate) fn session(state: &State, ask: &Ask, token: &str) -> Result<Session> {
    let hash = access::sign_in::token_hash(token);
    let company = ask.header("huiliu-company").map(str::to_owned);
    let (store, system) = (&state.set.store, state.system());
    let known = store.read(&system, |_, tx| {
        access::key_session(tx, &hash, ask.now, store.ids(), company.as_deref())
    });
    let session = match (known, key::open_part(token)) {
        (Err(error), Some(begins)) if error.code == "access.sign_in_needed" => {
            let wait = store.read(&system, |_, tx| questions::key_wait(tx, begins, ask.now))?;
            if let Some(refusal) = verbs::throttled(wait) {
                return Err(refusal);
            }
            store.run(&system, |cx, tx| verbs::refuse_key(cx, tx, begins))?;
            return Err(error);
        }
        (known, _) => known?,
    };
    if let access::By::Key(key) = &session.by {
        state.count_request(key.id.raw(), ask.now)?;
        if key.is_seen_late(ask.now) {
            let id = key.id;
            store.run(&session.cx, |cx, tx| {
                verbs::see_key(cx, tx, id);
                Ok(())
            })?;
        }
    }
    Ok(session)
}

pub(crate) fn shown(key: &ApiKey, now: Instant) -> Json {
    let at = |at: Option<Instant>| at.map(Instant::rfc3339);
    json!({
        "id": key.id.to_string(),
        "name": key.name,
        "begins": key.begins,
        "permissions": key.permissions.0,
        "created_at": key.created_at.rfc3339(),
        "expires_at": key.expires_at.rfc3339(),
        "last_used_at": at(key.last_used_at),
        "revoked_at": at(key.revoked_at),
        "good": key.is_good(now),
    })
}

/// `GET /api/v1/me/keys`
pub(crate) fn list(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let user = session.user.id;
    let keys = state.set.store.read(&session.cx, |_, tx| questions::keys(tx, user))?;
    let rows: Vec<Json> = keys.iter().map(|key| shown(key, ask.now)).collect();
    Ok(Answer::json(200, &json!({ "rows": rows })))
}

/// `POST /api/v1/me/keys` with `name`, `permissions` and `expires_at`; the answer has the secret
/// in `token`, this once, so that it is kept under no idempotency key.
///
/// Errors: those of [`verbs::create_key`].
pub(crate) fn create(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let body = ask.json()?;
    let given = body["permissions"].as_array().cloned().unwrap_or_default();
    let expires_at = Instant::parse(body["expires_at"].as_str().unwrap_or(""));
    let new = NewKey {
        name: body["name"].as_str().unwrap_or("").to_owned(),
        permissions: given.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        expires_at: expires_at.map_err(|e| e.with("field", "expires_at"))?,
    };
    let bytes = (state.set.random)();
    let (key, token) =
        state.set.store.run(&session.cx, |cx, tx| verbs::create_key(cx, tx, &new, bytes))?;
    let mut shown = shown(&key, ask.now);
    shown["token"] = json!(token);
    Ok(Answer::json(201, &shown))
}

/// `POST /api/v1/me/keys/{id}/revoke`: one's own, or anyone's with `access.user.revoke`.
pub(crate) fn revoke(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (id, body) = (Id::from_raw(ask.id(0)?), ask.json()?);
    commands::once(state, session, ask, &body, &|cx, tx| {
        verbs::revoke_key(cx, tx, id)?;
        Ok((200, json!({ "revoked": true })))
    })
}

pub(crate) fn delegation(one: &Delegation, now: Instant) -> Json {
    let good = one.revoked_at.is_none() && one.from_at <= now && now < one.until_at;
    json!({
        "id": one.id.to_string(),
        "version": one.version,
        "from_user": one.from_user.to_string(),
        "to_user": one.to_user.to_string(),
        "permissions": one.permissions.0,
        "from_at": one.from_at.rfc3339(),
        "until_at": one.until_at.rfc3339(),
        "reason": one.reason,
        "revoked_at": one.revoked_at.map(Instant::rfc3339),
        "good": good,
    })
}

/// With the names of both: whoever is delegated to may not read users.
fn named(mut shown: Json, one: &Delegation, names: &BTreeMap<i64, String>) -> Json {
    for (key, id) in [("from_name", one.from_user), ("to_name", one.to_user)] {
        shown[key] = json!(names.get(&id.raw()));
    }
    shown
}

/// `GET /api/v1/me/delegations`: from oneself and to oneself.
pub(crate) fn delegations(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let user = session.user.id;
    let all = state.set.store.read(&session.cx, |_, tx| questions::delegations(tx, user))?;
    let names = state.set.store.read(&session.cx, |_, tx| {
        let ids: Vec<i64> = all.iter().flat_map(|d| [d.from_user.raw(), d.to_user.raw()]).collect();
        store::rows::titles(tx, &access::entities::USER, &ids)
    })?;
    let rows = all.iter().map(|one| named(delegation(one, ask.now), one, &names));
    let rows: Vec<Json> = rows.collect();
    Ok(Answer::json(200, &json!({ "rows": rows })))
}

/// The person in whose place this request acts. Error: `id.invalid`.
pub(crate) fn principal(ask: &Ask) -> Result<Option<i64>> {
    let Some(text) = ask.header("huiliu-acting-for").filter(|t| !t.is_empty()) else {
        return Ok(None);
    };
    let id: Option<i64> = text.parse().ok();
    let id = id.filter(|id| *id > 0);
    id.map(Some).ok_or_else(|| Error::invalid("id.invalid", text))
}
