//! Balances of accounts with what stands behind them, and a customer's credit, over HTTP.
use crate::ask::{Answer, Ask};
use crate::state::State;
use access::Session;
use flows::figures;
use flows::order_to_cash::revalue;
use kernel::{Ctx, Day, Error, Id, Result, ScopeKind, Secrecy};
use serde_json::json;

/// Both days of the address; the first of the month and today where they are not said.
///
/// Error: `day.invalid`.
fn days(ask: &Ask, cx: &Ctx) -> Result<(Day, Day)> {
    let first = Day::parse(&format!("{}-01", cx.today().period()))?;
    let read = |name: &'static str, usual: Day| match ask.asked(name) {
        Some(text) if !text.is_empty() => Day::parse(text).map_err(|e| e.with("field", name)),
        _ => Ok(usual),
    };
    Ok((read("from", first)?, read("until", cx.today())?))
}

/// The whole books belong to nobody in particular: reading them needs a grant that reaches all.
fn needs_all(cx: &Ctx, permission: &str) -> Result<()> {
    match cx.reach(permission) {
        Some(ScopeKind::All) => Ok(()),
        _ => Err(Error::forbidden("access.forbidden", permission)),
    }
}

const READ_ENTRIES: &str = "ledger.entry.read";

/// `GET /api/v1/balances?from=&until=`
pub(crate) fn balances(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx, READ_ENTRIES)?;
    let (from, until) = days(ask, &session.cx)?;
    let rows =
        state.set.store.read(&session.cx, |cx, tx| figures::balances(cx, tx, from, until))?;
    let body = json!({ "from": from.to_string(), "until": until.to_string(), "rows": rows });
    Ok(Answer::json(200, &body))
}

/// `GET /api/v1/balances/{id}?from=&until=`: the lines of one account, and what moved it by the
/// kind of entry.
pub(crate) fn account(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx, READ_ENTRIES)?;
    let ((from, until), id) = (days(ask, &session.cx)?, ask.id(0)?);
    let lines = |cx: &Ctx, tx: &mut store::Tx| {
        known(state, tx, "account", id)?;
        let account = Id::from_raw(id);
        let kinds = figures::account_kinds(cx, tx, account, from, until)?;
        Ok((figures::account_lines(cx, tx, account, from, until)?, kinds))
    };
    let (rows, kinds) = state.set.store.read(&session.cx, lines)?;
    Ok(Answer::json(200, &json!({ "rows": rows, "kinds": kinds })))
}

/// `GET /api/v1/periods/{id}/revaluation`: what its foreign currency would be valued at.
pub(crate) fn revaluation(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    needs_all(&session.cx, READ_ENTRIES)?;
    let id = Id::from_raw(ask.id(0)?);
    let lines = state.set.store.read(&session.cx, |cx, tx| revalue::preview(cx, tx, id))?;
    let rows: Vec<_> = lines.iter().map(|line| line.json(session.cx.base)).collect();
    Ok(Answer::json(200, &json!({ "rows": rows })))
}

/// `GET /api/v1/parties/{id}/credit`
pub(crate) fn credit(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    crate::routes::allow(session, Secrecy::Credit.permission())?;
    let id = ask.id(0)?;
    let credit = state.set.store.read(&session.cx, |cx, tx| {
        known(state, tx, "party", id)?;
        figures::credit(cx, tx, id)
    })?;
    Ok(Answer::json(200, &json!({ "credit": credit })))
}

/// Error: `store.not_found`.
fn known(state: &State, tx: &mut store::Tx, name: &'static str, id: i64) -> Result<()> {
    // A house without such rows, as tests have it, has no figures of them either.
    let Some(entity) = state.set.catalog.entity(name) else { return Ok(()) };
    match store::rows::unknown(tx, entity, &[id])? {
        Some(id) => Err(Error::not_found("store.not_found", format!("{name} {id}"))),
        None => Ok(()),
    }
}
