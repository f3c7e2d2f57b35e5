//! The sections of the HTML report. Every figure has its unit, every finding its cases.
use super::findings::{Finding, Kind};
use super::json::SourceFacts;
use super::study::{LANE_ATTRIBUTES, Study};
use super::svg;
use super::words::{Words, escape, grouped, origin, percent};
use crate::log::{SECOND, time};
use crate::mine::causes::Split;
use crate::mine::variants::{Step, differ};
use std::fmt::Write;

type Values<'a> = [(&'a str, &'a str)];

/// A paragraph of explanation.
fn note(words: Words, key: &str, values: &Values<'_>) -> String {
    format!("<p class=\"note\">{}</p>", escape(&words.say(key, values)))
}

/// The head of a table: keys of its columns, `>` before those that are numbers.
fn table(words: Words, columns: &[&str]) -> String {
    let cell = |key: &&str| match key.strip_prefix('>') {
        Some(key) => format!("<th class=\"r\">{}</th>", words.of(key)),
        None => format!("<th>{}</th>", words.of(key)),
    };
    let cells: String = columns.iter().map(cell).collect();
    format!("<div class=\"scroll\"><table><thead><tr>{cells}</tr></thead><tbody>")
}

const END: &str = "</tbody></table></div>";

fn codes<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("<code>{}</code>", escape(name))).collect()
}

fn seconds(micros: i64) -> f64 {
    micros as f64 / SECOND as f64
}

// ---- what to look at first

pub(super) fn first(study: &Study, words: Words) -> String {
    if study.findings.is_empty() {
        return note(words, "first-none", &[]);
    }
    let mut out = note(words, "first-note", &[]);
    out.push_str("<ol class=\"first\">");
    for finding in &study.findings {
        let lost = match finding.days {
            days if days > 0.0 => format!("<span class=\"lost\">{}</span>", words.days(days)),
            _ => String::new(),
        };
        let _ = write!(out, "<li>{lost}<b>{}</b><p>", escape(&headline(study, words, finding)));
        out.push_str(&escape(&advice(study, words, finding)));
        out.push_str("</p>");
        if !finding.examples.is_empty() {
            let cases = codes(finding.examples.iter().map(|case| study.case(*case)));
            let of = grouped(finding.cases);
            let label = escape(&words.say("first-cases", &[("count", &of)]));
            let _ = write!(out, "<p class=\"cases\">{label} {cases}</p>");
        }
        out.push_str("</li>");
    }
    out.push_str("</ol>");
    out
}

/// A finding in one line, with its days.
pub(super) fn line(study: &Study, words: Words, finding: &Finding) -> String {
    let what = headline(study, words, finding);
    if finding.days > 0.0 { format!("{what}: {}", words.days(finding.days)) } else { what }
}

fn headline(study: &Study, words: Words, finding: &Finding) -> String {
    let cases = grouped(finding.cases);
    match &finding.kind {
        Kind::Wait { from, to, .. } => {
            let (from, to) = (study.activity(*from), study.activity(*to));
            words.say("find-wait", &[("from", from), ("to", to)])
        }
        Kind::Rework { activity, share, .. } => words.say(
            "find-rework",
            &[("activity", study.activity(*activity)), ("share", &percent(*share))],
        ),
        Kind::SlowTail { share, .. } => {
            words.say("find-slow", &[("share", &percent(*share)), ("cases", &cases)])
        }
        Kind::OnePerson { activity, resource, share } => {
            let person = study.log.resources.text(*resource);
            let activity = study.activity(*activity);
            let share = percent(*share);
            let values = [("activity", activity), ("person", person), ("share", &share)];
            words.say("find-person", &values)
        }
        Kind::PingPong { times } => {
            words.say("find-pingpong", &[("times", &grouped(*times)), ("cases", &cases)])
        }
    }
}

