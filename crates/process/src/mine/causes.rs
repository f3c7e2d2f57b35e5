//! Why work waits: first agreed waits are cut off, then the rest is split into five causes that add
//! up to it exactly. Definitions: docs/mining.md, after "Why am I waiting?" (CAiSE 2023).
use super::calendar::Calendar;
use super::instances::Instance;
use crate::log::{NONE, SECOND};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A wait, split, in microseconds. The parts add up to the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Nobody's waste: not yet due, a closed day, a date that the customer asked for.
    pub agreed: i64,
    /// Until the batch was complete.
    pub batching: i64,
    /// Outside the hours of whoever did it.
    pub unavailability: i64,
    /// While they did something that could begin later.
    pub prioritisation: i64,
    /// While they did something that could begin earlier.
    pub contention: i64,
    /// None of these.
    pub extraneous: i64,
}

impl Split {
    /// All of it.
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.agreed + self.waste()
    }
    /// All but what was agreed.
    #[must_use]
    pub const fn waste(&self) -> i64 {
        self.batching
            + self.unavailability
            + self.prioritisation
            + self.contention
            + self.extraneous
    }
    /// The five causes with the names of the catalogues.
    #[must_use]
    pub const fn causes(&self) -> [(&'static str, i64); 5] {
        [
            ("batching", self.batching),
            ("unavailability", self.unavailability),
            ("prioritisation", self.prioritisation),
            ("contention", self.contention),
            ("extraneous", self.extraneous),
        ]
    }
    /// Adds another.
    pub const fn add(&mut self, other: &Self) {
        self.agreed += other.agreed;
        self.batching += other.batching;
        self.unavailability += other.unavailability;
        self.prioritisation += other.prioritisation;
        self.contention += other.contention;
        self.extraneous += other.extraneous;
    }
}

/// Starts this close to each other are one batch.
const TOGETHER: i64 = 60 * SECOND;
/// A person's own hours are learned from at least so many instances.
const ENOUGH: usize = 60;
/// So many busy intervals are looked at in all; beyond, cases are sampled evenly.
const LIMIT: u64 = 5_000_000;

/// The splits of all instances that were looked at.
#[derive(Debug)]
pub struct Causes {
    /// By instance; `None` where its case was not in the sample.
    pub splits: Vec<Option<Split>>,
    /// Every so many cases were looked at; 1 is all.
    pub every: u32,
}

/// Intervals that were agreed on, by instance; none for logs that tell none.
pub type Agreed<'a> = &'a dyn Fn(&Instance) -> Vec<(i64, i64)>;

/// No wait was agreed on.
#[must_use]
pub const fn nothing_agreed(_: &Instance) -> Vec<(i64, i64)> {
    Vec::new()
}

/// What one person did, by start, with the latest end up to each.
#[derive(Default)]
struct Busy {
    instances: Vec<u32>,
    latest: Vec<i64>,
    calendar: Option<Calendar>,
}

/// Splits the waits of instances, given in the order of their cases.
#[must_use]
pub fn split(instances: &[Instance], calendar: &Calendar, agreed: Agreed<'_>) -> Causes {
    let busy = busy(instances, calendar);
    let ready = batches(instances);
    let every = sample(instances, &busy);
    let one = |(at, instance): (usize, &Instance)| {
        (instance.case.is_multiple_of(every)).then(|| {
            let of = (instance.resource != NONE).then(|| &busy[&instance.resource]);
            let ready = ready[at].min(instance.start);
            split_one(instances, at, ready, of, calendar, &agreed(instance))
        })
    };
    Causes { splits: instances.iter().enumerate().map(one).collect(), every }
}

