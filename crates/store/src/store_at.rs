//! A store at a place: opening it, running commands and reads, sessions, sealing.
use crate::driver::{Driver, Engine, Lock, Write};
use crate::engine::{Counters, LiteEngine, PgEngine, Writer, in_own_transaction};
use crate::pg::Pg;
use crate::tx::{LoggedWrite, Tx};
use crate::{Sql, facts, leases, migrate, quarters};
use kernel::{Ctx, Error, IdMaker, Instant, Result};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};

/// Where a store's rows live.
#[derive(Clone, Debug)]
pub enum Target {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL database, in a schema of its own.
    Postgres { url: String, schema: String },
}

enum Kind {
    Lite(Box<LiteEngine>),
    Pg(PgEngine),
}

/// An open database. Cheap to share by reference between threads.
pub struct Store {
    kind: Kind,
    ids: Arc<IdMaker>,
}

/// Connections to PostgreSQL per process.
const CONNECTIONS: usize = 24;

impl Store {
    /// Opens a database, brings its schema up to date, and leases a node for its ids.
    ///
    /// Errors: `store.cannot_open`, `store.schema_newer`, `store.no_node`.
    pub fn open(target: &Target, now: Instant) -> Result<Self> {
        Self::start(target, now, migrate::up)
    }

    /// The same with a list of migrations of one's own: tests that go from an older schema on.
    pub fn open_by(target: &Target, now: Instant, migrations: &[(i64, &str)]) -> Result<Self> {
        Self::start(target, now, |driver| migrate::up_by(driver, migrations))
    }

    /// Opens an empty database with the tables of the declarations alone, without migrations:
    /// for tests of one crate. On PostgreSQL it makes the schema.
    pub fn open_declared(target: &Target, now: Instant, all: &[&meta::Entity]) -> Result<Self> {
        let ddl = crate::schema::ddl(all);
        Self::start(target, now, |driver| {
            if let Target::Postgres { schema, .. } = target {
                driver.script(&format!("CREATE SCHEMA {schema}"))?;
            }
            driver.script(&migrate::rewrite(&ddl, driver.engine())).map_err(Error::from)
        })
    }

