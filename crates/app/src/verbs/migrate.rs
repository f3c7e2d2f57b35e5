//! `huiliu migrate`: moves the company to another database, and proves that all of it came.
use crate::outside::{now, say};
use crate::{cli, place};
use kernel::{Error, Result};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use store::Target;
use store::folder::Folder;
use store::moving::{self, Move, TableSum};

/// Moves all rows; the data folder then remembers where they are.
pub(crate) fn run(at: &cli::Place, ask: &cli::Migrate) -> Result<ExitCode> {
    let at = &place::locate(at)?;
    // Opened first: which tenant it is stands in its rows.
    let (tenant, dir) = {
        let place = place::open(at)?;
        (place.tenant, place.dir)
    };
    let folder = Folder::take(&at.data, at.database.clone())?;
    let from = folder.target()?;
    let is_url = ["postgres://", "postgresql://"].iter().any(|p| ask.to.starts_with(p))
        || ask.to.contains("host=");
    // The folder of the target is held too, where it is another one.
    let (to, other) = if is_url {
        (Target::Postgres { url: ask.to.clone(), schema: "public".into() }, None)
    } else {
        let dir = Path::new(&ask.to);
        let same = dir.canonicalize().ok() == at.data.canonicalize().ok();
        let other = if same { None } else { Some(Folder::take(dir, None)?) };
        (Target::File(dir.join("huiliu.db")), other)
    };
    if let (Target::File(_), Target::File(_)) = (&from, &to) {
        return Err(Error::invalid("move.same_engine", &ask.to));
    }
    let begun = Instant::now();
    let all = flows::entities();
    let moved = Move { from: &from, to: &to, tenant, all: &all };
    let sums = moving::copy(&moved, now(), &mut |sum| {
        if !ask.json {
            line(sum);
        }
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    settle(ask, &folder, other.as_ref(), (&from, &to), (tenant, &dir))?;
    tell(ask, &sums, seconds);
    Ok(ExitCode::SUCCESS)
}

fn line(sum: &TableSum) {
    if sum.rows > 0 {
        outln!("{:<20} {:>10}  {}", sum.table, sum.rows, &sum.sum[..16]);
    }
}

/// The folder remembers the new place; a file that was left behind gets a name that nobody opens.
fn settle(
    ask: &cli::Migrate,
    folder: &Folder,
    other: Option<&Folder>,
    (from, to): (&Target, &Target),
    (tenant, dir): (i64, &Path),
) -> Result<()> {
    if let Target::Postgres { url, .. } = to {
        folder.remember(Some(url), tenant)?;
        let Target::File(path) = from else { return Ok(()) };
        let left = path.with_extension("db.moved");
        return std::fs::rename(path, &left)
            .map_err(|e| Error::conflict("file.not_written", e).with("path", left.display()));
    }
    let Some(other) = other else { return folder.remember(None, tenant) };
    other.remember(None, tenant)?;
    let (files, into) = (dir.join("files"), Path::new(&ask.to).join("files"));
    store::keep::copy_contents(&files, &into).map(|_| ())
}

fn tell(ask: &cli::Migrate, sums: &[TableSum], seconds: f64) {
    let rows: u64 = sums.iter().map(|sum| sum.rows).sum();
    let per_second = rows as f64 / seconds;
    if ask.json {
        let tables: Vec<_> = sums.iter().filter(|s| s.rows > 0).map(one).collect();
        outln!(
            "{}",
            json!({
                "rows": rows, "seconds": seconds, "rows_per_s": per_second, "equal": true,
                "tables": tables,
            })
        );
        return;
    }
    let (rows, seconds) = (rows.to_string(), format!("{seconds:.1}"));
    let tables = sums.iter().filter(|sum| sum.rows > 0).count().to_string();
    let values = [("rows", rows.as_str()), ("seconds", &seconds), ("tables", &tables)];
    outln!("{}", say("cli-migrate-done", &values));
}

fn one(sum: &TableSum) -> serde_json::Value {
    json!({ "table": sum.table, "rows": sum.rows, "sum": sum.sum })
}
