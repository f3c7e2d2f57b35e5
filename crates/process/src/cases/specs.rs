//! Which columns the cases have: activity, column, and how its facts fill it. Data only.
use super::{NO, Table, history};
use crate::own::facts::PROGRAM;
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
    /// How many of them a program did.
    ByRule,
    /// The sum of their amounts in base currency.
    Amount,
    /// What their attribute `score` says, the last one.
    Score,
}

impl How {
    pub(super) const fn nothing(self) -> i64 {
        match self {
            Self::First | Self::Last | Self::Score => NO,
            Self::Count | Self::ByRule | Self::Amount => 0,
        }
    }
    pub(super) fn take(self, cell: &mut i64, facts: &Facts, fact: usize) {
        let new = match self {
            Self::First | Self::Last => facts.at[fact],
            Self::Count => 1,
            Self::ByRule => i64::from(facts.actor_kind[fact] == PROGRAM),
            Self::Amount => facts.amount[fact],
            Self::Score => facts.attr(fact, "score").and_then(|s| s.parse().ok()).unwrap_or(NO),
        };
        *cell = self.both(*cell, new);
    }
    pub(super) fn both(self, a: i64, b: i64) -> i64 {
        match self {
            Self::Count | Self::ByRule | Self::Amount => a + b,
            Self::Score if b != NO => b,
            Self::First if a != NO && b != NO => a.min(b),
            Self::First | Self::Last | Self::Score => a.max(b),
        }
    }
}

/// One kind of case.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub name: &'static str,
    pub columns: &'static [(&'static str, &'static str, How)],
}

/// The dimension that names people: shown to whoever may see who did what.
pub const PERSON: &str = "person";

