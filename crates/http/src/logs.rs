//! Logs of other systems over HTTP: sent, listed, looked at, thrown away.
use crate::ask::{Answer, Ask};
use crate::files::NAME;
use crate::state::State;
use access::Session;
use kernel::{Error, Result};
use process::foreign::{MOST, Opened, Shelf};
use process::read::Columns;
use serde_json::{Value as Json, json};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The permission to keep logs and to throw them away.
pub(crate) const WRITE_LOG: &str = "process.log.write";

/// The shelf, and the log that was looked at last.
pub(crate) struct Logs {
    shelf: Shelf,
    last: Mutex<Option<Opened>>,
}

impl Logs {
    /// Beside the company's own columns.
    pub(crate) fn new(columns: &Path) -> Self {
        let folder = columns.parent().unwrap_or(columns).join("logs");
        Self { shelf: Shelf::new(folder), last: Mutex::new(None) }
    }
}

fn with<T>(state: &State, id: &str, of: impl FnOnce(&Opened) -> T) -> Result<T> {
    let mut last = state.logs.last.lock().unwrap_or_else(PoisonError::into_inner);
    if last.as_ref().is_none_or(|log| log.id != id) {
        // The one before is given back first: two logs are not held at once.
        *last = None;
        *last = Some(state.logs.shelf.open(id)?);
    }
    let missing = || Error::bug("bug.internal", "a log");
    last.as_ref().map(of).ok_or_else(missing)
}

/// What a screen of the process asks of another system's log.
pub(crate) fn look(
    state: &State,
    id: &str,
    of: impl FnOnce(&Opened) -> Result<Json>,
) -> Result<Answer> {
    with(state, id, of)?.map(|body| Answer::json(200, &body))
}

/// `GET /api/v1/process/logs`
pub(crate) fn list(state: &State, session: &Session, _: &Ask) -> Result<Answer> {
    let may = session.cx.reach(WRITE_LOG).is_some();
    let rows = state.logs.shelf.list();
    let body = json!({ "rows": rows, "may_add": may, "most": MOST,
        "limit": connect::files::LARGEST });
    Ok(Answer::json(200, &body))
}

/// `POST /api/v1/process/logs/files?case=&activity=&time=&end=&resource=`: the file's bytes as the
/// body, its name (percent-encoded) in the header `Huiliu-File`. Columns that are not named are
/// guessed.
///
/// Errors: `log.*`, `file.name`, `request.too_large`.
pub(crate) fn keep(state: &State, _: &Session, ask: &Ask) -> Result<Answer> {
    let name = ask.header(NAME).ok_or_else(|| Error::invalid("file.name", ""))?;
    let name = connect::files::clean_name(&crate::ask::percent_decoded(name))?;
    let columns =
        Columns::of(|field| ask.asked(field).filter(|t| !t.is_empty()).map(str::to_owned));
    state.logs.shelf.keep(&name, &ask.body, &columns).map(|told| Answer::json(201, &told))
}

/// `POST /api/v1/process/logs/{id}/remove`. Error: `log.not_kept`.
pub(crate) fn remove(state: &State, _: &Session, ask: &Ask) -> Result<Answer> {
    let id = ask.params.first().map_or("", String::as_str);
    state.logs.shelf.remove(id)?;
    *state.logs.last.lock().unwrap_or_else(PoisonError::into_inner) = None;
    Ok(Answer::json(200, &json!({ "id": id })))
}

/// `GET /api/v1/process/logs/{id}/report`: everything about it as one file, to keep or to print.
///
/// Error: `log.not_kept`.
pub(crate) fn report(state: &State, _: &Session, ask: &Ask) -> Result<Answer> {
    let id = ask.params.first().map_or("", String::as_str);
    let html = with(state, id, |log| log.report(ask.lang))?;
    let answer = Answer::text(200, "text/html; charset=utf-8", html);
    let answer = answer.with("content-disposition", "attachment; filename=\"report.html\"");
    Ok(answer.with("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'"))
}
