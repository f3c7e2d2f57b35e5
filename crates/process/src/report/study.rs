//! Counts everything a report tells, once. Writes nothing.
use super::findings::{self, Finding};
use crate::discover::sliders::{Map, Sliders};
use crate::log::{Flat, Log, NONE, Only, Stage, TypeCount};
use crate::mine::causes::{self, Causes, Split};
use crate::mine::instances::{self, Instance};
use crate::mine::{Calendar, Dfg, Overview, People, Rework, Variants};
use crate::own::agreed::{Agreed, cut};
use crate::own::view::OwnLog;
use crate::own::{Facts, Hours, Why};
use kernel::{Error, Result};

/// What is wanted of a study.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The object type whose traces are studied; the likeliest one where none is named.
    pub object_type: Option<String>,
    /// Positions of the map's sliders; such that the map is readable where none are given.
    pub sliders: Option<Sliders>,
}

/// A log, counted.
pub struct Study {
    pub log: Log,
    pub types: Vec<TypeCount>,
    /// All events of the traces: what reference results count.
    pub all: Flat,
    /// Completions only, where the log tells starts as events of their own; what is studied.
    pub flat: Flat,
    pub has_stages: bool,
    /// Whether any event tells when its work began.
    pub has_starts: bool,
    pub calendar: Calendar,
    pub overview: Overview,
    pub dfg: Dfg,
    pub map: Map,
    pub sliders: Sliders,
    /// The lane of each activity, and their names; no names where there are no lanes.
    pub lanes: (Vec<u32>, Vec<String>),
    pub variants: Variants,
    pub rework: Rework,
    pub people: People,
    pub waits: Option<Waits>,
    pub slow: Vec<Slow>,
    pub findings: Vec<Finding>,
}

/// Waits and their causes, for logs that tell starts.
pub struct Waits {
    pub instances: Vec<Instance>,
    pub causes: Causes,
    /// All splits by activity that waited, longest total first.
    pub by_activity: Vec<(u32, Split, u64)>,
    pub total: Split,
    /// Work (the union of each case's working intervals) and time of all cases, in microseconds.
    pub worked: i64,
    pub elapsed: i64,
    /// Agreed waits by reason, longest first; only our own facts tell them.
    pub apart: Vec<(Why, i64)>,
}

impl Waits {
    /// Cycle-time efficiency: work by time.
    #[must_use]
    pub fn efficiency(&self) -> f64 {
        if self.elapsed > 0 { self.worked as f64 / self.elapsed as f64 } else { 1.0 }
    }
    /// What it would be without some of the wait.
    #[must_use]
    pub fn efficiency_without(&self, wait: i64) -> f64 {
        let left = (self.elapsed - wait).max(self.worked);
        if left > 0 { self.worked as f64 / left as f64 } else { 1.0 }
    }
}

/// One of the slowest cases.
pub struct Slow {
    pub case: u32,
    /// Microseconds.
    pub duration: i64,
    pub events: usize,
    pub variant: u32,
    /// Its longest step: from, to, microseconds.
    pub longest: Option<(u32, u32, i64)>,
}

/// Object types whose objects live through more events than this are people and machines.
const LONG: u64 = 100;

/// The object type that is likeliest a case: several events each, but not a life's work; of these
/// the one with most touches.
#[must_use]
pub fn main_type(types: &[TypeCount]) -> Option<u32> {
    let is_case = |t: &&TypeCount| t.touches >= 2 * t.touched && t.touches <= LONG * t.touched;
    let touched = || types.iter().filter(|t| t.touched > 0);
    touched().find(is_case).or_else(|| touched().next()).map(|t| t.object_type)
}

