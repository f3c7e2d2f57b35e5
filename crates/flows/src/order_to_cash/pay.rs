//! Payments and what they pay; freed credit goes to the orders that wait for it.
use crate::order_to_cash::deposits::{self, Apart};
use crate::order_to_cash::paid::{Paid, advance_to_receivable, allocation, draft, in_red};
use crate::order_to_cash::{credit, holds, submit};
use finance::commands::{lock_invoices, lock_open_items};
use finance::{Allocation, Invoice, OpenItem, Payment, PaymentState, facts, rate_on};
use kernel::{Ctx, Currency, Day, Done, Error, Id, Money, Rate, Result, in_base, share};
use ledger::{DraftLine, posting};
use party::Party;
use policy::{HoldKind, ReleaseKind, questions};
use sales::commands::{lock_orders, save_order};
use sales::{Deposit, Order};
use std::collections::BTreeSet;
use store::scope::{Belongs, intern};
use store::{Tx, find_in, numbers};
use terms::{CreditAccount, CreditDelta, credit_account};

/// Money that came in.
#[derive(Clone, Debug)]
pub struct NewPayment {
    pub party: Id<Party>,
    /// Minor units of its currency.
    pub amount: i64,
    /// The company's own where nothing is said.
    pub currency: Option<Currency>,
    /// What the bank gave for a unit of a foreign currency; else the rate of the value day.
    pub rate: Option<Rate>,
    pub method: String,
    pub value_day: Day,
    pub reference: String,
    /// What it pays, in order; the rest stays the customer's free credit.
    pub pays: Vec<Pays>,
}

/// An amount for one thing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pays {
    pub what: What,
    pub amount: i64,
}

/// What an amount pays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// The open item of an invoice.
    Invoice(Id<Invoice>),
    /// A deposit on an order: it never pays for another one.
    Order(Id<Order>),
}

/// One payment at most, in minor units: sums of them never come near what a column holds.
const MAX_AMOUNT: i64 = 10_000_000_000_000;

/// Books money that came in and allocates what is said. Errors: `payment.amount`,
/// `payment.over_allocated`, `invoice.over_allocated`, `payment.wrong_party`,
/// `payment.other_currency`, `rate.unknown`, `period.closed`.
pub fn receive_payment(cx: &Ctx, tx: &mut Tx, new: &NewPayment) -> Result<Payment> {
    cx.allow("finance.payment.receive")?;
    let currency = new.currency.unwrap_or(cx.base);
    if !(1..=MAX_AMOUNT).contains(&new.amount) {
        return Err(Error::invalid("payment.amount", Money::new(new.amount, currency)));
    }
    let rate = rate_on(cx, tx, currency, new.value_day, new.rate)?;
    let base = in_base(new.amount, currency, rate);
    let mut roots = Roots::lock(cx, tx, new.party, &new.pays)?;
    let belongs = Belongs { company: cx.company, ..Belongs::default() };
    let mut payment = Payment {
        id: cx.id(),
        version: 1,
        scope_id: intern(cx, tx, belongs)?,
        number: String::new(),
        company: cx.company,
        party: new.party,
        direction: "in".to_owned(),
        method: new.method.clone(),
        state: PaymentState::Cleared,
        currency,
        rate,
        amount: new.amount,
        unapplied: new.amount,
        amount_base: base,
        unapplied_base: base,
        held: 0,
        held_base: 0,
        value_day: new.value_day,
        reference: new.reference.clone(),
        received_at: Some(cx.now),
        history: false,
        batch_id: 0,
    };
    tx.tell(payment.fact(cx, facts::PAYMENT_RECEIVED, payment.amount));
    let mut free = CreditDelta { free: base, ..CreditDelta::default() };
    let (lines, allocations, delta) = roots.allocate(cx, tx, &mut payment, &new.pays)?;
    free.free += delta.free;
    free.receivable += delta.receivable;
    free.order += delta.order;
    payment.number = numbers::yearly(tx, "RC", cx.company, cx.today().year())?;
    let mut all = vec![
        DraftLine::debit(lies_in(cx, &payment.method, currency), base, new.amount),
        DraftLine::credit("customer_advance", base, new.amount).party(new.party.raw()),
    ];
    all.extend(lines);
    let draft = draft(cx, payment.doc(), &payment.number, "payment", (currency, rate), all);
    tx.insert(std::slice::from_ref(&payment));
    tx.insert(&allocations);
    posting::post(cx, tx, &[draft])?;
    credit_account::change(tx, roots.account.id, free);
    roots.finish(cx, tx)?;
    Ok(payment)
}

