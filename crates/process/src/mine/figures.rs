//! The plain figures of a log as JSON, under the names that reference results use.
use super::rework::Rework;
use super::stats::Summary;
use super::{Dfg, Overview, People, Variants};
use crate::log::{Flat, Log, NO_TIME, SECOND, time};
use serde_json::{Map, Value as Json, json};

/// What was counted of one view.
pub struct Counted<'a> {
    pub log: &'a Log,
    pub flat: &'a Flat,
    pub overview: &'a Overview,
    pub dfg: &'a Dfg,
    pub variants: &'a Variants,
    pub rework: &'a Rework,
    pub people: &'a People,
}

/// How many variants are told with their steps.
const TOP: usize = 10;

/// A summary with its names.
#[must_use]
pub fn summary(of: &Summary) -> Json {
    json!({
        "n": of.n, "mean": of.mean, "std": of.std, "min": of.min, "p25": of.p25,
        "median": of.median, "p75": of.p75, "p90": of.p90, "p95": of.p95, "max": of.max,
    })
}

impl Counted<'_> {
    fn name(&self, activity: u32) -> &str {
        self.log.activities.text(activity)
    }
    /// Counts above zero, by name.
    fn counts(&self, counts: &[u64]) -> Json {
        let known = counts.iter().enumerate().filter(|(_, n)| **n > 0);
        let map: Map<String, Json> =
            known.map(|(a, n)| (self.name(a as u32).to_owned(), json!(n))).collect();
        Json::Object(map)
    }
    /// The figures.
    #[must_use]
    pub fn json(&self) -> Json {
        let mut all = self.flow();
        let more = [self.again(), self.people()];
        for (name, value) in more.into_iter().flatten() {
            all.insert(name, value);
        }
        Json::Object(all)
    }
    fn flow(&self) -> Map<String, Json> {
        let dfg = self.dfg;
        let edges = &dfg.edges;
        let seconds = edges.iter().map(|e| {
            let mut of = summary(&e.seconds);
            of["from_"] = json!(self.name(e.from));
            of["to"] = json!(self.name(e.to));
            of
        });
        let waits = edges.iter().map(|e| {
            json!({
                "from": self.name(e.from), "to": self.name(e.to), "n": e.count, "cases": e.cases,
                "calendar": summary(&e.wait), "working": summary(&e.working),
            })
        });
        let top = self.variants.list.iter().take(TOP).map(|v| {
            let trace: Vec<&str> = v.trace.iter().map(|a| self.name(*a)).collect();
            json!({ "count": v.cases.len(), "trace": trace })
        });
        let triple = |e: &super::Edge| json!([self.name(e.from), self.name(e.to), e.count]);
        let pairs = [
            ("cases", json!(self.overview.cases)),
            ("events", json!(self.overview.events)),
            ("activities", self.counts(&dfg.activities)),
            ("start_activities", self.counts(&dfg.starts)),
            ("end_activities", self.counts(&dfg.ends)),
            ("variants", json!(self.variants.list.len())),
            ("top_variants", top.collect()),
            ("variants_covering_80pct", json!(self.variants.covering(0.8))),
            ("events_per_case", summary(&self.overview.events_per_case)),
            ("dfg", edges.iter().map(triple).collect()),
            ("dfg_edges", json!(edges.len())),
            ("dfg_total", json!(dfg.total())),
            ("dfg_seconds", seconds.collect()),
            ("waits_seconds", waits.collect()),
            ("case_duration_seconds", summary(&self.overview.durations)),
            ("first_event", json!(instant(self.overview.first))),
            ("last_event", json!(instant(self.overview.last))),
            ("adjacent_equal_timestamps", json!(self.flat.equal_times)),
            ("out_of_order_adjacent", json!(self.flat.out_of_order)),
        ];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
    fn again(&self) -> Map<String, Json> {
        let of = |count: &dyn Fn(&super::rework::Again) -> u64| -> Json {
            let activities = self.rework.activities.iter();
            let known = activities.map(|a| (self.name(a.activity).to_owned(), count(a)));
            let above = known.filter(|(_, n)| *n > 0);
            Json::Object(above.map(|(name, n)| (name, json!(n))).collect())
        };
        let pairs = [
            ("rework_cases_per_activity", of(&|a| a.cases)),
            ("rework_extra_executions", of(&|a| a.extra)),
            ("cases_with_rework", json!(self.rework.cases)),
            ("self_loops", of(&|a| a.self_loops)),
            ("ping_pong_aba", json!(self.rework.ping_pong)),
        ];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
    fn people(&self) -> Map<String, Json> {
        let mut all = Map::new();
        all.insert("service_seconds_by_activity".to_owned(), self.service());
        if self.people.people.is_empty() {
            return all;
        }
        let name = |resource: u32| self.log.resources.text(resource);
        let top = self.people.people.iter().take(15);
        let top = top.map(|p| (name(p.resource).to_owned(), json!(p.events)));
        let list = &self.people.hand_overs;
        let hand_overs = list.iter().take(100).map(|h| json!([name(h.from), name(h.to), h.count]));
        let pairs = [
            ("resources", json!(self.people.people.len())),
            ("resource_events_top", Json::Object(top.collect())),
            ("handover_top", hand_overs.collect()),
            ("handover_pairs", json!(list.len())),
            ("handover_between_different", json!(self.people.between_different)),
            ("handover_total", json!(list.iter().map(|h| h.count).sum::<u64>())),
            ("resource_activity_pairs", json!(self.people.pairs)),
        ];
        all.extend(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)));
        all
    }
    /// From start to end by activity; 0 where the log tells no start.
    fn service(&self) -> Json {
        let mut of: Vec<Vec<i64>> = vec![Vec::new(); self.log.activities.len()];
        for event in &self.flat.events {
            let at = *event as usize;
            let (start, end) = (self.log.events.start[at], self.log.events.end[at]);
            let worked = if start == NO_TIME { 0 } else { end - start };
            of[self.log.events.activity[at] as usize].push(worked);
        }
        let known = of.iter_mut().enumerate().filter(|(_, times)| !times.is_empty());
        let named =
            known.map(|(a, times)| (self.name(a as u32).to_owned(), summary(&Summary::of(times))));
        Json::Object(named.collect())
    }
}

/// `2015-01-05 09:02:50+00:00`, with microseconds only where there are any.
fn instant(at: i64) -> String {
    let iso = time::iso(at - at.rem_euclid(SECOND)).replace('T', " ");
    let fraction = match at.rem_euclid(SECOND) {
        0 => String::new(),
        micros => format!(".{micros:06}"),
    };
    iso.replace('Z', &format!("{fraction}+00:00"))
}
