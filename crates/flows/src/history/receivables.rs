//! Invoices, what was paid of them and what is open, as another system knew them.
//!
//! The source tells when an invoice was settled, not by which payments: one payment a settled
//! invoice is what it says, and no more.
use super::door::Door;
use super::{GivenInvoice, Row, Settlement};
use finance::{Allocation, Invoice, InvoiceLine, InvoiceState, OpenItem, Payment, PaymentState};
use kernel::{Day, Fact, Id, Money, Price, Qty, Rate, Result, div_round};
use store::Tx;

pub(super) fn add_invoices(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    for row in rows {
        let Row::Invoice(row) = row else { continue };
        let scope = door.scope(tx, 0, 0)?;
        let invoice = invoice_of(door, row, scope)?;
        door.became(&row.origin, "invoice", invoice.id.raw());
        let issued = about(door, door.fact(finance::facts::INVOICE_ISSUED, Some(row.at)), &invoice);
        let is_settled = row.settlement == Settlement::Unknown;
        let issued = issued.moved("", if is_settled { "settled" } else { "posted" });
        let issued = issued.attr("due", row.due);
        let issued = if is_settled { issued.attr("settlement", "unknown") } else { issued };
        let disputed = if row.disputed { "yes" } else { "no" };
        tx.tell(issued.change("invoice", invoice.id.raw(), "disputed", disputed));
        tx.insert(std::slice::from_ref(&invoice));
        tx.insert(&lines_of(door, row, &invoice)?);
        if is_settled {
            continue;
        }
        let item = open_item_of(door, row, &invoice);
        tx.insert(std::slice::from_ref(&item));
        if let Settlement::Paid(day) = row.settlement {
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
    let settled = row.settlement != Settlement::Open;
    Ok(Invoice {
        id: door.cx.id(),
        version: 1,
        scope_id,
        number: row.number.clone(),
        company: door.batch.company,
        party: Id::from_raw(door.id(&row.party)?),
        heading: String::new(),
        tax_id: String::new(),
        kind: row.kind.into(),
        state: if settled { InvoiceState::Settled } else { InvoiceState::Posted },
        order_id: 0,
        currency: door.batch.currency,
        rate: door.batch.rate,
        day: Some(row.at.day),
        due: Some(row.due),
        gross: row.amount,
        net: row.amount,
        tax: 0,
        open: if settled { 0 } else { row.amount },
        gross_base: door.batch.base(row.amount),
        open_base: if settled { 0 } else { door.batch.base(row.amount) },
        held: 0,
        held_base: 0,
        disputed: row.disputed,
        posted_at: Some(row.at.at(&door.cx.zone)),
        settled_on: match row.settlement {
            Settlement::Paid(day) => Some(day),
            Settlement::Open | Settlement::Unknown => None,
        },
        history: true,
        batch_id: door.batch.id.raw(),
        lines: Vec::new(),
    })
}

/// The invoice's lines; where the source has none, one stands for the whole. The remainder of
/// rounding is the last line's.
fn lines_of(door: &Door<'_>, row: &GivenInvoice, invoice: &Invoice) -> Result<Vec<InvoiceLine>> {
    let scale = 10_i128.pow(invoice.currency.places());
    if row.lines.is_empty() {
        let price = div_round(i128::from(invoice.gross) * i128::from(Price::SCALE), scale);
        let mut line = blank_line(door, invoice, 1);
        (line.qty, line.price) = (Qty::whole(1), Price(price as i64));
        (line.gross, line.net) = (invoice.gross, invoice.net);
        return Ok(vec![line]);
    }
    let mut lines = Vec::with_capacity(row.lines.len());
    let (mut exact, mut told) = (0_i128, 0_i64);
    for (given, number) in row.lines.iter().zip(1..) {
        let mut line = blank_line(door, invoice, number);
        line.product = Some(Id::from_raw(door.id(&given.product)?));
        given.text.clone_into(&mut line.text);
        (line.qty, line.price) = (given.qty, given.price);
        exact += given.exact() * scale;
        let upto = div_round(exact, i128::from(Qty::SCALE) * i128::from(Price::SCALE)) as i64;
        (line.gross, line.net) = (upto - told, upto - told);
        told = upto;
        lines.push(line);
    }
    Ok(lines)
}

fn blank_line(door: &Door<'_>, invoice: &Invoice, line_no: i64) -> InvoiceLine {
    InvoiceLine {
        id: door.cx.id(),
        invoice: invoice.id,
        line_no,
        item: None,
        order_line: None,
        product: None,
        text: String::new(),
        qty: Qty::ZERO,
        price: Price::ZERO,
        tax_code: String::new(),
        tax_rate: Rate::ZERO,
        gross: 0,
        net: 0,
        tax: 0,
    }
}

fn open_item_of(door: &Door<'_>, row: &GivenInvoice, invoice: &Invoice) -> OpenItem {
    OpenItem {
        id: door.cx.id(),
        company: invoice.company,
        party: invoice.party,
        invoice: invoice.id,
        order_id: invoice.order_id,
        currency: invoice.currency,
        due: row.due,
        amount: invoice.gross,
        open: invoice.open,
        amount_base: invoice.gross_base,
        open_base: invoice.open_base,
        revalued_base: 0,
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
        amount_base: invoice.gross_base,
        unapplied_base: 0,
        held: 0,
        held_base: 0,
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
        refund: None,
        netted_with: 0,
        order_id: None,
        amount: invoice.gross,
        amount_base: invoice.gross_base,
        difference_base: 0,
        day,
        made_by: 0,
        reverses: 0,
        reversed_by: 0,
        recorded_at: Some(door.cx.now),
    };
    let received = door.fact(finance::facts::PAYMENT_RECEIVED, Some(day.into()));
    let received = received.on("payment", payment.id.raw(), "payment").moved("", "cleared");
    tx.tell(about(door, received, invoice));
    let applied = door.fact(finance::facts::PAYMENT_APPLIED, Some(day.into()));
    tx.tell(about(door, applied.on("payment", payment.id.raw(), "payment"), invoice));
    let settled = door.fact(finance::facts::INVOICE_SETTLED, Some(day.into()));
    tx.tell(about(door, settled, invoice).moved("posted", "settled"));
    tx.insert(&[payment]);
    tx.insert(&[allocation]);
}
