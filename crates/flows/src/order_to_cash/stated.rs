//! What a statement states: what moved between a customer and us, and what was owed before.
use finance::{
    BillableItem, Dealt, Invoice, LineKind, OpenItem, Payment, Refund, Statement, StatementLine,
};
use kernel::{Ctx, Currency, Day, Error, Id, Instant, Price, Qty, Result, Stored};
use sales::{Order, OrderLine};
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, find_in, sql};

/// A customer and a currency.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Key {
    pub(crate) party: i64,
    code: String,
}

impl Key {
    pub(crate) fn of(party: i64, currency: Currency) -> Self {
        Self { party, code: currency.code().to_owned() }
    }
    pub(crate) fn currency(&self) -> Result<Currency> {
        Currency::parse(&self.code)
    }
}

/// What goes onto a statement, before it is one.
#[derive(Clone, Debug)]
pub(crate) struct Stated {
    pub(crate) from: Day,
    pub(crate) opening: i64,
    pub(crate) lines: Vec<StatementLine>,
    has_last: bool,
}

impl Stated {
    /// Nobody needs to see a statement with nothing on it.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.opening == 0
    }
}

/// Customers who had something in the month until a day, whose statement day it is, and who have
/// no statement of it yet; one more than a run takes says that there are more.
pub(crate) fn due_parties(cx: &Ctx, tx: &mut Tx, until: Day) -> Result<Vec<i64>> {
    let day = i64::from(until.day());
    if until != until.last_of_month() {
        return due_on(cx, tx, until, (day, day));
    }
    // The last day of a month stands for all that the month does not have, and for none said.
    let mut due = due_on(cx, tx, until, (0, 0))?;
    due.extend(due_on(cx, tx, until, (day, 31))?);
    Ok(due)
}

/// Customers with something to bill until a day, whose statement day it is; one more than a run
/// takes says that there are more.
pub(crate) fn billed_on(cx: &Ctx, tx: &mut Tx, until: Day) -> Result<Vec<i64>> {
    let day = i64::from(until.day());
    let (from, to) = if until == until.last_of_month() { (day, 31) } else { (day, day) };
    // The last day of a month stands for all that the month does not have, and for none said.
    let none_said = i64::from(until != until.last_of_month());
    let rows = tx.rows(
        sql!(
            "SELECT p.id FROM party p WHERE p.tenant_id = $1 AND p.is_customer = 1 \
             AND ((p.statement_day >= $3 AND p.statement_day <= $4) \
             OR (p.statement_day = 0 AND $5 = 0)) \
             AND EXISTS (SELECT 1 FROM billable_item b WHERE b.tenant_id = p.tenant_id \
             AND b.party = p.id AND b.state = 'ready' AND b.company = $2 AND b.ready_at < $6) \
             ORDER BY p.id LIMIT 201"
        ),
        &[
            Stored::Int(cx.company),
            Stored::Int(from),
            Stored::Int(to),
            Stored::Int(none_said),
            Stored::Int(cx.zone.at(until.plus_days(1), 0).0),
        ],
    )?;
    rows.into_iter().map(|mut row| row.take()).collect()
}

fn due_on(cx: &Ctx, tx: &mut Tx, until: Day, days: (i64, i64)) -> Result<Vec<i64>> {
    let rows = tx.rows(
        sql!(
            "SELECT p.id FROM party p WHERE p.tenant_id = $1 AND p.statement_day >= $4 \
             AND p.statement_day <= $5 AND p.is_customer = 1 \
             AND (EXISTS (SELECT 1 FROM billable_item b WHERE b.tenant_id = p.tenant_id \
             AND b.party = p.id AND b.company = $2 AND b.ready_at >= $6 AND b.ready_at < $7) \
             OR EXISTS (SELECT 1 FROM payment m WHERE m.tenant_id = p.tenant_id \
             AND m.party = p.id AND m.company = $2 AND m.received_at >= $6 \
             AND m.received_at < $7) \
             OR EXISTS (SELECT 1 FROM open_item o WHERE o.tenant_id = p.tenant_id \
             AND o.party = p.id AND o.company = $2 AND o.open <> 0)) \
             AND NOT EXISTS (SELECT 1 FROM statement s WHERE s.tenant_id = p.tenant_id \
             AND s.company = $2 AND s.party = p.id AND s.period_until >= $3) \
             ORDER BY p.statement_day, p.id LIMIT 201"
        ),
        &[
            Stored::Int(cx.company),
            Stored::text(until.to_string()),
            Stored::Int(days.0),
            Stored::Int(days.1),
            Stored::Int(cx.zone.at(month_before(until), 0).0),
            Stored::Int(cx.zone.at(until.plus_days(1), 0).0),
        ],
    )?;
    rows.into_iter().map(|mut row| row.take()).collect()
}

