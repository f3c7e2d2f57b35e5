//! Refunds (退款, lifecycles.md E10): free money goes back to the customer that it came from.
//!
//! Drawn up, it is kept out of everything else, under the credit account's lock: two at once never
//! get more than is free. The books move when it left the bank.
use crate::order_to_cash::paid::{Paid, draft, in_red};
use crate::order_to_cash::pay::{Pays, Roots, What, lies_in};
use access::company::Company;
use finance::commands::lock_invoices;
use finance::{Allocation, Invoice, Payment, Refund, RefundState, facts, rate_on};
use kernel::{Ctx, Currency, Day, Done, Error, Fact, Id, Rate, Result, Stored};
use ledger::{DraftLine, posting};
use store::scope::{Belongs, intern};
use store::{Tx, find, numbers, sql};
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
    /// Minor units of the source's currency.
    pub amount: i64,
    pub method: String,
    pub reason: String,
}

/// Draws up a refund; its money is kept for it from now on. Where all refunds of its source come
/// to no more than the company's threshold, nobody else is asked.
///
/// Errors: `access.forbidden` for money that the right does not reach, `refund.reason_required`,
/// `refund.too_much` with what is free, `payment.amount`, `refund.source_not_free`,
/// `credit.not_a_note`.
pub fn draw_up(cx: &Ctx, tx: &mut Tx, new: &NewRefund) -> Result<Refund> {
    cx.allow(CREATE)?;
    let (party, (currency, rate), order, scope) = match new.from {
        Source::Payment(id) => {
            let of = tx.get(id)?;
            (of.party, (of.currency, of.rate), 0, of.scope_id)
        }
        Source::CreditNote(id) => {
            let of = tx.get(id)?;
            (of.party, (of.currency, of.rate), of.order_id, of.scope_id)
        }
    };
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
        rate,
        amount: new.amount,
        amount_base: 0,
        paid_base: 0,
        reason: new.reason.trim().to_owned(),
        reference: String::new(),
        made_by: cx.user,
        approved_by: 0,
        approved_at: None,
        by_rule: false,
        rule_amount_base: 0,
        rule_sum_base: 0,
        value_day: None,
        cleared_at: None,
        trouble: String::new(),
    };
    let delta = keep(tx, &mut made, new)?;
    credit_account::change(tx, account.id, delta);
    made.number = numbers::yearly(tx, "RF", cx.company, cx.today().year())?;
    let fact = made.fact(cx, facts::REFUND_DRAFTED).on("order", order, "order");
    tx.tell(fact.moved("", made.state.name()).because(&made.reason));
    let threshold = tx.get::<Company>(Id::from_raw(cx.company))?.refund_threshold;
    if threshold > 0 {
        let sum = made.amount_base + drawn_up_of(tx, new.from)?;
        if let Some(fact) = made.pass(cx, threshold, sum)? {
            tx.tell(fact.on("order", order, "order"));
        }
    }
    tx.insert(std::slice::from_ref(&made));
    Ok(made)
}

/// What refunds of a source come to, in base currency, but those that were given up or came back.
/// The credit account and the source are locked: nobody draws up another one meanwhile, so that
/// many small ones are no way around the threshold.
fn drawn_up_of(tx: &mut Tx, from: Source) -> Result<i64> {
    let (query, id) = match from {
        Source::Payment(id) => (
            sql!(
                "SELECT CAST(COALESCE(SUM(amount_base), 0) AS BIGINT) FROM refund \
                 WHERE tenant_id = $1 AND payment = $2 AND state NOT IN ('withdrawn', 'reversed')"
            ),
            id.raw(),
        ),
        Source::CreditNote(id) => (
            sql!(
                "SELECT CAST(COALESCE(SUM(amount_base), 0) AS BIGINT) FROM refund \
                 WHERE tenant_id = $1 AND credit_note = $2 \
                 AND state NOT IN ('withdrawn', 'reversed')"
            ),
            id.raw(),
        ),
    };
    Ok(tx.value(query, &[Stored::Int(id)])?.unwrap_or(0))
}

/// In which currency money lies that is to go back.
pub fn currency_of(tx: &mut Tx, from: Source) -> Result<Currency> {
    Ok(match from {
        Source::Payment(id) => tx.get(id)?.currency,
        Source::CreditNote(id) => tx.get(id)?.currency,
    })
}

