//! Verbs of departments in their tree, of users' places in it, and of what bounds a role.
use crate::department::Department;
use crate::facts;
use crate::role::{Reach, Role, RoleField, RoleReach};
use crate::user::User;
use kernel::{Cell, Ctx, Done, Error, Id, Result, Stored};
use store::{Tx, find};

/// What is said anew of a department.
#[derive(Clone, Debug, Default)]
pub struct DepartmentChange {
    pub name: Option<String>,
    /// Below another one; `Some(None)` at the top.
    pub parent: Option<Option<Id<Department>>>,
}

/// Renames a department, or moves it with all that is below it. Rows follow by themselves: they
/// name what they belong to, and a reader's departments are looked up in the tree.
///
/// Errors: `department.no_name`, `department.not_found`, those of [`Department::come_below`].
pub fn change_department(
    cx: &Ctx,
    tx: &mut Tx,
    id: Id<Department>,
    change: &DepartmentChange,
) -> Result<Done<()>> {
    cx.allow("access.department.change")?;
    // All of them, locked in order: two moves at once could else make a circle.
    let all: Vec<Department> =
        tx.lock_list(find!(Department, "id > 0 ORDER BY id LIMIT 5000"), &[])?;
    let find = |id: Id<Department>| all.iter().find(|d| d.id == id);
    let missing = |id| Error::not_found("department.not_found", id).with("field", "parent");
    let mut department = find(id).cloned().ok_or_else(|| missing(id))?;
    let renamed = change.name.as_deref().map(str::trim).filter(|n| *n != department.name);
    if let Some(name) = renamed {
        if name.is_empty() {
            return Err(Error::invalid("department.no_name", id).with("field", "name"));
        }
        department.name = name.to_owned();
    }
    let was = department.parent;
    let moved = match change.parent {
        Some(parent) => {
            let above = parent.map(|id| find(id).ok_or_else(|| missing(id))).transpose()?;
            department.come_below(above, &all)? != Done::Already
        }
        None => false,
    };
    if renamed.is_none() && !moved {
        return Ok(Done::Already);
    }
    tx.update(std::slice::from_ref(&department));
    if renamed.is_some() {
        tx.tell(cx.fact(facts::DEPARTMENT_CHANGED).on("department", id.raw(), "changed"));
    }
    if moved {
        let fact = cx.fact(facts::DEPARTMENT_MOVED).on("department", id.raw(), "moved");
        let fact = fact.attr("from", store::scope::owner(was));
        tx.tell(fact.attr("to", store::scope::owner(department.parent)));
    }
    Ok(Done::Now(()))
}

/// What is said anew of a user.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    pub name: Option<String>,
    pub department: Option<Option<Id<Department>>>,
}

/// Renames a user, or puts them into another department. Their rows stay where they belong.
///
/// Errors: `user.no_name`, `department.not_found`.
pub fn change_user(cx: &Ctx, tx: &mut Tx, id: Id<User>, change: &UserChange) -> Result<Done<()>> {
    cx.allow("access.user.change")?;
    let mut user = tx.lock(id)?;
    let renamed = change.name.as_deref().map(str::trim).filter(|n| *n != user.name);
    if let Some(name) = renamed {
        if name.is_empty() {
            return Err(Error::invalid("user.no_name", id).with("field", "name"));
        }
        user.name = name.to_owned();
    }
    let was = user.department;
    if let Some(to) = change.department {
        let known = to.map(|id| tx.find(id)).transpose()?;
        if known.is_some_and(|found| found.is_none()) {
            let e = Error::not_found("department.not_found", store::scope::owner(to));
            return Err(e.with("field", "department"));
        }
        user.department = to;
    }
    if renamed.is_none() && was == user.department {
        return Ok(Done::Already);
    }
    let department = user.department;
    let renamed = renamed.is_some();
    tx.update(&[user]);
    if renamed {
        tx.tell(cx.fact(facts::USER_CHANGED).on("user", id.raw(), "changed"));
    }
    if was != department {
        let fact = cx.fact(facts::USER_MOVED).on("user", id.raw(), "moved");
        let fact = fact.on("department", store::scope::owner(department), "into");
        tx.tell(fact.attr("from", store::scope::owner(was)));
    }
    Ok(Done::Now(()))
}

