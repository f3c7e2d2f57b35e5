//! When people work: the hours of a week, learned from when things happen, and working time between
//! two instants. Local time is the file's commonest offset; daylight saving is not told apart.
use crate::log::{Log, NO_TIME, SECOND};
use crate::own::Hours;

const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
/// 1970-01-01 was a Thursday; weeks here begin on Monday.
const MONDAY: i64 = 3 * DAY;
/// Fewer times than these teach nothing.
const ENOUGH: u64 = 200;

/// Where the hours come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// From when things happen in the log.
    Learned,
    /// Things happen at all hours.
    AroundTheClock,
    /// Too little to learn from: Monday to Friday, 9 to 18.
    Assumed,
    /// The company's own calendar, with its holidays and make-up days.
    Company,
}

/// The working hours of a week.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Monday 0:00 first.
    pub hours: [bool; 168],
    pub origin: Origin,
    /// Minutes east of Greenwich.
    pub offset_minutes: i32,
    /// Local days (since 1970) on which nobody works, ascending.
    pub closed: Vec<i64>,
    /// Working time from Monday 0:00 to the beginning of each hour.
    before: [i64; 169],
    /// Counts instead of the hours above, where there is one.
    company: Option<Hours>,
}

impl Calendar {
    /// From hours of a week.
    #[must_use]
    pub fn new(hours: [bool; 168], origin: Origin, offset_minutes: i32) -> Self {
        let mut before = [0; 169];
        for hour in 0..168 {
            before[hour + 1] = before[hour] + if hours[hour] { HOUR } else { 0 };
        }
        Self { hours, origin, offset_minutes, closed: Vec::new(), before, company: None }
    }
    /// The company's own calendar; the hours of the week say roughly what it counts exactly.
    #[must_use]
    pub fn company(hours: &Hours) -> Self {
        let is_worked = |h: usize| h / 24 < 5 && (9..18).contains(&(h % 24)) && h % 24 != 12;
        let mut calendar = Self::new(std::array::from_fn(is_worked), Origin::Company, 480);
        calendar.company = Some(hours.clone());
        calendar
    }
    /// Whether the company said when it works.
    #[must_use]
    pub const fn is_company(&self) -> bool {
        self.company.is_some()
    }
    /// Monday to Friday, 9 to 18.
    #[must_use]
    pub fn assumed(offset_minutes: i32) -> Self {
        let hours = std::array::from_fn(|h| h / 24 < 5 && (9..18).contains(&(h % 24)));
        Self::new(hours, Origin::Assumed, offset_minutes)
    }
    /// With days on which nobody works.
    #[must_use]
    pub fn closed_on(mut self, mut days: Vec<i64>) -> Self {
        days.sort_unstable();
        days.dedup();
        self.closed = days;
        self
    }
    /// An hour of the week is worked when it has at least 15 % of what the twenty busiest have.
    #[must_use]
    pub fn learned(times: impl Iterator<Item = i64>, offset_minutes: i32) -> Self {
        let mut counts = [0_u64; 168];
        for at in times {
            counts[hour_of(at, offset_minutes)] += 1;
        }
        if counts.iter().sum::<u64>() < ENOUGH {
            return Self::assumed(offset_minutes);
        }
        let mut busiest = counts;
        busiest.sort_unstable_by_key(|n| std::cmp::Reverse(*n));
        let top: u64 = busiest[..20].iter().sum();
        let hours: [bool; 168] = std::array::from_fn(|h| counts[h] * 20 * 100 >= top * 15);
        let open = hours.iter().filter(|h| **h).count();
        if open > 140 {
            return Self::new([true; 168], Origin::AroundTheClock, offset_minutes);
        }
        Self::new(hours, Origin::Learned, offset_minutes)
    }
    /// From all events of a log.
    #[must_use]
    pub fn of(log: &Log) -> Self {
        let starts = log.events.start.iter().filter(|start| **start != NO_TIME);
        Self::learned(log.events.end.iter().chain(starts).copied(), log.offset_minutes)
    }
    /// Working time between two instants, in microseconds; 0 where the second is not later.
    #[must_use]
    pub fn working(&self, from: i64, to: i64) -> i64 {
        if to <= from {
            return 0;
        }
        if let Some(hours) = &self.company {
            return hours.working(from, to);
        }
        let closed = if self.closed.is_empty() { 0 } else { self.closed_time(from, to) };
        self.since_monday(to) - self.since_monday(from) - closed
    }
    /// Working time since the first Monday.
    fn since_monday(&self, at: i64) -> i64 {
        let local = at + i64::from(self.offset_minutes) * 60 * SECOND + MONDAY;
        let of_week = local.rem_euclid(WEEK);
        let hour = (of_week / HOUR) as usize;
        let part = if self.hours[hour] { of_week % HOUR } else { 0 };
        local.div_euclid(WEEK) * self.before[168] + self.before[hour] + part
    }
    /// What the weekly hours count on closed days.
    fn closed_time(&self, from: i64, to: i64) -> i64 {
        let shift = i64::from(self.offset_minutes) * 60 * SECOND;
        let first = (from + shift).div_euclid(DAY);
        let begin = self.closed.partition_point(|day| *day < first);
        let days = self.closed[begin..].iter().map(|day| day * DAY - shift);
        let touched = days.take_while(|begun| *begun < to);
        let of = |begun: i64| {
            let (from, to) = (from.max(begun), to.min(begun + DAY));
            self.since_monday(to) - self.since_monday(from)
        };
        touched.map(of).sum()
    }
    /// Hours worked in a week.
    #[must_use]
    pub fn weekly_hours(&self) -> i64 {
        self.before[168] / HOUR
    }
}

