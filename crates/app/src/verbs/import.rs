//! `huiliu import`: list mappings, guess and learn, plan, apply, undo, templates.
use crate::outside::{lang, now, say};
use crate::{cli, place};
use access::company::{Company, NewCompany};
use intake::{Aim, Asked, DayOrder, Decimal, Draft, Edit, Encoding, Opener, Plan};
use kernel::{Ctx, Currency, Error, Rate, Result};
use serde_json::{Value, json};
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;

/// Runs what the flags ask for.
pub(crate) fn run(at: &cli::Place, ask: &cli::Import) -> Result<ExitCode> {
    if let Some(name) = &ask.template {
        return template(name, ask.out.as_deref());
    }
    if ask.list {
        return list(at, ask.json);
    }
    if let Some(batch) = &ask.undo {
        return undo(at, batch, ask.json);
    }
    if ask.guess {
        return guess(at, ask);
    }
    let place = place::open(at)?;
    let draft = draft(&place, ask)?;
    let asked = ask.currency.as_deref().map(Currency::parse).transpose()?;
    let found = find(&place, ask)?;
    let base = found.as_ref().map_or(asked.unwrap_or(Currency::CNY), |c| c.currency);
    let known = match &found {
        Some(company) => {
            let cx = of_company(&place, company);
            let source = draft.source()?;
            place.store.read(&cx, |cx, tx| intake::known(cx, tx, source))?
        }
        None => intake::Known::default(),
    };
    let rate = ask.rate.as_deref().map(Rate::parse).transpose()?;
    let aim = Aim { currency: asked.unwrap_or(base), base, rate };
    let plan = draft.plan(aim, &known)?;
    drop(draft);
    if !plan.is_valid() {
        refuse(&plan, ask.json);
        return Ok(ExitCode::from(5));
    }
    if ask.dry_run {
        outln!("{:#}", plan.json());
        return Ok(ExitCode::SUCCESS);
    }
    let company = match found {
        Some(company) => company,
        None => found_company(&place, ask, base)?,
    };
    apply(&place, &company, &plan, ask.json)
}

fn apply(place: &place::Place, company: &Company, plan: &Plan, as_json: bool) -> Result<ExitCode> {
    let context = || of_company(place, company);
    let mut shown = 0;
    let mut progress = |at: intake::Progress| {
        let percent = at.done * 100 / at.total.max(1);
        if !as_json && percent >= shown + 10 {
            shown = percent;
            eprintln!("{percent} %");
        }
        ControlFlow::Continue(())
    };
    let report = intake::apply(&place.store, &context, plan, &mut progress)?;
    let report = report.json();
    outln!("{report:#}");
    if let (false, Some(batch)) = (as_json, report["batch"].as_str()) {
        outln!("{}", say("cli-import-applied", &[("batch", batch)]));
    }
    Ok(ExitCode::SUCCESS)
}

/// The files with what is said of them: a mapping of ours, or one that was learnt.
fn draft(place: &place::Place, ask: &cli::Import) -> Result<Draft> {
    let name = ask.mapping.as_deref().unwrap_or_default();
    let mut draft = Draft::opening(ask.files.iter().map(|path| open(path)).collect::<Result<_>>()?);
    draft.asked = style(&ask.style)?;
    for edit in &ask.edit {
        draft.edit(parse_edit(edit)?);
    }
    match intake::named(name) {
        Ok(_) => draft.is_for(name)?,
        Err(unknown) => {
            let learnt = place.store.read(&place.system(), |_, tx| intake::learnt(tx, name))?;
            draft.as_learnt(&learnt.ok_or(unknown)?)?;
        }
    }
    Ok(draft)
}

/// `FILE:LINE:COLUMN=VALUE`. Error: `import.edit`.
fn parse_edit(text: &str) -> Result<Edit> {
    let parse = || {
        let (place, value) = text.split_once('=')?;
        let (rest, column) = place.rsplit_once(':')?;
        let (file, line) = rest.rsplit_once(':')?;
        let (file, column, value) = (file.to_owned(), column.to_owned(), value.to_owned());
        Some(Edit { file, line: line.parse().ok()?, column, value })
    };
    parse().ok_or_else(|| Error::invalid("import.edit", text))
}

