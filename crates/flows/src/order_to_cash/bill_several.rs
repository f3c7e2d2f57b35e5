//! One invoice over several orders of a customer, and the billing run (月结) that draws them up.
//!
//! What an invoice says once (customer, currency, terms, prices with or without tax) has to be the
//! same of all its orders. Each order keeps its own share: an open item, its deposit, what is paid.
use crate::order_to_cash::bill::{draft_of, keep, may_bill};
use crate::order_to_cash::picked::{self, MAX_PICKED, Picked};
use crate::order_to_cash::stated;
use finance::{BillableItem, Invoice};
use kernel::{Ctx, Day, Error, Result, Stored};
use sales::Order;
use sales::commands::lock_orders;
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, find_in};

const CREATE: &str = "finance.invoice.create";

/// Orders on one invoice.
pub const MAX_ORDERS: usize = 200;

/// Customers that one run bills; running it again goes on.
pub const RUN: usize = 200;

/// Draws up one invoice of what is picked of one or several orders; the rest stays ready.
///
/// Errors: `access.forbidden` for orders that the right does not reach, `invoice.no_orders`,
/// `invoice.too_many_orders`, `invoice.orders_differ` with the field,
/// `invoice.share_below_zero` for an order that is owed something,
/// `order.nothing_to_bill`, `order.billing_held`, `state.not_allowed`; of single deliveries
/// `invoice.delivery_of_other_order`, `invoice.delivery_billed`, `invoice.delivery_not_ready`,
/// `invoice.too_many_picked`.
pub fn bill_together(cx: &Ctx, tx: &mut Tx, picked: &[Picked]) -> Result<Invoice> {
    cx.allow(CREATE)?;
    if picked.len() > MAX_PICKED {
        let e = Error::invalid("invoice.too_many_picked", picked.len());
        return Err(e.with("limit", MAX_PICKED));
    }
    let roots: BTreeSet<i64> = picked.iter().map(|one| one.order).collect();
    if roots.is_empty() {
        return Err(Error::invalid("invoice.no_orders", "").with("field", "lines"));
    }
    if roots.len() > MAX_ORDERS {
        let e = Error::invalid("invoice.too_many_orders", roots.len());
        return Err(e.with("limit", MAX_ORDERS));
    }
    let orders = lock_orders(tx, &roots.into_iter().collect::<Vec<_>>())?;
    // Who may read orders of somebody else's may not bill them.
    let scope = access::scope_on(cx, tx, "invoice", CREATE)?;
    if !orders.iter().all(|order| scope.reaches(order.scope_id)) {
        return Err(Error::forbidden("access.forbidden", CREATE));
    }
    let ready = ready_of(tx, &orders)?;
    orders.iter().try_for_each(|order| may_bill(tx, order))?;
    let items = picked::of(tx, &orders, picked, ready)?;
    for order in &orders {
        if orders.len() > 1 && worth(order, &items) < 0 {
            return Err(Error::conflict("invoice.share_below_zero", &order.number));
        }
        alike(&orders[0], order)?;
    }
    let (invoice, items) = draft_of(cx, tx, &orders.iter().collect::<Vec<_>>(), items)?;
    keep(tx, &invoice, &items);
    Ok(invoice)
}

/// Draft invoices of items that may be billed: one for each group of orders that are alike, and one
/// of its own for an order that is owed something. Orders that may not be billed stay for later.
pub(crate) fn bill_alike(
    cx: &Ctx,
    tx: &mut Tx,
    orders: &[Order],
    ready: &[BillableItem],
) -> Result<Vec<Invoice>> {
    let mut groups: Vec<Vec<&Order>> = Vec::new();
    for order in orders {
        let own = ready.iter().any(|i| i.order_id == order.id.raw());
        if !own || !is_billable(tx, order)? {
            continue;
        }
        let alone = worth(order, ready) < 0;
        let fits = |group: &&mut Vec<&Order>| {
            group.len() < MAX_ORDERS
                && alike(group[0], order).is_ok()
                && worth(group[0], ready) >= 0
        };
        match groups.iter_mut().find(fits).filter(|_| !alone) {
            Some(group) => group.push(order),
            None => groups.push(vec![order]),
        }
    }
    let mut made = Vec::new();
    for group in groups {
        let of = |i: &&BillableItem| group.iter().any(|o| o.id.raw() == i.order_id);
        let items = ready.iter().filter(of).cloned().collect();
        let (invoice, items) = draft_of(cx, tx, &group, items)?;
        keep(tx, &invoice, &items);
        made.push(invoice);
    }
    Ok(made)
}

