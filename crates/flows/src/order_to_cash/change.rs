//! Changing orders after they were entered (lifecycles.md E5), and cancelling them.
use crate::order_to_cash::enter::{self, PricedLine};
use crate::order_to_cash::holds::{self, Planned};
use crate::order_to_cash::wake::Waiting;
use crate::order_to_cash::{checks, credit, deposits, submit, supply};
use access::company::Company;
use kernel::{Activity, Ctx, Day, Done, Error, Fact, Id, Price, PriceBasis, Qty, Result, Stored};
use policy::HoldKind;
use sales::commands::save_order;
use sales::{Asked, Order, OrderLine, OrderState, facts, lines};
use std::collections::BTreeSet;
use stock::Shipment;
use store::{Tx, find};
use terms::credit_account;

/// A wanted change of an order.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub lines: Vec<LineChange>,
    pub requested_on: Option<Day>,
    pub ship_to: Option<String>,
    pub reason: String,
}

/// What is to become of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineChange {
    /// A new line at the end; its price from the engine unless it is given.
    Add(Asked),
    /// Other quantity, price or discount (minor units) of a line by its number; what is not said
    /// stays.
    Set { no: i64, qty: Option<Qty>, price: Option<Price>, discount: Option<i64> },
    /// A draft's line goes; of a confirmed order what has not left of it is cancelled.
    Remove(i64),
}

impl LineChange {
    /// Another quantity, at the price that was entered.
    #[must_use]
    pub const fn qty(no: i64, qty: Qty) -> Self {
        Self::Set { no, qty: Some(qty), price: None, discount: None }
    }
    const fn no(&self) -> Option<i64> {
        match self {
            Self::Add(_) => None,
            Self::Set { no, .. } | Self::Remove(no) => Some(*no),
        }
    }
}

/// What a change came to.
#[derive(Default)]
struct Changed {
    facts: Vec<Fact>,
    added: Vec<OrderLine>,
    removed: Vec<OrderLine>,
    prices: bool,
    address: Option<Fact>,
}

impl Changed {
    const fn is_nothing(&self) -> bool {
        self.facts.is_empty() && self.address.is_none()
    }
}

/// How an order would be after a change.
pub(super) struct Tried {
    pub(super) order: Order,
    /// Would anything be other than it is?
    pub(super) differs: bool,
    /// Would a price beneath what may pass alone need somebody's yes?
    pub(super) needs_yes: bool,
}

/// Somebody's yes to the prices of a change, given before it is carried out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Yes<'a> {
    pub(super) by: i64,
    /// The change order that was approved.
    pub(super) number: &'a str,
}

/// Changes lines, the wished date or the address; supply, credit, deposit and the price's approval
/// follow.
///
/// Of a draft or a submitted order: what was confirmed is agreed with the customer and changed by a
/// change order only. A change to what already stands changes nothing. Errors:
/// `order.needs_change_order`, `order.below_floor` with the floor
/// (T11), `order.price_is_fixed` once a part left or was billed, `order.no_such_line`,
/// `order.line_twice`, `order.last_line`, `order.reason_required` once submitted, those of
/// `lines::check`, `state.not_allowed`.
pub fn change_order(cx: &Ctx, tx: &mut Tx, id: Id<Order>, change: &Change) -> Result<Order> {
    cx.allow("sales.order.change")?;
    let (order, waiting) = lock_with_waiting(cx, tx, id)?;
    if order.state == OrderState::Confirmed {
        return Err(Error::conflict("order.needs_change_order", &order.number));
    }
    if order.state != OrderState::Draft && change.reason.trim().is_empty() {
        return Err(Error::invalid("order.reason_required", &order.number));
    }
    carry_out(cx, tx, (order, waiting), change, None)
}

/// How a locked order would be after a change; nothing is written. Errors as [`change_order`].
pub(super) fn try_out(cx: &Ctx, tx: &mut Tx, order: &Order, change: &Change) -> Result<Tried> {
    once_each(change)?;
    let mut tried = order.clone();
    let changed = apply(cx, tx, &mut tried, change)?;
    tried.sum();
    let needs_yes = changed.prices && needs_yes(cx, tx, &tried)?;
    Ok(Tried { order: tried, differs: !changed.is_nothing(), needs_yes })
}

