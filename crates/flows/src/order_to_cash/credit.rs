//! The order's claim on its customer's credit, kept in step with what happens to it.
use crate::order_to_cash::{checks, holds};
use kernel::{Ctx, Result, Stored};
use policy::{HoldKind, ReleaseKind, questions};
use sales::Order;
use store::Tx;
use terms::{CreditAccount, CreditDelta, credit_account};

/// What an order counts for, taken before a change.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    unbilled: i64,
}

#[must_use]
pub fn counted(order: &Order) -> Counted {
    Counted { unbilled: order.unbilled() }
}

/// The change of the account's parts that an order's change means, and the order's new claim.
///
/// A claim that shrinks is given back at once; one that grows is [`take`]n, guarded.
#[must_use]
pub fn settle(before: Counted, order: &mut Order) -> CreditDelta {
    let claim = order.credit_claim().min(order.credit_taken);
    let delta = CreditDelta {
        order: claim - order.credit_taken,
        unbilled: order.unbilled() - before.unbilled,
        ..CreditDelta::default()
    };
    order.credit_taken = claim;
    delta
}

/// Takes what the order claims beyond what it has; `false` leaves everything as it was.
///
/// An order that claims nothing new never fails (T03), however far over its customer is.
pub fn take(tx: &mut Tx, account: &CreditAccount, order: &mut Order) -> Result<bool> {
    let more = order.credit_claim() - order.credit_taken;
    if more <= 0 {
        return Ok(true);
    }
    let fits = credit_account::take(tx, account, more)?;
    if fits {
        order.credit_taken += more;
    }
    Ok(fits)
}

/// Takes it whatever the limit says: somebody approved.
pub fn take_anyway(tx: &mut Tx, account: &CreditAccount, order: &mut Order) {
    let more = order.credit_claim() - order.credit_taken;
    order.credit_taken += more;
    credit_account::change(tx, account.id, CreditDelta { order: more, ..CreditDelta::default() });
}

/// Orders of a customer that a credit or overdue hold keeps back, oldest hold first.
pub fn waiting_for_credit(tx: &mut Tx, party: i64) -> Result<Vec<i64>> {
    let holds = questions::money_holds_of(tx, party)?;
    Ok(holds.iter().filter(|h| h.subject_kind == "order").map(|h| h.subject).collect())
}

/// Lifts what money has cleared: overdue holds once nothing is overdue beyond the policy (T22), and
/// credit holds as far as the freed credit goes, oldest first. The orders that are freed by it.
///
/// `orders` are locked, in the order of their ids. What cannot fit keeps waiting.
pub fn release_fitting(
    cx: &Ctx,
    tx: &mut Tx,
    account: &CreditAccount,
    orders: &mut [Order],
) -> Result<Vec<usize>> {
    let holds = questions::money_holds_of(tx, account.party.raw())?;
    let paid_up = holds.iter().any(|h| h.kind == HoldKind::Overdue)
        && !checks::is_overdue(cx, tx, account.party.raw())?;
    let mut freed = Vec::new();
    for mut hold in holds {
        let at = orders.iter().position(|o| o.id.raw() == hold.subject);
        let Some(at) = at.filter(|_| hold.subject_kind == "order") else { continue };
        let order = &mut orders[at];
        let lifted = match hold.kind {
            HoldKind::Overdue => paid_up,
            _ => take(tx, account, order)?,
        };
        if lifted {
            holds::release(cx, tx, order, &mut hold, ReleaseKind::Cleared)?;
            if !freed.contains(&at) {
                freed.push(at);
            }
        }
    }
    Ok(freed)
}

/// Days by which the oldest open item of a customer is overdue; 0 when none is.
pub fn oldest_overdue_days(cx: &Ctx, tx: &mut Tx, party: i64) -> Result<i64> {
    let oldest: Option<String> = tx.value(
        store::sql!(
            "SELECT due FROM open_item WHERE tenant_id = $1 AND party = $2 AND open > 0 \
             AND company = $3 ORDER BY due LIMIT 1"
        ),
        &[Stored::Int(party), Stored::Int(cx.company)],
    )?;
    let oldest = oldest.map(|text| kernel::Day::parse(&text)).transpose()?;
    Ok(oldest.map_or(0, |due| due.days_until(cx.today()).max(0)))
}

/// The kinds of hold that keep an order from taking goods.
#[must_use]
pub fn holds_back(kind: HoldKind) -> bool {
    policy::blocks(kind, policy::Stage::Reserve)
}
