//! Folding SQLite's log of writes into its file while the writer goes on.
//!
//! Left to itself SQLite folds inside a COMMIT, and everybody waits while 64 MiB are copied. Here
//! the caller whose commit filled the log folds it once its own answer is safe, through a
//! connection of its own. What others wrote meanwhile is little: it is folded under the writer's
//! lock, so that the log can begin anew.
use crate::lite::Lite;
use kernel::Result;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, TryLockError};

/// Pages in the log (of 4 KiB) from which on it is folded.
pub(crate) const FULL: u64 = 16_000;
/// Pages that come on top before it is folded again, while somebody still reads what is in it.
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

/// Who folds: one caller at a time.
pub(crate) struct Fold {
    path: PathBuf,
    pages: Pages,
    /// Pages at which the next folding is due, while the log did not begin anew.
    due: AtomicU64,
    own: Mutex<Option<Lite>>,
}

impl Fold {
    pub(crate) fn new(path: &Path, pages: Pages) -> Self {
        let due = AtomicU64::new(FULL);
        Self { path: path.to_owned(), pages, due, own: Mutex::new(None) }
    }

    /// Folds a full log; `last` folds the rest while it keeps writers out.
    ///
    /// What goes wrong leaves the log as it was, whole and durable: the next caller tries again.
    pub(crate) fn when_full(&self, last: impl FnOnce(&dyn Fn())) {
        if self.pages.now() < self.due() {
            return;
        }
        let mut own = match self.own.try_lock() {
            Ok(own) => own,
            Err(TryLockError::Poisoned(own)) => own.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        if own.is_none() {
            *own = Lite::reader(&self.path).ok();
        }
        if let Some(lite) = own.as_ref().filter(|lite| lite.fold().is_ok()) {
            last(&|| drop(lite.fold()));
        }
        self.due.store(self.pages.now() + AGAIN, Ordering::Release);
    }

    fn due(&self) -> u64 {
        if self.pages.now() < FULL {
            self.due.store(FULL, Ordering::Release);
        }
        self.due.load(Ordering::Acquire)
    }
}

impl Lite {
    /// Folds what no reader holds back.
    pub(crate) fn fold(&self) -> Result<()> {
        let asked = self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        asked.map_err(|e| crate::lite::broken(&e))
    }
}
