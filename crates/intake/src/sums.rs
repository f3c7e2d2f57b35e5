//! What rows sum up to, in millionths: the files' side of the reconciliation. Pure.
use flows::history::{Outcome, Row, scale_of};
use kernel::Currency;
use std::collections::BTreeMap;

pub(crate) type Sums = BTreeMap<&'static str, i128>;

/// Sums over rows, by the names that the door gives to the stored ones.
pub(crate) fn of<'r>(rows: impl Iterator<Item = &'r Row>, currency: Currency) -> Sums {
    let minor = scale_of(currency);
    let mut sums = Sums::new();
    let mut add = |name, amount: i128| *sums.entry(name).or_insert(0) += amount;
    for row in rows {
        match row {
            Row::Product(row) => add("products.list_price", i128::from(row.list_price.0)),
            Row::Opportunity(row) => {
                let amount = i128::from(row.amount) * minor;
                add("opportunities.amount", amount);
                add("opportunities.won", if row.outcome == Outcome::Won { amount } else { 0 });
            }
            Row::Order(row) => {
                add("orders.net", row.lines.iter().map(|line| i128::from(line.exact)).sum());
                add("orders.freight", i128::from(row.freight) * minor);
                add("orders.quantity", row.lines.iter().map(|line| i128::from(line.qty.0)).sum());
            }
            Row::Invoice(row) => {
                let amount = i128::from(row.amount) * minor;
                let (open, paid) = if row.settled.is_some() { (0, amount) } else { (amount, 0) };
                add("invoices.amount", amount);
                add("invoices.disputed", if row.disputed { amount } else { 0 });
                add("invoices.open", open);
                add("payments.amount", paid);
            }
            Row::Party(_) | Row::Office(_) | Row::Agent(_) => {}
        }
    }
    sums
}

/// Millionths as the shortest exact decimal.
pub(crate) fn shown(millionths: i128) -> String {
    let (sign, size) = (if millionths < 0 { "-" } else { "" }, millionths.unsigned_abs());
    let part = format!("{:06}", size % 1_000_000);
    let part = part.trim_end_matches('0');
    let dot = if part.is_empty() { "" } else { "." };
    format!("{sign}{}{dot}{part}", size / 1_000_000)
}
