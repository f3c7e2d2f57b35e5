//! Picking, packing, shipping (maybe in part), delivering, and recognition as its own event.
use crate::jobs;
use crate::order_to_cash::books::{self, About};
use crate::order_to_cash::{credit, positions, submit, supply};
use finance::{BillableItem, ItemState, facts as money_facts};
use kernel::{Ctx, DocRef, Done, Error, Id, Instant, Money, Qty, Result, Stored};
use policy::{Stage, blocks, questions};
use sales::commands::{lock_order, save_order};
use sales::{Order, OrderState};
use std::collections::BTreeMap;
use stock::commands::{lock_shipment, lock_stock, lock_values, save_shipment};
use stock::{
    Move, Reservation, ReservationState, Shipment, ShipmentLine, ShipmentState, StockRow,
    StockValue,
};
use store::{Tx, find, sql};
use terms::credit_account;

type Step<'a> = &'a dyn Fn(&mut Shipment) -> Result<Done<kernel::Fact>>;

/// A verb of the warehouse that moves no goods across the house's border.
fn step(tx: &mut Tx, id: Id<Shipment>, rule: Step<'_>) -> Result<Shipment> {
    let mut shipment = lock_shipment(tx, id)?;
    if shipment.is_open() {
        not_held(tx, &shipment, Stage::Pick)?;
    }
    if let Done::Now(fact) = rule(&mut shipment)? {
        tx.tell(fact);
        tx.update(std::slice::from_ref(&shipment));
        shipment.version += 1;
    }
    Ok(shipment)
}

/// A picker begins. Errors: `shipment.held`, `state.not_allowed`.
pub fn start_picking(cx: &Ctx, tx: &mut Tx, id: Id<Shipment>) -> Result<Shipment> {
    cx.allow("stock.shipment.pick")?;
    step(tx, id, &|s| s.start_picking(cx))
}
/// Picked and staged. Errors: `shipment.held`, `state.not_allowed`.
pub fn pick(cx: &Ctx, tx: &mut Tx, id: Id<Shipment>) -> Result<Shipment> {
    cx.allow("stock.shipment.pick")?;
    step(tx, id, &|s| s.pick(cx))
}
/// Packed. Errors: `shipment.held`, `state.not_allowed`.
pub fn pack(cx: &Ctx, tx: &mut Tx, id: Id<Shipment>) -> Result<Shipment> {
    cx.allow("stock.shipment.pack")?;
    step(tx, id, &|s| s.pack(cx))
}

/// Error: `shipment.held` naming the holds that forbid the step.
fn not_held(tx: &mut Tx, shipment: &Shipment, stage: Stage) -> Result<()> {
    let order = DocRef { kind: "order", id: shipment.order_id.unwrap_or(0) };
    let open = questions::open_holds(tx, order)?;
    let against: Vec<&str> =
        open.iter().filter(|h| blocks(h.kind, stage)).map(|h| h.kind.name()).collect();
    if against.is_empty() {
        return Ok(());
    }
    let e = Error::conflict("shipment.held", &shipment.number);
    Err(e.with("holds", against.join(", ")))
}

/// What leaves with a shipment: by line, or everything that is assigned when empty.
#[derive(Clone, Debug, Default)]
pub struct Leaving {
    pub lines: Vec<(Id<ShipmentLine>, Qty)>,
    pub carrier: String,
    pub tracking: String,
}

/// Goods leave: stock at cost to 发出商品; what did not leave becomes a backorder.
///
/// Shipping again changes nothing. Errors: `shipment.held`, `shipment.too_much`,
/// `shipment.nothing`, `shipment.no_such_line`, `stock.short`, `period.closed`.
pub fn ship(cx: &Ctx, tx: &mut Tx, id: Id<Shipment>, leaving: &Leaving) -> Result<Shipment> {
    cx.allow("stock.shipment.ship")?;
    let (mut order, mut shipment) = lock_both(tx, id)?;
    if shipment.is_open() {
        not_held(tx, &shipment, Stage::Ship)?;
    }
    let Done::Now(fact) = shipment.ship(cx, &leaving.lines)? else { return Ok(shipment) };
    shipment.carrier.clone_from(&leaving.carrier);
    shipment.tracking.clone_from(&leaving.tracking);
    let account = credit_account::lock(cx, tx, order.party)?;
    let (counted, before) = (credit::counted(&order), positions(&order));
    let cost = issue(cx, tx, &mut order, &mut shipment)?;
    tx.tell(fact.worth(Money::new(cost, cx.base), cost));
    if order.recognition == "on_ship" {
        recognise_now(cx, tx, &mut order, &mut shipment)?;
    }
    jobs::agree(cx, tx, &order, &shipment)?;
    let about = About::today(cx, "shipment", shipment.doc(), &shipment.number);
    books::post(cx, tx, &mut order, before, about)?;
    let delta = credit::settle(counted, &mut order);
    credit_account::change(tx, account.id, delta);
    save_shipment(tx, &mut shipment);
    supply::run(cx, tx, std::slice::from_mut(&mut order), supply::Downstream::Perhaps)?;
    submit::clear_stock_hold(cx, tx, &mut order)?;
    save_order(tx, &mut order)?;
    Ok(shipment)
}

