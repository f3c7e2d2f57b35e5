//! Records: a struct's fields beside the declared columns, and the statements that follow.
use crate::{Registered, Sql};
use kernel::{Cell, Error, Result, Stored};
use meta::{Entity, FieldKind};

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
    pub(crate) fn rest(self) -> Vec<Stored> {
        self.cells.collect()
    }
}

/// What every record can do, written once per table.
pub struct Statements {
    pub insert: Sql,
    /// By `(tenant_id, id)`; of the expected version where the table has one.
    pub update: Sql,
    /// Which cells the update takes, in its order.
    pub update_takes: Vec<usize>,
    pub select: Sql,
    pub delete: Sql,
}

impl Statements {
    #[must_use]
    pub fn of<T: Record>() -> Self {
        let (table, columns) = (T::entity().table, T::columns());
        let places: Vec<String> = (1..=columns.len() + 1).map(|n| format!("${n}")).collect();
        let mut sets: Vec<String> = Vec::new();
        let mut takes: Vec<usize> = Vec::new();
        let mut key = String::from("tenant_id = $1");
        for (at, column) in columns.iter().enumerate() {
            // A required reference and the company never change; setting them to what they are
            // would rewrite their index entries.
            let field = T::entity().field(column);
            let fixed = field.is_some_and(|f| f.required && matches!(f.kind, FieldKind::Ref(_)));
            if fixed || *column == "company" {
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
        if sets.is_empty() {
            // Nothing of such a row ever changes.
            sets.push("id = id".into());
        }
        let (list, places, sets) = (columns.join(", "), places.join(", "), sets.join(", "));
        Self {
            insert: Sql::new(format!("INSERT INTO {table} (tenant_id, {list}) VALUES ({places})")),
            update: Sql::new(format!("UPDATE {table} SET {sets} WHERE {key}")),
            update_takes: takes,
            select: find_statement::<T>("id = $2"),
            delete: Sql::new(format!("DELETE FROM {table} WHERE tenant_id = $1 AND id = $2")),
        }
    }
}

/// `SELECT` of all columns of a record's rows of one tenant that meet `clause`.
#[must_use]
pub fn find_statement<T: Record>(clause: &str) -> Sql {
    let (table, list) = (T::entity().table, T::columns().join(", "));
    Sql::new(format!("SELECT {list} FROM {table} WHERE tenant_id = $1 AND {clause}"))
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
            (&made.update, "update"),
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
