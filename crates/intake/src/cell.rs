//! One cell, read as its column says. Pure.
use crate::mapping::{Column, DayForm, Kind};
use crate::note::Notes;
use kernel::{Currency, Day, Digest, Error, Money, Price, Rate, Result};

/// A checked value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Cell {
    Nothing,
    Text(String),
    Day(Day),
    /// In the unit of its kind.
    Number(i64),
    Flag(bool),
    Name(&'static str),
}

impl Cell {
    /// The same value in any spelling gives the same digest.
    pub(crate) fn digest(&self, into: &mut Digest) {
        match self {
            Self::Nothing => into.text(""),
            Self::Text(text) => into.text(text),
            Self::Day(day) => into.text(&day.to_string()),
            Self::Number(n) => into.number(*n),
            Self::Flag(yes) => into.number(i64::from(*yes)),
            Self::Name(name) => into.text(name),
        };
    }
}

/// Reads a trimmed, non-empty text.
///
/// Errors: `import.too_long`, `import.control`, `import.day`, `import.number`,
/// `import.too_precise`, `import.too_large`, `import.negative`, `import.fraction`,
/// `import.whole`, `import.yes_no`, `import.not_one_of`.
pub(crate) fn read(
    column: &Column,
    text: &str,
    currency: Currency,
    notes: &mut Notes,
) -> Result<Cell> {
    let text = renamed(column, text, notes);
    match column.kind {
        Kind::Text { max } => plain(text, max),
        Kind::Day(forms) => day(text, forms, column, notes).map(Cell::Day),
        Kind::Price => number(text, 6, Price::parse(text).map(|p| p.0)),
        Kind::Money => {
            let places = currency.places();
            number(text, places, Money::parse(text, currency).map(|m| m.minor))
        }
        Kind::Fraction => match number(text, 9, Rate::parse(text).map(|r| r.0)) {
            Ok(Cell::Number(n)) if n > Rate::SCALE => Err(Error::invalid("import.fraction", text)),
            read => read,
        },
        Kind::Count => whole(text, 1),
        Kind::Whole => whole(text, 0),
        Kind::YesNo { yes, no } => match text {
            t if t.eq_ignore_ascii_case(yes) => Ok(Cell::Flag(true)),
            t if t.eq_ignore_ascii_case(no) => Ok(Cell::Flag(false)),
            _ => Err(Error::invalid("import.yes_no", text).with("yes", yes).with("no", no)),
        },
        Kind::OneOf(set) => one_of(text, set),
        Kind::Unused => Ok(Cell::Nothing),
    }
}

fn renamed<'t>(column: &Column, text: &'t str, notes: &mut Notes) -> &'t str {
    let Some((from, to)) = column.aliases.iter().find(|(from, _)| *from == text) else {
        return text;
    };
    notes.count("alias", &[("column", column.name), ("from", from), ("to", to)]);
    to
}

fn plain(text: &str, max: usize) -> Result<Cell> {
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::invalid("import.control", text.escape_debug()));
    }
    if text.chars().count() > max {
        return Err(Error::invalid("import.too_long", text).with("max", max));
    }
    Ok(Cell::Text(text.to_owned()))
}

fn number(text: &str, places: u32, parsed: Result<i64>) -> Result<Cell> {
    match parsed {
        Ok(n) if n < 0 => Err(Error::invalid("import.negative", text)),
        Ok(n) => Ok(Cell::Number(n)),
        Err(e) => Err(match e.code {
            "number.too_precise" => {
                Error::invalid("import.too_precise", text).with("places", places)
            }
            "number.overflow" => Error::invalid("import.too_large", text),
            _ => Error::invalid("import.number", text),
        }),
    }
}

fn whole(text: &str, least: i64) -> Result<Cell> {
    let parsed: std::result::Result<i64, _> = text.parse();
    // Above this a quantity in millionths does not fit.
    let fits = |n: &i64| (least..=1_000_000_000_000).contains(n);
    let plain = text.chars().all(|c| c.is_ascii_digit());
    match parsed.ok().filter(fits).filter(|_| plain) {
        Some(n) => Ok(Cell::Number(n)),
        None => Err(Error::invalid("import.whole", text).with("least", least)),
    }
}

fn one_of(text: &str, set: &'static [(&'static str, &'static str)]) -> Result<Cell> {
    match set.iter().find(|(theirs, _)| *theirs == text) {
        Some((_, ours)) => Ok(Cell::Name(ours)),
        None => {
            let allowed: Vec<&str> = set.iter().map(|(theirs, _)| *theirs).collect();
            Err(Error::invalid("import.not_one_of", text).with("allowed", allowed.join(", ")))
        }
    }
}

fn day(text: &str, forms: &[DayForm], column: &Column, notes: &mut Notes) -> Result<Day> {
    let expected = || forms.iter().map(|form| form.shown()).collect::<Vec<_>>().join(" / ");
    let read = forms.iter().find_map(|form| day_in(text, *form));
    match read {
        Some((day, is_midnight)) if (1900..2200).contains(&day.year()) => {
            if !is_midnight {
                notes.count("time_dropped", &[("column", column.name)]);
            }
            Ok(day)
        }
        Some(_) | None => Err(Error::invalid("import.day", text).with("expected", expected())),
    }
}

