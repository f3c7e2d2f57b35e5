//! Goods that come back: asked for, approved, received at what they left for, and settled.
//!
//! Nothing is ever shipped again by itself: `advance` does not count what came back (T39).
use crate::order_to_cash::books::{self, About};
use crate::order_to_cash::ship::billable;
use crate::order_to_cash::wake::Waiting;
use crate::order_to_cash::{bill, credit, positions};
use finance::commands::ready_items;
use finance::{BillableItem, ItemState};
use kernel::{Ctx, Done, Error, Fact, Id, Qty, Result, Stored};
use sales::commands::{lock_order, save_order};
use sales::{Order, OrderLine, OrderState, TakenBack};
use std::collections::BTreeMap;
use stock::commands::{ensure_rows, lock_return, lock_stock, lock_values, save_return, storage_of};
use stock::{Fault, Move, Return, ReturnLine, ReturnState, Shipment, ShipmentLine, ShipmentState};
use store::{Tx, find, find_in, numbers, sql};
use terms::credit_account;

const CREATE: &str = "sales.return.create";

/// What a customer wants to give back.
#[derive(Clone, Debug)]
pub struct NewReturn {
    pub order: Id<Order>,
    pub reason: String,
    pub fault: Fault,
    /// Lines of the order, with quantities.
    pub lines: Vec<(Id<OrderLine>, Qty)>,
}

/// Asks for a return of goods that left with an order.
///
/// Errors: `return.reason_required`, `return.nothing`, `return.no_such_line`, `line.quantity`,
/// `return.too_much` (with what is left to give back), `return.service` for a line that nothing
/// left for, `state.not_allowed`, `access.forbidden` for an order that the right does not reach.
pub fn request_return(cx: &Ctx, tx: &mut Tx, new: &NewReturn) -> Result<Return> {
    cx.allow(CREATE)?;
    let order = lock_order(tx, new.order)?;
    // Who may read an order of somebody else's may not send its goods back.
    access::must_reach(cx, tx, "return", CREATE, order.scope_id)?;
    let lines = new.lines.iter().filter_map(|(id, _)| order.lines.iter().find(|l| l.id == *id));
    if let Some(service) = lines.into_iter().find(|l| !l.is_goods()) {
        return Err(Error::invalid("return.service", &service.text).with("line", service.line_no));
    }
    if !matches!(order.state, OrderState::Confirmed | OrderState::Closed) || order.history {
        return Err(sales::ORDER_LIFECYCLE.refusal(order.state.name(), "return"));
    }
    if new.reason.trim().is_empty() {
        return Err(Error::invalid("return.reason_required", &order.number));
    }
    if new.lines.is_empty() {
        return Err(Error::invalid("return.nothing", &order.number));
    }
    let shipments = shipments_of(tx, order.id)?;
    let asked = already_asked(tx, order.id)?;
    let first = shipments.iter().find_map(|s| s.warehouse);
    let mut made = Return {
        id: cx.id(),
        version: 1,
        scope_id: order.scope_id,
        number: String::new(),
        company: order.company,
        order_id: order.id.raw(),
        party: order.party,
        warehouse: first.ok_or_else(|| Error::conflict("return.nothing_left", &order.number))?,
        state: ReturnState::Requested,
        reason: new.reason.trim().to_owned(),
        fault: new.fault,
        requested_by: cx.user,
        requested_at: Some(cx.now),
        decided_by: 0,
        received_at: None,
        settled_at: None,
        credit_note: 0,
        lines: Vec::new(),
    };
    for (line, qty) in &new.lines {
        let line = order.lines.iter().find(|l| l.id == *line);
        let line = line.ok_or_else(|| Error::invalid("return.no_such_line", &order.number))?;
        share(cx, &mut made, line, *qty, &shipments, &asked)?;
    }
    made.number = numbers::yearly(tx, "RT", order.company, cx.today().year())?;
    tx.insert(std::slice::from_ref(&made));
    tx.insert(&made.lines);
    let fact = made.fact(cx, stock::facts::RETURN_REQUESTED).because(&made.reason);
    tx.tell(fact.moved("", made.state.name()).attr("fault", made.fault.name()));
    Ok(made)
}

