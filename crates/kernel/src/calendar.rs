//! Working days and working hours: what "two working days" and "six business hours" mean.
//!
//! Pure: the caller brings the day, the instant and the zone. One day costs O(log holidays), and
//! so does any number of days, because working days are counted, not walked.
use crate::china_days::YEARS;
use crate::{Day, Instant, Zone};
use std::sync::LazyLock;

/// Working hours in minutes after local midnight: 9:00–12:00 and 13:30–18:00.
pub const HOURS: [(i64, i64); 2] = [(9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60)];

/// Working minutes of a working day: 450.
pub const MINUTES_A_DAY: i64 = 450;

/// A day whose status differs from "Monday to Friday".
#[derive(Debug)]
struct Flip {
    /// Days since 1970.
    number: i64,
    /// Working days gained (make-up) minus lost (holiday), this day included.
    gained: i64,
}

static CHINA: LazyLock<Vec<Flip>> = LazyLock::new(china_flips);

/// Which days are worked, from 9:00 to 12:00 and 13:30 to 18:00 local time.
#[derive(Clone, Copy, Debug)]
pub struct BusinessCalendar {
    flips: &'static [Flip],
}

impl BusinessCalendar {
    /// Monday to Friday, minus China's holidays, plus its make-up working days.
    ///
    /// Arrangements are known for 2023 to 2026 and, as far as the law fixes them, 2027; other years
    /// have weekends only. Sources stand beside the table in `china_days.rs`.
    #[must_use]
    pub fn china() -> Self {
        Self { flips: &CHINA }
    }

    /// Monday to Friday without holidays.
    #[must_use]
    pub const fn plain() -> Self {
        Self { flips: &[] }
    }

    #[must_use]
    pub fn is_working(&self, day: Day) -> bool {
        self.worked_before(day.number() + 1) > self.worked_before(day.number())
    }

    /// That day, or the first working day after it.
    #[must_use]
    pub fn next_working(&self, day: Day) -> Day {
        if self.is_working(day) { day } else { self.add_working_days(day, 1) }
    }

    /// The `n`-th working day after `day`, or before it when `n` is negative; `day` itself need not
    /// be one. With 0: [`Self::next_working`], so the answer is always a working day.
    #[must_use]
    pub fn add_working_days(&self, day: Day, n: i64) -> Day {
        if n == 0 {
            return self.next_working(day);
        }
        // Forwards we count through the end of a day, backwards up to its start. As many days as
        // working days are missing can never be too many, so each step comes closer from one side.
        let edge = i64::from(n > 0);
        let target = self.worked_before(day.number() + edge) + n;
        let mut number = day.number();
        loop {
            match target - self.worked_before(number + edge) {
                0 => return day.plus_days(number - day.number()),
                missing => number += missing,
            }
        }
    }

    /// Working days from `from` (included) to `to` (excluded); negative when `to` is earlier.
    #[must_use]
    pub fn working_days(&self, from: Day, to: Day) -> i64 {
        self.worked_before(to.number()) - self.worked_before(from.number())
    }

    /// The earliest instant by which `minutes` of working time have passed since `from`.
    ///
    /// Zero or less returns `from`, working time or not. Work that fills the day ends at 18:00 of
    /// that day, not at 9:00 of the next.
    #[must_use]
    pub fn add_working_minutes(&self, zone: &Zone, from: Instant, minutes: i64) -> Instant {
        if minutes <= 0 {
            return from;
        }
        let day = zone.day(from);
        let total = self.worked_today(zone, day, from) + minutes * Instant::MINUTE;
        let full = MINUTES_A_DAY * Instant::MINUTE;
        let whole_days = (total - 1) / full;
        let ends = match (self.is_working(day), whole_days) {
            (true, 0) => day,
            (true, n) => self.add_working_days(day, n),
            (false, n) => self.add_working_days(day, n + 1),
        };
        zone.at(ends, 0).plus(time_after(total - whole_days * full))
    }

    /// Whole working minutes between two instants; negative when `b` is before `a`.
    #[must_use]
    pub fn working_minutes(&self, zone: &Zone, a: Instant, b: Instant) -> i64 {
        self.working_time(zone, a, b) / Instant::MINUTE
    }

