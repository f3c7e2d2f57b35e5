//! Writes the portable DDL of declared entities: `xtask migration` prints it, nobody types it.
use crate::entities;
use meta::{Entity, Field, FieldKind, Grade};
use std::fmt::Write as _;

/// `CREATE TABLE` and indexes of entities, in the order given (referred ones first).
#[must_use]
pub fn ddl(all: &[&Entity]) -> String {
    let mut out = String::from(
        "-- Made by `cargo run -p xtask -- made` from the declarations. Portable subset:\n\
         -- BIGINT, TEXT, JSONB; the runner rewrites it for each engine.\n",
    );
    for entity in all {
        table(&mut out, entity, all);
    }
    out
}

fn table(out: &mut String, entity: &Entity, all: &[&Entity]) {
    let _infallible =
        writeln!(out, "\nCREATE TABLE {} (\n    tenant_id BIGINT NOT NULL,", entity.table);
    for field in entity.fields {
        let kind = match field.kind {
            FieldKind::Text { .. } | FieldKind::Enum(_) | FieldKind::Day => "TEXT",
            FieldKind::Json => "JSONB",
            _ => "BIGINT",
        };
        let null = if field.nullable() { "" } else { " NOT NULL" };
        let _infallible = writeln!(out, "    {} {kind}{null},", field.name);
    }
    for sound in entity.sounds() {
        let _infallible = writeln!(out, "    {sound} TEXT NOT NULL,");
    }
    if entity.takes_custom() {
        out.push_str("    custom JSONB NOT NULL DEFAULT '{}',\n");
    }
    for field in entity.fields.iter().filter(|f| !f.repeated) {
        if let FieldKind::Ref(to) = field.kind {
            let Some(target) = all.iter().find(|e| e.name == to) else { continue };
            let _infallible = writeln!(
                out,
                "    FOREIGN KEY (tenant_id, {}) REFERENCES {} (tenant_id, id),",
                field.name, target.table
            );
        }
    }
    let key = entities::key(entity).join(", ");
    let _infallible = writeln!(out, "    PRIMARY KEY (tenant_id, {key})\n);");
    for columns in entity.unique {
        index(out, entity, columns, true);
    }
    for columns in indexes(entity) {
        index(out, entity, &columns, false);
    }
    for (column, last) in entity.open {
        let name = index_name(entity, "o", &[column]);
        let on = format!("{} (tenant_id, {column}, id) WHERE {column} <> '{last}'", entity.table);
        let _infallible = writeln!(out, "CREATE INDEX {name} ON {on};");
    }
}

/// Few rows that are never removed in numbers: who refers to one is never asked for without more in
/// the question (a declared index says what). Rows that an undone import removes by the thousand
/// (products, lots, stock) are not among them: each removal looks for rows that name it.
const READ_BY_ID: &[&str] = &["location", "warehouse", "period", "account", "voucher"];

/// Declared indexes, and one for each reference to a document, so that its other end is found.
fn indexes(entity: &Entity) -> Vec<Vec<&'static str>> {
    let mut all: Vec<Vec<&'static str>> = entity.index.iter().map(|c| c.to_vec()).collect();
    // A list that is ordered by a name is read in the order of its sound.
    let leads =
        |f: &&Field| f.sound.is_some_and(|_| all.iter().any(|c| c.first() == Some(&f.name)));
    let sounds: Vec<_> = entity.fields.iter().filter(leads).filter_map(|f| f.sound).collect();
    all.extend(sounds.into_iter().map(|sound| vec![sound]));
    if entity.has("scope_id") && entity.grade == Grade::Document {
        all.push(vec!["scope_id", "id"]);
    }
    for field in entity.fields.iter().filter(|f| !f.repeated) {
        let covered = all.iter().any(|c| c.first() == Some(&field.name))
            || entity.unique.iter().any(|c| c.first() == Some(&field.name));
        let found_by = matches!(field.kind, FieldKind::Ref(to) if !READ_BY_ID.contains(&to));
        if found_by && !covered {
            all.push(vec![field.name]);
        }
    }
    all
}

