//! Orders and what was shipped of them, as another system knew them. No stock moves.
//!
//! The source says whether an order is open, closed or cancelled, and when what happened. Whether
//! it was billed it does not say: that axis stays at *none*, and `history` says why.
use super::door::Door;
use super::{GivenLine, GivenOrder, Moment, OrderEnd, Row};
use kernel::{Activity, Fact, Id, Instant, Money, Price, Qty, Rate, Result, div_round};
use sales::{LineKind, Order, OrderLine, OrderState, Progress};
use serde_json::{Map, Value as Json};
use stock::{Shipment, ShipmentLine, ShipmentState};
use store::Tx;

pub(super) fn add_orders(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let (mut orders, mut lines) = (Vec::new(), Vec::new());
    let (mut shipments, mut parts) = (Vec::new(), Vec::new());
    for row in rows {
        let Row::Order(row) = row else { continue };
        let scope = door.scope(tx, 0, 0)?;
        let mut order = order_of(door, row, scope)?;
        door.became(&row.origin, "order", order.id.raw());
        tell(door, tx, row, &order);
        if row.shipped.is_some() || row.delivered.is_some() {
            let shipment = shipment_of(door, row, &order);
            parts.extend(order.lines.iter().map(|line| part_of(door, shipment.id, line)));
            tell_shipment(door, tx, row, &order, &shipment);
            shipments.push(shipment);
        }
        lines.append(&mut order.lines);
        orders.push(order);
    }
    tx.insert(&orders);
    tx.insert(&lines);
    tx.insert(&shipments);
    tx.insert(&parts);
    Ok(())
}

fn tell(door: &Door<'_>, tx: &mut Tx, row: &GivenOrder, order: &Order) {
    let fact = |activity: Activity, at| about(door, door.fact(activity, at), order);
    let worth = Money::new(order.gross, order.currency);
    let base = door.batch.base(order.gross);
    let entered = fact(sales::facts::ORDER_ENTERED, Some(row.ordered)).worth(worth, base);
    if row.confirmed.is_none() && row.end != OrderEnd::Cancelled {
        // The source knows one moment of it: that is when it became what it is.
        return tx.tell(entered.moved("", order.state.name()));
    }
    tx.tell(entered.moved("", "draft"));
    if row.confirmed.is_some() {
        let confirmed = fact(sales::facts::ORDER_CONFIRMED, row.confirmed).worth(worth, base);
        tx.tell(confirmed.moved("draft", "confirmed"));
    }
    let before = if row.confirmed.is_some() { "confirmed" } else { "draft" };
    let last = [Some(row.ordered), row.confirmed, row.shipped, row.delivered];
    let last = last.into_iter().flatten().max();
    match row.end {
        OrderEnd::Open => {}
        OrderEnd::Closed => {
            tx.tell(fact(sales::facts::ORDER_CLOSED, last).moved(before, "closed"));
        }
        OrderEnd::Cancelled => {
            let gone = fact(sales::facts::ORDER_CANCELLED, last).because(&row.reason);
            tx.tell(gone.attr("day_assumed", "order").moved(before, "cancelled"));
        }
    }
}

fn about(door: &Door<'_>, fact: Fact, order: &Order) -> Fact {
    let fact = fact.on("order", order.id.raw(), "order");
    let fact = fact.on("party", order.party.raw(), "customer");
    if door.batch.rate.is_zero() { fact.attr("rate", "unknown") } else { fact }
}

fn order_of(door: &Door<'_>, row: &GivenOrder, scope_id: i64) -> Result<Order> {
    let instant = |at: Option<Moment>| at.map(|at| at.at(&door.cx.zone));
    let is_shipped = row.shipped.is_some() || row.delivered.is_some();
    let closed = row.delivered.or(row.shipped).or(Some(row.ordered));
    let mut order = Order {
        id: door.cx.id(),
        version: 1,
        scope_id,
        number: row.number.clone(),
        company: door.batch.company,
        party: Id::from_raw(door.id(&row.party)?),
        ship_to: row.ship_to.clone(),
        contact: String::new(),
        quote: 0,
        opportunity: 0,
        owner: 0,
        channel: String::new(),
        order_type: String::new(),
        customer_po_no: String::new(),
        currency: door.batch.currency,
        rate: door.batch.rate,
        incl_tax: false,
        terms_code: String::new(),
        written_credit: false,
        recognition: String::new(),
        state: match row.end {
            OrderEnd::Open => OrderState::Confirmed,
            OrderEnd::Closed => OrderState::Closed,
            OrderEnd::Cancelled => OrderState::Cancelled,
        },
        fulfilment: if is_shipped { Progress::Full } else { Progress::None },
        billing: Progress::None,
        payment: Progress::None,
        holds: 0,
        ordered_on: Some(row.ordered.day),
        requested_on: row.requested,
        promised_first: None,
        promised_now: None,
        gross: 0,
        net: 0,
        tax: 0,
        deposit: 0,
        deposit_base: 0,
        deposit_tax: 0,
        deposit_tax_base: 0,
        covered: 0,
        covered_base: 0,
        revenue_base: 0,
        output_vat_base: 0,
        deferred_base: 0,
        billed_base: 0,
        paid: row.paid,
        credit_taken: 0,
        freight: row.freight,
        stated_total: row.paid,
        submitted_at: None,
        confirmed_at: instant(row.confirmed.or(Some(row.ordered))),
        closed_at: if row.end == OrderEnd::Closed { instant(closed) } else { None },
        cancel_reason: row.reason.clone(),
        history: true,
        exact: exact_of(row),
        batch_id: door.batch.id.raw(),
        lines: Vec::new(),
    };
    let line = |(at, given)| line_of(door, row, order.id, at, given);
    order.lines = row.lines.iter().enumerate().map(line).collect::<Result<_>>()?;
    order.sum();
    order.payment = Progress::of(row.paid, order.gross + row.freight);
    Ok(order)
}

