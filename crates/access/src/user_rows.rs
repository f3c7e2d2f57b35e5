//! Load and save of users, passwords, roles and what they grant.
use crate::entities::{PASSWORD, ROLE, ROLE_FIELD, ROLE_GRANT, ROLE_REACH, USER, USER_ROLE};
use crate::role::{Role, RoleField, RoleGrant, RoleReach, UserRole};
use crate::user::{Password, User};
use kernel::{Error, Id, Result, Stored};
use store::{Tx, find};

store::record!(User => USER { id, version, login, name, department, created_at, disabled_at });
store::record!(Password => PASSWORD { id, hash, changed_at });
store::record!(Role => ROLE { id, version, code, name });
store::record!(RoleGrant => ROLE_GRANT { id, role, permission, reach });
store::record!(RoleReach => ROLE_REACH { id, role, entity, reach });
store::record!(RoleField => ROLE_FIELD { id, role, entity, field, sight, writes });
store::record!(UserRole => USER_ROLE { id, user_id, role });

/// The user with a login, if any.
pub fn by_login(tx: &mut Tx, login: &str) -> Result<Option<User>> {
    let login = Stored::text(login.trim().to_lowercase());
    Ok(tx.list(find!(User, "login = $2"), &[login])?.into_iter().next())
}

/// Roles with codes, in the order asked. Error: `role.not_found`.
pub(crate) fn roles(tx: &mut Tx, codes: &[&str]) -> Result<Vec<Role>> {
    let all: Vec<Role> = tx.list(find!(Role, "id > 0 ORDER BY code LIMIT 1000"), &[])?;
    let role = |code: &&str| {
        let found = all.iter().find(|r| r.code == **code).cloned();
        found.ok_or_else(|| Error::invalid("role.not_found", code).with("field", "roles"))
    };
    codes.iter().map(role).collect()
}

pub(crate) fn password(tx: &mut Tx, user: Id<User>) -> Result<Option<Password>> {
    tx.find::<Password>(Id::from_raw(user.raw()))
}
