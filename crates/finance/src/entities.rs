//! Declarations of receivables.
use crate::{
    Dealt, INVOICE_LIFECYCLE, InvoiceState, ItemState, LineKind, PAYMENT_LIFECYCLE, PaymentState,
    REFUND_LIFECYCLE, RefundState, STATEMENT_LIFECYCLE, StatementState,
};
use meta::{
    Entity, Field, FieldKind, Grade, Look, Seek, any, day, flag, instant, int, money, one_of,
    price, qty, rate, refers, text,
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
.index(&[&["order_id", "state"], &["party", "state"], &["party", "ready_at"], &["invoice"]]);

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
        money("gross_base").by_commands(),
        money("open_base").by_commands().in_list(),
        money("held").by_commands(),
        money("held_base").by_commands(),
        flag("disputed").in_list(),
        instant("posted_at").by_commands(),
        day("settled_on").by_commands(),
        flag("history").by_commands(),
        any("batch_id").by_commands(),
    ],
)
.collection("invoices")
.lifecycle(&INVOICE_LIFECYCLE)
.index(&[
    &["number"],
    &["state", "due"],
    &["order_id"],
    &["party", "posted_at"],
    &["party", "id"],
    &["party", "open"],
    &["batch_id"],
])
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
        rate("tax_rate").looks(Look::Percent),
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
        any("order_id"),
        text("currency", 3),
        day("due").required().in_list(),
        money("amount").in_list(),
        money("open").in_list(),
        money("amount_base"),
        money("open_base").in_list(),
        money("revalued_base"),
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
        money("amount_base").by_commands(),
        money("unapplied_base").by_commands(),
        money("held").by_commands(),
        money("held_base").by_commands(),
        day("value_day").required().in_list(),
        text("reference", 200).in_list(),
        instant("received_at").by_commands(),
        flag("history").by_commands(),
        any("batch_id").by_commands(),
    ],
)
.collection("payments")
.lifecycle(&PAYMENT_LIFECYCLE)
.index(&[&["number"], &["party", "received_at"], &["party", "id"], &["batch_id"]])
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
        refers("refund", "refund"),
        any("netted_with"),
        money("amount").in_list(),
        money("amount_base"),
        money("difference_base"),
        day("day").required().in_list(),
        any("made_by"),
        any("reverses"),
        any("reversed_by"),
        instant("recorded_at"),
    ],
)
.collection("allocations")
.line_of("payment");

/// 退款单.
pub static REFUND: Entity = Entity::new(
    "refund",
    "finance",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        text("number", 40).by_commands().in_list(),
        any("company").by_commands(),
        refers("party", "party").by_commands().in_list(),
        refers("payment", "payment").in_list(),
        refers("credit_note", "invoice").in_list(),
        one_of("state", RefundState::NAMES).by_commands().in_list(),
        one_of("method", &["transfer", "wechat", "alipay", "cash", "bill"]).in_list(),
        text("currency", 3).by_commands().in_list(),
        rate("rate").by_commands(),
        money("amount").required().in_list(),
        money("amount_base").by_commands(),
        money("paid_base").by_commands(),
        text("reason", 200).required().in_list(),
        text("reference", 200).by_commands(),
        any("made_by").by_commands().in_list(),
        any("approved_by").by_commands(),
        instant("approved_at").by_commands(),
        flag("by_rule").by_commands(),
        money("rule_amount_base").by_commands(),
        money("rule_sum_base").by_commands(),
        day("value_day").by_commands().in_list(),
        instant("cleared_at").by_commands(),
        text("trouble", 200).by_commands(),
    ],
)
.collection("refunds")
.lifecycle(&REFUND_LIFECYCLE)
.index(&[
    &["number"],
    &["party", "state"],
    &["payment"],
    &["credit_note"],
    &["party", "cleared_at"],
])
.title("number")
.searched(&[("number", Seek::Number)]);

/// 对账单.
pub static STATEMENT: Entity = Entity::new(
    "statement",
    "finance",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        text("number", 40).by_commands().in_list(),
        any("company").by_commands(),
        refers("party", "party").required().in_list(),
        one_of("state", StatementState::NAMES).by_commands().in_list(),
        text("currency", 3).by_commands(),
        day("period_from").by_commands().in_list(),
        day("period_until").required().in_list(),
        instant("from_at").by_commands(),
        instant("until_at").by_commands(),
        money("opening").by_commands().in_list(),
        money("delivered").by_commands().in_list(),
        money("returned").by_commands().in_list(),
        money("paid").by_commands().in_list(),
        money("closing").by_commands().in_list(),
        money("difference").by_commands().in_list(),
        text("reason", 200).by_commands(),
        instant("sent_at").by_commands(),
        instant("confirmed_at").by_commands(),
        text("signed_by", 60).by_commands().personal(),
        instant("settled_at").by_commands(),
    ],
)
.collection("statements")
.lifecycle(&STATEMENT_LIFECYCLE)
.unique(&[&["company", "party", "currency", "period_until"]])
.index(&[&["number"], &["party", "period_until"], &["state", "period_until"]])
.title("number")
.searched(&[("number", Seek::Number)]);

pub static STATEMENT_LINE: Entity = Entity::new(
    "statement_line",
    "finance",
    &[
        any("id"),
        refers("statement", "statement").required(),
        int("line_no"),
        one_of("kind", LineKind::NAMES),
        day("day"),
        text("number", 40),
        refers("order_id", "order"),
        refers("item", "billable_item"),
        refers("payment", "payment"),
        refers("refund", "refund"),
        refers("product", "product"),
        text("text", 200),
        qty("qty"),
        price("price"),
        money("amount"),
        money("difference"),
        text("note", 200),
        one_of("dealt", Dealt::NAMES),
    ],
)
.collection("statement_lines")
.line_of("statement")
.index(&[&["item"], &["payment", "kind"], &["refund", "kind"]]);

/// What a unit of a currency was worth on a day (汇率).
pub static EXCHANGE_RATE: Entity = Entity::new(
    "exchange_rate",
    "finance",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        text("currency", 3).required().in_list(),
        text("base", 3).required().in_list(),
        day("day").required().in_list(),
        rate("rate").required().in_list(),
        text("source", 60).in_list(),
    ],
)
.collection("exchange_rates")
.grade(Grade::Guarded)
.unique(&[&["currency", "base", "day"]])
.index(&[&["day", "id"]])
.order("-day")
.title("currency");

pub static ENTITIES: &[&Entity] = &[
    &EXCHANGE_RATE,
    &BILLABLE_ITEM,
    &INVOICE,
    &INVOICE_LINE,
    &OPEN_ITEM,
    &PAYMENT,
    &REFUND,
    &ALLOCATION,
    &STATEMENT,
    &STATEMENT_LINE,
];
