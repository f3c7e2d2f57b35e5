//! Cuts of a directly-follows graph: how the steps of a log fall apart into blocks.
//!
//! Each function answers with groups of steps, or `None` where there is no such cut. Groups come in
//! an order that hangs on the steps' numbers only.
use std::collections::{BTreeMap, BTreeSet};

/// A directly-follows graph over few steps.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    pub(super) steps: Vec<u32>,
    pub(super) edges: BTreeMap<(u32, u32), u64>,
    pub(super) starts: BTreeMap<u32, u64>,
    pub(super) ends: BTreeMap<u32, u64>,
}

pub(super) type Groups = Vec<Vec<u32>>;

impl Graph {
    /// Of ways with how often each was taken.
    pub(super) fn of(ways: &[(Vec<u32>, u64)]) -> Self {
        let mut graph = Self::default();
        let mut steps = BTreeSet::new();
        for (way, times) in ways {
            steps.extend(way.iter().copied());
            if let (Some(first), Some(last)) = (way.first(), way.last()) {
                *graph.starts.entry(*first).or_default() += times;
                *graph.ends.entry(*last).or_default() += times;
            }
            for pair in way.windows(2) {
                *graph.edges.entry((pair[0], pair[1])).or_default() += times;
            }
        }
        graph.steps = steps.into_iter().collect();
        graph
    }
    /// Without edges that are rarer than a share of the commonest way on from the same step.
    pub(super) fn without_rare(&self, threshold: f64) -> Self {
        let mut most: BTreeMap<u32, u64> = self.ends.clone();
        for ((from, _), n) in &self.edges {
            let known = most.entry(*from).or_default();
            *known = (*known).max(*n);
        }
        let mut graph = self.clone();
        graph.edges.retain(|(from, _), n| *n as f64 >= threshold * most[from] as f64);
        let rare = |of: &mut BTreeMap<u32, u64>| {
            let most = of.values().copied().max().unwrap_or(0);
            of.retain(|_, n| *n as f64 >= threshold * most as f64);
        };
        rare(&mut graph.starts);
        rare(&mut graph.ends);
        graph
    }
    fn has(&self, from: u32, to: u32) -> bool {
        self.edges.contains_key(&(from, to))
    }
    /// Steps reachable from each step along edges, not counting standing still.
    fn reach(&self) -> BTreeMap<u32, BTreeSet<u32>> {
        let mut reach = BTreeMap::new();
        for step in &self.steps {
            let mut seen = BTreeSet::new();
            let mut open = vec![*step];
            while let Some(from) = open.pop() {
                for ((_, to), _) in self.edges.range((from, 0)..=(from, u32::MAX)) {
                    if seen.insert(*to) {
                        open.push(*to);
                    }
                }
            }
            reach.insert(*step, seen);
        }
        reach
    }
}

/// Groups of steps that belong together, found by joining.
struct Joined(BTreeMap<u32, u32>);

impl Joined {
    fn of(steps: &[u32]) -> Self {
        Self(steps.iter().map(|step| (*step, *step)).collect())
    }
    fn root(&self, step: u32) -> u32 {
        let mut root = step;
        while self.0[&root] != root {
            root = self.0[&root];
        }
        root
    }
    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0.insert(a.max(b), a.min(b));
    }
    /// Ordered by the lowest step of each.
    fn groups(&self) -> Groups {
        let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for step in self.0.keys() {
            groups.entry(self.root(*step)).or_default().push(*step);
        }
        groups.into_values().collect()
    }
}

fn several(groups: Groups) -> Option<Groups> {
    (groups.len() > 1).then_some(groups)
}

/// ×: no edge joins the groups.
pub(super) fn choice(graph: &Graph) -> Option<Groups> {
    let mut joined = Joined::of(&graph.steps);
    graph.edges.keys().for_each(|(a, b)| joined.join(*a, *b));
    several(joined.groups())
}

