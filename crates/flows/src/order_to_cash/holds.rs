//! Holds of orders: placing and releasing them, and the requests for approval that may lift them.
use crate::order_to_cash::{credit, submit};
use kernel::{Ctx, Done, Error, Id, Phase, Result};
use policy::{
    About, Again, Answer, Approval, ApprovalState, Grounds, Hold, HoldKind, ReleaseKind, approver,
};
use sales::commands::{lock_order, save_order};
use sales::{Order, facts};
use store::{Tx, find};
use terms::credit_account;

/// A hold that a check asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Planned {
    pub kind: HoldKind,
    pub why: Grounds,
}

impl Planned {
    /// Did somebody let this pass already? A yes to one discount is no yes to a deeper one.
    pub(crate) fn is_within(&self, passed: &Hold) -> bool {
        passed.kind == self.kind && self.why.discount <= passed.discount
    }
}

/// Places a hold; where somebody may let it pass, asks for that in the same breath.
pub(crate) fn place(cx: &Ctx, tx: &mut Tx, order: &mut Order, plan: &Planned) {
    let mut hold = Hold::place(cx, plan.kind, order.doc(), order.party.raw(), &plan.why);
    order.holds += 1;
    let activity = match plan.kind {
        HoldKind::Credit => facts::ORDER_CREDIT_BLOCKED,
        _ => facts::ORDER_HELD,
    };
    let fact = order.fact(cx, activity).on("hold", hold.id.raw(), "hold");
    tx.tell(fact.because(plan.kind.name()).decided(plan.why.decision));
    request(cx, tx, order, &mut hold);
    tx.insert(&[hold]);
}

/// A hold that was let pass before it could be placed: the yes is kept like any other release.
pub(crate) fn pass(cx: &Ctx, tx: &mut Tx, order: &Order, plan: &Planned, by: i64, why: &str) {
    let mut hold = Hold::place(cx, plan.kind, order.doc(), order.party.raw(), &plan.why);
    let fact = order.fact(cx, facts::ORDER_HELD).on("hold", hold.id.raw(), "hold");
    tx.tell(fact.because(plan.kind.name()).decided(plan.why.decision));
    if let Done::Now(()) = hold.release(cx, ReleaseKind::Approved) {
        hold.released_by = by;
        why.clone_into(&mut hold.release_reason);
        let fact = order.fact(cx, facts::ORDER_RELEASED).on("hold", hold.id.raw(), "hold");
        tx.tell(fact.because(hold.kind.name()).attr("how", ReleaseKind::Approved.name()));
    }
    tx.insert(&[hold]);
}

fn request(cx: &Ctx, tx: &mut Tx, order: &Order, hold: &mut Hold) {
    let Some(role) = approver(hold.kind) else { return };
    let asked = Approval::request(cx, hold, order.doc(), role, order.scope_id);
    hold.approval = Some(asked.id);
    tx.tell(asked.requested(cx, &about(order, &asked, hold.id)));
    tx.insert(&[asked]);
}

fn about(order: &Order, asked: &Approval, hold: Id<Hold>) -> About {
    // Credit is counted in the company's own currency, prices and deposits in the order's.
    let own = asked.currency == order.currency;
    let base = if own { order.base(asked.amount) } else { asked.amount };
    About { on: order.doc(), hold, base }
}

/// Ends a hold and what was asked about it.
pub(crate) fn release(
    cx: &Ctx,
    tx: &mut Tx,
    order: &mut Order,
    hold: &mut Hold,
    how: ReleaseKind,
) -> Result<()> {
    let Done::Now(()) = hold.release(cx, how) else { return Ok(()) };
    order.holds -= 1;
    let activity = match hold.kind {
        HoldKind::Credit => facts::ORDER_CREDIT_RELEASED,
        _ => facts::ORDER_RELEASED,
    };
    let fact = order.fact(cx, activity).on("hold", hold.id.raw(), "hold");
    tx.tell(fact.because(hold.kind.name()).attr("how", how.name()));
    tx.update(std::slice::from_ref(hold));
    end_request(cx, tx, order, hold)
}

/// What was asked about a released hold is answered by its release, or needs no answer any more.
fn end_request(cx: &Ctx, tx: &mut Tx, order: &Order, hold: &Hold) -> Result<()> {
    let Some(id) = hold.approval else { return Ok(()) };
    let mut asked = tx.lock(id)?;
    let (to, activity, phase) = match hold.release_kind {
        ReleaseKind::Approved | ReleaseKind::Waived => {
            (ApprovalState::Approved, policy::facts::GRANTED, Phase::Complete)
        }
        ReleaseKind::Open | ReleaseKind::Cleared | ReleaseKind::Expired => {
            (ApprovalState::Withdrawn, policy::facts::WITHDRAWN, Phase::Abort)
        }
    };
    let from = asked.state.name();
    if let Done::Now(()) = asked.over(cx, to, &hold.release_reason) {
        let about = about(order, &asked, hold.id);
        let mut fact = asked.fact(cx, activity, &about).moved(from, to.name());
        fact.phase = phase;
        tx.tell(fact);
        tx.update(&[asked]);
    }
    Ok(())
}

