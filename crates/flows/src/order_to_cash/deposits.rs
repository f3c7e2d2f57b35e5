//! Deposits on orders in the books: 合同负债 without tax and 待转销项税额 where the chart keeps them
//! apart from other advances (CAS), else whole with them (预收账款, small enterprises).
use crate::order_to_cash::pay::{advance_to_receivable, allocation, draft, settle_invoice};
use finance::{Allocation, Invoice, OpenItem, facts};
use kernel::{Ctx, Id, Result, Stored};
use ledger::{AccountRole, DraftLine, posting};
use party::Party;
use sales::Order;
use store::{Tx, find};
use terms::{CreditAccount, CreditDelta, credit_account};

/// Are deposits kept apart from what a customer paid for nothing yet?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Apart {
    Yes,
    No,
}

/// What the company's chart says.
pub(crate) fn apart(cx: &Ctx, tx: &mut Tx) -> Result<Apart> {
    let roles: Vec<AccountRole> = tx.list(
        find!(
            AccountRole,
            "company = $2 AND role IN ('customer_advance', 'contract_liability') ORDER BY role"
        ),
        &[Stored::Int(cx.company)],
    )?;
    Ok(match &roles[..] {
        [one, other] if one.account != other.account => Apart::Yes,
        _ => Apart::No,
    })
}

/// A customer's free money becomes a deposit on an order; negative amounts take it back.
pub(super) fn kept(apart: Apart, party: Id<Party>, gross: i64, tax: i64) -> Vec<DraftLine> {
    if apart == Apart::No {
        return Vec::new();
    }
    let mut lines = vec![DraftLine::debit("customer_advance", gross, gross).party(party.raw())];
    lines.extend(owed(party, gross, tax, DraftLine::credit));
    lines
}

type Side = fn(&str, i64, i64) -> DraftLine;

/// What we owe for a deposit: without its tax, and the tax that is not due yet.
fn owed(party: Id<Party>, gross: i64, tax: i64, side: Side) -> Vec<DraftLine> {
    let net = gross - tax;
    let mut lines = vec![side("contract_liability", net, net).party(party.raw())];
    if tax != 0 {
        lines.push(side("output_vat_deferred", tax, tax).party(party.raw()));
    }
    lines
}

/// A deposit that pays what is owed for its order.
fn used(apart: Apart, party: Id<Party>, gross: i64, tax: i64) -> Vec<DraftLine> {
    if apart == Apart::No {
        return advance_to_receivable(party, gross).to_vec();
    }
    let mut lines = owed(party, gross, tax, DraftLine::debit);
    lines.push(DraftLine::credit("receivable", gross, gross).party(party.raw()));
    lines
}

/// An order's own deposit pays its new invoice: counter-records take it off the order (T15).
pub(super) fn onto(
    cx: &Ctx,
    tx: &mut Tx,
    order: &mut Order,
    invoice: &mut Invoice,
    item: &mut OpenItem,
    account: &CreditAccount,
) -> Result<()> {
    let mut wanted = order.deposit.min(item.open);
    if wanted <= 0 {
        return Ok(());
    }
    let apart = apart(cx, tx)?;
    let given: Vec<Allocation> =
        tx.list(find!(Allocation, "order_id = $2 ORDER BY id"), &[Stored::Int(order.id.raw())])?;
    let left = |id: i64| -> i64 {
        given.iter().filter(|a| a.id.raw() == id || a.reverses == id).map(|a| a.amount).sum()
    };
    let (mut lines, mut moved) = (Vec::new(), 0);
    for first in given.iter().filter(|a| a.reverses == 0) {
        let amount = left(first.id.raw()).min(wanted);
        if amount <= 0 {
            continue;
        }
        wanted -= amount;
        moved += amount;
        let Some(payment) = first.payment else { continue };
        let payment = tx.lock(payment)?;
        let mut back = allocation(cx, &payment, None, Some(order.id.raw()), -amount);
        back.reverses = first.id.raw();
        tx.insert(&[back, allocation(cx, &payment, Some(item.id), None, amount)]);
        settle_invoice(cx, tx, &payment, invoice, item, amount)?;
        let tax = order.take_deposit(amount);
        order.paid += amount;
        lines.extend(used(apart, order.party, amount, tax));
    }
    let delta = CreditDelta { receivable: -moved, ..CreditDelta::default() };
    credit_account::change(tx, account.id, delta);
    posting::post(cx, tx, &[draft(cx, invoice.doc(), &invoice.number, "allocation", lines)])?;
    Ok(())
}

/// What was paid ahead on an order that is given up is free money again, in red on its own sides.
pub(super) fn give_back(
    cx: &Ctx,
    tx: &mut Tx,
    order: &mut Order,
    account: &CreditAccount,
    reason: &str,
) -> Result<()> {
    if order.deposit == 0 {
        return Ok(());
    }
    let apart = apart(cx, tx)?;
    let given: Vec<Allocation> =
        tx.list(find!(Allocation, "order_id = $2 ORDER BY id"), &[Stored::Int(order.id.raw())])?;
    let (mut lines, mut free) = (Vec::new(), 0);
    for first in given.iter().filter(|a| a.reverses == 0) {
        let own = given.iter().filter(|a| a.id == first.id || a.reverses == first.id.raw());
        let amount: i64 = own.map(|a| a.amount).sum();
        let Some(payment) = first.payment.filter(|_| amount > 0) else { continue };
        let mut payment = tx.lock(payment)?;
        let mut back = allocation(cx, &payment, None, Some(order.id.raw()), -amount);
        back.reverses = first.id.raw();
        if amount == first.amount {
            tx.update(&[Allocation { reversed_by: back.id.raw(), ..first.clone() }]);
        }
        tx.insert(&[back]);
        payment.unapply(amount);
        tx.update(std::slice::from_ref(&payment));
        let fact = payment.fact(cx, facts::PAYMENT_UNAPPLIED, amount).because(reason);
        tx.tell(fact.on("order", order.id.raw(), "order"));
        let tax = order.take_deposit(amount);
        lines.extend(kept(apart, order.party, -amount, -tax));
        free += amount;
    }
    credit_account::change(tx, account.id, CreditDelta { free, ..CreditDelta::default() });
    posting::post(cx, tx, &[draft(cx, order.doc(), &order.number, "allocation", lines)])?;
    Ok(())
}
