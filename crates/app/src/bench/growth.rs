//! `huiliu bench growth`: what lists, search, a customer's page, a flow, a start and memory cost in
//! one company that grows by tens.
//!
//! `startup`, `memory` and `pair` are parts of it that want a process of their own: what this one
//! holds from filling must not count.
use crate::bench::pair::Pair;
use crate::bench::reads::{Asker, Took};
use crate::bench::{fill, flow, ground};
use crate::outside::{peak_mebibytes, write};
use crate::{cli, place};
use kernel::{Error, Result};
use serde_json::{Value, json};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Instant;

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
const SUITES: [&str; 3] = ["lists", "search", "customer"];
/// Flows by which their cost is measured, by one client.
const FLOWS: usize = 300;
/// Times that a question is asked.
const TURNS: usize = 60;

/// What was measured at one size, by name, each with its unit.
struct Step {
    orders: usize,
    figures: Vec<(String, f64)>,
}

/// Fills an empty folder step by step up to `--orders` (a million), and measures at each.
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    let most = bench.orders.unwrap_or(SIZES[SIZES.len() - 1]);
    let mut sizes: Vec<usize> = SIZES.into_iter().filter(|size| *size < most).collect();
    sizes.push(most);
    let mut steps: Vec<Step> = Vec::new();
    for orders in sizes {
        let have = steps.last().map_or(0, |step| step.orders);
        let step = measure(at, have, orders)?;
        if !bench.json {
            outln!("{}", step.line());
        }
        steps.push(step);
    }
    let pair = Pair::of(&child(at, "pair")?)?;
    if bench.json {
        let steps = steps.iter().map(Step::json).collect();
        outln!("{}", json!({ "steps": Value::Array(steps), "pair": pair.json() }));
    } else {
        outln!("{}", pair.line());
    }
    if let Some(path) = &bench.doc {
        write(path, &(page(at, &steps) + &pair.section()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(at: &cli::Place, have: usize, orders: usize) -> Result<Step> {
    let mut figures = Vec::new();
    {
        let place = place::open(at)?;
        let company =
            place.store.read(&place.system(), |_, tx| access::questions::first_company(tx))?;
        let ground = match (&company, have) {
            (None, 0) => ground::found(&place.store, place.tenant)?,
            (Some(company), 1..) => ground::again(&place.store, place.tenant, company.id.raw())?,
            (Some(company), 0) => return Err(Error::conflict("bench.not_empty", &company.name)),
            (None, _) => return Err(Error::bug("bug.bench", "the company is gone")),
        };
        let begun = Instant::now();
        fill::add(at, &place, &ground, have..orders)?;
        figures.push(("filled s".to_owned(), begun.elapsed().as_secs_f64()));
        let cost = flow::cost(&place.store, &Arc::new(ground), 0..FLOWS)?;
        figures.push(("flow CPU ms".to_owned(), cost.cpu_ms));
        figures.push(("flow command p50 ms".to_owned(), cost.p50_ms));
    }
    let started = child(at, "startup")?;
    figures.push(("start to first list ms".to_owned(), number(&started, "first_list_ms")?));
    let read = child(at, "memory")?;
    for suite in SUITES {
        for (name, p95) in read[suite].as_object().into_iter().flatten() {
            figures.push((format!("{suite}: {name} p95 ms"), p95.as_f64().unwrap_or(0.0)));
        }
    }
    figures.push(("peak MiB of reading".to_owned(), number(&read, "peak_mib")?));
    Ok(Step { orders, figures })
}

/// A figure that a part printed.
pub(crate) fn number(of: &Value, name: &str) -> Result<f64> {
    of[name].as_f64().ok_or_else(|| Error::bug("bug.child", format!("no {name} in {of}")))
}

/// Runs a part in a process of its own; what it prints.
pub(crate) fn child(at: &cli::Place, suite: &str) -> Result<Value> {
    let broken = |e: std::io::Error| Error::bug("bug.child", e);
    let program = std::env::current_exe().map_err(broken)?;
    let mut command = Command::new(program);
    command.args(["bench", suite, "--json", "--data"]).arg(&at.data);
    if let Some(url) = &at.database {
        command.args(["--database", url]);
    }
    let done = command.output().map_err(broken)?;
    serde_json::from_slice(&done.stdout).map_err(|e| {
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        Error::bug("bug.child", e).with("said", said)
    })
}

/// Opens a filled folder and answers the first list of orders.
pub(crate) fn startup(at: &cli::Place) -> Result<ExitCode> {
    let begun = Instant::now();
    let place = place::open(at)?;
    let opened = begun.elapsed().as_secs_f64() * 1e3;
    let asker = Asker::new(&place)?;
    asker.suite("newest", 1)?;
    let first = begun.elapsed().as_secs_f64() * 1e3;
    outln!(
        "{}",
        json!({ "suite": "startup", "opened_ms": opened, "first_list_ms": first,
        "peak_mib": peak_mebibytes() })
    );
    Ok(ExitCode::SUCCESS)
}

/// Asks everything that `lists`, `search` and `customer` ask; the most memory that took.
pub(crate) fn memory(at: &cli::Place) -> Result<ExitCode> {
    let place = place::open(at)?;
    let asker = Asker::new(&place)?;
    let mut answer = json!({ "suite": "memory" });
    for suite in SUITES {
        let p95 = |t: &Took| (t.question.to_owned(), json!(t.p95_ms));
        let took = asker.suite(suite, TURNS)?;
        answer[suite] = Value::Object(took.iter().map(p95).collect());
    }
    answer["peak_mib"] = json!(peak_mebibytes());
    outln!("{answer}");
    Ok(ExitCode::SUCCESS)
}

impl Step {
    fn line(&self) -> String {
        let figure = |(name, value): &(String, f64)| format!("{name} {value:.1}");
        let figures: Vec<String> = self.figures.iter().map(figure).collect();
        format!("{} orders: {}", self.orders, figures.join("; "))
    }
    fn json(&self) -> Value {
        let figures = self.figures.iter().map(|(name, value)| (name.clone(), json!(value)));
        json!({ "orders": self.orders, "figures": Value::Object(figures.collect()) })
    }
}

fn page(at: &cli::Place, steps: &[Step]) -> String {
    let engine = if at.database.is_some() { "PostgreSQL" } else { "SQLite" };
    let mut page = format!(
        "# Growth on {engine}\n\nWritten by `huiliu bench growth`. One company grows; the first \
         10,000 orders are carried through the work, all others are imported. An exponent of 0 is \
         a cost that does not grow, of 1 one that grows as the company does. p95 of {TURNS} turns \
         of each question over the API, in process.\n\n| figure |"
    );
    for step in steps {
        page.push_str(&format!(" {} orders |", step.orders));
    }
    page.push_str(" exponent |\n|---|");
    page.push_str(&"--:|".repeat(steps.len() + 1));
    page.push('\n');
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return page };
    let tens = (last.orders as f64 / first.orders as f64).ln();
    for (row, (name, from)) in first.figures.iter().enumerate() {
        page.push_str(&format!("| {name} |"));
        for step in steps {
            page.push_str(&format!(" {:.2} |", step.figures.get(row).map_or(0.0, |f| f.1)));
        }
        let to = last.figures.get(row).map_or(0.0, |f| f.1);
        let exponent = if tens > 0.0 && *from > 0.0 { (to / from).ln() / tens } else { 0.0 };
        page.push_str(&format!(" {exponent:.2} |\n"));
    }
    page
}
