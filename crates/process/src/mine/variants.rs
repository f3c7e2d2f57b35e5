//! Variants: cases that took the same way, how many of all cases they cover, and how each differs
//! from the commonest.
use crate::log::{Flat, Log};
use rustc_hash::{FxHashMap, FxHasher};
use std::cmp::Reverse;
use std::hash::Hasher;

/// Cases that took the same way.
#[derive(Clone, Debug)]
pub struct Variant {
    pub trace: Vec<u32>,
    /// Cases by number, ascending.
    pub cases: Vec<u32>,
}

/// All ways that cases took.
#[derive(Clone, Debug, Default)]
pub struct Variants {
    /// Commonest first, then by the names of their activities.
    pub list: Vec<Variant>,
    /// The variant of each case.
    pub of_case: Vec<u32>,
}

impl Variants {
    /// Groups cases by their sequence of activities. Sequences are compared, not only their hashes.
    #[must_use]
    pub fn of(log: &Log, flat: &Flat) -> Self {
        let mut list: Vec<Variant> = Vec::new();
        let mut by_hash: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        let mut way: Vec<u32> = Vec::new();
        let mut of_case = Vec::with_capacity(flat.len());
        for (case, trace) in flat.traces().enumerate() {
            way.clear();
            way.extend(trace.iter().map(|event| log.events.activity[*event as usize]));
            let same = by_hash.entry(hash(&way)).or_default();
            let known = same.iter().copied().find(|v| list[*v as usize].trace == way);
            let number = known.unwrap_or_else(|| {
                let number = list.len() as u32;
                same.push(number);
                list.push(Variant { trace: way.clone(), cases: Vec::new() });
                number
            });
            list[number as usize].cases.push(case as u32);
            of_case.push(number);
        }
        Self { list, of_case }.ordered(log)
    }
    fn ordered(mut self, log: &Log) -> Self {
        let ranks = log.activities.ranks();
        let mut order: Vec<u32> = (0..self.list.len() as u32).collect();
        let key = |number: &u32| {
            let variant = &self.list[*number as usize];
            let names = variant.trace.iter().map(|a| ranks[*a as usize]);
            (Reverse(variant.cases.len()), names.collect::<Vec<_>>())
        };
        order.sort_by_cached_key(key);
        let mut place = vec![0; order.len()];
        for (at, number) in order.iter().enumerate() {
            place[*number as usize] = at as u32;
        }
        let mut old: Vec<Option<Variant>> = self.list.into_iter().map(Some).collect();
        self.list = order.iter().filter_map(|number| old[*number as usize].take()).collect();
        for variant in &mut self.of_case {
            *variant = place[*variant as usize];
        }
        self
    }
    /// How many of the commonest variants cover a share of all cases.
    #[must_use]
    pub fn covering(&self, share: f64) -> usize {
        let wanted = self.of_case.len() as f64 * share;
        let mut covered = 0;
        let enough = |v: &Variant| {
            covered += v.cases.len();
            covered as f64 >= wanted
        };
        self.list.iter().position(enough).map_or(self.list.len(), |at| at + 1)
    }
}

fn hash(way: &[u32]) -> u64 {
    let mut hasher = FxHasher::default();
    way.iter().for_each(|activity| hasher.write_u32(*activity));
    hasher.finish()
}

/// How a way differs from another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// In both.
    Same(u32),
    /// Only in this one.
    Added(u32),
    /// Only in the other.
    Missing(u32),
}

/// The shortest way to tell one way by another: which steps are the same, added, or missing.
/// Ways longer than 300 steps are compared by their first 300.
#[must_use]
pub fn differ(main: &[u32], other: &[u32]) -> Vec<Step> {
    let (main, other) = (&main[..main.len().min(300)], &other[..other.len().min(300)]);
    let width = other.len() + 1;
    // The longest common part of what is left of both.
    let mut common = vec![0_u32; (main.len() + 1) * width];
    for a in (0..main.len()).rev() {
        for b in (0..other.len()).rev() {
            common[a * width + b] = if main[a] == other[b] {
                common[(a + 1) * width + b + 1] + 1
            } else {
                common[(a + 1) * width + b].max(common[a * width + b + 1])
            };
        }
    }
    let mut steps = Vec::new();
    let (mut a, mut b) = (0, 0);
    while a < main.len() || b < other.len() {
        if a < main.len() && b < other.len() && main[a] == other[b] {
            steps.push(Step::Same(main[a]));
            (a, b) = (a + 1, b + 1);
        } else if b >= other.len()
            || (a < main.len() && common[(a + 1) * width + b] >= common[a * width + b + 1])
        {
            steps.push(Step::Missing(main[a]));
            a += 1;
        } else {
            steps.push(Step::Added(other[b]));
            b += 1;
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::build::NewEvent;
    use crate::log::{Builder, Only};

    #[test]
    fn equal_ways_are_one_variant_and_ties_go_by_name() {
        let mut builder = Builder::default();
        for (case, way) in ["xb", "xa", "xb", "xc"].iter().enumerate() {
            for (at, activity) in way.chars().enumerate() {
                let new =
                    NewEvent::at(activity.encode_utf8(&mut [0; 4]), at as i64).activity.to_owned();
                builder.case_event(&case.to_string(), &NewEvent::at(&new, at as i64));
            }
        }
        let log = builder.finish();
        let variants = Variants::of(&log, &Flat::of(&log, 0, Only::All));
        let text =
            |v: &Variant| v.trace.iter().map(|a| log.activities.text(*a)).collect::<String>();
        assert_eq!(variants.list.iter().map(text).collect::<Vec<_>>(), ["xb", "xa", "xc"]);
        assert_eq!(
            (variants.of_case.clone(), variants.list[0].cases.clone()),
            (vec![0, 1, 0, 2], vec![0, 2])
        );
        assert_eq!(
            (variants.covering(0.5), variants.covering(0.75), variants.covering(1.0)),
            (1, 2, 3)
        );
    }

    #[test]
    fn a_way_is_told_by_what_it_adds_and_leaves_out() {
        use Step::{Added, Missing, Same};
        let steps = differ(&[1, 2, 3, 4], &[1, 3, 5, 4]);
        assert_eq!(steps, [Same(1), Missing(2), Same(3), Added(5), Same(4)]);
        assert_eq!(differ(&[1], &[]), [Missing(1)]);
    }
}
