//! Declarations of quotations and orders.
use crate::{
    AskedBy, CHANGE_ORDER_LIFECYCLE, ChangeAction, ChangeState, LineKind, ORDER_LIFECYCLE,
    OrderState, Progress, QUOTE_LIFECYCLE, QuoteState,
};
use kernel::Secrecy;
use meta::{
    Entity, Field, FieldKind, Look, Seek, any, day, flag, instant, int, json, money, one_of, price,
    qty, rate, refers, text,
};

pub static QUOTE: Entity = Entity::new(
    "quote",
    "sales",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        text("number", 32).by_commands().in_list(),
        int("revision").by_commands().in_list(),
        any("company").by_commands(),
        refers("party", "party").required().in_list(),
        any("opportunity"),
        refers("previous", "quote").by_commands(),
        one_of("state", QuoteState::NAMES).by_commands().in_list(),
        text("currency", 3).in_list(),
        rate("rate"),
        flag("incl_tax"),
        text("terms_code", 40),
        day("valid_until").in_list(),
        any("owner").by_commands(),
        money("gross").by_commands().in_list(),
        money("net").by_commands(),
        money("tax").by_commands(),
        instant("sent_at").by_commands().in_list(),
        instant("decided_at").by_commands(),
        text("reject_reason", 200).by_commands(),
        any("accepted_order").by_commands(),
    ],
)
.collection("quotes")
.lifecycle(&QUOTE_LIFECYCLE)
.unique(&[&["number", "revision"]])
.title("number")
.searched(&[("number", Seek::Number)]);

pub static QUOTE_LINE: Entity = Entity::new(
    "quote_line",
    "sales",
    &[
        any("id"),
        refers("quote", "quote").required(),
        int("line_no"),
        refers("product", "product").required(),
        text("text", 200),
        qty("qty"),
        price("list_price"),
        price("price_entered"),
        money("discount"),
        text("tax_code", 20),
        rate("tax_rate").looks(Look::Percent),
        money("gross"),
        money("net"),
        money("tax"),
    ],
)
.collection("quote_lines")
.line_of("quote");

pub static ORDER: Entity = Entity::new(
    "order",
    "sales",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        text("number", 32).by_commands().in_list(),
        any("company").by_commands(),
        refers("party", "party").required().in_list(),
        text("ship_to", 300),
        text("contact", 100).personal(),
        any("quote").by_commands(),
        any("opportunity").by_commands(),
        any("owner").by_commands().in_list(),
        text("channel", 20).in_list(),
        text("order_type", 20),
        text("customer_po_no", 60).in_list(),
        text("currency", 3).in_list(),
        rate("rate"),
        flag("incl_tax"),
        text("terms_code", 40).in_list(),
        flag("written_credit"),
        text("recognition", 20),
        one_of("state", OrderState::NAMES).by_commands().in_list(),
        one_of("fulfilment", Progress::NAMES).by_commands().in_list(),
        one_of("billing", Progress::NAMES).by_commands().in_list(),
        one_of("payment", Progress::NAMES).by_commands().in_list(),
        int("holds").by_commands().in_list(),
        day("ordered_on").in_list(),
        day("requested_on").in_list(),
        day("promised_first").by_commands(),
        day("promised_now").by_commands().in_list(),
        money("gross").by_commands().in_list(),
        money("net").by_commands(),
        money("tax").by_commands(),
        money("deposit").by_commands(),
        money("deposit_base").by_commands(),
        money("deposit_tax").by_commands(),
        money("deposit_tax_base").by_commands(),
        money("covered").by_commands(),
        money("covered_base").by_commands(),
        money("revenue_base").by_commands(),
        money("output_vat_base").by_commands(),
        money("deferred_base").by_commands(),
        money("billed_base").by_commands(),
        money("paid").by_commands(),
        money("credit_taken").by_commands().kept(Secrecy::Credit),
        money("freight"),
        money("stated_total"),
        instant("submitted_at").by_commands().in_list(),
        instant("confirmed_at").by_commands(),
        instant("closed_at").by_commands(),
        text("cancel_reason", 200).by_commands(),
        flag("history").by_commands(),
        json("exact").by_commands(),
        any("batch_id").by_commands(),
    ],
)
.table("sales_order")
.collection("orders")
.lifecycle(&ORDER_LIFECYCLE)
.index(&[
    &["number"],
    &["state", "id"],
    &["party", "customer_po_no"],
    &["party", "id"],
    // Answers alone how much a customer ordered, month by month.
    &["party", "state", "ordered_on", "currency", "gross"],
    &["ordered_on", "id"],
    &["batch_id"],
])
.open_until(&[("fulfilment", "full"), ("billing", "full"), ("payment", "full")])
.title("number")
.searched(&[("number", Seek::Number), ("customer_po_no", Seek::Number)]);

