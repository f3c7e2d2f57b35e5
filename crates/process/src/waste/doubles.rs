//! What was perhaps done twice: one wish entered as two orders, one delivery billed by two
//! invoices, one invoice paid by two payments. The later one of two is listed.
use super::faults::{Case, Fault};
use crate::cases::{NO, Table};
use crate::own::Ground;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// Two that lie farther apart are two.
const NEAR: i64 = 7 * DAY;
/// Days after which money that pays nothing is no longer just on its way.
const SETTLED: i64 = 3 * DAY;

/// Rows of a table that are like an earlier one of the same customer, within seven days.
fn twins(
    table: &Table,
    ground: &Ground,
    time: &str,
    is_twin: impl Fn(usize, usize) -> bool,
) -> Vec<usize> {
    let mut by_party: BTreeMap<i64, Vec<(i64, usize)>> = BTreeMap::new();
    for row in 0..table.len() {
        let party = ground.masters.number(table.name, "party", table.id[row]).unwrap_or(0);
        let at = table.get(time, row);
        if at != NO && party != 0 {
            by_party.entry(party).or_default().push((at, row));
        }
    }
    let mut found = Vec::new();
    for list in by_party.values_mut() {
        list.sort_unstable();
        for (at, (when, row)) in list.iter().enumerate() {
            let near = list[..at].iter().rev().take_while(|(before, _)| when - before <= NEAR);
            found.extend(near.map(|o| o.1).any(|other| is_twin(*row, other)).then_some(*row));
        }
    }
    found
}

/// The same customer, the same amount within one per cent, within seven days: perhaps one order
/// entered twice.
pub(super) fn orders(table: &Table, ground: &Ground) -> Fault {
    let amount = |row: usize| table.get("amount", row);
    let is_twin = |row: usize, other: usize| {
        let (amount, known) = (amount(row), amount(other));
        amount > 0 && (amount - known).abs() * 100 <= known.abs()
    };
    let case = |row: usize| Case { id: table.id[row], minutes: 0, amount: amount(row) };
    let cases = twins(table, ground, "submitted", is_twin).into_iter().map(case).collect();
    Fault { name: "perhaps_twice", waste: "overproduction", kind: "order", cases }
}

/// The same customer and amount within seven days, neither of them credited nor given up. Two of
/// one order are one too many only when its invoices come to more than it does; two of different
/// orders when those came within seven days of each other too. Credit notes are none.
pub(super) fn invoices(table: &Table, orders: &Table, ground: &Ground) -> Fault {
    let masters = &ground.masters;
    let number = |row: usize, field| masters.number("invoice", field, table.id[row]).unwrap_or(0);
    let is_claim = |row: usize| {
        let is_taken_back = table.get("credited", row) != NO || table.get("cancelled", row) != NO;
        masters.text("invoice", "kind", table.id[row]) != "credit" && !is_taken_back
    };
    let mut billed: FxHashMap<i64, i64> = FxHashMap::default();
    for row in (0..table.len()).filter(|row| is_claim(*row)) {
        *billed.entry(number(row, "order_id")).or_default() += number(row, "gross");
    }
    let submitted = |order: i64| orders.row(order).map(|row| orders.get("submitted", row));
    let is_twin = |row: usize, other: usize| {
        let (order, before) = (number(row, "order_id"), number(other, "order_id"));
        let is_alike = number(row, "gross") == number(other, "gross") && number(row, "gross") > 0;
        if !is_alike || !is_claim(row) || !is_claim(other) {
            return false;
        }
        if order == before && order != 0 {
            let ordered = masters.number("order", "gross", order).unwrap_or(0);
            return billed.get(&order).is_some_and(|billed| *billed > ordered);
        }
        // An invoice of another system may not know its order.
        let days = submitted(order).zip(submitted(before));
        days.is_none_or(|(a, b)| a == NO || b == NO || (a - b).abs() <= NEAR)
    };
    let case = |row: usize| Case { id: table.id[row], minutes: 0, amount: number(row, "gross") };
    let cases = twins(table, ground, "issued", is_twin).into_iter().map(case).collect();
    Fault { name: "invoice_twice", waste: "processing", kind: "invoice", cases }
}

/// The same customer and amount within seven days, and the later one pays nothing that the earlier
/// one does not: it lies here for three days, or was applied to the same claims.
pub(super) fn payments(table: &Table, ground: &Ground, now: i64) -> Fault {
    let facts = ground.facts();
    // What a payment pays: invoices, or the order that a deposit is for.
    let payment = facts.kind("payment");
    let claims = [facts.kind("invoice"), facts.kind("order")];
    let mut paid: FxHashMap<i64, BTreeSet<i64>> = FxHashMap::default();
    for fact in facts.of(&["payment.applied"]) {
        let at = fact as usize;
        let Some(payment) = facts.object(at, payment) else { continue };
        let claims = facts.touches(at).filter(|(kind, _)| claims.contains(&Some(*kind)));
        paid.entry(payment).or_default().extend(claims.map(|(_, id)| id));
    }
    let none = BTreeSet::new();
    let of = |row: usize| paid.get(&table.id[row]).unwrap_or(&none);
    let received = |row: usize| table.get("received", row);
    let lies = |row: usize| of(row).is_empty() && now - received(row) > SETTLED;
    let is_twin = |row: usize, other: usize| {
        let amount = table.get("amount", row);
        let is_alike = amount > 0 && amount == table.get("amount", other);
        let came = |row: usize| table.get("reversed", row) == NO;
        let is_needless = lies(row) || (!of(row).is_empty() && of(row).is_subset(of(other)));
        is_alike && came(row) && came(other) && is_needless
    };
    let case = |row: usize| Case {
        id: table.id[row],
        minutes: if lies(row) { (now - received(row)) / MINUTE } else { 0 },
        amount: table.get("amount", row),
    };
    let cases = twins(table, ground, "received", is_twin).into_iter().map(case).collect();
    Fault { name: "payment_twice", waste: "processing", kind: "payment", cases }
}
