//! Why the waits of a finding are long: read off when work ends, who does it, and what overtakes.
use super::steps::{Step, Wait};
use crate::own::Hours;
use std::collections::BTreeMap;

/// The five causes of docs/mining.md, and two that only our own facts can tell.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cause {
    Batching,
    Unavailability,
    Prioritisation,
    Contention,
    Extraneous,
    /// It has to be done again.
    Rework,
    /// What was planned with was wrong.
    MasterData,
}

impl Cause {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Batching => "batching",
            Self::Unavailability => "unavailability",
            Self::Prioritisation => "prioritisation",
            Self::Contention => "contention",
            Self::Extraneous => "extraneous",
            Self::Rework => "rework",
            Self::MasterData => "master_data",
        }
    }
}

/// When the work of a batch is done, where that is a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rhythm {
    /// Weekdays, Monday is 1.
    Weekdays(Vec<u8>),
    /// From this day of the month on.
    FromDay(u8),
}

/// A cause with what shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Why {
    pub cause: Cause,
    pub rhythm: Option<Rhythm>,
    /// The share of what shows it, in per cent.
    pub share: u8,
}

/// Ends on so few weekdays are a rhythm.
const FEW: usize = 2;
/// … when so many per cent of them fall there.
const MOST: f64 = 0.85;
/// Days without any end, while something waits, that are an absence.
const AWAY: i64 = 2;

/// Reads the cause off the waits inside a finding and those outside it.
#[must_use]
pub fn of(step: &Step, inside: &[&Wait], outside: &[&Wait], tag: &str, hours: &Hours) -> Why {
    let long = long(inside, outside);
    // Goods come when they come: their weekdays are the suppliers'.
    if step.name != "supply"
        && let Some(rhythm) = rhythm(&long, outside, hours)
    {
        return rhythm;
    }
    let plain = |cause: Cause, share: f64| Why {
        cause,
        rhythm: None,
        share: (share * 100.0).round().min(100.0) as u8,
    };
    if step.name == "order_data" {
        let again = long.iter().filter(|w| w.rounds > 1).count();
        return plain(Cause::Rework, again as f64 / long.len().max(1) as f64);
    }
    if step.name == "supply" {
        return plain(Cause::MasterData, 1.0);
    }
    if step.name == "transit" {
        return plain(Cause::Extraneous, 1.0);
    }
    let busy = alone(&long);
    if busy > 0.8 && tag.contains("category") {
        return plain(Cause::Contention, busy);
    }
    let away = away(step, &long, hours);
    if away > 0.3 {
        return plain(Cause::Unavailability, away);
    }
    let passed = overtaken(step, &long, tag);
    if passed > 0.5 {
        return plain(Cause::Prioritisation, passed);
    }
    plain(Cause::Extraneous, 1.0)
}

/// The waits inside that are longer than nine in ten outside; all where that leaves too few.
fn long<'w>(inside: &[&'w Wait], outside: &[&Wait]) -> Vec<&'w Wait> {
    let mut usual: Vec<i64> = outside.iter().map(|w| w.time).filter(|t| *t > 0).collect();
    usual.sort_unstable();
    let limit = usual.get(usual.len() * 6 / 10).copied().unwrap_or(0);
    let long: Vec<&Wait> = inside.iter().filter(|w| w.time > limit).copied().collect();
    if long.len() >= 8 { long } else { inside.iter().filter(|w| w.time > 0).copied().collect() }
}

/// Whether the work ends on few weekdays, or late in the month, and elsewhere does not.
fn rhythm(long: &[&Wait], outside: &[&Wait], hours: &Hours) -> Option<Why> {
    let from = |of: &[&Wait], day: i8| {
        let waited = || of.iter().filter(|w| w.time > 0);
        let late = waited().filter(|w| hours.day(w.to).day() >= day).count();
        late as f64 / waited().count().max(1) as f64
    };
    let late = from(long, 25);
    if late >= 0.8 && from(outside, 25) < 0.55 {
        let rhythm = Some(Rhythm::FromDay(25));
        return Some(Why { cause: Cause::Batching, rhythm, share: (late * 100.0) as u8 });
    }
    let n = long.len().max(1) as f64;
    let weekdays = |of: &[&Wait]| {
        let mut counts: BTreeMap<u8, f64> = BTreeMap::new();
        for wait in of.iter().filter(|w| w.time > 0) {
            *counts.entry(hours.day(wait.to).weekday() as u8).or_default() += 1.0;
        }
        counts
    };
    let mut counts: Vec<(u8, f64)> = weekdays(long).into_iter().collect();
    counts.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let few: Vec<(u8, f64)> = counts.iter().take(FEW).copied().collect();
    let share = few.iter().map(|(_, n)| n).sum::<f64>() / n;
    let elsewhere = weekdays(outside);
    let all: f64 = elsewhere.values().sum::<f64>().max(1.0);
    let usual = few.iter().map(|(day, _)| elsewhere.get(day).unwrap_or(&0.0)).sum::<f64>() / all;
    if share >= MOST && usual < 0.7 {
        let mut days: Vec<u8> =
            few.iter().filter(|(_, of)| *of >= 0.15 * n).map(|(day, _)| *day).collect();
        days.sort_unstable();
        let rhythm = Some(Rhythm::Weekdays(days));
        return Some(Why { cause: Cause::Batching, rhythm, share: (share * 100.0) as u8 });
    }
    None
}

/// The share that one person ended.
fn alone(long: &[&Wait]) -> f64 {
    let mut by: BTreeMap<i64, usize> = BTreeMap::new();
    for wait in long.iter().filter(|w| w.actor != 0) {
        *by.entry(wait.actor).or_default() += 1;
    }
    by.values().max().map_or(0.0, |n| *n as f64 / long.len().max(1) as f64)
}

/// The share of the waiting working days on which nothing of the step ended at all, in runs.
fn away(step: &Step, long: &[&Wait], hours: &Hours) -> f64 {
    let ends: std::collections::BTreeSet<i64> =
        step.waits.iter().filter(|w| w.time > 0).map(|w| hours.day(w.to).number()).collect();
    let (mut waited, mut gone) = (0_i64, 0_i64);
    for wait in long {
        let (first, last) = (hours.day(wait.from).number() + 1, hours.day(wait.to).number());
        let mut run = 0;
        for day in first..=last {
            let date = kernel::Day::of(1970, 1, 1).plus_days(day);
            if day < last && !hours.business.is_working(date) {
                continue;
            }
            let is_idle = day < last && !ends.contains(&day);
            waited += i64::from(day < last);
            if is_idle {
                run += 1;
            } else {
                gone += if run >= AWAY { run } else { 0 };
                run = 0;
            }
        }
    }
    gone as f64 / waited.max(1) as f64
}

/// The share of long waits during which three others or more that came later were served first.
fn overtaken(step: &Step, long: &[&Wait], tag: &str) -> f64 {
    let tag = step.words.find(tag).unwrap_or(0);
    let is_overtaken = |wait: &&&Wait| {
        let from = step.waits.partition_point(|o| o.from <= wait.from);
        let later = step.waits[from..].iter().take_while(|o| o.from < wait.to);
        let passes = |o: &&Wait| o.to < wait.to && (tag == 0 || !o.tags.contains(&tag));
        later.filter(passes).take(3).count() == 3
    };
    long.iter().filter(is_overtaken).count() as f64 / long.len().max(1) as f64
}
