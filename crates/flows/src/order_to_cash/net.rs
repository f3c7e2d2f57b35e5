//! Setting a credit note against what invoices leave open: no money moves, two records say so.
use crate::order_to_cash::paid::{Paid, draft};
use finance::commands::lock_invoices;
use finance::{Allocation, Invoice, OpenItem, facts};
use kernel::{Ctx, Error, Id, Money, Result, Stored};
use ledger::{DraftLine, posting};
use sales::Order;
use sales::commands::{lock_orders, save_order};
use store::{Tx, find, find_in};
use terms::{CreditDelta, credit_account};

/// An invoice or credit note with what it leaves open.
struct Open<'a> {
    invoice: &'a mut Invoice,
    item: &'a mut OpenItem,
}

/// A new credit note goes against the invoices of its own order, the oldest due first.
///
/// What is left of it stays open, for other invoices of the customer.
pub(crate) fn against_own_order(
    cx: &Ctx,
    tx: &mut Tx,
    order: &Order,
    note: &mut Invoice,
    note_item: &mut OpenItem,
) -> Result<()> {
    let mut items: Vec<OpenItem> = tx.lock_list(
        find!(
            OpenItem,
            "open > 0 AND order_id = $2 AND invoice IN (SELECT invoice FROM billable_item \
             WHERE tenant_id = $1 AND order_id = $2 AND state = 'invoiced') ORDER BY due, id"
        ),
        &[Stored::Int(order.id.raw())],
    )?;
    let ids: Vec<i64> = items.iter().map(|i| i.invoice.raw()).collect();
    let mut invoices = lock_invoices(tx, &ids)?;
    for item in &mut items {
        let amount = item.open.min(-note.open);
        let Some(invoice) = invoices.iter_mut().find(|i| i.id == item.invoice) else { continue };
        if amount > 0 {
            let note = Open { invoice: note, item: note_item };
            set_against(cx, tx, note, Open { invoice, item }, amount)?;
        }
    }
    Ok(())
}

/// Sets a part of a credit note against an invoice of the same customer.
///
/// Errors: `credit.not_a_note`, `credit.too_much`, `payment.wrong_party`, `payment.amount`,
/// `invoice.over_allocated`, `invoice.not_posted`.
pub fn apply_credit(
    cx: &Ctx,
    tx: &mut Tx,
    note: Id<Invoice>,
    invoice: Id<Invoice>,
    amount: i64,
) -> Result<Invoice> {
    cx.allow("finance.payment.allocate")?;
    let seen = [tx.get(note)?, tx.get(invoice)?];
    let ids = [note.raw(), invoice.raw()];
    let items: Vec<OpenItem> = tx.list_in(find_in!(OpenItem, "invoice IN (#)", 0), &[], &ids)?;
    let roots: Vec<i64> = items.iter().map(|i| i.order_id).filter(|id| *id != 0).collect();
    let mut orders = lock_orders(tx, &roots)?;
    let mut both = lock_invoices(tx, &[note.raw(), invoice.raw()])?;
    both.sort_by_key(|i| i.id != note);
    let [note, invoice] = &mut both[..] else {
        return Err(Error::invalid("credit.not_a_note", &seen[0].number));
    };
    allowed(note, invoice, amount)?;
    let (mut of_note, mut owed) = (open_items(tx, note)?, open_items(tx, invoice)?);
    let (mut left, mut paid) = (amount, Vec::new());
    let note_item = &mut of_note[0];
    for item in &mut owed {
        let part = left.min(item.open);
        if part > 0 {
            left -= part;
            paid.extend([(note_item.order_id, -part), (item.order_id, part)]);
            let of_note = Open { invoice: note, item: note_item };
            set_against(cx, tx, of_note, Open { invoice, item }, part)?;
        }
    }
    for order in &mut orders {
        let own = paid.iter().filter(|(of, _)| *of == order.id.raw());
        order.paid += own.map(|(_, amount)| amount).sum::<i64>();
        order.derive_progress();
        if let Some(fact) = order.close_if_settled(cx) {
            tx.tell(fact);
        }
        save_order(tx, order)?;
    }
    Ok(note.clone())
}

