//! Copies of a PostgreSQL database by its own tools: a base by `pg_basebackup`, the log by
//! `pg_receivewal`, and a server's folder that goes to a stated time when it is started.
use crate::cli;
use crate::outside::{now, say, write};
use crate::verbs::keep::ended;
use kernel::{Error, Instant, Result};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::Ordering;
use std::time::Duration;
use store::folder::Folder;
use store::keep;

const ABOUT: &str = "generation.json";

/// A base, and with `--follow` the log beside it until the process is told to end.
///
/// The database is copied whole, so all its tenants are in it, and the files of each.
pub(super) fn backup(
    url: &str,
    at: &cli::Place,
    files: &Path,
    ask: &cli::Backup,
) -> Result<ExitCode> {
    let from = now();
    let path = keep::new_generation(&ask.to, from)?;
    // The log first: what is written while the base is read is in it.
    let log = if ask.follow { Some(Follower::begin(url, &path.join("wal"))?) } else { None };
    let base = path.join("base");
    let mut command = Command::new("pg_basebackup");
    command.arg("--dbname").arg(url).arg("--pgdata").arg(&base);
    command.args(["--wal-method", "stream", "--checkpoint", "fast", "--no-password"]);
    run(command, "pg_basebackup")?;
    let until = now();
    let copied = copy_all(at, files, &ask.to)?;
    let about = json!({
        "format": 1, "engine": "postgres", "from": from.rfc3339(), "until": until.rfc3339(),
    });
    write(&path.join(ABOUT), &format!("{about}\n"))?;
    if ask.json {
        outln!("{about}");
    } else {
        let (to, count) = (ask.to.display().to_string(), copied.to_string());
        let at = until.rfc3339();
        outln!("{}", say("cli-backup-pg-done", &[("path", &to), ("files", &count), ("at", &at)]));
    }
    let Some(mut log) = log else { return Ok(ExitCode::SUCCESS) };
    let stop = ended()?;
    let mut ticks: u32 = 0;
    while !stop.load(Ordering::Acquire) {
        std::thread::sleep(Duration::from_millis(250));
        log.still_there()?;
        ticks += 1;
        if ticks.is_multiple_of(20) {
            copy_all(at, files, &ask.to)?;
        }
    }
    copy_all(at, files, &ask.to)?;
    Ok(ExitCode::SUCCESS)
}

/// Copies the files of documents, and of tenants beside the folder's own those of each.
fn copy_all(at: &cli::Place, files: &Path, to: &Path) -> Result<u64> {
    let mut copied = keep::copy_files(files, to)?;
    for code in below(&at.data) {
        let files = Folder::of_tenant(&at.data, &code).join("files");
        if files.exists() {
            copied += keep::copy_files(&files, &Folder::of_tenant(to, &code))?;
        }
    }
    Ok(copied)
}

/// The codes of folders of tenants, whether or not their rows live in them.
fn below(dir: &Path) -> Vec<String> {
    let found = std::fs::read_dir(dir.join("tenants")).into_iter().flatten();
    found.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect()
}

/// `pg_receivewal`, ended with us.
struct Follower(Child);

impl Follower {
    fn begin(url: &str, into: &Path) -> Result<Self> {
        let unusable = |e| Error::conflict("backup.unusable", e).with("path", into.display());
        std::fs::create_dir_all(into).map_err(unusable)?;
        let mut command = Command::new("pg_receivewal");
        command.arg("--dbname").arg(url).arg("--directory").arg(into);
        // Without a slot: a copy that is not running must never fill the server's disk.
        command.args(["--synchronous", "--no-loop", "--no-password"]);
        let child =
            command.stdin(Stdio::null()).spawn().map_err(|e| missing("pg_receivewal", e))?;
        Ok(Self(child))
    }

    fn still_there(&mut self) -> Result<()> {
        match self.0.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(failed("pg_receivewal", status)),
            Err(e) => Err(missing("pg_receivewal", e)),
        }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        // TERM lets it write what it has; what it wrote is synced either way.
        let told = Command::new("kill").arg(self.0.id().to_string()).status();
        if told.is_ok_and(|status| status.success()) {
            let _ended = self.0.wait();
        } else {
            let _killed = self.0.kill();
        }
    }
}

fn missing(tool: &'static str, e: std::io::Error) -> Error {
    Error::conflict("backup.tool_missing", tool).with("why", e)
}

fn failed(tool: &'static str, status: std::process::ExitStatus) -> Error {
    Error::conflict("backup.tool_failed", tool).with("why", status)
}