    fn start(
        target: &Target,
        now: Instant,
        up: impl FnOnce(&mut dyn Driver) -> Result<()>,
    ) -> Result<Self> {
        let kind = match target {
            Target::File(path) => Kind::Lite(Box::new(LiteEngine::open(path.clone())?)),
            Target::Postgres { url, schema } => Kind::Pg(PgEngine::open(url, schema, CONNECTIONS)),
        };
        let mut store = Self { kind, ids: Arc::new(IdMaker::new(0, 0)) };
        let (node, last) = store.on_driver(|driver| {
            up(driver)?;
            quarters::prepare(driver, now)?;
            leases::take_node(driver, now)
        })?;
        store.ids = Arc::new(IdMaker::new(node, last));
        Ok(store)
    }

    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self.kind {
            Kind::Lite(_) => Engine::Sqlite,
            Kind::Pg(_) => Engine::Postgres,
        }
    }
    /// The maker of this process's ids.
    #[must_use]
    pub fn ids(&self) -> Arc<IdMaker> {
        Arc::clone(&self.ids)
    }

    /// Runs a command: one transaction, its facts with it, durable when this returns.
    ///
    /// The command may be run more than once (a lost race, a failed group); each run starts from
    /// nothing. Errors: the command's own, `store.busy`, `store.queue_full`, `store.full`, bugs.
    pub fn run<T>(&self, cx: &Ctx, job: impl Fn(&Ctx, &mut Tx) -> Result<T>) -> Result<T> {
        cx.begin();
        match &self.kind {
            Kind::Lite(lite) => lite.run(cx, &job),
            Kind::Pg(pg) => pg.run(cx, &job),
        }
    }

    /// Reads from one consistent snapshot; cannot write.
    pub fn read<T>(&self, cx: &Ctx, job: impl FnOnce(&Ctx, &mut Tx) -> Result<T>) -> Result<T> {
        match &self.kind {
            Kind::Lite(lite) => lite.read(cx, job),
            Kind::Pg(pg) => pg.read(cx, job),
        }
    }

    /// Takes the store for one caller that runs many commands in a row, single-threaded.
    pub fn session<T>(&self, job: impl FnOnce(&mut Session<'_>) -> Result<T>) -> Result<T> {
        let kind = match &self.kind {
            Kind::Lite(lite) => SessionKind::Lite(lite.exclusive()?),
            Kind::Pg(pg) => SessionKind::Pg(Box::new(pg.take()?)),
        };
        let mut session = Session { kind, ids: self.ids() };
        let result = job(&mut session);
        match (session.kind, &self.kind) {
            (SessionKind::Lite(mut writer), _) => writer.close_group(),
            (SessionKind::Pg(pg), Kind::Pg(pool)) => pool.give(*pg),
            (SessionKind::Pg(_), Kind::Lite(_)) => {}
        }
        result
    }

    /// Seals committed facts of a tenant that are not yet sealed; how many.
    ///
    /// Ids rise with time, but a command that runs long commits a fact that is older than sealed
    /// ones: an hour back covers every command that was still running. On SQLite the writer seals
    /// before each commit, so this finds nothing there.
    pub fn seal(&self, tenant: i64, now: Instant) -> Result<usize> {
        self.seal_back(tenant, now, HOUR)
    }

    /// The same, for who asks several times a second: looks ten seconds back only. Whoever asks
    /// has to ask for the whole hour now and then.
    pub fn seal_recent(&self, tenant: i64, now: Instant) -> Result<usize> {
        match self.engine() {
            Engine::Sqlite => Ok(0),
            Engine::Postgres => self.seal_back(tenant, now, MOMENT),
        }
    }

    fn seal_back(&self, tenant: i64, now: Instant, back: i64) -> Result<usize> {
        let (mut sealed, mut looked_to) = (0, None);
        loop {
            let done = self.on_driver(|driver| {
                let after = match looked_to {
                    Some(last) => last,
                    None => facts::last_sealed(driver, tenant)? - (back << 22),
                };
                // Nothing is written several times a second where nothing happens. The lease is
                // taken once in a while all the same: it says who seals at all.
                let is_idle = back < HOUR && facts::unsealed(driver, tenant, after, 1)?.is_empty();
                if is_idle { Ok(None) } else { seal_above(driver, tenant, now, after) }
            })?;
            let Some((count, last)) = done else { return Ok(sealed) };
            sealed += count;
            looked_to = Some(last);
        }
    }

    /// Renews this process's node lease.
    pub fn renew(&self, now: Instant) -> Result<()> {
        let mut block = self.ids.block(now, 1);
        let last = block.take().unwrap_or(0);
        self.on_driver(|driver| leases::renew_node(driver, last, now))
    }

    /// Makes room for the facts of this quarter and the next, where the engine keeps them apart.
    pub fn prepare(&self, now: Instant) -> Result<()> {
        self.on_driver(|driver| quarters::prepare(driver, now))
    }

    /// Copies a SQLite database to a file while it is in use. Error: `store.not_a_file`.
    pub fn copy_to(&self, path: &Path) -> Result<()> {
        let Kind::Lite(lite) = &self.kind else {
            return Err(Error::invalid("store.not_a_file", "postgres"));
        };
        let writer = lite.exclusive()?;
        let broken = |e: rusqlite::Error| Error::bug("bug.database", e);
        let text = path.to_string_lossy().into_owned();
        writer.lite.conn.execute("VACUUM INTO ?1", [text]).map(|_| ()).map_err(broken)
    }

    /// Starts keeping every write, for the raw limit of `huiliu bench`.
    pub fn start_log(&self) -> Result<()> {
        match &self.kind {
            Kind::Lite(lite) => lite.exclusive()?.start_log(),
            Kind::Pg(pg) => pg.start_log(),
        }
        Ok(())
    }
    /// Ends it and gives the writes in order, command by command.
    pub fn take_log(&self) -> Result<Vec<Vec<LoggedWrite>>> {
        let flat = match &self.kind {
            Kind::Lite(lite) => lite.exclusive()?.take_log(),
            Kind::Pg(pg) => pg.take_log(),
        };
        let commands = flat.split(|w| w.sql.is_none()).filter(|c| !c.is_empty());
        Ok(commands.map(<[LoggedWrite]>::to_vec).collect())
    }

    /// Statements sent and commits made by commands since the store was opened.
    #[must_use]
    pub fn counted(&self) -> (u64, u64) {
        let read = |c: &Counters| {
            (c.statements.load(Ordering::Relaxed), c.commits.load(Ordering::Relaxed))
        };
        match &self.kind {
            Kind::Lite(lite) => read(&lite.counters),
            Kind::Pg(pg) => read(&pg.counters),
        }
    }

    /// Runs recorded writes as fast as the engine allows, `group` commands' worth a commit: the
    /// same statements as the commands sent, rows of one table together.
    pub fn replay(&self, writes: &[Vec<LoggedWrite>], group: usize) -> Result<()> {
        self.on_driver(|driver| {
            for commands in writes.chunks(group) {
                driver.script("BEGIN")?;
                for command in commands {
                    replay_one(driver, command)?;
                }
                driver.script("COMMIT")?;
            }
            Ok(())
        })
    }

    /// Prepares a statement; the types that PostgreSQL says it takes and gives.
    pub fn describe(&self, sql: &Sql) -> Result<Described> {
        match &self.kind {
            Kind::Lite(lite) => {
                let writer = lite.exclusive()?;
                let broken = |e: rusqlite::Error| Error::bug("bug.database", e);
                let made = writer.lite.conn.prepare(&sql.lite).map_err(broken)?;
                let takes = vec![String::new(); made.parameter_count()];
                Ok(Described { takes, gives: vec![String::new(); made.column_count()] })
            }
            Kind::Pg(pool) => {
                let mut pg = pool.take()?;
                let told = pg.describe(sql);
                pool.give(pg);
                let (takes, gives) = told?;
                Ok(Described { takes, gives })
            }
        }
    }

    /// Every column and index of the database by name (tests compare schemas by it).
    pub fn shape(&self) -> Result<Vec<String>> {
        let text = match self.engine() {
            Engine::Sqlite => {
                "SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c \
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' UNION ALL \
                 SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1"
            }
            Engine::Postgres => {
                "SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a \
                 ON a.attrelid = c.oid WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 \
                 AND NOT c.relispartition AND NOT a.attisdropped \
                 AND c.relnamespace = to_regnamespace(current_schema()) \
                 UNION ALL SELECT c.relname::text FROM pg_index i JOIN pg_class c \
                 ON c.oid = i.indexrelid WHERE NOT i.indisprimary AND NOT c.relispartition \
                 AND c.relnamespace = to_regnamespace(current_schema()) ORDER BY 1"
            }
        };
        self.on_driver(|driver| {
            let rows = driver.rows(&Sql::new(text), &[], Lock::None)?;
            rows.into_iter().map(|mut row| row.take()).collect()
        })
    }

    /// How SQLite would run a statement, step by step (tests). Error: `store.not_a_file`.
    pub fn plan(&self, text: &str) -> Result<Vec<String>> {
        let Kind::Lite(lite) = &self.kind else {
            return Err(Error::invalid("store.not_a_file", "postgres"));
        };
        let broken = |e: rusqlite::Error| Error::bug("bug.database", e);
        let writer = lite.exclusive()?;
        let explain = format!("EXPLAIN QUERY PLAN {}", text.replace('$', "?"));
        let mut made = writer.lite.conn.prepare(&explain).map_err(broken)?;
        let nulls = vec![rusqlite::types::Null; made.parameter_count()];
        let nulls = rusqlite::params_from_iter(nulls);
        let steps = made.query_map(nulls, |row| row.get::<_, String>(3)).map_err(broken)?;
        steps.collect::<Result<_, _>>().map_err(broken)
    }

    /// Runs a script on a connection of its own (tests; schema set-up).
    pub fn script(&self, text: &str) -> Result<()> {
        self.on_driver(|driver| driver.script(text).map_err(Error::from))
    }

    pub(crate) fn on_driver<T>(&self, job: impl FnOnce(&mut dyn Driver) -> Result<T>) -> Result<T> {
        match &self.kind {
            Kind::Lite(lite) => job(&mut lite.exclusive()?.lite),
            Kind::Pg(pool) => {
                let mut pg = pool.take()?;
                let result = job(&mut pg);
                if result.is_err() {
                    // A failed script may have left a transaction open.
                    pg.script("ROLLBACK")?;
                }
                pool.give(pg);
                result
            }
        }
    }
}

