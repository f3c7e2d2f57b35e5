//! OCEL 2.0 as an SQLite file, every id stored as text.
use super::{attributes, by_object, declared, event_id};
use crate::log::{Change, Log, NO_TIME, Names, time};
use kernel::{Error, Result};
use rusqlite::{Connection, Transaction, params_from_iter};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn broken(e: rusqlite::Error) -> Error {
    Error::conflict("export.cannot_write", e)
}

const TABLES: &str = "
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL
  REFERENCES event_map_type (ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL
  REFERENCES object_map_type (ocel_type));
CREATE TABLE event_object (ocel_event_id TEXT NOT NULL REFERENCES event (ocel_id),
  ocel_object_id TEXT NOT NULL REFERENCES object (ocel_id), ocel_qualifier TEXT NOT NULL,
  PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));
CREATE TABLE object_object (ocel_source_id TEXT NOT NULL REFERENCES object (ocel_id),
  ocel_target_id TEXT NOT NULL REFERENCES object (ocel_id), ocel_qualifier TEXT NOT NULL,
  PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier));
";

/// Writes the log into a file that does not exist yet. Error: `export.cannot_write`.
pub fn ocel_sqlite(log: &Log, path: &Path) -> Result<()> {
    if path.exists() {
        return Err(Error::conflict("export.cannot_write", path.display()));
    }
    let mut db = Connection::open(path).map_err(broken)?;
    let tx = db.transaction().map_err(broken)?;
    tx.execute_batch(TABLES).map_err(broken)?;
    let declared = declared(log);
    let events = Tables::make(&tx, "event", &log.activities, declared.events)?;
    let objects = Tables::make(&tx, "object", &log.objects.types, declared.objects)?;
    put_objects(&tx, log, &objects)?;
    put_events(&tx, log, &events)?;
    tx.commit().map_err(broken)
}

/// The table of each type, with its own columns.
struct Tables {
    names: Vec<String>,
    columns: Vec<Vec<String>>,
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Tables {
    fn make(
        tx: &Transaction<'_>,
        kind: &str,
        types: &Names,
        attributes: Vec<BTreeSet<String>>,
    ) -> Result<Self> {
        let mut taken: BTreeSet<String> = BTreeSet::from(["map_type".to_owned()]);
        let mut names = Vec::new();
        let columns: Vec<Vec<String>> =
            attributes.into_iter().map(|own| own.into_iter().collect()).collect();
        for (of_type, own) in types.iter().zip(&columns) {
            let map = free(&plain(of_type), &mut taken);
            let further: String =
                own.iter().map(|name| format!(", {} TEXT", quoted(name))).collect();
            let changed = if kind == "object" { ", ocel_changed_field TEXT" } else { "" };
            let table = format!("{kind}_{map}");
            let sql = format!(
                "CREATE TABLE {} (ocel_id TEXT NOT NULL REFERENCES {kind} (ocel_id), \
                 ocel_time TEXT{changed}{further})",
                quoted(&table)
            );
            tx.execute_batch(&sql).map_err(broken)?;
            let sql = format!("INSERT INTO {kind}_map_type VALUES (?1, ?2)");
            tx.execute(&sql, [of_type, &map]).map_err(broken)?;
            names.push(table);
        }
        Ok(Self { names, columns })
    }
}

/// A type's name in letters and digits.
fn plain(of_type: &str) -> String {
    let mut name = String::new();
    for word in of_type.split(|c: char| !c.is_alphanumeric()) {
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase).chain(letters));
    }
    if name.is_empty() { "Type".to_owned() } else { name }
}

/// A name that no other table has; SQLite tells no capitals apart, and `map_type` is taken.
fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|n| format!("{name}{n}"));
    let mut all = std::iter::once(name.to_owned()).chain(numbered);
    all.find(|name| taken.insert(name.to_lowercase())).unwrap_or_default()
}

fn execute(tx: &Transaction<'_>, sql: &str, values: &[&str]) -> Result<()> {
    let mut statement = tx.prepare_cached(sql).map_err(broken)?;
    statement.execute(params_from_iter(values)).map_err(broken)?;
    Ok(())
}

