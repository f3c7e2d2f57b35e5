//! Moving a tenant's rows to another database, of the same or the other engine, proved by
//! checksums.
//!
//! One transaction on each side: the target gets everything or nothing. A table's checksum is the
//! sum of its rows' digests, so it does not depend on the order in which an engine gives them.
mod side;
mod sums;

use crate::driver::{Driver, Lock};
use crate::{Engine, Sql, Target, entities, migrate};
use kernel::{Error, Instant, Result, Stored};
use meta::{Entity, FieldKind};
use side::Side;
use sums::{Sum, canonical};

/// Rows that are read and written at once.
const BATCH: usize = 4000;

/// What one table held, on both sides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableSum {
    pub table: &'static str,
    pub rows: u64,
    pub sum: String,
}

/// A table as it is moved.
struct Table {
    name: &'static str,
    columns: Vec<&'static str>,
    json: Vec<usize>,
    /// Where the columns of the key stand.
    key: Vec<usize>,
    first: Sql,
    next: Sql,
}

impl Table {
    /// The rows of one tenant, or all.
    fn of(entity: &'static Entity, tenant: Option<i64>) -> Self {
        let mut columns = vec!["tenant_id"];
        columns.extend(entity.fields.iter().map(|f| f.name));
        columns.extend(entity.sounds());
        if entity.takes_custom() {
            columns.push("custom");
        }
        let is_json = |name: &str| {
            let kind = entity.field(name).map(|f| f.kind);
            matches!(kind, Some(FieldKind::Json)) || name == "custom"
        };
        let json = (0..columns.len()).filter(|at| is_json(columns[*at])).collect();
        let key: Vec<&str> =
            std::iter::once("tenant_id").chain(entities::key(entity).iter().copied()).collect();
        let place = |name: &str| columns.iter().position(|c| *c == name).unwrap_or(0);
        let places = key.iter().map(|name| place(name)).collect();
        let (list, order) = (columns.join(", "), key.join(", "));
        let marks: Vec<String> = (1..=key.len()).map(|n| format!("${n}")).collect();
        let marks = marks.join(", ");
        let select = format!("SELECT {list} FROM {}", entity.table);
        let tail = format!("ORDER BY {order} LIMIT {BATCH}");
        let (whose, and) = match tenant {
            Some(id) => (format!("WHERE tenant_id = {id}"), format!("tenant_id = {id} AND ")),
            None => (String::new(), String::new()),
        };
        Self {
            name: entity.table,
            first: Sql::new(format!("{select} {whose} {tail}")),
            next: Sql::new(format!("{select} WHERE {and}({order}) > ({marks}) {tail}")),
            columns,
            json,
            key: places,
        }
    }

    /// Gives `put` all rows, batch by batch, JSON in one spelling; their sum.
    fn read(
        &self,
        from: &mut dyn Driver,
        put: &mut dyn FnMut(&[Vec<Stored>]) -> Result<()>,
    ) -> Result<TableSum> {
        let (mut sum, mut after): (Sum, Option<Vec<Stored>>) = (Sum::default(), None);
        loop {
            let found = match &after {
                None => from.rows(&self.first, &[], Lock::None)?,
                Some(key) => from.rows(&self.next, key, Lock::None)?,
            };
            let mut rows: Vec<Vec<Stored>> = found.into_iter().map(crate::Row::rest).collect();
            for row in &mut rows {
                for at in &self.json {
                    canonical(&mut row[*at]);
                }
                sum.add(row);
            }
            put(&rows)?;
            let Some(last) = rows.last().filter(|_| rows.len() == BATCH) else { break };
            after = Some(self.key.iter().map(|at| last[*at].clone()).collect());
        }
        Ok(TableSum { table: self.name, rows: sum.rows, sum: sum.text() })
    }
}

/// A tenant that is moved.
pub struct Move<'m> {
    pub from: &'m Target,
    pub to: &'m Target,
    pub tenant: i64,
    pub all: &'m [&'static Entity],
}

