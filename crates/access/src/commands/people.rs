//! Verbs of users, passwords and roles.
use super::duties::refuse_new;
use crate::password::Hashed;
use crate::role::{self, EVERYONE, EVERYONE_OWN, Reach, Role, RoleGrant, USUAL, UserRole, Usual};
use crate::user::{NewUser, Password, User};
use crate::{duties, facts, sign_in_rows, user_rows};
use kernel::{Cell, Ctx, Done, Error, Id, Result, Stored};
use store::{Tx, find, sql};

/// A user without a password: the first sign-in is by a link.
///
/// Errors: `user.login_invalid`, `user.no_name`, `user.login_taken`, `role.not_found`,
/// `duty.refused`.
pub fn create_user(cx: &Ctx, tx: &mut Tx, new: &NewUser<'_>) -> Result<User> {
    cx.allow("access.user.create")?;
    let user = new.user(cx.id(), cx.now)?;
    if user_rows::by_login(tx, &user.login)?.is_some() {
        return Err(Error::conflict("user.login_taken", &user.login).with("field", "login"));
    }
    let roles = user_rows::roles(tx, new.roles)?;
    let before = duties::held(tx)?;
    tx.insert(std::slice::from_ref(&user));
    let given = |role: &Role| UserRole { id: cx.id(), user_id: user.id, role: role.id };
    tx.insert(&roles.iter().map(given).collect::<Vec<_>>());
    let fact = cx.fact(facts::USER_CREATED).on("user", user.id.raw(), "created");
    let fact = roles.iter().fold(fact, |fact, role| fact.on("role", role.id.raw(), "given"));
    tx.tell(fact.on("department", store::scope::owner(user.department), "in"));
    refuse_new(tx, &before)?;
    Ok(user)
}

/// Sets a user's password and ends every sign-in made with an older one.
///
/// One's own, or anyone's with `access.user.set_password`. Error: `access.by_person_only`.
pub fn set_password(cx: &Ctx, tx: &mut Tx, user: Id<User>, hashed: &Hashed) -> Result<()> {
    super::in_person(cx)?;
    if cx.user != user.raw() {
        cx.allow("access.user.set_password")?;
    }
    tx.get(user)?;
    let new = Password { id: user, hash: hashed.0.clone(), changed_at: cx.now };
    match user_rows::password(tx, user)? {
        Some(_) => tx.update(&[new]),
        None => tx.insert(&[new]),
    }
    sign_in_rows::revoke_all(tx, user, cx.now);
    tx.tell(cx.fact(facts::PASSWORD_SET).on("user", user.raw(), "of"));
    Ok(())
}

/// Shuts a user out, everywhere and at once. Error: `user.own_account`.
pub fn disable_user(cx: &Ctx, tx: &mut Tx, id: Id<User>) -> Result<Done<User>> {
    cx.allow("access.user.disable")?;
    let mut user = tx.lock(id)?;
    if user.disable(cx.user, cx.now)? == Done::Already {
        return Ok(Done::Already);
    }
    tx.update(std::slice::from_ref(&user));
    sign_in_rows::revoke_all(tx, id, cx.now);
    tx.tell(cx.fact(facts::USER_DISABLED).on("user", id.raw(), "disabled"));
    Ok(Done::Now(user))
}

/// Errors: `role.code_taken`, `role.code_invalid`.
pub fn create_role(cx: &Ctx, tx: &mut Tx, code: &str, name: &str) -> Result<Role> {
    cx.allow("access.role.create")?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if code.is_empty() || code.len() > 40 || !code.chars().all(fits) {
        return Err(Error::invalid("role.code_invalid", code).with("field", "code"));
    }
    let known: Vec<Role> = tx.list(find!(Role, "code = $2"), &[Stored::text(code)])?;
    if !known.is_empty() {
        return Err(Error::conflict("role.code_taken", code).with("field", "code"));
    }
    let (code, name) = (code.to_owned(), name.trim().to_owned());
    let role = Role { id: cx.id(), version: 1, code, name };
    tx.insert(std::slice::from_ref(&role));
    tx.tell(cx.fact(facts::ROLE_CREATED).on("role", role.id.raw(), "created"));
    Ok(role)
}

/// Gives a role a permission, or another reach of it; the codes of duty rules that warn of it.
///
/// Errors: `grant.invalid`, `duty.refused`.
pub fn grant(
    cx: &Ctx,
    tx: &mut Tx,
    role: Id<Role>,
    permission: &str,
    reach: Reach,
) -> Result<Done<Vec<String>>> {
    cx.allow("access.role.grant")?;
    role::check_pattern(permission)?;
    tx.lock(role)?;
    let before = duties::held(tx)?;
    let key = [role.store(), Stored::text(permission)];
    let known: Vec<RoleGrant> = tx.list(find!(RoleGrant, "role = $2 AND permission = $3"), &key)?;
    match known.into_iter().next() {
        Some(same) if same.reach == reach => return Ok(Done::Already),
        Some(other) => tx.update(&[RoleGrant { reach, ..other }]),
        None => {
            tx.insert(&[RoleGrant { id: cx.id(), role, permission: permission.to_owned(), reach }]);
        }
    }
    let fact = cx.fact(facts::ROLE_GRANTED).on("role", role.raw(), "granted");
    tx.tell(fact.attr("permission", permission).attr("reach", reach.name()));
    refuse_new(tx, &before).map(Done::Now)
}

