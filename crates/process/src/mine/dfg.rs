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

/// Gathers the durations edge by edge and summarises them, one kind after the other: only one of
/// the three is ever in memory.
fn measure(
    log: &Log,
    flat: &Flat,
    found: &[Found],
    steps: &[u32],
    working: &dyn Fn(i64, i64) -> i64,
) -> Vec<Edge> {
    let (end, start) = (&log.events.end, &log.events.start);
    let begun = |event: usize| if start[event] == NO_TIME { end[event] } else { start[event] };
    let seconds = |before: usize, after: usize| end[after] - end[before];
    let waits = |before: usize, after: usize| (begun(after) - end[before]).max(0);
    let worked = |before: usize, after: usize| {
        let (done, begun) = (end[before], begun(after));
        if begun > done { working(done, begun) } else { 0 }
    };
    let mut durations = vec![0; steps.len()];
    let mut of = |duration: &dyn Fn(usize, usize) -> i64| {
        summaries(flat, found, (steps, &mut durations), duration)
    };
    let (seconds, waits, worked) = (of(&seconds), of(&waits), of(&worked));
    let edge = |(number, edge): (usize, &Found)| Edge {
        from: edge.from,
        to: edge.to,
        count: edge.count,
        cases: edge.cases,
        seconds: seconds[number],
        wait: waits[number],
        working: worked[number],
    };
    found.iter().enumerate().map(edge).collect()
}

/// A summary by edge of what lies between two events that follow each other.
fn summaries(
    flat: &Flat,
    found: &[Found],
    (steps, durations): (&[u32], &mut [i64]),
    duration: &dyn Fn(usize, usize) -> i64,
) -> Vec<Summary> {
    let mut total = 0;
    let begins = |edge: &Found| {
        total += edge.count as usize;
        total - edge.count as usize
    };
    let mut next: Vec<usize> = found.iter().map(begins).collect();
    let pairs = flat.traces().flat_map(|trace| trace.windows(2));
    for (number, pair) in steps.iter().zip(pairs) {
        let place = &mut next[*number as usize];
        durations[*place] = duration(pair[0] as usize, pair[1] as usize);
        *place += 1;
    }
    let of =
        |(edge, end): (&Found, usize)| Summary::of(&mut durations[end - edge.count as usize..end]);
    found.iter().zip(next).map(of).collect()
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
