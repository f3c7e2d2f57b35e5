//! Days and times as people write them. Pure; an order that could be either is never chosen here.
use super::numbers::narrow;
use crate::style::DayOrder;
use kernel::Day;

/// What one cell tells about how its column writes days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    /// The year stands first, both numbers are the same, or it is no day.
    Silent,
    Only(DayOrder),
    /// Both numbers are at most 12.
    Either,
}

/// A day, and seconds since midnight where the cell has a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Read {
    pub(crate) day: Day,
    pub(crate) second: Option<u32>,
}

/// The numbers of a day as written.
enum Parts {
    YearFirst(Day),
    YearLast { first: i8, second: i8, year: i16 },
}

pub(crate) fn shape(text: &str) -> Shape {
    let narrow: String = text.chars().map(narrow).collect();
    let Some((day, _)) = split(&narrow) else { return Shape::Silent };
    match parts(day) {
        Some(Parts::YearLast { first, second, .. }) => match (first, second) {
            (a, b) if a == b => Shape::Silent,
            (13..=31, 1..=12) => Shape::Only(DayOrder::DayFirst),
            (1..=12, 13..=31) => Shape::Only(DayOrder::MonthFirst),
            (1..=12, 1..=12) => Shape::Either,
            _ => Shape::Silent,
        },
        Some(Parts::YearFirst(_)) | None => Shape::Silent,
    }
}

/// `None` when it is no day, or one whose order nobody knows.
pub(crate) fn read(text: &str, order: Option<DayOrder>) -> Option<Read> {
    let narrow: String = text.chars().map(narrow).collect();
    let (day, time) = split(&narrow)?;
    let day = match (parts(day)?, order) {
        (Parts::YearFirst(day), _) => day,
        (Parts::YearLast { first, second, year }, Some(DayOrder::DayFirst)) => {
            Day::new(year, second, first).ok()?
        }
        (Parts::YearLast { first, second, year }, Some(DayOrder::MonthFirst)) => {
            Day::new(year, first, second).ok()?
        }
        (Parts::YearLast { first, second, year }, None) if first == second => {
            Day::new(year, first, second).ok()?
        }
        (Parts::YearLast { .. }, None) => return None,
    };
    let second = time.map(clock).map_or(Some(None), |s| s.map(Some))?;
    (1900..2200).contains(&day.year()).then_some(Read { day, second })
}

/// The day and the time of a cell; `None` when there is more than both.
fn split(text: &str) -> Option<(&str, Option<&str>)> {
    let text = text.trim();
    match text.find(['T', ' ']) {
        Some(at) => Some((&text[..at], Some(text[at + 1..].trim()))),
        None => Some((text, None)),
    }
}

fn parts(text: &str) -> Option<Parts> {
    let text = text.strip_suffix('日').unwrap_or(text);
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).collect();
    let digits = |t: &&str| !t.is_empty() && t.len() <= 4 && t.bytes().all(|b| b.is_ascii_digit());
    let mut marks = text.chars().filter(|c| !c.is_ascii_digit());
    let (one, two) = (marks.next(), marks.next());
    if let ([whole], None) = (&parts[..], one) {
        let fits = whole.len() == 8 && whole.bytes().all(|b| b.is_ascii_digit());
        let of = |from: usize, to: usize| whole[from..to].parse::<i16>().ok();
        let (year, month, day) = fits.then(|| Some((of(0, 4)?, of(4, 6)?, of(6, 8)?)))??;
        return Some(Parts::YearFirst(Day::new(year, month as i8, day as i8).ok()?));
    }
    let is_chinese = one == Some('年') && two == Some('月');
    let [a, b, c] = parts[..] else { return None };
    if ![a, b, c].iter().all(digits) || !(is_chinese || one == two) {
        return None;
    }
    let small = |t: &str| if t.len() <= 2 { t.parse::<i8>().ok() } else { None };
    if a.len() == 4 {
        return Some(Parts::YearFirst(Day::new(a.parse().ok()?, small(b)?, small(c)?).ok()?));
    }
    let year = if c.len() == 4 { c.parse().ok()? } else { return None };
    Some(Parts::YearLast { first: small(a)?, second: small(b)?, year })
}

/// `HH:MM[:SS[.fff]]`, with AM or PM; seconds since midnight.
fn clock(text: &str) -> Option<u32> {
    let upper = text.to_ascii_uppercase();
    let (clock, half) = match upper.strip_suffix("AM").or_else(|| upper.strip_suffix("PM")) {
        Some(rest) => (rest.trim_end(), Some(upper.ends_with("PM"))),
        None => (upper.as_str(), None),
    };
    let (clock, part) = clock.split_once('.').unwrap_or((clock, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let fits = |t: &&str| (1..=2).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    if !(2..=3).contains(&parts.len()) || !parts.iter().all(fits) || part.is_empty() {
        return None;
    }
    let number = |at: usize| parts.get(at).map_or(Some(0), |t| t.parse::<u32>().ok());
    let (hour, minute, second) = (number(0)?, number(1)?, number(2)?);
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(is_pm) => hour % 12 + if is_pm { 12 } else { 0 },
    };
    let is_clock = hour < 24 && minute < 60 && second < 60;
    let is_part = part.bytes().all(|b| b.is_ascii_digit());
    (is_clock && is_part).then_some(hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_every_way_that_is_clear() {
        let first = Day::of(2026, 3, 1);
        for text in [
            "2026-03-01",
            "2026/3/1",
            "2026.03.01",
            "2026年3月1日",
            "２０２６－０３－０１",
            "20260301",
        ] {
            assert_eq!(read(text, None).map(|r| r.day), Some(first), "{text}");
            assert_eq!(shape(text), Shape::Silent);
        }
        let at = |text, order| read(text, Some(order)).map(|r| r.day);
        assert_eq!(at("1/3/2026", DayOrder::DayFirst), Some(first));
        assert_eq!(at("3/1/2026", DayOrder::MonthFirst), Some(first));
        assert_eq!(at("1.3.2026", DayOrder::DayFirst), Some(first));
        assert_eq!(read("1/3/2026", None), None, "nobody said which is the day");
        assert_eq!(read("3/3/2026", None).map(|r| r.day), Some(Day::of(2026, 3, 3)));
        for text in
            ["31/12/16", "2026-02-30", "2026-3", "soon", "1/2/2017/3", "0017-01-01", "2026-03/01"]
        {
            assert_eq!(read(text, Some(DayOrder::DayFirst)), None, "{text}");
        }
    }

    #[test]
    fn times_are_kept_to_the_second() {
        let second = |text| read(text, Some(DayOrder::MonthFirst)).and_then(|r| r.second);
        assert_eq!(second("2017-07-09 21:57:05"), Some(79_025));
        assert_eq!(second("2017-07-09T21:57:05.250"), Some(79_025));
        assert_eq!(second("7/9/2017 9:57 PM"), Some(79_020));
        assert_eq!(second("2017-07-09 00:00:00.000"), Some(0));
        assert_eq!(second("2017-07-09"), None);
        for text in ["2017-07-09 24:00:00", "2017-07-09 1:2:3:4", "2017-07-09 soon"] {
            assert_eq!(read(text, None), None, "{text}");
        }
    }

    #[test]
    fn a_cell_tells_its_order_or_that_both_could_be() {
        assert_eq!(shape("31/12/2016"), Shape::Only(DayOrder::DayFirst));
        assert_eq!(shape("12/31/2016"), Shape::Only(DayOrder::MonthFirst));
        assert_eq!(shape("3/1/2017"), Shape::Either);
        assert_eq!(shape("3/3/2017"), Shape::Silent);
    }
}
