//! Numbers for people: one counter row a series, taken last before the facts.
use crate::{Engine, Tx, sql};
use kernel::{Error, Result, Stored};

/// The next number of a series (company, type, period), from 1.
///
/// Takes a row lock until commit, so that the series has no gaps: call it last.
pub fn next(tx: &mut Tx, series: &str) -> Result<i64> {
    next_many(tx, series, 1)
}

/// Takes `count` numbers at once; the first of them.
pub fn next_many(tx: &mut Tx, series: &str, count: i64) -> Result<i64> {
    let after = match tx.engine() {
        Engine::Sqlite => after_in_two(tx, series, count)?,
        Engine::Postgres => after_in_one(tx, series, count)?,
    };
    Ok(after - count + 1)
}

/// One round trip to a server, which gives the row that it wrote.
fn after_in_one(tx: &mut Tx, series: &str, count: i64) -> Result<i64> {
    let after: Option<i64> = tx.exec_value(
        sql!(
            "INSERT INTO series (tenant_id, code, next) VALUES ($1, $2, $3) \
             ON CONFLICT (tenant_id, code) DO UPDATE SET next = series.next + $3 RETURNING next"
        ),
        &[Stored::text(series), Stored::Int(count)],
    )?;
    after.ok_or_else(|| Error::bug("bug.series", series))
}

/// The same for SQLite, which keeps what a write returns in a table of its own: dearer than to ask.
fn after_in_two(tx: &mut Tx, series: &str, count: i64) -> Result<i64> {
    let key = Stored::text(series);
    let params = [key.clone(), Stored::Int(count)];
    let add = sql!("UPDATE series SET next = next + $3 WHERE tenant_id = $1 AND code = $2");
    if tx.exec(add, &params)? == 0 {
        tx.put(sql!("INSERT INTO series (tenant_id, code, next) VALUES ($1, $2, $3)"), &params);
    }
    let read = sql!("SELECT next FROM series WHERE tenant_id = $1 AND code = $2");
    let after: Option<i64> = tx.value(read, &[key])?;
    after.ok_or_else(|| Error::bug("bug.series", series))
}

/// `SO-2026-00042`: prefix, year, number of the series `prefix:company:year`.
pub fn yearly(tx: &mut Tx, prefix: &str, company: i64, year: i16) -> Result<String> {
    let number = next(tx, &format!("{prefix}:{company}:{year}"))?;
    Ok(format!("{prefix}-{year}-{number:05}"))
}

/// So many of them at once.
pub fn yearly_many(
    tx: &mut Tx,
    prefix: &str,
    company: i64,
    year: i16,
    count: i64,
) -> Result<Vec<String>> {
    let first = next_many(tx, &format!("{prefix}:{company}:{year}"), count)?;
    Ok((first..first + count).map(|number| format!("{prefix}-{year}-{number:05}")).collect())
}
