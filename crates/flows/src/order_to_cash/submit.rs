//! Submitting and confirming: the check suite, holds, credit, the promise; releasing holds.
use crate::order_to_cash::checks::{self, Findings, Look};
use crate::order_to_cash::enter::{NewOrder, create_order, products_of};
use crate::order_to_cash::holds::{self, Planned};
use crate::order_to_cash::{credit, supply};
use access::company::Company;
use kernel::calendar::BusinessCalendar;
use kernel::{Ctx, Day, Done, Error, Id, Money, Result};
use policy::{Grounds, Hold, HoldKind, ReleaseKind, Stage, blocks, questions};
use sales::commands::{lock_order, save_order};
use sales::{Order, OrderState, facts};
use store::{Tx, numbers};
use terms::{CreditAccount, CreditDelta, credit_account};

/// Submits an order: confirmed when no hold blocks that, else held. Credit never refuses (T06).
///
/// Submitting again changes nothing. Errors: `state.not_allowed`, `line.none`.
pub fn submit_order(cx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    cx.allow("sales.order.submit")?;
    let order = lock_order(tx, id)?;
    submit_locked(cx, tx, order)
}

/// Enters an order and submits it in one act. Errors: those of both.
pub fn enter_and_submit(cx: &Ctx, tx: &mut Tx, new: &NewOrder) -> Result<Order> {
    cx.allow("sales.order.submit")?;
    let order = create_order(cx, tx, new)?;
    submit_locked(cx, tx, order)
}

fn submit_locked(cx: &Ctx, tx: &mut Tx, mut order: Order) -> Result<Order> {
    if order.state != OrderState::Draft {
        order.submit(cx, true)?.already_or_bug()?;
        return Ok(order);
    }
    let account = credit_account::lock(cx, tx, order.party)?;
    let mut findings = look_at(cx, tx, &mut order, &account)?;
    let held_back = findings.holds.iter().any(|h| blocks(h.kind, Stage::Confirm));
    let fact = order.submit(cx, held_back)?.now()?;
    tx.tell(fact);
    findings.facts.drain(..).for_each(|fact| tx.tell(fact));
    place_all(cx, tx, &mut order, &findings.holds);
    tx.insert(&findings.decisions);
    if !held_back {
        confirm_now(cx, tx, &mut order)?;
    }
    save_order(tx, &mut order)?;
    Ok(order)
}

/// Runs the suite with everything it looks at; credit last, by its guarded update.
fn look_at(cx: &Ctx, tx: &mut Tx, order: &mut Order, account: &CreditAccount) -> Result<Findings> {
    let company = tx.get(Id::<Company>::from_raw(order.company))?;
    let party = tx.get(order.party)?;
    let terms = match order.terms_code.as_str() {
        "" => None,
        code => Some(terms::commands::terms_by_code(tx, code)?),
    };
    let products = products_of(tx, order)?;
    let policies = questions::in_force(cx, tx)?;
    let look = Look {
        company: &company,
        party: &party,
        terms: terms.as_ref(),
        products: &products,
        account,
        policies: &policies,
    };
    let mut findings = checks::run(cx, tx, order, &look)?;
    let blocked = findings.holds.iter().any(|h| blocks(h.kind, Stage::Confirm));
    // An order that is not confirmed claims nothing yet; it is looked at again when it is.
    if !blocked {
        let fits = !company.credit_control || credit::take(tx, account, order)?;
        if !company.credit_control {
            credit::take_anyway(tx, account, order);
        }
        let decision = checks::credit_decision(cx, order, &look, fits);
        if fits {
            findings.facts.push(order.fact(cx, facts::ORDER_CREDIT_CHECKED));
        } else {
            let mut why = checks::credit_grounds(cx, order, account);
            why.decision = decision.as_ref().map_or(0, |d| d.id.raw());
            findings.holds.push(Planned { kind: HoldKind::Credit, why });
        }
        findings.decisions.extend(decision);
    }
    Ok(findings)
}

fn place_all(cx: &Ctx, tx: &mut Tx, order: &mut Order, planned: &[Planned]) {
    for plan in planned {
        holds::place(cx, tx, order, plan);
    }
}

/// What confirmation does: supply, promise, number, fact.
fn confirm_now(cx: &Ctx, tx: &mut Tx, order: &mut Order) -> Result<()> {
    order.state = OrderState::Confirmed;
    supply::run(cx, tx, std::slice::from_mut(order), supply::Downstream::Nothing)?;
    // A long order is supplied by a job; what it will find is foreseen from what lies there now.
    let short =
        if supply::is_long(order) { supply::seems_short(cx, tx, order)? } else { is_short(order) };
    if short && !has_soft_hold(order) {
        place_stock_hold(cx, tx, order);
    }
    let promise = promise_on(cx, order.requested_on, short);
    let number = numbers::yearly(tx, "SO", order.company, cx.today().year())?;
    let fact = order.confirmed(cx, number, Some(promise));
    tx.tell(fact);
    Ok(())
}