fn advice(study: &Study, words: Words, finding: &Finding) -> String {
    match &finding.kind {
        Kind::Wait { median, cause, .. } => {
            let median = words.time(*median);
            let cases = grouped(finding.cases);
            let said = words.say("advise-wait", &[("median", &median), ("cases", &cases)]);
            match cause {
                Some((name, share)) => {
                    let why = words.say(&format!("cause-{name}-todo"), &[]);
                    let (name, share) = (words.say(&format!("cause-{name}"), &[]), percent(*share));
                    let values = [("cause", name.as_str()), ("share", &share), ("todo", &why)];
                    format!("{said} {}", words.say("advise-cause", &values))
                }
                None if study.has_starts => said,
                None => format!("{said} {}", words.say("advise-no-starts", &[])),
            }
        }
        Kind::Rework { extra, .. } => {
            let (extra, cases) = (grouped(*extra), grouped(finding.cases));
            words.say("advise-rework", &[("extra", &extra), ("cases", &cases)])
        }
        Kind::SlowTail { from, .. } => {
            let (from, median) = (words.time(*from), words.time(study.overview.durations.median));
            words.say("advise-slow", &[("from", &from), ("median", &median)])
        }
        Kind::OnePerson { .. } => words.say("advise-person", &[]),
        Kind::PingPong { .. } => words.say("advise-pingpong", &[]),
    }
}

// ---- the map

pub(super) fn map(study: &Study, words: Words) -> String {
    let shown = study.map.activities.len().to_string();
    let all = study.dfg.activities.iter().filter(|n| **n > 0).count().to_string();
    let (paths, all_paths) = (study.map.edges.len().to_string(), study.dfg.edges.len().to_string());
    let values =
        [("shown", shown.as_str()), ("all", &all), ("paths", &paths), ("all_paths", &all_paths)];
    let key = if study.has_starts { "map-note" } else { "map-note-no-starts" };
    let mut out = note(words, key, &values);
    let keys = [("h0", "map-quick"), ("h1", "map-mild"), ("h2", "map-long"), ("h3", "map-longest")];
    out.push_str("<p class=\"note\">");
    for (colour, key) in keys {
        let _ = write!(
            out,
            "<span class=\"key\" style=\"background:var(--{colour})\"></span>{}&emsp;",
            words.of(key)
        );
    }
    let _ = write!(out, "</p><div class=\"mapbox\">{}</div>", svg::map(study, words));
    out
}

// ---- variants

pub(super) fn variants(study: &Study, words: Words) -> String {
    let all = study.flat.len().max(1) as f64;
    let list = &study.variants.list;
    let (count, needed) = (grouped(list.len() as u64), study.variants.covering(0.8).to_string());
    let mut out = note(words, "variants-note", &[("count", &count), ("needed", &needed)]);
    out.push_str(&table(
        words,
        &["col-rank", ">col-cases", ">col-share", ">col-covered", "col-way"],
    ));
    let mut covered = 0;
    let main = list.first().map(|v| v.trace.clone()).unwrap_or_default();
    for (rank, variant) in list.iter().take(10).enumerate() {
        covered += variant.cases.len();
        let way = if rank == 0 {
            let steps: Vec<Step> = main.iter().map(|a| Step::Same(*a)).collect();
            spelled(study, &steps, false)
        } else {
            spelled(study, &differ(&main, &variant.trace), true)
        };
        let _ = write!(
            out,
            "<tr><td class=\"k\">{}</td><td class=\"r\">{}</td><td class=\"r\">{}</td>\
             <td class=\"r\">{}</td><td><div class=\"steps\">{way}</div></td></tr>",
            rank + 1,
            grouped(variant.cases.len() as u64),
            percent(variant.cases.len() as f64 / all),
            percent(covered as f64 / all)
        );
    }
    out.push_str(END);
    out
}

