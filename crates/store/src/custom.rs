//! Fields that a tenant declares for rows of an entity: declared as rows, their values JSON in the
//! column `custom` of the row, and those that lists are asked by mirrored in `custom_index`.
//!
//! A custom field behaves like a declared one wherever fields are data: lists, conditions, forms,
//! the API's own description, exports. No rule of the house ever looks at one.
use crate::rows::{self, CHANGED};
use crate::scope::Scope;
use crate::{Record, Sql, Tx, entities, find, sql};
use kernel::{Activity, Cell, Ctx, DocRef, Error, Id, Result, Stored, Text, names};
use meta::{Entity, Field, FieldKind, check};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

pub const SAVED: Activity =
    Activity::new("custom_field.saved", "a field of the tenant's own was declared or changed");
pub static FACTS: &[Activity] = &[SAVED];

names! {
    /// What a custom field holds.
    pub enum Kind {
        Text = "text",
        Number = "number",
        Day = "day",
        Choice = "choice",
        Flag = "flag",
        Reference = "reference",
    }
}
pub(crate) const KINDS: &[&str] = Kind::NAMES;

/// Custom fields of one entity, choices of one field.
pub const MOST: usize = 50;
pub const CHOICES: usize = 100;
/// What every custom name begins with, so that no declared field is ever hidden.
pub const PREFIX: &str = "c_";
const WRITE: &str = "access.custom_field.write";

/// A declared field of a tenant's own.
#[derive(Clone, Debug)]
pub struct Custom {
    pub id: Id<Custom>,
    pub version: i64,
    pub entity: String,
    pub name: String,
    pub label_zh: String,
    pub label_en: String,
    pub kind: Kind,
    /// Of a choice: one a line.
    pub options: String,
    /// Of a reference: the entity.
    pub refers: String,
    pub required: bool,
    pub filterable: bool,
    pub in_list: bool,
    pub active: bool,
}

crate::record!(Custom => entities::CUSTOM_FIELD {
    id, version, entity, name, label_zh, label_en, kind, options, refers, required, filterable,
    in_list, active,
});

impl Custom {
    /// As the rest of the house knows fields.
    #[must_use]
    pub fn field(&self) -> &'static Field {
        interned(self)
    }

    fn choices(&self) -> Vec<&str> {
        self.options.lines().map(str::trim).filter(|o| !o.is_empty()).collect()
    }

    /// Errors: `custom.name_invalid`, `custom.no_label`, `custom.choices`, `custom.no_entity`.
    fn check(&self, known: &dyn Fn(&str) -> Option<&'static Entity>) -> Result<()> {
        let word = self.name.strip_prefix(PREFIX).unwrap_or("");
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if word.is_empty() || self.name.len() > 30 || !word.chars().all(fits) {
            return Err(Error::invalid("custom.name_invalid", &self.name).with("field", "name"));
        }
        let short = |text: &str| !text.is_empty() && text.chars().count() <= 60;
        if !short(&self.label_zh) || !short(&self.label_en) {
            return Err(Error::invalid("custom.no_label", &self.name).with("field", "label_zh"));
        }
        if !known(&self.entity).is_some_and(Entity::takes_custom) {
            return Err(Error::invalid("custom.no_entity", &self.entity).with("field", "entity"));
        }
        if self.kind == Kind::Reference && known(&self.refers).is_none() {
            return Err(Error::invalid("custom.no_entity", &self.refers).with("field", "refers"));
        }
        let choices = self.choices();
        let too_long = choices.iter().any(|c| c.chars().count() > 100);
        let wrong = choices.is_empty() || choices.len() > CHOICES || too_long;
        if self.kind == Kind::Choice && wrong {
            let e = Error::invalid("custom.choices", choices.len());
            return Err(e.with("field", "options").with("limit", CHOICES));
        }
        Ok(())
    }
}

/// What makes one field unlike another.
type Shape = (String, Kind, Vec<String>, String, bool);

/// Fields live as long as the program: there are as many as tenants ever declared while it ran.
fn interned(custom: &Custom) -> &'static Field {
    static MADE: LazyLock<Mutex<BTreeMap<Shape, &'static Field>>> = LazyLock::new(Mutex::default);
    let choices: Vec<String> = custom.choices().into_iter().map(str::to_owned).collect();
    let key = (custom.name.clone(), custom.kind, choices, custom.refers.clone(), custom.in_list);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    made.entry(key).or_insert_with(|| {
        let kind = match custom.kind {
            Kind::Text => FieldKind::Text { max: 200 },
            Kind::Number => FieldKind::Qty,
            Kind::Day => FieldKind::Day,
            Kind::Flag => FieldKind::Bool,
            Kind::Reference => FieldKind::Ref(kept(&custom.refers)),
            Kind::Choice => {
                let all: Vec<&'static str> = custom.choices().into_iter().map(kept).collect();
                FieldKind::Enum(Box::leak(all.into_boxed_slice()))
            }
        };
        let field = Field::new(kept(&custom.name), kind);
        Box::leak(Box::new(if custom.in_list { field.in_list() } else { field }))
    })
}

