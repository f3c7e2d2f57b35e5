//! Verbs of duty rules, and the check of what a command did against them.
use crate::duties::Held;
use crate::duty::{DutyKind, DutyRule, Effect, USUAL};
use crate::{duties, facts};
use kernel::{Ctx, Done, Error, Result, Stored};
use store::{Tx, find, sql};

/// Sets a rule by its code: a new one, or an old one anew.
///
/// Errors: those of [`DutyRule::check`].
pub fn set_duty(cx: &Ctx, tx: &mut Tx, wanted: DutyRule) -> Result<Done<DutyRule>> {
    cx.allow("access.duty_rule.write")?;
    wanted.check()?;
    let code = [Stored::text(wanted.code.as_str())];
    let known: Vec<DutyRule> = tx.lock_list(find!(DutyRule, "code = $2"), &code)?;
    let rule = match known.into_iter().next() {
        Some(old) => {
            let rule = DutyRule { id: old.id, version: old.version, ..wanted };
            if rule == old {
                return Ok(Done::Already);
            }
            tx.update(std::slice::from_ref(&rule));
            DutyRule { version: old.version + 1, ..rule }
        }
        None => {
            let rule = DutyRule { id: cx.id(), version: 1, ..wanted };
            tx.insert(std::slice::from_ref(&rule));
            rule
        }
    };
    let fact = cx.fact(facts::DUTY_SET).on("duty_rule", rule.id.raw(), "set");
    tx.tell(fact.attr("code", &rule.code).attr("effect", rule.effect.name()));
    Ok(Done::Now(rule))
}

/// The rules that a tenant starts with, at *warn*; those that exist are left as they are.
pub(super) fn create_usual_duties(cx: &Ctx, tx: &mut Tx) -> Result<()> {
    let known = duties::all(tx)?;
    for usual in USUAL.iter().filter(|u| !known.iter().any(|rule| rule.code == u.code)) {
        let kind = if usual.entity.is_empty() { DutyKind::Hold } else { DutyKind::Document };
        let rule = DutyRule {
            id: cx.id(),
            version: 1,
            code: usual.code.to_owned(),
            kind,
            entity: usual.entity.to_owned(),
            first: usual.first.to_owned(),
            second: usual.second.to_owned(),
            effect: Effect::Warn,
            reason: String::new(),
        };
        tx.insert(std::slice::from_ref(&rule));
        let fact = cx.fact(facts::DUTY_SET).on("duty_rule", rule.id.raw(), "set");
        tx.tell(fact.attr("code", &rule.code).attr("effect", rule.effect.name()));
    }
    Ok(())
}

/// Rights that were just given meet rules that they did not meet before: refused, or the codes of
/// those that only warn.
///
/// Error: `duty.refused`.
pub(super) fn refuse_new(tx: &mut Tx, before: &[Held]) -> Result<Vec<String>> {
    let mut warned = Vec::new();
    let is_old =
        |now: &Held| before.iter().any(|was| (was.user, &was.code) == (now.user, &now.code));
    for found in duties::held(tx)?.into_iter().filter(|now| !is_old(now)) {
        if found.effect == Effect::Refuse && !found.everything {
            let e = Error::conflict("duty.refused", &found.code).with("first", &found.first);
            return Err(e.with("second", &found.second).with("login", &found.login));
        }
        if !warned.contains(&found.code) {
            warned.push(found.code);
        }
    }
    Ok(warned)
}

/// Did this very command do what its person, or the one in whose place they act, may not do after
/// the other thing on the same document? Reads nothing unless a rule that refuses names what was
/// told.
///
/// Error: `duty.crossed`.
pub fn check_done(cx: &Ctx, tx: &mut Tx) -> Result<()> {
    if cx.user == 0 || cx.bounds.duties.is_empty() {
        return Ok(());
    }
    let mut meets: Vec<(usize, &str, i64)> = Vec::new();
    for (at, duty) in cx.bounds.duties.iter().enumerate() {
        for fact in tx.told() {
            let other = match fact.activity.name {
                name if name == duty.first => duty.second.as_str(),
                name if name == duty.second => duty.first.as_str(),
                _ => continue,
            };
            let documents = fact.objects.iter().filter(|o| o.kind == duty.entity);
            for id in documents.map(|o| o.id) {
                let now = |f: &kernel::Fact| {
                    let on = |o: &kernel::ObjectRef| (o.kind, o.id) == (duty.entity.as_str(), id);
                    f.activity.name == other && f.objects.iter().any(on)
                };
                if tx.told().iter().any(now) {
                    return Err(crossed(duty));
                }
                meets.push((at, other, id));
            }
        }
    }
    meets.sort_unstable();
    meets.dedup();
    for (at, other, id) in meets {
        let duty = &cx.bounds.duties[at];
        let did = tx.value::<i64>(
            sql!(
                "SELECT f.id FROM fact_object o JOIN fact f ON f.tenant_id = o.tenant_id \
                 AND f.id = o.fact_id WHERE o.tenant_id = $1 AND o.object_type = $2 \
                 AND o.object_id = $3 AND f.activity = $4 AND (f.actor IN ($5, $6) \
                 OR (f.acting_for > 0 AND f.acting_for IN ($5, $6))) LIMIT 1"
            ),
            &[
                Stored::text(duty.entity.as_str()),
                Stored::Int(id),
                Stored::text(other),
                Stored::Int(cx.user),
                Stored::Int(if cx.acting_for == 0 { cx.user } else { cx.acting_for }),
            ],
        )?;
        if did.is_some() {
            return Err(crossed(duty));
        }
    }
    Ok(())
}

fn crossed(duty: &kernel::Duty) -> Error {
    let e = Error::conflict("duty.crossed", &duty.code);
    e.with("first", &duty.first).with("second", &duty.second)
}
