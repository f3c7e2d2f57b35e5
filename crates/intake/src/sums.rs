//! What rows sum up to, in millionths: the files' side of the reconciliation. Pure.
use flows::history::{GivenInvoice, GivenOrder, LeadEnd, Outcome, Row, Settlement, scale_of};
use kernel::{Currency, Price, div_round};
use std::collections::BTreeMap;

pub(crate) type Sums = BTreeMap<&'static str, i128>;

/// Sums over rows, by the names that the door gives to the stored ones.
pub(crate) fn of<'r>(rows: impl Iterator<Item = &'r Row>, currency: Currency) -> Sums {
    let minor = scale_of(currency);
    let mut sums = Sums::new();
    let mut bills = Bills::default();
    for row in rows {
        let mut add = |name, amount: i128| *sums.entry(name).or_insert(0) += amount;
        match row {
            Row::Product(row) => add("products.list_price", row.list_price.0.into()),
            Row::Lead(row) => {
                add("leads.est_amount", i128::from(row.est_amount) * minor);
                let converted = row.end == LeadEnd::Converted;
                add("leads.converted", if converted { ONE } else { 0 });
            }
            Row::Opportunity(row) => {
                let amount = i128::from(row.amount) * minor;
                add("opportunities.amount", amount);
                add("opportunities.won", if row.outcome == Outcome::Won { amount } else { 0 });
            }
            Row::Order(row) => order(row, minor, &mut add),
            Row::Payment(row) => add("payments.amount", i128::from(row.amount) * minor),
            Row::Review(row) => add("reviews.score", i128::from(row.score) * ONE),
            Row::Invoice(row) => invoice(row, minor, &mut add, &mut bills),
            Row::Stock(row) => {
                add("stock.quantity", row.lines.iter().map(|l| i128::from(l.qty.0)).sum());
                let value: i128 = row.lines.iter().map(|l| i128::from(l.value)).sum();
                add("stock.value", value * minor);
            }
            Row::Payable(row) => add("payables.amount", i128::from(row.amount) * minor),
            Row::Party(_)
            | Row::Contact(_)
            | Row::Office(_)
            | Row::Agent(_)
            | Row::Warehouse(_)
            | Row::Balances(_) => {}
        }
    }
    if bills.lines > 0 {
        sums.insert("invoices.lines", div_round(bills.exact, ONE));
        sums.insert("invoices.quantity", bills.quantity);
    }
    sums
}

/// Millionths of one.
const ONE: i128 = 1_000_000;

/// Lines of invoices: exact in millionths of millionths, rounded once at the end.
#[derive(Default)]
struct Bills {
    lines: usize,
    exact: i128,
    quantity: i128,
}

fn order(row: &GivenOrder, minor: i128, add: &mut impl FnMut(&'static str, i128)) {
    add("orders.net", row.lines.iter().map(|line| i128::from(line.exact)).sum());
    add("orders.freight", i128::from(row.freight) * minor);
    add("orders.quantity", row.lines.iter().map(|line| i128::from(line.qty.0)).sum());
    if row.paid != 0 {
        add("orders.paid", i128::from(row.paid) * minor);
    }
    if let Some((_, profit)) = row.more.iter().find(|(name, _)| *name == "profit") {
        add("orders.profit", Price::parse(profit).map_or(0, |p| p.0).into());
    }
}

fn invoice(
    row: &GivenInvoice,
    minor: i128,
    add: &mut impl FnMut(&'static str, i128),
    bills: &mut Bills,
) {
    let amount = i128::from(row.amount) * minor;
    add("invoices.amount", amount);
    if row.settlement != Settlement::Unknown {
        let is_open = row.settlement == Settlement::Open;
        add("invoices.disputed", if row.disputed { amount } else { 0 });
        add("invoices.open", if is_open { amount } else { 0 });
        add("payments.amount", if is_open { 0 } else { amount });
    }
    for line in &row.lines {
        bills.lines += 1;
        bills.exact += line.exact();
        bills.quantity += i128::from(line.qty.0);
    }
}

/// Millionths as the shortest exact decimal.
pub(crate) fn shown(millionths: i128) -> String {
    let (sign, size) = (if millionths < 0 { "-" } else { "" }, millionths.unsigned_abs());
    let part = format!("{:06}", size % 1_000_000);
    let part = part.trim_end_matches('0');
    let dot = if part.is_empty() { "" } else { "." };
    format!("{sign}{}{dot}{part}", size / 1_000_000)
}
