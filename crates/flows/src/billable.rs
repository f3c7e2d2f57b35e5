//! What of a customer's orders can be billed now, by order and delivery.
use finance::BillableItem;
use kernel::{Ctx, Id, Money, Result, Stored};
use sales::{Order, OrderLine};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use stock::Shipment;
use store::scope::Scope;
use store::{Tx, find, find_in};

/// Orders of a customer of which something is ready to be billed, oldest first, each with its
/// deliveries and what they come to; at most 2,000 items of orders that the scope reaches.
///
/// A part without a shipment is what was rendered and not delivered. What came back before it was
/// billed is taken off the delivery that it came with.
pub fn of_party(cx: &Ctx, tx: &mut Tx, party: i64, scope: &Scope) -> Result<Vec<Value>> {
    let items: Vec<BillableItem> = tx.list(
        find!(
            BillableItem,
            "party = $2 AND state = 'ready' AND company = $3 ORDER BY id LIMIT 2000"
        ),
        &[Stored::Int(party), Stored::Int(cx.company)],
    )?;
    let mut ids: Vec<i64> = items.iter().map(|i| i.order_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut orders: Vec<Order> =
        tx.list_in(find_in!(Order, "id IN (#) ORDER BY id", 0), &[], &ids)?;
    orders.retain(|order| scope.reaches(order.scope_id));
    let lines: Vec<OrderLine> = tx.list_in(find_in!(OrderLine, "order_id IN (#)", 0), &[], &ids)?;
    let lines: BTreeMap<i64, OrderLine> = lines.into_iter().map(|l| (l.id.raw(), l)).collect();
    let mut ids: Vec<i64> = items.iter().map(|i| i.shipment).filter(|id| *id != 0).collect();
    ids.sort_unstable();
    ids.dedup();
    let shipments: Vec<Shipment> = match ids.is_empty() {
        true => Vec::new(),
        false => tx.list_in(find_in!(Shipment, "id IN (#) ORDER BY id", 0), &[], &ids)?,
    };
    let shown = |order: &Order| row(order, &items, &lines, &shipments);
    Ok(orders.iter().map(shown).collect())
}

fn row(
    order: &Order,
    items: &[BillableItem],
    lines: &BTreeMap<i64, OrderLine>,
    shipments: &[Shipment],
) -> Value {
    let mut parts: BTreeMap<i64, i64> = BTreeMap::new();
    for item in items.iter().filter(|i| i.order_id == order.id.raw()) {
        let gross = lines.get(&item.order_line).map_or(0, |line| {
            line.money_of(item.from_qty + item.qty).0 - line.money_of(item.from_qty).0
        });
        *parts.entry(item.shipment).or_default() += gross;
    }
    let money = |minor| Money::new(minor, order.currency).amount();
    let part = |(id, gross): (&i64, &i64)| {
        let shipment = shipments.iter().find(|s| s.id == Id::from_raw(*id));
        json!({
            "gross": money(*gross),
            "services": shipment.is_none(),
            "shipment": shipment.map(|s| json!({ "id": s.id.to_string(), "number": s.number })),
        })
    };
    json!({
        "id": order.id.to_string(),
        "number": order.number,
        "currency": order.currency.code(),
        "gross": money(parts.values().sum()),
        "parts": parts.iter().map(part).collect::<Vec<_>>(),
    })
}
