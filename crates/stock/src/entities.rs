//! Declarations of stock.
use crate::{
    DemandState, Fault, RETURN_LIFECYCLE, ReceiptKind, ReservationState, ReturnState,
    SHIPMENT_LIFECYCLE, ShipmentState,
};
use kernel::Secrecy;
use meta::{
    Entity, Field, FieldKind, Grade, Seek, any, day, flag, instant, int, money, one_of, qty,
    refers, text,
};

pub static WAREHOUSE: Entity = Entity::new(
    "warehouse",
    "stock",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("company").by_commands(),
        text("code", 20).required().in_list(),
        text("name", 100).by_sound("name_sound").required().in_list(),
        int("priority").in_list(),
    ],
)
.collection("warehouses")
.unique(&[&["company", "code"]])
.title("name");

pub static LOCATION: Entity = Entity::new(
    "location",
    "stock",
    &[
        any("id"),
        refers("warehouse", "warehouse").required(),
        text("code", 40),
        one_of("kind", &["storage", "staging", "quarantine"]),
    ],
)
.collection("locations")
.line_of("warehouse")
.unique(&[&["warehouse", "code"]]);

/// A default lot (`-`) exists for every product that is not tracked by lot.
pub static LOT: Entity = Entity::new(
    "lot",
    "stock",
    &[
        any("id"),
        refers("product", "product").required(),
        text("code", 40),
        day("expires_on"),
        flag("blocked"),
    ],
)
.grade(Grade::Internal)
.unique(&[&["product", "code"]]);

pub static STOCK: Entity = Entity::new(
    "stock",
    "stock",
    &[
        any("id"),
        any("company"),
        refers("product", "product").required(),
        refers("warehouse", "warehouse").required(),
        refers("location", "location").required(),
        refers("lot", "lot").required(),
        int("priority"),
        qty("on_hand"),
        qty("reserved"),
    ],
)
.collection("stock")
.grade(Grade::Internal)
.unique(&[&["product", "company", "location", "lot"]]);

pub static STOCK_VALUE: Entity = Entity::new(
    "stock_value",
    "stock",
    &[
        any("id"),
        any("company"),
        refers("product", "product").required(),
        qty("qty"),
        money("value").kept(Secrecy::Cost),
    ],
)
.grade(Grade::Internal)
.unique(&[&["product", "company"]]);

pub static MOVE: Entity = Entity::new(
    "move",
    "stock",
    &[
        any("id"),
        any("company"),
        refers("product", "product").required(),
        refers("location", "location").required().repeated(),
        refers("lot", "lot").required().repeated(),
        qty("qty"),
        money("value").kept(Secrecy::Cost),
        text("kind", 20),
        text("origin_kind", 30),
        any("origin"),
        any("origin_line"),
        day("day"),
        instant("recorded_at"),
    ],
)
.table("stock_move")
.grade(Grade::Internal)
.index(&[&["product", "company", "id"], &["origin_kind", "origin"]]);

pub static DEMAND: Entity = Entity::new(
    "demand",
    "stock",
    &[
        any("id"),
        any("company"),
        refers("order_id", "order").required().repeated(),
        refers("order_line", "order_line").required(),
        refers("product", "product").required().repeated(),
        qty("wanted"),
        qty("reserved"),
        qty("shipped"),
        day("needed_on"),
        int("priority"),
        one_of("state", DemandState::NAMES),
        instant("opened_at"),
    ],
)
.grade(Grade::Internal)
.unique(&[&["order_line"]])
.index(&[&["company", "product", "state", "priority", "id"], &["order_id"]]);

pub static RESERVATION: Entity = Entity::new(
    "reservation",
    "stock",
    &[
        any("id"),
        any("company"),
        refers("demand", "demand").required(),
        any("order_id"),
        refers("order_line", "order_line").required().repeated(),
        refers("stock", "stock").required(),
        refers("product", "product").required().repeated(),
        qty("qty"),
        one_of("state", ReservationState::NAMES),
        any("shipment_line"),
    ],
)
.grade(Grade::Internal)
.index(&[&["order_id", "state"], &["stock", "state"]]);

