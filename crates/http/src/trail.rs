//! Who did what and when, over HTTP: for whoever may look at the work of the whole company.
use crate::ask::{Answer, Ask};
use crate::state::State;
use access::Session;
use flows::trail::{self, Wanted};
use kernel::{Ctx, Day, Error, Instant, Result, ScopeKind};

/// The permission; a grant that reaches less than all shows nothing, since facts have no scope.
pub(crate) const READ: &str = "store.fact.read";

/// `GET /api/v1/trail?actor=&kind=&id=&activity=&from=&until=&before=`
///
/// Errors: `access.forbidden`, `day.invalid`, `id.invalid`.
pub(crate) fn trail(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    if session.cx.reach(READ) != Some(ScopeKind::All) {
        return Err(Error::forbidden("access.forbidden", READ));
    }
    let text = |name: &str| ask.asked(name).unwrap_or("").to_owned();
    let wanted = Wanted {
        before: id(ask, "before")?,
        actor: id(ask, "actor")?,
        kind: text("kind"),
        id: id(ask, "id")?,
        activity: text("activity"),
        from: moment(ask, &session.cx, "from", 0)?,
        until: moment(ask, &session.cx, "until", 1)?,
    };
    let shown = state.set.store.read(&session.cx, |cx, tx| trail::trail(cx, tx, &wanted))?;
    Ok(Answer::json(200, &shown))
}

fn id(ask: &Ask, name: &'static str) -> Result<i64> {
    let text = ask.asked(name).unwrap_or("");
    if text.is_empty() {
        return Ok(0);
    }
    let read = text.parse().ok().filter(|id| *id > 0);
    read.ok_or_else(|| Error::invalid("id.invalid", text).with("field", name))
}

/// The first moment of a day in the company's zone, so many days on.
fn moment(ask: &Ask, cx: &Ctx, name: &'static str, days: i32) -> Result<Option<Instant>> {
    match ask.asked(name).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => {
            let day = Day::parse(text).map_err(|e| e.with("field", name))?;
            Ok(Some(cx.zone.at(day.plus_days(days.into()), 0)))
        }
    }
}
