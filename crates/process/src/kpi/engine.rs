//! Computes cells: a KPI, a period, a slice, from the parts of days. Every cell knows how many rows
//! it stands on, whether it is ripe, and which cases are behind it.
use super::catalogue::{Agg, Catalogue, Kpi};
use super::partials::{Days, Part, Partials, Point, Sums};
use super::receivables::{Receivables, Which};
use super::signal;
use super::standing::Standing;
use crate::cases::Cases;
use crate::own::Hours;
use kernel::{Day, Error, Result};

/// How long a period is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grain {
    Day,
    Week,
    Month,
}

impl Grain {
    /// Error: `kpi.no_such_grain`.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "day" => Ok(Self::Day),
            "week" => Ok(Self::Week),
            "month" => Ok(Self::Month),
            other => Err(Error::invalid("kpi.no_such_grain", other)),
        }
    }
    fn begin(self, day: Day) -> Day {
        match self {
            Self::Day => day,
            Self::Week => day.plus_days(1 - i64::from(day.weekday())),
            Self::Month => day.first_of_month(),
        }
    }
    fn next(self, first: Day) -> Day {
        match self {
            Self::Day => first.plus_days(1),
            Self::Week => first.plus_days(7),
            Self::Month => first.plus_months(1),
        }
    }
}

/// Days from the first to before the last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Period {
    pub from: Day,
    pub until: Day,
}

impl Period {
    /// The last `count` periods, the one that holds `today` included, oldest first.
    #[must_use]
    pub fn last(grain: Grain, today: Day, count: usize) -> Vec<Self> {
        let mut all = Vec::with_capacity(count);
        let mut from = grain.begin(today);
        for _ in 0..count {
            all.push(Self { from, until: grain.next(from) });
            from = grain.begin(from.plus_days(-1));
        }
        all.reverse();
        all
    }
}

/// Why a cell has no figure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Empty {
    /// Too few cases.
    Few,
    /// Nothing to divide by.
    Nothing,
}

/// One figure.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Cell {
    pub period: Period,
    /// In the KPI's unit; money in minor units.
    pub value: Option<f64>,
    /// The ninetieth percentile beside a median.
    pub p90: Option<f64>,
    pub n: usize,
    pub empty: Option<Empty>,
    /// A cohort that may still change.
    pub is_ripe: bool,
}

/// How good a figure is against its target.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Band {
    Green,
    Amber,
    Red,
}

impl Band {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
    /// Amber is within a fifth of the target.
    #[must_use]
    pub fn of(kpi: &Kpi, value: f64) -> Option<Self> {
        let target = kpi.target?;
        let miss = match kpi.direction.as_str() {
            "up" => target - value,
            "down" => value - target,
            _ => return None,
        };
        Some(match miss {
            m if m <= 0.0 => Self::Green,
            m if m <= target.abs() / 5.0 => Self::Amber,
            _ => Self::Red,
        })
    }
}

/// A slice of the rows: all, or those with one value of a dimension.
pub type Slice<'s> = Option<(&'s str, &'s str)>;

/// Everything that figures are computed from.
pub struct Engine<'g> {
    pub catalogue: &'g Catalogue,
    pub cases: &'g Cases,
    pub partials: &'g Partials,
    pub receivables: &'g Receivables,
    pub standing: &'g Standing,
    pub hours: &'g Hours,
    /// What happened later is not known yet.
    pub now: i64,
}

impl<'g> Engine<'g> {
    /// The figures of a KPI for some periods.
    ///
    /// Errors: `kpi.no_such_dimension`.
    pub fn cells(&self, kpi: &Kpi, periods: &[Period], slice: Slice<'_>) -> Result<Vec<Cell>> {
        let slice = self.only(kpi, slice)?;
        Ok(periods.iter().map(|period| self.cell(kpi, *period, slice)).collect())
    }

