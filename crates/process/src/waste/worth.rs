//! What each step of an order is worth to the customer, how much of it the program does, and how
//! much money stands before it while it waits. Waits that were agreed on are cut off first.
use crate::cases::Cases;
use crate::own::Ground;
use crate::own::agreed::cut;
use crate::own::facts::PROGRAM;
use crate::own::view::is_work;
use std::collections::BTreeMap;

/// What a step is to whoever pays for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Class {
    /// The customer pays for it: goods and promises come nearer.
    Value,
    /// Nobody pays for it, and without it there is no next step, no invoice or no safety.
    Necessary,
    /// It puts right, asks again, stops or carries back.
    Waste,
}

impl Class {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Necessary => "necessary",
            Self::Waste => "waste",
        }
    }
    /// The class of an activity; what is neither of worth nor waste is necessary.
    #[must_use]
    pub fn of(activity: &str) -> Self {
        if VALUE.contains(&activity) {
            return Self::Value;
        }
        if WASTE.contains(&activity) { Self::Waste } else { Self::Necessary }
    }
}

const VALUE: &[&str] = &[
    "order.confirmed",
    "order.promised",
    "pick.started",
    "pick.completed",
    "pack.completed",
    "ship.dispatched",
    "delivery.delivered",
];

const WASTE: &[&str] = &[
    "order.held",
    "order.released",
    "order.credit_blocked",
    "order.credit_released",
    "order.changed",
    "order.qty_changed",
    "order.price_changed",
    "order.date_changed",
    "order.reopened",
    "order.cancelled",
    "stock.shorted",
    "stock.released",
    "shipment.changed",
    "shipment.cancelled",
    "approval.returned",
    "approval.resubmitted",
    "approval.rejected",
    "change_order.declined",
    "change_order.withdrawn",
    "return.requested",
    "return.approved",
    "return.rejected",
    "return.cancelled",
    "return.received",
    "return.settled",
    "invoice.cancelled",
    "invoice.credited",
    "invoice.reopened",
    "payment.unapplied",
    "payment.reversed",
    "refund.drafted",
    "refund.approved",
    "refund.passed",
    "refund.sent",
    "refund.failed",
    "refund.retried",
    "refund.paid",
    "refund.reversed",
    "refund.withdrawn",
];

/// A step of orders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Worth {
    pub activity: String,
    pub class: Class,
    pub count: u64,
    /// Done by the program.
    pub by_rule: u64,
    /// Microseconds of waiting before it that were not agreed on.
    pub waited: i64,
    /// Minor units × microseconds of the orders that waited.
    pub held: i128,
}

impl Worth {
    /// Money that stood still in an hour of waiting before it, by the mean; minor units.
    #[must_use]
    pub fn per_hour(&self) -> i64 {
        if self.waited == 0 {
            return 0;
        }
        i64::try_from(self.held / i128::from(self.waited)).unwrap_or(i64::MAX)
    }
}

/// Every step of orders, the one before which most money waits first. History of other systems
/// does not tell who did what, and is left out.
#[must_use]
pub fn all(ground: &Ground, cases: &Cases) -> Vec<Worth> {
    let (facts, agreed) = (ground.facts(), ground.agreed());
    let Some(table) = cases.table("order") else { return Vec::new() };
    let work: Vec<bool> = facts.activities.iter().map(is_work).collect();
    let mut steps: BTreeMap<u16, Worth> = BTreeMap::new();
    for row in (0..table.len()).filter(|row| table.get("history", *row) != 1) {
        let amount = table.get("amount", row).max(0);
        let mut before = None;
        let own = table.facts_of(row).iter().map(|fact| *fact as usize);
        for fact in own.filter(|at| work[facts.activity[*at] as usize] && facts.counts(*at)) {
            let step = steps.entry(facts.activity[fact]).or_insert_with(|| Worth {
                activity: facts.activity(fact).to_owned(),
                class: Class::of(facts.activity(fact)),
                count: 0,
                by_rule: 0,
                waited: 0,
                held: 0,
            });
            step.count += 1;
            step.by_rule += u64::from(facts.actor_kind[fact] == PROGRAM);
            let to = facts.at[fact];
            if let Some(from) = before.replace(to).filter(|from| *from < to) {
                let (left, _) = cut(from, to, &agreed.parts(facts, fact, from, to));
                let left: i64 = left.iter().map(|(from, to)| to - from).sum();
                step.waited += left;
                step.held += i128::from(left) * i128::from(amount);
            }
        }
    }
    let mut all: Vec<Worth> = steps.into_values().collect();
    all.sort_by(|a, b| b.held.cmp(&a.held).then(a.activity.cmp(&b.activity)));
    all
}
