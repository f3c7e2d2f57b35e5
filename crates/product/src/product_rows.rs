//! Load and save of products.
use crate::{Product, entities::PRODUCT};

store::record!(Product => PRODUCT {
    id, version, code, name, spec, brand, category, kind, unit, aux_unit, tax_code,
    tax_class_code, tax_class_name, barcode, list_price, standard_cost, lot_tracked, active,
    batch_id,
});
