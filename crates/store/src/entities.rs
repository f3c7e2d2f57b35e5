//! The tables of the store itself: facts and their seal, series, leases, scopes, jobs, consumers.
use crate::job::{JOB_LIFECYCLE, JobState, KINDS};
use meta::{Entity, Field, FieldKind, Grade, any, instant, int, json, money, one_of, text};

const fn internal(name: &'static str, fields: &'static [Field]) -> Entity {
    Entity::new(name, "store", fields).grade(Grade::Internal)
}

pub(crate) static FACT: Entity = internal(
    "fact",
    &[
        any("id"),
        text("activity", 60),
        text("lifecycle", 12),
        any("instance_id"),
        text("from_state", 30),
        text("to_state", 30),
        instant("occurred_at"),
        instant("recorded_at"),
        any("actor"),
        text("actor_kind", 12),
        any("acting_for"),
        any("team"),
        text("channel", 12),
        text("source", 12),
        any("batch_id"),
        any("company"),
        text("reason", 200),
        money("amount"),
        text("currency", 3),
        money("amount_base"),
        any("decision_id"),
        int("process_version"),
        any("cause_id"),
        json("attrs"),
        text("digest", 64),
    ],
)
.index(&[&["batch_id", "id"]]);

/// Its key is (tenant, object type, object, time, fact): one range read gives an object's life.
pub(crate) static FACT_OBJECT: Entity = internal(
    "fact_object",
    &[
        text("object_type", 30),
        any("object_id"),
        instant("occurred_at"),
        any("fact_id"),
        text("qualifier", 30),
        text("activity", 60),
    ],
)
.index(&[&["fact_id"]]);

pub(crate) static OBJECT_CHANGE: Entity = internal(
    "object_change",
    &[
        text("object_type", 30),
        any("object_id"),
        any("fact_id"),
        text("attr", 40),
        text("value", 500),
    ],
);

pub(crate) static FACT_SEAL: Entity =
    internal("fact_seal", &[int("seq"), any("fact_id"), text("prev_hash", 64), text("hash", 64)])
        .unique(&[&["fact_id"]]);

pub(crate) static SERIES: Entity = internal("series", &[text("code", 60), int("next")]);

pub(crate) static LEASE: Entity =
    internal("lease", &[text("name", 60), text("holder", 80), instant("until"), any("last_id")]);

pub(crate) static SCOPE: Entity = internal(
    "scope",
    &[any("id"), any("company"), any("owner"), any("department"), any("warehouse"), any("party")],
)
.unique(&[&["company", "owner", "department", "warehouse", "party"]])
.index(&[&["owner", "id"], &["department", "id"]]);

pub(crate) static IDEMPOTENCY: Entity = internal(
    "idempotency",
    &[
        any("actor"),
        text("key", 255),
        text("route", 200),
        text("body_hash", 64),
        int("status"),
        text("body", 60000),
        instant("recorded_at"),
    ],
)
.index(&[&["recorded_at"]]);

/// Work left to be done. What running it changes (who holds it, how far it is) is no change of the
/// document: only its state is, and a fact tells that.
pub(crate) static JOB: Entity = Entity::new(
    "job",
    "store",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("company").by_commands(),
        one_of("kind", KINDS).by_commands().in_list(),
        text("subject_kind", 30).by_commands(),
        any("subject").by_commands().in_list(),
        json("payload").by_commands(),
        one_of("state", JobState::NAMES).by_commands().in_list(),
        any("asked_by").by_commands().in_list(),
        instant("queued_at").by_commands().in_list(),
        instant("ended_at").by_commands().in_list(),
        instant("due_at").by_commands(),
        int("attempts").by_commands().in_list(),
        text("holder", 80).by_commands(),
        instant("leased_until").by_commands(),
        int("place").by_commands(),
        int("steps_done").by_commands().in_list(),
        int("steps_total").by_commands().in_list(),
        text("last_error", 500).by_commands().in_list(),
    ],
)
.collection("jobs")
.lifecycle(&JOB_LIFECYCLE)
.index(&[&["state", "due_at"], &["subject_kind", "subject", "state"]]);

/// Parts of searched texts (`meta::tokens`). A document's scope stands beside each, so that a
/// search reads nothing that its reader may not see.
pub(crate) static SEARCH_TOKEN: Entity = internal(
    "search_token",
    &[text("object_type", 30), text("token", 40), any("object_id"), any("scope_id"), int("weight")],
);

/// How far each reader of the sealed facts has come, and who reads now.
pub(crate) static CONSUMER: Entity = internal(
    "consumer",
    &[
        text("name", 60),
        int("seq"),
        text("holder", 80),
        instant("leased_until"),
        instant("due_at"),
        int("attempts"),
        instant("failing_since"),
        text("last_error", 500),
    ],
);

/// Every table of the store.
pub static ENTITIES: &[&Entity] = &[
    &FACT,
    &FACT_OBJECT,
    &OBJECT_CHANGE,
    &FACT_SEAL,
    &SERIES,
    &LEASE,
    &SCOPE,
    &IDEMPOTENCY,
    &SEARCH_TOKEN,
    &JOB,
    &CONSUMER,
];

/// Primary keys of tables that have no `id`.
#[must_use]
pub fn key(entity: &Entity) -> &'static [&'static str] {
    match entity.name {
        "fact_object" => &["object_type", "object_id", "occurred_at", "fact_id"],
        "object_change" => &["object_type", "object_id", "fact_id", "attr"],
        "fact_seal" => &["seq"],
        "series" => &["code"],
        "lease" => &["name"],
        "search_token" => &["object_type", "token", "object_id"],
        "balance_day" => &["company", "role", "grain", "party", "product", "day"],
        "consumer" => &["name"],
        "idempotency" => &["actor", "key"],
        _ => &["id"],
    }
}
