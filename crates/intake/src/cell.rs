//! One cell, read as its column says and as its file writes. Pure.
use crate::mapping::{Column, Kind};
use crate::note::Notes;
use crate::safe;
use crate::style::{DayOrder, Decimal};
use crate::text::{days, numbers};
use flows::history::Moment;
use kernel::{Currency, Day, Digest, Error, Money, Price, Rate, Result};

/// A checked value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Cell {
    Nothing,
    Text(Box<str>),
    Day(Day),
    Moment(Moment),
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
            Self::Moment(at) => into.text(&at.to_string()),
            Self::Number(n) => into.number(*n),
            Self::Flag(yes) => into.number(i64::from(*yes)),
            Self::Name(name) => into.text(name),
        };
    }
}

/// How the cells of one column are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Way {
    pub(crate) decimal: Decimal,
    /// `None`: no cell of the column needs it.
    pub(crate) order: Option<DayOrder>,
}

impl Way {
    pub(crate) const PLAIN: Self = Self { decimal: Decimal::Point, order: None };
}

/// Reads a trimmed, non-empty text.
///
/// Errors: `import.too_long`, `import.control`, `import.day`, `import.number`,
/// `import.currency_sign`, `import.too_precise`, `import.too_large`, `import.negative`,
/// `import.fraction`, `import.whole`, `import.yes_no`, `import.not_one_of`.
pub(crate) fn read(
    column: &Column,
    text: &str,
    way: Way,
    currency: Currency,
    notes: &mut Notes,
) -> Result<Cell> {
    let text = renamed(column, text, notes);
    let text = if matches!(column.kind, Kind::Text { .. }) { safe::read(text) } else { text };
    match column.kind {
        Kind::Text { max } => plain(text, max),
        Kind::Code { max } => code(text, max, column, notes),
        Kind::Day => day(text, way, column, notes),
        Kind::Time => moment(text, way),
        Kind::Price | Kind::Money | Kind::SignedMoney | Kind::Exact | Kind::Fraction => {
            amount(column, text, way, currency, notes)
        }
        Kind::Count => whole(text, way, 1),
        Kind::Whole => whole(text, way, 0),
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
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Error::invalid("import.control", text.escape_debug()));
    }
    if text.chars().count() > max {
        return Err(Error::invalid("import.too_long", text).with("max", max));
    }
    Ok(Cell::Text(text.into()))
}

/// Spreadsheets write a number that only names something with a decimal.
fn code(text: &str, max: usize, column: &Column, notes: &mut Notes) -> Result<Cell> {
    match text.strip_suffix(".0").filter(|rest| rest.bytes().all(|b| b.is_ascii_digit())) {
        Some(rest) if !rest.is_empty() => {
            notes.count("code_decimal", &[("column", column.name)]);
            plain(rest, max)
        }
        Some(_) | None => plain(text, max),
    }
}

fn amount(
    column: &Column,
    text: &str,
    way: Way,
    currency: Currency,
    notes: &mut Notes,
) -> Result<Cell> {
    let Some(read) = numbers::plain(text, way.decimal) else {
        return Err(Error::invalid("import.number", text).with("decimal", way.decimal.name()));
    };
    if !read.sign.is_empty() {
        let of = numbers::currencies_of(read.sign);
        if !of.is_empty() && !of.contains(&currency.code()) {
            let e = Error::invalid("import.currency_sign", text).with("sign", read.sign);
            return Err(e.with("currency", currency));
        }
        notes.count("currency_sign", &[("column", column.name), ("sign", read.sign)]);
    }
    let (places, parsed) = match column.kind {
        Kind::Money | Kind::SignedMoney => {
            (currency.places(), Money::parse(&read.text, currency).map(|m| m.minor))
        }
        Kind::Fraction => (9, fraction(&read)?),
        _ => (6, Price::parse(&read.text).map(|p| p.0)),
    };
    match parsed {
        Ok(_) if read.percent && column.kind != Kind::Fraction => {
            Err(Error::invalid("import.number", text).with("decimal", way.decimal.name()))
        }
        Ok(n) if n < 0 && !matches!(column.kind, Kind::SignedMoney | Kind::Exact) => {
            Err(Error::invalid("import.negative", text))
        }
        Ok(n) if n > Rate::SCALE && column.kind == Kind::Fraction => {
            Err(Error::invalid("import.fraction", text))
        }
        Ok(n) => Ok(Cell::Number(n)),
        Err(e) => Err(match e.code {
            "number.too_precise" => {
                Error::invalid("import.too_precise", text).with("places", places)
            }
            "number.overflow" => Error::invalid("import.too_large", text),
            _ => Error::invalid("import.number", text).with("decimal", way.decimal.name()),
        }),
    }
}

/// `0.15`, or `15 %`.
fn fraction(read: &numbers::Plain<'_>) -> Result<Result<i64>> {
    let rate = Rate::parse(&read.text).map(|r| r.0);
    if !read.percent {
        return Ok(rate);
    }
    match rate {
        Ok(n) if n % 100 != 0 => {
            Err(Error::invalid("import.too_precise", &read.text).with("places", 7))
        }
        Ok(n) => Ok(Ok(n / 100)),
        Err(e) => Ok(Err(e)),
    }
}

