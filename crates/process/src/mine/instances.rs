//! Activity instances: work with a beginning and an end, and since when it could have begun.
use crate::log::{Flat, Log, NO_TIME, NONE, Stage, Trouble};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// A piece of work in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instance {
    pub case: u32,
    pub event: u32,
    pub activity: u32,
    /// [`NONE`] where nobody is named.
    pub resource: u32,
    pub start: i64,
    pub end: i64,
    /// When it could have begun: the latest end among what it waited for; `start` for the first.
    pub enabled: i64,
}

impl Instance {
    /// How long it waited, in microseconds.
    #[must_use]
    pub const fn wait(&self) -> i64 {
        self.start - self.enabled
    }
}

/// Activities that no event completes have no lifecycle of their own (`pick.started`, whose other
/// half is called `pick.completed`): their events are what happened, and count as such.
pub fn settle_stages(log: &mut Log) {
    let events = &mut log.events;
    let mut is_completed = vec![false; log.activities.len()];
    for (activity, stage) in events.activity.iter().zip(&events.stage) {
        is_completed[*activity as usize] |= *stage == Stage::Complete;
    }
    for (activity, stage) in events.activity.iter().zip(&mut events.stage) {
        if !is_completed[*activity as usize] {
            *stage = Stage::Complete;
        }
    }
}

/// Joins starts told as events of their own with their completions, first come first joined, so
/// that completions know when their work began. Does nothing for logs without such starts.
pub fn join_stages(log: &mut Log, flat: &Flat) {
    if !log.events.stage.contains(&Stage::Start) {
        return;
    }
    let mut open: FxHashMap<u32, VecDeque<i64>> = FxHashMap::default();
    for case in 0..flat.len() {
        open.values_mut().for_each(VecDeque::clear);
        for event in flat.trace(case) {
            let at = *event as usize;
            let starts = open.entry(log.events.activity[at]).or_default();
            match log.events.stage(at) {
                Stage::Start => starts.push_back(log.events.end[at]),
                Stage::Complete => match starts.pop_front() {
                    Some(start) => log.events.start[at] = start,
                    None => log.quality.note(Trouble::NoStart, || format!("event {}", at + 1)),
                },
                Stage::Other => {}
            }
        }
        let left: usize = open.values().map(VecDeque::len).sum();
        log.quality.add(Trouble::NeverCompleted, left as u64);
    }
}

/// Pairs of activities that run at the same time in more than this share of the cases' pairs.
const CONCURRENT: f64 = 0.05;
/// Of more activities than this nothing is learned: hardly two of them meet twice.
const MOST_ACTIVITIES: usize = 2_000;
/// How many instances on each side of a long case are compared.
const REACH: usize = 50;

/// Which activities run beside each other, by table.
#[derive(Debug)]
pub struct Concurrency {
    width: usize,
    is: Vec<bool>,
}

impl Concurrency {
    /// Whether one activity need not wait for the other.
    #[must_use]
    pub fn of(&self, a: u32, b: u32) -> bool {
        self.is.get(a as usize * self.width + b as usize).copied().unwrap_or(false)
    }
    fn learned(activities: usize, cases: &[Vec<Instance>]) -> Self {
        if activities > MOST_ACTIVITIES {
            return Self { width: 0, is: Vec::new() };
        }
        let mut together = vec![0_u64; activities * activities];
        let mut overlaps = vec![0_u64; activities * activities];
        for case in cases {
            for (at, a) in case.iter().enumerate() {
                for b in case.iter().skip(at + 1).take(REACH).filter(|b| b.activity != a.activity) {
                    let (low, high) = (a.activity.min(b.activity), a.activity.max(b.activity));
                    let place = low as usize * activities + high as usize;
                    together[place] += 1;
                    overlaps[place] += u64::from(a.start.max(b.start) < a.end.min(b.end));
                }
            }
        }
        let mut is = vec![false; activities * activities];
        for a in 0..activities {
            for b in a + 1..activities {
                let place = a * activities + b;
                let often = overlaps[place] as f64 > CONCURRENT * together[place] as f64;
                is[place] = often;
                is[b * activities + a] = often;
            }
        }
        Self { width: activities, is }
    }
}