/// Allocates free parts of a payment. Errors as [`receive_payment`].
pub fn allocate(cx: &Ctx, tx: &mut Tx, id: Id<Payment>, pays: &[Pays]) -> Result<Payment> {
    cx.allow("finance.payment.allocate")?;
    let seen = tx.get(id)?;
    if pays.is_empty() {
        return Ok(seen);
    }
    let mut roots = Roots::lock(cx, tx, seen.party, pays)?;
    let mut payment = tx.lock(id)?;
    let (lines, allocations, delta) = roots.allocate(cx, tx, &mut payment, pays)?;
    tx.insert(&allocations);
    tx.update(std::slice::from_ref(&payment));
    payment.version += 1;
    let money = (payment.currency, payment.rate);
    let draft = draft(cx, payment.doc(), &payment.number, "allocation", money, lines);
    posting::post(cx, tx, &[draft])?;
    credit_account::change(tx, roots.account.id, delta);
    roots.finish(cx, tx)?;
    Ok(payment)
}

/// Where money lies: in cash, in the bank, or in the bank's account in foreign currency.
pub(super) fn lies_in(cx: &Ctx, method: &str, currency: Currency) -> &'static str {
    match () {
        () if method == "cash" => "cash",
        () if currency != cx.base => "bank_foreign",
        () => "bank",
    }
}

/// Is what is paid in the payment's currency? Error: `payment.other_currency`.
fn alike(payment: &Payment, currency: Currency, number: &str) -> Result<()> {
    if payment.currency == currency {
        return Ok(());
    }
    let e = Error::invalid("payment.other_currency", number);
    Err(e.with("currency", currency).with("paid", payment.currency))
}

/// The documents that a payment touches, locked in the house's order.
pub(super) struct Roots {
    pub(super) orders: Vec<Order>,
    pub(super) account: CreditAccount,
    pub(super) items: Vec<OpenItem>,
    pub(super) invoices: Vec<Invoice>,
    /// Orders that changed and so are saved.
    pub(super) changed: BTreeSet<i64>,
    apart: Apart,
}

impl Roots {
    /// Orders (those paid, and those that wait for credit or a deposit), then credit, then items.
    pub(super) fn lock(cx: &Ctx, tx: &mut Tx, party: Id<Party>, pays: &[Pays]) -> Result<Self> {
        let invoice_ids: Vec<i64> = pays
            .iter()
            .filter_map(|p| match p.what {
                What::Invoice(id) => Some(id.raw()),
                What::Order(_) => None,
            })
            .collect();
        let mut orders: Vec<i64> = pays
            .iter()
            .filter_map(|p| match p.what {
                What::Order(id) => Some(id.raw()),
                What::Invoice(_) => None,
            })
            .collect();
        // Open items are made when an invoice is posted, and never another order's afterwards.
        let items: Vec<OpenItem> = match invoice_ids.is_empty() {
            true => Vec::new(),
            false => tx.list_in(find_in!(OpenItem, "invoice IN (#)", 0), &[], &invoice_ids)?,
        };
        orders.extend(items.iter().map(|i| i.order_id).filter(|id| *id != 0));
        orders.extend(credit::waiting_for_credit(tx, party.raw())?);
        let orders = lock_orders(tx, &orders)?;
        let account = credit_account::lock(cx, tx, party)?;
        let item_ids: Vec<i64> = items.iter().map(|i| i.id.raw()).collect();
        let invoices = lock_invoices(tx, &invoice_ids)?;
        let items = lock_open_items(tx, &item_ids)?;
        let on_order = pays.iter().any(|p| matches!(p.what, What::Order(_)));
        let apart = if on_order { deposits::apart(cx, tx)? } else { Apart::No };
        Ok(Self { orders, account, items, invoices, changed: BTreeSet::new(), apart })
    }

    /// Applies parts of the payment in memory: entry lines, allocation rows, change of credit.
    fn allocate(
        &mut self,
        cx: &Ctx,
        tx: &mut Tx,
        payment: &mut Payment,
        pays: &[Pays],
    ) -> Result<(Vec<DraftLine>, Vec<Allocation>, CreditDelta)> {
        let (mut lines, mut rows, mut delta) = (Vec::new(), Vec::new(), CreditDelta::default());
        for part in pays {
            let gave = payment.apply(part.amount)?;
            delta.free -= gave;
            let gross = Deposit { amount: part.amount, base: gave };
            match part.what {
                What::Invoice(id) => {
                    for (item, paid) in self.pay_invoice(cx, tx, payment, id, gross)? {
                        lines.extend(advance_to_receivable(payment.party, paid));
                        delta.receivable -= paid.relieved;
                        rows.push(allocation(cx, payment, Some(item), None, paid));
                    }
                }
                What::Order(id) => {
                    let (held, order) = self.pay_order(cx, tx, payment, id, gross)?;
                    lines.extend(held);
                    delta.order += order;
                    rows.push(allocation(cx, payment, None, Some(id.raw()), Paid::ahead(gross)));
                }
            }
        }
        Ok((lines, rows, delta))
    }