/// Everything that moved, by customer and currency, with what was owed when it began.
pub(crate) fn gather(
    cx: &Ctx,
    tx: &mut Tx,
    parties: &[i64],
    until: Day,
    last: &BTreeMap<Key, Statement>,
) -> Result<BTreeMap<Key, Stated>> {
    let end = cx.zone.at(until.plus_days(1), 0);
    let mut all = Gathered { cx, until, last, stated: BTreeMap::new() };
    for (key, before) in last {
        // Also a customer with whom nothing moved has a statement while something is owed.
        all.entry(key.clone()).opening = before.closing;
    }
    let first = cx.zone.at(month_before(until), 0);
    let start = last.values().map(|s| s.until_at).min().map_or(first, |at| at.min(first));
    let since = [Stored::Int(cx.company), Stored::Int(start.0)];
    let items: Vec<BillableItem> = tx.list_in(
        find_in!(BillableItem, "company = $2 AND party IN (#) AND ready_at >= $3", 2),
        &since,
        parties,
    )?;
    let payments: Vec<Payment> = tx.list_in(
        find_in!(
            Payment,
            "company = $2 AND party IN (#) AND received_at >= $3 AND history = 0 \
             AND state = 'cleared'",
            2
        ),
        &since,
        parties,
    )?;
    let refunds: Vec<Refund> = tx.list_in(
        find_in!(
            Refund,
            "company = $2 AND party IN (#) AND cleared_at >= $3 AND state = 'cleared'",
            2
        ),
        &since,
        parties,
    )?;
    let taken: Vec<Invoice> = tx.list_in(
        find_in!(
            Invoice,
            "company = $2 AND party IN (#) AND posted_at >= $3 AND kind = 'opening' \
             AND history = 0",
            2
        ),
        &since,
        parties,
    )?;
    all.owed_now(tx, parties)?;
    let of_orders = OrdersOf::load(tx, &items)?;
    for item in &items {
        let (order, line) = of_orders.of(item)?;
        all.item(item, order, line, end);
    }
    for payment in &payments {
        all.payment(payment, end);
    }
    for refund in &refunds {
        all.refund(refund, end);
    }
    for invoice in &taken {
        all.receivable(invoice, end);
    }
    all.taken_back(tx, parties)?;
    Ok(all.stated)
}

/// The first day of the month that ends with a day.
fn month_before(until: Day) -> Day {
    if until == until.last_of_month() {
        return until.first_of_month();
    }
    until.plus_months(-1).plus_days(1)
}

struct Gathered<'a> {
    cx: &'a Ctx,
    until: Day,
    last: &'a BTreeMap<Key, Statement>,
    stated: BTreeMap<Key, Stated>,
}

