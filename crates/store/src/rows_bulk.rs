//! Columns of a whole declared table, a page of ids at a time: what measures reads masters with.
use crate::{Row, Sql, Tx};
use kernel::{Error, Result, Stored};
use meta::Entity;

/// Rows of one page.
const PAGE: usize = 10_000;
/// Keys of one statement.
const KEYS: usize = 500;

/// Calls `each` with the id and the named columns of every row, by id. Reads under no scope: only
/// for figures over all rows.
///
/// Error: `bug.column`.
pub fn each(
    tx: &mut Tx,
    entity: &'static Entity,
    fields: &[&str],
    each: &mut dyn FnMut(i64, Row) -> Result<()>,
) -> Result<()> {
    let known = |name: &&str| entity.field(name).map(|f| f.name);
    let columns: Option<Vec<&str>> = fields.iter().map(known).collect();
    let columns = columns.ok_or_else(|| Error::bug("bug.column", entity.name))?;
    let list: String = columns.iter().map(|name| format!(", {name}")).collect();
    let table = entity.table;
    let sql = Sql::new(format!(
        "SELECT id{list} FROM {table} WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT {PAGE}"
    ));
    let mut after = i64::MIN;
    loop {
        let rows = tx.built_rows(&sql, &[Stored::Int(after)])?;
        let is_last = rows.len() < PAGE;
        for mut row in rows {
            after = row.take()?;
            each(after, row)?;
        }
        if is_last {
            return Ok(());
        }
    }
}

/// The same of the rows whose `key` (the id, or a field that is indexed) is one of some ids.
///
/// Error: `bug.column`.
pub fn of(
    tx: &mut Tx,
    entity: &'static Entity,
    fields: &[&str],
    (key, ids): (&str, &[i64]),
    each: &mut dyn FnMut(i64, Row) -> Result<()>,
) -> Result<()> {
    let known = |name: &&str| entity.field(name).map(|f| f.name);
    let columns: Option<Vec<&str>> = fields.iter().map(known).collect();
    let key = if key == "id" { Some("id") } else { entity.field(key).map(|f| f.name) };
    let wrong = || Error::bug("bug.column", entity.name);
    let (columns, key) = (columns.ok_or_else(wrong)?, key.ok_or_else(wrong)?);
    let list: String = columns.iter().map(|name| format!(", {name}")).collect();
    let table = entity.table;
    for ids in ids.chunks(KEYS) {
        let marks: Vec<String> = (2..ids.len() + 2).map(|at| format!("${at}")).collect();
        let sql = Sql::new(format!(
            "SELECT id{list} FROM {table} WHERE tenant_id = $1 AND {key} IN ({})",
            marks.join(", ")
        ));
        let ids: Vec<Stored> = ids.iter().map(|id| Stored::Int(*id)).collect();
        for mut row in tx.built_rows(&sql, &ids)? {
            let id = row.take()?;
            each(id, row)?;
        }
    }
    Ok(())
}
