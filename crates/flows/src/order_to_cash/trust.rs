//! How far a customer is trusted: the credit limit, and whether the account is blocked (E11).
use crate::order_to_cash::{pay, submit};
use kernel::{Ctx, Done, Error, Id, Result, Stored};
use party::Party;
use sales::Order;
use sales::commands::{lock_orders, save_order};
use store::numbers;
use store::scope::{Belongs, intern};
use store::{Engine, Tx, find};
use terms::{CreditAccount, CreditChange, CreditDelta, CreditState, Trust, credit_account, facts};

/// Orders of a customer that one block can hold.
const MAX_ORDERS: usize = 1_000;

/// Wishes another credit limit for a customer. A lower or a first one holds at once; of a higher
/// one, or of none, somebody else decides: the change that waits for it.
///
/// Errors: `credit.negative_limit`, `credit.reason_required`, `credit_change.open`,
/// `party.inactive`, `store.not_found`.
pub fn ask_limit(
    cx: &Ctx,
    tx: &mut Tx,
    party: Id<Party>,
    limit: Option<i64>,
    reason: &str,
) -> Result<Option<CreditChange>> {
    cx.allow("terms.credit.set_limit")?;
    let party = tx.get(party)?.id;
    if limit.is_some_and(|l| l < 0) {
        return Err(Error::invalid("credit.negative_limit", party));
    }
    if !seen(cx, tx, party)?.is_raised_by(limit) {
        set_credit_limit_unless(cx, tx, party, limit)?;
        return Ok(None);
    }
    let account = credit_account::lock(cx, tx, party)?;
    let before = Trust::of(&account);
    if !before.is_raised_by(limit) {
        return Err(tx.run_again("somebody raised the limit"));
    }
    ask(cx, tx, &account, Trust { limit, ..before }, reason).map(Some)
}

/// Wishes another state of a customer's credit. A heavier one holds at once; of a lighter one
/// somebody else decides: the change that waits for it.
///
/// Errors: `credit.reason_required`, `credit_change.open`, `party.inactive`, those of
/// [`set_credit_state`].
pub fn ask_state(
    cx: &Ctx,
    tx: &mut Tx,
    party: Id<Party>,
    state: CreditState,
    reason: &str,
) -> Result<Option<CreditChange>> {
    cx.allow("terms.credit.set_state")?;
    let party = tx.get(party)?.id;
    if !seen(cx, tx, party)?.is_eased_by(state) {
        go_to(cx, tx, party, state, reason, true)?;
        return Ok(None);
    }
    let account = credit_account::lock(cx, tx, party)?;
    let before = Trust::of(&account);
    if !before.is_eased_by(state) {
        return Err(tx.run_again("somebody eased the state"));
    }
    ask(cx, tx, &account, Trust { state, ..before }, reason).map(Some)
}

/// What a customer is trusted now, as nobody keeps it from changing.
fn seen(cx: &Ctx, tx: &mut Tx, party: Id<Party>) -> Result<Trust> {
    let key = [Stored::Int(cx.company), Stored::Int(party.raw())];
    let found: Vec<CreditAccount> =
        tx.list(find!(CreditAccount, "company = $2 AND party = $3"), &key)?;
    let none = Trust { limit: None, state: CreditState::Ok };
    Ok(found.first().map_or(none, Trust::of))
}

/// Sets a limit that is no higher; somebody may have lowered it meanwhile.
fn set_credit_limit_unless(
    cx: &Ctx,
    tx: &mut Tx,
    party: Id<Party>,
    limit: Option<i64>,
) -> Result<()> {
    pay::with_waiting(cx, tx, party, |cx, tx| {
        let account = credit_account::lock(cx, tx, party)?;
        if Trust::of(&account).is_raised_by(limit) {
            return Err(tx.run_again("somebody lowered the limit"));
        }
        terms::commands::set_limit(cx, tx, party, limit)
    })
}

