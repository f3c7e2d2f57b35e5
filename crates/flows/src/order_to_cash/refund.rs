//! Refunds (退款, lifecycles.md E10): free money goes back to the customer that it came from.
//!
//! Drawn up, it is kept out of everything else, under the credit account's lock: two at once never
//! get more than is free. The books move when it left the bank.
use crate::order_to_cash::paid::draft;
use crate::order_to_cash::pay::{Pays, Roots, What};
use finance::commands::lock_invoices;
use finance::{Allocation, Invoice, Payment, Refund, RefundState, facts};
use kernel::{Ctx, Day, Done, Error, Fact, Id, Rate, Result, Stored};
use ledger::{DraftLine, posting};
use store::scope::{Belongs, intern};
use store::{Tx, find, numbers};
use terms::{CreditDelta, credit_account};

const CREATE: &str = "finance.refund.create";
const PAY: &str = "finance.refund.pay";

/// What money is to go back of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// What of a payment is applied to nothing.
    Payment(Id<Payment>),
    /// What of a credit note is set against nothing.
    CreditNote(Id<Invoice>),
}

#[derive(Clone, Debug)]
pub struct NewRefund {
    pub from: Source,
    /// Minor units of base currency.
    pub amount: i64,
    pub method: String,
    pub reason: String,
}

/// Draws up a refund; its money is kept for it from now on.
///
/// Errors: `access.forbidden` for money that the right does not reach, `refund.reason_required`,
/// `refund.too_much` with what is free, `payment.amount`, `refund.source_not_free`,
/// `refund.foreign_currency`,
/// `credit.not_a_note`.
pub fn draw_up(cx: &Ctx, tx: &mut Tx, new: &NewRefund) -> Result<Refund> {
    cx.allow(CREATE)?;
    let (party, currency, order, scope) = match new.from {
        Source::Payment(id) => {
            let of = tx.get(id)?;
            (of.party, of.currency, 0, of.scope_id)
        }
        Source::CreditNote(id) => {
            let of = tx.get(id)?;
            (of.party, of.currency, of.order_id, of.scope_id)
        }
    };
    if currency != cx.base {
        return Err(Error::conflict("refund.foreign_currency", currency));
    }
    // Who may read money of somebody else's may not send it back.
    access::must_reach(cx, tx, "refund", CREATE, scope)?;
    if new.reason.trim().is_empty() {
        return Err(Error::invalid("refund.reason_required", "").with("field", "reason"));
    }
    let account = credit_account::lock(cx, tx, party)?;
    let mut made = Refund {
        id: cx.id(),
        version: 1,
        scope_id: intern(cx, tx, Belongs { company: cx.company, ..Belongs::default() })?,
        number: String::new(),
        company: cx.company,
        party,
        payment: None,
        credit_note: None,
        state: RefundState::Draft,
        method: new.method.clone(),
        currency,
        amount: new.amount,
        reason: new.reason.trim().to_owned(),
        reference: String::new(),
        made_by: cx.user,
        approved_by: 0,
        approved_at: None,
        value_day: None,
        cleared_at: None,
        trouble: String::new(),
    };
    let delta = keep(tx, &mut made, new)?;
    credit_account::change(tx, account.id, delta);
    made.number = numbers::yearly(tx, "RF", cx.company, cx.today().year())?;
    tx.insert(std::slice::from_ref(&made));
    let fact = made.fact(cx, facts::REFUND_DRAFTED).on("order", order, "order");
    tx.tell(fact.moved("", made.state.name()).because(&made.reason));
    Ok(made)
}

/// Keeps the money at its source: what is on its way out lowers no exposure.
fn keep(tx: &mut Tx, made: &mut Refund, new: &NewRefund) -> Result<CreditDelta> {
    match new.from {
        Source::Payment(id) => {
            let mut payment = tx.lock(id)?;
            payment.hold(new.amount)?;
            tx.update(std::slice::from_ref(&payment));
            made.payment = Some(id);
            Ok(CreditDelta { free: -new.amount, ..CreditDelta::default() })
        }
        Source::CreditNote(id) => {
            let mut found = lock_invoices(tx, &[id.raw()])?;
            let note = found.first_mut();
            let note = note.ok_or_else(|| Error::not_found("store.not_found", "invoice"))?;
            note.hold(new.amount)?;
            tx.update(std::slice::from_ref(note));
            made.credit_note = Some(id);
            Ok(CreditDelta { receivable: new.amount, ..CreditDelta::default() })
        }
    }
}

