//! Running commands: group commit on SQLite, pooled connections with retries on PostgreSQL.
use crate::driver::Driver;
use crate::facts;
use crate::fold::{self, Fold, Pages};
use crate::lite::Lite;
use crate::pg::Pg;
use crate::tx::{LoggedWrite, Told, Tx};
use kernel::{Ctx, Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Commands in one commit, and how long a group stays open while others wait to join it.
const GROUP: usize = 64;
const OPEN_FOR: Duration = Duration::from_millis(20);
/// How long the last of a group waits for more company, where the group before had some.
const LINGER: Duration = Duration::from_micros(400);
/// Callers that may wait for the writer or a connection before new ones are sent away.
const QUEUE: usize = 512;
const RETRIES: u32 = 8;
/// Idle reading connections that are kept.
const READERS: usize = 32;

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn busy() -> Error {
    Error::conflict("store.queue_full", QUEUE)
}

/// What was done since the store was opened.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) statements: AtomicU64,
    pub(crate) commits: AtomicU64,
}

impl Counters {
    fn statements(&self, count: u64) {
        self.statements.fetch_add(count, Ordering::Relaxed);
    }
    fn commit(&self) {
        self.commits.fetch_add(1, Ordering::Relaxed);
    }
}

/// A command as the engines see it.
pub(crate) type Job<'j, T> = &'j dyn Fn(&Ctx, &mut Tx) -> Result<T>;

// ---- SQLite

/// The one writer of a SQLite file and its readers.
pub(crate) struct LiteEngine {
    path: PathBuf,
    writer: Arc<Mutex<Writer>>,
    waiting: AtomicUsize,
    readers: Mutex<Vec<Lite>>,
    fold: Fold,
    pub(crate) counters: Arc<Counters>,
}

pub(crate) struct Writer {
    pub(crate) lite: Lite,
    pages: Pages,
    group: Option<Group>,
    /// Commands of the group before: one says that a single caller is at work.
    last_group: usize,
    log: Option<Vec<LoggedWrite>>,
    counters: Arc<Counters>,
}

/// The commands that one COMMIT will make durable.
struct Group {
    end: Arc<End>,
    size: usize,
    since: Instant,
    told: Vec<Told>,
}

#[derive(Default)]
struct End {
    committed: Mutex<Option<bool>>,
    changed: Condvar,
}

impl End {
    fn say(&self, committed: bool) {
        *locked(&self.committed) = Some(committed);
        self.changed.notify_all();
    }
    /// Waits for the end, but not longer; is it known now?
    fn known_within(&self, limit: Duration) -> bool {
        let known = locked(&self.committed);
        let waited = self.changed.wait_timeout_while(known, limit, |known| known.is_none());
        waited.is_ok_and(|(known, _)| known.is_some())
    }
    fn wait(&self) -> bool {
        let mut known = locked(&self.committed);
        loop {
            if let Some(committed) = *known {
                return committed;
            }
            known = self.changed.wait(known).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl LiteEngine {
    pub(crate) fn open(path: PathBuf) -> Result<Self> {
        let counters = Arc::new(Counters::default());
        let pages = Pages::default();
        let lite = Lite::writer(&path, &pages)?;
        let fold = Fold::new(&path, pages.clone());
        let own = Arc::clone(&counters);
        let writer = Writer { lite, pages, group: None, last_group: 0, log: None, counters: own };
        let (waiting, readers) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        Ok(Self { path, writer: Arc::new(Mutex::new(writer)), waiting, readers, fold, counters })
    }

    /// Takes the writer for one caller alone: migrations, sessions, backups.
    pub(crate) fn exclusive(&self) -> Result<MutexGuard<'_, Writer>> {
        let mut writer = locked(&self.writer);
        writer.close_group();
        Ok(writer)
    }

    pub(crate) fn run<T>(&self, cx: &Ctx, job: Job<'_, T>) -> Result<T> {
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(busy());
        }
        let mut writer = locked(&self.writer);
        self.waiting.fetch_sub(1, Ordering::AcqRel);
        let (result, end) = writer.join(cx, job, Undo::Group)?;
        let nobody_waits = self.waiting.load(Ordering::Acquire) == 0;
        if writer.group_is_due() || (nobody_waits && writer.last_group < 2) {
            writer.close_group();
        }
        drop(writer);
        if nobody_waits && !end.known_within(LINGER) {
            // The others of the last group are on their way back, or have gone home: who lingered
            // commits for all that came meanwhile.
            let mut writer = locked(&self.writer);
            if writer.is_open(&end) {
                writer.close_group();
            }
        }
        if end.wait() {
            self.fold.after_commit(|| {
                let writer = Arc::clone(&self.writer);
                move |rest: &dyn Fn()| {
                    let mut writer = locked(&writer);
                    writer.close_group();
                    rest();
                }
            });
            return result;
        }
        // The group failed: its members run again, each alone, so that one cannot harm another.
        cx.rewind();
        locked(&self.writer).alone(cx, job)
    }

    pub(crate) fn read<T>(
        &self,
        cx: &Ctx,
        job: impl FnOnce(&Ctx, &mut Tx) -> Result<T>,
    ) -> Result<T> {
        let idle = locked(&self.readers).pop();
        let mut lite = match idle {
            Some(lite) => lite,
            None => Lite::reader(&self.path)?,
        };
        lite.script("BEGIN")?;
        let result = shielded(|| job(cx, &mut Tx::new(&mut lite, cx.tenant, None)));
        lite.script("ROLLBACK")?;
        let mut readers = locked(&self.readers);
        if readers.len() < READERS {
            readers.push(lite);
        }
        result
    }
}

/// How the writes of a command that failed are undone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Undo {
    /// The whole group is rolled back and its other members run again, each alone. Most commands
    /// that are refused wrote nothing yet, so this is rare, and no member pays for a savepoint.
    Group,
    /// Back to where the command began: members of a session were answered already.
    Savepoint,
}

