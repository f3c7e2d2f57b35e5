//! The process as JSON: the map at its sliders, variants, the cases of a path or a variant, and
//! the life of one case.
use super::{Insight, Traces};
use crate::discover::sliders::{Map, Sliders};
use crate::log::{Flat, NO_TIME};
use crate::mine::Variants;
use kernel::{Day, Error, Instant, Result};
use serde_json::{Value as Json, json};

/// What part of the process is asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    pub case: String,
    pub activities: f64,
    pub paths: f64,
    /// Cases that began in these days.
    pub from: Option<Day>,
    pub until: Option<Day>,
    /// Cases with this value of a dimension.
    pub dimension: Option<String>,
    pub value: Option<String>,
    /// Cases that went from one activity to another; both, or the first alone.
    pub step: Option<(String, String)>,
    pub variant: Option<usize>,
}

const LISTED: usize = 200;
const VARIANTS: usize = 40;
const SECOND: f64 = 1e6;

impl Insight {
    fn selected(&self, traces: &Traces, ask: &Ask) -> Result<Flat> {
        let table = self.cases.table(&ask.case);
        let slice = match (&ask.dimension, &ask.value) {
            (Some(dimension), Some(value)) => {
                let wrong = || Error::invalid("kpi.no_such_dimension", dimension);
                let table = table.ok_or_else(wrong)?;
                let column = table.slice(dimension).ok_or_else(wrong)?;
                Some((table, column, table.words.find(value)))
            }
            _ => None,
        };
        let midnight = |day: Option<Day>| day.map(|d| self.ground.hours.midnight(d));
        let (from, until) = (midnight(ask.from), midnight(ask.until.map(|d| d.plus_days(1))));
        let flat = &traces.flat;
        let end = |event: u32| traces.own.log.events.end[event as usize];
        Ok(flat.select(|case| {
            let begun = end(flat.trace(case)[0]);
            let is_in = from.is_none_or(|f| f <= begun) && until.is_none_or(|u| begun < u);
            let id = traces.own.cases[flat.cases[case] as usize];
            let is_slice = slice.as_ref().is_none_or(|(table, column, word)| {
                table.row(id).is_some_and(|row| Some(column[row]) == *word)
            });
            is_in && is_slice
        }))
    }

    /// The map. Errors: `log.no_such_type`, `kpi.no_such_dimension`.
    pub fn map(&self, ask: &Ask) -> Result<Json> {
        let traces = self.traces(&ask.case)?;
        let flat = self.selected(traces, ask)?;
        let log = &traces.own.log;
        let working = |from: i64, to: i64| self.ground.hours.working(from, to);
        let sliders = Sliders { activities: ask.activities, paths: ask.paths };
        let dimensions: Vec<&str> =
            self.cases.table(&ask.case).map(|t| t.dimensions().collect()).unwrap_or_default();
        if flat.is_empty() {
            return Ok(json!({ "case": ask.case, "cases": 0, "nodes": [], "edges": [],
                "dimensions": dimensions, "seq": self.seq() }));
        }
        let map = Map::of(log, &flat, sliders, &working);
        let name = |activity: u32| log.activities.text(activity);
        let places = places(traces, &flat);
        let nodes = map.activities.iter().map(|a| {
            let (at, dfg) = (*a as usize, &map.dfg);
            json!({ "activity": name(*a), "place": places[at], "count": dfg.activities[at],
                "starts": dfg.starts[at], "ends": dfg.ends[at] })
        });
        let edges = map.edges.iter().map(|at| {
            let e = &map.dfg.edges[*at];
            json!({ "from": name(e.from), "to": name(e.to), "count": e.count, "cases": e.cases,
                "median": whole(e.wait.median), "mean": whole(e.wait.mean),
                "p90": whole(e.wait.p90), "working": whole(e.working.median) })
        });
        let all = map.dfg.activities.iter().filter(|n| **n > 0).count();
        Ok(json!({
            "case": ask.case, "cases": flat.len(), "events": flat.events.len(), "seq": self.seq(),
            "nodes": nodes.collect::<Vec<_>>(), "edges": edges.collect::<Vec<_>>(),
            "starts": map.starts.iter().map(|a| name(*a)).collect::<Vec<_>>(),
            "ends": map.ends.iter().map(|a| name(*a)).collect::<Vec<_>>(),
            "all_activities": all.max(map.activities.len()), "all_paths": map.dfg.edges.len(),
            "dimensions": dimensions, "values": self.values(ask),
        }))
    }

