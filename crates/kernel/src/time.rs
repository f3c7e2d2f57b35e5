//! Instants and business days. Nobody in this house asks what time it is; [`crate::Ctx`] says.
use crate::{Error, Result};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use std::fmt;

/// A moment, in microseconds since 1970 UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Instant(pub i64);

impl Instant {
    pub const SECOND: i64 = 1_000_000;
    pub const MINUTE: i64 = 60 * Self::SECOND;
    pub const HOUR: i64 = 60 * Self::MINUTE;
    pub const DAY: i64 = 24 * Self::HOUR;

    #[must_use]
    pub const fn plus(self, micros: i64) -> Self {
        Self(self.0 + micros)
    }
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0 / 1000
    }
    /// RFC 3339 in UTC with microseconds as needed.
    #[must_use]
    pub fn rfc3339(self) -> String {
        Timestamp::from_microsecond(self.0).map_or_else(|_| self.0.to_string(), |t| t.to_string())
    }
    /// Error: `time.invalid`.
    pub fn parse(text: &str) -> Result<Self> {
        let parsed: std::result::Result<Timestamp, _> = text.parse();
        parsed.map(|t| Self(t.as_microsecond())).map_err(|_| Error::invalid("time.invalid", text))
    }
}

/// A calendar day, kept and shown as `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(Date);

impl Day {
    /// For tables and tests. Panics on a day that no calendar has.
    #[must_use]
    pub const fn of(year: i16, month: i8, day: i8) -> Self {
        Self(jiff::civil::date(year, month, day))
    }
    /// Error: `day.invalid`.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self> {
        Date::new(year, month, day)
            .map(Self)
            .map_err(|_| Error::invalid("day.invalid", format!("{year}-{month}-{day}")))
    }
    /// Reads ISO `YYYY-MM-DD` only. Error: `day.invalid`.
    pub fn parse(text: &str) -> Result<Self> {
        let parsed: std::result::Result<Date, _> = text.parse();
        match parsed {
            Ok(date) if text.len() == 10 => Ok(Self(date)),
            Ok(_) | Err(_) => Err(Error::invalid("day.invalid", text)),
        }
    }
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.days()))
    }
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        Self(self.0.saturating_add(months.months()))
    }
    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self(self.0.first_of_month())
    }
    #[must_use]
    pub fn last_of_month(self) -> Self {
        Self(self.0.last_of_month())
    }
    /// Whole days from `self` to `later`; negative when `later` is earlier.
    #[must_use]
    pub fn days_until(self, later: Self) -> i64 {
        later.number() - self.number()
    }
    /// Days since 1970-01-01.
    #[must_use]
    pub fn number(self) -> i64 {
        let (y, m, d) = (i64::from(self.0.year()), i64::from(self.0.month()), self.0.day());
        let y = if m <= 2 { y - 1 } else { y };
        let era = y.div_euclid(400);
        let yoe = y - era * 400;
        let doy = (153 * (m + if m > 2 { -3 } else { 9 }) + 2) / 5 + i64::from(d) - 1;
        era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
    }
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }
    /// 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }
    /// 1 to 31.
    #[must_use]
    pub fn day(self) -> i8 {
        self.0.day()
    }
    /// Monday is 1, Sunday is 7.
    #[must_use]
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }
    /// The accounting period it falls in, `YYYY-MM`.
    #[must_use]
    pub fn period(self) -> String {
        format!("{:04}-{:02}", self.year(), self.month())
    }
}
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A company's time zone: turns instants into business days and back.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// An IANA name such as `Asia/Shanghai`. Error: `zone.invalid`.
    pub fn named(name: &str) -> Result<Self> {
        TimeZone::get(name).map(Self).map_err(|_| Error::invalid("zone.invalid", name))
    }
    /// China's one zone. Its offset has been fixed since 1991, so it needs no table.
    #[must_use]
    pub fn china() -> Self {
        Self(TimeZone::fixed(jiff::tz::offset(8)))
    }
    /// The business day on which an instant falls.
    #[must_use]
    pub fn day(&self, at: Instant) -> Day {
        let stamp = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        Day(self.0.to_datetime(stamp).date())
    }
    /// Minutes since local midnight.
    #[must_use]
    pub fn minute_of_day(&self, at: Instant) -> i64 {
        let stamp = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        let time = self.0.to_datetime(stamp).time();
        i64::from(time.hour()) * 60 + i64::from(time.minute())
    }
    /// The instant at `minute` after local midnight of `day`.
    #[must_use]
    pub fn at(&self, day: Day, minute: i64) -> Instant {
        let midnight = self.0.to_timestamp(day.0.to_datetime(jiff::civil::Time::midnight()));
        Instant(midnight.map_or(day.number() * Instant::DAY, Timestamp::as_microsecond))
            .plus(minute * Instant::MINUTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_iso_text_and_nothing_else() {
        assert_eq!(Day::parse("2026-02-28").map(|d| d.to_string()), Ok("2026-02-28".into()));
        for text in ["2026-02-30", "2026-2-3", "28/02/2026", ""] {
            assert_eq!(Day::parse(text).map_err(|e| e.code), Err("day.invalid"), "{text}");
        }
    }

    #[test]
    fn days_count_over_leap_years() {
        assert_eq!(Day::of(1970, 1, 1).number(), 0);
        assert_eq!(Day::of(2024, 2, 28).days_until(Day::of(2024, 3, 1)), 2);
        assert_eq!(Day::of(2026, 1, 31).plus_months(1), Day::of(2026, 2, 28));
    }

    #[test]
    fn the_business_day_is_the_companys_not_the_servers() -> Result<()> {
        let at = Instant::parse("2026-01-01T17:00:00Z")?;
        assert_eq!(Zone::china().day(at), Day::of(2026, 1, 2));
        assert_eq!(Zone::china().minute_of_day(at), 60);
        assert_eq!(Zone::named("America/New_York")?.day(at), Day::of(2026, 1, 1));
        assert_eq!(Zone::china().at(Day::of(2026, 1, 2), 60), at);
        Ok(())
    }
}
