//! What of an order needs more than one fact: touches, changes after the confirmation, time on
//! hold, hand-overs between departments, promises kept.
use super::{NO, Table};
use crate::own::facts::{Facts, HUMAN};
use crate::own::view::is_work;
use crate::own::{Ground, Masters};
use rustc_hash::FxHashMap;

/// Adds the columns to the table of orders.
pub(super) fn complete(table: &mut Table, ground: &Ground) {
    let n = table.len();
    let mut made = Made {
        touches: vec![0; n],
        late_changes: vec![0; n],
        our_changes: vec![0; n],
        handovers: vec![0; n],
        our_returns: vec![0; n],
        hold_time: vec![0; n],
        data_holds: vec![0; n],
        department: vec![0; n],
    };
    let facts = ground.facts();
    let Some(kind) = facts.kind("order") else { return };
    let work: Vec<bool> = facts.activities.iter().map(is_work).collect();
    let hold = facts.kind("hold");
    let mut open: FxHashMap<i64, i64> = FxHashMap::default();
    for fact in 0..facts.len() {
        if !work[facts.activity[fact] as usize] || !facts.counts(fact) {
            continue;
        }
        for (_, id) in facts.touches(fact).filter(|(of, _)| *of == kind) {
            let Some(row) = table.row(id) else { continue };
            made.count(table, ground, fact, row);
            if let Some(hold) = facts.object(fact, hold) {
                made.held(ground, &mut open, (fact, hold), row);
            }
        }
    }
    let Made { touches, late_changes, our_changes, handovers, our_returns, .. } = made;
    table.set("touches", touches);
    table.set("late_changes", late_changes);
    table.set("our_changes", our_changes);
    table.set("handovers", handovers);
    table.set("our_returns", our_returns);
    table.set("hold_time", made.hold_time);
    table.set("data_holds", made.data_holds);
    promises(table, &ground.masters);
}

struct Made {
    /// What people did at desks from submitting to the first goods leaving.
    touches: Vec<i64>,
    late_changes: Vec<i64>,
    /// Changes because data was missing: ours.
    our_changes: Vec<i64>,
    handovers: Vec<i64>,
    our_returns: Vec<i64>,
    /// Working microseconds, holds of the customer's making left out.
    hold_time: Vec<i64>,
    data_holds: Vec<i64>,
    /// Who had it last.
    department: Vec<i64>,
}

/// What hands do with goods is no touch of a desk.
const HANDS: [&str; 5] = ["pick", "pack", "ship", "shipment", "delivery"];
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
            self.touches[row] += 1;
        }
        let is_change = matches!(activity, "order.changed" | "order.qty_changed");
        let confirmed = table.get("confirmed", row);
        self.late_changes[row] += i64::from(is_change && confirmed != NO && at > confirmed);
        if activity == "return.requested" {
            let fault = facts.attr(fact, "fault").unwrap_or_default();
            self.our_returns[row] += i64::from(!THEIRS.contains(&fault));
        }
        if is_human {
            let department = department(ground, facts, fact);
            let before = std::mem::replace(&mut self.department[row], department);
            self.handovers[row] += i64::from(before != 0 && before != department);
        }
    }
    fn held(
        &mut self,
        ground: &Ground,
        open: &mut FxHashMap<i64, i64>,
        (fact, hold): (usize, i64),
        row: usize,
    ) {
        let facts = ground.facts();
        match facts.activity(fact) {
            "order.held" | "order.credit_blocked" => {
                let is_data = facts.reason(fact) == "data";
                self.data_holds[row] += i64::from(is_data);
                self.our_changes[row] += i64::from(is_data);
                if !matches!(facts.reason(fact), "prepayment" | "customer") {
                    open.insert(hold, facts.at[fact]);
                }
            }
            "order.released" | "order.credit_released" => {
                if let Some(from) = open.remove(&hold) {
                    self.hold_time[row] += ground.hours.working(from, facts.at[fact]);
                }
            }
            _ => {}
        }
    }
}

fn department(ground: &Ground, facts: &Facts, fact: usize) -> i64 {
    ground.masters.number("user", "department", facts.actor[fact]).unwrap_or(facts.actor[fact])
}

/// In time by the first promise, and in full: all that was ordered and not cancelled has arrived.
fn promises(table: &mut Table, masters: &Masters) {
    let lines = masters.by("order_line", "order_id");
    let (mut on_time, mut in_full) = (vec![NO; table.len()], vec![NO; table.len()]);
    for row in 0..table.len() {
        let (promised, delivered) = (table.get("promised", row), table.get("delivered", row));
        if delivered == NO || promised == NO {
            continue;
        }
        on_time[row] = i64::from(delivered < promised);
        let own = lines.get(&table.id[row]).map_or(&[][..], Vec::as_slice);
        let of = |line: i64, field| masters.number("order_line", field, line).unwrap_or(0);
        let is_whole =
            |line: &i64| of(*line, "delivered") >= of(*line, "ordered") - of(*line, "cancelled");
        in_full[row] = i64::from(own.iter().all(is_whole));
    }
    table.set("on_time", on_time);
    table.set("in_full", in_full);
}
