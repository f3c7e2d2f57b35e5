//! Folding SQLite's log of writes into its file while the writer goes on.
//!
//! Left to itself SQLite folds inside a COMMIT, and everybody waits while 64 MiB are copied. Here a
//! thread of its own folds, through a connection of its own, a little at a time: a disk that is
//! told to keep 64 MiB at once lets every commit wait that comes meanwhile. What others wrote while
//! the last of a full log is folded is little: it is folded under the writer's lock, so that the
//! log can begin anew.
use crate::lite::Lite;
use kernel::Result;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Pages of the log (of 4 KiB) that are folded at a time.
const STEP: u64 = 1_000;
/// Pages in the log from which on it begins anew.
pub(crate) const FULL: u64 = 16_000;
/// Pages that come on top before it tries again, while somebody still reads what is in it.
const AGAIN: u64 = 4_000;
/// Above these the writer folds by itself, whoever waits.
pub(crate) const FLOOD: u64 = 48_000;

/// How many pages the log has, told by the writer after each commit.
#[derive(Clone, Default)]
pub(crate) struct Pages(Arc<AtomicU64>);

impl Pages {
    pub(crate) fn say(&self, pages: u64) {
        self.0.store(pages, Ordering::Release);
    }
    pub(crate) fn now(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}

/// Who folds: a thread that begins with the first step and ends with its store.
pub(crate) struct Fold {
    path: PathBuf,
    pages: Pages,
    /// Pages of the log when it was last folded.
    folded: Arc<AtomicU64>,
    folder: Mutex<Option<Folder>>,
}

struct Folder {
    ask: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Fold {
    pub(crate) fn new(path: &Path, pages: Pages) -> Self {
        let folded = Arc::new(AtomicU64::new(0));
        Self { path: path.to_owned(), pages, folded, folder: Mutex::new(None) }
    }

    /// Asks for a fold where the log grew by a step; `last` folds the rest while it keeps writers
    /// out.
    ///
    /// What goes wrong leaves the log as it was, whole and durable: the next step tries again.
    pub(crate) fn after_commit<L>(&self, last: impl FnOnce() -> L)
    where
        L: Fn(&dyn Fn()) + Send + 'static,
    {
        let (now, folded) = (self.pages.now(), self.folded.load(Ordering::Acquire));
        // A log that is shorter than it was has begun anew.
        let grown = if now < folded { now } else { now - folded };
        if grown < STEP {
            return;
        }
        let mut folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        if folder.is_none() {
            *folder = self.begin(last());
        }
        // One that is at work or asked already comes by anyhow.
        let _asked = folder.as_ref().and_then(|f| f.ask.as_ref()).map(|ask| ask.try_send(()));
    }

    /// `None`: the system gives no thread; the writer folds a flood by itself.
    fn begin<L>(&self, last: L) -> Option<Folder>
    where
        L: Fn(&dyn Fn()) + Send + 'static,
    {
        let (ask, asked) = sync_channel(1);
        let (path, pages, folded) =
            (self.path.clone(), self.pages.clone(), Arc::clone(&self.folded));
        let work = move || folding(&path, &pages, &folded, &asked, &last);
        let thread = std::thread::Builder::new().name("fold".to_owned()).spawn(work).ok()?;
        Some(Folder { ask: Some(ask), thread: Some(thread) })
    }
}

fn folding(
    path: &Path,
    pages: &Pages,
    folded: &AtomicU64,
    asked: &Receiver<()>,
    last: &dyn Fn(&dyn Fn()),
) {
    let mut own = None;
    let mut full = FULL;
    while asked.recv().is_ok() {
        let before = pages.now();
        if before < FULL {
            full = FULL;
        }
        if own.is_none() {
            own = Lite::reader(path).ok();
        }
        let done = own.as_ref().filter(|lite: &&Lite| lite.fold().is_ok());
        if let Some(lite) = done.filter(|_| before >= full) {
            last(&|| drop(lite.fold()));
            full = pages.now() + AGAIN;
        }
        folded.store(before, Ordering::Release);
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.ask = None;
        if let Some(thread) = self.thread.take() {
            // One that panicked has said so; the log is whole.
            let _ended = thread.join();
        }
    }
}

impl Lite {
    /// Folds what no reader holds back.
    pub(crate) fn fold(&self) -> Result<()> {
        let asked = self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        asked.map_err(|e| crate::lite::broken(&e))
    }
}
