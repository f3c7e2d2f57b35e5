//! The folder of copies: generations, each a whole copy with the logs after it, and their points.
use super::{damaged, unusable};
use kernel::{Error, Instant, Result};
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What one point of a copy stands for: all that was acknowledged before `from` is in it, and
/// nothing that was committed after `until`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Point {
    pub from: Instant,
    pub until: Instant,
    /// The log that it ends in (0: the base alone), and how many of its bytes belong to it.
    pub log: u32,
    pub bytes: u64,
}

/// A whole copy and what followed it.
#[derive(Clone, Debug)]
pub struct Generation {
    pub path: PathBuf,
    pub page: usize,
    /// SHA-256 of the base.
    pub base: String,
    /// Oldest first; never empty.
    pub points: Vec<Point>,
}

impl Generation {
    pub(crate) fn log(&self, number: u32) -> PathBuf {
        log_in(&self.path, number)
    }
}

pub(crate) const BASE: &str = "base.db";
const ABOUT: &str = "generation.json";
const POINTS: &str = "points.jsonl";
const FORMAT: i64 = 1;

pub(crate) fn log_in(generation: &Path, number: u32) -> PathBuf {
    generation.join(format!("{number:06}.wal"))
}

/// Where generations of a folder of copies lie.
#[must_use]
pub fn generations_in(dir: &Path) -> PathBuf {
    dir.join("generations")
}

/// A new generation's folder, named by when it was begun. Error: `backup.unusable`.
pub fn new_generation(dir: &Path, now: Instant) -> Result<PathBuf> {
    let micros = now.0.rem_euclid(Instant::SECOND);
    let second: String =
        now.plus(-micros).rfc3339().chars().filter(char::is_ascii_alphanumeric).collect();
    // Names of one length, so that they sort by time.
    let path = generations_in(dir).join(format!("{second}{micros:06}"));
    std::fs::create_dir_all(&path).map_err(|e| unusable(&path, &e))?;
    Ok(path)
}

/// Says what a generation is, once its base is whole: one without is no generation.
pub(crate) fn declare(path: &Path, page: usize, base: &str) -> Result<()> {
    let about = json!({ "format": FORMAT, "engine": "sqlite", "page": page, "base": base });
    let (part, place) = (path.join("generation.part"), path.join(ABOUT));
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&part)?;
        writeln!(file, "{about}")?;
        file.sync_all()?;
        std::fs::rename(&part, &place)?;
        File::open(path)?.sync_all()
    };
    write().map_err(|e| unusable(&place, &e))
}

/// Adds a point: whatever it names is on the disk already.
pub(crate) fn add_point(path: &Path, point: &Point) -> Result<()> {
    let line = json!({
        "from": point.from.rfc3339(), "until": point.until.rfc3339(),
        "log": point.log, "bytes": point.bytes,
    });
    let place = path.join(POINTS);
    let write = || -> std::io::Result<()> {
        let mut file = File::options().create(true).append(true).open(&place)?;
        file.write_all(format!("{line}\n").as_bytes())?;
        file.sync_data()
    };
    write().map_err(|e| unusable(&place, &e))
}

/// Whole generations of a folder of copies, oldest first.
///
/// Errors: `backup.none`, `backup.damaged`.
pub fn generations(dir: &Path) -> Result<Vec<Generation>> {
    let of = generations_in(dir);
    let none = || Error::not_found("backup.none", dir.display());
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&of)
        .map_err(|_| none())?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.join(ABOUT).is_file())
        .collect();
    paths.sort();
    let mut all = Vec::with_capacity(paths.len());
    for path in paths {
        all.extend(read(path)?);
    }
    if all.is_empty() { Err(none()) } else { Ok(all) }
}

fn read(path: PathBuf) -> Result<Option<Generation>> {
    let place = path.join(ABOUT);
    let text = std::fs::read_to_string(&place).map_err(|e| unusable(&place, &e))?;
    let about: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    if about["format"] != FORMAT {
        return Err(damaged(&place, "format"));
    }
    let page = about["page"].as_u64().and_then(|n| usize::try_from(n).ok());
    let page = page.ok_or_else(|| damaged(&place, "page"))?;
    let base = about["base"].as_str().unwrap_or_default().to_owned();
    let place = path.join(POINTS);
    let text = std::fs::read_to_string(&place).unwrap_or_default();
    let mut points = Vec::new();
    for line in text.lines() {
        // A copy that was ended in the middle of a line leaves half of one, at the end.
        let Ok(said) = serde_json::from_str::<Value>(line) else { break };
        let instant = |name: &str| Instant::parse(said[name].as_str().unwrap_or_default());
        points.push(Point {
            from: instant("from")?,
            until: instant("until")?,
            log: said["log"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
            bytes: said["bytes"].as_u64().unwrap_or(0),
        });
    }
    let found = !points.is_empty();
    Ok(found.then_some(Generation { path, page, base, points }))
}

/// The newest point of all, or the last one at or before a moment.
///
/// Error: `backup.not_so_early` when every point is later.
pub fn pick(all: &[Generation], at: Option<Instant>) -> Result<(&Generation, &Point)> {
    let points = all.iter().flat_map(|g| g.points.iter().map(move |p| (g, p)));
    let early = points.filter(|(_, p)| at.is_none_or(|at| p.until <= at));
    let found = early.max_by_key(|(_, p)| p.until);
    found.ok_or_else(|| {
        let first = all.iter().flat_map(|g| &g.points).map(|p| p.until).min();
        let first = first.map_or_else(String::new, Instant::rfc3339);
        let asked = at.map_or_else(String::new, Instant::rfc3339);
        Error::invalid("backup.not_so_early", asked).with("first", first)
    })
}