    /// Working time between two instants in microseconds; negative when `b` is before `a`.
    #[must_use]
    pub fn working_time(&self, zone: &Zone, a: Instant, b: Instant) -> i64 {
        let (first, last) = (zone.day(a), zone.day(b));
        let days = self.working_days(first, last) * MINUTES_A_DAY * Instant::MINUTE;
        days + self.worked_today(zone, last, b) - self.worked_today(zone, first, a)
    }

    /// Microseconds worked on `day` until `at`; zero on a day off.
    fn worked_today(&self, zone: &Zone, day: Day, at: Instant) -> i64 {
        if !self.is_working(day) {
            return 0;
        }
        let time = at.0 - zone.at(day, 0).0;
        let until = |(from, to): (i64, i64)| {
            time.clamp(from * Instant::MINUTE, to * Instant::MINUTE) - from * Instant::MINUTE
        };
        HOURS.into_iter().map(until).sum()
    }

    /// Working days before a day number, from an origin that cancels out in differences.
    fn worked_before(&self, number: i64) -> i64 {
        let flips_before = self.flips.partition_point(|f| f.number < number);
        let gained = self.flips[..flips_before].last().map_or(0, |f| f.gained);
        weekdays_before(number) + gained
    }
}

/// Chinese New Year's Day (正月初一) of a year; known for 2023 to 2027.
#[must_use]
pub fn spring_festival(year: i16) -> Option<Day> {
    let (month, day) = YEARS.iter().find(|y| y.year == year)?.spring_festival;
    Some(Day::of(year, month, day))
}

/// Microseconds after midnight at which `worked` microseconds of a day's work are done.
fn time_after(worked: i64) -> i64 {
    let [(morning, noon), (afternoon, _)] = HOURS;
    let before_noon = (noon - morning) * Instant::MINUTE;
    if worked <= before_noon {
        morning * Instant::MINUTE + worked
    } else {
        afternoon * Instant::MINUTE + worked - before_noon
    }
}

/// Mondays to Fridays before a day number, counted from Monday 1969-12-29.
fn weekdays_before(number: i64) -> i64 {
    let since_monday = number + 3;
    since_monday.div_euclid(7) * 5 + since_monday.rem_euclid(7).min(5)
}

/// Turns the yearly tables into sorted flips with running sums.
fn china_flips() -> Vec<Flip> {
    let mut changes: Vec<(i64, i64)> = Vec::new();
    for year in YEARS {
        let number = |(month, day)| Day::of(year.year, month, day).number();
        for &(first, last) in year.off {
            let days = number(first)..=number(last);
            changes.extend(days.filter(|&n| is_weekday(n)).map(|n| (n, -1)));
        }
        let worked = year.worked.iter().map(|&day| number(day));
        changes.extend(worked.filter(|&n| !is_weekday(n)).map(|n| (n, 1)));
    }
    changes.sort_unstable();
    let running = changes.iter().scan(0, |sum, &(number, change)| {
        *sum += change;
        Some(Flip { number, gained: *sum })
    });
    running.collect()
}

