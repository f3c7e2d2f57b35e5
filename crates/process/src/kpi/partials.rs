//! What every figure is summed from: for each KPI and day the rows that count, with their sums.
//!
//! Rows that change leave the day they stood in and enter the one they stand in now; a period is
//! the sum of its days. Percentiles are exact: a day keeps the values of its rows.
use super::catalogue::{Agg, Catalogue, Kpi};
use crate::cases::{Cases, Dirty, NO, Table};
use crate::own::Hours;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// A row that counts for a KPI.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Point {
    pub at: i64,
    pub row: u32,
    pub value: f64,
    /// Whole minor units where the KPI sums or weighs by a column.
    pub weight: i64,
}

/// Sums of points.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Sums {
    pub n: usize,
    pub value: f64,
    pub weight: i64,
    /// Points whose value is true, and their weight.
    pub true_n: usize,
    pub true_weight: i64,
}

impl Sums {
    pub fn add(&mut self, point: &Point) {
        let is_true = point.value != 0.0;
        self.n += 1;
        self.value += point.value;
        self.weight += point.weight;
        self.true_n += usize::from(is_true);
        self.true_weight += if is_true { point.weight } else { 0 };
    }
    pub fn plus(&mut self, other: Self) {
        self.n += other.n;
        self.value += other.value;
        self.weight += other.weight;
        self.true_n += other.true_n;
        self.true_weight += other.true_weight;
    }
}

/// One day of one KPI.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Part {
    /// By time, then row.
    pub points: Vec<Point>,
    pub sums: Sums,
}

/// The days of one KPI.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Days {
    /// By day since 1970.
    pub days: BTreeMap<i64, Part>,
    /// The day of each row; [`NO`] where it does not count.
    day_of: Vec<i64>,
}

/// The days of all KPIs, in the order of the catalogue.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Partials {
    all: Vec<Days>,
}

impl Partials {
    /// Takes in the rows that changed.
    pub fn update(&mut self, catalogue: &Catalogue, cases: &Cases, hours: &Hours, dirty: &Dirty) {
        self.all.resize(catalogue.kpis.len(), Days::default());
        for (kpi, days) in catalogue.kpis.iter().zip(&mut self.all) {
            let (Some(table), Some(rows)) =
                (cases.table(&kpi.table), dirty.get(kpi.table.as_str()))
            else {
                continue;
            };
            days.update(kpi, table, hours, rows);
        }
    }
    /// The days of the KPI at a place of the catalogue.
    #[must_use]
    pub fn of(&self, place: usize) -> Option<&Days> {
        self.all.get(place)
    }
}

impl Days {
    fn update(&mut self, kpi: &Kpi, table: &Table, hours: &Hours, rows: &[u32]) {
        let Some(by) = table.column(&kpi.by) else { return };
        self.day_of.resize(table.len(), NO);
        let mut left: BTreeMap<i64, FxHashSet<u32>> = BTreeMap::new();
        let mut entered: BTreeMap<i64, Vec<Point>> = BTreeMap::new();
        for row in rows {
            let (at, was) = (by[*row as usize], self.day_of[*row as usize]);
            if was != NO {
                left.entry(was).or_default().insert(*row);
            }
            let point = point(kpi, table, *row as usize, at, hours);
            let day = point.map_or(NO, |_| hours.day(at).number());
            self.day_of[*row as usize] = day;
            if let Some(point) = point {
                entered.entry(day).or_default().push(point);
            }
        }
        for (day, rows) in left {
            if let Some(part) = self.days.get_mut(&day) {
                part.points.retain(|point| !rows.contains(&point.row));
                entered.entry(day).or_default();
            }
        }
        for (day, points) in entered {
            let part = self.days.entry(day).or_default();
            part.points.extend(points);
            part.points.sort_unstable_by_key(|p| (p.at, p.row));
            part.sums = Sums::default();
            part.points.iter().for_each(|point| part.sums.add(point));
            if part.points.is_empty() {
                self.days.remove(&day);
            }
        }
    }
}

/// What a row counts for; `None` where it does not.
fn point(kpi: &Kpi, table: &Table, row: usize, at: i64, hours: &Hours) -> Option<Point> {
    if at == NO || kpi.filter.as_ref().is_some_and(|f| !f.holds(table, row, hours)) {
        return None;
    }
    if kpi.ours && table.get("history", row) == 1 {
        return None;
    }
    let value = match kpi.agg {
        Agg::Count | Agg::PerWorkingDay => 1.0,
        Agg::Sum => 0.0,
        _ => kpi.value.value(table, row, hours)?,
    };
    let weight = match (&kpi.weight, kpi.agg) {
        (Some(column), _) => table.get(column, row).max(0),
        (None, Agg::Sum) => kpi.value.columns().first().map_or(0, |c| table.get(c, row)),
        (None, _) => 1,
    };
    let value = if kpi.agg == Agg::Sum { weight as f64 } else { value };
    Some(Point { at, row: row as u32, value, weight })
}
