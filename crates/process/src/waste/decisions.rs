//! Decisions: how far they are from the work, whom they pass, how long they take, and whether they
//! ever change anything (source document 003: let who does the work decide).
//!
//! A decision is what was asked and then answered by a person: a hold that somebody let go, a
//! request for approval, a quotation or change of an order in review, a return that was asked for.
use crate::cases::{Cases, NO};
use crate::own::facts::HUMAN;
use crate::own::{Facts, Ground};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The decisions of one kind.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Decision {
    /// What was asked about: `hold`, `approval`, `quote`, `change_order`, `return`.
    pub what: &'static str,
    /// The kind of hold; empty where the question is of one kind only.
    pub kind: String,
    /// Decided by people.
    pub n: usize,
    /// Let pass, by whatever condition.
    pub passed: usize,
    /// What was asked about was changed, or sent back with a question, while it waited.
    pub changed: usize,
    /// In another one's place.
    pub delegated: usize,
    /// Up to a head and down again, and carried on in yet another department.
    pub m_shaped: usize,
    /// Steps through the tree of departments, from who asked to who decided.
    pub hops: f64,
    /// In another department, as a share.
    pub elsewhere: f64,
    /// The wait as a share of the order's whole time.
    pub share: f64,
    /// People and departments that it passed, both ends included.
    pub people: f64,
    pub departments: f64,
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

/// What a fact is to a decision.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Asked,
    /// Back with a question, or answered it: it goes on waiting.
    Again,
    Passed,
    Refused,
    /// Taken back: nobody decides it.
    Gone,
}

use Part::{Again, Asked, Gone, Passed, Refused};

/// The object that a question is about, and what facts are to it.
const QUESTIONS: &[(&str, &[(&str, Part)])] = &[
    (
        "hold",
        &[
            ("order.held", Asked),
            ("order.credit_blocked", Asked),
            ("approval.requested", Again),
            ("approval.returned", Again),
            ("approval.resubmitted", Again),
            ("order.released", Passed),
            ("order.credit_released", Passed),
        ],
    ),
    (
        "approval",
        &[
            ("approval.requested", Asked),
            ("approval.returned", Again),
            ("approval.resubmitted", Again),
            ("approval.granted", Passed),
            ("approval.rejected", Refused),
            ("approval.withdrawn", Gone),
        ],
    ),
    (
        "quote",
        &[
            ("quote.submitted", Asked),
            ("quote.approved", Passed),
            ("quote.rejected", Refused),
            ("quote.withdrawn", Gone),
            ("quote.superseded", Gone),
        ],
    ),
    (
        "change_order",
        &[
            ("change_order.submitted", Asked),
            ("change_order.approved", Passed),
            ("change_order.declined", Refused),
            ("change_order.applied", Gone),
            ("change_order.withdrawn", Gone),
        ],
    ),
    (
        "return",
        &[
            ("return.requested", Asked),
            ("return.approved", Passed),
            ("return.rejected", Refused),
            ("return.cancelled", Gone),
        ],
    ),
];

/// Facts that change an order while something of it waits.
const CHANGES: &[&str] =
    &["order.changed", "order.qty_changed", "order.price_changed", "order.date_changed"];

const HOUR: f64 = 3_600e6;

#[derive(Default)]
struct Sums {
    told: Decision,
    waits: Vec<f64>,
}

/// A question that waits.
struct Open {
    begun: usize,
    order: i64,
    asker: i64,
    is_changed: bool,
    /// People who dealt with it, in order of time.
    people: Vec<i64>,
}

/// A decision made over somebody's head, until the work goes on.
struct Over {
    sum: (usize, String),
    asker: i64,
    head: i64,
}

/// Everything known on the way through the facts.
#[derive(Default)]
struct Way {
    open: FxHashMap<(usize, i64), Open>,
    of_order: FxHashMap<i64, Vec<(usize, i64)>>,
    entered: FxHashMap<i64, i64>,
    over: FxHashMap<i64, Vec<Over>>,
    sums: BTreeMap<(usize, String), Sums>,
}

