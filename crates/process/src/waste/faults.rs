//! Faults of order to cash and kinds of waste, each with its cases: what was done twice, late,
//! apart, or without need. Ranked by money × days; no statistics, every case is one.
use super::{doubles, steps};
use crate::cases::{Cases, NO, Table};
use crate::own::Ground;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// One case of a fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Case {
    pub id: i64,
    /// Time that it cost the case; 0 where it costs work and no time that anybody knows.
    pub minutes: i64,
    /// What hangs on it, in minor units of the base currency.
    pub amount: i64,
}

/// A fault with all its cases.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub name: &'static str,
    /// Which of the seven wastes of the source it is: `overproduction`, `waiting`, `transport`,
    /// `processing`, `inspection`, `coordination`, `stock`.
    pub waste: &'static str,
    /// The kind of its cases.
    pub kind: &'static str,
    pub cases: Vec<Case>,
}

impl Fault {
    /// Minor units × days of all cases; a case without known time counts for an hour.
    #[must_use]
    pub fn money_days(&self) -> i64 {
        let of = |c: &Case| i128::from(c.amount) * i128::from(c.minutes.max(60)) / (24 * 60);
        i64::try_from(self.cases.iter().map(of).sum::<i128>()).unwrap_or(i64::MAX)
    }
    #[must_use]
    pub fn minutes(&self) -> i64 {
        self.cases.iter().map(|c| c.minutes).sum()
    }
    #[must_use]
    pub fn amount(&self) -> i64 {
        self.cases.iter().map(|c| c.amount).sum()
    }
}

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// Days after which goods that nobody takes are idle.
const IDLE: i64 = 180;
/// Days within which what was delivered is billed.
const BILLED: i64 = 3;

/// Kinds of case that faults list.
pub const KINDS: [&str; 7] =
    ["order", "lead", "invoice", "payment", "statement", "approval", "product"];

/// All faults that any case shows, most money × days first. `now` ends what is still open.
#[must_use]
pub fn all(ground: &Ground, cases: &Cases, now: i64) -> Vec<Fault> {
    let mut found = Vec::new();
    if let Some(orders) = cases.table("order") {
        found.extend(of_orders(orders, ground));
        found.push(doubles::orders(orders, ground));
        found.push(invoiced_late(orders, ground, now));
    }
    if let Some(leads) = cases.table("lead") {
        found.extend(of_leads(leads, ground, now));
    }
    if let Some(payments) = cases.table("payment") {
        let late = |row| between(payments, row, "received", "applied", 3 * DAY);
        found.push(of_table("cash_unapplied", "waiting", payments, "amount", late));
        found.push(matched_wrongly(payments));
        found.push(doubles::payments(payments, ground, now));
    }
    if let Some((invoices, orders)) = cases.table("invoice").zip(cases.table("order")) {
        found.push(given_up(invoices, ground));
        found.push(doubles::invoices(invoices, orders, ground));
    }
    if let Some(statements) = cases.table("statement") {
        found.push(disputed(statements, now));
    }
    if let Some(approvals) = cases.table("approval") {
        found.push(asked_back(approvals, ground));
    }
    found.extend(of_holds(ground));
    found.push(idle_stock(ground, now));
    found.retain(|fault| !fault.cases.is_empty());
    for fault in &mut found {
        fault.cases.sort_by_key(|c| {
            let weight = i128::from(c.amount) * i128::from(c.minutes.max(60));
            (std::cmp::Reverse(weight), c.id)
        });
    }
    found.sort_by_key(|f| (std::cmp::Reverse(f.money_days()), f.name));
    found
}

/// The rows of which something says how many minutes they lost.
fn of_table(
    name: &'static str,
    waste: &'static str,
    table: &Table,
    amount: &str,
    minutes: impl Fn(usize) -> Option<i64>,
) -> Fault {
    let case = |row: usize| {
        let amount = table.get(amount, row).max(0);
        minutes(row).map(|minutes| Case { id: table.id[row], minutes, amount })
    };
    Fault { name, waste, kind: table.name, cases: (0..table.len()).filter_map(case).collect() }
}

/// Minutes from one time to another where that is longer than allowed; those beyond it.
fn between(table: &Table, row: usize, from: &str, to: &str, allowed: i64) -> Option<i64> {
    let (from, to) = (table.get(from, row), table.get(to, row));
    let is_late = from != NO && to != NO && to - from > allowed;
    is_late.then(|| (to - from - allowed) / MINUTE)
}

