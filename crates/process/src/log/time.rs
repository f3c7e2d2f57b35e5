//! Times as files write them, read into microseconds since 1970 UTC, and written back. No clock.
use super::SECOND;

/// Which part of 01/02/2024 is the day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DayOrder {
    #[default]
    DayFirst,
    MonthFirst,
}

/// A time that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Read {
    /// Microseconds since 1970 UTC; a time without offset is taken as UTC.
    pub at: i64,
    /// Minutes east of Greenwich, where the text says.
    pub offset: Option<i32>,
    /// The order of day and month had to be assumed.
    pub assumed: bool,
}

const DAY: i64 = 86_400 * SECOND;

/// Days since 1970 of a civil date of the Gregorian calendar.
#[must_use]
pub const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let from_march = (month + 9) % 12;
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of days since 1970.
#[must_use]
pub const fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year + era * 400 + if month <= 2 { 1 } else { 0 }, month, day)
}

struct Digits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Digits<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }
    fn skip(&mut self, any: &[u8]) -> bool {
        let is = self.at < self.bytes.len() && any.contains(&self.peek());
        self.at += usize::from(is);
        is
    }
    /// A number of `from` to `to` digits, and how many there were.
    fn number(&mut self, from: usize, to: usize) -> Option<(i64, usize)> {
        let begun = self.at;
        let mut value = 0;
        while self.at - begun < to && self.peek().is_ascii_digit() {
            value = value * 10 + i64::from(self.peek() - b'0');
            self.at += 1;
        }
        (self.at - begun >= from).then_some((value, self.at - begun))
    }
    fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }
}

/// Reads ISO 8601 and its relatives, `2019/11/03 01:11:19.000`, `03.11.2019 01:11`,
/// `20191103011119`, and seconds or milliseconds since 1970.
#[must_use]
pub fn read(text: &str, order: DayOrder) -> Option<Read> {
    let text = text.trim();
    if let Some(read) = of_digits(text) {
        return Some(read);
    }
    let mut digits = Digits { bytes: text.as_bytes(), at: 0 };
    let (first, length) = digits.number(1, 4)?;
    if !digits.skip(b"-/.") {
        return None;
    }
    let (second, _) = digits.number(1, 2)?;
    if !digits.skip(b"-/.") {
        return None;
    }
    let (third, _) = digits.number(1, 4)?;
    let (year, month, day, assumed) = if length == 4 {
        (first, second, third, false)
    } else {
        let (day, month) = match order {
            _ if first > 12 => (first, second),
            _ if second > 12 => (second, first),
            DayOrder::DayFirst => (first, second),
            DayOrder::MonthFirst => (second, first),
        };
        (third, month, day, first <= 12 && second <= 12 && first != second)
    };
    let (of_day, offset) = clock(&mut digits)?;
    at(year, month, day, of_day, offset).map(|at| Read { at, offset, assumed })
}

fn at(year: i64, month: i64, day: i64, of_day: i64, offset: Option<i32>) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(1..=9999).contains(&year) {
        return None;
    }
    let date = days(year, month, day);
    if civil(date) != (year, month, day) {
        return None;
    }
    Some(date * DAY + of_day - i64::from(offset.unwrap_or(0)) * 60 * SECOND)
}

/// The rest after the date: microseconds of the day, and the offset.
fn clock(digits: &mut Digits<'_>) -> Option<(i64, Option<i32>)> {
    if digits.is_done() {
        return Some((0, None));
    }
    if !digits.skip(b"Tt ") {
        return None;
    }
    while digits.skip(b" ") {}
    let (hour, _) = digits.number(1, 2)?;
    if !digits.skip(b":") {
        return None;
    }
    let (minute, _) = digits.number(1, 2)?;
    let mut micros = 0;
    let mut second = 0;
    if digits.skip(b":") {
        second = digits.number(1, 2)?.0;
        if digits.skip(b".,") {
            let (fraction, length) = digits.number(1, 6)?;
            micros = fraction * 10_i64.pow(6 - length as u32);
            while digits.peek().is_ascii_digit() {
                digits.at += 1;
            }
        }
    }
    if hour > 24 || minute > 59 || second > 60 {
        return None;
    }
    while digits.skip(b" ") {}
    let offset = offset(digits)?;
    Some((((hour * 60 + minute) * 60 + second) * SECOND + micros, offset))
}

