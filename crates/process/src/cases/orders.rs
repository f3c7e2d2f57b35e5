//! What of an order needs more than one fact: touches, changes after the confirmation, time on
//! hold, hand-overs between departments, promises kept.
use super::specs::Lines;
use super::{NO, Table};
use crate::own::facts::{Facts, HUMAN};
use crate::own::view::is_work;
use crate::own::{Ground, Masters};
use rustc_hash::FxHashMap;

/// Adds the columns for some rows of the table of orders.
pub(super) fn complete(table: &mut Table, ground: &Ground, lines: &Lines, rows: &[u32]) {
    let facts = ground.facts();
    let work: Vec<bool> = facts.activities.iter().map(is_work).collect();
    let hold = facts.kind("hold");
    let one = |row: &u32| {
        let (row, mut made) = (*row as usize, Made::default());
        let mut open = FxHashMap::default();
        for fact in table.facts_of(row).iter().map(|fact| *fact as usize) {
            if !work[facts.activity[fact] as usize] || !facts.counts(fact) {
                continue;
            }
            made.count(table, ground, fact, row);
            if let Some(hold) = facts.object(fact, hold) {
                made.held(ground, &mut open, (fact, hold));
            }
        }
        made
    };
    let made: Vec<Made> = rows.iter().map(one).collect();
    let columns: [(&'static str, Count); 9] = [
        ("ping_pong", |m| m.ping_pong),
        ("touches", |m| m.touches),
        ("late_changes", |m| m.late_changes),
        ("changes_in_work", |m| m.changes_in_work),
        ("our_changes", |m| m.our_changes),
        ("handovers", |m| m.handovers),
        ("our_returns", |m| m.our_returns),
        ("hold_time", |m| m.hold_time),
        ("data_holds", |m| m.data_holds),
    ];
    let place = |row: usize| rows.partition_point(|of| (*of as usize) < row);
    for (name, of) in columns {
        table.set(name, rows, |_, row| of(&made[place(row)]));
    }
    promises(table, &ground.masters, lines, rows);
}

/// One of an order's counts.
type Count = fn(&Made) -> i64;

/// An order's counts.
#[derive(Default)]
struct Made {
    /// What people did at desks from submitting to the first goods leaving.
    touches: i64,
    late_changes: i64,
    /// Changes after picking began.
    changes_in_work: i64,
    /// Changes because data was missing: ours.
    our_changes: i64,
    handovers: i64,
    /// Back to the department that had it before the last one.
    ping_pong: i64,
    earlier: i64,
    our_returns: i64,
    /// Working microseconds, holds of the customer's making left out.
    hold_time: i64,
    data_holds: i64,
    /// Who had it last.
    department: i64,
}

/// What hands do with goods is no touch of a desk.
const HANDS: [&str; 5] = ["pick", "pack", "ship", "shipment", "delivery"];
/// Facts that change what was agreed with the customer.
const CHANGES: [&str; 4] =
    ["order.changed", "order.qty_changed", "order.price_changed", "order.date_changed"];
/// Returns that are the customer's own fault.
const THEIRS: [&str; 1] = ["customer"];

impl Made {
    fn count(&mut self, table: &Table, ground: &Ground, fact: usize, row: usize) {
        let facts = ground.facts();
        let (at, activity) = (facts.at[fact], facts.activity(fact));
        let (submitted, shipped) = (table.get("submitted", row), table.get("shipped", row));
        let is_human = facts.actor_kind[fact] == HUMAN;
        let until = if shipped == NO { i64::MAX } else { shipped };
        let is_desk = !activity.split('.').next().is_some_and(|object| HANDS.contains(&object));
        if is_human && is_desk && submitted != NO && submitted < at && at < until {
            self.touches += 1;
        }
        let is_change = CHANGES.contains(&activity);
        let after = |column| {
            let since = table.get(column, row);
            i64::from(is_change && since != NO && at > since)
        };
        self.late_changes += after("confirmed");
        self.changes_in_work += after("pick_started");
        if activity == "return.requested" {
            let fault = facts.attr(fact, "fault").unwrap_or_default();
            self.our_returns += i64::from(!THEIRS.contains(&fault));
        }
        if is_human {
            let department = department(ground, facts, fact);
            let before = std::mem::replace(&mut self.department, department);
            if before != 0 && before != department {
                self.handovers += 1;
                let earlier = std::mem::replace(&mut self.earlier, before);
                self.ping_pong += i64::from(earlier == department);
            }
        }
    }
    fn held(
        &mut self,
        ground: &Ground,
        open: &mut FxHashMap<i64, i64>,
        (fact, hold): (usize, i64),
    ) {
        let facts = ground.facts();
        match facts.activity(fact) {
            "order.held" | "order.credit_blocked" => {
                let is_data = facts.reason(fact) == "data";
                self.data_holds += i64::from(is_data);
                self.our_changes += i64::from(is_data);
                if !matches!(facts.reason(fact), "prepayment" | "customer") {
                    open.insert(hold, facts.at[fact]);
                }
            }
            "order.released" | "order.credit_released" => {
                if let Some(from) = open.remove(&hold) {
                    self.hold_time += ground.hours.working(from, facts.at[fact]);
                }
            }
            _ => {}
        }
    }
}

fn department(ground: &Ground, facts: &Facts, fact: usize) -> i64 {
    ground.masters.number("user", "department", facts.actor(fact)).unwrap_or(facts.actor(fact))
}

/// In time by the first promise, and in full: all that was ordered and not cancelled has arrived.
fn promises(table: &mut Table, masters: &Masters, lines: &Lines, rows: &[u32]) {
    let is_known = |table: &Table, row: usize| {
        table.get("delivered", row) != NO && table.get("promised", row) != NO
    };
    table.set("on_time", rows, |table, row| match is_known(table, row) {
        true => i64::from(table.get("delivered", row) < table.get("promised", row)),
        false => NO,
    });
    let of = |line: i64, field| masters.number("order_line", field, line).unwrap_or(0);
    let is_whole =
        |line: &i64| of(*line, "delivered") >= of(*line, "ordered") - of(*line, "cancelled");
    table.set("in_full", rows, |table, row| match is_known(table, row) {
        true => i64::from(lines.get(&table.id[row]).is_none_or(|own| own.iter().all(is_whole))),
        false => NO,
    });
}