impl Gathered<'_> {
    fn entry(&mut self, key: Key) -> &mut Stated {
        let before = self.last.get(&key);
        let from = before.map_or_else(|| month_before(self.until), |s| s.period_until.plus_days(1));
        let has_last = before.is_some();
        let new = Stated { from, opening: 0, lines: Vec::new(), has_last };
        self.stated.entry(key).or_insert(new)
    }

    /// What the books say is owed now, for those who have no statement yet: what moved since the
    /// period began is taken off again as it is met.
    fn owed_now(&mut self, tx: &mut Tx, parties: &[i64]) -> Result<()> {
        let company = [Stored::Int(self.cx.company)];
        let open: Vec<OpenItem> = tx.list_in(
            find_in!(OpenItem, "company = $2 AND party IN (#) AND open <> 0", 1),
            &company,
            parties,
        )?;
        for item in &open {
            self.owes(Key::of(item.party.raw(), item.currency), item.open);
        }
        let unbilled: Vec<BillableItem> = tx.list_in(
            find_in!(
                BillableItem,
                "company = $2 AND party IN (#) AND state IN ('ready', 'reserved')",
                1
            ),
            &company,
            parties,
        )?;
        let of_orders = OrdersOf::load(tx, &unbilled)?;
        for item in &unbilled {
            let (order, line) = of_orders.of(item)?;
            self.owes(Key::of(item.party.raw(), order.currency), worth(item, line));
        }
        let free: Vec<Payment> = tx.list_in(
            find_in!(
                Payment,
                "company = $2 AND party IN (#) AND unapplied <> 0 AND history = 0 \
                 AND state = 'cleared'",
                1
            ),
            &company,
            parties,
        )?;
        for payment in &free {
            self.owes(Key::of(payment.party.raw(), payment.currency), -payment.unapplied);
        }
        let paid_ahead: Vec<Order> = tx.list_in(
            find_in!(Order, "company = $2 AND party IN (#) AND deposit <> 0", 1),
            &company,
            parties,
        )?;
        for order in &paid_ahead {
            self.owes(Key::of(order.party.raw(), order.currency), -order.deposit);
        }
        Ok(())
    }

    fn owes(&mut self, key: Key, amount: i64) {
        let stated = self.entry(key);
        if !stated.has_last {
            stated.opening += amount;
        }
    }

    /// One thing that moved: a line where it falls into the period; never a part of what was owed
    /// before.
    fn moved(&mut self, key: Key, at: Instant, end: Instant, line: StatementLine) {
        let start = self.cx.zone.at(self.entry(key.clone()).from, 0);
        if at < start {
            return;
        }
        self.owes(key.clone(), -line.amount);
        if at < end {
            self.entry(key).lines.push(line);
        }
    }

    fn item(&mut self, item: &BillableItem, order: &Order, line: &OrderLine, end: Instant) {
        let back = item.qty < Qty::ZERO;
        let kind = if back { LineKind::GoodsBack } else { LineKind::Delivery };
        let day = self.cx.zone.day(item.ready_at);
        let stated = StatementLine {
            number: order.number.clone(),
            order_id: Some(order.id.raw()),
            item: Some(item.id),
            product: Some(line.product.raw()),
            text: line.text.clone(),
            qty: item.qty,
            price: line.price_entered,
            ..self.line(kind, day, worth(item, line))
        };
        self.moved(Key::of(item.party.raw(), order.currency), item.ready_at, end, stated);
    }

    fn payment(&mut self, payment: &Payment, end: Instant) {
        let Some(at) = payment.received_at else { return };
        let stated = StatementLine {
            number: payment.number.clone(),
            payment: Some(payment.id),
            text: payment.reference.clone(),
            ..self.line(LineKind::Payment, payment.value_day, -payment.amount)
        };
        self.moved(Key::of(payment.party.raw(), payment.currency), at, end, stated);
    }

    fn refund(&mut self, refund: &Refund, end: Instant) {
        let (Some(at), Some(day)) = (refund.cleared_at, refund.value_day) else { return };
        let stated = StatementLine {
            number: refund.number.clone(),
            refund: Some(refund.id),
            text: refund.reference.clone(),
            ..self.line(LineKind::Refund, day, refund.amount)
        };
        self.moved(Key::of(refund.party.raw(), refund.currency), at, end, stated);
    }

    fn receivable(&mut self, invoice: &Invoice, end: Instant) {
        let (Some(at), Some(day)) = (invoice.posted_at, invoice.day) else { return };
        let stated = StatementLine {
            number: invoice.number.clone(),
            ..self.line(LineKind::Receivable, day, invoice.gross)
        };
        self.moved(Key::of(invoice.party.raw(), invoice.currency), at, end, stated);
    }

    /// Payments of earlier statements that were taken back since, and are not said to be so yet.
    fn taken_back(&mut self, tx: &mut Tx, parties: &[i64]) -> Result<()> {
        let gone: Vec<Payment> = tx.list_in(
            find_in!(
                Payment,
                "company = $2 AND party IN (#) AND state = 'reversed' AND history = 0 \
                 AND EXISTS (SELECT 1 FROM statement_line l WHERE l.tenant_id = $1 \
                 AND l.payment = payment.id AND l.kind = 'payment') \
                 AND NOT EXISTS (SELECT 1 FROM statement_line l WHERE l.tenant_id = $1 \
                 AND l.payment = payment.id AND l.kind = 'payment_back')",
                1
            ),
            &[Stored::Int(self.cx.company)],
            parties,
        )?;
        for payment in &gone {
            let stated = StatementLine {
                number: payment.number.clone(),
                payment: Some(payment.id),
                text: payment.reference.clone(),
                ..self.line(LineKind::PaymentBack, self.until, payment.amount)
            };
            self.entry(Key::of(payment.party.raw(), payment.currency)).lines.push(stated);
        }
        self.came_back(tx, parties)
    }

    /// Refunds of earlier statements that came back since, and are not said to be so yet.
    fn came_back(&mut self, tx: &mut Tx, parties: &[i64]) -> Result<()> {
        let back: Vec<Refund> = tx.list_in(
            find_in!(
                Refund,
                "company = $2 AND party IN (#) AND state = 'reversed' \
                 AND EXISTS (SELECT 1 FROM statement_line l WHERE l.tenant_id = $1 \
                 AND l.refund = refund.id AND l.kind = 'refund') \
                 AND NOT EXISTS (SELECT 1 FROM statement_line l WHERE l.tenant_id = $1 \
                 AND l.refund = refund.id AND l.kind = 'refund_back')",
                1
            ),
            &[Stored::Int(self.cx.company)],
            parties,
        )?;
        for refund in &back {
            let stated = StatementLine {
                number: refund.number.clone(),
                refund: Some(refund.id),
                text: refund.trouble.clone(),
                ..self.line(LineKind::RefundBack, self.until, -refund.amount)
            };
            self.entry(Key::of(refund.party.raw(), refund.currency)).lines.push(stated);
        }
        Ok(())
    }

    fn line(&self, kind: LineKind, day: Day, amount: i64) -> StatementLine {
        StatementLine {
            id: self.cx.id(),
            statement: Id::from_raw(0),
            line_no: 0,
            kind,
            day,
            number: String::new(),
            order_id: None,
            item: None,
            payment: None,
            refund: None,
            product: None,
            text: String::new(),
            qty: Qty::ZERO,
            price: Price::ZERO,
            amount,
            difference: 0,
            note: String::new(),
            dealt: Dealt::None,
        }
    }
}

