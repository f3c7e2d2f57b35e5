//! Invoices, what was paid of them and what is open, as another system knew them.
//!
//! The source tells when an invoice was settled, not by which payments: one payment a settled
//! invoice is what it says, and no more.
use super::door::Door;
use super::{GivenInvoice, Row};
use finance::{Allocation, Invoice, InvoiceLine, InvoiceState, OpenItem, Payment, PaymentState};
use kernel::{Day, Fact, Id, Money, Price, Qty, Rate, Result, div_round};
use store::Tx;

pub(super) fn add_invoices(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let given = |row: &Row| if let Row::Invoice(row) = row { Some(row.clone()) } else { None };
    let rows: Vec<GivenInvoice> = rows.iter().filter_map(given).collect();
    for row in &rows {
        let scope = door.scope(tx, 0, 0)?;
        let invoice = invoice_of(door, row, scope)?;
        door.became(&row.origin, "invoice", invoice.id.raw());
        let issued =
            about(door, door.fact(finance::facts::INVOICE_ISSUED, Some(row.day)), &invoice);
        let issued = issued.moved("", "posted").attr("due", row.due);
        let disputed = if row.disputed { "yes" } else { "no" };
        tx.tell(issued.change("invoice", invoice.id.raw(), "disputed", disputed));
        let item = open_item_of(door, row, &invoice);
        tx.insert(std::slice::from_ref(&invoice));
        tx.insert(&[line_of(door, &invoice)]);
        tx.insert(std::slice::from_ref(&item));
        if let Some(day) = row.settled {
            settle(door, tx, &invoice, &item, day);
        }
    }
    Ok(())
}

fn about(door: &Door<'_>, fact: Fact, invoice: &Invoice) -> Fact {
    let fact = fact.on("invoice", invoice.id.raw(), "invoice");
    let fact = fact.on("party", invoice.party.raw(), "customer");
    let worth = Money::new(invoice.gross, invoice.currency);
    fact.worth(worth, door.batch.base(invoice.gross))
}

fn invoice_of(door: &Door<'_>, row: &GivenInvoice, scope_id: i64) -> Result<Invoice> {
    let settled = row.settled.is_some();
    Ok(Invoice {
        id: door.cx.id(),
        version: 1,
        scope_id,
        number: row.number.clone(),
        company: door.batch.company,
        party: Id::from_raw(door.id(&row.party)?),
        heading: String::new(),
        tax_id: String::new(),
        kind: "invoice".into(),
        state: if settled { InvoiceState::Settled } else { InvoiceState::Posted },
        order_id: 0,
        currency: door.batch.currency,
        rate: door.batch.rate,
        day: Some(row.day),
        due: Some(row.due),
        gross: row.amount,
        net: row.amount,
        tax: 0,
        open: if settled { 0 } else { row.amount },
        disputed: row.disputed,
        posted_at: Some(door.cx.zone.at(row.day, 0)),
        settled_on: row.settled,
        history: true,
        batch_id: door.batch.id.raw(),
        lines: Vec::new(),
    })
}

/// The source has no lines: one line stands for the whole.
fn line_of(door: &Door<'_>, invoice: &Invoice) -> InvoiceLine {
    let scale = 10_i128.pow(invoice.currency.places());
    let price = div_round(i128::from(invoice.gross) * i128::from(Price::SCALE), scale);
    InvoiceLine {
        id: door.cx.id(),
        invoice: invoice.id,
        line_no: 1,
        item: None,
        order_line: None,
        product: None,
        text: String::new(),
        qty: Qty::whole(1),
        price: Price(price as i64),
        tax_code: String::new(),
        tax_rate: Rate::ZERO,
        gross: invoice.gross,
        net: invoice.net,
        tax: 0,
    }
}

fn open_item_of(door: &Door<'_>, row: &GivenInvoice, invoice: &Invoice) -> OpenItem {
    OpenItem {
        id: door.cx.id(),
        company: invoice.company,
        party: invoice.party,
        invoice: invoice.id,
        currency: invoice.currency,
        due: row.due,
        amount: invoice.gross,
        open: invoice.open,
    }
}

fn settle(door: &Door<'_>, tx: &mut Tx, invoice: &Invoice, item: &OpenItem, day: Day) {
    let payment = Payment {
        id: door.cx.id(),
        version: 1,
        scope_id: invoice.scope_id,
        number: format!("R{}", invoice.number),
        company: invoice.company,
        party: invoice.party,
        direction: "in".into(),
        method: "transfer".into(),
        state: PaymentState::Cleared,
        currency: invoice.currency,
        rate: invoice.rate,
        amount: invoice.gross,
        unapplied: 0,
        value_day: day,
        reference: invoice.number.clone(),
        received_at: Some(door.cx.zone.at(day, 0)),
        history: true,
        batch_id: invoice.batch_id,
    };
    let allocation = Allocation {
        id: door.cx.id(),
        company: invoice.company,
        payment: Some(payment.id),
        open_item: Some(item.id),
        netted_with: 0,
        order_id: None,
        amount: invoice.gross,
        day,
        made_by: 0,
        reverses: 0,
        reversed_by: 0,
        recorded_at: Some(door.cx.now),
    };
    let received = door.fact(finance::facts::PAYMENT_RECEIVED, Some(day));
    let received = received.on("payment", payment.id.raw(), "payment").moved("", "cleared");
    tx.tell(about(door, received, invoice));
    let settled = door.fact(finance::facts::INVOICE_SETTLED, Some(day));
    tx.tell(about(door, settled, invoice).moved("posted", "settled"));
    tx.insert(&[payment]);
    tx.insert(&[allocation]);
}