/// Is a price of it beneath what may pass alone, and neither let pass nor asked about yet?
fn needs_yes(cx: &Ctx, tx: &mut Tx, order: &Order) -> Result<bool> {
    let planned = checks::price_again(cx, tx, order)?.holds.into_iter();
    let Some(plan) = planned.into_iter().find(|h| h.kind == HoldKind::Price) else {
        return Ok(false);
    };
    let open = policy::questions::open_holds(tx, order.doc())?;
    Ok(!open.iter().any(|h| plan.is_within(h)) && !is_approved(tx, order, &plan)?)
}

/// Changes a locked order, with everything that follows. Errors as [`change_order`].
pub(super) fn carry_out(
    cx: &Ctx,
    tx: &mut Tx,
    (mut order, waiting): (Order, Waiting),
    change: &Change,
    yes: Option<Yes<'_>>,
) -> Result<Order> {
    if order.state != OrderState::Confirmed {
        sales::ORDER_LIFECYCLE.step(order.state, "change", order.state)?.now()?;
    }
    once_each(change)?;
    let before = credit::counted(&order);
    let changed = apply(cx, tx, &mut order, change)?;
    if changed.is_nothing() {
        return Ok(order);
    }
    order.sum();
    tx.insert(&changed.added);
    tx.delete(&changed.removed);
    changed.facts.into_iter().for_each(|fact| tx.tell(fact));
    if let Some(fact) = changed.address {
        readdress(tx, &order, fact)?;
    }
    if order.state != OrderState::Confirmed {
        save_order(tx, &mut order)?;
        return Ok(order);
    }
    if changed.prices {
        recheck_price(cx, tx, &mut order, yes)?;
    }
    let account = credit_account::lock(cx, tx, order.party)?;
    let delta = credit::settle(before, &mut order);
    credit_account::change(tx, account.id, delta);
    submit::recheck_credit(cx, tx, &mut order, &account)?;
    submit::follow_deposit(cx, tx, &mut order, &account)?;
    supply::run(cx, tx, std::slice::from_mut(&mut order), supply::Downstream::Perhaps)?;
    submit::settle_stock_hold(cx, tx, &mut order)?;
    save_order(tx, &mut order)?;
    waiting.serve(cx, tx, Some(&account))?;
    Ok(order)
}

/// What has not left goes where the order says now (T12); the change's fact names it.
fn readdress(tx: &mut Tx, order: &Order, fact: Fact) -> Result<()> {
    let mut open: Vec<Shipment> = match order.state {
        OrderState::Confirmed => tx.lock_list(
            find!(
                Shipment,
                "order_id = $2 AND state IN ('assigned', 'picking', 'picked', 'packed') ORDER BY id"
            ),
            &[kernel::Stored::Int(order.id.raw())],
        )?,
        _ => Vec::new(),
    };
    let mut fact = fact;
    for shipment in &mut open {
        shipment.ship_to.clone_from(&order.ship_to);
        fact = fact.on("shipment", shipment.id.raw(), "shipment");
    }
    tx.update(&open);
    tx.tell(fact);
    Ok(())
}

/// Error: `order.line_twice`.
fn once_each(change: &Change) -> Result<()> {
    let mut seen = BTreeSet::new();
    let twice = change.lines.iter().filter_map(LineChange::no).find(|no| !seen.insert(*no));
    twice.map_or(Ok(()), |no| Err(Error::invalid("order.line_twice", no)))
}

