//! What a database connection must be able to do for [`crate::Tx`], and how it may fail.
use crate::{Row, Sql};
use kernel::{Error, Stored};

/// A write whose result is not needed; flushed before the next read and at commit.
pub(crate) struct Write {
    pub sql: &'static Sql,
    pub params: Vec<Stored>,
    /// Rows that it must change, where that matters (a version, a guard).
    pub expect: Option<Expect>,
}

/// Rows of one table that follow each other go into one statement, 8, 4 or 2 at a time.
pub(crate) fn together(writes: &[Write]) -> Vec<(&Sql, &[Write])> {
    let mut parts = Vec::with_capacity(writes.len());
    let mut rest = writes;
    while let Some(first) = rest.first() {
        let same = |w: &&Write| std::ptr::eq(w.sql, first.sql) && w.expect.is_none();
        let run = rest.iter().take_while(same).count();
        let many = [8, 4, 2].into_iter().filter(|rows| *rows <= run);
        let found = many.filter_map(|rows| Some((first.sql.many(rows)?, rows))).next();
        let (sql, rows) = found.unwrap_or((first.sql, 1));
        let (part, later) = rest.split_at(rows);
        parts.push((sql, part));
        rest = later;
    }
    parts
}

/// What each write of a part changed: several rows of one insert changed one each.
pub(crate) fn shared(count: u64, rows: usize) -> impl Iterator<Item = u64> {
    std::iter::repeat_n(if rows == 1 { count } else { 1 }, rows)
}

/// What it means when a queued write changed no row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expect {
    /// Someone else changed the row first.
    Version(&'static str),
    /// A bound in its WHERE was not met; the code of the error.
    Guard(&'static str),
}

/// How a statement failed.
#[derive(Debug)]
pub enum Failure {
    /// Deadlock, serialization, a lost race: run the whole command again.
    Retry(String),
    /// A unique index refused it.
    Duplicate(String),
    /// A foreign key refused it.
    Reference(String),
    /// No space is left.
    Full(String),
    /// The database is gone or broken.
    Broken(String),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Retry(what) => Self::conflict("store.busy", what),
            Failure::Duplicate(what) => Self::conflict("store.duplicate", what),
            Failure::Reference(what) => Self::conflict("store.reference", what),
            Failure::Full(what) => Self::conflict("store.full", what),
            Failure::Broken(what) => Self::bug("bug.database", what),
        }
    }
}

/// One connection inside one transaction.
pub(crate) trait Driver {
    fn exec(&mut self, sql: &Sql, params: &[Stored]) -> Result<u64, Failure>;
    fn rows(&mut self, sql: &Sql, params: &[Stored], lock: Lock) -> Result<Vec<Row>, Failure>;
    /// Runs writes in order, pipelined where the engine can; rows changed by each.
    fn batch(&mut self, writes: &[Write]) -> Result<Vec<u64>, Failure>;
    /// Runs several statements without parameters (migrations, transaction control).
    fn script(&mut self, text: &str) -> Result<(), Failure>;
    fn engine(&self) -> Engine;
    /// Is the transaction still there? A full disk may have ended it; a write would then stand
    /// alone. PostgreSQL refuses such writes by itself.
    fn is_in_transaction(&self) -> bool;
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    Sqlite,
    Postgres,
}
impl Engine {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// How a read holds the rows it finds until commit (PostgreSQL; SQLite has one writer).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lock {
    None,
    /// Against other writers of the rows.
    Row,
    /// Also against new rows that refer to them.
    Exclude,
}
