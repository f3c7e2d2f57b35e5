//! SQLite: connections, and the group commit of the one writer.
//!
//! Callers run their command themselves while they hold the writer; who finds nobody waiting
//! commits for all. One fsync for many commands, no thread hop, and a command can be run again by
//! its own caller when its group fails (docs/adr/0001).
use crate::driver::{Driver, Engine, Failure, Lock, Write, shared, together};
use crate::fold::Pages;
use crate::known::Known;
use crate::{Row, Sql};
use kernel::{Error, Result, Stored, Text};
use rusqlite::hooks::Wal;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, config::DbConfig, ffi::ErrorCode};
use std::path::Path;

/// One SQLite connection.
pub(crate) struct Lite {
    pub(crate) conn: Connection,
    /// The writer's alone: a reader would not hear of writes.
    known: Option<Known>,
}

struct Param<'a>(&'a Stored);
impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Stored::Null => ValueRef::Null,
            Stored::Int(n) => ValueRef::Integer(*n),
            Stored::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl Lite {
    /// Opens the writer's connection, creating the file; it tells how long its log is.
    pub(crate) fn writer(path: &Path, log: &Pages) -> Result<Self> {
        let mut lite =
            Self::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        lite.known = Some(Known::default());
        lite.pragmas(
            "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0; \
             PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;",
        )?;
        let log = log.clone();
        let told = lite.conn.wal_hook(Some(move |_: &mut Wal, pages| {
            log.say(u64::try_from(pages).unwrap_or(0));
            Ok(())
        }));
        told.map_err(|e| opening(path, &e))?;
        Ok(lite)
    }

    /// Opens a connection that cannot write.
    pub(crate) fn reader(path: &Path) -> Result<Self> {
        let lite = Self::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        lite.pragmas("PRAGMA query_only = ON; PRAGMA cache_size = -16384;")?;
        Ok(lite)
    }

    fn open(path: &Path, flags: OpenFlags) -> Result<Self> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags).map_err(|e| opening(path, &e))?;
        conn.set_prepared_statement_cache_capacity(1024);
        let off = [DbConfig::SQLITE_DBCONFIG_DQS_DML, DbConfig::SQLITE_DBCONFIG_DQS_DDL];
        for option in off {
            conn.set_db_config(option, false).map_err(|e| opening(path, &e))?;
        }
        // Without this promise SQLite plans a statement anew whenever a parameter changes that a
        // partial index or the statistics speak of: most of a short query's time.
        let stable = DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG;
        conn.set_db_config(stable, true).map_err(|e| opening(path, &e))?;
        let lite = Self { conn, known: None };
        lite.pragmas(
            "PRAGMA busy_timeout = 10000; PRAGMA trusted_schema = OFF; \
             PRAGMA cell_size_check = ON;",
        )?;
        Ok(lite)
    }

    fn pragmas(&self, text: &str) -> Result<()> {
        self.conn.execute_batch(text).map_err(|e| Error::from(failure(&e)))
    }

    /// Rows changed since the connection was opened.
    pub(crate) fn changes(&self) -> u64 {
        self.conn.total_changes()
    }

    /// True while a transaction is open: a job may have ended it (full disk).
    pub(crate) fn in_transaction(&self) -> bool {
        !self.conn.is_autocommit()
    }
}

fn opening(path: &Path, e: &rusqlite::Error) -> Error {
    Error::conflict("store.cannot_open", e).with("path", path.display())
}

pub(crate) fn broken(e: &rusqlite::Error) -> Error {
    failure(e).into()
}

fn failure(e: &rusqlite::Error) -> Failure {
    let text = e.to_string();
    match e.sqlite_error().map(|e| (e.code, e.extended_code)) {
        Some((ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _)) => Failure::Retry(text),
        Some((ErrorCode::ConstraintViolation, 2067 | 1555)) => Failure::Duplicate(text),
        Some((ErrorCode::ConstraintViolation, 787)) => Failure::Reference(text),
        Some((ErrorCode::DiskFull, _)) => Failure::Full(text),
        Some(_) | None => Failure::Broken(text),
    }
}

impl Lite {
    /// Runs an insert for each row.
    pub(crate) fn load(&mut self, sql: &Sql, rows: &[Vec<Stored>]) -> Result<(), Failure> {
        self.each(sql, rows.iter().map(|row| row.iter().map(Param))).map(|_| ())
    }