fn run(mut command: Command, tool: &'static str) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().map_err(|e| missing(tool, e))?;
    if status.success() { Ok(()) } else { Err(failed(tool, status)) }
}

/// What a generation says of itself, where it is one of PostgreSQL's.
fn about(path: &Path) -> Option<Value> {
    let text = std::fs::read_to_string(path.join(ABOUT)).ok()?;
    let about: Value = serde_json::from_str(&text).ok()?;
    (about["engine"] == "postgres").then_some(about)
}

/// Generations of PostgreSQL in a folder of copies, oldest first, with the moment that each begins.
fn generations(dir: &Path) -> Vec<(PathBuf, Instant)> {
    let found = std::fs::read_dir(keep::generations_in(dir)).into_iter().flatten();
    let mut paths: Vec<PathBuf> = found.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.sort();
    let of = |path: PathBuf| {
        let until = Instant::parse(about(&path)?["until"].as_str()?).ok()?;
        Some((path, until))
    };
    paths.into_iter().filter_map(of).collect()
}

pub(super) fn is_copy(dir: &Path) -> bool {
    !generations(dir).is_empty()
}

/// Makes a server's folder `pgdata` in the data folder that, started, goes to the moment asked for.
pub(super) fn restore(
    at: &cli::Place,
    ask: &cli::Restore,
    moment: Option<Instant>,
) -> Result<ExitCode> {
    let all = generations(&ask.from);
    if ask.list {
        for (path, until) in &all {
            outln!("{} {}", until.rfc3339(), path.display());
        }
        return Ok(ExitCode::SUCCESS);
    }
    let early = all.iter().filter(|(_, until)| moment.is_none_or(|at| *until <= at));
    let Some((generation, _)) = early.max_by_key(|(_, until)| *until) else {
        let first = all.first().map_or_else(String::new, |(_, until)| until.rfc3339());
        let asked = moment.map_or_else(String::new, Instant::rfc3339);
        return Err(Error::invalid("backup.not_so_early", asked).with("first", first));
    };
    let into = at.data.join("pgdata");
    if into.exists() {
        return Err(Error::conflict("restore.not_empty", into.display()));
    }
    let unusable = |e: std::io::Error| Error::conflict("backup.unusable", e);
    std::fs::create_dir_all(&at.data).map_err(|e| unusable(e).with("path", at.data.display()))?;
    let mut command = Command::new("cp");
    command.arg("-a").arg(generation.join("base")).arg(&into);
    run(command, "cp")?;
    let wal = generation.join("wal");
    let wal = wal.canonicalize().unwrap_or(wal);
    write(&into.join("recovery.signal"), "")?;
    let settings = into.join("postgresql.auto.conf");
    let mut text = std::fs::read_to_string(&settings).unwrap_or_default();
    text.push_str(&recovery(&wal, moment));
    write(&settings, &text)?;
    let files = cli::files_folder(ask.files.as_deref(), at);
    keep::copy_files_back(&ask.from, &files)?;
    for code in below(&ask.from) {
        let files = Folder::of_tenant(&at.data, &code).join("files");
        keep::copy_files_back(&Folder::of_tenant(&ask.from, &code), &files)?;
    }
    let path = into.display().to_string();
    outln!("{}", say("cli-restore-pg", &[("path", &path)]));
    Ok(ExitCode::SUCCESS)
}

/// Where the server finds its log, and how far it goes. The last segment is still being written.
fn recovery(wal: &Path, moment: Option<Instant>) -> String {
    let wal = wal.display().to_string().replace('\'', "''");
    let mut text = format!(
        "\nrestore_command = 'cp \"{wal}/%f\" \"%p\" || cp \"{wal}/%f.partial\" \"%p\"'\n\
         recovery_target_action = 'promote'\n"
    );
    if let Some(moment) = moment {
        // The server reads its settings before it knows any zone by name, so not even `Z`.
        let moment = moment.rfc3339().replace('T', " ").replace('Z', "+00");
        text.push_str(&format!("recovery_target_time = '{moment}'\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_is_written_as_the_server_reads_it() {
        let moment = Instant::parse("2026-11-22T09:30:00.5+08:00").unwrap();
        let text = recovery(Path::new("/copies/o'clock"), Some(moment));
        assert!(text.contains("recovery_target_time = '2026-11-22 01:30:00.5+00'\n"), "{text}");
        assert!(text.contains("cp \"/copies/o''clock/%f\" \"%p\" || "), "{text}");
        assert!(!recovery(Path::new("/copies"), None).contains("target_time"));
    }
}