/// Moves a tenant's rows of these entities; `seen` is told of each table, when it is written and
/// again when it was read back.
///
/// Nothing is changed where they come from but its schema, which is brought up to date. A file
/// holds one tenant; a PostgreSQL database may hold others, whose rows are not touched. The facts'
/// digests cover the tenant's id, so it stays what it is. Errors: `move.not_empty`,
/// `move.tenant_taken`, `move.in_use`, `move.differs`, those of opening.
pub fn copy(of: &Move<'_>, now: Instant, seen: &mut dyn FnMut(&TableSum)) -> Result<Vec<TableSum>> {
    let (from, to, tenant) = (of.from, of.to, of.tenant);
    let tables: Vec<Table> = of.all.iter().map(|e| Table::of(e, Some(tenant))).collect();
    let (mut source, mut target) = (Side::open(from)?, Side::open(to)?);
    migrate::up(source.driver())?;
    idle(&mut source, now)?;
    source.begin_reading()?;
    migrate::up(target.driver())?;
    idle(&mut target, now)?;
    target.begin_writing()?;
    let moved = free(&mut target, &tables, tenant)
        .and_then(|()| fill(&mut source, &mut target, &tables, seen));
    let ended = target.end(moved.is_ok());
    source.end(false)?;
    let moved = moved?;
    ended.map(|()| moved)
}

/// No server may work on a PostgreSQL database that gives or takes rows; the folder's lock says so
/// of a file.
fn idle(source: &mut Side, now: Instant) -> Result<()> {
    if source.driver().engine() == Engine::Sqlite {
        return Ok(());
    }
    let sql = Sql::new("SELECT name FROM lease WHERE name LIKE 'node:%' AND until > $1 LIMIT 1");
    let params = [Stored::Int(now.0)];
    match source.driver().rows(&sql, &params, Lock::None)?.into_iter().next() {
        None => Ok(()),
        Some(mut row) => Err(Error::conflict("move.in_use", row.take::<String>()?)),
    }
}

/// Nothing of the tenant is there yet, and in a file nothing of anyone.
fn free(target: &mut Side, tables: &[Table], tenant: i64) -> Result<()> {
    let (whose, taken) = match target.driver().engine() {
        Engine::Sqlite => ("tenant_id > 0".to_owned(), "move.not_empty"),
        Engine::Postgres => (format!("tenant_id = {tenant}"), "move.tenant_taken"),
    };
    for table in tables {
        let sql = Sql::new(format!("SELECT tenant_id FROM {} WHERE {whose} LIMIT 1", table.name));
        if !target.driver().rows(&sql, &[], Lock::None)?.is_empty() {
            return Err(Error::conflict(taken, table.name).with("tenant", tenant));
        }
    }
    Ok(())
}

fn fill(
    source: &mut Side,
    target: &mut Side,
    tables: &[Table],
    seen: &mut dyn FnMut(&TableSum),
) -> Result<Vec<TableSum>> {
    let made = target.strip()?;
    let mut sums = Vec::with_capacity(tables.len());
    for table in tables {
        let sum = table
            .read(source.driver(), &mut |rows| target.load(table.name, &table.columns, rows))?;
        seen(&sum);
        sums.push(sum);
    }
    target.dress(made)?;
    for (table, given) in tables.iter().zip(&sums) {
        let found = table.read(target.driver(), &mut |_| Ok(()))?;
        if found != *given {
            let e = Error::bug("move.differs", table.name).with("rows", found.rows);
            return Err(e.with("expected", given.rows));
        }
        seen(&found);
    }
    Ok(sums)
}

/// The checksums of a database's tables as they stand. Errors: those of opening.
pub fn sums(of: &Target, all: &[&'static Entity]) -> Result<Vec<TableSum>> {
    let mut side = Side::open(of)?;
    side.begin_reading()?;
    let tables = all.iter().map(|entity| Table::of(entity, None));
    let sums: Result<Vec<_>> =
        tables.map(|table| table.read(side.driver(), &mut |_| Ok(()))).collect();
    side.end(false)?;
    sums
}