/// The shipment's order first (the root), then the shipment.
fn lock_both(tx: &mut Tx, id: Id<Shipment>) -> Result<(Order, Shipment)> {
    let seen = tx.get(id)?;
    let order = seen.order_id.ok_or_else(|| Error::invalid("shipment.no_order", &seen.number))?;
    let order = lock_order(tx, Id::from_raw(order))?;
    Ok((order, lock_shipment(tx, id)?))
}

/// Takes the shipped goods out of stock, line by line; their cost in all.
fn issue(cx: &Ctx, tx: &mut Tx, order: &mut Order, shipment: &mut Shipment) -> Result<i64> {
    let products: Vec<i64> = shipment.lines.iter().map(|l| l.product.raw()).collect();
    let rows = lock_stock(cx, tx, &products)?;
    let mut values = lock_values(cx, tx, &products)?;
    let reservations: Vec<Reservation> = tx.list(
        find!(Reservation, "order_id = $2 AND state = 'hard' ORDER BY id"),
        &[Stored::Int(order.id.raw())],
    )?;
    let mut total = 0;
    for line in shipment.lines.iter_mut().filter(|l| l.assigned.0 > 0) {
        let found = reservations.iter().find(|r| r.id.raw() == line.reservation);
        let reservation = found.ok_or_else(|| Error::bug("bug.reservation", line.id))?;
        let row = rows.iter().find(|r| Some(r.id) == line.stock);
        let row = row.ok_or_else(|| Error::bug("bug.stock_row", line.id))?;
        let value = values.iter_mut().find(|v| v.product == line.product);
        let value = value.ok_or_else(|| Error::bug("bug.stock_value", line.id))?;
        line.cost = if line.shipped.is_zero() { 0 } else { value.issue(line.shipped)? };
        total += line.cost;
        consume(tx, reservation, line);
        take_out(cx, tx, row, line, shipment.id);
        count_shipped(order, line)?;
    }
    let changed: BTreeMap<i64, &StockValue> = values.iter().map(|v| (v.id.raw(), v)).collect();
    for value in changed.values() {
        tx.update(std::slice::from_ref(*value));
    }
    Ok(total)
}

fn consume(tx: &mut Tx, reservation: &Reservation, line: &ShipmentLine) {
    let mut done = reservation.clone();
    done.qty = line.shipped;
    done.state = if line.shipped.is_zero() {
        ReservationState::Released
    } else {
        ReservationState::Consumed
    };
    tx.update(&[done]);
}

fn take_out(cx: &Ctx, tx: &mut Tx, row: &StockRow, line: &ShipmentLine, shipment: Id<Shipment>) {
    tx.put_guarded(
        sql!(
            "UPDATE stock SET on_hand = on_hand - $3, reserved = reserved - $4 \
             WHERE tenant_id = $1 AND id = $2 AND on_hand >= $3 AND reserved >= $4"
        ),
        &[Stored::Int(row.id.raw()), Stored::Int(line.shipped.0), Stored::Int(line.assigned.0)],
        "bug.stock_bounds",
    );
    if line.shipped.is_zero() {
        return;
    }
    tx.insert(&[Move {
        id: cx.id(),
        company: row.company,
        product: line.product,
        location: row.location,
        lot: row.lot,
        qty: -line.shipped,
        value: -line.cost,
        kind: "ship".to_owned(),
        origin_kind: "shipment".to_owned(),
        origin: shipment.raw(),
        origin_line: line.id.raw(),
        day: cx.today(),
        recorded_at: cx.now,
    }]);
}

fn count_shipped(order: &mut Order, shipped: &ShipmentLine) -> Result<()> {
    let written_credit = order.written_credit;
    let line = order.lines.iter_mut().find(|l| l.id.raw() == shipped.order_line);
    let line = line.ok_or_else(|| Error::bug("bug.order_line", shipped.order_line))?;
    line.shipped += shipped.shipped;
    line.reserved -= shipped.assigned;
    line.cost_shipped += shipped.cost;
    if !written_credit {
        line.tax_dispatched = line.money_of(line.kept()).2;
    }
    Ok(())
}

