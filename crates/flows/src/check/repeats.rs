//! References that repeat what another reference of their row leads to say the same: they have no
//! foreign key of their own (docs/adr/0033).
use super::Report;
use kernel::Result;
use store::{Tx, sql};

pub(super) fn prove(tx: &mut Tx, report: &mut Report) -> Result<()> {
    of_orders(tx, report)?;
    of_stock(tx, report)
}

fn of_orders(tx: &mut Tx, report: &mut Report) -> Result<()> {
    let demands = sql!(
        "SELECT d.id, COALESCE(l.product, 0), d.product FROM demand d LEFT JOIN order_line l \
         ON l.tenant_id = d.tenant_id AND l.id = d.order_line WHERE d.tenant_id = $1 \
         AND (l.product IS NULL OR d.product <> l.product OR d.order_id <> l.order_id)"
    );
    report.differ(tx, "repeat.demand_follows_order_line", "demand", demands, &[])?;
    let reservations = sql!(
        "SELECT r.id, COALESCE(d.order_line, 0), r.order_line FROM reservation r \
         LEFT JOIN demand d ON d.tenant_id = r.tenant_id AND d.id = r.demand \
         WHERE r.tenant_id = $1 AND (d.id IS NULL \
         OR d.order_line <> r.order_line OR d.product <> r.product)"
    );
    report.differ(tx, "repeat.reservation_follows_demand", "reservation", reservations, &[])?;
    let bills = sql!(
        "SELECT i.id, b.order_line, i.order_line FROM invoice_line i JOIN billable_item b \
         ON b.tenant_id = i.tenant_id AND b.id = i.item WHERE i.tenant_id = $1 \
         AND b.order_line <> i.order_line"
    );
    report.differ(tx, "repeat.invoice_line_follows_item", "invoice_line", bills, &[])
}

fn of_stock(tx: &mut Tx, report: &mut Report) -> Result<()> {
    let shipped = sql!(
        "SELECT s.id, COALESCE(l.product, 0), s.product FROM shipment_line s \
         LEFT JOIN order_line l ON l.tenant_id = s.tenant_id AND l.id = s.order_line \
         LEFT JOIN stock k ON k.tenant_id = s.tenant_id AND k.id = s.stock WHERE s.tenant_id = $1 \
         AND (l.product IS NULL OR l.product <> s.product \
         OR (s.stock IS NOT NULL AND COALESCE(k.product, 0) <> s.product))"
    );
    report.differ(tx, "repeat.shipment_line_follows_order_line", "shipment_line", shipped, &[])?;
    let returned = sql!(
        "SELECT r.id, COALESCE(l.product, 0), r.product FROM return_line r LEFT JOIN order_line l \
         ON l.tenant_id = r.tenant_id AND l.id = r.order_line WHERE r.tenant_id = $1 \
         AND (l.product IS NULL OR l.product <> r.product)"
    );
    report.differ(tx, "repeat.return_line_follows_order_line", "return_line", returned, &[])?;
    let moves = sql!(
        "SELECT m.id, m.product, m.location FROM stock_move m LEFT JOIN stock k \
         ON k.tenant_id = m.tenant_id AND k.product = m.product AND k.company = m.company \
         AND k.location = m.location AND k.lot = m.lot WHERE m.tenant_id = $1 AND k.id IS NULL"
    );
    report.differ(tx, "repeat.move_has_its_stock", "move", moves, &[])
}
