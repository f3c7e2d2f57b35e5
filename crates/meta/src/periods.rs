//! Days that are said from today on (`today`, `this_week`, `last_30_days`), and whole days, months
//! and years by their names (`2026-03-01`, `2026-03`, `2026`). Resolved by the caller's day, so
//! that a question means the company's calendar and not the server's.
use kernel::{Day, Error, Result};

/// Days of `last_N_days` and `next_N_days`, at most.
pub const MOST_DAYS: i64 = 3660;

/// The names without a number in them, in the order in which people are offered them.
pub const NAMED: &[&str] = &[
    "today",
    "yesterday",
    "tomorrow",
    "this_week",
    "last_week",
    "next_week",
    "this_month",
    "last_month",
    "next_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
];

/// First and last day of a named period, both included. Weeks begin on Monday; the last N days end
/// today and the next N days begin today.
///
/// Errors: `period.unknown`, `period.too_long`.
pub fn days(name: &str, today: Day) -> Result<(Day, Day)> {
    let week = |by: i64| {
        let monday = today.plus_days(1 - i64::from(today.weekday()) + 7 * by);
        (monday, monday.plus_days(6))
    };
    let months = |by: i64, count: i64| {
        let first = today.first_of_month().plus_months(by);
        (first, first.plus_months(count - 1).last_of_month())
    };
    let in_year = i64::from(today.month()) - 1;
    let in_quarter = in_year % 3;
    Ok(match name {
        "today" => (today, today),
        "yesterday" => (today.plus_days(-1), today.plus_days(-1)),
        "tomorrow" => (today.plus_days(1), today.plus_days(1)),
        "this_week" => week(0),
        "last_week" => week(-1),
        "next_week" => week(1),
        "this_month" => months(0, 1),
        "last_month" => months(-1, 1),
        "next_month" => months(1, 1),
        "this_quarter" => months(-in_quarter, 3),
        "last_quarter" => months(-in_quarter - 3, 3),
        "this_year" => months(-in_year, 12),
        "last_year" => months(-in_year - 12, 12),
        other if other.starts_with(|c: char| c.is_ascii_digit()) => return calendar(other),
        other => return counted(other, today),
    })
}

/// `2026-03-01`, `2026-03`, `2026`.
fn calendar(name: &str) -> Result<(Day, Day)> {
    let unknown = |_| Error::invalid("period.unknown", name);
    let day = |text: String| Day::parse(&text).map_err(unknown);
    match name.len() {
        4 => Ok((day(format!("{name}-01-01"))?, day(format!("{name}-12-31"))?)),
        7 => day(format!("{name}-01")).map(|first| (first, first.last_of_month())),
        _ => day(name.to_owned()).map(|day| (day, day)),
    }
}

/// `last_7_days`, `next_30_days`.
fn counted(name: &str, today: Day) -> Result<(Day, Day)> {
    let unknown = || Error::invalid("period.unknown", name);
    let inner = name.strip_suffix("_days").ok_or_else(unknown)?;
    let (way, count) = inner.split_once('_').ok_or_else(unknown)?;
    let count: i64 = count.parse().map_err(|_| unknown())?;
    if !(1..=MOST_DAYS).contains(&count) {
        return Err(Error::invalid("period.too_long", name).with("limit", MOST_DAYS));
    }
    match way {
        "last" => Ok((today.plus_days(1 - count), today)),
        "next" => Ok((today, today.plus_days(count - 1))),
        _ => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_counted_from_the_day_that_is_given() -> Result<()> {
        // A Wednesday.
        let today = Day::of(2026, 1, 14);
        for (name, from, until) in [
            ("today", "2026-01-14", "2026-01-14"),
            ("this_week", "2026-01-12", "2026-01-18"),
            ("last_week", "2026-01-05", "2026-01-11"),
            ("last_month", "2025-12-01", "2025-12-31"),
            ("next_month", "2026-02-01", "2026-02-28"),
            ("this_quarter", "2026-01-01", "2026-03-31"),
            ("last_quarter", "2025-10-01", "2025-12-31"),
            ("this_year", "2026-01-01", "2026-12-31"),
            ("last_year", "2025-01-01", "2025-12-31"),
            ("last_1_days", "2026-01-14", "2026-01-14"),
            ("last_30_days", "2025-12-16", "2026-01-14"),
            ("next_7_days", "2026-01-14", "2026-01-20"),
            ("2024-02-29", "2024-02-29", "2024-02-29"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2024", "2024-01-01", "2024-12-31"),
        ] {
            let (first, last) = days(name, today)?;
            let read = (first.to_string(), last.to_string());
            assert_eq!(read, (from.to_owned(), until.to_owned()), "{name}");
        }
        for name in NAMED {
            assert!(days(name, today).is_ok(), "{name}");
        }
        Ok(())
    }

    #[test]
    fn what_is_no_period_is_refused() {
        let today = Day::of(2026, 1, 14);
        for (name, code) in [
            ("", "period.unknown"),
            ("soon", "period.unknown"),
            ("past_7_days", "period.unknown"),
            ("last_x_days", "period.unknown"),
            ("2026-13", "period.unknown"),
            ("2026-02-30", "period.unknown"),
            ("12345", "period.unknown"),
            ("last_0_days", "period.too_long"),
            ("next_9999_days", "period.too_long"),
            ("last_-3_days", "period.too_long"),
        ] {
            assert_eq!(days(name, today).map_err(|e| e.code), Err(code), "{name}");
        }
    }
}