/// The customer signed: delivered; by the default policy revenue is recognised with it.
///
/// Delivering again changes nothing. Errors: `shipment.delivery_time`, `state.not_allowed`.
pub fn deliver(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Shipment>,
    signed_by: &str,
    at: Option<Instant>,
) -> Result<Shipment> {
    cx.allow("stock.shipment.deliver")?;
    let (mut order, mut shipment) = lock_both(tx, id)?;
    let at = at.unwrap_or(cx.now);
    let Done::Now(fact) = shipment.deliver(cx, signed_by, at)? else { return Ok(shipment) };
    tx.tell(fact);
    for delivered in &shipment.lines {
        let line = order.lines.iter_mut().find(|l| l.id.raw() == delivered.order_line);
        let line = line.ok_or_else(|| Error::bug("bug.order_line", delivered.order_line))?;
        line.delivered += delivered.delivered;
    }
    jobs::delivered(cx, tx, &order, &shipment)?;
    match order.recognition.as_str() {
        "on_acceptance" => {
            let before = positions(&order);
            recognise_now(cx, tx, &mut order, &mut shipment)?;
            let about = About::today(cx, RECOGNITION, shipment.doc(), &shipment.number);
            books::post(cx, tx, &mut order, before, about)?;
        }
        "on_invoice" => make_items(cx, tx, &order, &shipment)?,
        _ => {}
    }
    save_shipment(tx, &mut shipment);
    save_order(tx, &mut order)?;
    Ok(shipment)
}

const RECOGNITION: &str = "recognition";

/// Recognises the revenue and cost of a delivered shipment, where the policy left it open.
///
/// Doing it again changes nothing. Error: `shipment.not_delivered`.
pub fn recognise(cx: &Ctx, tx: &mut Tx, id: Id<Shipment>) -> Result<Shipment> {
    cx.allow("finance.revenue.recognise")?;
    let (mut order, mut shipment) = lock_both(tx, id)?;
    if shipment.state != ShipmentState::Delivered {
        return Err(Error::conflict("shipment.not_delivered", &shipment.number));
    }
    if shipment.recognised_at.is_some() {
        return Ok(shipment);
    }
    let before = positions(&order);
    recognise_now(cx, tx, &mut order, &mut shipment)?;
    let about = About::today(cx, RECOGNITION, shipment.doc(), &shipment.number);
    books::post(cx, tx, &mut order, before, about)?;
    save_shipment(tx, &mut shipment);
    save_order(tx, &mut order)?;
    Ok(shipment)
}

/// Control passed: net, tax and cost of the shipment are recognised together, and can be billed.
pub(crate) fn recognise_now(
    cx: &Ctx,
    tx: &mut Tx,
    order: &mut Order,
    shipment: &mut Shipment,
) -> Result<()> {
    if shipment.recognised_at.is_some() {
        return Ok(());
    }
    let mut net = 0;
    for line in &mut shipment.lines {
        line.recognised = line.kept();
        let of = order.lines.iter_mut().find(|l| l.id.raw() == line.order_line);
        let of = of.ok_or_else(|| Error::bug("bug.order_line", line.order_line))?;
        of.recognised += line.recognised;
        let (_, line_net, line_tax) = of.money_of(of.recognised);
        net += line_net - of.net_recognised;
        of.net_recognised = line_net;
        of.tax_recognised = line_tax;
        of.cost_recognised += line.kept_cost();
    }
    shipment.recognised_at = Some(cx.now);
    let fact = shipment.fact(cx, money_facts::REVENUE_RECOGNISED);
    tx.tell(fact.worth(Money::new(net, order.currency), order.base(net)));
    if order.recognition != "on_invoice" {
        make_items(cx, tx, order, shipment)?;
    }
    Ok(())
}

/// What of a shipment can be billed.
fn make_items(cx: &Ctx, tx: &mut Tx, order: &Order, shipment: &Shipment) -> Result<()> {
    let quantities: Vec<(i64, Qty)> = shipment
        .lines
        .iter()
        .filter(|l| l.kept().0 > 0)
        .map(|l| (l.order_line, l.kept()))
        .collect();
    billable(cx, tx, order, shipment.id.raw(), &quantities)
}