    /// Pays an invoice; of one over several orders the shares in turn, each whole before the next.
    fn pay_invoice(
        &mut self,
        cx: &Ctx,
        tx: &mut Tx,
        payment: &Payment,
        id: Id<Invoice>,
        gross: Deposit,
    ) -> Result<Vec<(Id<OpenItem>, Paid)>> {
        let amount = gross.amount;
        let invoice = self.invoices.iter_mut().find(|i| i.id == id);
        let invoice = invoice.ok_or_else(|| Error::not_found("store.not_found", "invoice"))?;
        if !self.items.iter().any(|i| i.invoice == id) {
            return Err(Error::conflict("invoice.not_posted", id));
        }
        if invoice.party != payment.party {
            return Err(Error::invalid("payment.wrong_party", &invoice.number));
        }
        alike(payment, invoice.currency, &invoice.number)?;
        if invoice.is_credit_note() {
            // It would be open again by what was paid: nobody owes us that.
            return Err(Error::invalid("payment.pays_credit_note", &invoice.number));
        }
        if amount > invoice.open {
            let e = Error::invalid("invoice.over_allocated", &invoice.number);
            return Err(e.with("open", Money::new(invoice.open, invoice.currency)));
        }
        let (mut left, mut paid) = (gross, Vec::new());
        for item in self.items.iter_mut().filter(|i| i.invoice == id) {
            let amount = left.amount.min(item.open);
            if amount <= 0 {
                continue;
            }
            let gave = share(left.base, amount, left.amount);
            left = Deposit { amount: left.amount - amount, base: left.base - gave };
            let part = Paid { amount, gave, relieved: item.relieve(amount) };
            settle_invoice(cx, tx, payment, invoice, item, part)?;
            if let Some(order) = self.orders.iter_mut().find(|o| o.id.raw() == item.order_id) {
                order.paid += amount;
                self.changed.insert(order.id.raw());
            }
            paid.push((item.id, part));
        }
        Ok(paid)
    }

    fn pay_order(
        &mut self,
        cx: &Ctx,
        tx: &mut Tx,
        payment: &Payment,
        id: Id<Order>,
        gross: Deposit,
    ) -> Result<(Vec<DraftLine>, i64)> {
        let (apart, amount) = (self.apart, gross.amount);
        let order = self.orders.iter_mut().find(|o| o.id == id);
        let order = order.ok_or_else(|| Error::not_found("store.not_found", "order"))?;
        if order.party != payment.party {
            return Err(Error::invalid("payment.wrong_party", &order.number));
        }
        alike(payment, order.currency, &order.number)?;
        if order.deposit + amount > order.gross {
            return Err(Error::invalid("order.deposit_too_much", &order.number));
        }
        let tax = order.add_deposit(gross, apart == Apart::Yes);
        let lines = deposits::kept(apart, order.party, gross, tax);
        self.changed.insert(id.raw());
        let counted = credit::counted(order);
        let delta = credit::settle(counted, order);
        let fact = payment.fact(cx, facts::PAYMENT_APPLIED, amount);
        tx.tell(fact.on("order", id.raw(), "order"));
        Ok((lines, delta.order))
    }

    /// The credit account is locked by now: whoever waits from here on finds what we freed.
    fn nobody_came_meanwhile(&self, tx: &mut Tx) -> Result<()> {
        if tx.engine() == store::Engine::Sqlite {
            return Ok(());
        }
        let waiting = credit::waiting_for_credit(tx, self.account.party.raw())?;
        let known = |id: &i64| self.orders.iter().any(|o| o.id.raw() == *id);
        if waiting.iter().all(known) { Ok(()) } else { Err(tx.run_again("somebody began to wait")) }
    }

    /// Frees what the money frees: deposits that were awaited, orders that waited for credit.
    pub(super) fn finish(mut self, cx: &Ctx, tx: &mut Tx) -> Result<()> {
        for order in &mut self.orders {
            clear_prepayment(cx, tx, order, &self.account)?;
        }
        self.nobody_came_meanwhile(tx)?;
        let freed = credit::release_fitting(cx, tx, &self.account, &mut self.orders)?;
        for at in freed {
            submit::resume(cx, tx, &mut self.orders[at], &self.account)?;
            self.changed.insert(self.orders[at].id.raw());
        }
        for order in self.orders.iter_mut().filter(|o| self.changed.contains(&o.id.raw())) {
            order.derive_progress();
            if let Some(fact) = order.close_if_settled(cx) {
                tx.tell(fact);
            }
            save_order(tx, order)?;
        }
        Ok(())
    }
}

