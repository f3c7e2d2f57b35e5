//! Looks for a place and a run of months in which waits are longer than their like outside it.
//!
//! For each slice (all, or one tag) and each run of months, the waits inside are compared with
//! those outside of the same slice and control; the run that is least likely chance wins. Waits
//! are capped, so that one forgotten case is no pattern.
use super::steps::Step;
use kernel::Day;
use std::collections::BTreeMap;

/// Fewer waits than these inside, or than these outside for one control, say nothing.
const INSIDE: f64 = 12.0;
const OUTSIDE: f64 = 8.0;
/// Runs of months, shortest and longest.
const SHORTEST: usize = 3;
const LONGEST: usize = 9;
/// How unlikely chance must be in standard errors: where nothing else speaks for a finding, and
/// where a rhythm, an absence or the like does.
pub const UNLIKELY: f64 = 7.0;
const POSSIBLE: f64 = 2.6;
/// How much longer than usual, at least.
pub const LONGER: f64 = 1.4;
/// Beyond this share of waits a wait is counted as long as that one.
const CAP: f64 = 0.985;

/// A slice and a run of months in which waits are longer than their like.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Entry of the step's words; 0 is all.
    pub tag: u32,
    /// Months since year 0, both inside.
    pub first: i32,
    pub last: i32,
    /// Standard errors.
    pub z: f64,
    /// Mean inside by mean outside.
    pub ratio: f64,
    /// What is usual, by control, in microseconds.
    pub usual: BTreeMap<u32, f64>,
}

/// Count, sum and sum of squares of waits, in hours.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    n: f64,
    sum: f64,
    squares: f64,
}

impl Sums {
    fn add(&mut self, x: f64) {
        self.n += 1.0;
        self.sum += x;
        self.squares += x * x;
    }
    fn plus(self, other: Self) -> Self {
        Self {
            n: self.n + other.n,
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
        }
    }
    fn minus(self, other: Self) -> Self {
        Self {
            n: self.n - other.n,
            sum: self.sum - other.sum,
            squares: self.squares - other.squares,
        }
    }
    fn mean(self) -> f64 {
        self.sum / self.n.max(1.0)
    }
    fn variance(self) -> f64 {
        let spread = self.squares - self.sum * self.mean();
        (spread / (self.n - 1.0).max(1.0)).max(0.0)
    }
}

const HOUR: f64 = 3_600e6;

/// The month of an instant, counted since year 0.
#[must_use]
pub fn month(day: Day) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

/// The most unlikely slice and run among the waits that are `left`, if any is unlikely enough.
#[must_use]
pub fn best(step: &Step, months: &[i32], left: &[bool]) -> Option<Hit> {
    let cap = cap(step, left);
    let mut slices: BTreeMap<u32, BTreeMap<u32, Vec<Sums>>> = BTreeMap::new();
    let (low, high) = (*months.iter().min()?, *months.iter().max()?);
    let width = (high - low + 1) as usize;
    for (at, wait) in step.waits.iter().enumerate().filter(|(at, _)| left[*at]) {
        let x = (wait.time as f64 / HOUR).min(cap);
        let whole = step.as_a_whole.then_some(&0);
        for tag in whole.into_iter().chain(&wait.tags) {
            let of = slices.entry(*tag).or_default();
            let of = of.entry(wait.control).or_insert_with(|| vec![Sums::default(); width]);
            of[(months[at] - low) as usize].add(x);
        }
    }
    let mut best: Option<(Hit, usize, usize)> = None;
    for (tag, controls) in &slices {
        for first in 0..width {
            for last in first + SHORTEST - 1..width.min(first + LONGEST) {
                let Some(mut hit) = compare(controls, first, last) else { continue };
                if best.as_ref().is_none_or(|(b, ..)| hit.z > b.z) {
                    hit.tag = *tag;
                    best = Some((hit, first, last));
                }
            }
        }
    }
    let (mut hit, first, last) = best.filter(|(hit, ..)| hit.z >= POSSIBLE)?;
    let (first, last) = widened(&slices[&hit.tag], first, last);
    (hit.first, hit.last) = (low + first as i32, low + last as i32);
    Some(hit)
}

/// Takes in the months next to a run that are as long as the run is; the most unlikely run may
/// leave out one with few cases.
fn widened(controls: &BTreeMap<u32, Vec<Sums>>, first: usize, last: usize) -> (usize, usize) {
    let (mut first, mut last) = (first, last);
    let width = controls.values().map(Vec::len).max().unwrap_or(0);
    let is_long = |month: usize, first: usize, last: usize| {
        let (mut sum, mut inside, mut outside, mut n) = (0.0, 0.0, 0.0, 0.0);
        for months in controls.values() {
            let total = months.iter().fold(Sums::default(), |a, b| a.plus(*b));
            let run = months[first..=last].iter().fold(Sums::default(), |a, b| a.plus(*b));
            let of = months[month];
            (sum, n) = (sum + of.sum, n + of.n);
            inside += of.n * run.mean();
            outside += of.n * total.minus(run).minus(of).mean();
        }
        n >= 3.0 && sum > f64::midpoint(inside, outside)
    };
    while first > 0 && is_long(first - 1, first, last) {
        first -= 1;
    }
    while last + 1 < width && is_long(last + 1, first, last) {
        last += 1;
    }
    (first, last)
}

