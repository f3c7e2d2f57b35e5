//! Orders and what was shipped of them, as another system knew them. No stock moves.
//!
//! A shipped order is closed; one that is not shipped stays confirmed. Whether either was billed
//! and paid the source does not say: those axes stay at *none*, and `history` says why.
use super::door::Door;
use super::{GivenLine, GivenOrder, Row};
use kernel::{Fact, Id, Money, Price, Qty, Rate, Result, div_round};
use sales::{LineKind, Order, OrderLine, OrderState, Progress};
use serde_json::{Map, Value as Json, json};
use stock::{Shipment, ShipmentLine, ShipmentState};
use store::Tx;

pub(super) fn add_orders(door: &mut Door<'_>, tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let given = |row: &Row| if let Row::Order(row) = row { Some(row.clone()) } else { None };
    let rows: Vec<GivenOrder> = rows.iter().filter_map(given).collect();
    for row in &rows {
        let scope = door.scope(tx, 0, 0)?;
        let order = order_of(door, row, scope)?;
        door.became(&row.origin, "order", order.id.raw());
        let entered =
            about(door, door.fact(sales::facts::ORDER_ENTERED, Some(row.ordered)), &order);
        let worth = Money::new(order.gross, order.currency);
        tx.tell(entered.moved("", order.state.name()).worth(worth, door.batch.base(order.gross)));
        tx.insert(std::slice::from_ref(&order));
        tx.insert(&order.lines);
        if row.shipped.is_some() {
            add_shipment(door, tx, row, &order);
        }
    }
    Ok(())
}

fn about(door: &Door<'_>, fact: Fact, order: &Order) -> Fact {
    let fact = fact.on("order", order.id.raw(), "order");
    let fact = fact.on("party", order.party.raw(), "customer");
    if door.batch.rate.is_zero() { fact.attr("rate", "unknown") } else { fact }
}

fn order_of(door: &Door<'_>, row: &GivenOrder, scope_id: i64) -> Result<Order> {
    let shipped = row.shipped.map(|day| door.cx.zone.at(day, 0));
    let is_shipped = shipped.is_some();
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
        state: if is_shipped { OrderState::Closed } else { OrderState::Confirmed },
        fulfilment: if is_shipped { Progress::Full } else { Progress::None },
        billing: Progress::None,
        payment: Progress::None,
        holds: 0,
        ordered_on: Some(row.ordered),
        requested_on: row.requested,
        promised_first: None,
        promised_now: None,
        gross: 0,
        net: 0,
        tax: 0,
        deposit: 0,
        paid: 0,
        credit_taken: 0,
        freight: row.freight,
        stated_total: 0,
        submitted_at: None,
        confirmed_at: Some(door.cx.zone.at(row.ordered, 0)),
        closed_at: shipped,
        cancel_reason: String::new(),
        history: true,
        exact: exact_of(row),
        batch_id: door.batch.id.raw(),
        lines: Vec::new(),
    };
    let line = |(at, given)| line_of(door, order.id, at, given, is_shipped);
    order.lines = row.lines.iter().enumerate().map(line).collect::<Result<_>>()?;
    order.sum();
    Ok(order)
}

/// The amounts as the file has them, beside the rounded ones.
fn exact_of(row: &GivenOrder) -> String {
    let line = |line: &GivenLine| {
        json!({
            "qty": line.qty.to_string(), "price": line.price.to_string(),
            "discount": line.discount.to_string(), "net": Price(line.exact).to_string(),
        })
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
    order: Id<Order>,
    at: usize,
    given: &GivenLine,
    shipped: bool,
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
    line.shipped = if shipped { given.qty } else { Qty::ZERO };
    Ok(line)
}

fn add_shipment(door: &Door<'_>, tx: &mut Tx, row: &GivenOrder, order: &Order) {
    let shipment = shipment_of(door, row, order);
    let fact = door.fact(stock::facts::SHIP_DISPATCHED, row.shipped);
    let fact = fact.on("shipment", shipment.id.raw(), "shipment");
    tx.tell(about(door, fact, order).moved("", "shipped"));
    let of = |line: &OrderLine| ShipmentLine {
        id: door.cx.id(),
        shipment: shipment.id,
        order_line: line.id.raw(),
        product: line.product,
        stock: None,
        reservation: 0,
        assigned: line.ordered,
        shipped: line.ordered,
        delivered: Qty::ZERO,
        recognised: Qty::ZERO,
        returned: Qty::ZERO,
        cost: 0,
    };
    let lines: Vec<ShipmentLine> = order.lines.iter().map(of).collect();
    tx.insert(&[shipment]);
    tx.insert(&lines);
}

fn shipment_of(door: &Door<'_>, row: &GivenOrder, order: &Order) -> Shipment {
    Shipment {
        id: door.cx.id(),
        version: 1,
        scope_id: order.scope_id,
        number: row.number.clone(),
        company: order.company,
        order_id: Some(order.id.raw()),
        party: Some(order.party),
        warehouse: None,
        state: ShipmentState::Shipped,
        ship_to: row.ship_to.clone(),
        carrier: row.carrier.clone(),
        tracking: String::new(),
        planned_on: row.requested,
        promised_on: None,
        picked_at: None,
        shipped_at: order.closed_at,
        delivered_at: None,
        recognised_at: None,
        pod_name: String::new(),
        picker: 0,
        exception: String::new(),
        history: true,
        batch_id: order.batch_id,
        lines: Vec::new(),
    }
}