/// Shares a quantity out over the shipments that it left with, the oldest first.
fn share(
    cx: &Ctx,
    made: &mut Return,
    line: &OrderLine,
    qty: Qty,
    shipments: &[Shipment],
    asked: &BTreeMap<i64, Qty>,
) -> Result<()> {
    if qty.0 <= 0 {
        return Err(Error::invalid("line.quantity", qty).with("line", line.line_no));
    }
    let mut left = qty;
    for left_with in shipments.iter().flat_map(|s| &s.lines) {
        if left_with.order_line != line.id.raw() || left.0 <= 0 {
            continue;
        }
        let known = asked.get(&left_with.id.raw()).copied().unwrap_or_default();
        let own = made.lines.iter().filter(|l| l.shipment_line == left_with.id);
        let own: Qty = own.map(|l| l.asked).sum();
        let part = (left_with.kept() - known - own).min(left);
        if part.0 > 0 {
            made.lines.push(asked_line(cx, made.id, left_with, part));
            left -= part;
        }
    }
    if left.0 > 0 {
        let e = Error::conflict("return.too_much", qty).with("line", line.line_no);
        return Err(e.with("asked", qty - left));
    }
    Ok(())
}

fn asked_line(cx: &Ctx, of: Id<Return>, left_with: &ShipmentLine, asked: Qty) -> ReturnLine {
    ReturnLine {
        id: cx.id(),
        return_id: of,
        order_line: left_with.order_line,
        shipment: left_with.shipment,
        shipment_line: left_with.id,
        product: left_with.product,
        asked,
        received: Qty::ZERO,
        delivered: Qty::ZERO,
        recognised: Qty::ZERO,
        cost: 0,
    }
}