    fn values(&self, ask: &Ask) -> Vec<String> {
        let table = self.cases.table(&ask.case);
        let column = ask.dimension.as_deref().and_then(|d| table?.slice(d));
        let (Some(table), Some(column)) = (table, column) else { return Vec::new() };
        let mut seen = column.to_vec();
        seen.sort_unstable();
        seen.dedup();
        let mut all: Vec<String> =
            seen.into_iter().map(|w| table.words.text(w).to_owned()).collect();
        all.sort();
        all
    }

    /// The commonest ways. Errors: `log.no_such_type`, `kpi.no_such_dimension`.
    pub fn variants(&self, ask: &Ask) -> Result<Json> {
        let traces = self.traces(&ask.case)?;
        let flat = self.selected(traces, ask)?;
        let log = &traces.own.log;
        let variants = Variants::of(log, &flat);
        let time = |case: u32| {
            let trace = flat.trace(case as usize);
            let end = |event: u32| log.events.end[event as usize];
            end(trace[trace.len() - 1]) - end(trace[0])
        };
        let variant = |v: &crate::mine::variants::Variant| {
            let mut times: Vec<i64> = v.cases.iter().map(|c| time(*c)).collect();
            times.sort_unstable();
            json!({ "cases": v.cases.len(),
                "steps": v.trace.iter().map(|a| log.activities.text(*a)).collect::<Vec<_>>(),
                "median": whole(times[(times.len() - 1) / 2] as f64 / SECOND) })
        };
        let shown: Vec<Json> = variants.list.iter().take(VARIANTS).map(variant).collect();
        Ok(json!({ "cases": flat.len(), "count": variants.list.len(), "variants": shown }))
    }

    /// Cases, longest first: all selected, those of a step, or those of a variant.
    ///
    /// Errors: `log.no_such_type`, `kpi.no_such_dimension`.
    pub fn cases(&self, ask: &Ask) -> Result<Json> {
        let traces = self.traces(&ask.case)?;
        let flat = self.selected(traces, ask)?;
        let log = &traces.own.log;
        let find = |name: &String| log.activities.find(name);
        let step = ask.step.as_ref().map(|(a, b)| (find(a), find(b)));
        let of_variant = ask.variant.map(|_| Variants::of(log, &flat));
        let activity = |event: u32| log.events.activity[event as usize];
        let mut rows: Vec<(i64, usize)> = Vec::new();
        for case in 0..flat.len() {
            let trace = flat.trace(case);
            if let (Some(variants), Some(wanted)) = (&of_variant, ask.variant)
                && variants.of_case[case] as usize != wanted
            {
                continue;
            }
            let end = |event: u32| log.events.end[event as usize];
            let whole = end(trace[trace.len() - 1]) - end(trace[0]);
            let time = match step {
                None => Some(whole),
                Some((Some(a), None)) => trace.iter().any(|e| activity(*e) == a).then_some(whole),
                Some((a, b)) => trace
                    .windows(2)
                    .filter(|w| Some(activity(w[0])) == a && Some(activity(w[1])) == b)
                    .map(|w| (started(traces, w[1]) - end(w[0])).max(0))
                    .max(),
            };
            rows.extend(time.map(|time| (time, case)));
        }
        rows.sort_by_key(|(time, case)| (std::cmp::Reverse(*time), *case));
        let row = |(time, case): &(i64, usize)| {
            let id = traces.own.cases[flat.cases[*case] as usize];
            let trace = flat.trace(*case);
            let begun = log.events.end[trace[0] as usize];
            json!({ "id": id.to_string(), "number": self.number(&ask.case, id),
                "seconds": whole(*time as f64 / SECOND), "events": trace.len(),
                "from": Instant(begun).rfc3339() })
        };
        let shown: Vec<Json> = rows.iter().take(LISTED).map(row).collect();
        Ok(json!({ "kind": ask.case, "count": rows.len(), "rows": shown }))
    }
}

/// Where in their cases activities stand on average, in per mille of the way.
fn places(traces: &Traces, flat: &Flat) -> Vec<i64> {
    let log = &traces.own.log;
    let mut sums = vec![(0_i64, 0_i64); log.activities.len()];
    for trace in flat.traces() {
        for (at, event) in trace.iter().enumerate() {
            let of = &mut sums[log.events.activity[*event as usize] as usize];
            *of = (of.0 + (at * 1000 / trace.len()) as i64, of.1 + 1);
        }
    }
    sums.into_iter().map(|(sum, n)| sum / n.max(1)).collect()
}

fn started(traces: &Traces, event: u32) -> i64 {
    let events = &traces.own.log.events;
    match events.start[event as usize] {
        NO_TIME => events.end[event as usize],
        start => start,
    }
}

/// Seconds as people and tests compare them.
fn whole(seconds: f64) -> f64 {
    seconds.round()
}