fn index(out: &mut String, entity: &Entity, columns: &[&str], unique: bool) {
    let (kind, mark) = if unique { ("UNIQUE INDEX", "u") } else { ("INDEX", "i") };
    let name = index_name(entity, mark, columns);
    let list = columns.join(", ");
    // Facts of people's own work have no batch: they need no place in an index of batches.
    let of_batch = entity.table == "fact" && columns.first() == Some(&"batch_id");
    let only = if of_batch { " WHERE batch_id <> 0" } else { "" };
    let _infallible =
        writeln!(out, "CREATE {kind} {name} ON {} (tenant_id, {list}){only};", entity.table);
}

/// Rows that the planner shall think of in every table.
const ROWS: i64 = 1_000_000;
/// And how many of them are not done yet.
const OPEN: i64 = 10_000;

/// Statistics for SQLite's planner: without them it takes `tenant_id = ?` for a good search, since
/// it guesses ten rows for any first column, and reads whole tables (docs/adr/0002).
#[must_use]
pub fn lite_statistics(all: &[&Entity]) -> String {
    let mut out = String::from(
        "-- Made by `cargo run -p xtask -- made` from the declarations. SQLite only: what its \
         planner\n-- shall think of every table, whatever it holds. One tenant may own all rows.\n\
         ANALYZE sqlite_schema;\nDELETE FROM sqlite_stat1;\n",
    );
    for entity in all {
        let key: Vec<&str> = entities::key(entity).to_vec();
        statistics(&mut out, entity, entity.table, &key, true);
        for columns in entity.unique {
            let name = index_name(entity, "u", columns);
            statistics(&mut out, entity, &name, columns, true);
        }
        for columns in indexes(entity) {
            let name = index_name(entity, "i", &columns);
            statistics(&mut out, entity, &name, &columns, false);
        }
        for (column, _) in entity.open {
            let name = index_name(entity, "o", &[column]);
            let each = format!("{OPEN} {OPEN} {} 1", OPEN / 2);
            statistic(&mut out, entity, &name, &each);
        }
    }
    out.push_str("ANALYZE sqlite_schema;\n");
    out
}

fn statistics(out: &mut String, entity: &Entity, index: &str, columns: &[&str], unique: bool) {
    let mut each = format!("{ROWS} {ROWS}");
    let mut left = ROWS;
    for (at, column) in columns.iter().enumerate() {
        let last = at + 1 == columns.len();
        left = if unique && last { 1 } else { left.min(rows_of(entity, column)).max(1) };
        each.push_str(&format!(" {left}"));
        left = (left / 4).max(1);
    }
    statistic(out, entity, index, &each);
}

fn statistic(out: &mut String, entity: &Entity, index: &str, each: &str) {
    let _infallible =
        writeln!(out, "INSERT INTO sqlite_stat1 VALUES ('{}', '{index}', '{each}');", entity.table);
}

/// How many rows share one value of a column: a guess from what it holds.
fn rows_of(entity: &Entity, column: &str) -> i64 {
    match (column, entity.field(column).map(|f| f.kind)) {
        ("company", _) => ROWS,
        ("open" | "scope_id" | "activity" | "object_type" | "origin_kind" | "subject_kind", _) => {
            100_000
        }
        (_, Some(FieldKind::Enum(_) | FieldKind::Bool)) => 200_000,
        (_, Some(FieldKind::Day)) => 1000,
        (_, Some(FieldKind::Int)) => 10_000,
        (_, Some(FieldKind::Text { .. } | FieldKind::Instant)) => 8,
        _ => 40,
    }
}

fn index_name(entity: &Entity, mark: &str, columns: &[&str]) -> String {
    let name = format!("{}_{mark}_{}", entity.table, columns.join("_"));
    name.chars().take(60).collect()
}
