//! Changes of credit: somebody else decided, and one waits at a time.
use super::Report;
use kernel::Result;
use store::{Tx, sql};

pub(super) fn prove(tx: &mut Tx, report: &mut Report) -> Result<()> {
    report.differ(
        tx,
        "credit_change.decided_by_somebody_else",
        "credit_change",
        sql!(
            "SELECT id, 1, 0 FROM credit_change WHERE tenant_id = $1 \
             AND ((state IN ('approved', 'rejected') AND asked_by <> 0 \
             AND decided_by = asked_by) \
             OR ((state = 'asked') <> (decided_at = 0)) \
             OR (state = 'approved' AND kind = 'limit' AND (was_limited = 0 \
             OR (limited = 1 AND limit_after <= limit_before))) \
             OR (kind = 'limit' AND trust_before <> trust_after) \
             OR (kind = 'state' AND (was_limited <> limited OR limit_before <> limit_after \
             OR NOT ((trust_before = 'blocked' AND trust_after IN ('watch', 'ok')) \
             OR (trust_before = 'watch' AND trust_after = 'ok')))))"
        ),
        &[],
    )?;
    report.differ(
        tx,
        "credit_change.one_waits_at_a_time",
        "credit_change",
        sql!(
            "SELECT CAST(MAX(id) AS BIGINT), 1, CAST(COUNT(*) AS BIGINT) FROM credit_change \
             WHERE tenant_id = $1 AND state = 'asked' GROUP BY company, party, kind \
             HAVING COUNT(*) > 1"
        ),
        &[],
    )
}