/// `2024-03-05 14:30:00`, as these files have it.
fn instant(at: i64) -> String {
    time::iso(if at == NO_TIME { 0 } else { at }).replace('T', " ").replace('Z', "")
}

fn put_objects(tx: &Transaction<'_>, log: &Log, tables: &Tables) -> Result<()> {
    let all = &log.objects;
    let own = by_object(log);
    for (object, id) in all.ids.iter().enumerate() {
        let of_type = all.of_type[object] as usize;
        execute(tx, "INSERT INTO object VALUES (?1, ?2)", &[id, all.types.text(of_type as u32)])?;
        let table = quoted(&tables.names[of_type]);
        let changes = own.changes[object].iter().map(|at| &all.changes[*at as usize]);
        put_changes(tx, log, &table, id, changes)?;
    }
    for (source, target, qualifier) in &log.o2o {
        let ids = [all.ids.text(*source), all.ids.text(*target), log.qualifiers.text(*qualifier)];
        execute(tx, "INSERT OR IGNORE INTO object_object VALUES (?1, ?2, ?3)", &ids)?;
    }
    Ok(())
}

/// One row with what always held, since readers take an object from its row without a changed
/// field; then a row for each change.
fn put_changes<'a>(
    tx: &Transaction<'_>,
    log: &Log,
    table: &str,
    id: &str,
    changes: impl Iterator<Item = &'a Change>,
) -> Result<()> {
    let pair = |c: &Change| (log.values.text(c.name), log.values.text(c.value));
    let mut always: BTreeMap<&str, &str> = BTreeMap::new();
    let mut later: Vec<&Change> = Vec::new();
    for change in changes {
        let (name, value) = pair(change);
        if (change.at == NO_TIME || change.at == 0) && !always.contains_key(name) {
            always.insert(name, value);
        } else {
            later.push(change);
        }
    }
    let columns: String = always.keys().map(|name| format!(", {}", quoted(name))).collect();
    let places: String = (0..always.len()).map(|n| format!(", ?{}", n + 3)).collect();
    let sql = format!("INSERT INTO {table} (ocel_id, ocel_time{columns}) VALUES (?1, ?2{places})");
    let first = instant(NO_TIME);
    let values: Vec<&str> = [id, &first].into_iter().chain(always.into_values()).collect();
    execute(tx, &sql, &values)?;
    for change in later {
        let (name, value) = pair(change);
        let sql = format!(
            "INSERT INTO {table} (ocel_id, ocel_time, ocel_changed_field, {}) \
             VALUES (?1, ?2, ?3, ?4)",
            quoted(name)
        );
        execute(tx, &sql, &[id, &instant(change.at), name, value])?;
    }
    Ok(())
}

fn put_events(tx: &Transaction<'_>, log: &Log, tables: &Tables) -> Result<()> {
    let mut touch = 0;
    for event in 0..log.events.len() {
        let id = event_id(log, event);
        let of_type = log.events.activity[event] as usize;
        let name = log.activities.text(of_type as u32);
        execute(tx, "INSERT INTO event VALUES (?1, ?2)", &[&id, name])?;
        let own = attributes(log, event);
        let value = |column: &String| {
            own.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value.as_str())
        };
        let at = instant(log.events.end[event]);
        let mut values: Vec<&str> = vec![&id, &at];
        values.extend(tables.columns[of_type].iter().map(value));
        let places: Vec<String> =
            (3..=values.len()).map(|n| format!(", NULLIF(?{n}, '')")).collect();
        let sql = format!(
            "INSERT INTO {} VALUES (?1, ?2{})",
            quoted(&tables.names[of_type]),
            places.concat()
        );
        execute(tx, &sql, &values)?;
        while log.e2o.event.get(touch) == Some(&(event as u32)) {
            let object = log.objects.ids.text(log.e2o.object[touch]);
            let qualifier = log.qualifiers.text(log.e2o.qualifier[touch]);
            let ids = [id.as_str(), object, qualifier];
            execute(tx, "INSERT INTO event_object VALUES (?1, ?2, ?3)", &ids)?;
            touch += 1;
        }
    }
    Ok(())
}
