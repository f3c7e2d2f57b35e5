//! Waits that were agreed on, and so are nobody's waste: cut off first and shown apart.
use super::calendar::Hours;
use super::facts::Facts;
use super::masters::Masters;
use super::view::OwnLog;
use crate::mine::instances::Instance;
use rustc_hash::FxHashMap;

/// Why a wait was agreed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// The customer has not paid the deposit or prepayment that the terms ask for.
    Prepayment,
    /// The customer asked us to hold.
    CustomerDate,
    /// The terms bill by month: until the month is over.
    BillingDay,
    /// The invoice is not due yet.
    NotDue,
    /// Nobody works on that day by the company's calendar.
    Closed,
}

impl Why {
    pub const ALL: [Self; 5] =
        [Self::Prepayment, Self::CustomerDate, Self::BillingDay, Self::NotDue, Self::Closed];
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prepayment => "prepayment",
            Self::CustomerDate => "customer_date",
            Self::BillingDay => "billing_day",
            Self::NotDue => "not_due",
            Self::Closed => "closed",
        }
    }
}

/// What was agreed, ready to be asked for each piece of work.
#[derive(Debug)]
pub struct Agreed {
    hours: Hours,
    /// By order: while a hold of the customer's making stood.
    holds: FxHashMap<i64, Vec<(i64, i64, Why)>>,
    /// Orders that the terms bill by month.
    monthly: rustc_hash::FxHashSet<i64>,
    /// Local midnight after the due day, by invoice.
    due: FxHashMap<i64, i64>,
}

impl Agreed {
    /// Reads holds, terms and due days out of the facts and masters.
    #[must_use]
    pub fn of(facts: &Facts, masters: &Masters, hours: &Hours) -> Self {
        let mut due = FxHashMap::default();
        for invoice in masters.ids("invoice") {
            if let Some(day) = masters.number("invoice", "due", *invoice) {
                let after = kernel::Day::of(1970, 1, 1).plus_days(day + 1);
                due.insert(*invoice, hours.midnight(after));
            }
        }
        let by_month: Vec<&str> = masters
            .ids("payment_terms")
            .iter()
            .filter(|id| masters.number("payment_terms", "month_end", **id) == Some(1))
            .map(|id| masters.text("payment_terms", "code", *id))
            .collect();
        let is_monthly =
            |order: &&i64| by_month.contains(&masters.text("order", "terms_code", **order));
        let monthly = masters.ids("order").iter().filter(is_monthly).copied().collect();
        Self { hours: hours.clone(), holds: holds(facts), monthly, due }
    }

    /// Whether the terms of an order bill by month.
    #[must_use]
    pub fn bills_by_month(&self, order: i64) -> bool {
        self.monthly.contains(&order)
    }

    /// The agreed parts of a wait, in the order in which they are cut off.
    #[must_use]
    pub fn parts(&self, facts: &Facts, fact: usize, from: i64, to: i64) -> Vec<(i64, i64, Why)> {
        let mut all = Vec::new();
        let object = |kind: &str| facts.object(fact, facts.kind(kind));
        let order = object("order");
        let held = order.and_then(|id| self.holds.get(&id)).map_or(&[][..], Vec::as_slice);
        all.extend_from_slice(held);
        let activity = facts.activity(fact);
        let bills = matches!(activity, "invoice.drafted" | "invoice.issued");
        if bills && order.is_some_and(|id| self.monthly.contains(&id)) {
            let next = self.hours.day(from).first_of_month().plus_months(1);
            all.push((from, self.hours.midnight(next), Why::BillingDay));
        }
        if matches!(activity, "payment.applied" | "invoice.settled")
            && let Some(due) = object("invoice").and_then(|id| self.due.get(&id))
        {
            all.push((i64::MIN, *due, Why::NotDue));
        }
        let closed = self.hours.closed(from, to);
        all.extend(closed.into_iter().map(|(from, to)| (from, to, Why::Closed)));
        all.retain(|(begin, end, _)| *begin < to && from < *end);
        all.iter_mut().for_each(|part| (part.0, part.1) = (part.0.max(from), part.1.min(to)));
        all
    }

    /// The same for an instance of a log, as the splitting into causes asks for it.
    #[must_use]
    pub fn of_instance(&self, facts: &Facts, own: &OwnLog, i: &Instance) -> Vec<(i64, i64)> {
        let fact = own.facts[i.event as usize] as usize;
        let parts = self.parts(facts, fact, i.enabled, i.start);
        parts.into_iter().map(|(from, to, _)| (from, to)).collect()
    }
}

