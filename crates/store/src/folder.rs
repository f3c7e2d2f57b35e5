//! The data folder of an installation: its lock, its directory of tenants, its databases.
use crate::{Store, Target};
use kernel::{Error, Instant, Result};
use serde_json::{Value, json};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

const MARKER: &str = "installation.json";
/// The file of the rows, where they live in no other database.
const FILE: &str = "huiliu.db";
/// Where the folders of further tenants lie.
const TENANTS: &str = "tenants";

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

    /// The folder of another tenant of this installation: a data folder of its own.
    #[must_use]
    pub fn of_tenant(dir: &Path, code: &str) -> PathBuf {
        dir.join(TENANTS).join(code)
    }

    /// The codes of the tenants that have a data folder of their own inside this one.
    #[must_use]
    pub fn tenants(dir: &Path) -> Vec<String> {
        let found = std::fs::read_dir(dir.join(TENANTS)).into_iter().flatten();
        let is_folder = |at: &PathBuf| at.join(MARKER).exists();
        let paths = found.filter_map(|e| e.ok().map(|e| e.path())).filter(is_folder);
        let code = |at: PathBuf| Some(at.file_name()?.to_str()?.to_owned());
        let mut codes: Vec<String> = paths.filter_map(code).collect();
        codes.sort();
        codes
    }

    fn marker(&self) -> PathBuf {
        self.dir.join(MARKER)
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// The database: the one named now, else the one named first, else the file of the folder.
    pub fn target(&self) -> Result<Target> {
        Ok(Self::look(&self.dir, self.database.clone()))
    }

    /// The same of a folder that another process may hold: for whoever only reads.
    #[must_use]
    pub fn look(dir: &Path, database: Option<String>) -> Target {
        let text = std::fs::read_to_string(dir.join(MARKER)).unwrap_or_default();
        let about: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        let kept = about["database"].as_str().map(str::to_owned);
        match database.or(kept) {
            Some(url) => Target::Postgres { url, schema: "public".into() },
            None => Target::File(dir.join(FILE)),
        }
    }

    /// From now on the rows live in another database, or (`None`) in the folder's file; there the
    /// files and figures of this tenant stay in this folder, and others' in folders of their own.
    pub fn remember(&self, database: Option<&str>, tenant: i64) -> Result<()> {
        let about = json!({ "format": 1, "database": database, "tenant": tenant });
        write(&self.marker(), &about.to_string())
    }

    /// The tenant whose files lie in the folder itself, where a database has several.
    #[must_use]
    pub fn own(dir: &Path) -> i64 {
        let text = std::fs::read_to_string(dir.join(MARKER)).unwrap_or_default();
        let about: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        about["tenant"].as_i64().unwrap_or(1)
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