/// Steps as chips. Where only differences count, runs of equal steps shrink to their neighbours;
/// long runs of one kind always shrink to their first and last.
fn spelled(study: &Study, steps: &[Step], only_differences: bool) -> String {
    let kind = |step: &Step| match step {
        Step::Same(_) => "",
        Step::Added(_) => " class=\"add\"",
        Step::Missing(_) => " class=\"gone\"",
    };
    let chip = |step: &Step| {
        let (Step::Same(activity) | Step::Added(activity) | Step::Missing(activity)) = step;
        format!("<span{}>{}</span> ", kind(step), escape(study.activity(*activity)))
    };
    let runs: Vec<&[Step]> = steps.chunk_by(|a, b| kind(a) == kind(b)).collect();
    let mut out = String::new();
    for (at, run) in runs.iter().enumerate() {
        let is_same = only_differences && matches!(run[0], Step::Same(_));
        let room = if is_same {
            2
        } else if only_differences {
            4
        } else {
            30
        };
        // Of equal steps, only those next to a difference are told.
        let (first, last) =
            if is_same { (usize::from(at > 0), usize::from(at + 1 < runs.len())) } else { (1, 1) };
        if run.len() <= room && !(is_same && run.len() > first + last) {
            out.extend(run.iter().map(chip));
            continue;
        }
        out.extend(run[..first].iter().map(chip));
        let left = run.len() - first - last;
        let dots = if is_same { "…".to_owned() } else { format!("… {left} …") };
        let _ = write!(out, "<span class=\"dots\">{dots}</span> ");
        out.extend(run[run.len() - last..].iter().map(chip));
    }
    out
}

// ---- waits

pub(super) fn waits(study: &Study, words: Words) -> String {
    let total = |e: &crate::mine::Edge| e.wait.mean * e.count as f64;
    let mut edges: Vec<&crate::mine::Edge> = study.dfg.edges.iter().collect();
    edges.sort_by(|a, b| total(b).total_cmp(&total(a)).then((a.from, a.to).cmp(&(b.from, b.to))));
    edges.truncate(15);
    let longest = edges.first().map_or(1.0, |e| total(e)).max(1.0);
    let hours = study.calendar.weekly_hours().to_string();
    let from = words.say(&format!("calendar-{}", origin(study.calendar.origin)), &[]);
    let key = if study.has_starts { "waits-note" } else { "waits-note-no-starts" };
    let mut out = note(words, key, &[("hours", &hours), ("origin", &from)]);
    out.push_str(&table(
        words,
        &[
            "col-from",
            "col-to",
            ">col-times",
            ">col-median",
            ">col-mean",
            ">col-p90",
            ">col-working",
            ">col-days",
            "col-none",
        ],
    ));
    for edge in edges {
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td class=\"r\">{}</td><td class=\"r\">{}</td>\
             <td class=\"r\">{}</td><td class=\"r\">{}</td><td class=\"r\">{}</td>\
             <td class=\"r\">{}</td><td>{}</td></tr>",
            escape(study.activity(edge.from)),
            escape(study.activity(edge.to)),
            grouped(edge.count),
            words.time(edge.wait.median),
            words.time(edge.wait.mean),
            words.time(edge.wait.p90),
            words.time(edge.working.median),
            words.days(total(edge) / 86_400.0),
            bar(total(edge) / longest)
        );
    }
    out.push_str(END);
    out
}

fn bar(share: f64) -> String {
    let share = (share * 100.0).clamp(0.0, 100.0);
    format!("<div class=\"track\"><span class=\"bar\" style=\"width:{share:.1}%\"></span></div>")
}

// ---- causes