    /// Runs one statement with one list of parameters after the other; rows changed by each.
    fn each<'p>(
        &self,
        sql: &Sql,
        lists: impl IntoIterator<Item = impl Iterator<Item = Param<'p>>>,
    ) -> Result<Vec<u64>, Failure> {
        let mut statement = self.conn.prepare_cached(&sql.lite).map_err(|e| failure(&e))?;
        let one = |params| {
            let changed = statement.execute(rusqlite::params_from_iter(params));
            changed.map(|n| n as u64).map_err(|e| failure(&e))
        };
        lists.into_iter().map(one).collect()
    }
}

impl Lite {
    /// What is known of masters goes with a write of theirs, and with every failure: the engine may
    /// have taken the transaction back by itself.
    fn noted<T>(&mut self, result: Result<T, Failure>) -> Result<T, Failure> {
        if let (Err(_), Some(known)) = (&result, &mut self.known) {
            known.forget();
        }
        result
    }
    fn writes(&mut self, sql: &Sql) {
        if let Some(known) = &mut self.known {
            known.written(sql);
        }
    }

    fn read(&self, sql: &Sql, params: &[Stored]) -> Result<Vec<Row>, Failure> {
        let mut statement = self.conn.prepare_cached(&sql.lite).map_err(|e| failure(&e))?;
        let width = statement.column_count();
        let params = rusqlite::params_from_iter(params.iter().map(Param));
        let mut found = statement.query(params).map_err(|e| failure(&e))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next().map_err(|e| failure(&e))? {
            let mut cells = Vec::with_capacity(width);
            for at in 0..width {
                cells.push(cell(row.get_ref(at).map_err(|e| failure(&e))?)?);
            }
            rows.push(Row::new(cells));
        }
        Ok(rows)
    }

    /// Writes of one statement that follow each other share its preparation. Only rows of tables
    /// without foreign keys go several into one statement: elsewhere it would open a journal of
    /// its own for the case that the last of them fails, which costs more than it saves.
    fn all(&self, writes: &[Write]) -> Result<Vec<u64>, Failure> {
        let mut counts = Vec::with_capacity(writes.len());
        for run in writes.chunk_by(|one, next| std::ptr::eq(one.sql, next.sql)) {
            if run[0].sql.stands_alone() {
                for (sql, rows) in together(run) {
                    let params = rows.iter().flat_map(|w| &w.params).map(Param);
                    counts.extend(shared(self.each(sql, [params])?[0], rows.len()));
                }
            } else {
                let rows = run.iter().map(|w| w.params.iter().map(Param));
                counts.extend(self.each(run[0].sql, rows)?);
            }
        }
        Ok(counts)
    }
}

impl Driver for Lite {
    fn exec(&mut self, sql: &Sql, params: &[Stored]) -> Result<u64, Failure> {
        self.writes(sql);
        let changed = self.each(sql, [params.iter().map(Param)]);
        Ok(self.noted(changed)?[0])
    }

    fn rows(&mut self, sql: &Sql, params: &[Stored], _lock: Lock) -> Result<Vec<Row>, Failure> {
        // `… RETURNING` writes.
        self.writes(sql);
        if let Some(rows) = self.known.as_ref().and_then(|known| known.rows(sql, params)) {
            return Ok(rows);
        }
        let rows = self.read(sql, params);
        let rows = self.noted(rows)?;
        if let Some(known) = &mut self.known {
            known.keep(sql, params, &rows);
        }
        Ok(rows)
    }

    fn batch(&mut self, writes: &[Write]) -> Result<Vec<u64>, Failure> {
        for run in writes.chunk_by(|one, next| std::ptr::eq(one.sql, next.sql)) {
            self.writes(run[0].sql);
        }
        let changed = self.all(writes);
        self.noted(changed)
    }

    fn script(&mut self, text: &str) -> Result<(), Failure> {
        // The few words of transaction control come thousands of times a minute.
        let is_control = text.len() < 32 && !text.contains(';');
        if let Some(known) = &mut self.known
            && (!is_control || text.starts_with("ROLLBACK"))
        {
            known.forget();
        }
        let done = if is_control {
            let statement = self.conn.prepare_cached(text);
            statement.and_then(|mut statement| statement.raw_execute().map(|_| ()))
        } else {
            self.conn.execute_batch(text)
        };
        self.noted(done.map_err(|e| failure(&e)))
    }

    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn is_in_transaction(&self) -> bool {
        self.in_transaction()
    }
}

fn cell(value: ValueRef<'_>) -> Result<Stored, Failure> {
    match value {
        ValueRef::Null => Ok(Stored::Null),
        ValueRef::Integer(n) => Ok(Stored::Int(n)),
        ValueRef::Text(text) => {
            Text::from_utf8(text).map(Stored::Text).map_err(|e| Failure::Broken(e.to_string()))
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => {
            Err(Failure::Broken("a float or blob in a result: cast it".into()))
        }
    }
}
