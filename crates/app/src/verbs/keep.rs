//! `huiliu backup` and `huiliu restore`: copies beside the running program, and putting them back.
use crate::outside::{now, say};
use crate::verbs::{check, keep_pg};
use crate::{cli, place};
use kernel::{Error, Instant, Result};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::Target;
use store::folder::Folder;
use store::keep::{self, Copier, Limits, Point};

/// Copies once, or goes on until it is told to end.
pub(crate) fn backup(at: &cli::Place, ask: &cli::Backup) -> Result<ExitCode> {
    let at = &place::locate(at)?;
    let files = cli::files_folder(ask.files.as_deref(), at);
    let db = match Folder::look(&at.data, at.database.clone()) {
        Target::File(path) => path,
        Target::Postgres { url, .. } => return keep_pg::backup(&url, at, &files, ask),
    };
    let limits = Limits {
        base_every: ask.base_every.max(1) * Instant::HOUR,
        keep: ask.keep,
        ..Limits::default()
    };
    let mut copier = Copier::begin(&db, &files, &ask.to, limits, now)?;
    tell(copier.last(), ask);
    let stop = ask.follow.then(ended).transpose()?;
    while stop.as_ref().is_some_and(|stop| !stop.load(Ordering::Acquire)) {
        std::thread::sleep(EVERY);
        let before = copier.last().clone();
        let point = copier.step()?;
        if ask.json || (point.log, point.bytes) != (before.log, before.bytes) {
            tell(point, ask);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Where a tenant's copies lie below the folder that is named.
pub(super) fn copies_of(to: &Path, place: &place::Place) -> PathBuf {
    let code = place.listed.code.as_str();
    let is_apart = place.dir.ends_with(Path::new("tenants").join(code));
    if is_apart { Folder::of_tenant(to, code) } else { to.to_owned() }
}

/// How often the log is copied.
const EVERY: Duration = Duration::from_millis(500);

fn tell(point: &Point, ask: &cli::Backup) {
    let (from, until) = (point.from.rfc3339(), point.until.rfc3339());
    if ask.json {
        let (log, bytes) = (point.log, point.bytes);
        outln!("{}", json!({ "from": from, "until": until, "log": log, "bytes": bytes }));
    } else if !ask.follow {
        let to = ask.to.display().to_string();
        outln!("{}", say("cli-backup-done", &[("path", &to), ("from", &from)]));
    }
}

/// Becomes true when the process is told to end.
pub(super) fn ended() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Error::bug("bug.runtime", e))?;
    std::thread::spawn(move || {
        runtime.block_on(crate::verbs::serve::signal());
        told.store(true, Ordering::Release);
    });
    Ok(stop)
}

/// Copies beside the server, in one of its threads; what fails is said, and begun anew.
pub(super) fn beside(db: &Path, files: &Path, to: &Path, stop: &AtomicBool) {
    let mut copier: Option<Copier> = None;
    let mut rest = Duration::ZERO;
    while !stop.load(Ordering::Acquire) {
        let done = match &mut copier {
            Some(copier) => copier.step().map(|_| ()),
            None => Copier::begin(db, files, to, Limits::default(), now).map(|new| {
                copier = Some(new);
            }),
        };
        rest = match done {
            Ok(()) => EVERY,
            Err(error) => {
                eprintln!("{}", meta::words::error(crate::outside::lang(), &error));
                copier = None;
                (rest * 2).clamp(Duration::from_secs(2), Duration::from_secs(60))
            }
        };
        let until = std::time::Instant::now() + rest;
        while !stop.load(Ordering::Acquire) && std::time::Instant::now() < until {
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    // What was committed last is copied before the end.
    if let Some(Err(error)) = copier.map(|mut copier| copier.step().map(|_| ())) {
        eprintln!("{}", meta::words::error(crate::outside::lang(), &error));
    }
}

/// Puts a copy back into a folder that holds no rows, and proves it.
pub(crate) fn restore(at: &cli::Place, ask: &cli::Restore) -> Result<ExitCode> {
    let moment = ask.at.as_deref().map(Instant::parse).transpose()?;
    if keep_pg::is_copy(&ask.from) {
        return keep_pg::restore(at, ask, moment);
    }
    if ask.list {
        return list(ask);
    }
    let code = at.tenant.clone();
    // A tenant that was lost with its folder gets it again; `place::open` finds it there.
    let at = &match &at.tenant {
        Some(code) => {
            let data = Folder::of_tenant(&at.data, code);
            cli::Place { data, database: None, tenant: None }
        }
        None => at.clone(),
    };
    let kept = cli::files(ask.files.as_deref(), at, code.as_deref())?;
    let files = cli::files_folder(ask.files.as_deref(), at);
    let restored = {
        let folder = Folder::take(&at.data, None)?;
        match folder.target()? {
            Target::File(db) => keep::restore(&ask.from, moment, &db, &files)?,
            Target::Postgres { .. } => {
                return Err(Error::conflict("restore.not_empty", at.data.display()));
            }
        }
    };
    let point = &restored.point;
    let (from, until) = (point.from.rfc3339(), point.until.rfc3339());
    let place = place::open(at)?;
    let lost = place.store.read(&place.system(), |_, tx| connect::files::lost(tx, &kept))?;
    drop(place);
    if ask.json {
        outln!(
            "{}",
            json!({
                "from": from, "until": until, "bytes": restored.bytes, "files": restored.files,
                "lost_files": lost,
            })
        );
    } else {
        let count = restored.files.to_string();
        outln!("{}", say("cli-restore-done", &[("from", &from), ("files", &count)]));
        for name in &lost {
            outln!("{}", say("cli-restore-lost-file", &[("name", name)]));
        }
    }
    let checked = check::run(at, ask.json)?;
    Ok(if lost.is_empty() { checked } else { ExitCode::from(1) })
}

fn list(ask: &cli::Restore) -> Result<ExitCode> {
    for generation in keep::generations(&ask.from)? {
        let (first, last) = (generation.points.first(), generation.points.last());
        let (Some(first), Some(last)) = (first, last) else { continue };
        let (first, last) = (first.until.rfc3339(), last.until.rfc3339());
        let count = generation.points.len();
        if ask.json {
            outln!("{}", json!({ "first": first, "last": last, "points": count }));
        } else {
            let count = count.to_string();
            let values = [("first", first.as_str()), ("last", &last), ("points", &count)];
            outln!("{}", say("cli-restore-list", &values));
        }
    }
    Ok(ExitCode::SUCCESS)
}