/// The custom fields of an entity in use, as they were declared.
pub fn of(tx: &mut Tx, entity: &Entity) -> Result<Vec<Custom>> {
    if !entity.takes_custom() {
        return Ok(Vec::new());
    }
    let sql = find!(Custom, "entity = $2 AND active = 1 ORDER BY id LIMIT 100");
    tx.list(sql, &[Stored::text(entity.name)])
}

/// All custom fields, those out of use too.
pub fn all(tx: &mut Tx) -> Result<Vec<Custom>> {
    tx.list(find!(Custom, "entity <> '' ORDER BY entity, id LIMIT 5000"), &[])
}

/// Declares a field (id 0), or changes what may change of one: its labels, choices, being required,
/// standing in lists, being in use.
///
/// Errors: `access.forbidden`, `custom.*`, `store.not_found`, `store.version_conflict`.
pub fn save(
    cx: &Ctx,
    tx: &mut Tx,
    mut wanted: Custom,
    known: &dyn Fn(&str) -> Option<&'static Entity>,
) -> Result<Custom> {
    cx.allow(WRITE)?;
    wanted.check(known)?;
    if wanted.id.raw() == 0 {
        let others: Vec<Custom> = tx.list(
            find!(Custom, "entity = $2 AND name <> '' ORDER BY id LIMIT 1000"),
            &[Stored::text(wanted.entity.clone())],
        )?;
        if others.len() >= MOST {
            return Err(Error::conflict("custom.too_many", others.len()).with("limit", MOST));
        }
        if others.iter().any(|other| other.name == wanted.name) {
            return Err(Error::conflict("custom.name_taken", &wanted.name).with("field", "name"));
        }
        (wanted.id, wanted.version) = (cx.id(), 1);
        tx.insert(std::slice::from_ref(&wanted));
    } else {
        let old: Custom = tx.lock(wanted.id)?;
        let same = old.entity == wanted.entity
            && old.name == wanted.name
            && old.kind == wanted.kind
            && old.refers == wanted.refers
            && old.filterable == wanted.filterable;
        if !same {
            return Err(Error::conflict("custom.fixed", &wanted.name));
        }
        if wanted.version != 0 && wanted.version != old.version {
            let e = Error::conflict("store.version_conflict", "custom_field");
            return Err(e.with("id", wanted.id).with("version", old.version));
        }
        wanted.version = old.version;
        tx.update(std::slice::from_ref(&wanted));
        wanted.version += 1;
    }
    let fact = cx.fact(SAVED).on("custom_field", wanted.id.raw(), "saved");
    tx.tell(fact.attr("entity", &wanted.entity).attr("name", &wanted.name));
    Ok(wanted)
}

/// The column, as lists select it.
pub(crate) static COLUMN: Field = Field::new("custom", FieldKind::Json);