impl Study {
    /// Studies a log. Errors: `log.no_such_type`.
    pub fn of(log: Log, wish: &Wish) -> Result<Self> {
        let calendar = Calendar::of(&log);
        Self::made(log, wish, calendar, &|log, flat, calendar| {
            waits(log, flat, calendar, &causes::nothing_agreed, Vec::new())
        })
    }
    /// Studies our own facts: the company's calendar counts, and agreed waits are cut off.
    ///
    /// Errors: `log.no_such_type`.
    pub fn of_own(mut own: OwnLog, facts: &Facts, agreed: &Agreed, hours: &Hours) -> Result<Self> {
        let log = std::mem::take(&mut own.log);
        let wish = Wish { object_type: None, sliders: None };
        Self::made(log, &wish, Calendar::company(hours), &|log, flat, calendar| {
            let of = |i: &Instance| agreed.of_instance(facts, &own, i);
            let apart = apart(log, flat, &own, facts, agreed);
            waits(log, flat, calendar, &of, apart)
        })
    }
    fn made(
        mut log: Log,
        wish: &Wish,
        calendar: Calendar,
        split: &(dyn Fn(&Log, &Flat, &Calendar) -> Waits + Sync),
    ) -> Result<Self> {
        let types = log.object_types();
        let of_type = object_type(&log, &types, wish)?;
        instances::settle_stages(&mut log);
        let all = Flat::of(&log, of_type, Only::All);
        let has_stages = log.events.stage.iter().any(|s| *s != Stage::Complete);
        instances::join_stages(&mut log, &all);
        let completed = || Flat::of(&log, of_type, Only::Complete);
        let flat = if has_stages { completed() } else { Flat::of(&log, of_type, Only::All) };
        let working = |from: i64, to: i64| calendar.working(from, to);
        let has_starts = log.has_starts();
        // Why work waits takes as long as all else: it is found beside it.
        let (waits, (dfg, sliders, map, overview, variants)) = beside(
            || has_starts.then(|| split(&log, &flat, &calendar)),
            || {
                let dfg = Dfg::of(&log, &flat, &working);
                let sliders = wish.sliders.unwrap_or_else(|| readable(&dfg));
                let map = Map::of(&log, &flat, sliders, &working);
                let (overview, variants) = (Overview::of(&log, &flat), Variants::of(&log, &flat));
                (dfg, sliders, map, overview, variants)
            },
        );
        let mut study = Self {
            lanes: lanes(&log, &flat),
            rework: Rework::of(&log, &flat),
            people: People::of(&log, &flat),
            slow: slow(&log, &flat, &overview, &variants),
            findings: Vec::new(),
            log,
            types,
            all,
            flat,
            has_stages,
            has_starts,
            calendar,
            overview,
            dfg,
            map,
            sliders,
            variants,
            waits,
        };
        study.findings = findings::of(&study);
        Ok(study)
    }
    /// The name of an activity.
    #[must_use]
    pub fn activity(&self, activity: u32) -> &str {
        self.log.activities.text(activity)
    }
    /// The name of a case.
    #[must_use]
    pub fn case(&self, case: u32) -> &str {
        self.flat.name(&self.log, case as usize)
    }
}