pub static ORDER_LINE: Entity = Entity::new(
    "order_line",
    "sales",
    &[
        any("id"),
        refers("order_id", "order").required(),
        int("line_no"),
        one_of("kind", LineKind::NAMES),
        refers("product", "product").required(),
        text("text", 200),
        any("warehouse"),
        qty("ordered"),
        qty("cancelled"),
        qty("reserved"),
        qty("shipped"),
        qty("delivered"),
        qty("recognised"),
        qty("returned"),
        qty("invoiced"),
        price("list_price"),
        price("price_entered"),
        money("discount"),
        text("tax_code", 20),
        rate("tax_rate").looks(Look::Percent),
        money("gross"),
        money("net"),
        money("tax"),
        money("cost_shipped").kept(Secrecy::Cost),
        money("cost_recognised").kept(Secrecy::Cost),
        money("net_recognised"),
        money("tax_recognised"),
        money("tax_dispatched"),
        money("tax_agreed"),
        money("gross_invoiced"),
        money("tax_invoiced"),
        json("steps"),
    ],
)
.collection("order_lines")
.line_of("order_id");

pub static CHANGE_ORDER: Entity = Entity::new(
    "change_order",
    "sales",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        text("number", 40).by_commands().in_list(),
        any("company").by_commands(),
        refers("order_id", "order").required().in_list(),
        refers("party", "party").by_commands().in_list(),
        one_of("state", ChangeState::NAMES).by_commands().in_list(),
        int("base_version").by_commands(),
        one_of("asked_by", AskedBy::NAMES).required().in_list(),
        text("reason", 200).required(),
        text("evidence", 200),
        day("requested_was").by_commands(),
        day("requested_on"),
        text("ship_to_was", 300).by_commands(),
        text("ship_to", 300),
        text("currency", 3).by_commands(),
        money("gross_before").by_commands().in_list(),
        money("gross_after").by_commands().in_list(),
        flag("needs_approval").by_commands().in_list(),
        any("made_by").by_commands().in_list(),
        instant("submitted_at").by_commands(),
        any("approved_by").by_commands(),
        instant("approved_at").by_commands(),
        instant("applied_at").by_commands().in_list(),
        text("end_reason", 200).by_commands(),
    ],
)
.collection("change_orders")
.lifecycle(&CHANGE_ORDER_LIFECYCLE)
.index(&[&["number"], &["order_id", "id"], &["state", "id"]])
.title("number")
.searched(&[("number", Seek::Number)]);

pub static CHANGE_LINE: Entity = Entity::new(
    "change_line",
    "sales",
    &[
        any("id"),
        refers("change_order", "change_order").required(),
        int("line_no"),
        one_of("action", ChangeAction::NAMES),
        int("order_line_no"),
        refers("product", "product").required(),
        qty("qty_before"),
        qty("qty_after"),
        price("price_before"),
        price("price_after"),
        money("discount_before"),
        money("discount_after"),
        money("gross_before"),
        money("gross_after"),
    ],
)
.collection("change_lines")
.line_of("change_order");

pub static ENTITIES: &[&Entity] =
    &[&QUOTE, &QUOTE_LINE, &ORDER, &ORDER_LINE, &CHANGE_ORDER, &CHANGE_LINE];
