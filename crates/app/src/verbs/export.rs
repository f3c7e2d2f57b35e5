//! `huiliu export`: the facts as an event log, in the forms that other tools read, and lists as
//! tables.
use crate::outside::{lang, now, say};
use crate::{cli, place};
use intake::{Format, JournalForm, ListExport};
use kernel::{Ctx, Error, Result};
use process::log::{Flat, Log, Only};
use process::write;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::scope::Scope;

/// Writes the file.
pub(crate) fn run(at: &cli::Place, ask: &cli::Export) -> Result<ExitCode> {
    match ask.what.as_str() {
        "list" => return list(at, ask),
        "journal" => return journal(at, ask),
        _ => {}
    }
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
    outln!("{}", say("cli-export-done", &values));
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
    place.store.seal(place.tenant, now())?;
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

/// Writes an entity's rows, all or those that a user may read.
fn list(at: &cli::Place, ask: &cli::Export) -> Result<ExitCode> {
    let entity = intake::exported(ask.entity.as_deref().unwrap_or_default())?;
    let path = ask.out.display().to_string();
    let format = Format::of(&path)?;
    let place = place::open(at)?;
    let cx = || match &ask.user {
        None => of_first(&place),
        Some(login) => place.store.read(&place.system(), |_, tx| {
            access::questions::user_ctx(tx, login, "", now(), place.store.ids())
        }),
    };
    let own = cx()?;
    let scope = match &ask.user {
        None => Scope::All,
        Some(_) => place.store.read(&own, |cx, tx| {
            access::questions::scope_for(cx, tx, &entity.permission("read"))
        })?,
    };
    let mut out = create(&ask.out)?;
    let user = &ask.user;
    let ask = ListExport { entity, lang: lang(), format };
    let titles: &intake::Titles<'_> = match user {
        None => &intake::all_titles,
        Some(_) => &access::seen::titles,
    };
    let count = intake::export_list(&place.store, &cx, (&scope, titles), &ask, &mut out)?;
    let count = count.to_string();
    outln!("{}", say("cli-export-list", &[("rows", &count), ("path", &path)]));
    Ok(ExitCode::SUCCESS)
}

/// Writes the posted entries of a company.
fn journal(at: &cli::Place, ask: &cli::Export) -> Result<ExitCode> {
    let path = ask.out.display().to_string();
    let form = JournalForm::of(&path)?;
    let place = place::open(at)?;
    let cx = || match &ask.company {
        None => of_first(&place),
        Some(code) => {
            let mut cx = place.system();
            let found = place.store.read(&cx, |_, tx| access::questions::company(tx, code))?;
            let company = found.ok_or_else(|| Error::not_found("export.no_company", code))?;
            (cx.company, cx.base) = (company.id.raw(), company.currency);
            Ok(cx)
        }
    };
    let mut out = create(&ask.out)?;
    let count = intake::export_journal(&place.store, &cx, form, &mut out)?.to_string();
    outln!("{}", say("cli-export-journal", &[("entries", &count), ("path", &path)]));
    Ok(ExitCode::SUCCESS)
}

/// The system's context in the first company, whose currency amounts have.
fn of_first(place: &place::Place) -> Result<Ctx> {
    let mut cx = place.system();
    let first = place.store.read(&cx, |_, tx| access::questions::first_company(tx))?;
    if let Some(company) = first {
        (cx.company, cx.base) = (company.id.raw(), company.currency);
    }
    Ok(cx)
}
