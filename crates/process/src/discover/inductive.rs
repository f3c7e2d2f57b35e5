//! The inductive miner (IM), and with a threshold for rare paths the infrequent one (IMf).
//!
//! A log is cut into blocks by its directly-follows graph, in the order × → ∧ ↺, each part again
//! until single steps are left. Where no cut fits, fall-throughs keep every trace possible: at
//! threshold 0 the tree accepts the whole log. Steps are taken by number, so the same log always
//! gives the same tree.
use super::cuts::{self, Graph, Groups};
use super::tree::Tree;
use crate::log::Log;
use crate::mine::Variants;
use std::collections::{BTreeMap, BTreeSet};

/// Ways with how often each was taken.
type Ways = Vec<(Vec<u32>, u64)>;

/// The process tree of a log's variants. `threshold` is the share (0 to 1) of the commonest way on
/// below which a path counts as noise; 0 keeps all.
#[must_use]
pub fn discover(log: &Log, variants: &Variants, threshold: f64) -> Tree {
    // By name, not by first appearance: the order of a file's rows does not shape the model.
    let ranks = log.activities.ranks();
    let mut names = vec![0; ranks.len()];
    for (number, rank) in ranks.iter().enumerate() {
        names[*rank as usize] = number as u32;
    }
    let rank = |way: &[u32]| way.iter().map(|step| ranks[*step as usize]).collect::<Vec<_>>();
    let ways = variants.list.iter().map(|v| (rank(&v.trace), v.cases.len() as u64));
    named(mine(&joined(ways), threshold), &names)
}

fn named(tree: Tree, names: &[u32]) -> Tree {
    let all = |of: Vec<Tree>| of.into_iter().map(|child| named(child, names)).collect();
    match tree {
        Tree::Silent => Tree::Silent,
        Tree::Step(step) => Tree::Step(names[step as usize]),
        Tree::Sequence(of) => Tree::Sequence(all(of)),
        Tree::Choice(of) => Tree::Choice(all(of)),
        Tree::Parallel(of) => Tree::Parallel(all(of)),
        Tree::Loop(of) => Tree::Loop(all(of)),
    }
}

/// Equal ways counted together.
fn joined(ways: impl Iterator<Item = (Vec<u32>, u64)>) -> Ways {
    let mut all: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
    for (way, times) in ways {
        *all.entry(way).or_default() += times;
    }
    all.into_iter().collect()
}

fn mine(ways: &Ways, threshold: f64) -> Tree {
    let all: u64 = ways.iter().map(|(_, n)| n).sum();
    let empty: u64 = ways.iter().filter(|(way, _)| way.is_empty()).map(|(_, n)| n).sum();
    if empty == all {
        return Tree::Silent;
    }
    if empty > 0 {
        let rest: Ways = ways.iter().filter(|(way, _)| !way.is_empty()).cloned().collect();
        let tree = mine(&rest, threshold);
        let is_noise = (empty as f64) < threshold * all as f64;
        return if is_noise { tree } else { Tree::Choice(vec![Tree::Silent, tree]) };
    }
    let graph = Graph::of(ways);
    if let ([step], true) = (graph.steps.as_slice(), ways.iter().all(|(way, _)| way.len() == 1)) {
        return Tree::Step(*step);
    }
    if let Some(tree) = cut(ways, &graph, threshold) {
        return tree;
    }
    if threshold > 0.0
        && let Some(tree) = cut(ways, &graph.without_rare(threshold), threshold)
    {
        return tree;
    }
    fall_through(ways, &graph, threshold)
}

fn cut(ways: &Ways, graph: &Graph, threshold: f64) -> Option<Tree> {
    let each = |parts: Vec<Ways>| parts.iter().map(|part| mine(part, threshold)).collect();
    if let Some(groups) = cuts::choice(graph) {
        return Some(Tree::Choice(each(split_choice(ways, &groups))));
    }
    if let Some(groups) = cuts::sequence(graph) {
        return Some(Tree::Sequence(each(split_sequence(ways, &groups))));
    }
    if let Some(groups) = cuts::parallel(graph) {
        return Some(Tree::Parallel(each(split_parallel(ways, &groups))));
    }
    let groups = cuts::repeat(graph)?;
    Some(Tree::Loop(each(split_loop(ways, &groups))))
}

