//! Declarations of products.
use crate::ProductKind;
use kernel::Secrecy;
use meta::{Entity, Field, FieldKind, Grade, Seek, flag, int, one_of, price, text};

pub static PRODUCT: Entity = Entity::new(
    "product",
    "product",
    &[
        Field::new("id", FieldKind::Any).by_commands(),
        int("version").by_commands(),
        text("code", 60).required().in_list(),
        text("name", 200).by_sound("name_sound").required().in_list(),
        text("spec", 120).in_list(),
        text("brand", 60),
        text("category", 60).in_list(),
        one_of("kind", ProductKind::NAMES).required(),
        text("unit", 20).required().in_list(),
        text("aux_unit", 20),
        text("tax_code", 20).required(),
        text("tax_class_code", 19),
        text("tax_class_name", 60),
        text("barcode", 30),
        price("list_price").in_list(),
        price("standard_cost").kept(Secrecy::Cost),
        flag("lot_tracked"),
        flag("active").in_list(),
        Field::new("batch_id", FieldKind::Any).by_commands(),
    ],
)
.collection("products")
.grade(Grade::Guarded)
.unique(&[&["code"]])
.index(&[&["name"], &["barcode"], &["batch_id"]])
.title("name")
.searched(&[
    ("code", Seek::Number),
    ("name", Seek::Words),
    ("spec", Seek::Words),
    ("barcode", Seek::Number),
]);

pub static ENTITIES: &[&Entity] = &[&PRODUCT];