/// The amounts as the file has them, beside the rounded ones.
fn exact_of(row: &GivenOrder) -> String {
    let line = |line: &GivenLine| {
        let mut of = Map::new();
        let mut say = |name: &str, value: String| of.insert(name.to_owned(), Json::String(value));
        say("qty", line.qty.to_string());
        say("price", line.price.to_string());
        say("discount", line.discount.to_string());
        say("net", Price(line.exact).to_string());
        for (name, value) in &line.more {
            say(name, value.clone());
        }
        Json::Object(of)
    };
    let lines: Vec<Json> = row.lines.iter().map(line).collect();
    let net: i64 = row.lines.iter().map(|line| line.exact).sum();
    let mut exact = Map::from_iter([
        ("lines".to_owned(), Json::Array(lines)),
        ("net".to_owned(), Json::String(Price(net).to_string())),
    ]);
    exact.extend(row.more.iter().map(|(k, v)| ((*k).to_owned(), Json::String(v.clone()))));
    Json::Object(exact).to_string()
}

fn line_of(
    door: &Door<'_>,
    row: &GivenOrder,
    order: Id<Order>,
    at: usize,
    given: &GivenLine,
) -> Result<OrderLine> {
    let product = Id::from_raw(door.id(&given.product)?);
    let scale = 10_i128.pow(door.batch.currency.places());
    let whole = i128::from(given.qty.0) * i128::from(given.price.0) * scale;
    let whole = div_round(whole, i128::from(Qty::SCALE) * i128::from(Price::SCALE)) as i64;
    let gross = div_round(i128::from(given.exact) * scale, i128::from(Price::SCALE)) as i64;
    let asked = sales::Asked { product, qty: given.qty, price: None, discount: whole - gross };
    let told = sales::Told {
        list_price: given.price,
        price: given.price,
        tax_rate: Rate::ZERO,
        gross,
        net: gross,
        tax: 0,
        steps: "[]".into(),
    };
    let mut line = OrderLine::new(door.cx.id(), order, at as i64 + 1, &asked, &told);
    line.kind = LineKind::Goods;
    let is_delivered = row.delivered.is_some();
    let is_shipped = row.shipped.is_some() || is_delivered;
    line.shipped = if is_shipped { given.qty } else { Qty::ZERO };
    line.delivered = if is_delivered { given.qty } else { Qty::ZERO };
    if row.end == OrderEnd::Cancelled {
        line.cancelled = given.qty - line.shipped;
    }
    Ok(line)
}

fn tell_shipment(
    door: &Door<'_>,
    tx: &mut Tx,
    row: &GivenOrder,
    order: &Order,
    shipment: &Shipment,
) {
    let of = |activity, at| {
        let fact = door.fact(activity, at).on("shipment", shipment.id.raw(), "shipment");
        about(door, fact, order)
    };
    // Delivered without a day on which it left: it left, and nobody knows when.
    let left = row.shipped.or(row.delivered);
    let gone = of(stock::facts::SHIP_DISPATCHED, left).moved("", "shipped");
    let assumed = row.shipped.is_none();
    tx.tell(if assumed { gone.attr("day_assumed", "delivery") } else { gone });
    if row.delivered.is_some() {
        let there = of(stock::facts::DELIVERED, row.delivered).moved("shipped", "delivered");
        tx.tell(there);
    }
}

fn part_of(door: &Door<'_>, shipment: Id<Shipment>, line: &OrderLine) -> ShipmentLine {
    ShipmentLine {
        id: door.cx.id(),
        shipment,
        order_line: line.id.raw(),
        product: line.product,
        stock: None,
        reservation: 0,
        assigned: line.ordered,
        shipped: line.ordered,
        delivered: line.delivered,
        recognised: Qty::ZERO,
        returned: Qty::ZERO,
        cost: 0,
    }
}

fn shipment_of(door: &Door<'_>, row: &GivenOrder, order: &Order) -> Shipment {
    let instant = |at: Option<Moment>| -> Option<Instant> { at.map(|at| at.at(&door.cx.zone)) };
    let delivered = row.delivered.is_some();
    Shipment {
        id: door.cx.id(),
        version: 1,
        scope_id: order.scope_id,
        number: row.number.clone(),
        company: order.company,
        order_id: Some(order.id.raw()),
        party: Some(order.party),
        warehouse: None,
        state: if delivered { ShipmentState::Delivered } else { ShipmentState::Shipped },
        ship_to: row.ship_to.clone(),
        carrier: row.carrier.clone(),
        tracking: String::new(),
        planned_on: row.requested,
        promised_on: None,
        picked_at: None,
        shipped_at: instant(row.shipped.or(row.delivered)),
        delivered_at: instant(row.delivered),
        recognised_at: None,
        pod_name: String::new(),
        picker: 0,
        exception: String::new(),
        history: true,
        batch_id: order.batch_id,
        lines: Vec::new(),
    }
}