/// Changes the order in memory; no facts when it is already as wished.
fn apply(cx: &Ctx, tx: &mut Tx, order: &mut Order, change: &Change) -> Result<Changed> {
    let mut done = Changed::default();
    let said =
        |activity: Activity, order: &Order| order.fact(cx, activity).because(change.reason.trim());
    let mut quantities = said(facts::ORDER_QTY_CHANGED, order);
    let mut prices = said(facts::ORDER_PRICE_CHANGED, order);
    let (untouched, unpriced) = (quantities.clone(), prices.clone());
    for wanted in &change.lines {
        match *wanted {
            LineChange::Set { no, .. } => {
                let (was, now) = set(order, no, wanted)?;
                if was.ordered != now.ordered {
                    quantities = of_line(quantities, &now, was.ordered, now.ordered);
                }
                if (was.price_entered, was.discount) != (now.price_entered, now.discount) {
                    prices = of_line(prices, &now, was.price_entered, now.price_entered);
                }
            }
            LineChange::Remove(no) => {
                if let Some((line, was)) = remove(order, no, &mut done)? {
                    quantities = of_line(quantities, &line, was, line.wanted());
                }
            }
            LineChange::Add(_) => {}
        }
    }
    for line in add(cx, tx, order, change)? {
        quantities = of_line(quantities, &line, Qty::ZERO, line.ordered);
        done.added.push(line.clone());
        order.lines.push(line);
        done.prices = true;
    }
    if order.lines.iter().all(|l| l.wanted().is_zero()) {
        return Err(Error::conflict("order.last_line", &order.number));
    }
    if quantities != untouched {
        done.facts.push(quantities);
    }
    if prices != unpriced {
        done.prices = true;
        done.facts.push(prices);
    }
    header(order, change, &mut done, &said);
    Ok(done)
}

fn of_line(fact: Fact, line: &OrderLine, from: impl ToString, to: impl ToString) -> Fact {
    fact.on("order_line", line.id.raw(), "line").attr("from", from).attr("to", to)
}

fn header(
    order: &mut Order,
    change: &Change,
    done: &mut Changed,
    said: &dyn Fn(Activity, &Order) -> Fact,
) {
    if let Some(day) = change.requested_on.filter(|d| Some(*d) != order.requested_on) {
        order.requested_on = Some(day);
        done.facts.push(said(facts::ORDER_DATE_CHANGED, order).attr("requested_on", day));
    }
    if let Some(address) = change.ship_to.as_ref().filter(|a| **a != order.ship_to) {
        order.ship_to.clone_from(address);
        done.address = Some(said(facts::ORDER_CHANGED, order));
    }
}

fn line_of(order: &mut Order, no: i64) -> Result<&mut OrderLine> {
    let line = order.lines.iter_mut().find(|l| l.line_no == no);
    line.ok_or_else(|| Error::invalid("order.no_such_line", no))
}

/// Sets what is said of a line: how it was, and how it is now.
fn set(order: &mut Order, no: i64, wanted: &LineChange) -> Result<(OrderLine, OrderLine)> {
    let LineChange::Set { qty, price, discount, .. } = *wanted else {
        return Err(Error::bug("bug.internal", "not a set"));
    };
    let (incl_tax, currency) = (order.incl_tax, order.currency);
    let line = line_of(order, no)?;
    let was = line.clone();
    let asked = Asked {
        product: line.product,
        qty: qty.unwrap_or(line.ordered),
        price: Some(price.unwrap_or(line.price_entered)),
        discount: discount.unwrap_or(line.discount),
    };
    let same = (was.ordered, Some(was.price_entered), was.discount);
    if (asked.qty, asked.price, asked.discount) == same {
        return Ok((was.clone(), was));
    }
    lines::check(std::slice::from_ref(&asked)).map_err(|e| e.with("line", no))?;
    let repriced = (asked.price, asked.discount) != (same.1, same.2);
    if repriced && line.floor() > line.cancelled {
        return Err(Error::conflict("order.price_is_fixed", no).with("floor", line.floor()));
    }
    let priced = terms::Priced {
        price: line.engine_price(),
        list_price: line.list_price,
        basis: if incl_tax { PriceBasis::Incl } else { PriceBasis::Excl },
        steps: Vec::new(),
    };
    let told = lines::tell(&asked, &priced, line.tax_rate, incl_tax, currency)?;
    line.set_ordered(&asked, &told)?;
    if repriced {
        line.reprice(told.price);
    }
    Ok((was, line.clone()))
}

