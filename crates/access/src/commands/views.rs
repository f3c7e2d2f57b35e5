//! Verbs of views: whoever signs in keeps their own; sharing needs a permission.
use crate::facts;
use crate::user::User;
use crate::view::{MOST, Share, View};
use crate::view_rows;
use kernel::{Ctx, Error, Id, Result};
use store::Tx;

/// To share views, and to change those that others share.
const SHARE: &str = "access.view.share";

/// Keeps a new view, or an own or shared one as it is now. Its id 0 means new.
///
/// Errors: `access.forbidden`, `store.not_found`, `store.version_conflict`, `view.name_taken`,
/// `view.too_many`, those of [`View::check`].
pub fn save_view(cx: &Ctx, tx: &mut Tx, wanted: View) -> Result<View> {
    let old = match wanted.id.raw() {
        0 => None,
        _ => Some(reached(cx, tx, wanted.id)?),
    };
    let mut view = View { name: wanted.name.trim().to_owned(), ..wanted };
    view.owner = old.as_ref().map_or(Id::<User>::from_raw(cx.user), |old| old.owner);
    view.check()?;
    if view.share != Share::Own {
        cx.allow(SHARE)?;
    }
    let own = view_rows::own(cx, tx)?;
    if own.len() >= MOST && old.is_none() {
        return Err(Error::conflict("view.too_many", own.len()).with("limit", MOST));
    }
    let namesake = |v: &View| v.id != view.id && v.entity == view.entity && v.name == view.name;
    if own.iter().any(namesake) {
        return Err(Error::conflict("view.name_taken", &view.name).with("field", "name"));
    }
    if view.usual {
        step_back(tx, &view)?;
    }
    match old {
        Some(old) => {
            (view.entity, view.version) = (old.entity, wanted_version(&view, old.version)?);
            tx.update(std::slice::from_ref(&view));
            view.version += 1;
        }
        None => {
            (view.id, view.version) = (cx.id(), 1);
            tx.insert(std::slice::from_ref(&view));
        }
    }
    let fact = cx.fact(facts::VIEW_SAVED).on("view", view.id.raw(), "saved");
    tx.tell(fact.attr("share", view.share.name()).attr("list", &view.entity));
    Ok(view)
}

/// The version that was looked at; 0 takes the newest. Error: `store.version_conflict`.
fn wanted_version(view: &View, now: i64) -> Result<i64> {
    if view.version != 0 && view.version != now {
        let e = Error::conflict("store.version_conflict", "view");
        return Err(e.with("id", view.id).with("version", now));
    }
    Ok(now)
}

/// Removes a view. Errors: `access.forbidden`, `store.not_found`.
pub fn remove_view(cx: &Ctx, tx: &mut Tx, id: Id<View>) -> Result<()> {
    let view = reached(cx, tx, id)?;
    tx.delete(std::slice::from_ref(&view));
    tx.tell(cx.fact(facts::VIEW_REMOVED).on("view", id.raw(), "removed"));
    Ok(())
}

/// One's own view, or a shared one for whoever may share; others do not exist.
fn reached(cx: &Ctx, tx: &mut Tx, id: Id<View>) -> Result<View> {
    let view: View = tx.lock(id)?;
    let missing = || Error::not_found("store.not_found", "view").with("id", id);
    match (view.owner.raw() == cx.user, view.share) {
        (true, _) => Ok(view),
        (false, Share::Own) => Err(missing()),
        (false, _) => cx.allow(SHARE).map(|()| view),
    }
}

/// One view alone is begun with.
fn step_back(tx: &mut Tx, view: &View) -> Result<()> {
    let mut others = view_rows::usual(tx, &view.entity)?;
    others.retain(|other| view.stands_beside(other));
    for other in &mut others {
        other.usual = false;
    }
    tx.update(&others);
    Ok(())
}
