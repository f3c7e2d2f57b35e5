//! `huiliu check`: proves every invariant and names what breaks.
use crate::outside::{now, say};
use crate::{cli, place};
use kernel::Result;
use serde_json::json;
use std::process::ExitCode;

/// 0 when everything holds, 1 when something is broken.
pub(crate) fn run(at: &cli::Place, as_json: bool) -> Result<ExitCode> {
    let place = place::open(at)?;
    place.store.seal(place.tenant, now())?;
    place.store.notice_growth()?;
    let report = place.store.read(&place.system(), flows::check::run)?;
    let broken = report.breaches.len();
    if as_json {
        let breaches: Vec<_> = report.breaches.iter().map(flows::check::Breach::json).collect();
        outln!("{}", json!({ "proved": report.proved, "breaches": breaches }));
    } else {
        for breach in &report.breaches {
            outln!(
                "{}: {}: {} ≠ {}",
                breach.invariant,
                breach.object,
                breach.expected,
                breach.found
            );
        }
        let mut proved = report.proved.clone();
        proved.sort_unstable();
        proved.dedup();
        let (proved, broken) = (proved.len().to_string(), broken.to_string());
        outln!("{}", say("cli-check-done", &[("proved", &proved), ("broken", &broken)]));
    }
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