fn allowed(note: &Invoice, invoice: &Invoice, amount: i64) -> Result<()> {
    if !note.is_credit_note() || invoice.is_credit_note() {
        return Err(Error::invalid("credit.not_a_note", &note.number));
    }
    if note.party != invoice.party || note.currency != invoice.currency {
        return Err(Error::invalid("payment.wrong_party", &invoice.number));
    }
    if amount <= 0 {
        return Err(Error::invalid("payment.amount", Money::new(amount, note.currency)));
    }
    if amount > invoice.open {
        let e = Error::invalid("invoice.over_allocated", &invoice.number);
        return Err(e.with("open", Money::new(invoice.open, invoice.currency)));
    }
    if amount > note.free() {
        let e = Error::invalid("credit.too_much", &note.number);
        return Err(e.with("open", Money::new(note.free(), note.currency)));
    }
    Ok(())
}

/// A credit note has one; an invoice one for each order on it.
fn open_items(tx: &mut Tx, of: &Invoice) -> Result<Vec<OpenItem>> {
    let key = [Stored::Int(of.id.raw())];
    let found: Vec<OpenItem> = tx.lock_list(find!(OpenItem, "invoice = $2 ORDER BY id"), &key)?;
    if found.is_empty() {
        return Err(Error::conflict("invoice.not_posted", &of.number));
    }
    Ok(found)
}

fn set_against(cx: &Ctx, tx: &mut Tx, note: Open<'_>, owed: Open<'_>, amount: i64) -> Result<()> {
    let (off, back) = (owed.item.relieve(amount), -note.item.relieve(-amount));
    owed.invoice.pay(cx, amount, off)?;
    note.invoice.pay(cx, -amount, -back)?;
    tx.insert(&[
        record(cx, owed.item, note.item, (amount, off)),
        record(cx, note.item, owed.item, (-amount, -back)),
    ]);
    if back != off {
        difference(cx, tx, (note.invoice, owed.invoice), back - off)?;
    }
    let fact = cx.fact(facts::CREDIT_APPLIED).on("invoice", note.invoice.id.raw(), "credit_note");
    let fact = fact.on("invoice", owed.invoice.id.raw(), "invoice");
    let fact = fact.on("party", owed.invoice.party.raw(), "customer");
    let fact = fact.on("order", owed.item.order_id, "order");
    let fact = fact.on("order", note.item.order_id, "credited_order");
    let worth = Money::new(amount, owed.invoice.currency);
    tx.tell(fact.worth(worth, off));
    for side in [note, owed] {
        if side.invoice.open == 0 {
            let fact = side.invoice.fact(cx, facts::INVOICE_SETTLED);
            tx.tell(fact.moved("posted", "settled"));
        }
        tx.update(std::slice::from_ref(side.invoice));
        side.invoice.version += 1;
        tx.update(std::slice::from_ref(side.item));
    }
    Ok(())
}

/// The two were posted at different rates: what is left of neither is an exchange difference.
fn difference(cx: &Ctx, tx: &mut Tx, (note, owed): (&Invoice, &Invoice), left: i64) -> Result<()> {
    let account = credit_account::lock(cx, tx, owed.party)?;
    let delta = CreditDelta { receivable: left, ..CreditDelta::default() };
    credit_account::change(tx, account.id, delta);
    let fact = note.fact(cx, facts::RECEIVABLE_REVALUED);
    tx.tell(fact.worth(Money::new(left, cx.base), left));
    let paid = Paid { amount: 0, gave: left, relieved: 0 };
    let mut lines = vec![DraftLine::debit("receivable", left, 0).party(owed.party.raw())];
    lines.extend(paid.difference());
    let money = (note.currency, note.rate);
    let entry = draft(cx, note.doc(), &note.number, "allocation", money, lines);
    posting::post(cx, tx, &[entry])?;
    Ok(())
}

fn record(
    cx: &Ctx,
    item: &OpenItem,
    with: &OpenItem,
    (amount, amount_base): (i64, i64),
) -> Allocation {
    Allocation {
        id: cx.id(),
        company: item.company,
        payment: None,
        open_item: Some(item.id),
        order_id: None,
        refund: None,
        netted_with: with.id.raw(),
        amount,
        amount_base,
        difference_base: 0,
        day: cx.today(),
        made_by: cx.user,
        reverses: 0,
        reversed_by: 0,
        recorded_at: Some(cx.now),
    }
}
