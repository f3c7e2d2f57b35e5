//! IBM's late-payment histories: one file of invoices with due and settled days, and disputes.
//!
//! Traps: M/D/YYYY, CRLF, invoice numbers with leading zeros, country codes that no list has.
//! Customers have no file of their own: each is made of the rows that name it.
use super::{Build, fault, lines, origin};
use crate::mapping::{Column, FileMap, Kind, Mapping, text};
use crate::read::{Line, Reading};
use flows::history::{GivenInvoice, GivenParty, Link, Origin, Row, Settlement, Trade};
use kernel::{Day, Digest, Error};
use std::collections::BTreeMap;

pub(super) static MAPPING: Mapping =
    Mapping { name: "ar_ibm", files: &[INVOICES], nothing: &["NULL"], build };

const DAY: Kind = Kind::Day;

const INVOICES: FileMap = FileMap::rows(
    "accounts_receivable",
    "invoice",
    &["invoiceNumber"],
    &[
        text("countryCode", 20, "party.country").needed(),
        text("customerID", 40, "party.code").needed(),
        Column::new("PaperlessDate", DAY, "party.note"),
        text("invoiceNumber", 40, "invoice.number").needed(),
        Column::new("InvoiceDate", DAY, "invoice.day").needed(),
        Column::new("DueDate", DAY, "invoice.due").needed(),
        Column::new("InvoiceAmount", Kind::Money, "invoice.gross").needed(),
        Column::new("Disputed", Kind::YesNo { yes: "Yes", no: "No" }, "invoice.disputed").needed(),
        Column::new("SettledDate", DAY, "invoice.settled_on"),
        Column::new(
            "PaperlessBill",
            Kind::OneOf(&[("Paper", "paper"), ("Electronic", "electronic")]),
            "",
        ),
        Column::new("DaysToSettle", Kind::Whole, ""),
        Column::new("DaysLate", Kind::Whole, ""),
    ],
);

const CUSTOMER: &str = "customer";

/// What the rows of a customer say about it, and which row said it first.
struct Customer {
    country: String,
    paperless: Option<Day>,
    line: u64,
}

fn build(reading: &mut Reading, build: &mut Build) {
    customers(reading, build);
    let (mut disputed, mut open, mut differs) = (0, 0, 0);
    let mut wrong = Vec::new();
    for line in lines(reading, &INVOICES) {
        let Some(row) = invoice(line) else { continue };
        let settled = line.day(&INVOICES, "SettledDate");
        for (column, day) in [("DueDate", Some(row.due)), ("SettledDate", settled)] {
            if let Some(day) = day.filter(|day| *day < row.at.day) {
                let e = Error::invalid("import.day_order", day).with("column", "InvoiceDate");
                let e = e.with("earlier", row.at.day);
                wrong.push(((line.source, line.at), column, day.to_string(), e));
            }
        }
        disputed += usize::from(row.disputed);
        open += usize::from(settled.is_none());
        differs += usize::from(!agrees(line, &row));
        build.happened(Some(row.at.day));
        build.happened(settled);
        build.rows.push(Row::Invoice(row));
    }
    for (place, column, value, e) in wrong {
        fault(reading, place, column, &value, e);
    }
    reading.notes.add("disputed", disputed);
    reading.notes.add("open", open);
    reading.notes.add("days_differ", differs);
}

/// Error: `import.contradiction` where two rows say different things of one customer.
fn customers(reading: &mut Reading, build: &mut Build) {
    let mut all: BTreeMap<String, Customer> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in lines(reading, &INVOICES) {
        let country = line.text(&INVOICES, "countryCode");
        let paperless = line.day(&INVOICES, "PaperlessDate");
        let code = line.text(&INVOICES, "customerID");
        let said = all.entry(code.clone()).or_insert_with(|| Customer {
            country: country.clone(),
            paperless,
            line: line.at,
        });
        if said.country != country || said.paperless != paperless {
            let e = Error::invalid("import.contradiction", &code).with("first", said.line);
            wrong.push(((line.source, line.at), code, e));
        }
    }
    build.rows.extend(all.into_iter().map(|(code, said)| Row::Party(Box::new(party(code, &said)))));
    for (place, code, e) in wrong {
        fault(reading, place, "customerID", &code, e);
    }
}

fn party(code: String, said: &Customer) -> GivenParty {
    let since = said.paperless.map(|day| day.to_string()).unwrap_or_default();
    let mut digest = Digest::new();
    digest.text(&code).text(&said.country).text(&since);
    GivenParty {
        origin: Origin { kind: CUSTOMER, key: code.clone(), hash: digest.finish() },
        code: code.clone(),
        name: code,
        trade: Trade::Customer,
        tax_id: String::new(),
        industry: String::new(),
        country: said.country.clone(),
        region: String::new(),
        parent: None,
        contact: None,
        place: None,
        note: if since.is_empty() { since } else { format!("paperless since {since}") },
        reuse: false,
    }
}

fn invoice(line: &Line) -> Option<GivenInvoice> {
    Some(GivenInvoice {
        origin: origin(&INVOICES, line),
        number: line.text(&INVOICES, "invoiceNumber"),
        party: Link { kind: CUSTOMER, key: line.text(&INVOICES, "customerID") },
        kind: "invoice",
        at: line.moment(&INVOICES, "InvoiceDate")?,
        due: line.day(&INVOICES, "DueDate")?,
        amount: line.number(&INVOICES, "InvoiceAmount")?,
        settlement: match line.day(&INVOICES, "SettledDate") {
            Some(day) => Settlement::Paid(day),
            None => Settlement::Open,
        },
        lines: Vec::new(),
        disputed: line.is_yes(&INVOICES, "Disputed"),
    })
}

/// Do the file's own day counts follow from its days?
fn agrees(line: &Line, row: &GivenInvoice) -> bool {
    let Settlement::Paid(settled) = row.settlement else { return true };
    let is = |column: &str, days: i64| line.number(&INVOICES, column).is_none_or(|n| n == days);
    is("DaysToSettle", row.at.day.days_until(settled))
        && is("DaysLate", row.due.days_until(settled).max(0))
}
