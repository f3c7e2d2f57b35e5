//! Records: a struct's fields beside the declared columns, and the statements that follow.
use crate::sound::Names;
use crate::{Registered, Sql};
use kernel::{Cell, Error, Result, Stored};
use meta::{Entity, FieldKind};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// A struct kept in one table. Made by [`crate::record!`] beside the document's rows.
pub trait Record: Sized + 'static {
    fn entity() -> &'static Entity;
    /// In the order of the declaration.
    fn columns() -> &'static [&'static str];
    fn statements() -> &'static Statements;
    fn cells(&self) -> Vec<Stored>;
    fn load(row: &mut Row) -> Result<Self>;
}

/// A row on its way in: cells are taken from the front.
pub struct Row {
    cells: std::vec::IntoIter<Stored>,
}

impl Row {
    #[must_use]
    pub fn new(cells: Vec<Stored>) -> Self {
        Self { cells: cells.into_iter() }
    }
    /// Takes the next cell. Error: `bug.column`.
    pub fn take<T: Cell>(&mut self) -> Result<T> {
        let cell = self.cells.next();
        T::load(cell.ok_or_else(|| Error::bug("bug.column", "a row is too short"))?)
    }
    /// The cells that are not taken yet.
    pub(crate) fn left(&self) -> &[Stored] {
        self.cells.as_slice()
    }
    pub(crate) fn rest(self) -> Vec<Stored> {
        self.cells.collect()
    }
}

/// What every record can do, written once per table.
pub struct Statements {
    pub insert: Sql,
    /// Of every column that may change, by `(tenant_id, id)`; of the expected version where the
    /// table has one.
    pub update: Update,
    pub select: Sql,
    pub delete: Sql,
    /// Which cells are searched, in what way.
    pub(crate) sought: crate::search::Columns,
    /// Which cells are names, whose sounds stand behind all cells of a new row.
    pub(crate) names: Names,
    entity: &'static Entity,
    columns: &'static [&'static str],
    /// Updates of fewer columns, by the columns that they set.
    partial: Mutex<BTreeMap<u128, &'static Update>>,
}

/// An update and the cells that it takes, in its order.
pub struct Update {
    pub sql: Sql,
    pub takes: Vec<usize>,
    /// The names among them, whose sounds stand behind.
    names: Names,
}

impl Update {
    /// Sets the columns of `mask` (bit = place in the declaration) that may change at all.
    fn of(entity: &Entity, columns: &[&str], mask: u128) -> Self {
        let mut sets: Vec<String> = Vec::new();
        let mut takes: Vec<usize> = Vec::new();
        let mut key = String::from("tenant_id = $1");
        for (at, column) in columns.iter().enumerate() {
            // A required reference and the company never change; setting them to what they are
            // would rewrite their index entries.
            let field = entity.field(column);
            let fixed = field.is_some_and(|f| f.required && matches!(f.kind, FieldKind::Ref(_)));
            let is_key = matches!(*column, "id" | "version");
            if fixed || *column == "company" || (!is_key && mask & (1 << at) == 0) {
                continue;
            }
            takes.push(at);
            let place = takes.len() + 1;
            match *column {
                "id" => key.push_str(&format!(" AND id = ${place}")),
                "version" => {
                    sets.push("version = version + 1".into());
                    key.push_str(&format!(" AND version = ${place}"));
                }
                _ => sets.push(format!("{column} = ${place}")),
            }
        }
        let names = Names::of(entity, columns).among(&takes);
        for (column, place) in names.columns().zip(takes.len() + 2..) {
            sets.push(format!("{column} = ${place}"));
        }
        if sets.is_empty() {
            // Nothing of such a row ever changes.
            sets.push("id = id".into());
        }
        let (table, sets) = (entity.table, sets.join(", "));
        Self { sql: Sql::new(format!("UPDATE {table} SET {sets} WHERE {key}")), takes, names }
    }

    /// What it writes of a row, in its order.
    pub(crate) fn params(&self, cells: &[Stored]) -> Vec<Stored> {
        let taken = self.takes.iter().map(|at| cells[*at].clone());
        taken.chain(self.names.sounds(cells)).collect()
    }
}