/// Lets it go, by somebody who did not draw it up. Error: `refund.own_request`.
pub fn approve(cx: &Ctx, tx: &mut Tx, id: Id<Refund>) -> Result<Refund> {
    cx.allow("finance.refund.approve")?;
    decide(tx, id, |found| found.approve(cx))
}
/// Gives it to the bank. Error: `state.not_allowed` before somebody approved it.
pub fn start(cx: &Ctx, tx: &mut Tx, id: Id<Refund>) -> Result<Refund> {
    cx.allow(PAY)?;
    decide(tx, id, |found| found.start(cx))
}
/// The bank did not do it; the money stays kept. Error: `refund.reason_required`.
pub fn fail(cx: &Ctx, tx: &mut Tx, id: Id<Refund>, reason: &str) -> Result<Refund> {
    cx.allow(PAY)?;
    decide(tx, id, |found| found.fail(cx, reason))
}
/// Gives it to the bank once more.
pub fn retry(cx: &Ctx, tx: &mut Tx, id: Id<Refund>) -> Result<Refund> {
    cx.allow(PAY)?;
    decide(tx, id, |found| found.retry(cx))
}

fn decide(
    tx: &mut Tx,
    id: Id<Refund>,
    rule: impl FnOnce(&mut Refund) -> Result<Done<Fact>>,
) -> Result<Refund> {
    let mut found = tx.lock(id)?;
    if let Done::Now(fact) = rule(&mut found)? {
        tx.tell(fact);
        save(tx, &mut found);
    }
    Ok(found)
}

fn save(tx: &mut Tx, found: &mut Refund) {
    tx.update(std::slice::from_ref(found));
    found.version += 1;
}

/// It left the bank: out of the books, and off the payment or the credit note that it comes from.
///
/// Doing it again changes nothing. Errors: `state.not_allowed`, `period.closed`.
pub fn clear(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Refund>,
    day: Option<Day>,
    reference: &str,
) -> Result<Refund> {
    cx.allow(PAY)?;
    let day = day.unwrap_or_else(|| cx.today());
    moves(cx, tx, id, Way::Out, |found| found.clear(cx, day, reference))
}

/// It came back after it had left: the entry is taken back on its own sides (红字), the money is
/// free again.
///
/// Doing it again changes nothing. Errors: `refund.reason_required`, `period.closed`.
pub fn reverse(cx: &Ctx, tx: &mut Tx, id: Id<Refund>, reason: &str) -> Result<Refund> {
    cx.allow(PAY)?;
    moves(cx, tx, id, Way::Back, |found| found.reverse(cx, reason))
}

/// Gives it up before it left: its money is free again, and so is the credit that it means.
///
/// Doing it again changes nothing. Errors: `refund.reason_required`, `state.not_allowed` while the
/// bank has it.
pub fn withdraw(cx: &Ctx, tx: &mut Tx, id: Id<Refund>, reason: &str) -> Result<Refund> {
    cx.allow(CREATE)?;
    moves(cx, tx, id, Way::Kept, |found| found.withdraw(cx, reason))
}

/// What becomes of the money that was kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Out,
    Back,
    /// It never left.
    Kept,
}

fn moves(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Refund>,
    way: Way,
    rule: impl FnOnce(&mut Refund) -> Result<Done<Fact>>,
) -> Result<Refund> {
    let seen = tx.get(id)?;
    let what = seen.credit_note.map(|note| Pays { what: What::Invoice(note), amount: seen.amount });
    let what: Vec<Pays> = what.into_iter().collect();
    let mut roots = Roots::lock(cx, tx, seen.party, &what)?;
    let mut payment = seen.payment.map(|of| tx.lock(of)).transpose()?;
    let mut found = tx.lock(id)?;
    let Done::Now(fact) = rule(&mut found)? else { return Ok(found) };
    let order = roots.invoices.first().map_or(0, |note| note.order_id);
    tx.tell(fact.on("order", order, "order"));
    save(tx, &mut found);
    let delta = match &mut payment {
        Some(payment) => of_payment(tx, payment, found.amount, way),
        None => of_note(cx, tx, &mut roots, found.amount, way)?,
    };
    if way != Way::Kept {
        record(cx, tx, &found, &roots, way)?;
        book(cx, tx, &found, way)?;
    }
    credit_account::change(tx, roots.account.id, delta);
    roots.finish(cx, tx)?;
    Ok(found)
}

