//! The check suite of an order: which holds it meets, each with the decision behind it.
use crate::order_to_cash::credit;
use crate::order_to_cash::holds::Planned;
use access::company::Company;
use kernel::{Ctx, Error, Id, Rate, Result, Stored};
use meta::cond::{Inputs, Value};
use party::Party;
use policy::{Decision, Grounds, HoldKind, PolicyVersion};
use product::Product;
use sales::Order;
use std::collections::BTreeMap;
use store::{Tx, find};
use terms::{CreditAccount, CreditState, PaymentTerms};

/// Everything that the checks look at; nothing else does a decision depend on.
pub struct Look<'a> {
    pub company: &'a Company,
    pub party: &'a Party,
    pub terms: Option<&'a PaymentTerms>,
    pub products: &'a BTreeMap<Id<Product>, Product>,
    pub account: &'a CreditAccount,
    pub policies: &'a Policies,
}

/// The outcome: holds to place, decisions to keep.
#[derive(Default)]
pub struct Findings {
    pub holds: Vec<Planned>,
    pub decisions: Vec<Decision>,
    /// What was found out, to be told after the step that asked for it.
    pub facts: Vec<kernel::Fact>,
}

/// Runs every check but credit, whose answer is the guarded update itself.
pub fn run(cx: &Ctx, tx: &mut Tx, order: &Order, look: &Look<'_>) -> Result<Findings> {
    let mut found = Findings::default();
    data(order, look, &mut found);
    duplicate(tx, order, &mut found)?;
    price(cx, order, look.policies, &mut found)?;
    prepayment(cx, order, look, &mut found)?;
    let days = credit::oldest_overdue_days(cx, tx, order.party.raw())?;
    overdue(cx, order, look, days, &mut found)?;
    Ok(found)
}

fn data(order: &Order, look: &Look<'_>, found: &mut Findings) {
    let mut lacks: Vec<&str> = look.party.lacks_for_order();
    if order.requested_on.is_none() {
        lacks.push("requested_on");
    }
    if order.ship_to.trim().is_empty() {
        lacks.push("ship_to");
    }
    if look.products.values().any(|p| !p.active) {
        lacks.push("product");
    }
    if !lacks.is_empty() {
        let why = Grounds { about: lacks.join(","), ..Grounds::none(order.currency) };
        found.holds.push(Planned { kind: HoldKind::Data, why });
    }
}

fn duplicate(tx: &mut Tx, order: &Order, found: &mut Findings) -> Result<()> {
    if order.customer_po_no.is_empty() {
        return Ok(());
    }
    let same: Vec<Order> = tx.list(
        find!(
            Order,
            "party = $2 AND customer_po_no = $3 AND id <> $4 AND state <> 'cancelled' LIMIT 1"
        ),
        &[
            Stored::Int(order.party.raw()),
            Stored::text(order.customer_po_no.clone()),
            Stored::Int(order.id.raw()),
        ],
    )?;
    if let Some(other) = same.first() {
        let why = Grounds { about: other.number.clone(), ..Grounds::none(order.currency) };
        found.holds.push(Planned { kind: HoldKind::Duplicate, why });
    }
    Ok(())
}

/// The deepest manual discount of any line against the price that the engine gave.
fn deepest_discount(order: &Order) -> Rate {
    let share = |line: &sales::OrderLine| {
        let full = sales_value(line, line.engine_price())?;
        let entered = sales_value(line, line.price_entered)? - i128::from(line.discount);
        if full <= 0 || entered >= full {
            return None;
        }
        let rate = kernel::div_round((full - entered) * i128::from(Rate::SCALE), full);
        i64::try_from(rate).ok().map(Rate)
    };
    order.lines.iter().filter_map(share).max().unwrap_or(Rate::ZERO)
}

fn sales_value(line: &sales::OrderLine, price: kernel::Price) -> Option<i128> {
    let value = i128::from(line.ordered.0).checked_mul(i128::from(price.0))?;
    Some(kernel::div_round(value, 10_000_000_000))
}

/// The price check alone, of an order whose prices changed.
pub(crate) fn price_again(cx: &Ctx, tx: &mut Tx, order: &Order) -> Result<Findings> {
    let mut found = Findings::default();
    price(cx, order, &policy::questions::in_force(cx, tx)?, &mut found)?;
    Ok(found)
}

type Policies = BTreeMap<String, PolicyVersion>;

