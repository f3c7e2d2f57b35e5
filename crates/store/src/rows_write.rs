//! Generic writes of plain and guarded rows: create and change, told as facts of masters.
use crate::rows::{load, show};
use crate::scope::{self, Belongs, Scope};
use crate::search::Columns;
use crate::sound::Names;
use crate::{Sql, Tx};
use kernel::{Activity, Cell, Ctx, Currency, DocRef, Error, Fact, Result, Stored};
use meta::{Entity, Field, FieldKind, Grade, SetBy, check};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

pub const CREATED: Activity =
    Activity::new("master.created", "a master record (party, product, account) was created");
pub const CHANGED: Activity = Activity::new("master.changed", "a master record was changed");
pub static FACTS: &[Activity] = &[CREATED, CHANGED];

/// The rule of a guarded entity, on the whole row as the outside sees it.
pub type Check = fn(&Map<String, Json>) -> Result<()>;

/// The writes of one entity.
pub struct Written {
    pub insert: Sql,
    pub update: Sql,
    pub(crate) sought: Columns,
    names: Names,
}

impl Written {
    /// A whole row as both statements take it: the sounds of its names stand behind.
    fn params(&self, row: &[Stored]) -> Vec<Stored> {
        row.iter().cloned().chain(self.names.sounds(row)).collect()
    }
}

/// The generic writes of an entity, made once for the life of the program.
pub fn statements(entity: &'static Entity) -> &'static Written {
    static MADE: LazyLock<Mutex<BTreeMap<&'static str, &'static Written>>> =
        LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(entity.name).or_insert_with(|| Box::leak(Box::new(written(entity))))
}

fn written(entity: &'static Entity) -> Written {
    let columns: Vec<&str> = entity.fields.iter().map(|f| f.name).collect();
    let table = entity.table;
    let names = Names::of(entity, &columns);
    let set = |(at, name): (usize, &&str)| match *name {
        "id" => None,
        "version" => Some("version = version + 1".to_owned()),
        name => Some(format!("{name} = ${}", at + 2)),
    };
    let sounds = names.columns().zip(columns.len() + 2..);
    let sounds = sounds.map(|(column, place)| format!("{column} = ${place}"));
    let sets: Vec<String> = columns.iter().enumerate().filter_map(set).chain(sounds).collect();
    let version = columns.iter().position(|c| *c == "version");
    let guard = version.map_or_else(String::new, |at| format!(" AND version = ${}", at + 2));
    let sets = sets.join(", ");
    let update = format!("UPDATE {table} SET {sets} WHERE tenant_id = $1 AND id = $2{guard}");
    let sought = Columns::of(entity, &columns);
    Written { insert: names.insert(&columns), update: Sql::new(update), sought, names }
}

/// Saves a new row from JSON; the row as saved.
///
/// Errors: `row.by_commands`, `body.not_an_object`, `field.*`, `store.duplicate`,
/// `store.reference`, the check's own.
pub fn create(
    cx: &Ctx,
    tx: &mut Tx,
    entity: &'static Entity,
    body: &Json,
    rule: Option<Check>,
) -> Result<Json> {
    may_write(entity, rule)?;
    let given = given(entity, body)?;
    let currency = currency_of(given, cx.base)?;
    let mut row = Vec::with_capacity(entity.fields.len());
    for field in entity.fields {
        row.push(match given.get(field.name) {
            Some(value) => check::read(field, value, currency)?,
            None if is_set_here(field) => made(cx, field)?,
            None => check::absent(field)?,
        });
    }
    settle_scope(cx, tx, entity, &mut row)?;
    let columns: Vec<&'static Field> = entity.fields.iter().collect();
    let shown = show(&columns, &row, cx.base);
    if let Some(rule) = rule {
        rule(&shown)?;
    }
    let Some(Stored::Int(id)) = row.first() else { return Err(no_id(entity)) };
    let doc = DocRef { kind: entity.name, id: *id };
    let fact = cx.fact(CREATED).on(entity.name, *id, "created");
    let fact = sliced(fact, &doc, &columns, &row, |_| true);
    let made = statements(entity);
    tx.seek(&made.sought, None, Some(&row));
    tx.built_write(&made.insert, made.params(&row), doc);
    tx.tell(fact);
    Ok(Json::Object(shown))
}

/// A change of one row.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    pub id: i64,
    /// The version that was looked at; `None` takes the newest.
    pub version: Option<i64>,
    /// The fields to change; the others stay.
    pub body: &'a Json,
}