fn is_weekday(number: i64) -> bool {
    (number + 3).rem_euclid(7) < 5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Result;
    use std::path::PathBuf;

    fn at(text: &str) -> Result<Instant> {
        Instant::parse(&format!("{text}:00+08:00"))
    }

    #[test]
    fn around_spring_festival_2026_a_weekend_is_worked_and_nine_days_are_off() {
        let china = BusinessCalendar::china();
        assert!(china.is_working(Day::of(2026, 2, 14)), "make-up Saturday");
        for day in 15..=23 {
            assert!(!china.is_working(Day::of(2026, 2, day)), "{day}");
        }
        assert_eq!(china.next_working(Day::of(2026, 2, 15)), Day::of(2026, 2, 24));
        assert_eq!(china.add_working_days(Day::of(2026, 2, 13), 2), Day::of(2026, 2, 24));
        assert_eq!(china.add_working_days(Day::of(2026, 2, 24), -2), Day::of(2026, 2, 13));
        assert_eq!(china.add_working_days(Day::of(2026, 2, 17), 0), Day::of(2026, 2, 24));
        assert!(BusinessCalendar::plain().is_working(Day::of(2026, 2, 17)));
    }

    #[test]
    fn new_years_day_of_the_moon_is_known_and_always_a_holiday() {
        assert_eq!(spring_festival(2026), Some(Day::of(2026, 2, 17)));
        assert_eq!(spring_festival(1999), None);
        for day in (2023..=2027).filter_map(spring_festival) {
            assert!(!BusinessCalendar::china().is_working(day), "{day}");
        }
    }

    #[test]
    fn work_begun_on_friday_evening_ends_on_monday_after_lunch() -> Result<()> {
        let (china, zone) = (BusinessCalendar::china(), Zone::china());
        let cases = [
            ("2026-07-03T17:30", 30, "2026-07-03T18:00"),
            ("2026-07-03T17:30", 31, "2026-07-06T09:01"),
            ("2026-07-03T22:00", 180, "2026-07-06T12:00"),
            ("2026-07-03T22:00", 181, "2026-07-06T13:31"),
            ("2026-07-04T10:00", 450, "2026-07-06T18:00"),
            ("2026-07-06T12:40", 1, "2026-07-06T13:31"),
            ("2026-07-06T08:00", 901, "2026-07-08T09:01"),
            ("2026-07-04T10:00", 0, "2026-07-04T10:00"),
        ];
        for (from, minutes, to) in cases {
            assert_eq!(china.add_working_minutes(&zone, at(from)?, minutes), at(to)?, "{from}");
        }
        Ok(())
    }

    #[test]
    fn minutes_added_are_the_minutes_counted_and_no_earlier_instant_would_do() -> Result<()> {
        let (china, zone) = (BusinessCalendar::china(), Zone::china());
        for step in 0..600 {
            let from = at("2025-12-20T00:07")?.plus(step * 197 * Instant::MINUTE);
            let minutes = 1 + step * step % 4_000;
            let end = china.add_working_minutes(&zone, from, minutes);
            assert_eq!(china.working_minutes(&zone, from, end), minutes);
            assert_eq!(china.working_minutes(&zone, end, from), -minutes);
            let earlier = end.plus(-Instant::MINUTE);
            assert_eq!(china.working_minutes(&zone, from, earlier), minutes - 1);
        }
        Ok(())
    }

    #[test]
    fn counting_days_agrees_with_walking_them() {
        for calendar in [BusinessCalendar::china(), BusinessCalendar::plain()] {
            let (start, mut walked) = (Day::of(2022, 12, 25), 0);
            for ahead in 0..2_000 {
                let day = start.plus_days(ahead);
                assert_eq!(calendar.working_days(start, day), walked, "{day}");
                if calendar.is_working(day) {
                    walked += 1;
                    let eve = start.plus_days(-1);
                    assert_eq!(calendar.add_working_days(eve, walked), day);
                    assert_eq!(calendar.next_working(day), day);
                }
            }
        }
    }

    #[test]
    fn a_year_has_as_many_working_days_as_its_notice_leaves() {
        let china = BusinessCalendar::china();
        for (year, days) in [(2023, 249), (2024, 251), (2025, 248), (2026, 248)] {
            let first = Day::of(year, 1, 1);
            assert_eq!(china.working_days(first, first.plus_months(12)), days, "{year}");
        }
    }

    #[test]
    fn every_day_agrees_with_the_public_holiday_files() {
        let Some(folder) = shared_data("china_master/holiday-cn") else { return };
        for year in 2023..=2027 {
            let text = std::fs::read_to_string(folder.join(format!("{year}.json")));
            let text = text.unwrap_or_default();
            let days = listed_days(&text);
            assert!(year == 2027 || days.len() > 25, "{year}: the file has {} days", days.len());
            for (day, off) in days {
                let day = Day::parse(day).unwrap();
                assert_eq!(BusinessCalendar::china().is_working(day), !off, "{day}");
            }
        }
    }

    /// The `date` and `isOffDay` pairs of a file, in order.
    fn listed_days(text: &str) -> Vec<(&str, bool)> {
        let entries = text.split("\"date\": \"").skip(1);
        entries
            .filter_map(|e| {
                let off = e.split("\"isOffDay\": ").nth(1)?.trim_start().starts_with("true");
                Some((e.get(..10)?, off))
            })
            .collect()
    }

    /// A folder of the shared test data, or a notice that it is absent.
    fn shared_data(path: &str) -> Option<PathBuf> {
        let root = std::env::var("HUILIU_SHARED_DATA").unwrap_or_else(|_| {
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into()
        });
        let found = PathBuf::from(root).join(path);
        if found.exists() {
            return Some(found);
        }
        assert!(std::env::var("CI_REQUIRE_DATA").as_deref() != Ok("1"), "{found:?} is required");
        println!("skipped: shared data absent");
        None
    }
}