pub(super) fn causes(study: &Study, words: Words) -> String {
    let Some(waits) = &study.waits else { return note(words, "causes-no-starts", &[]) };
    if waits.total.total() == 0 {
        return note(words, "causes-none", &[]);
    }
    let efficiency = percent(waits.efficiency());
    let mut out = note(words, "causes-note", &[("efficiency", &efficiency)]);
    if waits.causes.every > 1 {
        let every = waits.causes.every.to_string();
        out.push_str(&note(words, "causes-sample", &[("every", &every)]));
    }
    out.push_str(&stack(words, &waits.total));
    out.push_str(&table(
        words,
        &["col-cause", ">col-days", ">col-share", ">col-efficiency-without", "col-todo"],
    ));
    let all = waits.total.total() as f64;
    for (name, time) in waits.total.causes() {
        let _ = write!(
            out,
            "<tr><td><span class=\"key s-{name}\"></span>{}</td><td class=\"r\">{}</td>\
             <td class=\"r\">{}</td><td class=\"r\">{}</td><td class=\"note\">{}</td></tr>",
            words.of(&format!("cause-{name}")),
            words.days(seconds(time) / 86_400.0),
            percent(time as f64 / all),
            percent(waits.efficiency_without(time)),
            words.of(&format!("cause-{name}-todo"))
        );
    }
    out.push_str(END);
    out.push_str(&apart(waits, words));
    let _ = write!(out, "<h3>{}</h3>", words.of("causes-by-activity"));
    out.push_str(&table(words, &["col-activity", ">col-waits", ">col-days", "col-split"]));
    for (activity, split, n) in waits.by_activity.iter().take(15) {
        let _ = write!(
            out,
            "<tr><td>{}</td><td class=\"r\">{}</td><td class=\"r\">{}</td><td>{}</td></tr>",
            escape(study.activity(*activity)),
            grouped(*n),
            words.days(seconds(split.total()) / 86_400.0),
            stack(words, split)
        );
    }
    out.push_str(END);
    out
}

/// Agreed waits by reason: nobody's waste.
fn apart(waits: &super::study::Waits, words: Words) -> String {
    if waits.apart.is_empty() {
        return String::new();
    }
    let mut out = format!("<h3>{}</h3>", words.of("agreed-title"));
    out.push_str(&note(words, "agreed-note", &[]));
    out.push_str(&table(words, &["col-agreed", ">col-days"]));
    for (why, time) in &waits.apart {
        let _ = write!(
            out,
            "<tr><td>{}</td><td class=\"r\">{}</td></tr>",
            words.of(&format!("agreed-{}", why.name().replace('_', "-"))),
            words.days(seconds(*time) / 86_400.0)
        );
    }
    out.push_str(END);
    out
}

fn stack(words: Words, split: &Split) -> String {
    let all = split.total().max(1) as f64;
    let parts = [("agreed", split.agreed)].into_iter().chain(split.causes());
    let part = |(name, time): (&str, i64)| {
        let share = time as f64 / all;
        let title = format!("{} {}", words.of(&format!("cause-{name}")), percent(share));
        format!(
            "<i class=\"s-{name}\" style=\"width:{:.2}%\" title=\"{title}\"></i>",
            share * 100.0
        )
    };
    let parts: String = parts.filter(|(_, time)| *time > 0).map(part).collect();
    format!("<div class=\"stack\">{parts}</div>")
}

// ---- rework

pub(super) fn rework(study: &Study, words: Words) -> String {
    let rework = &study.rework;
    if rework.activities.is_empty() {
        return note(words, "rework-none", &[]);
    }
    let (cases, pairs) = (grouped(rework.cases), grouped(rework.ping_pong));
    let people = grouped(rework.ping_pong_people);
    let values = [("cases", cases.as_str()), ("pairs", &pairs), ("people", &people)];
    let mut out = note(words, "rework-note", &values);
    out.push_str(&table(
        words,
        &[
            "col-activity",
            ">col-cases",
            ">col-extra",
            ">col-self-loops",
            ">col-loops-back",
            ">col-between",
            "col-examples",
        ],
    ));
    for again in rework.activities.iter().take(12) {
        let _ = write!(
            out,
            "<tr><td>{}</td><td class=\"r\">{}</td><td class=\"r\">{}</td><td class=\"r\">{}</td>\
             <td class=\"r\">{}</td><td class=\"r\">{}</td><td>{}</td></tr>",
            escape(study.activity(again.activity)),
            grouped(again.cases),
            grouped(again.extra),
            grouped(again.self_loops),
            grouped(again.loops_back),
            words.days(seconds(again.between) / 86_400.0),
            codes(again.examples.iter().take(3).map(|case| study.case(*case)))
        );
    }
    out.push_str(END);
    out
}

