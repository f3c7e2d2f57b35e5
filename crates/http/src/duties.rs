//! Verbs of duty rules and of delegations.
use crate::people::{id_of, verb, word};
use access::commands;
use access::delegation::{Delegation, NewDelegation};
use access::duty::{DutyKind, DutyRule, Effect};
use access::user::User;
use flows::Verb;
use kernel::{Ctx, Done, Error, Id, Instant, Result};
use meta::{instant, one_of, refers, text};
use serde_json::{Value as Json, json};
use store::Tx;

const WRITE: &str = "access.duty_rule.write";

pub(crate) static VERBS: &[Verb] = &[
    verb(
        "duty_rule",
        "create",
        WRITE,
        &[
            text("code", 40).required(),
            one_of("kind", DutyKind::NAMES).required(),
            text("entity", 40),
            text("first", 80).required(),
            text("second", 80).required(),
            one_of("effect", Effect::NAMES).required(),
            text("reason", 400),
        ],
        |cx, tx, _, body| {
            let rule = DutyRule {
                id: Id::from_raw(0),
                version: 0,
                code: word(body, "code").to_owned(),
                kind: DutyKind::named(word(body, "kind"))?,
                entity: word(body, "entity").to_owned(),
                first: word(body, "first").to_owned(),
                second: word(body, "second").to_owned(),
                effect: Effect::named(word(body, "effect"))?,
                reason: word(body, "reason").to_owned(),
            };
            known(&rule)?;
            set(cx, tx, rule)
        },
    ),
    verb(
        "duty_rule",
        "change",
        WRITE,
        &[one_of("effect", Effect::NAMES), text("reason", 400)],
        |cx, tx, id, body| {
            let mut rule: DutyRule = tx.get(Id::from_raw(id))?;
            if let Some(effect) = body["effect"].as_str() {
                rule.effect = Effect::named(effect)?;
            }
            if let Some(reason) = body["reason"].as_str() {
                rule.reason = reason.trim().to_owned();
            }
            set(cx, tx, rule)
        },
    ),
    verb(
        "delegation",
        "create",
        "access.delegation.create",
        &[
            refers("from_user", "user"),
            refers("to_user", "user").required(),
            text("permissions", 4000).required(),
            instant("from_at"),
            instant("until_at").required(),
            text("reason", 400).required(),
        ],
        delegate,
    ),
    verb("delegation", "revoke", "access.delegation.revoke", &[], |cx, tx, id, _| {
        let found = commands::revoke_delegation(cx, tx, Id::<Delegation>::from_raw(id))?;
        Ok(crate::keys::delegation(&found, cx.now))
    }),
];

fn set(cx: &Ctx, tx: &mut Tx, rule: DutyRule) -> Result<Json> {
    let id = rule.id;
    match commands::set_duty(cx, tx, rule)? {
        Done::Now(rule) => Ok(json!({ "id": rule.id.to_string(), "version": rule.version })),
        Done::Already => Ok(json!({ "id": id.to_string() })),
    }
}

/// What a rule names must exist, or it would keep nothing apart and look as if it did.
///
/// Errors: `duty.unknown_permission`, `duty.unknown_activity`.
fn known(rule: &DutyRule) -> Result<()> {
    let names = [("first", &rule.first), ("second", &rule.second)];
    for (field, name) in names {
        if rule.kind == DutyKind::Hold {
            let is_one = name.split('.').count() == 3 && !name.contains('*');
            if !is_one {
                let e = Error::invalid("duty.unknown_permission", name);
                return Err(e.with("field", field));
            }
        } else if !flows::activities().iter().any(|(_, a)| a.name == name) {
            return Err(Error::invalid("duty.unknown_activity", name).with("field", field));
        }
    }
    Ok(())
}

fn delegate(cx: &Ctx, tx: &mut Tx, _: i64, body: &Json) -> Result<Json> {
    let moment = |name: &'static str| match word(body, name) {
        "" => Ok(cx.now),
        text => Instant::parse(text).map_err(|e| e.with("field", name)),
    };
    let from_user = match word(body, "from_user") {
        "" => Id::<User>::from_raw(cx.user),
        _ => id_of(body, "from_user")?,
    };
    let patterns = word(body, "permissions").split([' ', '\n', ',']);
    let new = NewDelegation {
        from_user,
        to_user: id_of(body, "to_user")?,
        permissions: patterns.filter(|p| !p.is_empty()).map(str::to_owned).collect(),
        from_at: moment("from_at")?,
        until_at: moment("until_at")?,
        reason: word(body, "reason").to_owned(),
    };
    let made = commands::delegate(cx, tx, &new)?;
    Ok(crate::keys::delegation(&made, cx.now))
}