impl Writer {
    /// Runs a command as the next member of the open group; opens one if there is none.
    fn join<T>(&mut self, cx: &Ctx, job: Job<'_, T>, undo: Undo) -> Result<(Result<T>, Arc<End>)> {
        if self.group.is_none() {
            self.lite.script("BEGIN IMMEDIATE")?;
            let end = Arc::new(End::default());
            let since = Instant::now();
            self.group = Some(Group { end, size: 0, since, told: Vec::new() });
        }
        let outcome = match undo {
            Undo::Group => self.in_group(cx, job)?,
            Undo::Savepoint => self.in_savepoint(cx, job),
        };
        let broken = !self.lite.in_transaction();
        let group = self.group.as_mut().ok_or_else(|| Error::bug("bug.group", "no group"))?;
        group.size += 1;
        let end = Arc::clone(&group.end);
        let result = match outcome {
            Ok((value, told)) => {
                group.told.extend(told);
                Ok(value)
            }
            Err(error) => Err(error),
        };
        if broken {
            // A job ended the transaction (a full disk, or a refusal after its first writes):
            // nothing of this group is in the file, and its members run again.
            self.group = None;
            end.say(false);
        }
        Ok((result, end))
    }

    /// Runs a command; one that fails after it wrote takes the whole group back.
    fn in_group<T>(&mut self, cx: &Ctx, job: Job<'_, T>) -> Result<Result<(T, Vec<Told>)>> {
        let (before, written) = (self.lite.changes(), self.log.as_ref().map_or(0, Vec::len));
        let outcome = attempt(&mut self.lite, cx, job, self.log.as_mut(), &self.counters);
        let wrote = self.lite.changes() != before;
        if outcome.is_err() && wrote && self.lite.in_transaction() {
            self.lite.script("ROLLBACK")?;
        }
        self.end_log(written, outcome.is_ok());
        Ok(outcome)
    }

    fn in_savepoint<T>(&mut self, cx: &Ctx, job: Job<'_, T>) -> Result<(T, Vec<Told>)> {
        self.lite.script("SAVEPOINT command")?;
        let written = self.log.as_ref().map_or(0, Vec::len);
        let outcome = attempt(&mut self.lite, cx, job, self.log.as_mut(), &self.counters);
        if self.lite.in_transaction() {
            if outcome.is_err() {
                self.lite.script("ROLLBACK TO command")?;
            }
            self.lite.script("RELEASE command")?;
        }
        self.end_log(written, outcome.is_ok());
        outcome
    }

