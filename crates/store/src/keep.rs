//! Keeping what is stored: copies of a SQLite file with its log, putting them back, moving rows.
//!
//! A copy reads beside the program that writes and takes the writer's place for a moment only, when
//! it begins and when the log is folded. It never changes a row.
mod copy;
mod mirror;
mod place;
mod restore;
pub(crate) mod wal;

pub use copy::{Copier, Limits};
pub use mirror::{copy_contents, copy_files, copy_files_back};
pub use place::{Generation, Point, generations, generations_in, new_generation, pick};
pub use restore::{Restored, restore};

use kernel::Error;
use std::path::Path;

/// A file of a copy that cannot be read or written.
pub(crate) fn unusable(path: &Path, e: &std::io::Error) -> Error {
    Error::conflict("backup.unusable", e).with("path", path.display())
}

/// A copy that is not what was written.
pub(crate) fn damaged(path: &Path, what: &str) -> Error {
    Error::conflict("backup.damaged", what).with("path", path.display())
}
