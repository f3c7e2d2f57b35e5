//! Change orders (lifecycles.md E5): drawn up, checked, agreed, and carried out in one act.
use crate::order_to_cash::change::{self, Change, LineChange, Yes};
use crate::order_to_cash::wake::Waiting;
use kernel::{Ctx, Done, Error, Fact, Id, Result};
use sales::commands::{lock_change, lock_order, open_change};
use sales::{
    Asked, AskedBy, ChangeAction, ChangeOrder, ChangeState, Ending, Order, OrderState, differences,
    facts,
};
use store::{Tx, numbers};

const CREATE: &str = "sales.change_order.create";

/// A wanted change of a confirmed order, and whose wish it is.
#[derive(Clone, Debug)]
pub struct NewChange {
    pub order: Id<Order>,
    pub asked_by: AskedBy,
    /// How the customer asked for it.
    pub evidence: String,
    pub change: Change,
}

/// Draws up a change of a confirmed order; the order stays as it is.
///
/// Errors: `access.forbidden` for an order that the right to do so does not reach,
/// `change_order.not_confirmed`, `change_order.reason_required`, `change_order.another_open`,
/// `change_order.nothing_changes`, those of [`change::change_order`].
pub fn draw_up(cx: &Ctx, tx: &mut Tx, new: &NewChange) -> Result<ChangeOrder> {
    cx.allow(CREATE)?;
    let order = lock_order(tx, new.order)?;
    // Who may read an order of somebody else's must not stop it by a change that waits.
    access::must_reach(cx, tx, "change_order", CREATE, order.scope_id)?;
    is_confirmed(&order)?;
    if new.change.reason.trim().is_empty() {
        return Err(Error::invalid("change_order.reason_required", &order.number));
    }
    if let Some(open) = open_change(tx, order.id)? {
        return Err(Error::conflict("change_order.another_open", &open.number));
    }
    let tried = change::try_out(cx, tx, &order, &new.change)?;
    if !tried.differs {
        return Err(Error::invalid("change_order.nothing_changes", &order.number));
    }
    let mut made = header(cx, &order, new);
    made.gross_after = tried.order.gross;
    made.needs_approval = tried.needs_yes;
    let all = differences(&order, &tried.order);
    made.lines = all.iter().zip(1..).map(|(d, no)| d.line(cx, made.id, no)).collect();
    made.number = numbers::yearly(tx, "CO", order.company, cx.today().year())?;
    tx.insert(std::slice::from_ref(&made));
    tx.insert(&made.lines);
    let fact = made.fact(cx, &order, facts::CHANGE_DRAFTED).because(&made.reason);
    tx.tell(fact.moved("", made.state.name()).attr("lines", made.lines.len()));
    Ok(made)
}

/// Error: `change_order.not_confirmed`.
fn is_confirmed(order: &Order) -> Result<()> {
    match order.state {
        OrderState::Confirmed if !order.history => Ok(()),
        _ => Err(Error::conflict("change_order.not_confirmed", &order.number)),
    }
}

fn header(cx: &Ctx, order: &Order, new: &NewChange) -> ChangeOrder {
    let day = new.change.requested_on.filter(|day| Some(*day) != order.requested_on);
    let ship_to = new.change.ship_to.clone().filter(|address| *address != order.ship_to);
    ChangeOrder {
        id: cx.id(),
        version: 1,
        scope_id: order.scope_id,
        number: String::new(),
        company: order.company,
        order_id: order.id,
        party: order.party,
        state: ChangeState::Draft,
        base_version: order.version,
        asked_by: new.asked_by,
        reason: new.change.reason.trim().to_owned(),
        evidence: new.evidence.trim().to_owned(),
        requested_was: day.and(order.requested_on),
        requested_on: day,
        ship_to_was: ship_to.as_ref().map_or_else(String::new, |_| order.ship_to.clone()),
        ship_to: ship_to.unwrap_or_default(),
        currency: order.currency,
        gross_before: order.gross,
        gross_after: order.gross,
        needs_approval: false,
        made_by: cx.user,
        submitted_at: None,
        approved_by: 0,
        approved_at: None,
        applied_at: None,
        end_reason: String::new(),
        lines: Vec::new(),
    }
}

/// Submits it: applied when neither a price needs a yes nor the customer has to agree.
///
/// Submitting again changes nothing. Errors: `change_order.outdated`, `change_order.not_confirmed`,
/// those of [`change::change_order`].
pub fn submit(cx: &Ctx, tx: &mut Tx, id: Id<ChangeOrder>) -> Result<ChangeOrder> {
    cx.allow("sales.change_order.move")?;
    let (root, mut found) = lock(cx, tx, id)?;
    if found.state == ChangeState::Draft {
        found.needs_approval = look_again(cx, tx, &root.0, &found)?;
    }
    let done = found.submit(cx, &root.0)?;
    go_on(cx, tx, root, found, done)
}

/// Lets its price pass, by somebody who did not draw it up.
///
/// Errors: `change_order.own_request`, and as [`submit`].
pub fn approve(cx: &Ctx, tx: &mut Tx, id: Id<ChangeOrder>) -> Result<ChangeOrder> {
    cx.allow("sales.change_order.approve")?;
    let (root, mut found) = lock(cx, tx, id)?;
    if found.state == ChangeState::PendingChecks {
        look_again(cx, tx, &root.0, &found)?;
    }
    let done = found.approve(cx, &root.0)?;
    go_on(cx, tx, root, found, done)
}