fn busy(instances: &[Instance], calendar: &Calendar) -> FxHashMap<u32, Busy> {
    let mut all: FxHashMap<u32, Busy> = FxHashMap::default();
    for (at, instance) in instances.iter().enumerate().filter(|(_, i)| i.resource != NONE) {
        all.entry(instance.resource).or_default().instances.push(at as u32);
    }
    for busy in all.values_mut() {
        let of = |at: &u32| &instances[*at as usize];
        busy.instances.sort_unstable_by_key(|at| (of(at).start, of(at).end, *at));
        let mut latest = i64::MIN;
        for at in &busy.instances {
            latest = latest.max(of(at).end);
            busy.latest.push(latest);
        }
        if busy.instances.len() >= ENOUGH && !calendar.is_company() {
            let times = busy.instances.iter().flat_map(|at| [of(at).start, of(at).end]);
            busy.calendar = Some(Calendar::learned(times, calendar.offset_minutes))
                .map(|own| own.closed_on(calendar.closed.clone()));
        }
    }
    all
}

/// When the batch of each instance was complete; its own enabling where it is in none.
fn batches(instances: &[Instance]) -> Vec<i64> {
    let mut ready: Vec<i64> = instances.iter().map(|i| i.enabled).collect();
    let mut groups: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    for (at, i) in instances.iter().enumerate().filter(|(_, i)| i.resource != NONE) {
        groups.entry((i.resource, i.activity)).or_default().push(at as u32);
    }
    for mut group in groups.into_values() {
        let of = |at: u32| &instances[at as usize];
        group.sort_unstable_by_key(|at| (of(*at).start, *at));
        for batch in group.chunk_by(|a, b| of(*b).start - of(*a).start <= TOGETHER) {
            let is_one_case = batch.iter().all(|at| of(*at).case == of(batch[0]).case);
            if is_one_case {
                continue;
            }
            let complete = batch.iter().map(|at| of(*at).enabled).max().unwrap_or(i64::MIN);
            for at in batch {
                ready[*at as usize] = complete;
            }
        }
    }
    ready
}

/// Every how many cases can be looked at within the limit.
fn sample(instances: &[Instance], busy: &FxHashMap<u32, Busy>) -> u32 {
    let seen = |i: &Instance| match busy.get(&i.resource) {
        None => 0,
        Some(of) => {
            let start = |at: &u32| instances[*at as usize].start;
            let until = of.instances.partition_point(|at| start(at) < i.start);
            let from = of.latest.partition_point(|end| *end <= i.enabled);
            until.saturating_sub(from) as u64
        }
    };
    let total: u64 = instances.iter().map(seen).sum();
    u32::try_from(total.div_ceil(LIMIT)).unwrap_or(u32::MAX).max(1)
}

fn split_one(
    instances: &[Instance],
    at: usize,
    ready: i64,
    busy: Option<&Busy>,
    calendar: &Calendar,
    agreed: &[(i64, i64)],
) -> Split {
    let instance = &instances[at];
    let mut split = Split::default();
    let pieces = without(instance.enabled, instance.start, agreed);
    let left: i64 = pieces.iter().map(|(from, to)| to - from).sum();
    split.agreed = instance.wait() - left;
    let own = busy.and_then(|b| b.calendar.as_ref()).unwrap_or(calendar);
    for (from, to) in pieces {
        let begun = from.max(ready.min(to));
        split.batching += begun - from;
        let worked = own.working(begun, to);
        split.unavailability += to - begun - worked;
        let (later, earlier) = match busy {
            None => (0, 0),
            Some(busy) => occupied(instances, at, (begun, to), busy, own),
        };
        split.prioritisation += later;
        split.contention += earlier;
        split.extraneous += worked - later - earlier;
    }
    split
}

/// What is left of an interval when others are cut out, in order.
fn without(from: i64, to: i64, cut: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut pieces = vec![(from, to)];
    for (begin, end) in cut.iter().filter(|(begin, end)| begin < end) {
        let parts = |(from, to): (i64, i64)| [(from, to.min(*begin)), (from.max(*end), to)];
        pieces = pieces.into_iter().flat_map(parts).filter(|(from, to)| from < to).collect();
    }
    pieces
}