/// Lifts values out of a shown row's column to where fields stand; a field without a value is null.
pub(crate) fn lift(row: &mut Map<String, Json>, fields: &[&'static Field]) {
    let kept = row.remove(COLUMN.name).unwrap_or(Json::Null);
    for field in fields {
        row.insert(field.name.to_owned(), kept[field.name].clone());
    }
}

/// The custom values of one row that its reader was already shown.
pub fn values(tx: &mut Tx, entity: &Entity, id: i64) -> Result<Map<String, Json>> {
    let (fields, mut row) = (of(tx, entity)?, Map::new());
    if fields.is_empty() {
        return Ok(row);
    }
    let (kept, _) = kept(tx, entity, id)?;
    row.insert(COLUMN.name.to_owned(), Json::Object(kept));
    let fields: Vec<&'static Field> = fields.iter().map(Custom::field).collect();
    lift(&mut row, &fields);
    Ok(row)
}

fn kept(tx: &mut Tx, entity: &Entity, id: i64) -> Result<(Map<String, Json>, i64)> {
    let table = entity.table;
    let sql =
        Sql::new(format!("SELECT custom, version FROM {table} WHERE tenant_id = $1 AND id = $2"));
    let row = tx.built_rows(&sql, &[Stored::Int(id)])?.into_iter().next();
    let missing = || Error::not_found("store.not_found", entity.name).with("id", id);
    let mut row = row.ok_or_else(missing)?;
    let text: String = row.take()?;
    let kept: Json = serde_json::from_str(&text).unwrap_or(Json::Null);
    let kept = if let Json::Object(kept) = kept { kept } else { Map::new() };
    Ok((kept, row.take()?))
}

/// An entity by its name, with what somebody reaches of it.
pub type Sees<'a> = &'a dyn Fn(&mut Tx, &str) -> Result<(&'static Entity, Scope)>;

/// A change of custom values of one row.
pub struct Change<'a> {
    pub entity: &'static Entity,
    pub id: i64,
    /// What its changer reaches of the row's entity.
    pub scope: &'a Scope,
    pub version: Option<i64>,
    pub body: &'a Map<String, Json>,
    /// The entities that references may name, with what the changer reaches of each.
    pub sees: Sees<'a>,
}

/// Sets custom values; null or an empty text takes one away. The row's new version.
///
/// Errors: `field.unknown`, `field.required` and those of values, `store.not_found` (also of a
/// reference), `store.version_conflict`.
pub fn write(cx: &Ctx, tx: &mut Tx, change: &Change<'_>) -> Result<i64> {
    let (entity, id) = (change.entity, change.id);
    rows::load(tx, entity, change.scope, id)?;
    let fields = of(tx, entity)?;
    let (mut kept, version) = kept(tx, entity, id)?;
    if change.version.is_some_and(|seen| seen != version) {
        let e = Error::conflict("store.version_conflict", entity.name);
        return Err(e.with("id", id).with("version", version));
    }
    let mut changed = Vec::new();
    for (name, value) in change.body {
        let custom = fields.iter().find(|f| f.name == *name);
        let unknown = || Error::invalid("field.unknown", name).with("field", name);
        let custom = custom.ok_or_else(unknown)?;
        let stored = read(cx, tx, custom, value, change)?;
        let shown = stored.as_ref().map(|s| check::show(custom.field(), s, cx.base));
        if shown.as_ref() == kept.get(name) {
            continue;
        }
        match shown {
            Some(shown) => drop(kept.insert(name.clone(), shown)),
            None => drop(kept.remove(name)),
        }
        if custom.filterable {
            mirror(tx, entity, id, custom, stored);
        }
        changed.push(name.as_str());
    }
    if changed.is_empty() {
        return Ok(version);
    }
    let text = Json::Object(kept).to_string();
    let doc = DocRef { kind: entity.name, id };
    tx.built_write(update(entity), vec![Stored::Int(id), Stored::Int(version), text.store()], doc);
    let fact = cx.fact(CHANGED).on(entity.name, id, "changed");
    tx.tell(fact.attr("fields", changed.join(",")));
    Ok(version + 1)
}

fn read(
    cx: &Ctx,
    tx: &mut Tx,
    custom: &Custom,
    value: &Json,
    change: &Change<'_>,
) -> Result<Option<Stored>> {
    if value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()) {
        return match custom.required {
            true => Err(Error::invalid("field.required", &custom.name).with("field", &custom.name)),
            false => Ok(None),
        };
    }
    let stored = check::read(custom.field(), value, cx.base)?;
    if let (Kind::Reference, Stored::Int(id)) = (custom.kind, &stored) {
        let (to, scope) = (change.sees)(tx, &custom.refers)?;
        rows::load(tx, to, &scope, *id).map_err(|e| e.with("field", &custom.name))?;
    }
    Ok(Some(stored))
}

fn update(entity: &'static Entity) -> &'static Sql {
    static MADE: LazyLock<Mutex<BTreeMap<&'static str, &'static Sql>>> =
        LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(entity.name).or_insert_with(|| {
        let table = entity.table;
        Box::leak(Box::new(Sql::new(format!(
            "UPDATE {table} SET custom = $4, version = version + 1 \
             WHERE tenant_id = $1 AND id = $2 AND version = $3"
        ))))
    })
}

/// Keeps what lists are asked by beside the row.
fn mirror(tx: &mut Tx, entity: &Entity, id: i64, custom: &Custom, stored: Option<Stored>) {
    let key = [entity.name.to_owned().store(), Stored::Int(id), custom.name.store()];
    tx.put(
        sql!(
            "DELETE FROM custom_index WHERE tenant_id = $1 AND object_type = $2 \
             AND object_id = $3 AND field = $4"
        ),
        &key,
    );
    let Some(stored) = stored else { return };
    let (words, number) = match stored {
        Stored::Text(text) => (text, 0),
        Stored::Int(n) => (Text::default(), n),
        Stored::Null => return,
    };
    let mut row = key.to_vec();
    row.extend([Stored::Text(words), Stored::Int(number)]);
    tx.put(
        sql!(
            "INSERT INTO custom_index (tenant_id, object_type, object_id, field, words, number) \
             VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        &row,
    );
}

/// A row that goes takes its mirrored values along.
pub(crate) fn forget<T: Record>(tx: &mut Tx, id: &Stored) {
    if T::entity().takes_custom() {
        tx.put(
            sql!(
                "DELETE FROM custom_index WHERE tenant_id = $1 AND object_type = $2 \
                 AND object_id = $3"
            ),
            &[T::entity().name.to_owned().store(), id.clone()],
        );
    }
}

/// A field as its settings show it.
#[must_use]
pub fn shown(custom: &Custom) -> Json {
    json!({
        "id": custom.id.to_string(),
        "version": custom.version,
        "entity": custom.entity,
        "name": custom.name,
        "label_zh": custom.label_zh,
        "label_en": custom.label_en,
        "kind": custom.kind.name(),
        "options": custom.choices(),
        "refers": custom.refers,
        "required": custom.required,
        "filterable": custom.filterable,
        "in_list": custom.in_list,
        "active": custom.active,
    })
}
