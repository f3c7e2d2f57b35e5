//! Copies a SQLite file while it is in use: a base, then every commit of its log.
//!
//! A reading transaction is held open, so that SQLite keeps every commit in the log until it was
//! copied: it folds a log only up to where its oldest reader stands, and begins a new one only when
//! nobody reads from the old one. When the log has grown, the writer's place is taken for a moment:
//! the rest is copied, the log folded into the file, and the reading begun anew before anybody can
//! write again.
use super::mirror::{Mirror, digest_of};
use super::place::{BASE, Point, add_point, declare, log_in, new_generation};
use super::wal::{self, At};
use super::{generations, unusable};
use kernel::{Error, Instant, Result};
use rusqlite::{Connection, OpenFlags, backup::Backup};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// When a copy does more than to go on.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of SQLite's log at which it is folded.
    pub fold: u64,
    /// Microseconds after which a new base is made.
    pub base_every: i64,
    /// Generations that are kept.
    pub keep: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { fold: 32 << 20, base_every: Instant::DAY, keep: 7 }
    }
}

/// A copy that goes on.
pub struct Copier {
    db: PathBuf,
    to: PathBuf,
    clock: fn() -> Instant,
    limits: Limits,
    files: Mirror,
    /// Holds the log; takes the writer's place; folds the log and asks how far it is committed.
    reader: Connection,
    writer: Connection,
    folder: Connection,
    generation: PathBuf,
    begun: Instant,
    log: Option<Following>,
    /// Where the log ended when it was folded last: it is not folded twice for nothing.
    folded: u64,
    last: Point,
}

/// The log that is copied.
#[derive(Clone)]
struct Following {
    /// Its number in the generation.
    number: u32,
    /// How far it was read, and how long its copy is.
    at: At,
    bytes: u64,
}

/// How often the state of the log is asked for, 10 ms apart.
const TURNS: u32 = 2000;
/// How often the writer's place is tried for at once: about a second.
const TRIES: u32 = 200_000;

fn broken(e: rusqlite::Error) -> Error {
    Error::conflict("backup.database", e)
}

fn open(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(broken)?;
    let set_up = "PRAGMA busy_timeout = 20000; PRAGMA wal_autocheckpoint = 0";
    db.execute_batch(set_up).map_err(broken)?;
    Ok(db)
}

fn hold(reader: &Connection) -> Result<()> {
    reader.execute_batch("BEGIN").map_err(broken)?;
    reader.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |_| Ok(())).map_err(broken)
}

impl Copier {
    /// Makes a base of the database file and copies the files beside it.
    ///
    /// Errors: `backup.database`, `backup.unusable`, `backup.file_changed`.
    pub fn begin(
        db: &Path,
        files: &Path,
        to: &Path,
        limits: Limits,
        clock: fn() -> Instant,
    ) -> Result<Self> {
        if !db.is_file() {
            return Err(Error::not_found("backup.nothing", db.display()));
        }
        std::fs::create_dir_all(to).map_err(|e| unusable(to, &e))?;
        let (reader, writer, folder) = (open(db)?, open(db)?, open(db)?);
        writer.execute_batch("PRAGMA busy_timeout = 0").map_err(broken)?;
        let files = Mirror::new(files, &to.join("files"));
        let nothing = Point { from: Instant(0), until: Instant(0), log: 0, bytes: 0 };
        let mut copier = Self {
            db: db.to_owned(),
            to: to.to_owned(),
            clock,
            limits,
            files,
            reader,
            writer,
            folder,
            generation: PathBuf::new(),
            begun: Instant(0),
            log: None,
            folded: 0,
            last: nothing,
        };
        copier.base()?;
        Ok(copier)
    }

    /// The newest point that is safe.
    #[must_use]
    pub const fn last(&self) -> &Point {
        &self.last
    }

    fn log_path(&self) -> PathBuf {
        let mut name = self.db.clone().into_os_string();
        name.push("-wal");
        PathBuf::from(name)
    }

    /// Begins a generation: a reading is held, and the file copied as that reading sees it.
    fn base(&mut self) -> Result<()> {
        if !self.reader.is_autocommit() {
            self.reader.execute_batch("ROLLBACK").map_err(broken)?;
        }
        let from = (self.clock)();
        let generation = new_generation(&self.to, from)?;
        // A place that the reading has behind it: what it holds already is put there twice, to the
        // same end. If the log is folded whole and begun anew just now, the reading has all of it.
        let log = wal::head(&self.log_path())?;
        let log = log.map(|log| wal::near_end(&self.log_path(), &log)).transpose()?;
        hold(&self.reader)?;
        let until = (self.clock)();
        let base = generation.join(BASE);
        let page = self.copy_base(&base)?;
        self.generation = generation;
        self.begun = from;
        self.log = None;
        let digest = digest_of(&base)?;
        declare(&self.generation, page, &digest)?;
        self.files.copy()?;
        self.last = Point { from, until, log: 0, bytes: 0 };
        if let Some(at) = log {
            self.begin_log(1, at)?;
        }
        self.point(self.last.clone())
    }

    /// Copies the file as the held reading sees it; the size of its pages.
    fn copy_base(&self, base: &Path) -> Result<usize> {
        let mut to = Connection::open(base).map_err(broken)?;
        to.execute_batch("PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE")
            .map_err(broken)?;
        let copy = Backup::new(&self.reader, &mut to).map_err(broken)?;
        copy.step(-1).map_err(broken)?;
        drop(copy);
        drop(to);
        File::open(base).and_then(|file| file.sync_all()).map_err(|e| unusable(base, &e))?;
        let page: i64 =
            self.reader.query_row("PRAGMA page_size", [], |row| row.get(0)).map_err(broken)?;
        usize::try_from(page).map_err(|e| Error::bug("bug.database", e))
    }