fn is_short(order: &Order) -> bool {
    order.lines.iter().any(|l| l.is_goods() && l.reserved < l.to_ship())
}

fn place_stock_hold(cx: &Ctx, tx: &mut Tx, order: &mut Order) {
    let why = Grounds::none(order.currency);
    holds::place(cx, tx, order, &Planned { kind: HoldKind::Stock, why });
}

/// After the last range of a long order: its stock hold says what the ranges came to. Did that
/// change anything?
pub(crate) fn settle_stock_hold(cx: &Ctx, tx: &mut Tx, order: &mut Order) -> Result<bool> {
    let before = order.holds;
    if order.state != OrderState::Confirmed || !is_short(order) {
        clear_stock_hold(cx, tx, order)?;
        return Ok(order.holds != before);
    }
    let open = if before > 0 { questions::open_holds(tx, order.doc())? } else { Vec::new() };
    let known = open.iter().any(|h| h.kind == HoldKind::Stock || credit::holds_back(h.kind));
    if !known {
        place_stock_hold(cx, tx, order);
    }
    Ok(!known)
}

/// A held order reserves nothing; that it is short says nothing about stock.
fn has_soft_hold(order: &Order) -> bool {
    order.holds > 0 && order.lines.iter().all(|l| l.reserved.is_zero())
}

/// The first promise: the wished day, or as soon as goods on hand (one working day) or to be
/// brought in (seven) can leave.
pub(crate) fn promise_on(cx: &Ctx, requested_on: Option<Day>, short: bool) -> Day {
    let calendar = BusinessCalendar::china();
    let soonest = calendar.add_working_days(cx.today(), if short { 7 } else { 1 });
    requested_on.map_or(soonest, |wish| wish.max(soonest))
}

/// Confirms a submitted order by hand: the checks run again, and what has cleared is released.
///
/// Error: `order.held` while a hold that blocks confirmation stands.
pub fn confirm_order(cx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    cx.allow("sales.order.confirm")?;
    let mut order = lock_order(tx, id)?;
    if order.state != OrderState::Submitted {
        order.confirm(0)?.already_or_bug()?;
        return Ok(order);
    }
    let account = credit_account::lock(cx, tx, order.party)?;
    go_on(cx, tx, &mut order, &account)?;
    if order.state == OrderState::Submitted {
        let open = questions::open_holds(tx, order.doc())?;
        let blocking = open.iter().filter(|h| blocks(h.kind, Stage::Confirm)).count();
        order.confirm(blocking)?.now()?;
    }
    save_order(tx, &mut order)?;
    Ok(order)
}

/// Looks at a submitted order again: releases holds whose reason is gone, places new ones, and
/// confirms it when nothing blocks any more.
fn go_on(cx: &Ctx, tx: &mut Tx, order: &mut Order, account: &CreditAccount) -> Result<()> {
    let open = questions::open_holds(tx, order.doc())?;
    let mut findings = look_at(cx, tx, order, account)?;
    findings.facts.drain(..).for_each(|fact| tx.tell(fact));
    let passed = passed_holds(tx, order)?;
    let still = |kind: HoldKind| findings.holds.iter().any(|h| h.kind == kind);
    let mut standing: Vec<HoldKind> = Vec::new();
    for mut hold in open {
        if still(hold.kind) {
            standing.push(hold.kind);
        } else {
            holds::release(cx, tx, order, &mut hold, ReleaseKind::Cleared)?;
        }
    }
    let new: Vec<Planned> = findings
        .holds
        .iter()
        .filter(|h| !standing.contains(&h.kind) && !passed.iter().any(|p| h.is_within(p)))
        .cloned()
        .collect();
    place_all(cx, tx, order, &new);
    standing.extend(new.iter().map(|h| h.kind));
    tx.insert(&findings.decisions);
    if standing.iter().any(|kind| blocks(*kind, Stage::Confirm)) {
        return Ok(());
    }
    if order.credit_taken == 0 && !standing.contains(&HoldKind::Credit) {
        // Nothing blocked the confirmation only because people approved; credit is asked now.
        recheck_credit(cx, tx, order, account)?;
    }
    confirm_now(cx, tx, order)
}

/// Holds that somebody already let pass on this order.
pub(crate) fn passed_holds(tx: &mut Tx, order: &Order) -> Result<Vec<Hold>> {
    tx.list(
        store::find!(
            Hold,
            "subject_kind = 'order' AND subject = $2 AND release_kind IN ('approved', 'waived')"
        ),
        &[kernel::Stored::Int(order.id.raw())],
    )
}

/// After a hold fell: a submitted order may confirm, a confirmed one takes its goods.
pub(crate) fn resume(
    cx: &Ctx,
    tx: &mut Tx,
    order: &mut Order,
    account: &CreditAccount,
) -> Result<()> {
    match order.state {
        OrderState::Submitted => go_on(cx, tx, order, account),
        OrderState::Confirmed => {
            supply::run(cx, tx, std::slice::from_mut(order), supply::Downstream::Perhaps)
        }
        OrderState::Draft | OrderState::Closed | OrderState::Cancelled => Ok(()),
    }
}