/// How much of an interval is left when the agreed parts are cut off in order, and how much each
/// took; the sum is the interval.
#[must_use]
pub fn cut(from: i64, to: i64, parts: &[(i64, i64, Why)]) -> (Vec<(i64, i64)>, [i64; 5]) {
    let mut left = vec![(from, to)];
    let mut taken = [0; 5];
    let length = |of: &[(i64, i64)]| of.iter().map(|(a, b)| b - a).sum::<i64>();
    for (begin, end, why) in parts.iter().filter(|(begin, end, _)| begin < end) {
        let before = length(&left);
        let pieces = |(a, b): (i64, i64)| [(a, b.min(*begin)), (a.max(*end), b)];
        left = left.into_iter().flat_map(pieces).filter(|(a, b)| a < b).collect();
        taken[*why as usize] += before - length(&left);
    }
    (left, taken)
}

/// While holds of the customer's making stood, by order.
fn holds(facts: &Facts) -> FxHashMap<i64, Vec<(i64, i64, Why)>> {
    let mut open: FxHashMap<i64, (i64, i64, Why)> = FxHashMap::default();
    let mut all: FxHashMap<i64, Vec<(i64, i64, Why)>> = FxHashMap::default();
    let (order, hold) = (facts.kind("order"), facts.kind("hold"));
    for fact in facts.of(&["order.held", "order.released"]) {
        let at = fact as usize;
        let (Some(order), Some(hold)) = (facts.object(at, order), facts.object(at, hold)) else {
            continue;
        };
        if facts.activity(at) == "order.held" {
            let why = match facts.reason(at) {
                "prepayment" => Why::Prepayment,
                "customer" => Why::CustomerDate,
                _ => continue,
            };
            open.insert(hold, (order, facts.at[at], why));
        } else if let Some((order, from, why)) = open.remove(&hold) {
            all.entry(order).or_default().push((from, facts.at[at], why));
        }
    }
    for (order, from, why) in open.into_values() {
        all.entry(order).or_default().push((from, i64::MAX, why));
    }
    all.values_mut().for_each(|list| list.sort_unstable());
    all
}

#[cfg(test)]
mod tests {
    use super::super::facts::NewFact;
    use super::*;
    use kernel::{Day, Zone};

    fn at(day: Day, hour: i64) -> i64 {
        Zone::china().at(day, hour * 60).0
    }
    const HOUR: i64 = 3_600_000_000;

    #[test]
    fn what_is_cut_off_and_what_is_left_add_up() {
        let parts = [(10, 30, Why::Prepayment), (20, 40, Why::Closed), (90, 90, Why::NotDue)];
        let (left, taken) = cut(0, 100, &parts);
        assert_eq!(left, [(0, 10), (40, 100)]);
        assert_eq!(taken, [20, 0, 0, 0, 10]);
        assert_eq!(left.iter().map(|(a, b)| b - a).sum::<i64>() + taken.iter().sum::<i64>(), 100);
    }

    #[test]
    fn a_prepayment_and_a_weekend_are_agreed_and_the_rest_is_ours() {
        let mut facts = Facts::new();
        let new = |activity: &str, reason: &str, at: i64| NewFact {
            activity: activity.to_owned(),
            reason: reason.to_owned(),
            at,
            ..NewFact::default()
        };
        // Thursday 2026-03-12 10:00 held for prepayment until 15:00; picked on Monday at 10:00.
        let (thursday, monday) = (Day::of(2026, 3, 12), Day::of(2026, 3, 16));
        let of = || [("order", 1), ("hold", 5)].into_iter();
        facts.push(&new("order.held", "prepayment", at(thursday, 10)), of());
        facts.push(&new("order.released", "prepayment", at(thursday, 15)), of());
        facts.push(&new("pick.started", "", at(monday, 10)), [("order", 1)].into_iter());
        let agreed = Agreed::of(&facts, &Masters::default(), &Hours::china());
        let (from, to) = (at(thursday, 9), at(monday, 10));
        let (left, taken) = cut(from, to, &agreed.parts(&facts, 2, from, to));
        assert_eq!(taken, [5 * HOUR, 0, 0, 0, 48 * HOUR]);
        let left: i64 = left.iter().map(|(a, b)| b - a).sum();
        assert_eq!(left, (1 + 33 + 10) * HOUR);
    }
}
