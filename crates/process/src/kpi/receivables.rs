//! Figures of receivables at the end of a period: what was open, what of it was overdue, and how
//! long sales wait for their money. Whole minor units throughout; days are statistics.
use crate::cases::{Cases, NO, Table};
use crate::own::{Facts, Hours};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// One change of what an invoice leaves open.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Move {
    at: i64,
    /// Row of the invoice.
    row: u32,
    amount: i64,
}

/// What was billed and paid, in order of time.
#[derive(Debug, Default)]
pub struct Receivables {
    moves: Vec<Move>,
    due: Vec<i64>,
    /// Credit sales: issued invoices, no opening balances.
    sales: Vec<Move>,
    /// What was open when, as far as it was asked for.
    known: Mutex<BTreeMap<i64, Open>>,
}

/// Which invoices count: all, or those of a slice.
pub type Which<'w> = Option<&'w dyn Fn(u32) -> bool>;

/// Receivables at an instant, in minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Open {
    /// How many invoices.
    pub n: usize,
    pub total: i64,
    pub overdue: i64,
    pub over_90: i64,
    pub over_365: i64,
}

const DAY: i64 = 86_400_000_000;

impl Receivables {
    /// Reads them off the facts of invoices and what pays them. A deposit on an order is told again
    /// when it pays an invoice, so what touches no invoice is left out.
    #[must_use]
    pub fn of(cases: &Cases, facts: &Facts) -> Self {
        let Some(table) = cases.table("invoice") else { return Self::default() };
        let mut book = Book { facts, table, open: FxHashMap::default() };
        let mut all = Self { due: due(table), ..Self::default() };
        for fact in facts.of(&[
            "invoice.issued",
            "invoice.credited",
            "receivable.opened",
            "payment.applied",
            "payment.unapplied",
            "credit.applied",
            "receivable.revalued",
        ]) {
            book.take(fact as usize, &mut all);
        }
        all.moves.sort_unstable();
        all.sales.sort_unstable();
        all
    }
    /// What was open just before an instant.
    #[must_use]
    pub fn open(&self, at: i64, which: Which<'_>) -> Open {
        if which.is_some() {
            return self.opened(at, which);
        }
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = known().get(&at) {
            return *open;
        }
        let open = self.opened(at, None);
        known().insert(at, open);
        open
    }
    fn opened(&self, at: i64, which: Which<'_>) -> Open {
        let mut open = Open::default();
        for (row, amount) in self.balances(at, which) {
            let late = self.late(row, at);
            open.n += 1;
            open.total += amount;
            open.overdue += if late > 0 { amount } else { 0 };
            open.over_90 += if late > 90 * DAY { amount } else { 0 };
            open.over_365 += if late > 365 * DAY { amount } else { 0 };
        }
        open
    }
    /// Invoices that something is open of just before an instant, and how much.
    fn balances(&self, at: i64, which: Which<'_>) -> impl Iterator<Item = (u32, i64)> + use<> {
        let mut by = vec![0_i64; self.due.len()];
        for m in self.moves.iter().take_while(|m| m.at < at) {
            if which.is_none_or(|is| is(m.row)) {
                by[m.row as usize] += m.amount;
            }
        }
        let all = by.into_iter().enumerate().filter(|(_, amount)| *amount != 0);
        all.map(|(row, amount)| (row as u32, amount))
    }
    /// How long ago an invoice was due, or nought.
    fn late(&self, row: u32, at: i64) -> i64 {
        match self.due[row as usize] {
            NO => 0,
            due => (at - due).max(0),
        }
    }
    /// The invoices behind a figure, with what is open of each: all that are open, or those that
    /// are as late as it says.
    #[must_use]
    pub fn rows(&self, name: &str, at: i64, which: Which<'_>) -> Vec<(u32, i64)> {
        let least = match name {
            "overdue_share" | "delinquent" => 1,
            "over_90" => 90 * DAY + 1,
            "over_365" => 365 * DAY + 1,
            _ => 0,
        };
        self.balances(at, which).filter(|(row, _)| self.late(*row, at) >= least).collect()
    }
    /// Credit sales of a period.
    #[must_use]
    pub fn sales(&self, from: i64, to: i64, which: Which<'_>) -> i64 {
        let first = self.sales.partition_point(|sale| sale.at < from);
        let of = self.sales[first..].iter().take_while(|sale| sale.at < to);
        of.filter(|sale| which.is_none_or(|is| is(sale.row))).map(|sale| sale.amount).sum()
    }
    /// Days of sales outstanding, counted back: whole months of sales are taken off what is open,
    /// the latest first, and the last one by its share.
    #[must_use]
    pub fn count_back(&self, hours: &Hours, end: i64, which: Which<'_>) -> Option<f64> {
        let mut left = self.open(end, which).total;
        let (mut days, mut until) = (0.0, end);
        for _ in 0..36 {
            let from = hours.midnight(hours.day(until - 1).first_of_month());
            let sales = self.sales(from, until, which);
            let length = (until - from) as f64 / DAY as f64;
            if left <= 0 {
                return Some(days);
            }
            if sales > left {
                return Some(days + length * left as f64 / sales as f64);
            }
            (left, days, until) = (left - sales, days + length, from);
        }
        None
    }
    /// A figure by name, for a period; `None` where nothing can be said.
    #[must_use]
    pub fn figure(
        &self,
        name: &str,
        hours: &Hours,
        (from, to): (i64, i64),
        which: Which<'_>,
    ) -> Option<f64> {
        let (open, sales) = (self.open(to, which), self.sales(from, to, which));
        let days = (to - from) as f64 / DAY as f64;
        let ratio = |a: i64, b: i64| (b > 0).then(|| a as f64 / b as f64);
        let percent = |a: i64, b: i64| ratio(a, b).map(|r| r * 100.0);
        match name {
            "open" => Some(open.total as f64),
            "dso" => ratio(open.total, sales).map(|r| r * days),
            "count_back" => self.count_back(hours, to, which),
            "best_possible" => ratio(open.total - open.overdue, sales).map(|r| r * days),
            "delinquent" => ratio(open.overdue, sales).map(|r| r * days),
            "current_share" => percent(open.total - open.overdue, open.total),
            "overdue_share" => percent(open.overdue, open.total),
            "over_90" => percent(open.over_90, open.total),
            "over_365" => percent(open.over_365, open.total),
            "effectiveness" => {
                let begin = self.open(from, which).total;
                percent(begin + sales - open.total, begin + sales - (open.total - open.overdue))
            }
            _ => None,
        }
    }
}

