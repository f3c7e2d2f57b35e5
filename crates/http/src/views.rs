//! Views of lists: kept, shared, picked. A view is an address; whoever opens it asks as themselves.
use crate::ask::{Answer, Ask, pairs};
use crate::commands::{self, Job};
use crate::state::State;
use access::Session;
use access::view::{Share, View};
use kernel::{Ctx, Error, Id, Result};
use meta::{Entity, Field};
use serde_json::{Value as Json, json};
use store::Tx;
use store::rows::{Grouping, ListQuery, Reads};

/// `GET /api/v1/views?entity=order`. Errors: `request.no_such_path`, `access.forbidden`.
pub(crate) fn list(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let entity = entity(state, session, ask.asked("entity").unwrap_or(""))?;
    let views =
        state.set.store.read(&session.cx, |cx, tx| access::view_rows::seen(cx, tx, entity.name))?;
    let user = session.cx.user;
    let rows: Vec<Json> = views.iter().map(|view| shown(view, user)).collect();
    Ok(Answer::json(200, &json!({ "rows": rows })))
}

/// `POST /api/v1/views`
pub(crate) fn create(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    save(state, session, ask, 0)
}

/// `PATCH /api/v1/views/{id}`: what is not said stays.
pub(crate) fn change(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    save(state, session, ask, ask.id(0)?)
}

/// `POST /api/v1/views/{id}/remove`
pub(crate) fn remove(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let (id, body) = (ask.id(0)?, ask.json()?);
    let job = |cx: &Ctx, tx: &mut Tx| {
        access::commands::remove_view(cx, tx, Id::from_raw(id))?;
        Ok((200, json!({ "id": id.to_string() })))
    };
    commands::once(state, session, ask, &body, &job)
}

/// What a body may say.
const KNOWN: &[&str] = &["entity", "name", "share", "role", "usual", "asked", "version"];

fn save(state: &State, session: &Session, ask: &Ask, id: i64) -> Result<Answer> {
    let body = ask.json()?;
    let stray = body.as_object().and_then(|o| o.keys().find(|k| !KNOWN.contains(&k.as_str())));
    if let Some(stray) = stray {
        return Err(Error::invalid("field.unknown", stray).with("field", stray));
    }
    let job = |cx: &Ctx, tx: &mut Tx| {
        let old: Option<View> = if id == 0 { None } else { tx.find(Id::from_raw(id))? };
        let view = wanted(&body, id, old.as_ref())?;
        let entity = entity(state, session, &view.entity)?;
        readable(state, cx, entity, &view.asked)?;
        let view = access::commands::save_view(cx, tx, view)?;
        Ok((if id == 0 { 201 } else { 200 }, shown(&view, cx.user)))
    };
    let job: Job<'_> = &job;
    commands::once(state, session, ask, &body, job)
}

/// The view as it shall be: what the body says, else what there was.
fn wanted(body: &Json, id: i64, old: Option<&View>) -> Result<View> {
    let text = |name: &str, was: &str| body[name].as_str().unwrap_or(was).to_owned();
    let share = match body["share"].as_str() {
        Some(share) => Share::named(share)?,
        None => old.map_or(Share::Own, |old| old.share),
    };
    let role = match body["role"].as_str().filter(|role| !role.is_empty()) {
        Some(role) => Some(Id::parse(role).map_err(|e| e.with("field", "role"))?),
        None if share == Share::Role => old.and_then(|old| old.role),
        None => None,
    };
    Ok(View {
        id: Id::from_raw(id),
        version: body["version"].as_i64().unwrap_or(0),
        owner: old.map_or(Id::from_raw(0), |old| old.owner),
        entity: old.map_or_else(|| text("entity", ""), |old| old.entity.clone()),
        name: text("name", old.map_or("", |old| &old.name)),
        share,
        role,
        usual: body["usual"].as_bool().unwrap_or_else(|| old.is_some_and(|old| old.usual)),
        asked: text("asked", old.map_or("", |old| &old.asked)),
    })
}

fn entity(state: &State, session: &Session, name: &str) -> Result<&'static Entity> {
    let known = state.set.catalog.listed().into_iter().find(|e| e.name == name);
    let entity = known.ok_or_else(|| Error::not_found("request.no_such_path", name))?;
    crate::routes::allow(session, &entity.permission("read"))?;
    Ok(entity)
}

/// A view that its list could not read would be a trap. Errors: those of lists.
fn readable(state: &State, cx: &Ctx, entity: &Entity, asked: &str) -> Result<()> {
    let catalog = &state.set.catalog;
    let named = |field: &Field| catalog.named(field);
    let reads = Reads::of(cx, &named);
    let said = |of: &[&str]| -> Vec<(String, String)> {
        pairs(asked).into_iter().filter(|(n, _)| of.contains(&n.as_str())).collect()
    };
    ListQuery::parse(entity, &said(&["filter", "where", "q", "sort"]), &reads)?;
    if !said(&["by"]).is_empty() {
        Grouping::parse(entity, &said(&["by"]), &reads)?;
    }
    Ok(())
}

fn shown(view: &View, user: i64) -> Json {
    json!({
        "id": view.id.to_string(),
        "version": view.version,
        "entity": view.entity,
        "name": view.name,
        "share": view.share.name(),
        "role": view.role.map(|role| role.to_string()),
        "usual": view.usual,
        "asked": view.asked,
        "mine": view.owner.raw() == user,
    })
}
