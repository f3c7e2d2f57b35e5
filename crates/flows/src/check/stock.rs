//! Stock = Σ moves, reserved = Σ hard reservations, value = Σ move values.
use super::Report;
use kernel::Result;
use store::{Tx, sql};

pub(super) fn prove(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "stock.moves_explain_on_hand",
        "stock",
        sql!(
            "SELECT s.id, CAST(COALESCE(m.qty, 0) AS BIGINT), s.on_hand FROM stock s LEFT JOIN \
             (SELECT tenant_id, company, product, location, lot, CAST(COALESCE(SUM(qty), 0) AS \
             BIGINT) AS qty FROM stock_move WHERE tenant_id = $1 GROUP BY tenant_id, company, \
             product, location, lot) m ON m.tenant_id = s.tenant_id AND m.company = s.company \
             AND m.product = s.product AND m.location = s.location AND m.lot = s.lot \
             WHERE s.tenant_id = $1 AND s.on_hand <> COALESCE(m.qty, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "stock.reservations_explain_reserved",
        "stock",
        sql!(
            "SELECT s.id, CAST(COALESCE(r.qty, 0) AS BIGINT), s.reserved FROM stock s LEFT JOIN \
             (SELECT tenant_id, stock, CAST(COALESCE(SUM(qty), 0) AS BIGINT) AS qty \
             FROM reservation WHERE tenant_id = $1 AND state = 'hard' GROUP BY tenant_id, stock) r \
             ON r.tenant_id = s.tenant_id AND r.stock = s.id \
             WHERE s.tenant_id = $1 AND s.reserved <> COALESCE(r.qty, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "stock.never_negative_never_oversold",
        "stock",
        sql!(
            "SELECT id, on_hand, reserved FROM stock WHERE tenant_id = $1 \
             AND (on_hand < 0 OR reserved < 0 OR reserved > on_hand)"
        ),
        &[],
    )?;
    values(tx, report)
}

fn values(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "stock.value_quantity_is_on_hand",
        "stock_value",
        sql!(
            "SELECT v.id, CAST(COALESCE(s.qty, 0) AS BIGINT), v.qty FROM stock_value v LEFT JOIN \
             (SELECT tenant_id, company, product, CAST(COALESCE(SUM(on_hand), 0) AS BIGINT) AS \
             qty FROM stock WHERE tenant_id = $1 GROUP BY tenant_id, company, product) s \
             ON s.tenant_id = v.tenant_id AND s.company = v.company AND s.product = v.product \
             WHERE v.tenant_id = $1 AND v.qty <> COALESCE(s.qty, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "stock.moves_explain_value",
        "stock_value",
        sql!(
            "SELECT v.id, CAST(COALESCE(m.value, 0) AS BIGINT), v.value FROM stock_value v \
             LEFT JOIN (SELECT tenant_id, company, product, CAST(COALESCE(SUM(value), 0) AS \
             BIGINT) AS value FROM stock_move WHERE tenant_id = $1 GROUP BY tenant_id, company, \
             product) m ON m.tenant_id = v.tenant_id AND m.company = v.company \
             AND m.product = v.product WHERE v.tenant_id = $1 AND v.value <> COALESCE(m.value, 0)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "stock.nothing_left_is_worth_nothing",
        "stock_value",
        sql!(
            "SELECT id, 0, value FROM stock_value WHERE tenant_id = $1 AND qty = 0 AND value <> 0"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "stock.ledger_by_product",
        "product",
        sql!(
            "SELECT v.product, v.value, CAST(COALESCE(l.amount, 0) AS BIGINT) FROM stock_value v \
             LEFT JOIN (SELECT l.tenant_id, l.company, l.product, CAST(COALESCE(SUM(l.debit - \
             l.credit), 0) AS BIGINT) AS amount FROM entry_line l JOIN account_role r \
             ON r.tenant_id = l.tenant_id AND r.company = l.company AND r.account = l.account \
             AND r.role = 'inventory' WHERE l.tenant_id = $1 GROUP BY l.tenant_id, l.company, \
             l.product) l ON l.tenant_id = v.tenant_id AND l.company = v.company \
             AND l.product = v.product WHERE v.tenant_id = $1 AND v.value <> COALESCE(l.amount, 0)"
        ),
        &[],
    )
}
