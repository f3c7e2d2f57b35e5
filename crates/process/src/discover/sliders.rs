//! The map's two sliders: how many activities, how many paths. No node is ever left without a way
//! from the start and to the end.
use crate::log::{Flat, Log, NONE};
use crate::mine::Dfg;
use std::collections::BTreeSet;

/// How much of the map is shown: shares from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sliders {
    pub activities: f64,
    pub paths: f64,
}

/// What a map shows.
#[derive(Debug)]
pub struct Map {
    /// The graph of the traces without what is not shown.
    pub dfg: Dfg,
    /// Activities, most frequent first.
    pub activities: Vec<u32>,
    /// Which edges of `dfg` are shown, ascending.
    pub edges: Vec<usize>,
    /// Activities at which the shown paths begin and end.
    pub starts: Vec<u32>,
    pub ends: Vec<u32>,
}

/// One way of the map, with the events around it.
#[derive(Clone, Copy)]
struct Way {
    from: usize,
    to: usize,
    width: u64,
    /// Number of the edge; [`NONE`] from the start or to the end.
    edge: u32,
}

impl Map {
    /// The map at some positions of the sliders.
    #[must_use]
    pub fn of(log: &Log, flat: &Flat, sliders: Sliders, working: &dyn Fn(i64, i64) -> i64) -> Self {
        let activities = commonest(log, &[flat], sliders.activities);
        Self::among(log, flat, activities, sliders.paths, working)
    }
    /// The maps of two parts of a log, both of the activities that are commonest in both together.
    #[must_use]
    pub fn both(
        log: &Log,
        flats: [&Flat; 2],
        sliders: Sliders,
        working: &dyn Fn(i64, i64) -> i64,
    ) -> [Self; 2] {
        let activities = commonest(log, &flats, sliders.activities);
        flats.map(|flat| Self::among(log, flat, activities.clone(), sliders.paths, working))
    }
    fn among(
        log: &Log,
        flat: &Flat,
        activities: Vec<u32>,
        share: f64,
        working: &dyn Fn(i64, i64) -> i64,
    ) -> Self {
        let mut is_shown = vec![false; log.activities.len()];
        activities.iter().for_each(|a| is_shown[*a as usize] = true);
        let dfg = if is_shown.iter().all(|shown| *shown) {
            Dfg::of(log, flat, working)
        } else {
            let kept = flat.keep(|event| is_shown[log.events.activity[event as usize] as usize]);
            Dfg::of(log, &kept, working)
        };
        let (edges, starts, ends) = paths(&dfg, &activities, share);
        Self { dfg, activities, edges, starts, ends }
    }
}

/// The activities that some traces have most of, most frequent first.
fn commonest(log: &Log, flats: &[&Flat], of: f64) -> Vec<u32> {
    let mut counts = vec![0_u64; log.activities.len()];
    for event in flats.iter().flat_map(|flat| &flat.events) {
        counts[log.events.activity[*event as usize] as usize] += 1;
    }
    let ranks = log.activities.ranks();
    let mut activities: Vec<u32> =
        (0..counts.len() as u32).filter(|a| counts[*a as usize] > 0).collect();
    let order = |a: &u32| (std::cmp::Reverse(counts[*a as usize]), ranks[*a as usize]);
    activities.sort_unstable_by_key(order);
    activities.truncate(share(of, activities.len()));
    activities
}

/// At least one of so many.
fn share(of: f64, n: usize) -> usize {
    ((of.clamp(0.0, 1.0) * n as f64).ceil() as usize).clamp(1, n.max(1))
}