fn has_cut(graph: &Graph) -> bool {
    cuts::choice(graph).is_some()
        || cuts::sequence(graph).is_some()
        || cuts::parallel(graph).is_some()
        || cuts::repeat(graph).is_some()
}

// ---- splitting a log along a cut

fn group_of(groups: &Groups) -> BTreeMap<u32, usize> {
    let pairs = groups.iter().enumerate();
    pairs.flat_map(|(at, group)| group.iter().map(move |step| (*step, at))).collect()
}

fn only(way: &[u32], group: &[u32]) -> Vec<u32> {
    way.iter().copied().filter(|step| group.binary_search(step).is_ok()).collect()
}

/// Each way to the group that has most of its steps; steps of others are noise.
fn split_choice(ways: &Ways, groups: &Groups) -> Vec<Ways> {
    let of = group_of(groups);
    let mut parts: Vec<Ways> = vec![Vec::new(); groups.len()];
    for (way, times) in ways {
        let mut counts = vec![0; groups.len()];
        way.iter().for_each(|step| counts[of[step]] += 1);
        let most = (0..groups.len()).max_by_key(|at| (counts[*at], std::cmp::Reverse(*at)));
        let most = most.unwrap_or(0);
        parts[most].push((only(way, &groups[most]), *times));
    }
    parts.into_iter().map(|part| joined(part.into_iter())).collect()
}

/// Each way into as many stretches as groups, so that fewest steps stand in a stretch of another.
fn split_sequence(ways: &Ways, groups: &Groups) -> Vec<Ways> {
    let of = group_of(groups);
    let mut parts: Vec<Ways> = vec![Vec::new(); groups.len()];
    for (way, times) in ways {
        let ends = stretches(way, groups.len(), &of);
        let mut from = 0;
        for (at, end) in ends.into_iter().enumerate() {
            parts[at].push((only(&way[from..end], &groups[at]), *times));
            from = end;
        }
    }
    parts.into_iter().map(|part| joined(part.into_iter())).collect()
}

/// Where each stretch ends.
fn stretches(way: &[u32], groups: usize, of: &BTreeMap<u32, usize>) -> Vec<usize> {
    let width = groups;
    // The most steps kept of the first so many when the last stands in a group, and where from.
    let mut best = vec![0_u32; (way.len() + 1) * width];
    let mut from = vec![0_usize; (way.len() + 1) * width];
    for (at, step) in way.iter().enumerate() {
        let mut before = (0, 0);
        for group in 0..groups {
            let kept = best[at * width + group];
            if group == 0 || kept > before.0 {
                before = (kept, group);
            }
            best[(at + 1) * width + group] = before.0 + u32::from(of[step] == group);
            from[(at + 1) * width + group] = before.1;
        }
    }
    let last = &best[way.len() * width..];
    let most = last.iter().max().copied().unwrap_or(0);
    let mut group = last.iter().position(|kept| *kept == most).unwrap_or(0);
    let mut ends = vec![way.len(); groups];
    for at in (0..way.len()).rev() {
        let before = from[(at + 1) * width + group];
        ends[before..group].fill(at);
        group = before;
    }
    ends[..group].fill(0);
    ends
}

fn split_parallel(ways: &Ways, groups: &Groups) -> Vec<Ways> {
    let part = |group: &Vec<u32>| joined(ways.iter().map(|(way, n)| (only(way, group), *n)));
    groups.iter().map(part).collect()
}

/// Runs of each group; between two runs of others the first group ran without a step.
fn split_loop(ways: &Ways, groups: &Groups) -> Vec<Ways> {
    let of = group_of(groups);
    let mut parts: Vec<Ways> = vec![Vec::new(); groups.len()];
    for (way, times) in ways {
        let mut last = None;
        for run in way.chunk_by(|a, b| of[a] == of[b]) {
            let group = of[&run[0]];
            if group != 0 && last.is_none_or(|before| before != 0) {
                parts[0].push((Vec::new(), *times));
            }
            parts[group].push((run.to_vec(), *times));
            last = Some(group);
        }
        if last != Some(0) {
            parts[0].push((Vec::new(), *times));
        }
    }
    parts.into_iter().map(|part| joined(part.into_iter())).collect()
}

// ---- where no cut fits

