//! Decisions about orders: how far they are from the work, how long they take, and whether they
//! ever change anything (source document 003: let who does the work decide).
use crate::cases::{Cases, NO};
use crate::own::{Facts, Ground};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The decisions of one kind of hold.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Decision {
    pub kind: String,
    /// Decided by people.
    pub n: usize,
    /// Let pass, by whatever condition.
    pub passed: usize,
    /// The order was changed while it waited.
    pub changed: usize,
    /// Steps through the tree of departments, from whoever entered the order to whoever decided.
    pub hops: f64,
    /// In another department, as a share.
    pub elsewhere: f64,
    /// The wait as a share of the order's whole time.
    pub share: f64,
    /// Working hours, by median.
    pub hours: f64,
    /// What passed, in minor units of the base currency.
    pub amount: i64,
}

impl Decision {
    /// D = h + δ + w.
    #[must_use]
    pub fn distance(&self) -> f64 {
        self.hops + self.elsewhere + self.share
    }
    /// Always let pass, often enough to know, and nothing was ever changed.
    #[must_use]
    pub fn is_rubber_stamp(&self) -> bool {
        self.n >= 50 && self.passed * 100 >= self.n * 98 && self.changed == 0
    }
}

const HOUR: f64 = 3_600e6;

#[derive(Default)]
struct Sums {
    told: Decision,
    waits: Vec<f64>,
}

/// By kind of hold, the farthest first. Holds that conditions or customers end are no decisions.
#[must_use]
pub fn all(ground: &Ground, cases: &Cases) -> Vec<Decision> {
    let facts = ground.facts();
    let (order, hold) = (facts.kind("order"), facts.kind("hold"));
    let mut open: FxHashMap<i64, (usize, bool)> = FxHashMap::default();
    let mut of_order: FxHashMap<i64, Vec<i64>> = FxHashMap::default();
    let mut entered: FxHashMap<i64, i64> = FxHashMap::default();
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    for fact in facts.of(&[
        "order.entered",
        "order.held",
        "order.credit_blocked",
        "order.changed",
        "order.qty_changed",
        "order.cancelled",
        "order.released",
        "order.credit_released",
    ]) {
        let at = fact as usize;
        let Some(id) = facts.object(at, order) else { continue };
        match facts.activity(at) {
            "order.entered" => drop(entered.insert(id, facts.actor[at])),
            "order.held" | "order.credit_blocked" => {
                let Some(hold) = facts.object(at, hold) else { continue };
                open.insert(hold, (at, false));
                of_order.entry(id).or_default().push(hold);
            }
            "order.changed" | "order.qty_changed" => {
                for hold in of_order.get(&id).into_iter().flatten() {
                    open.entry(*hold).and_modify(|known| known.1 = true);
                }
            }
            "order.cancelled" => {
                for hold in of_order.remove(&id).unwrap_or_default() {
                    let Some((begun, _)) = open.remove(&hold) else { continue };
                    sums.entry(facts.reason(begun).to_owned()).or_default().told.n += 1;
                }
            }
            _ => {
                let known = facts.object(at, hold).and_then(|hold| open.remove(&hold));
                let Some((begun, is_changed)) = known else { continue };
                if facts.attr(at, "how") != Some("approved") {
                    continue;
                }
                let sum = sums.entry(facts.reason(begun).to_owned()).or_default();
                let asker = entered.get(&id).copied().unwrap_or(0);
                sum.pass(ground, cases, (begun, at), (id, asker), is_changed);
            }
        }
    }
    let mut all: Vec<Decision> =
        sums.into_iter().filter_map(|(kind, sum)| sum.told(kind)).collect();
    all.sort_by(|a, b| b.distance().total_cmp(&a.distance()).then(a.kind.cmp(&b.kind)));
    all
}

impl Sums {
    fn pass(
        &mut self,
        ground: &Ground,
        cases: &Cases,
        (begun, at): (usize, usize),
        (order, asker): (i64, i64),
        is_changed: bool,
    ) {
        let facts: &Facts = ground.facts();
        let told = &mut self.told;
        told.n += 1;
        told.passed += 1;
        told.changed += usize::from(is_changed);
        let department = |user: i64| ground.masters.number("user", "department", user);
        let (from, to) = (department(asker), department(facts.actor[at]));
        told.hops += hops(ground, from.unwrap_or(0), to.unwrap_or(0)) as f64;
        told.elsewhere += f64::from(u8::from(from != to));
        let row = cases.table("order").and_then(|t| Some((t, t.row(order)?)));
        if let Some((table, row)) = row {
            let (submitted, closed) = (table.get("submitted", row), table.get("closed", row));
            if submitted != NO && closed != NO && closed > submitted {
                let wait = (facts.at[at] - facts.at[begun]) as f64;
                told.share += (wait / (closed - submitted) as f64).clamp(0.0, 1.0);
            }
        }
        told.amount += ground.masters.number("order", "gross", order).unwrap_or(0);
        self.waits.push(ground.hours.working(facts.at[begun], facts.at[at]) as f64 / HOUR);
    }
    fn told(mut self, kind: String) -> Option<Decision> {
        let n = self.told.passed;
        if n == 0 {
            return None;
        }
        let mut told = self.told;
        told.kind = kind;
        told.hops /= n as f64;
        told.elsewhere /= n as f64;
        told.share /= n as f64;
        self.waits.sort_by(f64::total_cmp);
        told.hours = self.waits[(n - 1) / 2];
        Some(told)
    }
}

/// Steps from one department up to what both are under, and down to the other.
fn hops(ground: &Ground, from: i64, to: i64) -> usize {
    let up = |start: i64| {
        let mut way = vec![start];
        while let Some(parent) = ground.masters.number("department", "parent", way[way.len() - 1]) {
            if way.contains(&parent) || way.len() > 20 {
                break;
            }
            way.push(parent);
        }
        way
    };
    let (a, b) = (up(from), up(to));
    for (climbed, department) in a.iter().enumerate() {
        if let Some(down) = b.iter().position(|d| d == department) {
            return climbed + down;
        }
    }
    // Under no common roof: over the head of the company.
    a.len() + b.len()
}
