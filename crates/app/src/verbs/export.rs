//! `huiliu export ocel`: the facts as an object-centric event log.
use crate::outside::{now, say};
use crate::{cli, place};
use kernel::{Error, Result};
use std::io::{BufWriter, Write};
use std::process::ExitCode;

/// Writes the file.
pub(crate) fn run(at: &cli::Place, ask: &cli::Export) -> Result<ExitCode> {
    let place = place::open(at)?;
    place.store.seal(place::TENANT, now())?;
    let broken =
        |e: std::io::Error| Error::conflict("file.not_written", e).with("path", ask.out.display());
    let file = std::fs::File::create(&ask.out).map_err(broken)?;
    let mut out = BufWriter::new(file);
    let counts = place.store.read(&place.system(), |_, tx| process::ocel::export(tx, &mut out))?;
    out.flush().map_err(broken)?;
    let (events, objects) = (counts.events.to_string(), counts.objects.to_string());
    let path = ask.out.display().to_string();
    let values = [("events", events.as_str()), ("objects", &objects), ("path", &path)];
    println!("{}", say("cli-export-done", &values));
    Ok(ExitCode::SUCCESS)
}