/// Takes a draft's line out, or cancels what has not left of another order's line: the line, and
/// what was wanted of it. `None` when nothing is left to take.
fn remove(order: &mut Order, no: i64, done: &mut Changed) -> Result<Option<(OrderLine, Qty)>> {
    let is_draft = order.state == OrderState::Draft;
    let line = line_of(order, no)?;
    let was = line.wanted();
    if is_draft {
        let mut gone = line.clone();
        done.removed.push(gone.clone());
        order.lines.retain(|l| l.line_no != no);
        gone.cancelled = gone.ordered;
        return Ok(Some((gone, was)));
    }
    let cancelled = line.cancel_remainder();
    Ok((!cancelled.is_zero()).then(|| (line.clone(), was)))
}

/// Lines that are added, priced as if the order were entered now.
fn add(cx: &Ctx, tx: &mut Tx, order: &Order, change: &Change) -> Result<Vec<OrderLine>> {
    let asked = change.lines.iter().filter_map(|wanted| match wanted {
        LineChange::Add(asked) => Some(*asked),
        LineChange::Set { .. } | LineChange::Remove(_) => None,
    });
    let asked: Vec<Asked> = asked.collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    lines::check(&asked)?;
    let all = order.lines.len() + asked.len();
    if all > lines::MAX_LINES {
        return Err(Error::invalid("line.too_many", all).with("max", lines::MAX_LINES));
    }
    let company = tx.get(Id::<Company>::from_raw(order.company))?;
    let party = tx.get(order.party)?;
    let as_it_is = ((order.currency, order.rate), Some(order.incl_tax));
    let priced = enter::price_lines(cx, tx, &company, &party, &asked, as_it_is)?;
    let last = order.lines.iter().map(|l| l.line_no).max().unwrap_or(0);
    let line = |(at, (asked, priced)): (usize, (&Asked, &PricedLine))| {
        enter::line(cx, order.id, last + 1 + at as i64, asked, priced)
    };
    Ok(asked.iter().zip(&priced.lines).enumerate().map(line).collect())
}

/// A price that goes deeper than anybody let pass is held; one that came back up is not any more.
fn recheck_price(cx: &Ctx, tx: &mut Tx, order: &mut Order, yes: Option<Yes<'_>>) -> Result<()> {
    let found = checks::price_again(cx, tx, order)?;
    tx.insert(&found.decisions);
    let open = policy::questions::open_holds(tx, order.doc())?;
    let held = open.into_iter().find(|h| h.kind == HoldKind::Price);
    let planned = found.holds.into_iter().find(|h| h.kind == HoldKind::Price);
    match (held, planned) {
        (Some(mut hold), None) => {
            holds::release(cx, tx, order, &mut hold, policy::ReleaseKind::Cleared)
        }
        (Some(mut hold), Some(plan)) if plan.why.discount > hold.discount => {
            // What was asked for is no longer what is wanted: it is asked for anew.
            holds::release(cx, tx, order, &mut hold, policy::ReleaseKind::Expired)?;
            place_or_pass(cx, tx, order, &plan, yes);
            Ok(())
        }
        (None, Some(plan)) if !is_approved(tx, order, &plan)? => {
            place_or_pass(cx, tx, order, &plan, yes);
            Ok(())
        }
        (_, _) => Ok(()),
    }
}

/// What was approved before the change is let pass with it, and never asked about again.
fn place_or_pass(cx: &Ctx, tx: &mut Tx, order: &mut Order, plan: &Planned, yes: Option<Yes<'_>>) {
    match yes {
        Some(yes) => holds::pass(cx, tx, order, plan, yes.by, yes.number),
        None => holds::place(cx, tx, order, plan),
    }
}

fn is_approved(tx: &mut Tx, order: &Order, plan: &Planned) -> Result<bool> {
    Ok(submit::passed_holds(tx, order)?.iter().any(|hold| plan.is_within(hold)))
}

