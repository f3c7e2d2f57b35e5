//! `huiliu bench random`: random commands, legal and not, at a tiny company; invariants proved.
use crate::{cli, place};
use kernel::{Ctx, Day, Error, Result, Zone};
use serde_json::json;
use std::process::ExitCode;
use std::time::Instant;
use store::Store;
use store::folder::Folder;

/// Runs so many steps (default 50,000) from a fixed seed; a failure names seed and step.
pub(crate) fn run(at: &cli::Place, bench: &cli::Bench) -> Result<ExitCode> {
    let steps = u32::try_from(bench.orders.unwrap_or(50_000)).unwrap_or(u32::MAX);
    let start = Zone::china().at(Day::of(2025, 1, 1), 0);
    let folder = Folder::take(&at.data, at.database.clone())?;
    let store = folder.open(start)?;
    let begun = Instant::now();
    let seed = 7;
    let report = company::random::run(&store, seed, steps, Some(steps / 5), &mut prove)?;
    let refused: u64 = report.refused.values().sum();
    outln!(
        "{}",
        json!({
            "suite": "random", "engine": store.engine().name(), "seed": seed, "steps": steps,
            "done": report.done, "repeated": report.repeated, "refused": refused,
            "refusals": report.refused, "seconds": begun.elapsed().as_secs_f64(),
        })
    );
    Ok(ExitCode::SUCCESS)
}

fn prove(store: &Store) -> Result<()> {
    // The simulated year lies behind us; any later moment seals as well.
    let cx = Ctx::system(place::FIRST, crate::outside::now(), store.ids());
    store.seal(cx.tenant, cx.now)?;
    let report = store.read(&cx, flows::check::run)?;
    match report.breaches.first() {
        None => Ok(()),
        Some(first) => Err(Error::bug("bug.check", format!("{first:?}"))),
    }
}