/// The account is locked: of two who ask at once, one is told that somebody has.
fn ask(
    cx: &Ctx,
    tx: &mut Tx,
    account: &CreditAccount,
    after: Trust,
    reason: &str,
) -> Result<CreditChange> {
    cx.allow("terms.credit.ask")?;
    let party = tx.get(account.party)?;
    if !party.active {
        return Err(Error::conflict("party.inactive", party.name));
    }
    let belongs = Belongs { company: cx.company, ..Belongs::default() };
    let scope = intern(cx, tx, belongs)?;
    let mut made = CreditChange::ask(cx, account, after, reason, scope)?;
    let key = [Stored::Int(account.party.raw()), Stored::Int(cx.company)];
    let open: Vec<CreditChange> =
        tx.list(find!(CreditChange, "party = $2 AND company = $3 AND state = 'asked'"), &key)?;
    if let Some(open) = open.iter().find(|open| open.kind == made.kind) {
        return Err(Error::conflict("credit_change.open", &open.number));
    }
    made.number = numbers::yearly(tx, "CC", cx.company, cx.today().year())?;
    tx.insert(std::slice::from_ref(&made));
    tx.tell(made.fact(cx, facts::CHANGE_ASKED).moved("", made.state.name()));
    Ok(made)
}

/// Lets a customer be trusted more, by somebody who did not ask for it; orders that fit are freed.
///
/// Errors: `credit_change.own_request`, `credit_change.outdated` where the account is no longer as
/// it was, `state.not_allowed`.
pub fn approve(cx: &Ctx, tx: &mut Tx, id: Id<CreditChange>, comment: &str) -> Result<CreditChange> {
    cx.allow("terms.credit.approve")?;
    let mut change = tx.lock(id)?;
    let Done::Now(fact) = change.approve(cx, comment)? else { return Ok(change) };
    pay::with_waiting(cx, tx, change.party, |cx, tx| {
        let mut account = credit_account::lock(cx, tx, change.party)?;
        let (now, before, after) = (Trust::of(&account), change.before(), change.after());
        if before.state != after.state {
            if now.state != before.state {
                return Err(Error::conflict("credit_change.outdated", &change.number));
            }
            if let Done::Now(fact) = account.go(cx, after.state, &change.reason)? {
                tx.tell(fact);
                credit_account::keep_state(tx, &account);
            }
            return Ok(());
        }
        if now.limit != before.limit {
            return Err(Error::conflict("credit_change.outdated", &change.number));
        }
        terms::commands::keep_limit(cx, tx, change.party, after.limit)
    })?;
    keep(tx, &change, fact);
    Ok(change)
}

/// Leaves a customer as trusted as they are. Errors: `credit_change.own_request`,
/// `credit.reason_required`, `state.not_allowed`.
pub fn reject(cx: &Ctx, tx: &mut Tx, id: Id<CreditChange>, comment: &str) -> Result<CreditChange> {
    cx.allow("terms.credit.approve")?;
    let mut change = tx.lock(id)?;
    if let Done::Now(fact) = change.reject(cx, comment)? {
        keep(tx, &change, fact);
    }
    Ok(change)
}

/// Takes a wish back. Error: `state.not_allowed`.
pub fn withdraw(cx: &Ctx, tx: &mut Tx, id: Id<CreditChange>) -> Result<CreditChange> {
    cx.allow("terms.credit.ask")?;
    let mut change = tx.lock(id)?;
    if let Done::Now(fact) = change.withdraw(cx)? {
        keep(tx, &change, fact);
    }
    Ok(change)
}

fn keep(tx: &mut Tx, change: &CreditChange, fact: kernel::Fact) {
    tx.update(std::slice::from_ref(change));
    tx.tell(fact);
}

/// Sets or lifts a customer's credit limit, whatever it was: setting a company up, importing one.
/// Orders that fit it now are freed. People ask for it ([`ask_limit`]).
///
/// Errors: `credit.negative_limit`, `store.not_found`.
pub fn set_credit_limit(cx: &Ctx, tx: &mut Tx, party: Id<Party>, limit: Option<i64>) -> Result<()> {
    let party = tx.get(party)?.id;
    pay::with_waiting(cx, tx, party, |cx, tx| terms::commands::set_limit(cx, tx, party, limit))
}

/// Blocks, watches or clears a customer's credit, whatever it was; people ask for it
/// ([`ask_state`]).
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
    go_to(cx, tx, party, to, reason, false)
}

/// `only_heavier`: somebody may have blocked the account since it was looked at; then it is easing
/// that was wished, and somebody else decides about that.
fn go_to(
    cx: &Ctx,
    tx: &mut Tx,
    party: Id<Party>,
    to: CreditState,
    reason: &str,
    only_heavier: bool,
) -> Result<CreditAccount> {
    if to == CreditState::Blocked {
        return block(cx, tx, party, reason);
    }
    pay::with_waiting(cx, tx, party, |cx, tx| {
        let mut account = credit_account::lock(cx, tx, party)?;
        if only_heavier && Trust::of(&account).is_eased_by(to) {
            return Err(tx.run_again("somebody made the state heavier"));
        }
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
