//! `huiliu kpi`: the figures of the company and what loses time, on the command line.
use crate::outside::{lang, now, say};
use crate::{cli, place};
use kernel::{Day, Error, Result, Zone};
use meta::words::Lang;
use process::insight::{FiguresAsk, Insight};
use process::kpi::Grain;
use serde_json::Value as Json;
use std::process::ExitCode;

/// Periods that may be asked for.
const MOST: usize = 60;

/// Prints figures or findings.
pub(crate) fn run(at: &cli::Place, ask: &cli::Kpi) -> Result<ExitCode> {
    let grain = Grain::named(&ask.grain)?;
    if ask.count == 0 || ask.count > MOST {
        return Err(Error::invalid("kpi.too_many_periods", ask.count).with("limit", MOST));
    }
    let place = place::open(at)?;
    place.store.seal(place.tenant, now())?;
    let cx = place.system();
    let insight = Insight::open(&place.columns(), &place.store, &cx, &flows::entities())?;
    let as_of = match &ask.as_of {
        Some(day) => Zone::china().at(Day::parse(day)?.plus_days(1), 0).0 - 1,
        None => now().0,
    };
    if ask.findings {
        return findings(&insight, ask);
    }
    let (count, dimension) = (ask.count, ask.by.clone());
    let wanted =
        FiguresAsk { grain, count, dimension, value: None, people: true, targets: Vec::new() };
    let told = match &ask.id {
        Some(id) => insight.kpi(id, &wanted, as_of)?,
        None => insight.board(&wanted, as_of)?,
    };
    if ask.json {
        outln!("{told:#}");
        return Ok(ExitCode::SUCCESS);
    }
    match told["kpis"].as_array() {
        Some(all) => all.iter().for_each(line),
        None => {
            line(&told);
            for slice in told["slices"].as_array().into_iter().flatten() {
                let name = slice["value"].as_str().unwrap_or_default();
                let name = if name.is_empty() { "–" } else { name };
                outln!("  {name:<24}{}", cells(slice, told["unit"].as_str().unwrap_or("")));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn line(kpi: &Json) {
    let text = |name: &str| kpi[name].as_str().unwrap_or_default();
    let label = if lang() == Lang::En { text("en") } else { text("zh") };
    let mark = match text("band") {
        "green" => "●",
        "amber" => "◐",
        "red" => "○",
        _ => " ",
    };
    let signal = if kpi["signal"].is_string() { "!" } else { " " };
    outln!("{mark}{signal} {:<26}{} {label}", text("id"), cells(kpi, text("unit")));
}

/// The values of the periods, oldest first; `–` is no figure, `*` a cohort that is not ripe.
fn cells(of: &Json, unit: &str) -> String {
    let cell = |c: &Json| {
        let value = match (&c["value"], unit) {
            (Json::String(minor), "money") => minor.parse::<i64>().map_or_else(
                |_| minor.clone(),
                |m| format!("{}", kernel::div_round(m.into(), 100)),
            ),
            (Json::Number(n), _) => format!("{:.1}", n.as_f64().unwrap_or(0.0)),
            _ => "–".to_owned(),
        };
        let mark = if c["ripe"] == Json::Bool(false) { "*" } else { " " };
        format!("{value:>12}{mark}")
    };
    let cells: String = of["cells"].as_array().into_iter().flatten().map(cell).collect();
    format!("{cells} {unit:<6}")
}

fn findings(insight: &Insight, ask: &cli::Kpi) -> Result<ExitCode> {
    let told = insight.findings(true);
    if ask.json {
        outln!("{told:#}");
        return Ok(ExitCode::SUCCESS);
    }
    if insight.lost().is_empty() {
        outln!("{}", say("cli-lost-none", &[]));
    }
    for (at, f) in insight.lost().iter().enumerate() {
        let days = f.days;
        let place = if f.place.is_empty() { "–" } else { &f.place };
        outln!(
            "{}. {} · {} {}% · {place} · {}..{} · {}× · {} · {days}",
            at + 1,
            say(&format!("cli-lost-step-{}", f.step.replace('_', "-")), &[]),
            say(&format!("cli-lost-cause-{}", f.why.cause.name().replace('_', "-")), &[]),
            f.why.share,
            f.from,
            f.until,
            (f.ratio * 10.0).round() / 10.0,
            f.cases.len(),
        );
    }
    Ok(ExitCode::SUCCESS)
}
