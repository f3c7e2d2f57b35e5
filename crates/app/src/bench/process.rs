//! `huiliu bench process`: seeded logs as files, and how long it takes to read and mine them.
use crate::cli;
use crate::outside::{cpu_seconds, peak_megabytes as peak, reset_peak, write};
use kernel::{Error, Result};
use process::log::{Flat, Log, Only, time};
use process::mine::{Calendar, Dfg, Overview, Variants};
use process::read::{Ask, Keep};
use process::report::{SourceFacts, Study, Wish};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

const SEED: u64 = 20_241_122;
const CSV_EVENTS: usize = 1_100_000;
const XES_EVENTS: usize = 340_000;

/// Makes the logs where they are missing (`--make`: anew), then measures.
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    let folder = at.data.join("bench-process");
    let (table, xes) = (folder.join("orders.csv"), folder.join("orders.xes"));
    if bench.make || !table.exists() || !xes.exists() {
        std::fs::create_dir_all(&folder).map_err(|e| unwritable(&folder, &e))?;
        make(&table, CSV_EVENTS, &mut csv)?;
        make(&xes, XES_EVENTS, &mut xes_trace)?;
    }
    let mut all = vec![from_file("csv", &table)?, from_file("xes", &xes)?];
    all.push(warm(&table)?);
    all.push(report(&xes)?);
    if bench.json {
        outln!("{}", Value::Array(all));
        return Ok(ExitCode::SUCCESS);
    }
    outln!("{}", page(&all));
    if let Some(path) = &bench.doc {
        write(path, &page(&all))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn unwritable(path: &Path, e: &std::io::Error) -> Error {
    Error::conflict("file.not_written", e).with("path", path.display())
}

// ---- measuring

fn read(path: &Path, keep: Keep) -> Result<process::read::Source> {
    process::read::read(path, &Ask { keep, ..Ask::default() }, &mut |_, _| {})
}

/// Variants, graph and performance of the main traces.
fn mine(log: &Log) -> (usize, usize, u64) {
    let flat = Flat::of(log, 0, Only::All);
    let calendar = Calendar::of(log);
    let dfg = Dfg::of(log, &flat, &|from, to| calendar.working(from, to));
    let variants = Variants::of(log, &flat);
    let overview = Overview::of(log, &flat);
    (variants.list.len(), dfg.edges.len(), overview.cases)
}

fn from_file(name: &str, path: &Path) -> Result<Value> {
    reset_peak();
    let (begun, cpu) = (Instant::now(), cpu_seconds());
    let source = read(path, Keep::Named(Vec::new()))?;
    let read = begun.elapsed().as_secs_f64();
    let (variants, edges, cases) = mine(&source.log);
    Ok(json!({
        "what": format!("{name}: file to counts, variants, graph, performance"),
        "events": source.log.events.len(), "cases": cases, "variants": variants, "edges": edges,
        "megabytes": source.bytes as f64 / 1e6, "read_seconds": read,
        "seconds": begun.elapsed().as_secs_f64(), "cpu_seconds": cpu_seconds() - cpu,
        "peak_megabytes": peak(),
    }))
}

/// One million events, already in columns.
fn warm(path: &Path) -> Result<Value> {
    let source = read(path, Keep::Named(Vec::new()))?;
    let log = source.log;
    mine(&log);
    reset_peak();
    let (begun, cpu) = (Instant::now(), cpu_seconds());
    let (variants, edges, cases) = mine(&log);
    Ok(json!({
        "what": "warm: variants, graph, performance from columns",
        "events": log.events.len(), "cases": cases, "variants": variants, "edges": edges,
        "seconds": begun.elapsed().as_secs_f64(), "cpu_seconds": cpu_seconds() - cpu,
        "peak_megabytes": peak(),
    }))
}

/// Everything that `huiliu mine` does, without writing files.
fn report(path: &Path) -> Result<Value> {
    reset_peak();
    let (begun, cpu) = (Instant::now(), cpu_seconds());
    let keep = process::report::LANE_ATTRIBUTES.map(str::to_owned).to_vec();
    let source = read(path, Keep::Named(keep))?;
    let bytes = source.bytes;
    let (log, facts) = SourceFacts::split(source, "orders.xes".to_owned());
    let study = Study::of(log, &Wish { object_type: None, sliders: None })?;
    let html = process::report::html(&study, &facts, crate::outside::lang());
    Ok(json!({
        "what": "huiliu mine: xes to HTML report", "events": study.overview.events,
        "cases": study.overview.cases, "variants": study.variants.list.len(),
        "edges": study.dfg.edges.len(), "megabytes": bytes as f64 / 1e6,
        "html_bytes": html.len(), "seconds": begun.elapsed().as_secs_f64(),
        "cpu_seconds": cpu_seconds() - cpu, "peak_megabytes": peak(),
    }))
}

fn page(all: &[Value]) -> String {
    let mut out = "| what | events | cases | variants | MB | seconds | CPU seconds | peak MB |\n\
                   |---|--:|--:|--:|--:|--:|--:|--:|\n"
        .to_owned();
    for run in all {
        let number = |key: &str| run[key].as_f64().unwrap_or_default();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {:.0} | {:.2} | {:.2} | {:.0} |",
            run["what"].as_str().unwrap_or_default(),
            run["events"],
            run["cases"],
            run["variants"],
            number("megabytes"),
            number("seconds"),
            number("cpu_seconds"),
            number("peak_megabytes")
        );
    }
    out
}

// ---- making

/// xorshift64*: the same seed, the same log.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 33) % n
    }
    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// An event of a made log.
struct Made {
    case: usize,
    activity: &'static str,
    /// Seconds since 1970.
    start: i64,
    end: i64,
    resource: u64,
}

