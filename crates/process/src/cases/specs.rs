//! Which columns the cases have: activity, column, and how its facts fill it. Data only.
use super::{NO, Table};
use crate::own::{Facts, Ground};
use kernel::Day;

/// How the facts of an activity fill a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// The time of the first.
    First,
    /// The time of the last.
    Last,
    /// How many.
    Count,
    /// The sum of their amounts in base currency.
    Amount,
}

impl How {
    pub(super) const fn nothing(self) -> i64 {
        match self {
            Self::First | Self::Last => NO,
            Self::Count | Self::Amount => 0,
        }
    }
    pub(super) fn take(self, cell: &mut i64, facts: &Facts, fact: usize) {
        let new = match self {
            Self::First | Self::Last => facts.at[fact],
            Self::Count => 1,
            Self::Amount => facts.amount[fact],
        };
        *cell = self.both(*cell, new);
    }
    pub(super) fn both(self, a: i64, b: i64) -> i64 {
        match self {
            Self::Count | Self::Amount => a + b,
            Self::First if a != NO && b != NO => a.min(b),
            Self::First | Self::Last => a.max(b),
        }
    }
}

/// One kind of case.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub name: &'static str,
    pub columns: &'static [(&'static str, &'static str, How)],
}

use How::{Amount, Count, First, Last};

/// All kinds of cases.
pub const ALL: &[Spec] = &[
    Spec {
        name: "lead",
        columns: &[
            ("lead.created", "created", First),
            ("lead.assigned", "assigned", First),
            ("lead.contacted", "contacted", First),
            ("lead.qualified", "qualified", First),
            ("lead.converted", "converted", First),
            ("lead.disqualified", "disqualified", First),
            ("lead.returned", "returned", First),
            ("lead.assigned", "assignments", Count),
        ],
    },
    Spec {
        name: "opportunity",
        columns: &[
            ("opp.created", "created", First),
            ("opp.won", "won", First),
            ("opp.lost", "lost", First),
            ("opp.won", "won_amount", Amount),
            ("opp.stage_changed", "stage_changes", Count),
        ],
    },
    Spec {
        name: "quote",
        columns: &[
            ("quote.created", "created", First),
            ("quote.revised", "created", First),
            ("quote.submitted", "submitted", First),
            ("quote.approved", "approved", First),
            ("quote.sent", "sent", First),
            ("quote.accepted", "accepted", First),
            ("quote.rejected", "rejected", First),
            ("quote.expired", "expired", First),
            ("quote.superseded", "superseded", First),
        ],
    },
    Spec {
        name: "order",
        columns: &[
            ("order.entered", "entered", First),
            ("order.entered", "entered_amount", Amount),
            ("order.submitted", "submitted", First),
            ("order.confirmed", "confirmed", First),
            ("order.cancelled", "cancelled", First),
            ("order.closed", "closed", Last),
            ("order.changed", "changes", Count),
            ("order.qty_changed", "changes", Count),
            ("order.promised", "promises", Count),
            ("order.held", "holds", Count),
            ("order.credit_blocked", "holds", Count),
            ("order.credit_blocked", "credit_blocks", Count),
            ("stock.shorted", "shorts", Count),
            ("shipment.created", "shipments", Count),
            ("ship.dispatched", "dispatches", Count),
            ("pick.started", "pick_started", First),
            ("ship.dispatched", "shipped", First),
            ("ship.dispatched", "shipped_last", Last),
            ("delivery.delivered", "delivered", Last),
            ("delivery.delivered", "deliveries", Count),
            ("invoice.issued", "invoiced", First),
            ("invoice.issued", "invoiced_last", Last),
            ("invoice.issued", "invoices", Count),
            ("invoice.issued", "invoiced_amount", Amount),
            ("invoice.credited", "credits", Count),
            ("payment.applied", "paid_last", Last),
            ("return.requested", "returns", Count),
            ("opp.won", "from_opportunity", Count),
        ],
    },
    Spec {
        name: "shipment",
        columns: &[
            ("shipment.created", "created", First),
            ("pick.started", "pick_started", First),
            ("pick.completed", "picked", First),
            ("pack.completed", "packed", First),
            ("ship.dispatched", "dispatched", First),
            ("delivery.delivered", "delivered", First),
            ("shipment.cancelled", "cancelled", First),
            ("return.received", "returned", First),
        ],
    },
    Spec {
        name: "invoice",
        columns: &[
            ("invoice.drafted", "drafted", First),
            ("invoice.issued", "issued", First),
            ("invoice.issued", "amount", Amount),
            ("receivable.opened", "opened", First),
            ("receivable.opened", "amount", Amount),
            ("invoice.credited", "credited", First),
            ("invoice.settled", "settled", Last),
            ("payment.applied", "paid_first", First),
            ("payment.applied", "payments", Count),
            ("credit.applied", "credit_notes", Count),
        ],
    },
    Spec {
        name: "payment",
        columns: &[
            ("payment.received", "received", First),
            ("payment.received", "amount", Amount),
            ("payment.applied", "applied", First),
            ("payment.unapplied", "unapplied", Count),
        ],
    },
    Spec {
        name: "hold",
        columns: &[
            ("order.held", "placed", First),
            ("order.credit_blocked", "placed", First),
            ("order.released", "released", First),
            ("order.credit_released", "released", First),
        ],
    },
    Spec {
        name: "return",
        columns: &[
            ("return.requested", "requested", First),
            ("return.approved", "approved", First),
            ("return.rejected", "rejected", First),
            ("return.received", "received", First),
            ("return.settled", "settled", First),
        ],
    },
];

