//! PostgreSQL keeps facts in a table a quarter: the newest, which are read most, stay small, and
//! old ones can be taken off whole. SQLite keeps them in one.
//!
//! Ids rise with time, so the quarter of a fact is that of its id. What belongs to no quarter that
//! was made in time (facts of a simulated past) lies in the rest, where everything still finds it.
use crate::Sql;
use crate::driver::{Driver, Engine, Lock};
use kernel::{Day, Instant, Result, Zone, first_id};

/// The tables that are kept by quarter, and the column that holds the fact's id.
const TABLES: [(&str, &str); 3] =
    [("fact", "id"), ("fact_object", "fact_id"), ("object_change", "fact_id")];

/// Turns the DDL of the tables of facts into that of tables by quarter.
pub(crate) fn split(ddl: &str) -> String {
    let mut out = ddl.to_owned();
    for (table, column) in TABLES {
        let Some(begin) = out.find(&format!("CREATE TABLE {table} (\n")) else { continue };
        let Some(end) = out[begin..].find("\n);").map(|at| begin + at) else { continue };
        let parted = format!(
            "\n) PARTITION BY RANGE ({column});\n\
             CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT;"
        );
        out.replace_range(end..end + "\n);".len(), &parted);
    }
    out
}

/// Three months, as calendars in China count them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Quarter {
    year: i16,
    /// 0 to 3.
    of_year: i8,
}

impl Quarter {
    fn of(at: Instant) -> Self {
        let day = Zone::china().day(at);
        Self { year: day.year(), of_year: (day.month() - 1) / 3 }
    }
    const fn next(self) -> Self {
        match self.of_year {
            3 => Self { year: self.year + 1, of_year: 0 },
            of_year => Self { year: self.year, of_year: of_year + 1 },
        }
    }
    fn first_id(self) -> i64 {
        first_id(Zone::china().at(Day::of(self.year, self.of_year * 3 + 1, 1), 0))
    }
    fn table(self, of: &str) -> String {
        format!("{of}_{}q{}", self.year, self.of_year + 1)
    }
}

/// Makes the tables of this quarter and the next where they are missing.
pub(crate) fn prepare(driver: &mut dyn Driver, now: Instant) -> Result<()> {
    if driver.engine() == Engine::Sqlite || !is_there(driver, "fact_rest")? {
        return Ok(());
    }
    let quarter = Quarter::of(now);
    // A quarter before the first id there is holds nothing.
    let holds = |of: &Quarter| of.first_id() < of.next().first_id();
    for quarter in [quarter, quarter.next()].into_iter().filter(holds) {
        if !is_there(driver, &quarter.table("fact"))? {
            // Whoever waits behind this must not wait long: it is tried again.
            driver.script("BEGIN; SET LOCAL lock_timeout = '3s'")?;
            let made = make(driver, quarter);
            driver.script(if made.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
            made?;
        }
    }
    Ok(())
}

fn make(driver: &mut dyn Driver, quarter: Quarter) -> Result<()> {
    // Two that start at once would both make them.
    driver.script("SELECT pg_advisory_xact_lock(7302)")?;
    if is_there(driver, &quarter.table("fact"))? {
        return Ok(());
    }
    let (from, to) = (quarter.first_id(), quarter.next().first_id());
    for (table, column) in TABLES {
        let rest = format!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM {table}_rest WHERE {column} >= {from} AND \
             {column} < {to} LIMIT 1) AS early"
        );
        if number(driver, &rest)? > 0 {
            // Facts of these days were written before their tables were: they stay where they are.
            return Ok(());
        }
    }
    for (table, _) in TABLES {
        let name = quarter.table(table);
        driver.script(&format!(
            "CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ({from}) TO ({to})"
        ))?;
    }
    Ok(())
}

fn is_there(driver: &mut dyn Driver, table: &str) -> Result<bool> {
    let text = format!(
        "SELECT COUNT(*) FROM pg_class WHERE relname = '{table}' \
         AND relnamespace = to_regnamespace(current_schema())"
    );
    Ok(number(driver, &text)? > 0)
}

fn number(driver: &mut dyn Driver, text: &str) -> Result<i64> {
    let rows = driver.rows(&Sql::new(text), &[], Lock::None)?;
    rows.into_iter().next().map_or(Ok(0), |mut row| row.take())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_follow_each_other_without_a_gap() {
        let mut quarter = Quarter::of(Zone::china().at(Day::of(2026, 11, 22), 0));
        assert_eq!(quarter.table("fact"), "fact_2026q4");
        for name in ["fact_2027q1", "fact_2027q2", "fact_2027q3", "fact_2027q4", "fact_2028q1"] {
            let end = quarter.next().first_id();
            assert!(quarter.first_id() < end);
            quarter = quarter.next();
            assert_eq!((quarter.table("fact").as_str(), quarter.first_id()), (name, end));
        }
        let last_night = Zone::china().at(Day::of(2026, 12, 31), 24 * 60 - 1);
        assert_eq!(Quarter::of(last_night).table("fact"), "fact_2026q4");
    }

    #[test]
    fn only_tables_of_facts_are_kept_by_quarter() {
        let ddl = "CREATE TABLE fact (\n    id BIGINT,\n    PRIMARY KEY (id)\n);\nCREATE TABLE \
                   fact_seal (\n    seq BIGINT\n);\n";
        let parted = split(ddl);
        assert!(parted.contains(
            "PRIMARY KEY (id)\n) PARTITION BY RANGE (id);\nCREATE TABLE fact_rest PARTITION OF \
             fact DEFAULT;\n"
        ));
        assert!(parted.contains("CREATE TABLE fact_seal (\n    seq BIGINT\n);\n"));
    }
}
