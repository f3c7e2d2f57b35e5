//! Declarations of the ledger.
use crate::{PERIOD_LIFECYCLE, PeriodState};
use meta::{
    Entity, Field, FieldKind, Grade, any, day, flag, instant, int, money, one_of, qty, rate,
    refers, text,
};

pub static ACCOUNT: Entity = Entity::new(
    "account",
    "ledger",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("company"),
        text("code", 20).required().in_list(),
        text("name", 100).by_sound("name_sound").required().in_list(),
        text("name_en", 100).in_list(),
        one_of("side", &["debit", "credit"]).required().in_list(),
        one_of("class", &["asset", "liability", "equity", "cost", "revenue", "expense"])
            .required()
            .in_list(),
        flag("leaf").in_list(),
        text("dims", 100),
        flag("active").in_list(),
    ],
)
.collection("accounts")
.grade(Grade::Guarded)
.unique(&[&["company", "code"]])
.title("name");

pub static ACCOUNT_ROLE: Entity = Entity::new(
    "account_role",
    "ledger",
    &[any("id"), any("company"), text("role", 40), refers("account", "account").required()],
)
.grade(Grade::Internal)
.seldom_written()
.unique(&[&["company", "role"]]);

pub static PERIOD: Entity = Entity::new(
    "period",
    "ledger",
    &[
        any("id"),
        int("version"),
        any("company"),
        text("period", 7).in_list(),
        one_of("state", PeriodState::NAMES).in_list(),
        any("closed_by").in_list(),
        instant("closed_at").in_list(),
        text("reason", 200).in_list(),
    ],
)
.collection("periods")
.lifecycle(&PERIOD_LIFECYCLE)
.seldom_written()
.unique(&[&["company", "period"]])
.title("period");

pub static VOUCHER: Entity = Entity::new(
    "voucher",
    "ledger",
    &[
        any("id"),
        int("version"),
        any("company"),
        text("period", 7).in_list(),
        text("word", 10).in_list(),
        int("number").in_list(),
        day("day").in_list(),
        text("text", 200).in_list(),
        int("entries").in_list(),
        money("total").in_list(),
        any("made_by").in_list(),
        any("reviewed_by").in_list(),
        instant("made_at"),
    ],
)
.collection("vouchers")
.grade(Grade::Document)
.unique(&[&["company", "period", "word", "number"]])
.title("number");

pub static ENTRY: Entity = Entity::new(
    "entry",
    "ledger",
    &[
        any("id"),
        any("company"),
        refers("period", "period").required(),
        day("day").in_list(),
        text("kind", 30).in_list(),
        text("origin_kind", 30).in_list(),
        any("origin").in_list(),
        text("text", 200).in_list(),
        text("currency", 3),
        rate("rate"),
        any("reverses"),
        refers("voucher", "voucher"),
        instant("posted_at"),
    ],
)
.collection("entries")
.grade(Grade::Document)
.index(&[&["origin_kind", "origin"], &["company", "day"]]);

pub static ENTRY_LINE: Entity = Entity::new(
    "entry_line",
    "ledger",
    &[
        any("id"),
        refers("entry", "entry").required(),
        int("line_no"),
        any("company"),
        day("day"),
        refers("account", "account").required(),
        money("debit"),
        money("credit"),
        money("txn_amount"),
        any("party"),
        any("product"),
        any("department"),
        any("employee"),
        any("project"),
        qty("qty"),
        text("text", 200),
    ],
)
.collection("entry_lines")
.line_of("entry")
.index(&[&["company", "account", "day"]]);

pub static ENTITIES: &[&Entity] =
    &[&ACCOUNT, &ACCOUNT_ROLE, &PERIOD, &VOUCHER, &ENTRY, &ENTRY_LINE];
