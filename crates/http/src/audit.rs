//! What an auditor asks, over HTTP: who may do what and why, who signed in, whose keys there are,
//! and where two duties met. Changes of rights are in the trail: `/trail?kind=role`, `?kind=user`.
use crate::ask::{Answer, Ask};
use crate::keys;
use crate::state::State;
use access::{Session, audit, duties};
use kernel::{Ctx, Error, Instant, Result, ScopeKind};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// The permission; a grant that reaches less than all shows nothing.
pub(crate) const READ: &str = "access.audit.read";

fn needs_all(cx: &Ctx) -> Result<()> {
    match cx.reach(READ) {
        Some(ScopeKind::All) => Ok(()),
        _ => Err(Error::forbidden("access.forbidden", READ)),
    }
}

fn number(ask: &Ask, name: &'static str) -> Result<i64> {
    let text = ask.asked(name).unwrap_or("");
    if text.is_empty() {
        return Ok(0);
    }
    let read = text.parse().ok().filter(|id| *id > 0);
    read.ok_or_else(|| Error::invalid("id.invalid", text).with("field", name))
}

/// `GET /api/v1/audit/rights?user=`: each right with the role, delegation or key it comes by.
pub(crate) fn rights(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx)?;
    let user = number(ask, "user")?;
    let (rights, delegations, keys) = state.set.store.read(&session.cx, |_, tx| {
        Ok((audit::rights(tx, user)?, audit::delegations(tx)?, audit::keys(tx)?))
    })?;
    let right = |r: &audit::Right| {
        json!({ "user": r.user.to_string(), "login": r.login, "permission": r.permission,
            "reach": r.reach.name(), "by": "role", "role": r.role.to_string(),
            "role_code": r.role_code })
    };
    let of = |id: i64| user == 0 || user == id;
    let stands = delegations.iter().filter(|d| of(d.to_user.raw()));
    let stands: Vec<Json> = stands.map(|d| keys::delegation(d, ask.now)).collect();
    let held = keys.iter().filter(|k| of(k.user_id.raw()));
    let held: Vec<Json> = held.map(|key| of_user(key, ask.now)).collect();
    let body = json!({ "rows": rights.iter().map(right).collect::<Vec<_>>(),
        "delegations": stands, "keys": held });
    Ok(Answer::json(200, &body))
}

fn of_user(key: &access::key::ApiKey, now: Instant) -> Json {
    let mut shown = keys::shown(key, now);
    shown["user"] = json!(key.user_id.to_string());
    shown
}

/// `GET /api/v1/audit/sign-ins?user=&before=`
pub(crate) fn sign_ins(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx)?;
    let (user, before) = (number(ask, "user")?, number(ask, "before")?);
    let all = state.set.store.read(&session.cx, |_, tx| audit::sign_ins(tx, user, before))?;
    let row = |s: &audit::Seen| {
        json!({ "id": s.id.to_string(), "user": s.user.to_string(), "login": s.login,
            "device": s.device, "created_at": s.created_at.rfc3339(),
            "last_seen_at": s.last_seen_at.rfc3339(),
            "revoked_at": s.revoked_at.map(Instant::rfc3339) })
    };
    Ok(Answer::json(200, &json!({ "rows": all.iter().map(row).collect::<Vec<_>>() })))
}

/// Days that a look for crossed duties goes back.
const BACK: i64 = 400;

/// `GET /api/v1/audit/violations`: who holds, and who did, what a rule keeps apart.
pub(crate) fn violations(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx)?;
    let since = Instant(ask.now.0 - BACK * Instant::DAY);
    let (held, crossed) = state
        .set
        .store
        .read(&session.cx, |_, tx| Ok((duties::held(tx)?, audit::crossed(tx, since)?)))?;
    let collections: BTreeMap<&str, &str> =
        state.set.catalog.listed().iter().map(|e| (e.name, e.collection)).collect();
    let holds = |h: &duties::Held| {
        json!({ "rule": h.code, "effect": h.effect.name(), "user": h.user.to_string(),
            "login": h.login, "first": h.first, "second": h.second, "everything": h.everything })
    };
    let did = |c: &audit::Crossed| {
        json!({ "rule": c.code, "effect": c.effect.name(), "user": c.user.to_string(),
            "entity": c.entity, "collection": collections.get(c.entity.as_str()),
            "id": c.document.to_string(), "first_at": c.first_at.rfc3339(),
            "second_at": c.second_at.rfc3339() })
    };
    let body = json!({ "held": held.iter().map(holds).collect::<Vec<_>>(),
        "done": crossed.iter().map(did).collect::<Vec<_>>() });
    Ok(Answer::json(200, &body))
}
