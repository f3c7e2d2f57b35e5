//! Declarations of schedules, of what the day close keeps, and of agreed tax points.
use super::schedule::SCHEDULED;
use meta::{
    Entity, Field, FieldKind, Grade, Look, any, day, flag, instant, int, money, one_of, text,
};

/// When a company's own work is due; people may change it.
pub(super) static SCHEDULE: Entity = Entity::new(
    "schedule",
    "store",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("company").required().in_list(),
        one_of("kind", SCHEDULED).required().in_list(),
        int("minute").looks(Look::Clock).in_list(),
        flag("working_days").in_list(),
        flag("active").in_list(),
    ],
)
.collection("schedules")
.grade(Grade::Guarded)
.unique(&[&["company", "kind"]])
.title("kind");

/// When a schedule is due next, and by which rule that was found. Its id is the schedule's.
pub(super) static SCHEDULE_DUE: Entity =
    Entity::new("schedule_due", "store", &[any("id"), instant("due_at"), text("rule", 60)])
        .grade(Grade::Internal);

/// What stood on an account role at the end of a day: in all, each day; and of each customer and
/// product, on the days that moved it.
pub(super) static BALANCE_DAY: Entity = Entity::new(
    "balance_day",
    "ledger",
    &[
        any("company"),
        text("role", 40),
        one_of("grain", &["total", "each"]),
        any("party"),
        any("product"),
        day("day"),
        money("amount"),
    ],
)
.grade(Grade::Internal)
.index(&[&["company", "day"]]);

/// Up to which day a company's balances are kept, and from which entry on nobody looked. Its id is
/// the company's.
pub(super) static DAY_CLOSE: Entity =
    Entity::new("day_close", "ledger", &[any("id"), text("day", 10), any("entry")])
        .grade(Grade::Internal);

/// The day agreed in writing by which goods that left are paid for: their tax is due then, invoice
/// or not. Its id is the shipment's, or the order's for its services.
pub(super) static TAX_POINT: Entity = Entity::new(
    "tax_point",
    "finance",
    &[
        any("id"),
        any("company"),
        any("order_id"),
        any("shipment"),
        day("agreed_on"),
        flag("reached"),
    ],
)
.grade(Grade::Internal)
.index(&[&["company", "reached", "agreed_on"], &["order_id"]]);

/// Every table of the house's own work.
pub static ENTITIES: &[&Entity] = &[&SCHEDULE, &SCHEDULE_DUE, &BALANCE_DAY, &DAY_CLOSE, &TAX_POINT];