use How::{Amount, ByRule, Count, First, Last, Score};

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
            ("order.changed", "changed_last", Last),
            ("order.qty_changed", "changed_last", Last),
            ("order.price_changed", "changed_last", Last),
            ("order.date_changed", "changed_last", Last),
            ("order.credit_checked", "checks", Count),
            ("order.credit_blocked", "checks", Count),
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
            ("invoice.cancelled", "cancelled", First),
        ],
    },
    Spec {
        name: "payment",
        columns: &[
            ("payment.received", "received", First),
            ("payment.received", "amount", Amount),
            ("payment.applied", "applied", First),
            ("payment.applied", "times", Count),
            ("payment.applied", "by_rule", ByRule),
            ("payment.unapplied", "unapplied", Count),
            ("payment.unapplied", "unapplied_last", Last),
            ("payment.reversed", "reversed", First),
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
        name: "approval",
        columns: &[
            ("approval.requested", "requested", First),
            ("approval.requested", "amount", Amount),
            ("approval.granted", "granted", First),
            ("approval.granted", "decided", Last),
            ("approval.rejected", "decided", Last),
            ("approval.returned", "questions", Count),
        ],
    },
    Spec {
        name: "order_review",
        columns: &[("order.reviewed", "reviewed", First), ("order.reviewed", "score", Score)],
    },
    Spec {
        name: "change_order",
        columns: &[
            ("change_order.drafted", "drafted", First),
            ("change_order.submitted", "submitted", First),
            ("change_order.approved", "approved", First),
            ("change_order.applied", "applied", First),
            ("change_order.declined", "declined", First),
            ("change_order.withdrawn", "withdrawn", First),
        ],
    },
    Spec {
        name: "statement",
        columns: &[
            ("statement.drafted", "drafted", First),
            ("statement.sent", "sent", First),
            ("statement.sent", "amount", Amount),
            ("statement.differed", "differed", First),
            ("statement.confirmed", "confirmed", Last),
            ("statement.settled", "settled", First),
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
fn owner_of(name: &str, ground: &Ground, id: i64) -> (i64, i64) {
    let masters = &ground.masters;
    let order = match name {
        "order" => id,
        "shipment" | "invoice" => masters.number(name, "order_id", id).unwrap_or(0),
        _ => 0,
    };
    let own = masters.number(name, "party", id);
    let party = own.or_else(|| masters.number("order", "party", order)).unwrap_or(0);
    (order, party)
}

/// Lines by their order.
pub(super) type Lines = rustc_hash::FxHashMap<i64, Vec<i64>>;

/// Adds what facts do not carry: promised days, due days, amounts, and what rows are sliced by.
pub(super) fn from_masters(table: &mut Table, ground: &Ground, lines: &Lines, rows: &[u32]) {
    let (masters, hours, name) = (&ground.masters, &ground.hours, table.name);
    let day_ends = |field: &str, id: i64| {
        let day = masters.number(name, field, id)?;
        Some(hours.midnight(Day::of(1970, 1, 1).plus_days(day + 1)))
    };
    let days: &[(&'static str, &str)] = match name {
        "order" => &[("requested", "requested_on"), ("promised", "promised_first")],
        "invoice" => &[("due", "due")],
        _ => &[],
    };
    for (column, field) in days {
        table.set(column, rows, |table, row| day_ends(field, table.id[row]).unwrap_or(NO));
    }
    history::complete(table, ground, rows);
    if name == "invoice" {
        // The last moment of the due day, which belongs to that day's period.
        let last = |due| if due == NO { NO } else { due - 1 };
        table.set("due_on", rows, |table, row| last(table.get("due", row)));
    }
    let amount = match name {
        "order" => Some(("gross", "amount")),
        "opportunity" => Some(("amount", "amount")),
        "lead" => Some(("est_amount", "worth")),
        _ => None,
    };
    if let Some((field, column)) = amount {
        let of = |id: i64| masters.number(name, field, id).unwrap_or(0);
        table.set(column, rows, |table, row| of(table.id[row]));
    }
    if matches!(name, "order" | "shipment" | "invoice" | "opportunity" | "quote" | "payment") {
        let owner = |row: &u32| {
            let id = table.id[*row as usize];
            (id, owner_of(name, ground, id).1)
        };
        let party: rustc_hash::FxHashMap<i64, i64> = rows.iter().map(owner).collect();
        let of = |field: &'static str| {
            let party = &party;
            move |id: i64| masters.text("party", field, party[&id]).to_owned()
        };
        table.cut("grade", rows, of("grade"));
        table.cut("region", rows, of("region"));
    }
    slices_of_its_own(table, ground, lines, rows);
}

fn slices_of_its_own(table: &mut Table, ground: &Ground, lines: &Lines, rows: &[u32]) {
    let masters = &ground.masters;
    let name = table.name;
    let text = |field: &'static str| move |id: i64| masters.text(name, field, id).to_owned();
    let owner = |id: i64| masters.number(name, "owner", id).unwrap_or(0);
    let team = |id: i64| {
        let department = masters.number("user", "department", owner(id)).unwrap_or(0);
        masters.text("department", "name", department).to_owned()
    };
    if matches!(name, "order" | "lead" | "opportunity" | "quote") {
        table.cut("team", rows, team);
        table.cut(PERSON, rows, |id| masters.text("user", "login", owner(id)).to_owned());
    }
    match name {
        "order" => {
            table.cut("channel", rows, text("channel"));
            // What most of the order's money is for.
            let product = |id: i64| {
                let gross = |line: &&i64| masters.number("order_line", "gross", **line);
                let largest = lines.get(&id).and_then(|l| l.iter().max_by_key(|l| (gross(l), **l)));
                largest.and_then(|l| masters.number("order_line", "product", *l)).unwrap_or(0)
            };
            let of = |field: &'static str| {
                move |id: i64| masters.text("product", field, product(id)).to_owned()
            };
            leads_behind(table, ground, rows);
            table.cut("category", rows, of("category"));
            table.cut("product", rows, of("code"));
        }
        "lead" => {
            table.cut("origin", rows, text("origin"));
            table.cut("region", rows, text("region"));
        }
        "shipment" => table.cut("carrier", rows, text("carrier")),
        "hold" => kinds_of_holds(table, ground, rows),
        _ => {}
    }
}

/// When the lead came in that an order's opportunity was made of.
fn leads_behind(table: &mut Table, ground: &Ground, rows: &[u32]) {
    let (facts, opportunity, lead) =
        (ground.facts(), ground.facts().kind("opportunity"), ground.facts().kind("lead"));
    let mut created: rustc_hash::FxHashMap<i64, i64> = rustc_hash::FxHashMap::default();
    for fact in facts.of(&["lead.created"]) {
        if let Some(lead) = facts.object(fact as usize, lead) {
            created.insert(lead, facts.at[fact as usize]);
        }
    }
    let behind = |table: &Table, row: usize| {
        let mut own = table.facts_of(row).iter();
        let opportunity = own.find_map(|fact| facts.object(*fact as usize, opportunity))?;
        created.get(&ground.masters.number("opportunity", "lead", opportunity)?).copied()
    };
    table.set("lead_created", rows, |table, row| behind(table, row).unwrap_or(NO));
}

/// What a hold is for is told when it is placed.
fn kinds_of_holds(table: &mut Table, ground: &Ground, rows: &[u32]) {
    let facts = ground.facts();
    let placed = |fact: &&u32| {
        matches!(facts.activity(**fact as usize), "order.held" | "order.credit_blocked")
    };
    let kind = |row: &u32| {
        let fact = table.facts_of(*row as usize).iter().rfind(placed);
        let kind = fact.map_or("", |fact| facts.reason(*fact as usize));
        (table.id[*row as usize], kind.to_owned())
    };
    let kinds: rustc_hash::FxHashMap<i64, String> = rows.iter().map(kind).collect();
    table.set("is_credit", rows, |table, row| i64::from(kinds[&table.id[row]] == "credit"));
    table.cut("kind", rows, |id| kinds[&id].clone());
}