fn whole(text: &str, way: Way, least: i64) -> Result<Cell> {
    let read = numbers::plain(text, way.decimal).filter(|p| p.sign.is_empty() && !p.percent);
    let digits = read.map(|read| match read.text.split_once('.') {
        // A spreadsheet writes 3 as 3.0.
        Some((whole, part)) if part.bytes().all(|b| b == b'0') => whole.to_owned(),
        Some(_) | None => read.text.into_owned(),
    });
    let parsed: Option<i64> = digits.and_then(|digits| digits.parse().ok());
    // Above this a quantity in millionths does not fit.
    let fits = |n: &i64| (least..=1_000_000_000_000).contains(n);
    match parsed.filter(fits) {
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

fn parsed(text: &str, way: Way) -> Result<days::Read> {
    let expected = match way.order {
        Some(DayOrder::DayFirst) => "YYYY-MM-DD / DD/MM/YYYY",
        Some(DayOrder::MonthFirst) => "YYYY-MM-DD / MM/DD/YYYY",
        None => "YYYY-MM-DD",
    };
    let read = days::read(text, way.order);
    read.ok_or_else(|| Error::invalid("import.day", text).with("expected", expected))
}

fn day(text: &str, way: Way, column: &Column, notes: &mut Notes) -> Result<Cell> {
    let read = parsed(text, way)?;
    if read.second.is_some_and(|second| second != 0) {
        notes.count("time_dropped", &[("column", column.name)]);
    }
    Ok(Cell::Day(read.day))
}

fn moment(text: &str, way: Way) -> Result<Cell> {
    let read = parsed(text, way)?;
    Ok(Cell::Moment(Moment { day: read.day, second: read.second.unwrap_or(0) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: Way = Way { decimal: Decimal::Point, order: Some(DayOrder::MonthFirst) };
    const EU: Way = Way { decimal: Decimal::Comma, order: Some(DayOrder::DayFirst) };

    fn cell(kind: Kind, text: &str, way: Way) -> Result<Cell> {
        let mut notes = Notes::default();
        super::read(&Column::new("c", kind, ""), text, way, Currency::USD, &mut notes)
    }

    #[test]
    fn days_are_read_in_the_order_that_the_column_has() {
        let day = |y, m, d| Ok(Cell::Day(Day::of(y, m, d)));
        assert_eq!(cell(Kind::Day, "3/1/2017", US), day(2017, 3, 1));
        assert_eq!(cell(Kind::Day, "3/1/2017", EU), day(2017, 1, 3));
        assert_eq!(cell(Kind::Day, "2016-10-20", US), day(2016, 10, 20));
        let at = Moment { day: Day::of(2017, 3, 1), second: 3661 };
        assert_eq!(cell(Kind::Time, "3/1/2017 1:01:01 AM", US), Ok(Cell::Moment(at)));
        for text in ["31/12/2016", "2/29/2017", "1/2/17", "0017-01-01", "soon"] {
            assert_eq!(cell(Kind::Day, text, US).map_err(|e| e.code), Err("import.day"), "{text}");
        }
    }

    #[test]
    fn a_dropped_time_is_said() -> Result<()> {
        let mut notes = Notes::default();
        let column = Column::new("shipped", Kind::Day, "");
        super::read(&column, "1996-07-04 08:30:00", US, Currency::USD, &mut notes)?;
        assert_eq!((notes.all[0].code, notes.all[0].count), ("time_dropped", 1));
        Ok(())
    }

    #[test]
    fn numbers_are_exact_or_refused() {
        let is =
            |kind, text, way, n| assert_eq!(cell(kind, text, way), Ok(Cell::Number(n)), "{text}");
        is(Kind::Price, "14.00", US, 14_000_000);
        is(Kind::Money, "$1,055.94", US, 105_594);
        is(Kind::Money, "1.055,94", EU, 105_594);
        is(Kind::SignedMoney, "(5)", US, -500);
        is(Kind::Exact, "-1.2345", US, -1_234_500);
        is(Kind::Fraction, "0.15", US, 150_000_000);
        is(Kind::Fraction, "15 %", US, 150_000_000);
        is(Kind::Whole, "1,234", US, 1234);
        is(Kind::Count, "3.0", US, 3);
        for (kind, text, code) in [
            (Kind::Money, "55.945", "import.too_precise"),
            (Kind::Money, "1.055,94", "import.number"),
            (Kind::Money, "-1", "import.negative"),
            (Kind::Money, "€5", "import.currency_sign"),
            (Kind::Money, "5%", "import.number"),
            (Kind::Price, "99999999999999999", "import.too_large"),
            (Kind::Fraction, "15", "import.fraction"),
            (Kind::Count, "0", "import.whole"),
            (Kind::Count, "1.5", "import.whole"),
            (Kind::Text { max: 3 }, "four", "import.too_long"),
            (Kind::Text { max: 9 }, "a\u{1}b", "import.control"),
        ] {
            assert_eq!(cell(kind, text, US).map_err(|e| e.code), Err(code), "{text}");
        }
        assert_eq!(cell(Kind::Code { max: 9 }, "15465.0", US), Ok(Cell::Text("15465".into())));
    }

    #[test]
    fn an_alias_is_taken_and_counted() -> Result<()> {
        let column = crate::mapping::text("product", 40, "").alias(&[("GTXPro", "GTX Pro")]);
        let mut notes = Notes::default();
        for text in ["GTXPro", "GTX Pro", "GTXPro"] {
            let read = super::read(&column, text, US, Currency::USD, &mut notes)?;
            assert_eq!(read, Cell::Text("GTX Pro".into()));
        }
        assert_eq!((notes.all.len(), notes.all[0].count), (1, 2));
        Ok(())
    }
}