fn price(cx: &Ctx, order: &Order, policies: &Policies, found: &mut Findings) -> Result<()> {
    let discount = deepest_discount(order);
    if discount.is_zero() {
        return Ok(());
    }
    let limit = param(policies, "price", "limit")?;
    let inputs = Inputs::from([("discount", discount.into()), ("limit", limit)]);
    let why = Grounds { discount, amount: order.gross, ..Grounds::none(order.currency) };
    decide(cx, order, policies, "price", inputs, Planned { kind: HoldKind::Price, why }, found)
}

fn prepayment(cx: &Ctx, order: &Order, look: &Look<'_>, found: &mut Findings) -> Result<()> {
    let Some(terms) = look.terms else { return Ok(()) };
    let due = terms.deposit_of(order.gross);
    if due == 0 {
        return Ok(());
    }
    let inputs = Inputs::from([("deposit", order.deposit.into()), ("deposit_due", due.into())]);
    let why = deposit_grounds(order, due);
    decide(
        cx,
        order,
        look.policies,
        "prepayment",
        inputs,
        Planned { kind: HoldKind::Prepayment, why },
        found,
    )
}

/// A deposit that is due, beside what is there of it.
pub(crate) fn deposit_grounds(order: &Order, due: i64) -> Grounds {
    Grounds { amount: due, found: order.deposit, bound: due, ..Grounds::none(order.currency) }
}

fn overdue(
    cx: &Ctx,
    order: &Order,
    look: &Look<'_>,
    days: i64,
    found: &mut Findings,
) -> Result<()> {
    if days == 0 {
        return Ok(());
    }
    let limit = param(look.policies, "overdue", "days")?;
    let inputs = Inputs::from([("oldest_overdue_days", days.into()), ("days", limit)]);
    let why = Grounds { days, ..Grounds::none(order.currency) };
    decide(
        cx,
        order,
        look.policies,
        "overdue",
        inputs,
        Planned { kind: HoldKind::Overdue, why },
        found,
    )
}

/// Is a customer overdue beyond what the policy lets pass?
pub fn is_overdue(cx: &Ctx, tx: &mut Tx, party: i64) -> Result<bool> {
    let days = credit::oldest_overdue_days(cx, tx, party)?;
    let policies = policy::questions::in_force(cx, tx)?;
    let (Some(policy), true) = (policies.get("overdue"), days > 0) else { return Ok(false) };
    let limit = param(&policies, "overdue", "days")?;
    policy.applies(&Inputs::from([("oldest_overdue_days", days.into()), ("days", limit)]))
}

/// Applies a policy's condition and keeps the decision.
fn decide(
    cx: &Ctx,
    order: &Order,
    policies: &Policies,
    name: &str,
    inputs: Inputs,
    mut plan: Planned,
    found: &mut Findings,
) -> Result<()> {
    let Some(policy) = policies.get(name) else { return Ok(()) };
    let hold = policy.applies(&inputs)?;
    let outcome = if hold { "hold" } else { "pass" };
    let decision = policy.decide(cx, order.doc(), &inputs, outcome);
    if hold {
        plan.why.decision = decision.id.raw();
        found.holds.push(plan);
    }
    found.decisions.push(decision);
    Ok(())
}

/// The credit decision, after the guarded update said whether it fits.
pub fn credit_decision(cx: &Ctx, order: &Order, look: &Look<'_>, fits: bool) -> Option<Decision> {
    let policy = look.policies.get("credit")?;
    let account = look.account;
    let after = account.used + (order.credit_claim() - order.credit_taken).max(0);
    let inputs = Inputs::from([
        ("controlled", Value::Yes(account.controlled && look.company.credit_control)),
        ("exposure_after", after.into()),
        ("limit", account.credit_limit.into()),
    ]);
    Some(policy.decide(cx, order.doc(), &inputs, if fits { "pass" } else { "hold" }))
}

fn param(policies: &Policies, name: &str, key: &str) -> Result<Value> {
    let Some(policy) = policies.get(name) else { return Ok(0.into()) };
    let params: serde_json::Value = serde_json::from_str(&policy.params).unwrap_or_default();
    let text = params[key].as_str().unwrap_or("0");
    Rate::parse(text).map(Value::from).map_err(|e| Error::with(e, "policy", name))
}

/// A claim on credit beyond the limit, in the company's base currency.
pub(crate) fn credit_grounds(cx: &Ctx, order: &Order, account: &CreditAccount) -> Grounds {
    let amount = order.credit_claim();
    let (found, bound) = (account.used + amount, account.credit_limit);
    let blocked = account.state == CreditState::Blocked;
    let about = if blocked { account.state.name().to_owned() } else { String::new() };
    Grounds { amount, found, bound, about, ..Grounds::none(cx.base) }
}
