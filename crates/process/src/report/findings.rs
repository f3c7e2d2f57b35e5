//! What to look at first: candidates from every part of the study, ranked by the time they hold.
use super::study::{Study, Waits};
use crate::log::{NO_TIME, SECOND};
use std::cmp::Reverse;

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Cases wait between two activities. `cause` is the greatest one, with its share, if known.
    Wait { from: u32, to: u32, median: f64, cause: Option<(&'static str, f64)> },
    /// An activity is done again.
    Rework { activity: u32, extra: u64, share: f64 },
    /// The slowest tenth of the cases holds a great part of all time.
    SlowTail { share: f64, from: f64 },
    /// One person carries an activity.
    OnePerson { activity: u32, resource: u32, share: f64 },
    /// Work goes to somebody, back, and there again.
    PingPong { times: u64 },
}

/// One thing to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub kind: Kind,
    /// Days that the cases spend in it, all together; 0 where it costs no time yet.
    pub days: f64,
    /// How many cases it touches.
    pub cases: u64,
    /// The worst of them, by number, at most eight.
    pub examples: Vec<u32>,
}

const DAY: f64 = 86_400.0;
/// How many are told.
const MOST: usize = 8;
const EXAMPLES: usize = 8;

/// The findings, most days first.
pub(super) fn of(study: &Study) -> Vec<Finding> {
    let mut all = waits(study);
    all.extend(rework(study));
    all.extend(slow_tail(study));
    let by_days = |f: &Finding| (Reverse((f.days * DAY) as i64), Reverse(f.cases));
    all.sort_by_key(by_days);
    all.truncate(MOST - 2);
    all.extend(one_person(study));
    all.extend(ping_pong(study));
    all.truncate(MOST);
    all
}

/// Steps that hold at least 3 % of all time between events, at most four.
fn waits(study: &Study) -> Vec<Finding> {
    let total = |e: &crate::mine::Edge| e.wait.mean * e.count as f64;
    let all: f64 = study.dfg.edges.iter().map(total).sum();
    let mut edges: Vec<_> =
        study.dfg.edges.iter().filter(|e| all > 0.0 && total(e) >= 0.03 * all).collect();
    edges.sort_by_key(|e| (Reverse((total(e) * 1e3) as i64), e.from, e.to));
    edges.truncate(4);
    let mut examples = examples(study, &edges.iter().map(|e| (e.from, e.to)).collect::<Vec<_>>());
    let finding = |(e, examples): (&&crate::mine::Edge, Vec<u32>)| Finding {
        kind: Kind::Wait {
            from: e.from,
            to: e.to,
            median: e.wait.median,
            cause: study.waits.as_ref().and_then(|w| main_cause(w, e.to)),
        },
        days: total(e) / DAY,
        cases: e.cases,
        examples,
    };
    edges.iter().zip(examples.drain(..)).map(finding).collect()
}

/// The greatest cause of an activity's waits, with its share of them.
fn main_cause(waits: &Waits, activity: u32) -> Option<(&'static str, f64)> {
    let (_, split, _) = waits.by_activity.iter().find(|(a, ..)| *a == activity)?;
    let (name, time) = split.causes().into_iter().max_by_key(|(_, time)| *time)?;
    (split.waste() > 0).then(|| (name, time as f64 / split.waste() as f64))
}

/// The cases that waited longest on each of some edges.
fn examples(study: &Study, edges: &[(u32, u32)]) -> Vec<Vec<u32>> {
    let mut longest: Vec<Vec<(i64, u32)>> = vec![Vec::new(); edges.len()];
    let events = &study.log.events;
    for (case, trace) in study.flat.traces().enumerate() {
        for pair in trace.windows(2) {
            let (a, b) = (pair[0] as usize, pair[1] as usize);
            let edge = (events.activity[a], events.activity[b]);
            let Some(at) = edges.iter().position(|known| *known == edge) else { continue };
            let begun = if events.start[b] == NO_TIME { events.end[b] } else { events.start[b] };
            let wait = begun - events.end[a];
            let list = &mut longest[at];
            let is_full = list.len() >= EXAMPLES;
            if is_full && list.last().is_some_and(|(least, _)| wait <= *least) {
                continue;
            }
            match list.iter_mut().find(|(_, known)| *known == case as u32) {
                Some(known) => known.0 = known.0.max(wait),
                None => list.push((wait, case as u32)),
            }
            list.sort_by_key(|(wait, case)| (Reverse(*wait), *case));
            list.truncate(EXAMPLES);
        }
    }
    longest.into_iter().map(|list| list.into_iter().map(|(_, case)| case).collect()).collect()
}