fn of_orders(orders: &Table, ground: &Ground) -> Vec<Fault> {
    let count = |column: &'static str, least: i64| {
        move |row: usize| (orders.get(column, row) >= least).then_some(0)
    };
    let held = |row: usize| orders.get("hold_time", row).max(0) / MINUTE;
    let one = |name, waste, minutes: &dyn Fn(usize) -> Option<i64>| {
        of_table(name, waste, orders, "amount", minutes)
    };
    vec![
        one("credit_hold_again", "inspection", &|row| {
            count("credit_blocks", 2)(row).map(|_| held(row))
        }),
        one("credit_checked_again", "inspection", &count("checks", 2)),
        one("changed_after_confirm", "processing", &|row| {
            let changed = count("late_changes", 1)(row);
            changed.map(|_| between(orders, row, "confirmed", "changed_last", 0).unwrap_or(0))
        }),
        one("changed_in_work", "processing", &|row| {
            let changed = count("changes_in_work", 1)(row);
            changed.map(|_| between(orders, row, "pick_started", "changed_last", 0).unwrap_or(0))
        }),
        one("promised_again", "waiting", &|row| {
            let day = |field| ground.masters.number("order", field, orders.id[row]);
            let later = day("promised_now")? - day("promised_first")?;
            (later > 0).then_some(later * 24 * 60)
        }),
        one("delivered_late", "waiting", &|row| {
            let is_late = orders.get("on_time", row) == 0;
            is_late.then(|| between(orders, row, "promised", "delivered", 0).unwrap_or(0))
        }),
        one("delivered_in_parts", "transport", &|row| {
            let parts = count("dispatches", 2)(row);
            parts.map(|_| between(orders, row, "shipped", "shipped_last", 0).unwrap_or(0))
        }),
        one("carried_back", "transport", &count("our_returns", 1)),
        one("invoice_credited", "processing", &count("credits", 1)),
        one("back_and_forth", "coordination", &count("ping_pong", 2)),
        one("not_all_on_hand", "waiting", &|row| {
            let short = count("shorts", 1)(row);
            short.map(|_| between(orders, row, "confirmed", "shipped_last", 0).unwrap_or(0))
        }),
    ]
}

/// Money that was matched with the wrong claim and taken back; a payment that was reversed whole
/// never came.
fn matched_wrongly(payments: &Table) -> Fault {
    let again = |row: usize| {
        let is_wrong = payments.get("unapplied", row) > 0 && payments.get("reversed", row) == NO;
        is_wrong.then(|| between(payments, row, "applied", "unapplied_last", 0).unwrap_or(0))
    };
    of_table("matched_wrongly", "processing", payments, "amount", again)
}

/// Invoices that were drawn up and given up: work for nothing.
fn given_up(invoices: &Table, ground: &Ground) -> Fault {
    let case = |row: usize| {
        let id = invoices.id[row];
        let amount = ground.masters.number("invoice", "gross", id).unwrap_or(0).max(0);
        let is_given_up = invoices.get("cancelled", row) != NO;
        let minutes = || between(invoices, row, "drafted", "cancelled", 0).unwrap_or(0);
        is_given_up.then(|| Case { id, minutes: minutes(), amount })
    };
    let cases = (0..invoices.len()).filter_map(case).collect();
    Fault { name: "invoice_given_up", waste: "processing", kind: "invoice", cases }
}

/// Statements that the customer sees otherwise: until the customer agreed, or until now.
fn disputed(statements: &Table, now: i64) -> Fault {
    let open = |row: usize| {
        let (from, to) = (statements.get("differed", row), statements.get("confirmed", row));
        let to = if to > from { to } else { now };
        (from != NO).then(|| (to - from).max(0) / MINUTE)
    };
    of_table("statement_differed", "coordination", statements, "amount", open)
}

/// Requests for approval that came back with a question: working time until they were decided.
fn asked_back(approvals: &Table, ground: &Ground) -> Fault {
    let time = |row: usize| {
        let (from, to) = (approvals.get("requested", row), approvals.get("decided", row));
        let is_back = approvals.get("questions", row) > 0;
        let worked = || ground.hours.working(from, to) / MINUTE;
        is_back.then(|| if from == NO || to == NO { 0 } else { worked() })
    };
    of_table("asked_back", "coordination", approvals, "amount", time)
}

fn of_leads(leads: &Table, ground: &Ground, now: i64) -> Vec<Fault> {
    let untouched = |row: usize| {
        let created = leads.get("created", row);
        let is_open = leads.get("contacted", row) == NO && leads.get("disqualified", row) == NO;
        let age = now - created;
        (created != NO && is_open && age > 30 * DAY).then_some(age / MINUTE)
    };
    let slow = |row: usize| {
        let (from, to) = (leads.get("assigned", row), leads.get("contacted", row));
        if from == NO || to == NO {
            return None;
        }
        // Three working days.
        let worked = ground.hours.working(from, to) / MINUTE;
        let allowed = 3 * kernel::calendar::MINUTES_A_DAY;
        (worked > allowed).then(|| worked - allowed)
    };
    vec![
        of_table("lead_untouched", "waiting", leads, "worth", untouched),
        of_table("lead_slow", "waiting", leads, "worth", slow),
    ]
}