/// Whatever else goes wrong is no reason to leave an order out.
fn is_billable(tx: &mut Tx, order: &Order) -> Result<bool> {
    match may_bill(tx, order) {
        Err(e) if matches!(e.code, "order.billing_held" | "state.not_allowed") => Ok(false),
        other => other.map(|()| true),
    }
}

/// What a run drew up.
#[derive(Clone, Debug, Default)]
pub struct Run {
    pub made: Vec<Invoice>,
    /// There may be more customers: run it again.
    pub more: bool,
}

/// Draws up what is ready until the end of a day: of one customer, or of all whose statement day it
/// is, each with as few invoices as may be. Orders that the right does not reach stay.
///
/// Running it again makes nothing twice. Errors: `invoice.nothing_ready` for one customer,
/// `statement.too_early` for a day that is not over.
pub fn bill_period(cx: &Ctx, tx: &mut Tx, party: Option<i64>, until: Day) -> Result<Run> {
    cx.allow(CREATE)?;
    if until >= cx.today() && party.is_none() {
        return Err(Error::invalid("statement.too_early", until).with("field", "until"));
    }
    let end = cx.zone.at(until.plus_days(1), 0);
    let mut parties = match party {
        Some(one) => vec![one],
        None => stated::billed_on(cx, tx, until)?,
    };
    let more = parties.len() > RUN;
    parties.truncate(RUN);
    if parties.is_empty() {
        return Ok(Run::default());
    }
    let key = [Stored::Int(cx.company), Stored::Int(end.0)];
    let seen: Vec<BillableItem> = tx.list_in(
        find_in!(
            BillableItem,
            "company = $2 AND party IN (#) AND state = 'ready' AND ready_at < $3",
            2
        ),
        &key,
        &parties,
    )?;
    let roots: BTreeSet<i64> = seen.iter().map(|i| i.order_id).collect();
    let mut orders = lock_orders(tx, &roots.into_iter().collect::<Vec<_>>())?;
    let scope = access::scope_on(cx, tx, "invoice", CREATE)?;
    orders.retain(|order| scope.reaches(order.scope_id));
    let mut ready = ready_of(tx, &orders)?;
    ready.retain(|i| i.ready_at < end);
    let mut by_party: BTreeMap<i64, Vec<Order>> = BTreeMap::new();
    for order in orders {
        by_party.entry(order.party.raw()).or_default().push(order);
    }
    let mut run = Run { made: Vec::new(), more };
    for orders in by_party.values() {
        run.made.extend(bill_alike(cx, tx, orders, &ready)?);
    }
    match (party, run.made.is_empty()) {
        (Some(_), true) => Err(Error::conflict("invoice.nothing_ready", until)),
        _ => Ok(run),
    }
}

/// What waits to be billed of orders, locked, oldest first.
fn ready_of(tx: &mut Tx, orders: &[Order]) -> Result<Vec<BillableItem>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = orders.iter().map(|o| o.id.raw()).collect();
    tx.lock_in(
        find_in!(BillableItem, "order_id IN (#) AND state = 'ready' ORDER BY id", 0),
        &[],
        &ids,
    )
}

/// 价税合计 of an order's own items among these.
fn worth(order: &Order, items: &[BillableItem]) -> i64 {
    let one = |item: &BillableItem| {
        let line = order.lines.iter().find(|l| l.id.raw() == item.order_line);
        let until = |l: &sales::OrderLine, qty| l.money_of(qty).0;
        line.map_or(0, |l| until(l, item.from_qty + item.qty) - until(l, item.from_qty))
    };
    items.iter().filter(|i| i.order_id == order.id.raw()).map(one).sum()
}

/// Is what an invoice says once the same of both? Error: `invoice.orders_differ`.
fn alike(first: &Order, other: &Order) -> Result<()> {
    let field = match () {
        () if first.party != other.party => "party",
        () if first.company != other.company => "company",
        () if first.currency != other.currency => "currency",
        () if first.terms_code != other.terms_code => "terms_code",
        () if first.incl_tax != other.incl_tax => "incl_tax",
        () => return Ok(()),
    };
    let e = Error::conflict("invoice.orders_differ", &other.number);
    Err(e.with("other", &first.number).with("what", field))
}
