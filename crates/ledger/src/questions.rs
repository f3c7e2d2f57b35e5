//! The trial balance and balances by role.
use kernel::{Ctx, Day, Result, Stored};
use store::{Tx, sql};

/// One account's line of the trial balance (科目余额表), signed, debit positive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BalanceLine {
    pub code: String,
    pub name: String,
    pub debit: i64,
    pub credit: i64,
}

impl BalanceLine {
    #[must_use]
    pub const fn balance(&self) -> i64 {
        self.debit - self.credit
    }
}

/// Turnover of every account from `from` to `until`, both included; accounts without are left out.
pub fn trial_balance(cx: &Ctx, tx: &mut Tx, from: Day, until: Day) -> Result<Vec<BalanceLine>> {
    let rows = tx.rows(
        sql!(
            "SELECT a.code, a.name, CAST(COALESCE(SUM(l.debit), 0) AS BIGINT), \
             CAST(COALESCE(SUM(l.credit), 0) AS BIGINT) FROM entry_line l \
             JOIN account a ON a.tenant_id = l.tenant_id AND a.id = l.account \
             WHERE l.tenant_id = $1 AND l.company = $2 AND l.day >= $3 AND l.day <= $4 \
             GROUP BY a.code, a.name ORDER BY a.code"
        ),
        &[Stored::Int(cx.company), Stored::text(from.to_string()), Stored::text(until.to_string())],
    )?;
    let line = |mut row: store::Row| {
        let (code, name) = (row.take()?, row.take()?);
        Ok(BalanceLine { code, name, debit: row.take()?, credit: row.take()? })
    };
    rows.into_iter().map(line).collect()
}

/// The balance of a role's account up to and including `until`, debit positive.
pub fn balance_of(cx: &Ctx, tx: &mut Tx, role: &str, until: Day) -> Result<i64> {
    let sum: Option<i64> = tx.value(
        sql!(
            "SELECT CAST(COALESCE(SUM(l.debit - l.credit), 0) AS BIGINT) FROM entry_line l \
             JOIN account_role r ON r.tenant_id = l.tenant_id AND r.company = l.company \
             AND r.account = l.account \
             WHERE l.tenant_id = $1 AND l.company = $2 AND r.role = $3 AND l.day <= $4"
        ),
        &[Stored::Int(cx.company), Stored::text(role), Stored::text(until.to_string())],
    )?;
    Ok(sum.unwrap_or(0))
}
