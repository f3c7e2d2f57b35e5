//! Rows of masters that the writer of a SQLite file read before, kept until one of them is written.
//!
//! The writer is alone: what it read stays true until it writes. Every command asks for the
//! company, its accounts, its open period, the terms. On PostgreSQL others write too, and nothing
//! is kept.
use crate::{Row, Sql};
use kernel::Stored;
use rustc_hash::{FxHashMap, FxHashSet};

/// Cells kept at most, some 30 MB; beyond it all are forgotten and it begins anew.
const CELLS: usize = 500_000;

/// What was found, by the statement and its parameters.
type Found = FxHashMap<Vec<Stored>, Vec<Vec<Stored>>>;

#[derive(Default)]
pub(crate) struct Known {
    found: FxHashMap<u64, Found>,
    tables: FxHashSet<&'static str>,
    cells: usize,
}

impl Known {
    pub(crate) fn rows(&self, sql: &Sql, params: &[Stored]) -> Option<Vec<Row>> {
        let rows = self.found.get(&sql.serial())?.get(params)?;
        Some(rows.iter().cloned().map(Row::new).collect())
    }

    /// Keeps what a read found, where it found nothing but masters.
    pub(crate) fn keep(&mut self, sql: &Sql, params: &[Stored], rows: &[Row]) {
        let Some(table) = sql.masters() else { return };
        let rows: Vec<Vec<Stored>> = rows.iter().map(|row| row.left().to_vec()).collect();
        self.cells += params.len() + rows.iter().map(Vec::len).sum::<usize>();
        if self.cells > CELLS {
            return self.forget();
        }
        self.tables.insert(table);
        self.found.entry(sql.serial()).or_default().insert(params.to_vec(), rows);
    }

    /// Forgets all when a table is written of which rows are kept: that is rare.
    pub(crate) fn written(&mut self, sql: &Sql) {
        if sql.writes().is_some_and(|table| self.tables.contains(table)) {
            self.forget();
        }
    }

    /// Forgets all: a transaction was taken back, or somebody else may have written.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(n: i64) -> Vec<Stored> {
        vec![Stored::Int(n)]
    }

    #[test]
    fn rows_are_known_until_their_table_is_written() {
        let read = Sql::new("SELECT id FROM company WHERE tenant_id = $1").of_masters("company");
        let mut known = Known::default();
        known.keep(&read, &cell(1), &[Row::new(cell(7))]);
        known.written(&Sql::new("UPDATE stock SET on_hand = 0 WHERE tenant_id = $1"));
        let found = known.rows(&read, &cell(1)).expect("known");
        assert_eq!(found[0].left(), cell(7));
        assert!(known.rows(&read, &cell(2)).is_none());
        known.written(&Sql::new("UPDATE company SET name = $2 WHERE tenant_id = $1"));
        assert!(known.rows(&read, &cell(1)).is_none());
    }

    #[test]
    fn a_read_that_is_not_of_masters_alone_is_never_kept() {
        let read = Sql::new("SELECT id FROM stock WHERE tenant_id = $1");
        let mut known = Known::default();
        known.keep(&read, &cell(1), &[Row::new(cell(7))]);
        assert!(known.rows(&read, &cell(1)).is_none());
    }

    #[test]
    fn statements_of_the_same_text_are_told_apart() {
        let make = || Sql::new("SELECT id FROM company WHERE tenant_id = $1").of_masters("company");
        let mut known = Known::default();
        known.keep(&make(), &cell(1), &[Row::new(cell(7))]);
        assert!(known.rows(&make(), &cell(1)).is_none());
    }
}