/// By kind, the farthest first. What conditions or customers end is no decision.
#[must_use]
pub fn all(ground: &Ground, cases: &Cases) -> Vec<Decision> {
    let facts = ground.facts();
    let parts = parts(facts);
    let (order, mut way) = (facts.kind("order"), Way::default());
    for at in (0..facts.len()).filter(|at| facts.counts(*at)) {
        let activity = facts.activity[at] as usize;
        let of = facts.object(at, order).unwrap_or(0);
        if of != 0 {
            way.goes_on(ground, at, of);
        }
        for (question, part) in &parts[activity] {
            way.take(ground, cases, at, (*question, *part));
        }
        match facts.activity(at) {
            "order.entered" => drop(way.entered.insert(of, facts.actor(at))),
            "order.cancelled" => way.cancelled(facts, of),
            name if CHANGES.contains(&name) => {
                for key in way.of_order.get(&of).into_iter().flatten() {
                    way.open.entry(*key).and_modify(|open| open.is_changed = true);
                }
            }
            _ => {}
        }
    }
    let mut all: Vec<Decision> = way.sums.into_values().filter_map(Sums::told).collect();
    let key = |d: &Decision| (d.what, d.kind.clone());
    all.sort_by(|a, b| b.distance().total_cmp(&a.distance()).then(key(a).cmp(&key(b))));
    all
}

/// What each activity is to which questions.
fn parts(facts: &Facts) -> Vec<Vec<(usize, Part)>> {
    let mut parts = vec![Vec::new(); facts.activities.len()];
    for (question, (_, told)) in QUESTIONS.iter().enumerate() {
        for (activity, part) in *told {
            if let Some(number) = facts.known(activity) {
                parts[number as usize].push((question, *part));
            }
        }
    }
    parts
}

impl Way {
    fn take(&mut self, ground: &Ground, cases: &Cases, at: usize, (question, part): (usize, Part)) {
        let facts = ground.facts();
        let what = QUESTIONS[question].0;
        let Some(id) = facts.object(at, facts.kind(what)) else { return };
        let key = (question, id);
        let actor = facts.actor(at);
        match part {
            Asked => {
                let order = facts.object(at, facts.kind("order")).unwrap_or(0);
                // A hold is placed by the program: who entered the order waits for it.
                let entered = self.entered.get(&order).copied();
                let asker = if what == "hold" { entered.unwrap_or(0) } else { actor };
                let people = vec![asker];
                let open = Open { begun: at, order, asker, is_changed: false, people };
                self.open.insert(key, open);
                if order != 0 {
                    self.of_order.entry(order).or_default().push(key);
                }
            }
            Again => {
                if let Some(open) = self.open.get_mut(&key) {
                    open.people.push(actor);
                    open.is_changed |= facts.activity(at) == "approval.returned";
                }
            }
            Gone => drop(self.open.remove(&key)),
            Passed | Refused => {
                let Some(mut open) = self.open.remove(&key) else { return };
                let is_by_hand = what != "hold" || facts.attr(at, "how") == Some("approved");
                if !is_by_hand || facts.actor_kind[at] != HUMAN {
                    return;
                }
                open.people.push(actor);
                self.decided(ground, cases, (at, part == Passed), question, &open);
            }
        }
    }
    fn decided(
        &mut self,
        ground: &Ground,
        cases: &Cases,
        (at, is_passed): (usize, bool),
        question: usize,
        open: &Open,
    ) {
        let facts = ground.facts();
        let key = (question, kind(facts, question, open.begun));
        let sum = self.sums.entry(key.clone()).or_default();
        (sum.told.what, sum.told.kind) = (QUESTIONS[question].0, key.1.clone());
        sum.take(ground, cases, (at, is_passed), open);
        let (asker, head) = (department(ground, open.asker), department(ground, facts.actor(at)));
        if open.order != 0 && asker != head && above(ground, asker).contains(&head) {
            self.over.entry(open.order).or_default().push(Over { sum: key, asker, head });
        }
    }
    /// Somebody goes on with an order: what was decided over heads may have come down elsewhere.
    fn goes_on(&mut self, ground: &Ground, at: usize, order: i64) {
        let facts = ground.facts();
        if facts.actor_kind[at] != HUMAN || self.over.is_empty() {
            return;
        }
        let here = department(ground, facts.actor(at));
        let Some(waiting) = self.over.get_mut(&order) else { return };
        // The head's own facts of the same decision are not yet the work.
        waiting.retain(|over| {
            let is_work = here != over.head;
            if is_work && here != over.asker && above(ground, here).contains(&over.head) {
                self.sums.entry(over.sum.clone()).or_default().told.m_shaped += 1;
            }
            !is_work
        });
        if waiting.is_empty() {
            self.over.remove(&order);
        }
    }
    /// An order that is given up while it is held was decided too, and did not pass.
    fn cancelled(&mut self, facts: &Facts, order: i64) {
        for key in self.of_order.remove(&order).unwrap_or_default() {
            let Some(open) = self.open.remove(&key) else { continue };
            if QUESTIONS[key.0].0 == "hold" {
                let of = (key.0, kind(facts, key.0, open.begun));
                self.sums.entry(of).or_default().told.n += 1;
            }
        }
    }
}

