//! Declarations of parties and what hangs on them.
use kernel::Secrecy;
use meta::{Entity, Field, Grade, Look, Seek, day, flag, int, one_of, refers, text};

pub static PARTY: Entity = Entity::new(
    "party",
    "party",
    &[
        Field::new("id", meta::FieldKind::Any).by_commands(),
        int("version").by_commands(),
        text("code", 40).required().in_list(),
        text("name", 200).by_sound("name_sound").required().in_list(),
        flag("is_customer").in_list(),
        flag("is_supplier"),
        text("tax_id", 20).in_list(),
        text("grade", 20).in_list(),
        text("industry", 60),
        text("region", 60).in_list(),
        text("country", 60),
        text("owner_code", 40),
        text("terms_code", 40).in_list(),
        text("price_list_code", 40),
        int("statement_day"),
        refers("parent", "party"),
        flag("active").in_list(),
        text("note", 1000),
        Field::new("batch_id", meta::FieldKind::Any).by_commands(),
    ],
)
.collection("parties")
.grade(Grade::Guarded)
.unique(&[&["code"]])
.index(&[&["name"], &["statement_day"], &["batch_id"]])
.title("name")
.searched(&[("code", Seek::Number), ("name", Seek::Words), ("tax_id", Seek::Number)]);

pub static CONTACT: Entity = Entity::new(
    "contact",
    "party",
    &[
        Field::new("id", meta::FieldKind::Any).by_commands(),
        refers("party", "party").required(),
        text("name", 100).by_sound("name_sound").required().personal(),
        text("title", 60),
        text("phone", 40).personal().kept(Secrecy::Contact).looks(Look::Phone),
        text("mail", 120).personal().kept(Secrecy::Contact).looks(Look::Mail),
        text("wechat", 60).personal().kept(Secrecy::Contact),
    ],
)
.collection("contacts")
.line_of("party")
.title("name")
.searched(&[("name", Seek::Words), ("phone", Seek::Phone)]);

pub static ADDRESS: Entity = Entity::new(
    "address",
    "party",
    &[
        Field::new("id", meta::FieldKind::Any).by_commands(),
        refers("party", "party").required(),
        one_of("kind", &["ship_to", "office", "invoice"]).required(),
        text("country", 60),
        text("region", 60),
        text("city", 60),
        text("street", 200).personal().looks(Look::Address),
        text("postal_code", 20),
        text("receiver", 100).personal(),
        text("phone", 40).personal().kept(Secrecy::Contact).looks(Look::Phone),
    ],
)
.collection("addresses")
.line_of("party");

/// 开票抬头: what an invoice to the party shows.
pub static HEADING: Entity = Entity::new(
    "heading",
    "party",
    &[
        Field::new("id", meta::FieldKind::Any).by_commands(),
        refers("party", "party").required(),
        text("name", 200).required(),
        text("tax_id", 20),
        text("address_phone", 200).kept(Secrecy::Contact),
        text("bank_account", 200).kept(Secrecy::Bank),
        one_of("invoice_kind", &["special", "ordinary"]).required(),
        day("valid_from"),
    ],
)
.collection("headings")
.line_of("party")
.title("name");

pub static CUSTOMER_ITEM: Entity = Entity::new(
    "customer_item",
    "party",
    &[
        Field::new("id", meta::FieldKind::Any).by_commands(),
        refers("party", "party").required(),
        Field::new("product", meta::FieldKind::Any).required(),
        text("code", 60),
        text("name", 200),
        text("spec", 120),
        text("unit", 20),
    ],
)
.collection("customer_items")
.line_of("party");

pub static ENTITIES: &[&Entity] = &[&PARTY, &CONTACT, &ADDRESS, &HEADING, &CUSTOMER_ITEM];
