//! Declarations of the terms of trade.
use crate::{
    Anchor, CREDIT_CHANGE_LIFECYCLE, CREDIT_LIFECYCLE, CreditChangeKind, CreditChangeState,
    CreditState,
};
use kernel::Secrecy;
use meta::{
    Entity, Field, FieldKind, Grade, Look, Seek, any, day, flag, instant, int, money, one_of,
    price, qty, rate, refers, text,
};

pub static PAYMENT_TERMS: Entity = Entity::new(
    "payment_terms",
    "terms",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        text("code", 40).required().in_list(),
        text("name", 100).by_sound("name_sound").required().in_list(),
        one_of("anchor", Anchor::NAMES).required().in_list(),
        flag("month_end").in_list(),
        int("days").looks(Look::Days).in_list(),
        int("months"),
        int("pay_day"),
        rate("deposit").looks(Look::Percent).in_list(),
    ],
)
.collection("payment_terms")
.unique(&[&["code"]])
.title("name");

pub static PRICE_LIST: Entity = Entity::new(
    "price_list",
    "terms",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        text("code", 40).required().in_list(),
        text("name", 100).by_sound("name_sound").required().in_list(),
        text("currency", 3).required().in_list(),
        flag("incl_tax").in_list(),
        rate("factor").in_list(),
    ],
)
.collection("price_lists")
.unique(&[&["code"]])
.title("name");

pub static PRICE_ITEM: Entity = Entity::new(
    "price_item",
    "terms",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        refers("price_list", "price_list").required(),
        refers("product", "product").required(),
        qty("min_qty"),
        price("price"),
        day("valid_from"),
        day("valid_until"),
    ],
)
.collection("price_items")
.line_of("price_list")
.index(&[&["price_list", "product"]]);

pub static PRICE_AGREEMENT: Entity = Entity::new(
    "price_agreement",
    "terms",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        refers("party", "party").required().in_list(),
        refers("product", "product").required().in_list(),
        qty("min_qty").in_list(),
        price("price").in_list(),
        day("valid_from").in_list(),
        day("valid_until").in_list(),
    ],
)
.collection("price_agreements")
.index(&[&["party", "product"]]);

/// Running parts of a customer's exposure; changed by deltas in the command's transaction.
pub static CREDIT_ACCOUNT: Entity = Entity::new(
    "credit_account",
    "terms",
    &[
        any("id"),
        any("company").in_list(),
        refers("party", "party").required().in_list(),
        text("currency", 3),
        flag("controlled").in_list(),
        money("credit_limit").in_list().kept(Secrecy::Credit),
        money("used").in_list().kept(Secrecy::Credit),
        money("order_part").in_list().kept(Secrecy::Credit),
        money("unbilled_part").in_list().kept(Secrecy::Credit),
        money("receivable_part").in_list().kept(Secrecy::Credit),
        money("free_part").in_list().kept(Secrecy::Credit),
        int("overdue_max_days").looks(Look::Days),
        instant("review_due"),
        one_of("state", CreditState::NAMES).in_list(),
        text("state_reason", 200),
        any("state_by"),
        instant("state_since"),
    ],
)
.collection("credit_accounts")
.lifecycle(&CREDIT_LIFECYCLE)
.grade(Grade::Internal)
.unique(&[&["company", "party"]]);

pub static CREDIT_CHANGE: Entity = Entity::new(
    "credit_change",
    "terms",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        any("scope_id").by_commands(),
        text("number", 40).by_commands().in_list(),
        any("company").by_commands(),
        refers("party", "party").by_commands().in_list(),
        one_of("kind", CreditChangeKind::NAMES).by_commands().in_list(),
        one_of("state", CreditChangeState::NAMES).by_commands().in_list(),
        text("currency", 3).by_commands(),
        flag("was_limited").by_commands(),
        flag("limited").by_commands(),
        money("limit_before").by_commands().in_list().kept(Secrecy::Credit),
        money("limit_after").by_commands().in_list().kept(Secrecy::Credit),
        one_of("trust_before", CreditState::NAMES).by_commands(),
        one_of("trust_after", CreditState::NAMES).by_commands().in_list(),
        text("reason", 200).by_commands().in_list(),
        any("asked_by").by_commands().in_list(),
        instant("asked_at").by_commands().in_list(),
        any("decided_by").by_commands(),
        instant("decided_at").by_commands(),
        text("comment", 200).by_commands(),
    ],
)
.collection("credit_changes")
.lifecycle(&CREDIT_CHANGE_LIFECYCLE)
.index(&[&["number"], &["party", "id"], &["state", "id"]])
.title("number")
.searched(&[("number", Seek::Number)]);

pub static ENTITIES: &[&Entity] =
    &[&PAYMENT_TERMS, &PRICE_LIST, &PRICE_ITEM, &PRICE_AGREEMENT, &CREDIT_ACCOUNT, &CREDIT_CHANGE];
