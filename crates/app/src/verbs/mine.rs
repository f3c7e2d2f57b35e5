//! `huiliu mine FILE`: a report on the process that an event log tells of. Needs no company.
//! `huiliu mine --own`: the same on the company's own facts.
use crate::outside::{lang, now, say, write};
use crate::{cli, place};
use kernel::{Error, Result};
use process::discover::{bpmn, bpmn_xml, inductive, replay};
use process::own::Ground;
use process::read::{Ask, Columns, Keep};
use process::report::{self, SourceFacts, Study, Wish};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

/// Reads, studies and writes what was asked for.
pub(crate) fn run(at: &cli::Place, ask: &cli::Mine) -> Result<ExitCode> {
    let (study, facts) = match &ask.file {
        Some(file) => from_file(ask, file)?,
        None => from_facts(at, ask)?,
    };
    if let Some(path) = &ask.html {
        write(path, &report::html(&study, &facts, lang()))?;
        eprintln!("{}", say("mine-wrote", &[("path", &path.display().to_string())]));
    }
    if let Some(path) = &ask.json {
        let json = serde_json::to_string_pretty(&report::json(&study, &facts))
            .map_err(|e| Error::bug("bug.internal", e))?;
        write(path, &format!("{json}\n"))?;
        eprintln!("{}", say("mine-wrote", &[("path", &path.display().to_string())]));
    }
    if let Some(path) = &ask.bpmn {
        model(&study, &facts, path, ask.noise.clamp(0.0, 1.0))?;
    }
    tell(&study, &facts);
    Ok(ExitCode::SUCCESS)
}

/// Facts, masters and hours of an installation.
pub(crate) fn ground(place: &place::Place) -> Result<Ground> {
    place.store.seal(place.tenant, now())?;
    Ground::open(&place.columns(), &place.store, &place.system(), &flows::entities())
}

fn from_facts(at: &cli::Place, ask: &cli::Mine) -> Result<(Study, SourceFacts)> {
    let place = place::open(at)?;
    let ground = ground(&place)?;
    let study = ground.study(ask.object_type.as_deref().unwrap_or("order"))?;
    Ok((study, SourceFacts::own(say("mine-own-name", &[]))))
}

fn from_file(ask: &cli::Mine, file: &Path) -> Result<(Study, SourceFacts)> {
    let columns = Columns {
        case: ask.case.clone(),
        activity: ask.activity.clone(),
        time: ask.time.clone(),
        end: ask.end.clone(),
        resource: ask.resource.clone(),
    };
    // Others are not looked at, and not kept: memory stays small.
    let keep = Keep::Named(report::LANE_ATTRIBUTES.map(str::to_owned).to_vec());
    let mut bar = Bar::new();
    let read =
        process::read::read(file, &Ask { columns, keep }, &mut |done, all| bar.show(done, all));
    bar.clear();
    let source = read?;
    let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let (log, facts) = SourceFacts::split(source, name);
    let wish = Wish { object_type: ask.object_type.clone(), sliders: None };
    Ok((Study::of(log, &wish)?, facts))
}

/// Discovers a model, writes it, and says how many cases it accepts.
fn model(study: &Study, facts: &SourceFacts, path: &std::path::Path, noise: f64) -> Result<()> {
    let tree = inductive::discover(&study.log, &study.variants, noise);
    write(path, &bpmn_xml::write(&bpmn::draw(&tree, &study.log.activities, &facts.name)))?;
    let share = replay::fitting(&tree, &study.variants).unwrap_or_default();
    let percent = format!("{:.1}", share * 100.0);
    let values = [("path", path.display().to_string()), ("percent", percent)];
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    eprintln!("{}", say("mine-model", &values));
    Ok(())
}

/// The few lines that a person reads before opening the report.
fn tell(study: &Study, facts: &SourceFacts) {
    let left_out: u64 = study
        .log
        .quality
        .findings
        .iter()
        .filter(|(trouble, _)| trouble.leaves_out())
        .map(|(_, finding)| finding.count)
        .sum();
    let values = [
        ("cases", study.overview.cases.to_string()),
        ("events", study.overview.events.to_string()),
        ("variants", study.variants.list.len().to_string()),
        ("left_out", left_out.to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    outln!("{}", say("mine-done", &values));
    if let Some(columns) = &facts.columns {
        let named = [&columns.case, &columns.activity, &columns.time, &columns.end];
        let known: Vec<&str> =
            named.into_iter().chain([&columns.resource]).flatten().map(String::as_str).collect();
        outln!("{}", say("mine-columns", &[("columns", &known.join(", "))]));
    }
    let headlines = report::headlines(study, lang());
    if !headlines.is_empty() {
        outln!("{}", say("mine-summary-first", &[]));
        for (at, headline) in headlines.iter().enumerate() {
            outln!("  {}. {headline}", at + 1);
        }
    }
}

/// A line on a terminal that is written over; nothing where nobody looks.
struct Bar {
    is_shown: bool,
    last: Option<u64>,
}

impl Bar {
    fn new() -> Self {
        Self { is_shown: std::io::stderr().is_terminal(), last: None }
    }
    fn show(&mut self, done: u64, all: u64) {
        let percent = done.saturating_mul(100) / all.max(1);
        if !self.is_shown || self.last == Some(percent) {
            return;
        }
        self.last = Some(percent);
        let full = (percent / 4) as usize;
        let megabytes = (all / 1_000_000).to_string();
        let text =
            say("mine-progress", &[("percent", &percent.to_string()), ("megabytes", &megabytes)]);
        eprint!("\r{}{} {text}", "█".repeat(full), "░".repeat(25 - full.min(25)));
        std::io::stderr().flush().ok();
    }
    fn clear(&self) {
        if self.last.is_some() {
            eprint!("\r\u{1b}[2K");
        }
    }
}
