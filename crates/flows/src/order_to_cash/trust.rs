//! How far a customer is trusted: the credit limit, and whether the account is blocked (E11).
use crate::order_to_cash::{pay, submit};
use kernel::{Ctx, Done, Error, Id, Result, Stored};
use party::Party;
use sales::Order;
use sales::commands::{lock_orders, save_order};
use store::{Engine, Tx, find};
use terms::{CreditAccount, CreditDelta, CreditState, credit_account};

/// Orders of a customer that one block can hold.
const MAX_ORDERS: usize = 1_000;

/// Sets or lifts a customer's credit limit; orders that fit it now are freed.
///
/// Errors: `credit.negative_limit`, `store.not_found`.
pub fn set_credit_limit(cx: &Ctx, tx: &mut Tx, party: Id<Party>, limit: Option<i64>) -> Result<()> {
    let party = tx.get(party)?.id;
    pay::with_waiting(cx, tx, party, |cx, tx| terms::commands::set_limit(cx, tx, party, limit))
}

/// Blocks, watches or clears a customer's credit.
///
/// Blocked, every order of theirs that claims credit is held and claims none, and no new one takes
/// any; what is paid before needs none and goes on. Cleared, orders that fit are freed, the oldest
/// first. Doing it again changes nothing. Errors: `credit.reason_required`,
/// `credit.too_many_orders`, `store.not_found`.
pub fn set_credit_state(
    cx: &Ctx,
    tx: &mut Tx,
    party: Id<Party>,
    to: CreditState,
    reason: &str,
) -> Result<CreditAccount> {
    cx.allow("terms.credit.set_state")?;
    let party = tx.get(party)?.id;
    if to == CreditState::Blocked {
        return block(cx, tx, party, reason);
    }
    pay::with_waiting(cx, tx, party, |cx, tx| {
        let mut account = credit_account::lock(cx, tx, party)?;
        if let Done::Now(fact) = account.go(cx, to, reason)? {
            tx.tell(fact);
            credit_account::keep_state(tx, &account);
        }
        Ok(())
    })?;
    credit_account::lock(cx, tx, party)
}

fn block(cx: &Ctx, tx: &mut Tx, party: Id<Party>, reason: &str) -> Result<CreditAccount> {
    let claim = claiming(cx, tx, party)?;
    let mut orders = lock_orders(tx, &claim)?;
    let mut account = credit_account::lock(cx, tx, party)?;
    let Done::Now(fact) = account.go(cx, CreditState::Blocked, reason)? else {
        return Ok(account);
    };
    tx.tell(fact);
    credit_account::keep_state(tx, &account);
    // The account is locked by now: whoever wants credit from here on finds it blocked.
    let known = |id: &i64| orders.iter().any(|o| o.id.raw() == *id);
    if tx.engine() != Engine::Sqlite && !claiming(cx, tx, party)?.iter().all(known) {
        return Err(tx.run_again("somebody took credit"));
    }
    for order in &mut orders {
        let back = CreditDelta { order: -order.credit_taken, ..CreditDelta::default() };
        credit_account::change(tx, account.id, back);
        order.credit_taken = 0;
        submit::recheck_credit(cx, tx, order, &account)?;
        save_order(tx, order)?;
    }
    credit_account::lock(cx, tx, party)
}

/// Confirmed orders of a customer that claim credit. Error: `credit.too_many_orders`.
fn claiming(cx: &Ctx, tx: &mut Tx, party: Id<Party>) -> Result<Vec<i64>> {
    let found: Vec<Order> = tx.list(
        find!(
            Order,
            "party = $2 AND company = $3 AND state = 'confirmed' AND credit_taken > 0 \
             ORDER BY id LIMIT 1001"
        ),
        &[Stored::Int(party.raw()), Stored::Int(cx.company)],
    )?;
    if found.len() > MAX_ORDERS {
        let e = Error::conflict("credit.too_many_orders", found.len());
        return Err(e.with("limit", MAX_ORDERS));
    }
    Ok(found.into_iter().map(|o| o.id.raw()).collect())
}
