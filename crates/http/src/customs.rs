//! Fields of a tenant's own over HTTP: declaring them, and their values in bodies beside others.
use crate::ask::{Answer, Ask};
use crate::commands;
use crate::state::State;
use access::Session;
use kernel::{Ctx, Error, Id, Result};
use meta::Entity;
use serde_json::{Map, Value as Json, json};
use store::Tx;
use store::custom::{self, Custom, Kind, PREFIX};
use store::scope::Scope;

/// `GET /api/v1/custom-fields`: all of them, for whoever may declare them.
pub(crate) fn list(state: &State, session: &Session, _: &Ask) -> Result<Answer> {
    let all = state.set.store.read(&session.cx, |_, tx| custom::all(tx))?;
    let takes = state.set.catalog.listed().into_iter().filter(|e| e.takes_custom());
    let entities: Vec<&str> = takes.map(|e| e.name).collect();
    let rows: Vec<Json> = all.iter().map(custom::shown).collect();
    Ok(Answer::json(200, &json!({ "rows": rows, "entities": entities })))
}

/// `POST /api/v1/custom-fields`
pub(crate) fn create(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    save(state, session, ask, 0)
}

/// `PATCH /api/v1/custom-fields/{id}`: labels, choices, being required, in lists, in use.
pub(crate) fn change(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    save(state, session, ask, ask.id(0)?)
}

const KNOWN: &[&str] = &[
    "entity",
    "name",
    "label_zh",
    "label_en",
    "kind",
    "options",
    "refers",
    "required",
    "filterable",
    "in_list",
    "active",
    "version",
];

fn save(state: &State, session: &Session, ask: &Ask, id: i64) -> Result<Answer> {
    let body = ask.json()?;
    let stray = body.as_object().and_then(|o| o.keys().find(|k| !KNOWN.contains(&k.as_str())));
    if let Some(stray) = stray {
        return Err(Error::invalid("field.unknown", stray).with("field", stray));
    }
    let catalog = &state.set.catalog;
    let known = |name: &str| catalog.listed().into_iter().find(|e| e.name == name);
    let job = |cx: &Ctx, tx: &mut Tx| {
        let old: Option<Custom> = if id == 0 { None } else { Some(tx.get(Id::from_raw(id))?) };
        let saved = custom::save(cx, tx, wanted(&body, id, old)?, &known)?;
        Ok((if id == 0 { 201 } else { 200 }, custom::shown(&saved)))
    };
    commands::once(state, session, ask, &body, &job)
}

/// The field as it shall be: what the body says, else what there was.
fn wanted(body: &Json, id: i64, old: Option<Custom>) -> Result<Custom> {
    let empty = Custom {
        id: Id::from_raw(id),
        version: 0,
        entity: String::new(),
        name: String::new(),
        label_zh: String::new(),
        label_en: String::new(),
        kind: Kind::Text,
        options: String::new(),
        refers: String::new(),
        required: false,
        filterable: false,
        in_list: false,
        active: true,
    };
    let old = old.unwrap_or(empty);
    let text = |name: &str, was: &str| body[name].as_str().unwrap_or(was).trim().to_owned();
    let yes = |name: &str, was: bool| body[name].as_bool().unwrap_or(was);
    let options = match body["options"].as_array() {
        Some(all) => all.iter().filter_map(Json::as_str).collect::<Vec<_>>().join("\n"),
        None => old.options.clone(),
    };
    let kind = match body["kind"].as_str() {
        Some(kind) => Kind::named(kind)?,
        None => old.kind,
    };
    Ok(Custom {
        id: Id::from_raw(id),
        version: body["version"].as_i64().unwrap_or(0),
        entity: text("entity", &old.entity),
        name: text("name", &old.name),
        label_zh: text("label_zh", &old.label_zh),
        label_en: text("label_en", &old.label_en),
        kind,
        options,
        refers: text("refers", &old.refers),
        required: yes("required", old.required),
        filterable: yes("filterable", old.filterable),
        in_list: yes("in_list", old.in_list),
        active: yes("active", old.active),
    })
}

/// Takes what is the tenant's own out of a body.
pub(crate) fn taken(body: &mut Json) -> Map<String, Json> {
    let Some(all) = body.as_object_mut() else { return Map::new() };
    let names: Vec<String> = all.keys().filter(|k| k.starts_with(PREFIX)).cloned().collect();
    names.into_iter().filter_map(|name| all.remove_entry(&name)).collect()
}

/// Values to set on a row that the same command just wrote.
pub(crate) struct Set<'c> {
    pub(crate) entity: &'static Entity,
    pub(crate) scope: Scope,
    pub(crate) customs: &'c Map<String, Json>,
}

impl<'c> Set<'c> {
    /// Of a row that its maker made in this very transaction.
    pub(crate) const fn new_row(entity: &'static Entity, customs: &'c Map<String, Json>) -> Self {
        Self { entity, scope: Scope::All, customs }
    }
}

/// Sets custom values in the command's own transaction; its reply with them and the new version.
///
/// Errors: those of [`custom::write`].
pub(crate) fn set(
    state: &State,
    cx: &Ctx,
    tx: &mut Tx,
    set: &Set<'_>,
    mut row: Json,
) -> Result<Json> {
    if set.customs.is_empty() {
        return Ok(row);
    }
    let id = row["id"].as_str().and_then(|id| id.parse().ok());
    let id: i64 = id.ok_or_else(|| Error::bug("bug.no_id", set.entity.name))?;
    let catalog = &state.set.catalog;
    let sees = |tx: &mut Tx, name: &str| {
        let known = catalog.listed().into_iter().find(|e| e.name == name);
        let entity = known.ok_or_else(|| Error::invalid("custom.no_entity", name))?;
        Ok((entity, access::scope_for(cx, tx, &entity.permission("read"))?))
    };
    let (entity, scope, body) = (set.entity, &set.scope, set.customs);
    let change = custom::Change { entity, id, scope, version: None, body, sees: &sees };
    let version = custom::write(cx, tx, &change)?;
    if let Some(row) = row.as_object_mut() {
        row.insert("version".into(), json!(version));
        row.extend(custom::values(tx, entity, id)?);
    }
    Ok(row)
}
