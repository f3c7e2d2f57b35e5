//! Counters of order lines are sums of what followed; nothing billable is lost or billed twice.
use super::Report;
use kernel::Result;
use store::{Tx, sql};

pub(super) fn prove(tx: &mut Tx, report: &mut Report) -> Result<()> {
    shipped(tx, report)?;
    returned(tx, report)?;
    billed(tx, report)?;
    paid(tx, report)?;
    deposits(tx, report)?;
    headers(tx, report)?;
    changed(tx, report)
}

/// Change orders: one at a time, explained by their lines, and applied as they had to be.
fn changed(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "change_order.one_at_a_time",
        "order",
        sql!(
            "SELECT order_id, 1, COUNT(*) FROM change_order WHERE tenant_id = $1 \
             AND state IN ('draft', 'pending_checks', 'pending_customer') GROUP BY order_id \
             HAVING COUNT(*) > 1"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "change_order.lines_explain_its_difference",
        "change_order",
        sql!(
            "SELECT c.id, CAST(COALESCE(l.delta, 0) AS BIGINT), c.gross_after - c.gross_before \
             FROM change_order c LEFT JOIN (SELECT tenant_id, change_order, \
             CAST(COALESCE(SUM(gross_after - gross_before), 0) AS BIGINT) AS delta \
             FROM change_line WHERE tenant_id = $1 GROUP BY tenant_id, change_order) l \
             ON l.tenant_id = c.tenant_id AND l.change_order = c.id WHERE c.tenant_id = $1 \
             AND COALESCE(l.delta, 0) <> c.gross_after - c.gross_before"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "change_order.applied_as_it_had_to_be",
        "change_order",
        sql!(
            "SELECT id, 1, 0 FROM change_order WHERE tenant_id = $1 \
             AND ((state = 'applied') <> (applied_at <> 0) \
             OR (state = 'applied' AND needs_approval = 1 AND approved_at = 0) \
             OR (approved_by <> 0 AND approved_by = made_by) \
             OR (state = 'applied' AND asked_by <> 'customer' AND evidence = ''))"
        ),
        &[],
    )
}

fn shipped(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "order.shipments_explain_shipped",
        "order_line",
        sql!(
            "SELECT l.id, CAST(COALESCE(s.qty, 0) AS BIGINT), l.shipped FROM order_line l \
             JOIN sales_order o ON o.tenant_id = l.tenant_id AND o.id = l.order_id LEFT JOIN \
             (SELECT tenant_id, order_line, CAST(COALESCE(SUM(shipped), 0) AS BIGINT) AS qty FROM \
             shipment_line WHERE tenant_id = $1 GROUP BY tenant_id, order_line) s \
             ON s.tenant_id = l.tenant_id AND s.order_line = l.id WHERE l.tenant_id = $1 \
             AND o.history = 0 AND l.kind <> 'service' AND l.shipped <> COALESCE(s.qty, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "order.reservations_explain_reserved",
        "order_line",
        sql!(
            "SELECT l.id, CAST(COALESCE(r.qty, 0) AS BIGINT), l.reserved FROM order_line l \
             LEFT JOIN (SELECT tenant_id, order_line, CAST(COALESCE(SUM(qty), 0) AS BIGINT) AS \
             qty FROM reservation WHERE tenant_id = $1 AND state = 'hard' GROUP BY tenant_id, \
             order_line) r ON r.tenant_id = l.tenant_id AND r.order_line = l.id \
             WHERE l.tenant_id = $1 AND l.reserved <> COALESCE(r.qty, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "order.open_shipments_carry_reservations",
        "reservation",
        sql!(
            "SELECT r.id, r.qty, CAST(COALESCE(l.assigned, 0) AS BIGINT) FROM reservation r \
             LEFT JOIN shipment_line l ON l.tenant_id = r.tenant_id AND l.id = r.shipment_line \
             WHERE r.tenant_id = $1 AND r.state = 'hard' AND r.qty <> COALESCE(l.assigned, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "order.demands_follow_lines",
        "demand",
        sql!(
            "SELECT d.id, l.ordered - l.cancelled - l.shipped - l.reserved, \
             d.wanted - d.shipped - d.reserved FROM demand d JOIN order_line l \
             ON l.tenant_id = d.tenant_id AND l.id = d.order_line \
             JOIN sales_order o ON o.tenant_id = d.tenant_id AND o.id = d.order_id \
             WHERE d.tenant_id = $1 AND o.state = 'confirmed' \
             AND (d.wanted <> l.ordered - l.cancelled OR d.shipped <> l.shipped \
             OR d.reserved <> l.reserved)"
        ),
        &[],
    )
}

/// What came back is what the returns say, and the cost on the lines is of what was kept.
fn returned(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "order.returns_explain_returned",
        "order_line",
        sql!(
            "SELECT l.id, CAST(COALESCE(r.qty, 0) AS BIGINT), l.returned FROM order_line l \
             LEFT JOIN (SELECT tenant_id, order_line, CAST(COALESCE(SUM(received), 0) AS BIGINT) \
             AS qty FROM return_line WHERE tenant_id = $1 GROUP BY tenant_id, order_line) r \
             ON r.tenant_id = l.tenant_id AND r.order_line = l.id \
             WHERE l.tenant_id = $1 AND l.returned <> COALESCE(r.qty, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "shipment.returns_explain_returned",
        "shipment_line",
        sql!(
            "SELECT l.id, CAST(COALESCE(r.qty, 0) AS BIGINT), l.returned FROM shipment_line l \
             LEFT JOIN (SELECT tenant_id, shipment_line, CAST(COALESCE(SUM(received), 0) AS \
             BIGINT) AS qty FROM return_line WHERE tenant_id = $1 GROUP BY tenant_id, \
             shipment_line) r ON r.tenant_id = l.tenant_id AND r.shipment_line = l.id \
             WHERE l.tenant_id = $1 AND l.returned <> COALESCE(r.qty, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "order.cost_is_of_what_was_kept",
        "order_line",
        sql!(
            "SELECT l.id, CAST(COALESCE(s.cost, 0) - COALESCE(r.cost, 0) AS BIGINT), \
             l.cost_shipped FROM order_line l \
             JOIN sales_order o ON o.tenant_id = l.tenant_id AND o.id = l.order_id LEFT JOIN \
             (SELECT tenant_id, order_line, CAST(COALESCE(SUM(cost), 0) AS BIGINT) AS cost FROM \
             shipment_line WHERE tenant_id = $1 GROUP BY tenant_id, order_line) s \
             ON s.tenant_id = l.tenant_id AND s.order_line = l.id LEFT JOIN \
             (SELECT tenant_id, order_line, CAST(COALESCE(SUM(cost), 0) AS BIGINT) AS cost FROM \
             return_line WHERE tenant_id = $1 GROUP BY tenant_id, order_line) r \
             ON r.tenant_id = l.tenant_id AND r.order_line = l.id WHERE l.tenant_id = $1 \
             AND o.history = 0 AND l.cost_shipped <> COALESCE(s.cost, 0) - COALESCE(r.cost, 0)"
        ),
        &[],
    )
}

fn billed(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "order.invoices_explain_invoiced",
        "order_line",
        sql!(
            "SELECT l.id, CAST(COALESCE(i.qty, 0) AS BIGINT), l.invoiced FROM order_line l \
             JOIN sales_order o ON o.tenant_id = l.tenant_id AND o.id = l.order_id LEFT JOIN \
             (SELECT l.tenant_id, l.order_line, CAST(COALESCE(SUM(l.qty), 0) AS BIGINT) AS qty \
             FROM invoice_line l JOIN invoice i ON i.tenant_id = l.tenant_id AND i.id = l.invoice \
             WHERE l.tenant_id = $1 AND i.state IN ('posted', 'settled') GROUP BY l.tenant_id, \
             l.order_line) i ON i.tenant_id = l.tenant_id AND i.order_line = l.id \
             WHERE l.tenant_id = $1 AND o.history = 0 AND l.invoiced <> COALESCE(i.qty, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "billing.nothing_lost_nothing_twice",
        "order_line",
        sql!(
            "SELECT l.id, CASE o.recognition WHEN 'on_invoice' THEN l.delivered ELSE l.recognised \
             END, CAST(COALESCE(b.qty, 0) AS BIGINT) FROM order_line l JOIN sales_order o \
             ON o.tenant_id = l.tenant_id AND o.id = l.order_id LEFT JOIN (SELECT tenant_id, \
             order_line, CAST(COALESCE(SUM(qty), 0) AS BIGINT) AS qty FROM billable_item \
             WHERE tenant_id = $1 AND state <> 'waived' GROUP BY tenant_id, order_line) b \
             ON b.tenant_id = l.tenant_id AND b.order_line = l.id WHERE l.tenant_id = $1 \
             AND o.history = 0 AND COALESCE(b.qty, 0) <> CASE o.recognition \
             WHEN 'on_invoice' THEN l.delivered ELSE l.recognised END"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "billing.shares_are_what_orders_lines_say",
        "open_item",
        sql!(
            "SELECT o.id, CAST(COALESCE(s.gross, 0) AS BIGINT), o.amount FROM open_item o \
             JOIN invoice i ON i.tenant_id = o.tenant_id AND i.id = o.invoice LEFT JOIN \
             (SELECT l.tenant_id, l.invoice, r.order_id, \
             CAST(COALESCE(SUM(l.gross), 0) AS BIGINT) AS gross FROM invoice_line l \
             JOIN order_line r ON r.tenant_id = l.tenant_id AND r.id = l.order_line \
             WHERE l.tenant_id = $1 GROUP BY l.tenant_id, l.invoice, r.order_id) s \
             ON s.tenant_id = o.tenant_id AND s.invoice = o.invoice AND s.order_id = o.order_id \
             WHERE o.tenant_id = $1 AND i.history = 0 AND i.kind <> 'opening' \
             AND (o.order_id = 0 OR o.amount <> COALESCE(s.gross, 0))"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "billing.items_match_their_invoice",
        "billable_item",
        sql!(
            "SELECT b.id, 1, 0 FROM billable_item b LEFT JOIN invoice i \
             ON i.tenant_id = b.tenant_id AND i.id = b.invoice WHERE b.tenant_id = $1 \
             AND ((b.state = 'invoiced' AND COALESCE(i.state, '') NOT IN ('posted', 'settled')) \
             OR (b.state = 'reserved' AND COALESCE(i.state, '') <> 'draft') \
             OR (b.state = 'ready' AND b.invoice <> 0))"
        ),
        &[],
    )
}

fn paid(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "payment.allocations_explain_unapplied",
        "payment",
        sql!(
            "SELECT p.id, p.amount - COALESCE(a.amount, 0), p.unapplied FROM payment p LEFT JOIN \
             (SELECT tenant_id, payment, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount \
             FROM allocation WHERE tenant_id = $1 GROUP BY tenant_id, payment) a \
             ON a.tenant_id = p.tenant_id AND a.payment = p.id WHERE p.tenant_id = $1 \
             AND p.state = 'cleared' AND (p.unapplied <> p.amount - COALESCE(a.amount, 0) \
             OR p.unapplied < 0 OR p.unapplied > p.amount)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "open_item.allocations_explain_open",
        "open_item",
        sql!(
            "SELECT i.id, i.amount - COALESCE(a.amount, 0), i.open FROM open_item i LEFT JOIN \
             (SELECT tenant_id, open_item, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount \
             FROM allocation WHERE tenant_id = $1 GROUP BY tenant_id, open_item) a \
             ON a.tenant_id = i.tenant_id AND a.open_item = i.id WHERE i.tenant_id = $1 \
             AND i.open <> i.amount - COALESCE(a.amount, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "invoice.open_items_are_what_is_open",
        "invoice",
        sql!(
            "SELECT i.id, i.open, CAST(COALESCE(o.open, 0) AS BIGINT) FROM invoice i LEFT JOIN \
             (SELECT tenant_id, invoice, CAST(COALESCE(SUM(open), 0) AS BIGINT) AS open \
             FROM open_item WHERE tenant_id = $1 GROUP BY tenant_id, invoice) o \
             ON o.tenant_id = i.tenant_id AND o.invoice = i.id WHERE i.tenant_id = $1 \
             AND i.state IN ('posted', 'settled') AND i.open <> COALESCE(o.open, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "order.deposit_is_what_is_allocated_to_it",
        "order",
        sql!(
            "SELECT o.id, CAST(COALESCE(a.amount, 0) AS BIGINT), CASE o.history WHEN 1 \
             THEN o.paid ELSE o.deposit END FROM sales_order o \
             LEFT JOIN (SELECT tenant_id, order_id, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS \
             amount FROM allocation WHERE tenant_id = $1 GROUP BY tenant_id, order_id) a \
             ON a.tenant_id = o.tenant_id AND a.order_id = o.id WHERE o.tenant_id = $1 \
             AND COALESCE(a.amount, 0) <> CASE o.history WHEN 1 THEN o.paid ELSE o.deposit END"
        ),
        &[],
    )
}

/// The tax in a deposit is a part of it.
fn deposits(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "order.deposit_tax_is_a_part_of_it",
        "order",
        sql!(
            "SELECT id, deposit, deposit_tax FROM sales_order WHERE tenant_id = $1 \
             AND (deposit_tax < 0 OR deposit_tax > deposit OR (deposit = 0 AND deposit_tax <> 0))"
        ),
        &[],
    )
}

fn headers(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "order.holds_are_counted",
        "order",
        sql!(
            "SELECT o.id, CAST(COALESCE(h.count, 0) AS BIGINT), o.holds FROM sales_order o \
             LEFT JOIN (SELECT tenant_id, subject, COUNT(*) AS count FROM hold \
             WHERE tenant_id = $1 AND subject_kind = 'order' AND open = 1 GROUP BY tenant_id, \
             subject) h ON h.tenant_id = o.tenant_id AND h.subject = o.id \
             WHERE o.tenant_id = $1 AND o.holds <> COALESCE(h.count, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "approval.open_ones_may_lift_a_hold",
        "approval",
        sql!(
            "SELECT a.id, 1, CAST(COALESCE(h.count, 0) AS BIGINT) FROM approval a LEFT JOIN \
             (SELECT tenant_id, approval, COUNT(*) AS count FROM hold WHERE tenant_id = $1 \
             AND open = 1 GROUP BY tenant_id, approval) h ON h.tenant_id = a.tenant_id \
             AND h.approval = a.id WHERE a.tenant_id = $1 \
             AND a.state IN ('pending', 'returned') AND COALESCE(h.count, 0) <> 1"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "order.paid_is_what_its_invoices_got",
        "order",
        sql!(
            "SELECT o.id, CAST(COALESCE(i.paid, 0) AS BIGINT), o.paid FROM sales_order o \
             LEFT JOIN (SELECT tenant_id, order_id, CAST(COALESCE(SUM(amount - open), 0) AS \
             BIGINT) AS paid FROM open_item WHERE tenant_id = $1 AND order_id <> 0 \
             GROUP BY tenant_id, order_id) i ON i.tenant_id = o.tenant_id AND i.order_id = o.id \
             WHERE o.tenant_id = $1 AND o.history = 0 AND o.paid <> COALESCE(i.paid, 0)"
        ),
        &[],
    )
}
