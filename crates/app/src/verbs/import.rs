//! `huiliu import`: list mappings, plan, apply, undo.
use crate::outside::{lang, now, say};
use crate::{cli, place};
use access::company::{Company, NewCompany};
use intake::{Aim, Asked, DayOrder, Decimal, Encoding, Plan, Source};
use kernel::{Ctx, Currency, Error, Rate, Result};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Runs what the flags ask for.
pub(crate) fn run(at: &cli::Place, ask: &cli::Import) -> Result<ExitCode> {
    if ask.list {
        return Ok(list(ask.json));
    }
    if let Some(batch) = &ask.undo {
        return undo(at, batch, ask.json);
    }
    let name = ask.mapping.as_deref().unwrap_or_default();
    let mapping = intake::named(name)?;
    let place = place::open(at)?;
    let asked = ask.currency.as_deref().map(Currency::parse).transpose()?;
    let found = find(&place, ask)?;
    let base = found.as_ref().map_or(asked.unwrap_or(Currency::CNY), |c| c.currency);
    let known = match &found {
        Some(company) => {
            let cx = of_company(&place, company);
            place.store.read(&cx, |cx, tx| intake::known(cx, tx, mapping.name))?
        }
        None => intake::Known::default(),
    };
    let sources = ask.files.iter().map(open).collect::<Result<Vec<_>>>()?;
    let rate = ask.rate.as_deref().map(Rate::parse).transpose()?;
    let aim = Aim { currency: asked.unwrap_or(base), base, rate };
    let plan = intake::plan_as(mapping, sources, aim, &known, &style(&ask.style)?)?;
    if !plan.is_valid() {
        refuse(&plan, ask.json);
        return Ok(ExitCode::from(5));
    }
    if ask.dry_run {
        println!("{:#}", plan.json());
        return Ok(ExitCode::SUCCESS);
    }
    let company = match found {
        Some(company) => company,
        None => found_company(&place, ask, base)?,
    };
    let context = || of_company(&place, &company);
    let report = intake::apply(&place.store, &context, &plan, &mut |_| {})?;
    let report = report.json();
    println!("{report:#}");
    if let (false, Some(batch)) = (ask.json, report["batch"].as_str()) {
        println!("{}", say("cli-import-applied", &[("batch", batch)]));
    }
    Ok(ExitCode::SUCCESS)
}

fn style(ask: &cli::ImportStyle) -> Result<Asked> {
    Ok(Asked {
        encoding: ask.encoding.as_deref().map(Encoding::parse).transpose()?,
        separator: ask.separator.clone(),
        header: ask.header,
        sheet: ask.sheet.clone(),
        days: ask.dates.as_deref().map(DayOrder::parse).transpose()?,
        numbers: ask.numbers.as_deref().map(Decimal::parse).transpose()?,
        ..Asked::default()
    })
}

fn open(path: &std::path::PathBuf) -> Result<Source> {
    let file = std::fs::File::open(path)
        .map_err(|e| Error::invalid("import.cannot_read", e).with("file", path.display()))?;
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(Source { name, input: Box::new(file) })
}

fn list(as_json: bool) -> ExitCode {
    let names: Vec<&str> = intake::mappings().iter().map(|m| m.name).collect();
    if as_json {
        println!("{}", json!(names));
    } else {
        names.iter().for_each(|name| println!("{name}"));
    }
    ExitCode::SUCCESS
}

/// Every bad row, with where it stands and why.
fn refuse(plan: &Plan, as_json: bool) {
    let faults: Vec<Value> = plan.faults.iter().map(intake::Fault::json).collect();
    if as_json {
        println!("{}", json!({ "faults": faults }));
        return;
    }
    for fault in &plan.faults {
        let message = meta::words::error(lang(), &fault.error);
        println!(
            "{}:{}: {} = {:?}: {message} ({})",
            fault.file, fault.line, fault.column, fault.value, fault.error.code
        );
    }
    let count = plan.faults.len().to_string();
    println!("{}", say("cli-import-refused", &[("count", &count)]));
}

fn undo(at: &cli::Place, batch: &str, as_json: bool) -> Result<ExitCode> {
    let place = place::open(at)?;
    let id: kernel::Id<()> = kernel::Id::parse(batch)?;
    let report = intake::undo(&place.store, &|| place.system(), id.raw())?;
    if as_json {
        println!("{:#}", report.json());
    } else {
        println!("{}", say("cli-import-undone", &[("batch", batch)]));
    }
    Ok(ExitCode::SUCCESS)
}

fn of_company(place: &place::Place, company: &Company) -> Ctx {
    let mut cx = place.system();
    cx.company = company.id.raw();
    cx.base = company.currency;
    cx
}

/// The company named, or the first; `None` for a name that no company has yet.
///
/// Error: `import.no_company` where none is named and none exists.
fn find(place: &place::Place, ask: &cli::Import) -> Result<Option<Company>> {
    let cx = place.system();
    let Some(code) = &ask.company else {
        let first = place.store.read(&cx, |_, tx| access::questions::first_company(tx))?;
        return match first {
            Some(company) => Ok(Some(company)),
            None => Err(Error::invalid("import.no_company", "--company")),
        };
    };
    place.store.read(&cx, |_, tx| access::questions::company(tx, code))
}

/// Founds the company named, with its books.
fn found_company(place: &place::Place, ask: &cli::Import, currency: Currency) -> Result<Company> {
    let cx = place.system();
    let code = ask.company.clone().unwrap_or_default();
    let period = cx.zone.day(now()).period();
    place.store.run(&cx, |cx, tx| {
        let mut new = NewCompany::usual(&code, &code, &period);
        new.currency = currency;
        let company = access::commands::create_company(cx, tx, new)?;
        let mut own = Ctx::system(cx.tenant, cx.now, cx.maker());
        own.company = company.id.raw();
        own.base = company.currency;
        flows::setup::open_company(&own, tx, &company.chart, &company.start_period)?;
        flows::setup::usual_terms(&own, tx)?;
        Ok(company)
    })
}
