//! Checks values from outside against a declaration, and shows stored values to the outside.
use crate::{Entity, Field, FieldKind};
use kernel::{Currency, Day, Error, Instant, Money, Price, Qty, Rate, Result, Stored};
use serde_json::Value as Json;

/// Reads one value of a field. `currency` says how many decimals money has.
///
/// Errors: `field.required`, `field.too_long`, `field.not_one_of`, `field.invalid`, and those of
/// the number, day and instant parsers, each naming the field.
pub fn read(field: &Field, value: &Json, currency: Currency) -> Result<Stored> {
    if value.is_null() || value.as_str() == Some("") {
        return absent(field);
    }
    let parsed = match field.kind {
        FieldKind::Text { max } => read_text(field, value, usize::from(max)),
        FieldKind::Enum(set) => read_one_of(field, value, set),
        FieldKind::Bool => {
            let yes = value.as_bool().ok_or_else(|| invalid(field, value))?;
            Ok(Stored::Int(i64::from(yes)))
        }
        FieldKind::Json => Ok(Stored::text(value.to_string())),
        FieldKind::Day => Day::parse(&bare(value)).map(|d| Stored::text(d.to_string())),
        FieldKind::Instant => Instant::parse(&bare(value)).map(|i| Stored::Int(i.0)),
        FieldKind::Money => {
            let text = bare(value);
            Money::parse(text.split(' ').next().unwrap_or(""), currency)
                .map(|m| Stored::Int(m.minor))
        }
        FieldKind::Qty => Qty::parse(&bare(value)).map(|q| Stored::Int(q.0)),
        FieldKind::Price => Price::parse(&bare(value)).map(|p| Stored::Int(p.0)),
        FieldKind::Rate => Rate::parse(&bare(value)).map(|r| Stored::Int(r.0)),
        FieldKind::Int | FieldKind::Ref(_) | FieldKind::Any => {
            bare(value).parse().map(Stored::Int).map_err(|_| invalid(field, value))
        }
    };
    parsed.map_err(|e| if e.fields.is_empty() { e.with("field", field.name) } else { e })
}

/// What a field holds when nothing was given. Error: `field.required`.
pub fn absent(field: &Field) -> Result<Stored> {
    if field.required {
        return Err(Error::invalid("field.required", field.name).with("field", field.name));
    }
    Ok(match field.kind {
        FieldKind::Text { .. } | FieldKind::Enum(_) => Stored::text(String::new()),
        FieldKind::Json => Stored::name("{}"),
        FieldKind::Ref(_) | FieldKind::Day => Stored::Null,
        _ => Stored::Int(0),
    })
}

/// Shows a stored value: ids and decimals as text, days ISO, instants RFC 3339.
#[must_use]
pub fn show(field: &Field, stored: &Stored, currency: Currency) -> Json {
    match (stored, field.kind) {
        (Stored::Null, _) => Json::Null,
        (Stored::Text(text), FieldKind::Json) => serde_json::from_str(text).unwrap_or(Json::Null),
        (Stored::Text(text), _) => Json::String(text.to_string()),
        (Stored::Int(n), FieldKind::Bool) => Json::Bool(*n != 0),
        (Stored::Int(n), FieldKind::Int) => Json::from(*n),
        (Stored::Int(n), FieldKind::Money) => {
            let shown = Money::new(*n, currency).to_string();
            Json::String(shown.split(' ').next().unwrap_or_default().to_owned())
        }
        (Stored::Int(n), FieldKind::Qty | FieldKind::Price) => Json::String(Qty(*n).to_string()),
        (Stored::Int(n), FieldKind::Rate) => Json::String(Rate(*n).to_string()),
        (Stored::Int(0), FieldKind::Instant | FieldKind::Any) => Json::Null,
        (Stored::Int(n), FieldKind::Instant) => Json::String(Instant(*n).rfc3339()),
        (Stored::Int(n), _) => Json::String(n.to_string()),
    }
}

fn bare(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned())
}

fn read_text(field: &Field, value: &Json, max: usize) -> Result<Stored> {
    let text = value.as_str().ok_or_else(|| invalid(field, value))?.trim();
    if text.chars().count() > max {
        let e = Error::invalid("field.too_long", field.name);
        return Err(e.with("field", field.name).with("max", max));
    }
    if text.chars().any(|c| c == '\0' || (c.is_control() && c != '\n' && c != '\t')) {
        return Err(invalid(field, value));
    }
    Ok(Stored::text(text))
}

fn read_one_of(field: &Field, value: &Json, set: &[&str]) -> Result<Stored> {
    match value.as_str() {
        Some(text) if set.contains(&text) => Ok(Stored::text(text)),
        _ => Err(Error::invalid("field.not_one_of", bare(value))
            .with("field", field.name)
            .with("allowed", set.join(", "))),
    }
}

fn invalid(field: &Field, value: &Json) -> Error {
    Error::invalid("field.invalid", bare(value)).with("field", field.name)
}

/// Refuses what the declaration does not know, or what only commands may set.
///
/// Errors: `field.unknown`, `field.set_by_commands`.
pub fn writable(entity: &Entity, name: &str) -> Result<&'static Field> {
    let field = entity.field(name).ok_or_else(|| Error::invalid("field.unknown", name))?;
    if field.set_by == crate::SetBy::Commands {
        return Err(Error::invalid("field.set_by_commands", name).with("entity", entity.name));
    }
    Ok(field)
}
