//! The balances kept by day are what the entries say: at the last closed day, and key by key.
use super::Report;
use access::company::Company;
use kernel::{Ctx, Result, Stored};
use std::collections::BTreeMap;
use store::{Tx, sql};

pub(super) fn prove(cx: &Ctx, tx: &mut Tx, company: &Company, report: &mut Report) -> Result<()> {
    let mut own = Ctx::system(cx.tenant, cx.now, cx.maker());
    own.company = company.id.raw();
    let Some(day) = crate::jobs::closed_until(&own, tx)? else { return Ok(()) };
    // An entry posted since for a closed day is found by the next close.
    let until = [Stored::Int(own.company), Stored::text(day.to_string())];
    let late: Option<i64> = tx.value(
        sql!(
            "SELECT COUNT(*) FROM entry e JOIN day_close d ON d.tenant_id = e.tenant_id \
             AND d.id = e.company WHERE e.tenant_id = $1 AND e.company = $2 AND e.day <= $3 \
             AND e.id > d.entry"
        ),
        &until,
    )?;
    if late != Some(0) {
        return Ok(());
    }
    let rows = tx.rows(
        sql!(
            "SELECT r.role, CAST(COALESCE(SUM(l.debit - l.credit), 0) AS BIGINT) FROM entry_line l \
             JOIN account_role r ON r.tenant_id = l.tenant_id AND r.company = l.company \
             AND r.account = l.account WHERE l.tenant_id = $1 AND l.company = $2 AND l.day <= $3 \
             GROUP BY r.role"
        ),
        &until,
    )?;
    let booked: BTreeMap<String, i64> =
        rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect::<Result<_>>()?;
    let kept = crate::jobs::totals(&own, tx, day)?;
    for role in crate::jobs::ROLES {
        let total = kept.iter().find(|(name, _)| name == role).map_or(0, |(_, amount)| *amount);
        let name = format!("{role} of {} on {day}", company.code);
        let expected = booked.get(role).copied().unwrap_or(0);
        report.same("days.balances_are_what_entries_say", &name, expected, total);
        let each: i64 =
            crate::jobs::as_of(&own, tx, role, day)?.iter().map(|balance| balance.amount).sum();
        // As many as one question gives; a larger company is proved by its totals.
        report.same("days.parts_make_the_total", &name, total, each);
    }
    Ok(())
}
