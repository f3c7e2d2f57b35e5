//! Rules of guarded masters that people write as rows: the same checks that commands run.
use finance::ExchangeRate;
use kernel::{Currency, Error, Id, Price, Rate, Result};
use party::Party;
use product::Product;
use serde_json::{Map, Value};
use store::rows::Check;

/// Every guarded entity that may be written as rows, with its rule.
#[must_use]
pub fn rules() -> Vec<(&'static str, Check)> {
    vec![
        ("party", party),
        ("product", product),
        ("exchange_rate", exchange_rate),
        ("schedule", crate::jobs::check_schedule),
        ("scorecard", policy::scorecards::check),
    ]
}

fn text<'r>(row: &'r Map<String, Value>, name: &str) -> &'r str {
    row.get(name).and_then(Value::as_str).unwrap_or("")
}

fn party(row: &Map<String, Value>) -> Result<()> {
    let mut party = Party::new(Id::from_raw(0), text(row, "code"), text(row, "name"));
    party.tax_id = text(row, "tax_id").to_owned();
    party.country = text(row, "country").to_owned();
    party.check()
}

fn exchange_rate(row: &Map<String, Value>) -> Result<()> {
    let currency = |name| Currency::parse(text(row, name)).map_err(|e| e.with("field", name));
    let rate = Rate::parse(text(row, "rate")).map_err(|e| e.with("field", "rate"))?;
    ExchangeRate::check(currency("currency")?, currency("base")?, rate)
}

fn product(row: &Map<String, Value>) -> Result<()> {
    let price = |name: &str| match text(row, name) {
        "" => Ok(Price(0)),
        given => Price::parse(given),
    };
    let empty = |name: &'static str| {
        let missing = || Error::invalid("field.required", name).with("field", name);
        if text(row, name).trim().is_empty() { Err(missing()) } else { Ok(()) }
    };
    Product::check_parts(
        (text(row, "code"), text(row, "name")),
        text(row, "tax_class_code"),
        (price("list_price")?, price("standard_cost")?),
    )?;
    empty("unit")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_customer_needs_a_name_and_a_true_tax_number() {
        assert_eq!(party(&row(&json!({ "code": "C1", "name": "华兴" }))), Ok(()));
        let nameless = party(&row(&json!({ "code": "C1", "name": " " })));
        assert_eq!(nameless.map_err(|e| e.code), Err("party.no_name"));
        let wrong = row(&json!({ "code": "C1", "name": "华兴", "tax_id": "91350100M000100Y44" }));
        assert!(party(&wrong).is_err());
    }

    #[test]
    fn a_product_needs_a_unit_and_no_negative_price() {
        let good = json!({ "code": "P1", "name": "螺丝", "unit": "个", "list_price": "0.35" });
        assert_eq!(product(&row(&good)), Ok(()));
        let mut unitless = row(&good);
        unitless.insert("unit".into(), json!(""));
        assert_eq!(product(&unitless).map_err(|e| e.code), Err("field.required"));
        let mut below = row(&good);
        below.insert("list_price".into(), json!("-1"));
        assert_eq!(product(&below).map_err(|e| e.code), Err("product.negative_price"));
    }

    #[test]
    fn every_rule_is_of_a_declared_guarded_entity() {
        let entities = crate::entities();
        for (name, _) in rules() {
            let of = entities.iter().find(|e| e.name == name);
            assert!(of.is_some_and(|e| e.grade == meta::Grade::Guarded), "{name}");
        }
    }
}