/// Delivered, and three days later not billed, where the terms do not bill by month: money that
/// nobody asked for. What is still not billed counts until now. Files of other systems do not
/// tell which of their orders were billed.
fn invoiced_late(orders: &Table, ground: &Ground, now: i64) -> Fault {
    let late = |row: usize| {
        let (from, to) = (orders.get("delivered", row), orders.get("invoiced", row));
        let is_agreed = ground.agreed().bills_by_month(orders.id[row]);
        let is_ours = orders.get("history", row) != 1 && orders.get("returns", row) == 0;
        if from == NO || is_agreed || !is_ours {
            return None;
        }
        let waited = (if to == NO { now } else { to }) - from - BILLED * DAY;
        (waited > 0).then_some(waited / MINUTE)
    };
    of_table("invoiced_late", "waiting", orders, "amount", late)
}

/// Holds for data that one answer did not end; overdue holds while the customer's money lay here;
/// holds that were released by whoever entered the order.
fn of_holds(ground: &Ground) -> Vec<Fault> {
    let facts = ground.facts();
    let mut again = Vec::new();
    for step in steps::all(ground).iter().filter(|s| s.name == "order_data") {
        let twice = step.waits.iter().filter(|w| w.rounds > 1);
        again.extend(twice.map(|w| Case {
            id: w.order,
            minutes: w.time / MINUTE,
            amount: w.amount.max(0),
        }));
    }
    let (order, hold) = (facts.kind("order"), facts.kind("hold"));
    let (party, payment) = (facts.kind("party"), facts.kind("payment"));
    let mut unapplied: FxHashMap<i64, Vec<i64>> = FxHashMap::default();
    let mut entered: FxHashMap<i64, i64> = FxHashMap::default();
    let mut open: FxHashMap<i64, (i64, bool)> = FxHashMap::default();
    let (mut wrongly, mut own) = (Vec::new(), Vec::new());
    for fact in facts.of(&[
        "order.entered",
        "payment.received",
        "payment.applied",
        "order.held",
        "order.credit_blocked",
        "order.released",
        "order.credit_released",
    ]) {
        let at = fact as usize;
        let of_party = facts.object(at, party).unwrap_or(0);
        let order = facts.object(at, order).unwrap_or(0);
        let amount = ground.masters.number("order", "gross", order).unwrap_or(0).max(0);
        match facts.activity(at) {
            "order.entered" => drop(entered.insert(order, facts.actor(at))),
            "payment.received" => {
                let id = facts.object(at, payment).unwrap_or(0);
                unapplied.entry(of_party).or_default().push(id);
            }
            "payment.applied" => {
                let id = facts.object(at, payment).unwrap_or(0);
                unapplied.entry(of_party).or_default().retain(|p| *p != id);
            }
            "order.held" | "order.credit_blocked" => {
                let lies = unapplied.get(&of_party).is_some_and(|list| !list.is_empty());
                let is_wrong = facts.reason(at) == "overdue" && lies;
                let Some(hold) = facts.object(at, hold) else { continue };
                open.insert(hold, (facts.at[at], is_wrong));
            }
            _ => {
                let known = facts.object(at, hold).and_then(|hold| open.remove(&hold));
                let Some((from, is_wrong)) = known else { continue };
                let minutes = ground.hours.working(from, facts.at[at]) / MINUTE;
                if is_wrong {
                    wrongly.push(Case { id: order, minutes, amount });
                }
                let by_hand = facts.attr(at, "how") == Some("approved");
                if by_hand && entered.get(&order) == Some(&facts.actor(at)) {
                    own.push(Case { id: order, minutes: 0, amount });
                }
            }
        }
    }
    let fault = |name, waste, cases| Fault { name, waste, kind: "order", cases };
    vec![
        fault("data_asked_again", "processing", again),
        fault("overdue_though_paid", "waiting", wrongly),
        fault("released_own_order", "coordination", own),
    ]
}

/// Goods of value that nobody took for half a year: bought or made too much.
fn idle_stock(ground: &Ground, now: i64) -> Fault {
    let (facts, masters) = (ground.facts(), &ground.masters);
    let line = facts.kind("order_line");
    let mut taken: FxHashMap<i64, i64> = FxHashMap::default();
    for fact in facts.of(&["ship.dispatched"]) {
        let at = fact as usize;
        for (_, id) in facts.touches(at).filter(|(kind, _)| Some(*kind) == line) {
            if let Some(product) = masters.number("order_line", "product", id) {
                let last = taken.entry(product).or_insert(NO);
                *last = (*last).max(facts.at[at]);
            }
        }
    }
    let begun = facts.at.iter().copied().min().unwrap_or(now);
    let mut values: BTreeMap<i64, i64> = BTreeMap::new();
    for id in masters.ids("stock_value") {
        let product = masters.number("stock_value", "product", *id).unwrap_or(0);
        let value = masters.number("stock_value", "value", *id).unwrap_or(0);
        *values.entry(product).or_default() += value;
    }
    let case = |(product, amount): (i64, i64)| {
        let since = now - taken.get(&product).copied().unwrap_or(begun);
        let is_idle = amount > 0 && since > IDLE * DAY;
        is_idle.then_some(Case { id: product, minutes: since / MINUTE, amount })
    };
    let cases = values.into_iter().filter_map(case).collect();
    Fault { name: "idle_stock", waste: "stock", kind: "product", cases }
}