/// Inside a run against outside it, control by control.
fn compare(controls: &BTreeMap<u32, Vec<Sums>>, first: usize, last: usize) -> Option<Hit> {
    let (mut excess, mut variance, mut inside_n, mut expected) = (0.0, 0.0, 0.0, 0.0);
    let mut usual = BTreeMap::new();
    for (control, months) in controls {
        let total = months.iter().fold(Sums::default(), |a, b| a.plus(*b));
        let inside = months[first..=last].iter().fold(Sums::default(), |a, b| a.plus(*b));
        let outside = total.minus(inside);
        if inside.n < 1.0 || outside.n < OUTSIDE {
            continue;
        }
        let mean = outside.mean();
        usual.insert(*control, mean * HOUR);
        excess += inside.sum - inside.n * mean;
        expected += inside.n * mean;
        // Who waits longer varies more: both sides' spread counts, what is usual counts more.
        let spread = 0.7 * outside.variance() + 0.3 * inside.variance();
        variance += inside.n * spread * (1.0 + inside.n / outside.n);
        inside_n += inside.n;
    }
    let ratio = (expected + excess) / expected.max(1e-6);
    if inside_n < INSIDE || variance <= 0.0 || ratio < LONGER {
        return None;
    }
    Some(Hit { tag: 0, first: 0, last: 0, z: excess / variance.sqrt(), ratio, usual })
}

/// The longest wait that counts as it is, in hours.
fn cap(step: &Step, left: &[bool]) -> f64 {
    let waited = step.waits.iter().enumerate().filter(|(at, w)| left[*at] && w.time > 0);
    let mut all: Vec<i64> = waited.map(|(_, w)| w.time).collect();
    all.sort_unstable();
    let at = ((all.len() as f64) * CAP) as usize;
    all.get(at.min(all.len().saturating_sub(1))).map_or(0.0, |t| *t as f64 / HOUR)
}

#[cfg(test)]
mod tests {
    use super::super::steps::{Clock, Wait};
    use super::*;
    use crate::log::Names;

    /// Ten waits a month for a year: 2 or 4 hours, from April to July of one slice 10 or 14.
    fn step() -> (Step, Vec<i32>) {
        let mut words = Names::default();
        words.intern("");
        let (small, large) = (words.intern("grade=C"), words.intern("grade=A"));
        let (mut waits, mut months) = (Vec::new(), Vec::new());
        for month in 0..12 {
            for n in 0..20_i64 {
                let is_slow = n < 10 && (3..=6).contains(&month);
                let hours = if is_slow { 10 + n % 2 * 4 } else { 2 + n % 2 * 2 };
                let tags = vec![if n < 10 { small } else { large }];
                let time = hours * 3_600_000_000;
                let order = i64::from(month) * 100 + n;
                let (from, to, actor, amount) = (0, time, 1, 100);
                let (control, rounds) = (0, 0);
                waits.push(Wait { order, from, to, time, actor, amount, control, tags, rounds });
                months.push(month);
            }
        }
        let (name, clock) = ("picking", Clock::Working);
        (Step { name, clock, by_case: false, waits, as_a_whole: true, words }, months)
    }

    #[test]
    fn the_slice_and_the_months_that_are_slow_are_found() {
        let (step, months) = step();
        let hit = best(&step, &months, &vec![true; step.waits.len()]).expect("a hit");
        assert_eq!(step.words.text(hit.tag), "grade=C");
        assert_eq!((hit.first, hit.last), (3, 6));
        // Inside 12 hours on average, outside 3.
        assert!((hit.ratio - 4.0).abs() < 1e-9, "{}", hit.ratio);
        assert!((hit.usual[&0] / HOUR - 3.0).abs() < 1e-9);
        assert!(hit.z > UNLIKELY);
    }

    #[test]
    fn more_of_what_is_always_slow_is_no_finding() {
        let (mut step, months) = step();
        // Far customers take ten hours all year; from April on there are twice as many of them.
        for (at, wait) in step.waits.iter_mut().enumerate() {
            let is_far = at % 20 < if months[at] < 3 { 5 } else { 10 };
            wait.control = if is_far { 2 } else { 1 };
            let hours = if is_far { 10 } else { 2 } + (at as i64 % 2);
            wait.time = hours * 3_600_000_000;
            wait.tags = vec![wait.control];
        }
        assert_eq!(best(&step, &months, &vec![true; step.waits.len()]), None);
    }
}
