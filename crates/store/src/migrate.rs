//! Numbered, embedded, forward-only migrations in one dialect, rewritten for each engine.
use crate::driver::{Driver, Engine, Lock};
use crate::{Sql, quarters, sql};
use kernel::{Digest, Error, Result, Stored};

/// The migrations, oldest first.
pub const ALL: &[(i64, &str)] = &[(1, include_str!("../migrations/0001_init.sql"))];

const LITE_STATISTICS: &str = include_str!("../migrations/sqlite_statistics.sql");

/// Brings a database to the newest schema.
///
/// Error: `store.schema_newer` when a newer program made it, `store.schema_changed` when a
/// migration that ran is not the one we know.
pub(crate) fn up(driver: &mut dyn Driver) -> Result<()> {
    up_by(driver, ALL)
}

/// The same by a given list of migrations.
pub(crate) fn up_by(driver: &mut dyn Driver, all: &[(i64, &str)]) -> Result<()> {
    // Locked first: two that open a new database at once would both make the first table.
    begin(driver)?;
    driver.script(&rewrite(
        "CREATE TABLE IF NOT EXISTS schema_version (number BIGINT NOT NULL, digest TEXT NOT NULL, \
         PRIMARY KEY (number));",
        driver.engine(),
    ))?;
    let done = versions(driver)?;
    for (number, digest) in &done {
        let known = all.iter().find(|(n, _)| n == number);
        let (_, text) = known.ok_or_else(|| Error::conflict("store.schema_newer", number))?;
        if digest_of(text) != *digest {
            return Err(Error::conflict("store.schema_changed", number));
        }
    }
    for (number, text) in all.iter().skip(done.len()) {
        driver.script(&rewrite(text, driver.engine()))?;
        driver.exec(insert_version(), &[Stored::Int(*number), Stored::text(digest_of(text))])?;
    }
    driver.script("COMMIT")?;
    if driver.engine() == Engine::Sqlite && done.len() < all.len() {
        statistics(driver)?;
    }
    Ok(())
}

/// What SQLite's planner shall think of the tables, again: an index that was made anew has none.
pub(crate) fn statistics(driver: &mut dyn Driver) -> Result<()> {
    driver.script(LITE_STATISTICS).map_err(Error::from)
}

fn begin(driver: &mut dyn Driver) -> Result<()> {
    match driver.engine() {
        Engine::Sqlite => driver.script("BEGIN IMMEDIATE")?,
        Engine::Postgres => driver.script("BEGIN; SELECT pg_advisory_xact_lock(7301)")?,
    }
    Ok(())
}

fn insert_version() -> &'static Sql {
    sql!(@made true, Sql::new("INSERT INTO schema_version (number, digest) VALUES ($1, $2)"))
}

fn versions(driver: &mut dyn Driver) -> Result<Vec<(i64, String)>> {
    let sql = sql!(@made true, Sql::new(
        "SELECT number, digest FROM schema_version ORDER BY number"
    ));
    let rows = driver.rows(sql, &[], Lock::None)?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect()
}

fn digest_of(text: &str) -> String {
    let mut digest = Digest::new();
    digest.text(text);
    digest.finish()
}

/// Writes the portable DDL for an engine.
#[must_use]
pub fn rewrite(text: &str, engine: Engine) -> String {
    match engine {
        Engine::Sqlite => text
            .replace(" BIGINT", " INTEGER")
            .replace(" JSONB", " TEXT")
            .replace("\n);", "\n) STRICT, WITHOUT ROWID;")
            .replace("(number));", "(number)) STRICT, WITHOUT ROWID;"),
        Engine::Postgres => quarters::split(&text.replace(" TEXT", " TEXT COLLATE \"C\"")),
    }
}