/// Takes credit for what an order newly claims, or places a hold and gives back what it had.
pub(crate) fn recheck_credit(
    cx: &Ctx,
    tx: &mut Tx,
    order: &mut Order,
    account: &CreditAccount,
) -> Result<()> {
    let company = tx.get(Id::<Company>::from_raw(order.company))?;
    if !company.credit_control {
        credit::take_anyway(tx, account, order);
        return Ok(());
    }
    let open = if order.holds > 0 { questions::open_holds(tx, order.doc())? } else { Vec::new() };
    let fits = credit::take(tx, account, order)?;
    let held = open.into_iter().find(|h| h.kind == HoldKind::Credit);
    match (held, fits) {
        (Some(mut hold), true) => {
            // It shrank until it fits.
            holds::release(cx, tx, order, &mut hold, ReleaseKind::Cleared)?;
            return Ok(());
        }
        (Some(_), false) | (None, true) => return Ok(()),
        (None, false) => {}
    }
    let back = CreditDelta { order: -order.credit_taken, ..CreditDelta::default() };
    credit_account::change(tx, account.id, back);
    order.credit_taken = 0;
    let why = checks::credit_grounds(cx, order, account);
    holds::place(cx, tx, order, &Planned { kind: HoldKind::Credit, why });
    Ok(())
}

/// The stock hold falls by itself when everything wanted is reserved or gone.
pub(crate) fn clear_stock_hold(cx: &Ctx, tx: &mut Tx, order: &mut Order) -> Result<()> {
    let covered = order.lines.iter().all(|l| !l.is_goods() || l.reserved >= l.to_ship());
    if order.holds == 0 || !covered {
        return Ok(());
    }
    for mut hold in questions::open_holds(tx, order.doc())? {
        if hold.kind == HoldKind::Stock {
            holds::release(cx, tx, order, &mut hold, ReleaseKind::Cleared)?;
        }
    }
    Ok(())
}

/// The deposit that an order waits for follows its amount; what is there already may be enough now.
pub(crate) fn follow_deposit(
    cx: &Ctx,
    tx: &mut Tx,
    order: &mut Order,
    account: &CreditAccount,
) -> Result<()> {
    if order.holds == 0 || order.terms_code.is_empty() {
        return Ok(());
    }
    for mut hold in questions::open_holds(tx, order.doc())? {
        if hold.kind != HoldKind::Prepayment {
            continue;
        }
        let terms = terms::commands::terms_by_code(tx, &order.terms_code)?;
        let why = checks::deposit_grounds(order, terms.deposit_of(order.gross));
        (hold.amount, hold.found, hold.bound) = (why.amount, why.found, why.bound);
        if order.deposit >= hold.amount {
            holds::release(cx, tx, order, &mut hold, ReleaseKind::Cleared)?;
            resume(cx, tx, order, account)?;
        } else {
            let fact = order.fact(cx, facts::ORDER_CHANGED).on("hold", hold.id.raw(), "hold");
            tx.tell(fact.attr("deposit", Money::new(hold.amount, order.currency)));
            tx.update(&[hold]);
        }
    }
    Ok(())
}

/// A cancelled order holds nothing any more.
pub(crate) fn drop_holds(cx: &Ctx, tx: &mut Tx, order: &mut Order) -> Result<()> {
    for mut hold in questions::open_holds(tx, order.doc())? {
        holds::release(cx, tx, order, &mut hold, ReleaseKind::Expired)?;
    }
    Ok(())
}

/// Opens a closed order again: every check runs as if it were new (T01).
///
/// Errors: `state.not_allowed`, `order.reason_required`.
pub fn reopen_order(cx: &Ctx, tx: &mut Tx, id: Id<Order>, reason: &str) -> Result<Order> {
    cx.allow("sales.order.reopen")?;
    let mut order = lock_order(tx, id)?;
    let fact = order.reopen(cx, reason)?.now()?;
    tx.tell(fact);
    let account = credit_account::lock(cx, tx, order.party)?;
    recheck_credit(cx, tx, &mut order, &account)?;
    save_order(tx, &mut order)?;
    Ok(order)
}

/// Closes an order whose every line is settled. Errors: `order.not_settled`, `state.not_allowed`.
pub fn close_order(cx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    cx.allow("sales.order.close")?;
    let mut order = lock_order(tx, id)?;
    let step = sales::ORDER_LIFECYCLE.step(order.state, "close", OrderState::Closed)?;
    if step == Done::Already {
        return Ok(order);
    }
    order.derive_progress();
    let closed = order.close_if_settled(cx);
    let fact = closed.ok_or_else(|| Error::conflict("order.not_settled", &order.number))?;
    tx.tell(fact);
    save_order(tx, &mut order)?;
    Ok(order)
}
