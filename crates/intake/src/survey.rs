//! How each column of a file writes its days and numbers: found by all of its cells, or asked for.
use crate::cell::Way;
use crate::fault::{At, Faults};
use crate::mapping::Column;
use crate::style::{Asked, DayOrder, Decimal};
use crate::text::{days, numbers};
use kernel::Error;

/// What the cells of one column tell.
#[derive(Default)]
pub(crate) struct Evidence {
    first: u64,
    second: u64,
    /// Line and value of the first cell that could be either.
    either: Option<(u64, String)>,
}

impl Evidence {
    fn could_be_either(&mut self, line: u64, text: &str) {
        self.either.get_or_insert_with(|| (line, text.to_owned()));
    }
    /// `Ok(None)`: no cell needs to know.
    fn decided<T: Copy>(&self, first: T, second: T) -> Result<Option<T>, ()> {
        match self.first.cmp(&self.second) {
            std::cmp::Ordering::Greater => Ok(Some(first)),
            std::cmp::Ordering::Less => Ok(Some(second)),
            std::cmp::Ordering::Equal if self.first > 0 || self.either.is_some() => Err(()),
            std::cmp::Ordering::Equal => Ok(None),
        }
    }
}

/// Takes in one cell.
pub(crate) fn see(column: &Column, line: u64, text: &str, into: &mut Evidence) {
    if column.kind.is_day() {
        match days::shape(text) {
            days::Shape::Only(DayOrder::DayFirst) => into.first += 1,
            days::Shape::Only(DayOrder::MonthFirst) => into.second += 1,
            days::Shape::Either => into.could_be_either(line, text),
            days::Shape::Silent => {}
        }
    } else if column.kind.is_number() {
        match numbers::shape(text) {
            numbers::Shape::Only(Decimal::Point) => into.first += 1,
            numbers::Shape::Only(Decimal::Comma) => into.second += 1,
            numbers::Shape::Either => into.could_be_either(line, text),
            numbers::Shape::Silent => {}
        }
    }
}

/// The way of each column.
///
/// A day's order is each column's own and never guessed; a number's mark is the file's where a
/// column of its own does not tell. Errors: `import.day_ambiguous`, `import.number_ambiguous`.
pub(crate) fn ways(
    file: &str,
    columns: &[Column],
    evidence: &[Evidence],
    asked: &Asked,
    faults: &mut Faults,
) -> Vec<Way> {
    let seen = || columns.iter().zip(evidence);
    let points = seen().filter(|(c, e)| c.kind.is_number() && e.first > e.second).count();
    let commas = seen().filter(|(c, e)| c.kind.is_number() && e.second > e.first).count();
    let of_file = match (points, commas) {
        (0, 0) => None,
        (points, commas) if points == commas => None,
        (points, commas) => Some(if points > commas { Decimal::Point } else { Decimal::Comma }),
    };
    let mut way = |(column, evidence): (&Column, &Evidence)| {
        let mut unclear = |code| {
            let (line, value) = evidence.either.clone().unwrap_or_default();
            let at = At { file, line, column: column.name, value: &value };
            faults.add(at, Error::invalid(code, column.name).with("value", &value));
        };
        let mut way = Way::PLAIN;
        if column.kind.is_day() {
            way.order = asked.days;
            if way.order.is_none() {
                match evidence.decided(DayOrder::DayFirst, DayOrder::MonthFirst) {
                    Ok(order) => way.order = order,
                    Err(()) => unclear("import.day_ambiguous"),
                }
            }
        } else if column.kind.is_number() {
            let decided = evidence.decided(Decimal::Point, Decimal::Comma);
            way.decimal = match (asked.numbers, decided, of_file) {
                (Some(said), ..) | (None, Ok(Some(said)), _) | (None, Err(()), Some(said)) => said,
                (None, Ok(None), _) => Decimal::Point,
                (None, Err(()), None) => {
                    unclear("import.number_ambiguous");
                    Decimal::Point
                }
            };
        }
        way
    };
    seen().map(&mut way).collect()
}

/// How the column is written, for the preview; empty where it does not matter.
pub(crate) const fn shown(column: &Column, way: Way, evidence: &Evidence) -> &'static str {
    if column.kind.is_day() {
        return match way.order {
            Some(order) => order.name(),
            None => "ymd",
        };
    }
    let is_marked = evidence.first + evidence.second > 0 || evidence.either.is_some();
    if column.kind.is_number() && is_marked { way.decimal.name() } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::Kind;

    fn ways_of(columns: &[(Kind, &[&str])], asked: &Asked) -> (Vec<Way>, Vec<&'static str>) {
        let declared: Vec<Column> =
            columns.iter().map(|(kind, _)| Column::new("c", *kind, "")).collect();
        let mut all: Vec<Evidence> = columns.iter().map(|_| Evidence::default()).collect();
        for ((column, (_, cells)), evidence) in declared.iter().zip(columns).zip(&mut all) {
            cells.iter().for_each(|cell| see(column, 2, cell, evidence));
        }
        let mut faults = Faults::default();
        let ways = ways("f.csv", &declared, &all, asked, &mut faults);
        (ways, faults.all.iter().map(|f| f.error.code).collect())
    }

    #[test]
    fn a_column_of_days_is_read_as_its_own_cells_tell_and_asked_for_when_none_does() {
        let clear: &[&str] = &["1/2/2026", "13/2/2026"];
        let unclear: &[&str] = &["1/2/2026", "3/4/2026"];
        let (ways, faults) =
            ways_of(&[(Kind::Day, clear), (Kind::Day, unclear)], &Asked::default());
        assert_eq!(ways[0].order, Some(DayOrder::DayFirst));
        assert_eq!(faults, ["import.day_ambiguous"]);
        let asked = Asked { days: Some(DayOrder::MonthFirst), ..Asked::default() };
        let (ways, faults) = ways_of(&[(Kind::Day, unclear)], &asked);
        assert_eq!((ways[0].order, faults.len()), (Some(DayOrder::MonthFirst), 0));
    }

    #[test]
    fn a_thousand_that_could_be_one_and_a_part_is_read_as_the_file_writes_or_asked_for() {
        let (ways, faults) =
            ways_of(&[(Kind::Money, &["1,234"]), (Kind::Money, &["5.25"])], &Asked::default());
        assert_eq!((ways[0].decimal, faults.len()), (Decimal::Point, 0));
        let (_, faults) = ways_of(&[(Kind::Money, &["1,234"])], &Asked::default());
        assert_eq!(faults, ["import.number_ambiguous"]);
    }
}
