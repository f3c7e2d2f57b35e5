//! The cells of a row in few bytes: a large file is held whole until all of it is checked.
use crate::cell::Cell;
use crate::mapping::{Column, Kind};
use flows::history::Moment;
use kernel::Day;

/// One cell a declared column, each a mark and what it needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Packed(Box<[u8]>);

const NOTHING: u8 = 0;
const TEXT: u8 = 1;
const DAY: u8 = 2;
const MOMENT: u8 = 3;
const NUMBER: u8 = 4;
const NO: u8 = 5;
const YES: u8 = 6;
/// Of a column that takes one of several words: which.
const NAME: u8 = 7;

impl Packed {
    /// `cells` stand in the order of `columns`.
    pub(crate) fn of(cells: &[Cell], columns: &[Column]) -> Self {
        let mut bytes = Vec::with_capacity(64);
        for (cell, column) in cells.iter().zip(columns) {
            match cell {
                Cell::Nothing => bytes.push(NOTHING),
                Cell::Text(text) => {
                    bytes.push(TEXT);
                    unsigned(&mut bytes, text.len() as u64);
                    bytes.extend_from_slice(text.as_bytes());
                }
                Cell::Day(of) => {
                    bytes.push(DAY);
                    day(&mut bytes, *of);
                }
                Cell::Moment(at) => {
                    bytes.push(MOMENT);
                    day(&mut bytes, at.day);
                    unsigned(&mut bytes, at.second.into());
                }
                Cell::Number(n) => {
                    bytes.push(NUMBER);
                    unsigned(&mut bytes, zigzag(*n));
                }
                Cell::Flag(yes) => bytes.push(if *yes { YES } else { NO }),
                Cell::Name(name) => match words(column).iter().position(|(_, ours)| ours == name) {
                    Some(at) => {
                        bytes.push(NAME);
                        unsigned(&mut bytes, at as u64);
                    }
                    None => bytes.push(NOTHING),
                },
            }
        }
        Self(bytes.into_boxed_slice())
    }

    /// The cells in the order of the columns.
    pub(crate) fn cells<'c>(
        &self,
        columns: &'c [Column],
    ) -> impl Iterator<Item = Cell> + use<'_, 'c> {
        let mut rest = &*self.0;
        columns.iter().map(move |column| next(&mut rest, column).unwrap_or(Cell::Nothing))
    }
}

fn words(column: &Column) -> &'static [(&'static str, &'static str)] {
    if let Kind::OneOf(words) = column.kind { words } else { &[] }
}

/// Seven bits a byte, the lowest first; the eighth says that more come.
fn unsigned(bytes: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        bytes.push((n & 0x7f) as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
}

/// Small numbers of either sign are few bytes.
const fn zigzag(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)) as u64
}

const fn unzigzag(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}

fn day(bytes: &mut Vec<u8>, day: Day) {
    bytes.extend_from_slice(&day.year().to_le_bytes());
    bytes.extend_from_slice(&[day.month() as u8, day.day() as u8]);
}

/// `None`: no more bytes, which [`Packed::of`] never leaves.
fn next(rest: &mut &[u8], column: &Column) -> Option<Cell> {
    Some(match take(rest, 1)?[0] {
        TEXT => {
            let length = read_unsigned(rest)?;
            let text = std::str::from_utf8(take(rest, usize::try_from(length).ok()?)?).ok()?;
            Cell::Text(text.into())
        }
        DAY => Cell::Day(read_day(rest)?),
        MOMENT => {
            let day = read_day(rest)?;
            Cell::Moment(Moment { day, second: u32::try_from(read_unsigned(rest)?).ok()? })
        }
        NUMBER => Cell::Number(unzigzag(read_unsigned(rest)?)),
        NO => Cell::Flag(false),
        YES => Cell::Flag(true),
        NAME => {
            let at = usize::try_from(read_unsigned(rest)?).ok()?;
            Cell::Name(words(column).get(at)?.1)
        }
        _ => Cell::Nothing,
    })
}

fn take<'b>(rest: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

fn read_unsigned(rest: &mut &[u8]) -> Option<u64> {
    let mut n = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(rest, 1)?[0];
        n |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(n);
        }
    }
    None
}

fn read_day(rest: &mut &[u8]) -> Option<Day> {
    let bytes = take(rest, 4)?;
    let year = i16::from_le_bytes([bytes[0], bytes[1]]);
    Day::new(year, bytes[2] as i8, bytes[3] as i8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::text;

    const WORDS: &[(&str, &str)] = &[("Ja", "yes"), ("Nein", "no")];

    #[test]
    fn every_cell_comes_back_as_it_was() {
        let day = Day::of(2026, 2, 28);
        let numbers = [0, 1, -1, 63, -64, 64, i64::MAX, i64::MIN];
        let mut cells: Vec<Cell> = numbers.into_iter().map(Cell::Number).collect();
        cells.extend([
            Cell::Nothing,
            Cell::Text("".into()),
            Cell::Text("汇流 ".repeat(60).into()),
            Cell::Day(day),
            Cell::Day(Day::of(-1, 12, 31)),
            Cell::Moment(Moment { day, second: 86_399 }),
            Cell::Flag(true),
            Cell::Flag(false),
            Cell::Name("no"),
        ]);
        let mut columns: Vec<Column> = cells.iter().map(|_| text("any", 10, "-")).collect();
        columns[cells.len() - 1].kind = Kind::OneOf(WORDS);
        let packed = Packed::of(&cells, &columns);
        assert_eq!(packed.cells(&columns).collect::<Vec<_>>(), cells);
        assert!(packed.cells(&[]).next().is_none());
    }
}