/// Keeps the money at its source: what is on its way out lowers no exposure.
fn keep(tx: &mut Tx, made: &mut Refund, new: &NewRefund) -> Result<CreditDelta> {
    match new.from {
        Source::Payment(id) => {
            let mut payment = tx.lock(id)?;
            made.amount_base = payment.hold(new.amount)?;
            tx.update(std::slice::from_ref(&payment));
            made.payment = Some(id);
            Ok(CreditDelta { free: -made.amount_base, ..CreditDelta::default() })
        }
        Source::CreditNote(id) => {
            let mut found = lock_invoices(tx, &[id.raw()])?;
            let note = found.first_mut();
            let note = note.ok_or_else(|| Error::not_found("store.not_found", "invoice"))?;
            made.amount_base = note.hold(new.amount)?;
            tx.update(std::slice::from_ref(note));
            made.credit_note = Some(id);
            Ok(CreditDelta { receivable: made.amount_base, ..CreditDelta::default() })
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

/// When money left the bank, and how the bank counted it.
#[derive(Clone, Debug, Default)]
pub struct Left {
    /// Today where nothing is said.
    pub day: Option<Day>,
    /// What the bank took for a unit of a foreign currency; else the rate of the day.
    pub rate: Option<Rate>,
    pub reference: String,
}

/// It left the bank: out of the books at what they had it at, and off the payment or the credit
/// note that it comes from. In a foreign currency the bank gives it at the rate of its day; the
/// two differ by a gain or a loss.
///
/// Doing it again changes nothing. Errors: `state.not_allowed`, `period.closed`, `rate.unknown`,
/// `rate.range`, `access.forbidden` for a rate by whom may not enter rates.
pub fn clear(cx: &Ctx, tx: &mut Tx, id: Id<Refund>, left: &Left) -> Result<Refund> {
    cx.allow(PAY)?;
    let day = left.day.unwrap_or_else(|| cx.today());
    moves(cx, tx, id, Way::Out, |tx, found| {
        let rate = rate_on(cx, tx, found.currency, day, left.rate)?;
        found.clear(cx, (day, rate), &left.reference)
    })
}

/// It came back after it had left: the entry is taken back on its own sides (红字), the money is
/// free again.
///
/// Doing it again changes nothing. Errors: `refund.reason_required`, `period.closed`.
pub fn reverse(cx: &Ctx, tx: &mut Tx, id: Id<Refund>, reason: &str) -> Result<Refund> {
    cx.allow(PAY)?;
    moves(cx, tx, id, Way::Back, |_, found| found.reverse(cx, reason))
}

/// Gives it up before it left: its money is free again, and so is the credit that it means.
///
/// Doing it again changes nothing. Errors: `refund.reason_required`, `state.not_allowed` while the
/// bank has it.
pub fn withdraw(cx: &Ctx, tx: &mut Tx, id: Id<Refund>, reason: &str) -> Result<Refund> {
    cx.allow(CREATE)?;
    moves(cx, tx, id, Way::Kept, |_, found| found.withdraw(cx, reason))
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
    rule: impl FnOnce(&mut Tx, &mut Refund) -> Result<Done<Fact>>,
) -> Result<Refund> {
    let seen = tx.get(id)?;
    let what = seen.credit_note.map(|note| Pays { what: What::Invoice(note), amount: seen.amount });
    let what: Vec<Pays> = what.into_iter().collect();
    let mut roots = Roots::lock(cx, tx, seen.party, &what)?;
    let mut payment = seen.payment.map(|of| tx.lock(of)).transpose()?;
    let mut found = tx.lock(id)?;
    let Done::Now(fact) = rule(tx, &mut found)? else { return Ok(found) };
    let order = roots.invoices.first().map_or(0, |note| note.order_id);
    tx.tell(fact.on("order", order, "order"));
    save(tx, &mut found);
    let before = if way == Way::Back { recorded(tx, &found)? } else { None };
    let known = before.as_ref().map(|first| booked(&found, first));
    let (paid, delta) = match &mut payment {
        Some(payment) => of_payment(tx, payment, &found, way),
        None => of_note(cx, tx, &mut roots, (&found, known), way)?,
    };
    if way != Way::Kept {
        record(cx, tx, (&found, paid), &roots, before);
        book(cx, tx, (&found, paid), way)?;
    }
    credit_account::change(tx, roots.account.id, delta);
    roots.finish(cx, tx)?;
    Ok(found)
}

/// What it gave at its source: a part of a payment, at the rate that it came at.
fn of_payment(tx: &mut Tx, from: &mut Payment, of: &Refund, way: Way) -> (Paid, CreditDelta) {
    let (amount, base) = (of.amount, of.amount_base);
    match way {
        Way::Out => from.refunded(amount, base),
        Way::Back => from.unapply(amount, base),
        Way::Kept => from.release(amount, base),
    }
    tx.update(std::slice::from_ref(from));
    let free = if way == Way::Out { 0 } else { base };
    let paid = Paid { amount, gave: base, relieved: of.paid_base };
    (paid, CreditDelta { free, ..CreditDelta::default() })
}

/// A credit note is settled with what left of it, and what its order was paid falls with it. What
/// left comes back at the worth that it left at (`known`).
fn of_note(
    cx: &Ctx,
    tx: &mut Tx,
    roots: &mut Roots,
    (of, known): (&Refund, Option<Paid>),
    way: Way,
) -> Result<(Paid, CreditDelta)> {
    let note = roots.invoices.first_mut();
    let note = note.ok_or_else(|| Error::not_found("store.not_found", "invoice"))?;
    let item = roots.items.first_mut();
    let item = item.ok_or_else(|| Error::bug("bug.open_item", note.id))?;
    let was = note.state;
    let mut paid = Paid { amount: of.amount, gave: 0, relieved: of.paid_base };
    let kept = if way == Way::Back { 0 } else { note.release(of.amount) };
    let left = match way {
        Way::Out => {
            paid.gave = -item.relieve(-of.amount);
            note.pay(cx, -of.amount, -paid.gave)?;
            of.amount
        }
        Way::Back => {
            paid = known.ok_or_else(|| Error::bug("bug.open_item", of.id))?;
            item.relieve_by(of.amount, paid.gave);
            note.pay(cx, of.amount, paid.gave)?;
            -of.amount
        }
        Way::Kept => 0,
    };
    tx.update(std::slice::from_ref(note));
    if was != note.state {
        let settled = way == Way::Out;
        let activity = if settled { facts::INVOICE_SETTLED } else { facts::INVOICE_REOPENED };
        tx.tell(note.fact(cx, activity).moved(was.name(), note.state.name()));
    }
    if left != 0 {
        tx.update(std::slice::from_ref(item));
    }
    if let Some(order) = roots.orders.iter_mut().find(|o| o.id.raw() == note.order_id) {
        order.paid -= left;
        roots.changed.insert(order.id.raw());
    }
    // What is owed back falls by what left, and is kept no longer.
    let receivable = left.signum() * paid.gave - kept;
    Ok((paid, CreditDelta { receivable, ..CreditDelta::default() }))
}

/// The record of what left, where it has not come back.
fn recorded(tx: &mut Tx, found: &Refund) -> Result<Option<Allocation>> {
    let key = [Stored::Int(found.id.raw())];
    let before: Vec<Allocation> =
        tx.list(find!(Allocation, "refund = $2 AND reverses = 0 ORDER BY id"), &key)?;
    Ok(before.into_iter().next())
}

/// What a record says that left: of a credit note its amounts are negative.
fn booked(found: &Refund, record: &Allocation) -> Paid {
    let (gave, relieved) = (record.amount_base, record.amount_base - record.difference_base);
    match found.payment {
        Some(_) => Paid { amount: found.amount, gave, relieved },
        None => Paid { amount: found.amount, gave: -relieved, relieved: -gave },
    }
}

/// An own record says what left with it; another one, that it came back.
fn record(
    cx: &Ctx,
    tx: &mut Tx,
    (found, paid): (&Refund, Paid),
    roots: &Roots,
    before: Option<Allocation>,
) {
    let item = found.credit_note.and_then(|_| roots.items.first()).map(|i| i.id);
    let back = if before.is_some() { -1 } else { 1 };
    // A credit note's sides are below zero: its item gives what the bank took.
    let (amount, base) =
        if item.is_some() { (-paid.amount, -paid.relieved) } else { (paid.amount, paid.gave) };
    let mut new = Allocation {
        id: cx.id(),
        company: found.company,
        payment: found.payment,
        open_item: item,
        order_id: None,
        refund: Some(found.id),
        netted_with: 0,
        amount: back * amount,
        amount_base: back * base,
        difference_base: back * (paid.gave - paid.relieved),
        day: cx.today(),
        made_by: cx.user,
        reverses: 0,
        reversed_by: 0,
        recorded_at: Some(cx.now),
    };
    if let Some(first) = before {
        new.reverses = first.id.raw();
        tx.update(&[Allocation { reversed_by: new.id.raw(), ..first }]);
    }
    tx.insert(&[new]);
}

/// What we owed falls, by where it stood: an advance, or a receivable below zero.
fn book(cx: &Ctx, tx: &mut Tx, (found, paid): (&Refund, Paid), way: Way) -> Result<()> {
    let owed = if found.payment.is_some() { "customer_advance" } else { "receivable" };
    let bank = lies_in(cx, &found.method, found.currency);
    let mut lines = vec![
        DraftLine::debit(owed, paid.gave, paid.amount).party(found.party.raw()),
        DraftLine::credit(bank, paid.relieved, paid.amount),
    ];
    lines.extend(paid.difference());
    let (kind, lines) = match way {
        Way::Back => ("reversal", in_red(lines)),
        _ => ("refund", lines),
    };
    let money = (found.currency, found.rate);
    posting::post(cx, tx, &[draft(cx, found.doc(), &found.number, kind, money, lines)])?;
    Ok(())
}
