//! UCI's online retail: lines of invoices; returns are negative lines of invoices with a `C`.
//!
//! Traps: customers written as `15465.0`, a quarter of the lines without one; one invoice over two
//! minutes; lines at no price; codes that are no goods (`POST`, `M`). Nothing tells whether an
//! invoice was paid: it is kept as settled, and nothing of it is owed.
use super::{Build, lines, made_of, party};
use crate::mapping::{Column, FileMap, Kind, Mapping, Role, text};
use crate::read::{Line, Reading};
use flows::history::{GivenInvoice, GivenInvoiceLine, GivenProduct, Link, Origin, Row, Settlement};
use kernel::{Digest, Price, Qty, div_round};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static MAPPING: Mapping =
    Mapping { name: "online_retail", files: &[LINES], nothing: &[], build };

const LINES: FileMap = FileMap {
    name: "online_retail",
    kind: "invoice_line",
    role: Role::Rows,
    // The same article stands several times in one invoice: lines have no key.
    key: &[],
    columns: &[
        text("InvoiceNo", 40, "invoice.number").needed(),
        text("StockCode", 56, "product.code").needed(),
        text("Description", 200, "invoice_line.text"),
        Column::new("Quantity", Kind::Exact, "invoice_line.qty").needed(),
        Column::new("InvoiceDate", Kind::Time, "invoice.day").needed(),
        Column::new("UnitPrice", Kind::Exact, "invoice_line.price").needed(),
        Column::new("CustomerID", Kind::Code { max: 36 }, "invoice.party"),
        text("Country", 60, "party.country"),
    ],
    needs: &[],
    headless: false,
};

/// Whoever bought without saying who: one party for all of them.
const NOBODY: &str = "(none)";

fn customer(line: &Line) -> String {
    let key = line.text(&LINES, "CustomerID");
    if key.is_empty() { NOBODY.to_owned() } else { key }
}

fn build(reading: &mut Reading, build: &mut Build) {
    masters(reading, build);
    let mut invoices: BTreeMap<String, Vec<&Line>> = BTreeMap::new();
    let (mut nobody, mut free, mut returned) = (0, 0, 0);
    for line in lines(reading, &LINES) {
        nobody += usize::from(line.text(&LINES, "CustomerID").is_empty());
        free += usize::from(line.number(&LINES, "UnitPrice") == Some(0));
        returned += usize::from(line.number(&LINES, "Quantity").is_some_and(|qty| qty < 0));
        invoices.entry(line.text(&LINES, "InvoiceNo")).or_default().push(line);
    }
    let mut credits = 0;
    for (number, of) in &invoices {
        let Some(row) = invoice(number, of, build) else { continue };
        credits += usize::from(row.kind == "credit");
        build.happened(Some(row.at.day));
        build.rows.push(Row::Invoice(row));
    }
    reading.notes.add("lines_without_customer", nobody);
    reading.notes.add("lines_without_price", free);
    reading.notes.add("lines_returned", returned);
    reading.notes.add("credit_invoices", credits);
    reading.notes.add("settlement_unknown", invoices_of(build));
}

fn invoices_of(build: &Build) -> usize {
    build.rows.iter().filter(|row| matches!(row, Row::Invoice(_))).count()
}

fn masters(reading: &Reading, build: &mut Build) {
    let (mut customers, mut products) = (BTreeSet::new(), BTreeMap::new());
    for line in lines(reading, &LINES) {
        let key = customer(line);
        if customers.insert(key.clone()) {
            let mut row = party(made_of("customer", &key), key.clone(), key);
            row.country = line.text(&LINES, "Country");
            if row.code == NOBODY {
                row.country = String::new();
            }
            build.rows.push(Row::Party(Box::new(row)));
        }
        let name = line.text(&LINES, "Description");
        let known: &mut String = products.entry(line.text(&LINES, "StockCode")).or_default();
        if known.is_empty() {
            *known = name;
        }
    }
    for (code, name) in products {
        build.rows.push(Row::Product(GivenProduct {
            origin: made_of("product", &code),
            name: if name.is_empty() { code.clone() } else { name },
            code,
            spec: String::new(),
            category: String::new(),
            unit: String::new(),
            list_price: Price::ZERO,
            standard_cost: Price::ZERO,
            active: true,
            reuse: false,
        }));
    }
}

fn invoice(number: &str, of: &[&Line], build: &Build) -> Option<GivenInvoice> {
    let first = of.first()?;
    let mut digest = Digest::new();
    of.iter().for_each(|line| line.digest(&mut digest));
    let parts: Vec<GivenInvoiceLine> = of.iter().filter_map(|line| part(line)).collect();
    let exact: i128 = parts.iter().map(GivenInvoiceLine::exact).sum();
    let minor = 10_i128.pow(build.currency.places());
    let one = i128::from(Qty::SCALE) * i128::from(Price::SCALE);
    let at = first.moment(&LINES, "InvoiceDate")?;
    Some(GivenInvoice {
        origin: Origin { kind: "invoice", key: number.to_owned(), hash: digest.finish() },
        number: number.to_owned(),
        party: Link { kind: "customer", key: customer(first) },
        kind: if number.starts_with('C') { "credit" } else { "invoice" },
        at,
        due: at.day,
        amount: i64::try_from(div_round(exact * minor, one)).ok()?,
        settlement: Settlement::Unknown,
        disputed: false,
        lines: parts,
    })
}

fn part(line: &Line) -> Option<GivenInvoiceLine> {
    Some(GivenInvoiceLine {
        product: Link { kind: "product", key: line.text(&LINES, "StockCode") },
        text: line.text(&LINES, "Description"),
        qty: Qty(line.number(&LINES, "Quantity")?),
        price: Price(line.number(&LINES, "UnitPrice")?),
    })
}
