//! `huiliu bench own`: how long it takes to read the facts of a company into columns, and to mine
//! them. The company is that of the data folder (`huiliu bench fill`, `huiliu demo`).
use crate::outside::{cpu_seconds, now, peak_mebibytes};
use crate::verbs::mine::columns;
use crate::{cli, place};
use kernel::{Error, Result};
use process::log::{Flat, Only};
use process::mine::{Calendar, Dfg, Overview, Variants};
use process::own::view::{self, Wanted};
use process::own::{Hours, Kept, Masters};
use serde_json::json;
use std::process::ExitCode;
use std::time::Instant;

/// Cold: the file of columns is made anew. Warm: it is there, and nothing was sealed since.
pub(crate) fn run(at: &cli::Place) -> Result<ExitCode> {
    let place = place::open(at)?;
    place.store.seal(place::TENANT, now())?;
    let path = columns(at);
    if path.exists() {
        std::fs::remove_file(&path)
            .map_err(|e| Error::conflict("file.not_written", e).with("path", path.display()))?;
    }
    let cx = place.system();
    let (begun, cpu) = (Instant::now(), cpu_seconds());
    drop(Kept::open(&path, &place.store, &cx)?);
    let (cold, cold_cpu) = (begun.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    let begun = Instant::now();
    let kept = Kept::open(&path, &place.store, &cx)?;
    let load = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let masters = Masters::read(&place.store, &cx, &flows::entities())?;
    let read_masters = begun.elapsed().as_secs_f64();
    let (begun, cpu) = (Instant::now(), cpu_seconds());
    let own = view::log(&kept.facts, &masters, Wanted::all("order"));
    let view = begun.elapsed().as_secs_f64();
    let flat = Flat::of(&own.log, 0, Only::All);
    let calendar = Calendar::company(&Hours::china());
    let dfg = Dfg::of(&own.log, &flat, &|from, to| calendar.working(from, to));
    let variants = Variants::of(&own.log, &flat);
    let overview = Overview::of(&own.log, &flat);
    let warm = begun.elapsed().as_secs_f64();
    let told = json!({
        "facts": kept.facts.len(), "events": own.log.events.len(), "cases": overview.cases,
        "variants": variants.list.len(), "edges": dfg.edges.len(),
        "cold_seconds": cold, "cold_cpu_seconds": cold_cpu, "load_seconds": load,
        "masters_seconds": read_masters, "view_seconds": view,
        "warm_seconds": warm, "warm_cpu_seconds": cpu_seconds() - cpu,
        "peak_mebibytes": peak_mebibytes(),
        "file_megabytes": std::fs::metadata(&path).map_or(0.0, |m| m.len() as f64 / 1e6),
    });
    println!("{told:#}");
    Ok(ExitCode::SUCCESS)
}