/// Changes a row within the scope; the row as saved. Nothing new writes and tells nothing.
///
/// Errors: those of [`create`], `store.not_found`, `store.version_conflict`.
pub fn change(
    cx: &Ctx,
    tx: &mut Tx,
    entity: &'static Entity,
    scope: &Scope,
    change: &Change<'_>,
    rule: Option<Check>,
) -> Result<Json> {
    may_write(entity, rule)?;
    let given = given(entity, change.body)?;
    let (columns, mut row) = load(tx, entity, scope, change.id)?;
    let at_version = columns.iter().position(|c| c.name == "version");
    let version = at_version.and_then(|at| row.get(at)).cloned();
    same_version(entity, change, version.as_ref())?;
    let before = row.clone();
    let currency = currency_of(&show(&columns, &row, cx.base), cx.base)?;
    let currency = currency_of(given, currency)?;
    for (field, cell) in columns.iter().zip(&mut row) {
        if let Some(value) = given.get(field.name) {
            *cell = check::read(field, value, currency)?;
        }
    }
    let mut shown = show(&columns, &row, cx.base);
    if let Some(rule) = rule {
        rule(&shown)?;
    }
    if row == before {
        return Ok(Json::Object(shown));
    }
    let doc = DocRef { kind: entity.name, id: change.id };
    let is_new = |at: usize| row.get(at) != before.get(at);
    let names = columns.iter().enumerate().filter(|(at, _)| is_new(*at)).map(|(_, c)| c.name);
    let names = names.collect::<Vec<_>>().join(",");
    let fact = cx.fact(CHANGED).on(entity.name, change.id, "changed").attr("fields", names);
    tx.tell(sliced(fact, &doc, &columns, &row, is_new));
    let made = statements(entity);
    tx.seek(&made.sought, Some(&before), Some(&row));
    tx.built_write(&made.update, made.params(&row), doc);
    if let Some(Stored::Int(version)) = version {
        shown.insert("version".into(), Json::from(version + 1));
    }
    Ok(Json::Object(shown))
}

/// Error: `store.version_conflict` when somebody else was first.
fn same_version(entity: &Entity, change: &Change<'_>, now: Option<&Stored>) -> Result<()> {
    match (change.version, now) {
        (Some(seen), Some(Stored::Int(now))) if seen != *now => {
            let e = Error::conflict("store.version_conflict", entity.name);
            Err(e.with("id", change.id).with("version", now))
        }
        _ => Ok(()),
    }
}

fn no_id(entity: &Entity) -> Error {
    Error::bug("bug.no_id", entity.name)
}

/// Documents and lines have commands; a guarded entity without its rule has too.
fn may_write(entity: &Entity, rule: Option<Check>) -> Result<()> {
    match (entity.grade, rule) {
        (Grade::Plain, _) | (Grade::Guarded, Some(_)) => Ok(()),
        _ => Err(Error::conflict("row.by_commands", entity.name)),
    }
}

/// The body's fields, each known and open to people.
fn given<'b>(entity: &Entity, body: &'b Json) -> Result<&'b Map<String, Json>> {
    let object = body.as_object();
    let object = object.ok_or_else(|| Error::invalid("body.not_an_object", entity.name))?;
    for name in object.keys() {
        let field = check::writable(entity, name)?;
        if is_set_here(field) {
            let e = Error::invalid("field.set_by_commands", name);
            return Err(e.with("entity", entity.name).with("field", name));
        }
    }
    Ok(object)
}

fn currency_of(row: &Map<String, Json>, base: Currency) -> Result<Currency> {
    match row.get("currency").and_then(Json::as_str) {
        Some(code) if !code.is_empty() => {
            Currency::parse(code).map_err(|e| e.with("field", "currency"))
        }
        _ => Ok(base),
    }
}

fn is_set_here(field: &Field) -> bool {
    field.set_by == SetBy::Commands
        || matches!(field.name, "id" | "version" | "scope_id" | "company_id")
}

/// What a field that nobody types starts with.
fn made(cx: &Ctx, field: &Field) -> Result<Stored> {
    Ok(match (field.name, field.kind) {
        ("id", _) => cx.id::<Entity>().store(),
        ("version", _) => Stored::Int(1),
        ("company_id" | "company", FieldKind::Any | FieldKind::Ref(_)) => Stored::Int(cx.company),
        ("batch_id", _) => Stored::Int(cx.batch),
        ("created_at" | "recorded_at", FieldKind::Instant) => cx.now.store(),
        (_, FieldKind::Enum(set)) => Stored::text(set.first().copied().unwrap_or_default()),
        _ if field.required => {
            return Err(Error::bug("bug.field_without_value", field.name));
        }
        _ => check::absent(field)?,
    })
}

/// A row with a scope belongs to its owner, else to who made it.
fn settle_scope(cx: &Ctx, tx: &mut Tx, entity: &Entity, row: &mut [Stored]) -> Result<()> {
    let at = |name: &str| entity.fields.iter().position(|f| f.name == name);
    let Some(scope_at) = at("scope_id") else { return Ok(()) };
    let owner = match at("owner").map(|at| &row[at]) {
        Some(Stored::Int(owner)) if *owner > 0 => *owner,
        _ => cx.user,
    };
    let (company, department) = (cx.company, cx.department);
    let belongs = Belongs { company, owner, department, ..Belongs::default() };
    row[scope_at] = Stored::Int(scope::intern(cx, tx, belongs)?);
    Ok(())
}

/// Keeps new values that analysis slices by: choices, flags and references, never of persons.
fn sliced(
    mut fact: Fact,
    doc: &DocRef,
    columns: &[&'static Field],
    row: &[Stored],
    is_new: impl Fn(usize) -> bool,
) -> Fact {
    for (at, (field, cell)) in columns.iter().zip(row).enumerate() {
        let slices = matches!(field.kind, FieldKind::Enum(_) | FieldKind::Bool | FieldKind::Ref(_));
        if !slices || field.personal || !is_new(at) {
            continue;
        }
        let value = match cell {
            Stored::Null => String::new(),
            Stored::Int(n) => n.to_string(),
            Stored::Text(text) => text.to_string(),
        };
        fact = fact.change(doc.kind, doc.id, field.name, value);
    }
    fact
}
