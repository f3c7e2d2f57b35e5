//! The OpenAPI schema of a declared entity: plain data to plain JSON.
use crate::{Entity, Field, FieldKind};
use serde_json::{Map, Value, json};

/// The schema of one row.
#[must_use]
pub fn schema(entity: &Entity) -> Value {
    let properties: Map<String, Value> =
        entity.fields.iter().map(|f| (f.name.to_owned(), property(f))).collect();
    let required: Vec<&str> = entity.fields.iter().filter(|f| f.required).map(|f| f.name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// The schema of one value.
#[must_use]
pub fn property(field: &Field) -> Value {
    let mut shape = match field.kind {
        FieldKind::Text { max } => json!({ "type": "string", "maxLength": max }),
        FieldKind::Int => json!({ "type": "integer", "format": "int64" }),
        FieldKind::Money => json!({ "type": "string", "format": "decimal", "x-kind": "money" }),
        FieldKind::Qty | FieldKind::Price => {
            json!({ "type": "string", "format": "decimal", "x-places": 6 })
        }
        FieldKind::Rate => json!({ "type": "string", "format": "decimal", "x-places": 9 }),
        FieldKind::Day => json!({ "type": ["string", "null"], "format": "date" }),
        FieldKind::Instant => json!({ "type": ["string", "null"], "format": "date-time" }),
        FieldKind::Bool => json!({ "type": "boolean" }),
        FieldKind::Enum(set) => json!({ "type": "string", "enum": set }),
        FieldKind::Ref(to) => json!({ "type": ["string", "null"], "x-refers": to }),
        FieldKind::Any => json!({ "type": ["string", "null"] }),
        FieldKind::Json => json!({}),
    };
    if field.set_by == crate::SetBy::Commands {
        shape["readOnly"] = json!(true);
    }
    shape
}
