//! Credit over the database: locking the account, one guarded update, deltas.
use crate::{CreditAccount, CreditDelta};
use kernel::{Ctx, Id, Result, Stored};
use party::Party;
use store::{Tx, find, sql};

/// The account of a customer, locked until commit; made (without a limit) on first use.
pub fn lock(cx: &Ctx, tx: &mut Tx, party: Id<Party>) -> Result<CreditAccount> {
    let key = [Stored::Int(cx.company), Stored::Int(party.raw())];
    let query = find!(CreditAccount, "company = $2 AND party = $3");
    if let Some(found) = tx.lock_list(query, &key)?.into_iter().next() {
        return Ok(found);
    }
    tx.exec(
        sql!(
            "INSERT INTO credit_account (tenant_id, id, company, party, currency, controlled, \
             credit_limit, used, order_part, unbilled_part, receivable_part, free_part, \
             overdue_max_days, review_due, state, state_reason, state_by, state_since) \
             VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'ok', '', 0, 0) \
             ON CONFLICT DO NOTHING"
        ),
        &[
            Stored::Int(cx.id::<CreditAccount>().raw()),
            key[0].clone(),
            key[1].clone(),
            Stored::text(cx.base.code()),
        ],
    )?;
    let found = tx.lock_list(query, &key)?.into_iter().next();
    found.ok_or_else(|| kernel::Error::bug("bug.credit_account", party))
}

/// Takes credit for an order in one guarded update: `false` when it does not fit the limit, or the
/// account is blocked.
pub fn take(tx: &mut Tx, account: &CreditAccount, amount: i64) -> Result<bool> {
    let changed = tx.exec(
        sql!(
            "UPDATE credit_account SET used = used + $3, order_part = order_part + $3 \
             WHERE tenant_id = $1 AND id = $2 AND state <> 'blocked' \
             AND (controlled = 0 OR used + $3 <= credit_limit)"
        ),
        &[Stored::Int(account.id.raw()), Stored::Int(amount)],
    )?;
    Ok(changed == 1)
}

/// Changes the parts unconditionally: what was shipped, billed or paid is a fact.
pub fn change(tx: &mut Tx, account: Id<CreditAccount>, delta: CreditDelta) {
    if delta.is_zero() {
        return;
    }
    tx.put(
        sql!(
            "UPDATE credit_account SET used = used + $3, order_part = order_part + $4, \
             unbilled_part = unbilled_part + $5, receivable_part = receivable_part + $6, \
             free_part = free_part + $7 WHERE tenant_id = $1 AND id = $2"
        ),
        &[
            Stored::Int(account.raw()),
            Stored::Int(delta.used()),
            Stored::Int(delta.order),
            Stored::Int(delta.unbilled),
            Stored::Int(delta.receivable),
            Stored::Int(delta.free),
        ],
    );
}

/// Keeps the state that an account has come to.
pub fn keep_state(tx: &mut Tx, account: &CreditAccount) {
    tx.put(
        sql!(
            "UPDATE credit_account SET state = $3, state_reason = $4, state_by = $5, \
             state_since = $6 WHERE tenant_id = $1 AND id = $2"
        ),
        &[
            Stored::Int(account.id.raw()),
            Stored::text(account.state.name()),
            Stored::text(account.state_reason.clone()),
            Stored::Int(account.state_by),
            Stored::Int(account.state_since.map_or(0, |at| at.0)),
        ],
    );
}