/// The prepayment hold falls when the deposit that the terms ask for is there.
fn clear_prepayment(
    cx: &Ctx,
    tx: &mut Tx,
    order: &mut Order,
    account: &CreditAccount,
) -> Result<()> {
    if order.holds == 0 || order.deposit == 0 {
        return Ok(());
    }
    for mut hold in questions::open_holds(tx, order.doc())? {
        if hold.kind != HoldKind::Prepayment || order.deposit < hold.amount {
            continue;
        }
        holds::release(cx, tx, order, &mut hold, ReleaseKind::Cleared)?;
        submit::resume(cx, tx, order, account)?;
    }
    Ok(())
}

/// Saves what a part of a payment did to an invoice and one of its open items.
pub(super) fn settle_invoice(
    cx: &Ctx,
    tx: &mut Tx,
    payment: &Payment,
    invoice: &mut Invoice,
    item: &OpenItem,
    paid: Paid,
) -> Result<()> {
    invoice.pay(cx, paid.amount, paid.relieved)?;
    tx.update(std::slice::from_ref(invoice));
    tx.update(std::slice::from_ref(item));
    invoice.version += 1;
    // What it is worth is what the invoice has less open by it.
    let worth = Money::new(paid.amount, payment.currency);
    let fact = payment.fact(cx, facts::PAYMENT_APPLIED, paid.amount).worth(worth, paid.relieved);
    let fact = fact.on("invoice", invoice.id.raw(), "invoice");
    tx.tell(fact.on("order", item.order_id, "order"));
    if invoice.open == 0 {
        let fact = invoice.fact(cx, facts::INVOICE_SETTLED).on("order", item.order_id, "order");
        tx.tell(fact.moved("posted", "settled"));
    }
    Ok(())
}

/// Takes an allocation back by a counter-record; the payment is free again (T21).
///
/// Doing it again changes nothing. Errors: `allocation.is_reversal`, `allocation.reason_required`,
/// `allocation.is_refund`.
pub fn unallocate(cx: &Ctx, tx: &mut Tx, id: Id<Allocation>, reason: &str) -> Result<Payment> {
    cx.allow("finance.payment.allocate")?;
    let seen = tx.get(id)?;
    if seen.reverses != 0 {
        return Err(Error::invalid("allocation.is_reversal", id));
    }
    if seen.refund.is_some() {
        return Err(Error::conflict("allocation.is_refund", id));
    }
    let Some(paid_by) = seen.payment else {
        return Err(Error::conflict("allocation.is_netting", id));
    };
    if reason.trim().is_empty() {
        return Err(Error::invalid("allocation.reason_required", id));
    }
    let what = match (seen.open_item, seen.order_id) {
        (Some(item), _) => What::Invoice(tx.get(item)?.invoice),
        (None, order) => What::Order(Id::from_raw(order.unwrap_or(0))),
    };
    let party = tx.get(paid_by)?.party;
    let mut roots = Roots::lock(cx, tx, party, &[Pays { what, amount: seen.amount }])?;
    let mut payment = tx.lock(paid_by)?;
    let mut first = tx.lock(id)?;
    if first.reversed_by != 0 {
        return Ok(payment);
    }
    let paid = Paid {
        amount: first.amount,
        gave: first.amount_base,
        relieved: first.amount_base - first.difference_base,
    };
    let red = Paid { amount: -paid.amount, gave: -paid.gave, relieved: -paid.relieved };
    let mut back = allocation(cx, &payment, first.open_item, first.order_id, red);
    back.reverses = first.id.raw();
    first.reversed_by = back.id.raw();
    payment.unapply(paid.amount, paid.gave);
    let delta = roots.take_back(cx, tx, &payment, (&first, paid), what, reason)?;
    tx.update(std::slice::from_ref(&payment));
    payment.version += 1;
    tx.update(&[first]);
    tx.insert(&[back]);
    credit_account::change(tx, roots.account.id, delta);
    roots.finish(cx, tx)?;
    Ok(payment)
}

