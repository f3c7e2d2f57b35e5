//! OCEL 2.0 as SQLite. Ids are read as text: files store one id as a number here, as text there.
use super::{Ask, is_resource, stage};
use crate::log::build::NewEvent;
use crate::log::time::{self, DayOrder};
use crate::log::{Builder, NO_TIME, Trouble};
use kernel::{Error, Result};
use rusqlite::{Connection, OpenFlags, Row};
use std::path::Path;

fn broken(e: rusqlite::Error) -> Error {
    Error::invalid("log.broken", e).with("place", "SQLite")
}

pub(super) fn read(path: &Path, ask: &Ask, builder: &mut Builder) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(broken)?;
    for table in ["event", "object", "event_object", "event_map_type", "object_map_type"] {
        if columns(&db, table)?.is_empty() {
            return Err(Error::invalid("log.unknown_format", format!("SQLite: {table}?")));
        }
    }
    events(&db, builder)?;
    objects(&db, builder)?;
    for (name, map) in maps(&db, "event_map_type")? {
        event_table(&db, &name, &format!("event_{map}"), ask, builder)?;
    }
    for (name, map) in maps(&db, "object_map_type")? {
        object_table(&db, &name, &format!("object_{map}"), ask, builder)?;
    }
    relations(&db, builder)?;
    links(&db, builder)
}