    fn point(&mut self, point: Point) -> Result<()> {
        add_point(&self.generation, &point)?;
        self.last = point;
        Ok(())
    }

    /// Copies what was committed since, and the new files; the point that is safe now.
    ///
    /// Errors: those of [`Copier::begin`].
    pub fn step(&mut self) -> Result<&Point> {
        let from = (self.clock)();
        if from.0 - self.begun.0 >= self.limits.base_every {
            self.base()?;
            self.forget()?;
            return Ok(&self.last);
        }
        let is_whole = self.go_on(from)?;
        let length = self.log.as_ref().map_or(0, |log| log.at.bytes);
        let long = length >= self.limits.fold && length != self.folded;
        if !is_whole || (long && !self.fold()?) {
            // The log that we stood in is gone: what it held may be in the file only.
            self.base()?;
        }
        Ok(&self.last)
    }

    /// Copies on in the log, or in the one after it; `false` where neither is there.
    fn go_on(&mut self, from: Instant) -> Result<bool> {
        let head = wal::head(&self.log_path())?;
        let frames = self.frames()?;
        // The log that was asked about must be the one that is read.
        if wal::head(&self.log_path())? != head {
            return Ok(true);
        }
        let is_known = match (&self.log, &head) {
            (Some(log), Some(head)) if log.at.log == *head => true,
            (Some(log), Some(head)) if head.follows(&log.at.log) => {
                self.begin_log(log.number + 1, At::begin(head.clone()))?;
                true
            }
            (None, Some(head)) => {
                self.begin_log(1, At::begin(head.clone()))?;
                true
            }
            // An empty log was folded and nothing came after.
            (_, None) => true,
            (Some(_), Some(_)) => false,
        };
        if !is_known {
            return Ok(false);
        }
        let (mut log, mut bytes) = (self.last.log, self.last.bytes);
        if let (Some(of), Some(_)) = (&self.log, &head) {
            let at = self.append(of, wal::after_frames(&of.at.log, frames))?;
            let of = Following { bytes: of.bytes + at.bytes - of.at.bytes, at, ..*of };
            (log, bytes) = (of.number, of.bytes);
            self.log = Some(of);
        }
        let until = (self.clock)();
        self.files.copy()?;
        self.point(Point { from, until, log, bytes })?;
        Ok(true)
    }

    /// Folds what can be folded of the log, which is nothing while our reading stands where it
    /// did; how many frames of it are committed for all to see. A writer that was ended by force
    /// may have left more than that behind, which the next one writes over.
    fn frames(&self) -> Result<u64> {
        for _ in 0..TURNS {
            let asked = self
                .folder
                .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i64>(1));
            if let Ok(frames) = u64::try_from(asked.map_err(broken)?) {
                return Ok(frames);
            }
            // Another process folds just now.
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        Err(Error::conflict("backup.database", "wal_checkpoint"))
    }

    /// Begins the copy of a log.
    fn begin_log(&mut self, number: u32, at: At) -> Result<()> {
        let place = log_in(&self.generation, number);
        let head = at.copy_head();
        std::fs::write(&place, &head).map_err(|e| unusable(&place, &e))?;
        self.log = Some(Following { number, at, bytes: head.len() as u64 });
        Ok(())
    }

    /// Adds the commits after a place to the copy of its log, safely on the disk.
    fn append(&self, of: &Following, until: u64) -> Result<At> {
        let (place, at) = (log_in(&self.generation, of.number), &of.at);
        let broken = |e: std::io::Error| unusable(&place, &e);
        let file = File::options().append(true).open(&place).map_err(broken)?;
        let mut out = BufWriter::with_capacity(1 << 18, file);
        let end = wal::commits(&self.log_path(), at, until, &mut |frame| {
            out.write_all(frame.whole).map_err(broken)
        })?;
        out.flush().map_err(broken)?;
        if end.bytes != at.bytes {
            out.get_ref().sync_data().map_err(broken)?;
        }
        Ok(end)
    }

    /// Lets SQLite fold its log into the file, after all of it was copied. Most is folded while
    /// others write; only the rest while they wait.
    fn fold(&mut self) -> Result<bool> {
        let next = open(&self.db)?;
        hold(&next)?;
        let old = std::mem::replace(&mut self.reader, next);
        drop(old);
        self.frames()?;
        if !self.take_place() {
            return Ok(true);
        }
        let from = (self.clock)();
        let mut folded = || -> Result<bool> {
            let is_whole = self.go_on(from)?;
            self.reader.execute_batch("ROLLBACK").map_err(broken)?;
            self.frames()?;
            hold(&self.reader)?;
            Ok(is_whole)
        };
        let result = folded();
        self.folded = self.log.as_ref().map_or(0, |log| log.at.bytes);
        self.writer.execute_batch("ROLLBACK").map_err(broken)?;
        result
    }

    /// Takes the writer's place between two of its commits; `false` where it never let go. Who
    /// waits politely beside a writer that is never idle is never let in, so this one does not.
    fn take_place(&self) -> bool {
        for _ in 0..TRIES {
            if self.writer.execute_batch("BEGIN IMMEDIATE").is_ok() {
                return true;
            }
            std::thread::yield_now();
        }
        false
    }

    /// Removes generations beyond those that are kept, the oldest first.
    fn forget(&self) -> Result<()> {
        let all = generations(&self.to)?;
        for old in all.iter().take(all.len().saturating_sub(self.limits.keep.max(1))) {
            std::fs::remove_dir_all(&old.path).map_err(|e| unusable(&old.path, &e))?;
        }
        Ok(())
    }
}
