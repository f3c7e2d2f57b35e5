//! The data folder of an installation: its lock, its directory of tenants, its databases.
use crate::{Store, Target};
use kernel::{Error, Instant, Result};
use serde_json::{Value, json};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// A data folder held by this process.
pub struct Folder {
    dir: PathBuf,
    database: Option<String>,
    /// Held until drop; a second writer is refused.
    _lock: File,
}

impl Folder {
    /// Takes a data folder, making it where it does not exist.
    ///
    /// Errors: `folder.in_use` (exit code 4), `folder.unusable`.
    pub fn take(dir: &Path, database: Option<String>) -> Result<Self> {
        let unusable =
            |e: std::io::Error| Error::conflict("folder.unusable", e).with("path", dir.display());
        std::fs::create_dir_all(dir).map_err(unusable)?;
        let lock = File::options()
            .create(true)
            .write(true)
            .truncate(false)
            .open(dir.join("lock"))
            .map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::conflict("folder.in_use", dir.display()));
            }
            Err(TryLockError::Error(e)) => return Err(unusable(e)),
        }
        let folder = Self { dir: dir.to_owned(), database, _lock: lock };
        folder.settle()?;
        Ok(folder)
    }

    /// Remembers where the rows live, so that later commands need not be told.
    fn settle(&self) -> Result<()> {
        if self.marker().exists() {
            return Ok(());
        }
        let about = json!({ "format": 1, "database": self.database });
        write(&self.marker(), &about.to_string())
    }

    fn marker(&self) -> PathBuf {
        self.dir.join("installation.json")
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// The database: the one named now, else the one named first, else the file of the folder.
    pub fn target(&self) -> Result<Target> {
        let text = std::fs::read_to_string(self.marker()).unwrap_or_default();
        let about: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        let kept = about["database"].as_str().map(str::to_owned);
        match self.database.clone().or(kept) {
            Some(url) => Ok(Target::Postgres { url, schema: "public".into() }),
            None => Ok(Target::File(self.dir.join("huiliu.db"))),
        }
    }

    /// Opens the folder's database.
    pub fn open(&self, now: Instant) -> Result<Store> {
        Store::open(&self.target()?, now)
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text)
        .map_err(|e| Error::conflict("folder.unusable", e).with("path", path.display()))
}
