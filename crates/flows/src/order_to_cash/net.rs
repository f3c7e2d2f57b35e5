//! Setting a credit note against what invoices leave open: no money moves, two records say so.
use finance::commands::lock_invoices;
use finance::{Allocation, Invoice, OpenItem, facts};
use kernel::{Ctx, Error, Id, Money, Result, Stored};
use sales::Order;
use sales::commands::{lock_orders, save_order};
use store::{Tx, find};

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
            "open > 0 AND invoice IN (SELECT id FROM invoice WHERE tenant_id = $1 \
             AND order_id = $2) ORDER BY due, id"
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
    let roots: Vec<i64> = seen.iter().map(|i| i.order_id).filter(|id| *id != 0).collect();
    let mut orders = lock_orders(tx, &roots)?;
    let mut both = lock_invoices(tx, &[note.raw(), invoice.raw()])?;
    both.sort_by_key(|i| i.id != note);
    let [note, invoice] = &mut both[..] else {
        return Err(Error::invalid("credit.not_a_note", &seen[0].number));
    };
    allowed(note, invoice, amount)?;
    let (mut note_item, mut item) = (open_item(tx, note)?, open_item(tx, invoice)?);
    let of_note = Open { invoice: note, item: &mut note_item };
    set_against(cx, tx, of_note, Open { invoice, item: &mut item }, amount)?;
    for order in &mut orders {
        let paid = [(&*note, -amount), (&*invoice, amount)];
        let own = paid.iter().filter(|(i, _)| i.order_id == order.id.raw());
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
    if amount > -note.open {
        let e = Error::invalid("credit.too_much", &note.number);
        return Err(e.with("open", Money::new(-note.open, note.currency)));
    }
    Ok(())
}

fn open_item(tx: &mut Tx, of: &Invoice) -> Result<OpenItem> {
    let key = [Stored::Int(of.id.raw())];
    let found: Vec<OpenItem> = tx.lock_list(find!(OpenItem, "invoice = $2 ORDER BY id"), &key)?;
    found.into_iter().next().ok_or_else(|| Error::conflict("invoice.not_posted", &of.number))
}

fn set_against(cx: &Ctx, tx: &mut Tx, note: Open<'_>, owed: Open<'_>, amount: i64) -> Result<()> {
    owed.invoice.pay(cx, amount)?;
    note.invoice.pay(cx, -amount)?;
    owed.item.open -= amount;
    note.item.open += amount;
    tx.insert(&[
        record(cx, owed.item, note.item, amount),
        record(cx, note.item, owed.item, -amount),
    ]);
    let fact = cx.fact(facts::CREDIT_APPLIED).on("invoice", note.invoice.id.raw(), "credit_note");
    let fact = fact.on("invoice", owed.invoice.id.raw(), "invoice");
    let fact = fact.on("party", owed.invoice.party.raw(), "customer");
    let fact = fact.on("order", owed.invoice.order_id, "order");
    let fact = fact.on("order", note.invoice.order_id, "credited_order");
    let worth = Money::new(amount, owed.invoice.currency);
    tx.tell(fact.worth(worth, owed.invoice.base(amount)));
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

fn record(cx: &Ctx, item: &OpenItem, with: &OpenItem, amount: i64) -> Allocation {
    Allocation {
        id: cx.id(),
        company: item.company,
        payment: None,
        open_item: Some(item.id),
        order_id: None,
        netted_with: with.id.raw(),
        amount,
        day: cx.today(),
        made_by: cx.user,
        reverses: 0,
        reversed_by: 0,
        recorded_at: Some(cx.now),
    }
}
