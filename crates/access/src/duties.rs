//! Who holds, and who did, what is to be kept apart. Reads only.
use crate::duty::{DutyKind, DutyRule, Effect};
use crate::user::User;
use kernel::{Id, Result, Stored, covers};
use std::collections::BTreeMap;
use store::{Tx, find, sql};

/// All rules, by code.
pub fn all(tx: &mut Tx) -> Result<Vec<DutyRule>> {
    tx.list(find!(DutyRule, "code <> '' ORDER BY code LIMIT 500"), &[])
}

/// Somebody who holds two rights that a rule keeps apart.
#[derive(Clone, Debug)]
pub struct Held {
    pub code: String,
    pub effect: Effect,
    pub user: Id<User>,
    pub login: String,
    pub first: String,
    pub second: String,
    /// By a role that may do everything: there must be one such person.
    pub everything: bool,
}

/// Everybody who may sign in and holds two rights that a rule keeps apart.
pub fn held(tx: &mut Tx) -> Result<Vec<Held>> {
    let mut rules = all(tx)?;
    rules.retain(|r| r.kind == DutyKind::Hold && r.effect != Effect::Off);
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let rows = tx.rows(
        sql!(
            "SELECT u.id, u.login, g.permission FROM app_user u JOIN user_role m \
             ON m.tenant_id = u.tenant_id AND m.user_id = u.id JOIN role_grant g \
             ON g.tenant_id = m.tenant_id AND g.role = m.role WHERE u.tenant_id = $1 \
             AND u.id > $2 AND u.disabled_at = 0 ORDER BY u.id LIMIT 50000"
        ),
        &[Stored::Int(0)],
    )?;
    let mut people: BTreeMap<i64, (String, Vec<String>)> = BTreeMap::new();
    for mut row in rows {
        let (id, login, permission): (i64, String, String) =
            (row.take()?, row.take()?, row.take()?);
        people.entry(id).or_insert((login, Vec::new())).1.push(permission);
    }
    let mut found = Vec::new();
    for rule in &rules {
        for (id, (login, grants)) in &people {
            let may = |permission: &str| grants.iter().any(|g| covers(g, permission));
            if may(&rule.first) && may(&rule.second) {
                found.push(Held {
                    code: rule.code.clone(),
                    effect: rule.effect,
                    user: Id::from_raw(*id),
                    login: login.clone(),
                    first: rule.first.clone(),
                    second: rule.second.clone(),
                    everything: grants.iter().any(|g| g == "*"),
                });
            }
        }
    }
    Ok(found)
}
