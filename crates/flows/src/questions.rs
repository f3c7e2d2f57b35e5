//! Reads over several rooms: the chain of one order from lead to cash.
use crate::verbs::shown;
use kernel::{Ctx, Id, Result, Stored};
use sales::Order;
use serde_json::{Value, json};
use store::{Row, Tx, find, find_in, sql};

/// One order with everything before and after it: lead, opportunity, quotation, holds, shipments,
/// invoices, payments, entries, and the facts that tell its story.
///
/// Error: `store.not_found`.
pub fn chain(cx: &Ctx, tx: &mut Tx, order: i64) -> Result<Value> {
    let order = sales::commands::order(tx, Id::from_raw(order))?;
    let party = tx.get(order.party)?;
    let id = [Stored::Int(order.id.raw())];
    let holds: Vec<policy::Hold> =
        tx.list(find!(policy::Hold, "subject_kind = 'order' AND subject = $2 ORDER BY id"), &id)?;
    let shipments: Vec<stock::Shipment> =
        tx.list(find!(stock::Shipment, "order_id = $2 ORDER BY id"), &id)?;
    let invoices: Vec<finance::Invoice> = tx.list(
        find!(
            finance::Invoice,
            "(order_id = $2 OR id IN (SELECT invoice FROM billable_item \
                 WHERE tenant_id = $1 AND order_id = $2 AND invoice <> 0)) ORDER BY id"
        ),
        &id,
    )?;
    let before = before(cx, tx, &order)?;
    let money = money(cx, tx, &order, &invoices)?;
    let shipped = shipments_with_lines(cx, tx, &shipments)?;
    Ok(json!({
        "order": shown(&order, &order.lines, cx.base),
        "party": alone(&party, cx.base),
        "before": before,
        "holds": holds.iter().map(|h| alone(h, cx.base)).collect::<Vec<_>>(),
        "shipments": shipped,
        "invoices": invoices_of(cx, &invoices),
        "payments": money,
        "entries": entries(cx, tx, &order, &shipments, &invoices)?,
        "facts": facts(tx, "order", order.id.raw())?,
    }))
}

/// A record without lines, as the API shows it.
fn alone<T: store::Record>(record: &T, currency: kernel::Currency) -> Value {
    shown::<T, T>(record, &[], currency)
}

fn before(cx: &Ctx, tx: &mut Tx, order: &Order) -> Result<Value> {
    let mut all = json!({ "lead": null, "opportunity": null, "quote": null });
    if order.quote != 0 {
        let quote = sales::commands::quote(tx, Id::from_raw(order.quote))?;
        all["quote"] = shown(&quote, &quote.lines, cx.base);
    }
    if order.opportunity != 0 {
        let opportunity: crm::Opportunity = tx.get(Id::from_raw(order.opportunity))?;
        if let Some(lead) = opportunity.lead {
            all["lead"] = alone(&tx.get(lead)?, cx.base);
        }
        all["opportunity"] = alone(&opportunity, cx.base);
    }
    Ok(all)
}

fn shipments_with_lines(cx: &Ctx, tx: &mut Tx, all: &[stock::Shipment]) -> Result<Vec<Value>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = all.iter().map(|s| s.id.raw()).collect();
    let lines: Vec<stock::ShipmentLine> =
        tx.list_in(find_in!(stock::ShipmentLine, "shipment IN (#) ORDER BY id", 0), &[], &ids)?;
    let one = |shipment: &stock::Shipment| {
        let mine: Vec<stock::ShipmentLine> =
            lines.iter().filter(|l| l.shipment == shipment.id).cloned().collect();
        shown(shipment, &mine, cx.base)
    };
    Ok(all.iter().map(one).collect())
}

fn invoices_of(cx: &Ctx, all: &[finance::Invoice]) -> Vec<Value> {
    all.iter().map(|i| shown(i, &i.lines, cx.base)).collect()
}

fn money(cx: &Ctx, tx: &mut Tx, order: &Order, invoices: &[finance::Invoice]) -> Result<Value> {
    let mut ids: Vec<i64> = invoices.iter().map(|i| i.id.raw()).collect();
    ids.push(0);
    let items: Vec<finance::OpenItem> =
        tx.list_in(find_in!(finance::OpenItem, "invoice IN (#)", 0), &[], &ids)?;
    let own = items.iter().filter(|i| i.order_id == 0 || i.order_id == order.id.raw());
    let mut item_ids: Vec<i64> = own.map(|i| i.id.raw()).collect();
    item_ids.push(0);
    let mut allocations: Vec<finance::Allocation> =
        tx.list_in(find_in!(finance::Allocation, "open_item IN (#)", 0), &[], &item_ids)?;
    let of_order = find!(finance::Allocation, "order_id = $2");
    allocations.extend(tx.list::<finance::Allocation>(of_order, &[Stored::Int(order.id.raw())])?);
    allocations.sort_by_key(|a| a.id);
    let mut payments: Vec<i64> =
        allocations.iter().filter_map(|a| a.payment).map(|id| id.raw()).collect();
    payments.push(0);
    let payments: Vec<finance::Payment> =
        tx.list_in(find_in!(finance::Payment, "id IN (#) ORDER BY id", 0), &[], &payments)?;
    let one = |payment: &finance::Payment| {
        let mine: Vec<finance::Allocation> =
            allocations.iter().filter(|a| a.payment == Some(payment.id)).cloned().collect();
        shown(payment, &mine, cx.base)
    };
    Ok(payments.iter().map(one).collect())
}

