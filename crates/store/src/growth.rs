//! What PostgreSQL's planner thinks of tables that have grown at once.
//!
//! Its own watchman comes by once in a minute. An import fills tables in seconds, and what is asked
//! next would be planned for empty ones: each page of the chain of facts then read all facts.
use crate::driver::{Engine, Lock};
use crate::{Sql, Store};
use kernel::{Error, Result, Stored};

/// Bytes below which no plan matters.
const SMALL: i64 = 32 * 8192;

/// Of a part of a table, the table: looking at it looks at its parts.
const GROWN: &str = "SELECT DISTINCT CAST(CAST(COALESCE(i.inhparent, c.oid) AS REGCLASS) AS TEXT) \
                     FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid \
                     WHERE c.relkind = 'r' AND c.relnamespace = to_regnamespace(current_schema()) \
                     AND pg_relation_size(c.oid) > CAST($1 AS BIGINT) \
                     AND pg_relation_size(c.oid) > 2 * 8192 * CAST(c.relpages AS BIGINT) \
                     ORDER BY 1";

impl Store {
    /// Looks anew at every table that is more than twice what it was when it was last looked at:
    /// to be called when much was written at once. SQLite's planner is told once and for all what
    /// to think (docs/adr/0002).
    ///
    /// Errors: the database's.
    pub fn notice_growth(&self) -> Result<()> {
        if self.engine() == Engine::Sqlite {
            return Ok(());
        }
        self.on_driver(|driver| {
            let rows = driver.rows(&Sql::new(GROWN), &[Stored::Int(SMALL)], Lock::None)?;
            let names = rows.into_iter().map(|mut row| row.take());
            let names: Vec<String> = names.collect::<Result<_>>()?;
            if names.is_empty() {
                return Ok(());
            }
            driver.script(&format!("ANALYZE {}", names.join(", "))).map_err(Error::from)
        })
    }
}
