//! One row for each case (order, lead, invoice, …): when what happened first and last, how often,
//! and what it is sliced by. Figures and faults are read off these columns.
//!
//! Made from the columns of facts; a column is declared as data in `specs`. When facts come, the
//! rows that they touch are made anew from all their facts, by the same code.
mod history;
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
    /// All facts of each object of this kind, in the order of the seal.
    facts: FxHashMap<i64, Vec<u32>>,
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
    /// The facts of a row, in the order of the seal.
    pub(crate) fn facts_of(&self, row: usize) -> &[u32] {
        self.facts.get(&self.id[row]).map_or(&[], Vec::as_slice)
    }
    /// Fills a column for some rows.
    fn set(&mut self, name: &'static str, rows: &[u32], value: impl Fn(&Self, usize) -> i64) {
        let mut column = self.columns.remove(name).unwrap_or_default();
        column.resize(self.len(), NO);
        for row in rows {
            column[*row as usize] = value(self, *row as usize);
        }
        self.columns.insert(name, column);
    }
    fn cut(&mut self, dimension: &'static str, rows: &[u32], word: impl Fn(i64) -> String) {
        let mut column = self.slices.remove(dimension).unwrap_or_default();
        column.resize(self.len(), 0);
        for row in rows {
            column[*row as usize] = self.words.intern(&word(self.id[*row as usize]));
        }
        self.slices.insert(dimension, column);
    }
}

/// All tables of a company.
#[derive(Debug, Default)]
pub struct Cases {
    pub tables: BTreeMap<&'static str, Table>,
}

/// Rows that changed, by table.
pub type Dirty = BTreeMap<&'static str, Vec<u32>>;

impl Cases {
    /// Reads them off the facts.
    #[must_use]
    pub fn of(ground: &Ground) -> Self {
        let mut cases = Self::default();
        cases.update(ground, 0);
        cases
    }
    /// Takes in the facts from one on; what changed.
    pub fn update(&mut self, ground: &Ground, from: usize) -> Dirty {
        let lines = ground.masters.by("order_line", "order_id");
        let mut dirty = Dirty::new();
        for spec in specs::ALL {
            let table = self.tables.entry(spec.name).or_insert_with(|| Table::new(spec.name));
            let rows = index(table, ground.facts(), spec, from);
            fill(table, ground.facts(), spec, &rows);
            specs::from_masters(table, ground, &lines, &rows);
            if spec.name == "order" {
                orders::complete(table, ground, &lines, &rows);
            }
            dirty.insert(spec.name, rows);
        }
        dirty
    }
    /// A table by name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }
}

/// Activities by number, and whether the table has a column of theirs.
fn wanted(facts: &Facts, spec: &Spec) -> Vec<bool> {
    let mut wanted = vec![false; facts.activities.len()];
    for (activity, ..) in spec.columns {
        if let Some(number) = facts.known(activity) {
            wanted[number as usize] = true;
        }
    }
    wanted
}

/// Notes which objects the facts from one on touch, and gives rows to the new ones among them;
/// the rows that are touched.
fn index(table: &mut Table, facts: &Facts, spec: &Spec, from: usize) -> Vec<u32> {
    let Some(kind) = facts.kind(spec.name) else { return Vec::new() };
    let wanted = wanted(facts, spec);
    let mut touched = Vec::new();
    for fact in from..facts.len() {
        if !facts.counts(fact) {
            continue;
        }
        let is_wanted = wanted[facts.activity[fact] as usize];
        for (_, id) in facts.touches(fact).filter(|(of, _)| *of == kind) {
            table.facts.entry(id).or_default().push(fact as u32);
            if is_wanted {
                table.row_of(id);
            }
            touched.push(id);
        }
    }
    touched.sort_unstable();
    touched.dedup();
    let mut rows: Vec<u32> = touched.iter().filter_map(|id| table.place.get(id)).copied().collect();
    rows.sort_unstable();
    rows
}

/// Fills the columns of some rows from their facts. Two activities may fill one column: the
/// earliest, the latest, or the sum of both.
fn fill(table: &mut Table, facts: &Facts, spec: &Spec, rows: &[u32]) {
    let mut names: Vec<(&'static str, How)> = Vec::new();
    let mut by_activity: Vec<Vec<usize>> = vec![Vec::new(); facts.activities.len()];
    for (activity, name, how) in spec.columns {
        let known = names.iter().position(|(of, _)| of == name);
        let at = known.unwrap_or_else(|| {
            names.push((name, *how));
            names.len() - 1
        });
        if let Some(number) = facts.known(activity) {
            by_activity[number as usize].push(at);
        }
    }
    let n = table.len();
    let take = |(name, how): &(&'static str, How)| {
        let mut column = table.columns.remove(name).unwrap_or_default();
        column.resize(n, how.nothing());
        rows.iter().for_each(|row| column[*row as usize] = how.nothing());
        column
    };
    let mut columns: Vec<Vec<i64>> = names.iter().map(take).collect();
    for row in rows {
        for fact in table.facts_of(*row as usize) {
            let fact = *fact as usize;
            for at in by_activity[facts.activity[fact] as usize].iter().copied() {
                names[at].1.take(&mut columns[at][*row as usize], facts, fact);
            }
        }
    }
    for ((name, _), column) in names.iter().zip(columns) {
        table.columns.insert(name, column);
    }
}