/// `Z`, `+02:00`, `+0200`, `+02`, `UTC`, or nothing; `None` where something else follows.
fn offset(digits: &mut Digits<'_>) -> Option<Option<i32>> {
    if digits.is_done() {
        return Some(None);
    }
    let rest = &digits.bytes[digits.at..];
    if matches!(rest, b"Z" | b"z" | b"UTC" | b"GMT") {
        return Some(Some(0));
    }
    let sign = match digits.peek() {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    digits.at += 1;
    let (hours, _) = digits.number(2, 2)?;
    let _ = digits.skip(b":");
    let minutes = if digits.is_done() { 0 } else { digits.number(2, 2)?.0 };
    let total = i32::try_from(sign * (hours * 60 + minutes)).ok()?;
    (digits.is_done() && hours < 24 && minutes < 60).then_some(Some(total))
}

/// Times of digits only: `YYYYMMDD`, `YYYYMMDDHHMMSS`, seconds (10), milliseconds (13).
fn of_digits(text: &str) -> Option<Read> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to).and_then(|t| t.parse::<i64>().ok());
    let at = match text.len() {
        8 => at(number(0, 4)?, number(4, 6)?, number(6, 8)?, 0, None)?,
        14 => {
            let of_day = (number(8, 10)? * 60 + number(10, 12)?) * 60 + number(12, 14)?;
            at(number(0, 4)?, number(4, 6)?, number(6, 8)?, of_day * SECOND, None)?
        }
        10 => number(0, 10)? * SECOND,
        13 => number(0, 13)? * 1_000,
        _ => return None,
    };
    Some(Read { at, offset: None, assumed: false })
}

/// ISO 8601 in UTC, with fractions only where there are any.
#[must_use]
pub fn iso(at: i64) -> String {
    let (date, clock, micros) = parts(at, 0);
    let fraction = match micros {
        0 => String::new(),
        m if m % 1_000 == 0 => format!(".{:03}", m / 1_000),
        m => format!(".{m:06}"),
    };
    format!("{date}T{clock}{fraction}Z")
}

/// `2024-03-05 14:30` at an offset.
#[must_use]
pub fn short(at: i64, offset_minutes: i32) -> String {
    let (date, clock, _) = parts(at, offset_minutes);
    format!("{date} {}", &clock[..5])
}

fn parts(at: i64, offset_minutes: i32) -> (String, String, i64) {
    let at = at + i64::from(offset_minutes) * 60 * SECOND;
    let (year, month, day) = civil(at.div_euclid(DAY));
    let of_day = at.rem_euclid(DAY);
    let seconds = of_day / SECOND;
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    (format!("{year:04}-{month:02}-{day:02}"), clock, of_day % SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso_of(text: &str) -> Option<String> {
        read(text, DayOrder::DayFirst).map(|r| iso(r.at))
    }

    #[test]
    fn the_same_instant_is_read_from_every_common_form() {
        for text in [
            "2019-11-03T01:11:19Z",
            "2019-11-03 01:11:19",
            "2019/11/03 01:11:19.000",
            "2019-11-03T02:11:19+01:00",
            "2019-11-03T02:11:19.000+0100",
            "03.11.2019 01:11:19",
            "3/11/2019 1:11:19",
            "20191103011119",
            "1572743479",
            "1572743479000",
            "2019-11-02 20:11:19 -05:00",
        ] {
            assert_eq!(iso_of(text).as_deref(), Some("2019-11-03T01:11:19Z"), "{text}");
        }
        assert_eq!(
            iso_of("2019-11-03 01:11:19.4817").as_deref(),
            Some("2019-11-03T01:11:19.481700Z")
        );
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "NA", "2019-13-01", "2019-02-30", "12:30", "order 4711", "2019-11-03x"] {
            assert_eq!(iso_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_that_may_be_read_two_ways_says_so() {
        let read = |text, order| read(text, order).map(|r| (iso(r.at), r.assumed));
        let march = Some(("2024-03-04T00:00:00Z".to_owned(), true));
        assert_eq!(read("04/03/2024", DayOrder::DayFirst), march);
        assert_eq!(read("03/04/2024", DayOrder::MonthFirst), march);
        let sure = Some(("2024-03-14T00:00:00Z".to_owned(), false));
        assert_eq!(read("03/14/2024", DayOrder::DayFirst), sure);
    }

    #[test]
    fn dates_survive_the_way_there_and_back() {
        for day in (-200_000..200_000).step_by(97) {
            let (y, m, d) = civil(day);
            assert_eq!(days(y, m, d), day);
        }
    }
}