impl Statements {
    #[must_use]
    pub fn of<T: Record>() -> Self {
        let (entity, columns) = (T::entity(), T::columns());
        let table = entity.table;
        let names = Names::of(entity, columns);
        Self {
            insert: names.insert(columns),
            names,
            update: Update::of(entity, columns, u128::MAX),
            select: find_statement::<T>("id = $2"),
            delete: Sql::new(format!("DELETE FROM {table} WHERE tenant_id = $1 AND id = $2")),
            sought: crate::search::Columns::of(entity, columns),
            entity,
            columns,
            partial: Mutex::default(),
        }
    }

    /// The update of these columns alone, made at its first use and kept for the program's life:
    /// there are as many as the commands have ways of changing a row.
    pub(crate) fn partial(&self, mask: u128) -> &'static Update {
        let mut made = self.partial.lock().unwrap_or_else(PoisonError::into_inner);
        made.entry(mask)
            .or_insert_with(|| Box::leak(Box::new(Update::of(self.entity, self.columns, mask))))
    }
}

/// `SELECT` of all columns of a record's rows of one tenant that meet `clause`.
#[must_use]
pub fn find_statement<T: Record>(clause: &str) -> Sql {
    let (table, list) = (T::entity().table, T::columns().join(", "));
    let sql = Sql::new(format!("SELECT {list} FROM {table} WHERE tenant_id = $1 AND {clause}"));
    if T::entity().is_kept() && !clause.contains("SELECT") { sql.of_masters(table) } else { sql }
}

/// A record type that exists, for the tests that hold it against its declaration.
pub struct RegisteredRecord {
    pub entity: fn() -> &'static Entity,
    pub columns: fn() -> &'static [&'static str],
    pub statements: fn() -> &'static Statements,
}
inventory::collect!(RegisteredRecord);

/// Every record of the program that is linked in.
pub fn registered_records() -> impl Iterator<Item = &'static RegisteredRecord> {
    inventory::iter::<RegisteredRecord>()
}

/// Every statement, those of records included, with where it stands.
#[must_use]
pub fn all_statements() -> Vec<(&'static Sql, String, bool)> {
    let of = |r: &'static Registered| ((r.statement)(), r.place.to_owned(), r.system);
    let mut all: Vec<_> = crate::sql::registered().map(of).collect();
    for record in registered_records() {
        let (made, name) = ((record.statements)(), (record.entity)().name);
        for (sql, verb) in [
            (&made.insert, "insert"),
            (&made.update.sql, "update"),
            (&made.select, "select"),
            (&made.delete, "delete"),
        ] {
            all.push((sql, format!("record {name} {verb}"), false));
        }
    }
    all
}

/// Maps a struct to its declared entity: `record!(Order => ORDER { id, number } + { lines })`.
///
/// The fields after `+` are not columns and start as their default.
#[macro_export]
macro_rules! record {
    ($name:ty => $entity:path { $($field:ident),* $(,)? } $(+ { $($rest:ident),* })?) => {
        impl $crate::Record for $name {
            fn entity() -> &'static $crate::meta::Entity { &$entity }
            fn columns() -> &'static [&'static str] { &[$(stringify!($field)),*] }
            fn statements() -> &'static $crate::Statements {
                static MADE: std::sync::LazyLock<$crate::Statements> =
                    std::sync::LazyLock::new($crate::Statements::of::<$name>);
                &MADE
            }
            fn cells(&self) -> Vec<$crate::kernel::Stored> {
                vec![$($crate::kernel::Cell::store(&self.$field)),*]
            }
            fn load(row: &mut $crate::Row) -> $crate::kernel::Result<Self> {
                Ok(Self { $($field: row.take()?,)* $($($rest: Default::default(),)*)? })
            }
        }
        $crate::inventory::submit! { $crate::RegisteredRecord {
            entity: <$name as $crate::Record>::entity,
            columns: <$name as $crate::Record>::columns,
            statements: <$name as $crate::Record>::statements,
        } }
    };
}