/// Which order, or party, a row of a table belongs to.
fn owner_of(table: &Table, ground: &Ground, id: i64) -> (i64, i64) {
    let masters = &ground.masters;
    let order = match table.name {
        "order" => id,
        "shipment" | "invoice" => masters.number(table.name, "order_id", id).unwrap_or(0),
        _ => 0,
    };
    let own = masters.number(table.name, "party", id);
    let party = own.or_else(|| masters.number("order", "party", order)).unwrap_or(0);
    (order, party)
}

/// Adds what facts do not carry: promised days, due days, amounts, and what rows are sliced by.
pub(super) fn from_masters(table: &mut Table, ground: &Ground) {
    let (masters, hours) = (&ground.masters, &ground.hours);
    let day_ends = |entity: &str, field: &str, id: i64| {
        let day = masters.number(entity, field, id)?;
        Some(hours.midnight(Day::of(1970, 1, 1).plus_days(day + 1)))
    };
    let days: &[(&'static str, &str)] = match table.name {
        "order" => &[("requested", "requested_on"), ("promised", "promised_first")],
        "invoice" => &[("due", "due")],
        _ => &[],
    };
    for (column, field) in days {
        let of = |id: &i64| day_ends(table.name, field, *id).unwrap_or(NO);
        table.set(column, table.id.iter().map(of).collect());
    }
    let amount = match table.name {
        "order" => Some("gross"),
        "opportunity" => Some("amount"),
        _ => None,
    };
    if let Some(field) = amount {
        let of = |id: &i64| masters.number(table.name, field, *id).unwrap_or(0);
        table.set("amount", table.id.iter().map(of).collect());
    }
    if matches!(table.name, "order" | "shipment" | "invoice" | "opportunity" | "quote" | "payment")
    {
        let owners: Vec<(i64, i64)> =
            table.id.iter().map(|id| owner_of(table, ground, *id)).collect();
        let party: rustc_hash::FxHashMap<i64, i64> =
            table.id.iter().copied().zip(owners.iter().map(|(_, party)| *party)).collect();
        table.cut("grade", |id| masters.text("party", "grade", party[&id]).to_owned());
        table.cut("region", |id| masters.text("party", "region", party[&id]).to_owned());
    }
    slices_of_its_own(table, ground);
}

fn slices_of_its_own(table: &mut Table, ground: &Ground) {
    let masters = &ground.masters;
    let name = table.name;
    let text = |field: &'static str| move |id: i64| masters.text(name, field, id).to_owned();
    let team = |id: i64| {
        let owner = masters.number(name, "owner", id).unwrap_or(0);
        let department = masters.number("user", "department", owner).unwrap_or(0);
        masters.text("department", "name", department).to_owned()
    };
    match name {
        "order" => {
            table.cut("channel", text("channel"));
            table.cut("team", team);
            let lines = masters.by("order_line", "order_id");
            table.cut("category", |id| {
                let gross = |line: &&i64| masters.number("order_line", "gross", **line);
                let largest = lines.get(&id).and_then(|l| l.iter().max_by_key(|l| (gross(l), **l)));
                let product = largest.and_then(|l| masters.number("order_line", "product", *l));
                masters.text("product", "category", product.unwrap_or(0)).to_owned()
            });
        }
        "lead" => {
            table.cut("origin", text("origin"));
            table.cut("region", text("region"));
            table.cut("team", team);
        }
        "opportunity" | "quote" => table.cut("team", team),
        "shipment" => table.cut("carrier", text("carrier")),
        "hold" => {
            let mut kinds = rustc_hash::FxHashMap::default();
            let facts = ground.facts();
            let hold = facts.kind("hold");
            for fact in facts.of(&["order.held", "order.credit_blocked"]) {
                let at = fact as usize;
                if let Some(id) = facts.object(at, hold) {
                    kinds.insert(id, facts.reason(at).to_owned());
                }
            }
            let is_credit = |id: &i64| i64::from(kinds.get(id).is_some_and(|k| k == "credit"));
            table.set("is_credit", table.id.iter().map(is_credit).collect());
            table.cut("kind", |id| kinds.get(&id).cloned().unwrap_or_default());
        }
        _ => {}
    }
}
