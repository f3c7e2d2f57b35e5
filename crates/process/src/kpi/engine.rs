//! Computes cells: a KPI, a period, a slice. Every cell knows how many rows it stands on, whether
//! it is ripe, and which cases are behind it.
use super::catalogue::{Agg, Catalogue, Kpi};
use super::receivables::Receivables;
use super::signal;
use crate::cases::{Cases, NO, Table};
use crate::own::{Ground, Hours};
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

/// A row that counts for a KPI.
#[derive(Clone, Copy, Debug)]
struct Point {
    at: i64,
    row: u32,
    value: f64,
    /// Whole minor units where the KPI sums or weighs by a column.
    weight: i64,
}

/// A slice of the rows: all, or those with one value of a dimension.
pub type Slice<'s> = Option<(&'s str, &'s str)>;

/// Everything that figures are computed from.
pub struct Engine<'g> {
    pub catalogue: &'g Catalogue,
    pub cases: &'g Cases,
    pub receivables: &'g Receivables,
    pub hours: &'g Hours,
    /// What happened later is not known yet.
    pub now: i64,
}

impl<'g> Engine<'g> {
    #[must_use]
    pub fn new(
        catalogue: &'g Catalogue,
        cases: &'g Cases,
        receivables: &'g Receivables,
        ground: &'g Ground,
        now: i64,
    ) -> Self {
        Self { catalogue, cases, receivables, hours: &ground.hours, now }
    }

    /// The figures of a KPI for some periods.
    ///
    /// Errors: `kpi.no_such_dimension`.
    pub fn cells(&self, kpi: &Kpi, periods: &[Period], slice: Slice<'_>) -> Result<Vec<Cell>> {
        let points = self.points(kpi, slice)?;
        Ok(periods.iter().map(|period| self.cell(kpi, &points, *period)).collect())
    }

    /// The rows behind a cell, largest value first: id and value.
    ///
    /// Errors: `kpi.no_such_dimension`.
    pub fn rows(&self, kpi: &Kpi, period: Period, slice: Slice<'_>) -> Result<Vec<(i64, f64)>> {
        let points = self.points(kpi, slice)?;
        let Some(table) = self.cases.table(&kpi.table) else { return Ok(Vec::new()) };
        let inside = self.inside(&points, period);
        let mut rows: Vec<(i64, f64)> =
            inside.iter().map(|p| (table.id[p.row as usize], p.value)).collect();
        rows.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Ok(rows)
    }

    /// The values of a dimension that a KPI's cases have, sorted.
    #[must_use]
    pub fn values(&self, kpi: &Kpi, dimension: &str) -> Vec<String> {
        let Some(table) = self.cases.table(&kpi.table) else { return Vec::new() };
        let Some(column) = table.slice(dimension) else { return Vec::new() };
        let mut seen: Vec<u32> = column.to_vec();
        seen.sort_unstable();
        seen.dedup();
        let mut all: Vec<String> =
            seen.into_iter().map(|w| table.words.text(w).to_owned()).collect();
        all.sort();
        all
    }

    /// Whether the last whole week is news among the weeks before it.
    pub fn signal(&self, kpi: &Kpi, today: Day) -> Result<Option<&'static str>> {
        let mut weeks = Period::last(Grain::Week, today, 27);
        weeks.pop();
        let cells = self.cells(kpi, &weeks, None)?;
        let ripe: Vec<f64> = cells.iter().filter(|c| c.is_ripe).filter_map(|c| c.value).collect();
        Ok(signal::signal(&ripe))
    }

    fn points(&self, kpi: &Kpi, slice: Slice<'_>) -> Result<Vec<Point>> {
        let Some(table) = self.cases.table(&kpi.table) else { return Ok(Vec::new()) };
        let slice = match slice {
            None => None,
            Some((dimension, value)) => {
                let wrong = || Error::invalid("kpi.no_such_dimension", dimension);
                let column = table.slice(dimension).ok_or_else(wrong)?;
                Some((column, table.words.find(value)))
            }
        };
        let is_in = |row: usize| slice.is_none_or(|(column, word)| Some(column[row]) == word);
        let Some(by) = table.column(&kpi.by) else { return Ok(Vec::new()) };
        let rows = (0..table.len()).filter(|row| by[*row] != NO && by[*row] <= self.now);
        let mut points: Vec<Point> = rows
            .filter(|row| is_in(*row))
            .filter(|row| kpi.filter.as_ref().is_none_or(|f| f.holds(table, *row, self.hours)))
            .filter_map(|row| self.point(kpi, table, row, by[row]))
            .collect();
        points.sort_unstable_by_key(|p| (p.at, p.row));
        Ok(points)
    }

    fn point(&self, kpi: &Kpi, table: &Table, row: usize, at: i64) -> Option<Point> {
        let value = match kpi.agg {
            Agg::Count | Agg::PerWorkingDay => 1.0,
            Agg::Sum => 0.0,
            _ => kpi.value.value(table, row, self.hours)?,
        };
        let weight = match (&kpi.weight, kpi.agg) {
            (Some(column), _) => table.get(column, row).max(0),
            (None, Agg::Sum) => kpi.value.columns().first().map_or(0, |c| table.get(c, row)),
            (None, _) => 1,
        };
        let value = if kpi.agg == Agg::Sum { weight as f64 } else { value };
        Some(Point { at, row: row as u32, value, weight })
    }

    fn inside<'p>(&self, points: &'p [Point], period: Period) -> &'p [Point] {
        let (from, to) = (self.hours.midnight(period.from), self.hours.midnight(period.until));
        let first = points.partition_point(|p| p.at < from);
        let last = points.partition_point(|p| p.at < to);
        &points[first..last]
    }

    fn cell(&self, kpi: &Kpi, points: &[Point], period: Period) -> Cell {
        let inside = self.inside(points, period);
        let to = self.hours.midnight(period.until);
        let n = inside.len();
        let is_ripe = self.now >= self.hours.midnight(period.until.plus_days(kpi.ripe_after));
        let mut cell = Cell { period, value: None, p90: None, n, empty: None, is_ripe };
        if kpi.agg == Agg::Receivables {
            let name = kpi.value.columns().first().map_or("", |c| *c).to_owned();
            let end = to.min(self.now);
            let from = self.hours.midnight(period.from);
            cell.value = self.receivables.figure(&name, self.hours, from, end);
            cell.empty = cell.value.is_none().then_some(Empty::Nothing);
            return cell;
        }
        if n < kpi.least {
            cell.empty = Some(Empty::Few);
            return cell;
        }
        let mut values: Vec<f64> = inside.iter().map(|p| p.value).collect();
        values.sort_by(f64::total_cmp);
        let rank = |share: f64| values[((share * n as f64).ceil() as usize).clamp(1, n) - 1];
        let weight: i64 = inside.iter().map(|p| p.weight).sum();
        cell.value = match kpi.agg {
            Agg::Count => Some(n as f64),
            Agg::Sum => Some(weight as f64),
            Agg::Median if n > 0 => {
                cell.p90 = Some(rank(0.9));
                Some(rank(0.5))
            }
            Agg::Mean if n > 0 => Some(values.iter().sum::<f64>() / n as f64),
            Agg::Share if n > 0 => {
                let is = values.iter().filter(|v| **v != 0.0).count();
                Some(is as f64 * 100.0 / n as f64)
            }
            Agg::WeightedShare if weight > 0 => {
                let is: i64 = inside.iter().filter(|p| p.value != 0.0).map(|p| p.weight).sum();
                Some(is as f64 * 100.0 / weight as f64)
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