    /// The rows behind a cell, largest value first: id and value.
    ///
    /// Errors: `kpi.no_such_dimension`.
    pub fn rows(&self, kpi: &Kpi, period: Period, slice: Slice<'_>) -> Result<Vec<(i64, f64)>> {
        let slice = self.only(kpi, slice)?;
        let mut rows = Vec::new();
        let Some(table) = self.cases.table(&kpi.table) else {
            // Goods are no cases: they are what turns over.
            if kpi.agg == Agg::Standing {
                let (from, end) = self.span(period);
                rows = self.standing.products(from, end);
            }
            rows.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            return Ok(rows);
        };
        if kpi.agg == Agg::Receivables {
            let (_, end) = self.span(period);
            let of_slice = |row: u32| slice.is_none_or(|only| only.has(row));
            let open = self.receivables.rows(figure(kpi), end, Some(&of_slice));
            rows.extend(open.iter().map(|(row, amount)| (table.id[*row as usize], *amount as f64)));
        }
        if kpi.agg == Agg::Standing {
            let (_, end) = self.span(period);
            let of_slice = |row: u32| slice.is_none_or(|only| only.has(row));
            let open = self.standing.rows(figure(kpi), end, &of_slice);
            rows.extend(open.iter().map(|(row, days)| (table.id[*row as usize], *days)));
        }
        self.each(kpi, period, slice, |p| rows.push((table.id[p.row as usize], p.value)));
        rows.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Ok(rows)
    }

    /// The values of a dimension that a KPI's cases have, those with most cases first.
    #[must_use]
    pub fn values(&self, kpi: &Kpi, dimension: &str) -> Vec<String> {
        let Some(table) = self.cases.table(&kpi.table) else { return Vec::new() };
        let Some(column) = table.slice(dimension) else { return Vec::new() };
        let mut counts = vec![0_usize; table.words.len()];
        column.iter().for_each(|word| counts[*word as usize] += 1);
        let seen = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let mut all: Vec<(usize, &str)> =
            seen.map(|(word, count)| (*count, table.words.text(word as u32))).collect();
        all.sort_unstable_by_key(|(count, text)| (std::cmp::Reverse(*count), *text));
        all.into_iter().map(|(_, text)| text.to_owned()).collect()
    }

