//! Deposits on orders in the books: 合同负债 without tax and 待转销项税额 where the chart keeps them
//! apart from other advances (CAS), else whole with them (预收账款, small enterprises).
use crate::order_to_cash::paid::{Paid, advance_to_receivable, allocation, draft};
use crate::order_to_cash::pay::settle_invoice;
use finance::{Allocation, Invoice, OpenItem, facts};
use kernel::{Ctx, Id, Result, Stored, share};
use ledger::{AccountRole, DraftLine, posting};
use party::Party;
use sales::{Deposit, Order};
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
pub(super) fn kept(apart: Apart, party: Id<Party>, gross: Deposit, tax: Deposit) -> Vec<DraftLine> {
    if apart == Apart::No {
        return Vec::new();
    }
    let mut lines =
        vec![DraftLine::debit("customer_advance", gross.base, gross.amount).party(party.raw())];
    lines.extend(owed(party, gross, tax, DraftLine::credit));
    lines
}

/// 红字: the same, negative.
pub(super) const fn red(of: Deposit) -> Deposit {
    Deposit { amount: -of.amount, base: -of.base }
}

type Side = fn(&str, i64, i64) -> DraftLine;

/// What we owe for a deposit: without its tax, and the tax that is not due yet.
fn owed(party: Id<Party>, gross: Deposit, tax: Deposit, side: Side) -> Vec<DraftLine> {
    let (net, base) = (gross.amount - tax.amount, gross.base - tax.base);
    let mut lines = vec![side("contract_liability", base, net).party(party.raw())];
    if tax.amount != 0 {
        lines.push(side("output_vat_deferred", tax.base, tax.amount).party(party.raw()));
    }
    lines
}

/// A deposit that pays what is owed for its order, and what the books take off that.
fn used(
    apart: Apart,
    party: Id<Party>,
    gross: Deposit,
    tax: Deposit,
    relieved: i64,
) -> Vec<DraftLine> {
    let paid = Paid { amount: gross.amount, gave: gross.base, relieved };
    if apart == Apart::No {
        return advance_to_receivable(party, paid);
    }
    let mut lines = owed(party, gross, tax, DraftLine::debit);
    lines.push(DraftLine::credit("receivable", relieved, gross.amount).party(party.raw()));
    lines.extend(paid.difference());
    lines
}

/// Takes a deposit's part off an open item; in base currency what revenue was valued with goes
/// first, as it stood there.
fn relieve(order: &mut Order, item: &mut OpenItem, amount: i64) -> i64 {
    let ahead = order.covered.min(amount);
    if ahead <= 0 || amount == item.open {
        let most = order.covered - ahead.max(0);
        order.covers_at_most(most);
        return item.relieve(amount);
    }
    let ahead_base = share(order.covered_base, ahead, order.covered);
    let rest = share(item.open_base - ahead_base, amount - ahead, item.open - ahead);
    (order.covered, order.covered_base) = (order.covered - ahead, order.covered_base - ahead_base);
    item.relieve_by(amount, ahead_base + rest);
    ahead_base + rest
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
    let (mut lines, mut moved) = (Vec::new(), 0);
    for first in given.iter().filter(|a| a.reverses == 0) {
        let left = left_of(first, &given);
        let amount = left.amount.min(wanted);
        if amount <= 0 {
            continue;
        }
        wanted -= amount;
        let Some(payment) = first.payment else { continue };
        let payment = tx.lock(payment)?;
        let gross = Deposit { amount, base: share(left.base, amount, left.amount) };
        let relieved = relieve(order, item, amount);
        moved += relieved;
        let paid = Paid { amount, gave: gross.base, relieved };
        let mut back =
            allocation(cx, &payment, None, Some(order.id.raw()), Paid::ahead(red(gross)));
        back.reverses = first.id.raw();
        tx.insert(&[back, allocation(cx, &payment, Some(item.id), None, paid)]);
        settle_invoice(cx, tx, &payment, invoice, item, paid)?;
        let tax = order.take_deposit(gross);
        order.paid += amount;
        lines.extend(used(apart, order.party, gross, tax, relieved));
    }
    let delta = CreditDelta { receivable: -moved, ..CreditDelta::default() };
    credit_account::change(tx, account.id, delta);
    let money = (invoice.currency, invoice.rate);
    let entry = draft(cx, invoice.doc(), &invoice.number, "allocation", money, lines);
    posting::post(cx, tx, &[entry])?;
    Ok(())
}

/// What of a deposit is still on its order.
fn left_of(first: &Allocation, given: &[Allocation]) -> Deposit {
    let own = || given.iter().filter(|a| a.id == first.id || a.reverses == first.id.raw());
    Deposit { amount: own().map(|a| a.amount).sum(), base: own().map(|a| a.amount_base).sum() }
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
        let gross = left_of(first, &given);
        let amount = gross.amount;
        let Some(payment) = first.payment.filter(|_| amount > 0) else { continue };
        let mut payment = tx.lock(payment)?;
        let mut back =
            allocation(cx, &payment, None, Some(order.id.raw()), Paid::ahead(red(gross)));
        back.reverses = first.id.raw();
        if amount == first.amount {
            tx.update(&[Allocation { reversed_by: back.id.raw(), ..first.clone() }]);
        }
        tx.insert(&[back]);
        payment.unapply(amount, gross.base);
        tx.update(std::slice::from_ref(&payment));
        let fact = payment.fact(cx, facts::PAYMENT_UNAPPLIED, amount).because(reason);
        tx.tell(fact.on("order", order.id.raw(), "order"));
        let tax = order.take_deposit(gross);
        lines.extend(kept(apart, order.party, red(gross), red(tax)));
        free += gross.base;
    }
    credit_account::change(tx, account.id, CreditDelta { free, ..CreditDelta::default() });
    let money = (order.currency, order.rate);
    let entry = draft(cx, order.doc(), &order.number, "allocation", money, lines);
    posting::post(cx, tx, &[entry])?;
    Ok(())
}
