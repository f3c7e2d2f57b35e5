//! Statements of account add up, follow each other, and state everything once.
use super::Report;
use kernel::Result;
use store::{Tx, sql};

pub(super) fn prove(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "statement.lines_explain_closing",
        "statement",
        sql!(
            "SELECT s.id, s.opening + COALESCE(l.amount, 0), s.closing FROM statement s LEFT JOIN \
             (SELECT tenant_id, statement, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount \
             FROM statement_line WHERE tenant_id = $1 GROUP BY tenant_id, statement) l \
             ON l.tenant_id = s.tenant_id AND l.statement = s.id WHERE s.tenant_id = $1 \
             AND (s.closing <> s.opening + COALESCE(l.amount, 0) \
             OR s.closing <> s.opening + s.delivered + s.returned - s.paid)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "statement.opening_is_the_last_closing",
        "statement",
        sql!(
            "SELECT s.id, b.closing, s.opening FROM statement s JOIN statement b \
             ON b.tenant_id = s.tenant_id AND b.company = s.company AND b.party = s.party \
             AND b.currency = s.currency AND b.until_at = s.from_at \
             WHERE s.tenant_id = $1 AND b.closing <> s.opening"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "statement.periods_follow_each_other",
        "statement",
        sql!(
            "SELECT s.id, 0, COUNT(*) FROM statement s JOIN statement b \
             ON b.tenant_id = s.tenant_id AND b.company = s.company AND b.party = s.party \
             AND b.currency = s.currency AND b.id <> s.id AND b.from_at < s.until_at \
             AND b.until_at > s.from_at WHERE s.tenant_id = $1 GROUP BY s.id"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "statement.everything_is_stated_once",
        "billable_item",
        sql!(
            "SELECT b.id, 1, CAST(COALESCE(l.count, 0) AS BIGINT) FROM billable_item b \
             JOIN sales_order o ON o.tenant_id = b.tenant_id AND o.id = b.order_id \
             JOIN statement s ON s.tenant_id = b.tenant_id AND s.company = b.company \
             AND s.party = b.party AND s.currency = o.currency AND b.ready_at >= s.from_at \
             AND b.ready_at < s.until_at LEFT JOIN (SELECT tenant_id, item, COUNT(*) AS count \
             FROM statement_line WHERE tenant_id = $1 GROUP BY tenant_id, item) l \
             ON l.tenant_id = b.tenant_id AND l.item = b.id \
             WHERE b.tenant_id = $1 AND COALESCE(l.count, 0) <> 1"
        ),
        &[],
    )
}
