//! Declarations of policies, decisions, holds and approvals.
use crate::scorecards::{Board, Every};
use crate::{APPROVAL_LIFECYCLE, ApprovalState, HoldKind, ReleaseKind};
use meta::{
    Entity, Field, FieldKind, Grade, Look, any, day, flag, instant, int, json, money, one_of, qty,
    rate, refers, text,
};

/// A version of a policy: immutable, starts no earlier than it was recorded.
pub static POLICY_VERSION: Entity = Entity::new(
    "policy_version",
    "policy",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        any("company"),
        text("name", 60).required().in_list(),
        int("number").by_commands().in_list(),
        day("effective_from").in_list(),
        json("condition"),
        json("params"),
        instant("recorded_at").by_commands(),
    ],
)
.collection("policy_versions")
.grade(Grade::Document)
.seldom_written()
.unique(&[&["company", "name", "number"]]);

/// What a rule decided, on which inputs, under which version.
pub static DECISION: Entity = Entity::new(
    "decision",
    "policy",
    &[
        any("id"),
        any("company"),
        text("policy", 60).in_list(),
        int("policy_version").in_list(),
        text("build", 40),
        text("subject_kind", 30).in_list(),
        any("subject").in_list(),
        json("inputs"),
        text("outcome", 60).in_list(),
        instant("recorded_at").in_list(),
    ],
)
.collection("decisions")
.grade(Grade::Internal)
.index(&[&["subject_kind", "subject", "id"]]);

pub static HOLD: Entity = Entity::new(
    "hold",
    "policy",
    &[
        any("id"),
        int("version"),
        any("company"),
        any("party").in_list(),
        one_of("kind", HoldKind::NAMES).in_list(),
        text("subject_kind", 30).in_list(),
        any("subject").in_list(),
        any("line"),
        text("currency", 3),
        money("amount").in_list(),
        money("found").in_list(),
        money("bound").in_list(),
        int("days").looks(Look::Days).in_list(),
        rate("discount").looks(Look::Percent).in_list(),
        text("about", 200).in_list(),
        any("decision"),
        any("placed_by"),
        instant("placed_at").in_list(),
        any("released_by"),
        instant("released_at").in_list(),
        one_of("release_kind", ReleaseKind::NAMES).in_list(),
        text("release_reason", 200),
        refers("approval", "approval"),
        int("open").in_list(),
    ],
)
.collection("holds")
.grade(Grade::Document)
.index(&[&["subject_kind", "subject", "open"], &["party", "open", "kind"]]);

pub static APPROVAL: Entity = Entity::new(
    "approval",
    "policy",
    &[
        any("id"),
        int("version"),
        any("scope_id"),
        any("company"),
        text("subject_kind", 30).in_list(),
        any("subject").in_list(),
        any("party").in_list(),
        one_of("kind", HoldKind::NAMES).in_list(),
        text("currency", 3),
        money("amount").in_list(),
        one_of("state", ApprovalState::NAMES).in_list(),
        text("role", 40).in_list(),
        any("requested_by").in_list(),
        instant("requested_at").in_list(),
        any("decided_by").in_list(),
        instant("decided_at").in_list(),
        text("comment", 500),
    ],
)
.collection("approvals")
.lifecycle(&APPROVAL_LIFECYCLE)
.index(&[&["subject_kind", "subject"], &["state", "role"]]);

/// What a figure ought to be, and who answers for it.
pub static KPI_TARGET: Entity = Entity::new(
    "kpi_target",
    "policy",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        text("kpi", 60).required().in_list(),
        qty("target").required().in_list(),
        refers("owner", "user").required().in_list(),
        text("note", 200).in_list(),
        text("told", 60).by_commands(),
    ],
)
.collection("kpi_targets")
.unique(&[&["kpi"]])
.title("kpi");

/// Which figures go to whom, and when.
pub static SCORECARD: Entity = Entity::new(
    "scorecard",
    "policy",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        text("name", 100).required().in_list(),
        one_of("board", Board::NAMES).required().in_list(),
        one_of("every", Every::NAMES).required().in_list(),
        int("day").in_list(),
        int("minute").looks(Look::Clock).in_list(),
        refers("owner", "user").required().in_list(),
        refers("reader", "user").required().in_list(),
        flag("active").in_list(),
        text("told", 10).by_commands(),
    ],
)
.collection("scorecards")
.grade(Grade::Guarded)
.index(&[&["active"]])
.title("name");

pub static ENTITIES: &[&Entity] =
    &[&POLICY_VERSION, &DECISION, &APPROVAL, &HOLD, &KPI_TARGET, &SCORECARD];