/// All instances, case by case, each case in the order of its trace.
#[must_use]
pub fn of(log: &Log, flat: &Flat) -> (Vec<Instance>, Concurrency) {
    let mut cases: Vec<Vec<Instance>> = flat
        .traces()
        .enumerate()
        .map(|(case, trace)| trace.iter().map(|e| instance(log, case as u32, *e)).collect())
        .collect();
    let concurrency = Concurrency::learned(log.activities.len(), &cases);
    for case in &mut cases {
        enable(case, &concurrency);
    }
    (cases.into_iter().flatten().collect(), concurrency)
}

fn instance(log: &Log, case: u32, event: u32) -> Instance {
    let at = event as usize;
    let end = log.events.end[at];
    let start = match log.events.start[at] {
        NO_TIME => end,
        start => start,
    };
    let resource = log.events.resource.get(at).copied().unwrap_or(NONE);
    Instance {
        case,
        event,
        activity: log.events.activity[at],
        resource,
        start,
        end,
        enabled: start,
    }
}

/// The latest end, not after the start, among instances before it that are not concurrent with it.
/// Traces go by end, so the first one that fits, seen from behind, ends latest.
fn enable(case: &mut [Instance], concurrency: &Concurrency) {
    for at in 0..case.len() {
        let Instance { activity, start, .. } = case[at];
        let fits = |p: &&Instance| p.end <= start && !concurrency.of(p.activity, activity);
        if let Some(latest) = case[..at].iter().rev().find(fits).map(|p| p.end) {
            case[at].enabled = latest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::build::NewEvent;
    use crate::log::{Builder, Only};

    #[test]
    fn work_waits_for_what_is_before_it_but_not_for_what_runs_beside_it() {
        let mut builder = Builder::default();
        for case in 0..20 {
            for (activity, start, end) in
                [("order", 0, 10), ("pack", 20, 50), ("invoice", 30, 40), ("ship", 60, 70)]
            {
                let new = NewEvent { start, ..NewEvent::at(activity, end) };
                builder.case_event(&case.to_string(), &new);
            }
        }
        let log = builder.finish();
        let (instances, concurrency) = of(&log, &Flat::of(&log, 0, Only::All));
        assert!(concurrency.of(1, 2) && concurrency.of(2, 1) && !concurrency.of(0, 1));
        let told: Vec<_> =
            instances[..4].iter().map(|i| (log.activities.text(i.activity), i.wait())).collect();
        // By end: invoice before pack; both wait since the order, the shipment since packing.
        assert_eq!(told, [("order", 0), ("invoice", 20), ("pack", 10), ("ship", 10)]);
    }

    #[test]
    fn a_start_that_nothing_of_its_name_completes_is_an_event_of_its_own() {
        let mut builder = Builder::default();
        let mut add = |activity: &str, at: i64, stage: Stage| {
            builder.case_event("1", &NewEvent { stage, ..NewEvent::at(activity, at) });
        };
        add("pick.started", 1, Stage::Start);
        add("pick.completed", 2, Stage::Complete);
        add("pack", 3, Stage::Start);
        add("pack", 4, Stage::Complete);
        let mut log = builder.finish();
        settle_stages(&mut log);
        let told = [Stage::Complete, Stage::Complete, Stage::Start, Stage::Complete];
        assert_eq!(log.events.stage, told);
    }

    #[test]
    fn starts_told_as_events_are_joined_with_completions_first_come_first_joined() {
        let mut builder = Builder::default();
        let mut add = |activity: &str, at: i64, stage: Stage| {
            builder.case_event("1", &NewEvent { stage, ..NewEvent::at(activity, at) });
        };
        add("a", 1, Stage::Start);
        add("a", 2, Stage::Start);
        add("a", 5, Stage::Complete);
        add("a", 7, Stage::Complete);
        add("a", 8, Stage::Complete);
        add("b", 9, Stage::Start);
        let mut log = builder.finish();
        let all = Flat::of(&log, 0, Only::All);
        join_stages(&mut log, &all);
        assert_eq!(log.events.start[2..5], [1, 2, NO_TIME]);
        let count = |trouble| log.quality.count(trouble);
        assert_eq!((count(Trouble::NoStart), count(Trouble::NeverCompleted)), (1, 1));
        assert_eq!(Flat::of(&log, 0, Only::Complete).events.len(), 3);
    }
}
