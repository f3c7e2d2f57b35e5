//! The company's working hours and the times of year that everybody knows: long closures.
use kernel::calendar::{BusinessCalendar, HOURS, spring_festival};
use kernel::{Day, Instant, Zone};
use std::sync::{Arc, OnceLock};

/// Days around a long closure in which trucks stop and warehouses are half staffed.
const BEFORE: i64 = 10;
const AFTER: i64 = 15;

/// Working time of a company.
#[derive(Clone, Debug)]
pub struct Hours {
    pub business: BusinessCalendar,
    pub zone: Zone,
    worked: Arc<Worked>,
}

/// Working time by day, counted up once: figures ask for it millions of times.
#[derive(Debug)]
struct Worked {
    /// The midnights of days that follow each other, one more than days.
    midnights: Vec<i64>,
    /// Working time before each of them, since the first.
    before: Vec<i64>,
    is_working: Vec<bool>,
}

/// The days that are counted up.
const FIRST: Day = Day::of(2000, 1, 1);
const DAYS: i64 = 50 * 365;
const DAY: i64 = 86_400_000_000;

impl Worked {
    fn of(business: &BusinessCalendar, zone: &Zone) -> Self {
        let midnight = |day: i64| zone.at(FIRST.plus_days(day), 0);
        let (mut before, mut is_working) = (vec![0], Vec::new());
        for day in 0..DAYS {
            let worked = business.working_time(zone, midnight(day), midnight(day + 1));
            before.push(before[before.len() - 1] + worked);
            is_working.push(worked > 0);
        }
        Self { midnights: (0..=DAYS).map(|day| midnight(day).0).collect(), before, is_working }
    }
    /// Working time from the first midnight to an instant; `None` outside the days.
    fn until(&self, at: i64) -> Option<i64> {
        let guess = usize::try_from((at - self.midnights[0]).div_euclid(DAY)).ok()?;
        // A zone's clock may be put forward or back: the day is this one or next to it.
        let begins = |day: usize| self.midnights.get(day).is_some_and(|m| *m <= at);
        let day = [guess + 1, guess, guess.saturating_sub(1)].into_iter().find(|d| begins(*d))?;
        if !*self.is_working.get(day)? {
            return Some(self.before[day]);
        }
        let time = at - self.midnights[day];
        let until = |(from, to): (i64, i64)| {
            let (from, to) = (from * Instant::MINUTE, to * Instant::MINUTE);
            time.clamp(from, to) - from
        };
        Some(self.before[day] + HOURS.into_iter().map(until).sum::<i64>())
    }
}

impl Hours {
    #[must_use]
    pub fn china() -> Self {
        static WORKED: OnceLock<Arc<Worked>> = OnceLock::new();
        let (business, zone) = (BusinessCalendar::china(), Zone::china());
        let worked = WORKED.get_or_init(|| Arc::new(Worked::of(&business, &zone)));
        Self { worked: Arc::clone(worked), business, zone }
    }
    /// Working time between two instants, in microseconds; 0 where the second is not later.
    #[must_use]
    pub fn working(&self, from: i64, to: i64) -> i64 {
        if to <= from {
            return 0;
        }
        match (self.worked.until(from), self.worked.until(to)) {
            (Some(from), Some(to)) => to - from,
            _ => self.business.working_time(&self.zone, Instant(from), Instant(to)),
        }
    }
    #[must_use]
    pub fn day(&self, at: i64) -> Day {
        self.zone.day(Instant(at))
    }
    /// Local midnight at which a day begins.
    #[must_use]
    pub fn midnight(&self, day: Day) -> i64 {
        self.zone.at(day, 0).0
    }
    /// Closed days between two instants, as intervals of whole local days.
    #[must_use]
    pub fn closed(&self, from: i64, to: i64) -> Vec<(i64, i64)> {
        let mut all: Vec<(i64, i64)> = Vec::new();
        let mut day = self.day(from);
        while self.midnight(day) < to {
            let next = day.plus_days(1);
            if !self.business.is_working(day) {
                let (begin, end) = (self.midnight(day).max(from), self.midnight(next).min(to));
                match all.last_mut() {
                    Some(last) if last.1 == begin => last.1 = end,
                    _ => all.push((begin, end)),
                }
            }
            day = next;
        }
        all
    }
    /// Whether an interval lies, even partly, around the Spring Festival.
    #[must_use]
    pub fn meets_festival(&self, from: i64, to: i64) -> bool {
        let (first, last) = (self.day(from), self.day(to));
        (first.year() - 1..=last.year() + 1).filter_map(spring_festival).any(|festival| {
            first <= festival.plus_days(AFTER) && festival.plus_days(-BEFORE) <= last
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: Day, minute: i64) -> i64 {
        Zone::china().at(day, minute).0
    }

    #[test]
    fn closed_days_are_whole_and_join() {
        let hours = Hours::china();
        // Friday 2026-03-13 15:00 to Monday 10:00: Saturday and Sunday are closed.
        let (from, to) = (at(Day::of(2026, 3, 13), 900), at(Day::of(2026, 3, 16), 600));
        let weekend = (at(Day::of(2026, 3, 14), 0), at(Day::of(2026, 3, 16), 0));
        assert_eq!(hours.closed(from, to), [weekend]);
        // 15 to 18 on Friday, 9 to 10 on Monday.
        assert_eq!(hours.working(from, to), 4 * 60 * Instant::MINUTE);
        assert_eq!(hours.working(to, from), 0);
    }

    #[test]
    fn what_is_counted_up_is_what_the_calendar_says() {
        let (hours, zone) = (Hours::china(), Zone::china());
        let mut seed = 7_i64;
        let mut instant = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
            // Days of 2024 to 2027, any second; every hundredth before the year 2000.
            let second = (seed >> 20).rem_euclid(4 * 365 * 86_400);
            let begin = if second % 100 == 0 { Day::of(1998, 1, 1) } else { Day::of(2024, 1, 1) };
            zone.at(begin, 0).0 + second * 1_000_000
        };
        for _ in 0..4_000 {
            let (a, b) = (instant(), instant());
            let (a, b) = (a.min(b), a.max(b));
            let said = hours.business.working_time(&zone, Instant(a), Instant(b));
            assert_eq!(hours.working(a, b), said, "{a} {b}");
        }
    }

    #[test]
    fn the_spring_festival_reaches_from_ten_days_before_to_fifteen_after() {
        let hours = Hours::china();
        // 2026-02-17 is New Year's Day.
        let meets = |a: Day, b: Day| hours.meets_festival(at(a, 600), at(b, 600));
        assert!(meets(Day::of(2026, 2, 1), Day::of(2026, 2, 7)));
        assert!(!meets(Day::of(2026, 2, 1), Day::of(2026, 2, 6)));
        assert!(meets(Day::of(2026, 3, 4), Day::of(2026, 3, 9)));
        assert!(!meets(Day::of(2026, 3, 5), Day::of(2026, 3, 9)));
    }
}