/// Shipments of an order that left, with their lines, oldest first. Their root is the order.
fn shipments_of(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Shipment>> {
    let mut shipments: Vec<Shipment> = tx.list(
        find!(Shipment, "order_id = $2 AND state IN ('shipped', 'delivered') ORDER BY id"),
        &[Stored::Int(order.raw())],
    )?;
    let ids: Vec<i64> = shipments.iter().map(|s| s.id.raw()).collect();
    if ids.is_empty() {
        return Ok(shipments);
    }
    let lines: Vec<ShipmentLine> =
        tx.list_in(find_in!(ShipmentLine, "shipment IN (#) ORDER BY id", 0), &[], &ids)?;
    for line in lines {
        if let Some(shipment) = shipments.iter_mut().find(|s| s.id == line.shipment) {
            shipment.lines.push(line);
        }
    }
    Ok(shipments)
}

/// What open returns ask for already, by shipment line.
fn already_asked(tx: &mut Tx, order: Id<Order>) -> Result<BTreeMap<i64, Qty>> {
    let lines: Vec<ReturnLine> = tx.list(
        find!(
            ReturnLine,
            "return_id IN (SELECT id FROM goods_return WHERE tenant_id = $1 AND order_id = $2 \
             AND state IN ('requested', 'approved'))"
        ),
        &[Stored::Int(order.raw())],
    )?;
    let mut asked = BTreeMap::new();
    for line in lines {
        *asked.entry(line.shipment_line.raw()).or_default() += line.asked;
    }
    Ok(asked)
}

type Rule<'a> = &'a dyn Fn(&mut Return) -> Result<Done<Fact>>;

/// A verb that moves no goods and no money.
fn decide(tx: &mut Tx, id: Id<Return>, rule: Rule<'_>) -> Result<Return> {
    let mut found = lock_return(tx, id)?;
    if let Done::Now(fact) = rule(&mut found)? {
        tx.tell(fact);
        tx.update(std::slice::from_ref(&found));
        found.version += 1;
    }
    Ok(found)
}

/// The goods may come back. Errors: `return.own_request`, `state.not_allowed`.
pub fn approve_return(cx: &Ctx, tx: &mut Tx, id: Id<Return>) -> Result<Return> {
    cx.allow("sales.return.approve")?;
    decide(tx, id, &|found| found.approve(cx))
}
/// The goods may not come back. Errors: `return.reason_required`, `state.not_allowed`.
pub fn reject_return(cx: &Ctx, tx: &mut Tx, id: Id<Return>, reason: &str) -> Result<Return> {
    cx.allow("sales.return.approve")?;
    decide(tx, id, &|found| found.reject(cx, reason))
}
/// The customer keeps them. Errors: `return.reason_required`, `state.not_allowed`.
pub fn cancel_return(cx: &Ctx, tx: &mut Tx, id: Id<Return>, reason: &str) -> Result<Return> {
    cx.allow("sales.return.create")?;
    decide(tx, id, &|found| found.cancel(cx, reason))
}

/// Goods came back: into stock at what they left for; 发出商品 or cost of sales, revenue and tax
/// fall with them; who waits for such goods is served.
///
/// Receiving again changes nothing. Errors: `return.too_much`, `return.nothing`,
/// `return.no_such_line`, `period.closed`, `state.not_allowed`.
pub fn receive_return(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Return>,
    came: &[(Id<ReturnLine>, Qty)],
) -> Result<Return> {
    cx.allow("stock.return.receive")?;
    let seen = tx.get(id)?;
    let lines: Vec<ReturnLine> =
        tx.list(find!(ReturnLine, "return_id = $2 ORDER BY id"), &[Stored::Int(id.raw())])?;
    let products: Vec<i64> = lines.iter().map(|l| l.product.raw()).collect();
    // Roots first: this order, and those that wait for such goods or for the customer's credit.
    let root = [seen.order_id];
    let (mut own, waiting) = Waiting::lock(cx, tx, &root, &products, seen.party.raw())?;
    let own = own.first_mut().ok_or_else(|| Error::not_found("store.not_found", "order"))?;
    let mut found = lock_return(tx, id)?;
    let Done::Now(fact) = found.receive(cx, came)? else { return Ok(found) };
    let account = credit_account::lock(cx, tx, own.party)?;
    let (counted, before) = (credit::counted(own), positions(own));
    let cost = take_back(cx, tx, own, &mut found, &products)?;
    crate::jobs::recount(tx, own)?;
    tx.tell(fact.worth(kernel::Money::new(cost, cx.base), cost));
    let about = About::today(cx, "return", found.doc(), &found.number);
    books::post(cx, tx, own, before, about)?;
    let delta = credit::settle(counted, own);
    credit_account::change(tx, account.id, delta);
    save_return(tx, &mut found);
    save_order(tx, own)?;
    waiting.serve(cx, tx, Some(&account))?;
    Ok(found)
}

/// Books the goods in and takes them off the order's lines; their cost.
fn take_back(
    cx: &Ctx,
    tx: &mut Tx,
    order: &mut Order,
    found: &mut Return,
    products: &[i64],
) -> Result<i64> {
    let warehouse = tx.get(found.warehouse)?;
    let location = storage_of(tx, found.warehouse)?;
    let ids: Vec<_> = products.iter().map(|id| Id::from_raw(*id)).collect();
    ensure_rows(cx, tx, &warehouse, &location, &ids)?;
    let rows = lock_stock(cx, tx, products)?;
    let mut values = lock_values(cx, tx, products)?;
    let mut shipments = shipments_of(tx, order.id)?;
    let mut by_shipment: BTreeMap<i64, Vec<(i64, Qty)>> = BTreeMap::new();
    let mut total = 0;
    let number = found.doc();
    for line in found.lines.iter_mut().filter(|l| l.received.0 > 0) {
        let shipment = shipments.iter_mut().find(|s| s.id == line.shipment);
        let shipment = shipment.ok_or_else(|| Error::bug("bug.shipment", line.shipment))?;
        let billed = is_billable(order, shipment);
        count_back(order, shipment, line)?;
        let value = values.iter_mut().find(|v| v.product == line.product);
        let value = value.ok_or_else(|| Error::bug("bug.stock_value", line.id))?;
        value.receive(line.received, line.cost);
        total += line.cost;
        let row = rows.iter().find(|r| r.product == line.product && r.location == location.id);
        let row = row.ok_or_else(|| Error::bug("bug.stock_row", line.id))?;
        put_in(cx, tx, row, line, number.id);
        if billed {
            let part = (line.order_line, -line.received);
            by_shipment.entry(line.shipment.raw()).or_default().push(part);
        }
    }
    tx.update(&values);
    for shipment in &shipments {
        tx.update(&shipment.lines);
    }
    for (shipment, quantities) in &by_shipment {
        billable(cx, tx, order, *shipment, quantities)?;
        tx.flush()?;
    }
    Ok(total)
}

/// Were the goods of this shipment put up for billing?
fn is_billable(order: &Order, shipment: &Shipment) -> bool {
    match order.recognition.as_str() {
        "on_invoice" => shipment.state == ShipmentState::Delivered,
        _ => shipment.recognised_at.is_some(),
    }
}

/// Takes the quantity off the shipment's line and the order's, and says what it was worth.
fn count_back(order: &mut Order, shipment: &mut Shipment, back: &mut ReturnLine) -> Result<()> {
    let (state, recognised) = (shipment.state, shipment.recognised_at.is_some());
    let of = shipment.lines.iter_mut().find(|l| l.id == back.shipment_line);
    let of = of.ok_or_else(|| Error::bug("bug.shipment_line", back.shipment_line))?;
    let when = |is: bool| if is { back.received } else { Qty::ZERO };
    (back.delivered, back.recognised) = (when(state == ShipmentState::Delivered), when(recognised));
    back.cost = of.cost_of_return(back.received);
    of.returned += back.received;
    let written = order.written_credit;
    let line = order.lines.iter_mut().find(|l| l.id.raw() == back.order_line);
    let line = line.ok_or_else(|| Error::bug("bug.order_line", back.order_line))?;
    line.take_back(&TakenBack {
        qty: back.received,
        delivered: back.delivered,
        recognised: back.recognised,
        cost: back.cost,
    });
    if !written {
        line.tax_dispatched = line.money_of(line.kept()).2;
    }
    Ok(())
}

fn put_in(cx: &Ctx, tx: &mut Tx, row: &stock::StockRow, line: &ReturnLine, origin: i64) {
    tx.put(
        sql!("UPDATE stock SET on_hand = on_hand + $3 WHERE tenant_id = $1 AND id = $2"),
        &[Stored::Int(row.id.raw()), Stored::Int(line.received.0)],
    );
    tx.insert(&[Move {
        id: cx.id(),
        company: row.company,
        product: line.product,
        location: row.location,
        lot: row.lot,
        qty: line.received,
        value: line.cost,
        kind: "return".to_owned(),
        origin_kind: "return".to_owned(),
        origin,
        origin_line: line.id.raw(),
        day: cx.today(),
        recorded_at: cx.now,
    }]);
}

/// Puts the money right: a credit note where it was billed, set against what the order's invoices
/// leave open; where it was not, the next invoice takes it off. The order may close with it.
///
/// Settling again changes nothing. Errors: `state.not_allowed`, `period.closed`.
pub fn settle_return(cx: &Ctx, tx: &mut Tx, id: Id<Return>) -> Result<Return> {
    cx.allow("finance.return.settle")?;
    let seen = tx.get(id)?;
    let mut order = lock_order(tx, Id::from_raw(seen.order_id))?;
    let mut found = lock_return(tx, id)?;
    let Done::Now(fact) = found.settle(cx)? else { return Ok(found) };
    let ready = ready_items(tx, order.id.raw())?;
    let ready = not_cancelled_out(tx, ready);
    let worth: i64 = ready.iter().map(|item| worth_of(&order, item)).sum();
    if worth < 0 {
        let (note, items) = bill::draft(cx, tx, &order)?;
        let note = bill::post_new(cx, tx, note, vec![order], items)?;
        found.credit_note = note.id.raw();
        tx.tell(fact.on("invoice", note.id.raw(), "credit_note"));
    } else {
        tx.tell(fact);
        order.derive_progress();
        if let Some(closed) = order.close_if_settled(cx) {
            tx.tell(closed);
        }
        save_order(tx, &mut order)?;
    }
    save_return(tx, &mut found);
    Ok(found)
}

fn worth_of(order: &Order, item: &BillableItem) -> i64 {
    let line = order.lines.iter().find(|l| l.id.raw() == item.order_line);
    line.map_or(0, |l| l.money_of(item.from_qty + item.qty).0 - l.money_of(item.from_qty).0)
}

/// What of a line was to be billed and came back whole before it was, nobody needs to see.
fn not_cancelled_out(tx: &mut Tx, ready: Vec<BillableItem>) -> Vec<BillableItem> {
    let mut sums: BTreeMap<i64, Qty> = BTreeMap::new();
    for item in &ready {
        *sums.entry(item.order_line).or_default() += item.qty;
    }
    let (mut gone, kept): (Vec<_>, Vec<_>) =
        ready.into_iter().partition(|item| sums[&item.order_line].is_zero());
    for item in &mut gone {
        item.state = ItemState::Waived;
    }
    tx.update(&gone);
    kept
}