/// The last one who holds the store gives its node back. On SQLite the folder's lock says who
/// lives.
impl Drop for Store {
    fn drop(&mut self) {
        if std::thread::panicking() || matches!(self.kind, Kind::Lite(_)) {
            return;
        }
        let last = self.ids.block(Instant(0), 1).take().unwrap_or(0);
        // Where this fails, the lease runs out by itself.
        let _released = self.on_driver(|driver| leases::release_node(driver, last));
    }
}

fn replay_one(driver: &mut dyn Driver, command: &[LoggedWrite]) -> Result<()> {
    let mut queue = Vec::with_capacity(command.len());
    for write in command {
        let Some(sql) = write.sql else { continue };
        let params = write.params.clone();
        if sql.text.contains(" RETURNING ") {
            driver.batch(&std::mem::take(&mut queue))?;
            driver.rows(sql, &params, Lock::None)?;
        } else {
            queue.push(Write { sql, params, expect: None });
        }
    }
    driver.batch(&queue)?;
    Ok(())
}

/// Parameter and column types of a prepared statement; empty names on SQLite.
pub struct Described {
    pub takes: Vec<String>,
    pub gives: Vec<String>,
}

/// How far back facts are looked for, in milliseconds of their ids.
const HOUR: i64 = 3_600_000;
const MOMENT: i64 = 10_000;
/// Facts that one transaction seals.
const SEALED_AT_ONCE: i64 = 1_000;