/// 价税合计 of an item: what its line is worth up to its end, less up to its start.
fn worth(item: &BillableItem, line: &OrderLine) -> i64 {
    line.money_of(item.from_qty + item.qty).0 - line.money_of(item.from_qty).0
}

/// The orders and lines behind items, loaded once.
struct OrdersOf {
    orders: BTreeMap<i64, Order>,
    lines: BTreeMap<i64, OrderLine>,
}

impl OrdersOf {
    fn load(tx: &mut Tx, items: &[BillableItem]) -> Result<Self> {
        let ids = |of: fn(&BillableItem) -> i64| -> Vec<i64> {
            items.iter().map(of).collect::<BTreeSet<_>>().into_iter().collect()
        };
        if items.is_empty() {
            return Ok(Self { orders: BTreeMap::new(), lines: BTreeMap::new() });
        }
        let orders: Vec<Order> =
            tx.list_in(find_in!(Order, "id IN (#)", 0), &[], &ids(|i| i.order_id))?;
        let lines: Vec<OrderLine> =
            tx.list_in(find_in!(OrderLine, "id IN (#)", 0), &[], &ids(|i| i.order_line))?;
        Ok(Self {
            orders: orders.into_iter().map(|o| (o.id.raw(), o)).collect(),
            lines: lines.into_iter().map(|l| (l.id.raw(), l)).collect(),
        })
    }
    fn of(&self, item: &BillableItem) -> Result<(&Order, &OrderLine)> {
        let found = self.orders.get(&item.order_id).zip(self.lines.get(&item.order_line));
        found.ok_or_else(|| Error::bug("bug.order_line", item.order_line))
    }
}