    /// Keeps a command's writes in the log, or forgets those of one that failed.
    fn end_log(&mut self, written: usize, done: bool) {
        match &mut self.log {
            Some(log) if done => log.push(LoggedWrite::end_of_command()),
            Some(log) => log.truncate(written),
            None => {}
        }
    }

    /// Folds a log that nobody folds beside the writer; one that cannot be folded stays, whole.
    fn fold_from(&self, pages: u64) {
        if self.pages.now() >= pages && !self.lite.in_transaction() {
            drop(self.lite.fold());
        }
    }

    fn is_open(&self, end: &Arc<End>) -> bool {
        self.group.as_ref().is_some_and(|group| Arc::ptr_eq(&group.end, end))
    }

    fn group_is_due(&self) -> bool {
        self.group.as_ref().is_some_and(|g| g.size >= GROUP || g.since.elapsed() >= OPEN_FOR)
    }

    /// Seals and commits what is open; tells every member how it ended.
    pub(crate) fn close_group(&mut self) {
        let Some(group) = self.group.take() else { return };
        self.last_group = group.size;
        let sealed = facts::seal(&mut self.lite, &group.told);
        let committed = sealed.is_ok() && self.lite.script("COMMIT").is_ok();
        self.counters.commit();
        self.fold_from(fold::FLOOD);
        if !committed && self.lite.in_transaction() {
            // Nothing can be done about a failing rollback but what follows: all run again.
            let _rolled_back = self.lite.script("ROLLBACK");
        }
        group.end.say(committed);
    }

    /// Runs a command in a transaction of its own.
    fn alone<T>(&mut self, cx: &Ctx, job: Job<'_, T>) -> Result<T> {
        self.close_group();
        self.lite.script("BEGIN IMMEDIATE")?;
        let outcome = attempt(&mut self.lite, cx, job, self.log.as_mut(), &self.counters);
        let sealed = outcome.and_then(|(value, told)| {
            facts::seal(&mut self.lite, &told)?;
            self.lite.script("COMMIT")?;
            self.counters.commit();
            Ok(value)
        });
        self.fold_from(fold::FLOOD);
        if sealed.is_err() && self.lite.in_transaction() {
            self.lite.script("ROLLBACK")?;
        }
        sealed
    }

    /// One command of a session: grouped with those before it, committed every [`GROUP`].
    pub(crate) fn next<T>(&mut self, cx: &Ctx, job: Job<'_, T>) -> Result<T> {
        let (result, end) = self.join(cx, job, Undo::Savepoint)?;
        if self.group.is_none() && !end.wait() {
            cx.rewind();
            return self.alone(cx, job);
        }
        if self.group.as_ref().is_some_and(|g| g.size >= GROUP) {
            self.close_group();
            // Nobody else can write while a session lasts.
            self.fold_from(fold::FULL);
            if !end.wait() {
                return Err(Error::bug("bug.session_lost", "a session's commit failed"));
            }
        }
        result
    }

    pub(crate) fn start_log(&mut self) {
        self.log = Some(Vec::new());
    }
    pub(crate) fn take_log(&mut self) -> Vec<LoggedWrite> {
        self.log.take().unwrap_or_default()
    }
}

// ---- PostgreSQL

/// A bounded pool of connections.
pub(crate) struct PgEngine {
    pub(crate) url: String,
    pub(crate) schema: String,
    idle: Mutex<Idle>,
    returned: Condvar,
    log: Mutex<Option<Vec<LoggedWrite>>>,
    pub(crate) counters: Counters,
}

struct Idle {
    free: Vec<Pg>,
    /// Connections that exist, free or in use.
    made: usize,
    waiting: usize,
    limit: usize,
}

impl PgEngine {
    pub(crate) fn open(url: &str, schema: &str, limit: usize) -> Self {
        let idle = Idle { free: Vec::new(), made: 0, waiting: 0, limit };
        Self {
            url: url.to_owned(),
            schema: schema.to_owned(),
            idle: Mutex::new(idle),
            returned: Condvar::new(),
            log: Mutex::new(None),
            counters: Counters::default(),
        }
    }

