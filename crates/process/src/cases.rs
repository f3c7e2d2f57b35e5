//! One row for each case (order, lead, invoice, …): when what happened first and last, how often,
//! and what it is sliced by. Figures and faults are read off these columns.
//!
//! Made from the columns of facts in one pass; a column is declared as data in `specs`.
mod orders;
pub mod specs;

use crate::log::Names;
use crate::own::{Facts, Ground};
use rustc_hash::FxHashMap;
use specs::{How, Spec};
use std::collections::BTreeMap;

/// Nothing there: it has not happened, or nobody knows.
pub const NO: i64 = i64::MIN;

/// The rows of one kind of case.
#[derive(Debug, Default)]
pub struct Table {
    pub name: &'static str,
    /// Ids of the objects, in the order of their first fact.
    pub id: Vec<i64>,
    columns: BTreeMap<&'static str, Vec<i64>>,
    slices: BTreeMap<&'static str, Vec<u32>>,
    /// Values of slices; 0 is nothing.
    pub words: Names,
    place: FxHashMap<i64, u32>,
}

impl Table {
    fn new(name: &'static str) -> Self {
        let mut table = Self { name, ..Self::default() };
        table.words.intern("");
        table
    }
    /// How many cases.
    #[must_use]
    pub fn len(&self) -> usize {
        self.id.len()
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }
    /// A column, if the table has it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&[i64]> {
        self.columns.get(name).map(Vec::as_slice)
    }
    /// A cell; [`NO`] where there is no such column.
    #[must_use]
    pub fn get(&self, name: &str, row: usize) -> i64 {
        self.columns.get(name).map_or(NO, |column| column[row])
    }
    /// What rows are sliced by.
    pub fn dimensions(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.slices.keys().copied()
    }
    /// The value of a dimension, by row; entries of `words`.
    #[must_use]
    pub fn slice(&self, dimension: &str) -> Option<&[u32]> {
        self.slices.get(dimension).map(Vec::as_slice)
    }
    /// The row of an object.
    #[must_use]
    pub fn row(&self, id: i64) -> Option<usize> {
        self.place.get(&id).map(|at| *at as usize)
    }
    fn row_of(&mut self, id: i64) -> usize {
        let next = self.id.len() as u32;
        let row = *self.place.entry(id).or_insert(next);
        if row == next {
            self.id.push(id);
        }
        row as usize
    }
    fn set(&mut self, name: &'static str, column: Vec<i64>) {
        self.columns.insert(name, column);
    }
    fn cut(&mut self, dimension: &'static str, word: impl Fn(i64) -> String) {
        let ids = std::mem::take(&mut self.id);
        let column = ids.iter().map(|id| self.words.intern(&word(*id))).collect();
        self.id = ids;
        self.slices.insert(dimension, column);
    }
}

/// All tables of a company.
#[derive(Debug, Default)]
pub struct Cases {
    pub tables: BTreeMap<&'static str, Table>,
}

impl Cases {
    /// Reads them off the facts.
    #[must_use]
    pub fn of(ground: &Ground) -> Self {
        let mut tables = BTreeMap::new();
        for spec in specs::ALL {
            let mut table = table(ground.facts(), spec);
            specs::from_masters(&mut table, ground);
            tables.insert(spec.name, table);
        }
        if let Some(table) = tables.get_mut("order") {
            orders::complete(table, ground);
        }
        Self { tables }
    }
    /// A table by name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }
}

/// One pass over the facts for one kind of case.
fn table(facts: &Facts, spec: &Spec) -> Table {
    let mut table = Table::new(spec.name);
    let Some(kind) = facts.kind(spec.name) else {
        spec.columns.iter().for_each(|(_, column, _)| table.set(column, Vec::new()));
        return table;
    };
    let mut wanted: Vec<Vec<usize>> = vec![Vec::new(); facts.activities.len()];
    for (at, (activity, ..)) in spec.columns.iter().enumerate() {
        if let Some(number) = facts.known(activity) {
            wanted[number as usize].push(at);
        }
    }
    let mut columns: Vec<Vec<i64>> = vec![Vec::new(); spec.columns.len()];
    for fact in 0..facts.len() {
        let wanted = &wanted[facts.activity[fact] as usize];
        if wanted.is_empty() || !facts.counts(fact) {
            continue;
        }
        for (_, id) in facts.touches(fact).filter(|(of, _)| *of == kind) {
            let row = table.row_of(id);
            for at in wanted {
                let (_, _, how) = spec.columns[*at];
                let column = &mut columns[*at];
                column.resize(column.len().max(row + 1), how.nothing());
                how.take(&mut column[row], facts, fact);
            }
        }
    }
    for ((_, name, how), mut column) in spec.columns.iter().zip(columns) {
        column.resize(table.len(), how.nothing());
        merge(&mut table, name, *how, column);
    }
    table
}

/// Two activities may fill one column: the earliest, the latest, or the sum of both.
fn merge(table: &mut Table, name: &'static str, how: How, column: Vec<i64>) {
    match table.columns.get_mut(name) {
        None => table.set(name, column),
        Some(known) => {
            for (known, new) in known.iter_mut().zip(column) {
                *known = how.both(*known, new);
            }
        }
    }
}