/// The widest edges, and those on the widest way from the start to each node and on to the end.
fn paths(dfg: &Dfg, activities: &[u32], of: f64) -> (Vec<usize>, Vec<u32>, Vec<u32>) {
    let n = activities.len();
    let mut place = vec![usize::MAX; dfg.activities.len()];
    for (at, activity) in activities.iter().enumerate() {
        place[*activity as usize] = at;
    }
    let (start, end) = (n, n + 1);
    let mut ways: Vec<Way> = Vec::new();
    for (at, edge) in dfg.edges.iter().enumerate() {
        let (from, to) = (place[edge.from as usize], place[edge.to as usize]);
        ways.push(Way { from, to, width: edge.count, edge: at as u32 });
    }
    for (at, activity) in activities.iter().enumerate() {
        let activity = *activity as usize;
        let (begins, stops) = (dfg.starts[activity], dfg.ends[activity]);
        ways.push(Way { from: start, to: at, width: begins, edge: NONE });
        ways.push(Way { from: at, to: end, width: stops, edge: NONE });
    }
    ways.retain(|way| way.width > 0);
    let mut edges: BTreeSet<usize> = (0..share(of, dfg.edges.len()).min(dfg.edges.len())).collect();
    let forward = widest(n + 2, start, &ways);
    let turned: Vec<Way> = ways.iter().map(|w| Way { from: w.to, to: w.from, ..*w }).collect();
    let backward = widest(n + 2, end, &turned);
    let (mut starts, mut ends) = (BTreeSet::new(), BTreeSet::new());
    let ways_used = forward.into_iter().chain(backward).flatten();
    for way in ways_used.map(|at| ways[at]) {
        if way.edge != NONE {
            edges.insert(way.edge as usize);
        } else if way.from == start {
            starts.insert(activities[way.to]);
        } else {
            ends.insert(activities[way.from]);
        }
    }
    (edges.into_iter().collect(), starts.into_iter().collect(), ends.into_iter().collect())
}

/// For each node the last way on the widest path to it from a root: the one whose narrowest part is
/// widest. Ties go to the lower node and the earlier way.
fn widest(nodes: usize, root: usize, ways: &[Way]) -> Vec<Option<usize>> {
    let mut width = vec![0; nodes];
    let mut last: Vec<Option<usize>> = vec![None; nodes];
    let mut is_done = vec![false; nodes];
    width[root] = u64::MAX;
    loop {
        let open = (0..nodes).filter(|node| !is_done[*node] && width[*node] > 0);
        let Some(node) = open.max_by_key(|node| (width[*node], std::cmp::Reverse(*node))) else {
            return last;
        };
        is_done[node] = true;
        for (at, way) in ways.iter().enumerate().filter(|(_, way)| way.from == node) {
            let through = width[node].min(way.width);
            if through > width[way.to] {
                width[way.to] = through;
                last[way.to] = Some(at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::build::NewEvent;
    use crate::log::{Builder, Only};

    fn map(ways: &[(&str, usize)], activities: f64, paths: f64) -> (Log, Map) {
        let mut builder = Builder::default();
        let mut case = 0;
        for (way, times) in ways {
            for _ in 0..*times {
                case += 1;
                for (at, activity) in way.split(' ').enumerate() {
                    builder.case_event(&case.to_string(), &NewEvent::at(activity, at as i64));
                }
            }
        }
        let log = builder.finish();
        let flat = Flat::of(&log, 0, Only::All);
        let map = Map::of(&log, &flat, Sliders { activities, paths }, &|_, _| 0);
        (log, map)
    }

    #[test]
    fn with_few_paths_a_rare_node_keeps_its_widest_way_in_and_out() {
        let (log, map) = map(&[("a b d", 10), ("a c d", 2), ("a b c d", 1)], 1.0, 0.1);
        let name = |a: u32| log.activities.text(a);
        let told: Vec<String> = map
            .edges
            .iter()
            .map(|at| &map.dfg.edges[*at])
            .map(|e| format!("{}{}{}", name(e.from), name(e.to), e.count))
            .collect();
        // b→c (1) is not shown, c keeps a→c (2) and c→d (3).
        assert_eq!(told, ["ab11", "bd10", "cd3", "ac2"]);
        assert_eq!((map.starts, map.ends), (vec![0], vec![2]));
    }

    #[test]
    fn what_is_not_shown_is_stepped_over() {
        let (log, map) = map(&[("a x b", 3), ("a b", 1)], 0.6, 1.0);
        assert_eq!(
            map.activities.iter().map(|a| log.activities.text(*a)).collect::<String>(),
            "ab"
        );
        assert_eq!((map.dfg.edges.len(), map.dfg.edges[0].count), (1, 4));
    }
}
