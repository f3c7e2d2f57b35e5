//! What goes outside, over HTTP: a webhook's secret, and how far it is.
use crate::ask::{Answer, Ask};
use crate::state::State;
use access::Session;
use connect::webhooks;
use kernel::{Error, Id, Result};
use serde_json::json;
use store::consumers;

/// `POST /api/v1/webhooks/{id}/secret`: a new secret, shown this once.
///
/// Errors: `store.not_found`.
pub(crate) fn issue_secret(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (id, random) = (Id::from_raw(ask.id(0)?), (state.set.random)());
    let issue = |cx: &kernel::Ctx, tx: &mut store::Tx| webhooks::issue_secret(cx, tx, id, random);
    let secret = state.set.store.run(&session.cx, issue)?;
    Ok(Answer::json(200, &json!({ "secret": secret })))
}

/// `GET /api/v1/webhooks/{id}/progress`: up to which fact it was told, and why it waits.
///
/// Error: `store.not_found`.
pub(crate) fn progress(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let id: Id<connect::Webhook> = Id::from_raw(ask.id(0)?);
    let (reader, newest) = state.set.store.read(&session.cx, |_, tx| {
        let webhook = tx.get(id)?;
        let reader = consumers::reader(tx, &webhook.reader())?;
        Ok((reader, consumers::newest(tx)?))
    })?;
    let reader = reader.ok_or_else(|| Error::bug("bug.no_reader", id))?;
    let at = |at: Option<kernel::Instant>| at.map(kernel::Instant::rfc3339);
    let body = json!({
        "seq": reader.seq,
        "newest": newest,
        "failures": reader.attempts,
        "failing_since": at(reader.failing_since),
        "next_try": at(reader.due_at),
        "last_error": reader.last_error,
    });
    Ok(Answer::json(200, &body))
}