/// Activities done again in at least 2 % of the cases, at most three.
fn rework(study: &Study) -> Vec<Finding> {
    let cases = study.flat.len() as f64;
    let often = study.rework.activities.iter().filter(|a| a.cases as f64 >= 0.02 * cases);
    let mut all: Vec<Finding> = often
        .map(|again| Finding {
            kind: Kind::Rework {
                activity: again.activity,
                extra: again.extra,
                share: again.cases as f64 / cases,
            },
            days: again.between as f64 / SECOND as f64 / DAY,
            cases: again.cases,
            examples: again.examples.clone(),
        })
        .collect();
    all.sort_by_key(|f| Reverse((f.days * DAY) as i64));
    all.truncate(3);
    all
}

/// The time that the slowest tenth takes beyond the median, if it holds a quarter of all time.
fn slow_tail(study: &Study) -> Option<Finding> {
    let durations = &study.overview.of_case;
    let all: i64 = durations.iter().sum();
    let from = study.overview.durations.p90;
    let limit = (from * SECOND as f64) as i64;
    let slow: Vec<i64> = durations.iter().copied().filter(|d| *d > limit).collect();
    let share = slow.iter().sum::<i64>() as f64 / (all.max(1)) as f64;
    if durations.len() < 20 || share < 0.25 {
        return None;
    }
    let median = study.overview.durations.median;
    let beyond = slow.iter().map(|d| *d as f64 / SECOND as f64 - median).sum::<f64>();
    Some(Finding {
        kind: Kind::SlowTail { share, from },
        days: beyond / DAY,
        cases: slow.len() as u64,
        examples: study.slow.iter().take(EXAMPLES).map(|s| s.case).collect(),
    })
}

/// The most frequent activity that hangs on one person though others do other work.
fn one_person(study: &Study) -> Option<Finding> {
    let people = study.people.people.len();
    let alone = study.people.carriers.iter().filter(|c| {
        people >= 3
            && c.bus_factor == 1
            && c.events >= 20
            && c.events * 20 >= study.flat.len() as u64
    });
    let c = alone.max_by_key(|c| (c.events, Reverse(c.activity)))?;
    let share = c.first_events as f64 / c.events as f64;
    let kind = Kind::OnePerson { activity: c.activity, resource: c.first, share };
    Some(Finding { kind, days: 0.0, cases: c.events, examples: Vec::new() })
}

/// Back and forth between people, where it happens in every tenth case or more.
fn ping_pong(study: &Study) -> Option<Finding> {
    let times = study.rework.ping_pong_people;
    if study.flat.is_empty() || times * 10 < study.flat.len() as u64 {
        return None;
    }
    let resource = |e: &u32| study.log.events.resource[*e as usize];
    let count = |trace: &[u32]| {
        let is = |w: &&[u32]| {
            let (a, b, c) = (resource(&w[0]), resource(&w[1]), resource(&w[2]));
            a == c && a != b && a != crate::log::NONE && b != crate::log::NONE
        };
        trace.windows(3).filter(is).count()
    };
    let mut worst: Vec<(usize, u32)> =
        study.flat.traces().enumerate().map(|(case, trace)| (count(trace), case as u32)).collect();
    worst.retain(|(times, _)| *times > 0);
    worst.sort_by_key(|(times, case)| (Reverse(*times), *case));
    let cases = worst.len() as u64;
    let examples = worst.into_iter().take(EXAMPLES).map(|(_, case)| case).collect();
    Some(Finding { kind: Kind::PingPong { times }, days: 0.0, cases, examples })
}
