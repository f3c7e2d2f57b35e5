//! Work done again: repeated activities, self-loops, loops back and ping-pong.
use crate::log::{Flat, Log, NONE};

/// One activity done again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Again {
    pub activity: u32,
    /// Cases in which it was done more than once.
    pub cases: u64,
    /// Executions beyond the first of each case.
    pub extra: u64,
    /// Of these, directly after itself.
    pub self_loops: u64,
    /// Of these, after something else: the case came back.
    pub loops_back: u64,
    /// Time from one execution to the next of the same case, summed, in microseconds.
    pub between: i64,
    /// The cases with most repetitions, at most five, by number.
    pub examples: Vec<u32>,
}

/// All work done again.
#[derive(Clone, Debug, Default)]
pub struct Rework {
    /// Most extra executions first, then by number of the activity.
    pub activities: Vec<Again>,
    /// Cases with any repetition.
    pub cases: u64,
    /// Somewhere, back, and there again: A B A among activities.
    pub ping_pong: u64,
    /// The same among people.
    pub ping_pong_people: u64,
}

impl Rework {
    /// Of some traces.
    #[must_use]
    pub fn of(log: &Log, flat: &Flat) -> Self {
        let mut all: Vec<Again> = (0..log.activities.len() as u32)
            .map(|activity| Again { activity, ..Again::default() })
            .collect();
        let mut worst: Vec<Vec<(u32, u32)>> = vec![Vec::new(); all.len()];
        let mut last = vec![(NONE, 0_u32, 0_i64); all.len()];
        let mut rework = Self::default();
        for (case, trace) in flat.traces().enumerate() {
            let case = case as u32;
            let mut is_rework = false;
            let mut before = NONE;
            for event in trace {
                let activity = log.events.activity[*event as usize];
                let at = log.events.end[*event as usize];
                let (seen, times, since) = &mut last[activity as usize];
                let again = &mut all[activity as usize];
                if *seen == case {
                    *times += 1;
                    is_rework = true;
                    again.cases += u64::from(*times == 2);
                    again.extra += 1;
                    again.self_loops += u64::from(before == activity);
                    again.loops_back += u64::from(before != activity);
                    again.between += at - *since;
                    remember(&mut worst[activity as usize], case, *times);
                } else {
                    (*seen, *times) = (case, 1);
                }
                *since = at;
                before = activity;
            }
            rework.cases += u64::from(is_rework);
            let column = |of: &[u32]| aba(trace.iter().map(|e| of[*e as usize]));
            rework.ping_pong += column(&log.events.activity);
            rework.ping_pong_people += column(&log.events.resource);
        }
        for (again, worst) in all.iter_mut().zip(worst) {
            again.examples = worst.into_iter().map(|(_, case)| case).collect();
        }
        all.retain(|again| again.extra > 0);
        all.sort_by_key(|again| (std::cmp::Reverse(again.extra), again.activity));
        rework.activities = all;
        rework
    }
}

/// Keeps the five cases with most repetitions, the earlier case first among equals.
fn remember(worst: &mut Vec<(u32, u32)>, case: u32, times: u32) {
    match worst.iter_mut().find(|(_, known)| *known == case) {
        Some(entry) => entry.0 = times,
        None => worst.push((times, case)),
    }
    worst.sort_by_key(|(times, case)| (std::cmp::Reverse(*times), *case));
    worst.truncate(5);
}

/// How often A B A stands in a sequence, with A and B known and different.
fn aba(sequence: impl Iterator<Item = u32>) -> u64 {
    let (mut first, mut second, mut count) = (NONE, NONE, 0);
    for third in sequence {
        let is = first == third && second != third && first != NONE && second != NONE;
        count += u64::from(is);
        (first, second) = (second, third);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::build::NewEvent;
    use crate::log::{Builder, Only};

    #[test]
    fn repetitions_of_one_case_counted_by_hand() {
        let mut builder = Builder::default();
        // check twice in a row, then back to check after fix: three checks, one self-loop.
        let way = ["check", "check", "fix", "check", "ship"];
        let people = ["Ann", "Bob", "Ann", "Bob", "Bob"];
        for (at, (activity, person)) in way.iter().zip(people).enumerate() {
            let resource = Some(person);
            builder.case_event("1", &NewEvent { resource, ..NewEvent::at(activity, at as i64) });
        }
        builder.case_event("2", &NewEvent::at("ship", 9));
        let log = builder.finish();
        let rework = Rework::of(&log, &Flat::of(&log, 0, Only::All));
        let check = &rework.activities[0];
        assert_eq!((check.activity, check.cases, check.extra), (0, 1, 2));
        assert_eq!((check.self_loops, check.loops_back, check.between), (1, 1, 3));
        assert_eq!(
            (rework.activities.len(), rework.cases, check.examples.clone()),
            (1, 1, vec![0])
        );
        // check fix check; Ann Bob Ann, Bob Ann Bob.
        assert_eq!((rework.ping_pong, rework.ping_pong_people), (1, 2));
    }
}
