//! From one schema to the next: what a migration must do, worked out from both. Pure.
//!
//! It adds tables, columns and indexes, and makes changed indexes anew. It takes no table and no
//! column away and changes none: that is named, and left to a person's migration.
use kernel::{Error, Result};
use meta::{Entity, FieldKind};
use std::collections::BTreeMap;

/// A schema in the portable dialect of the migrations.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Schema {
    /// Table → column → what stands behind its name.
    pub tables: BTreeMap<String, BTreeMap<String, String>>,
    /// Index → what it is on.
    pub indexes: BTreeMap<String, String>,
    order: Vec<String>,
    text: BTreeMap<String, String>,
}

impl Schema {
    /// Reads the DDL that [`crate::schema::ddl`] writes.
    #[must_use]
    pub fn of(ddl: &str) -> Self {
        let mut schema = Self::default();
        let mut table = None::<String>;
        for line in ddl.lines() {
            if let Some(name) =
                line.strip_prefix("CREATE TABLE ").and_then(|l| l.strip_suffix(" ("))
            {
                schema.order.push(name.to_owned());
                schema.tables.insert(name.to_owned(), BTreeMap::new());
                schema.text.insert(name.to_owned(), String::new());
                table = Some(name.to_owned());
            } else if let Some(rest) = line.strip_prefix("CREATE ").filter(|r| r.contains("INDEX "))
            {
                let name = rest.split("INDEX ").nth(1).and_then(|r| r.split(' ').next());
                let end = line.trim_end_matches(';');
                schema.indexes.insert(name.unwrap_or_default().to_owned(), end.to_owned());
            }
            if let Some(of) = &table {
                schema.text.entry(of.clone()).or_default().push_str(&format!("{line}\n"));
                if let Some((column, rest)) = column(line) {
                    let columns = schema.tables.entry(of.clone()).or_default();
                    columns.insert(column.to_owned(), rest.to_owned());
                }
                if line == ");" {
                    table = None;
                }
            }
        }
        schema
    }
}

fn column(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("    ")?.trim_end_matches(',');
    let (name, rest) = line.split_once(' ')?;
    let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    is_name.then_some((name, rest))
}

/// What a row from before has in a column that it did not have: of declared words the first, as a
/// document has that was just made.
fn since(rest: &str, first: Option<&str>) -> String {
    if !rest.contains("NOT NULL") || rest.contains("DEFAULT") {
        return rest.to_owned();
    }
    let value = match (first, rest.split(' ').next()) {
        (Some(word), _) => format!("'{word}'"),
        (None, Some("BIGINT")) => "0".to_owned(),
        (None, Some("JSONB")) => "'{}'".to_owned(),
        (None, _) => "''".to_owned(),
    };
    format!("{rest} DEFAULT {value}")
}

/// The first word of a column that holds declared words.
fn first_word(entities: &[&Entity], table: &str, column: &str) -> Option<&'static str> {
    let entity = entities.iter().find(|e| e.table == table)?;
    match entity.field(column)?.kind {
        FieldKind::Enum(words) => words.first().copied(),
        _ => None,
    }
}

/// The migration from one schema to the next, which declares these entities.
///
/// Error: `schema.by_hand` names what is taken away or changed.
pub fn step(before: &Schema, after: &Schema, entities: &[&Entity]) -> Result<String> {
    let mut by_hand = Vec::new();
    let mut out = String::new();
    for (name, columns) in &before.tables {
        let Some(kept) = after.tables.get(name) else {
            by_hand.push(format!("table {name}"));
            continue;
        };
        for (column, rest) in columns {
            if kept.get(column) != Some(rest) {
                by_hand.push(format!("column {name}.{column}"));
            }
        }
    }
    if !by_hand.is_empty() {
        return Err(Error::invalid("schema.by_hand", by_hand.join(", ")));
    }
    for (name, on) in &before.indexes {
        if after.indexes.get(name) != Some(on) {
            out.push_str(&format!("DROP INDEX {name};\n"));
        }
    }
    for name in &after.order {
        match before.tables.get(name) {
            None => out.push_str(&after.text[name]),
            Some(known) => {
                for (column, rest) in
                    after.tables[name].iter().filter(|(c, _)| !known.contains_key(*c))
                {
                    let rest = since(rest, first_word(entities, name, column));
                    out.push_str(&format!("ALTER TABLE {name} ADD COLUMN {column} {rest};\n"));
                }
            }
        }
    }
    for (name, on) in &after.indexes {
        if before.indexes.get(name) != Some(on) {
            out.push_str(&format!("{on};\n"));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use meta::{any, day, one_of, text};

    static A: Entity = Entity::new(
        "a",
        "test",
        &[any("id"), text("name", 20), day("day"), one_of("state", &["draft", "done"])],
    );

    const BEFORE: &str = "CREATE TABLE a (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX a_i ON a (tenant_id, id);
";

    const AFTER: &str = "CREATE TABLE a (
    tenant_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    day TEXT,
    state TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX a_i ON a (tenant_id, name);
CREATE TABLE b (
    tenant_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id)
);
";

    const STEP: &str = "DROP INDEX a_i;
ALTER TABLE a ADD COLUMN day TEXT;
ALTER TABLE a ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE a ADD COLUMN state TEXT NOT NULL DEFAULT 'draft';
CREATE TABLE b (
    tenant_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id)
);
CREATE UNIQUE INDEX a_i ON a (tenant_id, name);
";

    #[test]
    fn what_is_new_is_added_with_a_value_for_rows_from_before() {
        assert_eq!(step(&Schema::of(BEFORE), &Schema::of(AFTER), &[&A]).unwrap(), STEP);
    }

    #[test]
    fn what_would_be_lost_is_named_and_refused() {
        let after = BEFORE.replace("    id BIGINT NOT NULL,\n", "    id TEXT NOT NULL,\n");
        let refused = step(&Schema::of(BEFORE), &Schema::of(&after), &[]).unwrap_err();
        assert_eq!((refused.code, refused.detail.as_str()), ("schema.by_hand", "column a.id"));
        let refused = step(&Schema::of(BEFORE), &Schema::of(""), &[]).unwrap_err();
        assert_eq!((refused.code, refused.detail.as_str()), ("schema.by_hand", "table a"));
    }

    #[test]
    fn a_schema_is_its_own_next() {
        assert_eq!(step(&Schema::of(BEFORE), &Schema::of(BEFORE), &[]).unwrap(), "");
    }
}
