//! The directly-follows graph of one object type: how often, in how many cases, and how long.
use super::stats::Summary;
use crate::log::{Flat, Log, NO_TIME, NONE};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// One activity directly after another.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Entries of the log's activities.
    pub from: u32,
    pub to: u32,
    pub count: u64,
    /// Distinct cases.
    pub cases: u64,
    /// From end to end.
    pub seconds: Summary,
    /// From the end of the first to the start of the second; from end to end where the log tells
    /// no starts. Overlapping work waits 0.
    pub wait: Summary,
    /// The same in working time.
    pub working: Summary,
}

/// The graph.
#[derive(Clone, Debug, Default)]
pub struct Dfg {
    /// Most frequent first, then by name.
    pub edges: Vec<Edge>,
    /// How often each activity occurs, by entry of the log's activities.
    pub activities: Vec<u64>,
    /// How often each activity begins and ends a trace.
    pub starts: Vec<u64>,
    pub ends: Vec<u64>,
}

/// Activities up to which edges are found in a table rather than by hash.
const TABLE: usize = 1024;

/// Numbers for pairs of activities, in the order of their first use.
enum Pairs {
    Table { width: usize, numbers: Vec<u32>, next: u32 },
    Hash(FxHashMap<(u32, u32), u32>),
}

impl Pairs {
    fn new(activities: usize) -> Self {
        if activities <= TABLE {
            Self::Table { width: activities, numbers: vec![NONE; activities * activities], next: 0 }
        } else {
            Self::Hash(FxHashMap::default())
        }
    }
    fn number(&mut self, from: u32, to: u32) -> u32 {
        match self {
            Self::Table { width, numbers, next } => {
                let place = &mut numbers[from as usize * *width + to as usize];
                if *place == NONE {
                    *place = *next;
                    *next += 1;
                }
                *place
            }
            Self::Hash(numbers) => {
                let next = numbers.len() as u32;
                *numbers.entry((from, to)).or_insert(next)
            }
        }
    }
}

struct Found {
    from: u32,
    to: u32,
    count: u64,
    cases: u64,
    last_case: u32,
}

impl Dfg {
    /// The graph of some traces; `working` gives the working time between two instants.
    #[must_use]
    pub fn of(log: &Log, flat: &Flat, working: &dyn Fn(i64, i64) -> i64) -> Self {
        let n = log.activities.len();
        let mut dfg = Self {
            edges: Vec::new(),
            activities: vec![0; n],
            starts: vec![0; n],
            ends: vec![0; n],
        };
        let mut pairs = Pairs::new(n);
        let mut found: Vec<Found> = Vec::new();
        let mut steps: Vec<u32> = Vec::with_capacity(flat.events.len());
        let activity = |event: u32| log.events.activity[event as usize];
        for (case, trace) in flat.traces().enumerate() {
            dfg.starts[activity(trace[0]) as usize] += 1;
            dfg.ends[activity(trace[trace.len() - 1]) as usize] += 1;
            let mut from = NONE;
            for event in trace {
                let to = activity(*event);
                dfg.activities[to as usize] += 1;
                if from != NONE {
                    let number = pairs.number(from, to);
                    if number as usize == found.len() {
                        found.push(Found { from, to, count: 0, cases: 0, last_case: NONE });
                    }
                    let edge = &mut found[number as usize];
                    edge.count += 1;
                    edge.cases += u64::from(edge.last_case != case as u32);
                    edge.last_case = case as u32;
                    steps.push(number);
                }
                from = to;
            }
        }
        dfg.edges = measure(log, flat, &found, &steps, working);
        let ranks = log.activities.ranks();
        let rank = |activity: u32| ranks[activity as usize];
        dfg.edges.sort_by_key(|e| (Reverse(e.count), rank(e.from), rank(e.to)));
        dfg
    }
    /// How many steps there are in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.edges.iter().map(|edge| edge.count).sum()
    }
    /// An edge.
    #[must_use]
    pub fn edge(&self, from: u32, to: u32) -> Option<&Edge> {
        self.edges.iter().find(|edge| edge.from == from && edge.to == to)
    }
}

/// Gathers the durations edge by edge and summarises them.
fn measure(
    log: &Log,
    flat: &Flat,
    found: &[Found],
    steps: &[u32],
    working: &dyn Fn(i64, i64) -> i64,
) -> Vec<Edge> {
    let mut next: Vec<usize> = Vec::with_capacity(found.len() + 1);
    let mut total = 0;
    for edge in found {
        next.push(total);
        total += edge.count as usize;
    }
    let bounds: Vec<usize> = next.iter().copied().chain([total]).collect();
    let mut seconds = vec![0; total];
    let mut waits = vec![0; total];
    let mut working_waits = vec![0; total];
    let mut step = steps.iter();
    for trace in flat.traces() {
        for pair in trace.windows(2) {
            let Some(number) = step.next() else { break };
            let place = &mut next[*number as usize];
            let (before, after) = (pair[0] as usize, pair[1] as usize);
            let done = log.events.end[before];
            seconds[*place] = log.events.end[after] - done;
            let begun = match log.events.start[after] {
                NO_TIME => log.events.end[after],
                start => start,
            };
            waits[*place] = (begun - done).max(0);
            working_waits[*place] = if begun > done { working(done, begun) } else { 0 };
            *place += 1;
        }
    }
    found
        .iter()
        .enumerate()
        .map(|(number, edge)| {
            let of = bounds[number]..bounds[number + 1];
            Edge {
                from: edge.from,
                to: edge.to,
                count: edge.count,
                cases: edge.cases,
                seconds: Summary::of(&mut seconds[of.clone()]),
                wait: Summary::of(&mut waits[of.clone()]),
                working: Summary::of(&mut working_waits[of]),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::build::NewEvent;
    use crate::log::{Builder, Only, SECOND};

    #[test]
    fn two_small_traces_counted_by_hand() {
        let mut builder = Builder::default();
        let mut add = |case: &str, activity: &str, start: i64, end: i64| {
            let start = start * SECOND;
            builder.case_event(case, &NewEvent { start, ..NewEvent::at(activity, end * SECOND) });
        };
        add("1", "a", 0, 10);
        add("1", "b", 25, 30);
        add("1", "a", 28, 40);
        add("1", "b", 40, 44);
        add("2", "a", 0, 5);
        let log = builder.finish();
        let dfg = Dfg::of(&log, &Flat::of(&log, 0, Only::All), &|from, to| (to - from) / 2);
        assert_eq!((dfg.starts, dfg.ends, dfg.activities), (vec![2, 0], vec![1, 1], vec![3, 2]));
        let told: Vec<_> = dfg.edges.iter().map(|e| (e.from, e.to, e.count, e.cases)).collect();
        assert_eq!(told, [(0, 1, 2, 1), (1, 0, 1, 1)]);
        let ab = &dfg.edges[0];
        // a→b: 10→30 and 40→44; it waits 10→25 and 40→40. b→a overlaps and waits 0.
        assert_eq!((ab.seconds.mean, ab.wait.mean, ab.working.mean), (12.0, 7.5, 3.75));
        assert_eq!((dfg.edges[1].seconds.mean, dfg.edges[1].wait.mean), (10.0, 0.0));
    }
}