/// Takes a permission from a role. Error: `role.last_admin` for the administrator's *everything*.
pub fn withdraw_grant(cx: &Ctx, tx: &mut Tx, role: Id<Role>, permission: &str) -> Result<Done<()>> {
    cx.allow("access.role.grant")?;
    if tx.lock(role)?.code == "admin" && permission == "*" {
        return Err(Error::conflict("role.last_admin", role));
    }
    let key = [role.store(), Stored::text(permission)];
    let known: Vec<RoleGrant> = tx.list(find!(RoleGrant, "role = $2 AND permission = $3"), &key)?;
    if known.is_empty() {
        return Ok(Done::Already);
    }
    tx.delete(&known);
    let fact = cx.fact(facts::ROLE_GRANT_WITHDRAWN).on("role", role.raw(), "withdrawn");
    tx.tell(fact.attr("permission", permission));
    Ok(Done::Now(()))
}

/// The roles that a new tenant starts with; those that exist are left as they are.
pub fn create_usual_roles(cx: &Ctx, tx: &mut Tx) -> Result<()> {
    cx.allow("access.role.create")?;
    let known: Vec<Role> = tx.list(find!(Role, "id > 0 ORDER BY code LIMIT 1000"), &[])?;
    let mut grants = Vec::new();
    for usual in USUAL.iter().filter(|u| !known.iter().any(|role| role.code == u.code)) {
        let (code, name) = (usual.code.to_owned(), String::new());
        let role = Role { id: cx.id(), version: 1, code, name };
        tx.insert(std::slice::from_ref(&role));
        grants.extend(usual_grants(cx, usual, role.id));
        tx.tell(cx.fact(facts::ROLE_CREATED).on("role", role.id.raw(), "created"));
    }
    tx.insert(&grants);
    super::duties::create_usual_duties(cx, tx)
}

fn usual_grants(cx: &Ctx, usual: &Usual, role: Id<Role>) -> Vec<RoleGrant> {
    let usual_too = usual.all != ["*"];
    let everyone: &[&str] = if usual_too { EVERYONE } else { &[] };
    let of_everyone: &[&str] = if usual_too { EVERYONE_OWN } else { &[] };
    let all = everyone.iter().filter(|p| !usual.all.contains(*p)).chain(usual.all);
    let of_all = all.map(|pattern| (*pattern, Reach::All));
    let of_own = usual.own.iter().chain(of_everyone).map(|pattern| (*pattern, Reach::Own));
    let grant = |(permission, reach): (&str, Reach)| RoleGrant {
        id: cx.id(),
        role,
        permission: permission.to_owned(),
        reach,
    };
    of_own.chain(of_all).map(grant).collect()
}

/// Gives a user a role; the codes of duty rules that warn of it. Error: `duty.refused`.
pub fn assign_role(
    cx: &Ctx,
    tx: &mut Tx,
    user: Id<User>,
    role: Id<Role>,
) -> Result<Done<Vec<String>>> {
    cx.allow("access.user.assign_role")?;
    tx.lock(user)?;
    tx.get(role)?;
    let before = duties::held(tx)?;
    if !assigned(tx, user, role)?.is_empty() {
        return Ok(Done::Already);
    }
    tx.insert(&[UserRole { id: cx.id(), user_id: user, role }]);
    let fact = cx.fact(facts::ROLE_ASSIGNED).on("user", user.raw(), "to");
    tx.tell(fact.on("role", role.raw(), "given"));
    refuse_new(tx, &before).map(Done::Now)
}

/// Takes a role away. Error: `role.last_admin` when nobody would be left who may do everything.
pub fn withdraw_role(cx: &Ctx, tx: &mut Tx, user: Id<User>, role: Id<Role>) -> Result<Done<()>> {
    cx.allow("access.user.assign_role")?;
    tx.lock(user)?;
    let held = assigned(tx, user, role)?;
    if held.is_empty() {
        return Ok(Done::Already);
    }
    if is_last_admin(tx, role)? {
        return Err(Error::conflict("role.last_admin", role));
    }
    tx.delete(&held);
    let fact = cx.fact(facts::ROLE_WITHDRAWN).on("user", user.raw(), "from");
    tx.tell(fact.on("role", role.raw(), "withdrawn"));
    Ok(Done::Now(()))
}

fn assigned(tx: &mut Tx, user: Id<User>, role: Id<Role>) -> Result<Vec<UserRole>> {
    tx.list(find!(UserRole, "user_id = $2 AND role = $3"), &[user.store(), role.store()])
}

fn is_last_admin(tx: &mut Tx, role: Id<Role>) -> Result<bool> {
    let sql = sql!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM user_role m JOIN role r ON r.tenant_id = m.tenant_id \
         AND r.id = m.role JOIN app_user u ON u.tenant_id = m.tenant_id AND u.id = m.user_id \
         WHERE m.tenant_id = $1 AND m.role = $2 AND r.code = 'admin' AND u.disabled_at = 0"
    );
    Ok(tx.value::<i64>(sql, &[role.store()])? == Some(1))
}