/// The customer agreed to what we wished. Errors: `change_order.evidence_required`, and as
/// [`submit`].
pub fn agree(cx: &Ctx, tx: &mut Tx, id: Id<ChangeOrder>, evidence: &str) -> Result<ChangeOrder> {
    cx.allow("sales.change_order.move")?;
    let (root, mut found) = lock(cx, tx, id)?;
    let from = found.state;
    let Done::Now(()) = found.agree(evidence)? else { return Ok(found) };
    look_again(cx, tx, &root.0, &found)?;
    apply(cx, tx, root, found, from)
}

/// Ends it: refused by who had to approve it or by the customer, or taken back.
///
/// Error: `change_order.reason_required`.
pub fn end(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<ChangeOrder>,
    how: Ending,
    reason: &str,
) -> Result<ChangeOrder> {
    cx.allow(match how {
        Ending::Reject => "sales.change_order.approve",
        Ending::Decline | Ending::Withdraw => "sales.change_order.move",
    })?;
    let seen = tx.get(id)?;
    let order = lock_order(tx, seen.order_id)?;
    let mut found = lock_change(tx, id)?;
    let Done::Now(fact) = found.end(cx, &order, how, reason)? else { return Ok(found) };
    tx.tell(fact);
    save(tx, &mut found);
    Ok(found)
}

type Root = (Order, Waiting);

/// The order first, with those who wait for what it may let go of; then its change.
fn lock(cx: &Ctx, tx: &mut Tx, id: Id<ChangeOrder>) -> Result<(Root, ChangeOrder)> {
    let seen = tx.get(id)?;
    let root = change::lock_with_waiting(cx, tx, seen.order_id)?;
    Ok((root, lock_change(tx, id)?))
}

/// Tries it on the order as it stands now: does a price of it need somebody's yes?
///
/// Errors: `change_order.outdated`, `change_order.not_confirmed`.
fn look_again(cx: &Ctx, tx: &mut Tx, order: &Order, found: &ChangeOrder) -> Result<bool> {
    is_confirmed(order)?;
    let day_moved = found.requested_on.is_some() && order.requested_on != found.requested_was;
    let address_moved = !found.ship_to.is_empty() && order.ship_to != found.ship_to_was;
    if day_moved || address_moved {
        return Err(Error::conflict("change_order.outdated", &found.number).with("line", 0));
    }
    let tried = change::try_out(cx, tx, order, &wanted(order, found))?;
    found.still_holds(&differences(order, &tried.order))?;
    Ok(tried.needs_yes)
}

/// After a step that may have been the last one before it is applied.
fn go_on(
    cx: &Ctx,
    tx: &mut Tx,
    root: Root,
    mut found: ChangeOrder,
    done: Done<Fact>,
) -> Result<ChangeOrder> {
    let Done::Now(fact) = done else { return Ok(found) };
    tx.tell(fact);
    if found.state == ChangeState::Applied {
        return apply(cx, tx, root, found, ChangeState::PendingChecks);
    }
    save(tx, &mut found);
    Ok(found)
}

/// Makes it the order's truth, with every check that follows.
fn apply(
    cx: &Ctx,
    tx: &mut Tx,
    root: Root,
    mut found: ChangeOrder,
    from: ChangeState,
) -> Result<ChangeOrder> {
    let wanted = wanted(&root.0, &found);
    let yes = Yes { by: found.approved_by, number: &found.number };
    let yes = found.approved_at.map(|_| yes);
    let order = change::carry_out(cx, tx, root, &wanted, yes)?;
    let fact = found.applied(cx, &order, from);
    tx.tell(fact);
    save(tx, &mut found);
    Ok(found)
}

fn save(tx: &mut Tx, found: &mut ChangeOrder) {
    tx.update(std::slice::from_ref(found));
    found.version += 1;
}

/// The change as the order takes it.
fn wanted(order: &Order, found: &ChangeOrder) -> Change {
    let line = |line: &sales::ChangeLine| match line.action {
        ChangeAction::Add => LineChange::Add(Asked {
            product: line.product,
            qty: line.qty_after,
            price: Some(line.price_after),
            discount: line.discount_after,
        }),
        ChangeAction::Cancel => LineChange::Remove(line.order_line_no),
        ChangeAction::Qty | ChangeAction::Price | ChangeAction::QtyAndPrice => {
            let of = order.lines.iter().find(|l| l.line_no == line.order_line_no);
            // What was cancelled of a line stays so: its ordered quantity counts it.
            let cancelled = of.map(|l| l.cancelled).unwrap_or_default();
            LineChange::Set {
                no: line.order_line_no,
                qty: Some(line.qty_after + cancelled),
                price: Some(line.price_after),
                discount: Some(line.discount_after),
            }
        }
    };
    Change {
        lines: found.lines.iter().map(line).collect(),
        requested_on: found.requested_on,
        ship_to: Some(found.ship_to.clone()).filter(|address| !address.is_empty()),
        reason: found.reason.clone(),
    }
}
