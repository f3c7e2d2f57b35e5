//! Puts a copy back: the base, then its logs up to the point asked for, every byte proved.
use super::mirror::{Mirror, digest_of};
use super::place::{BASE, Point, generations, pick};
use super::wal::{self, At};
use super::{damaged, unusable};
use kernel::{Error, Instant, Result};
use std::fs::File;
use std::path::{Path, PathBuf};

/// What was put back.
#[derive(Clone, Debug)]
pub struct Restored {
    pub point: Point,
    pub generation: PathBuf,
    /// Bytes of the database, and files of documents.
    pub bytes: u64,
    pub files: u64,
}

/// Makes a data folder's database and files of the last point at or before `at` (the newest
/// without), in folders that hold none.
///
/// Errors: `restore.not_empty`, `backup.none`, `backup.not_so_early`, `backup.damaged`,
/// `backup.unusable`.
pub fn restore(from: &Path, at: Option<Instant>, db: &Path, files: &Path) -> Result<Restored> {
    if db.exists() {
        return Err(Error::conflict("restore.not_empty", db.display()));
    }
    let all = generations(from)?;
    let (generation, point) = pick(&all, at)?;
    let base = generation.path.join(BASE);
    if digest_of(&base)? != generation.base {
        return Err(damaged(&base, "sha256"));
    }
    if let Some(folder) = db.parent() {
        std::fs::create_dir_all(folder).map_err(|e| unusable(folder, &e))?;
    }
    let part = db.with_extension("restoring");
    std::fs::copy(&base, &part).map_err(|e| unusable(&part, &e))?;
    let mut file = File::options().write(true).open(&part).map_err(|e| unusable(&part, &e))?;
    for number in 1..=point.log {
        let place = generation.log(number);
        let limit = (number == point.log).then_some(point.bytes);
        put(&place, generation.page, limit, &mut file)?;
    }
    file.sync_all().map_err(|e| unusable(&part, &e))?;
    let bytes = file.metadata().map_or(0, |about| about.len());
    let files = Mirror::new(&from.join("files"), files).copy()?;
    std::fs::rename(&part, db).map_err(|e| unusable(db, &e))?;
    let (point, generation) = (point.clone(), generation.path.clone());
    Ok(Restored { point, generation, bytes, files })
}

/// Puts a log's commits into the file: all of them, or its first bytes. What is short or does not
/// add up is refused.
fn put(place: &Path, page: usize, limit: Option<u64>, into: &mut File) -> Result<()> {
    let begin = At::of_copy(place)?.ok_or_else(|| damaged(place, "head"))?;
    if begin.log.page != page {
        return Err(damaged(place, "page size"));
    }
    let length = std::fs::metadata(place).map_err(|e| unusable(place, &e))?.len();
    let wanted = limit.unwrap_or(length);
    let mut at = begin.bytes;
    let one = (page + 24) as u64;
    wal::commits(place, &begin, wanted, &mut |frame| {
        at += one;
        wal::apply(into, frame).map_err(|e| unusable(place, &e))
    })?;
    if at < wanted { Err(damaged(place, "checksum")) } else { Ok(()) }
}