/// What is open while the facts are read.
struct Book<'f> {
    facts: &'f Facts,
    table: &'f Table,
    open: FxHashMap<u32, i64>,
}

impl Book<'_> {
    fn take(&mut self, fact: usize, all: &mut Receivables) {
        let facts = self.facts;
        // A file that does not say when an invoice was settled says nothing of what was open.
        if facts.attr(fact, "settlement") == Some("unknown") {
            return;
        }
        let (at, amount) = (facts.at[fact], facts.amount[fact]);
        let invoice = facts.kind("invoice");
        let touched = facts.touches(fact).filter(|(kind, _)| Some(*kind) == invoice);
        let rows: Vec<u32> =
            touched.filter_map(|(_, id)| self.table.row(id)).map(|r| r as u32).collect();
        let mut put = |row: u32, amount: i64| {
            *self.open.entry(row).or_default() += amount;
            all.moves.push(Move { at, row, amount });
        };
        match (facts.activity(fact), rows.as_slice()) {
            ("invoice.issued", [row, ..]) => {
                all.sales.push(Move { at, row: *row, amount });
                put(*row, amount);
            }
            ("invoice.credited" | "receivable.opened" | "receivable.revalued", [row, ..]) => {
                put(*row, amount);
            }
            ("payment.applied", [row, ..]) => put(*row, -amount),
            ("payment.unapplied", [row, ..]) => put(*row, amount),
            // The note is the one below zero; both come closer to it.
            ("credit.applied", [a, b, ..]) => {
                let is_note = self.open.get(a).copied().unwrap_or(0) < 0;
                let (note, owed) = if is_note { (*a, *b) } else { (*b, *a) };
                *self.open.entry(note).or_default() += amount;
                *self.open.entry(owed).or_default() -= amount;
                all.moves.push(Move { at, row: note, amount });
                all.moves.push(Move { at, row: owed, amount: -amount });
            }
            _ => {}
        }
    }
}