/// Working time within an interval during which the person did what could begin later, and what
/// could begin earlier; of both at once the first counts.
fn occupied(
    instances: &[Instance],
    at: usize,
    (from, to): (i64, i64),
    busy: &Busy,
    calendar: &Calendar,
) -> (i64, i64) {
    let own = &instances[at];
    let first = busy.latest.partition_point(|end| *end <= from);
    let (mut later, mut any) = (0, 0);
    let (mut later_until, mut any_until) = (from, from);
    for other in &busy.instances[first..] {
        let it = &instances[*other as usize];
        if it.start >= to {
            break;
        }
        if *other as usize == at || it.end <= from {
            continue;
        }
        // The union grows by what lies beyond what is covered, since starts ascend.
        let grow = |until: &mut i64| {
            let (begin, end) = (it.start.max(*until), it.end.min(to));
            *until = (*until).max(end);
            calendar.working(begin, end)
        };
        any += grow(&mut any_until);
        if it.enabled > own.enabled {
            later += grow(&mut later_until);
        }
    }
    (later, any - later)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mine::calendar::Origin;

    const HOUR: i64 = 3_600 * SECOND;
    /// Monday 2024-03-04 0:00.
    const MONDAY: i64 = 1_709_510_400 * SECOND;

    fn instance(case: u32, resource: u32, hours: (i64, i64, i64)) -> Instance {
        let at = |h: i64| MONDAY + h * HOUR;
        let (enabled, start, end) = (at(hours.0), at(hours.1), at(hours.2));
        Instance { case, event: 0, activity: case, resource, start, end, enabled }
    }

    fn hours(split: &Split) -> [i64; 6] {
        let Split { agreed, batching, unavailability, prioritisation, contention, extraneous } =
            *split;
        [agreed, batching, unavailability, prioritisation, contention, extraneous].map(|m| m / HOUR)
    }

    #[test]
    fn a_wait_worked_out_by_hand() {
        // Enabled Monday 8:00, started Tuesday 15:00: 31 hours.
        let waits = instance(0, 0, (8, 24 + 15, 24 + 16));
        // Ann does, meanwhile, something enabled earlier (10–12) and something later (14–17).
        let earlier = instance(1, 0, (5, 10, 12));
        let later = instance(2, 0, (13, 14, 17));
        let calendar = Calendar::assumed(0);
        let all = [waits, earlier, later];
        let causes = split(&all, &calendar, &nothing_agreed);
        let split = causes.splits[0].unwrap();
        // Work hours in it: Monday 9–18 and Tuesday 9–15, 15 hours; 16 are not.
        // Later 3, earlier 2, and 10 that nothing explains.
        assert_eq!(hours(&split), [0, 0, 16, 3, 2, 10]);
        assert_eq!(split.total(), waits.wait());
    }

    #[test]
    fn agreed_time_comes_off_first_and_a_batch_waits_for_its_last_member() {
        let mut first = instance(0, 0, (9, 17, 18));
        let mut second = instance(1, 0, (13, 17, 18));
        (first.activity, second.activity) = (7, 7);
        let agreed = |i: &Instance| match i.case {
            0 => vec![(MONDAY + 10 * HOUR, MONDAY + 11 * HOUR)],
            _ => Vec::new(),
        };
        let causes = split(&[first, second], &Calendar::assumed(0), &agreed);
        // 9–10 and 11–13 for the batch, 13–17 nobody knows why.
        assert_eq!(hours(&causes.splits[0].unwrap()), [1, 3, 0, 0, 0, 4]);
        assert_eq!(hours(&causes.splits[1].unwrap()), [0, 0, 0, 0, 0, 4]);
    }

    #[test]
    fn overlapping_work_of_one_person_is_counted_once() {
        let waits = instance(0, 0, (9, 17, 18));
        let all = [waits, instance(1, 0, (8, 9, 13)), instance(2, 0, (10, 11, 15))];
        let always = Calendar::new([true; 168], Origin::AroundTheClock, 0);
        let causes = split(&all, &always, &nothing_agreed);
        // Later 11–15, earlier 9–11 of 9–13; 15–17 is left.
        assert_eq!(hours(&causes.splits[0].unwrap()), [0, 0, 0, 4, 2, 2]);
    }
}
