//! Writes the portable DDL of declared entities: `xtask migration` prints it, nobody types it.
use crate::entities;
use meta::{Entity, FieldKind, Grade};
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
    let _infallible = writeln!(out, "\nCREATE TABLE {} (\n    tenant_id BIGINT NOT NULL,", entity.table);
    for field in entity.fields {
        let kind = match field.kind {
            FieldKind::Text { .. } | FieldKind::Enum(_) | FieldKind::Day => "TEXT",
            FieldKind::Json => "JSONB",
            _ => "BIGINT",
        };
        let null = if field.nullable() { "" } else { " NOT NULL" };
        let _infallible = writeln!(out, "    {} {kind}{null},", field.name);
    }
    for field in entity.fields {
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
}

/// Declared indexes, and one for each reference so that its other end is found and deleted fast.
fn indexes(entity: &Entity) -> Vec<Vec<&'static str>> {
    let mut all: Vec<Vec<&'static str>> = entity.index.iter().map(|c| c.to_vec()).collect();
    if entity.has("scope_id") && entity.grade == Grade::Document {
        all.push(vec!["scope_id", "id"]);
    }
    for field in entity.fields {
        let covered = all.iter().any(|c| c.first() == Some(&field.name))
            || entity.unique.iter().any(|c| c.first() == Some(&field.name));
        if matches!(field.kind, FieldKind::Ref(_)) && !covered {
            all.push(vec![field.name]);
        }
    }
    all
}

fn index(out: &mut String, entity: &Entity, columns: &[&str], unique: bool) {
    let (kind, mark) = if unique { ("UNIQUE INDEX", "u") } else { ("INDEX", "i") };
    let name = format!("{}_{mark}_{}", entity.table, columns.join("_"));
    let name: String = name.chars().take(60).collect();
    let list = columns.join(", ");
    let _infallible =
        writeln!(out, "CREATE {kind} {name} ON {} (tenant_id, {list});", entity.table);
}
