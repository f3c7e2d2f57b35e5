//! How far each role that a tenant starts with reaches, for the permission of every verb.
use crate::house::House;
use access::role::USUAL;
use access::user::NewUser;
use kernel::{Ctx, Result, ScopeKind};
use std::fmt::Write as _;

const HEAD: &str = "# Role × permission

For a user who has one role only: the rows that the user reaches with the permission of each verb.
`all`, `department`, `own`, or — when the role does not grant it.

Printed by `HUILIU_WRITE_DOCS=1 cargo test -p tests -- matrix`; the test fails when it differs.
";

/// What a hold's release asks for besides, by the hold's kind.
const ALSO: &[(&str, &str)] = &[
    ("hold release, of credit, overdue or prepayment too", "terms.credit.release"),
    ("hold release, of price or approval too", "sales.order.approve"),
    ("hold release, of any other kind too", "sales.order.release"),
];

/// The printed matrix of a house's usual roles.
pub(super) fn all(house: &House) -> Result<String> {
    house.run(access::commands::create_usual_roles)?;
    let mut users: Vec<Ctx> = Vec::new();
    for role in USUAL {
        let new =
            NewUser { login: role.code, name: role.code, department: None, roles: &[role.code] };
        house.run(|cx, tx| access::commands::create_user(cx, tx, &new).map(|_| ()))?;
        let (now, maker) = (house.now(), house.store.ids());
        users.push(
            house.read(|_, tx| access::questions::user_ctx(tx, role.code, "HL", now, maker))?,
        );
    }
    let codes: Vec<&str> = USUAL.iter().map(|u| u.code).collect();
    let mut text = format!("{HEAD}\n| verb | permission | {} |\n|", codes.join(" | "));
    let _ = writeln!(text, "{}", "---|".repeat(codes.len() + 2));
    let verbs = flows::verbs().map(|v| (format!("{} {}", v.entity, v.name), v.permission));
    let also = ALSO.iter().map(|(what, permission)| ((*what).to_owned(), *permission));
    for (what, permission) in verbs.chain(also) {
        let reach = |cx: &Ctx| word(cx.reach(permission));
        let cells: Vec<&str> = users.iter().map(reach).collect();
        let _ = writeln!(text, "| {what} | `{permission}` | {} |", cells.join(" | "));
    }
    unlike(&mut text);
    Ok(text)
}

const fn word(reach: Option<ScopeKind>) -> &'static str {
    match reach {
        None => "—",
        Some(ScopeKind::Own) => "own",
        Some(ScopeKind::Department) => "department",
        Some(ScopeKind::All) => "all",
    }
}

/// Moves whose table names another permission than the verb asks for: buttons would lie.
fn unlike(text: &mut String) {
    let mut all = Vec::new();
    for lifecycle in flows::lifecycles() {
        for verb in flows::verbs().filter(|v| v.entity == lifecycle.entity) {
            let other = lifecycle.verb(verb.name).filter(|m| m.permission != verb.permission);
            if let Some(step) = other {
                let (entity, asked) = (verb.entity, verb.permission);
                let line = format!("{entity} {}: `{}`, not `{asked}`", verb.name, step.permission);
                all.push(line);
            }
        }
    }
    if !all.is_empty() {
        let _ = writeln!(text, "\nMoves that are declared with another permission than asked:\n");
        for line in all {
            let _ = writeln!(text, "- {line}");
        }
    }
}
