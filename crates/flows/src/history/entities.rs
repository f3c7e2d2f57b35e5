//! Declarations of imports: the batch, how far it is, and which row of the source became what.
use super::{BATCH_LIFECYCLE, BatchState};
use meta::{
    Entity, Field, FieldKind, Grade, any, day, instant, int, json, money, one_of, rate, text,
};

pub static IMPORT_BATCH: Entity = Entity::new(
    "import_batch",
    "history",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("company").by_commands(),
        text("source", 60).by_commands().in_list(),
        one_of("state", BatchState::NAMES).by_commands().in_list(),
        text("currency", 3).by_commands().in_list(),
        rate("rate").by_commands(),
        json("files").by_commands(),
        text("digest", 64).by_commands(),
        int("rows").by_commands().in_list(),
        day("earliest").by_commands().in_list(),
        day("cut_over").by_commands().in_list(),
        any("started_by").by_commands().in_list(),
        instant("validated_at").by_commands().in_list(),
        instant("applied_at").by_commands().in_list(),
        instant("undone_at").by_commands().in_list(),
        json("report").by_commands(),
    ],
)
.collection("import_batches")
.lifecycle(&BATCH_LIFECYCLE)
.index(&[&["source", "state"]])
.title("source");

/// How far a batch is. Its id is the batch's.
pub static IMPORT_PROGRESS: Entity = Entity::new(
    "import_progress",
    "history",
    &[any("id"), int("rows_total"), int("rows_done"), int("chunks"), instant("updated_at")],
)
.grade(Grade::Internal);

/// Which row of a source became which of our rows; masters belong to no company (0).
pub static EXTERNAL_REF: Entity = Entity::new(
    "external_ref",
    "history",
    &[
        any("id"),
        text("source", 60),
        text("key", 200),
        text("kind", 30),
        any("company"),
        text("row_hash", 64),
        text("object_type", 30),
        any("object_id"),
        any("batch_id"),
    ],
)
.grade(Grade::Internal)
.unique(&[&["source", "key", "kind", "company"]])
.index(&[&["source", "id"], &["batch_id", "id"], &["object_type", "object_id"]]);

/// A supplier's bill that was not paid when our books began; waits for the purchase room.
pub static OPENING_PAYABLE: Entity = Entity::new(
    "opening_payable",
    "history",
    &[
        any("id"),
        any("company"),
        any("party"),
        text("number", 40),
        text("currency", 3),
        day("day"),
        day("due"),
        money("amount"),
        money("open"),
        any("batch_id"),
    ],
)
.grade(Grade::Internal)
.index(&[&["batch_id", "id"], &["party", "due"]]);

/// What a customer said about an order; waits for the service room.
pub static ORDER_REVIEW: Entity = Entity::new(
    "order_review",
    "history",
    &[
        any("id"),
        any("company"),
        any("order_id"),
        int("score"),
        text("title", 200).personal(),
        text("text", 4000).personal(),
        instant("made_at"),
        instant("answered_at"),
        any("batch_id"),
    ],
)
.grade(Grade::Internal)
.index(&[&["batch_id", "id"], &["order_id", "id"]]);

/// How a tenant reads a file of its own: which heading is which column of ours.
pub static LEARNT_MAPPING: Entity = Entity::new(
    "learnt_mapping",
    "history",
    &[
        any("id"),
        text("name", 60),
        text("target", 30),
        json("columns"),
        json("style"),
        any("made_by"),
        instant("used_at"),
    ],
)
.grade(Grade::Internal)
.unique(&[&["name"]]);

pub static ENTITIES: &[&Entity] = &[
    &IMPORT_BATCH,
    &IMPORT_PROGRESS,
    &EXTERNAL_REF,
    &OPENING_PAYABLE,
    &ORDER_REVIEW,
    &LEARNT_MAPPING,
];
