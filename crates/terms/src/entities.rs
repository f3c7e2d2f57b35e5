//! Declarations of the terms of trade.
use crate::{Anchor, CREDIT_LIFECYCLE, CreditState};
use kernel::Secrecy;
use meta::{
    Entity, Field, FieldKind, Grade, Look, any, day, flag, instant, int, money, one_of, price, qty,
    rate, refers, text,
};

pub static PAYMENT_TERMS: Entity = Entity::new(
    "payment_terms",
    "terms",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        text("code", 40).required().in_list(),
        text("name", 100).required().in_list(),
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
        text("name", 100).required().in_list(),
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

pub static ENTITIES: &[&Entity] =
    &[&PAYMENT_TERMS, &PRICE_LIST, &PRICE_ITEM, &PRICE_AGREEMENT, &CREDIT_ACCOUNT];