/// Items follow each other on a line: each begins where the one before ended. What came back is
/// an item of a negative quantity.
pub(crate) fn billable(
    cx: &Ctx,
    tx: &mut Tx,
    order: &Order,
    shipment: i64,
    quantities: &[(i64, Qty)],
) -> Result<()> {
    let known: Vec<BillableItem> = tx.list(
        find!(BillableItem, "order_id = $2 AND state <> 'waived'"),
        &[Stored::Int(order.id.raw())],
    )?;
    let mut ends: BTreeMap<i64, Qty> = BTreeMap::new();
    for item in &known {
        *ends.entry(item.order_line).or_default() += item.qty;
    }
    let mut items = Vec::new();
    for (order_line, qty) in quantities {
        let end = ends.entry(*order_line).or_default();
        items.push(BillableItem {
            id: cx.id(),
            company: order.company,
            party: order.party,
            order_id: order.id.raw(),
            order_line: *order_line,
            shipment,
            state: ItemState::Ready,
            qty: *qty,
            from_qty: *end,
            invoice: 0,
            ready_at: cx.now,
        });
        *end += *qty;
    }
    tx.insert(&items);
    Ok(())
}

/// The services of an order were rendered: recognised, and they can be billed.
///
/// Doing it again changes nothing. Errors: `order.no_services`, `state.not_allowed`.
pub fn perform(cx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    cx.allow("sales.order.perform")?;
    let mut order = lock_order(tx, id)?;
    if order.state != OrderState::Confirmed {
        return Err(sales::ORDER_LIFECYCLE.refusal(order.state.name(), "perform"));
    }
    if order.lines.iter().all(|l| l.is_goods()) {
        return Err(Error::invalid("order.no_services", &order.number));
    }
    let before = positions(&order);
    let counted = credit::counted(&order);
    let mut done = Vec::new();
    for line in order.lines.iter_mut().filter(|l| !l.is_goods()) {
        let rest = line.wanted() - line.recognised;
        if rest.0 <= 0 {
            continue;
        }
        done.push((line.id.raw(), rest));
        (line.shipped, line.delivered, line.recognised) =
            (line.wanted(), line.wanted(), line.wanted());
        (_, line.net_recognised, line.tax_recognised) = line.money_of(line.recognised);
        if !order.written_credit {
            line.tax_dispatched = line.tax_recognised;
        }
    }
    if done.is_empty() {
        return Ok(order);
    }
    let account = credit_account::lock(cx, tx, order.party)?;
    let fact = order.fact(cx, money_facts::REVENUE_RECOGNISED);
    tx.tell(done.iter().fold(fact, |f, (line, _)| f.on("order_line", *line, "line")));
    billable(cx, tx, &order, 0, &done)?;
    jobs::agree_services(cx, tx, &order)?;
    let about = About::today(cx, RECOGNITION, order.doc(), &order.number);
    books::post(cx, tx, &mut order, before, about)?;
    let delta = credit::settle(counted, &mut order);
    credit_account::change(tx, account.id, delta);
    save_order(tx, &mut order)?;
    Ok(order)
}

/// Cancels a shipment that has not left; its goods stay reserved for a new one.
///
/// Errors: `state.not_allowed`.
pub fn cancel_shipment(cx: &Ctx, tx: &mut Tx, id: Id<Shipment>, reason: &str) -> Result<Shipment> {
    cx.allow("stock.shipment.cancel")?;
    let (mut order, mut shipment) = lock_both(tx, id)?;
    let Done::Now(fact) = shipment.cancel(cx, reason)? else { return Ok(shipment) };
    tx.tell(fact);
    let mut given = Qty::ZERO;
    let reservations: Vec<Reservation> = tx.list(
        find!(Reservation, "order_id = $2 AND state = 'hard' ORDER BY id"),
        &[Stored::Int(order.id.raw())],
    )?;
    for line in &mut shipment.lines {
        let found = reservations.iter().find(|r| r.id.raw() == line.reservation);
        let Some(reservation) = found else { continue };
        consume(tx, reservation, line);
        supply::change_reserved(tx, reservation.stock, -line.assigned);
        let of = order.lines.iter_mut().find(|l| l.id.raw() == line.order_line);
        let of = of.ok_or_else(|| Error::bug("bug.order_line", line.order_line))?;
        of.reserved -= line.assigned;
        given += line.assigned;
        line.assigned = Qty::ZERO;
    }
    let fact = order.fact(cx, stock::facts::STOCK_RELEASED).attr("qty", given);
    tx.tell(fact.on("shipment", shipment.id.raw(), "shipment"));
    save_shipment(tx, &mut shipment);
    supply::run(cx, tx, std::slice::from_mut(&mut order), supply::Downstream::Perhaps)?;
    save_order(tx, &mut order)?;
    Ok(shipment)
}
