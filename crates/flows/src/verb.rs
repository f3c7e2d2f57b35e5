//! A verb as the API sees it: what it takes, what permission it needs, what it runs.
use kernel::{Ctx, Result};
use meta::Field;
use serde_json::Value;
use store::Tx;

/// One entry of the API's command routes.
pub struct Verb {
    /// The declared entity.
    pub entity: &'static str,
    /// `create`, or a verb of its lifecycle.
    pub name: &'static str,
    pub permission: &'static str,
    /// Moves money or goods: an `Idempotency-Key` is required.
    pub moves: bool,
    /// Fields of the body.
    pub takes: &'static [Field],
    /// Fields of each element of `lines`; empty where there are none.
    pub lines: &'static [Field],
    /// Takes the id (0 for `create`) and the body; gives what the reply shows.
    pub run: Run,
}

/// The function behind a verb.
pub(crate) type Run = fn(&Ctx, &mut Tx, i64, &Value) -> Result<Value>;

/// A verb that needs somebody else than the person whom a field of its row names: what a screen may
/// say before the command refuses it.
pub struct ByAnother {
    pub entity: &'static str,
    pub verb: &'static str,
    /// The field with the person who may not.
    pub field: &'static str,
    /// The code of the refusal.
    pub code: &'static str,
}

const fn by_another(
    entity: &'static str,
    verb: &'static str,
    field: &'static str,
    code: &'static str,
) -> ByAnother {
    ByAnother { entity, verb, field, code }
}

/// Every such verb; the command itself has the last word.
pub static BY_ANOTHER: &[ByAnother] = &[
    by_another("approval", "approve", "requested_by", "approval.own_request"),
    by_another("approval", "reject", "requested_by", "approval.own_request"),
    by_another("approval", "send_back", "requested_by", "approval.own_request"),
    by_another("change_order", "approve", "made_by", "change_order.own_request"),
    by_another("credit_change", "approve", "asked_by", "credit_change.own_request"),
    by_another("credit_change", "reject", "asked_by", "credit_change.own_request"),
    by_another("quote", "approve", "owner", "approval.own_request"),
    by_another("refund", "approve", "made_by", "refund.own_request"),
    by_another("return", "approve", "requested_by", "return.own_request"),
    by_another("user", "disable", "id", "user.own_account"),
];

/// Runs a verb by name, as the API, the simulator and the matrices do.
///
/// Error: `verb.unknown`.
pub fn run_as(
    cx: &Ctx,
    tx: &mut Tx,
    entity: &str,
    name: &str,
    id: i64,
    body: &Value,
) -> Result<Value> {
    let found = crate::verbs().find(|v| v.entity == entity && v.name == name);
    let verb = found
        .ok_or_else(|| kernel::Error::not_found("verb.unknown", name).with("entity", entity))?;
    cx.allow(verb.permission)?;
    (verb.run)(cx, tx, id, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_another_person_names_a_declared_verb_and_field() {
        let entities = crate::entities();
        for one in BY_ANOTHER {
            let entity = entities.iter().find(|e| e.name == one.entity);
            assert!(entity.is_some_and(|e| e.has(one.field)), "{} {}", one.entity, one.field);
            let verb = entity
                .and_then(|e| e.lifecycle)
                .is_none_or(|lifecycle| lifecycle.verb(one.verb).is_some());
            assert!(verb, "{} {}", one.entity, one.verb);
        }
    }
}