/// The day, and whether its time, if any, is midnight.
fn day_in(text: &str, form: DayForm) -> Option<(Day, bool)> {
    match form {
        DayForm::Iso => Some((Day::parse(text).ok()?, true)),
        DayForm::MonthDayYear => {
            let mut parts = text.split('/');
            let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
            let digits = |t: &str, most: usize| {
                (1..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit())
            };
            let fits = digits(month, 2) && digits(day, 2) && digits(year, 4) && year.len() == 4;
            if !fits || parts.next().is_some() {
                return None;
            }
            let day = Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
            Some((day.ok()?, true))
        }
        DayForm::IsoTime => {
            let (day, time) = text.split_once(' ')?;
            Some((Day::parse(day).ok()?, is_midnight(time)?))
        }
    }
}

/// `HH:MM:SS` with an optional fraction; `None` when no clock shows it.
fn is_midnight(time: &str) -> Option<bool> {
    let (clock, part) = time.split_once('.').unwrap_or((time, "0"));
    let mut sum = 0;
    let parts: Vec<&str> = clock.split(':').collect();
    if parts.len() != 3 || part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    for (text, most) in parts.into_iter().zip([23, 59, 59]) {
        let value: u32 = text.parse().ok().filter(|_| text.len() == 2)?;
        if value > most {
            return None;
        }
        sum += value;
    }
    Some(sum == 0 && part.bytes().all(|b| b == b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(kind: Kind, text: &str) -> Result<Cell> {
        let mut notes = Notes::default();
        read(&Column::new("c", kind, ""), text, Currency::USD, &mut notes)
    }

    const US: Kind = Kind::Day(&[DayForm::Iso, DayForm::MonthDayYear]);
    const TIMED: Kind = Kind::Day(&[DayForm::IsoTime]);

    #[test]
    fn days_are_read_in_the_forms_that_the_column_declares() {
        let day = |y, m, d| Ok(Cell::Day(Day::of(y, m, d)));
        assert_eq!(cell(US, "3/1/2017"), day(2017, 3, 1));
        assert_eq!(cell(US, "12/31/2016"), day(2016, 12, 31));
        assert_eq!(cell(US, "2016-10-20"), day(2016, 10, 20));
        assert_eq!(cell(TIMED, "1996-07-04 00:00:00.000"), day(1996, 7, 4));
        for text in ["31/12/2016", "2/29/2017", "1/2/17", "1/2/2017/3", "0017-01-01", "soon"] {
            assert_eq!(cell(US, text).map_err(|e| e.code), Err("import.day"), "{text}");
        }
        for text in ["1996-07-04", "1996-07-04 24:00:00", "1996-07-04 00:00", "1996-02-30 00:00:00"]
        {
            assert_eq!(cell(TIMED, text).map_err(|e| e.code), Err("import.day"), "{text}");
        }
    }

    #[test]
    fn a_dropped_time_is_said() -> Result<()> {
        let mut notes = Notes::default();
        let column = Column::new("shipped", TIMED, "");
        read(&column, "1996-07-04 08:30:00", Currency::USD, &mut notes)?;
        assert_eq!((notes.all[0].code, notes.all[0].count), ("time_dropped", 1));
        Ok(())
    }

    #[test]
    fn numbers_are_exact_or_refused() {
        assert_eq!(cell(Kind::Price, "14.00"), Ok(Cell::Number(14_000_000)));
        assert_eq!(cell(Kind::Money, "55.94"), Ok(Cell::Number(5594)));
        assert_eq!(cell(Kind::Fraction, "0.15"), Ok(Cell::Number(150_000_000)));
        for (kind, text, code) in [
            (Kind::Money, "55.945", "import.too_precise"),
            (Kind::Money, "1,055.94", "import.number"),
            (Kind::Money, "-1", "import.negative"),
            (Kind::Price, "$14", "import.number"),
            (Kind::Price, "99999999999999999", "import.too_large"),
            (Kind::Fraction, "15", "import.fraction"),
            (Kind::Count, "0", "import.whole"),
            (Kind::Count, "1.5", "import.whole"),
            (Kind::Whole, "+3", "import.whole"),
            (Kind::Text { max: 3 }, "four", "import.too_long"),
            (Kind::Text { max: 9 }, "a\u{1}b", "import.control"),
        ] {
            assert_eq!(cell(kind, text).map_err(|e| e.code), Err(code), "{text}");
        }
    }

    #[test]
    fn an_alias_is_taken_and_counted() -> Result<()> {
        let column = crate::mapping::text("product", 40, "").alias(&[("GTXPro", "GTX Pro")]);
        let mut notes = Notes::default();
        for text in ["GTXPro", "GTX Pro", "GTXPro"] {
            let read = read(&column, text, Currency::USD, &mut notes)?;
            assert_eq!(read, Cell::Text("GTX Pro".into()));
        }
        assert_eq!((notes.all.len(), notes.all[0].count), (1, 2));
        Ok(())
    }
}
