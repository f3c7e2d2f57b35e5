//! `huiliu export`: the facts as an event log, in the forms that other tools read.
use crate::outside::{now, say};
use crate::{cli, place};
use kernel::{Error, Result};
use process::log::{Flat, Log, Only};
use process::write;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Writes the file.
pub(crate) fn run(at: &cli::Place, ask: &cli::Export) -> Result<ExitCode> {
    let is = |extension: &str| ask.out.extension().is_some_and(|e| e == extension);
    let (events, objects) = match ask.what.as_str() {
        "ocel" if is("xml") => {
            from_log(at, ask, &|log| write::ocel_xml(log, &mut create(&ask.out)?))?
        }
        "ocel" if is("sqlite") => from_log(at, ask, &|log| write::ocel_sqlite(log, &ask.out))?,
        "xes" => {
            from_log(at, ask, &|log| write::xes(log, &traces(log, ask)?, &mut create(&ask.out)?))?
        }
        "csv" => {
            from_log(at, ask, &|log| write::csv(log, &traces(log, ask)?, &mut create(&ask.out)?))?
        }
        _ => json(at, &ask.out)?,
    };
    let (events, objects) = (events.to_string(), objects.to_string());
    let path = ask.out.display().to_string();
    let values = [("events", events.as_str()), ("objects", &objects), ("path", &path)];
    println!("{}", say("cli-export-done", &values));
    Ok(ExitCode::SUCCESS)
}

fn broken(path: &Path, e: std::io::Error) -> Error {
    Error::conflict("file.not_written", e).with("path", path.display())
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(path).map_err(|e| broken(path, e))?))
}

/// The facts as OCEL 2.0 JSON, streamed.
fn json(at: &cli::Place, path: &Path) -> Result<(u64, u64)> {
    let place = place::open(at)?;
    place.store.seal(place::TENANT, now())?;
    let mut out = create(path)?;
    let counts = place.store.read(&place.system(), |_, tx| process::ocel::export(tx, &mut out))?;
    out.flush().map_err(|e| broken(path, e))?;
    Ok((counts.events, counts.objects))
}

/// Takes the way over the JSON form, which is read back into columns: one reader, one meaning.
fn from_log(
    at: &cli::Place,
    ask: &cli::Export,
    put: &dyn Fn(&Log) -> Result<()>,
) -> Result<(u64, u64)> {
    let mut between = ask.out.clone().into_os_string();
    between.push(".partial");
    let between = PathBuf::from(between);
    let done = json(at, &between).and_then(|counts| {
        let all = process::read::Ask::default();
        let log = process::read::read(&between, &all, &mut |_, _| {})?.log;
        put(&log).map(|()| counts)
    });
    std::fs::remove_file(&between).ok();
    done
}

fn traces(log: &Log, ask: &cli::Export) -> Result<Flat> {
    let known = log.objects.types.find(&ask.object_type);
    let known = known.ok_or_else(|| {
        let types: Vec<&str> = log.objects.types.iter().collect();
        Error::invalid("log.no_such_type", &ask.object_type).with("types", types.join(", "))
    })?;
    Ok(Flat::of(log, known, Only::All))
}