// ---- people

pub(super) fn people(study: &Study, words: Words) -> String {
    let people = &study.people;
    if people.people.is_empty() {
        return note(words, "people-none", &[]);
    }
    let count = grouped(people.people.len() as u64);
    let different = grouped(people.between_different);
    let total: u64 = people.hand_overs.iter().map(|h| h.count).sum();
    let share = percent(people.between_different as f64 / total.max(1) as f64);
    let values = [("count", count.as_str()), ("different", &different), ("share", &share)];
    let mut out = note(words, "people-note", &values);
    let name = |resource: u32| escape(study.log.resources.text(resource));
    out.push_str(&table(
        words,
        &["col-person", ">col-events", ">col-cases", ">col-activities", ">col-worked", "col-none"],
    ));
    let most = people.people[0].events as f64;
    for person in people.people.iter().take(12) {
        let _ = write!(
            out,
            "<tr><td>{}</td><td class=\"r\">{}</td><td class=\"r\">{}</td><td class=\"r\">{}</td>\
             <td class=\"r\">{}</td><td>{}</td></tr>",
            name(person.resource),
            grouped(person.events),
            grouped(person.cases),
            grouped(person.activities),
            words.time(seconds(person.worked)),
            bar(person.events as f64 / most)
        );
    }
    let _ = write!(out, "{END}<h3>{}</h3>", words.of("people-handovers"));
    out.push_str(&table(words, &["col-from", "col-to", ">col-times", "col-none"]));
    let given: Vec<_> = people.hand_overs.iter().filter(|h| h.from != h.to).take(12).collect();
    let most = given.first().map_or(1.0, |h| h.count as f64);
    for hand_over in given {
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td class=\"r\">{}</td><td>{}</td></tr>",
            name(hand_over.from),
            name(hand_over.to),
            grouped(hand_over.count),
            bar(hand_over.count as f64 / most)
        );
    }
    let _ = write!(out, "{END}<h3>{}</h3>", words.of("people-carriers"));
    out.push_str(&table(
        words,
        &["col-activity", ">col-events", ">col-people", ">col-bus", "col-first", ">col-share"],
    ));
    for c in people.carriers.iter().filter(|c| c.events >= 5).take(10) {
        let _ = write!(
            out,
            "<tr><td>{}</td><td class=\"r\">{}</td><td class=\"r\">{}</td><td class=\"r\">{}</td>\
             <td>{}</td><td class=\"r\">{}</td></tr>",
            escape(study.activity(c.activity)),
            grouped(c.events),
            grouped(c.people),
            c.bus_factor,
            name(c.first),
            percent(c.first_events as f64 / c.events as f64)
        );
    }
    out.push_str(END);
    out
}

// ---- slow cases

pub(super) fn slow(study: &Study, words: Words) -> String {
    let median = words.time(study.overview.durations.median);
    let mut out = note(words, "slow-note", &[("median", &median)]);
    out.push_str(&table(
        words,
        &["col-case", "col-begun", ">col-duration", ">col-events", ">col-variant", "col-longest"],
    ));
    for slow in &study.slow {
        let first = study.flat.trace(slow.case as usize)[0];
        let begun = time::short(study.log.events.end[first as usize], study.log.offset_minutes);
        let longest = slow.longest.map_or_else(String::new, |(from, to, micros)| {
            let (from, to) = (escape(study.activity(from)), escape(study.activity(to)));
            format!("{from} → {to}: {}", words.time(seconds(micros)))
        });
        let _ = write!(
            out,
            "<tr><td><code>{}</code></td><td class=\"k\">{begun}</td><td class=\"r\">{}</td>\
             <td class=\"r\">{}</td><td class=\"r\">{}</td><td>{longest}</td></tr>",
            escape(study.case(slow.case)),
            words.time(seconds(slow.duration)),
            grouped(slow.events as u64),
            slow.variant + 1
        );
    }
    out.push_str(END);
    out
}