/// Holds, and the requests to lift them, are told apart by the kind of hold.
fn kind(facts: &Facts, question: usize, begun: usize) -> String {
    match QUESTIONS[question].0 {
        "hold" | "approval" => facts.reason(begun).to_owned(),
        _ => String::new(),
    }
}

impl Sums {
    fn take(
        &mut self,
        ground: &Ground,
        cases: &Cases,
        (at, is_passed): (usize, bool),
        open: &Open,
    ) {
        let facts: &Facts = ground.facts();
        let told = &mut self.told;
        told.n += 1;
        told.passed += usize::from(is_passed);
        told.changed += usize::from(open.is_changed);
        told.delegated += usize::from(facts.acting_for(at) != 0);
        let (from, to) = (department(ground, open.asker), department(ground, facts.actor(at)));
        told.hops += hops(ground, from, to) as f64;
        told.elsewhere += f64::from(u8::from(from != to));
        let several = |all: Vec<i64>| {
            let mut all = all;
            all.sort_unstable();
            all.dedup();
            all.len() as f64
        };
        told.people += several(open.people.clone());
        told.departments += several(open.people.iter().map(|p| department(ground, *p)).collect());
        let row = cases.table("order").and_then(|t| Some((t, t.row(open.order)?)));
        if let Some((table, row)) = row {
            let (submitted, closed) = (table.get("submitted", row), table.get("closed", row));
            if submitted != NO && closed != NO && closed > submitted {
                let wait = (facts.at[at] - facts.at[open.begun]) as f64;
                told.share += (wait / (closed - submitted) as f64).clamp(0.0, 1.0);
            }
        }
        if is_passed {
            told.amount += worth(ground, open);
        }
        self.waits.push(ground.hours.working(facts.at[open.begun], facts.at[at]) as f64 / HOUR);
    }
    fn told(mut self) -> Option<Decision> {
        let n = self.waits.len();
        if n == 0 {
            return None;
        }
        let mut told = self.told;
        let means = [&mut told.hops, &mut told.elsewhere, &mut told.share];
        let means = means.into_iter().chain([&mut told.people, &mut told.departments]);
        means.for_each(|sum| *sum /= n as f64);
        self.waits.sort_by(f64::total_cmp);
        told.hours = self.waits[(n - 1) / 2];
        Some(told)
    }
}

/// What hangs on a question: the order's money, else what the question itself says.
fn worth(ground: &Ground, open: &Open) -> i64 {
    let facts = ground.facts();
    let own = |kind: &str| {
        let id = facts.object(open.begun, facts.kind(kind))?;
        ground.masters.number(kind, "gross", id)
    };
    let amount = facts.amount[open.begun];
    own("order").or_else(|| own("quote")).unwrap_or(amount).max(0)
}

fn department(ground: &Ground, user: i64) -> i64 {
    ground.masters.number("user", "department", user).unwrap_or(0)
}

/// A department and all that it is under, from below.
fn way_up(ground: &Ground, start: i64) -> Vec<i64> {
    let mut way = vec![start];
    while let Some(parent) = ground.masters.number("department", "parent", way[way.len() - 1]) {
        if way.contains(&parent) || way.len() > 20 {
            break;
        }
        way.push(parent);
    }
    way
}

/// What a department is under.
fn above(ground: &Ground, department: i64) -> Vec<i64> {
    way_up(ground, department).split_off(1)
}

/// Steps from one department up to what both are under, and down to the other.
fn hops(ground: &Ground, from: i64, to: i64) -> usize {
    let (a, b) = (way_up(ground, from), way_up(ground, to));
    for (climbed, department) in a.iter().enumerate() {
        if let Some(down) = b.iter().position(|d| d == department) {
            return climbed + down;
        }
    }
    // Under no common roof: over the head of the company.
    a.len() + b.len()
}