/// Who does it, and how long it waits and takes at most, in minutes.
const STEPS: [(&str, u64, u64, u64); 12] = [
    ("enter order", 0, 60, 10),
    ("check credit", 10, 600, 8),
    ("change order", 0, 1_440, 12),
    ("confirm order", 0, 300, 6),
    ("pick goods", 20, 900, 40),
    ("wait for stock", 20, 8_000, 2),
    ("pack goods", 20, 240, 30),
    ("ship goods", 30, 600, 20),
    ("deliver goods", 30, 4_000, 60),
    ("send invoice", 40, 2_000, 5),
    ("send reminder", 40, 12_000, 5),
    ("receive payment", 40, 30_000, 4),
];

/// One order from entry to payment, with returns and skips.
fn order(dice: &mut Dice, case: usize) -> Vec<Made> {
    let mut steps = vec![0];
    if dice.chance(60) {
        steps.push(1);
    }
    while dice.chance(15) {
        steps.extend([2, 1]);
    }
    steps.push(3);
    while dice.chance(20) {
        steps.push(5);
    }
    for _ in 0..1 + u64::from(dice.chance(12)) {
        steps.extend([4, 6, 7]);
    }
    steps.push(8);
    steps.push(9);
    while dice.chance(18) {
        steps.push(10);
    }
    if dice.chance(96) {
        steps.push(11);
    }
    let mut at = 1_704_067_200 + (case as i64) * 211 + dice.below(40_000) as i64;
    let mut events = Vec::with_capacity(steps.len());
    for step in steps {
        let (activity, group, wait, work) = STEPS[step];
        let start = at + dice.below(wait * 60) as i64;
        let end = start + 60 + dice.below(work * 60) as i64;
        events.push(Made { case, activity, start, end, resource: group + dice.below(8) });
        at = end;
    }
    events
}

type Writer = BufWriter<std::fs::File>;

/// Writes whole orders until there are so many events.
fn make(
    path: &PathBuf,
    events: usize,
    put: &mut dyn FnMut(&mut Writer, &[Made]) -> std::io::Result<()>,
) -> Result<()> {
    let broken = |e: std::io::Error| unwritable(path, &e);
    let file = std::fs::File::create(path).map_err(broken)?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let mut dice = Dice(SEED);
    let (mut made, mut case) = (0, 0);
    put(&mut out, &[]).map_err(broken)?;
    while made < events {
        // Two hundred orders run beside each other, so that a table's rows go by time.
        let mut batch: Vec<Made> = Vec::new();
        for _ in 0..200 {
            if made < events {
                case += 1;
                let order = order(&mut dice, case);
                made += order.len();
                batch.extend(order);
            }
        }
        put(&mut out, &batch).map_err(broken)?;
    }
    if path.extension().is_some_and(|e| e == "xes") {
        out.write_all(b"</log>\n").map_err(broken)?;
    }
    out.flush().map_err(broken)
}

/// Rows by time; the header for an empty batch.
fn csv(out: &mut Writer, batch: &[Made]) -> std::io::Result<()> {
    if batch.is_empty() {
        return writeln!(out, "case_id,activity,start_time,end_time,resource,channel,amount");
    }
    let mut rows: Vec<&Made> = batch.iter().collect();
    rows.sort_by_key(|row| (row.end, row.case));
    for row in rows {
        let (start, end) = (time::iso(row.start * 1_000_000), time::iso(row.end * 1_000_000));
        let (case, activity, resource) = (row.case, row.activity, row.resource);
        let (channel, amount) = (["web", "phone", "edi"][case % 3], case * 37 % 100_000);
        writeln!(
            out,
            "SO-{case:07},{activity},{start},{end},person {resource:02},{channel},{amount}"
        )?;
    }
    Ok(())
}

/// Traces with a dozen attributes for each event; the head for an empty batch.
fn xes_trace(out: &mut Writer, batch: &[Made]) -> std::io::Result<()> {
    if batch.is_empty() {
        return writeln!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log xes.version=\"1849-2016\">\n\
             <global scope=\"event\"><string key=\"concept:name\" value=\"\"/></global>"
        );
    }
    for trace in batch.chunk_by(|a, b| a.case == b.case) {
        let case = trace[0].case;
        writeln!(out, "<trace>\n\t<string key=\"concept:name\" value=\"SO-{case:07}\"/>")?;
        for event in trace {
            let (start, end) =
                (time::iso(event.start * 1_000_000), time::iso(event.end * 1_000_000));
            let (activity, resource, group) = (event.activity, event.resource, event.resource / 10);
            writeln!(
                out,
                "\t<event>\n\t\t<string key=\"concept:name\" value=\"{activity}\"/>\n\
                 \t\t<date key=\"start_timestamp\" value=\"{start}\"/>\n\
                 \t\t<date key=\"time:timestamp\" value=\"{end}\"/>\n\
                 \t\t<string key=\"lifecycle:transition\" value=\"complete\"/>\n\
                 \t\t<string key=\"org:resource\" value=\"person {resource:02}\"/>\n\
                 \t\t<string key=\"org:group\" value=\"team {group}\"/>\n\
                 \t\t<string key=\"Company\" value=\"companyID_0000\"/>\n\
                 \t\t<string key=\"Document Type\" value=\"Standard &amp; rush\"/>\n\
                 \t\t<string key=\"Item Category\" value=\"invoice after delivery\"/>\n\
                 \t\t<boolean key=\"Goods Receipt\" value=\"true\"/>\n\
                 \t\t<float key=\"Net worth (EUR)\" value=\"{}.0\"/>\n\
                 \t\t<string key=\"Source\" value=\"sourceSystemID_0000\"/>\n\t</event>",
                case * 37 % 100_000
            )?;
        }
        writeln!(out, "</trace>")?;
    }
    Ok(())
}