/// An order, and who waits for what it may let go of: its goods and its customer's credit.
pub(super) fn lock_with_waiting(cx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<(Order, Waiting)> {
    let seen = sales::commands::order(tx, id)?;
    let goods = seen.lines.iter().filter(|l| l.reserved.0 > 0);
    let products: Vec<i64> = goods.map(|l| l.product.raw()).collect();
    let frees = seen.credit_taken > 0 || seen.deposit > 0;
    let party = if frees { seen.party.raw() } else { 0 };
    let (own, waiting) = Waiting::lock(cx, tx, &[id.raw()], &products, party)?;
    let own = own.into_iter().next();
    Ok((own.ok_or_else(|| Error::not_found("store.not_found", "order"))?, waiting))
}

/// Promises an order for another day; what is about to leave is planned for it.
///
/// Errors: those of [`Order::promise`].
pub fn promise(cx: &Ctx, tx: &mut Tx, id: Id<Order>, on: Day, reason: &str) -> Result<Order> {
    cx.allow("sales.order.promise")?;
    let mut order = sales::commands::lock_order(tx, id)?;
    let Done::Now(mut fact) = order.promise(cx, on, reason)? else { return Ok(order) };
    let mut open: Vec<Shipment> = tx.list(
        find!(Shipment, "order_id = $2 AND state IN ('assigned', 'picking', 'picked', 'packed')"),
        &[Stored::Int(id.raw())],
    )?;
    for shipment in &mut open {
        shipment.planned_on = Some(on);
        fact = fact.on("shipment", shipment.id.raw(), "shipment");
    }
    tx.update(&open);
    tx.tell(fact);
    save_order(tx, &mut order)?;
    Ok(order)
}

/// Cancels an order of which nothing has left (T10); what was paid ahead on it is free money.
/// Errors: those of [`Order::cancel`].
pub fn cancel_order(cx: &Ctx, tx: &mut Tx, id: Id<Order>, reason: &str) -> Result<Order> {
    cx.allow("sales.order.cancel")?;
    shrink(cx, tx, id, reason, &|order| order.cancel(cx, reason))
}

/// Cancels what has not left. Errors: those of [`Order::cancel_remainder`].
pub fn cancel_remainder(cx: &Ctx, tx: &mut Tx, id: Id<Order>, reason: &str) -> Result<Order> {
    cx.allow("sales.order.cancel_remainder")?;
    shrink(cx, tx, id, reason, &|order| order.cancel_remainder(cx, reason))
}

type Rule<'a> = &'a dyn Fn(&mut Order) -> Result<Done<kernel::Fact>>;

fn shrink(cx: &Ctx, tx: &mut Tx, id: Id<Order>, reason: &str, rule: Rule<'_>) -> Result<Order> {
    let (mut order, waiting) = lock_with_waiting(cx, tx, id)?;
    let before = credit::counted(&order);
    let was = order.state;
    let mut freed = None;
    let Done::Now(fact) = rule(&mut order)? else { return Ok(order) };
    tx.tell(fact);
    if was == OrderState::Confirmed {
        let account = credit_account::lock(cx, tx, order.party)?;
        let delta = credit::settle(before, &mut order);
        credit_account::change(tx, account.id, delta);
        supply::run(cx, tx, std::slice::from_mut(&mut order), supply::Downstream::Perhaps)?;
        freed = Some(account);
    }
    if order.state == OrderState::Cancelled {
        if order.deposit > 0 {
            let account = credit_account::lock(cx, tx, order.party)?;
            deposits::give_back(cx, tx, &mut order, &account, reason)?;
            freed = Some(account);
        }
        submit::drop_holds(cx, tx, &mut order)?;
    } else {
        submit::clear_stock_hold(cx, tx, &mut order)?;
    }
    order.derive_progress();
    if let Some(fact) = order.close_if_settled(cx) {
        tx.tell(fact);
    }
    save_order(tx, &mut order)?;
    if let Some(account) = freed {
        waiting.serve(cx, tx, Some(&account))?;
    }
    Ok(order)
}