fn of_payment(tx: &mut Tx, payment: &mut Payment, amount: i64, way: Way) -> CreditDelta {
    match way {
        Way::Out => payment.refunded(amount),
        Way::Back => payment.unapply(amount, amount),
        Way::Kept => payment.held -= amount,
    }
    tx.update(std::slice::from_ref(payment));
    let free = if way == Way::Out { 0 } else { amount };
    CreditDelta { free, ..CreditDelta::default() }
}

/// A credit note is settled with what left of it, and what its order was paid falls with it.
fn of_note(cx: &Ctx, tx: &mut Tx, roots: &mut Roots, amount: i64, way: Way) -> Result<CreditDelta> {
    let note = roots.invoices.first_mut();
    let note = note.ok_or_else(|| Error::not_found("store.not_found", "invoice"))?;
    let was = note.state;
    let left = match way {
        Way::Out => amount,
        Way::Back => -amount,
        Way::Kept => 0,
    };
    if way != Way::Back {
        note.held -= amount;
    }
    if left != 0 {
        note.pay(cx, -left, -left)?;
    }
    tx.update(std::slice::from_ref(note));
    if was != note.state {
        let settled = way == Way::Out;
        let activity = if settled { facts::INVOICE_SETTLED } else { facts::INVOICE_REOPENED };
        tx.tell(note.fact(cx, activity).moved(was.name(), note.state.name()));
    }
    for item in roots.items.iter_mut().filter(|i| i.invoice == note.id) {
        item.relieve_by(-left, -left);
        tx.update(std::slice::from_ref(item));
    }
    if let Some(order) = roots.orders.iter_mut().find(|o| o.id.raw() == note.order_id) {
        order.paid -= left;
        roots.changed.insert(order.id.raw());
    }
    let receivable = if way == Way::Out { 0 } else { -amount };
    Ok(CreditDelta { receivable, ..CreditDelta::default() })
}

/// An own record says what left with it; another one, that it came back.
fn record(cx: &Ctx, tx: &mut Tx, found: &Refund, roots: &Roots, way: Way) -> Result<()> {
    let key = [Stored::Int(found.id.raw())];
    let before: Vec<Allocation> =
        tx.list(find!(Allocation, "refund = $2 AND reverses = 0 ORDER BY id"), &key)?;
    let item = found.credit_note.and_then(|_| roots.items.first()).map(|i| i.id);
    let out = if item.is_some() { -found.amount } else { found.amount };
    let mut new = Allocation {
        id: cx.id(),
        company: found.company,
        payment: found.payment,
        open_item: item,
        order_id: None,
        refund: Some(found.id),
        netted_with: 0,
        amount: if way == Way::Out { out } else { -out },
        amount_base: if way == Way::Out { out } else { -out },
        difference_base: 0,
        day: cx.today(),
        made_by: cx.user,
        reverses: 0,
        reversed_by: 0,
        recorded_at: Some(cx.now),
    };
    if let (Way::Back, Some(first)) = (way, before.into_iter().next()) {
        new.reverses = first.id.raw();
        tx.update(&[Allocation { reversed_by: new.id.raw(), ..first }]);
    }
    tx.insert(&[new]);
    Ok(())
}

/// What we owed falls, by where it stood: an advance, or a receivable below zero.
fn book(cx: &Ctx, tx: &mut Tx, found: &Refund, way: Way) -> Result<()> {
    let amount = if way == Way::Back { -found.amount } else { found.amount };
    let owed = if found.payment.is_some() { "customer_advance" } else { "receivable" };
    let bank = if found.method == "cash" { "cash" } else { "bank" };
    let lines = vec![
        DraftLine::debit(owed, amount, amount).party(found.party.raw()),
        DraftLine::credit(bank, amount, amount),
    ];
    let kind = if way == Way::Back { "reversal" } else { "refund" };
    // Refunds are in the company's own currency.
    let money = (cx.base, Rate(Rate::SCALE));
    posting::post(cx, tx, &[draft(cx, found.doc(), &found.number, kind, money, lines)])?;
    Ok(())
}
