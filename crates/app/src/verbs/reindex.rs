//! `huiliu reindex`: cuts the searched texts of all rows anew, and writes the sounds that names are
//! ordered by, in small steps beside other work.
use crate::outside::say;
use crate::{cli, place};
use kernel::Result;
use serde_json::json;
use std::process::ExitCode;
use store::{search, sound};

/// Search finds less while it runs, and everything when it is done.
pub(crate) fn run(at: &cli::Place, as_json: bool) -> Result<ExitCode> {
    let place = place::open(at)?;
    let begun = std::time::Instant::now();
    let mut steps = 0_u64;
    for entity in flows::entities().into_iter().filter(|e| !e.searched.is_empty()) {
        while place.store.run(&place.system(), |_, tx| search::clear_some(tx, entity))? {}
        let mut after = 0;
        while let Some(last) = place
            .store
            .run(&place.system(), |cx, tx| search::rebuild_some(cx, tx, entity, after))?
        {
            (after, steps) = (last, steps + 1);
        }
    }
    for entity in flows::entities().into_iter().filter(|e| e.sounds().next().is_some()) {
        let mut after = 0;
        while let Some(last) =
            place.store.run(&place.system(), |cx, tx| sound::write_some(cx, tx, entity, after))?
        {
            (after, steps) = (last, steps + 1);
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    if as_json {
        outln!("{}", json!({ "steps": steps, "seconds": seconds }));
    } else {
        let seconds = format!("{seconds:.1}");
        outln!("{}", say("cli-reindex-done", &[("seconds", &seconds)]));
    }
    Ok(ExitCode::SUCCESS)
}