/// Sets how far a role reaches on an entity, whatever its grants say. The caller knows the entity.
pub fn set_reach(
    cx: &Ctx,
    tx: &mut Tx,
    role: Id<Role>,
    entity: &str,
    reach: Reach,
) -> Result<Done<()>> {
    cx.allow("access.role.grant")?;
    refuse_bounds_of_admin(tx, role)?;
    match known_reach(tx, role, entity)? {
        Some(same) if same.reach == reach => return Ok(Done::Already),
        Some(other) => tx.update(&[RoleReach { reach, ..other }]),
        None => tx.insert(&[RoleReach { id: cx.id(), role, entity: entity.to_owned(), reach }]),
    }
    let fact = cx.fact(facts::REACH_SET).on("role", role.raw(), "set");
    tx.tell(fact.attr("entity", entity).attr("reach", reach.name()));
    Ok(Done::Now(()))
}

/// The role reaches as far as its grants say again.
pub fn clear_reach(cx: &Ctx, tx: &mut Tx, role: Id<Role>, entity: &str) -> Result<Done<()>> {
    cx.allow("access.role.grant")?;
    tx.lock(role)?;
    let Some(known) = known_reach(tx, role, entity)? else { return Ok(Done::Already) };
    tx.delete(&[known]);
    let fact = cx.fact(facts::REACH_CLEARED).on("role", role.raw(), "cleared");
    tx.tell(fact.attr("entity", entity));
    Ok(Done::Now(()))
}

fn known_reach(tx: &mut Tx, role: Id<Role>, entity: &str) -> Result<Option<RoleReach>> {
    let key = [role.store(), Stored::text(entity)];
    Ok(tx.list(find!(RoleReach, "role = $2 AND entity = $3"), &key)?.into_iter().next())
}

/// The administrator's role stays unbounded: somebody must be able to set it right again.
fn refuse_bounds_of_admin(tx: &mut Tx, role: Id<Role>) -> Result<()> {
    match tx.lock(role)?.code.as_str() {
        "admin" => Err(Error::conflict("role.admin_is_unbounded", role)),
        _ => Ok(()),
    }
}

/// Sets what a role sees and writes of a field. The caller knows entity and field.
///
/// Errors: `role.admin_is_unbounded`, `role.field_needs_sight`.
pub fn set_field(cx: &Ctx, tx: &mut Tx, wanted: RoleField) -> Result<Done<()>> {
    cx.allow("access.role.grant")?;
    let role = wanted.role;
    refuse_bounds_of_admin(tx, role)?;
    if wanted.writes && wanted.sight != crate::role::Shown::Whole {
        let e = Error::invalid("role.field_needs_sight", &wanted.field);
        return Err(e.with("field", "writes"));
    }
    let (entity, field) = (wanted.entity.clone(), wanted.field.clone());
    let (sight, writes) = (wanted.sight, wanted.writes);
    match known_field(tx, role, &entity, &field)? {
        Some(same) if (same.sight, same.writes) == (sight, writes) => return Ok(Done::Already),
        Some(other) => tx.update(&[RoleField { sight, writes, ..other }]),
        None => tx.insert(&[RoleField { id: cx.id(), ..wanted }]),
    }
    let fact = cx.fact(facts::FIELD_SET).on("role", role.raw(), "set");
    let fact = fact.attr("entity", entity).attr("field", field);
    tx.tell(fact.attr("sight", sight.name()).attr("writes", writes));
    Ok(Done::Now(()))
}

/// The role sees and writes a field as it is declared again.
pub fn clear_field(
    cx: &Ctx,
    tx: &mut Tx,
    role: Id<Role>,
    entity: &str,
    field: &str,
) -> Result<Done<()>> {
    cx.allow("access.role.grant")?;
    tx.lock(role)?;
    let Some(known) = known_field(tx, role, entity, field)? else { return Ok(Done::Already) };
    tx.delete(&[known]);
    let fact = cx.fact(facts::FIELD_CLEARED).on("role", role.raw(), "cleared");
    tx.tell(fact.attr("entity", entity).attr("field", field));
    Ok(Done::Now(()))
}

fn known_field(
    tx: &mut Tx,
    role: Id<Role>,
    entity: &str,
    field: &str,
) -> Result<Option<RoleField>> {
    let key = [role.store(), Stored::text(entity), Stored::text(field)];
    let known = tx.list(find!(RoleField, "role = $2 AND entity = $3 AND field = $4"), &key)?;
    Ok(known.into_iter().next())
}
