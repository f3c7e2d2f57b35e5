//! Two parts of the process beside each other: another period, another slice. One set of activities
//! and paths for both, so that the same place on both maps is the same step.
use super::MapAsk;
use super::subject::{Subject, whole};
use crate::discover::sliders::{Map, Sliders};
use crate::mine::dfg::Edge;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

impl Subject<'_> {
    /// The map of these cases and of others of the same log.
    pub(crate) fn beside(&self, other: &Subject<'_>, ask: &MapAsk) -> Json {
        let sliders = Sliders { activities: ask.activities, paths: ask.paths };
        let [one, two] = Map::both(self.log, [self.flat, other.flat], sliders, &*self.working);
        let name = |activity: u32| self.log.activities.text(activity);
        let (places, also) = (self.places(), other.places());
        let node = |activity: &u32| {
            let at = *activity as usize;
            let counts = [one.dfg.activities[at], two.dfg.activities[at]];
            let place = if counts[0] > 0 { places[at] } else { also[at] };
            json!({ "activity": name(*activity), "place": place, "counts": counts })
        };
        let nodes: Vec<Json> = one.activities.iter().map(node).collect();
        let paths = paths([&one, &two]);
        let edges = paths.iter().map(|((from, to), [a, b])| {
            json!({ "from": name(*from), "to": name(*to), "one": told(*a), "two": told(*b) })
        });
        json!({
            "case": self.case, "cases": [self.flat.len(), other.flat.len()], "seq": self.seq,
            "nodes": nodes, "edges": edges.collect::<Vec<_>>(),
        })
    }
}

type Path = (u32, u32);

/// Every path that either map shows, as both graphs know it.
fn paths(maps: [&Map; 2]) -> BTreeMap<Path, [Option<&Edge>; 2]> {
    let mut all: BTreeMap<Path, [Option<&Edge>; 2]> = BTreeMap::new();
    for map in maps {
        for edge in map.edges.iter().map(|at| &map.dfg.edges[*at]) {
            all.entry((edge.from, edge.to)).or_default();
        }
    }
    for (at, map) in maps.into_iter().enumerate() {
        for edge in &map.dfg.edges {
            if let Some(both) = all.get_mut(&(edge.from, edge.to)) {
                both[at] = Some(edge);
            }
        }
    }
    all
}

fn told(edge: Option<&Edge>) -> Json {
    edge.map_or(Json::Null, |e| {
        json!({ "count": e.count, "cases": e.cases, "median": whole(e.wait.median),
            "mean": whole(e.wait.mean), "p90": whole(e.wait.p90) })
    })
}