// ---- the data

pub(super) fn quality(study: &Study, source: &SourceFacts, words: Words) -> String {
    let mut out = note(words, "quality-note", &[]);
    let findings = &study.log.quality.findings;
    if findings.is_empty() && study.flat.equal_times == 0 && study.flat.out_of_order == 0 {
        out.push_str(&note(words, "quality-none", &[]));
    } else {
        out.push_str(&table(words, &[">col-count", "col-trouble", "col-effect", "col-places"]));
        let view =
            [("equal-times", study.flat.equal_times), ("out-of-order", study.flat.out_of_order)];
        let of_view =
            view.iter().filter(|(_, n)| *n > 0).map(|(name, n)| (*name, *n, false, &[][..]));
        let of_file = findings.iter().map(|(trouble, finding)| {
            (trouble.name(), finding.count, trouble.leaves_out(), finding.places.as_slice())
        });
        for (name, count, leaves_out, places) in of_file.chain(of_view) {
            let effect = if leaves_out { "effect-left-out" } else { "effect-kept" };
            let _ = write!(
                out,
                "<tr><td class=\"r\">{}</td><td>{}</td><td>{}</td><td class=\"cases\">{}</td></tr>",
                grouped(count),
                words.of(&format!("trouble-{name}")),
                words.of(effect),
                codes(places.iter().map(String::as_str))
            );
        }
        out.push_str(END);
    }
    out.push_str(&how_read(study, source, words));
    out
}

/// How the file was read, for whoever wants to correct it.
fn how_read(study: &Study, source: &SourceFacts, words: Words) -> String {
    let mut rows: Vec<(&str, String)> = vec![("read-format", source.format.to_owned())];
    if let Some(columns) = &source.columns {
        let named = [
            ("read-case", &columns.case),
            ("read-activity", &columns.activity),
            ("read-time", &columns.time),
            ("read-end", &columns.end),
            ("read-resource", &columns.resource),
        ];
        let known = named.into_iter().filter_map(|(key, name)| Some((key, name.clone()?)));
        rows.extend(known);
    }
    let types: Vec<String> = study
        .types
        .iter()
        .map(|t| {
            let name = study.log.objects.types.text(t.object_type);
            let (objects, touches) = (grouped(t.touched), grouped(t.touches));
            let values = [("type", name), ("objects", &objects), ("events", &touches)];
            words.say("read-type", &values)
        })
        .collect();
    rows.push(("read-types", types.join(" · ")));
    let lane = LANE_ATTRIBUTES.iter().find(|n| study.log.attribute(n).is_some());
    if let Some(lane) = lane.filter(|_| !study.lanes.1.is_empty()) {
        rows.push(("read-lanes", (*lane).to_owned()));
    }
    let calendar = words.say(&format!("calendar-{}", origin(study.calendar.origin)), &[]);
    let hours = study.calendar.weekly_hours().to_string();
    rows.push((
        "read-calendar",
        words.say("read-hours", &[("origin", &calendar), ("hours", &hours)]),
    ));
    let row = |(key, value): &(&str, String)| {
        format!("<dt>{}</dt><dd>{}</dd>", words.of(key), escape(value))
    };
    let rows: String = rows.iter().map(row).collect();
    format!("<h3>{}</h3><dl>{rows}</dl>", words.of("read-title"))
}