/// Lets a hold pass: the order goes on as if its reason were gone.
///
/// Releasing again changes nothing. Errors: `hold.not_an_order`, `hold.own_request` (whoever
/// entered the order does not approve its price or credit), `hold.reason_required`.
pub fn release_hold(cx: &Ctx, tx: &mut Tx, id: Id<Hold>, reason: &str) -> Result<Order> {
    let seen = tx.get(id)?;
    cx.allow(permission(seen.kind))?;
    if seen.subject_kind != "order" {
        return Err(Error::invalid("hold.not_an_order", seen.subject_kind));
    }
    let mut order = lock_order(tx, Id::from_raw(seen.subject))?;
    if !seen.is_open() {
        return Ok(order);
    }
    if reason.trim().is_empty() {
        return Err(Error::invalid("hold.reason_required", seen.kind.name()));
    }
    let_pass(cx, tx, &mut order, id, reason)?;
    Ok(order)
}

/// Who may let a kind of hold pass.
const fn permission(kind: HoldKind) -> &'static str {
    match kind {
        HoldKind::Credit | HoldKind::Overdue | HoldKind::Prepayment => "terms.credit.release",
        HoldKind::Price | HoldKind::Approval => "sales.order.approve",
        _ => "sales.order.release",
    }
}

fn let_pass(cx: &Ctx, tx: &mut Tx, order: &mut Order, id: Id<Hold>, reason: &str) -> Result<()> {
    let account = credit_account::lock(cx, tx, order.party)?;
    let mut hold = tx.lock(id)?;
    let own = order.owner == cx.user && cx.user != 0;
    if own && matches!(hold.kind, HoldKind::Price | HoldKind::Credit | HoldKind::Approval) {
        return Err(Error::forbidden("hold.own_request", hold.kind.name()));
    }
    reason.trim().clone_into(&mut hold.release_reason);
    release(cx, tx, order, &mut hold, ReleaseKind::Approved)?;
    if hold.kind == HoldKind::Credit {
        credit::take_anyway(tx, &account, order);
    }
    submit::resume(cx, tx, order, &account)?;
    save_order(tx, order)
}

/// Answers a request. A yes lets its hold pass; after a no the hold stands until its cause is gone,
/// the order is cancelled, or approval is asked for once more.
///
/// Errors: those of [`Approval::answer`], `hold.own_request`.
pub fn answer(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Approval>,
    answer: Answer,
    comment: &str,
) -> Result<Approval> {
    cx.allow("policy.approval.decide")?;
    let (mut order, hold, mut asked) = lock(tx, id)?;
    cx.allow(permission(asked.kind))?;
    let from = asked.state.name();
    let Done::Now((activity, phase)) = asked.answer(cx, answer, comment)? else {
        return Ok(asked);
    };
    let mut fact = asked.fact(cx, activity, &about(&order, &asked, hold));
    fact.phase = phase;
    tx.tell(fact.moved(from, asked.state.name()));
    tx.update(std::slice::from_ref(&asked));
    asked.version += 1;
    if answer == Answer::Approve {
        let_pass(cx, tx, &mut order, hold, comment)?;
    }
    Ok(asked)
}

/// Takes a request back, or makes it again after a question. Errors: those of [`Approval::ask`].
pub fn ask(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Approval>,
    again: Again,
    comment: &str,
) -> Result<Approval> {
    cx.allow("policy.approval.ask")?;
    let (order, hold, mut asked) = lock(tx, id)?;
    let from = asked.state.name();
    let Done::Now(()) = asked.ask(cx, again, comment)? else { return Ok(asked) };
    let (activity, phase) = match again {
        Again::Resubmit => (policy::facts::RESUBMITTED, Phase::Resume),
        Again::Withdraw => (policy::facts::WITHDRAWN, Phase::Abort),
    };
    let about = about(&order, &asked, hold);
    let mut fact = asked.fact(cx, activity, &about).moved(from, asked.state.name());
    fact.phase = phase;
    tx.tell(fact);
    tx.update(std::slice::from_ref(&asked));
    asked.version += 1;
    Ok(asked)
}

/// Asks once more for the release of a hold, after a no or a withdrawal; a request that is still
/// open is left as it is.
///
/// Errors: `hold.nobody_approves` for a kind that falls by its cause only, `hold.released`.
pub fn request_release(cx: &Ctx, tx: &mut Tx, id: Id<Hold>) -> Result<Hold> {
    cx.allow("policy.approval.ask")?;
    let seen = tx.get(id)?;
    if seen.subject_kind != "order" {
        return Err(Error::invalid("hold.not_an_order", seen.subject_kind));
    }
    let order = lock_order(tx, Id::from_raw(seen.subject))?;
    let mut hold = tx.lock(id)?;
    if approver(hold.kind).is_none() {
        return Err(Error::conflict("hold.nobody_approves", hold.kind.name()));
    }
    if !hold.is_open() {
        return Err(Error::conflict("hold.released", hold.kind.name()));
    }
    if let Some(asked) = hold.approval
        && tx.get(asked)?.is_open()
    {
        return Ok(hold);
    }
    request(cx, tx, &order, &mut hold);
    tx.update(std::slice::from_ref(&hold));
    hold.version += 1;
    Ok(hold)
}

/// The order under a request first, as everywhere; then the request. Error: `store.not_found`.
fn lock(tx: &mut Tx, id: Id<Approval>) -> Result<(Order, Id<Hold>, Approval)> {
    let seen = tx.get(id)?;
    let order = lock_order(tx, Id::from_raw(seen.subject))?;
    let asked = tx.lock(id)?;
    let holds: Vec<Hold> = tx.list(
        find!(Hold, "subject_kind = 'order' AND subject = $2 AND approval = $3"),
        &[kernel::Stored::Int(order.id.raw()), kernel::Stored::Int(id.raw())],
    )?;
    let hold = holds.first().ok_or_else(|| Error::not_found("store.not_found", "hold"))?;
    Ok((order, hold.id, asked))
}