fn entries(
    cx: &Ctx,
    tx: &mut Tx,
    order: &Order,
    shipments: &[stock::Shipment],
    invoices: &[finance::Invoice],
) -> Result<Vec<Value>> {
    let mut origins: Vec<i64> = vec![order.id.raw()];
    origins.extend(shipments.iter().map(|s| s.id.raw()));
    origins.extend(invoices.iter().map(|i| i.id.raw()));
    let entries: Vec<ledger::Entry> = tx.list_in(
        find_in!(
            ledger::Entry,
            "origin_kind IN ('order', 'shipment', 'invoice') AND origin IN (#) ORDER BY id",
            0
        ),
        &[],
        &origins,
    )?;
    let mut ids: Vec<i64> = entries.iter().map(|e| e.id.raw()).collect();
    ids.push(0);
    let lines: Vec<ledger::EntryLine> =
        tx.list_in(find_in!(ledger::EntryLine, "entry IN (#) ORDER BY id", 0), &[], &ids)?;
    let accounts: Vec<ledger::Account> =
        tx.list(find!(ledger::Account, "company = $2"), &[Stored::Int(order.company)])?;
    let one = |entry: &ledger::Entry| {
        let mine: Vec<Value> = lines
            .iter()
            .filter(|l| l.entry == entry.id)
            .map(|line| {
                let mut shown = alone(line, cx.base);
                if let Some(account) = accounts.iter().find(|a| a.id == line.account) {
                    shown["account_code"] = account.code.clone().into();
                    shown["account_name"] = account.name.clone().into();
                    shown["account_name_en"] = account.name_en.clone().into();
                }
                shown
            })
            .collect();
        let mut shown = alone(entry, cx.base);
        shown["lines"] = mine.into();
        shown
    };
    Ok(entries.iter().map(one).collect())
}

/// The orders of an invoice in the order of its lines, each with the ids of the invoice's lines
/// that are of it. A line that is of no order is of none here.
pub fn orders_of_invoice(tx: &mut Tx, invoice: i64) -> Result<Vec<Value>> {
    let rows = tx.rows(
        sql!(
            "SELECT i.id, o.id, o.number, o.customer_po_no FROM invoice_line i JOIN order_line l \
             ON l.tenant_id = i.tenant_id AND l.id = i.order_line JOIN sales_order o \
             ON o.tenant_id = l.tenant_id AND o.id = l.order_id \
             WHERE i.tenant_id = $1 AND i.invoice = $2 ORDER BY i.line_no, i.id"
        ),
        &[Stored::Int(invoice)],
    )?;
    let mut orders: Vec<(i64, Value, Vec<String>)> = Vec::new();
    for mut row in rows {
        let (line, id): (i64, i64) = (row.take()?, row.take()?);
        let (number, po): (String, String) = (row.take()?, row.take()?);
        let at = orders.iter().position(|(known, ..)| *known == id).unwrap_or_else(|| {
            let shown = json!({ "id": id.to_string(), "number": number, "customer_po_no": po });
            orders.push((id, shown, Vec::new()));
            orders.len() - 1
        });
        orders[at].2.push(line.to_string());
    }
    let shown = |(_, mut order, lines): (i64, Value, Vec<String>)| {
        order["lines"] = lines.into();
        order
    };
    Ok(orders.into_iter().map(shown).collect())
}

/// The story of an object, oldest first, at most 500 facts.
pub fn facts(tx: &mut Tx, kind: &str, id: i64) -> Result<Vec<Value>> {
    let rows = tx.rows(
        sql!(
            "SELECT f.id, f.activity, f.from_state, f.to_state, f.occurred_at, f.actor, \
             f.actor_kind, f.reason, f.amount, f.currency FROM fact_object o JOIN fact f \
             ON f.tenant_id = o.tenant_id AND f.id = o.fact_id WHERE o.tenant_id = $1 \
             AND o.object_type = $2 AND o.object_id = $3 \
             ORDER BY o.occurred_at, o.fact_id LIMIT 500"
        ),
        &[Stored::text(kind), Stored::Int(id)],
    )?;
    rows.into_iter().map(fact).collect()
}

fn fact(mut row: Row) -> Result<Value> {
    let id: i64 = row.take()?;
    let activity: String = row.take()?;
    let (from, to): (String, String) = (row.take()?, row.take()?);
    let at: kernel::Instant = row.take()?;
    let actor: i64 = row.take()?;
    let (kind, reason): (String, String) = (row.take()?, row.take()?);
    Ok(json!({
        "id": id.to_string(),
        "activity": activity,
        "from": from,
        "to": to,
        "occurred_at": at.rfc3339(),
        "actor": actor.to_string(),
        "actor_kind": kind,
        "reason": reason,
    }))
}