fn due(table: &Table) -> Vec<i64> {
    (0..table.len()).map(|row| table.get("due", row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Day;

    /// Sales of 300 in January (due in February), 310 in February and 620 in March, both due in
    /// April; 200 of January's are paid on the 20th of February.
    fn made() -> (Receivables, Hours, impl Fn(Day) -> i64) {
        let hours = Hours::china();
        let at = |day: Day| Hours::china().midnight(day);
        let (january, february) = (at(Day::of(2026, 1, 10)), at(Day::of(2026, 2, 10)));
        let march = at(Day::of(2026, 3, 10));
        let moves = vec![
            Move { at: january, row: 0, amount: 300 },
            Move { at: february, row: 1, amount: 310 },
            Move { at: at(Day::of(2026, 2, 20)), row: 0, amount: -200 },
            Move { at: march, row: 2, amount: 620 },
        ];
        let april = at(Day::of(2026, 4, 10));
        let due = vec![at(Day::of(2026, 2, 10)), april, april];
        let sale = |at, row, amount| Move { at, row, amount };
        let sales = vec![sale(january, 0, 300), sale(february, 1, 310), sale(march, 2, 620)];
        (Receivables { moves, due, sales, known: Mutex::default() }, hours, at)
    }

    #[test]
    fn dso_and_its_kin_by_hand() {
        let (made, hours, at) = made();
        let (from, to) = (at(Day::of(2026, 3, 1)), at(Day::of(2026, 4, 1)));
        let open = made.open(to, None);
        assert_eq!((open.n, open.total, open.overdue, open.over_90), (3, 1030, 100, 0));
        let figure = |name: &str| made.figure(name, &hours, (from, to), None).expect("a figure");
        let is = |name: &str, wanted: f64| {
            assert!((figure(name) - wanted).abs() < 1e-9, "{name}: {}", figure(name));
        };
        // 1030 open, 620 sold in 31 days.
        is("dso", 1030.0 / 620.0 * 31.0);
        is("best_possible", 930.0 / 620.0 * 31.0);
        is("delinquent", 5.0);
        // March's 620 leave 410, February's 310 leave 100, of January's 300 in 31 days a third.
        is("count_back", 31.0 + 28.0 + 31.0 / 3.0);
        is("overdue_share", 100.0 * 100.0 / 1030.0);
        // (410 + 620 − 1030) / (410 + 620 − 930): nothing was collected in March.
        is("effectiveness", 0.0);
        assert_eq!(made.figure("dso", &hours, (to, to + DAY), None), None, "no sales, no figure");
        // Of the third invoice alone: all of March's sales are open.
        let third: Which<'_> = Some(&|row| row == 2);
        assert_eq!(made.figure("dso", &hours, (from, to), third), Some(31.0));
        assert_eq!(made.figure("overdue_share", &hours, (from, to), third), Some(0.0));
        assert_eq!(made.rows("dso", to, None), [(0, 100), (1, 310), (2, 620)]);
        assert_eq!(made.rows("overdue_share", to, None), [(0, 100)]);
        assert_eq!(made.rows("over_90", to, None), []);
    }
}
