//! What the web app builds its lists, forms and details from: entities, fields, lifecycles and
//! verbs as data, with what this user may do.
use crate::ask::{Answer, Ask};
use crate::catalog::Catalog;
use crate::state::State;
use access::Session;
use flows::Verb;
use kernel::{Ctx, Error, Result};
use meta::{Entity, Field, FieldKind, Grade, SetBy};
use serde_json::{Value as Json, json};

/// Fields that hold the id of a row without a foreign key, and the entity that they name.
const NAMES: &[(&str, &str)] = &[
    ("owner", "user"),
    ("actor", "user"),
    ("made_by", "user"),
    ("closed_by", "user"),
    ("reviewed_by", "user"),
    ("requested_by", "user"),
    ("decided_by", "user"),
    ("placed_by", "user"),
    ("released_by", "user"),
    ("started_by", "user"),
    ("picker", "user"),
    ("company", "company"),
    ("party", "party"),
    ("product", "product"),
    ("warehouse", "warehouse"),
    ("department", "department"),
    ("opportunity", "opportunity"),
    ("quote", "quote"),
    ("order", "order"),
    ("order_id", "order"),
    ("accepted_order", "order"),
    ("invoice", "invoice"),
    ("shipment", "shipment"),
    ("batch_id", "import_batch"),
];

/// The entity whose ids a field of this name holds.
pub(crate) fn named(field: &str) -> Option<&'static str> {
    NAMES.iter().find(|(name, _)| *name == field).map(|(_, entity)| *entity)
}

/// Fields whose row is of the kind that another field says.
const KINDS: &[(&str, &str)] = &[("subject", "subject_kind"), ("origin", "origin_kind")];

/// `GET /api/v1/meta`: every entity that this user may read, in building order.
pub(crate) fn index(state: &State, session: &Session, _: &Ask) -> Result<Answer> {
    let catalog = &state.set.catalog;
    let one = |entity: &&'static Entity| {
        let makes = catalog.creation(entity);
        json!({
            "name": entity.name,
            "collection": entity.collection,
            "room": entity.room,
            "title": entity.title,
            "permissions": catalog.permissions_of(entity),
            "create": makes.is_some_and(|p| session.cx.reach(&p).is_some()),
        })
    };
    let readable = |e: &&'static Entity| session.cx.reach(&e.permission("read")).is_some();
    let shown: Vec<Json> = catalog.listed().iter().filter(|e| readable(e)).map(one).collect();
    Ok(Answer::json(200, &json!({ "entities": shown })))
}

/// `GET /api/v1/meta/{entity}`. Errors: `request.no_such_path`, `access.forbidden`.
pub(crate) fn one(state: &State, session: &Session, ask: &Ask) -> Result<Answer> {
    let catalog = &state.set.catalog;
    let name = ask.params.first().map_or("", String::as_str);
    let known = catalog.listed().into_iter().find(|e| e.name == name);
    let entity = known.ok_or_else(|| Error::not_found("request.no_such_path", name))?;
    crate::routes::allow(session, &entity.permission("read"))?;
    Ok(Answer::json(200, &described(catalog, &session.cx, entity)))
}

fn described(catalog: &Catalog, cx: &Ctx, entity: &'static Entity) -> Json {
    let lines = catalog.lines_of(entity);
    let line = |line: &&'static Entity| {
        json!({ "name": line.name, "collection": line.collection, "parent": line.parent,
            "title": line.title, "fields": fields(line) })
    };
    json!({
        "name": entity.name,
        "collection": entity.collection,
        "room": entity.room,
        "grade": grade(entity),
        "title": entity.title,
        "fields": fields(entity),
        "lines": lines.iter().map(line).collect::<Vec<_>>(),
        "states": entity.lifecycle.map_or(&[][..], |l| l.states),
        "moves": moves(entity),
        "verbs": verbs(catalog, cx, entity),
        "related": related(catalog, cx, entity),
        "writes": catalog.writes_rows(entity) && cx.reach(&entity.permission("write")).is_some(),
    })
}

const fn grade(entity: &Entity) -> &'static str {
    match entity.grade {
        Grade::Plain => "plain",
        Grade::Guarded => "guarded",
        Grade::Document => "document",
        Grade::Line => "line",
        Grade::Internal => "internal",
    }
}

fn fields(entity: &Entity) -> Vec<Json> {
    entity.fields.iter().map(|f| field(f, entity.fields)).collect()
}

/// A field among those beside it.
fn field(field: &'static Field, beside: &[Field]) -> Json {
    let mut shown = json!({
        "name": field.name,
        "type": type_of(field),
        "required": field.required,
        "in_list": field.in_list,
        "by_commands": field.set_by == SetBy::Commands,
        "personal": field.personal,
    });
    match field.kind {
        FieldKind::Text { max } => shown["max"] = json!(max),
        FieldKind::Enum(options) => shown["options"] = json!(options),
        FieldKind::Ref(entity) => shown["ref"] = json!(entity),
        FieldKind::Any => {
            let kind = KINDS.iter().find(|(name, _)| *name == field.name);
            if let Some((_, kind)) = kind.filter(|(_, k)| beside.iter().any(|f| f.name == *k)) {
                shown["ref_field"] = json!(kind);
            } else if let Some(entity) = named(field.name) {
                shown["ref"] = json!(entity);
            }
        }
        _ => {}
    }
    shown
}

const fn type_of(field: &Field) -> &'static str {
    match field.kind {
        FieldKind::Text { max } if max > 200 => "long_text",
        FieldKind::Text { .. } => "text",
        FieldKind::Int => "int",
        FieldKind::Money => "money",
        FieldKind::Qty => "qty",
        FieldKind::Price => "price",
        FieldKind::Rate => "rate",
        FieldKind::Day => "day",
        FieldKind::Instant => "instant",
        FieldKind::Bool => "flag",
        FieldKind::Enum(_) => "enum",
        FieldKind::Ref(_) | FieldKind::Any => "ref",
        FieldKind::Json => "json",
    }
}

fn moves(entity: &Entity) -> Vec<Json> {
    let all = entity.lifecycle.map_or(&[][..], |l| l.moves);
    all.iter().map(|m| json!({ "from": m.from, "verb": m.verb, "to": m.to })).collect()
}

fn verbs(catalog: &Catalog, cx: &Ctx, entity: &Entity) -> Vec<Json> {
    let of = catalog.verbs.iter().filter(|v| v.entity == entity.name);
    of.map(|verb| verb_of(cx, verb)).collect()
}

fn verb_of(cx: &Ctx, verb: &Verb) -> Json {
    let all = |fields: &'static [Field]| -> Vec<Json> {
        fields.iter().map(|f| field(f, fields)).collect()
    };
    json!({
        "name": verb.name,
        "may": cx.reach(verb.permission).is_some(),
        "moves": verb.moves,
        "takes": all(verb.takes),
        "lines": all(verb.lines),
    })
}

/// Lists in which rows name this one: entity and field.
fn related(catalog: &Catalog, cx: &Ctx, entity: &Entity) -> Vec<Json> {
    let names = |f: &Field| match f.kind {
        FieldKind::Ref(to) => to == entity.name,
        FieldKind::Any => named(f.name) == Some(entity.name),
        _ => false,
    };
    let readable =
        |e: &&'static Entity| e.grade != Grade::Line && cx.reach(&e.permission("read")).is_some();
    let of = |other: &'static Entity| {
        let field = other.fields.iter().find(|f| names(f))?;
        Some(json!({ "entity": other.name, "collection": other.collection, "field": field.name }))
    };
    catalog.listed().into_iter().filter(readable).filter_map(of).collect()
}
