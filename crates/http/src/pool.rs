//! The pool of leads that nobody owns, for whoever may take one: their own scope reaches only what
//! is theirs already.
use crate::ask::{Answer, Ask};
use crate::collections::{asked, under_scopes};
use crate::state::State;
use access::Session;
use kernel::{Error, Result};
use meta::Field;
use serde_json::json;
use store::rows::{self, ListQuery, Reads};

/// The permission to take a lead out of the pool.
const PICK: &str = "crm.lead.pick";

/// `GET /api/v1/leads/pool`: a list of leads like any other (`filter`, `q`, `sort`, `fields`,
/// `limit`, `cursor`), of those in the pool only; `held` is how many the asking person has, `most`
/// how many they may have, or null.
///
/// Errors: `access.forbidden`, those of lists.
pub(crate) fn pool(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let catalog = &state.set.catalog;
    let lead = catalog.entity("lead");
    let lead = lead.ok_or_else(|| Error::not_found("request.no_such_path", "lead"))?;
    let read = lead.permission("read");
    // Who hands leads out reads all of them; who takes them sees what there is to take.
    let permission = if session.cx.reach(PICK).is_some() { PICK } else { read.as_str() };
    crate::routes::allow(session, permission)?;
    let named = |field: &Field| catalog.named(field);
    let (page, holding) = state.set.store.read(&session.cx, |cx, tx| {
        let reads = Reads::of(cx, &named);
        let mut pairs = asked(ask);
        pairs.push(("filter".to_owned(), "state:eq:in_pool".to_owned()));
        let query = ListQuery::parse(lead, &pairs, &reads)?;
        let scope = access::scope_for(cx, tx, permission)?;
        let query = under_scopes(cx, tx, &query)?;
        Ok((rows::list(cx, tx, lead, &scope, &query)?, flows::pool::holding(cx, tx)?))
    })?;
    let mut body = page.shown();
    body["held"] = json!(holding.held);
    body["most"] = json!(holding.limit);
    body["rest_days"] = json!(holding.rest_days);
    Ok(Answer::json(200, &body))
}
