//! Findings: what was found where, when and why, with its cases, ranked by money × days.
use super::cause::{self, Cause, Why};
use super::scan::{self, Hit};
use super::steps::{self, Clock, Step, Wait};
use crate::own::Ground;
use kernel::Day;
use std::collections::BTreeMap;

/// One place that loses time.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub step: &'static str,
    pub why: Why,
    /// `dimension=value`, or empty where it is the whole step.
    pub place: String,
    /// Further values of the same dimension.
    pub also: Vec<String>,
    /// The user who ends most of these waits, and the share in per cent; 0 where nobody does.
    pub person: i64,
    pub person_share: u8,
    pub from: Day,
    pub until: Day,
    pub clock: Clock,
    /// Beyond what is usual, in minutes of the step's clock.
    pub minutes: i64,
    /// The same in days of the step's clock.
    pub days: i64,
    /// Minor units of the base currency × days that they were held up beyond what is usual.
    pub money_days: i64,
    /// How much longer than usual, and how unlikely chance is in standard errors.
    pub ratio: f64,
    pub z: f64,
    /// Cases that waited longer than usual, longest first, with their minutes beyond it.
    pub cases: Vec<(i64, i64)>,
}

/// Slices of one step that are looked at, at most.
const TRIES: usize = 4;
const MINUTE: i64 = 60_000_000;

/// All findings, most money × days first.
#[must_use]
pub fn findings(ground: &Ground) -> Vec<Finding> {
    let mut all: Vec<Finding> =
        steps::all(ground).iter().flat_map(|step| of_step(ground, step)).collect();
    all.sort_by_key(|f| (std::cmp::Reverse(f.money_days), f.step, f.place.clone()));
    all
}

fn of_step(ground: &Ground, step: &Step) -> Vec<Finding> {
    let hours = &ground.hours;
    let months: Vec<i32> = step.waits.iter().map(|w| scan::month(hours.day(w.from))).collect();
    let mut left = vec![true; step.waits.len()];
    let mut found = Vec::new();
    for _ in 0..TRIES {
        let Some(hit) = scan::best(step, &months, &left) else { break };
        let is_inside = |at: usize| {
            let wait = &step.waits[at];
            let is_tagged = hit.tag == 0 || wait.tags.contains(&hit.tag);
            left[at] && is_tagged && (hit.first..=hit.last).contains(&months[at])
        };
        let (inside, outside): (Vec<usize>, Vec<usize>) =
            (0..step.waits.len()).filter(|at| left[*at]).partition(|at| is_inside(*at));
        let of = |list: &[usize]| list.iter().map(|at| &step.waits[*at]).collect::<Vec<_>>();
        let finding = finding(ground, step, &hit, &of(&inside), &of(&outside));
        if is_sure(&finding) {
            add(&mut found, finding);
        }
        inside.iter().for_each(|at| left[*at] = false);
    }
    found
}

/// Unlikely enough by itself, or something else speaks for it.
fn is_sure(finding: &Finding) -> bool {
    let speaks = match finding.why.cause {
        Cause::Batching => finding.why.rhythm.is_some(),
        Cause::Unavailability => finding.why.share >= 50,
        Cause::Rework => finding.why.share >= 80,
        Cause::Contention => finding.why.share >= 90 && finding.z >= 4.0,
        _ => false,
    };
    finding.money_days > 0 && (speaks || finding.z >= scan::UNLIKELY)
}

/// The same thing in another slice of one dimension is no finding of its own.
fn add(found: &mut Vec<Finding>, new: Finding) {
    let dimension = |f: &Finding| f.place.split('=').next().unwrap_or_default().to_owned();
    let is_same = |f: &&mut Finding| {
        let meets = f.from <= new.until && new.from <= f.until;
        meets && f.why.cause == new.why.cause && dimension(f) == dimension(&new)
    };
    let Some(known) = found.iter_mut().find(is_same) else {
        found.push(new);
        return;
    };
    known.also.push(new.place);
    known.minutes += new.minutes;
    known.money_days += new.money_days;
    known.cases.extend(new.cases);
    known.cases.sort_by_key(|(order, minutes)| (std::cmp::Reverse(*minutes), *order));
}

fn finding(
    ground: &Ground,
    step: &Step,
    hit: &Hit,
    inside: &[&Wait],
    outside: &[&Wait],
) -> Finding {
    let tag = step.words.text(hit.tag);
    let is_like = |w: &&&Wait| hit.tag == 0 || w.tags.contains(&hit.tag);
    let like: Vec<&Wait> = outside.iter().filter(is_like).copied().collect();
    let mut cases: BTreeMap<i64, i64> = BTreeMap::new();
    let (mut beyond, mut money_days) = (0_i64, 0_i128);
    let a_day = match step.clock {
        Clock::Working => i128::from(kernel::calendar::MINUTES_A_DAY),
        Clock::Calendar => 24 * 60,
    };
    for wait in inside {
        let usual = hit.usual.get(&wait.control).copied().unwrap_or(0.0) as i64;
        let more = (wait.time - usual) / MINUTE;
        beyond += more;
        money_days += i128::from(more) * i128::from(wait.amount) / a_day;
        if more > 0 && wait.order != 0 {
            *cases.entry(wait.order).or_default() += more;
        }
    }
    let mut cases: Vec<(i64, i64)> = cases.into_iter().collect();
    cases.sort_by_key(|(order, minutes)| (std::cmp::Reverse(*minutes), *order));
    let (person, person_share) = person(inside);
    Finding {
        step: step.name,
        why: cause::of(step, inside, &like, tag, &ground.hours),
        place: tag.to_owned(),
        also: Vec::new(),
        person,
        person_share,
        from: first_of(hit.first),
        until: first_of(hit.last).last_of_month(),
        clock: step.clock,
        minutes: beyond,
        days: i64::try_from(i128::from(beyond) / a_day).unwrap_or(i64::MAX),
        money_days: i64::try_from(money_days).unwrap_or(i64::MAX),
        ratio: hit.ratio,
        z: hit.z,
        cases,
    }
}

fn first_of(month: i32) -> Day {
    let year = i16::try_from(month / 12).unwrap_or(i16::MAX);
    Day::of(year, (month % 12 + 1) as i8, 1)
}

/// Who ended most of the waits.
fn person(inside: &[&Wait]) -> (i64, u8) {
    let mut by: BTreeMap<i64, usize> = BTreeMap::new();
    for wait in inside.iter().filter(|w| w.actor != 0 && w.time > 0) {
        *by.entry(wait.actor).or_default() += 1;
    }
    let all: usize = by.values().sum();
    let most = by.into_iter().max_by_key(|(who, n)| (*n, std::cmp::Reverse(*who)));
    most.map_or((0, 0), |(who, n)| (who, (n * 100 / all.max(1)) as u8))
}