    pub(crate) fn take(&self) -> Result<Pg> {
        let mut idle = locked(&self.idle);
        loop {
            while let Some(pg) = idle.free.pop() {
                if !pg.is_closed() {
                    return Ok(pg);
                }
                idle.made -= 1;
            }
            if idle.made < idle.limit {
                idle.made += 1;
                drop(idle);
                return Pg::connect(&self.url, &self.schema).inspect_err(|_| self.forget());
            }
            if idle.waiting >= QUEUE {
                return Err(busy());
            }
            idle.waiting += 1;
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
            idle.waiting -= 1;
        }
    }

    fn forget(&self) {
        locked(&self.idle).made -= 1;
        self.returned.notify_one();
    }

    pub(crate) fn give(&self, pg: Pg) {
        if pg.is_closed() {
            return self.forget();
        }
        locked(&self.idle).free.push(pg);
        self.returned.notify_one();
    }

    pub(crate) fn run<T>(&self, cx: &Ctx, job: Job<'_, T>) -> Result<T> {
        let mut pg = self.take()?;
        let mut log = self.logging().then(Vec::new);
        let result = in_own_transaction(&mut pg, cx, job, &mut log, &self.counters);
        self.give(pg);
        if let (Some(all), Some(new)) = (locked(&self.log).as_mut(), log) {
            all.extend(new);
        }
        result.map(|(value, _)| value)
    }

    pub(crate) fn read<T>(
        &self,
        cx: &Ctx,
        job: impl FnOnce(&Ctx, &mut Tx) -> Result<T>,
    ) -> Result<T> {
        let mut pg = self.take()?;
        let result = pg
            .script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .map_err(Error::from)
            .and_then(|()| shielded(|| job(cx, &mut Tx::new(&mut pg, cx.tenant, None))));
        let ended = pg.script("ROLLBACK");
        self.give(pg);
        ended?;
        result
    }

    fn logging(&self) -> bool {
        locked(&self.log).is_some()
    }
    pub(crate) fn start_log(&self) {
        *locked(&self.log) = Some(Vec::new());
    }
    pub(crate) fn take_log(&self) -> Vec<LoggedWrite> {
        locked(&self.log).take().unwrap_or_default()
    }
}

/// BEGIN … COMMIT with the whole command repeated where the database asks for it.
pub(crate) fn in_own_transaction<T>(
    pg: &mut Pg,
    cx: &Ctx,
    job: Job<'_, T>,
    log: &mut Option<Vec<LoggedWrite>>,
    counters: &Counters,
) -> Result<(T, Vec<Told>)> {
    let mut tries = 0;
    loop {
        pg.script("BEGIN")?;
        if let Some(log) = log {
            log.clear();
        }
        let mut tx = Tx::new(pg, cx.tenant, log.as_mut());
        let outcome = shielded(|| {
            let value = job(cx, &mut tx)?;
            let told = tx.finish(cx)?;
            Ok((value, told))
        });
        let again = tx.must_retry();
        counters.statements(tx.statements());
        let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = pg.script(end);
        match (outcome, ended) {
            (Ok(done), Ok(())) => {
                counters.commit();
                if let Some(log) = log {
                    log.push(LoggedWrite::end_of_command());
                }
                return Ok(done);
            }
            (Ok(_), Err(failure)) => return Err(failure.into()),
            (Err(_), Ok(())) if again && tries < RETRIES => {
                tries += 1;
                cx.rewind();
                std::thread::sleep(Duration::from_millis(u64::from(tries * tries)));
            }
            (Err(error), _) => return Err(error),
        }
    }
}

fn attempt<T>(
    driver: &mut dyn Driver,
    cx: &Ctx,
    job: Job<'_, T>,
    log: Option<&mut Vec<LoggedWrite>>,
    counters: &Counters,
) -> Result<(T, Vec<Told>)> {
    let mut tx = Tx::new(driver, cx.tenant, log);
    let outcome = shielded(|| {
        let value = job(cx, &mut tx)?;
        let told = tx.finish(cx)?;
        Ok((value, told))
    });
    counters.statements(tx.statements());
    outcome
}

/// A panic inside a command becomes a bug of that command alone.
fn shielded<T>(job: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(job)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        Err(Error::bug("bug.panic", text.unwrap_or_default()))
    })
}