/// A name within double quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Runs a query and hands over its rows.
fn each(
    db: &Connection,
    sql: &str,
    mut row: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> Result<()> {
    let mut statement = db.prepare(sql).map_err(broken)?;
    let mut rows = statement.query([]).map_err(broken)?;
    while let Some(next) = rows.next().map_err(broken)? {
        row(next).map_err(broken)?;
    }
    Ok(())
}

/// The text of a column that was cast to text; empty where it is null.
fn text<'a>(row: &'a Row<'_>, at: usize) -> rusqlite::Result<&'a str> {
    Ok(row.get_ref(at)?.as_str_or_null()?.unwrap_or_default())
}

fn columns(db: &Connection, table: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    each(db, &format!("PRAGMA table_info({})", quoted(table)), |row| {
        names.push(row.get(1)?);
        Ok(())
    })?;
    Ok(names)
}

fn maps(db: &Connection, table: &str) -> Result<Vec<(String, String)>> {
    let mut maps = Vec::new();
    let sql = format!(
        "SELECT CAST(ocel_type AS TEXT), CAST(ocel_type_map AS TEXT) FROM {} ORDER BY rowid",
        quoted(table)
    );
    each(db, &sql, |row| {
        maps.push((text(row, 0)?.to_owned(), text(row, 1)?.to_owned()));
        Ok(())
    })?;
    Ok(maps)
}

fn events(db: &Connection, builder: &mut Builder) -> Result<()> {
    let sql = "SELECT CAST(ocel_id AS TEXT), CAST(ocel_type AS TEXT), typeof(ocel_id) \
               FROM event ORDER BY rowid";
    each(db, sql, |row| {
        let (id, of_type) = (text(row, 0)?, text(row, 1)?);
        if builder.event_id(id) {
            builder.event(&NewEvent::at(of_type, NO_TIME));
        } else {
            builder.quality().note(Trouble::EventTwice, || id.to_owned());
        }
        Ok(())
    })
}

fn objects(db: &Connection, builder: &mut Builder) -> Result<()> {
    let sql = "SELECT CAST(ocel_id AS TEXT), CAST(ocel_type AS TEXT) FROM object ORDER BY rowid";
    each(db, sql, |row| {
        builder.object(text(row, 0)?, text(row, 1)?);
        Ok(())
    })
}

/// The select list of a table of one type, every column as text, and its further columns.
fn of_type(db: &Connection, table: &str) -> Result<Option<(String, Vec<String>)>> {
    let known = columns(db, table)?;
    if known.is_empty() {
        return Ok(None);
    }
    let own = |name: &&String| !matches!(name.as_str(), "ocel_id" | "ocel_time");
    let own: Vec<String> = known.iter().filter(own).cloned().collect();
    let has_time = known.iter().any(|name| name == "ocel_time");
    let mut list = "CAST(ocel_id AS TEXT), typeof(ocel_id)".to_owned();
    list.push_str(if has_time { ", CAST(ocel_time AS TEXT)" } else { ", ''" });
    for name in &own {
        list.push_str(&format!(", CAST({} AS TEXT)", quoted(name)));
    }
    Ok(Some((format!("SELECT {list} FROM {} ORDER BY rowid", quoted(table)), own)))
}

fn note_number(row: &Row<'_>, table: &str, builder: &mut Builder) -> rusqlite::Result<()> {
    if text(row, 1)? != "text" {
        let id = text(row, 0)?;
        builder.quality().note(Trouble::NumericId, || format!("{table}: {id}"));
    }
    Ok(())
}

fn event_table(
    db: &Connection,
    name: &str,
    table: &str,
    ask: &Ask,
    builder: &mut Builder,
) -> Result<()> {
    let Some((sql, own)) = of_type(db, table)? else {
        builder.quality().note(Trouble::MissingGlobal, || format!("{table} ({name})"));
        return Ok(());
    };
    each(db, &sql, |row| {
        note_number(row, table, builder)?;
        let Some(event) = builder.event_of(text(row, 0)?) else {
            builder.quality().note(Trouble::DanglingEvent, || table.to_owned());
            return Ok(());
        };
        if let Some(read) = time::read(text(row, 2)?, DayOrder::DayFirst) {
            builder.offset(read.offset);
            builder.tell(event, read.at);
        }
        for (at, name) in own.iter().enumerate() {
            let value = text(row, at + 3)?;
            if value.is_empty() {
                continue;
            }
            let read = || time::read(value, DayOrder::DayFirst).map_or(NO_TIME, |r| r.at);
            match name.as_str() {
                _ if is_resource(name) => builder.resource(event, value),
                "lifecycle" => builder.stage(event, stage(value)),
                "start_timestamp" => builder.started(event, read()),
                "recorded_at" => builder.recorded(event, read()),
                _ => {}
            }
            if ask.keep.wants(name) {
                builder.attribute(event, name, value);
            }
        }
        Ok(())
    })
}

fn object_table(
    db: &Connection,
    name: &str,
    table: &str,
    ask: &Ask,
    builder: &mut Builder,
) -> Result<()> {
    let Some((sql, own)) = of_type(db, table)? else {
        builder.quality().note(Trouble::MissingGlobal, || format!("{table} ({name})"));
        return Ok(());
    };
    builder.object_type(name);
    let changed = own.iter().position(|column| column == "ocel_changed_field");
    each(db, &sql, |row| {
        note_number(row, table, builder)?;
        let object = builder.object_named(text(row, 0)?);
        let at = time::read(text(row, 2)?, DayOrder::DayFirst).map_or(NO_TIME, |r| r.at);
        let only = changed.map(|at| text(row, at + 3)).transpose()?.unwrap_or_default();
        for (column, attribute) in own.iter().enumerate() {
            let value = text(row, column + 3)?;
            let is_told = Some(column) != changed && (only.is_empty() || only == attribute);
            if is_told && !value.is_empty() && ask.keep.wants(attribute) {
                builder.change(object, attribute, value, at);
            }
        }
        Ok(())
    })
}

fn relations(db: &Connection, builder: &mut Builder) -> Result<()> {
    let sql = "SELECT CAST(ocel_event_id AS TEXT), CAST(ocel_object_id AS TEXT), \
               CAST(ocel_qualifier AS TEXT) FROM event_object ORDER BY rowid";
    each(db, sql, |row| {
        let (event, object) = (text(row, 0)?, text(row, 1)?);
        match builder.event_of(event) {
            None => {
                builder.quality().note(Trouble::DanglingEvent, || format!("{event} → {object}"))
            }
            Some(number) => {
                let object = builder.object_named(object);
                builder.relate(number, object, text(row, 2)?);
            }
        }
        Ok(())
    })
}

fn links(db: &Connection, builder: &mut Builder) -> Result<()> {
    if columns(db, "object_object")?.is_empty() {
        return Ok(());
    }
    let sql = "SELECT CAST(ocel_source_id AS TEXT), CAST(ocel_target_id AS TEXT), \
               CAST(ocel_qualifier AS TEXT) FROM object_object ORDER BY rowid";
    each(db, sql, |row| {
        let source = builder.object_named(text(row, 0)?);
        let target = builder.object_named(text(row, 1)?);
        builder.link(source, target, text(row, 2)?);
        Ok(())
    })
}
