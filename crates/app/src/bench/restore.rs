//! `huiliu bench restore`: the program is copied while it writes, everything is ended by force, and
//! what the copy promises is looked for in what is put back.
use crate::bench::kill;
use crate::outside::now;
use crate::{cli, place};
use kernel::{Error, Instant, Result};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;
use store::sql;

/// What a child said, and when it was heard: it was said before.
type Heard = Vec<(Instant, String)>;

/// A child whose lines are heard; ended by force with us.
struct Said {
    child: Child,
    reader: Option<std::thread::JoinHandle<Heard>>,
}

impl Said {
    fn begin(args: &[&str], paths: &[(&str, &Path)]) -> Result<Self> {
        let broken = |e: std::io::Error| Error::bug("bug.child", e);
        let mut command = Command::new(std::env::current_exe().map_err(broken)?);
        command.args(args);
        for (name, path) in paths {
            command.arg(name).arg(path);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(broken)?;
        let out = child.stdout.take().ok_or_else(|| Error::bug("bug.child", "no output"))?;
        let reader = std::thread::spawn(move || {
            let lines = BufReader::new(out).lines().map_while(std::result::Result::ok);
            lines.map(|line| (now(), line)).collect()
        });
        Ok(Self { child, reader: Some(reader) })
    }

    fn kill(mut self) -> Result<Heard> {
        let broken = |e: std::io::Error| Error::bug("bug.child", e);
        self.child.kill().map_err(broken)?;
        self.child.wait().map_err(broken)?;
        let reader = self.reader.take().ok_or_else(|| Error::bug("bug.child", "no reader"))?;
        reader.join().map_err(|_| Error::bug("bug.child", "the reader died"))
    }
}

/// Writes for so many seconds (`--orders`, default 12) from so many clients (default 8).
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    let seconds = bench.orders.unwrap_or(12) as u64;
    let clients = bench.clients.unwrap_or(8).to_string();
    let (data, copies) = (at.data.join("live"), at.data.join("copies"));
    std::fs::create_dir_all(&data)
        .map_err(|e| Error::conflict("folder.unusable", e).with("path", data.display()))?;
    let writer = Said::begin(&["bench", "acks", "--clients", &clients], &[("--data", &data)])?;
    while !data.join("huiliu.db").exists() {
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_secs(1));
    let follow = ["backup", "--follow", "--json"];
    let copier = Said::begin(&follow, &[("--data", &data), ("--to", &copies)])?;
    std::thread::sleep(Duration::from_secs(seconds));
    let acknowledged = writer.kill()?;
    let points = copier.kill()?;
    let points: Vec<Value> =
        points.iter().filter_map(|(_, line)| serde_json::from_str(line).ok()).collect();
    let (Some(middle), Some(last)) = (points.get(points.len() / 2), points.last()) else {
        return Err(Error::bug("bug.child", "the copy told of no point"));
    };
    let mut looks = Vec::new();
    for (name, point) in [("middle", middle), ("last", last)] {
        let into = at.data.join(name);
        looks.push(look(&copies, &into, name, point, &acknowledged)?);
    }
    let fine = looks.iter().all(|look| look["fine"] == true);
    outln!(
        "{}",
        json!({
            "suite": "restore", "seconds": seconds, "clients": clients, "points": points.len(),
            "acknowledged": acknowledged.len(), "restored": looks,
        })
    );
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Puts back one point; what was acknowledged before it must be there, and nothing after it.
fn look(
    copies: &Path,
    into: &Path,
    name: &str,
    point: &Value,
    acknowledged: &Heard,
) -> Result<Value> {
    let moment = |key: &str| Instant::parse(point[key].as_str().unwrap_or_default());
    let (from, until) = (moment("from")?, moment("until")?);
    let begun = std::time::Instant::now();
    let (place, asked) =
        (cli::Place { data: into.to_owned(), database: None, tenant: None }, until);
    let db = into.join("huiliu.db");
    store::keep::restore(copies, Some(asked), &db, &into.join("files"))?;
    let seconds = begun.elapsed().as_secs_f64();
    let before = acknowledged.iter().filter(|(heard, line)| *heard < from && line != "ready");
    let before: Vec<String> = before.map(|(_, line)| line.clone()).collect();
    let (lost, breaches) = kill::look(&place, &before)?;
    let opened = place::open(&place)?;
    let newest: Option<i64> = opened.store.read(&opened.system(), |_, tx| {
        tx.value(
            sql!(
                "SELECT f.recorded_at FROM fact f WHERE f.tenant_id = $1 ORDER BY f.id DESC LIMIT 1"
            ),
            &[],
        )
    })?;
    let late = newest.unwrap_or(0) > until.0;
    let fine = lost == 0 && breaches == 0 && !late && !before.is_empty();
    Ok(json!({
        "point": name, "acknowledged_before": before.len(), "lost": lost, "breaches": breaches,
        "later_than_the_point": late, "seconds": seconds, "fine": fine,
    }))
}

/// Looks for every document that standard input names, as `acks` printed them.
pub(crate) fn found(at: &cli::Place) -> Result<ExitCode> {
    let lines = std::io::stdin().lock().lines().map_while(std::result::Result::ok);
    let all: Vec<String> = lines.filter(|line| line != "ready").collect();
    let (lost, breaches) = kill::look(at, &all)?;
    outln!("{}", json!({ "acknowledged": all.len(), "lost": lost, "breaches": breaches }));
    let fine = lost == 0 && breaches == 0 && !all.is_empty();
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
