//! The report as one HTML file: no script, no font, no picture from elsewhere; good on paper, on a
//! phone, and in the dark.
use super::json::SourceFacts;
use super::sections;
use super::study::Study;
use super::words::{Words, escape, grouped, percent};
use crate::log::{CASE, time};
use meta::words::Lang;
use std::fmt::Write;

const STYLE: &str = include_str!("report.css");

/// Writes the report.
#[must_use]
pub fn html(study: &Study, source: &SourceFacts, lang: Lang) -> String {
    let words = Words(lang);
    let title = words.say("title", &[("name", &source.name)]);
    let mut out = String::with_capacity(1 << 17);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{}</title><style>\n{STYLE}</style></head><body><main>",
        lang.tag(),
        escape(&title)
    );
    head(&mut out, study, source, words);
    let sections: [(&str, String); 9] = [
        ("first", sections::first(study, words)),
        ("map", sections::map(study, words)),
        ("variants", sections::variants(study, words)),
        ("waits", sections::waits(study, words)),
        ("causes", sections::causes(study, words)),
        ("rework", sections::rework(study, words)),
        ("people", sections::people(study, words)),
        ("slow", sections::slow(study, words)),
        ("quality", sections::quality(study, source, words)),
    ];
    out.push_str("<nav>");
    for (id, _) in &sections {
        let _ = write!(out, "<a href=\"#{id}\">{}</a>", words.of(&format!("{id}-title")));
    }
    out.push_str("</nav>");
    for (id, body) in &sections {
        let title = words.of(&format!("{id}-title"));
        let _ = write!(out, "<section id=\"{id}\"><h2>{title}</h2>{body}</section>");
    }
    let _ = writeln!(
        out,
        "<footer>{}</footer></main></body></html>",
        escape(&words.say("footer", &[("version", env!("CARGO_PKG_VERSION"))]))
    );
    out
}

fn head(out: &mut String, study: &Study, source: &SourceFacts, words: Words) {
    let offset = study.log.offset_minutes;
    let date = |at: i64| time::short(at, offset)[..10].to_owned();
    let of_type = match study.log.objects.types.text(study.flat.object_type) {
        CASE => words.say("case", &[]),
        other => other.to_owned(),
    };
    let values = [
        ("format", source.format.to_owned()),
        ("first", date(study.overview.first)),
        ("last", date(study.overview.last)),
        ("type", of_type),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let _ = write!(
        out,
        "<p class=\"brand\">{}</p><h1>{}</h1><p class=\"sub\">{}</p><div class=\"tiles\">",
        words.of("brand"),
        escape(&source.name),
        escape(&words.say("sub", &values))
    );
    for (value, key) in tiles(study, words) {
        let _ =
            write!(out, "<div class=\"tile\"><b>{value}</b><span>{}</span></div>", words.of(key));
    }
    out.push_str("</div>");
}

fn tiles(study: &Study, words: Words) -> Vec<(String, &'static str)> {
    let overview = &study.overview;
    let activities = study.dfg.activities.iter().filter(|n| **n > 0).count() as u64;
    let reworked = study.rework.cases as f64 / overview.cases.max(1) as f64;
    let mut tiles = vec![
        (grouped(overview.cases), "tile-cases"),
        (grouped(overview.events), "tile-events"),
        (grouped(activities), "tile-activities"),
        (grouped(study.variants.list.len() as u64), "tile-variants"),
        (words.time(overview.durations.median), "tile-median"),
        (words.time(overview.durations.p90), "tile-p90"),
        (percent(reworked), "tile-rework"),
    ];
    if let Some(waits) = &study.waits {
        tiles.push((percent(waits.efficiency()), "tile-efficiency"));
    }
    tiles
}