    /// Whether the last whole week is news among the weeks before it.
    pub fn signal(&self, kpi: &Kpi, today: Day) -> Result<Option<&'static str>> {
        let mut weeks = Period::last(Grain::Week, today, 27);
        weeks.pop();
        let cells = self.cells(kpi, &weeks, None)?;
        let ripe: Vec<f64> = cells.iter().filter(|c| c.is_ripe).filter_map(|c| c.value).collect();
        Ok(signal::signal(&ripe))
    }

    /// A slice as a column and the word that a row must have in it.
    fn only(&self, kpi: &Kpi, slice: Slice<'_>) -> Result<Option<Only<'g>>> {
        let Some((dimension, value)) = slice else { return Ok(None) };
        let wrong = || Error::invalid("kpi.no_such_dimension", dimension);
        let table = self.cases.table(&kpi.table).ok_or_else(wrong)?;
        let column = table.slice(dimension).ok_or_else(wrong)?;
        Ok(Some(Only { column, word: table.words.find(value) }))
    }

    fn days(&self, kpi: &Kpi) -> Option<&'g Days> {
        let place = self.catalogue.kpis.iter().position(|of| of.id == kpi.id)?;
        self.partials.of(place)
    }

    /// The parts of a period, and whether all of each has happened.
    fn parts(&self, kpi: &Kpi, period: Period) -> impl Iterator<Item = (&'g Part, bool)> + '_ {
        let today = self.hours.day(self.now).number();
        let until = period.until.number().min(today + 1).max(period.from.number());
        let days = self.days(kpi).map(|d| d.days.range(period.from.number()..until));
        days.into_iter().flatten().map(move |(day, part)| (part, *day < today))
    }

    /// The points of a period that have happened, in order of time.
    fn each(&self, kpi: &Kpi, period: Period, slice: Option<Only<'_>>, mut of: impl FnMut(&Point)) {
        for (part, is_past) in self.parts(kpi, period) {
            let happened = part.points.iter().filter(|p| is_past || p.at <= self.now);
            happened.filter(|p| slice.is_none_or(|only| only.has(p.row))).for_each(&mut of);
        }
    }

    /// The sums of a period, and the sorted values where the KPI wants them.
    fn sums(&self, kpi: &Kpi, period: Period, slice: Option<Only<'_>>) -> (Sums, Vec<f64>) {
        let (mut sums, mut values) = (Sums::default(), Vec::new());
        if slice.is_none() && kpi.agg != Agg::Median {
            for (part, is_past) in self.parts(kpi, period) {
                if is_past {
                    sums.plus(part.sums);
                } else {
                    part.points.iter().filter(|p| p.at <= self.now).for_each(|p| sums.add(p));
                }
            }
            return (sums, values);
        }
        self.each(kpi, period, slice, |point| {
            sums.add(point);
            if kpi.agg == Agg::Median {
                values.push(point.value);
            }
        });
        values.sort_by(f64::total_cmp);
        (sums, values)
    }

    /// A period from its first instant to its end, or to now.
    fn span(&self, period: Period) -> (i64, i64) {
        (self.hours.midnight(period.from), self.hours.midnight(period.until).min(self.now))
    }

    /// What stood at the end of a period.
    fn of_moment(&self, kpi: &Kpi, slice: Option<Only<'_>>, cell: &mut Cell) {
        let (from, end) = self.span(cell.period);
        let of_slice = |row: u32| slice.is_none_or(|only| only.has(row));
        if kpi.agg == Agg::Standing {
            (cell.n, cell.value) = self.standing.figure(figure(kpi), (from, end), &of_slice);
            cell.value = cell.value.filter(|_| cell.n >= kpi.least);
            let few = cell.n < kpi.least && cell.n > 0;
            let why = if few { Empty::Few } else { Empty::Nothing };
            cell.empty = cell.value.is_none().then_some(why);
            return;
        }
        let which: Which<'_> = if slice.is_some() { Some(&of_slice) } else { None };
        cell.n = self.receivables.open(end, which).n;
        cell.value = self.receivables.figure(figure(kpi), self.hours, (from, end), which);
        cell.empty = cell.value.is_none().then_some(Empty::Nothing);
    }

    fn cell(&self, kpi: &Kpi, period: Period, slice: Option<Only<'_>>) -> Cell {
        let (sums, values) = self.sums(kpi, period, slice);
        let n = sums.n;
        let is_ripe = self.now >= self.hours.midnight(period.until.plus_days(kpi.ripe_after));
        let mut cell = Cell { period, value: None, p90: None, n, empty: None, is_ripe };
        if matches!(kpi.agg, Agg::Receivables | Agg::Standing) {
            self.of_moment(kpi, slice, &mut cell);
            return cell;
        }
        if n < kpi.least {
            cell.empty = Some(Empty::Few);
            return cell;
        }
        let rank = |share: f64| values[((share * n as f64).ceil() as usize).clamp(1, n) - 1];
        cell.value = match kpi.agg {
            Agg::Count => Some(n as f64),
            Agg::Sum => Some(sums.weight as f64),
            Agg::Median if n > 0 => {
                cell.p90 = Some(rank(0.9));
                Some(rank(0.5))
            }
            Agg::Mean if n > 0 => Some(sums.value / n as f64),
            Agg::Share if n > 0 => Some(sums.true_n as f64 * 100.0 / n as f64),
            Agg::WeightedShare if sums.weight > 0 => {
                Some(sums.true_weight as f64 * 100.0 / sums.weight as f64)
            }
            Agg::PerWorkingDay => {
                let days = self.hours.business.working_days(period.from, period.until);
                (days > 0).then(|| n as f64 / days as f64)
            }
            _ => None,
        };
        cell.empty = cell.value.is_none().then_some(Empty::Nothing);
        cell
    }
}

/// The figure of a moment that a KPI names.
fn figure(kpi: &Kpi) -> &str {
    kpi.value.columns().first().map_or("", |name| *name)
}

/// Rows with one word in a column.
#[derive(Clone, Copy)]
struct Only<'c> {
    column: &'c [u32],
    word: Option<u32>,
}

impl Only<'_> {
    fn has(self, row: u32) -> bool {
        Some(self.column[row as usize]) == self.word
    }
}
