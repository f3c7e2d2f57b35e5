//! `huiliu demo`: makes the demo company once; an interrupted making starts over.
use crate::outside::{now, say, today, write};
use crate::verbs::serve;
use crate::{cli, place};
use company::demo::{self, Options, Progress, Truth};
use kernel::{Ctx, Day, Error, Result, Zone};
use serde_json::json;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use store::folder::Folder;

/// The login whose sign-in link is printed: the manager of the demo company.
const BOSS: &str = "boss";

/// Makes the company where there is none, and serves it when asked to.
pub(crate) fn run(at: &cli::Place, ask: &cli::Demo) -> Result<ExitCode> {
    let until = match &ask.until {
        Some(day) => Day::parse(day)?,
        None => today().plus_days(-1),
    };
    let made = make(at, ask, until)?;
    if !made && !ask.json {
        outln!("{}", say("cli-demo-exists", &[]));
    }
    if ask.serve {
        let listen = ask.listen.clone();
        let serve = cli::Serve { listen, backup: None, outside: ask.outside.clone() };
        return serve::run(at, &serve, Some(BOSS));
    }
    Ok(ExitCode::SUCCESS)
}

/// `false` where the folder already holds a company.
fn make(at: &cli::Place, ask: &cli::Demo, until: Day) -> Result<bool> {
    // Without a name it is the folder's own tenant, whoever else lives there.
    let at = &if at.tenant.is_some() { place::locate(at)? } else { at.clone() };
    let folder = Folder::take(&at.data, at.database.clone())?;
    let mark = folder.path().join("demo.making");
    if mark.exists() {
        clear(folder.path(), &at.database)?;
    }
    let zone = Zone::china();
    let from = Options::usual(ask.seed, until, place::FIRST).from();
    let store = folder.open(zone.at(from, 0))?;
    let tenant = place::tenant_of(&store, at.tenant.as_deref())?;
    let options = Options { orders: ask.orders, ..Options::usual(ask.seed, until, tenant) };
    let cx = Ctx::system(tenant, now(), store.ids());
    if store.read(&cx, |_, tx| access::questions::first_company(tx))?.is_some() {
        return Ok(false);
    }
    write(&mark, "")?;
    let (seed, orders, end) = (ask.seed.to_string(), ask.orders.to_string(), until.to_string());
    if !ask.json {
        let values = [("seed", seed.as_str()), ("orders", &orders), ("until", &end)];
        outln!("{}", say("cli-demo-making", &values));
    }
    let begun = Instant::now();
    let truth = demo::make(&store, &options, &mut |p| bar(p, ask.json))?;
    let seconds = begun.elapsed().as_secs_f64();
    store.seal(tenant, now())?;
    let end_of_year = zone.at(until.plus_days(1), 0);
    let cx = Ctx::system(tenant, end_of_year, store.ids());
    let figures = store.read(&cx, |_, tx| demo::figures(tx, options.from(), until))?;
    let outside = figures.check();
    tell(ask, &truth, seconds, figures.orders, &outside)?;
    std::fs::remove_file(&mark)
        .map_err(|e| Error::conflict("file.not_written", e).with("path", mark.display()))?;
    Ok(true)
}

fn tell(
    ask: &cli::Demo,
    truth: &Truth,
    seconds: f64,
    orders: i64,
    outside: &[String],
) -> Result<()> {
    if let Some(path) = &ask.truth {
        write(path, &format!("{:#}\n", truth.json()))?;
    }
    if ask.json {
        outln!("{}", json!({ "orders": orders, "seconds": seconds, "outside": outside }));
        return Ok(());
    }
    let (orders, seconds) = (orders.to_string(), format!("{seconds:.0}"));
    outln!("\r{}", say("cli-demo-done", &[("orders", &orders), ("seconds", &seconds)]));
    for line in outside {
        outln!("  ! {line}");
    }
    Ok(())
}

/// One line that fills, on a terminal; a line every tenth elsewhere.
fn bar(progress: Progress, quiet: bool) {
    if quiet {
        return;
    }
    let (done, days) = (progress.days_done, progress.days.max(1));
    if std::io::stdout().is_terminal() {
        let filled = usize::try_from(done * 30 / days).unwrap_or(0);
        let (full, rest) = ("█".repeat(filled), "·".repeat(30 - filled.min(30)));
        let (day, orders) = (progress.day, progress.orders);
        crate::outside::print(format_args!("\r{full}{rest} {day} {orders:>5}"));
    } else if done % (days / 10).max(1) == 0 {
        outln!("{} {}", progress.day, progress.orders);
    }
}

/// Removes what an interrupted making left. On PostgreSQL the database is the operator's to clear.
///
/// Error: `demo.interrupted`.
fn clear(dir: &Path, database: &Option<String>) -> Result<()> {
    if database.is_some() {
        return Err(Error::conflict("demo.interrupted", dir.display()));
    }
    for name in ["huiliu.db", "huiliu.db-wal", "huiliu.db-shm"] {
        let file: PathBuf = dir.join(name);
        if file.exists() {
            std::fs::remove_file(&file)
                .map_err(|e| Error::conflict("file.not_written", e).with("path", file.display()))?;
        }
    }
    Ok(())
}
