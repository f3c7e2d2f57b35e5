//! What a row that came from another system is taken to say, where its file knows no more.
use super::{NO, Table};
use crate::own::Ground;

/// Marks rows of history, and fills in: an order was submitted when it was entered, and promised
/// for the day that it was asked for; an invoice whose settlement is unknown was never due.
pub(super) fn complete(table: &mut Table, ground: &Ground, rows: &[u32]) {
    let facts = ground.facts();
    let first = |table: &Table, row: usize| table.facts_of(row).first().map(|f| *f as usize);
    table.set("history", rows, |table, row| {
        i64::from(first(table, row).is_some_and(|fact| facts.batch(fact) != 0))
    });
    match table.name {
        "order" => {
            instead(table, rows, "submitted", "entered");
            instead(table, rows, "promised", "requested");
        }
        "invoice" => {
            let is_unknown = |row: usize| {
                let first = first(table, row);
                first.is_some_and(|fact| facts.attr(fact, "settlement") == Some("unknown"))
            };
            let unknown: Vec<u32> =
                rows.iter().copied().filter(|row| is_unknown(*row as usize)).collect();
            table.set("due", &unknown, |_, _| NO);
        }
        _ => {}
    }
}

/// Rows of history without a value in a column have that of another one.
fn instead(table: &mut Table, rows: &[u32], column: &'static str, other: &str) {
    let is_missing = |row: &u32| {
        let row = *row as usize;
        table.get("history", row) == 1 && table.get(column, row) == NO
    };
    let missing: Vec<u32> = rows.iter().copied().filter(is_missing).collect();
    table.set(column, &missing, |table, row| table.get(other, row));
}