/// Two things at the same time; each is the same as it would be alone.
fn beside<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        match one.join() {
            Ok(one) => (one, other),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn object_type(log: &Log, types: &[TypeCount], wish: &Wish) -> Result<u32> {
    let touched = || types.iter().filter(|t| t.touched > 0).map(|t| t.object_type);
    let name = |of_type: u32| log.objects.types.text(of_type);
    match &wish.object_type {
        None => main_type(types).ok_or_else(|| no_type(log, types, "")),
        Some(wanted) => {
            let exact = touched().find(|t| name(*t) == wanted);
            exact
                .or_else(|| touched().find(|t| name(*t).eq_ignore_ascii_case(wanted)))
                .ok_or_else(|| no_type(log, types, wanted))
        }
    }
}

fn no_type(log: &Log, types: &[TypeCount], wanted: &str) -> Error {
    let known = types.iter().filter(|t| t.touched > 0);
    let known: Vec<&str> = known.map(|t| log.objects.types.text(t.object_type)).collect();
    Error::invalid("log.no_such_type", wanted).with("types", known.join(", "))
}

/// At most 18 activities and about 28 paths: what a person can take in at once.
fn readable(dfg: &Dfg) -> Sliders {
    let activities = dfg.activities.iter().filter(|n| **n > 0).count().max(1) as f64;
    let paths = dfg.edges.len().max(1) as f64;
    Sliders { activities: (18.0 / activities).min(1.0), paths: (28.0 / paths).min(1.0) }
}

/// Agreed waits by reason, longest first.
fn apart(log: &Log, flat: &Flat, own: &OwnLog, facts: &Facts, agreed: &Agreed) -> Vec<(Why, i64)> {
    let mut sums = [0; 5];
    for i in instances::of(log, flat).0 {
        let fact = own.facts[i.event as usize] as usize;
        let parts = agreed.parts(facts, fact, i.enabled, i.start);
        let (_, taken) = cut(i.enabled, i.start, &parts);
        sums.iter_mut().zip(taken).for_each(|(sum, part)| *sum += part);
    }
    let mut all: Vec<(Why, i64)> = Why::ALL.into_iter().zip(sums).collect();
    all.retain(|(_, time)| *time > 0);
    all.sort_by_key(|(why, time)| (std::cmp::Reverse(*time), *why));
    all
}

fn waits(
    log: &Log,
    flat: &Flat,
    calendar: &Calendar,
    agreed: causes::Agreed<'_>,
    apart: Vec<(Why, i64)>,
) -> Waits {
    let (instances, _) = instances::of(log, flat);
    let causes = causes::split(&instances, calendar, agreed);
    let mut by_activity: Vec<(u32, Split, u64)> =
        (0..log.activities.len() as u32).map(|a| (a, Split::default(), 0)).collect();
    let mut total = Split::default();
    for (instance, split) in instances.iter().zip(&causes.splits) {
        let Some(split) = split else { continue };
        let (_, sum, n) = &mut by_activity[instance.activity as usize];
        sum.add(split);
        *n += u64::from(split.total() > 0);
        total.add(split);
    }
    by_activity.retain(|(_, split, _)| split.total() > 0);
    by_activity.sort_by_key(|(activity, split, _)| (std::cmp::Reverse(split.total()), *activity));
    let (worked, elapsed) = worked(&instances, causes.every);
    Waits { instances, causes, by_activity, total, worked, elapsed, apart }
}

/// Work and time of the sampled cases; overlapping work of a case counts once.
fn worked(instances: &[Instance], every: u32) -> (i64, i64) {
    let (mut worked, mut elapsed) = (0, 0);
    for case in instances.chunk_by(|a, b| a.case == b.case) {
        if !case[0].case.is_multiple_of(every) {
            continue;
        }
        let mut intervals: Vec<(i64, i64)> = case.iter().map(|i| (i.start, i.end)).collect();
        intervals.sort_unstable();
        let first = intervals[0].0;
        let mut until = first;
        for (start, end) in intervals {
            worked += (end - start.max(until)).max(0);
            until = until.max(end);
        }
        elapsed += until - first;
    }
    (worked, elapsed)
}

fn slow(log: &Log, flat: &Flat, overview: &Overview, variants: &Variants) -> Vec<Slow> {
    let mut order: Vec<u32> = (0..flat.len() as u32).collect();
    order.sort_by_key(|case| (std::cmp::Reverse(overview.of_case[*case as usize]), *case));
    order.truncate(10);
    let of = |case: u32| {
        let trace = flat.trace(case as usize);
        let end = |event: u32| log.events.end[event as usize];
        let activity = |event: u32| log.events.activity[event as usize];
        let step = |p: &[u32]| (activity(p[0]), activity(p[1]), end(p[1]) - end(p[0]));
        // The first of equals.
        let longest = trace.windows(2).map(step).rev().max_by_key(|(_, _, time)| *time);
        let duration = overview.of_case[case as usize];
        let variant = variants.of_case[case as usize];
        Slow { case, duration, events: trace.len(), variant, longest }
    };
    order.into_iter().map(of).collect()
}

/// Attributes that tell a department or a role, best first.
pub const LANE_ATTRIBUTES: [&str; 9] =
    ["org:group", "department", "org:role", "role", "team", "group", "部门", "岗位", "角色"];

/// The lane of each activity: the department or role that does most of it.
fn lanes(log: &Log, flat: &Flat) -> (Vec<u32>, Vec<String>) {
    let none = (vec![0; log.activities.len()], Vec::new());
    let known = LANE_ATTRIBUTES
        .iter()
        .find_map(|name| log.attributes.iter().find(|a| a.name.eq_ignore_ascii_case(name)));
    let Some(attribute) = known else { return none };
    let mut counts: std::collections::BTreeMap<(u32, u32), u64> = std::collections::BTreeMap::new();
    for event in &flat.events {
        let value = attribute.of(*event);
        if value != NONE {
            *counts.entry((log.events.activity[*event as usize], value)).or_default() += 1;
        }
    }
    let mut lane_of = vec![NONE; log.activities.len()];
    let mut best = vec![0; log.activities.len()];
    for ((activity, value), n) in counts {
        if n > best[activity as usize] {
            (best[activity as usize], lane_of[activity as usize]) = (n, value);
        }
    }
    let mut values: Vec<u32> = lane_of.iter().copied().filter(|v| *v != NONE).collect();
    values.sort_unstable();
    values.dedup();
    if !(2..=5).contains(&values.len()) || lane_of.contains(&NONE) {
        return none;
    }
    let place = |v: &u32| values.iter().position(|known| known == v).unwrap_or(0) as u32;
    let names = values.iter().map(|v| log.values.text(*v).to_owned()).collect();
    (lane_of.iter().map(place).collect(), names)
}