fn hour_of(at: i64, offset_minutes: i32) -> usize {
    let local = at + i64::from(offset_minutes) * 60 * SECOND + MONDAY;
    (local.rem_euclid(WEEK) / HOUR) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::time::{DayOrder, read};

    fn at(text: &str) -> i64 {
        read(text, DayOrder::DayFirst).expect("a time").at
    }

    #[test]
    fn a_weekend_is_no_working_time() {
        let calendar = Calendar::assumed(0);
        assert_eq!(calendar.weekly_hours(), 45);
        // Friday 2024-03-01 17:00 to Monday 10:30: one hour and an hour and a half.
        let worked = calendar.working(at("2024-03-01 17:00"), at("2024-03-04 10:30"));
        assert_eq!(worked, HOUR * 5 / 2);
        // Two whole weeks and a day.
        let worked = calendar.working(at("2024-03-04 00:00"), at("2024-03-19 00:00"));
        assert_eq!(worked, 99 * HOUR);
        assert_eq!(calendar.working(at("2024-03-04 10:00"), at("2024-03-04 09:00")), 0);
    }

    #[test]
    fn a_closed_day_and_the_local_zone_count() {
        let monday = at("2024-03-04 00:00") / DAY;
        let calendar = Calendar::assumed(480).closed_on(vec![monday]);
        // In China Friday 17:00 is 9:00 in Greenwich; Monday is closed, Tuesday counts one hour.
        let worked = calendar.working(at("2024-03-01 09:00"), at("2024-03-05 02:00"));
        assert_eq!(worked, 2 * HOUR);
    }

    #[test]
    fn hours_are_learned_from_when_things_happen() {
        let monday = at("2024-03-04 00:00");
        let office = (0..1_000).map(|n| monday + (n % 5) * DAY + (8 + n % 8) * HOUR + n * SECOND);
        let learned = Calendar::learned(office, 0);
        assert_eq!((learned.origin, learned.weekly_hours()), (Origin::Learned, 40));
        let always = Calendar::learned((0..1_680).map(|n| monday + n * HOUR), 0);
        assert_eq!(always.origin, Origin::AroundTheClock);
        assert_eq!(Calendar::learned(std::iter::once(monday), 0).origin, Origin::Assumed);
    }
}
