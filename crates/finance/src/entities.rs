//! Declarations of receivables.
use crate::{INVOICE_LIFECYCLE, InvoiceState, ItemState, PAYMENT_LIFECYCLE, PaymentState};
use meta::{
    Entity, Field, FieldKind, Grade, Seek, any, day, flag, instant, int, money, one_of, price, qty,
    rate, refers, text,
};

pub static BILLABLE_ITEM: Entity = Entity::new(
    "billable_item",
    "finance",
    &[
        any("id"),
        any("company"),
        refers("party", "party").required().in_list(),
        refers("order_id", "order").required().in_list(),
        refers("order_line", "order_line").required(),
        any("shipment"),
        one_of("state", ItemState::NAMES).in_list(),
        qty("qty").in_list(),
        qty("from_qty"),
        any("invoice").in_list(),
        instant("ready_at").in_list(),
    ],
)
.collection("billable_items")
.grade(Grade::Internal)
.index(&[&["order_id", "state"], &["party", "state"], &["invoice"]]);

pub static INVOICE: Entity = Entity::new(
    "invoice",
    "finance",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        text("number", 40).by_commands().in_list(),
        any("company").by_commands(),
        refers("party", "party").required().in_list(),
        text("heading", 200).in_list(),
        text("tax_id", 20),
        one_of("kind", &["invoice", "credit", "opening"]).by_commands().in_list(),
        one_of("state", InvoiceState::NAMES).by_commands().in_list(),
        any("order_id").by_commands().in_list(),
        text("currency", 3).by_commands().in_list(),
        rate("rate").by_commands(),
        day("day").by_commands().in_list(),
        day("due").by_commands().in_list(),
        money("gross").by_commands().in_list(),
        money("net").by_commands(),
        money("tax").by_commands().in_list(),
        money("open").by_commands().in_list(),
        flag("disputed").in_list(),
        instant("posted_at").by_commands(),
        day("settled_on").by_commands(),
        flag("history").by_commands(),
        any("batch_id").by_commands(),
    ],
)
.collection("invoices")
.lifecycle(&INVOICE_LIFECYCLE)
.index(&[&["number"], &["state", "due"], &["order_id"], &["batch_id"]])
.title("number")
.searched(&[("number", Seek::Number)]);

pub static INVOICE_LINE: Entity = Entity::new(
    "invoice_line",
    "finance",
    &[
        any("id"),
        refers("invoice", "invoice").required(),
        int("line_no"),
        refers("item", "billable_item"),
        refers("order_line", "order_line").repeated(),
        refers("product", "product"),
        text("text", 200),
        qty("qty"),
        price("price"),
        text("tax_code", 20),
        rate("tax_rate"),
        money("gross"),
        money("net"),
        money("tax"),
    ],
)
.collection("invoice_lines")
.line_of("invoice");

pub static OPEN_ITEM: Entity = Entity::new(
    "open_item",
    "finance",
    &[
        any("id"),
        any("company"),
        refers("party", "party").required().in_list(),
        refers("invoice", "invoice").required().in_list(),
        text("currency", 3),
        day("due").required().in_list(),
        money("amount").in_list(),
        money("open").in_list(),
    ],
)
.collection("open_items")
.grade(Grade::Internal)
.index(&[&["party", "due"], &["due", "id"]]);

pub static PAYMENT: Entity = Entity::new(
    "payment",
    "finance",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        text("number", 40).by_commands().in_list(),
        any("company").by_commands(),
        refers("party", "party").required().in_list(),
        one_of("direction", &["in", "out"]).in_list(),
        one_of("method", &["transfer", "wechat", "alipay", "cash", "bill"]).in_list(),
        one_of("state", PaymentState::NAMES).by_commands().in_list(),
        text("currency", 3).in_list(),
        rate("rate"),
        money("amount").in_list(),
        money("unapplied").by_commands().in_list(),
        day("value_day").required().in_list(),
        text("reference", 200).in_list(),
        instant("received_at").by_commands(),
        flag("history").by_commands(),
        any("batch_id").by_commands(),
    ],
)
.collection("payments")
.lifecycle(&PAYMENT_LIFECYCLE)
.index(&[&["number"], &["batch_id"]])
.title("number")
.searched(&[("number", Seek::Number)]);

pub static ALLOCATION: Entity = Entity::new(
    "allocation",
    "finance",
    &[
        any("id"),
        any("company"),
        refers("payment", "payment").in_list(),
        refers("open_item", "open_item").in_list(),
        refers("order_id", "order").in_list(),
        any("netted_with"),
        money("amount").in_list(),
        day("day").required().in_list(),
        any("made_by"),
        any("reverses"),
        any("reversed_by"),
        instant("recorded_at"),
    ],
)
.collection("allocations")
.line_of("payment");

pub static ENTITIES: &[&Entity] =
    &[&BILLABLE_ITEM, &INVOICE, &INVOICE_LINE, &OPEN_ITEM, &PAYMENT, &ALLOCATION];