/// Seals the first facts above an id: how many, and the last of them; `None` where there is nothing
/// to seal, or somebody else seals.
fn seal_above(
    driver: &mut dyn Driver,
    tenant: i64,
    now: Instant,
    after: i64,
) -> Result<Option<(usize, i64)>> {
    driver.script("BEGIN")?;
    let mut last = None;
    if leases::hold(driver, tenant, "seal", now)? {
        let told = facts::unsealed(driver, tenant, after, SEALED_AT_ONCE)?;
        last = told.last().map(|fact| (told.len(), fact.fact));
        facts::seal(driver, &told)?;
    }
    driver.script("COMMIT")?;
    Ok(last)
}

/// A caller's exclusive run of commands.
pub struct Session<'s> {
    kind: SessionKind<'s>,
    ids: Arc<IdMaker>,
}

enum SessionKind<'s> {
    Lite(MutexGuard<'s, Writer>),
    Pg(Box<Pg>),
}

impl Session<'_> {
    #[must_use]
    pub fn ids(&self) -> Arc<IdMaker> {
        Arc::clone(&self.ids)
    }

    /// Runs the next command; on SQLite committed together with its neighbours.
    pub fn run<T>(&mut self, cx: &Ctx, job: impl Fn(&Ctx, &mut Tx) -> Result<T>) -> Result<T> {
        cx.begin();
        match &mut self.kind {
            SessionKind::Lite(writer) => writer.next(cx, &job),
            SessionKind::Pg(pg) => {
                let counters = Counters::default();
                in_own_transaction(pg, cx, &job, &mut None, &counters).map(|(value, _)| value)
            }
        }
    }
}