impl Roots {
    fn take_back(
        &mut self,
        cx: &Ctx,
        tx: &mut Tx,
        payment: &Payment,
        (first, paid): (&Allocation, Paid),
        what: What,
        reason: &str,
    ) -> Result<CreditDelta> {
        let (amount, money) = (paid.amount, (payment.currency, payment.rate));
        let worth = Money::new(amount, payment.currency);
        let fact = payment.fact(cx, facts::PAYMENT_UNAPPLIED, amount).because(reason);
        let fact = fact.worth(worth, paid.relieved);
        let free = CreditDelta { free: paid.gave, ..CreditDelta::default() };
        match what {
            What::Order(id) => {
                let order = self.orders.iter_mut().find(|o| o.id == id);
                let order = order.ok_or_else(|| Error::not_found("store.not_found", "order"))?;
                if order.deposit < amount {
                    return Err(Error::conflict("allocation.deposit_used", &order.number));
                }
                let gross = Deposit { amount, base: paid.gave };
                let tax = order.take_deposit(gross);
                let back = in_red(deposits::kept(self.apart, order.party, gross, tax));
                self.changed.insert(id.raw());
                submit::recheck_credit(cx, tx, order, &self.account)?;
                let number = &payment.number;
                let entry = draft(cx, payment.doc(), number, "allocation", money, back);
                posting::post(cx, tx, &[entry])?;
                tx.tell(fact.on("order", id.raw(), "order"));
                Ok(free)
            }
            What::Invoice(id) => {
                let invoice = self.invoices.iter_mut().find(|i| i.id == id);
                let invoice =
                    invoice.ok_or_else(|| Error::not_found("store.not_found", "invoice"))?;
                let was = invoice.state;
                invoice.pay(cx, -amount, -paid.relieved)?;
                if was != invoice.state {
                    let fact = invoice.fact(cx, facts::INVOICE_REOPENED);
                    tx.tell(fact.moved(was.name(), invoice.state.name()));
                }
                tx.update(std::slice::from_ref(invoice));
                let item = self.items.iter_mut().find(|i| Some(i.id) == first.open_item);
                let item = item.ok_or_else(|| Error::bug("bug.open_item", first.id))?;
                item.relieve_by(-amount, -paid.relieved);
                tx.update(std::slice::from_ref(item));
                let order = self.orders.iter_mut().find(|o| o.id.raw() == item.order_id);
                if let Some(order) = order {
                    order.paid -= amount;
                    self.changed.insert(order.id.raw());
                }
                let back = in_red(advance_to_receivable(payment.party, paid));
                let number = &payment.number;
                let entry = draft(cx, payment.doc(), number, "allocation", money, back);
                posting::post(cx, tx, &[entry])?;
                let fact = fact.on("invoice", id.raw(), "invoice");
                tx.tell(fact.on("order", item.order_id, "order"));
                Ok(CreditDelta { receivable: paid.relieved, ..free })
            }
        }
    }
}

/// Takes a payment back whole: bounced, or entered by mistake. Free parts only.
///
/// Errors: `payment.applied`, `payment.reason_required`, `period.closed`.
pub fn reverse_payment(cx: &Ctx, tx: &mut Tx, id: Id<Payment>, reason: &str) -> Result<Payment> {
    cx.allow("finance.payment.reverse")?;
    let seen = tx.get(id)?;
    let account = credit_account::lock(cx, tx, seen.party)?;
    let mut payment = tx.lock(id)?;
    let Done::Now(fact) = payment.reverse(cx, reason)? else { return Ok(payment) };
    tx.tell(fact);
    tx.update(std::slice::from_ref(&payment));
    payment.version += 1;
    let (base, amount) = (payment.amount_base, payment.amount);
    let lines = in_red(vec![
        DraftLine::debit(lies_in(cx, &payment.method, payment.currency), base, amount),
        DraftLine::credit("customer_advance", base, amount).party(payment.party.raw()),
    ]);
    let money = (payment.currency, payment.rate);
    let entry = draft(cx, payment.doc(), &payment.number, "reversal", money, lines);
    posting::post(cx, tx, &[entry])?;
    let delta = CreditDelta { free: -base, ..CreditDelta::default() };
    credit_account::change(tx, account.id, delta);
    Ok(payment)
}

/// Changes a customer's credit account; orders that fit it now are freed.
pub(super) fn with_waiting(
    cx: &Ctx,
    tx: &mut Tx,
    party: Id<Party>,
    change: impl FnOnce(&Ctx, &mut Tx) -> Result<()>,
) -> Result<()> {
    let mut roots = Roots::lock(cx, tx, party, &[])?;
    change(cx, tx)?;
    roots.account = credit_account::lock(cx, tx, party)?;
    roots.finish(cx, tx)
}
