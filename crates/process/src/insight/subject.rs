//! A log with its traces as the screens show it, whoever's it is: the map at its sliders, the
//! commonest ways, and the cases behind a path or a variant, as JSON.
use super::MapAsk;
use crate::discover::sliders::{Map, Sliders};
use crate::log::{Flat, Log, NO_TIME};
use crate::mine::Variants;
use kernel::Instant;
use serde_json::{Value as Json, json};

const LISTED: usize = 200;
const VARIANTS: usize = 40;
const SECOND: f64 = 1e6;

/// What is looked at: the cases that were asked for, and how they are called.
pub(crate) struct Subject<'s> {
    /// The kind of case; empty in a log of another system.
    pub(crate) case: &'s str,
    pub(crate) log: &'s Log,
    pub(crate) flat: &'s Flat,
    pub(crate) working: Box<dyn Fn(i64, i64) -> i64 + 's>,
    /// The id of a case by its object in the log, and its number for people.
    pub(crate) id: Box<dyn Fn(u32) -> i64 + 's>,
    pub(crate) number: Box<dyn Fn(i64) -> String + 's>,
    pub(crate) dimensions: Vec<&'static str>,
    /// What else cases may be told apart by; see [`super::Attribute`].
    pub(crate) attributes: Vec<String>,
    pub(crate) values: Vec<String>,
    pub(crate) seq: i64,
}

impl Subject<'_> {
    pub(crate) fn map(&self, ask: &MapAsk) -> Json {
        let (log, flat) = (self.log, self.flat);
        let sliders = Sliders { activities: ask.activities, paths: ask.paths };
        if flat.is_empty() {
            return json!({ "case": self.case, "cases": 0, "nodes": [], "edges": [],
                "dimensions": self.dimensions, "attributes": self.attributes,
                "values": self.values, "seq": self.seq });
        }
        let map = Map::of(log, flat, sliders, &*self.working);
        let name = |activity: u32| log.activities.text(activity);
        let places = self.places();
        let nodes = map.activities.iter().map(|a| {
            let at = *a as usize;
            json!({ "activity": name(*a), "place": places[at], "count": map.dfg.activities[at],
                "starts": map.dfg.starts[at], "ends": map.dfg.ends[at] })
        });
        let edges = map.edges.iter().map(|at| {
            let e = &map.dfg.edges[*at];
            json!({ "from": name(e.from), "to": name(e.to), "count": e.count, "cases": e.cases,
                "median": whole(e.wait.median), "mean": whole(e.wait.mean),
                "p90": whole(e.wait.p90), "working": whole(e.working.median) })
        });
        let all = map.dfg.activities.iter().filter(|n| **n > 0).count();
        json!({
            "case": self.case, "cases": flat.len(), "events": flat.events.len(), "seq": self.seq,
            "nodes": nodes.collect::<Vec<_>>(), "edges": edges.collect::<Vec<_>>(),
            "starts": map.starts.iter().map(|a| name(*a)).collect::<Vec<_>>(),
            "ends": map.ends.iter().map(|a| name(*a)).collect::<Vec<_>>(),
            "all_activities": all.max(map.activities.len()), "all_paths": map.dfg.edges.len(),
            "dimensions": self.dimensions, "attributes": self.attributes, "values": self.values,
        })
    }

    /// The commonest ways.
    pub(crate) fn variants(&self) -> Json {
        let (log, flat) = (self.log, self.flat);
        let variants = Variants::of(log, flat);
        let variant = |v: &crate::mine::variants::Variant| {
            let mut times: Vec<i64> = v.cases.iter().map(|c| self.lasts(*c as usize)).collect();
            times.sort_unstable();
            json!({ "cases": v.cases.len(),
                "steps": v.trace.iter().map(|a| log.activities.text(*a)).collect::<Vec<_>>(),
                "median": whole(times[(times.len() - 1) / 2] as f64 / SECOND) })
        };
        let shown: Vec<Json> = variants.list.iter().take(VARIANTS).map(variant).collect();
        json!({ "cases": flat.len(), "count": variants.list.len(), "variants": shown })
    }

    /// Cases, longest first: all, those of a step, or those of a variant.
    pub(crate) fn cases(&self, ask: &MapAsk) -> Json {
        let (log, flat) = (self.log, self.flat);
        let find = |name: &String| log.activities.find(name);
        let step = ask.step.as_ref().map(|(a, b)| (find(a), find(b)));
        let of_variant = ask.variant.map(|_| Variants::of(log, flat));
        let activity = |event: u32| log.events.activity[event as usize];
        let end = |event: u32| log.events.end[event as usize];
        let mut rows: Vec<(i64, usize)> = Vec::new();
        for case in 0..flat.len() {
            let trace = flat.trace(case);
            if let (Some(variants), Some(wanted)) = (&of_variant, ask.variant)
                && variants.of_case[case] as usize != wanted
            {
                continue;
            }
            let whole = self.lasts(case);
            let time = match step {
                None => Some(whole),
                Some((Some(a), None)) => trace.iter().any(|e| activity(*e) == a).then_some(whole),
                Some((a, b)) => trace
                    .windows(2)
                    .filter(|w| Some(activity(w[0])) == a && Some(activity(w[1])) == b)
                    .map(|w| (self.started(w[1]) - end(w[0])).max(0))
                    .max(),
            };
            rows.extend(time.map(|time| (time, case)));
        }
        rows.sort_by_key(|(time, case)| (std::cmp::Reverse(*time), *case));
        let row = |(time, case): &(i64, usize)| {
            let (id, trace) = ((self.id)(flat.cases[*case]), flat.trace(*case));
            json!({ "id": id.to_string(), "number": (self.number)(id),
                "seconds": whole(*time as f64 / SECOND), "events": trace.len(),
                "from": Instant(end(trace[0])).rfc3339() })
        };
        let shown: Vec<Json> = rows.iter().take(LISTED).map(row).collect();
        json!({ "kind": self.case, "count": rows.len(), "rows": shown })
    }

    fn lasts(&self, case: usize) -> i64 {
        let trace = self.flat.trace(case);
        let end = |event: u32| self.log.events.end[event as usize];
        end(trace[trace.len() - 1]) - end(trace[0])
    }

    /// Where in their cases activities stand on average, in per mille of the way.
    pub(super) fn places(&self) -> Vec<i64> {
        let mut sums = vec![(0_i64, 0_i64); self.log.activities.len()];
        for trace in self.flat.traces() {
            for (at, event) in trace.iter().enumerate() {
                let of = &mut sums[self.log.events.activity[*event as usize] as usize];
                *of = (of.0 + (at * 1000 / trace.len()) as i64, of.1 + 1);
            }
        }
        sums.into_iter().map(|(sum, n)| sum / n.max(1)).collect()
    }

    fn started(&self, event: u32) -> i64 {
        match self.log.events.start[event as usize] {
            NO_TIME => self.log.events.end[event as usize],
            start => start,
        }
    }
}

/// Seconds as people and tests compare them.
pub(super) fn whole(seconds: f64) -> f64 {
    seconds.round()
}
