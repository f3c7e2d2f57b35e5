//! The one typed condition and formula tree: comparisons, and/or, arithmetic; no code in strings.
//!
//! Policies keep it as JSON: `{">": ["discount", 0.1]}` reads *discount is above ten percent*.
//! Numbers are decimals of 10⁻⁹ in 128 bits, so a rule on money never meets a float.
use kernel::{Error, Result, div_round};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A value of a rule's closed set of inputs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Value {
    /// In billionths.
    Number(i128),
    Text(String),
    Yes(bool),
}

pub const SCALE: i128 = 1_000_000_000;

impl From<i64> for Value {
    fn from(whole: i64) -> Self {
        Self::Number(i128::from(whole) * SCALE)
    }
}
impl From<kernel::Rate> for Value {
    fn from(rate: kernel::Rate) -> Self {
        Self::Number(i128::from(rate.0))
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Yes(yes)
    }
}

/// What a rule may look at; kept whole with the decision, so that it can be replayed.
pub type Inputs = BTreeMap<&'static str, Value>;

/// Inputs as JSON for the decision's row, in key order.
#[must_use]
pub fn inputs_json(inputs: &Inputs) -> String {
    let entry = |(key, value): (&&str, &Value)| {
        let value = match value {
            Value::Number(n) => Json::String(show(*n)),
            Value::Text(t) => Json::String(t.clone()),
            Value::Yes(y) => Json::Bool(*y),
        };
        ((*key).to_owned(), value)
    };
    Json::Object(inputs.iter().map(entry).collect()).to_string()
}

fn show(number: i128) -> String {
    i64::try_from(number)
        .map_or_else(|_| (number / SCALE).to_string(), |n| kernel::Rate(n).to_string())
}

/// Is the condition true of these inputs?
///
/// Errors: `rule.unknown_input` when it names what the rule did not declare, `rule.malformed`.
pub fn holds(condition: &Json, inputs: &Inputs) -> Result<bool> {
    match eval(condition, inputs)? {
        Value::Yes(yes) => Ok(yes),
        Value::Number(_) | Value::Text(_) => Err(malformed(condition)),
    }
}

fn eval(node: &Json, inputs: &Inputs) -> Result<Value> {
    match node {
        Json::Bool(yes) => Ok(Value::Yes(*yes)),
        Json::Number(n) => number(&n.to_string()).ok_or_else(|| malformed(node)),
        Json::String(name) => match name.strip_prefix('=') {
            Some(text) => Ok(Value::from(text)),
            None => inputs
                .get(name.as_str())
                .cloned()
                .ok_or_else(|| Error::invalid("rule.unknown_input", name)),
        },
        Json::Object(map) if map.len() == 1 => {
            let (op, args) = map.iter().next().ok_or_else(|| malformed(node))?;
            let args = args.as_array().ok_or_else(|| malformed(node))?;
            apply(op, args, inputs).unwrap_or_else(|| Err(malformed(node)))
        }
        Json::Null | Json::Array(_) | Json::Object(_) => Err(malformed(node)),
    }
}

fn apply(op: &str, args: &[Json], inputs: &Inputs) -> Option<Result<Value>> {
    match (op, args) {
        ("and", all) => Some(fold(all, inputs, true)),
        ("or", any) => Some(fold(any, inputs, false)),
        ("not", [one]) => Some(holds(one, inputs).map(|yes| Value::Yes(!yes))),
        (_, [left, right]) => {
            let pair = eval(left, inputs).and_then(|l| Ok((l, eval(right, inputs)?)));
            match pair {
                Ok((left, right)) => binary(op, &left, &right).map(Ok),
                Err(error) => Some(Err(error)),
            }
        }
        _ => None,
    }
}

fn fold(args: &[Json], inputs: &Inputs, all: bool) -> Result<Value> {
    for arg in args {
        if holds(arg, inputs)? != all {
            return Ok(Value::Yes(!all));
        }
    }
    Ok(Value::Yes(all))
}

fn binary(op: &str, left: &Value, right: &Value) -> Option<Value> {
    let order =
        (std::mem::discriminant(left) == std::mem::discriminant(right)).then(|| left.cmp(right))?;
    let number = |f: fn(i128, i128) -> Option<i128>| match (left, right) {
        (Value::Number(l), Value::Number(r)) => f(*l, *r).map(Value::Number),
        _ => None,
    };
    match op {
        "=" => Some(Value::Yes(order.is_eq())),
        "!=" => Some(Value::Yes(order.is_ne())),
        "<" => Some(Value::Yes(order.is_lt())),
        "<=" => Some(Value::Yes(order.is_le())),
        ">" => Some(Value::Yes(order.is_gt())),
        ">=" => Some(Value::Yes(order.is_ge())),
        "+" => number(i128::checked_add),
        "-" => number(i128::checked_sub),
        "*" => number(|l, r| Some(div_round(l.checked_mul(r)?, SCALE))),
        "/" => number(|l, r| match r {
            0 => None,
            r if r > 0 => Some(div_round(l.checked_mul(SCALE)?, r)),
            r => Some(div_round(-l.checked_mul(SCALE)?, -r)),
        }),
        _ => None,
    }
}

fn number(text: &str) -> Option<Value> {
    kernel::Rate::parse(text).ok().map(Value::from)
}

fn malformed(node: &Json) -> Error {
    Error::invalid("rule.malformed", node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn inputs() -> Inputs {
        let tenth = Value::from(kernel::Rate::percent(10));
        Inputs::from([("discount", tenth), ("grade", "A".into()), ("amount", 1200.into())])
    }

    #[test]
    fn a_rule_compares_and_calculates_in_decimals() -> Result<()> {
        for (rule, expected) in [
            (json!({">": ["discount", 0.05]}), true),
            (json!({">": ["discount", 0.1]}), false),
            (json!({"and": [{"=": ["grade", "=A"]}, {">": [{"*": ["amount", 0.1]}, 119]}]}), true),
            (json!({"or": [{"<": ["amount", 100]}, {"not": [{"=": ["grade", "=B"]}]}]}), true),
        ] {
            assert_eq!(holds(&rule, &inputs())?, expected, "{rule}");
        }
        Ok(())
    }

    #[test]
    fn a_rule_that_asks_beyond_its_inputs_or_mixes_kinds_is_refused() {
        for (rule, code) in [
            (json!({">": ["margin", 0]}), "rule.unknown_input"),
            (json!({">": ["grade", 0]}), "rule.malformed"),
            (json!({"/": ["amount", 0]}), "rule.malformed"),
            (json!("amount"), "rule.malformed"),
        ] {
            assert_eq!(holds(&rule, &inputs()).map_err(|e| e.code), Err(code), "{rule}");
        }
    }
}