pub static SHIPMENT: Entity = Entity::new(
    "shipment",
    "stock",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        text("number", 32).by_commands().in_list(),
        any("company").by_commands(),
        refers("order_id", "order").in_list(),
        refers("party", "party").in_list(),
        refers("warehouse", "warehouse").in_list(),
        one_of("state", ShipmentState::NAMES).by_commands().in_list(),
        text("ship_to", 300),
        text("carrier", 60).in_list(),
        text("tracking", 80),
        day("planned_on").in_list(),
        day("promised_on"),
        instant("picked_at").by_commands(),
        instant("shipped_at").by_commands().in_list(),
        instant("delivered_at").by_commands().in_list(),
        instant("recognised_at").by_commands(),
        text("pod_name", 100).personal(),
        any("picker").by_commands(),
        text("exception", 40),
        flag("history").by_commands(),
        any("batch_id").by_commands(),
    ],
)
.collection("shipments")
.lifecycle(&SHIPMENT_LIFECYCLE)
.index(&[&["state", "id"], &["party", "state"], &["number"], &["batch_id"]])
.title("number")
.searched(&[("number", Seek::Number), ("tracking", Seek::Number)]);

pub static SHIPMENT_LINE: Entity = Entity::new(
    "shipment_line",
    "stock",
    &[
        any("id"),
        refers("shipment", "shipment").required(),
        refers("order_line", "order_line").required(),
        refers("product", "product").required().repeated(),
        refers("stock", "stock").repeated(),
        any("reservation"),
        qty("assigned"),
        qty("shipped"),
        qty("delivered"),
        qty("recognised"),
        qty("returned"),
        money("cost").kept(Secrecy::Cost),
    ],
)
.collection("shipment_lines")
.line_of("shipment");

pub static RETURN: Entity = Entity::new(
    "return",
    "stock",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        text("number", 32).by_commands().in_list(),
        any("company").by_commands(),
        refers("order_id", "order").required().in_list(),
        refers("party", "party").required().in_list(),
        refers("warehouse", "warehouse").required().in_list(),
        one_of("state", ReturnState::NAMES).by_commands().in_list(),
        text("reason", 200).in_list(),
        one_of("fault", Fault::NAMES).in_list(),
        any("requested_by").by_commands(),
        instant("requested_at").by_commands().in_list(),
        any("decided_by").by_commands(),
        instant("received_at").by_commands().in_list(),
        instant("settled_at").by_commands(),
        any("credit_note").by_commands(),
    ],
)
.table("goods_return")
.collection("returns")
.lifecycle(&RETURN_LIFECYCLE)
.index(&[&["state", "id"], &["number"]])
.title("number")
.searched(&[("number", Seek::Number)]);

pub static RETURN_LINE: Entity = Entity::new(
    "return_line",
    "stock",
    &[
        any("id"),
        refers("return_id", "return").required(),
        refers("order_line", "order_line").required(),
        refers("shipment", "shipment").required(),
        refers("shipment_line", "shipment_line").required(),
        refers("product", "product").required().repeated(),
        qty("asked"),
        qty("received"),
        qty("delivered"),
        qty("recognised"),
        money("cost").kept(Secrecy::Cost),
    ],
)
.collection("return_lines")
.line_of("return_id");

pub static RECEIPT: Entity = Entity::new(
    "receipt",
    "stock",
    &[
        any("id"),
        int("version"),
        any("scope_id"),
        text("number", 32).in_list(),
        any("company"),
        one_of("kind", ReceiptKind::NAMES).in_list(),
        refers("warehouse", "warehouse").required().in_list(),
        day("day").in_list(),
        text("reason", 200).in_list(),
        money("value").in_list().kept(Secrecy::Cost),
        any("made_by"),
        instant("posted_at").in_list(),
    ],
)
.collection("receipts")
.grade(Grade::Document)
.title("number");

pub static RECEIPT_LINE: Entity = Entity::new(
    "receipt_line",
    "stock",
    &[
        any("id"),
        refers("receipt", "receipt").required(),
        refers("product", "product").required(),
        refers("stock", "stock").required(),
        qty("qty"),
        money("value").kept(Secrecy::Cost),
    ],
)
.collection("receipt_lines")
.line_of("receipt");

pub static ENTITIES: &[&Entity] = &[
    &WAREHOUSE,
    &LOCATION,
    &LOT,
    &STOCK,
    &STOCK_VALUE,
    &MOVE,
    &DEMAND,
    &RESERVATION,
    &SHIPMENT,
    &SHIPMENT_LINE,
    &RETURN,
    &RETURN_LINE,
    &RECEIPT,
    &RECEIPT_LINE,
];