/// →: every step of a later group is reachable from every step of an earlier one, and never back.
pub(super) fn sequence(graph: &Graph) -> Option<Groups> {
    let reach = graph.reach();
    let reaches = |a: &u32, b: &u32| reach[a].contains(b);
    let all = |a: &[u32], b: &[u32]| a.iter().all(|a| b.iter().all(|b| reaches(a, b)));
    let any = |a: &[u32], b: &[u32]| a.iter().any(|a| b.iter().any(|b| reaches(a, b)));
    let before = |a: &[u32], b: &[u32]| all(a, b) && !any(b, a);
    let mut joined = Joined::of(&graph.steps);
    // Joining two groups may bring a third into reach of both ways, so it is done until it rests.
    let mut groups = joined.groups();
    loop {
        for (at, a) in groups.iter().enumerate() {
            for b in groups[at + 1..].iter().filter(|b| !before(a, b) && !before(b, a)) {
                joined.join(a[0], b[0]);
            }
        }
        let fewer = joined.groups();
        if fewer.len() == groups.len() {
            break;
        }
        groups = fewer;
    }
    groups.sort_by(|a, b| {
        if before(a, b) { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater }
    });
    several(whole_units(graph, groups))
}

/// Joins neighbours that are skipped together: around a group that may be skipped, those before it
/// that never lead past it and those after it that are never entered from before it (the strict
/// sequence cut of Leemans). The groups as they are, where nothing would be left apart.
fn whole_units(graph: &Graph, groups: Groups) -> Groups {
    let n = groups.len();
    let of: BTreeMap<u32, usize> = groups
        .iter()
        .enumerate()
        .flat_map(|(at, group)| group.iter().map(move |step| (*step, at)))
        .collect();
    // Group n stands for the end, and one before 0 (here: None) for the start.
    let mut leads_to: Vec<usize> = (0..n).collect();
    let mut entered_from: Vec<Option<usize>> = (0..n).map(Some).collect();
    let mut jumps: Vec<(Option<usize>, usize)> = Vec::new();
    for (a, b) in graph.edges.keys().map(|(a, b)| (of[a], of[b])).filter(|(a, b)| a < b) {
        leads_to[a] = leads_to[a].max(b);
        entered_from[b] = entered_from[b].min(Some(a));
        jumps.push((Some(a), b));
    }
    for at in graph.starts.keys().filter_map(|step| of.get(step)) {
        entered_from[*at] = None;
        jumps.push((None, *at));
    }
    for at in graph.ends.keys().filter_map(|step| of.get(step)) {
        leads_to[*at] = n;
        jumps.push((Some(*at), n));
    }
    let is_skipped =
        |pivot: usize| jumps.iter().any(|(from, to)| *from < Some(pivot) && *to > pivot);
    // Whether a group belongs to the one after it.
    let mut goes_on = vec![false; n];
    for pivot in (0..n).filter(|pivot| is_skipped(*pivot)) {
        for at in (0..pivot).rev().take_while(|at| leads_to[*at] <= pivot) {
            goes_on[at] = true;
        }
        for at in (pivot + 1..n).take_while(|at| entered_from[*at] >= Some(pivot)) {
            goes_on[at - 1] = true;
        }
    }
    if goes_on[..n - 1].iter().all(|goes_on| *goes_on) {
        return groups;
    }
    let mut units: Groups = Vec::new();
    for (at, group) in groups.into_iter().enumerate() {
        match units.last_mut() {
            Some(unit) if goes_on[at - 1] => unit.extend(group),
            _ => units.push(group),
        }
    }
    units.iter_mut().for_each(|unit| unit.sort_unstable());
    units
}

/// ∧: every step of a group directly follows, and is followed by, every step of another; every
/// group can begin and end.
pub(super) fn parallel(graph: &Graph) -> Option<Groups> {
    let mut joined = Joined::of(&graph.steps);
    for (at, a) in graph.steps.iter().enumerate() {
        for b in &graph.steps[at + 1..] {
            if !(graph.has(*a, *b) && graph.has(*b, *a)) {
                joined.join(*a, *b);
            }
        }
    }
    let groups = joined.groups();
    let is_whole = |group: &[u32]| {
        group.iter().any(|s| graph.starts.contains_key(s))
            && group.iter().any(|s| graph.ends.contains_key(s))
    };
    let (mut whole, part): (Groups, Groups) = groups.into_iter().partition(|g| is_whole(g));
    let first = whole.first_mut()?;
    first.extend(part.into_iter().flatten());
    first.sort_unstable();
    several(whole)
}

