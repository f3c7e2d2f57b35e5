//! Numbers for people: one counter row a series, taken last before the facts.
use crate::{Tx, sql};
use kernel::{Error, Result, Stored};

/// The next number of a series (company, type, period), from 1.
///
/// Takes a row lock until commit, so that the series has no gaps: call it last.
pub fn next(tx: &mut Tx, series: &str) -> Result<i64> {
    next_many(tx, series, 1)
}

/// Takes `count` numbers at once; the first of them.
pub fn next_many(tx: &mut Tx, series: &str, count: i64) -> Result<i64> {
    let after: Option<i64> = tx.exec_value(
        sql!(
            "INSERT INTO series (tenant_id, code, next) VALUES ($1, $2, $3) \
             ON CONFLICT (tenant_id, code) DO UPDATE SET next = series.next + $3 RETURNING next"
        ),
        &[Stored::Text(series.to_owned()), Stored::Int(count)],
    )?;
    let after = after.ok_or_else(|| Error::bug("bug.series", series))?;
    Ok(after - count + 1)
}

/// `SO-2026-00042`: prefix, year, number of the series `prefix:company:year`.
pub fn yearly(tx: &mut Tx, prefix: &str, company: i64, year: i16) -> Result<String> {
    let number = next(tx, &format!("{prefix}:{company}:{year}"))?;
    Ok(format!("{prefix}-{year}-{number:05}"))
}
