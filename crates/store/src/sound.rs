//! The sounds by which rows are ordered: a column beside each name, written with the row itself.
//!
//! No declaration names these columns and nobody is shown them: a list that is sorted by a name is
//! ordered by its sound, and its next page begins after it.
use crate::{Sql, Tx, rows_sql};
use kernel::{Ctx, Result, Stored};
use meta::{Entity, sound};
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Which cells of a row are names.
#[derive(Default)]
pub(crate) struct Names {
    table: &'static str,
    /// The place of the name, and the column of its sound.
    at: Vec<(usize, &'static str)>,
}

impl Names {
    pub(crate) fn of(entity: &Entity, columns: &[&str]) -> Self {
        let name = |(at, column): (usize, &&str)| Some((at, entity.field(column)?.sound?));
        Self { table: entity.table, at: columns.iter().enumerate().filter_map(name).collect() }
    }

    /// Those whose name is among these places.
    pub(crate) fn among(mut self, places: &[usize]) -> Self {
        self.at.retain(|(at, _)| places.contains(at));
        self
    }

    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.at.iter().map(|(_, column)| *column)
    }

    /// The keys of a row's names, in the order of the columns.
    pub(crate) fn sounds<'a>(&'a self, cells: &'a [Stored]) -> impl Iterator<Item = Stored> + 'a {
        self.at.iter().map(|(at, _)| of(&cells[*at]))
    }

    /// A new row: these columns, and the sounds behind them.
    pub(crate) fn insert(&self, columns: &[&str]) -> Sql {
        let mut all: Vec<&str> = columns.to_vec();
        all.extend(self.at.iter().map(|(_, column)| -> &str { column }));
        let places: Vec<String> = (1..=all.len() + 1).map(|n| format!("${n}")).collect();
        let (table, list, places) = (self.table, all.join(", "), places.join(", "));
        Sql::new(format!("INSERT INTO {table} (tenant_id, {list}) VALUES ({places})"))
    }
}

/// The key of a name as it is stored.
pub(crate) fn of(name: &Stored) -> Stored {
    match name {
        Stored::Text(name) => Stored::text(sound::key(name)),
        _ => Stored::text(""),
    }
}

/// Rows looked at in one step.
const STEP: usize = 1000;

/// A name whose sound is not its own.
pub struct Untrue {
    pub id: i64,
    pub column: &'static str,
    pub expected: String,
    pub found: String,
}

/// Holds the sounds of some rows above `after` against their names: the last row's id, `None` when
/// none was left, and what differs.
pub fn look_at_some(
    tx: &mut Tx,
    entity: &'static Entity,
    after: i64,
) -> Result<(Option<i64>, Vec<Untrue>)> {
    let named: Vec<_> = entity.fields.iter().filter_map(|f| Some((f.name, f.sound?))).collect();
    let mut untrue = Vec::new();
    if named.is_empty() {
        return Ok((None, untrue));
    }
    let list: String = named.iter().map(|(name, sound)| format!(", {name}, {sound}")).collect();
    let built = rows_sql::columns_above(entity, &format!("id{list}"), after, STEP);
    let mut last = None;
    for mut row in tx.built_rows(&built.sql, &built.params)? {
        let id: i64 = row.take()?;
        last = Some(id);
        for (_, column) in &named {
            let (name, found): (String, String) = (row.take()?, row.take()?);
            let expected = sound::key(&name);
            if expected != found {
                untrue.push(Untrue { id, column, expected, found });
            }
        }
    }
    Ok((last, untrue))
}

/// Writes the sounds of some rows above `after` anew where they differ; the last row's id, `None`
/// when none was left. For rows that are older than a change of how a character is read.
pub fn write_some(
    _: &Ctx,
    tx: &mut Tx,
    entity: &'static Entity,
    after: i64,
) -> Result<Option<i64>> {
    let (last, untrue) = look_at_some(tx, entity, after)?;
    for Untrue { id, column, expected, .. } in untrue {
        tx.put(update(entity, column), &[Stored::Int(id), Stored::text(expected)]);
    }
    Ok(last)
}

fn update(entity: &'static Entity, column: &'static str) -> &'static Sql {
    type Of = (&'static str, &'static str);
    static MADE: LazyLock<Mutex<BTreeMap<Of, &'static Sql>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry((entity.table, column)).or_insert_with(|| {
        let set = format!("UPDATE {} SET {column} = $3", entity.table);
        Box::leak(Box::new(Sql::new(format!("{set} WHERE tenant_id = $1 AND id = $2"))))
    })
}
