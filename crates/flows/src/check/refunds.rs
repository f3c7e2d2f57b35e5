//! Refunds: what is kept for them is there, and what left is what the records say, in their
//! currency and in base currency.
use super::Report;
use kernel::Result;
use store::{Tx, sql};

pub(super) fn prove(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "refund.payments_keep_what_is_under_way",
        "payment",
        sql!(
            "SELECT p.id, CAST(COALESCE(r.amount, 0) AS BIGINT), p.held FROM payment p LEFT JOIN \
             (SELECT tenant_id, payment, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount \
             FROM refund WHERE tenant_id = $1 \
             AND state IN ('draft', 'approved', 'in_process', 'failed') \
             GROUP BY tenant_id, payment) r ON r.tenant_id = p.tenant_id AND r.payment = p.id \
             WHERE p.tenant_id = $1 AND (p.held <> COALESCE(r.amount, 0) OR p.held < 0 \
             OR p.held > p.unapplied)"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "refund.credit_notes_keep_what_is_under_way",
        "invoice",
        sql!(
            "SELECT i.id, CAST(COALESCE(r.amount, 0) AS BIGINT), i.held FROM invoice i LEFT JOIN \
             (SELECT tenant_id, credit_note, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount \
             FROM refund WHERE tenant_id = $1 \
             AND state IN ('draft', 'approved', 'in_process', 'failed') \
             GROUP BY tenant_id, credit_note) r \
             ON r.tenant_id = i.tenant_id AND r.credit_note = i.id \
             WHERE i.tenant_id = $1 AND (i.held <> COALESCE(r.amount, 0) OR i.held < 0 \
             OR (i.held > 0 AND i.held > -i.open))"
        ),
        &[],
    )?;
    in_base(tx, report)?;
    not_in_small_parts(tx, report)?;
    report.differ(
        tx,
        "refund.left_as_recorded",
        "refund",
        sql!(
            "SELECT r.id, CASE r.state WHEN 'cleared' THEN r.amount ELSE 0 END, \
             CAST(COALESCE(a.amount, 0) AS BIGINT) FROM refund r LEFT JOIN (SELECT tenant_id, \
             refund, CAST(COALESCE(SUM(CASE WHEN payment IS NULL THEN -amount ELSE amount END), 0) \
             AS BIGINT) AS amount FROM allocation WHERE tenant_id = $1 GROUP BY tenant_id, refund) \
             a ON a.tenant_id = r.tenant_id AND a.refund = r.id WHERE r.tenant_id = $1 \
             AND COALESCE(a.amount, 0) <> CASE r.state WHEN 'cleared' THEN r.amount ELSE 0 END"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "refund.approved_by_somebody_else_or_by_rule",
        "refund",
        sql!(
            "SELECT id, 1, 0 FROM refund WHERE tenant_id = $1 \
             AND ((approved_by <> 0 AND approved_by = made_by) \
             OR (state IN ('approved', 'in_process', 'cleared', 'failed', 'reversed') \
             AND approved_at = 0) \
             OR (by_rule = 1 AND (approved_by <> 0 OR rule_sum_base > rule_amount_base \
             OR rule_sum_base < amount_base)) \
             OR (by_rule = 0 AND (rule_amount_base <> 0 OR rule_sum_base <> 0)) \
             OR ((payment IS NULL) = (credit_note IS NULL)))"
        ),
        &[],
    )
}

/// What a threshold let go was with all that had been drawn up before within it, so that no source
/// goes back in small parts: numbers are given under the source's lock.
fn not_in_small_parts(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "refund.threshold_saw_all_of_the_source",
        "refund",
        sql!(
            "SELECT r.id, CAST(COALESCE(SUM(o.amount_base), 0) AS BIGINT), r.rule_sum_base \
             FROM refund r JOIN refund o ON o.tenant_id = r.tenant_id AND (o.payment = r.payment \
             OR o.credit_note = r.credit_note) AND LENGTH(o.number) = LENGTH(r.number) \
             AND o.number <= r.number AND o.state NOT IN ('withdrawn', 'reversed') \
             WHERE r.tenant_id = $1 AND r.by_rule = 1 GROUP BY r.id, r.rule_sum_base \
             HAVING CAST(COALESCE(SUM(o.amount_base), 0) AS BIGINT) > r.rule_sum_base"
        ),
        &[],
    )
}

fn in_base(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "refund.payments_keep_what_is_under_way_in_base",
        "payment",
        sql!(
            "SELECT p.id, CAST(COALESCE(r.base, 0) AS BIGINT), p.held_base FROM payment p \
             LEFT JOIN (SELECT tenant_id, payment, \
             CAST(COALESCE(SUM(amount_base), 0) AS BIGINT) AS base FROM refund \
             WHERE tenant_id = $1 AND state IN ('draft', 'approved', 'in_process', 'failed') \
             GROUP BY tenant_id, payment) r ON r.tenant_id = p.tenant_id AND r.payment = p.id \
             WHERE p.tenant_id = $1 AND (p.held_base <> COALESCE(r.base, 0) OR p.held_base < 0 \
             OR p.held_base > p.unapplied_base OR (p.held = p.unapplied AND p.held > 0 \
             AND p.held_base <> p.unapplied_base))"
        ),
        &[],
    )?;
    // What is kept of a credit note is valued anew with it.
    report.differ(
        tx,
        "refund.credit_notes_keep_in_base_what_they_keep",
        "invoice",
        sql!(
            "SELECT i.id, i.held, i.held_base FROM invoice i JOIN company c \
             ON c.tenant_id = i.tenant_id AND c.id = i.company WHERE i.tenant_id = $1 \
             AND ((i.held = 0 AND i.held_base <> 0) OR i.held_base < 0 \
             OR (i.currency = c.currency AND i.held_base <> i.held))"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "refund.left_as_recorded_in_base",
        "refund",
        sql!(
            "SELECT r.id, CASE r.state WHEN 'cleared' THEN r.paid_base ELSE 0 END, \
             CAST(COALESCE(a.base, 0) AS BIGINT) FROM refund r LEFT JOIN (SELECT tenant_id, \
             refund, CAST(COALESCE(SUM(CASE WHEN payment IS NULL THEN -amount_base \
             ELSE amount_base - difference_base END), 0) AS BIGINT) AS base FROM allocation \
             WHERE tenant_id = $1 GROUP BY tenant_id, refund) a \
             ON a.tenant_id = r.tenant_id AND a.refund = r.id WHERE r.tenant_id = $1 \
             AND (COALESCE(a.base, 0) <> CASE r.state WHEN 'cleared' THEN r.paid_base ELSE 0 END \
             OR (r.cleared_at = 0 AND r.paid_base <> 0))"
        ),
        &[],
    )
}
