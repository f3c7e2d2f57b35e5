//! The report as JSON: the figures under the names of reference results, and the rest beside them.
use super::findings::Kind;
use super::study::Study;
use crate::log::{SECOND, time};
use crate::mine::causes::Split;
use crate::mine::figures::Counted;
use crate::mine::{Dfg, Overview, People, Rework, Variants};
use crate::read::Source;
use serde_json::{Value as Json, json};

/// What a report says of its file.
pub(super) fn source(study: &Study, format: &str, columns: Option<&crate::read::Columns>) -> Json {
    let columns = columns.map(|c| {
        json!({
            "case": c.case, "activity": c.activity, "time": c.time, "end": c.end,
            "resource": c.resource,
        })
    });
    let types: Vec<Json> = study
        .types
        .iter()
        .map(|t| {
            let name = study.log.objects.types.text(t.object_type);
            json!({ "type": name, "objects": t.objects, "in_events": t.touched,
                    "touches": t.touches })
        })
        .collect();
    json!({
        "format": format, "columns": columns, "object_types": types,
        "events_total": study.log.events.len(), "objects_total": study.log.objects.ids.len(),
        "relations": study.log.e2o.event.len(), "links": study.log.o2o.len(),
    })
}

/// The report. Sorted keys, no date: the same log gives the same bytes.
#[must_use]
pub fn json(study: &Study, source: &SourceFacts) -> Json {
    let Study { log, flat, overview, dfg, variants, rework, people, .. } = study;
    let counted = Counted { log, flat, overview, dfg, variants, rework, people };
    let mut all = if study.has_stages {
        let mut all = every_event(study);
        all["complete_only"] = counted.json();
        all
    } else {
        counted.json()
    };
    all["source"] = self::source(study, source.format, source.columns.as_ref());
    all["object_type"] = json!(log.objects.types.text(flat.object_type));
    all["quality"] = quality(study);
    all["calendar"] = json!({
        "origin": super::words::origin(study.calendar.origin),
        "weekly_hours": study.calendar.weekly_hours(),
        "offset_minutes": study.calendar.offset_minutes,
    });
    all["sliders"] =
        json!({ "activities": study.sliders.activities, "paths": study.sliders.paths });
    all["waiting"] = waiting(study);
    all["slow_cases"] = slow(study);
    all["look_at_first"] = study.findings.iter().map(|f| finding(study, f)).collect();
    all
}

/// What is told of a file beside its log.
#[derive(Clone, Debug)]
pub struct SourceFacts {
    pub format: &'static str,
    pub columns: Option<crate::read::Columns>,
    /// As a person knows it.
    pub name: String,
}

impl SourceFacts {
    /// Of our own facts.
    #[must_use]
    pub const fn own(name: String) -> Self {
        Self { format: "facts", columns: None, name }
    }
    /// Takes the log out of what was read.
    #[must_use]
    pub fn split(source: Source, name: String) -> (crate::log::Log, Self) {
        let facts = Self { format: source.format.name(), columns: source.columns, name };
        (source.log, facts)
    }
}

/// The figures over all events, starts among them.
fn every_event(study: &Study) -> Json {
    let (log, flat) = (&study.log, &study.all);
    let dfg = Dfg::of(log, flat, &|from, to| study.calendar.working(from, to));
    let variants = Variants::of(log, flat);
    let (overview, rework) = (Overview::of(log, flat), Rework::of(log, flat));
    let people = People::of(log, flat);
    let (overview, dfg, variants) = (&overview, &dfg, &variants);
    let (rework, people) = (&rework, &people);
    Counted { log, flat, overview, dfg, variants, rework, people }.json()
}

fn quality(study: &Study) -> Json {
    let findings = study.log.quality.findings.iter().map(|(trouble, finding)| {
        json!({
            "trouble": trouble.name(), "count": finding.count, "left_out": trouble.leaves_out(),
            "places": finding.places,
        })
    });
    findings.collect()
}

fn seconds(micros: i64) -> f64 {
    micros as f64 / SECOND as f64
}

fn split(of: &Split) -> Json {
    json!({
        "agreed": seconds(of.agreed), "batching": seconds(of.batching),
        "unavailability": seconds(of.unavailability),
        "prioritisation": seconds(of.prioritisation), "contention": seconds(of.contention),
        "extraneous": seconds(of.extraneous), "total": seconds(of.total()),
    })
}

fn waiting(study: &Study) -> Json {
    let Some(waits) = &study.waits else { return Json::Null };
    let by_activity = waits.by_activity.iter().map(|(activity, of, n)| {
        json!({ "activity": study.activity(*activity), "waits": n, "seconds": split(of) })
    });
    let seconds = |time: i64| time as f64 / SECOND as f64;
    let apart: serde_json::Map<String, Json> =
        waits.apart.iter().map(|(why, t)| (why.name().to_owned(), json!(seconds(*t)))).collect();
    let without = waits
        .total
        .causes()
        .map(|(name, wait)| (name.to_owned(), json!(waits.efficiency_without(wait))));
    json!({
        "seconds": split(&waits.total),
        "by_activity": by_activity.collect::<Vec<_>>(),
        "agreed_seconds": apart,
        "cycle_time_efficiency": waits.efficiency(),
        "cycle_time_efficiency_without": Json::Object(without.into_iter().collect()),
        "every_nth_case": waits.causes.every,
    })
}

fn slow(study: &Study) -> Json {
    let case = |s: &super::study::Slow| {
        let longest = s.longest.map(|(from, to, time)| {
            json!({ "from": study.activity(from), "to": study.activity(to),
                    "seconds": seconds(time) })
        });
        let first = study.flat.trace(s.case as usize)[0];
        json!({
            "case": study.case(s.case), "seconds": seconds(s.duration), "events": s.events,
            "variant": s.variant + 1, "longest_step": longest,
            "begun": time::iso(study.log.events.end[first as usize]),
        })
    };
    study.slow.iter().map(case).collect()
}

fn finding(study: &Study, finding: &super::Finding) -> Json {
    let what = match &finding.kind {
        Kind::Wait { from, to, median, cause } => json!({
            "kind": "wait", "from": study.activity(*from), "to": study.activity(*to),
            "median_seconds": median, "cause": cause.map(|(name, _)| name),
            "cause_share": cause.map(|(_, share)| share),
        }),
        Kind::Rework { activity, extra, share } => json!({
            "kind": "rework", "activity": study.activity(*activity), "extra": extra,
            "share": share,
        }),
        Kind::SlowTail { share, from } => {
            json!({ "kind": "slow_tail", "share": share, "from_seconds": from })
        }
        Kind::OnePerson { activity, resource, share } => json!({
            "kind": "one_person", "activity": study.activity(*activity),
            "person": study.log.resources.text(*resource), "share": share,
        }),
        Kind::PingPong { times } => json!({ "kind": "ping_pong", "times": times }),
    };
    let mut what = what;
    let examples: Vec<&str> = finding.examples.iter().map(|case| study.case(*case)).collect();
    what["days"] = json!(finding.days);
    what["cases"] = json!(finding.cases);
    what["examples"] = json!(examples);
    what
}
