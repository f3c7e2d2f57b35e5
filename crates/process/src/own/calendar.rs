//! The company's working hours and the times of year that everybody knows: long closures.
use kernel::calendar::{BusinessCalendar, spring_festival};
use kernel::{Day, Instant, Zone};

/// Days around a long closure in which trucks stop and warehouses are half staffed.
const BEFORE: i64 = 10;
const AFTER: i64 = 15;

/// Working time of a company.
#[derive(Clone, Debug)]
pub struct Hours {
    pub business: BusinessCalendar,
    pub zone: Zone,
}

impl Hours {
    #[must_use]
    pub fn china() -> Self {
        Self { business: BusinessCalendar::china(), zone: Zone::china() }
    }
    /// Working time between two instants, in microseconds; 0 where the second is not later.
    #[must_use]
    pub fn working(&self, from: i64, to: i64) -> i64 {
        if to <= from {
            return 0;
        }
        self.business.working_time(&self.zone, Instant(from), Instant(to))
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
