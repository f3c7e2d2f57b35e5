//! `huiliu export`: facts as an object-centric event log, and lists as tables.
use crate::outside::{lang, now, say};
use crate::{cli, place};
use intake::{Format, ListExport};
use kernel::{Ctx, Error, Result};
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use store::scope::Scope;

/// Writes the file.
pub(crate) fn run(at: &cli::Place, ask: &cli::Export) -> Result<ExitCode> {
    if ask.what == "list" {
        return list(at, ask);
    }
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
    let broken =
        |e: std::io::Error| Error::conflict("file.not_written", e).with("path", ask.out.display());
    let file = std::fs::File::create(&ask.out).map_err(broken)?;
    let mut out = BufWriter::new(file);
    let ask = ListExport { entity, lang: lang(), format };
    let count = intake::export_list(&place.store, &cx, &scope, &ask, &mut out)?;
    let count = count.to_string();
    println!("{}", say("cli-export-list", &[("rows", &count), ("path", &path)]));
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