fn fall_through(ways: &Ways, graph: &Graph, threshold: f64) -> Tree {
    let without = |step: u32| {
        let rest = |way: &[u32]| way.iter().copied().filter(|s| *s != step).collect::<Vec<_>>();
        joined(ways.iter().map(|(way, n)| (rest(way), *n)))
    };
    let is_once =
        |step: &&u32| ways.iter().all(|(way, _)| way.iter().filter(|s| s == step).count() == 1);
    if graph.steps.len() > 1 {
        if let Some(step) = graph.steps.iter().find(is_once) {
            return Tree::Parallel(vec![Tree::Step(*step), mine(&without(*step), threshold)]);
        }
        for step in &graph.steps {
            let rest = without(*step);
            if has_cut(&Graph::of(&rest)) {
                let own = joined(ways.iter().map(|(way, n)| (only(way, &[*step]), *n)));
                return Tree::Parallel(vec![mine(&own, threshold), mine(&rest, threshold)]);
            }
        }
    }
    let is_start = |step: u32| graph.starts.contains_key(&step);
    let strict = |a: u32, b: u32| graph.ends.contains_key(&a) && is_start(b);
    if let Some(rounds) = rounds(ways, &strict).or_else(|| rounds(ways, &|_, b| is_start(b))) {
        return Tree::Loop(vec![mine(&rounds, threshold), Tree::Silent]);
    }
    let steps: BTreeSet<u32> = graph.steps.iter().copied().collect();
    let mut any: Vec<Tree> = steps.into_iter().map(Tree::Step).collect();
    let body = if any.len() == 1 { any.swap_remove(0) } else { Tree::Choice(any) };
    Tree::Loop(vec![body, Tree::Silent])
}

/// The ways cut wherever one step may begin anew after another; `None` where that is nowhere.
fn rounds(ways: &Ways, begins: &dyn Fn(u32, u32) -> bool) -> Option<Ways> {
    let mut parts: Ways = Vec::new();
    for (way, times) in ways {
        let rounds = way.chunk_by(|a, b| !begins(*a, *b));
        parts.extend(rounds.map(|round| (round.to_vec(), *times)));
    }
    (parts.len() > ways.len()).then(|| joined(parts.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(ways: &[(&str, u64)], threshold: f64) -> String {
        let letters = |way: &str| way.bytes().map(|b| u32::from(b - b'a')).collect::<Vec<_>>();
        let ways = joined(ways.iter().map(|(way, n)| (letters(way), *n)));
        let mut names = crate::log::Names::default();
        ["a", "b", "c", "d", "e", "f"].iter().for_each(|name| {
            names.intern(name);
        });
        mine(&ways, threshold).normal().text(&names)
    }

    #[test]
    fn trees_of_small_logs_worked_out_by_hand() {
        assert_eq!(tree(&[("abc", 1)], 0.0), "->( 'a', 'b', 'c' )");
        assert_eq!(tree(&[("abd", 1), ("acd", 1)], 0.0), "->( 'a', X( 'b', 'c' ), 'd' )");
        assert_eq!(tree(&[("abcd", 1), ("acbd", 1)], 0.0), "->( 'a', +( 'b', 'c' ), 'd' )");
        assert_eq!(tree(&[("ab", 1), ("abcab", 1)], 0.0), "*( ->( 'a', 'b' ), 'c' )");
        assert_eq!(tree(&[("a", 1), ("aa", 1), ("aaa", 1)], 0.0), "*( 'a', tau )");
        assert_eq!(tree(&[("ab", 1), ("b", 1)], 0.0), "->( X( tau, 'a' ), 'b' )");
    }

    #[test]
    fn with_a_threshold_rare_paths_do_not_shape_the_tree() {
        let ways = [("abc", 97), ("bca", 1)];
        assert_eq!(tree(&ways, 0.2), "->( 'a', 'b', 'c' )");
        assert!(tree(&ways, 0.0).starts_with('+'));
    }

    #[test]
    fn a_stretch_is_chosen_so_that_fewest_steps_are_lost() {
        let of: BTreeMap<u32, usize> = [(1, 0), (2, 1), (3, 2)].into();
        assert_eq!(stretches(&[1, 2, 2, 1, 2, 3], 3, &of), [1, 5, 6]);
        assert_eq!(stretches(&[3], 3, &of), [0, 0, 1]);
        assert_eq!(stretches(&[1], 3, &of), [1, 1, 1]);
        assert_eq!(stretches(&[], 2, &of), [0, 0]);
    }
}
