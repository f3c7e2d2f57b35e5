//! `huiliu bench own`: how long it takes to read the facts of a company into columns, and to mine
//! them, and its figures. The company is that of the data folder (`huiliu demo --orders 30000`);
//! the last day of its facts is what an increment is measured with.
//!
//! What is warm and the figures are measured in processes of their own (`warm`, `figures`): what
//! the columns needed while they were made must not count as theirs.
use crate::bench::growth::child;
use crate::outside::{cpu_seconds, now, peak_megabytes as peak, reset_peak, write};
use crate::{cli, place};
use kernel::{Error, Result};
use process::insight::{FiguresAsk, Insight, MapAsk};
use process::kpi::Grain;
use process::log::{Flat, Only};
use process::mine::{Calendar, Dfg, Overview, Variants};
use process::own::view::{self, Wanted};
use process::own::{Ground, Hours, Kept, Masters};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// Cold: the file of columns is made anew. Warm: it is there, and nothing was sealed since.
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    let all = [cold(at)?, child(at, "warm")?, child(at, "figures")?];
    if bench.json {
        outln!("{}", Value::Array(all.to_vec()));
    } else {
        outln!("{}", page(&all));
    }
    if let Some(path) = &bench.doc {
        write(path, &page(&all))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A measurement: what, how long, how much memory.
struct Watch {
    begun: Instant,
    cpu: f64,
}

impl Watch {
    fn new() -> Self {
        Self { begun: Instant::now(), cpu: cpu_seconds() }
    }
    fn line(&self, what: &str, limit: &str) -> Value {
        let (seconds, cpu) = (self.begun.elapsed().as_secs_f64(), cpu_seconds() - self.cpu);
        json!({ "what": what, "limit": limit, "seconds": seconds, "cpu_seconds": cpu,
            "peak_megabytes": peak() })
    }
}

fn cold(at: &cli::Place) -> Result<Value> {
    let place = place::open(at)?;
    place.store.seal(place.tenant, now())?;
    let path = place.columns();
    if path.exists() {
        std::fs::remove_file(&path)
            .map_err(|e| Error::conflict("file.not_written", e).with("path", path.display()))?;
    }
    let cx = place.system();
    reset_peak();
    let watch = Watch::new();
    drop(Kept::open(&path, &place.store, &cx)?);
    Ok(json!({ "lines": [watch.line("cold: facts into columns and their file", "8 s")] }))
}

/// The columns as they lie in their file, and everything that the process screens begin with.
pub(crate) fn warm(at: &cli::Place) -> Result<ExitCode> {
    let place = place::open(at)?;
    let (cx, path) = (place.system(), place.columns());
    let mut lines = Vec::new();
    let watch = Watch::new();
    let kept = Kept::open(&path, &place.store, &cx)?;
    lines.push(watch.line("columns from their file", ""));
    let watch = Watch::new();
    let masters = Masters::read(&place.store, &cx, &flows::entities())?;
    lines.push(watch.line("masters as columns", ""));
    let watch = Watch::new();
    let own = view::log(&kept.facts, &masters, Wanted::all("order"));
    let flat = Flat::of(&own.log, 0, Only::All);
    let calendar = Calendar::company(&Hours::china());
    let dfg = Dfg::of(&own.log, &flat, &|from, to| calendar.working(from, to));
    let variants = Variants::of(&own.log, &flat);
    let overview = Overview::of(&own.log, &flat);
    lines.push(watch.line("warm: graph, variants, performance of the orders", "1 s, 300 MB"));
    outln!(
        "{}",
        json!({
            "facts": kept.facts.len(), "events": own.log.events.len(), "cases": overview.cases,
            "variants": variants.list.len(), "edges": dfg.edges.len(), "lines": lines,
            "file_megabytes": std::fs::metadata(&path).map_or(0.0, |m| m.len() as f64 / 1e6),
        })
    );
    Ok(ExitCode::SUCCESS)
}

/// All figures from the file of columns; then of what is sealed as a day's work.
pub(crate) fn figures(at: &cli::Place) -> Result<ExitCode> {
    let place = place::open(at)?;
    let (cx, entities, path) = (place.system(), flows::entities(), place.columns());
    let mut lines = Vec::new();
    let watch = Watch::new();
    let insight = Insight::open(&path, &place.store, &cx, &entities)?;
    let last = insight.ground.facts().at.iter().copied().max().unwrap_or(0);
    let ask = FiguresAsk {
        grain: Grain::Month,
        count: 13,
        dimension: None,
        value: None,
        people: true,
        targets: Vec::new(),
    };
    let board = insight.board(&ask, last)?;
    let figures = board["kpis"].as_array().map_or(0, Vec::len);
    lines.push(watch.line("all KPIs of 13 months, with their signals", "10 s"));
    let part = MapAsk::usual("order");
    let watch = Watch::new();
    insight.map(&part)?;
    lines.push(watch.line("the map, the first time it is asked for", ""));
    let watch = Watch::new();
    insight.map(&MapAsk { activities: 0.6, paths: 0.2, ..part })?;
    lines.push(watch.line("the map after a slider was moved", "0.1 s"));
    drop(insight);
    let (count, day) = a_day(&place, &path, &ask, last)?;
    lines.push(day);
    outln!("{}", json!({ "figures": figures, "increment": count, "lines": lines }));
    Ok(ExitCode::SUCCESS)
}

/// One day's facts: a company that knows everything but its last day, brought up to date. The
/// columns are cut by a copy that ends a day earlier.
fn a_day(place: &place::Place, path: &Path, ask: &FiguresAsk, last: i64) -> Result<(usize, Value)> {
    let (cx, entities) = (place.system(), flows::entities());
    let short = path.with_extension("short");
    let facts = Kept::open(path, &place.store, &cx)?.facts;
    let begins = Hours::china().midnight(Hours::china().day(last));
    let before = (0..facts.len()).rfind(|fact| facts.recorded(*fact) < begins);
    let recorded = before.map_or(0, |fact| fact + 1);
    let until = facts.until - (facts.len() - recorded) as i64;
    drop(facts);
    let ground = Ground::open_until(&short, &place.store, &cx, &entities, until)?;
    let mut insight = Insight::of(ground)?;
    insight.board(ask, last)?;
    let watch = Watch::new();
    let came = insight.refresh(&place.store, &cx, &entities)?;
    insight.board(ask, last)?;
    let line = watch.line("the facts of the last day, and all KPIs again", "1 s");
    std::fs::remove_file(&short)
        .map_err(|e| Error::conflict("file.not_written", e).with("path", short.display()))?;
    Ok((came, line))
}

fn page(all: &[Value; 3]) -> String {
    let [_, columns, figures] = all;
    let mut out = String::from(
        "# Measuring a company by its own facts\n\nWritten by `huiliu bench own`. The first line \
         is a process of its own, so are those up to *warm*, and those after it: each peak is the \
         most memory that its process had until then.\n\n\
         | what | held against | seconds | CPU seconds | peak MB |\n|---|---|--:|--:|--:|\n",
    );
    for line in all.iter().flat_map(|of| of["lines"].as_array()).flatten() {
        let number = |key: &str| line[key].as_f64().unwrap_or_default();
        let text = |key: &str| line[key].as_str().unwrap_or_default();
        let (seconds, cpu) = (number("seconds"), number("cpu_seconds"));
        let (what, limit, peak) = (text("what"), text("limit"), number("peak_megabytes"));
        let _ = writeln!(out, "| {what} | {limit} | {seconds:.3} | {cpu:.2} | {peak:.0} |");
    }
    let _ = writeln!(
        out,
        "\n{} facts, of which {} of the last day; {} events of {} orders in {} variants; {} KPIs.",
        columns["facts"],
        figures["increment"],
        columns["events"],
        columns["cases"],
        columns["variants"],
        figures["figures"]
    );
    out
}
