//! What the web app builds its lists, forms and details from: entities, fields, lifecycles and
//! verbs as data, with what this user may do.
use crate::ask::{Answer, Ask};
use crate::catalog::Catalog;
use crate::state::State;
use access::Session;
use flows::Verb;
use kernel::{Ctx, Error, Result, Sight};
use meta::{Entity, Field, FieldKind, Grade, SetBy};
use serde_json::{Value as Json, json};
use store::custom::{self, Custom};
use store::rows;
use store::sight::{self, Veil};

/// Fields that hold the id of a row without a foreign key, and the entity that they name.
const NAMES: &[(&str, &str)] = &[
    ("owner", "user"),
    ("for_user", "user"),
    ("asked_by", "user"),
    ("given_back_by", "user"),
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
    ("credit_note", "invoice"),
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
    let customs = state.set.store.read(&session.cx, |_, tx| custom::of(tx, entity))?;
    let mut shown = described(catalog, &session.cx, entity);
    let veil = Veil::of(&session.cx, entity);
    let own = customs.iter().filter(|c| !veil.hides(&c.name));
    let own: Vec<Json> = own.map(own_field).collect();
    // What makes or changes a document takes the tenant's fields too.
    for verb in shown["verbs"].as_array_mut().into_iter().flatten() {
        if matches!(verb["name"].as_str(), Some("create" | "change")) {
            extend(&mut verb["takes"], &own);
        }
    }
    extend(&mut shown["fields"], &own);
    Ok(Answer::json(200, &shown))
}

fn extend(list: &mut Json, more: &[Json]) {
    if let Some(all) = list.as_array_mut() {
        all.extend_from_slice(more);
    }
}

/// A field of the tenant's own, with its labels: no catalogue of words knows them.
fn own_field(custom: &Custom) -> Json {
    let mut shown = field(custom.field(), &[]);
    shown["required"] = json!(custom.required);
    shown["custom"] = json!(true);
    shown["filterable"] = json!(custom.filterable);
    shown["labels"] = json!({ "zh-CN": custom.label_zh, "en": custom.label_en });
    shown
}

fn described(catalog: &Catalog, cx: &Ctx, entity: &'static Entity) -> Json {
    let lines = catalog.lines_of(entity);
    let line = |line: &&'static Entity| {
        json!({ "name": line.name, "collection": line.collection, "parent": line.parent,
            "title": line.title, "fields": fields(catalog, cx, line) })
    };
    json!({
        "name": entity.name,
        "collection": entity.collection,
        "room": entity.room,
        "grade": grade(entity),
        "title": entity.title,
        "order": entity.order,
        "fields": fields(catalog, cx, entity),
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

/// The fields that this user sees, and which of them they write.
fn fields(catalog: &Catalog, cx: &Ctx, entity: &Entity) -> Vec<Json> {
    let one = |f: &'static Field| {
        let sight = sight::of(cx, entity, f);
        if sight == Sight::Hidden {
            return None;
        }
        let mut shown = field(f, entity.fields);
        shown["masked"] = json!(sight == Sight::Masked);
        shown["sorted"] = json!(is_led(entity, f.name));
        if let Some(title) = catalog.named(f).and_then(|to| title_seen(cx, to)) {
            shown["sort"] = json!(format!("{}.{title}", f.name));
        }
        if sight::writable(cx, entity, f.name).is_err() {
            shown["by_commands"] = json!(true);
        }
        Some(shown)
    };
    entity.fields.iter().filter_map(one).collect()
}

/// The field that an entity's rows are ordered by where others name them: words that this user
/// reads.
fn title_seen(cx: &Ctx, entity: &Entity) -> Option<&'static str> {
    let title = entity.field(entity.title)?;
    let is_seen = sight::of(cx, entity, title) == Sight::Whole
        && cx.reach(&entity.permission("read")).is_some();
    (is_seen && rows::is_named_by(entity, title.name)).then_some(title.name)
}

/// Does a key or an index lead a list that is ordered by this field, however many rows there are?
fn is_led(entity: &Entity, field: &str) -> bool {
    let mut keys = entity.index.iter().chain(entity.unique);
    field == "id" || keys.any(|key| key.first() == Some(&field))
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
    if let Some(look) = field.look {
        shown["look"] = json!(look.name());
    }
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
    of.map(|verb| verb_of(catalog, cx, entity, verb)).collect()
}

fn verb_of(catalog: &Catalog, cx: &Ctx, entity: &Entity, verb: &Verb) -> Json {
    let line = catalog.lines_of(entity).into_iter().next();
    let all = |of: Option<&Entity>, fields: &'static [Field]| -> Vec<Json> {
        let open = |f: &&Field| {
            of.is_none_or(|e| !e.has(f.name) || sight::writable(cx, e, f.name).is_ok())
        };
        fields.iter().filter(open).map(|f| field(f, fields)).collect()
    };
    json!({
        "name": verb.name,
        "may": cx.reach_on(verb.entity, verb.permission).is_some(),
        "moves": verb.moves,
        "takes": all(Some(entity), verb.takes),
        "lines": all(line, verb.lines),
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
