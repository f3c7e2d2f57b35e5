//! When customers order: the year's months, festivals, the week, the hours of a day. Pure.
use crate::dice::Dice;
use kernel::Day;
use kernel::calendar::{BusinessCalendar, spring_festival};

/// How busy a day is, 1 for a usual Wednesday.
#[must_use]
pub fn weight(day: Day) -> f64 {
    month(day) * week(day) * festival(day) * national_day(day)
}

/// Working days from the Spring Festival: negative before; `None` when it is far away.
#[must_use]
pub fn from_festival(day: Day) -> Option<i64> {
    let new_year = spring_festival(day.year())?;
    let days = new_year.days_until(day);
    (-45..=36).contains(&days).then_some(days)
}

/// Carriers do not run from eight days before the Spring Festival to nine days after.
#[must_use]
pub fn carriers_stop(day: Day) -> bool {
    from_festival(day).is_some_and(|d| (-8..=9).contains(&d))
}

/// A minute of the day at which somebody orders: 9:00–12:00 and 13:30–18:00, few later.
pub fn minute(dice: &mut Dice) -> i64 {
    match dice.below(100) {
        0..=42 => dice.between(9 * 60, 12 * 60 - 1),
        43..=94 => dice.between(13 * 60 + 30, 18 * 60 - 1),
        _ => dice.between(18 * 60, 21 * 60),
    }
}

fn month(day: Day) -> f64 {
    match day.month() {
        3 | 9 => 1.10,
        4 => 1.02,
        6 => 1.06,
        7 | 10 => 0.92,
        8 => 0.95,
        11 => 1.12,
        12 => 1.18,
        _ => 1.0,
    }
}

fn week(day: Day) -> f64 {
    let working = BusinessCalendar::china().is_working(day);
    match day.weekday() {
        6 | 7 if working => 0.8,
        6 => 0.2,
        7 => 0.02,
        _ if !working => 0.02,
        1 => 1.25,
        2 => 1.1,
        5 => 0.95,
        _ => 1.0,
    }
}

fn festival(day: Day) -> f64 {
    match from_festival(day) {
        Some(-45..=-15) => 1.2,
        // From ten days before, falling to a fifth on the eve.
        Some(d @ -10..=-1) => 0.2 + 0.8 * (-d - 1) as f64 / 9.0,
        Some(0..=7) => 0.0,
        Some(8..=15) => 0.5,
        Some(16..=36) => 1.15,
        Some(_) | None => 1.0,
    }
}

fn national_day(day: Day) -> f64 {
    let first_week = day.month() == 10 && day.day() <= 7;
    if first_week { 0.0 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_orders_at_the_festivals_and_mondays_are_busy() {
        for day in [Day::of(2026, 2, 17), Day::of(2026, 2, 24), Day::of(2025, 10, 3)] {
            assert!(weight(day) < 0.001, "{day}");
        }
        assert!(weight(Day::of(2026, 5, 11)) > weight(Day::of(2026, 5, 13)));
        assert!(weight(Day::of(2026, 5, 10)) < 0.05, "a Sunday");
    }

    #[test]
    fn orders_rise_before_the_spring_festival_fall_to_it_and_come_back_slowly() {
        let usual = festival(Day::of(2026, 5, 12));
        assert!(festival(Day::of(2026, 1, 20)) > usual);
        assert!(festival(Day::of(2026, 2, 16)) < festival(Day::of(2026, 2, 9)));
        assert!(festival(Day::of(2026, 2, 26)) < usual);
        assert!(festival(Day::of(2026, 3, 10)) > usual);
        assert!(carriers_stop(Day::of(2026, 2, 12)) && !carriers_stop(Day::of(2026, 2, 27)));
    }

    #[test]
    fn a_make_up_saturday_is_a_working_day_of_lesser_zeal() {
        assert!((week(Day::of(2026, 2, 14)) - 0.8).abs() < 1e-9);
        assert!((week(Day::of(2026, 5, 16)) - 0.2).abs() < 1e-9);
    }

    #[test]
    fn orders_come_in_the_hours_of_work_but_a_few() {
        let mut dice = Dice::new(1, 0);
        let all: Vec<i64> = (0..2_000).map(|_| minute(&mut dice)).collect();
        let late = all.iter().filter(|m| **m >= 18 * 60).count();
        assert!((60..150).contains(&late), "{late}");
        assert!(all.iter().all(|m| (540..=1_260).contains(m) && !(720..810).contains(m)));
    }
}
