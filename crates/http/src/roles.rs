//! Verbs of what bounds a role, of departments in their tree, and of users in it.
use crate::people::{Run, done, id_of, verb, word};
use access::commands::{self, DepartmentChange, UserChange};
use access::department::NewDepartment;
use access::role::{Reach, RoleField, Shown};
use flows::Verb;
use kernel::{Ctx, Error, Id, Result};
use meta::{Entity, Grade, flag, one_of, refers, text};
use serde_json::{Value as Json, json};
use store::Tx;

const ENTITY: meta::Field = text("entity", 40).required();
const FIELD: meta::Field = text("field", 60).required();

pub(crate) static VERBS: &[Verb] = &[
    verb(
        "department",
        "create",
        "access.department.create",
        &[
            text("code", 20).required(),
            text("name", 100).required(),
            refers("company_id", "company"),
            refers("parent", "department"),
        ],
        create_department,
    ),
    verb(
        "department",
        "change",
        "access.department.change",
        &[text("name", 100), refers("parent", "department")],
        change_department,
    ),
    verb(
        "user",
        "change",
        "access.user.change",
        &[text("name", 100), refers("department", "department")],
        change_user,
    ),
    of_role(
        "set_reach",
        &[ENTITY, one_of("reach", Reach::NAMES).required()],
        |cx, tx, id, body| {
            let entity = bounded(body)?;
            let reach = Reach::named(word(body, "reach"))?;
            done(commands::set_reach(cx, tx, Id::from_raw(id), entity.name, reach)?, id)
        },
    ),
    of_role("clear_reach", &[ENTITY], |cx, tx, id, body| {
        done(commands::clear_reach(cx, tx, Id::from_raw(id), word(body, "entity"))?, id)
    }),
    of_role(
        "set_field",
        &[ENTITY, FIELD, one_of("sight", Shown::NAMES).required(), flag("writes")],
        set_field,
    ),
    of_role("clear_field", &[ENTITY, FIELD], |cx, tx, id, body| {
        let (entity, field) = (word(body, "entity"), word(body, "field"));
        done(commands::clear_field(cx, tx, Id::from_raw(id), entity, field)?, id)
    }),
];

const fn of_role(name: &'static str, takes: &'static [meta::Field], run: Run) -> Verb {
    verb("role", name, "access.role.grant", takes, run)
}

fn create_department(cx: &Ctx, tx: &mut Tx, _: i64, body: &Json) -> Result<Json> {
    let company = match word(body, "company_id") {
        "" => Id::from_raw(cx.company),
        _ => id_of(body, "company_id")?,
    };
    let parent = place(body, "parent")?.flatten();
    let (code, name) = (word(body, "code"), word(body, "name"));
    let new = NewDepartment { company, code, name, parent };
    let made = commands::create_department(cx, tx, &new)?;
    Ok(json!({ "id": made.id.to_string(), "version": made.version }))
}

fn change_department(cx: &Ctx, tx: &mut Tx, id: i64, body: &Json) -> Result<Json> {
    let name = body["name"].as_str().map(str::to_owned);
    let change = DepartmentChange { name, parent: place(body, "parent")? };
    done(commands::change_department(cx, tx, Id::from_raw(id), &change)?, id)
}

fn change_user(cx: &Ctx, tx: &mut Tx, id: i64, body: &Json) -> Result<Json> {
    let name = body["name"].as_str().map(str::to_owned);
    let change = UserChange { name, department: place(body, "department")? };
    done(commands::change_user(cx, tx, Id::from_raw(id), &change)?, id)
}

/// Not said; said to be nowhere; or somewhere.
fn place<T>(body: &Json, name: &'static str) -> Result<Option<Option<Id<T>>>> {
    match body.get(name) {
        None => Ok(None),
        Some(Json::Null) => Ok(Some(None)),
        Some(_) if word(body, name).is_empty() => Ok(Some(None)),
        Some(_) => id_of(body, name).map(|id| Some(Some(id))),
    }
}

/// The entity that a body names; the machinery's rows are shown to nobody anyway.
///
/// Error: `role.no_entity`.
fn bounded(body: &Json) -> Result<&'static Entity> {
    let name = word(body, "entity");
    let known = flows::entities().into_iter().find(|e| e.name == name);
    let known = known.filter(|e| e.grade != Grade::Internal);
    known.ok_or_else(|| Error::invalid("role.no_entity", name).with("field", "entity"))
}

/// What rows are told, opened and priced by stays visible.
const NEEDED: &[&str] = &["id", "version", "scope_id", "state", "currency"];

/// Errors: `role.no_entity`, `field.unknown`, `role.field_is_needed`, `role.field_needs_text`,
/// those of the command.
fn set_field(cx: &Ctx, tx: &mut Tx, id: i64, body: &Json) -> Result<Json> {
    let (entity, name) = (bounded(body)?, word(body, "field"));
    let sight = Shown::named(word(body, "sight"))?;
    let refused = |code| Err(Error::invalid(code, name).with("field", "field"));
    let is_custom = name.starts_with(store::custom::PREFIX);
    let declared = entity.field(name);
    if declared.is_none() && !is_custom {
        return refused("field.unknown");
    }
    if sight != Shown::Whole && (NEEDED.contains(&name) || entity.title == name) {
        return refused("role.field_is_needed");
    }
    let is_text = declared.is_none_or(|f| matches!(f.kind, meta::FieldKind::Text { .. }));
    if sight == Shown::Masked && !is_text {
        return refused("role.field_needs_text");
    }
    let writes = body["writes"].as_bool().unwrap_or(sight == Shown::Whole);
    let wanted = RoleField {
        id: Id::from_raw(0),
        role: Id::from_raw(id),
        entity: entity.name.to_owned(),
        field: name.to_owned(),
        sight,
        writes,
    };
    done(commands::set_field(cx, tx, wanted)?, id)
}