/// ↺: the first group begins and ends everything; the others lead from its ends back to its starts.
pub(super) fn repeat(graph: &Graph) -> Option<Groups> {
    let is_start = |step: u32| graph.starts.contains_key(&step);
    let is_end = |step: u32| graph.ends.contains_key(&step);
    let body: BTreeSet<u32> =
        graph.steps.iter().copied().filter(|s| is_start(*s) || is_end(*s)).collect();
    let rest: Vec<u32> = graph.steps.iter().copied().filter(|s| !body.contains(s)).collect();
    if rest.is_empty() {
        return None;
    }
    let mut joined = Joined::of(&rest);
    for (a, b) in graph.edges.keys().filter(|(a, b)| !body.contains(a) && !body.contains(b)) {
        joined.join(*a, *b);
    }
    let is_redo = |group: &Vec<u32>| {
        let inside = |step: &u32| group.contains(step);
        let entered = |(a, b): &(u32, u32)| body.contains(a) && inside(b);
        let left = |(a, b): &(u32, u32)| inside(a) && body.contains(b);
        let all_ends = |b: u32| graph.ends.keys().all(|end| graph.has(*end, b));
        let all_starts = |a: u32| graph.starts.keys().all(|start| graph.has(a, *start));
        let edges = || graph.edges.keys();
        edges().filter(|e| entered(e)).all(|(a, b)| is_end(*a) && all_ends(*b))
            && edges().filter(|e| left(e)).all(|(a, b)| is_start(*b) && all_starts(*a))
    };
    let (redo, own): (Groups, Groups) = joined.groups().into_iter().partition(is_redo);
    if redo.is_empty() {
        return None;
    }
    let mut first: Vec<u32> = body.into_iter().chain(own.into_iter().flatten()).collect();
    first.sort_unstable();
    Some(std::iter::once(first).chain(redo).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(ways: &[&[u32]]) -> Graph {
        Graph::of(&ways.iter().map(|way| (way.to_vec(), 1)).collect::<Vec<_>>())
    }

    #[test]
    fn each_cut_is_found_where_it_is_and_only_there() {
        let exclusive = graph(&[&[1, 2], &[3]]);
        assert_eq!(choice(&exclusive), Some(vec![vec![1, 2], vec![3]]));
        let chain = graph(&[&[2, 1, 4], &[2, 3, 4]]);
        assert_eq!(sequence(&chain), Some(vec![vec![2], vec![1, 3], vec![4]]));
        assert_eq!((choice(&chain), parallel(&chain), repeat(&chain)), (None, None, None));
        let beside = graph(&[&[1, 2], &[2, 1]]);
        assert_eq!(parallel(&beside), Some(vec![vec![1], vec![2]]));
        assert_eq!((sequence(&beside), repeat(&beside)), (None, None));
        let again = graph(&[&[1, 2, 3, 1, 2], &[1, 2]]);
        assert_eq!(repeat(&again), Some(vec![vec![1, 2], vec![3]]));
        assert_eq!((choice(&again), sequence(&again), parallel(&again)), (None, None, None));
    }

    #[test]
    fn what_is_only_skipped_together_stays_together() {
        // 2 and 3 stand or fall together between 1 and 4.
        let ways: [&[u32]; 2] = [&[1, 2, 3, 4], &[1, 4]];
        assert_eq!(sequence(&graph(&ways)), Some(vec![vec![1], vec![2, 3], vec![4]]));
        // Here each may be skipped alone.
        let ways: [&[u32]; 4] = [&[1, 2, 3, 4], &[1, 4], &[1, 2, 4], &[1, 3, 4]];
        assert_eq!(sequence(&graph(&ways)), Some(vec![vec![1], vec![2], vec![3], vec![4]]));
    }

    #[test]
    fn a_group_that_never_begins_joins_one_that_does() {
        // 2 stands beside both but never first: it goes with the first group.
        let ways: [&[u32]; 4] = [&[1, 2, 3], &[3, 2, 1], &[1, 3, 2, 1], &[3, 1, 2, 3]];
        assert_eq!(parallel(&graph(&ways)), Some(vec![vec![1, 2], vec![3]]));
    }

    #[test]
    fn rare_edges_are_measured_against_the_commonest_way_on() {
        let graph = Graph::of(&[(vec![1, 2], 100), (vec![1, 3], 10), (vec![3, 1, 2], 4)]);
        let thin = graph.without_rare(0.2);
        assert_eq!(thin.edges.keys().copied().collect::<Vec<_>>(), [(1, 2), (3, 1)]);
        assert_eq!(thin.starts.keys().copied().collect::<Vec<_>>(), [1]);
    }
}