/// Shows what a table seems to hold; with `--save` learns it.
fn guess(at: &cli::Place, ask: &cli::Import) -> Result<ExitCode> {
    let first = ask.mapping.as_deref().map(std::path::Path::new);
    let first = first.ok_or_else(|| Error::invalid("import.no_files", "--guess"))?;
    let mut draft = Draft::opening(vec![open(first)?]);
    draft.asked = style(&ask.style)?;
    let guess = draft.guess(ask.target.as_deref())?;
    let pair = |text: &String| {
        let (column, heading) = text.split_once('=').unwrap_or((text, ""));
        (column.to_owned(), heading.to_owned())
    };
    let corrections: Vec<(String, String)> = ask.map.iter().map(pair).collect();
    let assigned = guess.assigned(&corrections)?;
    if ask.json {
        let mut shown = guess.json();
        shown["assigned"] = json!(assigned.columns);
        outln!("{shown:#}");
    } else {
        show_guess(&guess, &assigned);
    }
    if let Some(name) = &ask.save {
        let place = place::open(at)?;
        place.store.run(&place.system(), |cx, tx| {
            intake::learn(cx, tx, name, &assigned, &draft.asked).map(|_| ())
        })?;
        outln!("{}", say("cli-import-learnt", &[("name", name)]));
    }
    Ok(ExitCode::SUCCESS)
}

fn show_guess(guess: &intake::Guess, assigned: &intake::Assigned) {
    let sure = guess.confidence.to_string();
    outln!("{}", say("cli-import-guess", &[("target", guess.target), ("sure", &sure)]));
    for column in &guess.columns {
        let ours = assigned.columns.iter().find(|(_, heading)| *heading == column.heading);
        let field = ours.map_or("-", |(field, _)| field.as_str());
        let samples = column.samples.join(" | ");
        outln!("{:>3} %  {:<14} ← {}  ({samples})", column.confidence, field, column.heading);
    }
    let lacks = guess.lacks.iter().filter(|l| !assigned.columns.iter().any(|(f, _)| f == *l));
    for lack in lacks {
        outln!("{}", say("cli-import-lacks", &[("column", lack)]));
    }
}

/// Writes a template: a workbook, or CSV files into a folder.
fn template(name: &str, out: Option<&std::path::Path>) -> Result<ExitCode> {
    let out = out.ok_or_else(|| Error::invalid("export.format", "--out"))?;
    let broken =
        |e: std::io::Error| Error::conflict("file.not_written", e).with("path", out.display());
    if out.extension().is_some_and(|ending| ending == "xlsx") {
        let mut file = std::fs::File::create(out).map_err(broken)?;
        intake::template(name, &mut file)?;
    } else {
        std::fs::create_dir_all(out).map_err(broken)?;
        for (name, bytes) in intake::template_tables(name)? {
            std::fs::write(out.join(name), bytes).map_err(broken)?;
        }
    }
    outln!("{}", say("cli-template-written", &[("path", &out.display().to_string())]));
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

/// A file by its name. Error: `import.cannot_read`.
fn open(path: &std::path::Path) -> Result<(String, Opener)> {
    let readable = std::fs::File::open(path);
    readable.map_err(|e| Error::invalid("import.cannot_read", e).with("file", path.display()))?;
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let path = path.to_owned();
    Ok((name, Arc::new(move || Ok(Box::new(std::fs::File::open(&path)?)))))
}

fn list(at: &cli::Place, as_json: bool) -> Result<ExitCode> {
    let place = place::open(at)?;
    let learnt = place.store.read(&place.system(), intake::all_learnt)?;
    let ours = intake::mappings().iter().map(|m| m.name.to_owned());
    let names: Vec<String> = ours.chain(learnt.into_iter().map(|l| l.name)).collect();
    if as_json {
        outln!("{}", json!(names));
    } else {
        names.iter().for_each(|name| outln!("{name}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Every bad row, with where it stands and why.
fn refuse(plan: &Plan, as_json: bool) {
    let faults: Vec<Value> = plan.faults.iter().map(intake::Fault::json).collect();
    if as_json {
        outln!("{}", json!({ "faults": faults }));
        return;
    }
    for fault in &plan.faults {
        let message = meta::words::error(lang(), &fault.error);
        outln!(
            "{}:{}: {} = {:?}: {message} ({})",
            fault.file,
            fault.line,
            fault.column,
            fault.value,
            fault.error.code
        );
    }
    let count = plan.faults.len().to_string();
    outln!("{}", say("cli-import-refused", &[("count", &count)]));
}

fn undo(at: &cli::Place, batch: &str, as_json: bool) -> Result<ExitCode> {
    let place = place::open(at)?;
    let id: kernel::Id<()> = kernel::Id::parse(batch)?;
    let report = intake::undo(&place.store, &|| place.system(), id.raw())?;
    if as_json {
        outln!("{:#}", report.json());
    } else {
        outln!("{}", say("cli-import-undone", &[("batch", batch)]));
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
