//! Verbs of API keys: made and revoked by people, never by a key.
use crate::delegation::{Delegation, NewDelegation};
use crate::key::{ApiKey, MOST, NewKey};
use crate::{facts, key_rows as rows, password, sign_in_rows};
use kernel::{Ctx, Error, Id, Result};
use store::Tx;
use store::scope::{Belongs, intern};

/// What only a person does, signed in as themselves: neither a key nor a stand-in.
///
/// Error: `access.by_person_only`.
pub fn in_person(cx: &Ctx) -> Result<()> {
    if cx.bounds.within.is_some() || cx.acting_for != 0 {
        return Err(Error::forbidden("access.by_person_only", ""));
    }
    Ok(())
}

/// Makes a key of whoever acts; with it its secret, which nobody sees again.
///
/// Errors: `access.by_person_only`, `api_key.too_many`, those of [`NewKey::key`].
pub fn create_key(
    cx: &Ctx,
    tx: &mut Tx,
    new: &NewKey,
    bytes: [u8; 32],
) -> Result<(ApiKey, String)> {
    in_person(cx)?;
    let (key, token) = new.key(cx, bytes)?;
    let held = rows::of_user(tx, key.user_id)?;
    if held.iter().filter(|k| k.is_good(cx.now)).count() >= MOST {
        return Err(Error::conflict("api_key.too_many", MOST).with("limit", MOST));
    }
    tx.insert(std::slice::from_ref(&key));
    let fact = cx.fact(facts::KEY_CREATED).on("user", cx.user, "of");
    let fact = fact.attr("key", key.id).attr("permissions", key.permissions.0.join(" "));
    tx.tell(fact.attr("expires_at", key.expires_at.rfc3339()));
    Ok((key, token))
}

/// Ends a key: one's own, or anyone's with `access.user.revoke`. Twice is once.
///
/// Errors: `store.not_found`, `access.by_person_only`.
pub fn revoke_key(cx: &Ctx, tx: &mut Tx, id: Id<ApiKey>) -> Result<()> {
    in_person(cx)?;
    let key = tx.get(id)?;
    if key.user_id.raw() != cx.user && cx.reach("access.user.revoke").is_none() {
        return Err(Error::not_found("store.not_found", "api_key").with("id", id));
    }
    if rows::revoke(tx, id, cx.now)? {
        let fact = cx.fact(facts::KEY_REVOKED).on("user", key.user_id.raw(), "of");
        tx.tell(fact.attr("key", id));
    }
    Ok(())
}

/// Writes down that a key is in use.
pub fn see_key(cx: &Ctx, tx: &mut Tx, id: Id<ApiKey>) {
    rows::used(tx, id, cx.now);
}

/// Counts a wrong secret of what looks like a key, as wrong passwords are counted.
pub fn refuse_key(cx: &Ctx, tx: &mut Tx, begins: &str) -> Result<()> {
    sign_in_rows::fail(cx, tx, &password::login_hash(begins))?;
    if let Some(key) = rows::by_begin(tx, begins)? {
        let fact = cx.fact(facts::KEY_REFUSED).on("user", key.user_id.raw(), "of");
        tx.tell(fact.attr("key", key.id));
    }
    Ok(())
}

/// Gives one person's work to another for a time: one's own, or anybody's with
/// `access.delegation.manage`.
///
/// Errors: `access.forbidden`, `access.by_person_only`, `user.disabled`, those of
/// [`NewDelegation::check`].
pub fn delegate(cx: &Ctx, tx: &mut Tx, new: &NewDelegation) -> Result<Delegation> {
    in_person(cx)?;
    if new.from_user.raw() != cx.user {
        cx.allow("access.delegation.manage")?;
    }
    let permissions = new.check(cx.now)?;
    let from = tx.get(new.from_user)?;
    for user in [&from, &tx.get(new.to_user)?] {
        if !user.is_active() {
            return Err(Error::conflict("user.disabled", &user.login).with("field", "to_user"));
        }
    }
    let department = store::scope::owner(from.department);
    let (company, owner) = (cx.company, new.from_user.raw());
    let belongs = Belongs { company, owner, department, ..Belongs::default() };
    let delegation = Delegation {
        id: cx.id(),
        version: 1,
        scope_id: intern(cx, tx, belongs)?,
        from_user: new.from_user,
        to_user: new.to_user,
        permissions,
        from_at: new.from_at,
        until_at: new.until_at,
        reason: new.reason.trim().to_owned(),
        given_by: Id::from_raw(cx.user),
        revoked_at: None,
    };
    tx.insert(std::slice::from_ref(&delegation));
    let fact = cx.fact(facts::DELEGATED).on("delegation", delegation.id.raw(), "given");
    let fact = fact.on("user", new.from_user.raw(), "from").on("user", new.to_user.raw(), "to");
    let fact = fact.attr("permissions", delegation.permissions.0.join(" "));
    let fact = fact.attr("from_at", new.from_at.rfc3339());
    tx.tell(fact.attr("until_at", new.until_at.rfc3339()));
    Ok(delegation)
}

/// Takes a delegation back: whoever it is from or who gave it, or with
/// `access.delegation.manage`. Twice is once.
///
/// Errors: `store.not_found`, `access.by_person_only`.
pub fn revoke_delegation(cx: &Ctx, tx: &mut Tx, id: Id<Delegation>) -> Result<Delegation> {
    in_person(cx)?;
    let mut found = tx.lock(id)?;
    let theirs = [found.from_user.raw(), found.given_by.raw()].contains(&cx.user);
    if !theirs && cx.reach("access.delegation.manage").is_none() {
        return Err(Error::not_found("store.not_found", "delegation").with("id", id));
    }
    if found.revoked_at.is_some() {
        return Ok(found);
    }
    found.revoked_at = Some(cx.now);
    tx.update(std::slice::from_ref(&found));
    let fact = cx.fact(facts::DELEGATION_REVOKED).on("delegation", id.raw(), "revoked");
    let fact = fact.on("user", found.from_user.raw(), "from");
    tx.tell(fact.on("user", found.to_user.raw(), "to"));
    found.version += 1;
    Ok(found)
}
