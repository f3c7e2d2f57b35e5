//! Loading and saving whole documents of this room; its verbs are in `flows`, since others follow.
use crate::{ChangeLine, ChangeOrder, Order, OrderLine, Quote, QuoteLine};
use kernel::{Id, Result, Stored};
use std::collections::BTreeMap;
use store::{Tx, find, find_in};

/// An order with its lines, locked until commit. Error: `store.not_found`.
pub fn lock_order(tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    let mut order = tx.lock(id)?;
    order.lines = lines_of(tx, id)?;
    Ok(order)
}

/// An order with its lines.
pub fn order(tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    let mut order = tx.get(id)?;
    order.lines = lines_of(tx, id)?;
    Ok(order)
}

fn lines_of(tx: &mut Tx, id: Id<Order>) -> Result<Vec<OrderLine>> {
    tx.list(find!(OrderLine, "order_id = $2 ORDER BY line_no"), &[Stored::Int(id.raw())])
}

/// Orders with their lines, locked in the order of their ids: the roots of a flow come first.
pub fn lock_orders(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Order>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut orders: Vec<Order> =
        tx.lock_in(find_in!(Order, "id IN (#) ORDER BY id", 0), &[], ids)?;
    let lines: Vec<OrderLine> =
        tx.list_in(find_in!(OrderLine, "order_id IN (#) ORDER BY order_id, line_no", 0), &[], ids)?;
    let mut by_order: BTreeMap<Id<Order>, Vec<OrderLine>> = BTreeMap::new();
    for line in lines {
        by_order.entry(line.order_id).or_default().push(line);
    }
    for order in &mut orders {
        order.lines = by_order.remove(&order.id).unwrap_or_default();
    }
    Ok(orders)
}

/// Saves the header and every line, after the counters' bounds were asserted.
pub fn save_order(tx: &mut Tx, order: &mut Order) -> Result<()> {
    order.lines.iter().try_for_each(OrderLine::check)?;
    order.derive_progress();
    tx.update(std::slice::from_ref(order));
    tx.update(&order.lines);
    order.version += 1;
    Ok(())
}

/// A quotation with its lines, locked. Error: `store.not_found`.
pub fn lock_quote(tx: &mut Tx, id: Id<Quote>) -> Result<Quote> {
    let quote = tx.lock(id)?;
    with_lines(tx, quote)
}

/// A quotation with its lines. Error: `store.not_found`.
pub fn quote(tx: &mut Tx, id: Id<Quote>) -> Result<Quote> {
    let quote = tx.get(id)?;
    with_lines(tx, quote)
}

fn with_lines(tx: &mut Tx, mut quote: Quote) -> Result<Quote> {
    let key = [Stored::Int(quote.id.raw())];
    quote.lines = tx.list(find!(QuoteLine, "quote = $2 ORDER BY line_no"), &key)?;
    Ok(quote)
}

/// A change order with its lines, locked. Error: `store.not_found`.
pub fn lock_change(tx: &mut Tx, id: Id<ChangeOrder>) -> Result<ChangeOrder> {
    let change = tx.lock(id)?;
    with_change_lines(tx, change)
}

/// A change order with its lines. Error: `store.not_found`.
pub fn change(tx: &mut Tx, id: Id<ChangeOrder>) -> Result<ChangeOrder> {
    let change = tx.get(id)?;
    with_change_lines(tx, change)
}

fn with_change_lines(tx: &mut Tx, mut change: ChangeOrder) -> Result<ChangeOrder> {
    let key = [Stored::Int(change.id.raw())];
    change.lines = tx.list(find!(ChangeLine, "change_order = $2 ORDER BY line_no"), &key)?;
    Ok(change)
}

/// The change order of an order that is under way; `None` where there is none.
pub fn open_change(tx: &mut Tx, order: Id<Order>) -> Result<Option<ChangeOrder>> {
    let open: Vec<ChangeOrder> = tx.list(
        find!(
            ChangeOrder,
            "order_id = $2 AND state IN ('draft', 'pending_checks', 'pending_customer') \
             ORDER BY id LIMIT 1"
        ),
        &[Stored::Int(order.raw())],
    )?;
    Ok(open.into_iter().next())
}
